"""Money: half away from zero, exact rates, largest remainder; each case fails under a usual mistake."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import money

AMOUNTS = st.integers(-money.LARGEST_FEN, money.LARGEST_FEN)
RATES = st.decimals(min_value=0, max_value=1, places=6)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (1, 2, 1),  # banker's rounding gives 0
        (3, 2, 2),
        (5, 2, 3),  # banker's rounding gives 2
        (-1, 2, -1),  # rounding half up gives 0
        (-5, 2, -3),
        (-3, 2, -2),
        (49, 100, 0),
        (-49, 100, 0),
        (7, 7, 1),
        (0, 7, 0),
        (-1, 3, 0),  # floor division gives -1
        (-2, 3, -1),
        (10**30 + 1, 2, (10**30 + 2) // 2),  # a float cannot tell
    ],
)
def test_division_rounds_half_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert money.divide_half_away(numerator, denominator) == rounded
    assert money.round_fen(Fraction(numerator, denominator)) == rounded


@pytest.mark.parametrize(
    ("amount", "factor", "product"),
    [
        ("33.50", "0.01", "0.34"),  # 0.335: half away
        ("100.50", "0.01", "1.01"),
        ("88888.88", "0.015", "1333.33"),
        ("-53333.33", "0.015", "-800.00"),
        ("1.15", "0.1", "0.12"),  # the float product is 0.11499999999999999
        ("-1.15", "0.1", "-0.12"),
        ("123456.78", "0.025", "3086.42"),
        ("9999999999999.99", "1", "9999999999999.99"),
        ("0.01", "0.499999", "0"),
        ("0.01", "0.5", "0.01"),
        ("-0.01", "0.5", "-0.01"),
        ("250.00", "0", "0"),
    ],
)
def test_an_amount_times_a_rate_is_rounded_once(amount: str, factor: str, product: str) -> None:
    assert money.times(money.fen(amount), Decimal(factor)) == money.fen(product)
    assert money.times(money.fen(amount), Fraction(factor)) == money.fen(product)


def test_a_fraction_that_no_decimal_holds_is_exact() -> None:
    assert money.times(3 * 10**14, Fraction(1, 3)) == 10**14


@given(amount=AMOUNTS, rate=RATES)
def test_rounding_is_within_half_a_fen_and_symmetric(amount: int, rate: Decimal) -> None:
    product = money.times(amount, rate)
    assert abs(product - amount * Fraction(rate)) <= Fraction(1, 2)
    assert money.times(-amount, rate) == -product


PRODUCTS = [
    (50, Fraction(1, 100)),  # 0.5: half away
    (-50, Fraction(1, 100)),
    (49, Fraction(1, 100)),
    (-150, Fraction(1, 100)),
    (100, Fraction(3, 200)),  # 1.5
    (0, Fraction(1, 50)),
    (1, Fraction(0)),
    (1, Fraction(1)),
    (-7, Fraction(1, 3)),
    (123_456_78, Fraction(25, 1000)),
]


@pytest.mark.parametrize("pairs", [PRODUCTS, *([pair] for pair in PRODUCTS)])
def test_many_amounts_times_their_rates_are_as_one_by_one(pairs: list[tuple[int, Fraction]]) -> None:
    amounts = np.array([amount for amount, _ in pairs], np.int64)
    found = money.times_each(
        amounts,
        np.array([rate.numerator for _, rate in pairs], np.int64),
        np.array([rate.denominator for _, rate in pairs], np.int64),
    )
    assert found.tolist() == [money.times(amount, rate) for amount, rate in pairs]
    assert found.dtype == np.int64


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "in_64_bits"),
    [
        (2**59, 2, 3, True),  # twice the product and its denominator: as much as 64 bits hold
        (2**60 - 1, 2, 1, True),
        (2**60, 2, 1, False),
        (-(2**60), 2, 1, False),
        (2**60 - 1, 2, 3, True),
        (2**60 - 1, 2, 4, False),
        (2**61 - 1, 1, 1, True),
        (2**61 - 1, 1, 2, False),
        (3, 2**60, 7, False),
        (money.LARGEST_FEN, 123_456, 1_000_000, False),
    ],
)
def test_products_that_64_bits_cannot_hold_are_exact(
    amount: int, numerator: int, denominator: int, *, in_64_bits: bool
) -> None:
    found = money.times_each(
        np.array([amount, 0], np.int64),
        np.array([numerator, 0], np.int64),
        np.array([denominator, 1], np.int64),
    )
    assert found.tolist() == [money.times(amount, Fraction(numerator, denominator)), 0]
    assert (found.dtype == np.int64) is in_64_bits


def test_no_amounts_have_no_products() -> None:
    nothing = np.array([], np.int64)
    assert money.times_each(nothing, nothing, nothing).tolist() == []


def test_an_amount_to_the_fen_has_fifteen_digits() -> None:
    assert money.LARGEST_FEN == 999_999_999_999_999
    assert money.to_cell_precision(Decimal(money.LARGEST_FEN)) == money.LARGEST_FEN


@pytest.mark.parametrize(
    ("yuan", "nearest"),
    [("1.005", 101), ("-1.005", -101), ("1.0049", 100), ("0.004", 0), ("12.34", 1234), ("1E+3", 100_000)],
)
def test_a_calculated_amount_is_rounded_to_the_nearest_fen(yuan: str, nearest: int) -> None:
    assert money.nearest_fen(Decimal(yuan)) == nearest


@pytest.mark.parametrize(
    ("with_vat", "rate", "net"),
    [
        ("113.00", "0.13", "100.00"),
        ("100.00", "0.13", "88.50"),
        ("0.01", "0.13", "0.01"),
        ("106.00", "0.06", "100.00"),
        ("1.05", "0.13", "0.93"),  # not 1.05 × 0.87 = 0.91
        ("100.00", "0", "100.00"),
        ("2.01", "1", "1.01"),  # 1.005: half away
    ],
)
def test_vat_is_taken_out_by_division(with_vat: str, rate: str, net: str) -> None:
    assert money.without_vat(money.fen(with_vat), Decimal(rate)) == money.fen(net)


@pytest.mark.parametrize(
    ("found", "taken"),
    [
        ("3.3000000000000003", "3.3"),
        ("0.30000000000000004", "0.3"),
        ("0.8", "0.8"),
        ("1234567890123.45", "1234567890123.45"),
        ("12345678901234.565", "12345678901234.6"),
        ("12345678901234.25", "12345678901234.3"),  # half away, not half to even
        ("100", "1E+2"),
        ("0", "0"),
    ],
)
def test_numbers_are_taken_to_fifteen_digits(found: str, taken: str) -> None:
    assert money.to_cell_precision(Decimal(found)) == Decimal(taken)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [(Fraction(2, 3), "0.666666666666667"), (Fraction(200, 4), "50"), (Fraction(-1, 8), "-0.125")],
)
def test_an_exact_number_is_shown_with_fifteen_digits(exact: Fraction, shown: str) -> None:
    assert money.shown_number(exact) == Decimal(shown)


@pytest.mark.parametrize(
    ("share", "rounded"),
    [
        ("0.33333333", "0.333333"),
        ("0.6666665", "0.666667"),
        ("0.1234565", "0.123457"),  # half to even gives 0.123456
        ("0.1111111", "0.111111"),
        ("1", "1"),
    ],
)
def test_shares_are_rounded_to_six_decimals(share: str, rounded: str) -> None:
    assert money.round_share(Decimal(share)) == Decimal(rounded)


THIRDS = [Fraction(1, 3)] * 3


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (10_000, THIRDS, [3_334, 3_333, 3_333]),
        (-10_000, THIRDS, [-3_334, -3_333, -3_333]),  # floor gives -3334, -3334, -3332
        (10_001, THIRDS, [3_334, 3_334, 3_333]),
        (1, THIRDS, [1, 0, 0]),
        (-1, THIRDS, [-1, 0, 0]),
        (0, THIRDS, [0, 0, 0]),
        (2, [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)], [1, 1, 0]),
        (1, [Fraction(3, 10), Fraction(7, 10)], [0, 1]),  # the larger remainder, not the first
        (3, [Fraction(1, 10), Fraction(2, 10), Fraction(7, 10)], [0, 1, 2]),
        (7, [Fraction(0), Fraction(1)], [0, 7]),
        (money.LARGEST_FEN, [Fraction(1)], [money.LARGEST_FEN]),
    ],
)
def test_apportioning_by_largest_remainder(amount: int, weights: list[Fraction], parts: list[int]) -> None:
    assert money.apportion(amount, weights) == parts


@given(amount=AMOUNTS, raw=st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_parts_add_up_exactly_and_are_within_a_fen(amount: int, raw: list[int]) -> None:
    weights = [Fraction(one, sum(raw)) for one in raw]
    parts = money.apportion(amount, weights)
    assert sum(parts) == amount
    assert all(abs(part - amount * weight) < 1 for part, weight in zip(parts, weights, strict=True))
    assert money.apportion(-amount, weights) == [-part for part in parts]


@given(amount=AMOUNTS, raw=st.lists(st.integers(1, 50), min_size=2, max_size=5))
def test_nobody_gets_more_than_someone_with_a_larger_share(amount: int, raw: list[int]) -> None:
    parts = money.apportion(abs(amount), [Fraction(one, sum(raw)) for one in raw])
    for one, his in zip(raw, parts, strict=True):
        for two, hers in zip(raw, parts, strict=True):
            assert one <= two or his >= hers


@pytest.mark.parametrize(
    ("amount", "text", "grouped"),
    [
        (0, "0.00", "0.00"),
        (5, "0.05", "0.05"),
        (-1, "-0.01", "-0.01"),
        (-5, "-0.05", "-0.05"),  # the sign is not lost below one yuan
        (-123_450, "-1234.50", "-1,234.50"),
        (-99, "-0.99", "-0.99"),
        (100_000_000, "1000000.00", "1,000,000.00"),
        (money.LARGEST_FEN, "9999999999999.99", "9,999,999,999,999.99"),
    ],
)
def test_amounts_are_written_in_yuan(amount: int, text: str, grouped: str) -> None:
    assert money.yuan(amount) == text
    assert money.yuan_grouped(amount) == grouped
    assert money.fen(text) == amount


@pytest.mark.parametrize("text", ["0.001", "1.005", "-3.333"])
def test_a_third_decimal_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="two decimals"):
        money.fen(text)


@pytest.mark.parametrize("text", ["twenty", "", "1,000.00", "NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match=f"found {text}"):
        money.fen(text)


@pytest.mark.parametrize(
    ("text", "amount"), [("1.10", 110), ("1.1000", 110), ("-0.07", -7), ("1E+3", 100_000)]
)
def test_trailing_zeros_do_not_matter(text: str, amount: int) -> None:
    assert money.fen(text) == amount
    assert money.fen(Decimal(text)) == amount


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.0250", "0.025"),
        ("1.00", "1"),
        ("1E+2", "100"),
        ("0.000001", "0.000001"),
        ("0", "0"),
        ("1E-7", "0.0000001"),
    ],
)
def test_rates_are_written_without_exponent(value: str, text: str) -> None:
    assert money.number_text(Decimal(value)) == text


@pytest.mark.parametrize(
    ("part", "whole", "attained"),
    [
        (1, 3, "0.3333"),
        (2, 3, "0.6667"),
        (-1, 3, "-0.3333"),
        (1, 20_000, "0.0001"),
        (1, -2, "-0.5"),
        (1, 1, "1"),
        (3, -1, "-3"),
        (5, 5, "1"),
    ],
)
def test_a_ratio_is_given_to_four_decimals(part: int, whole: int, attained: str) -> None:
    assert money.ratio(part, whole) == Decimal(attained)
