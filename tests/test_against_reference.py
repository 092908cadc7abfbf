"""The core agrees with the slow reference on random companies, and the reference with the plan's examples.

``KEYACCOUNT_COMPANIES=5000 pytest tests/test_against_reference.py`` compares more companies than the usual
240; ``KEYACCOUNT_FIRST_SEED`` says where to begin. A failure names its seed:
``side_by_side.compare(seed)`` repeats it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from keyaccount import tables
from keyaccount.ledger import Entry
from keyaccount.money import fen
from keyaccount.tables import Inputs
from tests import company, side_by_side
from tests.company import Adjustment, Sale

COMPANIES = int(os.environ.get("KEYACCOUNT_COMPANIES", "240"))
FIRST_SEED = int(os.environ.get("KEYACCOUNT_FIRST_SEED", "0"))
PARTS = 6


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_core_and_reference_agree_on_random_companies(part: int) -> None:
    runs = 0
    for seed in range(FIRST_SEED + part, FIRST_SEED + COMPANIES, PARTS):
        count, difference = side_by_side.compare(seed)
        assert not difference, difference
        runs += count
    assert runs >= COMPANIES // PARTS


# --- the worked examples of plan.md -------------------------------------------------------------------


@dataclass
class Story:
    """A company that is run step by step, on both sides at once."""

    rows: dict[str, list[Any]]
    expected: list[dict[str, Any]] = field(default_factory=list)
    found: list[Entry] = field(default_factory=list)

    @property
    def inputs(self) -> Inputs:
        return company.inputs(**self.rows)

    def run(self, command: str, period: str, person: str = "S01") -> dict[str, Any]:
        """Run a period; gives the figures of a salesperson, once both sides agree on everything."""
        by_plan = side_by_side.by_reference(self.inputs, self.expected, command, period)
        by_core, booked = side_by_side.by_core(self.inputs, self.found, command, period)
        assert by_plan.verdict == "done", by_plan.why
        assert side_by_side.differences(by_plan, by_core) == []
        self.expected += by_plan.entries
        self.found += booked
        return next(one for one in by_plan.figures if one["salesperson_id"] == person)

    def booked(self, kind: str) -> list[dict[str, Any]]:
        return [entry for entry in self.expected if entry["kind"] == kind]


def story(tier: str = "strategic", people: tuple[str, ...] = ("S01",), **rows: list[Any]) -> Story:
    """A company with one account A01 of a tier, shared equally, at the shipped rates."""
    rates = {"strategic": "0.02", "core": "0.015", "important": "0.01"}
    start = date(2020, 1, 1)
    share = Decimal(1) if len(people) == 1 else round(Decimal(1) / len(people), 6)
    made: dict[str, list[Any]] = {
        "tiers": [tables.TierRow(0, name, Decimal(rate)) for name, rate in rates.items()],
        "account_tiers": [tables.AccountTierRow(0, "A01", tier, start)],
        "salespeople": [tables.SalespersonRow(0, person) for person in people],
        "assignments": [tables.AssignmentRow(0, "A01", person, share, start) for person in people],
    }
    return Story(made | rows)


def sale(number: int, day: str, gross: str, discount: str = "0") -> Sale:
    return Sale(f"N{number}", date.fromisoformat(day), "A01", fen(gross), fen(discount))


def undone(number: int, day: str, kind: str, amount: str, sale_id: str = "") -> Adjustment:
    return Adjustment(f"R{number}", date.fromisoformat(day), kind, "A01", fen(amount), sale_id)


def first_quarter() -> Story:
    sales = [
        sale(1, "2026-01-10", "520000", "20000"),
        sale(2, "2026-02-10", "300000"),
        sale(3, "2026-03-10", "200000"),
    ]
    return story(sales=sales, adjustments=[undone(1, "2026-03-20", "return", "50000", "N3")])


def test_example_1_a_quarter_of_a_strategic_account() -> None:
    one = first_quarter()
    months = [one.run("advance", month) for month in ("2026-01", "2026-02", "2026-03")]
    assert [m["commission"] for m in months] == [fen("10000"), fen("6000"), fen("3000")]
    assert [m["paid"] for m in months] == [fen("8000"), fen("4800"), fen("2400")]
    quarter = one.run("settle", "2026Q1")
    assert (quarter["commission"], quarter["paid"]) == (fen("19000"), 0)
    assert (quarter["withheld"], quarter["carried"]) == (fen("3800"), 0)


def test_example_2_a_later_discount_is_trued_up_and_carried() -> None:
    one = first_quarter()
    for month in ("2026-01", "2026-02", "2026-03"):
        one.run("advance", month)
    one.rows["adjustments"].append(undone(2, "2026-03-31", "discount", "28500", "N1"))
    quarter = one.run("settle", "2026Q1")
    assert (quarter["commission"], quarter["paid"], quarter["carried"]) == (fen("18430"), 0, fen("-456"))
    one.rows["sales"].append(sale(4, "2026-04-05", "312500"))
    april = one.run("advance", "2026-04")
    assert (april["commission"], april["paid"], april["carried"]) == (fen("6250"), fen("4544"), 0)


def upgraded() -> Story:
    sales = [
        sale(1, "2026-04-10", "100000"),
        sale(2, "2026-05-10", "60000"),
        sale(3, "2026-05-20", "40000"),
        sale(4, "2026-06-10", "120000"),
    ]
    one = story("core", sales=sales, adjustments=[])
    one.rows["account_tiers"].append(tables.AccountTierRow(0, "A01", "strategic", date(2026, 5, 16)))
    return one


def test_example_3_an_upgrade_in_the_middle_of_a_month() -> None:
    one = upgraded()
    assert one.run("settle", "2026Q2")["commission"] == fen("6400")
    cells = [(entry["month"], entry["rate"], entry["amount"]) for entry in one.booked("commission")]
    assert cells == [
        ("2026-04", Fraction(15, 1000), fen("1500")),
        ("2026-05", Fraction(15, 1000), fen("900")),
        ("2026-05", Fraction(25, 1000), fen("1000")),
        ("2026-06", Fraction(25, 1000), fen("3000")),
    ]


def test_example_4_a_return_is_taken_back_at_the_rate_of_its_sale() -> None:
    one, before = upgraded(), upgraded()
    one.rows["adjustments"].append(undone(1, "2026-06-25", "return", "10000", "N1"))
    less, more = one.run("settle", "2026Q2"), before.run("settle", "2026Q2")
    assert less["commission"] - more["commission"] == fen("-150")
    assert less["paid"] - more["paid"] == fen("-120")
    assert less["withheld"] - more["withheld"] == fen("-30")


def test_example_5_a_negative_month_is_carried_until_it_is_offset() -> None:
    sales = [
        sale(1, "2026-07-05", "20000"),
        sale(2, "2026-08-05", "90000"),
        sale(3, "2026-09-05", "100000"),
    ]
    one = story("important", sales=sales, adjustments=[undone(1, "2026-07-20", "return", "150000")])
    months = [one.run("advance", month) for month in ("2026-07", "2026-08", "2026-09")]
    assert [m["paid"] for m in months] == [0, 0, fen("480")]
    assert [m["carried"] for m in months] == [fen("-1040"), fen("-320"), 0]
    assert months[0]["commission"] == fen("-1300")


def test_example_6_a_year_end_with_coefficient_and_bonus() -> None:
    one = story(sales=[sale(1, "2026-02-05", "2000000")])
    one.rows["targets"] = [tables.TargetRow(0, "S01", 2026, fen("2000000"))]
    one.rows["year_end_review"] = [
        tables.ReviewRow(0, "S01", 2026, Decimal("0.95"), "sample reason", "Sample Approver")
    ]
    assert one.run("settle", "2026Q1")["paid"] == fen("32000")
    assert one.run("settle", "2026Q4")["withheld"] == fen("8000")
    year = one.run("year-end", "2026")
    assert (year["commission"], year["paid"]) == (fen("40000"), fen("9800"))
    assert [entry["amount"] for entry in one.booked("adjustment")] == [fen("-2000")]
    assert [entry["amount"] for entry in one.booked("target_bonus")] == [fen("3800")]


def test_example_7_a_return_of_last_years_sale() -> None:
    one = story("core", sales=[sale(1, "2025-11-10", "50000")])
    one.rows["account_tiers"] = [
        tables.AccountTierRow(0, "A01", "core", date(2020, 1, 1)),
        tables.AccountTierRow(0, "A01", "strategic", date(2025, 6, 1)),
    ]
    one.rows["prior_years"] = [tables.PriorYearRow(0, "S01", 2025, Decimal("0.95"), bonus_earned=True)]
    one.rows["adjustments"] = [undone(1, "2026-02-10", "return", "30000", "N1")]
    february = one.run("advance", "2026-02")
    assert (february["commission"], february["net_sales"]) == (0, fen("-30000"))
    assert (february["withheld"], february["carried"]) == (0, fen("-783.75"))
    one.run("settle", "2026Q1")
    assert [(e["amount"], e["rate"]) for e in one.booked("prior_year")] == [
        (fen("-783.75"), Fraction(25, 1000))
    ]


def test_example_9_a_write_off_and_its_recovery() -> None:
    one = story("core", sales=[sale(1, "2026-01-10", "88888.88")])
    one.rows["adjustments"] = [
        undone(1, "2026-02-10", "bad_debt", "53333.33", "N1"),
        undone(2, "2026-03-10", "recovery", "20000", "N1"),
    ]
    months = [one.run("advance", month) for month in ("2026-01", "2026-02", "2026-03")]
    assert [m["commission"] for m in months] == [fen("1333.33"), fen("-800"), fen("300")]
    assert [m["paid"] for m in months] == [fen("1066.66"), 0, 0]


def test_example_10_a_cell_is_rounded_once() -> None:
    sales = [sale(number, f"2026-01-{number:02d}", "33.50") for number in (1, 2, 3)]
    one = story("important", sales=sales)
    assert one.run("settle", "2026Q1")["commission"] == fen("1.01")


def test_example_11_thirds_give_the_fen_to_the_smallest_id() -> None:
    one = story(people=("S3", "S10", "S2"), sales=[sale(1, "2026-01-10", "100")])
    one.run("settle", "2026Q1", "S10")
    credited = {entry["salesperson_id"]: entry["net_sales"] for entry in one.booked("commission")}
    assert credited == {"S10": fen("33.34"), "S2": fen("33.33"), "S3": fen("33.33")}


def test_example_12_two_open_windows_raise_the_rate_once() -> None:
    one = story(sales=[sale(1, "2026-06-15", "123456.78")])
    one.rows["account_tiers"] = [
        tables.AccountTierRow(0, "A01", "core", date(2026, 3, 1), "new"),
        tables.AccountTierRow(0, "A01", "strategic", date(2026, 6, 1)),
    ]
    assert one.run("settle", "2026Q2")["commission"] == fen("3086.42")
