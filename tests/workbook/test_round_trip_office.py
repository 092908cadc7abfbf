"""Rows that a user types in LibreOffice: the workbook is saved there, settled here, and read back there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from keyaccount.cli import main
from keyaccount.commands import check_book
from keyaccount.tables import RESULT_SHEET, TABLE
from tests.workbook.books import Language
from tests.workbook.office_user import OfficeUser, Step, needs_office, typed

LANGUAGES: tuple[Language, ...] = ("en", "zh")
Typed = dict[str, Sequence[Sequence[str]]]
pytestmark = [
    needs_office,
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),  # LibreOffice's data bars
]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> OfficeUser:
    return OfficeUser(tmp_path_factory.mktemp("office"))


def title(name: str, language: Language) -> str:
    declared = TABLE.get(name) or RESULT_SHEET[name]
    return declared.zh[0] if language == "zh" else name


def example_1(language: Language) -> Typed:
    """Give worked example 1 as somebody types it: dates, thousands, percentages, words of the drop-downs."""
    strategic, returned = ("战略客户", "销售退货") if language == "zh" else ("strategic", "return")
    return {
        "Accounts": [["007", "=1+1 Trading"]],
        "Account Tiers": [["007", strategic, "2025-01-01", "初始" if language == "zh" else "initial"]],
        "Salespeople": [["S01", "销售员甲" if language == "zh" else "Salesperson S01"]],
        "Assignments": [["007", "S01", "100%", "2025-01-01"]],
        "Sales": [
            ["INV-1", "2026-01-05", "007", "520,000.00", "20000"],
            ["INV-2", "2026-02-05", "007", "300000"],
            ["INV-3", "2026-03-05", "007", "200000"],
        ],
        "Adjustments": [["R1", "2026-03-20", returned, "007", "50,000.00", "INV-3"]],
    }


def steps(rows: Typed, language: Language, first_row: int) -> list[Step]:
    """Type the rows into their sheets."""
    return [step for name, of in rows.items() for step in typed(title(name, language), first_row, of)]


def figures(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:  # noqa: ANN401 JSON
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["salespeople"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_filled_in_libreoffice_is_paid_as_the_plan_says(
    tmp_path: Path, office: OfficeUser, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    new, book = tmp_path / "new.xlsx", tmp_path / "book.xlsx"
    assert main(["new", str(new), "--lang", language]) == 0
    office.works(new, steps(example_1(language), language, 2), book)
    assert [each for each in check_book(book).problems if each.severity == "error"] == []
    paid = [figures(capsys, "advance", str(book), f"2026-0{month}")[0]["paid"] for month in (1, 2, 3)]
    assert paid == ["8000.00", "4800.00", "2400.00"]
    [settled] = figures(capsys, "settle", str(book), "2026Q1")
    assert settled == {
        "salesperson_id": "S01",
        "net_sales": "950000.00",
        "commission": "19000.00",
        "paid": "0.00",
        "withheld": "3800.00",
        "carried": "0.00",
    }
    again = office.works(book, [], tmp_path / "again.xlsx")
    shown = load_workbook(again, data_only=True)[title("Quarterly Settlement", language)]
    assert [cell.value for cell in shown[6][5:16]] == [
        950000,
        19000,
        0,
        0,
        0,
        19000,
        15200,
        15200,
        0,
        3800,
        0,
    ]
    assert load_workbook(again)[title("Net Sales", language)]["C6"].value == "=1+1 Trading"
    assert main(["verify", str(again)]) == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_typed_below_a_table_and_inserted_into_it_count_once(
    tmp_path: Path, office: OfficeUser, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    book, after = tmp_path / "demo.xlsx", tmp_path / "after.xlsx"
    assert main(["new", str(book), "--demo", "--year", "2026", "--lang", language]) == 0
    before = {each["salesperson_id"]: each for each in figures(capsys, "advance", str(book), "2026-01")}
    sales = title("Sales", language)
    sheet = load_workbook(book)[sales]
    end = sheet.max_row
    assert sheet.tables["Sales"].ref.endswith(str(end))
    todo: list[Step] = [
        *typed(
            sales, end + 1, [["NEW-1", "2026-01-30", "A01", "100000.00"], ["NEW-2", "2026-01-30", "A01", "1"]]
        ),
        (sales, "A10", "insert row above", ""),
        *typed(sales, 10, [["NEW-3", "2026-01-30", "A01", "50000", "0.50"]]),
    ]
    office.works(book, todo, after)
    assert load_workbook(after)[sales].max_row == end + 3
    assert [each for each in check_book(after).problems if each.severity == "error"] == []
    now = {each["salesperson_id"]: each for each in figures(capsys, "advance", str(after), "2026-01")}
    added = {who: _fen(now[who]["net_sales"]) - _fen(before[who]["net_sales"]) for who in now}
    assert sum(added.values()) == 150_000_50
    assert {who for who, fen in added.items() if fen} == {"S01"}
    assert _fen(now["S01"]["commission"]) - _fen(before["S01"]["commission"]) == 3_000_01
    assert main(["verify", str(after)]) == 0


def _fen(amount: str) -> int:
    return round(float(amount) * 100)
