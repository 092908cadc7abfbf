"""What all COM objects of the test Excel share: calls are counted; values as COM hands them over."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl.utils.datetime import to_excel

from tests.excel.win_stub import ComError, Dispatched, error

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

    from tests.excel.engine import Application

ERRORS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}
_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?%?")


class Com(Dispatched):
    """A COM object. What begins with a capital is Excel's and counted; the rest is the test's."""

    app: Application

    def __init__(self, app: Application) -> None:
        object.__setattr__(self, "app", app)

    def __getattribute__(self, name: str) -> Any:
        if name[0].isupper():
            object.__getattribute__(self, "app").tick(f"{type(self).__name__}.{name}")
        return object.__getattribute__(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        if name[0].isupper():
            object.__getattribute__(self, "app").tick(f"{type(self).__name__}.{name}=", value)
        object.__setattr__(self, name, value)


def com_error(number: int, text: str) -> ComError:
    """Make an error as COM raises it."""
    hresult = number if number < 0 else -2147352567
    return ComError(hresult, text, (0, "Microsoft Excel", text, None, 0, number), None)


def inner(thing: Any) -> Any:
    """Take xlwings' wrapper off a COM object."""
    return vars(thing).get("_inner", thing)


def value2(cell: Cell, shown: object, epoch: datetime) -> object:
    """Give a cell's Value2: floats, whole numbers for errors, no dates."""
    if isinstance(shown, bool):
        return shown
    if isinstance(shown, str):
        return error(ERRORS[shown]) if cell.data_type in "ef" and shown in ERRORS else shown
    if isinstance(shown, (int, float)):
        return float(shown)
    return None if shown is None else float(to_excel(shown, epoch))


def value(cell: Cell, shown: object, epoch: datetime) -> object:
    """Give a cell's Value: dates as dates."""
    return shown if isinstance(shown, datetime) else value2(cell, shown, epoch)


def as_formula(cell: Cell, shown: object, epoch: datetime) -> str:
    """Give a cell's Formula: a constant as its text."""
    if cell.data_type == "f":
        return str(cell.value)
    plain = value2(cell, shown, epoch)
    if isinstance(plain, bool):
        return "TRUE" if plain else "FALSE"
    if isinstance(plain, float):
        return f"{plain:.15g}"
    return str(shown) if shown is not None else ""


def typed(cell: Cell, text: object) -> None:
    """Assign a value as Excel takes it, as if it were typed."""
    if not isinstance(text, str):
        cell.value = text
        return
    if cell.number_format == "@" and text:
        cell.value, cell.data_type = text, "s"
        return
    date = _DATE.fullmatch(text)
    if text.startswith(("=", "+", "-")) and len(text) > 1 and not _NUMBER.fullmatch(text):
        cell.value = "=" + text.lstrip("=+")
    elif date:
        cell.value = datetime(int(date[1]), int(date[2]), int(date[3] or 1))  # noqa: DTZ001 Excel knows no zones
    elif _NUMBER.fullmatch(text) and math.isfinite(float(text.rstrip("%"))):
        cell.value = float(text.rstrip("%"))
    else:
        cell.value = text or None
        if text:
            cell.data_type = "s"
