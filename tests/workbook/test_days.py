"""Cells that hold dates, moments, months and periods."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from keyaccount.periods import month_from_text
from keyaccount.workbook.rawcells import Cell
from tests.workbook.cell_values import faulty, number, text, value


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", date(1900, 1, 1)),
        ("59", date(1900, 2, 28)),
        ("61", date(1900, 3, 1)),
        ("46023", date(2026, 1, 1)),
        ("46023.75", date(2026, 1, 1)),
        ("46023.999999999", date(2026, 1, 1)),
        ("46022.9999999999999", date(2026, 1, 1)),  # 15 digits: a whole day
        ("2958465", date(9999, 12, 31)),
    ],
)
def test_dates_of_the_1900_system(serial: str, day: date) -> None:
    assert number("day", serial, dated=True) == day


@pytest.mark.parametrize("serial", ["0", "-1", "60", "60.5", "2958466", "1e9", "1e100", "NaN", "0.5"])
def test_serials_that_are_no_date_are_faults(serial: str) -> None:
    assert faulty("day", Cell("number", serial, dated=True))


def test_dates_of_the_1904_system() -> None:
    assert number("day", "0", dated=True, date1904=True) == date(1904, 1, 1)
    assert number("day", "60", dated=True, date1904=True) == date(1904, 3, 1)
    assert number("day", "44561", dated=True, date1904=True) == date(2026, 1, 1)
    assert number("day", "2957003", dated=True, date1904=True) == date(9999, 12, 31)
    assert faulty("day", Cell("number", "2957004", dated=True), date1904=True)


def test_a_number_without_date_format_is_no_date() -> None:
    assert "a number, not a date" in faulty("day", Cell("number", "46023"))
    assert faulty("month", Cell("number", "46023"))
    assert faulty("moment", Cell("number", "46023"))


@pytest.mark.parametrize(
    "content",
    [
        "2026-01-31",
        "２０２６－０１－３１",
        " 2026-01-31 ",
        "2026-01-31T23:59",
        "2026-01-31 23:59:59",
        "2026-01-31T23:59:59.999",
    ],
)
def test_iso_text_is_a_date_and_the_time_is_dropped(content: str) -> None:
    assert text("day", content) == date(2026, 1, 31)
    assert value("day", Cell("date", content)) == date(2026, 1, 31)


@pytest.mark.parametrize(
    "content",
    [
        "2026-02-30",
        "2026-13-01",
        "2026-1-5",
        "2026/01/05",
        "05.01.2026",
        "20260105",
        "2026-01-05Z",
        "1899-12-31",
        "2026-01-05T08:00:00Z",
        "2026-01-05T08:00+08:00",
        "2026-01-05T25:00",
        "2026年1月5日",
        "2026-01",
        "soon",
    ],
)
def test_what_is_no_iso_date_is_a_fault(content: str) -> None:
    assert "not a date" in faulty("day", Cell("text", content))


def test_moments_keep_the_time_of_day() -> None:
    assert number("moment", "46023.5", dated=True) == datetime(2026, 1, 1, 12)  # noqa: DTZ001 cells know no zone
    assert number("moment", "46023.3333333333", dated=True) == datetime(2026, 1, 1, 8)  # noqa: DTZ001
    assert number("moment", "46023.9999999", dated=True) == datetime(2026, 1, 1, 23, 59, 59)  # noqa: DTZ001
    assert text("moment", "2026-01-01 08:30") == datetime(2026, 1, 1, 8, 30)  # noqa: DTZ001
    assert text("moment", "2026-01-01") == datetime(2026, 1, 1)  # noqa: DTZ001


def test_months() -> None:
    january = month_from_text("2026-01")
    assert number("month", "46023", dated=True) == january
    assert text("month", "2026-01") == january
    assert text("month", "２０２６－０１") == january
    assert text("month", "2026-01-31") == january
    for content in ("2026-13", "2026Q1", "January", "2026"):
        assert "not a month" in faulty("month", Cell("text", content))


def test_periods() -> None:
    for content in ("2026-01", "2026Q1", "2026"):
        assert text("period", content) == content
    assert text("period", "２０２６q1") == "2026Q1"
    assert number("period", "2026") == "2026"
    assert number("period", "46023", dated=True) == "2026-01"
    for content in ("2026Q5", "2026-00", "202601", "now"):
        assert "not a period" in faulty("period", Cell("text", content))
