"""``explain``, case by case: what moved, corrections, uplifts, reversals, leavers, payments made outside."""

from __future__ import annotations

import json
import re
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from keyaccount import tables
from keyaccount.book import open_book
from keyaccount.cli import main
from keyaccount.outputs.explain import Explaining, explain
from keyaccount.periods import Period
from keyaccount.problems import ProblemsFound, UsageError
from keyaccount.settlement import run as settle
from tests.company import Sale, inputs
from tests.outputs.asking import asked, check_arithmetic, english
from tests.workbook.demo_books import COMPANY, Rows, own_book, run_on

if TYPE_CHECKING:
    from keyaccount.ledger import Entry

pytestmark = pytest.mark.xdist_group("explain")


def edited(path: Path, sheet: str, cell: str, value: object) -> None:
    """Change a cell as a person would, after the runs."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_an_entry_whose_rows_have_changed_says_what_they_give_today_and_what_will_be_booked(
    tmp_path: Path,
) -> None:
    runs: list[Any] = [
        ("advance", "2026-01"),
        ("advance", "2026-02"),
        ("advance", "2026-03"),
        ("settle", "2026Q1"),
    ]
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, runs)
    edited(path, "Sales", "D2", 2000.10)
    with asked(path) as (book, answer):
        commission = next(entry for entry in book.ledger if entry.kind == "commission")
        explanation = answer(str(commission.entry))
        assert explanation.moved
        assert explanation.roots[0].figure == commission.amount == 1500
        assert "with this entry 1,000.10 was booked; the rows today give 2,000.10." in explanation.text()
        assert "The difference in commission, 15.00, will be booked by the next run." in explanation.text()
        payment = answer("S01 2026Q1")
        assert payment.moved
        assert "the rows today give 75.00" in payment.text()


def test_a_correction_is_what_it_should_be_less_what_was_booked(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-03"), ("settle", "2026Q1")])
    edited(path, "Sales", "D2", 2000.10)
    run_on(path, "en", [("advance", "2026-04")])
    with asked(path) as (book, answer):
        correction = next(entry for entry in book.ledger if entry.kind == "correction")
        explanation = answer(str(correction.entry))
        assert not explanation.moved
        assert explanation.roots[0].term is not None
        assert explanation.roots[0].term.equation("en") == "30.00 − 15.00 = 15.00"
        assert "round(2,000.10 × 1.5%) = 30.00" in explanation.text()
        first = next(entry for entry in book.ledger if entry.kind == "commission")
        assert "a later run booked the rest" in answer(str(first.entry)).text()
        assert not answer(str(first.entry)).moved


def test_an_uplift_names_its_event_its_points_and_its_window(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with asked(english(tmp_path_factory)) as (book, answer):
        entry = next(e for e in book.ledger if e.account_id == "A07" and e.rate == Decimal("0.015"))
        text = answer(str(entry.entry)).text()
    assert "rate of the tier important and uplift: 1% + 0.5% = 1.5%" in text
    assert "uplift of 0.5 points for S05: new key account on 2026-03-01, for sales through 2027-02-28" in text
    assert "'Account Tiers'!" in text


def test_a_return_names_the_sale_that_it_undoes_and_its_cell(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with asked(english(tmp_path_factory)) as (book, answer):
        found = [e for e in book.ledger if e.origin_month and e.origin_month[:4] == "2026" != e.origin_month]
        clawback = next(e for e in found if e.origin_month < e.month)
        text = answer(str(clawback.entry)).text()
    assert re.search(
        r"undoes sale INV-2026-\d+ of 2026-\d\d-\d\d: -[\d,.]+  \[Adjustments!E\d+ · Sales!A\d+\]", text
    )


def test_a_line_with_vat_counts_without_it(tmp_path: Path) -> None:
    adjustment = {
        "adjustment_id": "R1",
        "date": date(2026, 1, 20),
        "type": "bad_debt",
        "account_id": "A01",
        "amount": Decimal("113.00"),
        "sale_id": "1",
        "vat_rate": Decimal("0.13"),
    }
    rows: Rows = {**COMPANY, "Adjustments": [adjustment]}
    path = own_book(tmp_path / "own.xlsx", "en", rows, [("settle", "2026Q1")])
    with asked(path) as (_, answer):
        explanation = answer("1")
        assert "-1 × round(113.00 ÷ 1.13) = -100.00" in explanation.text()
        check_arithmetic(explanation)


def test_a_customer_called_like_a_formula_is_only_named(tmp_path: Path) -> None:
    named = [{"account_id": "A01", "name": '=HYPERLINK("http://example.invalid") = 1.00'}]
    path = own_book(tmp_path / "own.xlsx", "en", {**COMPANY, "Accounts": named}, [("settle", "2026Q1")])
    with asked(path) as (_, answer):
        assert '=HYPERLINK("http://example.invalid")' in answer("1").text()


def test_an_open_month_is_explained_down_to_its_rows(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-02")])
    with asked(path) as (_, answer):
        explanation = answer("S01 2026-02")
        assert explanation.roots[0].figure == 4800
        assert "[Sales!D3]" in explanation.text()
        assert "round(60.00 × 80%) = 48.00" in explanation.text()
        detail = answer("Commission Detail!J6")
        assert detail.roots[0].figure == 1500


def test_a_payment_made_outside_the_program_names_its_voucher(tmp_path: Path) -> None:
    paid = [{"salesperson_id": "S01", "period": "2026-01", "amount": Decimal("5.00"), "voucher": "V-7"}]
    path = own_book(tmp_path / "own.xlsx", "en", {**COMPANY, "Payments Made": paid}, [("advance", "2026-02")])
    with asked(path) as (book, answer):
        entry = next(each for each in book.ledger if not each.marks_run)
        assert answer(str(entry.entry)).roots[0].figure == 500
        assert "voucher V-7: 5.00" in answer(str(entry.entry)).text()
        assert "48.00 − 5.00 = 43.00" in answer("S01 2026-02").text()


def test_a_leaver_is_paid_at_once_and_the_explanation_says_why(tmp_path: Path) -> None:
    leaver = [{"salesperson_id": "S01", "name": "Salesperson S01", "left": date(2026, 2, 28)}]
    runs: list[Any] = [
        ("advance", "2026-02"),
        ("settle-leaver", "S01"),
        ("advance", "2026-03"),
        ("settle", "2026Q1"),
    ]
    path = own_book(tmp_path / "own.xlsx", "en", {**COMPANY, "Salespeople": leaver}, [])
    with open_book(path) as book:
        for command, what in runs:
            wanted = what if command == "settle-leaver" else Period.parse(what)
            book.ledger += settle(book.read.inputs, book.ledger, command, wanted).entries
        explaining = Explaining(book, "en")
        exit_payment = next(each for each in book.ledger if each.kind == "exit_payment")
        explanation = explaining.answer(str(exit_payment.entry))
        assert explanation.roots[0].figure == exit_payment.amount == 1200
        assert "60.00 − 48.00 = 12.00" in explanation.text()
        later = [each for each in book.ledger if each.entry > exit_payment.entry and each.marks_run]
        assert later
        for entry in later:
            assert explaining.answer(str(entry.entry)).roots[0].figure == entry.amount == 0
            assert "settled on leaving" in explaining.answer(str(entry.entry)).text()


def test_a_workbook_with_errors_is_not_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    edited(path, "Sales", "C3", "A99")
    assert main(["explain", str(path), "1", "--json"]) == 1
    captured = capsys.readouterr()
    assert "keyaccount check" in captured.err
    assert json.loads(captured.out)["explained"] == []
    with open_book(path) as book, pytest.raises(ProblemsFound):
        explain(book, "1")


def test_an_empty_ledger_says_so(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [])
    with asked(path) as (_, answer), pytest.raises(UsageError, match="Nothing has been booked"):
        answer("1")


def test_a_hundred_thousand_sales_are_no_matter() -> None:
    """One pass over the tables, however many figures are asked about."""
    made = companies_of_many_sales(100_000)
    ledger: list[Entry] = []
    for command, text in (("advance", "2026-01"), ("settle", "2026Q1")):
        ledger += settle(made, ledger, command, Period.parse(text)).entries  # type: ignore[arg-type] # a known command
    read = tables.ReadBook(made, [], 2, [], {}, [], "en", {}, "")
    book: Any = SimpleNamespace(read=read, ledger=ledger, readable=True)
    started = time.process_time()
    explaining = Explaining(book, "en")
    for entry in ledger:
        assert explaining.answer(str(entry.entry)).roots[0].figure == entry.amount
    assert time.process_time() - started < 20


def companies_of_many_sales(count: int) -> tables.Inputs:
    """One account with very many sales in a quarter."""
    sales = [
        Sale(f"N{place}", date(2026, 1 + place % 3, 1 + place % 28), f"A{place % 5}", 10_000 + place % 977)
        for place in range(count)
    ]
    accounts = [f"A{place}" for place in range(5)]
    return inputs(
        sales=sales,
        tiers=[tables.TierRow(0, "core", Decimal("0.015"))],
        account_tiers=[tables.AccountTierRow(0, each, "core", date(2025, 1, 1)) for each in accounts],
        salespeople=[tables.SalespersonRow(0, "S1"), tables.SalespersonRow(0, "S2")],
        assignments=[
            tables.AssignmentRow(0, each, person, Decimal("0.5"), date(2025, 1, 1))
            for each in accounts
            for person in ("S1", "S2")
        ],
    )
