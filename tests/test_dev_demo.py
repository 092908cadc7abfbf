"""The demo that a newcomer sees: late rows are trued up by the quarter, or corrected by the month after."""

from __future__ import annotations

from pathlib import Path

import dev_demo
from keyaccount.book import open_book
from keyaccount.cli import main


def test_late_rows_are_trued_up_and_a_forgotten_one_is_a_correction(tmp_path: Path) -> None:
    book = tmp_path / "demo.xlsx"
    for words in dev_demo.commands(book, 2026, "zh"):
        assert main([str(word) for word in words]) == 0
    assert main(["verify", str(book)]) == 0
    with open_book(book) as opened:
        ledger = opened.ledger
    paid = {e.salesperson_id: e.amount for e in ledger if e.kind == "quarter_payment"}
    assert paid["S01"] == 84_600_00 * 2 // 100 * 8 // 10
    assert not any(amount for person, amount in paid.items() if person != "S01")
    [correction] = [entry for entry in ledger if entry.kind == "correction"]
    assert (correction.period, correction.month, correction.account_id) == ("2026-04", "2026-02", "A05")
    assert (correction.net_sales, correction.amount) == (31_200_00, 468_00)
