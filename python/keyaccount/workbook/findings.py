"""What is found wrong while a table is read: in its cells, and with its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from keyaccount.problems import HeaderName, Problem, error, warning
from keyaccount.tables import Column
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.rawrows import LAST_ROW, RowFault
from keyaccount.workbook.texts import Fault

_MOST_OF_A_COLUMN = 1_000
_LONGEST_VALUE = 120

Numbers = NDArray[np.int64]


class Findings:
    """The problems of one table; of a column that is wrong throughout, the first thousand."""

    def __init__(self, found: FoundTable) -> None:
        """Name the table."""
        self._found = found
        self._name = found.table.name
        self._problems: list[Problem] = []
        self._counts: Counter[Column] = Counter()

    @property
    def problems(self) -> list[Problem]:
        """The problems found so far."""
        more = [
            error(
                self._name,
                self._found.header_row,
                column.en,
                "",
                "{count} more cells of this column are wrong.",
                "Correct the column, then check again.",
                count=count - _MOST_OF_A_COLUMN,
            )
            for column, count in self._counts.items()
            if count > _MOST_OF_A_COLUMN
        ]
        return self._problems + more

    def cell(self, row: int, column: Column, cell: Cell | None, fault: Fault) -> None:
        """Report a cell that cannot be read, or is blank and must not be."""
        self._counts[column] += 1
        if self._counts[column] <= _MOST_OF_A_COLUMN:
            value = shown(cell)
            found = Problem(
                "error", self._name, row, column.en, value, fault.problem, fault.remedy, fault.details
            )
            self._problems.append(found)

    def structure(self, faults: Iterable[RowFault]) -> None:
        """Report rows and cells that contradict themselves."""
        columns = self._found.columns
        headers = {columns[c.field]: c.en for c in self._found.table.columns if c.field in columns}
        for fault in faults:
            if fault.row > self._found.header_row:
                row, header = min(fault.row, LAST_ROW), headers.get(fault.column, "")
                self._problems.append(
                    error(self._name, row, header, fault.value, fault.problem, fault.remedy)
                )

    def last_row(self, good: Numbers, bad: Sequence[int], hidden: set[int]) -> int:
        """Say where the data ends, and report what is odd about its rows.

        ``good`` rows could be read, ``bad`` ones hold something that could not. Findings below the end are
        dropped: what stands under a table is no part of it.
        """
        occupied = np.sort(np.concatenate([good, np.array(bad, dtype=np.int64)]))
        last = self._end(occupied)
        self._problems = [problem for problem in self._problems if problem.row <= last]
        inside = occupied[occupied <= last]
        for row in np.unique(inside[1:][inside[1:] == inside[:-1]]).tolist():
            self._row_twice(row)
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
            self._problems.append(
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

    def _row_twice(self, row: int) -> None:
        self._problems.append(
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
        self._problems.append(
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

    def _hidden(self, rows: Numbers) -> None:
        self._problems.append(
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
