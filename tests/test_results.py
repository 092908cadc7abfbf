"""The result sheets' rows: through the latest run and no further, as booked where inputs are gone."""

from __future__ import annotations

from decimal import Decimal

from keyaccount import tables
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.results import Results
from keyaccount.settlement import run
from keyaccount.tables import Inputs, ResultSheet
from tests.plan_case_rows import inputs_of, row_of
from tests.plan_case_run import run_of

ROWS = {
    "Tiers": ["strategic 2%"],
    "Accounts": ["A1", "A2"],
    "Account Tiers": ["A1 strategic from 2020-01-01", "A2 strategic from 2020-01-01"],
    "Salespeople": ["S01"],
    "Assignments": ["A1 S01 100% from 2020-01-01", "A2 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00", "S2 2026-01-20 A2 500.00"],
    "Adjustments": ["R1 2026-01-31 return A1 100.00 of S1", "R2 2026-02-01 return A1 50.00 of S1"],
}


def workbook(**other: list[str]) -> Inputs:
    named = {table.replace("Year_End", "Year-End").replace("_", " "): rows for table, rows in other.items()}
    return inputs_of(
        {table: [row_of(table, text) for text in rows] for table, rows in {**ROWS, **named}.items()}
    )


def booked(inputs: Inputs, *runs: str) -> list[Entry]:
    ledger: list[Entry] = []
    for text in runs:
        ledger += run(inputs, ledger, *run_of(text), "2026-01-31T00:00:00Z").entries
    return ledger


def shown(inputs: Inputs, ledger: list[Entry], sheet: ResultSheet, *headers: str) -> list[tuple[object, ...]]:
    """Give columns of a sheet's rows."""
    made = Results(Company(inputs), ledger).tables(tables.ResultTable(tables.PROBLEMS, []), [])
    (table,) = (one for one in made if one.sheet is sheet)
    places = [[column.en for column in sheet.columns].index(header) for header in headers]
    return [tuple(row[place] for place in places) for row in table.rows]


def test_before_the_first_run_every_sheet_is_empty() -> None:
    results = Results(Company(workbook()), [])
    made = results.tables(tables.ResultTable(tables.PROBLEMS, []), [])
    assert [(one.sheet.name, one.rows) for one in made if one.rows] == []
    assert [(one.period, one.run, one.company, one.digest) for one in made if one.period or one.digest] == []


def test_what_is_dated_after_the_latest_run_is_not_shown_yet() -> None:
    inputs = workbook()
    january = booked(inputs, "advance 2026-01")
    clawbacks = (tables.CLAWBACKS, "Adjustment ID", "Amount", "Commission Reversed", "From Pay")
    assert shown(inputs, january, *clawbacks) == [("R1", -100_00, -2_00, -1_60)]
    february = booked(inputs, "advance 2026-01", "advance 2026-02")
    assert [row[0] for row in shown(inputs, february, *clawbacks)] == ["R1", "R2"]
    net = (tables.NET_SALES, "Month", "Account ID", "Net Sales")
    assert shown(inputs, january, *net) == [("2026-01", "A1", 900_00), ("2026-01", "A2", 500_00)]
    assert shown(inputs, february, *net)[-1] == ("2026-02", "A1", -50_00)


def test_a_booked_cell_whose_rows_are_gone_is_shown_with_the_tier_that_the_account_has_or_had() -> None:
    ledger = booked(workbook(Adjustments=[]), "settle 2026Q1")
    without_sale = workbook(Adjustments=[], Sales=["S1 2026-01-10 A1 1000.00"])
    detail = (tables.COMMISSION_DETAIL, "Account ID", "Tier", "Net Sales", "Rate", "Commission")
    rate = Decimal("0.02")
    assert shown(without_sale, ledger, *detail)[-1] == ("A2", "strategic", 500_00, rate, 10_00)
    without_account = workbook(
        Adjustments=[],
        Sales=["S1 2026-01-10 A1 1000.00"],
        Accounts=["A1"],
        Account_Tiers=["A1 strategic from 2020-01-01"],
        Assignments=["A1 S01 100% from 2020-01-01"],
    )
    assert shown(without_account, ledger, *detail)[-1] == ("A2", "", 500_00, rate, 10_00)


def test_who_was_not_employed_in_a_year_has_no_score_in_it() -> None:
    inputs = workbook(
        Salespeople=["S01", "S02 left 2025-12-31", "S03 left 2026-01-01", "S04 joined 2027-01-01"]
    )
    found = shown(
        inputs, booked(inputs, "advance 2026-01"), tables.MAINTENANCE_SCORES, "Year", "Salesperson ID"
    )
    assert found == [("2026", "S01"), ("2026", "S03")]


def test_a_coefficient_that_was_approved_is_shown_whoever_was_employed() -> None:
    inputs = workbook(
        Salespeople=["S01", "S02 left 2025-12-31"], Year_End_Review=["S02 2026 0.95 reason Agreed by M01"]
    )
    assert ("2026", "S02", Decimal("0.95")) in shown(
        inputs,
        booked(inputs, "advance 2026-01"),
        tables.MAINTENANCE_SCORES,
        "Year",
        "Salesperson ID",
        "Approved Coefficient",
    )


def test_a_score_is_laid_out_as_what_was_reached_out_of_what_was_asked_for() -> None:
    reviews = ["2026-01-10 A1 S01 review", "2026-02-10 A1 S01 review", "2026-02-20 A1 S01 review"]
    inputs = workbook(Maintenance=reviews)
    found = shown(
        inputs,
        booked(inputs, "settle 2026Q1"),
        tables.SCORE_DETAIL,
        "Account ID",
        "Months",
        "Measure",
        "Reached",
        "Out Of",
        "Log Rows",
    )
    assert ("A1", 3, "monthly review", 2, Decimal(3), "2–4") in found
    assert ("A2", 3, "monthly review", 0, Decimal(3), None) in found
    assert ("A1", 3, "events", 0, Decimal("0.5"), None) in found
