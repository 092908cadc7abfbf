"""The corpus: every odd or hostile workbook of others, through every command, and as a carrier of a plan.

Each must end with exit code 0, 1 or 5 (3 where the plan's order refuses, 4 where ``verify`` finds no ledger),
within 15 s and 1 GiB, with one line on standard error, its bytes unchanged where the code is not 0. And where
a workbook can be read at all, a small plan's sheets are put into it, as somebody might who keeps his plan in
an odd workbook: it settles to the plan's figures, and every other part stays as it was, byte for byte.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tests.campaigns.carrier import NoCarrier, carried, changed_parts
from tests.campaigns.frame import Outcome
from tests.campaigns.started import Ended, start, warm
from tests.corpus import workbooks
from tests.workbook.reading import ENGLISH, openpyxl_book

COMMANDS: dict[str, tuple[str, ...]] = {
    "check": (),
    "advance": ("2026-01",),
    "settle": ("2026Q1",),
    "regenerate": (),
    "verify": (),
    "carry": (),
}
"""Each command's words behind the workbook; ``carry`` settles a plan within it."""
ALLOWED = {0, 1, 5}
ALSO_ALLOWED = {"advance": {3}, "settle": {3}, "verify": {4}}
SECONDS, MEBIBYTES = 15, 1024
BESIDE_THE_POINT = ("unforeseen", "sudden end", "Traceback")
"""Words that an answer to a workbook must not have."""


class Question(NamedTuple):
    """A workbook and what is done with it."""

    path: Path
    command: str


class Questions:
    """Every workbook with every command, in an order of the seed's."""

    def __init__(self, seed: int, folder: Path) -> None:
        """List them; a plain workbook says what the plan comes to."""
        self._all = [Question(path, command) for path in workbooks() for command in COMMANDS]
        Random(seed).shuffle(self._all)
        self.total: int | None = len(self._all)
        self._folder = folder
        plain = str(openpyxl_book(folder / "plain.xlsx", ENGLISH))
        self._figures = _figures(start(["settle", plain, "2026Q1", "--json"], folder))
        warm(["settle", plain, "2026Q2"], ["check", plain], ["regenerate", plain], ["verify", plain])

    def one(self, number: int) -> Outcome:
        """Ask one."""
        asked = self._all[number]
        folder = self._folder / f"{number}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        book = folder / f"book{asked.path.suffix}"
        try:
            shutil.copyfile(asked.path, book)
            names, wrong = self._carry(book) if asked.command == "carry" else _asked(asked.command, book)
        finally:
            shutil.rmtree(folder)
        counted = {f"{asked.command}: {name}": 1 for name in names}
        return Outcome(counted, wrong and f"{asked.path.name}, {asked.command}: {wrong}")

    def _carry(self, book: Path) -> tuple[Sequence[str], str | None]:
        before = book.read_bytes()
        try:
            carried(book, ENGLISH)
        except NoCarrier as reason:
            return [f"no carrier: {reason}"], None
        with_plan = book.read_bytes()
        ended = start(["settle", str(book), "2026Q1", "--json"], book.parent)
        wrong = _wrong_about(ended, {0})
        if wrong:
            return [f"exit {ended.code}"], wrong
        if _figures(ended) != self._figures:
            return ["exit 0"], f"expected {self._figures} ≠ found {_figures(ended)}"
        others = changed_parts(before, with_plan, book.read_bytes())
        if others:
            return ["exit 0"], f"other parts have changed: {others}"
        return ["exit 0", "all other parts unchanged"], None


def _asked(command: str, book: Path) -> tuple[Sequence[str], str | None]:
    """Run a command on a workbook: what it came to, and what is wrong about that."""
    before = book.read_bytes()
    ended = start([command, str(book), *COMMANDS[command]], book.parent)
    beside = {each.name for each in book.parent.iterdir()} - {book.name, "out", "err"}
    wrong = _wrong_about(ended, ALLOWED | ALSO_ALLOWED.get(command, set()))
    if ended.code != 0 and book.read_bytes() != before:
        wrong = wrong or "its bytes have changed"
    if beside:
        wrong = wrong or f"left beside it: {sorted(beside)}"
    lines = ended.err.splitlines()
    usual = len(lines) == (ended.code != 0) + (ended.code != 0 and command == "regenerate")
    if not usual or not all(each.endswith(".") for each in lines):
        wrong = wrong or f"standard error is no line with a remedy: {ended.err[-600:]}"
    return [f"exit {ended.code}"], wrong


def _wrong_about(ended: Ended, allowed: set[int]) -> str | None:
    """Say what no outcome may have."""
    said = f"exit {ended.code}: {ended.err[-600:] or ended.out[-300:]}"
    if ended.code not in allowed or any(each in ended.err for each in BESIDE_THE_POINT):
        return said
    if ended.seconds > SECONDS or ended.mebibytes > MEBIBYTES:
        return f"{ended.seconds:.1f} s, {ended.mebibytes} MiB; {said}"
    return None


def _figures(ended: Ended) -> Any:  # noqa: ANN401 as JSON has them
    return json.loads(ended.out)["salespeople"]


class Corpus:
    """The campaign."""

    title = "Odd and hostile workbooks of others"
    unit = "questions"
    default_count = 100_000

    def prepare(self, seed: int, folder: Path) -> Questions:
        """List the questions."""
        return Questions(seed, folder)


campaign = Corpus()
