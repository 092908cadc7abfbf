from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import tables
from keyaccount.money import yuan, yuan_grouped
from keyaccount.periods import month_from_text
from keyaccount.tables import Column, InputKind
from keyaccount.workbook.formats import is_date_format
from keyaccount.workbook.rawcells import Cell, Decoder, Kind, decode_escapes
from keyaccount.workbook.texts import SPACES, ZERO_WIDTH, Fault
from keyaccount.workbook.values import parse

NBSP, WIDE, ZWSP, BOM = "\u00a0", "\u3000", "\u200b", "\ufeff"


def value(kind: InputKind, cell: Cell | None, *, words: str = "", date1904: bool = False) -> Any:  # noqa: ANN401
    return parse(Column("field", "Header", ("表头",), kind, words=words), cell, date1904=date1904)


def text(kind: InputKind, content: str, words: str = "") -> Any:  # noqa: ANN401
    return value(kind, Cell("text", content), words=words)


def number(kind: InputKind, content: str, *, dated: bool = False, date1904: bool = False) -> Any:  # noqa: ANN401
    return value(kind, Cell("number", content, dated), date1904=date1904)


def faulty(kind: InputKind, cell: Cell, *, words: str = "", date1904: bool = False) -> str:
    """Read a cell that cannot be read; give the sentence."""
    with pytest.raises(Fault) as caught:
        value(kind, cell, words=words, date1904=date1904)
    assert caught.value.remedy.format(**caught.value.details)
    return caught.value.problem.format(**caught.value.details)


ALL_KINDS: tuple[InputKind, ...] = (
    *("id", "ids", "text", "tier", "yes_no", "amount", "rate", "number", "integer"),
    *("day", "moment", "month", "period", "setting"),
)


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("blank", [None, Cell("text", ""), Cell("text", f" {NBSP}{WIDE}{ZWSP}\t\n")])
def test_blank_cells_are_blank_in_every_column(kind: InputKind, blank: Cell | None) -> None:
    assert value(kind, blank) is None


@pytest.mark.parametrize("kind", [*ALL_KINDS, "word"])
@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (Cell("error", "#DIV/0!"), "shows an error"),
        (Cell("formula", "=A1"), "not been calculated"),
        (Cell("broken", "99"), "cannot be read"),
    ],
)
def test_error_cells_and_uncalculated_formulas_are_faults_everywhere(
    kind: InputKind, cell: Cell, says: str
) -> None:
    assert says in faulty(kind, cell, words="event")


@pytest.mark.parametrize("kind", [*sorted(set(ALL_KINDS) - {"yes_no", "text"}), "word"])
def test_a_boolean_belongs_in_yes_no_columns_only(kind: InputKind) -> None:
    assert faulty(kind, Cell("boolean", "TRUE"), words="event")


@pytest.mark.parametrize("space", [*SPACES, *ZERO_WIDTH])
def test_ids_are_trimmed_of_every_odd_space(space: str) -> None:
    assert text("id", f"{space} X 1{space}{NBSP}") == "X 1"


@pytest.mark.parametrize(
    ("content", "id_"),
    [
        ("1001", "1001"),
        ("1001.0", "1001"),
        ("1.001E3", "1001"),
        ("1.5", "1.5"),
        ("999999999999999", "999999999999999"),
        ("007", "7"),
        ("0", "0"),
    ],
)
def test_a_number_in_an_id_column_is_its_text(content: str, id_: str) -> None:
    assert number("id", content) == id_


def test_ids_that_excel_has_changed_are_faults() -> None:
    assert "more than 15 digits" in faulty("id", Cell("number", "1234567890123456"))
    assert "has become a date" in faulty("id", Cell("number", "46023", dated=True))


def test_ids_keep_their_case_and_width() -> None:
    assert text("id", "xＡb") == "xＡb"


def test_several_ids_are_separated_by_semicolons() -> None:
    assert text("ids", f" S01;S02 ；{WIDE}S03;;S01") == ("S01", "S02", "S03")
    assert number("ids", "7.0") == ("7",)
    assert text("ids", " ; ") is None


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


@pytest.mark.parametrize(
    ("content", "tier"),
    [
        ("Strategic", "strategic"),
        ("战略客户", "strategic"),
        (f"核心客户{WIDE}", "core"),
        ("important", "important"),
        ("Gold", "Gold"),
        ("gold", "gold"),
        ("CORE", "core"),
    ],
)
def test_tiers_match_in_both_languages_and_own_names_stay(content: str, tier: str) -> None:
    assert text("tier", content) == tier


@pytest.mark.parametrize("words", ["event", "adjustment", "maintenance"])
def test_words_match_in_both_languages(words: str) -> None:
    for english, chinese in tables.WORDS[words].items():
        for word in (english, english.upper(), *chinese, f"{NBSP}{chinese[0]}{ZWSP}"):
            assert text("word", word, words) == english
    with pytest.raises(Fault) as caught:
        text("word", "nonsense", words)
    assert next(iter(tables.WORDS[words])) in caught.value.details["words"]
    assert faulty("word", Cell("number", "1"), words=words)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [(Cell("text", word), True) for word in ("yes", "YES", "是", " 是 ")]
    + [(Cell("text", word), False) for word in ("no", "No", "否")]
    + [(Cell("boolean", "TRUE"), True), (Cell("boolean", "FALSE"), False)],
)
def test_yes_and_no(cell: Cell, meant: bool) -> None:  # noqa: FBT001 the meaning under test
    assert value("yes_no", cell) is meant


