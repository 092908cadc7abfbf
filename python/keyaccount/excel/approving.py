"""Approve…: what it asks, and the row in the table of the workbook that is open in Excel; or nothing.

Excel reads what is assigned to a cell as if it were typed: ``12e45`` becomes a number, ``2026-01`` a date. So
each cell is told that it holds text before it gets one, and the row is read back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from keyaccount.book import Book
from keyaccount.clauses.approvals import next_to_approve
from keyaccount.clock import today
from keyaccount.excel.dialog import Dialog
from keyaccount.excel.live import write
from keyaccount.excel.native import as_rows, native
from keyaccount.excel.snapshot import snapshot
from keyaccount.outputs.approving import Approved, approve
from keyaccount.periods import Period
from keyaccount.problems import N_, FileProblem
from keyaccount.tables import ApprovalRow
from keyaccount.translation import localised
from keyaccount.workbook.days import EPOCH
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.formats import is_date_format
from keyaccount.workbook.look import DAY
from keyaccount.workbook.reader import read_workbook

if TYPE_CHECKING:
    import xlwings as xw

_KINDS = ("month", "quarter", "year")
_TEXT = "@"


def ask_approval(plan: Book, dialog: Dialog) -> ApprovalRow | None:
    """Ask for the period and the three names; None when the user cancels.

    Proposed are the latest run that is not approved, the names of the last approval, and Excel's user as the
    one who approves.
    """
    proposed = next_to_approve(plan.read.inputs, plan.ledger)
    period = dialog.ask_period(_KINDS, Period.parse(proposed) if proposed else None)
    if period is None:
        return None
    rows = plan.read.inputs.approvals
    last = rows[-1] if rows else ApprovalRow(0, "", "")
    user = ""
    with suppress(Exception):
        user = native().user_name(dialog.app)
    questions = (
        (N_("Who prepared {period}?"), last.prepared_by),
        (N_("Who reviewed {period}?"), last.reviewed_by),
        (N_("Who approved {period}?"), user or last.approved_by),
    )
    names: list[str] = []
    for question, name in questions:
        names.append(dialog.ask(localised(question, dialog.language, period=period), name))
        if not names[-1]:
            return None
    prepared, reviewed, approved = names
    return ApprovalRow(0, str(period), "", prepared, reviewed, approved, today())


def approved_live(book: xw.Book, plan: Book, asked: ApprovalRow) -> Approved:
    """Approve a period in the open workbook: the row, and the result sheets that follow; all or nothing.

    Raises ``Refused`` or ``FileProblem``; the workbook is then as before.
    """
    done = approve(plan, asked)
    with ExitStack() as written:
        if done.row is not None and done.place is not None:
            written.enter_context(_written(book, done.place, done.row))
        write(book, plan, done.changes, ledger=plan.ledger)
    return done


@contextmanager
def _written(book: xw.Book, place: FoundTable, row: ApprovalRow) -> Iterator[None]:
    """Write a row where ``row.row`` says, in the table's look; take it out when the ``with`` block fails.

    Raises ``FileProblem`` where the sheet is protected, or Excel keeps anything else than was written.
    """
    sheet = book.sheets[place.sheet.title]
    if native().is_protected(sheet):
        raise FileProblem(
            "The sheet {title} is protected.",
            "Lift its protection (Review, Unprotect Sheet) and press the button again.",
            title=sheet.name,
        )
    writing = _Row(sheet, place, row.row)
    try:
        writing.write(row)
        _refuse_other_row(book, sheet.name, row)
        yield
    except BaseException as problem:
        try:
            writing.take_out()
        except Exception as second:
            raise FileProblem(
                "The row on sheet {title} could not be taken out after a failure ({reason}).",
                "Close the workbook WITHOUT saving it and open it again: the file is as it was.",
                title=sheet.name,
                reason=str(problem).splitlines()[0] if str(problem) else type(problem).__name__,
            ) from second
        raise


def _refuse_other_row(book: xw.Book, title: str, row: ApprovalRow) -> None:
    """Read the row back and compare it with what was to be written."""
    with snapshot(book, [title]) as package:
        found = read_workbook(package).inputs.approvals
    if row not in found:
        raise FileProblem(
            "Excel did not keep the approval as it was entered; nothing was changed.",
            "Run `keyaccount approve` on the saved and closed file instead, and report this.",
        )


@dataclass(slots=True)
class _Before:
    """How a row was: its number formats by column; the table's area where it had to grow."""

    formats: dict[int, str] = field(default_factory=dict)
    area: str = ""
    copied: bool = False


class _Row:
    """One row of a table on a live sheet."""

    def __init__(self, sheet: xw.Sheet, place: FoundTable, number: int) -> None:
        self._sheet, self._place, self._number = sheet, place, number
        self._columns = range(min(place.columns.values()), max(place.columns.values()) + 1)
        self._table = self._found_table()
        self._before = _Before()

    def _found_table(self) -> xw.main.Table | None:
        """Give the Excel table whose header stands in the plan table's, if there is one."""
        for table in self._sheet.tables:
            area = table.range
            last = area.column + area.shape[1] - 1
            if area.row == self._place.header_row and area.column <= self._columns[0] <= last:
                self._columns = range(area.column, last + 1)
                return table
        return None

    def _line(self, number: int) -> xw.Range:
        return self._sheet.range((number, self._columns[0]), (number, self._columns[-1]))

    def write(self, row: ApprovalRow) -> None:
        """Make room, in the look of the row above, then write cell by cell, formats first."""
        self._grow()
        for column in self._place.table.columns:
            value = getattr(row, column.field)
            if column.field in self._place.columns and value:
                number = self._place.columns[column.field]
                self._set(self._sheet.range((self._number, number)), number, value)

    def _set(self, cell: xw.Range, column: int, value: str | date) -> None:
        found = str(cell.number_format or "General")
        self._before.formats[column] = found
        if isinstance(value, date):
            if not is_date_format(found):
                cell.number_format = DAY
            epoch = EPOCH[native().date1904(self._sheet.book)]
            cell.value = float((value - epoch).days)
            return
        if found != _TEXT:
            cell.number_format = _TEXT
        cell.value = value

    def _grow(self) -> None:
        """Have the Excel table hold the row; a row behind its end takes over looks and own formulas."""
        if self._table is not None:
            area = self._table.range
            if self._number < area.row + area.shape[0]:
                return
            self._before.area = area.address
        if self._number - 1 > self._place.header_row:
            self._before.copied = True
            line = self._line(self._number)
            self._line(self._number - 1).copy(line)
            said = as_rows(line.formula)[0]
            line.formula = [[text if str(text).startswith("=") else "" for text in said]]
        if self._table is not None:
            top, left = self._place.header_row, self._columns[0]
            self._table.resize(self._sheet.range((top, left), (self._number, self._columns[-1])))

    def take_out(self) -> None:
        """Make the row what it was: blank, in the look that it had."""
        line = self._line(self._number)
        if self._table is not None and self._before.area:
            self._table.resize(self._sheet.range(self._before.area))
        if self._before.copied:
            self._line(self._number + 1).copy(line)  # as blank as this one was
        else:
            for column, code in self._before.formats.items():
                cell = self._sheet.range((self._number, column))
                cell.value = None
                cell.number_format = code
