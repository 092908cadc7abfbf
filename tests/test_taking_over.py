"""Taking over from a spreadsheet: the demo cut in mid-year pays on as if it had been run from January."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.book import Stamp, open_book
from keyaccount.cli import main
from keyaccount.commands import run_book
from keyaccount.demo import demo_rows
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.workbook.create import create_workbook

if TYPE_CHECKING:
    import pytest

STAMP = Stamp("2026-07-05T00:00:00Z")


def demo(path: Path) -> Path:
    create_workbook(path, "en", 2026, demo_rows(2026, "en"))
    return path


def advanced(path: Path, month: int) -> tuple[Entry, ...]:
    return run_book(path, "advance", Period.parse(f"2026-{month:02d}"), STAMP).entries


def test_what_was_paid_by_hand_until_may_is_entered_and_june_pays_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, cut = demo(tmp_path / "whole.xlsx"), demo(tmp_path / "cut.xlsx")
    paid = [entry for month in range(1, 6) for entry in advanced(whole, month) if entry.kind == "advance"]
    made = tmp_path / "made.csv"
    with made.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Salesperson ID", "Period", "Amount", "Voucher"])
        rows.writerows([e.salesperson_id, e.period, f"{e.amount / 100:.2f}", f"V-{e.period}"] for e in paid)
    assert main(["import", str(cut), str(made), "--sheet", "Payments Made"]) == 0
    assert main(["advance", str(cut), "2026-06"]) == 0
    assert "is the first run in this workbook" not in capsys.readouterr().out
    expected = {e.salesperson_id: e.amount for e in advanced(whole, 6) if e.kind == "advance"}
    assert sum(expected.values()) > 0
    assert june_of(cut) == expected
    for quarter in ("2026Q1", "2026Q2"):  # closed one after the other, in both
        here, there = (run_book(book, "settle", Period.parse(quarter), STAMP) for book in (cut, whole))
        assert here.figures == there.figures


def june_of(book: Path) -> dict[str, int]:
    with open_book(book) as opened:
        return {
            e.salesperson_id: e.amount for e in opened.ledger if (e.kind, e.period) == ("advance", "2026-06")
        }


def test_without_it_the_first_run_says_that_it_pays_all_months_so_far(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["advance", str(demo(tmp_path / "cut.xlsx")), "2026-06", "--preview"]) == 0
    assert "is the first run in this workbook" in " ".join(capsys.readouterr().out.split())
