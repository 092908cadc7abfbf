"""Explain selection, statements and what-if from the ribbon: what they show, and that nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.outputs.explain import explain
from tests.excel.engine import Application, Workbook, open_in_excel
from tests.excel.live_books import clock, picture, press, run_on_file
from tests.excel.plan_books import in_excel, plain, sheet
from tests.workbook.demo_books import demo_book, year_of_runs

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")


def shown(app: Application, book: Workbook) -> Workbook:
    """Give the one workbook that has come beside the user's, which was never saved."""
    others = [each for each in app.books if each is not book]
    assert [each.path for each in others] == [""]
    return others[0]


def texts(book: Workbook, column: int) -> list[Any]:
    return [row[column - 1] for row in book.sheets[0].sheet.iter_rows(min_row=4, values_only=True)]


def test_the_selected_figure_is_explained_down_to_its_sales_rows(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    before = picture(book)
    app.selected = sheet(book, "Ledger").Range("L2")
    assert press(app, "explain_selection") == ""
    made = shown(app, book)
    assert made.name == "Explanation1"
    assert texts(made, 1)[0].startswith("Entry 1: advance of S01 Salesperson S01, 2026-01")
    assert "round(9,876.48 × 1.5%) = 148.15" in texts(made, 2)
    links = [text for text in texts(made, 4) if text]
    assert """=HYPERLINK("#'[plan.xlsx]Sales'!D2","Sales!D2")""" in links
    assert picture(book) == before


def test_the_outline_says_what_the_command_line_says(tmp_path: Path) -> None:
    path = demo_book(tmp_path / "demo.xlsx", "zh", year_of_runs(3))
    app, book = open_in_excel(path)
    app.selected = sheet(book, "季度核算").Range("P6")
    press(app, "explain_selection")
    from keyaccount.book import open_book

    with open_book(path) as plan:
        nodes = list(explain(plan, "季度核算!P6").walk())
    assert texts(shown(app, book), 1) == [node.said for node in nodes]


def test_a_cell_that_is_the_users_own_is_said(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    app.selected = sheet(book, "Sales").Range("D2")
    assert press(app, "explain_selection").startswith("Sales is an input sheet")
    assert app.books == [book]


def test_without_a_selected_cell_the_figure_is_asked_for(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    press(app, "explain_selection", "S01 2026-01")
    assert texts(shown(app, book), 1)


def test_statements_are_written_into_the_folder_that_was_chosen(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    folder = tmp_path / "out"
    folder.mkdir()
    before = picture(book)
    said = press(app, "statements", "2026-01", str(folder))
    assert said == f"1 salespeople: a PDF and a workbook each, in {folder}."
    assert sorted(path.suffix for path in folder.iterdir()) == [".pdf", ".xlsx"]
    assert [name for name, _ in app.asked[-2:]] == [
        "'keyaccount.xlam'!KeyAccountAsk",
        "'keyaccount.xlam'!KeyAccountFolder",
    ]
    assert app.asked[-2][1][2] == "2026-01"
    assert picture(book) == before


@pytest.mark.parametrize("answers", [("",), ("2026-01", "")])
def test_statements_can_be_cancelled(tmp_path: Path, answers: tuple[str, ...]) -> None:
    app, _book = in_excel(tmp_path, "2026-01")
    assert press(app, "statements", *answers) == ""


def test_statements_of_a_period_that_was_not_run_are_refused(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path, "2026-01")
    assert "2026-02" in press(app, "statements", "2026-02", str(tmp_path))
    assert list(tmp_path.glob("*.pdf")) == []


def test_what_if_shows_both_plans_in_a_workbook_of_its_own(tmp_path: Path) -> None:
    app, book = in_excel(tmp_path, "2026-01")
    before = picture(book)
    assert press(app, "what_if", "2026-01", "tiers.core=0.02; advance_rate=0.7") == ""
    made = shown(app, book)
    values = {cell for row in made.sheets[0].sheet.iter_rows(values_only=True) for cell in row}
    assert {148.15, 197.53} <= values
    assert picture(book) == before


def test_a_change_that_is_none_is_asked_again_with_the_reason(tmp_path: Path) -> None:
    app, _book = in_excel(tmp_path, "2026-01")
    press(app, "what_if", "2026-01", "advance rate 70%", "colour=3", "")
    assert app.alerts[0].startswith("advance rate 70% changes nothing.")
    assert "colour" in app.alerts[1]


def test_with_errors_in_the_workbook_each_button_says_so(tmp_path: Path) -> None:
    def twice(book: openpyxl.Workbook) -> None:
        book["Sales"]["A3"].value = "N1"

    path = run_on_file(plain(tmp_path / "plan.xlsx", lambda _book: None), "2026-01")
    book = openpyxl.load_workbook(path)
    twice(book)
    book.save(path)
    app, live = open_in_excel(path)
    app.selected = sheet(live, "Ledger").Range("L2")
    for button, answers in (
        ("explain_selection", []),
        ("statements", ["2026-01", str(tmp_path)]),
        ("what_if", ["2026-01", "advance_rate=0.7"]),
        ("preview", ["2026-02"]),
    ):
        assert "errors" in press(app, button, *answers).lower()
    assert app.books == [live]
