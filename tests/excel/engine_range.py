"""Ranges of the test Excel: values, formulas, formats, and what copying does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.formula.translate import Translator
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension, RowDimension
from openpyxl.worksheet.hyperlink import Hyperlink

from tests.excel.engine_values import Com, as_formula, com_error, inner, typed, value, value2

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

    from tests.excel.engine_sheet import Worksheet

_LOOKS = ("font", "fill", "border", "alignment", "number_format", "protection")
_STRING = re.compile(r'("(?:[^"]|"")*")')
_SHEET = re.compile(r"'((?:[^'\[\]]|'')+)'!|(?<![\w'\]])([^\W\d][\w.]*)!")
_MOST_CELLS = 5_000_000


class Range(Com):
    """Cells of a sheet."""

    def __init__(self, sheet: Worksheet, row: int, column: int, last_row: int, last_column: int) -> None:
        super().__init__(sheet.app)
        self.sheet = sheet
        self.row, self.column, self.last_row, self.last_column = row, column, last_row, last_column

    def __call__(self, row: int, column: int) -> Range:
        return Range(self.sheet, *(self.row + row - 1, self.column + column - 1) * 2)

    # --- where ------------------------------------------------------------------------------------

    @property
    def Row(self) -> int:
        return self.row

    @property
    def Column(self) -> int:
        return self.column

    @property
    def Rows(self) -> Any:
        return type("Rows", (), {"Count": self.last_row - self.row + 1})()

    @property
    def Columns(self) -> Any:
        return type("Columns", (), {"Count": self.last_column - self.column + 1})()

    @property
    def Count(self) -> int:
        if self.whole:
            raise com_error(-2146827284, "Overflow")
        return (self.last_row - self.row + 1) * (self.last_column - self.column + 1)

    @property
    def Worksheet(self) -> Worksheet:
        return self.sheet

    Parent = Worksheet

    @property
    def Application(self) -> Any:
        return self.app

    @property
    def Address(self) -> str:
        first, last = (
            f"${get_column_letter(column)}${row}"
            for row, column in ((self.row, self.column), (self.last_row, self.last_column))
        )
        return first if first == last else f"{first}:{last}"

    # --- what is there ----------------------------------------------------------------------------

    @property
    def whole(self) -> bool:
        return (self.last_row - self.row + 1) * (self.last_column - self.column + 1) > _MOST_CELLS

    def cells(self) -> Iterator[tuple[int, int, Cell]]:
        """Give the cells that exist."""
        for (row, column), cell in list(self.sheet.sheet._cells.items()):
            if self.row <= row <= self.last_row and self.column <= column <= self.last_column:
                yield row, column, cell

    def filled(self) -> int:
        return sum(self._shown(row, column, cell) is not None for row, column, cell in self.cells())

    def _shown(self, row: int, column: int, cell: Cell) -> object:
        if cell.data_type != "f":
            return cell.value
        return self.sheet.shown.get((row, column))

    def _each(self, give: Any, blank: object) -> object:
        if self.whole:
            raise MemoryError("nobody should read this much")
        cells, epoch = self.sheet.sheet._cells, self.sheet.book.book.epoch
        rows = tuple(
            tuple(
                blank
                if (cell := cells.get((row, column))) is None
                else give(cell, self._shown(row, column, cell), epoch)
                for column in range(self.column, self.last_column + 1)
            )
            for row in range(self.row, self.last_row + 1)
        )
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows

    @property
    def Value2(self) -> object:
        return self._each(value2, None)

    @property
    def Value(self) -> object:
        return self._each(value, None)

    @Value.setter
    def Value(self, given: Any) -> None:
        self._type(given)

    @property
    def Formula(self) -> object:
        return self._each(as_formula, "")

    @Formula.setter
    def Formula(self, given: Any) -> None:
        self._type(given)

    def _type(self, given: Any) -> None:
        self.sheet.refuse_if_protected()
        rows = given if isinstance(given, (list, tuple)) else [[given]]
        for row, texts in enumerate(rows, start=self.row):
            for column, text in enumerate(texts, start=self.column):
                cell = self.sheet.sheet.cell(row, column)
                before = str(cell.value) if cell.data_type == "f" else ""
                typed(cell, text)
                if cell.data_type != "f" or _local(before) != _local(str(cell.value)):
                    self.sheet.shown.pop((row, column), None)  # it would have to be calculated

    @property
    def NumberFormat(self) -> str | None:
        found = {
            "General" if cell is None else cell.number_format
            for row in range(self.row, self.last_row + 1)
            for column in range(self.column, self.last_column + 1)
            for cell in [self.sheet.sheet._cells.get((row, column))]
        }
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self.sheet.refuse_if_protected()
        for row in range(self.row, self.last_row + 1):
            for column in range(self.column, self.last_column + 1):
                self.sheet.sheet.cell(row, column).number_format = code

    @property
    def EntireRow(self) -> Any:
        dimensions = self.sheet.sheet.row_dimensions
        hidden = {
            bool(dimensions[row].hidden) for row in range(self.row, self.last_row + 1) if row in dimensions
        }
        if len(dimensions) < self.last_row - self.row + 1:
            hidden.add(False)  # noqa: FBT003 a value
        return type("EntireRow", (), {"Hidden": hidden.pop() if len(hidden) == 1 else None})()

    def Select(self) -> None:
        self.sheet.book.selection = (self.sheet.name, self.Address)

    # --- changing ---------------------------------------------------------------------------------

    def Clear(self) -> None:
        self.sheet.refuse_if_protected()
        for row, column, _cell in self.cells():
            del self.sheet.sheet._cells[row, column]
            self.sheet.shown.pop((row, column), None)
        if self.whole:
            self.sheet.sheet.data_validations.dataValidation.clear()

    def AutoFilter(self, _field: int) -> None:
        self.sheet.refuse_if_protected()
        self.sheet.sheet.auto_filter.ref = self.Address.replace("$", "")

    def Copy(self, Destination: Any) -> None:
        """Copy all cells of a sheet to A1 of another, with widths, heights and, if wanted, charts.

        Or a row onto another of the same sheet.
        """
        target = inner(Destination)
        if target.sheet is self.sheet and self.row == self.last_row and not self.whole:
            self._copy_row(target)
            return
        if not self.whole or (target.row, target.column) != (1, 1):
            raise com_error(1004, "The test Excel copies whole sheets only.")
        target.sheet.refuse_if_protected()
        target.Clear()
        copy_cells(self.sheet, target.sheet)
        if self.app.CopyObjectsWithCells and self.app.carries_charts:
            _copy_charts(self.sheet, target.sheet)

    def _copy_row(self, target: Range) -> None:
        """Copy a row onto another of the same sheet; formulas move along."""
        self.sheet.refuse_if_protected()
        target.Clear()
        for _row, column, cell in self.cells():
            made = self.sheet.sheet.cell(target.row, column - self.column + target.column)
            made._style, made._value, made.data_type = copy(cell._style), cell._value, cell.data_type
            if cell.data_type == "f":
                made._value = Translator(cell._value, cell.coordinate).translate_formula(made.coordinate)


def copy_cells(source: Worksheet, target: Worksheet) -> None:
    """Copy cells, looks, widths, heights, links and prompts; formulas point back to the other workbook."""
    styles: dict[tuple[int, ...], Any] = {}
    for (row, column), cell in source.sheet._cells.items():
        made = target.sheet.cell(row, column)
        _copy_style(cell, made, styles)
        made._value, made.data_type = cell._value, cell.data_type
        if cell.data_type == "f":
            made._value = _outside(str(cell._value), target, source)
            if (row, column) in source.shown:
                target.shown[row, column] = source.shown[row, column]
        if cell.hyperlink:
            target_file = source.book.path if source.app.leads_links_out else None
            link = Hyperlink(ref=cell.coordinate, location=cell.hyperlink.location, target=target_file)
            made.hyperlink = link
    _copy_dimensions(source.sheet, target.sheet)
    target.sheet.data_validations.dataValidation = [
        copy(each) for each in source.sheet.data_validations.dataValidation
    ]


def _copy_style(cell: Cell, made: Cell, styles: dict[tuple[int, ...], Any]) -> None:
    if not cell.has_style:
        return
    key = tuple(cell._style)
    if key not in styles:
        for look in _LOOKS:
            setattr(made, look, copy(getattr(cell, look)))
        styles[key] = copy(made._style)
    made._style = copy(styles[key])


def _copy_dimensions(source: Any, target: Any) -> None:
    target.column_dimensions.clear()
    for key, each in source.column_dimensions.items():
        target.column_dimensions[key] = ColumnDimension(
            target, index=each.index, width=each.width, hidden=each.hidden, min=each.min, max=each.max
        )
    target.row_dimensions.clear()
    for key, each in source.row_dimensions.items():
        target.row_dimensions[key] = RowDimension(target, index=each.index, ht=each.ht, hidden=each.hidden)


def _copy_charts(source: Worksheet, target: Worksheet) -> None:
    from tests.excel.engine_parts import ChartObject

    for chart in source.charts:
        formulas = [_outside(each.formula, target, source) for each in chart.series]
        target.charts.append(ChartObject(target, chart.name, formulas))


def _outside(formula: str, target: Worksheet, source: Worksheet) -> str:
    """Give a formula as a copy in another workbook has it: its sheets are still those of the first one."""
    name = source.book.name
    if name == target.book.name:
        return formula

    def elsewhere(found: re.Match[str]) -> str:
        return f"'[{name}]{found[1] or found[2]}'!"

    pieces = _STRING.split(formula)
    inside = [piece if piece.startswith('"') else _SHEET.sub(elsewhere, piece) for piece in pieces]
    return "".join(inside).replace(f"[{target.book.name}]", "")


def _local(formula: str) -> str:
    """Give a formula without the workbooks that it names, and without quotes."""
    return re.sub(r"\[[^\]]*\]", "", formula).replace("'", "")
