"""Cells that hold amounts, rates and whole numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.money import yuan, yuan_grouped
from keyaccount.workbook.rawcells import Cell
from tests.workbook.cell_values import NBSP, WIDE, faulty, number, text, value


@pytest.mark.parametrize(
    ("content", "fen"),
    [
        ("1234.5", 123_450),
        ("-1234.50", -123_450),
        ("3.3000000000000003", 330),
        ("1.1000000000000001", 110),
        ("10588.559999999999", 1_058_856),
        ("1E3", 100_000),
        ("1.5e-1", 15),
        ("  7 ", 700),
        ("-0", 0),
        ("9999999999999.99", 999_999_999_999_999),
    ],
)
def test_amounts_are_taken_to_15_digits_of_the_number_as_written(content: str, fen: int) -> None:
    assert number("amount", content) == fen


@pytest.mark.parametrize(
    ("content", "fen"),
    [
        ("1,234.50", 123_450),
        ("¥1,234.50", 123_450),
        ("￥1,234.50", 123_450),
        ("(1,234.50)", -123_450),
        ("（１，２３４．５０）", -123_450),
        ("¥(1,234.50)", -123_450),
        ("(¥ 1,234.50)", -123_450),
        ("-1,234.50", -123_450),
        ("−1,234.50", -123_450),
        ("－１２３４．５", -123_450),
        ("-¥1,234.50", -123_450),
        ("¥-1,234.50", -123_450),
        (f"{NBSP}¥ 1,234,567.00{WIDE}", 123_456_700),
        ("1234", 123_400),
        ("1234.500", 123_450),
        ("0.00", 0),
        ("(0)", 0),
    ],
)
def test_amounts_as_text(content: str, fen: int) -> None:
    assert text("amount", content) == fen


@pytest.mark.parametrize(
    "content",
    [
        "12,34",
        "1,23",
        "1,2345",
        ",123",
        "1.234,50",
        "1 234",
        "(-5)",
        "5-",
        "--5",
        "5元",
        "$5",
        "1e3",
        "",
        "abc",
        "50%",
        "1_000",
        "٣",
        "²",
        "½",
        "NaN",
        "Infinity",
        "1.2.3",
        ".",
        "-",
        "¥",
        "()",
        "0x10",
        "١٢٣",
        "1" * 500,
    ],
)
def test_what_is_no_amount_is_a_fault(content: str) -> None:
    if content:
        assert faulty("amount", Cell("text", content))


@pytest.mark.parametrize(
    "content", ["NaN", "INF", "-Infinity", "1_000", "１２３", "", "1e", "0x1", "1,5", "9" * 401]
)
def test_numbers_that_are_none_are_faults(content: str) -> None:
    for kind in ("amount", "rate", "integer", "id"):
        assert faulty(kind, Cell("number", content))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("1.005", "more than two decimals"),
        ("0.001", "more than two decimals"),
        ("1e-400", "beyond what a cell can hold"),
        ("1e400", "beyond what a cell can hold"),
        ("1e99999", "beyond what a cell can hold"),
        ("1e15", "more than 15 digits"),
        ("10000000000000", "more than 15 digits"),
        ("9007199254740993", "more than 15 digits"),
    ],
)
def test_amounts_that_cannot_be_exact_are_faults(content: str, says: str) -> None:
    assert says in faulty("amount", Cell("number", content))


def test_a_date_in_an_amount_column_is_a_fault() -> None:
    assert "a date where a number belongs" in faulty("amount", Cell("number", "46023", dated=True))
    assert faulty("amount", Cell("date", "2026-01-01"))


@pytest.mark.parametrize(
    ("cell", "rate"),
    [
        (Cell("number", "0.8"), "0.8"),
        (Cell("number", "0.30000000000000004"), "0.3"),
        (Cell("text", "80%"), "0.8"),
        (Cell("text", "８０ ％"), "0.8"),
        (Cell("text", "33.33%"), "0.3333"),
        (Cell("text", "0.015"), "0.015"),
        (Cell("text", "-2%"), "-0.02"),
        (Cell("text", "1,000"), "1000"),
        (Cell("number", "-0"), "0"),
    ],
)
def test_rates_are_exact_and_may_be_percentages(cell: Cell, rate: str) -> None:
    assert value("rate", cell) == Decimal(rate)
    assert value("number", cell) == Decimal(rate)
    assert value("setting", cell) == rate


@pytest.mark.parametrize("content", ["80%%", "%", "abc", "1/2", "(2%)", "¥2"])
def test_what_is_no_rate_is_a_fault(content: str) -> None:
    assert "not a number" in faulty("rate", Cell("text", content))


def test_whole_numbers() -> None:
    assert number("integer", "2026") == 2026
    assert number("integer", "2026.0") == 2026
    assert text("integer", "２０２６") == 2026
    assert "whole number" in faulty("integer", Cell("number", "2026.5"))
    assert "whole number" in faulty("integer", Cell("text", "two"))
    assert faulty("integer", Cell("number", "46023", dated=True))


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["{}", "¥{}", " {} ", f"{NBSP}￥{{}}"]))
def test_every_amount_survives_being_written_as_text(fen: int, pattern: str) -> None:
    assert text("amount", pattern.format(yuan_grouped(fen))) == fen
    assert (
        text(
            "amount",
            pattern.format(yuan(fen)).translate(str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")),
        )
        == fen
    )


@given(st.integers(-(10**14), 10**14))
def test_every_amount_survives_being_a_double(fen: int) -> None:
    assert number("amount", repr(fen / 100)) == fen
    assert number("amount", f"{fen / 100:.17g}") == fen
