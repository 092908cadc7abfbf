"""Who approved a settlement stands at the head of the printed sheet (§Controls)."""

from __future__ import annotations

from pathlib import Path

from keyaccount.book import Stamp
from keyaccount.commands import check_book, regenerate_book, run_book
from keyaccount.periods import Period
from keyaccount.verification import verify_book
from keyaccount.workbook.package import Package
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of


def test_the_printed_settlement_says_who_approved_it_and_verify_finds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    rows = {
        "Tiers": [row_of("Tiers", "strategic 2%")],
        "Accounts": [row_of("Accounts", "A1")],
        "Account Tiers": [row_of("Account Tiers", "A1 strategic from 2020-01-01")],
        "Salespeople": [row_of("Salespeople", "S01")],
        "Assignments": [row_of("Assignments", "A1 S01 100% from 2020-01-01")],
        "Sales": [row_of("Sales", "N1 2026-01-10 A1 100000.00")],
    }
    write_inputs(path, rows)
    report = run_book(path, "settle", Period.parse("2026Q1"), Stamp("2026-04-05T00:00:00Z"))
    assert "Not approved: 2026Q1" in header_of(path, "Quarterly Settlement")
    row = {
        "Period": "2026Q1",
        "Ledger Digest": report.entries[-1].digest,
        "Prepared By": "P01",
        "Reviewed By": "P02",
        "Approved By": "P&03",
        "Approved On": "2026-04-10",
        "Document No.": "D-7",
    }
    write_inputs(path, {**rows, "Approvals": [row]})
    assert [p.sheet for p in check_book(path).problems if p.sheet == "Approvals"] == []
    assert verify_book(path).findings == ()
    write_inputs(path, {**rows, "Approvals": [{**row, "Approved By": "S01"}]})
    (found,) = (p for p in check_book(path).problems if p.sheet == "Approvals")
    assert (found.severity, found.cell, found.value) == ("warning", "E2", "S01")
    write_inputs(path, {**rows, "Approvals": [row]})
    regenerate_book(path)
    said = header_of(path, "Quarterly Settlement")
    assert "2026Q1: approved by P&amp;&amp;03, 2026-04-10, No. D-7" in said
    assert verify_book(path).findings == ()


def header_of(path: Path, title: str) -> str:
    with Package.open(path) as package:
        part = next(sheet.part for sheet in package.sheets if sheet.title == title)
        xml = package.read(part).decode()
    return xml[xml.index("<oddHeader>") : xml.index("</oddHeader>")]
