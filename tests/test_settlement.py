"""Which runs there are and what a run checks: the kind of its period, who is named, the same once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keyaccount import booking
from keyaccount.ledger import PAYMENTS, Entry, append
from keyaccount.periods import Period
from keyaccount.problems import UsageError
from keyaccount.settlement import Command, check_kind, look_again, run
from keyaccount.tables import Inputs, ObjectionRow
from tests.plan_case_rows import inputs_of, row_of

ROWS = {
    "Tiers": ["strategic 2%"],
    "Accounts": ["A1"],
    "Account Tiers": ["A1 strategic from 2020-01-01"],
    "Salespeople": ["S02", "S01 left 2026-01-31"],
    "Assignments": ["A1 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00", "S2 2026-02-10 A1 1000.00"],
}


def workbook(**other: list[str]) -> Inputs:
    named = {table.replace("_", " "): rows for table, rows in other.items()}
    return inputs_of(
        {table: [row_of(table, text) for text in rows] for table, rows in {**ROWS, **named}.items()}
    )


@pytest.mark.parametrize(
    ("command", "right", "wrong", "said"),
    [
        ("advance", "2026-01", "2026Q1", "advance takes a month such as 2026-01 ≠ found 2026Q1."),
        ("settle", "2026Q1", "2026-03", "settle takes a quarter such as 2026Q1 ≠ found 2026-03."),
        ("year-end", "2026", "2026Q4", "year-end takes a year such as 2026 ≠ found 2026Q4."),
    ],
)
def test_a_run_takes_a_period_of_its_kind(command: Command, right: str, wrong: str, said: str) -> None:
    check_kind(command, Period.parse(right))
    with pytest.raises(UsageError) as raised:
        run(workbook(), [], command, Period.parse(wrong))
    assert raised.value.message == said


def test_the_exit_of_somebody_unknown_names_those_who_are_there() -> None:
    with pytest.raises(UsageError) as raised:
        run(workbook(), [], "settle-leaver", "S09")
    assert raised.value.message == "Salesperson S09 is not on sheet Salespeople."
    assert raised.value.remedy == "Name one of: S01, S02."


def said(inputs: Inputs, ledger: list[Entry], period: str) -> list[str]:
    company = look_again(inputs, ledger, Period.parse(period) if period else None)
    return [f"{one.severity} {one.table} {one.row}: {one.sentence}" for one in company.problems]


def test_looking_again_says_what_the_latest_run_said_also_of_an_exit() -> None:
    inputs = workbook(Payments_Made=["S01 2026-01 3.00 voucher V1"])
    exited = run(inputs, [], "settle-leaver", "S01")
    assert exited.entries[-1].kind == "exit_payment"
    told = [f"{one.severity} {one.table} {one.row}: {one.sentence}" for one in exited.problems]
    assert said(inputs, [*exited.entries], "2026-01") == told
    later = run(inputs, exited.entries, "advance", Period.parse("2026-02"))
    told = [f"{one.severity} {one.table} {one.row}: {one.sentence}" for one in later.problems]
    assert told
    assert said(inputs, [*exited.entries, *later.entries], "2026-02") == told


def test_looking_again_at_the_first_run_says_that_it_paid_earlier_months() -> None:
    inputs = workbook(Salespeople=["S02", "S01 left 2026-02-28"])
    exited = run(inputs, [], "settle-leaver", "S01").entries
    paid = run(inputs, [], "advance", Period.parse("2026-02")).entries
    earlier = (
        "warning Payments Made 0: 2026-02 is the first run in this workbook: it pays what was earned since "
        "2026-01 as well."
    )
    for ledger in (exited, paid):
        assert said(inputs, [*ledger], "2026-02") == [earlier]
    more = run(inputs, paid, "advance", Period.parse("2026-03")).entries
    assert said(inputs, [*paid, *more], "2026-03") == []


def test_looking_again_at_an_exit_sees_the_months_that_were_advanced_since_the_leaving() -> None:
    inputs = workbook(Sales=["S0 2025-11-10 A1 1000.00"], Adjustments=["R1 2026-02-10 return A1 10.00 of S0"])
    ledger = run(inputs, [], "advance", Period.parse("2026-02")).entries
    exited = run(inputs, ledger, "settle-leaver", "S01")
    told = [f"{one.severity} {one.table} {one.row}: {one.sentence}" for one in exited.problems]
    assert any("A reversal goes back to 2025" in one for one in told)
    assert said(inputs, [*ledger, *exited.entries], "2026-01") == told


def test_a_quarter_that_is_run_again_shows_its_figures_by_salesperson_whatever_the_ledgers_order() -> None:
    inputs = workbook(Salespeople=["S02", "S01"])
    ledger = run(inputs, [], "settle", Period.parse("2026Q1")).entries
    turned = append([], [*reversed(ledger)], "")
    again = run(inputs, turned, "settle", Period.parse("2026Q1"))
    assert again.entries == ()
    assert [figures.salesperson_id for figures in again.figures] == ["S01", "S02"]


@pytest.mark.parametrize(
    ("command", "period"), [("advance", "2026-01"), ("settle", "2026Q1"), ("year-end", "2026")]
)
def test_each_kind_of_period_has_a_kind_of_payment(command: Command, period: str) -> None:
    reviewed = {"Year-End Review": [f"{one} 2026 1.00 reason agreed by P01" for one in ("S01", "S02")]}
    inputs = workbook(Salespeople=["S01", "S02"], **reviewed)
    ledger: list[Entry] = []
    if command == "year-end":
        for quarter in ("2026Q1", "2026Q2", "2026Q3", "2026Q4"):
            ledger += run(inputs, ledger, "settle", Period.parse(quarter)).entries
    what = Period.parse(period)
    paid = [one.kind for one in run(inputs, ledger, command, what).entries if one.kind in PAYMENTS]
    assert paid == [booking.PAYMENT_KIND[what.kind]] * 2


def test_looking_without_a_period_reports_the_tables_alone() -> None:
    inputs = workbook(Targets=["S01 2026 -1.00"])
    assert said(inputs, [], "") == [
        "error Targets 2: The target of S01 is negative.",
        "warning Sales 3: A sale of account A1 on 2026-02-10 is credited to S01, who left on 2026-01-31.",
    ]


def test_who_has_entries_stays_on_salespeople() -> None:
    ledger = [*run(workbook(), [], "advance", Period.parse("2026-01")).entries]
    gone = run(workbook(Salespeople=["S01"]), ledger, "advance", Period.parse("2026-02"))
    assert gone.failed
    found = [
        (one.severity, one.table, one.row, one.column, one.value, one.sentence, one.advice, one.rests_on)
        for one in gone.problems
        if one.severity == "error"
    ]
    sentence = "Salesperson S02 has entries in the ledger but is not on sheet Salespeople."
    advice = "Put the row back; for somebody who left enter the day in Left."
    assert found == [("error", "Salespeople", 0, "Salesperson ID", "S02", sentence, advice, ("Salespeople",))]


def test_a_run_says_of_objections_what_is_wrong_with_them() -> None:
    objection = ObjectionRow(2, 99, "S01", date(2026, 2, 1), "A sale is missing.")
    outcome = run(replace(workbook(), objections=(objection,)), [], "advance", Period.parse("2026-01"))
    assert ("Objections", "There is no ledger entry 99.") in {
        (one.table, one.sentence) for one in outcome.problems
    }


def test_a_correction_names_the_changes_since_the_last_run_of_its_year() -> None:
    def reference(*changed: int) -> set[str]:
        inputs = workbook(Sales=["S1 2026-01-10 A1 900.00"], Salespeople=["S01", "S02"])
        outcome = run(inputs, ledger, "settle", Period.parse("2026Q2"), "", changed)
        return {one.reference for one in outcome.entries if one.kind == "correction"}

    first = workbook(Salespeople=["S01", "S02"])
    ledger = [*run(first, [], "settle", Period.parse("2026Q1")).entries]
    assert reference() == {""}
    assert reference(1) == {""}  # what changed before the first quarter was booked is in it
    assert reference(1, 2) == {"Changes, run 2"}
    assert reference(2, 3) == {"Changes, runs 2, 3"}


def test_changes_before_the_latest_run_of_the_year_are_in_it_whatever_ran_for_other_years() -> None:
    def booked(inputs: Inputs, *runs: tuple[Command, str]) -> list[Entry]:
        ledger: list[Entry] = []
        for command, period in runs:
            ledger += run(inputs, ledger, command, Period.parse(period)).entries
        return ledger

    def references(inputs: Inputs, ledger: list[Entry], command: Command, period: str) -> set[str]:
        outcome = run(inputs, ledger, command, Period.parse(period), "", (1, 2, 3))
        return {one.reference for one in outcome.entries if one.kind == "correction"}

    people = ["S01", "S02"]
    of_2026 = booked(workbook(Salespeople=people), ("settle", "2026Q1"), ("settle", "2026Q2"))
    changed = workbook(Salespeople=people, Sales=["S1 2026-01-10 A1 900.00"])
    assert references(changed, of_2026, "settle", "2026Q3") == {"Changes, run 3"}
    before = workbook(Salespeople=people, Sales=["S0 2025-11-10 A1 1000.00"])
    across = booked(before, ("settle", "2025Q4"), ("advance", "2026-01"))
    after = workbook(Salespeople=people, Sales=["S0 2025-11-10 A1 900.00"])
    assert references(after, across, "year-end", "2025") == {"Changes, runs 2, 3"}
