"""Rules of single clauses at their edges, called by themselves: what a whole workbook shows only rarely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from keyaccount.clauses.account_review import AccountReviews, Attention
from keyaccount.clauses.cells import groups_of
from keyaccount.clauses.company_sales import check_company_sales
from keyaccount.clauses.key_accounts import TierTable, tier_histories
from keyaccount.clauses.log import Log, YearOfLog
from keyaccount.clauses.maintenance import Value, assigned_months, times_a_year
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import shares_on
from keyaccount.clauses.scorecard import Scorecard
from keyaccount.company import Company
from keyaccount.ledger import Balances
from keyaccount.periods import Period, month_from_text
from keyaccount.policies import Policies
from keyaccount.problems import Problem
from keyaccount.tables import AssignmentRow, Inputs
from tests.plan_case_rows import inputs_of, row_of

ROWS = {
    "Tiers": ["strategic 2%", "core 1.5%", "important 1%"],
    "Accounts": ["A1", "A2"],
    "Account Tiers": ["A1 strategic from 2020-01-01", "A2 core from 2020-01-01"],
    "Salespeople": ["S01", "S02"],
    "Assignments": ["A1 S01 100% from 2020-01-01", "A2 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00"],
}


def workbook(**other: list[str]) -> Inputs:
    named = {table.replace("_", " "): rows for table, rows in other.items()}
    return inputs_of(
        {table: [row_of(table, text) for text in rows] for table, rows in {**ROWS, **named}.items()}
    )


def said(problems: list[Problem]) -> list[str]:
    return [
        f"{one.severity} {one.table} {one.row} {one.column} {one.value}: {one.sentence}" for one in problems
    ]


def found(period: str = "2026Q1", **other: list[str]) -> list[str]:
    """Write what is wrong with a workbook as the run of a period sees it."""
    return said(Company(workbook(**other), Period.parse(period).last_day).problems)


# --- tiers (§2.2) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "events"),
    [
        (["A1 core from 2026-01-01"], ["initial"]),
        (["A1 core from 2026-01-01", "A1 strategic from 2026-02-01"], ["initial", "upgrade"]),
        (["A1 core from 2026-01-01", "A1 important from 2026-02-01"], ["initial", "downgrade"]),
        (["A1 core from 2026-01-01", "A1 core from 2026-02-01"], ["initial", ""]),
        (["A1 core from 2026-01-01", "A1 unheard from 2026-02-01"], ["initial", "downgrade"]),
        (["A1 ended from 2025-01-01", "A1 core from 2026-01-01"], ["end", "initial"]),
        (
            ["A1 core from 2024-01-01", "A1 ended from 2025-01-01", "A1 core from 2026-01-01"],
            ["initial", "end", "new"],
        ),
        (
            ["A1 core from 2024-01-01", "A1 ended from 2025-01-02", "A1 core from 2026-01-01"],
            ["initial", "end", ""],
        ),
        (
            [
                "A1 core from 2023-01-01",
                "A1 ended from 2025-01-01",  # the end; later blank rows end nothing more
                "A1 ended from 2025-06-01",
                "A1 core from 2026-01-01",
            ],
            ["initial", "end", "end", "new"],
        ),
        (["A1 core from 2026-01-01 event new", "A1 core from 2026-02-01"], ["new", ""]),
    ],
)
def test_a_blank_event_follows_from_rank_and_from_the_time_since_the_end(
    rows: list[str], events: list[str]
) -> None:
    inputs = workbook(Account_Tiers=rows)
    histories = tier_histories(inputs.account_tiers, TierTable(inputs.tiers), Policies(()))
    assert [change.event for change in histories["A1"]] == events


def test_a_rate_of_0_or_of_all_is_possible_and_beyond_is_not() -> None:
    assert found(Tiers=["strategic 0%", "core 100%"]) == []
    impossible = found(Tiers=["strategic -0.0001", "core 1.0001"])
    assert impossible == [
        "error Tiers 2 Rate -0.0001: The rate -0.0001 is not between 0 and 1.",
        "error Tiers 3 Rate 1.0001: The rate 1.0001 is not between 0 and 1.",
    ]


def test_of_two_first_rows_on_one_day_the_one_above_is_asked_about() -> None:
    rows = ["A1 core from 2026-02-01", "A1 strategic from 2026-02-01", "A1 core from 2026-03-01"]
    asked = [one for one in found(Account_Tiers=rows) if "is it a new key account?" in one]
    assert len(asked) == 1
    assert asked[0].startswith("warning Account Tiers 2 Event : Account A1 gets its first tier on 2026-02-01")


def test_two_tiers_of_one_rank_are_no_step_up() -> None:
    inputs = workbook(
        Tiers=["strategic 2% rank 1", "core 1.5% rank 1"],
        Account_Tiers=["A1 core from 2020-01-01", "A1 strategic from 2026-02-01"],
    )
    company = Company(inputs)
    reviews = AccountReviews(inputs, company.lines, company.credits, company.scores, company.policies)
    of_account = next(one for one in reviews.of_year(2026, date(2026, 12, 31)) if one.account_id == "A1")
    assert of_account.changes == ("lower tier",)


# --- rates and credit (§3.2) --------------------------------------------------------------------------


def assignment(person: str, share: str, end: date | None = None) -> AssignmentRow:
    return AssignmentRow(0, "A1", person, Decimal(share), date(2026, 1, 1), end)


def test_a_share_of_0_is_nobodys() -> None:
    day = date(2026, 1, 5)
    assert shares_on([assignment("S01", "0")], day) == {}
    assert shares_on([assignment("S01", "0.5")], day) == {"S01": 1}
    assert shares_on([assignment("S02", "0"), assignment("S01", "0")], day) == {}
    thirds = shares_on([assignment("S02", "0.6666"), assignment("S01", "0.3333")], day)
    assert thirds == {"S01": Fraction(3333, 9999), "S02": Fraction(6666, 9999)}
    assert [*thirds] == ["S01", "S02"]


def test_a_share_of_0_beside_a_whole_one_is_right() -> None:
    assert found(Assignments=["A1 S01 100% from 2020-01-01", "A1 S02 0% from 2020-01-01", ROWS_A2]) == []
    too_much = found(Assignments=["A1 S01 1.0002 from 2020-01-01", ROWS_A2])
    assert "error Assignments 2 Share 1.0002: The share 1.0002 is not between 0 and 1." in too_much


ROWS_A2 = "A2 S01 100% from 2020-01-01"


def test_a_cell_of_days_with_and_without_a_tier_names_the_tier_alone() -> None:
    inputs = workbook(
        Tiers=["strategic 0%"],
        Account_Tiers=["A1 strategic from 2026-01-15", "A2 strategic from 2020-01-01"],
        Sales=["S1 2026-01-10 A1 1000.00", "S2 2026-01-20 A1 500.00"],
    )
    company = Company(inputs)
    ((net, tiers),) = groups_of(company.lines, company.credits).values()
    assert (net, tiers) == (1500_00, frozenset({"strategic"}))


@pytest.mark.parametrize(
    ("sales", "place"),
    [
        (["S1 2026-01-20 A1 1.00", "S2 2026-01-10 A1 1.00"], "error Sales 2 Account ID A1: {} 2026-01-20"),
        (["S1 2026-02-20 A1 1.00", "S2 2026-01-10 A1 1.00"], "error Sales 3 Account ID A1: {} 2026-01-10"),
        (["S1 2025-12-31 A1 1.00", "S2 2026-01-01 A1 1.00"], "error Sales 3 Account ID A1: {} 2026-01-01"),
        (["S1 2026-02-01 A1 1.00", "S2 2026-01-31 A1 1.00"], "error Sales 3 Account ID A1: {} 2026-01-31"),
    ],
)
def test_a_gap_in_the_assignments_is_said_at_the_first_row_that_lies_in_it(
    sales: list[str], place: str
) -> None:
    rows = ["A1 S01 100% from 2020-01-01 to 2025-12-31", "A1 S01 100% from 2026-02-01", ROWS_A2]
    errors = [one for one in found(Assignments=rows, Sales=sales) if one.startswith("error")]
    assert len(errors) == 1
    assert errors[0].startswith(place.format("Account A1 has tier strategic on"))


def test_a_gap_at_the_end_is_said_also_for_the_account_that_comes_last() -> None:
    rows = ["A1 S01 100% from 2020-01-01", "A2 S01 100% from 2020-01-01 to 2025-12-31"]
    errors = found(Assignments=rows, Sales=["S1 2026-01-20 A2 1.00", "S2 2026-01-21 A2 1.00"])
    assert errors == [
        (
            "error Sales 2 Account ID A2: Account A2 has tier core on 2026-01-20, but nobody is assigned to "
            "it (lines: 2)."
        )
    ]


def test_a_tier_without_a_rate_is_said_at_an_adjustment_by_its_original_date_or_its_own() -> None:
    tiers = ["strategic 2% from 2026-01-01", "core 1.5%"]
    adjustments = ["R1 2026-02-10 return A1 1.00 sold 2025-12-31"]
    sold = found(Tiers=tiers, Sales=[], Adjustments=adjustments)
    assert [one for one in sold if one.startswith("error")] == [
        (
            "error Adjustments 2 Date 2025-12-31: Account A1 has tier strategic on 2025-12-31, but the tier "
            "has no rate on that day."
        )
    ]
    own = found("2025Q4", Tiers=tiers, Sales=[], Adjustments=["R1 2025-12-30 return A1 1.00"])
    assert [one for one in own if one.startswith("error")] == [
        (
            "error Adjustments 2 Date 2025-12-30: Account A1 has tier strategic on 2025-12-30, but the tier "
            "has no rate on that day."
        )
    ]


def test_what_an_earlier_year_takes_back_is_rounded_twice() -> None:
    inputs = workbook(Prior_Years=["S01 2025 0.95 yes", "S02 2025 0.95 no"])
    rule = PriorYearRule(Balances([]), inputs.prior_years, Policies(()))
    assert rule.amount(-1001, "S01", 2025) == -951 - 95
    assert rule.amount(-1001, "S02", 2025) == -951
    assert rule.amount(-1001, "S01", 2024) == -1001


# --- lines that are wrong (§3.1) ----------------------------------------------------------------------


def test_a_discount_on_a_free_sale_is_above_its_gross_amount() -> None:
    assert found(Sales=["S1 2026-01-10 A1 0.00 0.01"]) == [
        "error Sales 2 Discount 0.01: The discount 0.01 of sale S1 is above its gross amount 0.00."
    ]
    assert found(Sales=["S1 2026-01-10 A1 0.00 0.00", "S2 2026-01-10 A1 5.00 5.00"]) == []


def test_rows_that_are_left_out_are_not_checked_and_all_others_are() -> None:
    ignore = ["unknown_accounts ignore"]
    sales = ["S1 2026-01-10 A1 5.00 6.00", "S2 2026-01-10 A2 5.00 6.00", "S3 2026-01-10 A9 5.00 6.00"]
    adjustments = [
        "R1 2026-01-10 return A1 1.00 sold 2026-01-10 vat 2",
        "R2 2026-01-10 return A2 1.00 sold 2026-01-10 vat 2",
        "R3 2026-01-10 return A9 1.00 sold 2026-01-10 vat 2",
    ]
    wrong = found(Policies=ignore, Sales=sales, Adjustments=adjustments)
    assert [one.split(":")[0] for one in wrong if one.startswith("error")] == [
        "error Sales 2 Discount 6.00",
        "error Sales 3 Discount 6.00",
        "error Adjustments 2 VAT Rate 2",
        "error Adjustments 3 VAT Rate 2",
    ]


def test_an_unlinked_recovery_never_reaches_beyond_the_sales() -> None:
    def unlinked(kind: str) -> list[str]:
        rows = found(Sales=["S1 2026-01-10 A1 5.00"], Adjustments=[f"R1 2026-01-20 {kind} A1 9.00"])
        return [one for one in rows if "names neither" not in one]

    assert unlinked("recovery") == []
    more = ["R1 2026-01-20 return A1 9.00", "R2 2026-01-21 recovery A1 1.00", "R3 2026-01-22 return A1 1.00"]
    named = found(Sales=["S1 2026-01-10 A1 5.00"], Adjustments=more)
    assert [one.split(":")[0] for one in named if "takes back more" in one] == [
        "warning Adjustments 2 Amount 9.00",
        "warning Adjustments 4 Amount 1.00",
    ]
    assert len(unlinked("return")) == 1


def test_errors_of_rows_after_the_period_stop_the_run_and_warnings_wait() -> None:
    rows = ["R1 2026-04-01 return A1 1.00", "R2 2026-04-02 return A1 1.00 of S9"]
    later = found(Adjustments=rows)
    assert [one.split(":")[0] for one in later] == [
        "warning Adjustments 2 Date 2026-04-01",
        "error Adjustments 3 Sale ID S9",
    ]


# --- company sales (§2.1) -----------------------------------------------------------------------------


def test_months_of_sales_without_company_sales_are_named_at_the_years_first_row() -> None:
    inputs = workbook(Company_Sales=["2025-03 9.00", "2025-01 9.00", "2024-12 9.00"])
    net = {month_from_text(text): 1 for text in ("2025-02", "2025-01", "2024-11", "2023-05", "2026-01")}
    told = [one.split(" The shares")[0] for one in said(check_company_sales(inputs, net, date(2026, 3, 31)))]
    lack = "The company's net sales of {} lack months in which accounts here have sales: {}."
    assert told == [
        f"warning Company Sales 4 Month 2024-12: {lack.format(2024, '2024-11')}",
        f"warning Company Sales 3 Month 2025-01: {lack.format(2025, '2025-02')}",
    ]
    assert [one.split(" The shares")[0] for one in said(check_company_sales(inputs, net, None))] == told
    assert check_company_sales(inputs, {}, None) == []
    of_2024 = said(check_company_sales(inputs, net, date(2025, 12, 31)))
    assert [one.split(":")[0] for one in of_2024] == ["warning Company Sales 4 Month 2024-12"]


# --- keeping the account (§4) -------------------------------------------------------------------------


def test_a_measure_that_asks_for_nothing_is_met() -> None:
    assert times_a_year(0, Decimal(0), 12) == Value(0, Fraction(0), Fraction(1))
    assert times_a_year(1, Decimal(2), 12) == Value(1, Fraction(2), Fraction(1, 2))
    assert times_a_year(3, Decimal(2), 6) == Value(3, Fraction(1), Fraction(1))


def test_a_month_is_kept_to_its_end_or_to_the_last_day_that_is_assigned() -> None:
    january, march = month_from_text("2026-01"), month_from_text("2026-03")
    rows = [
        assignment("S01", "1", date(2026, 2, 10)),
        replace(assignment("S01", "1"), start=date(2026, 3, 5)),
    ]
    assert assigned_months(rows, january, march) == {
        january: date(2026, 1, 31),
        january + 1: date(2026, 2, 10),
        march: date(2026, 3, 31),
    }


def attention(*acts: str, until: date) -> Attention:
    inputs = workbook(Maintenance=list(acts))
    return Attention(Log(inputs.maintenance, ("A1", "A2")), until, Decimal(7))


def test_an_issue_is_overdue_after_seven_days_from_its_hour_or_from_the_start_of_its_day() -> None:
    by_the_day = "2026-03-05 A1 S01 issue"
    assert attention(by_the_day, until=date(2026, 3, 11)).overdue("A1") == 0
    assert attention(by_the_day, until=date(2026, 3, 12)).overdue("A1") == 1
    by_the_hour = "2026-03-05 A1 S01 issue opened 2026-03-05T00:00"
    assert attention(by_the_hour, until=date(2026, 3, 11)).overdue("A1") == 0
    late = attention(by_the_hour, by_the_hour, until=date(2026, 3, 12))
    assert (late.overdue("A1"), late.overdue("A2")) == (2, 0)
    closed = f"{by_the_hour} closed 2026-03-12T23:59"
    assert attention(closed, until=date(2026, 3, 12)).overdue("A1") == 0
    assert attention(f"{by_the_hour} closed 2026-03-13T00:00", until=date(2026, 3, 12)).overdue("A1") == 1


def test_the_last_review_is_the_latest_whatever_order_the_rows_have() -> None:
    log = ["2026-03-05 A1 S01 review", "2026-03-02 A1 S01 review", "2026-03-09 A1 S01 visit"]
    assert attention(*log, until=date(2026, 3, 31)).last_review("A1") == date(2026, 3, 5)
    assert attention(*log, until=date(2026, 3, 4)).last_review("A1") == date(2026, 3, 2)
    assert attention(*log, until=date(2026, 3, 31)).last_review("A2") is None
    assert not attention(*log, until=date(2026, 3, 1)).in_use


def test_rows_of_one_account_and_month_stay_in_the_order_of_the_sheet() -> None:
    acts = [f"2026-0{1 + number % 2}-10 A{2 - number % 2} S01 visit" for number in range(200)]
    log = Log(workbook(Maintenance=acts).maintenance, ("A1", "A2"))
    of_year = YearOfLog(log, 2026 * 12, np.arange(200), Scorecard((), ()).rules(date(2026, 12, 31)))
    assert of_year._places.tolist() == [*range(1, 200, 2), *range(0, 200, 2)]


def test_a_warning_of_the_periods_last_day_comes_with_it() -> None:
    def told(day: str) -> list[str]:
        return [one.split(":")[0] for one in found(Maintenance=[f"{day} A1 S01 feedback"])]

    assert told("2026-03-31") == ["warning Maintenance 2 Satisfaction "]
    assert told("2026-04-01") == []


def test_a_closing_before_the_opening_is_said_once() -> None:
    act = "2026-03-05 A1 S01 issue opened 2026-03-05T10:00 answered 2026-03-05T12:00 closed 2026-03-05T09:00"
    assert [one.split(":")[0] for one in found(Maintenance=[act])] == [
        "error Maintenance 2 Closed 2026-03-05 09"
    ]
    unopened = act.replace("opened 2026-03-05T10:00 ", "")
    assert [one.split(":")[0] for one in found(Maintenance=[unopened])] == [
        "warning Maintenance 2 Closed 2026-03-05 09",
        "warning Maintenance 2 Opened ",
    ]
