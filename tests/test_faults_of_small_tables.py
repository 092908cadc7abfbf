"""Faults of the small tables that no sentence of the plan names: each is said with its place and remedy."""

from __future__ import annotations

import pytest

from keyaccount.company import Company
from keyaccount.periods import Period
from tests.plan_case_rows import inputs_of, row_of

COMPANY = {
    "Tiers": ["strategic 2%", "core 1.5%", "important 1%"],
    "Accounts": ["A1"],
    "Account Tiers": ["A1 strategic from 2020-01-01"],
    "Salespeople": ["S01"],
    "Assignments": ["A1 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00"],
}


WEIGHTS = ["profile 15", "'monthly review' 20", "response 15", "resolution 10"]
WEIGHTS += ["events 10", "feedback 15", "service 10"]


def found(tables: dict[str, list[str]], period: str = "2026Q1") -> list[str]:
    """Write the problems of a workbook: place, sentence and remedy."""
    rows = {table: [row_of(table, text) for text in texts] for table, texts in {**COMPANY, **tables}.items()}
    company = Company(inputs_of(rows), Period.parse(period).last_day)
    return [
        f"{one.severity} {one.table} {one.row} {one.column} {one.value}: {one.sentence} {one.advice}"
        for one in company.problems
    ]


def test_the_workbook_without_faults_has_none() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"Salespeople": ["S01 joined 2026-03-01 left 2026-02-28"]},
            (
                "error Salespeople 2 Left 2026-02-28: Salesperson S01 left on 2026-02-28, before joining on "
                "2026-03-01. Correct Joined or Left."
            ),
        ),
        (
            {"Targets": ["S01 2026 -0.01"]},
            (
                "error Targets 2 Target -0.01: The target of S01 is negative. "
                "Enter the year's net sales to be reached; delete the row if there is no target."
            ),
        ),
        (
            {"Tiers": ["strategic 2%", "core 2% from 2026-02-01", "core 3% from 2026-02-01"]},
            (
                "error Tiers 4 Tier core: Tier core has two rates from the same day (also in row 3). "
                "Delete one of the rows or give it another Effective From."
            ),
        ),
        (
            {"Targets": ["S01 2026 5.00", "S01 2026 6.00"]},
            (
                "error Targets 3 Year S01 2026: S01 2026 is there twice (also in row 2). "
                "Keep the row that is right and delete the other."
            ),
        ),
        (
            {"Scorecard": ["profile 15 threshold -0.01"]},
            (
                "error Scorecard 2 Threshold -0.01: -0.01 is below 0. "
                "Enter 0 or more; a measure with the weight 0 does not count."
            ),
        ),
        (
            {"Scorecard": ["profile -15", "'monthly review' 50"]},
            "error Scorecard 2 Weight -15: -15 is below 0. ",
        ),
        (
            {"Scorecard": ["profile 16 from 2026-12-31"]},
            "error Scorecard 2 Weight 16: The weights add up to 101, not to 100. ",
        ),
        (
            {"Bands": ["90 1.15 from 2026-01-01"], "Policies": ["coefficient_max 1.2 from 2026-01-02"]},
            (
                "warning Bands 2 Coefficient 1.15: The band proposes 1.15, a coefficient that nobody may "
                "approve: it is outside 0.8–1.1."
            ),
        ),
        (
            {"Prior Years": ["S01 2025 10.01 no"]},
            (
                "error Prior Years 2 Coefficient 10.01: The coefficient 10.01 is not between 0 and 10. "
                "Enter the coefficient by which that year was paid, such as 0.95."
            ),
        ),
        (
            {"Prior Years": ["S01 2025 -0.01 no"]},
            (
                "error Prior Years 2 Coefficient -0.01: The coefficient -0.01 is not between 0 and 10. "
                "Enter the coefficient by which that year was paid, such as 0.95."
            ),
        ),
        (
            {"Policies": ["plan_start 2026-02-30"]},
            (
                "error Policies 2 Value 2026-02-30: plan_start does not take the value 2026-02-30. "
                "Enter 2026-05-01."
            ),
        ),
        (
            {"Policies": ["advance_rate 0.8", "advance_rate 0.7"]},
            (
                "error Policies 3 Policy advance_rate: advance_rate has two values from the same day (also "
                "in row 2). Delete one of the rows or give it another Effective From."
            ),
        ),
        (
            {"Policies": ["advance_rate much"]},
            "error Policies 2 Value much: advance_rate does not take the value much. Enter 0 … 1.",
        ),
        (
            {"Policies": ["uplift_months 1.5"]},
            "error Policies 2 Value 1.5: uplift_months does not take the value 1.5. Enter 0 … 1200.",
        ),
        (
            {
                "Assignments": ["A1 S01 -1% from 2020-01-01", "A1 S02 101% from 2020-01-01"],
                "Salespeople": ["S01", "S02"],
            },
            (
                "error Assignments 2 Share -0.01: The share -0.01 is not between 0 and 1. "
                "Enter a share such as 50% or 0.5."
            ),
        ),
        (
            {"Assignments": ["A1 S01 100% from 2020-01-01 to 2019-12-31"]},
            (
                "error Assignments 2 To 2019-12-31: The assignment ends on 2019-12-31, before it starts on "
                "2020-01-01. Correct From or To (the day of To is included)."
            ),
        ),
        (
            {"Adjustments": ["R1 2026-01-20 return A1 1.00 of S1 vat 1.01"]},
            "error Adjustments 2 VAT Rate 1.01: ",
        ),
        (
            {"Payments Made": ["S01 2026-01 5.00 voucher V1", "S01 2026-01 5.00 voucher V1"]},
            (
                "warning Payments Made 3 Voucher V1: This payment to S01 for 2026-01 is there twice "
                "(also in row 2); both count. Delete one of the rows if it was paid once."
            ),
        ),
        (
            {  # of A2's sale, entered for A1, which nobody had in January
                "Accounts": ["A1", "A2"],
                "Assignments": ["A1 S01 100% from 2026-02-01", "A2 S01 100% from 2020-01-01"],
                "Sales": ["S1 2026-01-10 A2 1000.00"],
                "Adjustments": ["R1 2026-03-01 return A1 1.00 of S1"],
            },
            (
                "error Sales 0 Account ID A1: Account A1 has tier strategic on 2020-01-01, but nobody is "
                "assigned to it (lines: 1)."
            ),
        ),
        (
            {"Bands": ["100.01 1.05", "0 0.90"]},
            (
                "error Bands 2 Score From 100.01: A score lies between 0 and 100; 100.01 does not. "
                "Correct the score."
            ),
        ),
        (
            {"Scorecard": [*WEIGHTS, "expansion 4"]},
            (
                "error Scorecard 9 Weight 4: The weights add up to 99, not to 100. "
                "Correct the weights of sheet Scorecard."
            ),
        ),
        (
            {"Policies": ["plan_start 2026-01-02"], "Targets": ["S01 2025 5.00", "S01 2026 7.00"]},
            (
                "warning Targets 3 Target 7: The target of S01 is compared with net sales from 2026-01-02 "
                "on. Enter the target for that part of the year if this one is for the whole year."
            ),
        ),
    ],
)
def test_a_fault_is_said_with_its_place_and_what_to_do(tables: dict[str, list[str]], expected: str) -> None:
    assert any(one.startswith(expected) for one in found(tables)), "\n".join(found(tables))


