"""Checks at the last value that is wrong or right: lines, assignments, uplifts, a start in mid-life."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from keyaccount.clauses.cells import cells_of, groups_of
from keyaccount.clauses.mid_life import check_against_runs, check_first_run, unbooked_payments
from keyaccount.company import Company
from keyaccount.ledger import Balances
from keyaccount.periods import Period
from keyaccount.settlement import run
from tests.plan_case_rows import inputs_of
from tests.small_company import found, said, workbook

ROWS_A2 = "A2 S01 100% from 2020-01-01"

# --- lines (§3.1, §3.2) -------------------------------------------------------------------------------


def test_what_was_recovered_counts_against_what_was_reversed() -> None:
    rows = ["R1 2026-02-01 return A1 950.00 of S1", "R2 2026-02-02 bad_debt A1 60.00 of S1"]
    told = found(Adjustments=[*rows, "R3 2026-02-03 recovery A1 60.01 of S1"])
    assert [one.split(":")[0] for one in told] == ["error Adjustments 4 Amount 60.01"]
    assert "add up to 60.01, above its bad debts 60.00" in told[0]


def test_recoveries_of_a_sale_without_a_bad_debt_are_too_much_whatever_came_back() -> None:
    rows = ["R1 2026-02-01 return A1 500.00 of S1", "R2 2026-02-02 recovery A1 0.01 of S1"]
    assert [one.split(":")[0] for one in found(Adjustments=rows)] == ["error Adjustments 3 Amount 0.01"]
    assert [one.split(":")[0] for one in found(Adjustments=rows[1:])] == ["error Adjustments 2 Amount 0.01"]


def test_of_a_sale_that_is_reversed_by_too_much_the_recoveries_may_be_right() -> None:
    rows = ["R1 2026-02-01 return A1 995.00 of S1", "R2 2026-02-02 bad_debt A1 10.00 of S1"]
    (told,) = found(Adjustments=[*rows, "R3 2026-02-03 recovery A1 4.00 of S1"])
    assert "add up to 1,001.00, above its net amount 1,000.00" in told


def test_without_a_period_the_latest_line_decides_whether_unknown_accounts_are_left_out() -> None:
    def told(day: str) -> str:
        inputs = workbook(
            Policies=["unknown_accounts ignore from 2026-02-01"],
            Sales=["S1 2026-01-10 A9 1.00"],
            Adjustments=[f"R1 {day} return A1 1.00 sold 2026-01-10"],
        )
        return said(Company(inputs).problems)[0].split(":")[0]

    ignored = ["unknown_accounts ignore"]
    (two,) = found(Policies=ignored, Sales=["S1 2026-01-10 A9 1.00", "S2 2026-01-10 A8 1.00"])
    assert two.startswith("warning Sales 2 Account ID A9: Rows of accounts that are no key accounts are left")
    assert two.endswith(": 2, of accounts: 2.")
    assert told("2026-01-31") == "error Sales 2 Account ID A9"
    assert told("2026-02-01") == "warning Sales 2 Account ID A9"


@pytest.mark.parametrize("rate", ["-0.01", "1.01"])
def test_a_vat_rate_below_0_or_above_1_is_impossible(rate: str) -> None:
    told = found(Adjustments=[f"R1 2026-01-20 return A1 1.00 of S1 vat {rate}"])
    assert told[0].startswith(f"error Adjustments 2 VAT Rate {rate}: The VAT rate {rate} is not between")


def test_cells_come_in_the_order_of_their_keys_also_where_a_rate_fell_within_the_month() -> None:
    inputs = workbook(
        Account_Tiers=["A1 strategic from 2020-01-01", "A1 core from 2026-01-15", "A2 core from 2020-01-01"],
        Sales=["S1 2026-01-10 A1 100.00", "S2 2026-01-20 A1 100.00"],
    )
    company = Company(inputs)
    keys = [*cells_of(groups_of(company.lines, company.credits))]
    assert [key.rate for key in keys] == [Decimal("0.015"), Decimal("0.02")]


def test_a_cell_of_several_tiers_of_one_rate_names_them_by_the_alphabet() -> None:
    tiers = ["strategic", "major", "important", "core", "basic"]
    inputs = workbook(
        Tiers=[f"{tier} 2%" for tier in tiers],
        Account_Tiers=[f"A1 {tier} from 2026-01-0{day}" for day, tier in enumerate(tiers, 1)],
        Sales=[f"S{day} 2026-01-0{day} A1 100.00" for day in range(1, 6)],
    )
    company = Company(inputs)
    (cell,) = cells_of(groups_of(company.lines, company.credits)).values()
    assert (cell.net, cell.commission, cell.tier) == (500_00, 10_00, "basic/core/important/major/strategic")


@pytest.mark.parametrize(("day", "told"), [("2026-03-31", True), ("2026-04-01", False)])
def test_a_sale_without_a_tier_is_told_from_the_periods_last_day_backwards(day: str, *, told: bool) -> None:
    rows = found(Account_Tiers=["A2 core from 2020-01-01"], Sales=[f"S1 {day} A1 9.00"])
    sentence = f"Account A1 has no tier on {day} and earns nothing (lines: 1)."
    assert (f"warning Sales 2 Account ID A1: {sentence}" in rows) == told
    assert len(rows) == 1


def test_sales_without_a_tier_are_told_at_the_first_of_them_and_counted() -> None:
    told = found(
        Account_Tiers=["A2 core from 2020-01-01"],
        Assignments=["A1 S01 100% from 2020-01-01 to 2026-01-31", "A1 S02 100% from 2026-02-01", ROWS_A2],
        Sales=["S1 2026-02-10 A1 1.00", "S2 2026-01-10 A1 1.00"],
    )
    sentence = "Account A1 has no tier on 2026-01-10 and earns nothing (lines: 2)."
    assert told == [f"warning Sales 3 Account ID A1: {sentence}"]


# --- assignments and uplifts (§3.2, §3.4.2) -----------------------------------------------------------


def test_an_overlap_is_told_with_the_assignment_that_ends_last() -> None:
    rows = [
        "A1 S01 100% from 2020-01-01 to 2020-06-30",
        "A1 S01 100% from 2020-06-30 to 2020-12-31",
        "A1 S01 100% from 2020-12-31",
    ]
    told = [one for one in found(Assignments=[*rows, ROWS_A2]) if "twice from" in one]
    twice = "Salesperson S01 is assigned to account A1 twice from {} (also in row {})."
    assert told == [
        f"error Assignments 3 From 2020-06-30: {twice.format('2020-06-30', 2)}",
        f"error Assignments 4 From 2020-12-31: {twice.format('2020-12-31', 3)}",
    ]


def test_an_uplift_of_no_months_is_none() -> None:
    def windows(months: int) -> list[tuple[date, date]]:
        inputs = workbook(
            Policies=[f"uplift_months {months}"],
            Account_Tiers=["A1 core from 2026-01-15 event new", "A2 core from 2020-01-01"],
        )
        return [(one.start, one.end) for one in Company(inputs).credits.windows["A1"]]

    assert windows(0) == []
    assert windows(1) == [(date(2026, 1, 15), date(2026, 2, 15))]


def test_somebody_who_left_is_named_once_an_account() -> None:
    told = found(
        Salespeople=["S01 left 2026-01-05", "S02"],
        Account_Tiers=["A1 strategic from 2020-01-01", "A1 core from 2026-02-01", "A2 core from 2020-01-01"],
        Sales=["S1 2026-01-10 A1 1.00", "S2 2026-02-10 A1 1.00", "S3 2026-02-11 A2 1.00"],
    )
    sentence = "A sale of account {} on {} is credited to S01, who left on 2026-01-05."
    assert told == [
        f"warning Sales 2 Date 2026-01-10: {sentence.format('A1', '2026-01-10')}",
        f"warning Sales 4 Date 2026-02-11: {sentence.format('A2', '2026-02-11')}",
    ]


def test_of_two_who_share_an_account_the_one_who_left_is_named() -> None:
    told = found(
        Salespeople=["S01", "S02 left 2026-01-05"],
        Assignments=["A1 S01 50% from 2020-01-01", "A1 S02 50% from 2020-01-01", ROWS_A2],
    )
    sentence = "A sale of account A1 on 2026-01-10 is credited to S02, who left on 2026-01-05."
    assert told == [f"warning Sales 2 Date 2026-01-10: {sentence}"]


# --- a start in mid-life (§Controls) ------------------------------------------------------------------


def test_before_the_plan_only_accounts_with_a_tier_are_told_of() -> None:
    told = found(
        Policies=["plan_start 2026-02-01"],
        Account_Tiers=["A1 strategic from 2020-01-01"],
        Sales=["S1 2026-01-31 A1 9.00", "S2 2026-01-31 A2 9.00", "S3 2026-02-01 A1 9.00"],
        Adjustments=["R1 2026-03-01 return A1 1.00 of S1", "R2 2026-03-01 return A2 1.00 of S2"],
    )
    assert [one for one in told if "before the plan" in one] == [
        "warning Sales 0 Date : Sales before the plan began on 2026-02-01 earn nothing (lines: 1).",
        (
            "warning Adjustments 2 Date 2026-03-01: R1 goes back to 2026-01-31, before the plan began on "
            "2026-02-01: nothing is taken back."
        ),
    ]


@pytest.mark.parametrize(("day", "count"), [("2026-03-31", 2), ("2026-04-01", 0)])
def test_before_the_plan_lines_are_told_of_through_the_periods_last_day(day: str, count: int) -> None:
    told = found(
        Policies=["plan_start 2026-05-01"],
        Sales=[f"S1 {day} A1 9.00"],
        Adjustments=[f"R1 {day} return A1 1.00 sold 2026-01-10"],
    )
    assert len([one for one in told if "before the plan began on 2026-05-01" in one]) == count


def test_what_was_paid_outside_is_booked_by_person_period_and_voucher() -> None:
    rows = workbook(
        Payments_Made=[
            f"{person} {period} 1.00 voucher {voucher}"
            for person in ("S02", "S01")
            for period in ("2026-03", "2026-01", "2025-12")
            for voucher in ("V3", "V1", "V2")
        ]
    ).payments_made
    keys = [key for key, _ in unbooked_payments(rows, Balances([]), 2026)]
    assert keys == sorted(keys)
    assert [(key.salesperson_id, key.period, key.voucher) for key in keys[:4]] == [
        ("S01", "2026-01", "V1"),
        ("S01", "2026-01", "V2"),
        ("S01", "2026-01", "V3"),
        ("S01", "2026-03", "V1"),
    ]
    assert len(keys) == 12


def first_run(period: str, *sales: str) -> list[str]:
    inputs = workbook(Sales=list(sales))
    company = Company(inputs)
    told = said(list(check_first_run(inputs, company.lines, company.credits, Period.parse(period))))
    return [one.partition("since ")[2][:7] for one in told]


def test_a_first_run_pays_earlier_months_from_the_years_first_day_to_the_day_before_its_own() -> None:
    assert first_run("2026-03", "S1 2026-01-01 A1 1.00") == ["2026-01"]
    assert first_run("2026-03", "S1 2026-02-28 A1 1.00") == ["2026-02"]
    assert first_run("2026-03", "S1 2025-12-31 A1 1.00") == []
    assert first_run("2026-03", "S1 2026-03-01 A1 1.00") == []


def test_the_first_run_of_a_workbook_without_accounts_books_nothing_and_fails_nowhere() -> None:
    outcome = run(inputs_of({}), [], "settle", Period.parse("2026Q1"))
    assert (outcome.entries, outcome.problems) == ((), ())


def test_a_payment_for_a_period_whose_run_paid_nothing_is_no_second_one() -> None:
    ledger = run(workbook(), [], "advance", Period.parse("2026-01")).entries
    assert {one.salesperson_id: one.amount for one in ledger if one.kind == "advance"} == {
        "S01": 1600,
        "S02": 0,
    }
    rows = workbook(
        Payments_Made=["S01 2026-01 3.00 voucher V1", "S02 2026-01 3.00 voucher V2"]
    ).payments_made
    told = said(list(check_against_runs(rows, Balances(ledger))))
    assert [one.split(":")[0] for one in told] == ["warning Payments Made 2 Period 2026-01"]
    fen = run(workbook(Sales=["S1 2026-01-10 A1 0.60"]), [], "advance", Period.parse("2026-01")).entries
    assert {one.amount for one in fen if one.kind == "advance"} == {0, 1}
    assert len([*check_against_runs(rows, Balances(fen))]) == 1
