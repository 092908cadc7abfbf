"""§3.3.3: each reversal line's part and commission; in a cell of reversals the last line takes the rest."""

from __future__ import annotations

from keyaccount.clauses.clawbacks import Clawbacks
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.company import Company
from keyaccount.ledger import Balances
from tests.small_company import workbook

HALVES = ["A1 S01 50% from 2020-01-01", "A1 S02 50% from 2020-01-01"]


def lines(**tables: list[str]) -> list[tuple[object, ...]]:
    """Give adjustment, salesperson, amount, commission and the part from pay, in fen."""
    inputs = workbook(**tables)
    company = Company(inputs)
    rule = PriorYearRule(Balances([]), inputs.prior_years, company.policies)
    made = Clawbacks(company.reversals, company.credits, company.policies, rule, 2**31 - 1)
    return [
        (one.adjustment_id, one.salesperson_id, one.amount, one.commission, one.from_pay)
        for one in made.lines
    ]


def test_of_two_odd_fen_in_a_later_month_each_of_two_people_bears_one() -> None:
    twice = ["R1 2026-02-10 return A1 0.01 of S1", "R2 2026-02-20 return A1 0.01 of S1"]
    found = lines(Assignments=HALVES, Adjustments=twice)
    assert [one[:3] for one in found] == [
        ("R1", "S01", -1), ("R1", "S02", 0),
        ("R2", "S01", 0), ("R2", "S02", -1),
    ]  # fmt: skip


def test_beside_the_months_own_sales_each_line_is_rounded_by_itself() -> None:
    twice = ["R1 2026-01-20 return A1 0.01 of S1", "R2 2026-01-21 return A1 0.01 of S1"]
    found = lines(Assignments=HALVES, Adjustments=twice)
    assert [one[:3] for one in found] == [
        ("R1", "S01", -1), ("R1", "S02", 0),
        ("R2", "S01", -1), ("R2", "S02", 0),
    ]  # fmt: skip


def test_beside_the_months_own_sales_commissions_do_not_wait_for_a_rest() -> None:
    twice = ["R1 2026-01-20 return A1 0.75 of S1", "R2 2026-01-21 return A1 0.75 of S1"]
    assert [one[2:4] for one in lines(Adjustments=twice)] == [(-75, -2), (-75, -2)]  # 1.5 fen each


def test_commissions_of_a_later_month_add_up_to_the_cells_and_pay_bears_its_part() -> None:
    thrice = [f"R{day} 2026-02-0{day} return A1 0.75 of S1" for day in (1, 2, 3)]
    found = lines(Adjustments=thrice)  # 2 % of 0.75 is 1.5 fen, of 2.25 it is 4.5: −2, −2, −1 are −5
    assert [one[2:] for one in found] == [(-75, -2, -2), (-75, -2, -2), (-75, -1, -1)]


def test_what_an_earlier_year_takes_back_adds_up_too() -> None:
    thrice = [f"R{day} 2026-02-0{day} return A1 0.75 of S0" for day in (1, 2, 3)]
    found = lines(
        Sales=["S0 2025-11-10 A1 10.00"], Prior_Years=["S01 2025 0.75 no"], Adjustments=thrice
    )  # 0.75 × 2 is 1.5, of 1 it is 0.75, of the whole 5 it is 3.75: 2, 2 and the rest of 4
    assert [one[2:] for one in found] == [(-75, -2, -2), (-75, -2, -2), (-75, -1, 0)]


def test_what_an_earlier_year_takes_back_is_paid_back_at_that_years_coefficient() -> None:
    twice = [f"R{day} 2026-02-0{day} return A1 8.50 of S0" for day in (1, 2)]
    found = lines(
        Sales=["S0 2025-11-10 A1 10.00"], Prior_Years=["S01 2025 0.80 no"], Adjustments=twice
    )  # 2 % of 8.50 is 17; 0.8 × 17 is 13.6, of the whole 34 it is 27.2: 14 and the rest of 13
    assert [one[2:] for one in found] == [(-850, -17, -14), (-850, -17, -13)]


def test_nobodys_sale_takes_back_from_nobody_and_the_next_line_is_divided_still() -> None:
    found = lines(
        Assignments=["A1 S01 100% from 2026-02-01"],
        Account_Tiers=["A1 strategic from 2026-02-01"],
        Sales=["S1 2026-01-10 A1 5.00", "S2 2026-02-10 A1 5.00"],
        Adjustments=["R1 2026-03-01 return A1 1.00 of S1", "R2 2026-03-02 return A1 1.00 of S2"],
    )
    assert found == [("R2", "S01", -100, -2, -2)]
