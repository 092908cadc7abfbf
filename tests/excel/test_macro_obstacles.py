"""What stands in the way of a button is said with its remedy, before anything changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from keyaccount.excel import macros
from keyaccount.problems import FileProblem
from tests.excel.engine import RPC_E_CALL_REJECTED, Application, Workbook, open_in_excel, windows
from tests.excel.engine_values import com_error
from tests.excel.live_books import clock, press
from tests.excel.plan_books import in_excel, plain, refused, sheet
from tests.workbook.demo_books import demo_book

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")


def test_a_workbook_that_is_no_plan_workbook_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "Holidays.xlsx"
    openpyxl.Workbook().save(path)
    app, book = open_in_excel(path)
    assert refused(app, book, "check_data").startswith("Holidays.xlsx is no plan workbook")


def test_before_a_workbook_is_read_excels_own_language_counts(tmp_path: Path) -> None:
    path = tmp_path / "Holidays.xlsx"
    openpyxl.Workbook().save(path)
    app, book = open_in_excel(path)
    app.menus = 2052
    assert refused(app, book, "check_data").startswith("Holidays.xlsx 不是方案工作簿")


def test_the_add_in_itself_as_the_caller_is_told_apart(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    book.rename("keyaccount.xlam")
    assert refused(app, book, "check_data").startswith("No workbook is in front")


@pytest.mark.parametrize("name", ["plan.xls", "Sales.csv"])
def test_a_file_of_another_kind_is_to_be_saved_as_a_workbook(tmp_path: Path, name: str) -> None:
    app, book = in_excel(tmp_path)
    book.rename(name)
    assert refused(app, book, "run_monthly_advance").startswith(f"{name} is open in Excel, but is no .xlsx")


def test_an_add_in_that_does_not_answer_is_said(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    app.failing = lambda name, _calls: com_error(1004, "Cannot run") if name == "Application.Run" else None
    assert refused(app, book, "run_monthly_advance").startswith("The add-in keyaccount.xlam does not answer")


def test_in_a_chinese_workbook_all_is_said_in_chinese(tmp_path: Path) -> None:
    app, book = open_in_excel(demo_book(tmp_path / "demo.xlsx", "zh", []))
    said = press(app, "run_monthly_advance", "2026-01")
    assert said.startswith("月度预发 2026-01\n\n")
    assert "\nS01 " in said
    assert app.asked[-1][1][:2] == ("请输入月份（如 2026-01）：", "大客户提成")
    assert re.search("[A-Za-z]{4}", said) is None
    assert book.front is sheet(book, "月度预发")


def test_no_workbook_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    windows()
    monkeypatch.delattr(xw.Book, "_mock_caller", raising=False)
    with pytest.raises(FileProblem, match="No workbook is open"):
        macros.check_data()


def _read_only(book: Workbook) -> None:
    book.ReadOnly = True


def _fixed(book: Workbook) -> None:
    book.ProtectStructure = True


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_read_only, "The workbook plan.xlsx is open read-only"),
        (_fixed, "The structure of the workbook plan.xlsx is protected"),
    ],
)
def test_a_workbook_that_cannot_take_the_sheets_is_refused_first(
    tmp_path: Path, change: Callable[[Workbook], None], said: str
) -> None:
    app, book = in_excel(tmp_path)
    change(book)
    assert refused(app, book, "run_monthly_advance", "2026-01").startswith(said)


def test_a_fixed_structure_does_not_matter_where_all_sheets_are_there(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    _fixed(book)
    assert "booked in run 2" in press(app, "run_monthly_advance", "2026-02")


def test_a_sheet_with_a_password_is_refused_before_anything_changes(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    sheet(book, "Clawbacks").password = "secret"  # noqa: S105 a test's
    sheet(book, "Ledger").sheet.protection.sheet = False
    said = refused(app, book, "run_monthly_advance", "2026-02")
    assert said.startswith("The sheet Clawbacks is protected with a password.")


@pytest.mark.parametrize("number", [RPC_E_CALL_REJECTED, -2146777998])
def test_a_busy_excel_is_said_and_nothing_changes(tmp_path: Path, number: int) -> None:
    app, book = in_excel(tmp_path)
    windows().N_COM_ATTEMPTS = 1
    app.failing = lambda name, _calls: com_error(number, "busy") if name == "Worksheet.UsedRange" else None
    try:
        said = refused(app, book, "check_data")
    finally:
        windows().N_COM_ATTEMPTS = 0
    assert said.startswith("Excel is busy: a cell is being edited")


def test_what_is_unforeseen_is_one_line_and_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app, book = in_excel(tmp_path)
    app.failing = lambda name, _calls: RuntimeError("odd") if name == "Range.Value2" else None
    said = refused(app, book, "check_data")
    assert said.startswith("Something unforeseen happened (RuntimeError: odd).\n\nThe workbook is as before.")
    assert "Traceback" in (tmp_path / "keyaccount.log").read_text(encoding="utf-8")


def test_without_a_printer_the_run_is_done_all_the_same(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path, "2026-01")
    app.has_printer = False
    assert "booked in run 2" in press(app, "run_monthly_advance", "2026-02")


def test_only_the_excel_that_called_is_spoken_to(tmp_path: Path) -> None:
    other = Application()
    Workbook.opened(other, plain(tmp_path / "other.xlsx", lambda _book: None))
    other.calls.clear()
    app, _book = in_excel(tmp_path)
    press(app, "run_monthly_advance", "2026-01")
    assert other.calls == []


def test_a_workbook_in_the_cloud_that_was_never_saved_is_read_by_its_name_alone(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    book.path = "https://example.invalid/personal/plan.xlsx"
    assert "booked in run 1" in press(app, "run_monthly_advance", "2026-01")
    assert "Workbook.FullName" not in app.calls
