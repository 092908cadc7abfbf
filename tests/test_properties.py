"""What holds for every company, whatever is sold, edited and run in whatever order.

The core runs; where open months have to be known from outside, the slow reference says what they hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from keyaccount import ledger as books
from keyaccount import settlement
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Refused
from tests import companies, company_runs
from tests.company import TABLES, Adjustment, Company
from tests.company_runs import Run
from tests.open_months import open_earnings

few = settings(max_examples=settings().max_examples // 4)  # each runs a year twice; campaign years has more
SEEDS = st.integers(0, 2**32 - 1)
EARNINGS = {"commission", "correction", "prior_year", "adjustment", "target_bonus", "opening_balance"}
PAYMENTS = {"advance", "quarter_payment", "year_end_payment"}


def run_all(made: Company, steps: Iterable[Run]) -> tuple[list[Entry], list[Figures]]:
    """Run period after period; gives the ledger and the last run's figures."""
    inputs, ledger, figures = made.inputs(), list[Entry](), list[Figures]()
    for command, period in steps:
        outcome = settlement.run(inputs, ledger, command, Period.parse(period))  # type: ignore[arg-type]
        assume(not outcome.failed)
        ledger += outcome.entries
        figures = list(outcome.figures)
    return ledger, figures


def quarters(year: int, through: int = 4) -> list[Run]:
    return [("settle", f"{year}Q{number}") for number in range(1, through + 1)]


def cell_totals(ledger: Sequence[Entry]) -> dict[tuple[object, ...], tuple[int, int]]:
    """What stands booked for each cell after its corrections: net and commission."""
    nets, amounts = Counter[tuple[object, ...]](), Counter[tuple[object, ...]]()
    for entry in ledger:
        if entry.net_sales is not None:
            nets[entry.cell] += entry.net_sales
            amounts[entry.cell] += entry.amount
    return {cell: (nets[cell], amounts[cell]) for cell in nets if nets[cell] or amounts[cell]}


# --- run, edit, run ----------------------------------------------------------------------------------


class Years(RuleBasedStateMachine):
    """A finance department at work: runs in any order, edits in between, repeats."""

    @initialize(made=companies.companies())
    def open_the_workbook(self, made: Company) -> None:
        self.good = made  # the last company without errors
        self.made = made
        self.ledger: list[Entry] = []
        self.shown: dict[Run, tuple[Figures, ...]] = {}
        self.planned = [
            run for index in range(made.years) for run in company_runs.calendar(made.first_year + index)
        ]
        self.next = 0

    @rule(seed=SEEDS)
    def edit(self, seed: int) -> None:
        self.made = self.made.copy()
        company_runs.edit(Random(seed), self.made)

    @rule(skipped=st.sampled_from([0, 0, 1, 3]))
    @precondition(lambda self: self.next < len(self.planned))
    def run_the_next(self, skipped: int) -> None:
        at = min(self.next + skipped, len(self.planned) - 1)
        self.next = at + 1
        self.run(self.planned[at])

    @rule(skipped=st.integers(0, 3))
    @precondition(lambda self: self.next < len(self.planned))
    def settle_what_comes_next(self, skipped: int) -> None:
        later = [run for run in self.planned[self.next :] if run[0] != "advance"]
        run = later[min(skipped, len(later) - 1)]
        self.next = self.planned.index(run) + 1
        self.run(run)

    @rule(at=st.integers(0, 50))
    def run_any(self, at: int) -> None:
        self.run(self.planned[at % len(self.planned)])

    def run(self, run: Run) -> None:
        command, period = run[0], Period.parse(run[1])
        inputs, before = self.made.inputs(), list(self.ledger)
        try:
            outcome = settlement.run(inputs, self.ledger, command, period)  # type: ignore[arg-type]
        except Refused:
            return
        assert self.ledger == before, "a run leaves the ledger that it was given alone"
        if outcome.failed:
            assert (outcome.entries, outcome.figures) == ((), ())
            self.made = self.good
            return
        self.good = self.made
        self.ledger += outcome.entries
        assert books.first_break(self.ledger) is None
        if outcome.entries:
            self.money_is_conserved(period, outcome.figures)
            self.shown[run] = outcome.figures
        else:
            assert outcome.figures == self.shown.get(run, ()), "a repeat shows the same figures again"
        again = settlement.run(inputs, self.ledger, command, period)  # type: ignore[arg-type]
        assert (again.entries, again.figures) == ((), outcome.figures), (
            "a run on unchanged data books nothing"
        )

    def money_is_conserved(self, period: Period, figures: Sequence[Figures]) -> None:
        """Booked earnings + calculated cells and P of the open months − payments = withheld + carried."""
        open_now = open_earnings(self.made, self.ledger, period)
        for one in figures:
            own = [e for e in self.ledger if e.salesperson_id == one.salesperson_id and e.year == period.year]
            earned = sum(e.amount for e in own if e.kind in EARNINGS) + open_now.get(one.salesperson_id, 0)
            paid = sum(e.amount for e in own if e.kind in PAYMENTS)
            assert earned - paid == one.withheld + one.carried, f"{one.salesperson_id} in {period}"
            assert one.paid == sum(e.amount for e in own if e.kind in PAYMENTS and e.period == str(period)), (
                "paid is what stands in the ledger for the period"
            )
            assert one.carried <= 0


