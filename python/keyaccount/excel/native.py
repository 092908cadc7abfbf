"""What xlwings has no name for, in Excel's own object model, as Windows offers it (COM).

Nothing but this module and its twin for the Mac touches ``.api``; ``native`` gives the one that fits.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from keyaccount.excel.comwriting import ComWriting
from keyaccount.translation import Language
from keyaccount.workbook.formats import is_date_format
from keyaccount.workbook.look import PROTECTION

if TYPE_CHECKING:
    import xlwings as xw

_FIRST_ERROR = -2146828288
_ERRORS = {
    2000: "#NULL!",
    2007: "#DIV/0!",
    2015: "#VALUE!",
    2023: "#REF!",
    2029: "#NAME?",
    2036: "#NUM!",
    2042: "#N/A",
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}
_MENUS, _CHINESE = 2, frozenset({1028, 2052, 3076, 4100, 5124})
"""What Excel is asked for, and its numbers for Chinese as written in five places."""
_BUSY = frozenset({-2147418111, -2146777998, -2147417846})
"""RPC_E_CALL_REJECTED, VBA_E_IGNORE (a cell is being edited), RPC_E_SERVERCALL_RETRYLATER."""


class CellError(str):
    """An error cell's text."""

    __slots__ = ()


class Dated(float):
    """A number that is shown as a date or time."""

    __slots__ = ()


Value = float | str | bool | None
"""A cell's value; a number may be ``Dated``, a text a ``CellError``."""
Rows = list[list[Value]]


class Extent(NamedTuple):
    """How far a sheet is filled."""

    rows: int
    columns: int


class Font(NamedTuple):
    """A font; ``colour``: eight hex digits, or nothing for the usual one."""

    name: str
    size: float
    colour: str = ""


def is_busy(problem: BaseException) -> bool:
    """Tell whether Excel refused a call because a cell is being edited or a dialog is open."""
    if type(problem).__name__ == "ExcelBusyError":
        return True
    codes = [getattr(problem, "hresult", None), *problem.args]
    for each in problem.args:
        codes += each if isinstance(each, tuple) else ()
    return any(isinstance(code, int) and code in _BUSY for code in codes)


def permissions() -> dict[str, bool]:
    """Give what the protection of result sheets locks, by the attributes of the writer's files."""
    return {name: value == "1" for name, value in re.findall(r'(\w+)="(\d)"', PROTECTION)}


def as_rows(values: object) -> list[list[object]]:
    """Give what Excel hands over for a range as rows; a single cell comes bare."""
    if not isinstance(values, (tuple, list)):
        return [[values]]
    if values and not isinstance(values[0], (tuple, list)):
        return [list(values)]
    return [list(row) for row in values]


def least(low: int, high: int, reached: Callable[[int], bool]) -> int:
    """Give the least number from low to high for which ``reached`` holds; it holds for high."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle + 1, high)
    return low


def _from_com(value: object) -> Value:
    """Give a value of ``Value2``: a number is a float, an error a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return CellError(_ERRORS.get(value - _FIRST_ERROR, "#UNKNOWN!"))
    return value if isinstance(value, (bool, float)) else str(value) if value else None


def _hex(colour: float | None) -> str:
    """Give Excel's colour as files write it; nothing for black and for none."""
    blue, green, red = int(colour or 0).to_bytes(3, "big")
    return f"FF{red:02X}{green:02X}{blue:02X}" if colour else ""


def _dated(cells: xw.Range, first: int, numbers: Sequence[int]) -> Iterator[int]:
    """Tell which of a column's numbers are shown as dates: by its one number format, else by its values."""
    code = cells.api.NumberFormat
    if code is not None:
        yield from numbers if is_date_format(str(code)) else ()
        return
    shown = as_rows(cells.api.Value)
    yield from (place for place in numbers if isinstance(shown[place - first][0], datetime))


