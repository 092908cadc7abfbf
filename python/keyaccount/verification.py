"""``verify``: is the ledger whole, do its sums agree, who signed it, do the result sheets follow from it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple

from keyaccount import tables
from keyaccount.book import Book, Finding, open_book
from keyaccount.company import Company
from keyaccount.evidence import Evidence, Note
from keyaccount.ledger import Entry
from keyaccount.logged import Difference, RunSeal
from keyaccount.money import to_cell_precision
from keyaccount.problems import N_, UsageError
from keyaccount.seals import results_digest
from keyaccount.signing import trusted
from keyaccount.translation import Language
from keyaccount.work import look_at_latest
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.formulas import SHARED, formulas_of
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Cell, Decoder, Kind
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.save import changed_package
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings

__all__ = ["Difference", "RunSeal", "Verdict", "Wanted", "differences", "verify", "verify_book"]

_ALL_ROWS = 2**20
LEAST_DIGITS, MOST_DIGITS = 12, 64
"""How many digits of a chain head are printed on documents, and how many there are."""
_NOT_COMPARED = N_("The result sheets were not compared: they follow from the ledger. Restore it first.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What else is asked for: the keys that must have signed (fingerprints), a chain head kept elsewhere."""

    keys: frozenset[str] = frozenset()
    head: str = ""

    @classmethod
    def of(cls, keys: Sequence[str] = (), head: str = "") -> Wanted:
        """Take what was given; raises ``UsageError`` for a head or key that is none."""
        digits = head.strip().lower()
        fits = LEAST_DIGITS <= len(digits) <= MOST_DIGITS
        if head and not (fits and all(each in "0123456789abcdef" for each in digits)):
            raise UsageError(
                "{head} is no chain head.",
                "Give the ledger digest from a statement or settlement (12 digits), or all 64 digits.",
                head=head,
            )
        return cls(trusted(keys), digits)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found; with errors among ``problems`` the result sheets could not be checked.

    ``head``: the ledger's last entry; ``seals``: how each run is signed; ``kept``: the entry at which the
    head stood that was kept elsewhere; ``notes``: what else is worth knowing.
    """

    findings: tuple[Difference, ...]
    problems: tuple[Finding, ...]
    language: Language
    head: Entry | None = None
    seals: tuple[RunSeal, ...] = ()
    kept: Entry | None = None
    notes: tuple[Note, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether errors in the inputs stood in the way."""
        return any(problem.severity == "error" for problem in self.problems)


def verify_book(path: Path, language: Language | None = None, wanted: Wanted | None = None) -> Verdict:
    """Check the ledger's chain and sums, then every result sheet against a fresh calculation.

    ``language`` is that of the words; ``None``: the workbook's own.
    Raises ``FileProblem`` when the workbook cannot be read; writes nothing.
    """
    with open_book(path) as book:
        return verify(book, language, wanted)


def verify(book: Book, language: Language | None = None, wanted: Wanted | None = None) -> Verdict:
    """Check an open workbook; ``language`` as in ``verify_book``."""
    asked = wanted or Wanted()
    evidence = Evidence(book, language or book.read.language)
    findings = [*proved(evidence), *(evidence.log.untrusted(asked.keys) if asked.keys else ())]
    kept = evidence.kept_head(asked.head) if asked.head else None
    if asked.head and kept is None:
        findings.append(evidence.other_head(asked.head))
    problems, notes = _compared(book, evidence, findings, language)
    return Verdict(
        tuple(dict.fromkeys(findings)),
        problems,
        book.read.language,
        book.ledger[-1] if book.ledger else None,
        evidence.log.seals,
        kept,
        notes,
    )


def proved(evidence: Evidence) -> Iterator[Difference]:
    """Give what the workbook itself proves to be changed: ledger, Run Log, record of inputs, properties."""
    yield from evidence.unreadable
    yield from evidence.ledger()
    yield from evidence.log.altered()
    yield from evidence.record()
    yield from evidence.properties()


def _compared(
    book: Book, evidence: Evidence, findings: list[Difference], language: Language | None
) -> tuple[tuple[Finding, ...], tuple[Note, ...]]:
    """Compare the result sheets with fresh ones, where the ledger is known; gives errors and notes.

    A workbook in which nothing was run yet has none; a Problems sheet alone tells of a run that was stopped.
    """
    if not book.ledger and not book.read.result_titles.keys() - {tables.PROBLEMS.name}:
        return _errors(book, look_at_latest(book), language), ()
    if tables.LEDGER.name in book.unreadable or evidence.examined.whole is None:
        company = look_at_latest(book, ())
        return _errors(book, company, language), (Note(_NOT_COMPARED),)
    company = look_at_latest(book, evidence.booked)
    problems = _errors(book, company, language)
    if problems:
        return problems, ()
    shown = book.shown(company, evidence.booked, book.run_log(), None)
    if changes := book.written(shown, None):
        named = {(each.sheet, each.cell) for each in findings}
        with changed_package(book.package, changes) as fresh:
            found = differences(book, fresh, proved_rows(book))
            findings += [each for each in found if (each.sheet, each.cell) not in named]
    return (), tuple(evidence.notes(results_digest(shown.made)))


