"""An open workbook: what was read from it, its ledger, its problems in words, its result sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from keyaccount import __version__, tables
from keyaccount.clauses.approvals import check_approvals
from keyaccount.company import Company
from keyaccount.ledger import Entry, first_break
from keyaccount.ledger_rows import ledger_entry
from keyaccount.overview import Overview
from keyaccount.periods import Period
from keyaccount.problems import N_, KeyAccountError, Problem, SheetName, error, warning
from keyaccount.results import Results, Row, problems_in_order
from keyaccount.seals import Seal, Signer, results_digest, sealed
from keyaccount.sight import Sight, sights
from keyaccount.sources.reading import with_sources
from keyaccount.tables import Charted, Located, ReadBook, ResultTable
from keyaccount.translation import Language, translated
from keyaccount.wording import Wording
from keyaccount.workbook.changelog import ChangeLog
from keyaccount.workbook.package import Package
from keyaccount.workbook.properties import noted
from keyaccount.workbook.reader import read_workbook
from keyaccount.workbook.reconciliation import reconciliation_rows
from keyaccount.workbook.writer import Changes, write_results

NOT_SIGNED = N_("missing")
"""What the Signature of a Run Log row says that had to be rebuilt from the ledger."""
MADE_ANEW = N_("anonymised copy: digests made anew")
"""What it says in an anonymised copy."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who runs what and when, as the Run Log keeps it; ``booked_at`` is UTC ISO text.

    ``signer``: the key that signs the run, where one is configured.
    """

    booked_at: str
    user: str = ""
    computer: str = ""
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in words, with its real sheet title and cell."""

    severity: str
    sheet: str
    cell: str
    value: str
    problem: str
    remedy: str


class Shown(NamedTuple):
    """What a workbook is to show: its results, the problems to list, the tables of the result sheets."""

    results: Results
    found: Sequence[Problem]
    made: list[ResultTable]


