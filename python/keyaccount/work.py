"""What each command does with an open workbook: a report, and the parts to change; no file is written.

``commands`` wraps this for files, the macros for the workbook that is open in Excel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keyaccount.book import Book, Finding, Stamp
from keyaccount.clauses.approvals import check_approvals
from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Problem
from keyaccount.settlement import Command, look_again, run
from keyaccount.translation import Language
from keyaccount.workbook.writer import Changes


@dataclass(frozen=True, slots=True)
class Report:
    """What a command came to; ``saved`` is the file that was written, ``None`` where none had to be."""

    path: Path
    period: str = ""
    entries: tuple[Entry, ...] = ()
    figures: tuple[Figures, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    problems: tuple[Finding, ...] = ()
    language: Language = "en"
    saved: Path | None = None
    booked: int = 0

    @property
    def failed(self) -> bool:
        """Whether errors stopped the command (exit 1)."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Work:
    """A command's report, and what has to be written: all result sheets, or nothing.

    ``problem_sheet``: the Problems sheet alone, where it was asked for.
    """

    report: Report
    changes: Changes = field(default_factory=dict)
    problem_sheet: Changes = field(default_factory=dict)


def check(book: Book, language: Language | None = None, *, listed: bool = False) -> Work:
    """Check a workbook: everything that is wrong with it, in one pass.

    ``language`` is that of the problems' words, ``None``: the workbook's own. ``listed``: give the Problems
    sheet too.
    """
    problems = _problems(book, look_again(book.read.inputs, book.ledger, None))
    report = Report(
        book.package.path, problems=book.findings(problems, language), language=book.read.language
    )
    return Work(report, problem_sheet=book.changes_of_problems(problems, language) if listed else {})


def preview(
    book: Book, command: Command, what: Period | str, stamp: Stamp, language: Language | None = None
) -> Report:
    """Calculate a run that is not written. Raises as ``run_period`` does."""
    return _calculate(book, command, what, stamp, language)[0]


def run_period(
    book: Book,
    command: Command,
    what: Period | str,
    stamp: Stamp,
    language: Language | None = None,
    *,
    listed: bool = False,
) -> Work:
    """Run a month, quarter or year end, or a leaver's exit: what it books, and the result sheets that follow.

    ``what``: the period, or the leaver's ID.
    With errors nothing is booked; ``listed``: they are given as the Problems sheet. Raises ``Refused`` or
    ``UsageError``.
    """
    report, company = _calculate(book, command, what, stamp, language)
    if report.failed:
        problems = _problems(book, company)
        return Work(report, problem_sheet=book.changes_of_problems(problems, language) if listed else {})
    if report.entries:
        said = command if isinstance(what, Period) else f"{command} {what}"
        log = book.log_of(report.entries, said, stamp)
    else:
        log = book.run_log()
        company = look_at_latest(book)
    ledger = [*book.ledger, *report.entries]
    return Work(report, book.changes(company, ledger, log, language, stamp.signer))


def regenerate(book: Book, language: Language | None = None) -> Work:
    """Make the result sheets anew from inputs and ledger; books nothing."""
    company = look_at_latest(book)
    found = book.findings(_problems(book, company), language)
    report = Report(book.package.path, problems=found, language=book.read.language)
    if report.failed:
        return Work(report)
    return Work(report, book.changes(company, book.ledger, book.run_log(), language))


def look_at_latest(book: Book, booked: Sequence[Entry] | None = None) -> Company:
    """Check the workbook as its latest run did; ``booked``: the ledger, where not as it stands there."""
    ledger = book.ledger if booked is None else booked
    latest = Period.parse(ledger[-1].period) if ledger else None
    return look_again(book.read.inputs, ledger, latest)


def _calculate(
    book: Book, command: Command, what: Period | str, stamp: Stamp, language: Language | None
) -> tuple[Report, Company]:
    inputs, path = book.read.inputs, book.package.path
    names = {row.salesperson_id: row.name for row in inputs.salespeople}
    if not book.readable:
        company = look_again(inputs, book.ledger, None)
        found = book.findings(_problems(book, company), language)
        report = Report(path, str(what), names=names, problems=found, language=book.read.language)
        return report, company
    changed = book.next_change_log.runs
    outcome = run(inputs, book.ledger, command, what, stamp.booked_at, changed)
    approvals = check_approvals(inputs, [*book.ledger, *outcome.entries])
    problems = [*book.problems, *outcome.problems, *approvals]
    report = Report(
        path,
        outcome.period,
        outcome.entries,
        outcome.figures,
        names,
        book.findings(problems, language),
        book.read.language,
    )
    return report, outcome.company


def _problems(book: Book, company: Company) -> list[Problem]:
    approvals = check_approvals(book.read.inputs, book.ledger)
    return [*book.problems, *book.without_followers(company.problems), *approvals]
