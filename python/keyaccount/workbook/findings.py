"""What is found wrong while a table is read: in its cells, and with its rows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from keyaccount.problems import HeaderName, Problem, error, warning
from keyaccount.tables import Column
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.rawrows import LAST_ROW, RowFault
from keyaccount.workbook.texts import Fault

MOST_ROWS = 1_000
"""Of so many rows that cannot be read each cell is reported; of more, how many they are."""
_LONGEST_VALUE = 120
BOUNDS = {"year": (1900, 9999), "rank": (1, 1_000_000), "satisfaction": (1, 5), "entry": (1, 10**9)}
"""The least and the most of whole numbers, by field."""

Numbers = NDArray[np.int64]


class Findings:
    """The problems of one table. ``bad_rows``: the rows that hold something that could not be read."""

    def __init__(self, found: FoundTable) -> None:
        """Name the table."""
        self.bad_rows: list[int] = []
        self._found = found
        self._name = found.table.name
        self.problems: list[Problem] = []

    @property
    def full(self) -> bool:
        """Whether so many rows are bad that their cells need not be looked at any more."""
        return len(self.bad_rows) >= MOST_ROWS

    def cell(self, row: int, column: Column, cell: Cell | None, fault: Fault) -> None:
        """Report a cell that cannot be read, or is blank and must not be."""
        self.problems.append(
            Problem(
                "error", self._name, row, column.en, shown(cell), fault.problem, fault.remedy, fault.details
            )
        )

    def structure(self, faults: Iterable[RowFault]) -> None:
        """Report rows and cells that contradict themselves."""
        columns = self._found.columns
        headers = {columns[c.field]: c.en for c in self._found.table.columns if c.field in columns}
        for fault in faults:
            if fault.row >= self._found.header_row:
                row, header = min(fault.row, LAST_ROW), headers.get(fault.column, "")
                self.problems.append(error(self._name, row, header, fault.value, fault.problem, fault.remedy))

    def last_row(self, good: Numbers, hidden: set[int]) -> int:
        """Say where the data ends, and report what is odd about its rows; ``good`` ones could be read.

        Findings below the end are dropped: what stands under a table is no part of it.
        """
        bad = np.array(self.bad_rows, dtype=np.int64)
        occupied = np.sort(np.concatenate([good, bad]))
        last = self._end(occupied)
        self.problems = [problem for problem in self.problems if problem.row <= last]
        self._more_rows(bad[MOST_ROWS:][bad[MOST_ROWS:] <= last])
        inside = occupied[occupied <= last]
        for row in np.unique(inside[1:][inside[1:] == inside[:-1]]).tolist():
            self._row_twice(row)
        if self._found.totals_rows:
            self._among_totals(good[good > last])
        if self._found.last_row is not None:
            below = good[good > max(last, self._found.last_row + self._found.totals_rows)]
            if len(below):
                self._outside(int(below.min()), len(below), last)
        shown = inside[np.isin(inside, list(hidden))] if hidden else inside[:0]
        if len(shown):
            self._hidden(shown)
        return last

    def _end(self, occupied: Numbers) -> int:
        """Give the last row: an Excel table's, and rows that follow directly below it."""
        last = self._found.last_row
        if last is None:
            return LAST_ROW
        if self._found.totals_rows:
            return last
        below = set(occupied[occupied > last].tolist())
        end = last
        while end + 1 in below:
            end += 1
        if end > last:
            self.problems.append(
                warning(
                    self._name,
                    last + 1,
                    "",
                    "",
                    "Rows {first} to {end} stand below the end of the Excel table; they count too.",
                    "Drag the table's lower right corner down over them.",
                    first=last + 1,
                    end=end,
                )
            )
        return end

    def _more_rows(self, rows: Numbers) -> None:
        if len(rows):
            self.problems.append(
                error(
                    self._name,
                    int(rows.min()),
                    "",
                    "",
                    "{count} more rows cannot be read.",
                    "Correct those that are listed, then check again.",
                    count=len(rows),
                )
            )

    def _row_twice(self, row: int) -> None:
        self.problems.append(
            error(
                self._name,
                row,
                "",
                "",
                "Row {row} is in the file twice: which one counts is unclear.",
                "Open the workbook in Excel or LibreOffice, look at this row and save the workbook.",
                row=row,
            )
        )

    def _outside(self, row: int, count: int, last: int) -> None:
        self.problems.append(
            error(
                self._name,
                row,
                "",
                "",
                "{count} filled rows, from row {row} on, are outside the Excel table: it ends in row {last}.",
                "Move them into the table, or delete them.",
                count=count,
                row=row,
                last=last,
            )
        )

    def _among_totals(self, below: Numbers) -> None:
        """Report rows that read like data where totals stand: Excel has one such row, which has no date."""
        bounds, columns = self._found.totals_rows, self._found.table.columns
        rows = below[below <= (self._found.last_row or 0) + bounds]
        dated = any(column.kind == "day" and column.filled for column in columns)
        if len(rows) and (dated or bounds > 1):
            self.problems.append(
                error(
                    self._name,
                    int(rows.min()),
                    "",
                    "",
                    "{count} rows that read like data, from row {row} on, stand where the Excel table has its"
                    " totals row.",
                    "Switch the totals row off (Table Design), or delete these rows.",
                    count=len(rows),
                    row=int(rows.min()),
                )
            )

    def _hidden(self, rows: Numbers) -> None:
        self.problems.append(
            warning(
                self._name,
                int(rows[0]),
                "",
                "",
                "{count} hidden or filtered rows hold data; they count.",
                "Show all rows and look whether they should count; delete those that should not.",
                count=len(rows),
            )
        )


def shown(cell: Cell | None) -> str:
    """Give what stands in a cell, cut where it is long."""
    text = cell.text if cell else ""
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def blank_fault(column: Column) -> Fault:
    """Say that a cell must not be blank."""
    return Fault(
        "{header} is blank.", "Fill in the cell, or delete the whole row.", header=HeaderName(column.en)
    )


def bounds_fault(column: Column) -> Fault:
    """Say that a whole number is too small or too large."""
    low, high = BOUNDS[column.field]
    return Fault(
        "{header} does not lie between {low} and {high}.",
        "Correct the number.",
        header=HeaderName(column.en),
        low=str(low),
        high=str(high),
    )
