"""A settlement's head and foot name one period and the run that booked it, whatever has been run since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from keyaccount.book import open_book
from tests.workbook.demo_books import demo_book, year_of_runs

CHINESE = {
    "Monthly Advances": "月度预发",
    "Quarterly Settlement": "季度核算",
    "Year-End Settlement": "年终结算",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settle the first quarter, then advance April: the last run is none of the quarter's."""
    return demo_book(tmp_path_factory.mktemp("heads") / "book.xlsx", "zh", year_of_runs(4))


def sheet_of(book: Path, name: str) -> Any:  # noqa: ANN401 openpyxl has no types
    return load_workbook(book)[CHINESE[name]]


@pytest.mark.parametrize(
    ("name", "period", "run"), [("Quarterly Settlement", "2026Q1", 4), ("Monthly Advances", "2026-04", 5)]
)
def test_head_and_foot_name_the_documents_own_latest_period_and_run(
    book: Path, name: str, period: str, run: int
) -> None:
    with open_book(book) as opened:
        digest = next(entry.digest for entry in reversed(opened.ledger) if entry.run == run)
        assert opened.ledger[-1].run == 5
    sheet = sheet_of(book, name)
    assert sheet["A2"].value.endswith(f"核算期间:{period} · 批次号:{run}")
    foot = sheet.oddFooter.left.text
    assert f"合计大写({period} 本期应发)" in foot
    assert f"批次号:{run}   台账校验码:{digest[:12]}" in foot
    assert {row[1].value for row in sheet.iter_rows(min_row=6)} >= {period}


def test_a_quarter_keeps_the_digest_by_which_it_was_approved(book: Path) -> None:
    with open_book(book) as opened:
        log = {row[5]: str(row[8]) for row in opened.run_log()}
    assert f"台账校验码:{log['2026Q1'][:12]}" in sheet_of(book, "Quarterly Settlement").oddFooter.left.text


def test_a_document_without_rows_names_no_period(book: Path) -> None:
    assert sheet_of(book, "Year-End Settlement")["A2"].value == "公司名称:示例公司"


def test_other_sheets_are_as_of_the_last_run(book: Path) -> None:
    head = load_workbook(book)["净销售额"]["A2"].value
    assert head == "公司名称:示例公司 · 核算期间:2026-04 · 批次号:5"
