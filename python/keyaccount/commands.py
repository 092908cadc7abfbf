"""What each command does with a workbook file: read, run, write back, or say why not.

The command line and the macros stand on this; the plan itself is in ``settlement``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from keyaccount.book import Book, Finding, Stamp, open_book
from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Problem
from keyaccount.settlement import Command, look_again, run
from keyaccount.translation import Language
from keyaccount.workbook.lock import lock
from keyaccount.workbook.save import save


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


def check_book(path: Path, language: Language | None = None) -> Report:
    """Validate a workbook: everything that is wrong with it, in one pass; writes nothing.

    ``language`` is that of the problems' words; ``None``: the workbook's own.
    """
    with open_book(path) as book:
        company = look_again(book.read.inputs, book.ledger, None)
        problems = [*book.problems, *book.without_followers(company.problems)]
        return Report(path, problems=book.findings(problems, language), language=book.read.language)


def run_book(  # noqa: PLR0913 a run's options
    path: Path,
    command: Command,
    period: Period,
    stamp: Stamp,
    *,
    out: Path | None = None,
    preview: bool = False,
    language: Language | None = None,
) -> Report:
    """Run a period on a workbook and write ledger and result sheets back, in place or into ``out``.

    With errors nothing is booked; a copy ``out`` then holds the Problems sheet. ``preview`` writes
    nothing. Raises ``Refused``, ``UsageError`` or ``FileProblem``; the workbook is then as before.
    """
    target = out or path
    if preview:
        with open_book(path) as book:
            return _calculate(book, path, command, period, stamp, language)[0]
    with lock(target), open_book(path) as book:
        report, company = _calculate(book, path, command, period, stamp, language)
        if report.failed:
            if out is not None:
                save(book.package, book.changes_of_problems(_problems(book, company), language), out)
            return report
        ledger = [*book.ledger, *report.entries]
        if report.entries:
            log = book.log_of(report.entries, command, stamp)
        else:
            log = book.run_log()
            company = _looked_at(book)
        written = save(book.package, book.changes(company, ledger, log, language), target)
        return replace(report, saved=target if written else None, booked=len(report.entries))


def _calculate(
    book: Book, path: Path, command: Command, period: Period, stamp: Stamp, language: Language | None
) -> tuple[Report, Company]:
    inputs = book.read.inputs
    names = {row.salesperson_id: row.name for row in inputs.salespeople}
    if not book.readable:
        company = look_again(inputs, book.ledger, None)
        found = book.findings(_problems(book, company), language)
        report = Report(path, str(period), names=names, problems=found, language=book.read.language)
        return report, company
    outcome = run(inputs, book.ledger, command, period, stamp.booked_at)
    problems = [*book.problems, *outcome.problems]
    report = Report(
        path,
        str(period),
        outcome.entries,
        outcome.figures,
        names,
        book.findings(problems, language),
        book.read.language,
    )
    return report, outcome.company


def _problems(book: Book, company: Company) -> list[Problem]:
    return [*book.problems, *book.without_followers(company.problems)]


def _looked_at(book: Book) -> Company:
    """Check the workbook as its latest run did."""
    latest = Period.parse(book.ledger[-1].period) if book.ledger else None
    return look_again(book.read.inputs, book.ledger, latest)


def regenerate_book(
    path: Path, *, check: bool = False, out: Path | None = None, language: Language | None = None
) -> Report:
    """Rewrite the result sheets from inputs and ledger; books nothing; the same input gives the same bytes.

    With ``check`` nothing is written; ``saved`` then names the file that would have changed.
    """
    target = out or path
    with lock(target), open_book(path) as book:
        company = _looked_at(book)
        problems = _problems(book, company)
        found = book.findings(problems, language)
        report = Report(path, problems=found, language=book.read.language)
        if report.failed:
            return report
        changes = book.changes(company, book.ledger, book.run_log(), language)
        if check:
            return replace(report, saved=path if changes else None)
        return replace(report, saved=target if save(book.package, changes, target) else None)
