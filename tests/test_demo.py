"""The demo's year: what it holds, and that each rule of §3 happens in it when every period is run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from keyaccount.demo import demo_rows
from keyaccount.periods import Period
from keyaccount.settlement import Command, Outcome, run
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from keyaccount.clauses.payouts import Figures
    from keyaccount.demo.words import Language
    from keyaccount.ledger import Entry
    from keyaccount.tables import Inputs

pytestmark = pytest.mark.xdist_group("demo")

YEAR = 2026
NOT_ALARMING = 5
"""More warnings than these would frighten who runs the demo's first quarter."""


@dataclass
class Played:
    """A year that was run month by month, quarter by quarter, to its end."""

    inputs: Inputs
    ledger: list[Entry] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def play(self, command: Command, period: str) -> None:
        outcome = run(self.inputs, self.ledger, command, Period.parse(period))
        assert not outcome.failed, outcome.problems
        self.outcomes[period] = outcome
        self.ledger += outcome.entries

    def figures(self, period: str, salesperson_id: str) -> Figures:
        return next(f for f in self.outcomes[period].figures if f.salesperson_id == salesperson_id)

    def booked(self, kind: str) -> dict[str, int]:
        """Give the amounts of a kind by salesperson."""
        sums: dict[str, int] = defaultdict(int)
        for entry in self.ledger:
            if entry.kind == kind:
                sums[entry.salesperson_id] += entry.amount
        return dict(sums)

    def rates(self, account_id: str, month: str, origin: str = "") -> dict[str, set[Decimal]]:
        """Give the rates at which an account's month was booked, by salesperson."""
        rates: dict[str, set[Decimal]] = defaultdict(set)
        cell = ("commission", account_id, month, origin or month)
        for entry in self.ledger:
            if (entry.kind, entry.account_id, entry.month, entry.origin_month) == cell and entry.rate:
                rates[entry.salesperson_id].add(entry.rate)
        return dict(rates)

    def net(self, account_id: str, month: str, origin: str) -> int:
        """Give the net that was booked of an account's month and origin month."""
        return sum(
            entry.net_sales or 0
            for entry in self.ledger
            if (entry.account_id, entry.month, entry.origin_month) == (account_id, month, origin)
        )


def read(folder: Path, language: Language, year: int) -> Inputs:
    book = folder / f"demo-{language}-{year}.xlsx"
    create_workbook(book, language, year, demo_rows(year, language))
    with Package.open(book) as package:
        found = read_workbook(package)
    assert not found.problems
    return found.inputs


def play(inputs: Inputs, year: int) -> Played:
    played = Played(inputs)
    for month in range(1, 13):
        played.play("advance", f"{year}-{month:02d}")
        if month % 3 == 0:
            played.play("settle", f"{year}Q{month // 3}")
    played.play("year-end", str(year))
    return played


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(read(tmp_path_factory.mktemp("demo"), "en", YEAR), YEAR)


def test_the_company_is_plausible(year: Played) -> None:
    inputs = year.inputs
    tiered = {row.account_id for row in inputs.account_tiers if row.tier}
    assert 6 <= len(tiered) <= 10
    assert {row.tier for row in inputs.account_tiers} == {"strategic", "core", "important"}
    assert 5 <= len(inputs.salespeople) <= 8
    assert 200 <= len(inputs.sales) <= 500
    assert len({row.month for row in inputs.company_sales}) == 24  # two years: the share test
    assert 100 <= len(inputs.maintenance) <= 200
    assert any(row.effective_from for row in inputs.policies)


def test_the_first_quarter_does_not_look_alarming(year: Played) -> None:
    for period in ("2026-01", "2026-02", "2026-03", "2026Q1"):
        assert len(year.outcomes[period].problems) <= NOT_ALARMING


def test_only_the_intended_warnings_are_left_at_year_end(year: Played) -> None:
    named = ("id", "account", "person")
    warnings = [
        (p.table, next(p.details[name] for name in named if name in p.details))
        for p in year.outcomes["2026"].problems
    ]
    unreviewed = [("Year-End Review", "S02"), ("Year-End Review", "S07")]
    assert warnings == [("Adjustments", "ADJ-2026-011"), ("Sales", "A09"), *unreviewed]


def test_discounts(year: Played) -> None:
    assert (year.inputs.sales.discount > 0).sum() > 50


def test_returns_in_the_month_and_the_quarter_of_the_sale_and_across_quarters(year: Played) -> None:
    assert year.net("A06", "2026-02", "2026-01") < 0
    assert year.net("A01", "2026-05", "2026-02") < 0
    types = set(year.inputs.adjustments.type)
    assert types == {"return", "bad_debt", "recovery", "discount"}
    own_month = year.inputs.adjustments.date[0]
    sale = year.inputs.adjustments.sale_id[0]
    sold = year.inputs.sales.date[list(year.inputs.sales.sale_id).index(sale)]
    assert str(own_month.astype("datetime64[D]").astype("datetime64[M]")) == "2026-01"
    assert str(sold.astype("datetime64[D]").astype("datetime64[M]")) == "2026-01"


