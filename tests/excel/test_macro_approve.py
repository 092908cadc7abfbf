"""Approve… in a live workbook: what it asks, the row as it is meant, the documents; all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.styles import PatternFill
from openpyxl.worksheet.table import Table

from keyaccount.cli import main
from keyaccount.verification import verify_book
from tests.excel.engine import Workbook, open_in_excel
from tests.excel.engine_parts import foot_text
from tests.excel.engine_values import com_error
from tests.excel.live_books import apart, clock, press, run_on_file, saved
from tests.excel.plan_books import INPUTS, in_excel, refused, sheet
from tests.plain_books import write_inputs
from tests.workbook.books import Language
from tests.workbook.demo_books import COMPANY, own_book

if TYPE_CHECKING:
    import openpyxl

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
NAMES = ("Accountant A", "Reviewer B", "Manager C")
TITLE = {"en": "Approvals", "zh": "审批记录"}
DOCUMENT = {"en": "Quarterly Settlement", "zh": "季度核算"}
HEADERS = ("Period", "Ledger Digest", "Prepared By", "Reviewed By", "Approved By", "Approved On")


def on_file(path: Path, period: str) -> None:
    """Approve a period from the command line."""
    options = zip(("--prepared", "--reviewed", "--approved"), NAMES, strict=True)
    assert main(["approve", str(path), period, *(word for pair in options for word in pair)]) == 0


def made(path: Path, language: Language = "en") -> Path:
    """Make a workbook from the template in which a quarter is settled."""
    return own_book(path, language, COMPANY, [("advance", "2026-01"), ("settle", "2026Q1")])


def head(book: Workbook, title: str) -> str:
    """Give what stands above the pages of a sheet."""
    part = sheet(book, title).sheet.oddHeader
    return "".join(foot_text(getattr(part, side)) for side in ("left", "center", "right"))


def with_table(book: openpyxl.Workbook) -> None:
    """Add a sheet Approvals as a person would: a table with one row, and a formula of their own."""
    own = book.create_sheet("Approvals")
    own.append([*HEADERS, "Year", "Note"])
    own.append(["2025Q4", "a" * 64, *NAMES, "2026-01-15", "=LEFT(A2,4)", "on paper"])
    for cell in own[2]:
        cell.fill = PatternFill("solid", fgColor="FFFFF2CC")
    own.add_table(Table(displayName="Approvals", ref="A1:H2"))


def row_of(book: Workbook, row: int, title: str = "Approvals") -> list[Any]:
    return [(cell.value, cell.data_type) for cell in sheet(book, title).sheet[row]]


# --- what it asks, and what it comes to -----------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_by_macro_and_by_command_line_the_workbook_is_the_same(tmp_path: Path, language: Language) -> None:
    app, book = open_in_excel(made(tmp_path / "live.xlsx", language))
    said = press(app, "approve", "2026Q1", *NAMES)
    assert "Manager C" in said
    file = made(tmp_path / "file.xlsx", language)
    on_file(file, "2026Q1")
    assert list(apart(book, file)) == []
    _app, other = open_in_excel(file)
    title = TITLE[language]
    assert row_of(book, 2, title)[:5] == row_of(other, 2, title)[:5]
    live, kept = (sheet(each, title).sheet["F2"] for each in (book, other))
    assert (live.value, live.number_format) == (46402, "yyyy-mm-dd")
    assert (kept.value.date().isoformat(), kept.number_format) == ("2027-01-15", "yyyy-mm-dd")
    verdict = verify_book(saved(book, tmp_path / "saved.xlsx"))
    assert (verdict.findings, verdict.failed) == ((), False)


def test_the_latest_run_that_is_not_approved_and_the_last_names_are_proposed(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", "2026-02")
    app.UserName = "Manager C"
    press(app, "approve", "2026-02", *NAMES)
    press(app, "approve", "2026-01", "Accountant A", "Reviewer B", "Manager D")
    asked = [arguments for _macro, arguments in app.asked]
    assert [(prompt, proposed) for prompt, _title, proposed in asked] == [
        ("Which period? (a month such as 2026-01, a quarter 2026Q1, a year 2026)", "2026-02"),
        ("Who prepared 2026-02?", ""),
        ("Who reviewed 2026-02?", ""),
        ("Who approved 2026-02?", "Manager C"),
        ("Which period? (a month such as 2026-01, a quarter 2026Q1, a year 2026)", "2026-01"),
        ("Who prepared 2026-01?", "Accountant A"),
        ("Who reviewed 2026-01?", "Reviewer B"),
        ("Who approved 2026-01?", "Manager C"),
    ]
    assert book.front is sheet(book, "Approvals")
    assert book.selection == ("Approvals", "$A$3")


def test_it_says_who_approved_and_where_the_papers_number_belongs(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    assert press(app, "approve", "2026-01", *NAMES) == (
        "2026-01 approved by Manager C on 2027-01-15.\n\n"
        "The paper's number may be entered on sheet Approvals.\n\nSave the workbook to keep it."
    )
    assert refused(app, book, "approve", "2026-01", *NAMES) == (
        "2026-01 approved by Manager C on 2027-01-15.\n\nIt was approved so before; nothing was added."
    )


def test_the_document_says_so_above_its_pages_and_no_cell_of_it_changes(tmp_path: Path) -> None:
    app, book = open_in_excel(made(tmp_path / "live.xlsx"))
    assert "Not approved: 2026Q1" in head(book, "Quarterly Settlement")
    press(app, "approve", "2026Q1", *NAMES)
    assert head(book, "Quarterly Settlement").endswith("2026Q1: approved by Manager C, 2027-01-15")
    assert "Range.Clear" not in app.calls


def test_an_approval_typed_by_hand_stands_above_the_pages_after_the_next_run(tmp_path: Path) -> None:
    file = made(tmp_path / "file.xlsx")
    app, book = open_in_excel(file)
    press(app, "approve", "2026Q1", *NAMES)
    sheet(book, "Approvals").sheet["E2"].value = "Manager D"
    press(app, "run_monthly_advance", "2026-04")
    assert head(book, "Quarterly Settlement").endswith("2026Q1: approved by Manager D, 2027-01-15")


# --- the row is as it was meant -------------------------------------------------------------------


def test_a_digest_that_excel_would_take_for_a_number_stays_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    like_a_number = "12e4" + "5".zfill(60)
    monkeypatch.setattr("keyaccount.ledger.digest_of", lambda _entry, _before: like_a_number)
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    press(app, "approve", "2026-01", "1-2", "=1+1", "0012")
    expected = ["2026-01", like_a_number, "1-2", "=1+1", "0012"]
    assert row_of(book, 3)[:5] == [(text, "s") for text in expected]


def test_the_table_grows_in_the_look_of_its_last_row_with_its_own_formulas(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    press(app, "approve", "2026-01", *NAMES)
    own = sheet(book, "Approvals").sheet
    assert own.tables["Approvals"].ref == "A1:H3"
    assert {cell.fill.fgColor.rgb for cell in own[3]} == {"FFFFF2CC"}
    assert [cell.value for cell in own[3]][6:] == ["=LEFT(A3,4)", None]
    assert row_of(book, 2)[0] == ("2025Q4", "s")


def test_a_plain_sheet_with_headers_alone_takes_the_first_row(tmp_path: Path) -> None:
    def headers(book: openpyxl.Workbook) -> None:
        book.create_sheet("Approvals").append(HEADERS)

    app, book = in_excel(tmp_path, "2026-01", change=headers)
    press(app, "approve", "2026-01", *NAMES)
    assert [value for value, _kind in row_of(book, 2)][2:5] == list(NAMES)
    assert sheet(book, "Approvals").sheet["F2"].number_format == "yyyy-mm-dd"


@pytest.mark.parametrize("style", ["en", "zh"])
def test_a_workbook_without_the_sheet_gets_one_that_is_not_locked(tmp_path: Path, style: Language) -> None:
    path = tmp_path / "plan.xlsx"
    write_inputs(path, {**INPUTS, "Accounts": [{"Account ID": "A01", "Account Name": "a"}]}, style)
    app, book = open_in_excel(run_on_file(path, "2026-01"))
    press(app, "approve", "2026-01", *NAMES)
    own = sheet(book, TITLE[style]).sheet
    assert [cell.value for cell in own[2]][2:5] == list(NAMES)
    assert own["B2"].data_type == "s"
    assert not own.protection.sheet
    assert book.sheets[-1].sheet is own
    assert "2027-01-15" in refused(app, book, "approve", "2026-01", *NAMES)


# --- nothing, where anything is in the way --------------------------------------------------------


@pytest.mark.parametrize("answers", [("",), ("2026-01", ""), ("2026-01", "Accountant A", "Reviewer B", "")])
def test_cancelling_any_question_does_nothing_and_says_nothing(
    tmp_path: Path, answers: tuple[str, ...]
) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    assert refused(app, book, "approve", *answers) == ""


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("2026-02", *NAMES), "2026-02 has not been run: there is nothing to approve yet."),
        (("2026-01", "S01", *NAMES[1:]), "This approval of 2026-01 does not count: that run pays S01."),
        (("2026-01", "B", "b", "C"), "This approval of 2026-01 does not count: B stands in it twice."),
    ],
)
def test_what_would_not_count_is_refused(tmp_path: Path, answers: tuple[str, ...], said: str) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    assert refused(app, book, "approve", *answers).startswith(said)


def test_in_a_chinese_workbook_it_asks_and_refuses_in_chinese(tmp_path: Path) -> None:
    app, book = open_in_excel(made(tmp_path / "live.xlsx", "zh"))
    assert refused(app, book, "approve", "2026Q2", *NAMES).startswith("2026Q2 尚未运行")
    assert [arguments[0] for _macro, arguments in app.asked][1:] == [
        "2026Q2 的制表人是：",
        "2026Q2 的审核人是：",
        "2026Q2 的批准人是：",
    ]


def test_a_read_only_workbook_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    book.ReadOnly = True
    assert refused(app, book, "approve").startswith("The workbook plan.xlsx is open read-only")


def test_a_protected_sheet_is_refused(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    sheet(book, "Approvals").sheet.protection.sheet = True
    assert refused(app, book, "approve", "2026-01", *NAMES).startswith("The sheet Approvals is protected.")


def _nth(name: str, number: int) -> Callable[[str, list[str]], BaseException | None]:
    def failing(called: str, calls: list[str]) -> BaseException | None:
        return com_error(1004, "no") if called == name and calls.count(name) == number else None

    return failing


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Range.Copy", 1),
        ("ListObject.Resize", 1),
        ("Range.NumberFormat=", 2),
        ("Range.Value=", 3),
        ("Range.Value=", 6),
    ],
)
def test_a_failure_in_the_middle_leaves_the_table_as_it_was(tmp_path: Path, name: str, number: int) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    app.calls.clear()
    app.failing = _nth(name, number)
    said = refused(app, book, "approve", "2026-01", *NAMES)
    assert "no" in said
    assert sheet(book, "Approvals").sheet.tables["Approvals"].ref == "A1:H2"


def test_a_row_that_excel_does_not_keep_is_taken_out(tmp_path: Path) -> None:
    app, book = open_in_excel(made(tmp_path / "live.xlsx"))

    def rounding(name: str, _calls: list[str]) -> None:
        cell = sheet(book, "Approvals").sheet["B2"]
        if name == "Worksheet.UsedRange" and cell.value:
            cell.value = str(cell.value)[:-1]

    app.failing = rounding
    said = refused(app, book, "approve", "2026Q1", *NAMES)
    assert said.startswith("Excel did not keep the approval as it was entered; nothing was changed.")


def test_where_the_sheets_fail_the_row_goes_too(tmp_path: Path) -> None:
    app, book = open_in_excel(made(tmp_path / "live.xlsx"))
    sheet(book, "Net Sales").sheet["J6"].value = 1  # so that a sheet has to be put right
    app.failing = _nth("Worksheet.Protect", 1)
    assert "no" in refused(app, book, "approve", "2026Q1", *NAMES)


def test_where_the_row_cannot_be_taken_out_the_user_is_told_not_to_save(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path, "2026-01", change=with_table)
    app.failing = lambda name, calls: (
        com_error(1004, "no") if name in ("Range.Value=", "Range.Copy") and calls.count(name) > 1 else None
    )
    assert "Close the workbook WITHOUT saving it" in press(app, "approve", "2026-01", *NAMES)


def test_errors_in_the_workbook_are_said_and_nothing_is_approved(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", change=with_table)
    sheet(book, "Sales").sheet["A3"].value = "N1"
    said = refused(app, book, "approve", "2026-01", *NAMES)
    assert said.startswith("Errors in the workbook: 1.")


def test_an_approval_leaves_the_excel_as_it_was(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path, "2026-01", change=with_table)
    state = app.state
    press(app, "approve", "2026-01", *NAMES)
    assert app.state == state
