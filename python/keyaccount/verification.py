"""``verify``: is the ledger whole, do its sums agree, and do the result sheets follow from it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from keyaccount import tables
from keyaccount.book import Book, Finding, open_book
from keyaccount.money import to_cell_precision
from keyaccount.proofs import disprove
from keyaccount.translation import Language
from keyaccount.work import look_at_latest
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.formulas import SHARED, formulas_of
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.save import changed_package
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings

_ALL_ROWS = 2**20
UNCALCULATED = "="
"""Stands for a formula that a program saved without its value: it is compared as a formula."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not as the program would write it."""

    sheet: str
    cell: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; with errors among ``problems`` the result sheets could not be checked."""

    findings: tuple[Difference, ...]
    problems: tuple[Finding, ...]
    language: Language

    @property
    def failed(self) -> bool:
        """Whether errors in the inputs stood in the way."""
        return any(problem.severity == "error" for problem in self.problems)


def verify_book(path: Path, language: Language | None = None) -> Verdict:
    """Check the ledger's chain and sums, then every result sheet against a fresh calculation.

    ``language`` is that of the problems' words; ``None``: the workbook's own.
    Raises ``FileProblem`` when the workbook cannot be read; writes nothing.
    """
    with open_book(path) as book:
        return verify(book, language)


def verify(book: Book, language: Language | None = None) -> Verdict:
    """Check an open workbook; ``language`` as in ``verify_book``."""
    findings = [*_ledger_findings(book), *_record_findings(book)]
    company = look_at_latest(book)
    problems = book.findings([*book.read.problems, *book.without_followers(company.problems)], language)
    verdict = Verdict((), tuple(p for p in problems if p.severity == "error"), book.read.language)
    if not verdict.failed:
        changes = book.changes(company, book.ledger, book.run_log(), None)
        if changes:
            with changed_package(book.package, changes) as recalculated:
                findings += differences(book, recalculated)
    return Verdict(tuple(dict.fromkeys(findings)), verdict.problems, verdict.language)


def _ledger_findings(book: Book) -> Iterator[Difference]:
    title = book.read.result_titles.get(tables.LEDGER.name, tables.LEDGER.name)
    letters = {column.en: column_letters(i) for i, column in enumerate(tables.LEDGER.columns, start=1)}
    for disproof in disprove(book.ledger):
        row = book.read.ledger_first_row + disproof.index
        yield Difference(title, f"{letters[disproof.column]}{row}", disproof.expected, disproof.found)


def _record_findings(book: Book) -> Iterator[Difference]:
    """Find a record of the inputs that is not as a run wrote it (§Controls)."""
    if not book.change_log.sound:
        place = book.read.located[tables.SNAPSHOT.name]
        yield Difference(place.title, place.cell(place.header_row + 1, "Content"), *book.change_log.digests)


def differences(book: Book, fresh: Package) -> Iterator[Difference]:
    """Compare every result sheet with a fresh one cell by cell, blank cells included."""
    present = {entry.title: entry for entry in book.package.sheets}
    for entry in fresh.sheets:
        title = entry.title
        if title not in present:
            yield Difference(title, "", title, "")
            continue
        if title not in book.read.result_titles.values():
            continue
        expected, found = _cells(fresh, entry.part), _cells(book.package, present[title].part)
        for place in sorted(expected.keys() | found.keys()):
            if expected.get(place) != found.get(place) != UNCALCULATED:
                row, column = place
                cell = f"{column_letters(column)}{row}"
                yield Difference(title, cell, expected.get(place, ""), found.get(place, ""))
        yield from _formula_differences(fresh, entry, book.package, present[title])


def _formula_differences(
    fresh: Package, entry: SheetEntry, package: Package, present: SheetEntry
) -> Iterator[Difference]:
    """Compare the formulas: one that is missing, new or another, whatever value it shows."""
    expected, found = formulas_of(fresh, entry), formulas_of(package, present)
    for place in sorted(expected.keys() | found.keys()):
        wanted, there = expected.get(place, ""), found.get(place, "")
        if wanted != there and not (wanted and there == SHARED):
            row, column = place
            shown = (f"={formula}" if formula else "" for formula in (wanted, there))
            yield Difference(entry.title, f"{column_letters(column)}{row}", *shown)


def _cells(package: Package, part: str) -> dict[tuple[int, int], str]:
    """Give a sheet's cells that are not blank as text, numbers in one form."""
    decoder = Decoder(shared_strings(package), dated_styles(package))
    cells: dict[tuple[int, int], str] = {}
    for row in SheetXml(package, part).head(_ALL_ROWS):
        for column, (tag, content) in row.cells.items():
            cell = decoder.cell(tag, content)
            if cell is not None:
                cells[row.number, column] = _plain(cell)
    return cells


def _plain(cell: Cell) -> str:
    if cell.kind == "formula":
        return UNCALCULATED
    if cell.kind != "number":
        return cell.text
    try:
        return format(to_cell_precision(Decimal(cell.text)), "f")
    except InvalidOperation:
        return cell.text
