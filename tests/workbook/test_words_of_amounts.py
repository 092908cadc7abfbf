"""Amounts in Chinese capital words, known cases and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount.money import LARGEST_FEN, fen
from keyaccount.workbook.words_of_amounts import amount_in_words

AMOUNTS = st.one_of(
    st.integers(-LARGEST_FEN, LARGEST_FEN),
    st.lists(st.sampled_from("0001905"), min_size=1, max_size=15).map(lambda digits: int("".join(digits))),
)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.95", "玖角伍分"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元伍角整"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("1010.10", "壹仟零壹拾元壹角整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("10000.00", "壹万元整"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100010.00", "壹拾万零壹拾元整"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("10001000.01", "壹仟万壹仟元零壹分"),
        ("10000100.00", "壹仟万零壹佰元整"),
        ("100000000.00", "壹亿元整"),
        ("100000005.00", "壹亿零伍元整"),
        ("100010000.00", "壹亿零壹万元整"),
        ("1001000000.00", "壹拾亿零壹佰万元整"),
        ("123456789.01", "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分"),
        ("1000000000000.00", "壹万亿元整"),
        (
            "9999999999999.99",
            "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        ),
        ("-456.00", "负肆佰伍拾陆元整"),
        ("-0.05", "负伍分"),
    ],
)
def test_known_amounts(amount: str, words: str) -> None:
    assert amount_in_words(fen(amount)) == words


def read(words: str) -> int:
    """Read an amount in words back into fen, section by section."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    whole, yuan, parts = words.rpartition("元")
    jiao, _, rest = parts.rpartition("角")
    fen_digit = rest.removeprefix("零").removesuffix("分")
    total = _read_whole(whole) * 100 if yuan else 0
    for digit, worth in ((jiao, 10), (fen_digit, 1)):
        total += "零壹贰叁肆伍陆柒捌玖".index(digit) * worth if digit else 0
    return sign * total


def _read_whole(words: str) -> int:
    for name, worth in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(name)
        if found:
            return _read_whole(high) * worth + _read_whole(low)
    total, digit = 0, 0
    for word in words:
        if word in "拾佰仟":
            total, digit = total + digit * 10 ** ("拾佰仟".index(word) + 1), 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(word)
    return total + digit


@given(AMOUNTS)
def test_words_read_back_are_the_amount(amount: int) -> None:
    assert read(amount_in_words(amount)) == amount


@given(AMOUNTS)
def test_zeros_are_written_once_and_never_before_a_unit(amount: int) -> None:
    words = amount_in_words(amount)
    assert "零零" not in words
    assert not any(f"零{unit}" in words for unit in "拾佰仟万亿角分")
    assert "零元" not in words or words == "零元整"
    assert words.endswith("分") != words.endswith("整")
