"""The tables of a workbook, as rows: what they become, what is missing in them, what looks odd."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.periods import month_from_text
from keyaccount.tables import (
    NO_DAY,
    AccountRow,
    AccountTierRow,
    AssignmentRow,
    CompanySalesRow,
    OpeningRow,
    PolicyRow,
    PriorYearRow,
    ReviewRow,
    SalespersonRow,
    TargetRow,
    TierRow,
)
from tests.workbook.reading import CHINESE, ENGLISH, Rows, found, openpyxl_book, problems, read, with_sales

DAY = date(2026, 3, 1)


def book_with(tmp_path: Path, sheets: dict[str, Rows]) -> Path:
    return openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, **sheets})


def test_each_small_table_becomes_records(tmp_path: Path) -> None:
    person = "Salesperson ID"
    sheets: dict[str, Rows] = {
        "Policies": [["Policy", "Value", "Effective From", "Note"], ["advance_rate", "80%", None, "x"]],
        "Tiers": [["Tier", "Rate", "Effective From", "Rank"], ["own", "2.5%", DAY, 2]],
        "Accounts": [
            ["Account ID", "Account Name", "Industry", "Stable", "Potential", "Last Updated"],
            ["A01", "Sample Account A01", "Steel", "是", False, DAY],
        ],
        "Account Tiers": [
            ["Account ID", "Tier", "Effective From", "Event", "Credited To", "Reason"],
            ["A01", "core", DAY, "Upgrade", "S01; S02", "grew"],
            ["A01", None, "2026-06-30", None, None, None],
        ],
        "Salespeople": [[person, "Name", "Department", "Joined", "Left"], ["S01", None, "East", DAY, None]],
        "Assignments": [["Account ID", person, "Share", "From", "To"], ["A01", "S01", 0.3333, DAY, None]],
        "Targets": [[person, "Year", "Target"], ["S01", 2026, "1,000,000"]],
        "Company Sales": [["Month", "Net Sales"], ["2026-01", 5], [DAY, 6.5]],
        "Year-End Review": [
            [person, "Year", "Coefficient", "Reason", "Approved By"],
            ["S01", 2026, 1.05, "very good", "Director D01"],
        ],
        "Opening Balances": [[person, "Year", "Amount"], ["S01", "2026", "(12.50)"]],
        "Prior Years": [[person, "Year", "Coefficient", "Bonus Earned"], ["S01", 2025, 0.95, "yes"]],
    }
    book = read(book_with(tmp_path, sheets))
    assert book.problems == []
    inputs = book.inputs
    assert inputs.policies == (PolicyRow(2, "advance_rate", "0.8"),)
    assert inputs.tiers == (TierRow(2, "own", Decimal("0.025"), DAY, 2),)
    assert inputs.accounts == (
        AccountRow(2, "A01", "Sample Account A01", "Steel", stable=True, potential=False, last_updated=DAY),
    )
    assert inputs.account_tiers == (
        AccountTierRow(2, "A01", "core", DAY, "upgrade", ("S01", "S02"), "grew"),
        AccountTierRow(3, "A01", "", date(2026, 6, 30)),
    )
    assert inputs.salespeople == (SalespersonRow(2, "S01", "", "East", DAY),)
    assert inputs.assignments == (AssignmentRow(2, "A01", "S01", Decimal("0.3333"), DAY),)
    assert inputs.targets == (TargetRow(2, "S01", 2026, 100_000_000),)
    january = month_from_text("2026-01")
    assert inputs.company_sales == (CompanySalesRow(2, january, 500), CompanySalesRow(3, january + 2, 650))
    assert inputs.year_end_review == (
        ReviewRow(2, "S01", 2026, Decimal("1.05"), "very good", "Director D01"),
    )
    assert inputs.opening_balances == (OpeningRow(2, "S01", 2026, -1_250),)
    assert inputs.prior_years == (PriorYearRow(2, "S01", 2025, Decimal("0.95"), bonus_earned=True),)


def test_adjustments_become_columns(tmp_path: Path) -> None:
    header = [
        "Adjustment ID",
        "Date",
        "Type",
        "Account ID",
        "Amount",
        "Sale ID",
        "Original Date",
        "VAT Rate",
        "Approved By",
    ]
    rows: Rows = [
        header,
        ["R1", DAY, "坏账核销", "A01", 113, None, date(2025, 11, 3), "13%", "Director D01"],
        ["R2", DAY, "Recovery", "A01", 5, 77.0, None, None, None],
    ]
    book = read(book_with(tmp_path, {"Adjustments": rows}))
    assert book.problems == []
    adjustments = book.inputs.adjustments
    assert adjustments.type.tolist() == ["bad_debt", "recovery"]
    assert adjustments.sale_id.tolist() == ["", "77"]
    assert adjustments.original_date.tolist() == [20_395, NO_DAY]
    assert adjustments.vat_rate.tolist() == [Decimal("0.13"), None]
    assert adjustments.amount.tolist() == [11_300, 500]


def test_optional_columns_that_are_not_there_are_blank(tmp_path: Path) -> None:
    rows: Rows = [["Adjustment ID", "Date", "Type", "Account ID", "Amount"], ["R1", DAY, "return", "A01", 1]]
    adjustments = read(book_with(tmp_path, {"Adjustments": rows})).inputs.adjustments
    assert adjustments.vat_rate.tolist() == [None]
    assert adjustments.original_date.tolist() == [NO_DAY]
    assert adjustments.sale_id.tolist() == [""]


def test_amounts_below_zero_are_read_for_the_core_to_judge(tmp_path: Path) -> None:
    path = openpyxl_book(tmp_path / "a.xlsx", with_sales([["X1", DAY, "A01", -5, "-1"]]))
    sales = read(path).inputs.sales
    assert (sales.gross.tolist(), sales.discount.tolist()) == ([-500], [-100])


@pytest.mark.parametrize(
    ("sheet", "row", "blanks"),
    [
        ("Tiers", [None, 0.01, DAY], ["A2"]),
        ("Tiers", ["core", None, DAY], ["B2"]),
        ("Account Tiers", [None, None, DAY], ["A2"]),
        ("Account Tiers", ["A01", "core", None], ["C2"]),
        ("Salespeople", [" ", "name"], ["A2"]),
        ("Assignments", ["A01", None, None, None], ["B2", "C2", "D2"]),
        ("Sales", ["X1", None, "A01", None, 5], ["B2", "D2"]),
    ],
)
def test_a_blank_in_a_required_cell_is_an_error(
    tmp_path: Path, sheet: str, row: list[object], blanks: list[str]
) -> None:
    book = read(book_with(tmp_path, {sheet: [ENGLISH[sheet][0], row]}))
    assert found(book) == [(sheet, cell, row[0] if cell[0] == "A" and row[0] else "") for cell in blanks]
    assert all("is blank" in problem.sentence for problem in problems(book))


def test_blanks_with_a_meaning_are_none(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        "Tiers": [["Tier", "Rate", "Effective From"], ["core", 0.01, None]],
        "Policies": [["Policy", "Value", "Effective From"], ["advance_rate", 0.8, None]],
        "Scorecard": [["Measure", "Weight", "Threshold", "Effective From"], ["profile", 15, None, None]],
        "Account Tiers": [["Account ID", "Tier", "Effective From"], ["A01", None, DAY]],
    }
    assert read(book_with(tmp_path, sheets)).problems == []


def test_the_words_of_policies_and_blank_values_are_left_to_the_policies(tmp_path: Path) -> None:
    rows: Rows = [
        ["Policy", "Value"],
        ["company", " Sample Company Ltd 示例公司 "],
        ["company", None],
        ["plan_start", DAY],
        ["plan_start", "2026-05-01"],
        ["plan_start", None],
        ["negative_balance", "Collect"],
        ["require_review", "是"],
        ["uplift_points", None],
    ]
    book = read(book_with(tmp_path, {"Policies": rows}))
    values = [row.value for row in book.inputs.policies]
    assert values == ["Sample Company Ltd 示例公司", "", "2026-03-01", "2026-05-01", "", "Collect", "yes", ""]
    assert book.problems == []


@pytest.mark.parametrize(
    ("sheet", "rows", "cells"),
    [
        ("Targets", [["Salesperson ID", "Year", "Target"], ["S01", 26, 1], ["S01", 10_000, 1]], ["B2", "B3"]),
        ("Targets", [["Salesperson ID", "Year", "Target"], ["S01", "next", "much"]], ["B2", "C2"]),
        ("Company Sales", [["Month", "Net Sales"], [46_023, 1], ["2026-13", 1]], ["A2", "A3"]),
        ("Accounts", [["Account ID", "Account Name", "Stable"], ["A01", "x", "maybe"]], ["C2"]),
        (
            "Account Tiers",
            [["Account ID", "Tier", "Effective From", "Event"], ["A01", "x", DAY, "gone"]],
            ["D2"],
        ),
        ("Bands", [["Score From", "Coefficient"], ["high", 1]], ["A2"]),
        ("Scorecard", [["Measure", "Weight"], ["profile", "heavy"]], ["B2"]),
        ("Payments Made", [["Salesperson ID", "Period", "Amount", "Voucher"], ["S", "May", 1, "v"]], ["B2"]),
        (
            "Maintenance",
            [
                ["Date", "Account ID", "Salesperson ID", "Kind", "Opened", "Satisfaction"],
                [DAY, "A01", "S01", "月度商务回顾", datetime(2026, 3, 1, 8, 30), 5],  # noqa: DTZ001 cells know no zone
                [DAY, "A01", "S01", "dinner", "noon", 6],
            ],
            ["D3", "E3", "F3"],
        ),
        (
            "Approvals",
            [
                ["Period", "Ledger Digest", "Prepared By", "Reviewed By", "Approved By", "Approved On"],
                ["2026Q1", "ab", "P", "R", "A", "soon"],
            ],
            ["F2"],
        ),
        ("Objections", [["Entry", "Salesperson ID", "Raised", "Text"], [0, "S01", DAY, "why"]], ["A2"]),
    ],
)
def test_wrong_cells_of_small_tables_are_named(
    tmp_path: Path, sheet: str, rows: Rows, cells: list[str]
) -> None:
    book = read(book_with(tmp_path, {sheet: rows}))
    assert [cell for _, cell, _ in found(book, sheet)] == cells


def test_the_notes_beside_are_checked_too(tmp_path: Path) -> None:
    path = book_with(
        tmp_path, {"Tiers": [["Tier", "Rate", "Effective From", "Approved By"], ["core", 0.01, None, None]]}
    )
    book = load_workbook(path)
    book["Tiers"]["D2"] = "=1/0"
    book.save(path)
    assert found(read(path)) == [("Tiers", "D2", "=1/0")]


def test_formulas_that_openpyxl_wrote_are_uncalculated(tmp_path: Path) -> None:
    path = openpyxl_book(
        tmp_path / "a.xlsx", with_sales([["X1", DAY, "A01", "=1+1", "=0"], ["X2", DAY, "A01", 1, None]])
    )
    book = read(path)
    assert found(book) == [("Sales", "D2", "=1+1"), ("Sales", "E2", "=0")]
    assert book.inputs.sales.sale_id.tolist() == ["X2"]


def test_problems_carry_the_sheets_real_title_and_cell(tmp_path: Path) -> None:
    sheets: dict[str, Rows] = {
        **CHINESE,
        "销售明细": [["说明"], [], ["客户编号", "x", "日期", "单号", "销售额"], ["A01", 1, "soon", "X1", 5]],
    }
    assert found(read(openpyxl_book(tmp_path / "a.xlsx", sheets))) == [("销售明细", "C4", "soon")]


def test_hidden_rows_of_small_tables_count_with_one_warning(tmp_path: Path) -> None:
    path = book_with(
        tmp_path, {"Salespeople": [["Salesperson ID", "Name"], *[[f"S{n}", "x"] for n in range(5)], []]}
    )
    book = load_workbook(path)
    for row in (3, 4, 7):
        book["Salespeople"].row_dimensions[row].hidden = True
    book["Salespeople"].auto_filter.ref = "A1:B6"
    book.save(path)
    read_back = read(path)
    assert len(read_back.inputs.salespeople) == 5
    (warning,) = problems(read_back, severity="warning")
    assert (warning.table, warning.row) == ("Salespeople", 3)
    assert "2 hidden or filtered rows" in warning.sentence
