"""Every cell of every locked result sheet and of the ledger, changed one at a time: ``verify`` must name it.

The demo is settled through its year end, in both languages. A cell gets another value, is emptied, gets the
same content as another type, and becomes a formula with the value that it showed (a formula becomes that
value); a blank one gets a value. The first rows, which tell sheets apart, are judged by the whole of
``verify``. Below them a kept row (Ledger, Run Log, Input Snapshot) is judged by the proofs in the workbook, a
calculated one by its comparison: the same functions, on the one sheet that can have changed.
"""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from keyaccount import tables
from keyaccount.book import Book, Stamp, open_book
from keyaccount.commands import run_book
from keyaccount.demo import demo_rows
from keyaccount.evidence import Evidence
from keyaccount.ledger_rows import ledger_entry
from keyaccount.periods import Period
from keyaccount.translation import Language
from keyaccount.verification import (
    Difference,
    Sheet,
    decoder_of,
    proved,
    proved_rows,
    sheet_differences,
    verify,
)
from keyaccount.work import look_at_latest
from keyaccount.workbook.changelog import ChangeLog
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.members import member_key
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Decoder
from keyaccount.workbook.reader import _BOOKED, _Reading
from keyaccount.workbook.sheetentries import SheetEntry
from tests.campaigns.frame import Outcome
from tests.workbook.demo_books import YEAR, Run, year_of_runs

HEAD_ROWS = 5
"""By what stands in these rows a sheet is told to be a result sheet."""
STRIDE = 7919
"""Numbers walk through the changes in steps of this prime, so that a short campaign meets all sheets."""
_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f>.*?</f>", re.DOTALL)
_TEXT = re.compile(r"<(?:v|t)(?: [^>]*)?>(.*?)</(?:v|t)>", re.DOTALL)
_TYPE = re.compile(r' t="([^"]*)"')
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")


class Place(NamedTuple):
    """A cell to change: in which workbook, where, and what its part says of it."""

    language: Language
    sheet: str
    part: str
    row: int
    cell: str
    attributes: str
    content: str
    start: int
    end: int


class Change(NamedTuple):
    """What a cell is changed to."""

    kind: str
    place: Place
    attributes: str
    content: str

    def within(self, text: str) -> str:
        """Give the sheet's part with the change."""
        place = self.place
        cell = f'<c r="{place.cell}"{self.attributes}>{self.content}</c>'
        return text[: place.start] + cell + text[place.end :]


class OnePartChanged(Package):
    """A package in which one part is another."""

    def __init__(self, package: Package, part: str, data: bytes) -> None:
        """Take everything else from the package."""
        vars(self).update(vars(package))
        self._changed, self._new = member_key(part), data

    def stream(self, part: str, chunk_bytes: int = 1 << 20) -> Iterator[bytes]:
        """Give a part's bytes."""
        if member_key(part) != self._changed:
            yield from super().stream(part, chunk_bytes)
            return
        for at in range(0, len(self._new), chunk_bytes):
            yield self._new[at : at + chunk_bytes]

    def size(self, part: str) -> int:
        """Give how many bytes a part has."""
        return len(self._new) if member_key(part) == self._changed else super().size(part)