Years.TestCase.settings = settings(stateful_step_count=25, max_examples=settings().max_examples // 2)
TestYears = Years.TestCase


# --- one company, two ways -----------------------------------------------------------------------------


@given(made=companies.companies(), seed=SEEDS)
@few
def test_the_order_of_rows_does_not_matter(made: Company, seed: int) -> None:
    shuffled = made.copy()
    for name in TABLES:
        if name != "tiers":  # without Rank their order of first appearance ranks them
            Random(seed).shuffle(getattr(shuffled, name))
    steps = company_runs.calendar(made.first_year)
    assert run_all(made, steps) == run_all(shuffled, steps)


@given(made=companies.companies(), seed=SEEDS)
@few
def test_a_sale_in_two_lines_of_the_same_day_pays_the_same(made: Company, seed: int) -> None:
    random = Random(seed)
    linked = {row.sale_id for row in made.adjustments}
    free = [sale for sale in made.sales if sale.sale_id not in linked]
    assume(free)
    sale, split = random.choice(free), made.copy()
    gross = random.randint(0, sale.gross)
    discount = random.randint(max(0, sale.discount - (sale.gross - gross)), min(sale.discount, gross))
    split.sales.remove(sale)
    split.sales += [
        replace(sale, gross=gross, discount=discount),
        replace(sale, sale_id="N0b", gross=sale.gross - gross, discount=sale.discount - discount),
    ]
    steps = [*company_runs.calendar(made.first_year), *quarters(made.first_year + 1)]
    assert run_all(made, steps) == run_all(split, steps)


@given(made=companies.companies(), seed=SEEDS)
@few
def test_late_lines_add_up_to_what_they_would_have_been_in_time(made: Company, seed: int) -> None:
    random, year = Random(seed), made.first_year
    early = made.copy()
    early.sales = [sale for sale in made.sales if random.randrange(3)]
    kept = {sale.sale_id for sale in early.sales}
    early.adjustments = [row for row in made.adjustments if row.sale_id in {"", "N999", *kept}]
    ledger, _ = run_all(early, quarters(year, 3))
    late = settlement.run(made.inputs(), ledger, "settle", Period.parse(f"{year}Q4"))
    assume(not late.failed)
    fresh, figures = run_all(made, quarters(year))
    assert cell_totals([*ledger, *late.entries]) == cell_totals(fresh)
    for one, same in zip(late.figures, figures, strict=True):
        assert (one.earned, one.prior, one.due) == (same.earned, same.prior, same.due)


@given(made=companies.companies(), seed=SEEDS, months=st.integers(0, 11))
@few
def test_the_return_of_a_whole_sale_restores_what_was_earned(made: Company, seed: int, months: int) -> None:
    year = made.first_year
    made.adjustments = [row for row in made.adjustments if row.sale_id or row.original]
    sold = replace(companies.sale(Random(seed), made, "W1"), gross=8_888_889, discount=0)
    sold = replace(sold, day=sold.day.replace(year=year, month=1 + seed % 12, day=1))
    returned_on = sold.day + timedelta(days=30 * months)
    assume(returned_on.year == year)
    back = Adjustment("W1", returned_on, "return", sold.account_id, sold.gross, "W1")
    both = made.copy()
    both.sales.append(sold)
    both.adjustments.append(back)
    ledger, without = run_all(made, quarters(year))
    same_ledger, restored = run_all(both, quarters(year))
    if returned_on.month == sold.day.month:
        assert (same_ledger, restored) == (ledger, without)
    for one, same in zip(restored, without, strict=True):
        assert abs(one.earned - same.earned) <= 1  # two cells of the same rate, each rounded by itself
    assert sum(e.net_sales or 0 for e in same_ledger) == sum(e.net_sales or 0 for e in ledger)


@given(made=companies.companies(), seed=SEEDS)
@few
def test_one_salespersons_rows_do_not_move_anothers(made: Company, seed: int) -> None:
    first, rest = made.people[0], made.people[1:]
    accounts = [row.account_id for row in made.accounts]
    owners = {account: first if i == 0 else rest[i % len(rest)] for i, account in enumerate(accounts)}
    start = made.assignments[0].start
    made.assignments = [
        replace(
            made.assignments[0],
            account_id=account,
            salesperson_id=owner,
            share=Decimal(1),
            start=start,
            end=None,
        )
        for account, owner in owners.items()
    ]
    changed, random = made.copy(), Random(seed)
    changed.sales = [
        replace(sale, gross=sale.gross + random.randrange(10**6))
        if owners.get(sale.account_id) == first
        else sale
        for sale in made.sales
    ]
    steps = [
        run for run in company_runs.calendar(made.first_year) if run[0] != "advance" or random.randrange(2)
    ]
    ledger, figures = run_all(made, steps)
    other_ledger, other_figures = run_all(changed, steps)
    assert others(ledger, first) == others(other_ledger, first)
    assert [f for f in figures if f.salesperson_id != first] == [
        f for f in other_figures if f.salesperson_id != first
    ]


def others(ledger: Sequence[Entry], person: str) -> list[Entry]:
    """Everyone else's entries, without the numbers and digests that tie them to the whole ledger."""
    return [replace(e, entry=0, digest="") for e in ledger if e.salesperson_id != person]
