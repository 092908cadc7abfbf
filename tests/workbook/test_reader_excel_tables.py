"""Tables found by their Excel name, their bounds and totals rows; result sheets and the language."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.tables import RESULT_SHEET, TABLE
from tests.workbook.reading import (
    CHINESE,
    ENGLISH,
    found,
    openpyxl_book,
    problems,
    read,
    with_table,
)

SALES = ENGLISH["Sales"]


def test_a_table_is_found_by_its_excel_name_wherever_it_stands(tmp_path: Path) -> None:
    sheets = {**{name: rows for name, rows in ENGLISH.items() if name != "Sales"}}
    sheets["Data"] = [*[["note"]] * 13, *[[None, *row] for row in SALES]]
    path = with_table(openpyxl_book(tmp_path / "a.xlsx", sheets), "Data", "B14:F16", "sales")
    book = read(path)
    assert book.problems == []
    assert book.located["Sales"].title == "Data"
    assert book.located["Sales"].cell(15, "Gross Amount") == "E15"
    assert book.inputs.sales.row.tolist() == [15, 16]


def test_the_excel_name_goes_before_a_sheet_of_that_name_that_is_no_table(tmp_path: Path) -> None:
    sheets = {**ENGLISH, "Sales": [["just", "notes"]], "Data": SALES}
    book = read(with_table(openpyxl_book(tmp_path / "a.xlsx", sheets), "Data", "A1:E3", "Sales"))
    assert book.problems == []
    assert book.located["Sales"].title == "Data"


def test_an_excel_table_and_another_sheet_with_the_headers_are_two_candidates(tmp_path: Path) -> None:
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Data": SALES})
    (problem,) = problems(read(with_table(path, "Data", "A1:E3", "Sales")))
    assert "Several sheets could be Sales: Data, Sales" in problem.sentence


def test_the_excel_table_bounds_the_columns(tmp_path: Path) -> None:
    rows = [[*row, "", extra] for row, extra in zip(SALES, ["Discount", 5, 5], strict=True)]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})
    book = read(with_table(path, "Sales", "A1:E3", "Sales"))
    assert book.problems == []
    assert book.inputs.sales.discount.tolist() == [0, 1]


@pytest.mark.parametrize("name", ["Sales", "Table1"])
def test_a_totals_row_is_no_data(tmp_path: Path, name: str) -> None:
    rows = [*SALES, ["Total", None, None, 1334.5, 0.01]]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})
    book = read(with_table(path, "Sales", "A1:E4", name, totals=1))
    assert book.problems == []
    assert len(book.inputs.sales) == 2


def test_rows_directly_below_an_excel_table_count_with_a_warning(tmp_path: Path) -> None:
    rows = [*SALES, ["X3", date(2026, 3, 1), "A01", 7], ["X4", date(2026, 3, 2), "A01", 8]]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})
    book = read(with_table(path, "Sales", "A1:E3", "Sales"))
    assert book.inputs.sales.sale_id.tolist() == ["X1", "X2", "X3", "X4"]
    assert not problems(book)
    assert found(book, severity="warning") == [("Sales", "A4", "")]


@pytest.mark.parametrize("totals", [0, 1])
def test_data_that_stands_apart_below_an_excel_table_is_an_error(tmp_path: Path, totals: int) -> None:
    between = ["Total", None, None, 1334.5] if totals else []
    rows = [*SALES, between, ["X3", date(2026, 3, 1), "A01", 7]]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})
    book = read(with_table(path, "Sales", f"A1:E{3 + totals}", "Sales", totals=totals))
    assert found(book) == [("Sales", "A5", "")]
    assert book.inputs.sales.sale_id.tolist() == ["X1", "X2"]


def test_notes_below_an_excel_table_are_no_data(tmp_path: Path) -> None:
    rows = [*SALES, [], ["checked by: Salesperson S01"]]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})
    assert read(with_table(path, "Sales", "A1:E3", "Sales")).problems == []


def test_a_small_excel_table_has_the_same_bounds(tmp_path: Path) -> None:
    rows = [*ENGLISH["Tiers"], ["important", 0.01, None], [], ["gold", 0.03, None]]
    path = openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Tiers": rows})
    book = read(with_table(path, "Tiers", "A1:C3", "Tiers"))
    assert [row.tier for row in book.inputs.tiers] == ["strategic", "core", "important"]
    assert found(book, severity="warning") == [("Tiers", "A4", "")]
    assert found(book) == [("Tiers", "A6", "")]


def test_an_excel_table_without_header_row_cannot_be_read(tmp_path: Path) -> None:
    path = with_table(openpyxl_book(tmp_path / "a.xlsx", ENGLISH), "Sales", "A1:E3", "Sales")
    book = load_workbook(path)
    book["Sales"].tables["Sales"].headerRowCount = 0
    book.save(path)
    assert "No header row" in problems(read(path), "Sales")[0].sentence


def test_result_sheets_fix_the_language_and_give_their_titles(tmp_path: Path) -> None:
    book = read(
        openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "净销售额": [], "提成扣回": [], "Run Log": []})
    )
    assert book.language == "zh"
    assert book.result_titles == {"Net Sales": "净销售额", "Clawbacks": "提成扣回", "Run Log": "Run Log"}
    assert read(openpyxl_book(tmp_path / "b.xlsx", {**CHINESE, "Problems": []})).language == "en"


@pytest.mark.parametrize("name", RESULT_SHEET)
def test_every_result_sheet_is_found_by_each_of_its_names(tmp_path: Path, name: str) -> None:
    for title in (name, *RESULT_SHEET[name].zh):
        book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, title: []}))
        assert book.result_titles == {name: title}


def test_two_ledgers_are_an_error(tmp_path: Path) -> None:
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Ledger": [], "提成台账": []}))
    assert any("Several sheets could be Ledger" in problem.sentence for problem in problems(book, "Ledger"))


def test_sheets_that_are_missing_are_named_in_the_workbooks_language(tmp_path: Path) -> None:
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**CHINESE, "其他": []}))
    assert book.located["Targets"].title == TABLE["Targets"].zh[0]
    assert book.located["Targets"].cell(0, "Year") == ""


def test_a_hidden_sheet_is_read_like_any_other(tmp_path: Path) -> None:
    path = openpyxl_book(
        tmp_path / "a.xlsx",
        {**ENGLISH, "Opening Balances": [["Salesperson ID", "Year", "Amount"], ["S01", 2026, -5]]},
    )
    book = load_workbook(path)
    book["Opening Balances"].sheet_state = "veryHidden"
    book.save(path)
    assert read(path).inputs.opening_balances[0].amount == -500
