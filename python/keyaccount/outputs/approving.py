"""``approve``: a period's row on sheet Approvals, and the documents that bear it; all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from keyaccount import work
from keyaccount.book import Book, Finding, open_book
from keyaccount.clauses.approvals import Approval, approval_of, new_approval
from keyaccount.outputs.looked import looked_at
from keyaccount.problems import Refused, SheetName
from keyaccount.tables import APPROVALS, ApprovalRow
from keyaccount.translation import Language
from keyaccount.workbook.append import Values, append_rows
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.lock import lock
from keyaccount.workbook.newsheet import new_input_sheet
from keyaccount.workbook.reader import find_tables
from keyaccount.workbook.save import changed_package, save
from keyaccount.workbook.texts import trim
from keyaccount.workbook.writer import Changes

_FIELDS = tuple(column.field for column in APPROVALS.columns)


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval came to; with errors among ``problems`` nothing is written.

    ``row``: the new row, None where the period was approved so before; ``approval``: the one that counts.
    ``place``: where the table stands, None where its sheet is a new one. ``changes``: the parts to change,
    the result sheets' among them, which are made anew.
    """

    period: str
    language: Language
    row: ApprovalRow | None = None
    approval: Approval | None = None
    sheet: str = ""
    place: FoundTable | None = None
    problems: tuple[Finding, ...] = ()
    changes: Changes = field(default_factory=dict)
    saved: Path | None = None

    @property
    def failed(self) -> bool:
        """Whether errors stopped it."""
        return any(problem.severity == "error" for problem in self.problems)


def approve_file(
    path: Path,
    asked: ApprovalRow,
    *,
    out: Path | None = None,
    language: Language | None = None,
    backups: int = 0,
) -> Approved:
    """Approve a period in a workbook, in place or into ``out``: the row and the documents in one save.

    ``asked``: period, names, day, paper; ``backups``: so many versions are kept beside it.
    Raises ``Refused`` or ``FileProblem``; the file is then as it was.
    """
    target = out or path
    with lock(target), open_book(path) as book:
        done = approve(book, asked, language)
        if done.failed or not (done.changes or out):
            return done
        written = save(book.package, done.changes, target, backups)
        return replace(done, saved=target if written else None)


def approve(book: Book, asked: ApprovalRow, language: Language | None = None) -> Approved:
    """Give what approves a period: the row with the digest of its latest run, and the result sheets anew.

    A sheet Approvals that is missing is added. Raises ``Refused`` for an approval that would not count
    (clauses.approvals.new_approval), and where the row has no place.
    """
    done = Approved(asked.period, book.read.language)
    problems = book.findings(looked_at(book)[1], language)
    if any(problem.severity == "error" for problem in problems):
        return replace(done, problems=problems)
    row = new_approval(book.read.inputs, book.ledger, _trimmed(asked))
    place = find_tables(book.package).get(APPROVALS.name)
    added = {} if row is None else _added(book, place, row)
    with changed_package(book.package, added) as package:
        after = Book(package)
        report = work.regenerate(after, language)
        approval = approval_of(after.read.inputs, after.ledger, asked.period)
        if not report.report.failed and not approval.given:
            raise Refused(
                "The approval of {period} would not count as sheet {sheet} stands.",
                "Correct what `keyaccount check` lists of that sheet, and approve again.",
                period=asked.period,
                sheet=SheetName(APPROVALS.name),
            )
        return replace(
            done,
            row=approval.row if row else None,
            approval=approval,
            sheet=after.read.located[APPROVALS.name].title,
            place=place,
            problems=report.report.problems,
            changes={} if report.report.failed else added | report.changes,
        )


def _trimmed(asked: ApprovalRow) -> ApprovalRow:
    """Take names and paper as the reader will: without odd spaces around them, on one line."""
    return replace(
        asked,
        prepared_by=_on_one_line(asked.prepared_by),
        reviewed_by=_on_one_line(asked.reviewed_by),
        approved_by=_on_one_line(asked.approved_by),
        document_no=_on_one_line(asked.document_no),
    )


def _on_one_line(text: str) -> str:
    return " ".join(trim(text).split())


def values_of(row: ApprovalRow) -> Values:
    """Give a row's values by field, as ``append_rows`` takes them."""
    return {name: [getattr(row, name) or None] for name in _FIELDS}


def _added(book: Book, place: FoundTable | None, row: ApprovalRow) -> Changes:
    """Give the parts that the row changes, and its sheet where it is new."""
    language = book.read.language
    if place is not None:
        return append_rows(book.package, place, values_of(row), language).changes
    sheet = new_input_sheet(book.package, APPROVALS, language)
    with changed_package(book.package, sheet) as package:
        found = find_tables(package)[APPROVALS.name]
        return sheet | append_rows(package, found, values_of(row), language).changes
