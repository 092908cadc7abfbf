"""Input sheets go out of sight, or come into it, once; what somebody shows or hides by hand stays."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.book import Stamp
from keyaccount.commands import regenerate_book, run_book
from keyaccount.periods import Period
from keyaccount.settlement import Command
from keyaccount.tables import TABLE
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from tests.workbook.books import Language, parts, rewrite
from tests.workbook.demo_books import COMPANY, Rows

STAMP = Stamp("2026-02-01T00:00:00Z")
BEFORE_THE_FIRST_YEAR = ("Prior Years", "Opening Balances")
SCORING = ("Scorecard", "Bands")
LOG = {"account_id": "A01", "salesperson_id": "S01", "kind": "review"}


def state_of(book: Path, name: str, language: Language = "en") -> str:
    title = TABLE[name].zh[0] if language == "zh" else name
    with Package.open(book) as package:
        return next(sheet.state for sheet in package.sheets if sheet.title == title)


def states(book: Path, names: tuple[str, ...], language: Language = "en") -> set[str]:
    return {state_of(book, name, language) for name in names}


def set_state(book: Path, name: str, state: str) -> None:
    sheet = re.compile(rf'(<sheet [^>]*name="{name}"[^>]*?) state="[a-zA-Z]+"')
    rewrite(book, {"xl/workbook.xml": lambda text: sheet.sub(rf'\1 state="{state}"', text)})


def made(path: Path, language: Language = "en", **more: list[dict[str, object]]) -> Path:
    rows: Rows = {**COMPANY, **{name.replace("_", " "): each for name, each in more.items()}}
    create_workbook(path, language, 2026, {name: list(each) for name, each in rows.items()})
    return path


def run(book: Path, *periods: str) -> None:
    commands: dict[str, Command] = {"month": "advance", "quarter": "settle", "year": "year-end"}
    for text in periods:
        period = Period.parse(text)
        assert run_book(book, commands[period.kind], period, STAMP).booked


def year_through(book: Path, year: int = 2026) -> None:
    run(book, f"{year}-03", f"{year}Q1", f"{year}Q4")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_only_the_first_year_needs_is_hidden_by_its_year_end(tmp_path: Path, language: Language) -> None:
    book = made(tmp_path / "book.xlsx", language)
    year_through(book)
    assert states(book, BEFORE_THE_FIRST_YEAR, language) == {"visible"}
    run(book, "2026")
    assert states(book, BEFORE_THE_FIRST_YEAR, language) == {"hidden"}
    regenerate_book(book)
    assert states(book, BEFORE_THE_FIRST_YEAR, language) == {"hidden"}


def test_a_sheet_that_is_shown_again_stays_in_sight(tmp_path: Path) -> None:
    book = made(tmp_path / "book.xlsx")
    year_through(book)
    run(book, "2026")
    for name in BEFORE_THE_FIRST_YEAR:
        set_state(book, name, "visible")
    run(book, "2027-01", "2027Q1")
    regenerate_book(book)
    assert states(book, BEFORE_THE_FIRST_YEAR) == {"visible"}
    run(book, "2027Q4", "2027")
    assert states(book, BEFORE_THE_FIRST_YEAR) == {"visible"}


def test_a_sheet_that_is_open_or_has_a_problem_is_not_hidden(tmp_path: Path) -> None:
    person = "S01\u00a0"  # trimmed with a warning
    odd: list[dict[str, object]] = [{"salesperson_id": person, "year": 2025, "coefficient": Decimal(1)}]
    odd[0]["bonus_earned"] = "no"
    book = made(tmp_path / "book.xlsx", Prior_Years=odd)
    with Package.open(book) as package:
        index = [sheet.title for sheet in package.sheets].index("Opening Balances")
    rewrite(book, {"xl/workbook.xml": lambda text: text.replace('activeTab="0"', f'activeTab="{index}"')})
    year_through(book)
    run(book, "2026")
    assert states(book, BEFORE_THE_FIRST_YEAR) == {"visible"}


def test_a_sheet_of_the_users_own_keeps_its_state(tmp_path: Path) -> None:
    book = made(tmp_path / "book.xlsx")
    colours = {
        part: lambda text: re.sub("<tabColor[^>]*/>", "", text)
        for part in parts(book)
        if part.startswith("xl/worksheets/sheet")
    }
    rewrite(book, colours)
    year_through(book)
    run(book, "2026")
    assert states(book, BEFORE_THE_FIRST_YEAR) == {"visible"}


def test_the_scorecard_comes_into_sight_with_the_first_run_that_reaches_the_log(tmp_path: Path) -> None:
    book = made(tmp_path / "book.xlsx", Maintenance=[LOG | {"date": date(2026, 2, 3)}])
    for name in SCORING:
        set_state(book, name, "hidden")  # as if the log had been typed in
    run(book, "2026-01")
    assert states(book, SCORING) == {"hidden"}
    run(book, "2026-02")
    assert states(book, SCORING) == {"visible"}
    set_state(book, "Bands", "hidden")
    run(book, "2026-03", "2026Q1")
    assert (state_of(book, "Scorecard"), state_of(book, "Bands")) == ("visible", "hidden")


def test_without_a_log_the_scorecard_stays_out_of_sight(tmp_path: Path) -> None:
    book = made(tmp_path / "book.xlsx")
    run(book, "2026-01")
    assert states(book, SCORING) == {"hidden"}