def _errors(book: Book, company: Company, language: Language | None) -> tuple[Finding, ...]:
    """Give the errors in the inputs, which stand in the way of a comparison."""
    own = {sheet.name for sheet in tables.RESULT_SHEETS}
    found = [*book.read.problems, *book.without_followers(company.problems)]
    listed = [each for each in found if each.severity == "error" and each.table not in own]
    return book.findings(listed, language)


def proved_rows(book: Book) -> dict[str, int]:
    """Give the sheets whose rows are proved, not calculated: by title, their first row."""
    places = (book.read.located.get(sheet.name) for sheet in (tables.RUN_LOG, tables.SNAPSHOT))
    return {place.title: place.header_row + 1 for place in places if place is not None}


def differences(book: Book, fresh: Package, without: Mapping[str, int] | None = None) -> Iterator[Difference]:
    """Compare every result sheet with a fresh one cell by cell, blank cells included.

    ``without``: by title, the first of the rows whose values are not compared (their formulas are).
    """
    present = {entry.title: entry for entry in book.package.sheets}
    decoders = decoder_of(fresh), decoder_of(book.package)
    for entry in fresh.sheets:
        title = entry.title
        if title not in present:
            yield Difference(title, "", title, "")
        elif title in book.read.result_titles.values():
            first = (without or {}).get(title, _ALL_ROWS + 1)
            found = Sheet.of(book.package, present[title], decoders[1])
            yield from sheet_differences(Sheet.of(fresh, entry, decoders[0]), found, first)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is compared of a sheet: its cells and formulas, by row and column."""

    title: str
    cells: Mapping[tuple[int, int], Shape]
    formulas: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, package: Package, entry: SheetEntry, decoder: Decoder) -> Sheet:
        """Read a sheet; ``decoder``: its package's."""
        return cls(entry.title, _cells(package, entry.part, decoder), formulas_of(package, entry))


def sheet_differences(
    expected: Sheet, found: Sheet, first_left_out: int = _ALL_ROWS + 1
) -> Iterator[Difference]:
    """Compare a sheet with what it should be; values of rows from ``first_left_out`` on are not compared."""
    for place in sorted(expected.cells.keys() | found.cells.keys()):
        wanted, there = expected.cells.get(place, BLANK), found.cells.get(place, BLANK)
        if wanted != there and there.kind != "formula" and place[0] < first_left_out:
            yield Difference(found.title, _address(place), *_told(wanted, there))
    for place in sorted(expected.formulas.keys() | found.formulas.keys()):
        formula, other = expected.formulas.get(place, ""), found.formulas.get(place, "")
        if formula != other and not (formula and other == SHARED):
            shown = (f"={each}" if each else "" for each in (formula, other))
            yield Difference(found.title, _address(place), *shown)


def _address(place: tuple[int, int]) -> str:
    return f"{column_letters(place[1])}{place[0]}"


class Shape(NamedTuple):
    """What a cell holds: its kind, and its text, a number's in one form."""

    kind: Kind
    text: str


BLANK = Shape("text", "")


def _told(wanted: Shape, there: Shape) -> tuple[str, str]:
    """Give both texts; where they are alike, with the kind of each."""
    if wanted.text != there.text:
        return wanted.text, there.text
    return f"{wanted.text} ({wanted.kind})", f"{there.text} ({there.kind})"


def decoder_of(package: Package) -> Decoder:
    """Give what decodes a package's cells."""
    return Decoder(shared_strings(package), dated_styles(package))


def _cells(package: Package, part: str, decoder: Decoder) -> dict[tuple[int, int], Shape]:
    """Give a sheet's cells that are not blank."""
    cells: dict[tuple[int, int], Shape] = {}
    for row in SheetXml(package, part).head(_ALL_ROWS):
        for column, (tag, content) in row.cells.items():
            cell = decoder.cell(tag, content)
            if cell is not None:
                cells[row.number, column] = _shape(cell)
    return cells


def _shape(cell: Cell) -> Shape:
    if cell.kind == "number":
        with suppress(InvalidOperation):
            return Shape("number", format(to_cell_precision(Decimal(cell.text)), "f"))
    return Shape(cell.kind, cell.text)
