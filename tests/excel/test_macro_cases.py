"""What a finance person meets at the ribbon: questions, messages, and workbooks that stand in the way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.excel.engine import MANUAL, open_in_excel
from tests.excel.live_books import apart, clock, press, run_on_file
from tests.excel.plan_books import INPUTS, in_excel, plain, refused, sheet

if TYPE_CHECKING:
    import openpyxl

__all__ = ["clock"]
MONTHS = ("2026-01", "2026-02")
pytestmark = pytest.mark.usefixtures("clock")


# --- what is asked, and what is said --------------------------------------------------------------


def test_the_next_period_due_is_proposed_and_the_run_ends_on_its_sheet(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", "2026-02", "2026-03")
    said = press(app, "run_quarterly_settlement", "2026Q1")
    assert app.asked[-1] == (
        "'keyaccount.xlam'!KeyAccountAsk",
        ("Which quarter? (such as 2026Q1)", "Key Accounts", "2026Q1"),
    )
    assert said == (
        "Quarterly settlement 2026Q1\n\n2 entries booked in run 4.\n\n"
        "Paid 0.00, withheld 29.63, carried 0.00 (yuan, before tax).\n\nSave the workbook to keep it."
    )
    assert book.front is sheet(book, "Quarterly Settlement")


def test_a_message_says_who_gets_how_much(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    said = press(app, "run_monthly_advance", "2026-01")
    assert (
        "Paid 118.52, withheld 29.63, carried 0.00 (yuan, before tax).\nS01 Salesperson S01: 118.52" in said
    )


def test_cancelling_the_question_does_nothing_and_says_nothing(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    assert refused(app, book, "run_monthly_advance", "") == ""


def test_an_answer_that_is_no_month_is_asked_again(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    said = press(app, "run_monthly_advance", "January", "2026Q1", "2026-01")
    assert said.startswith("Monthly advance 2026-01")
    assert app.asked[-1][1][0] == "2026Q1 is none. Which month? (such as 2026-01)"


def test_a_month_that_was_done_says_so_and_changes_nothing(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    said = refused(app, book, "run_monthly_advance", "2026-01")
    assert "This was done before; nothing had to be booked." in said


def test_a_tampered_result_sheet_is_put_right_by_the_same_run(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    sheet(book, "Net Sales").sheet["J6"].value = 1
    assert "The result sheets were put right." in press(app, "run_monthly_advance", "2026-01")
    assert list(apart(book, run_on_file(plain(tmp_path / "file.xlsx", lambda _b: None), "2026-01"))) == []


def test_a_run_against_the_order_says_what_to_run(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-02")
    said = refused(app, book, "run_monthly_advance", "2026-01")
    assert said == (
        "2026-01 comes before 2026-02, the last month that was advanced.\n\n"
        "Run 2026-02 again, or a later month: the sums are cumulative."
    )


def _twice(book: openpyxl.Workbook) -> None:
    book["Sales"]["A3"].value = "N1"


@pytest.mark.parametrize("button", ["check_data", "run_monthly_advance"])
def test_errors_stand_on_problems_with_nothing_booked(tmp_path: Path, button: str) -> None:
    app, book = in_excel(tmp_path, change=_twice)
    said = press(app, button, *(["2026-01"] if button == "run_monthly_advance" else []))
    assert said.startswith("Errors in the workbook: 1. Nothing was calculated or booked.\n\nSales!A3: ")
    assert said.endswith("All are listed on sheet Problems.")
    assert book.front is sheet(book, "Problems")
    assert sheet(book, "Problems").sheet["C6"].hyperlink.location == "'Sales'!A3"
    assert "Ledger" not in [each.name for each in book.sheets]


def test_a_clean_workbook_is_good_news_and_gets_no_sheet(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    assert refused(app, book, "check_data") == "No problems found."


def test_checking_after_the_error_is_corrected_empties_problems(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, change=_twice)
    press(app, "check_data")
    sheet(book, "Sales").sheet["A3"].value = "N2"
    assert press(app, "check_data") == "No problems found."
    assert sheet(book, "Problems").sheet["A6"].value is None


def test_preview_writes_nothing_and_names_the_run_that_is_due(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01", "2026-02", "2026-03")
    said = refused(app, book, "preview", "2026Q1")
    assert app.asked[-1][1][2] == "2026Q1"
    assert "Preview: 2 entries would be booked; nothing was." in said


def test_verify_says_that_all_is_well(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    assert refused(app, book, "verify").startswith("Verified: the ledger is whole")


def test_verify_goes_to_the_first_cell_that_was_altered(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    sheet(book, "Net Sales").sheet["J6"].value = 1
    said = press(app, "verify")
    assert "Net Sales!J6: expected 9876.48, found 1" in said
    assert (book.front and book.front.name, book.selection) == ("Net Sales", ("Net Sales", "$J$6"))


def test_progress_is_shown_while_it_works_and_gone_afterwards(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    press(app, "run_monthly_advance", "2026-01")
    shown = [str(text).removeprefix("Key Accounts: ") for text in app.progress if text]
    assert shown == ["Reading the workbook …", "Calculating 2026-01 …", "Writing the result sheets …"]
    assert app.progress[-1] is False


def test_manual_calculation_is_calculated_first_and_stays_manual(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    app.Calculation = MANUAL
    app.calls.clear()
    press(app, "run_monthly_advance", "2026-01")
    assert "Application.Calculate" in app.calls
    assert app.Calculation == MANUAL


# --- what is the user's stays ----------------------------------------------------------------------


def test_titles_places_own_sheets_and_hidden_result_sheets_stay(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    own = book.place(book.book.create_sheet("My notes"), book.sheets[0], None)
    own.sheet["A1"].value = "=1+1"
    sheet(book, "Clawbacks").sheet.sheet_state = "hidden"
    titles = [each.name for each in book.sheets]
    press(app, "run_monthly_advance", "2026-02")
    assert [each.name for each in book.sheets] == titles
    assert sheet(book, "Clawbacks").sheet.sheet_state == "hidden"
    assert own.sheet["A1"].value == "=1+1"


def test_texts_that_look_like_dates_formulas_or_numbers_stay_texts(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    press(app, "run_monthly_advance", "2026-01")
    row = list(sheet(book, "Net Sales").sheet[6])
    assert [(cell.value, cell.data_type) for cell in row[:3]] == [
        ("2026-01", "s"), ("A01", "s"), ("=1+1", "s"),
    ]  # fmt: skip


def test_no_formula_or_chart_points_to_another_workbook(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    press(app, "run_monthly_advance", "2026-02")
    formulas = [
        str(cell.value) for each in book.sheets for row in each.sheet for cell in row if cell.data_type == "f"
    ]
    series = [one.formula for each in book.sheets for chart in each.charts for one in chart.series]
    assert formulas
    assert series
    assert [text for text in (*formulas, *series) if "[" in text] == []


def test_a_filter_and_a_table_made_over_a_result_sheet_go(tmp_path: Path) -> None:
    from openpyxl.worksheet.table import Table

    app, book = in_excel(tmp_path, "2026-01")
    ledger = sheet(book, "Ledger").sheet
    ledger.add_table(Table(displayName="Mine", ref="A1:C2"))
    press(app, "run_monthly_advance", "2026-02")
    assert not ledger.tables
    assert ledger.auto_filter.ref == "A1:O3"


def test_the_calls_of_a_run_do_not_grow_with_the_rows(tmp_path: Path) -> None:
    from tests.plain_books import write_inputs

    counts = []
    for rows in (8, 1500):
        path = plain(tmp_path / f"{rows}.xlsx", lambda _book: None)
        sales = [
            {"Sale ID": f"N{n}", "Date": "2026-01-10", "Account ID": "A01", "Gross Amount": "1234.56"}
            for n in range(rows)
        ]
        write_inputs(
            path, {**INPUTS, "Accounts": [{"Account ID": "A01", "Account Name": "a"}], "Sales": sales}
        )
        app, _book = open_in_excel(path)
        press(app, "run_monthly_advance", "2026-01")
        counts.append(len(app.calls))
    assert counts[0] == counts[1]


def test_where_charts_do_not_come_along_the_dashboard_is_copied_as_a_whole(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    place = [each.name for each in book.sheets].index("Dashboard")
    app.carries_charts = False
    press(app, "run_monthly_advance", "2026-02")
    assert book.sheets[place].name == "Dashboard"
    assert list(apart(book, run_on_file(plain(tmp_path / "file.xlsx", lambda _b: None), *MONTHS))) == []


def test_links_that_excel_leads_to_the_copied_file_lead_back(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path)
    sheet(book, "Sales").sheet["A3"].value = "N1"
    press(app, "check_data")
    app.leads_links_out = True
    sheet(book, "Sales").sheet["A4"].value = "N1"
    press(app, "check_data")
    links = [cell.hyperlink for row in sheet(book, "Problems").sheet for cell in row if cell.hyperlink]
    assert [(link.location, link.target or "") for link in links] == [("'Sales'!A3", ""), ("'Sales'!A4", "")]
