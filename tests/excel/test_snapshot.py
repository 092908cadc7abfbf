"""A workbook that is open in Excel reads as its file does: the same tables, problems, cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import xlwings as xw
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from keyaccount.excel.snapshot import snapshot
from keyaccount.tables import ReadBook
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from tests.excel.engine import Application, Workbook, open_in_excel
from tests.excel.plan_books import INPUTS, plain
from tests.plain_books import write_inputs
from tests.workbook.books import Language
from tests.workbook.demo_books import demo_book, year_of_runs

if TYPE_CHECKING:
    import openpyxl

DAY = datetime(2026, 1, 5)  # noqa: DTZ001 Excel knows no zones


def reading(package: Package) -> tuple[object, ...]:
    """Give all that is read of a workbook, in a form that can be compared."""
    with package:
        read: ReadBook = read_workbook(package)
    columns = [
        array.tolist() if isinstance(array, np.ndarray) else array
        for table in (read.inputs.sales, read.inputs.adjustments)
        for array in astuple(table)
    ]
    return (
        read.input_digest,
        columns,
        read.problems,
        read.located,
        read.language,
        read.result_titles,
        read.ledger_rows,
        read.run_log_rows,
        read.as_text,
    )


def taken_over(path: Path) -> tuple[Application, Workbook, Package]:
    app, book = open_in_excel(path)
    return app, book, snapshot(xw.Book.caller())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_with_a_quarter_reads_the_same(tmp_path: Path, language: Language) -> None:
    path = demo_book(tmp_path / "demo.xlsx", language, year_of_runs(3))
    _app, _book, package = taken_over(path)
    assert reading(package) == reading(Package.open(path))


def _odd_cells(book: openpyxl.Workbook) -> None:
    sales, accounts = book["Sales"], book["Accounts"]
    for row, value in enumerate(["#N/A", True, "1,234.50", "12.345", "abc", 1e300, DAY], start=2):
        sales.cell(row, 4).value = value
    for row, value in enumerate([46000, 46000.5, "2026-01-31", date(2026, 2, 3), -1, "soon"], start=2):
        sales.cell(row, 2).value = value
    accounts["A4"].value, accounts["B4"].value = 12, "#N/A"
    accounts["B4"].data_type = "s"
    accounts["A5"].value, accounts["B5"].value = "A0012", "a & b <c> _x0041 \t 客户"


def _hidden_rows(book: openpyxl.Workbook) -> None:
    for row in (3, 4, 9):
        book["Sales"].row_dimensions[row].hidden = True
    book["Salespeople"].row_dimensions[2].hidden = True


def _since_1904(book: openpyxl.Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904


def _tables(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Everything of January")
    for row in ([None, None], [None, "Sale ID", "Date", "Account ID", "Gross Amount"]):
        sheet.append(row)
    sheet.append([None, "N1", date(2026, 1, 5), "A01", 100.5])
    sheet.append([None, "Total", None, None, 100.5])
    made = Table(displayName="Sales", ref="B2:E4", totalsRowCount=1)
    sheet.add_table(made)
    del book["Sales"]


def _two_sheets(book: openpyxl.Workbook) -> None:
    book.create_sheet("销售明细").append(["单号", "日期", "客户编号", "销售额"])
    book["Tiers"].sheet_state = "hidden"
    del book["Assignments"]


@pytest.mark.parametrize("change", [_odd_cells, _hidden_rows, _since_1904, _tables, _two_sheets])
def test_odd_workbooks_read_the_same(tmp_path: Path, change: Callable[[openpyxl.Workbook], None]) -> None:
    path = plain(tmp_path / "odd.xlsx", change)
    _app, _book, package = taken_over(path)
    for found, expected in zip(reading(package), reading(Package.open(path)), strict=True):
        assert found == expected


def test_a_calculated_amount_counts_and_a_formula_is_no_problem(tmp_path: Path) -> None:
    def calculated(book: openpyxl.Workbook) -> None:
        book["Sales"]["D2"].value = "=1000+234.56"

    path = plain(tmp_path / "formula.xlsx", calculated)
    _app, book = open_in_excel(path)
    next(sheet for sheet in book.sheets if sheet.name == "Sales").shown[2, 4] = 1234.56
    with snapshot(xw.Book.caller()) as package:
        read = read_workbook(package)
    assert (read.problems, read.inputs.sales.gross.tolist()) == ([], [123_456] * 8)


def test_formats_down_to_the_last_row_do_not_count_as_data(tmp_path: Path) -> None:
    path = plain(tmp_path / "long.xlsx", lambda _book: None)
    app, book = open_in_excel(path)
    for sheet in book.sheets:
        sheet.used = (1_048_576, 16_384)
    app.calls.clear()
    assert reading(snapshot(xw.Book.caller())) == reading(Package.open(path))
    assert app.calls.count("_Functions.CountA") < 40 * len(book.sheets)


def test_the_calls_of_excel_do_not_grow_with_the_rows(tmp_path: Path) -> None:
    counts = []
    for rows in (10, 2000):
        many = {
            "Sales": [
                {"Sale ID": f"N{n}", "Date": "2026-01-10", "Account ID": "A01", "Gross Amount": "1.00"}
                for n in range(rows)
            ]
        }
        path = tmp_path / f"{rows}.xlsx"
        write_inputs(path, INPUTS | many)
        app, _book, _package = taken_over(path)
        counts.append(len(app.calls))
    assert counts[0] == counts[1]
