"""Months, quarters and years, the plan's periods (calendar years).

A month inside the program is its index ``year * 12 + month - 1``: it sorts, subtracts and groups.
A day is a ``datetime.date``; in columns it is ``int32`` days since 1970-01-01.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Kind = Literal["month", "quarter", "year"]
EPOCH = date(1970, 1, 1)
_PATTERN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|Q([1-4]))?", re.ASCII)


def month_of(day: date) -> int:
    """Give the month index of a day."""
    return day.year * 12 + day.month - 1


@lru_cache(maxsize=4096)
def month_text(month: int) -> str:
    """Write a month index as ``2026-01``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@lru_cache(maxsize=4096)
def month_from_text(text: str) -> int:
    """Read ``2026-01`` as a month index; raises ``ValueError`` otherwise."""
    period = Period.parse(text)
    if period.kind != "month":
        raise ValueError(f"expected a month such as 2026-01 ≠ found {text}")
    return period.last_month


@lru_cache(maxsize=4096)
def first_day(month: int) -> date:
    """Give the first day of a month index."""
    return date(month // 12, month % 12 + 1, 1)


@lru_cache(maxsize=4096)
def last_day(month: int) -> date:
    """Give the last day of a month index."""
    year, zero_based = divmod(month, 12)
    return date(year, zero_based + 1, calendar.monthrange(year, zero_based + 1)[1])


def add_months(day: date, months: int) -> date:
    """Move a day by whole months; a month that lacks the day ends on its last day (§3.4.2)."""
    target = month_of(day) + months
    return min(last_day(target), first_day(target) + timedelta(days=day.day - 1))


def to_number(day: date) -> int:
    """Give a day as days since 1970-01-01, as columns hold it."""
    return (day - EPOCH).days


def from_number(number: int) -> date:
    """Give the day of a column's number (days since 1970-01-01)."""
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month ``2026-01``, a quarter ``2026Q1`` or a year ``2026``; ``number`` is 1–12, 1–4 or 0."""

    kind: Kind
    year: int
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period as the plan writes it; raises ``ValueError`` otherwise."""
        match = _PATTERN.fullmatch(text)
        if match is None or match[1] < "1900":
            raise ValueError(f"expected a period such as 2026-01, 2026Q1 or 2026 ≠ found {text}")
        year = int(match[1])
        if match[2]:
            return cls("month", year, int(match[2]))
        if match[3]:
            return cls("quarter", year, int(match[3]))
        return cls("year", year)

    @classmethod
    def of_month(cls, month: int) -> Period:
        """Give the period of a month index."""
        return cls("month", month // 12, month % 12 + 1)

    @classmethod
    def quarter_of(cls, month: int) -> Period:
        """Give the quarter that holds a month index."""
        return cls("quarter", month // 12, month % 12 // 3 + 1)

    @property
    def first_month(self) -> int:
        """The period's first month index."""
        offset = {"month": self.number - 1, "quarter": 3 * self.number - 3, "year": 0}[self.kind]
        return self.year * 12 + offset

    @property
    def last_month(self) -> int:
        """The period's last month index."""
        return self.first_month + {"month": 0, "quarter": 2, "year": 11}[self.kind]

    @property
    def last_day(self) -> date:
        """The period's last day."""
        return last_day(self.last_month)

    def __str__(self) -> str:
        """Write the period as the plan does."""
        return {
            "month": f"{self.year:04d}-{self.number:02d}",
            "quarter": f"{self.year:04d}Q{self.number}",
            "year": f"{self.year:04d}",
        }[self.kind]
