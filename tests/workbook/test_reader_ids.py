"""IDs that are nearly equal, and the digest of the inputs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbook.reading import ENGLISH, Rows, found, openpyxl_book, problems, read, with_sales

DAY = date(2026, 3, 1)


def book_with(tmp_path: Path, sheets: dict[str, Rows]) -> Path:
    return openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, **sheets})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("A01", "a01"),
        ("Ａ01", "A01"),
        ("A\u00a001", "A01"),
        ("A\u200b01", "A01"),
        ("Straße", "STRASSE"),
        ("Ⅷ", "VIII"),
    ],
)
def test_ids_that_are_nearly_equal_are_a_warning_that_names_both(
    tmp_path: Path, first: str, second: str
) -> None:
    accounts: Rows = [["Account ID", "Account Name"], [first, "x"], ["B", "y"]]
    rows: Rows = [["X1", DAY, second, 1, None], ["X2", DAY, second, 1, None]]
    sheets = {**with_sales(rows), "Accounts": accounts}
    for name in ("Account Tiers", "Assignments"):
        sheets[name] = [ENGLISH[name][0]]
    book = read(openpyxl_book(tmp_path / "a.xlsx", sheets))
    (warning,) = problems(book, severity="warning")
    assert warning.details == {"id": second, "other": first}
    assert found(book, severity="warning") == [("Sales", "C2", second)]


def test_sale_ids_and_salesperson_ids_are_compared_too(tmp_path: Path) -> None:
    sheets = with_sales([["X1", DAY, "A01", 1, None], ["x1", DAY, "A01", 1, None]])
    sheets["Account Tiers"] = [
        ["Account ID", "Tier", "Effective From", "Credited To"],
        ["A01", "core", DAY, "S01;s01"],
    ]
    book = read(openpyxl_book(tmp_path / "a.xlsx", sheets))
    assert found(book, severity="warning") == [("Account Tiers", "D2", "s01"), ("Sales", "A3", "x1")]


def test_ids_of_different_kinds_are_not_compared(tmp_path: Path) -> None:
    assert read(openpyxl_book(tmp_path / "a.xlsx", with_sales([["a01", DAY, "A01", 1, None]]))).problems == []


def test_an_id_in_odd_spaces_is_trimmed_with_a_warning(tmp_path: Path) -> None:
    rows: Rows = [
        ["X1", DAY, "A01", 1, None],
        ["X2", DAY, "A01\u00a0", 1, None],
        ["X3", DAY, " A01 ", 1, None],
    ]
    book = read(openpyxl_book(tmp_path / "a.xlsx", with_sales(rows)))
    assert book.inputs.sales.account_id.tolist() == ["A01"] * 3
    assert found(book, severity="warning") == [("Sales", "C3", "A01\u00a0")]
    sheets = {**ENGLISH, "Salespeople": [["Salesperson ID", "Name"], ["\u3000S01", "x"]]}
    book = read(openpyxl_book(tmp_path / "b.xlsx", sheets))
    assert found(book, severity="warning") == [("Salespeople", "A2", "\u3000S01")]


def test_the_digest_follows_values_not_looks(tmp_path: Path) -> None:
    plain = read(openpyxl_book(tmp_path / "a.xlsx", ENGLISH)).input_digest
    assert len(plain) == 64
    path = openpyxl_book(
        tmp_path / "b.xlsx", {**ENGLISH, "Notes": [["x"]], "Targets": [["Salesperson ID", "Year", "Target"]]}
    )
    book = load_workbook(path)
    sales = book["Sales"]
    sales["D2"] = "¥1,234.50"
    sales["D3"].number_format = "#,##0.00"
    sales["B3"] = "2026-02-06"
    sales["G2"] = "a note"
    sales.insert_rows(3)
    sales.row_dimensions[2].hidden = True
    book.move_sheet("Sales", -4)
    book.save(path)
    changed = read(path)
    assert changed.inputs.sales.row.tolist() == [2, 4]
    assert changed.input_digest == plain


@pytest.mark.parametrize(
    ("sheet", "cell", "value"),
    [
        ("Sales", "D2", 1234.51),
        ("Sales", "A2", "X3"),
        ("Sales", "B2", date(2026, 1, 6)),
        ("Sales", "E2", 0.01),
        ("Tiers", "C2", date(2026, 1, 1)),
        ("Salespeople", "B2", "another name"),
        ("Assignments", "C2", 0.5),
    ],
)
def test_the_digest_changes_with_every_value(tmp_path: Path, sheet: str, cell: str, value: object) -> None:
    path = openpyxl_book(tmp_path / "a.xlsx", ENGLISH)
    plain = read(path).input_digest
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)
    assert read(path).input_digest != plain


def test_the_digest_keeps_the_order_of_rows(tmp_path: Path) -> None:
    first, second = ENGLISH["Sales"][1:]
    one = read(openpyxl_book(tmp_path / "a.xlsx", with_sales([first, second])))
    other = read(openpyxl_book(tmp_path / "b.xlsx", with_sales([second, first])))
    assert one.input_digest != other.input_digest
