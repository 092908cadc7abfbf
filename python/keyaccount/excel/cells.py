"""Arguments of cell functions as Excel hands them over: a cell, a row, a column or a block, uncleaned.

xlwings' own conversion looks at every cell twice and turns cell errors into blanks; the raw values keep
them: a number is a float, a blank None, an error an int (its COM code), a date a datetime.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from xlwings.conversion import Accessor, Pipeline

LARGE = 20_000
"""Ranges of more cells are read only as far as the sheet is used."""


class Cells(NamedTuple):
    """An argument's cells, row by row; ``height`` and ``width`` are the range's own.

    Fewer rows or columns than that: the range was cut where its sheet ends; what follows is blank.
    """

    rows: Sequence[Sequence[Any]]
    height: int
    width: int
    single: bool = False  # one value, not a range or array of one cell

    @classmethod
    def of(cls, value: Any) -> Cells:
        """Take a value, a row, or rows."""
        if isinstance(value, Cells):
            return value
        if not isinstance(value, (list, tuple)):
            return cls(((value,),), 1, 1, single=True)
        if not value or not isinstance(value[0], (list, tuple)):
            value = (value,)
        return cls(value, len(value), len(value[0]))

    @property
    def shape(self) -> tuple[int, int]:
        """The rows and columns that are here."""
        return len(self.rows), len(self.rows[0])

    @property
    def flat(self) -> list[Any]:
        """The cells, row by row."""
        return list(chain.from_iterable(self.rows))

    def filled(self, height: int, width: int) -> Cells:
        """Put back the blanks of a cut range, as far as the others reach."""
        rows, columns = self.shape
        more_rows = max(min(height, self.height) - rows, 0)
        more_columns = max(min(width, self.width) - columns, 0)
        if not more_rows and not more_columns:
            return self
        widened = [[*row, *[None] * more_columns] for row in self.rows]
        widened += [[None] * (columns + more_columns)] * more_rows
        return self._replace(rows=widened)


class CellArgument(Accessor):
    """How xlwings hands arguments to a cell function and takes its result: no cell is touched."""

    @classmethod
    def reader(cls, _options: Any) -> Pipeline:
        """Give the one stage that reads."""
        return Pipeline([_read])

    @classmethod
    def writer(cls, _options: Any) -> Pipeline:
        """Give the one stage that returns: COM is handed rows, of a single value too."""
        return Pipeline([_hand_over])


def _read(context: Any) -> None:
    context.value = Cells.of(context.value) if context.range is None else _range(context.range)


def _range(place: Any) -> Cells:
    height, width = place.shape
    rows, columns = height, width
    if height * width > LARGE:
        end = place.sheet.used_range.last_cell
        rows = max(min(height, end.row - place.row + 1), 1)
        columns = max(min(width, end.column - place.column + 1), 1)
        place = place.resize(rows, columns)
    value = place.raw_value
    if not isinstance(value, (list, tuple)):
        return Cells(((value,),), height, width, single=height == width == 1)
    if not isinstance(value[0], (list, tuple)):  # some engines give a row or a column flat
        value = [value] if rows == 1 else [(each,) for each in value]
    return Cells(value, height, width)


def _hand_over(context: Any) -> None:
    if not isinstance(context.value, list):
        context.value = [[context.value]]
