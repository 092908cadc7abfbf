"""What follows a run in Excel: input sheets go out of sight or come into it, cell functions are fresh."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keyaccount.cli import main
from tests.excel.engine import MANUAL, open_in_excel
from tests.excel.engine_values import com_error
from tests.excel.live_books import apart, clock, press, run_in_excel, run_on_file
from tests.excel.plan_books import in_excel, refused, sheet
from tests.workbook.books import Language
from tests.workbook.demo_books import COMPANY, Run, own_book

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
YEAR: list[Run] = [("advance", "2026-03"), ("settle", "2026Q1"), ("settle", "2026Q4")]
FIRST_YEAR = {"en": ("Opening Balances", "Prior Years"), "zh": ("期初结转", "以前年度结算")}
SCORING = {"en": ("Scorecard", "Bands"), "zh": ("评分规则", "评分档位")}
LOG = {"account_id": "A01", "salesperson_id": "S01", "kind": "review", "date": date(2026, 2, 3)}


def states(book: object, titles: tuple[str, ...]) -> list[str]:
    return [str(sheet(book, title).sheet.sheet_state) for title in titles]  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_only_the_first_year_needs_is_hidden_by_its_year_end(tmp_path: Path, language: Language) -> None:
    _app, book = run_in_excel(own_book(tmp_path / "live.xlsx", language, COMPANY, YEAR), "2026")
    assert states(book, FIRST_YEAR[language]) == ["hidden", "hidden"]
    file = run_on_file(own_book(tmp_path / "file.xlsx", language, COMPANY, YEAR), "2026")
    assert list(apart(book, file)) == []


def test_the_sheet_that_is_open_is_never_hidden_and_a_hidden_one_stays_as_deep(tmp_path: Path) -> None:
    app, book = open_in_excel(own_book(tmp_path / "live.xlsx", "en", COMPANY, YEAR))
    book.front = sheet(book, "Prior Years")
    sheet(book, "Opening Balances").sheet.sheet_state = "veryHidden"
    press(app, "run_year_end", "2026")
    assert states(book, FIRST_YEAR["en"]) == ["veryHidden", "visible"]


def test_a_sheet_of_the_users_own_making_is_left_alone(tmp_path: Path) -> None:
    app, book = open_in_excel(own_book(tmp_path / "live.xlsx", "en", COMPANY, YEAR))
    sheet(book, "Prior Years").sheet.sheet_properties.tabColor = None
    press(app, "run_year_end", "2026")
    assert states(book, FIRST_YEAR["en"]) == ["hidden", "visible"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_scoring_comes_into_sight_with_the_first_run_that_reaches_the_log(
    tmp_path: Path, language: Language
) -> None:
    path = own_book(tmp_path / "live.xlsx", language, {**COMPANY, "Maintenance": [LOG]}, [])
    app, book = open_in_excel(path)
    for title in SCORING[language]:
        sheet(book, title).sheet.sheet_state = "hidden"
    press(app, "run_monthly_advance", "2026-01")
    assert states(book, SCORING[language]) == ["hidden", "hidden"]
    press(app, "run_monthly_advance", "2026-02")
    assert states(book, SCORING[language]) == ["visible", "visible"]


def test_what_is_shown_again_by_hand_stays_in_sight(tmp_path: Path) -> None:
    app, book = run_in_excel(own_book(tmp_path / "live.xlsx", "en", COMPANY, YEAR), "2026")
    sheet(book, "Prior Years").sheet.sheet_state = "visible"
    press(app, "run_monthly_advance", "2027-01")
    assert states(book, FIRST_YEAR["en"]) == ["hidden", "visible"]


def test_a_fixed_structure_keeps_sheets_in_sight_and_the_run_is_done(tmp_path: Path) -> None:
    app, book = open_in_excel(own_book(tmp_path / "live.xlsx", "en", COMPANY, YEAR))
    book.ProtectStructure = True
    assert "booked in run" in press(app, "run_year_end", "2026")
    assert states(book, FIRST_YEAR["en"]) == ["visible", "visible"]


def test_a_run_that_is_put_back_hides_nothing(tmp_path: Path) -> None:
    app, book = open_in_excel(own_book(tmp_path / "live.xlsx", "en", COMPANY, YEAR))
    app.failing = lambda name, _calls: com_error(1004, "no") if name == "Worksheet.Protect" else None
    press(app, "run_year_end", "2026")
    assert states(book, FIRST_YEAR["en"]) == ["visible", "visible"]


def test_after_a_run_everything_is_calculated_once_and_automatic_calculation_is_back(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    press(app, "run_monthly_advance", "2026-01")
    assert app.calls.count("Application.CalculateFull") == 1
    after = app.calls[app.calls.index("Application.CalculateFull") :]
    assert "Application.Calculation=" not in after


def test_who_calculates_by_hand_is_not_made_to_wait(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    app.Calculation = MANUAL
    press(app, "run_monthly_advance", "2026-01")
    assert "Application.CalculateFull" not in app.calls


def test_a_run_that_booked_nothing_calculates_nothing(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    refused(app, book, "run_monthly_advance", "2026-01")
    assert "Application.CalculateFull" not in app.calls


def test_a_calculation_that_fails_leaves_the_run_as_good_as_it_is(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path)
    app.failing = lambda name, _calls: com_error(1004, "no") if name == "Application.CalculateFull" else None
    assert "booked in run 1" in press(app, "run_monthly_advance", "2026-01")


def test_after_an_exit_run_the_months_go_on_where_they_were(tmp_path: Path) -> None:
    left = {**COMPANY, "Salespeople": [{"salesperson_id": "S01", "name": "S", "left": date(2026, 5, 31)}]}
    path = own_book(tmp_path / "live.xlsx", "en", left, [("advance", "2026-01")])
    assert main(["settle-leaver", str(path), "S01"]) == 0
    app, _book = open_in_excel(path)
    for button, answer in (
        ("run_monthly_advance", "2026-02"),
        ("preview", "2026-02"),
        ("approve", "2026-05"),
    ):
        press(app, button, "")
        assert app.asked[-1][1][2] == answer
