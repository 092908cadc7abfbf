from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from keyaccount.tables import INPUT_TABLES, Column, Table
from keyaccount.workbook.headers import match_header
from tests.workbook.reading import (
    CHINESE,
    ENGLISH,
    SALES_HEADER,
    Rows,
    found,
    openpyxl_book,
    problems,
    read,
    with_sales,
)

SALES = ENGLISH["Sales"]


@pytest.mark.parametrize(("sheets", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_a_plain_workbook_needs_no_template(tmp_path: Path, sheets: dict[str, Rows], language: str) -> None:
    book = read(openpyxl_book(tmp_path / "a.xlsx", sheets))
    assert book.problems == []
    assert book.language == language
    assert book.inputs.sales.sale_id.tolist() == ["X1", "X2"]
    assert book.inputs.sales.gross.tolist() == [123_450, 10_000]
    assert book.inputs.sales.discount.tolist() == [0, 1]
    assert book.inputs.sales.row.tolist() == [2, 3]
    assert [row.tier for row in book.inputs.tiers] == ["strategic", "core"]
    assert book.inputs.tiers[1].effective_from == date(2026, 1, 1)
    assert book.inputs.account_tiers[0].tier == "strategic"


def test_both_languages_are_the_same_input(tmp_path: Path) -> None:
    english = read(openpyxl_book(tmp_path / "en.xlsx", ENGLISH))
    chinese = read(openpyxl_book(tmp_path / "zh.xlsx", CHINESE))
    assert english.input_digest == chinese.input_digest
    assert english.inputs.assignments == chinese.inputs.assignments


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: str(table.table_name))
def test_every_name_of_every_column_is_known(table: Table) -> None:
    for column in table.columns:
        for name in (column.en, *column.zh):
            for variant in (name, name.upper(), f"　{name} ", name.replace("(", "（").replace(")", "）")):
                header = match_header(table, 1, {3: variant})
                assert header.columns == {column.field: 3}, variant


@pytest.mark.parametrize("table", INPUT_TABLES, ids=lambda table: str(table.table_name))
def test_every_sheet_is_found_by_each_of_its_names(tmp_path: Path, table: Table) -> None:
    others = {name: rows for name, rows in ENGLISH.items() if name != table.name}
    for name in (table.name, *table.zh, f" {table.name.upper()} "):
        rows = [[column.en for column in table.columns]]
        book = read(openpyxl_book(tmp_path / "a.xlsx", {**others, name: rows}))
        assert book.problems == []
        assert book.located[table.name].title == name
        assert book.located[table.name].letters[table.columns[-1].en] == chr(64 + len(table.columns))


def test_headers_stand_in_any_order_among_columns_that_nobody_knows(tmp_path: Path) -> None:
    header = ["Comment", "discount", "GROSS AMOUNT", None, " Account ID ", "Date", "Sale ID", "more"]
    rows = [["x", 1, 100, "stray", "A01", date(2026, 1, 5), "X1", 7.123]]
    book = read(openpyxl_book(tmp_path / "a.xlsx", with_sales(rows, header)))
    assert book.problems == []
    assert book.inputs.sales.gross.tolist() == [10_000]
    assert book.inputs.sales.discount.tolist() == [100]
    assert book.located["Sales"].cell(2, "Sale ID") == "G2"


@pytest.mark.parametrize("above", [0, 1, 5, 9])
def test_the_header_may_stand_within_the_first_ten_rows(tmp_path: Path, above: int) -> None:
    rows: Rows = [["Sales of our company"], *[[]] * (above - 1)] if above else []
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": [*rows, *SALES]}))
    assert book.problems == []
    assert book.located["Sales"].header_row == above + 1
    assert book.inputs.sales.row.tolist() == [above + 2, above + 3]


def test_a_header_below_the_first_ten_rows_is_not_found(tmp_path: Path) -> None:
    rows: Rows = [["title"], *[[]] * 9, *SALES]
    (problem,) = problems(read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows})))
    assert (problem.table, problem.row) == ("Sales", 0)
    assert "No header row" in problem.sentence
    assert "Gross Amount" in problem.sentence


def test_labels_in_the_other_language_may_stand_above_the_headers(tmp_path: Path) -> None:
    rows: Rows = [list(CHINESE["销售明细"][0]), *SALES]
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Sales": rows}))
    assert book.problems == []
    assert len(book.inputs.sales) == 2


