"""Cells that hold dates, moments, months and periods; in both of Excel's date systems, or as ISO text."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from keyaccount.money import number_text
from keyaccount.periods import Period, month_of
from keyaccount.workbook.amounts import cell_number
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, plain

LAST_SERIAL = {False: 2_958_465, True: 2_957_003}  # 31 December 9999; True: the 1904 system
FIRST_SERIAL = {False: 61, True: 0}  # before 61, the 1900 system counts a day that never was
EPOCH = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_NO_SUCH_DAY = 60
_ISO = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?)?", re.IGNORECASE
)
_MONTH = re.compile("[0-9]{4}-[0-9]{2}")
_SECONDS_A_DAY = 86_400
_FIRST_YEAR = 1900


def day(cell: Cell, *, date1904: bool) -> date:
    """Read a date, the time of day dropped; raises ``Fault``."""
    return moment(cell, date1904=date1904).date()  # never rounded up to the next day


def moment(cell: Cell, *, date1904: bool) -> datetime:
    """Read a date with its time of day, to the second; raises ``Fault``."""
    if cell.kind == "number":
        if not cell.dated:
            raise Fault(
                "This is a number, not a date.",
                "Enter the date anew, or format the cell as a date and look whether it is the right one.",
            )
        return _moment_of_serial(cell, date1904=date1904)
    found = moment_of_text(cell.text) if cell.kind in {"text", "date"} else None
    if found is None:
        raise Fault("This is not a date.", "Enter a date, or the text 2026-01-31.")
    return found


def moment_of_text(text: str) -> datetime | None:
    """Read ISO text, such as 2026-01-31 or 2026-01-31 08:30; None when it is none."""
    found = _ISO.fullmatch(plain(text))
    if found is None:
        return None
    try:
        moment = datetime.combine(date.fromisoformat(found[1]), time.fromisoformat(found[2] or "00:00"))
    except ValueError:
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def month(cell: Cell, *, date1904: bool) -> int:
    """Read a month, a date of it or ``2026-01``, into its index; raises ``Fault``."""
    if cell.kind == "number" and cell.dated:
        return month_of(day(cell, date1904=date1904))
    text = plain(cell.text) if cell.kind in {"text", "date"} else ""
    found = moment_of_text(f"{text}-01" if _MONTH.fullmatch(text) else text)
    if found is None:
        raise Fault("This is not a month.", "Enter a date of the month, or the text 2026-01.")
    return month_of(found)


def period(cell: Cell, *, date1904: bool) -> str:
    """Read a period; a date counts as its month (Excel turns a typed 2026-01 into one); raises ``Fault``."""
    if cell.kind == "number" and cell.dated:
        return str(Period.of_month(month(cell, date1904=date1904)))
    text = number_text(cell_number(cell)) if cell.kind == "number" else plain(cell.text).upper()
    try:
        return str(Period.parse(text))
    except ValueError:
        raise Fault("This is not a period.", "Enter 2026-01, 2026Q1 or 2026 as text.") from None


def _moment_of_serial(cell: Cell, *, date1904: bool) -> datetime:
    serial = cell_number(cell)
    if not (0 if date1904 else 1) <= serial < LAST_SERIAL[date1904] + 1:
        raise Fault("This number is no date.", "Enter a date between 1900 and 9999.")
    number = int(serial)
    if number == _NO_SUCH_DAY and not date1904:
        raise Fault("This is 29 February 1900, a day that never was.", "Enter the right date.")
    first = EPOCH[date1904] + timedelta(days=1 if number < FIRST_SERIAL[date1904] else 0)
    seconds = min(round((serial - number) * _SECONDS_A_DAY), _SECONDS_A_DAY - 1)
    return datetime.combine(first + timedelta(days=number), time()) + timedelta(seconds=seconds)
