"""Rules of single clauses at their edges, called by themselves: what a whole workbook shows only rarely."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from keyaccount.clauses.account_review import AccountReviews
from keyaccount.clauses.cells import groups_of
from keyaccount.clauses.key_accounts import TierTable, tier_histories
from keyaccount.clauses.payouts import Position, PriorYearRule, instalment
from keyaccount.clauses.rates import shares_on
from keyaccount.company import Company
from keyaccount.ledger import Balances
from keyaccount.policies import Policies
from keyaccount.tables import AssignmentRow
from tests.small_company import found, said, workbook

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


def test_a_fen_too_much_is_taken_back_at_once_and_a_fen_due_waits_for_the_third_month() -> None:
    def month(due: int, paid: int, number: int) -> int:
        return instalment(Position(earned=0, prior=0, opening=0, due=due, paid=paid), 0, number)

    assert [month(-1, 0, number) for number in (1, 2, 3)] == [-1, -1, -1]
    assert [month(0, 5, number) for number in (1, 2, 3)] == [-5, -5, -5]
    assert [month(2, 0, number) for number in (1, 2, 3)] == [0, 0, 2]


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


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        (
            {"Accounts": ["A1", "A2", "A1"]},
            "error Accounts 4 Account ID A1: A1 is there twice (also in row 2).",
        ),
        (
            {"Salespeople": ["S01", "S01"]},
            "error Salespeople 3 Salesperson ID S01: S01 is there twice (also in row 2).",
        ),
        (
            {"Company_Sales": ["2026-01 5000.00", "2026-01 6000.00"]},
            "error Company Sales 3 Month 2026-01: 2026-01 is there twice (also in row 2).",
        ),
    ],
)
def test_a_row_that_is_there_twice_is_said_with_the_other(
    tables: dict[str, list[str]], expected: str
) -> None:
    assert expected in said(Company(workbook(**tables)).problems)


def test_a_tiers_rates_count_by_their_days_in_whatever_order_they_stand() -> None:
    table = TierTable(workbook(Tiers=["core 3% from 2026-03-01", "core 1%", "core 2% from 2026-02-01"]).tiers)
    days = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1))
    assert [table.rate("core", day) for day in days] == [
        Decimal("0.01"), Decimal("0.02"), Decimal("0.02"), Decimal("0.03"),
    ]  # fmt: skip
    assert table.rate("unheard", days[0]) is None


def test_a_change_of_tier_counts_from_its_day_that_day_included() -> None:
    tiers = ["A1 core from 2020-01-01", "A1 strategic from 2026-02-01", "A2 core from 2020-01-01"]
    credits = Company(workbook(Account_Tiers=tiers)).credits
    days = (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 2))
    assert [credits.on("A1", day).tier for day in days] == ["core", "strategic", "strategic"]


def test_a_fen_below_0_is_negative() -> None:
    assert found(Sales=["S1 2026-01-10 A1 -0.01"])[0].startswith("error Sales 2 Gross Amount -0.01:")


def test_returns_of_a_sale_do_not_make_its_recoveries_right() -> None:
    rows = ["R1 2026-02-01 return A1 500.00 of S1", "R2 2026-02-02 bad_debt A1 10.00 of S1"]
    rows.append("R3 2026-02-03 recovery A1 10.01 of S1")
    assert [one.split(":")[0] for one in found(Adjustments=rows)] == ["error Adjustments 4 Amount 10.01"]
