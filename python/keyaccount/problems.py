"""Problems: what is wrong in a workbook, where, and what to do about it; and the exceptions.

Texts are English templates with ``{name}`` fields; whoever shows them puts them into the reader's language
(``wording``). A detail that is a word says so: ``SheetName``, ``HeaderName``, ``TierName``, …
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Self

Severity = Literal["error", "warning"]


class SheetName(str):
    """A detail that is a sheet's English name."""

    __slots__ = ()


class HeaderName(str):
    """A detail that is an English column header, of the problem's table."""

    __slots__ = ()


class TierName(str):
    """A detail that is a tier: one of the plan's English words, or a name of the company's own."""

    __slots__ = ()


class MeasureName(str):
    """A detail that is a measure of the maintenance score, one of the plan's English words."""

    __slots__ = ()


class Phrase(str):
    """A detail that is a piece of an English sentence, in the catalogue like the templates."""

    __slots__ = ()


class Listed(str):
    """A detail that is several."""

    __slots__ = ("items",)
    items: tuple[str, ...]

    def __new__(cls, items: Iterable[object]) -> Self:
        """Keep the details one by one, and as the English text."""
        texts = tuple(map(_text, items))
        made = super().__new__(cls, ", ".join(texts))
        made.items = texts
        return made


def N_(template: str) -> str:  # noqa: N802 as gettext's users know it
    """Mark a template that stands apart from where it is used, so that it gets into the catalogue."""
    return template


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about an input: a table's row and column, the value found, the problem and the remedy.

    ``table`` is the English sheet name (``"Sales"``), ``row`` the 1-based sheet row (0: the whole
    sheet), ``column`` the English header (``"Date"``, or ``""``). ``problem`` and ``remedy`` are
    English templates with ``{name}`` fields that ``details`` fills, so that they can be translated.
    """

    severity: Severity
    table: str
    row: int
    column: str
    value: str
    problem: str
    remedy: str
    details: dict[str, str] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()  # tables whose unreadable rows could be the cause

    @property
    def sentence(self) -> str:
        """The problem, its details filled in."""
        return self.problem.format(**self.details)

    @property
    def advice(self) -> str:
        """The remedy, its details filled in."""
        return self.remedy.format(**self.details)


def error(  # noqa: PLR0913 a problem names all of these
    table: str,
    row: int,
    column: str,
    value: object,
    problem: str,
    remedy: str,
    /,
    *,
    rests_on: tuple[str, ...] = (),
    **details: object,
) -> Problem:
    """Make a problem that stops the run (nothing is booked)."""
    texts = _texts(details)
    return Problem("error", table, row, column, _text(value), problem, remedy, texts, rests_on)


def warning(
    table: str, row: int, column: str, value: object, problem: str, remedy: str, /, **details: object
) -> Problem:
    """Make a problem that is listed and does not stop the run."""
    return Problem("warning", table, row, column, _text(value), problem, remedy, _texts(details))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def _texts(details: dict[str, object]) -> dict[str, str]:
    return {name: _text(value) for name, value in details.items()}


class KeyAccountError(Exception):
    """The root of what this program raises; ``exit_code`` is the command line's.

    Made like a problem: English templates of the sentence and of what to do, and the details that fill them.
    """

    exit_code = 5

    def __init__(self, problem: str, remedy: str = "", /, **details: object) -> None:
        """Keep the templates and their details."""
        self.templates = problem, remedy
        self.details = _texts(details)
        self.language: Literal["en", "zh"] | None = None  # that of the workbook, once it has been read
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The English sentence."""
        return self._filled(self.templates[0])

    @property
    def remedy(self) -> str:
        """What to do about it, in English."""
        return self._filled(self.templates[1])

    def _filled(self, template: str) -> str:
        return template.format(**self.details) if self.details else template


class ProblemsFound(KeyAccountError):
    """The workbook holds errors that stand in the way (exit 1)."""

    exit_code = 1


class UsageError(KeyAccountError):
    """A command was used wrongly: a malformed period, or one of the wrong kind (exit 2)."""

    exit_code = 2


class Refused(KeyAccountError):
    """The run is against the plan's order: closed period, wrong order (exit 3)."""

    exit_code = 3


class VerificationFailed(KeyAccountError):
    """The ledger or a result sheet is not what the program wrote (exit 4)."""

    exit_code = 4


class FileProblem(KeyAccountError):
    """The file cannot be read or written (exit 5)."""

    exit_code = 5
