"""The period that a run proposes: the next one in the plan's order (§3.3, "Runs and their order")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from keyaccount.ledger import Entry
from keyaccount.next_due import next_due, next_of_any
from keyaccount.tables import PolicyRow, PriorYearRow
from tests.company import Company, Sale

KINDS = {7: "advance", 6: "quarter_payment", 4: "year_end_payment"}  # by the length of a period's text


def company(*days: str, plan_start: str = "", settled_elsewhere: int = 0) -> Company:
    made = Company(2026, 1)
    made.sales = [
        Sale(f"{n}", date.fromisoformat(day), "A01", 10_000, 0) for n, day in enumerate(days, start=1)
    ]
    if plan_start:
        made.policies = [PolicyRow(2, "plan_start", plan_start)]
    if settled_elsewhere:
        made.prior_years = [PriorYearRow(2, "S01", settled_elsewhere, Decimal(1), bonus_earned=False)]
    return made


def ledger(runs: Sequence[str]) -> list[Entry]:
    """Give the payment entries that mark these runs."""
    return [
        Entry(number, number, "", period, KINDS[len(period)], "S01", 0, reference="E=0.00")
        for number, period in enumerate(runs, start=1)
    ]


def proposed(made: Company, runs: str = "") -> str:
    """Give what the three commands propose after these runs."""
    booked = ledger(runs.split())
    commands = ("advance", "settle", "year-end")
    return " ".join(str(next_due(command, made.inputs(), booked)) for command in commands)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ("", "2026-02 2026Q1 2026"),
        ("2026-02", "2026-03 2026Q1 2026"),
        ("2026-02 2026-03", "2026-04 2026Q1 2026"),
        ("2026-02 2026-03 2026-04", "2026-05 2026Q1 2026"),
        ("2026-02 2026-03 2026Q1", "2026-04 2026Q2 2026"),
        ("2026-02 2026-03 2026-04 2026Q1", "2026-05 2026Q2 2026"),
        ("2026Q1", "2026-04 2026Q2 2026"),
        ("2026-12 2026Q4", "2027-01 2027Q1 2026"),
        ("2026-12 2026Q4 2026", "2027-01 2027Q1 2027"),
        ("2026-12 2026Q4 2027-01", "2027-02 2027Q1 2026"),
        ("2026-12 2026Q4 2026 2027-01 2027-02", "2027-03 2027Q1 2027"),
    ],
)
def test_each_command_proposes_what_comes_after_the_runs_so_far(runs: str, expected: str) -> None:
    assert proposed(company("2026-02-10", "2026-08-01"), runs) == expected


def test_an_empty_quarter_is_proposed_too_since_settling_it_does_no_harm() -> None:
    assert proposed(company("2026-01-10", "2026-08-01"), "2026-01 2026Q1").split()[1] == "2026Q2"


def test_without_runs_the_plan_begins_with_its_first_sale() -> None:
    assert proposed(company("2026-05-31", "2026-05-02", "2026-11-01")) == "2026-05 2026Q2 2026"


def test_sales_of_years_that_were_settled_elsewhere_are_not_due() -> None:
    made = company("2024-03-01", "2025-03-01", "2026-04-01", settled_elsewhere=2025)
    assert proposed(made) == "2026-04 2026Q2 2026"


def test_plan_start_decides_where_the_plan_begins() -> None:
    assert proposed(company("2025-03-01", plan_start="2026-07-01")) == "2026-07 2026Q3 2026"


def test_a_plan_start_that_is_no_date_is_passed_over() -> None:
    assert proposed(company("2026-03-01", plan_start="soon")) == "2026-03 2026Q1 2026"


def test_payments_made_outside_the_program_mark_no_run() -> None:
    outside = Entry(1, 1, "", "2026-03", "advance", "S01", 100, reference="Voucher 7")
    assert str(next_due("advance", company("2026-02-10").inputs(), [outside])) == "2026-02"


@pytest.mark.parametrize(
    ("runs", "expected"), [("", "2026-02 2026Q1 2026"), ("2026-02", "2026-03 2026Q1 2026")]
)
def test_a_leavers_exit_run_moves_no_period_on(runs: str, expected: str) -> None:
    left = Entry(9, 9, "", "2026-08", "exit_payment", "S01", 100, reference="E=0.00")
    made, booked = company("2026-02-10").inputs(), [*ledger(runs.split()), left]
    proposals = (next_due(command, made, booked) for command in ("advance", "settle", "year-end"))
    assert " ".join(map(str, proposals)) == expected


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ("", "2026-01"),
        ("2026-01 2026-02", "2026-03"),
        ("2026-01 2026-02 2026-03", "2026Q1"),
        ("2026-01 2026-02 2026-03 2026Q1", "2026-04"),
        ("2026-01 2026-02 2026-03 2026-04", "2026Q1"),
        ("2026-12 2026Q1 2026Q2 2026Q3", "2026Q4"),
        ("2026-12 2026Q4", "2026"),
        ("2026-12 2026Q4 2026", "2027-01"),
    ],
)
def test_after_a_quarters_last_month_the_quarter_is_due_and_after_the_fourth_the_year(
    runs: str, expected: str
) -> None:
    made = company("2026-01-10").inputs()
    assert str(next_of_any(made, ledger(runs.split()))) == expected


def test_a_workbook_without_sales_has_no_run_that_is_due() -> None:
    assert next_of_any(company().inputs(), []) is None


def test_a_workbook_without_sales_proposes_nothing() -> None:
    assert proposed(company()) == "None None None"