def test_a_write_off_with_vat_and_its_recovery(year: Played) -> None:
    written_off, recovered = year.net("A08", "2026-04", "2026-01"), year.net("A08", "2026-07", "2026-01")
    assert written_off < 0 < recovered
    adjustments = year.inputs.adjustments
    row = list(adjustments.type).index("bad_debt")
    assert adjustments.vat_rate[row] == Decimal("0.13")
    assert abs(written_off * 113 + int(adjustments.amount[row]) * 100) <= 113  # net of VAT, to the fen


def test_an_upgrade_within_a_month_raises_rate_and_uplift(year: Played) -> None:
    assert year.rates("A03", "2026-05") == {"S02": {Decimal("0.015"), Decimal("0.025")}}
    assert year.rates("A03", "2026-06") == {"S02": {Decimal("0.025")}}
    assert year.rates("A03", "2026-06", "2026-04") == {"S02": {Decimal("0.015")}}  # a return of before


def test_a_new_account_lifts_the_rate_of_who_is_credited(year: Played) -> None:
    assert year.rates("A07", "2026-03") == {"S05": {Decimal("0.015")}, "S06": {Decimal("0.01")}}


def test_a_dated_policy_decides_the_later_uplift(year: Played) -> None:
    assert year.rates("A04", "2026-11") == {"S04": {Decimal("0.023")}}


def test_a_downgrade(year: Played) -> None:
    assert year.rates("A05", "2026-08") == {"S04": {Decimal("0.015")}}
    assert year.rates("A05", "2026-09") == {"S04": {Decimal("0.01")}}
    assert year.rates("A05", "2026-09", "2026-06") == {"S04": {Decimal("0.015")}}


def test_a_split_account_in_thirds(year: Played) -> None:
    nets = defaultdict(list)
    for entry in year.ledger:
        if entry.account_id == "A02" and entry.month == entry.origin_month:
            nets[entry.month].append(entry.net_sales or 0)
    assert len(nets) == 12
    assert all(len(thirds) == 3 and max(thirds) - min(thirds) <= 1 for thirds in nets.values())
    assert any(len(set(thirds)) == 2 for thirds in nets.values())


def test_a_hand_over(year: Played) -> None:
    assert set(year.rates("A04", "2026-06")) == {"S03"}
    assert set(year.rates("A04", "2026-07")) == {"S04"}


def test_the_leaver_bears_a_later_return_and_is_paid_the_rest_at_year_end(year: Played) -> None:
    assert year.figures("2026-10", "S06").commission < 0
    assert year.figures("2026-10", "S06").carried < 0
    assert year.figures("2026", "S06").paid > 0
    assert set(year.rates("A08", "2026-09")) == {"S07"}


def test_a_negative_month_is_carried_and_offset(year: Played) -> None:
    february, march = year.figures("2026-02", "S05"), year.figures("2026-03", "S05")
    assert february.paid == 0
    assert february.carried < 0
    assert march.carried == 0
    assert march.paid > 0
    assert abs(march.paid - february.carried - march.commission * 8 // 10) <= 1


def test_targets_met_and_missed_and_one_without(year: Played) -> None:
    assert set(year.booked("target_bonus")) == {"S01", "S04", "S05"}
    assert {row.salesperson_id for row in year.inputs.targets} == {"S01", "S02", "S03", "S04", "S05", "S06"}


def test_approved_coefficients_move_the_year(year: Played) -> None:
    moved = {person: amount for person, amount in year.booked("adjustment").items() if amount}
    assert {person: amount > 0 for person, amount in moved.items()} == {
        "S01": True,
        "S03": False,
        "S05": False,
    }


def test_an_opening_balance_is_taken_off(year: Played) -> None:
    assert year.booked("opening_balance") == {"S03": -125000}


def test_a_return_on_a_sale_of_the_year_before_takes_coefficient_and_bonus_back(year: Played) -> None:
    # 48,000.00 × 2 % = 960.00; × 0.95 = 912.00; and 10 % bonus, 91.20
    assert year.booked("prior_year") == {"S01": -100320}


def test_the_year_ends_with_nothing_withheld(year: Played) -> None:
    assert all(figures.withheld == 0 for figures in year.outcomes["2026"].figures)


def test_the_chinese_demo_books_the_same(year: Played, tmp_path: Path) -> None:
    chinese = play(read(tmp_path, "zh", YEAR), YEAR)
    assert [entry.digest for entry in chinese.ledger] == [entry.digest for entry in year.ledger]


@pytest.mark.parametrize("other", [2024, 2031])
def test_other_years_run_as_well(other: int, tmp_path: Path) -> None:
    played = play(read(tmp_path, "en", other), other)
    assert set(played.booked("target_bonus")) == {"S01", "S04", "S05"}


def test_names_are_plainly_made_up() -> None:
    for rows in (demo_rows(YEAR, "en"), demo_rows(YEAR, "zh")):
        assert all(str(row["name"]).startswith(("Sample", "示例")) for row in rows["Accounts"])
        assert all(str(row["name"]).startswith(("Salesperson", "销售员")) for row in rows["Salespeople"])
