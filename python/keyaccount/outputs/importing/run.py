"""One import: read the file, match its columns, compare its rows, append the new ones.

What stands in the workbook is never overwritten: a row whose key is there already is passed over where it
says the same, and refused where it does not.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keyaccount.book import Book, Finding, open_book
from keyaccount.outputs.importing.columns import Matching
from keyaccount.outputs.importing.rows import compare, existing_rows
from keyaccount.problems import Listed, Problem, Refused, SheetName, UsageError
from keyaccount.settlement import look_again
from keyaccount.tables import INPUT_TABLES, Located, Table
from keyaccount.translation import Language, localised
from keyaccount.wording import Wording
from keyaccount.workbook.append import append_rows
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.incoming import Asked, Incoming, read_incoming
from keyaccount.workbook.incomingvalues import incoming_values
from keyaccount.workbook.lock import lock
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.reader import find_tables
from keyaccount.workbook.save import changed_package, save
from keyaccount.workbook.writer import Changes


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asks for; ``maps``: the file's header -> the sheet's (blank: leave the column out)."""

    maps: Mapping[str, str] = field(default_factory=dict)
    skip_existing: bool = False
    encoding: str = ""
    delimiter: str = ""
    from_sheet: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to; with errors among ``problems`` nothing is imported.

    ``columns``: the file's headers and the sheet's, ``""`` where a column is left out. ``same``: rows that
    are in the workbook already, ``kept``: rows of which the workbook keeps its own. ``after``: what checking
    the workbook finds in the new rows.
    """

    file: str
    sheet: str
    language: Language
    columns: tuple[tuple[str, str], ...] = ()
    blank: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    from_sheet: str = ""
    rows: int = 0
    same: int = 0
    kept: int = 0
    added: int = 0
    area: str = ""
    problems: tuple[Finding, ...] = ()
    after: tuple[Finding, ...] = ()
    saved: Path | None = None

    @property
    def failed(self) -> bool:
        """Whether errors stopped the import."""
        return any(problem.severity == "error" for problem in self.problems)


def input_table(name: str) -> Table:
    """Give an input sheet by its English or Chinese name; raises ``UsageError`` naming the nearest."""
    known = {name_key(each): t for t in INPUT_TABLES for each in (t.name, t.table_name, *t.zh)}
    found = known.get(name_key(name))
    if found is None:
        near = difflib.get_close_matches(name_key(name), known, n=3, cutoff=0.5)
        names = Listed(dict.fromkeys(known[each].name for each in near) or [t.name for t in INPUT_TABLES])
        raise UsageError(
            "There is no input sheet {name}.",
            "Name one of these after --sheet: {names}.",
            name=name,
            names=names,
        )
    return found


def import_file(  # noqa: PLR0913 a command's options
    path: Path,
    file: Path,
    sheet: str,
    options: Options,
    *,
    out: Path | None = None,
    preview: bool = False,
    language: Language | None = None,
    backups: int = 0,
) -> Imported:
    """Import a file's rows into a sheet of a workbook, in place or into ``out``; ``preview`` writes nothing.

    ``backups``: so many versions are kept beside the workbook that is written.
    Raises ``UsageError``, ``Refused`` or ``FileProblem``; the workbook is then as before.
    """
    table = input_table(sheet)
    if preview:
        with open_book(path) as book:
            return _Importing(book, table, options, language).work(file)[0]
    target = out or path
    with lock(target), open_book(path) as book:
        done, changes = _Importing(book, table, options, language).work(file)
        if done.failed or not (changes or out):
            return done
        written = save(book.package, changes, target, backups)
        return replace(done, saved=target if written else None)


class _Importing:
    """One import into one table of an open workbook."""

    def __init__(self, book: Book, table: Table, options: Options, wished: Language | None) -> None:
        self.book, self.table, self.options = book, table, options
        self.wished = wished
        self.language: Language = book.read.language
        place = find_tables(book.package).get(table.name)
        if place is None:
            raise Refused(
                "The workbook has no sheet {sheet} with its headers.",
                "Add it with its headers in the first row; `keyaccount new` makes a workbook that has it.",
                sheet=SheetName(table.name),
            )
        self.place: FoundTable = place

    def work(self, path: Path) -> tuple[Imported, Changes]:
        """Read, compare, append; give the report and the parts to change."""
        titles = self.place.sheet.title
        wrong = [p for p in self.book.problems if p.severity == "error" and p.table == self.table.name]
        if wrong:
            found = self.book.findings(wrong, self.wished)
            return Imported(path.name, titles, self.language, problems=found), {}
        options = self.options
        names = frozenset(map(name_key, options.maps))
        asked = Asked(names, options.encoding, options.delimiter, options.from_sheet)
        incoming = read_incoming(path, self.table, asked)
        matching = Matching(incoming, self.place, options.maps, self.language)
        report = self._report(incoming, matching)
        if matching.problems:
            return replace(report, problems=self._findings(matching.problems, incoming, matching)), {}
        read = incoming_values(incoming, self.table, matching.columns, self.language)
        existing = existing_rows(self.book.package, self.place, list(matching.columns))
        compared = compare(self.table, read, existing, skip_existing=options.skip_existing)
        report = replace(report, rows=len(read.rows), same=compared.same, kept=compared.kept)
        problems = [*read.problems, *compared.problems]
        if problems or not compared.new:
            return replace(report, problems=self._findings(problems, incoming, matching)), {}
        values = {
            name: [(read.words.get(name) or listed)[index] for index in compared.new]
            for name, listed in read.values.items()
        }
        appended = append_rows(self.book.package, self.place, values, self.language)
        letters = [column_letters(number) for number in self.place.columns.values()]
        first, last = min(letters, key=_width), max(letters, key=_width)
        return (
            replace(
                report,
                added=len(compared.new),
                area=f"{first}{appended.first_row}:{last}{appended.last_row}",
                after=self._after(appended.changes, appended.first_row, appended.last_row),
            ),
            appended.changes,
        )

    def _report(self, incoming: Incoming, matching: Matching) -> Imported:
        return Imported(
            incoming.file,
            self.place.sheet.title,
            self.language,
            columns=matching.pairs,
            blank=matching.blank,
            encoding=incoming.encoding,
            delimiter=incoming.delimiter,
            from_sheet=incoming.sheet,
        )

    def _findings(
        self, problems: Sequence[Problem], incoming: Incoming, matching: Matching
    ) -> tuple[Finding, ...]:
        """Put problems of the file into words: by its lines, or its cells."""
        spoken = self.wished or self.language
        titles = {name: place.title for name, place in self.book.read.located.items()}
        wording = Wording(spoken, self.language, titles)
        located = self._located(incoming, matching)
        told = []
        for each in sorted(problems, key=lambda problem: problem.row):
            cell = located.cell(each.row, each.column) if each.column else (f"{each.row}" if each.row else "")
            if incoming.is_text and each.row:
                cell = localised("line {line}", spoken, line=each.row)
            problem, remedy = (
                wording.text(template, each.details, self.table.name)
                for template in (each.problem, each.remedy)
            )
            value = wording.detail(each.value, self.table.name)
            told.append(Finding(each.severity, incoming.sheet or incoming.file, cell, value, problem, remedy))
        return tuple(told)

    def _located(self, incoming: Incoming, matching: Matching) -> Located:
        columns = matching.columns.items()
        letters = {self.table.column(name).en: column_letters(number) for name, number in columns}
        return Located(incoming.sheet or incoming.file, incoming.header_row, letters)

    def _after(self, changes: Changes, first: int, last: int) -> tuple[Finding, ...]:
        """Check the workbook as it would be, and give what is found in the new rows."""
        with changed_package(self.book.package, changes) as package:
            book = Book(package)
            company = look_again(book.read.inputs, book.ledger, None)
            found = [*book.problems, *book.without_followers(company.problems)]
            own = [p for p in found if p.table == self.table.name and first <= p.row <= last]
            return book.findings(own, self.wished)


def _width(letters: str) -> tuple[int, str]:
    return len(letters), letters
