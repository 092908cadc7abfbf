"""Every cell of every locked result sheet and of the ledger, changed one at a time: ``verify`` must name it.

The demo is settled through its year end, in both languages. A cell gets another value, is emptied, gets the same
content as another type, and becomes a formula with the value that it showed (a formula becomes that value); blank
cells inside a sheet get a value. A cell that is only compared is judged by the comparison that ``verify`` makes of
its sheet; one by which a sheet is found or a chain is kept, by the whole of ``verify``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from keyaccount import tables
from keyaccount.book import Book, Stamp, open_book
from keyaccount.commands import run_book
from keyaccount.demo import demo_rows
from keyaccount.periods import Period
from keyaccount.tables import RESULT_SHEETS
from keyaccount.translation import Language
from keyaccount.verification import Difference, Sheet, sheet_differences, verify
from keyaccount.work import look_at_latest
from keyaccount.workbook.cells import letters
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package, SheetEntry
from keyaccount.workbook.save import changed_package
from tests.campaigns.frame import Outcome
from tests.workbook.demo_books import YEAR, year_of_runs

LANGUAGES: tuple[Language, ...] = ("en", "zh")
HEAD_ROWS = 5
"""By what stands in these rows a sheet is told to be a result sheet."""
KEPT = (tables.LEDGER, tables.RUN_LOG, tables.SNAPSHOT)
"""Sheets whose rows are kept, not calculated."""
_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f>.*?</f>", re.DOTALL)
_VALUE = re.compile(r"<v>(.*?)</v>", re.DOTALL)
_TEXT = re.compile(r"<t(?: [^>]*)?>(.*?)</t>", re.DOTALL)
_TYPE = re.compile(r' t="[^"]*"')


class Place(NamedTuple):
    """A cell to change: in which workbook, where, and what its part says of it."""

    language: Language
    sheet: str
    part: str
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


@dataclass
class Settled:
    """One workbook, settled; what each of its sheets has to be, and the texts of their parts."""

    book: Book
    expected: dict[str, Sheet]
    kept: frozenset[str]
    texts: dict[str, str]

    def found(self, change: Change) -> list[Difference]:
        """Give what verify finds once a cell is changed."""
        place = change.place
        text = self.texts[place.part]
        cell = f'<c r="{place.cell}"{change.attributes}>{change.content}</c>'
        data = (text[: place.start] + cell + text[place.end :]).encode()
        with changed_package(self.book.package, {place.part: data}) as changed:
            row = int(place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            if place.sheet in self.kept or row <= HEAD_ROWS:
                return [*verify(Book(changed)).findings]
            entry = next(each for each in changed.sheets if each.title == place.sheet)
            return [*sheet_differences(self.expected[place.sheet], Sheet.of(changed, entry))]


class Cells:
    """Every change to every cell."""

    def __init__(self, folder: Path) -> None:
        """Make both workbooks, and list the changes: one of each cell first, then the others."""
        self.books = {language: settled(folder / f"{language}.xlsx", language) for language in LANGUAGES}
        places = [place for language, book in self.books.items() for place in _places(language, book)]
        by_kind: dict[int, list[Change]] = defaultdict(list)
        for place in places:
            for turn, change in enumerate(_changes(place)):
                by_kind[turn].append(change)
        self.cells = len(places)
        self.changes = [change for turn in sorted(by_kind) for change in by_kind[turn]]

    @property
    def total(self) -> int:
        """How many changes there are."""
        return len(self.changes)

    def one(self, number: int) -> Outcome:
        """Make a change; verify must find it and name its cell."""
        change = self.changes[number * _STRIDE % self.total if self.total % _STRIDE else number]
        place = change.place
        found = self.books[place.language].found(change)
        counted = {f"{change.kind} ({place.language})": 1}
        if any((each.sheet, each.cell) == (place.sheet, place.cell) for each in found):
            return Outcome(counted)
        said = f"{place.sheet}!{place.cell} ({place.language}, {change.kind}): {change.attributes} {change.content}"
        return Outcome(counted, f"{said}\nis not among what verify finds: {found[:5]}")


_STRIDE = 7919
"""Numbers walk through the changes in steps of this prime, so that a short campaign meets all sheets."""


def settled(path: Path, language: Language) -> Settled:
    """Settle the demo's year through its year end, and calculate what each sheet has to be."""
    create_workbook(path, language, YEAR, demo_rows(YEAR, language))
    for command, period in year_of_runs():
        run_book(path, command, Period.parse(period), Stamp("2027-01-31T08:00:00Z", "accountant", "PC-1"))
    with open_book(path) as opened, opened.package.content() as content:
        book = Book(Package.of_bytes(content.read(), path.name))
    changes = book.changes(look_at_latest(book), book.ledger, book.run_log(), None)
    assert changes == {}, "what is settled is as verify expects it"
    own = {title: name for name, title in book.read.result_titles.items()}
    entries = [entry for entry in book.package.sheets if entry.title in own]
    assert len(entries) == len(RESULT_SHEETS)
    expected = {entry.title: Sheet.of(book.package, entry) for entry in entries}
    kept = frozenset(book.read.result_titles[sheet.name] for sheet in KEPT)
    texts = {entry.part: book.package.read(entry.part).decode() for entry in entries}
    return Settled(book, expected, kept, texts)


