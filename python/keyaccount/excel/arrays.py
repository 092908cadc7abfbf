"""Columns of exact numbers out of cells, spread against each other as Excel's dynamic arrays do, and back.

A row stands beside a column as a table of both; a single cell stands beside everything; where one range
ends before another, its missing cells are #N/A.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from keyaccount.excel.catalogue import ERROR_MARK, ERRORS
from keyaccount.excel.cells import Cells
from keyaccount.money import LARGEST_FEN, nearest_fen
from keyaccount.workbook import amounts as reading
from keyaccount.workbook import days
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, trim

Value = TypeVar("Value")
Integers = NDArray[np.int64]
Codes = NDArray[np.int16]
Reads = Callable[[object], Value]
"""What reads a cell's value; it raises ``CellError``."""

NA, NOT_A_NUMBER, TOO_LARGE, NO_DIVISOR = (ERRORS[name] for name in ("#N/A", "#VALUE!", "#NUM!", "#DIV/0!"))
_COM_ERRORS = -2146828288  # from which the CVErr number is counted
_COM_ERRORS_SPAN = 2**16  # of any error, also of one that Excel invents tomorrow
_ERROR_TEXTS = {number: ERROR_MARK + name for name, number in ERRORS.items()}
_SURE = 9e14
_NEAR_HALF = 1e-14  # what 15 significant digits and binary fractions may move a number by, relatively


class CellError(Exception):
    """A cell that gives an error instead of a value; ``number`` is CVErr's."""

    def __init__(self, number: int) -> None:
        """Keep the number."""
        super().__init__(number)
        self.number = number


class Amounts(NamedTuple):
    """Amounts in fen, which cells are in error (CVErr's number, 0 for none) and which are blank."""

    fen: Integers
    errors: Codes
    blank: NDArray[np.bool_]


class Kinds(NamedTuple, Generic[Value]):
    """Cells of few different values: the values (or their error), and which of them each cell holds."""

    values: list[Value | CellError]
    codes: Integers
    errors: Codes
    blank: NDArray[np.bool_]

    @classmethod
    def one(cls, value: Value) -> Kinds[Value]:
        """Give one value for all cells: an argument that was left out."""
        return cls([value], np.zeros(1, np.int64), np.zeros(1, np.int16), np.zeros(1, np.bool_))


def amounts_of(cells: Cells) -> Amounts:
    """Read amounts in yuan: numbers, taken to 15 significant digits and to the fen; a blank cell is 0.

    A text, a date or a truth value is #VALUE!, a number too large for a cell to show to the fen #NUM!.
    """
    flat = cells.flat
    errors = np.zeros(len(flat), np.int16)
    blank = np.zeros(len(flat), np.bool_)
    if set(map(type, flat)) == {float}:
        fen, odd = _to_fen(np.array(flat))
    else:
        numbers = [value if type(value) is float else 0.0 for value in flat]
        fen, odd = _to_fen(np.array(numbers, np.float64))
        odd |= np.array([type(value) is not float for value in flat], np.bool_)
    for index in odd.nonzero()[0].tolist():
        if flat[index] is None:
            blank[index] = True
            continue
        try:
            fen[index] = _exact_fen(flat[index])
        except CellError as error:
            errors[index] = error.number
    shape = cells.shape
    return Amounts(fen.reshape(shape), errors.reshape(shape), blank.reshape(shape))


def _to_fen(numbers: NDArray[np.float64]) -> tuple[Integers, NDArray[np.bool_]]:
    """Round to fen what lies clearly nearer to one than to the next; tell what needs the exact way."""
    scaled = numbers * 100
    sure = np.abs(scaled) < _SURE
    if not sure.all():
        scaled = np.where(sure, scaled, 0.0)
    nearest = np.rint(scaled)
    odd = 0.5 - np.abs(scaled - nearest) <= np.abs(scaled) * _NEAR_HALF
    return nearest.astype(np.int64), odd | ~sure


def _exact_fen(value: object) -> int:
    fen = nearest_fen(number_of(value))
    if abs(fen) > LARGEST_FEN:
        raise CellError(TOO_LARGE)
    return fen


def number_of(value: object) -> Decimal:
    """Read a number, exactly, at a cell's 15 significant digits; raises ``CellError``."""
    raise_error(value)
    if isinstance(value, bool) or not isinstance(value, (float, int, Decimal)):
        raise CellError(NOT_A_NUMBER)
    if not math.isfinite(value):
        raise CellError(TOO_LARGE)
    try:
        return reading.cell_number(Cell("number", str(value)))
    except Fault:
        raise CellError(TOO_LARGE) from None


def rate_within(low: Decimal, high: Decimal, *, blank: Decimal | None = None) -> Reads[Decimal]:
    """Make what reads a rate within bounds; ``blank`` is what a blank cell counts as, if it may be."""

    def read(value: object) -> Decimal:
        if value is None and blank is not None:
            return blank
        rate = number_of(value)
        if not low <= rate <= high:
            raise CellError(TOO_LARGE)
        return rate

    return read


