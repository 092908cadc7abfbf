from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyaccount import tables
from keyaccount.tables import InputKind
from keyaccount.workbook.rawcells import Cell, Kind
from keyaccount.workbook.spaces import SPACES, ZERO_WIDTH
from keyaccount.workbook.texts import Fault
from tests.workbook.cell_values import ALL_KINDS, NBSP, WIDE, ZWSP, faulty, number, text, value


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


@given(st.text())
def test_any_text_reads_or_is_a_fault_in_every_column(content: str) -> None:
    kinds: list[tuple[InputKind, Kind]] = [
        (kind, each) for kind in ALL_KINDS for each in ("text", "number", "date")
    ]
    for kind, cell_kind in kinds:
        with suppress(Fault):
            value(kind, Cell(cell_kind, content, dated=True))
