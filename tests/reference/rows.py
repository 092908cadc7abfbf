"""The input tables as plain Python rows, and the calendar in plain arithmetic."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from keyaccount.tables import Inputs

BLANK_DAY = -(2**31)


@dataclass(frozen=True)
class Sale:
    """A row of Sales, in fen."""

    sale_id: str
    day: date
    account: str
    gross: int
    discount: int


@dataclass(frozen=True)
class Adjustment:
    """A row of Adjustments; ``fen`` is the amount as it stands, with VAT if there is a rate."""

    adjustment_id: str
    day: date
    kind: str
    account: str
    fen: int
    sale_id: str
    original: date | None
    vat: Fraction | None


@dataclass(frozen=True)
class Period:
    """A period as three plain facts: its kind, its first and its last month (year * 12 + month - 1)."""

    text: str
    kind: str
    first: int
    last: int

    @property
    def year(self) -> int:
        """The calendar year that the period lies in."""
        return self.first // 12


def day_of(number: int) -> date:
    """Turn days since 1970-01-01 into a date."""
    return date(1970, 1, 1) + timedelta(days=int(number))


def sales_rows(inputs: Inputs) -> list[Sale]:
    """List the sales row by row."""
    columns = inputs.sales
    return [
        Sale(
            str(columns.sale_id[i]),
            day_of(columns.date[i]),
            str(columns.account_id[i]),
            int(columns.gross[i]),
            int(columns.discount[i]),
        )
        for i in range(len(columns.row))
    ]


def adjustment_rows(inputs: Inputs) -> list[Adjustment]:
    """List the adjustments row by row."""
    columns = inputs.adjustments
    return [
        Adjustment(
            str(columns.adjustment_id[i]),
            day_of(columns.date[i]),
            str(columns.type[i]),
            str(columns.account_id[i]),
            int(columns.amount[i]),
            str(columns.sale_id[i]),
            None if int(columns.original_date[i]) == BLANK_DAY else day_of(columns.original_date[i]),
            exact(columns.vat_rate[i]),
        )
        for i in range(len(columns.row))
    ]


def exact(value: Decimal | None) -> Fraction | None:
    """Turn a rate into a fraction; a blank stays a blank."""
    return None if value is None else Fraction(value)


def half_away(value: Fraction | int) -> int:
    """Round as Excel's ROUND does: half away from zero."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    magnitude = whole + 1 if 2 * rest >= value.denominator else whole
    return magnitude if value.numerator >= 0 else -magnitude


def times(amount: int, factor: Fraction) -> int:
    """Multiply fen by an exact factor and round once."""
    part = 2 * abs(amount * factor.numerator) + factor.denominator
    magnitude = part // (2 * factor.denominator)
    return magnitude if amount * factor.numerator >= 0 else -magnitude


def month_of(day: date) -> int:
    """Give the month of a day as year * 12 + month - 1."""
    return 12 * day.year + day.month - 1


def month_text(month: int) -> str:
    """Write a month as 2026-01."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def month_number(text: str) -> int:
    """Read 2026-01."""
    return 12 * int(text[:4]) + int(text[5:7]) - 1


def month_end(month: int) -> date:
    """Give a month's last day."""
    year, index = divmod(month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


def months_later(day: date, months: int) -> date:
    """Move a day by months; a month that lacks the day ends on its last day (§3.4.2)."""
    last = month_end(month_of(day) + months)
    return last if day.day > last.day else last.replace(day=day.day)


def period_of(text: str) -> Period:
    """Read a period: 2026-01, 2026Q1 or 2026."""
    year = int(text[:4])
    if re.fullmatch(r"\d{4}-\d\d", text):
        return Period(text, "month", month_number(text), month_number(text))
    if re.fullmatch(r"\d{4}Q[1-4]", text):
        first = 12 * year + 3 * (int(text[5]) - 1)
        return Period(text, "quarter", first, first + 2)
    return Period(text, "year", 12 * year, 12 * year + 11)
