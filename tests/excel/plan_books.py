"""Small plan workbooks as a person makes them, and what buttons do that must not change them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from tests.excel.engine import Application, Workbook, open_in_excel
from tests.excel.live_books import picture, press, run_on_file
from tests.plain_books import write_inputs

Change = Callable[[openpyxl.Workbook], None]
INPUTS = {
    "Accounts": [{"Account ID": "A01", "Account Name": "=1+1"}, {"Account ID": "A02", "Account Name": " x "}],
    "Account Tiers": [{"Account ID": "A01", "Tier": "core", "Effective From": "2026-01-01"}],
    "Salespeople": [{"Salesperson ID": "S01", "Name": "Salesperson S01"}],
    "Tiers": [{"Tier": "core", "Rate": "1.5%", "Effective From": "2026-01-01"}],
    "Assignments": [{"Account ID": "A01", "Salesperson ID": "S01", "Share": "100%", "From": "2026-01-01"}],
    "Sales": [
        {"Sale ID": f"N{n}", "Date": "2026-01-10", "Account ID": "A01", "Gross Amount": "1234.56"}
        for n in range(1, 9)
    ],
}


def plain(path: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """Make a plain workbook and change it as a person would."""
    write_inputs(path, INPUTS)
    book = openpyxl.load_workbook(path)
    book["Accounts"]["B2"].data_type = "s"  # the text =1+1
    change(book)
    book.save(path)
    return path


def in_excel(tmp_path: Path, *runs: str, change: Change = lambda _book: None) -> tuple[Application, Workbook]:
    """Open a small plan workbook in Excel, in which these periods were run."""
    return open_in_excel(run_on_file(plain(tmp_path / "plan.xlsx", change), *runs))


def sheet(book: Workbook, name: str) -> Any:
    return next(each for each in book.sheets if each.name == name)


def refused(app: Application, book: Workbook, button: str, *answers: str) -> str:
    """Press a button that must not change anything; gives what it says."""
    before, state = picture(book), app.state
    said = press(app, button, *answers)
    assert (picture(book), app.state) == (before, state)
    return said
