"""What a variant may end in: exit code, bytes, words, and above all the money."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from keyaccount.money import yuan
from tests import reference
from tests.campaigns.fuzzing import judge_reader
from tests.campaigns.fuzzing.books import Base
from tests.campaigns.fuzzing.rows import Rows, inputs

Figures = tuple[tuple[str, ...], ...]
Meaning = Literal["same", "edited", "error", "open"]
SHOWN = ("net_sales", "commission", "paid", "withheld", "carried")
DONE, PROBLEMS, REFUSED, UNREADABLE = 0, 1, 3, 5


@dataclass(frozen=True)
class Variant:
    """A mutated workbook and what its mutator knows about it.

    ``same``: written otherwise, and means the same: the same figures, and no error (unless ``or_error``).
    ``edited``: means ``rows``: their figures, or an error where the reference has one (``or_error``: any).
    ``error``: must be an error.
    ``open``: the mutator does not know; the second reader judges.
    """

    data: bytes
    what: str
    meaning: Meaning = "open"
    rows: Rows | None = None
    or_error: bool = False
    counts: dict[str, int] = field(default_factory=dict)


class Ran(NamedTuple):
    """What a command came to."""

    command: str
    code: int
    out: str
    err: str
    after: bytes


class Expected(NamedTuple):
    """What the reference says of rows: figures, or why there are none."""

    figures: Figures
    why: str


def judge(base: Base, variant: Variant, ran: Ran) -> tuple[Counter[str], str | None]:
    """Say what is wrong about an outcome, None: nothing; and count what was judged."""
    wrong = _broken(variant, ran)
    if wrong:
        return Counter(), wrong
    if ran.code != DONE:
        counted = Counter({f"exit {ran.code}": 1})
        if variant.meaning == "same" and not variant.or_error:
            return counted, "it means the same and was not taken"
        rows = None if variant.or_error else variant.rows
        if rows is not None and not expected(base, rows).why:
            return counted, "not taken, and the plan's reference finds nothing wrong"
        return counted, None
    counted = Counter({"exit 0": 1})
    if ran.command == "check":
        return counted, "what must be an error was not seen" if variant.meaning == "error" else None
    return _money(base, variant, ran, counted)


def _broken(variant: Variant, ran: Ran) -> str | None:
    """Say what no outcome may have."""
    if "Traceback" in ran.err:
        return "an exception that nobody caught"
    if ran.code not in {DONE, PROBLEMS, REFUSED, UNREADABLE}:
        return f"exit code {ran.code}"
    if (ran.code != DONE or "run" not in ran.command) and ran.after != variant.data:
        return "the workbook's bytes changed"
    if ran.code == PROBLEMS:
        problems = json.loads(ran.out)["problems"]
        errors = [each for each in problems if each["severity"] == "error"]
        if not errors or not all(each["sheet"] and each["problem"] and each["remedy"] for each in errors):
            return "exit 1 without an error that names its sheet and a remedy"
    if ran.code != DONE and not ran.err.strip():
        return "nothing on standard error says what to do"
    return None


def _money(base: Base, variant: Variant, ran: Ran, counted: Counter[str]) -> tuple[Counter[str], str | None]:
    """Compare the figures with the reference's, over the rows that are known or read a second time."""
    shown = figures_of(ran.out)
    if variant.meaning == "error":
        return counted, "what must be an error was not seen"
    rows = base.rows if variant.meaning == "same" else variant.rows
    if rows is None:
        try:
            judged = judge_reader.read(variant.data)
        except judge_reader.Unsure as reason:
            usual = shown == expected(base, base.rows).figures
            counted["taken, not judged, the usual figures" if usual else "taken, not judged"] += 1
            if not usual:
                counted[f"not judged: {str(reason)[:40]}"] += 1
            return counted, None
        rows = judged.rows
        if base.ledger and judged.ledger != _ledger_of(base):
            return counted, "a ledger that was edited was taken"
    counted["figures compared"] += 1
    counted["figures changed"] += shown != expected(base, base.rows).figures
    wanted = expected(base, rows)
    if wanted.why:
        return counted, f"taken, but the plan's reference says: {wanted.why}"
    if variant.meaning == "edited" and wanted.figures != expected(base, base.rows).figures:
        counted["edited, and the figures say so"] += shown == wanted.figures
    if shown != wanted.figures:
        return counted, f"expected {_told(wanted.figures)} ≠ found {_told(shown)}"
    return counted, None


def _told(figures: Figures) -> str:
    return "; ".join(" ".join(each) for each in figures)


def figures_of(out: str) -> Figures:
    """Give a run's figures, as printed."""
    people = json.loads(out)["salespeople"]
    return tuple((each["salesperson_id"], *(each[name] for name in SHOWN)) for each in people)


def expected(base: Base, rows: Rows) -> Expected:
    """Give what the slow reference says."""
    if rows is base.rows:
        return _usual(base.name, _Unhashed(base))
    return _reference(base, rows)


class _Unhashed:
    """Carries what a cache does not look at."""

    def __init__(self, base: Base) -> None:
        self.base = base

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Unhashed)


@lru_cache(maxsize=8)
def _usual(_name: str, carried: _Unhashed) -> Expected:
    return _reference(carried.base, carried.base.rows)


@lru_cache(maxsize=8)
def _usual_ledger(_name: str, carried: _Unhashed) -> tuple[tuple[str, ...], ...]:
    from tests.campaigns.fuzzing.packing import of_parts, pack

    read = judge_reader.read(pack(of_parts(carried.base.parts))).ledger or []
    return tuple(map(tuple, read))


def _ledger_of(base: Base) -> list[list[str]]:
    return [list(row) for row in _usual_ledger(base.name, _Unhashed(base))]


def _reference(base: Base, rows: Rows) -> Expected:
    try:
        result = reference.run(inputs(rows), list(base.ledger), *base.run)
    except (TypeError, KeyError, AttributeError, OverflowError) as reason:  # a blank where none may be
        return Expected((), f"{type(reason).__name__}: {reason}")
    why = "; ".join(sorted(result.errors)) or result.refused or ""
    return Expected(tuple(_line(each) for each in result.figures), why)


def _line(figures: dict[str, Any]) -> tuple[str, ...]:
    return (figures["salesperson_id"], *(yuan(figures[name]) for name in SHOWN))
