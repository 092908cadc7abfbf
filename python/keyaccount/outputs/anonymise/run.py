"""One anonymised copy: made anew from the template and the values that may stay, not cut out of the original.

What nobody thought of is therefore not in it. Amounts, rates, dates and words of the plan stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keyaccount import tables, work
from keyaccount.book import Book, Finding, open_book
from keyaccount.ledger import Entry
from keyaccount.outputs.anonymise.aliases import Aliases, Columns, aliases_of
from keyaccount.outputs.anonymise.inputs import anonymous
from keyaccount.outputs.anonymise.ledger import anonymous_ledger, anonymous_log, digests_of
from keyaccount.outputs.anonymise.left_out import LeftOut, left_out, own_sheets_of
from keyaccount.outputs.anonymise.own_sheets import own_sheets, replacer
from keyaccount.outputs.importing.rows import existing_rows
from keyaccount.periods import EPOCH, from_number
from keyaccount.problems import FileProblem, Listed
from keyaccount.tables import TABLE
from keyaccount.translation import Language
from keyaccount.workbook.append import append_rows
from keyaccount.workbook.create import empty_template, write_new
from keyaccount.workbook.package import Package
from keyaccount.workbook.plainsheets import add_plain_sheets
from keyaccount.workbook.reader import find_tables
from keyaccount.workbook.save import changed_package
from keyaccount.workbook.sheetentries import SheetEntry


@dataclass(frozen=True, slots=True)
class Anonymised:
    """What an anonymised copy came to; with ``problems`` (errors) none was made."""

    language: Language
    saved: Path | None = None
    rows: int = 0
    entries: int = 0
    accounts: int = 0
    salespeople: int = 0
    left_out: tuple[LeftOut, ...] = ()
    own_sheets: tuple[str, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether errors in the workbook stood in the way."""
        return bool(self.problems)


def anonymise_file(
    path: Path,
    out: Path,
    *,
    keep_ids: bool = False,
    keep_sheets: bool = False,
    language: Language | None = None,
) -> Anonymised:
    """Write a copy of a workbook without personal data that settles to the same amounts (§5.1).

    ``keep_ids``: IDs of accounts, salespeople, sales and adjustments stay. ``keep_sheets``: the values of the
    user's own sheets come along, with aliases for all that the input tables hold. ``out`` must not exist yet.
    A workbook with errors has no amounts to keep: they are listed, and no copy is made. Raises FileProblem.
    """
    with open_book(path) as book:
        _refuse_elsewhere(book)
        company = work.look_at_latest(book)
        found = [*book.problems, *book.without_followers(company.problems)]
        errors = [problem for problem in found if problem.severity == "error"]
        if errors:
            return Anonymised(book.read.language, problems=book.findings(errors, language))
        copy = _Copy(book, keep_ids=keep_ids)
        own = own_sheets_of(book.package, copy.places, book.read.result_titles, book.read.language)
        copy.write(out, own if keep_sheets else ())
        ids = copy.aliases.ids
        return Anonymised(
            book.read.language,
            out,
            copy.rows,
            len(book.ledger),
            len(ids["account"]),
            len(ids["salesperson"]),
            left_out(
                book.package,
                copy.places,
                book.read.result_titles,
                own,
                book.read.language,
                kept=keep_sheets,
            ),
            tuple(sheet.title for sheet in own) if keep_sheets else (),
        )


def _refuse_elsewhere(book: Book) -> None:
    """Raise ``FileProblem`` where lines come from elsewhere: a copy with aliases could not find its own."""
    sources = [place.source for place in book.read.located.values() if place.source]
    if sources:
        raise FileProblem(
            "The lines of {file} are not in it: it takes them from {sources}.",
            "Copy the lines of a few accounts into the sheets of a copy, blank its policies sales_source and "
            "adjustments_source, and anonymise that.",
            file=book.package.path.name,
            sources=Listed(sources),
        )


class _Copy:
    """The copy of one workbook."""

    def __init__(self, book: Book, *, keep_ids: bool) -> None:
        self.book, self.language = book, book.read.language
        self.places = find_tables(book.package)
        self.columns: Columns = {
            name: existing_rows(book.package, place, [column.field for column in place.table.columns]).values
            for name, place in self.places.items()
        }
        self.aliases: Aliases = aliases_of(self.columns, book.ledger, self.language, keep_ids=keep_ids)
        self.ledger: list[Entry] = anonymous_ledger(book.ledger, self.aliases)
        self.rows = sum(len(next(iter(each.values()), ())) for each in self.columns.values())

    def write(self, out: Path, own: Sequence[SheetEntry]) -> None:
        """Fill the template, book the ledger as it was, make the result sheets anew."""
        package = empty_template(self.language, self._year())
        digests = digests_of(self.book.ledger, self.ledger)
        copies: dict[str, dict[str, list[object]]] = {}
        for name in sorted(self.columns.keys() | {tables.POLICIES.name}, key=self._size):
            columns = self.columns.get(name) or {"policy": [], "value": []}
            copies[name] = anonymous(TABLE[name], columns, self.aliases, digests)
            place = find_tables(package)[name]
            appended = append_rows(package, place, copies[name], self.language)
            package = changed_package(package, appended.changes)
        if own:
            values = own_sheets(self.book.package, own, replacer(self.columns, copies))
            package = changed_package(package, add_plain_sheets(package, values))
        with package:
            write_new(package, self._results(package), out)

    def _size(self, name: str) -> int:
        """Put the big tables last: what is filled already is copied each time."""
        return len(next(iter(self.columns.get(name, {}).values()), ()))

    def _results(self, package: Package) -> dict[str, bytes | None]:
        if not self.ledger:
            return {}
        copy = Book(package)
        copy.ledger = self.ledger
        log = anonymous_log(self.book.run_log(), self.ledger, self.aliases)
        return copy.changes(work.look_at_latest(copy), self.ledger, log, self.language)

    def _year(self) -> int:
        """Give the plan year for the start sheet: the latest run's, else the latest sale's."""
        if self.ledger:
            return self.ledger[-1].year
        days = self.book.read.inputs.sales.date
        return from_number(int(days.max())).year if len(days) else EPOCH.year
