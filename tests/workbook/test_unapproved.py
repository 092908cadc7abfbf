"""Rows that decide about money and name nobody who approved them: one warning a sheet (plan, Controls)."""

from __future__ import annotations

from pathlib import Path

from keyaccount.commands import check_book
from tests.plain_books import write_inputs
from tests.plan_case_rows import Row, row_of

APPROVED = {"Approved By": "P03", "Document No.": "D-1"}
ROWS: dict[str, list[Row]] = {
    "Tiers": [row_of("Tiers", "strategic 2%")],
    "Account Tiers": [row_of("Account Tiers", "A1 strategic from 2020-01-01")],
    "Salespeople": [row_of("Salespeople", "S01")],
    "Assignments": [row_of("Assignments", "A1 S01 100% from 2020-01-01")],
    "Sales": [row_of("Sales", "N1 2026-01-10 A1 100000.00")],
    "Accounts": [row_of("Accounts", "A1")],
}


def warned(path: Path, **changed: list[Row]) -> list[tuple[str, str, str]]:
    path.unlink(missing_ok=True)
    write_inputs(path, {**ROWS, **{name.replace("_", " "): rows for name, rows in changed.items()}})
    found = (p for p in check_book(path).problems if "without Approved By" in p.problem)
    return [(p.sheet, p.cell, p.problem) for p in found]


def test_a_plain_workbook_without_the_columns_is_not_asked(tmp_path: Path) -> None:
    assert warned(tmp_path / "book.xlsx") == []


def test_one_warning_a_sheet_counts_its_rows_and_names_the_first(tmp_path: Path) -> None:
    tiers = [
        {**row_of("Tiers", "strategic 2%"), **APPROVED},
        {**row_of("Tiers", "core 1.6%"), "Approved By": "P03"},
        row_of("Tiers", "important 1.1%"),
        row_of("Tiers", "strategic 2%"),  # as shipped: the written plan's
    ]
    found = warned(tmp_path / "book.xlsx", Tiers=tiers)
    assert [(sheet, problem) for sheet, _, problem in found] == [
        ("Tiers", "Rows without Approved By or Document No.: 2.")
    ]
    assert found[0][1].endswith("4")  # row 4 is the first that names nobody


def test_of_adjustments_only_bad_debts_are_asked(tmp_path: Path) -> None:
    returned = {**row_of("Adjustments", "R1 2026-02-10 return A1 100.00 of N1"), **APPROVED}
    loose = row_of("Adjustments", "R2 2026-02-11 return A1 100.00 of N1")
    debt = row_of("Adjustments", "B1 2026-02-12 bad_debt A1 100.00 of N1")
    path = tmp_path / "book.xlsx"
    assert warned(path, Adjustments=[returned, loose]) == []
    assert [sheet for sheet, _, _ in warned(path, Adjustments=[returned, loose, debt])] == ["Adjustments"]


def test_policies_as_shipped_were_decided_by_nobody(tmp_path: Path) -> None:
    shipped = {**row_of("Policies", "advance_rate 0.8"), "Approved By": ""}
    other = {**row_of("Policies", "uplift_points 0.01"), **APPROVED}
    path = tmp_path / "book.xlsx"
    assert warned(path, Policies=[shipped, other]) == []
    changed = {**row_of("Policies", "advance_rate 0.7"), "Approved By": ""}
    assert [sheet for sheet, _, _ in warned(path, Policies=[changed, other])] == ["Policies"]