@dataclass
class Settled:
    """One workbook, settled; what each of its sheets has to be, and the texts of their parts."""

    book: Book
    decoder: Decoder
    entries: dict[str, SheetEntry]
    texts: dict[str, str]
    rows: dict[str, dict[int, Sheet]] = field(default_factory=dict)
    first_kept: dict[str, int] = field(default_factory=dict)

    def found(self, change: Change) -> list[Difference]:
        """Give what verify finds once a cell is changed."""
        place = change.place
        text = change.within(self.texts[place.sheet])
        if place.row <= HEAD_ROWS:
            return [*verify(Book(OnePartChanged(self.book.package, place.part, text.encode()))).findings]
        start, end = text.rindex("<row ", 0, place.start), text.index("</row>", place.start)
        head, foot = text[: text.index("<sheetData>") + 11], text[text.index("</sheetData>") :]
        row = f"{head}{text[start : end + 6]}{foot}".encode()
        package = OnePartChanged(self.book.package, place.part, row)
        compared = Sheet.of(package, self.entries[place.sheet], self.decoder)
        expected = self.rows[place.sheet].get(place.row, Sheet(place.sheet, {}, {}))
        first = self.first_kept.get(place.sheet, 2**20 + 1)
        told = [*sheet_differences(expected, compared, first)]
        kept = {self.book.read.result_titles[sheet.name]: sheet.name for sheet, _ in _BOOKED}
        if place.sheet not in kept:
            return told
        evidence = self._evidence(kept[place.sheet], place, text)
        whole = None if tables.LEDGER.name in unreadable(evidence) else evidence.examined.whole
        assert whole is None or list(whole) == self.book.ledger, "what is proved is what was booked"
        return [*proved(evidence), *(told if whole is not None else ())]

    def _evidence(self, name: str, place: Place, text: str) -> Evidence:
        """Read one kept sheet again, and look at what the workbook proves."""
        package = OnePartChanged(self.book.package, place.part, text.encode())
        reading = copy.copy(self._reading)
        reading._package, reading._heads, reading._problems = package, {}, []
        result, severity = next(each for each in _BOOKED if each[0].name == name)
        booked = reading._booked(result, self.entries[place.sheet], severity)
        book = copy.copy(self.book)
        field_of = {"Ledger": "ledger_rows", "Run Log": "run_log_rows", "Input Snapshot": "snapshot_rows"}
        others = [problem for problem in self.book.read.problems if problem.table != name]
        read: dict[str, Any] = {field_of[name]: booked.rows, "problems": [*others, *booked.problems]}
        book.package, book.read = package, replace(self.book.read, **read)
        book.ledger = [ledger_entry(row) for row in book.read.ledger_rows]
        book.change_log = ChangeLog(tuple(book.read.snapshot_rows))
        return Evidence(book, place.language)

    @property
    def _reading(self) -> _Reading:
        made: _Reading | None = getattr(self, "_read_with", None)
        if made is None:
            made = self._read_with = _Reading(self.book.package)
        return made


def unreadable(evidence: Evidence) -> set[str]:
    """Name the kept sheets that hold what no run could have written."""
    return {problem.table for problem in evidence._book.read.problems if problem.severity == "error"}


class Cells:
    """Every change to every cell."""

    def __init__(self, folder: Path, languages: tuple[Language, ...], runs: list[Run]) -> None:
        """Make the workbooks, and list the changes: one of each cell first, then the others."""
        self.books = {each: settled(folder / f"{each}.xlsx", each, runs) for each in languages}
        places = [place for language, book in self.books.items() for place in _places(language, book)]
        by_turn: dict[int, list[Change]] = defaultdict(list)
        for place in places:
            for turn, change in enumerate(_changes(place)):
                by_turn[turn].append(change)
        self.cells = len(places)
        self.changes = [change for turn in sorted(by_turn) for change in by_turn[turn]]

    @property
    def total(self) -> int:
        """How many changes there are."""
        return len(self.changes)

    def change(self, number: int) -> Change:
        """Give the change of a number: each cell's first one, from all sheets in turn, then the others."""
        start, end = (0, self.cells) if number < self.cells else (self.cells, self.total)
        return self.changes[start + (number - start) * STRIDE % (end - start)]

    def one(self, number: int) -> Outcome:
        """Make a change; verify must find it and name its cell."""
        change = self.change(number)
        place = change.place
        found = self.books[place.language].found(change)
        counted = {f"{change.kind} ({place.language})": 1, f"cells ({place.language})": change.kind in FIRST}
        if any((each.sheet, each.cell) == (place.sheet, place.cell) for each in found):
            return Outcome(counted)
        said = f"{place.sheet}!{place.cell} ({place.language}, {change.kind}): {change.content}"
        return Outcome(counted, f"{said}\nis not among what verify finds: {found[:5]}")


FIRST = ("value", "filled")
"""The kinds of change of which each cell gets exactly one."""