def test_a_missing_header_is_an_error_that_names_the_row_and_both_names(tmp_path: Path) -> None:
    rows = [["S-1", date(2026, 1, 5), "A01", 1]]
    book = read(
        openpyxl_book(tmp_path / "a.xlsx", with_sales(rows, ["Sale ID", "Date", "Account ID", "Gros"]))
    )
    (problem,) = problems(book)
    assert "Gross Amount (销售额(不含税)/销售额) is missing in row 1" in problem.sentence
    assert len(book.inputs.sales) == 0


def test_other_columns_are_still_checked_when_one_is_missing(tmp_path: Path) -> None:
    book = read(
        openpyxl_book(
            tmp_path / "a.xlsx", with_sales([["S", "soon", "A01"]], ["Sale ID", "Date", "Account ID"])
        )
    )
    assert found(book) == [("Sales", "A1", ""), ("Sales", "B2", "soon")]


def test_a_duplicated_header_is_an_error_that_names_the_cells(tmp_path: Path) -> None:
    header = ["Sale ID", "Date", "Account ID", "Gross Amount", "gross amount "]
    (problem,) = problems(read(openpyxl_book(tmp_path / "a.xlsx", with_sales([], header))))
    assert "more than once: in D1, E1" in problem.sentence


def test_a_header_in_both_languages_is_there_twice(tmp_path: Path) -> None:
    header = [*SALES_HEADER, "折扣额(不含税)"]
    (problem,) = problems(read(openpyxl_book(tmp_path / "a.xlsx", with_sales([], header))))
    assert "in E1, F1" in problem.sentence


def test_a_full_chinese_name_goes_before_a_short_one_with_a_warning(tmp_path: Path) -> None:
    sheet: Rows = [
        ["单号", "日期", "客户编号", "销售额", "销售额（不含税）"],
        ["X1", "2026-01-05", "A01", 113, 100],
    ]
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**CHINESE, "销售明细": sheet}))
    assert book.inputs.sales.gross.tolist() == [10_000]
    (warning,) = problems(book, severity="warning")
    assert "E1 is read, D1 is not" in warning.sentence
    assert not problems(book)


def test_within_adjustments_the_sale_is_not_the_adjustment(tmp_path: Path) -> None:
    sheet: Rows = [
        ["调整单号", "单号", "日期", "类型", "客户编号", "金额(不含税)"],
        ["R1", "X1", "2026-02-01", "退货", "A01", 5],
        ["R2", None, "2026-02-01", "销售折让", "A01", 5],
    ]
    adjustments = read(openpyxl_book(tmp_path / "a.xlsx", {**CHINESE, "退货坏账": sheet})).inputs.adjustments
    assert adjustments.sale_id.tolist() == ["X1", ""]
    assert adjustments.type.tolist() == ["return", "discount"]


def test_required_sheets_that_are_missing_are_errors_and_others_count_as_empty(tmp_path: Path) -> None:
    book = read(openpyxl_book(tmp_path / "a.xlsx", {"Notes": [["nothing"]]}))
    assert [problem.table for problem in problems(book)] == [
        "Tiers",
        "Account Tiers",
        "Salespeople",
        "Assignments",
        "Sales",
    ]
    assert all(problem.row == 0 and "keyaccount new" in problem.advice for problem in problems(book))
    assert len(book.inputs.sales) == len(book.inputs.adjustments) == 0
    assert book.inputs.policies == ()


def test_an_optional_sheet_without_anything_in_it_counts_as_empty(tmp_path: Path) -> None:
    assert read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Targets": []})).problems == []
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Targets": [["something", "else"]]}))
    assert found(book) == [("Targets", "", "")]


@pytest.mark.parametrize("titles", [("Sales", "销售明细"), ("销售明细", "Sales")])
def test_two_sheets_for_one_table_are_an_error(tmp_path: Path, titles: tuple[str, str]) -> None:
    sheets = {
        **{name: rows for name, rows in ENGLISH.items() if name != "Sales"},
        **dict.fromkeys(titles, SALES),
    }
    (problem,) = problems(read(openpyxl_book(tmp_path / "a.xlsx", sheets)))
    assert f"Several sheets could be Sales: {', '.join(titles)}" in problem.sentence


def test_a_workbook_of_charts_only_has_no_sheets(tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    book.create_chartsheet("Sales")
    book.save(tmp_path / "a.xlsx")
    assert len(problems(read(tmp_path / "a.xlsx"))) == 5


def test_columns_are_declared_without_names_in_common() -> None:
    for table in INPUT_TABLES:
        names: dict[str, Column] = {}
        for column in table.columns:
            for name in (column.en, *column.zh):
                assert names.setdefault(name, column) == column, f"{table.name}: {name}"
