"""``statements``: a PDF and a workbook for each salesperson, with only their own data.

Nothing is booked and nothing of the workbook changes. Everything is made before the first file is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from keyaccount.book import Book, Finding
from keyaccount.clauses.approvals import Approval
from keyaccount.outputs.files import made_folder, safe_names, write_files
from keyaccount.outputs.looked import approval_or_refused, looked_at, refuse_not_run
from keyaccount.outputs.passwords import (
    locked_pdf,
    passwords_from,
    refuse_without_libraries,
    refuse_without_password,
)
from keyaccount.outputs.statements.document import document
from keyaccount.outputs.statements.figures import Statement, statements_of
from keyaccount.outputs.statements.pdf import Typesetter
from keyaccount.outputs.statements.sheets import StatementBook
from keyaccount.periods import Period
from keyaccount.problems import Refused
from keyaccount.results import Results
from keyaccount.translation import Language
from keyaccount.workbook.encryption import encrypted


@dataclass(frozen=True, slots=True)
class Written:
    """One person's statement: the two files, and what the period pays, in fen."""

    salesperson_id: str
    name: str
    paid: int
    pdf: Path
    workbook: Path


@dataclass(frozen=True, slots=True)
class StatementsReport:
    """What ``statements`` came to; with errors among ``problems`` nothing was written."""

    path: Path
    period: str
    folder: Path
    language: Language
    statements: tuple[Written, ...] = ()
    approval: Approval | None = None
    problems: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether errors in the workbook stood in the way (exit 1)."""
        return any(problem.severity == "error" for problem in self.problems)


def write_statements(
    book: Book,
    period: Period,
    folder: Path,
    language: Language | None = None,
    *,
    issued: date | None = None,
    passwords: Path | None = None,
) -> list[Path]:
    """Write the statements of a period into a folder; gives the files, PDF and workbook of each person.

    Raises ``Refused`` where the period was not run yet or the workbook has errors.
    """
    report = make_statements(book, period, folder, language, issued=issued, passwords=passwords)
    if report.failed:
        raise Refused(
            "The workbook has problems; no statement was written.",
            "Check the data, correct the cells that are listed, and write the statements again.",
        )
    return [path for each in report.statements for path in (each.pdf, each.workbook)]


def make_statements(
    book: Book,
    period: Period,
    folder: Path,
    language: Language | None = None,
    *,
    issued: date | None = None,
    passwords: Path | None = None,
) -> StatementsReport:
    """Write the statements of a period into a folder, all or none.

    ``language``: of the statements, ``None``: the workbook's. ``issued``: the day from which the time for
    objections counts, ``None``: the day of the booking. ``passwords``: a file with each salesperson's opening
    password; encrypted files differ from run to run. Raises ``Refused`` where the period was not run,
    or not approved and must be, ``FileProblem`` where a file cannot be written or a font is missing.
    """
    company, problems = looked_at(book)
    spoken = language or book.read.language
    report = StatementsReport(
        book.package.path, str(period), folder, spoken, problems=book.findings(problems, language)
    )
    if report.failed:
        return report
    refuse_not_run(book.ledger, period)
    approval = approval_or_refused(company, book.ledger, period)
    results = Results(company, book.ledger)
    statements = statements_of(results, period, issued)
    secrets = _secrets(statements, passwords)
    names = safe_names((each.salesperson_id for each in statements), results.names)
    written: list[Written] = []
    contents: dict[Path, bytes] = {}
    typesetter = Typesetter()
    for each in statements:
        name = f"{period}-{names[each.salesperson_id]}"
        files = Written(
            each.salesperson_id,
            each.name,
            each.figures.paid,
            folder / f"{name}.pdf",
            folder / f"{name}.xlsx",
        )
        contents |= _contents(
            each, files, typesetter, _Shown(spoken, approval), secrets.get(each.salesperson_id)
        )
        written.append(files)
    made_folder(folder)
    write_files(contents, book.package.path)
    return replace(report, statements=tuple(written), approval=approval)


def _secrets(statements: Sequence[Statement], passwords: Path | None) -> dict[str, str]:
    """Give the password of everybody who gets a statement, where there are to be passwords."""
    if passwords is None:
        return {}
    refuse_without_libraries()
    found = passwords_from(passwords)
    refuse_without_password((each.salesperson_id for each in statements), found, passwords)
    return found


class _Shown(NamedTuple):
    """What all statements of a period share: their language, and whether they are approved."""

    language: Language
    approval: Approval


def _contents(
    statement: Statement, files: Written, typesetter: Typesetter, shown: _Shown, password: str | None
) -> Mapping[Path, bytes]:
    paper = document(statement, shown.language, shown.approval)
    booked = datetime.combine(statement.booked_on, datetime.min.time(), UTC)
    pdf = typesetter.pdf(paper, statement.salesperson_id, booked)
    workbook = StatementBook(paper).content(booked)
    if password is not None:
        pdf, workbook = locked_pdf(pdf, password), encrypted(workbook, password)
    return {files.pdf: pdf, files.workbook: workbook}