def _places(language: Language, settled: Settled) -> Iterator[Place]:
    for entry in settled.book.package.sheets:
        if entry.title in settled.expected:
            yield from _of_sheet(language, entry, settled.texts[entry.part])


def _of_sheet(language: Language, entry: SheetEntry, text: str) -> Iterator[Place]:
    """Give a sheet's cells, those too that stand there blank."""
    for each in _CELL.finditer(text):
        cell, attributes, content = f"{each[1]}{each[2]}", each[3], each[4] or ""
        yield Place(language, entry.title, entry.part, cell, attributes, content, each.start(), each.end())


def _changes(place: Place) -> Iterator[Change]:
    plain = _TYPE.sub("", place.attributes)
    formula, value, text = (pattern.search(place.content) for pattern in (_FORMULA, _VALUE, _TEXT))
    if not place.content:
        yield Change("filled", place, f'{plain} t="inlineStr"', "<is><t>x</t></is>")
        yield Change("filled with a number", place, plain, "<v>1</v>")
        return
    if text is not None and value is None:
        yield Change("value", place, place.attributes, f"<is><t>{_other(text[1])}</t></is>")
        yield Change("emptied", place, plain, "")
        yield Change("formula", place, f'{plain} t="str"', f"<f>A1</f><v>{text[1]}</v>")
        if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]+)?", text[1]):
            yield Change("type", place, plain, f"<v>{text[1]}</v>")
        else:
            yield Change("type", place, f'{plain} t="b"', "<v>1</v>")
        return
    assert value is not None, place
    if formula is not None:
        yield Change("formula", place, place.attributes, place.content.replace("</f>", "+0</f>"))
        yield Change("formula made a value", place, place.attributes, f"<v>{value[1]}</v>")
    number = ' t="' not in place.attributes
    changed = f"<v>{_more(value[1]) if number else _other(value[1])}</v>"
    yield Change("value", place, place.attributes, changed)
    yield Change("emptied", place, plain, "")
    yield Change("type", place, f'{plain} t="inlineStr"', f"<is><t>{value[1]}</t></is>")
    if formula is None:
        yield Change("formula", place, place.attributes, f"<f>{value[1]}+0</f><v>{value[1]}</v>")


def _other(text: str) -> str:
    """Give another text as long: its last digit or letter changed, else one more."""
    last = text[-1:]
    if last.isdecimal() and last.isascii():
        return f"{text[:-1]}{(int(last) + 1) % 10}"
    return f"{text[:-1]}{'b' if last == 'a' else 'a'}" if last.isascii() and last.isalpha() else f"{text}x"


def _more(number: str) -> str:
    """Give the number with one more at its last digit."""
    whole, point, decimals = number.partition(".")
    return f"{whole}{point}{_other(decimals)}" if point else _other(number)


class _Campaign(NamedTuple):
    title: str = "Single cells of result sheets and ledger changed, each to be named by verify"
    unit: str = "changed cells"
    default_count: int = 1_000_000

    def prepare(self, seed: int, folder: Path) -> Cells:
        """Settle the demo in both languages; every change is tried, so that no seed is needed."""
        del seed
        return Cells(folder)


campaign = _Campaign()
