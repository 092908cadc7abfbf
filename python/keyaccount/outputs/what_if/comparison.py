"""What a comparison says: totals, salespeople, accounts, tiers; as text, JSON and tables."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from keyaccount.money import number_text, shown_number, yuan, yuan_grouped
from keyaccount.outputs.what_if.replay import MEASURES, Outcome
from keyaccount.periods import Period
from keyaccount.problems import N_
from keyaccount.tables import WORDS
from keyaccount.translation import Language, localised

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

TODAY = N_("Today's plan")
DIFFERENCE = N_("Difference")
TITLES = {
    "net_sales": N_("Net sales, year to date"),
    "commission": N_("Commission, year to date"),
    "prior": N_("Prior years"),
    "adjustment": N_("Year-end adjustment"),
    "bonus": N_("Target bonus"),
    "paid": N_("Paid in {period}"),
    "paid_this_year": N_("Paid, year to date"),
    "withheld": N_("Withheld"),
    "carried": N_("Carried"),
}
BY_PERSON = ("commission", "paid", "paid_this_year", "withheld", "carried")
"""What is shown per salesperson; at a year end ``bonus`` too."""
_WIDTH = 150


@dataclass(frozen=True, slots=True)
class Changed:
    """A change as it is told: name, today's value and the new one, first day."""

    name: str
    before: str
    after: str
    start: date


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan and what it comes to; today's has no name and no changes."""

    name: str
    changes: tuple[Changed, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Table:
    """A table of amounts: for each row its label and an amount per plan, in fen."""

    title: str
    label: str
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Each plan's sum."""
        return tuple(map(sum, zip(*(amounts for _, amounts in self.rows), strict=True)))


@dataclass(frozen=True)
class Comparison:
    """Today's plan (the first) beside the scenarios; ``again``: the year was run once more from its start.

    ``booked``: what the ledger paid in the period, where it has been run (fen).
    """

    period: Period
    language: Language
    again: bool
    plans: tuple[Plan, ...]
    names: dict[str, str]
    account_names: dict[str, str]
    tier_order: tuple[str, ...]
    booked: int | None
    made_at: str
    book_name: str

    # --- texts ----------------------------------------------------------------------------------------

    def localised(self, template: str, /, **details: object) -> str:
        """Give a text in the comparison's language."""
        return localised(template, self.language, **details)

    @property
    def title(self) -> str:
        """The comparison's title."""
        return self.localised("What if: {period}, {book}", period=self.period, book=self.book_name)

    @property
    def notes(self) -> list[str]:
        """What was compared, in sentences."""
        notes = [
            self.localised(
                "{period} has not been run: shown is what its run would pay on the ledger as it is. A "
                "change of closed quarters comes as a correction.",
                period=self.period,
            )
        ]
        if self.again:
            notes = [
                self.localised(
                    "{period} has been run: the year was run once more from its beginning through {period}, "
                    "under each plan, with today's data.",
                    period=self.period,
                )
            ]
        today = self.plans[0].outcome.paid_by_run
        if self.booked is not None and self.booked != today:
            notes.append(
                self.localised(
                    "The ledger paid {booked} in {period}; with today's data the same plan pays {today}: "
                    "data has changed since.",
                    booked=yuan_grouped(self.booked),
                    period=self.period,
                    today=yuan_grouped(today),
                )
            )
        if not self.differs:
            notes.append(self.localised("No amount differs."))
        return [*notes, self.localised("Nothing was booked. Amounts in yuan, before tax.")]

    def plan_name(self, plan: Plan) -> str:
        """Name a plan."""
        return plan.name or self.localised(TODAY)

    def headers(self) -> list[str]:
        """Give the columns of amounts: each plan, and behind every scenario its difference from today."""
        first, *others = self.plans
        headers = [self.plan_name(first)]
        for plan in others:
            headers += [plan.name, self.localised(DIFFERENCE)]
        return headers

    def changes(self) -> Iterator[tuple[str, Changed]]:
        """Give every change with its scenario's name."""
        for plan in self.plans[1:]:
            for change in plan.changes:
                yield plan.name, change

    def person(self, salesperson_id: str) -> str:
        """Name a salesperson."""
        return f"{salesperson_id} {self.names.get(salesperson_id, '')}".strip()

    def tier(self, tier: str) -> str:
        """Name a tier; several at one rate are joined."""
        words = WORDS["tier"] if self.language == "zh" else {}
        return "/".join(words.get(each, (each,))[0] for each in tier.split("/")) or "–"

    # --- figures ----------------------------------------------------------------------------------------

    @property
    def differs(self) -> bool:
        """Whether any amount of a scenario is not today's."""
        tables = [self.totals(), *self.people(), self.accounts(), self.tiers()]
        return any(len(set(amounts)) > 1 for table in tables for _, amounts in table.rows)

    def _table(self, title: str, label: str, keys: Sequence[str], of: Callable[[Outcome, str], int]) -> Table:
        rows = [(key, tuple(of(plan.outcome, key) for plan in self.plans)) for key in keys]
        return Table(title, label, tuple(rows))

    def totals(self) -> Table:
        """Each measure's total over all salespeople."""
        table = self._table("", "", MEASURES, lambda outcome, key: outcome.total(key))
        shown = [(self.measure(key), amounts) for key, amounts in table.rows if self._shown(key)]
        return Table(self.localised("All salespeople"), self.localised("Measure"), tuple(shown))

    def _shown(self, measure: str) -> bool:
        """A year's measures stand at a year end; prior years where there are any."""
        if measure in {"adjustment", "bonus"}:
            return self.period.kind == "year"
        return measure != "prior" or any(plan.outcome.total(measure) for plan in self.plans)

    def measure(self, key: str) -> str:
        """Name a measure."""
        return self.localised(TITLES[key], period=self.period)

    def people(self) -> list[Table]:
        """A table a measure, a row a salesperson."""
        keys = sorted({person for plan in self.plans for person in plan.outcome.people})
        measures = [*BY_PERSON[:1], *(["bonus"] if self.period.kind == "year" else []), *BY_PERSON[1:]]
        tables = []
        for measure in measures:
            table = self._table(
                self.measure(measure),
                self.localised("Salesperson"),
                keys,
                lambda outcome, key, of=measure: outcome.people.get(key, {}).get(of, 0),  # type: ignore[misc] # bound now
            )
            rows = tuple((self.person(key), amounts) for key, amounts in table.rows)
            tables.append(Table(table.title, table.label, rows))
        return tables

    def accounts(self) -> Table:
        """Commission of the year to date by account."""
        keys = sorted({key for plan in self.plans for key in plan.outcome.accounts})
        title = self.localised("Commission by account, year to date")
        table = self._table(
            title, self.localised("Account"), keys, lambda made, key: made.accounts.get(key, 0)
        )
        names = self.account_names
        rows = tuple((f"{key} {names.get(key, '')}".strip(), amounts) for key, amounts in table.rows)
        return Table(table.title, table.label, rows)

    def tiers(self) -> Table:
        """Commission of the year to date by tier at the origin."""
        found = {key for plan in self.plans for key in plan.outcome.tiers}
        order = {tier: place for place, tier in enumerate(self.tier_order)}
        keys = sorted(found, key=lambda tier: (order.get(tier.split("/")[0], len(order)), tier))
        title = self.localised("Commission by tier, year to date")
        table = self._table(title, self.localised("Tier"), keys, lambda made, key: made.tiers.get(key, 0))
        return Table(
            table.title, table.label, tuple((self.tier(key), amounts) for key, amounts in table.rows)
        )

    def scores(self) -> list[tuple[str, list[tuple[Fraction | None, Decimal | None]]]]:
        """Each salesperson's score and proposed coefficient under each plan, where anybody has a score."""
        keys = sorted({person for plan in self.plans for person in plan.outcome.scores})
        rows = [
            (self.person(key), [p.outcome.scores.get(key, (None, None)) for p in self.plans]) for key in keys
        ]
        return rows if any(score is not None for _, each in rows for score, _ in each) else []

    # --- out ----------------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, object]:
        """Give the object that ``--json`` prints: per plan all figures; amounts as text in yuan."""
        return {
            "period": str(self.period),
            "again": self.again,
            "booked": False,
            "paid_in_ledger": None if self.booked is None else yuan(self.booked),
            "notes": self.notes,
            "plans": [self._plan_json(plan) for plan in self.plans],
        }

    def _plan_json(self, plan: Plan) -> dict[str, object]:
        outcome, today = plan.outcome, self.plans[0].outcome
        return {
            "name": plan.name,
            "changes": [
                {"name": c.name, "before": c.before, "after": c.after, "from": c.start.isoformat()}
                for c in plan.changes
            ],
            "total": {key: yuan(outcome.total(key)) for key in MEASURES},
            "difference": {key: yuan(outcome.total(key) - today.total(key)) for key in MEASURES},
            "salespeople": [
                {
                    "salesperson_id": person,
                    **{key: yuan(figures[key]) for key in MEASURES},
                    **self._score(plan, person),
                }
                for person, figures in sorted(outcome.people.items())
            ],
            "accounts": {key: yuan(fen) for key, fen in sorted(outcome.accounts.items())},
            "tiers": {key: yuan(fen) for key, fen in sorted(outcome.tiers.items())},
        }

    def _score(self, plan: Plan, person: str) -> dict[str, str | None]:
        score, proposed = plan.outcome.scores.get(person, (None, None))
        return {
            "score": None if score is None else number_text(shown_number(score)),
            "proposed_coefficient": None if proposed is None else number_text(proposed),
        }

    def text(self) -> str:
        """Write the comparison as plain text."""
        from rich.console import Console

        written = io.StringIO()
        self.print_to(Console(file=written, width=_WIDTH, highlight=False, no_color=True))
        return "\n".join(line.rstrip() for line in written.getvalue().splitlines())

    def print_to(self, console: Console) -> None:
        """Print the comparison: title, changes, tables, notes."""
        from keyaccount.outputs.what_if.show import shown

        parts: Sequence[RenderableType] = shown(self)
        for part in parts:
            console.print(part)