class Book:
    """A workbook file that is open: its package, what was read from it, its ledger."""

    def __init__(self, package: Package) -> None:
        """Read the workbook; raises ``FileProblem`` where it cannot be read."""
        self.package = package
        self.read: ReadBook = with_sources(read_workbook(package), package.folder)
        self.unreadable = {p.table for p in self.read.problems if p.severity == "error"}
        self.ledger: list[Entry] = []
        self.problems: list[Problem] = list(self.read.problems)
        if tables.LEDGER.name not in self.unreadable:
            self.ledger = [ledger_entry(row) for row in self.read.ledger_rows]
            self.problems += self._edited()
        self.change_log = ChangeLog(tuple(self.read.snapshot_rows))
        self.problems += self._record_edited()

    def _edited(self) -> Iterator[Problem]:
        broken = first_break(self.ledger)
        if broken is not None:
            index, column, _ = broken
            yield error(
                tables.LEDGER.name,
                self.read.ledger_first_row + index,
                column,
                "",
                "The ledger was edited: entry {entry} is not as it was booked.",
                "Restore the workbook from a copy; `keyaccount verify` lists what differs.",
                entry=index + 1,
            )

    def _record_edited(self) -> Iterator[Problem]:
        """Warn where the record of the inputs is not as a run wrote it, or is gone."""
        unread = any(problem.table == tables.SNAPSHOT.name for problem in self.read.problems)
        if not self.change_log.rows and not unread and any(entry.marks_run for entry in self.ledger):
            yield warning(
                tables.LEDGER.name,
                0,
                "",
                "",
                "The hidden sheet {record} is absent: what changed in the inputs before now is not known.",
                "Restore the workbook from a copy, or go on: the next run marks it on the sheet {changes}.",
                record=SheetName(tables.SNAPSHOT.name),
                changes=SheetName(tables.CHANGES.name),
            )
        if not self.change_log.sound:
            yield warning(
                tables.SNAPSHOT.name,
                self.read.located[tables.SNAPSHOT.name].header_row + 1,
                "Content",
                "",
                "The record of the inputs was edited: what has changed since the last run is not known.",
                "Restore the workbook from a copy, or go on: the next run marks it on the sheet {changes}.",
                changes=SheetName(tables.CHANGES.name),
            )

    @cached_property
    def next_change_log(self) -> ChangeLog:
        """What is kept of the inputs after the next booking run (§Controls)."""
        run = self.ledger[-1].run + 1 if self.ledger else 1
        periods = {entry.period for entry in self.ledger if entry.marks_run}
        through = max((Period.parse(period).last_day for period in periods), default=None)
        return self.change_log.then(run, self.read.columns, self.read.input_digest, through)

    @property
    def readable(self) -> bool:
        """Whether every table could be read without an error."""
        return not any(problem.severity == "error" for problem in self.problems)

    def result_language(self, wished: Language | None) -> Language:
        """Give the language of the result sheets: existing ones fix it, else ``--lang``, else the sheets'."""
        if self.read.result_titles or wished is None:
            return self.read.language
        return wished

    def findings(self, problems: Sequence[Problem], wished: Language | None) -> tuple[Finding, ...]:
        """Give problems in order and in words: in the language that is wished, else the workbook's."""
        titles = {name: place.title for name, place in self.read.located.items()}
        wording = Wording(wished or self.read.language, self.read.language, titles | self.read.result_titles)
        return tuple(self._finding(problem, wording) for problem in problems_in_order(problems))

    def _finding(self, problem: Problem, wording: Wording) -> Finding:
        place = self.read.located.get(problem.table, Located(problem.table, 1))
        details = problem.details
        if place.source and details.get("first", "").isdigit():  # a row: said by its place in the source
            details = {**details, "first": place.cell(int(details["first"]), "")}
        return Finding(
            problem.severity,
            place.title,
            place.cell(problem.row, problem.column),
            wording.detail(problem.value, problem.table),
            wording.text(problem.problem, details, problem.table),
            wording.text(problem.remedy, details, problem.table),
        )

    def problems_table(
        self, problems: Sequence[Problem], wished: Language | None, results: Results | None = None
    ) -> ResultTable:
        """Give the Problems sheet's table, in the result sheets' language; each Cell links to the cell."""
        ordered = problems_in_order(problems)
        rows = [
            (f.severity, f.sheet, f.cell or None, f.value or None, f.problem, f.remedy)
            for f in self.findings(ordered, self.result_language(wished))
        ]
        elsewhere = {name for name, place in self.read.located.items() if place.source}
        links = tuple((p.table, 0 if p.table in elsewhere else p.row, p.column) for p in ordered)
        latest = results.ledger[-1] if results and results.ledger else None
        company = results.company_name if results else ""
        period, number = (latest.period, latest.run) if latest else ("", 0)
        return ResultTable(tables.PROBLEMS, list(rows), period, number, company, links)

    def changes(
        self,
        company: Company,
        ledger: Sequence[Entry],
        log: Sequence[Row],
        wished: Language | None,
        signer: Signer | None = None,
    ) -> Changes:
        """Give the parts to change so that every result sheet follows from inputs and ledger.

        What the ledger has beyond the workbook's own is this run's; it may hide or show input sheets. Its
        row, the log's last, is sealed here; ``signer``: the key that signs it.
        """
        return self.written(self.shown(company, ledger, log, wished), wished, signer)

    def shown(
        self, company: Company, ledger: Sequence[Entry], log: Sequence[Row], wished: Language | None
    ) -> Shown:
        """Give the result sheets' rows that follow from inputs and ledger, those apart that add them up."""
        results = Results(company, ledger)
        found = [*self.read.problems, *company.problems, *check_approvals(self.read.inputs, ledger)]
        return Shown(results, found, results.tables(self.problems_table(found, wished, results), log))

    def written(self, shown: Shown, wished: Language | None, signer: Signer | None = None) -> Changes:
        """Give the parts to change so that the workbook shows these; as ``changes``."""
        booked, made, seal = shown.results.ledger[len(self.ledger) :], shown.made, None
        if booked:
            made, seal = _sealed(made, booked, signer)
        tables_with_problems = {problem.table for problem in shown.found}
        kept = {
            self.read.located[name].title: sight
            for name, sight in sights(self.read.inputs, self.ledger, booked).items()
            if sight == "visible" or name not in tables_with_problems
        }
        change_log = self.next_change_log if booked else self.change_log
        more = [
            *self._checks_and_charts(made, shown.results, wished),
            *self._changed(change_log, made[0], wished),
        ]
        changed = self._write([*made, *more], wished, kept)
        return changed if seal is None else noted(self.package, changed, booked[-1], seal)

    def _changed(
        self, change_log: ChangeLog, head: ResultTable, wished: Language | None
    ) -> tuple[ResultTable, ResultTable]:
        """Give Changes and the record of the inputs that the next run is compared with."""
        shown = change_log.shown(self.result_language(wished))
        return (
            ResultTable(tables.CHANGES, shown, head.period, head.run, head.company),
            ResultTable(tables.SNAPSHOT, list(change_log.rows)),
        )

    def _checks_and_charts(
        self, made: Sequence[ResultTable], results: Results, wished: Language | None
    ) -> tuple[ResultTable, ResultTable]:
        """Give Reconciliation and Dashboard, which stand on the other result sheets."""
        language = self.result_language(wished)
        checks = reconciliation_rows(made, results, self.read, language, self.read.result_titles)
        blocks = Overview(made, self.read.inputs.targets, results.names).blocks()
        head = made[0]
        return (
            ResultTable(tables.RECONCILIATION, checks, head.period, head.run, head.company),
            Charted(tables.DASHBOARD, [], head.period, head.run, head.company, blocks=blocks),
        )

    def _write(
        self, made: Sequence[ResultTable], wished: Language | None, shown: Mapping[str, Sight] | None = None
    ) -> Changes:
        return write_results(
            self.package,
            made,
            language=self.result_language(wished),
            titles=self.read.result_titles,
            located=self.read.located,
            sights=shown,
        )

    def changes_of_problems(self, problems: Sequence[Problem], wished: Language | None) -> Changes:
        """Give the parts to change so that the Problems sheet lists these."""
        return self._write([self.problems_table(problems, wished)], wished)

    def run_log(self) -> list[Row]:
        """Give the Run Log's rows; of a run that is not there, what the ledger knows."""
        kept = {row[0]: row for row in self.read.run_log_rows}
        last = {entry.run: entry for entry in self.ledger}
        unsigned = translated(NOT_SIGNED, self.read.language)
        return [kept.get(number, _known_of(entry, unsigned)) for number, entry in sorted(last.items())]

    def log_of(self, entries: Sequence[Entry], command: str, stamp: Stamp) -> list[Row]:
        """Give the Run Log with the row of the run that books these entries."""
        latest = entries[-1]
        row = (
            latest.run,
            stamp.booked_at,
            stamp.user or None,
            stamp.computer or None,
            f"{command} {latest.period}",
            latest.period,
            __version__,
            self.read.input_digest,
            latest.digest,
            None,
        )
        return [*self.run_log(), row]

    def without_followers(self, problems: Sequence[Problem]) -> list[Problem]:
        """Leave out errors that an unreadable row of another table may alone have caused."""
        return [p for p in problems if not self.unreadable.intersection(p.rests_on)]


def _sealed(
    made: Sequence[ResultTable], booked: Sequence[Entry], signer: Signer | None
) -> tuple[list[ResultTable], Seal]:
    """Seal the run that is being booked: the last row of the Run Log among these tables."""
    table = next(table for table in made if table.sheet is tables.RUN_LOG)
    *earlier, row = table.rows
    before = str(earlier[-1][-1] or "") if earlier else ""
    seal = sealed(row, before, results_digest(made), booked, signer)
    signed = replace(table, rows=[*earlier, (*row[:-1], seal.text)])
    return [signed if table.sheet is tables.RUN_LOG else table for table in made], seal


def _known_of(last: Entry, unsigned: str) -> Row:
    """Give the Run Log row of a run, from its last entry."""
    return (
        last.run,
        last.booked_at,
        None,
        None,
        None,
        last.period,
        None,
        None,
        last.digest,
        unsigned,
    )


@contextmanager
def open_book(path: Path) -> Iterator[Book]:
    """Open and read a workbook; what stops the command from then on knows the workbook's language."""
    with Package.open(path) as package:
        book = Book(package)
        try:
            yield book
        except KeyAccountError as problem:
            problem.language = book.read.language
            raise
