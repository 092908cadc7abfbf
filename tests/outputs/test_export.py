"""The payroll file and the journal: what the ledger paid, to the fen; keys exact; no formula in CSV."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from keyaccount.cli import main
from keyaccount.ledger import EARNINGS, PAYMENTS
from keyaccount.money import fen, yuan
from keyaccount.outputs import tabular
from keyaccount.outputs.journal import moved
from keyaccount.periods import Period
from tests.outputs.books import YEAR, Rows, book_runs, demo_book, ledger_of, own_book, runs_through
from tests.plain_books import Rows as PlainRows
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of

pytestmark = pytest.mark.xdist_group("export")
Export = Callable[..., tuple[int, dict[str, Any]]]
PERIODS = [period for _, period in runs_through(12, year_end=True)]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_book(tmp_path_factory.mktemp("export") / "demo.xlsx", "zh", runs_through(12, year_end=True))


@pytest.fixture
def export(capsys: pytest.CaptureFixture[str]) -> Export:
    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["export", *map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def rows_of(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


@pytest.mark.parametrize("period", PERIODS)
def test_the_payroll_file_pays_what_the_ledger_paid_in_the_period(
    demo: Path, period: str, tmp_path: Path, export: Export
) -> None:
    paid = [e for e in ledger_of(demo) if e.kind in PAYMENTS and e.period == period]
    code, told = export(demo, period, "--out", tmp_path / "pay.csv", "--lang", "en")
    head, *rows = rows_of(tmp_path / "pay.csv")
    assert code == 0
    assert head == [
        "Period",
        "Salesperson ID",
        "Name",
        "Department",
        "Kind",
        "Amount (before tax)",
        "Ledger Entry",
    ]
    assert [(row[0], row[1], row[4], row[5], row[6]) for row in rows] == [
        (period, e.salesperson_id, e.kind, yuan(e.amount), str(e.entry)) for e in paid if e.amount
    ]
    assert told["rows"] == len(rows)
    assert told["left_out"] == len(paid) - len(rows)
    assert fen(told["total"]) == sum(e.amount for e in paid) == sum(fen(row[5]) for row in rows)


def test_the_file_begins_with_its_mark_and_ends_lines_as_csv_does(
    demo: Path, tmp_path: Path, export: Export
) -> None:
    export(demo, "2026-01", "--out", tmp_path / "pay.csv")
    content = (tmp_path / "pay.csv").read_bytes()
    assert content.startswith("\ufeff期间,销售员编号,姓名,部门,类别,金额(税前),台账行\r\n".encode())
    assert content.endswith(b"\r\n")
    assert "月度预发" in content.decode()


def test_the_same_ledger_gives_the_same_bytes(demo: Path, tmp_path: Path, export: Export) -> None:
    for name in ("pay.csv", "pay.xlsx"):
        export(demo, "2026Q3", "--out", tmp_path / name)
        export(demo, "2026Q3", "--out", tmp_path / f"again-{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"again-{name}").read_bytes()


def test_the_workbook_holds_numbers_and_texts_and_excel_opens_it(
    demo: Path, tmp_path: Path, export: Export
) -> None:
    export(demo, "2026", "--out", tmp_path / "pay.xlsx", "--lang", "en")
    assert OpenXmlValidator().validate(tmp_path / "pay.xlsx").is_valid
    sheet = openpyxl.load_workbook(tmp_path / "pay.xlsx").active
    assert sheet is not None
    paid = [e for e in ledger_of(demo) if e.kind == "year_end_payment" and e.amount]
    assert [(row[1].value, row[5].value, row[6].value) for row in list(sheet.rows)[1:]] == [
        (e.salesperson_id, e.amount / 100, str(e.entry)) for e in paid
    ]


COMPANY: Rows = {
    "Accounts": [{"account_id": "A01", "name": "Sample Account A01"}],
    "Account Tiers": [{"account_id": "A01", "tier": "core", "effective_from": date(2026, 1, 1)}],
    "Salespeople": [
        {"salesperson_id": "007", "name": "=1+1", "department": "@East, 甲"},
        {"salesperson_id": "S02", "name": "-Name", "department": "South"},
    ],
    "Assignments": [
        {"account_id": "A01", "salesperson_id": "007", "share": Decimal("0.5"), "start": date(2026, 1, 1)},
        {"account_id": "A01", "salesperson_id": "S02", "share": Decimal("0.5"), "start": date(2026, 1, 1)},
    ],
    "Sales": [
        {"sale_id": "1", "date": date(2026, 1, 5), "account_id": "A01", "gross": Decimal("100000.00")},
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return own_book(tmp_path / "book.xlsx", "en", COMPANY, [("advance", "2026-01")])


def test_names_like_formulas_get_an_apostrophe_and_ids_stay_exact(
    small: Path, tmp_path: Path, export: Export
) -> None:
    export(small, "2026-01", "--out", tmp_path / "pay.csv")
    assert [row[1:4] for row in rows_of(tmp_path / "pay.csv")[1:]] == [
        ["007", "'=1+1", "'@East, 甲"],
        ["S02", "'-Name", "South"],
    ]
    export(small, "2026-01", "--out", tmp_path / "pay.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "pay.xlsx")["2026-01"] for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert [cell.value for cell in cells if cell.row == 2][:4] == ["2026-01", "007", "=1+1", "@East, 甲"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_some_program_takes_for_a_formula_gets_an_apostrophe(start: str) -> None:
    assert tabular._guarded(f"{start}1+1") == f"'{start}1+1"
    assert tabular._guarded(f"a{start}1") == f"a{start}1"


def test_an_id_like_a_formula_goes_into_a_workbook_but_not_into_csv(tmp_path: Path, export: Export) -> None:
    person = "=S&B"
    rows = {
        **COMPANY,
        "Salespeople": [{"salesperson_id": person, "name": "Name"}],
        "Assignments": [
            {"account_id": "A01", "salesperson_id": person, "share": Decimal(1), "start": date(2026, 1, 1)}
        ],
    }
    book = own_book(tmp_path / "book.xlsx", "en", rows, [("advance", "2026-01")])
    code, told = export(book, "2026-01", "--out", tmp_path / "pay.csv")
    assert code == 3
    assert ".xlsx" in told["problems"][0]["remedy"]
    assert not (tmp_path / "pay.csv").exists()
    code, told = export(book, "2026-01", "--out", tmp_path / "pay.xlsx")
    assert (code, told["total"]) == (0, "1200.00")
    assert openpyxl.load_workbook(tmp_path / "pay.xlsx")["2026-01"]["B2"].value == person


def test_a_company_gives_its_own_columns_in_its_own_order(
    small: Path, tmp_path: Path, export: Export
) -> None:
    columns = tmp_path / "columns.csv"
    columns.write_bytes(
        "列名,内容\r\n工号,销售员编号\r\n实发,Amount (before tax)\r\n备注,\r\n月份,period\r\n".encode(
            "gb18030"
        )
    )
    code, told = export(small, "2026-01", "--out", tmp_path / "pay.csv", "--columns", columns)
    assert (code, told["total"]) == (0, "1200.00")
    assert rows_of(tmp_path / "pay.csv") == [
        ["工号", "实发", "备注", "月份"],
        ["007", "600.00", "", "2026-01"],
        ["S02", "600.00", "", "2026-01"],
    ]


def test_the_columns_may_stand_in_a_workbook(small: Path, tmp_path: Path, export: Export) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (("Ours", "Holds"), (1001, "Ledger Entry"), ("Pay", "金额(税前)")):
        book.active.append(row)
    book.save(tmp_path / "columns.xlsx")
    export(small, "2026-01", "--out", tmp_path / "pay.csv", "--columns", tmp_path / "columns.xlsx")
    assert rows_of(tmp_path / "pay.csv")[:2] == [["1001", "Pay"], ["1", "600.00"]]


def test_a_column_that_is_none_of_ours_is_named_with_the_nearest(
    small: Path, tmp_path: Path, export: Export
) -> None:
    (tmp_path / "columns.csv").write_text("Ours,Holds\nPay,Amount\n", encoding="utf-8")
    code, told = export(
        small, "2026-01", "--out", tmp_path / "pay.csv", "--columns", tmp_path / "columns.csv"
    )
    assert code == 5
    assert told["problems"][0]["problem"] == "columns.csv, row 2: there is no column Amount."
    assert "Amount (before tax)" in told["problems"][0]["remedy"]
    assert not (tmp_path / "pay.csv").exists()


def plain(*sales: str) -> dict[str, PlainRows]:
    company = {
        "Tiers": ["core 1.5%"],
        "Account Tiers": ["A1 core from 2026-01-01"],
        "Salespeople": ["S01", "S02"],
        "Assignments": ["A1 S01 50% from 2026-01-01", "A1 S02 50% from 2026-01-01"],
        "Sales": sales,
    }
    return {table: [row_of(table, text) for text in texts] for table, texts in company.items()}


def test_a_month_that_was_run_again_is_listed_by_run(tmp_path: Path, export: Export) -> None:
    book = tmp_path / "book.xlsx"
    write_inputs(book, plain("1 2026-01-05 A1 100000.00"))
    book_runs(book, "en", [("advance", "2026-01")])
    write_inputs(book, plain("1 2026-01-05 A1 100000.00", "2 2026-01-06 A1 20000.00"))
    book_runs(book, "en", [("advance", "2026-01")])
    code, told = export(book, "2026-01", "--out", tmp_path / "pay.csv")
    assert (code, told["runs"], told["rows"], told["total"]) == (0, [1, 2], 4, "1440.00")
    code, told = export(book, "2026-01", "--out", tmp_path / "pay.csv", "--run", 2)
    assert (told["rows"], told["total"]) == (2, "240.00")
    code, told = export(book, "2026-01", "--out", tmp_path / "pay.csv", "--run", 3)
    assert code == 3


def test_what_was_not_run_is_refused_and_what_has_errors_is_not_written(
    small: Path, tmp_path: Path, export: Export
) -> None:
    code, told = export(small, "2026Q1", "--out", tmp_path / "pay.csv")
    assert (code, told["problems"][0]["problem"]) == (3, "2026Q1 was not run yet.")
    write_inputs(small, {"Sales": [row_of("Sales", "1 2026-01-05 A99 5.00")]})
    code, told = export(small, "2026-01", "--out", tmp_path / "pay.csv")
    assert code == 1
    assert any(problem["sheet"] == "Sales" for problem in told["problems"])
    assert not (tmp_path / "pay.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--out", "pay.txt"], 2),
        (["--out", "pay.csv", "--accounts", "a.csv"], 2),
        (["--out", "pay.csv", "--gl", "--run", "1"], 2),
        (["--out", "book.xlsx"], 5),
        (["--out", "nowhere/pay.csv"], 5),
        (["--out", "pay.csv", "--columns", "missing.csv"], 5),
    ],
)
def test_wrong_usage_and_places_that_cannot_be_written_write_nothing(
    small: Path, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small.parent)
    before = {path.name: path.read_bytes() for path in small.parent.iterdir()}
    assert main(["export", small.name, "2026-01", *arguments]) == code
    assert {path.name: path.read_bytes() for path in small.parent.iterdir()} == before


def journal_of(demo: Path, period: str, folder: Path, export: Export) -> list[tuple[str, str, int]]:
    """Give (account name, salesperson, debit less credit) of a period's journal lines."""
    code, told = export(demo, period, "--out", folder / "gl.csv", "--gl", "--lang", "en")
    assert code == 0
    rows = rows_of(folder / "gl.csv")[1:]
    assert told["debit"] == told["credit"] == yuan(sum(fen(row[7] or "0") for row in rows))
    return [(row[3], row[5], fen(row[7] or "0") - fen(row[8] or "0")) for row in rows]


