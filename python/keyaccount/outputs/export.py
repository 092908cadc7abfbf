"""``export``: the payroll file or the journal lines of a period that was run, written whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from keyaccount.book import Book, Finding
from keyaccount.clauses.approvals import Approval
from keyaccount.outputs.files import write_file
from keyaccount.outputs.journal import accounts_from, journal
from keyaccount.outputs.looked import approval_or_refused, looked_at, refuse_not_run
from keyaccount.outputs.payroll import payroll
from keyaccount.outputs.tabular import ENDINGS, TableFile, columns_from, content_of, own_columns
from keyaccount.periods import Period
from keyaccount.problems import UsageError
from keyaccount.translation import Language


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: ``gl`` journal lines; ``columns`` and ``accounts`` files of the company's own."""

    gl: bool = False
    run: int | None = None
    columns: Path | None = None
    accounts: Path | None = None


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What ``export`` wrote: how many rows, their control total (fen); of a journal what is debited.

    ``runs``: those that paid in the period; ``nothing``: payments of 0.00 that were left out.
    """

    path: Path
    period: str
    file: Path
    language: Language
    gl: bool = False
    rows: int = 0
    total: int = 0
    runs: tuple[int, ...] = ()
    nothing: int = 0
    approval: Approval | None = None
    problems: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether errors in the workbook stood in the way (exit 1)."""
        return any(problem.severity == "error" for problem in self.problems)


def check_wanted(file: Path, wanted: Wanted) -> None:
    """Raise ``UsageError`` (exit 2) for an ending or options that do not go together."""
    if file.suffix.lower() not in ENDINGS:
        raise UsageError(
            "{file} ends in neither .csv nor .xlsx.", "Name the file pay.csv or pay.xlsx.", file=file.name
        )
    if wanted.gl and wanted.run is not None:
        raise UsageError("--run belongs to the payroll file, not to --gl.", "Leave one of them out.")
    if wanted.accounts and not wanted.gl:
        raise UsageError("--accounts belongs to --gl.", "Add --gl, or leave --accounts out.")


def export(
    book: Book, period: Period, file: Path, language: Language | None = None, wanted: Wanted | None = None
) -> ExportReport:
    """Write what a period pays, or its journal lines, to a .csv or .xlsx file.

    ``language``: of headings and words, ``None``: the workbook's. Raises ``Refused`` where the period was not
    run, or not approved and must be, ``UsageError`` for another ending, ``FileProblem`` where a file cannot
    be read or written.
    """
    asked = wanted or Wanted()
    check_wanted(file, asked)
    spoken = language or book.read.language
    company, problems = looked_at(book)
    report = ExportReport(
        book.package.path,
        str(period),
        file,
        spoken,
        gl=asked.gl,
        problems=book.findings(problems, language),
    )
    if report.failed:
        return report
    refuse_not_run(book.ledger, period)
    approval = approval_or_refused(company, book.ledger, period)
    table, made = _table(book, period, asked, replace(report, approval=approval))
    shown = (
        columns_from(asked.columns, table.columns) if asked.columns else own_columns(table.columns, spoken)
    )
    write_file(file, content_of(table, shown, file, spoken), book.package.path)
    return made


def _table(book: Book, period: Period, asked: Wanted, report: ExportReport) -> tuple[TableFile, ExportReport]:
    inputs, ledger, language = book.read.inputs, book.ledger, report.language
    if asked.gl:
        accounts = accounts_from(asked.accounts, language) if asked.accounts else None
        lines = journal(inputs, ledger, period, language, accounts)
        return lines.table, replace(report, rows=len(lines.table.rows), total=lines.debit)
    paid = payroll(inputs, ledger, period, language, asked.run)
    return paid.table, replace(
        report, rows=len(paid.table.rows), total=paid.total, runs=paid.runs, nothing=paid.nothing
    )