class ComExcel(ComWriting):
    """Excel's object model as Windows offers it; every call goes to another process."""

    copies_charts = True
    """Whether charts come along when cells are copied; else their sheet is copied as a whole."""

    # --- reading ----------------------------------------------------------------------------------

    def extent(self, sheet: xw.Sheet) -> Extent:
        """Give a sheet's last filled row and column; formats without values do not count."""
        used = sheet.used_range
        top, left = used.row, used.column
        bottom, right = top + used.shape[0] - 1, left + used.shape[1] - 1
        if not self._filled(sheet, (top, left), (bottom, right)):
            return Extent(0, 0)

        def rows_end(row: int) -> bool:
            return row == bottom or not self._filled(sheet, (row + 1, left), (bottom, right))

        def columns_end(column: int) -> bool:
            return column == right or not self._filled(sheet, (top, column + 1), (bottom, right))

        last_row = bottom if not rows_end(bottom - 1) else least(top, bottom, rows_end)
        last_column = right if not columns_end(right - 1) else least(left, right, columns_end)
        return Extent(last_row, last_column)

    def _filled(self, sheet: xw.Sheet, first: tuple[int, int], last: tuple[int, int]) -> int:
        area = sheet.range(first, last).api
        return int(area.Application.WorksheetFunction.CountA(area))

    def values(self, area: xw.Range) -> Rows:
        """Give a range's values exactly: ``Value2`` cuts no currency to four decimals and knows no dates."""
        rows = [list(map(_from_com, row)) for row in as_rows(area.api.Value2)]
        for index, column in enumerate(zip(*rows, strict=True)):
            numbers = [place for place, value in enumerate(column) if isinstance(value, float)]
            if numbers:
                first, last = numbers[0], numbers[-1]
                cells = area.sheet.range(
                    (area.row + first, area.column + index), (area.row + last, area.column + index)
                )
                for place in _dated(cells, first, numbers):
                    rows[place][index] = Dated(column[place])
        return rows

    def hidden_rows(self, area: xw.Range, values: Rows) -> set[int]:
        """Give the numbers of the rows that are hidden or filtered and hold one of the range's values."""
        if area.api.EntireRow.Hidden is False:
            return set()
        first, last = area.row, area.row + area.shape[0] - 1
        head = area.sheet.range((first, area.column), (first, area.column + area.shape[1] - 1))
        places = area.sheet.range((first, area.column), (last, area.column))
        formula = f"SUBTOTAL(103,OFFSET({head.address},ROW({places.address})-{first},0))"
        shown = [row[0] for row in as_rows(area.sheet.api.Evaluate(formula))]
        filled = (any(value is not None for value in row) for row in values)
        rows = zip(range(first, last + 1), shown, filled, strict=True)
        return {row for row, count, full in rows if full and not count}

    def date1904(self, book: xw.Book) -> bool:
        """Tell whether dates count from 1904."""
        return bool(book.api.Date1904)

    def normal_font(self, book: xw.Book) -> Font:
        """Give the font that the workbook's plain cells have."""
        try:
            font = book.api.Styles("Normal").Font
        except Exception:  # noqa: BLE001 a style of another name, in some languages
            return Font(str(book.app.api.StandardFont), float(book.app.api.StandardFontSize))
        return Font(str(font.Name), float(font.Size), _hex(font.Color))

    def language(self, app: xw.App) -> Language | None:
        """Give the language of Excel itself, where it says one."""
        with suppress(Exception):
            return "zh" if app.api.LanguageSettings.LanguageID(_MENUS) in _CHINESE else "en"
        return None

    def tab_colour(self, sheet: xw.Sheet) -> str:
        """Give the colour of a sheet's tab, as a font's."""
        return _hex(sheet.api.Tab.Color)

    # --- what stands in the way -------------------------------------------------------------------

    def read_only(self, book: xw.Book) -> bool:
        """Tell whether the workbook was opened read-only."""
        return bool(book.api.ReadOnly)

    def fixed_structure(self, book: xw.Book) -> bool:
        """Tell whether sheets may not be added."""
        return bool(book.api.ProtectStructure)

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Tell whether a sheet is protected."""
        return bool(sheet.api.ProtectContents)

    def unprotect(self, sheet: xw.Sheet) -> bool:
        """Lift a sheet's protection; False where it has a password, which is not asked for."""
        with suppress(Exception):
            sheet.api.Unprotect("")
        return not self.is_protected(sheet)

    def protect(self, sheet: xw.Sheet) -> None:
        """Protect a sheet without password, as the writer's files have it: filters, widths, copying work."""
        locked = permissions()
        allowed = {name: not value for name, value in locked.items()}
        sheet.api.Protect(
            "",
            locked["objects"],
            True,  # noqa: FBT003 contents; COM takes no names here
            locked["scenarios"],
            False,  # noqa: FBT003 macros are locked out too: a later one lifts the protection
            allowed.get("formatCells", False),
            allowed.get("formatColumns", False),
            allowed.get("formatRows", False),
            *(False,) * 5,  # nothing is inserted or deleted
            allowed.get("sort", False),
            allowed.get("autoFilter", False),
        )


@cache
def native() -> Any:
    """Give Excel's object model on this system."""
    if sys.platform == "darwin":
        from keyaccount.excel.mac import MacExcel

        return MacExcel()
    return ComExcel()