def test_journal_lines_balance_for_everyone_and_end_with_nothing_withheld(
    demo: Path, tmp_path: Path, export: Export
) -> None:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for period in PERIODS:
        balance: dict[str, int] = defaultdict(int)
        for account, person, amount in journal_of(demo, period, tmp_path, export):
            balance[person] += amount
            sums[person, account.rpartition(" - ")[2]] += amount
        assert not any(balance.values()), period
    ledger = ledger_of(demo)
    for person in {entry.salesperson_id for entry in ledger}:
        own = [entry for entry in ledger if entry.salesperson_id == person]
        earned = sum(e.amount for e in own if e.kind in EARNINGS and e.kind != "opening_balance")
        names = [name for who, name in sums if who == person]
        assert {"commission", "commission withheld until year end"} <= set(names)
        assert sums[person, "commission withheld until year end"] == 0
        left = sums[person, "commission to be deducted"]
        opening = sum(e.amount for e in own if e.kind == "opening_balance")
        paid = sum(e.amount for e in own if e.kind in PAYMENTS)
        assert earned + opening == paid + min(0, earned + opening - paid)
        assert left == opening - min(0, earned + opening - paid)


def test_the_expense_of_a_period_is_what_the_period_earned(demo: Path) -> None:
    ledger = ledger_of(demo)
    expense = {
        period: {person: each.expense for person, each in moved(ledger, Period.parse(period)).items()}
        for period in PERIODS
    }
    for person in expense[str(YEAR)]:
        quarter = sum(expense[f"{YEAR}-0{month}"][person] for month in (1, 2, 3)) + expense["2026Q1"][person]
        booked = sum(
            e.amount
            for e in ledger
            if (e.salesperson_id, e.period) == (person, "2026Q1") and e.kind in EARNINGS - {"opening_balance"}
        )
        assert quarter == booked, person


