"""How tables look in the terminal: one look for all commands; and the line that says what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol

from keyaccount.money import yuan_grouped
from keyaccount.problems import N_
from keyaccount.translation import Language, environment_language, localised

if TYPE_CHECKING:
    import argparse

    from rich.console import Console
    from rich.table import Table

DONE, PROBLEMS, USAGE, REFUSED, UNVERIFIED, UNREADABLE = range(6)
"""The exit codes."""
PRECEDENCE = (USAGE, UNREADABLE, PROBLEMS, REFUSED, UNVERIFIED)
"""Where several exit codes apply, the first of these counts."""
_WIDTH_ELSEWHERE = 160
_SIGNS = {
    **{number: chr(0x2400 + number) for number in range(0x20) if chr(number) not in "\t\n"},
    0x7F: "␡",
    **dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "�"),
}
"""Signs for control characters, those among them that turn the direction of a line."""


Heading = tuple[str, Literal["left", "right"]]
"""A column's heading, and the side on which its values stand."""


def console() -> Console:
    """Give the console: as wide as the terminal, and wide enough where the output goes elsewhere."""
    width = None if sys.stdout.isatty() else _WIDTH_ELSEWHERE
    return _harmless_console()(width=width, highlight=False, soft_wrap=False)


@cache
def _harmless_console() -> type[Console]:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Harmless(Console):
        """Shows control characters as signs: text from a workbook must not command the terminal."""

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            """Give the pieces of what is to be printed."""
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else harmless(text), style, control)

    return Harmless


def harmless(text: str) -> str:
    """Show control characters but line ends as signs (␛): who fills in a cell commands no terminal."""
    return text if text.isprintable() else text.translate(_SIGNS)


def table(title: str, columns: Sequence[Heading]) -> Table:
    """Give an empty table with these headings and sides."""
    from rich import box
    from rich.table import Table

    made = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for heading, side in columns:
        made.add_column(heading, justify=side, overflow="fold", no_wrap=side == "right")
    return made


def amount(fen: int) -> str:
    """Write an amount, red where it is negative."""
    return f"[red]{yuan_grouped(fen)}[/red]" if fen < 0 else yuan_grouped(fen)


def say_why(line: str) -> None:
    """Say on standard error, in one line, what to do."""
    line = harmless(line).replace("\n", "␊")
    print(f"keyaccount: {line}", file=sys.stderr)  # noqa: T201 the one line of an error


def spoken(options: argparse.Namespace, workbooks: Language | None = None) -> Language:
    """Give the language to speak: ``--lang``, else the workbook's, else the environment's."""
    language: Language = options.lang or workbooks or environment_language()
    return language


class Looked(Protocol):
    """What a command came to on a workbook: whether errors stood in the way; the workbook's language."""

    @property
    def failed(self) -> bool:
        """Whether errors stood in the way (exit 1)."""

    @property
    def language(self) -> Language:
        """The workbook's language."""


def ended(found: Looked, options: argparse.Namespace) -> int:
    """Give the exit code of a command on one workbook; where errors stood in the way, say so in a line."""
    if not found.failed:
        return DONE
    said = N_("{file} has problems; correct the cells that are listed and run again.")
    say_why(localised(said, spoken(options, found.language), file=options.book.name))
    return PROBLEMS