@pytest.mark.parametrize(
    "tables",
    [
        {"Salespeople": ["S01 joined 2026-01-10 left 2026-01-10"]},  # a single day
        {"Tiers": ["strategic 2%", "strategic 3% from 2026-02-01", "strategic 4% from 2026-03-01"]},
        {"Targets": ["S01 2026 0.00"]},
        {"Targets": ["S01 2026 7.00"], "Policies": ["plan_start 2026-01-01"]},
        {"Prior Years": ["S01 2025 10 no"]},
        {"Prior Years": ["S01 2025 0 no"]},
        {"Policies": ["advance_rate 0.8", "advance_rate 0.7 from 2026-02-01"]},
        {"Policies": ["advance_rate 1"]},
        {"Policies": ["advance_rate 0"]},
        {"Policies": ["company Sample"]},
        {"Adjustments": ["R1 2026-01-20 return A1 1.00 of S1 vat 1"]},
        {"Adjustments": ["R1 2026-01-20 return A1 1.00 of S1 vat 0"]},
        {"Scorecard": [*WEIGHTS, "expansion 5"]},
        {"Scorecard": ["profile 0 threshold 0", "'monthly review' 35"]},
        {"Bands": ["100 1.05", "0 0.90"]},
        {"Bands": ["90 1.1", "0 0.8"]},
        {"Bands": ["90 1.15 from 2026-01-02"], "Policies": ["coefficient_max 1.2 from 2026-01-02"]},
        {"Bands": ["90 1.15"], "Policies": ["coefficient_max 1.2 from 2026-01-02"]},
        {"Policies": ["unknown_accounts ignore"], "Maintenance": ["2026-03-05 A1 S01 review"]},
        {"Policies": ["plan_start 2026-01-02"], "Targets": ["S01 2025 5.00", "S01 2027 7.00"]},
    ],
)
def test_the_last_value_that_is_right_is_no_fault(tables: dict[str, list[str]]) -> None:
    assert found(tables) == []