def settled(path: Path, language: Language, runs: list[Run]) -> Settled:
    """Settle the demo, and read what each sheet has to be."""
    path.unlink(missing_ok=True)  # of a call before this one
    create_workbook(path, language, YEAR, demo_rows(YEAR, language))
    for command, period in runs:
        run_book(path, command, Period.parse(period), Stamp("2027-01-31T08:00:00Z", "accountant", "PC-1"))
    with open_book(path) as opened, opened.package.content() as content:
        book = Book(Package.of_bytes(content.read(), path.name))
    changes = book.changes(look_at_latest(book), book.ledger, book.run_log(), None)
    assert changes == {}, "what is settled is as verify expects it"
    own = set(book.read.result_titles.values())
    entries = {entry.title: entry for entry in book.package.sheets if entry.title in own}
    texts = {title: book.package.read(entry.part).decode() for title, entry in entries.items()}
    decoder = decoder_of(book.package)
    rows = {title: _by_row(Sheet.of(book.package, entry, decoder)) for title, entry in entries.items()}
    return Settled(book, decoder, entries, texts, rows, proved_rows(book))


def _by_row(sheet: Sheet) -> dict[int, Sheet]:
    """Cut what a sheet has to be into rows."""
    numbers = {row for row, _ in (*sheet.cells, *sheet.formulas)}
    return {
        number: Sheet(
            sheet.title,
            {place: shape for place, shape in sheet.cells.items() if place[0] == number},
            {place: formula for place, formula in sheet.formulas.items() if place[0] == number},
        )
        for number in numbers
    }


def _places(language: Language, book: Settled) -> Iterator[Place]:
    """Give the sheets' cells, those too that stand there blank."""
    for title, entry in book.entries.items():
        for each in _CELL.finditer(book.texts[title]):
            row, cell, content = int(each[2]), f"{each[1]}{each[2]}", each[4] or ""
            yield Place(language, title, entry.part, row, cell, each[3], content, each.start(), each.end())


def _changes(place: Place) -> Iterator[Change]:
    plain = _TYPE.sub("", place.attributes)
    text, formula = _TEXT.search(place.content), _FORMULA.search(place.content)
    if text is None:
        yield Change("filled", place, f'{plain} t="inlineStr"', "<is><t>x</t></is>")
        yield Change("filled with a number", place, plain, "<v>1</v>")
        return
    value, kind = text[1], _TYPE.search(place.attributes)
    yield _with_value(place, plain, _other(value) if kind else _more(value), number=kind is None)
    yield Change("emptied", place, plain, "")
    if kind is None:
        yield Change("type", place, f'{plain} t="inlineStr"', f"<is><t>{value}</t></is>")
    elif _NUMBER.fullmatch(value):
        yield Change("type", place, plain, f"<v>{value}</v>")
    else:
        yield Change("type", place, f'{plain} t="b"', "<v>1</v>")
    shown = f"<v>{value}</v>"
    if formula is None:
        yield Change("formula", place, plain if kind is None else f'{plain} t="str"', f"<f>A1</f>{shown}")
    else:
        yield Change("formula", place, place.attributes, place.content.replace("</f>", "+0</f>"))
        yield Change("formula made a value", place, place.attributes, shown)


def _with_value(place: Place, plain: str, value: str, *, number: bool) -> Change:
    formula = _FORMULA.search(place.content)
    shown = f"{formula[0] if formula else ''}<v>{value}</v>"
    return Change("value", place, plain if number else f'{plain} t="str"', shown)


def _other(text: str) -> str:
    """Give another text as long: its last digit or letter changed, else one more."""
    last = text[-1:]
    if last.isascii() and last.isdecimal():
        return f"{text[:-1]}{(int(last) + 1) % 10}"
    return f"{text[:-1]}{'b' if last == 'a' else 'a'}" if last.isascii() and last.isalpha() else f"{text}x"


def _more(number: str) -> str:
    """Give the number with one more at its last digit."""
    whole, point, decimals = number.partition(".")
    return f"{whole}{point}{_other(decimals)}" if point else _other(number)


class _Campaign(NamedTuple):
    title: str = "Cells of result sheets and ledger changed one at a time, each to be named by verify"
    unit: str = "changes"
    default_count: int = 1_000_000  # all there are
    languages: tuple[Language, ...] = ("en", "zh")
    runs: tuple[Run, ...] = tuple(year_of_runs())

    def prepare(self, seed: int, folder: Path) -> Cells:
        """Settle the demo in both languages; every change is tried, so that no seed is needed."""
        del seed
        return Cells(folder, self.languages, [*self.runs])


campaign = _Campaign()
