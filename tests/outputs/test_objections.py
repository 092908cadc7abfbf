"""Objections (plan, Controls): listed until answered, on the next statement too; corrections follow them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from keyaccount.book import open_book
from keyaccount.cli import main
from keyaccount.outputs.statements import write_statements
from keyaccount.periods import Period
from tests.outputs.books import statements, text_of
from tests.plain_books import Rows, write_inputs
from tests.plan_case_rows import row_of

COMPANY = {
    "Tiers": ["core 1.5%"],
    "Accounts": ["A1", "A2"],
    "Account Tiers": ["A1 core from 2026-01-01", "A2 core from 2026-01-01"],
    "Salespeople": ["S01", "S02"],
    "Assignments": ["A1 S01 100% from 2026-01-01", "A2 S02 100% from 2026-01-01"],
    "Sales": [
        "N1 2026-01-10 A1 100000.00",
        "N2 2026-02-10 A1 60000.00",
        "N3 2026-03-10 A2 40000.00",
        "N4 2026-04-10 A1 20000.00",
    ],
}
BOOKED = 1775347200  # 2026-04-05
JANUARY = 1
"""The entry that books January's sales of A1."""


def rows(tables: dict[str, list[str]]) -> dict[str, Rows]:
    return {table: [row_of(table, text) for text in texts] for table, texts in tables.items()}


def objection(entry: int, person: str, raised: str, **more: str) -> dict[str, str]:
    said = {"Entry": str(entry), "Salesperson ID": person, "Raised": raised, "Text": "A sale is missing."}
    return {**said, **{name.replace("_", " ").title(): text for name, text in more.items()}}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(BOOKED))
    path = tmp_path / "book.xlsx"
    write_inputs(path, rows(COMPANY))
    assert main(["settle", str(path), "2026Q1"]) == 0
    capsys.readouterr()
    return path


def checked(
    book: Path, capsys: pytest.CaptureFixture[str], *objections: dict[str, str]
) -> list[dict[str, Any]]:
    """Enter objections, check the workbook and give what is said of them."""
    write_inputs(book, {**rows(COMPANY), "Objections": list(objections)})
    main(["check", str(book), "--json"])
    told = json.loads(capsys.readouterr().out)
    return [problem for problem in told["problems"] if problem["sheet"] == "Objections"]


def test_an_objection_is_listed_until_it_is_answered(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (open_one,) = checked(book, capsys, objection(JANUARY, "S01", "2026-04-10"))
    assert (open_one["severity"], open_one["value"]) == ("warning", "")
    assert open_one["problem"] == "The objection of S01 to entry 1, raised on 2026-04-10, is not answered."
    answered = objection(
        JANUARY, "S01", "2026-04-10", answer="It was booked in April.", answered_by="Finance"
    )
    assert checked(book, capsys, answered) == []


def test_an_answer_that_is_still_being_looked_into_is_none(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = objection(JANUARY, "S01", "2026-04-10", answer="We look.", answered_by="Finance", status="open")
    assert len(checked(book, capsys, given)) == 1


def test_an_answer_names_who_gave_it(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (nameless,) = checked(book, capsys, objection(JANUARY, "S01", "2026-04-10", answer="No."))
    assert nameless["problem"] == "The objection to entry 1 has an answer, but Answered By is blank."


def test_the_last_day_to_object_is_in_time_and_the_day_after_is_late(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_time,) = checked(book, capsys, objection(JANUARY, "S01", "2026-04-20"))
    (late,) = checked(book, capsys, objection(JANUARY, "S01", "2026-04-21"))
    assert "after the time" not in in_time["problem"]
    assert "after the time for it ended on 2026-04-20" in late["problem"]


def test_an_objection_to_no_entry_or_to_somebody_elses_is_an_error_with_its_cell(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing, foreign, unknown = checked(
        book,
        capsys,
        objection(99, "S01", "2026-04-10"),
        objection(JANUARY, "S02", "2026-04-10"),
        objection(JANUARY, "S99", "2026-04-10"),
    )
    assert (missing["severity"], missing["cell"], missing["value"]) == ("error", "A2", "99")
    assert (foreign["severity"], foreign["cell"]) == ("error", "A3")
    assert foreign["problem"] == "Ledger entry 1 is that of S01, not of S02."
    assert (unknown["severity"], unknown["cell"]) == ("error", "B4")


def test_the_next_statement_lists_the_open_objection_of_its_own_salesperson_alone(
    book: Path, tmp_path: Path
) -> None:
    given = objection(JANUARY, "S01", "2026-04-10")
    write_inputs(book, {**rows(COMPANY), "Objections": [given]})
    assert main(["advance", str(book), "2026-04"]) == 0
    with open_book(book) as opened:
        files = write_statements(opened, Period.parse("2026-04"), tmp_path / "out")
    own, other = (text_of(path) for path in files if path.suffix == ".pdf")
    assert "5. Objections" in own
    assert "A sale is missing." in own
    assert "not answered yet" in own
    assert "Objections" not in other
    assert "A sale is missing." not in other


def test_an_answer_that_changes_data_shows_as_a_correction(book: Path, tmp_path: Path) -> None:
    answered = objection(
        JANUARY, "S01", "2026-04-10", answer="N5 is added.", answered_by="Finance", status="accepted"
    )
    changed = {**COMPANY, "Sales": [*COMPANY["Sales"], "N5 2026-01-20 A1 10000.00"]}
    write_inputs(book, {**rows(changed), "Objections": [answered]})
    assert main(["advance", str(book), "2026-04"]) == 0
    one = next(each for each in statements(book, "2026-04") if each.salesperson_id == "S01")
    (correction,) = one.corrections
    assert (correction.month, correction.net_sales, correction.amount) == ("2026-01", 10_000_00, 150_00)
    ((_, after),) = one.objections
    assert after == [correction]
    with open_book(book) as opened:
        write_statements(opened, Period.parse("2026-04"), tmp_path / "out")
    said = text_of(tmp_path / "out" / "2026-04-S01.pdf")
    assert f"N5 is added. [accepted] (corrected: #{correction.entry})" in said.replace("\n", " ")
    assert "Corrections booked in this period" in said


def test_what_changed_after_a_run_does_not_move_its_statement(book: Path) -> None:
    before = next(each for each in statements(book, "2026Q1") if each.salesperson_id == "S01")
    changed = {**COMPANY, "Sales": [*COMPANY["Sales"], "N5 2026-01-20 A1 10000.00"]}
    write_inputs(book, rows(changed))
    after = next(each for each in statements(book, "2026Q1") if each.salesperson_id == "S01")
    assert after.figures == before.figures
    assert [(row.base, row.commission, row.entries) for row in after.rows] == [
        (row.base, row.commission, row.entries) for row in before.rows
    ]
    assert [row.parts is None for row in after.rows] == [True, False]
    assert (after.changed_net, after.changed_commission) == (0, 0)


def test_a_month_whose_data_changed_after_its_advance_says_so(book: Path) -> None:
    assert main(["advance", str(book), "2026-04"]) == 0
    changed = {**COMPANY, "Sales": [*COMPANY["Sales"], "N5 2026-04-20 A1 10000.00"]}
    write_inputs(book, rows(changed))
    one = next(each for each in statements(book, "2026-04") if each.salesperson_id == "S01")
    assert one.figures.commission == 300_00
    assert sum(row.commission for row in one.rows) == 450_00
    assert (one.changed_net, one.changed_commission) == (-10_000_00, -150_00)