def test_a_balance_that_an_earlier_year_left_is_in_the_books_already(tmp_path: Path) -> None:
    rows = {
        **COMPANY,
        "Opening Balances": [{"salesperson_id": "007", "year": 2026, "amount": Decimal("-200.00")}],
    }
    book = own_book(tmp_path / "book.xlsx", "en", rows, [("advance", "2026-01")])
    now = moved(ledger_of(book), Period.parse("2026-01"))["007"]
    assert (now.expense, now.payable, now.withheld, now.carried) == (750_00, 400_00, 150_00, 200_00)


def test_a_company_gives_its_own_account_codes(small: Path, tmp_path: Path, export: Export) -> None:
    (tmp_path / "accounts.csv").write_text(
        "Line,Code,Name\nexpense,6601.05,Commission expense\n待补发,2241.09,\n", encoding="utf-8"
    )
    code, told = export(
        small, "2026-01", "--out", tmp_path / "gl.csv", "--gl", "--accounts", tmp_path / "accounts.csv"
    )
    assert (code, told["debit"], told["credit"]) == (0, "1500.00", "1500.00")
    lines = {(row[2], row[3], row[7], row[8]) for row in rows_of(tmp_path / "gl.csv")[1:]}
    assert lines == {
        ("6601.05", "Commission expense", "750.00", ""),
        ("2211", "Employee benefits payable - commission", "", "600.00"),
        ("2241.09", "Employee benefits payable - commission withheld until year end", "", "150.00"),
    }
