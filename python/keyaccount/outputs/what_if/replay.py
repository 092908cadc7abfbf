"""The same runs under one plan: what a period comes to, per salesperson, account and tier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.ledger import Balances, Entry
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import Command, run
from keyaccount.tables import Inputs

_COMMANDS: dict[str, Command] = {"month": "advance", "quarter": "settle", "year": "year-end"}
MEASURES = (
    "net_sales",
    "commission",
    "prior",
    "adjustment",
    "bonus",
    "paid",
    "paid_this_year",
    "withheld",
    "carried",
)
"""What is compared, in fen: the year to date but for ``paid``, which is the period's."""


Step = Period | Entry | str
"""A period to run, an entry of another year that is taken over, or a leaver to settle."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What is run: from which ledger, in which order; ``again``: the plan year once more from its start."""

    ledger: tuple[Entry, ...]
    steps: tuple[Step, ...]
    again: bool


@dataclass(slots=True)
class Outcome:
    """What a plan comes to, in fen: measures by salesperson, commission by account and by tier."""

    people: dict[str, dict[str, int]] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    tiers: dict[str, int] = field(default_factory=dict)
    paid_by_run: int = 0
    scores: dict[str, tuple[Fraction | None, Decimal | None]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether errors stopped it."""
        return any(problem.severity == "error" for problem in self.problems)

    def total(self, measure: str) -> int:
        """Add a measure up over all salespeople."""
        return sum(figures[measure] for figures in self.people.values())


def runs_for(inputs: Inputs, ledger: Sequence[Entry], period: Period) -> Runs:
    """Choose what is compared.

    A period that has not been run: its run on the ledger as it is, after the earlier open quarters that it
    needs. A period that has: the plan year from its beginning, in the order in which its runs were booked,
    so that both plans pay for the whole year and not for the difference between them. Raises ``Refused`` for
    a quarter that a later one closed: it has no figures.
    """
    done = [each for each in ledger if _marks(each) and Period.parse(each.period) == period]
    if not done:
        if period.kind == "quarter" and period.last_month <= Balances(ledger).closed_through(period.year):
            raise Refused(
                "{period} was closed without a run of its own: it held no lines.",
                "Compare the next quarter that was settled, or the year.",
                period=period,
            )
        return Runs(tuple(ledger), (*_needed(inputs, ledger, period), period), again=False)
    upto = done[-1].run
    steps: list[Step] = []
    for each in ledger:
        if each.run > upto:
            break
        if each.year != period.year:
            steps.append(each)
        elif each.kind == "exit_payment":
            steps.append(each.salesperson_id)
        elif _marks(each) and (own := Period.parse(each.period)) not in steps:
            steps.append(own)
    return Runs((), tuple(steps), again=True)


def _needed(inputs: Inputs, ledger: Sequence[Entry], period: Period) -> Iterator[Period]:
    """Give the open quarters that come before the period: those with lines, and Q4 before the year end."""
    if period.kind == "month":
        return
    closed = Balances(ledger).closed_through(period.year)
    company = Company(inputs, period.last_day)
    for number in range(1, 5 if period.kind == "year" else period.number):
        quarter = Period("quarter", period.year, number)
        if quarter.last_month > closed:
            months = set(range(quarter.first_month, quarter.last_month + 1))
            cells = company.cells(quarter.last_month)
            if any(key.month in months for key in cells) or (period.kind == "year" and number == 4):  # noqa: PLR2004
                yield quarter


def replayed(inputs: Inputs, runs: Runs, period: Period) -> Outcome:
    """Run the steps under a plan; with errors the outcome holds them and nothing else.

    Raises ``Refused`` where the plan's order does not allow the period's run.
    """
    ledger: list[Entry] = list(runs.ledger)
    figures: dict[str, Figures] = {}
    for step in runs.steps:
        if isinstance(step, Entry):
            ledger.append(step)
            continue
        command: Command = "settle-leaver" if isinstance(step, str) else _COMMANDS[step.kind]
        outcome = run(inputs, ledger, command, step)
        if outcome.failed:
            return Outcome(problems=outcome.problems)
        ledger += outcome.entries
        company = outcome.company
        if step == period:
            figures = {each.salesperson_id: each for each in outcome.figures}
    return _summed(company, ledger, figures, period)


def _summed(
    company: Company, ledger: Sequence[Entry], figures: dict[str, Figures], period: Period
) -> Outcome:
    balances = Balances(ledger)
    first, last = period.year * 12, period.last_month
    cells = {key: cell for key, cell in company.cells(last).items() if first <= key.month}
    net: dict[str, int] = defaultdict(int)
    commission: dict[str, int] = defaultdict(int)
    accounts: dict[str, int] = defaultdict(int)
    tiers: dict[str, int] = defaultdict(int)
    for key, cell in cells.items():
        net[key.salesperson_id] += cell.net
        if key.own_year:
            commission[key.salesperson_id] += cell.commission
            accounts[key.account_id] += cell.commission
            tiers[cell.tier] += cell.commission
    made = Outcome(accounts=dict(accounts), tiers=dict(tiers), paid_by_run=paid_by_run(ledger, period))
    for person, told in figures.items():
        made.people[person] = {
            "net_sales": net[person],
            "commission": commission[person],
            "prior": told.prior,
            "adjustment": balances.earned(person, period.year, "adjustment"),
            "bonus": balances.earned(person, period.year, "target_bonus"),
            "paid": told.paid,
            "paid_this_year": balances.paid(person, period.year),
            "withheld": told.withheld,
            "carried": told.carried,
        }
    found = company.scores.of_year(period.year, period.last_day)
    made.scores = {
        person: (found[person].score, found[person].proposed) for person in figures if person in found
    }
    return made


def _marks(entry: Entry) -> bool:
    """Tell whether an entry marks the run of its period (an exit run has none of its own)."""
    return entry.marks_run and entry.kind != "exit_payment"


def paid_by_run(ledger: Sequence[Entry], period: Period) -> int:
    """Give what a period's runs paid, what was paid outside the program left out."""
    return sum(e.amount for e in ledger if _marks(e) and Period.parse(e.period) == period)