@pytest.mark.parametrize(
    "cell", [Cell("text", "maybe"), Cell("text", "TRUE"), Cell("number", "1"), Cell("text", "1")]
)
def test_what_is_neither_yes_nor_no_is_a_fault(cell: Cell) -> None:
    assert "neither yes nor no" in faulty("yes_no", cell)


@pytest.mark.parametrize(
    ("cell", "setting"),
    [
        (Cell("number", "12"), "12"),
        (Cell("number", "1E-3"), "0.001"),
        (Cell("text", " Carry "), "Carry"),
        (Cell("text", "是"), "yes"),
        (Cell("text", "2026-05-01 00:00"), "2026-05-01"),
        (Cell("number", "46023", dated=True), "2026-01-01"),
        (Cell("date", "2026-05-01T00:00:00"), "2026-05-01"),
    ],
)
def test_settings_become_canonical_text(cell: Cell, setting: str) -> None:
    assert value("setting", cell) == setting


@pytest.mark.parametrize(
    ("cell", "content"),
    [
        (Cell("text", f" two\nlines{NBSP}"), "two\nlines"),
        (Cell("number", "13800000000"), "13800000000"),
        (Cell("number", "1.38E10"), "13800000000"),
        (Cell("number", "46023", dated=True), "2026-01-01"),
        (Cell("boolean", "TRUE"), "TRUE"),
    ],
)
def test_free_text_is_what_is_shown(cell: Cell, content: str) -> None:
    assert value("text", cell) == content


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


@given(st.text())
def test_any_text_reads_or_is_a_fault_in_every_column(content: str) -> None:
    kinds: list[tuple[InputKind, Kind]] = [
        (kind, each) for kind in ALL_KINDS for each in ("text", "number", "date")
    ]
    for kind, cell_kind in kinds:
        with suppress(Fault):
            value(kind, Cell(cell_kind, content, dated=True))


@pytest.mark.parametrize(
    ("code", "dated"),
    [
        ("yyyy-mm-dd", True),
        ('[$-804]yyyy"年"m"月"d"日"', True),
        ("[h]:mm", True),
        ("mmm\\-yy", True),
        ("General", False),
        ("0.00%", False),
        ("#,##0.00_);[Red](#,##0.00)", False),
        ('0 "days"', False),
        ("0\\d", False),
        ("@", False),
        ("[$¥-804]#,##0.00", False),
        ("0.00E+00", False),
        ("[DBNum1]yyyy", True),
        ("0_d", False),
    ],
)
def test_date_formats_are_told_from_number_formats(code: str, dated: bool) -> None:  # noqa: FBT001 under test
    assert is_date_format(code) is dated


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a_x000D_b", "a\rb"),
        ("_x0041_", "A"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x0000_", "_x0000_"),
        ("_x00_", "_x00_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xd83d_", "�"),
    ],
)
def test_escaped_characters_are_decoded_as_excel_does(written: str, meant: str) -> None:
    assert decode_escapes(written) == meant


@pytest.mark.parametrize(
    ("tag", "content", "cell"),
    [
        (b"", b"1", Cell("number", "1")),
        (b' s="1"', b"1", Cell("number", "1", dated=True)),
        (b" s='1' t='n' ", b"1", Cell("number", "1", dated=True)),
        (b' t="s"', b"1", Cell("text", "b")),
        (b' t="s"', b"2", Cell("broken", "2")),
        (b' t="s"', b"-1", Cell("broken", "-1")),
        (b' t="str"', b"#DIV/0!", Cell("error", "#DIV/0!")),
        (b' t="inlineStr"', b"#DIV/0!", Cell("text", "#DIV/0!")),
        (b' t="str"', b"&lt;&#20013;&#x4E2d;&amp;", Cell("text", "<中中&")),
        (b' t="b"', b"1", Cell("boolean", "TRUE")),
        (b' t="b"', b"2", Cell("broken", "2")),
        (b' t="e"', b"#N/A", Cell("error", "#N/A")),
        (b' t="d"', b"2026-01-01", Cell("date", "2026-01-01")),
        (b' t="unheard"', b"1", Cell("broken", "1")),
        (b' s="77"', b"", None),
        (b' t="str"', b"", None),
    ],
)
def test_raw_cells_are_decoded(tag: bytes, content: bytes, cell: Cell | None) -> None:
    assert Decoder(["a", "b"], frozenset({1})).cell(tag, content) == cell


@pytest.mark.parametrize(
    ("tag", "content"), [(b' t="n', b"1"), (b"", b"&nbsp;"), (b"", b"a & b"), (b"", b"\xff")]
)
def test_damaged_cells_are_value_errors(tag: bytes, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Decoder([], frozenset()).cell(tag, content)
