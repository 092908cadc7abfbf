"""Months, quarters, years and days: ends of months, leap years, texts that are no period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import periods
from keyaccount.periods import Period

DAYS = st.dates(date(1950, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-08-31", 6, "2026-02-28"),  # plan §3.4.2
        ("2027-08-31", 6, "2028-02-29"),  # in a leap year
        ("2026-03-01", 12, "2027-03-01"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-05-31", 1, "2026-06-30"),  # thirty days later would be 30 June, too
        ("2026-01-31", 1, "2026-02-28"),  # thirty days later would be 2 March
        ("2026-07-31", 0, "2026-07-31"),
        ("2026-02-28", 6, "2026-08-28"),  # not the end of August
        ("2026-01-10", -1, "2025-12-10"),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(start: str, months: int, end: str) -> None:
    assert periods.add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(day=DAYS, months=st.integers(-60, 60))
def test_months_later_lies_in_that_month(day: date, months: int) -> None:
    later = periods.add_months(day, months)
    assert periods.month_of(later) == periods.month_of(day) + months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(day=DAYS)
def test_a_day_is_its_number_and_lies_in_its_month(day: date) -> None:
    assert periods.from_number(periods.to_number(day)) == day
    month = periods.month_of(day)
    assert periods.first_day(month) <= day <= periods.last_day(month)
    assert periods.month_from_text(periods.month_text(month)) == month
    assert Period.parse(str(Period.of_month(month))) == Period.of_month(month)


def test_the_first_day_of_all_is_number_zero() -> None:
    assert periods.to_number(date(1970, 1, 1)) == 0
    assert periods.to_number(date(1969, 12, 31)) == -1
    assert periods.to_number(date(2026, 1, 1)) == 20_454


@pytest.mark.parametrize(
    ("month", "end"),
    [
        ("2024-02", "2024-02-29"),
        ("2100-02", "2100-02-28"),
        ("2000-02", "2000-02-29"),
        ("2026-12", "2026-12-31"),
    ],
)
def test_a_months_last_day(month: str, end: str) -> None:
    assert periods.last_day(periods.month_from_text(month)) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "last_day"),
    [
        ("2026-01", "month", "2026-01", "2026-01", "2026-01-31"),
        ("2026-12", "month", "2026-12", "2026-12", "2026-12-31"),
        ("2026Q1", "quarter", "2026-01", "2026-03", "2026-03-31"),
        ("2026Q4", "quarter", "2026-10", "2026-12", "2026-12-31"),
        ("2026", "year", "2026-01", "2026-12", "2026-12-31"),
    ],
)
def test_a_period_reaches_from_its_first_month_to_its_last(
    text: str, kind: str, first: str, last: str, last_day: str
) -> None:
    period = Period.parse(text)
    assert (period.kind, period.year, str(period)) == (kind, 2026, text)
    assert periods.month_text(period.first_month) == first
    assert periods.month_text(period.last_month) == last
    assert period.last_day == date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("month", "quarter"),
    [("2026-01", "2026Q1"), ("2026-03", "2026Q1"), ("2026-04", "2026Q2"), ("2026-12", "2026Q4")],
)
def test_the_quarter_of_a_month(month: str, quarter: str) -> None:
    assert str(Period.quarter_of(periods.month_from_text(month))) == quarter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-1",
        "2026-00",
        "2026-13",
        "2026Q0",
        "2026Q5",
        "2026-Q1",
        "2026q1",
        "26Q1",
        "202601",
        "2026-01-01",
        " 2026",
        "2026\n",  # "$" in a pattern lets it through
        "２０２６",  # full-width digits are digits for \\d
        "٢٠٢٦Q1",
        "0000",
        "1899",
        "Q1",
    ],
)
def test_a_text_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a period"):
        Period.parse(text)


def test_the_year_1900_is_the_first_that_excel_knows_and_a_period() -> None:
    assert str(Period.parse("1900")) == "1900"


def test_a_year_is_its_periods_number_zero() -> None:
    assert Period.parse("2026") == Period("year", 2026) == Period("year", 2026, 0)


@pytest.mark.parametrize("text", ["2026Q1", "2026"])
def test_a_quarter_or_a_year_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="expected a month"):
        periods.month_from_text(text)


def test_months_sort_and_subtract() -> None:
    assert periods.month_from_text("2027-01") - periods.month_from_text("2026-12") == 1
    texts = ["2025-12", "2026-01", "2026-02", "2026-10", "2027-01"]
    assert sorted(periods.month_from_text(text) for text in texts) == [
        periods.month_from_text(text) for text in texts
    ]