def day_of(date1904: Callable[[], bool]) -> Reads[date]:
    """Make what reads a date: a date cell, a serial number or ISO text; a blank cell is none.

    ``date1904`` tells whether the workbook's serial numbers count from 1904; it is asked once at most.
    """
    counts_from_1904 = cache(date1904)

    def read(value: object) -> date:
        cell = cell_of(value)
        if cell is None or cell.kind == "boolean":
            raise CellError(NOT_A_NUMBER)
        try:
            if cell.kind == "number":
                return days.day(cell._replace(dated=True), date1904=counts_from_1904())
            return days.day(cell, date1904=False)
        except Fault:
            raise CellError(NOT_A_NUMBER) from None

    return read


def cell_of(value: object) -> Cell | None:
    """Give a value as the reader of workbooks sees cells, so that its rules apply; raises ``CellError``."""
    raise_error(value)
    match value:
        case None:
            return None
        case bool():
            return Cell("boolean", str(value).upper())
        case str():
            return Cell("text", value)
        case date():  # a datetime too; never rounded up to the next day
            return Cell("date", f"{value.year:04d}-{value.month:02d}-{value.day:02d}")
        case _:
            return Cell("number", str(number_of(value)))


def kinds_of(cells: Cells, read: Reads[Value]) -> Kinds[Value]:
    """Read cells of which many are alike, each different one once."""
    flat: Sequence[Hashable] = cells.flat
    alike = len(set(map(type, flat))) == 1  # else 1, 1.0 and TRUE are one key to a dictionary
    keys = flat if alike else [(type(value), value) for value in flat]
    places: defaultdict[Hashable, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, keys), np.int64, len(flat)).reshape(cells.shape)
    values: list[Value | CellError] = []
    blanks: list[bool] = []
    for key in places:
        value = key if alike else key[1]  # type: ignore[index] # a pair, as made above
        blanks.append(is_blank(value))
        try:
            values.append(read(value))
        except CellError as error:
            values.append(error)
    return Kinds(values, codes, error_numbers(values)[codes], np.array(blanks, np.bool_)[codes])


def error_numbers(values: Sequence[object]) -> Codes:
    """Give each value's error as CVErr's number, 0 for none."""
    return np.array([each.number if isinstance(each, CellError) else 0 for each in values], np.int16)


def is_blank(value: object) -> bool:
    """Tell whether a cell is blank, or holds a text that shows nothing."""
    return value is None or (isinstance(value, str) and not trim(value))


def raise_error(value: object) -> None:
    """Raise the error that a cell shows, as a COM code or as its text."""
    if type(value) is int and 0 <= value - _COM_ERRORS < _COM_ERRORS_SPAN:
        number = value - _COM_ERRORS
        raise CellError(number if number in _ERROR_TEXTS else NOT_A_NUMBER)
    if isinstance(value, str) and value.startswith("#") and value in ERRORS:
        raise CellError(ERRORS[value])


def extent(arguments: Sequence[Cells]) -> tuple[int, int]:
    """Give the rows and columns of the result."""
    shapes = [cells.shape for cells in arguments]
    return max(rows for rows, _ in shapes), max(columns for _, columns in shapes)


def spread(array: NDArray[Any], cells: Cells, shape: tuple[int, int], missing: int = 0) -> NDArray[Any]:
    """Lay an argument's array out over the result, flat; ``missing`` stands where it has no cell."""
    if array.shape == shape:
        return array.reshape(-1)
    rows, columns = array.shape
    height = shape[0] if cells.height == 1 else rows
    width = shape[1] if cells.width == 1 else columns
    laid = np.broadcast_to(array, (height, width))
    if (height, width) != shape:
        whole = np.full(shape, missing, array.dtype)
        whole[:height, :width] = laid
        laid = whole
    return laid.reshape(-1)


def yuan_of(fen: NDArray[Any]) -> NDArray[Any]:
    """Give amounts as Excel takes them: the number nearest to the yuan with two decimals."""
    return fen.astype(np.float64) / 100


def spilled(values: NDArray[Any], errors: Codes, shape: tuple[int, int], arguments: Sequence[Cells]) -> Any:
    """Give the result: a single value where all arguments are, else rows of cells."""
    if errors.any():
        values = values.astype(object)
        for index in errors.nonzero()[0].tolist():
            values[index] = _ERROR_TEXTS[int(errors[index])]
    rows = values.reshape(shape).tolist()
    return rows[0][0] if all(cells.single for cells in arguments) else rows


def error_text(number: int) -> str:
    """Give the text that the add-in turns into a cell error."""
    return _ERROR_TEXTS[number]
