"""A run, from the plan's text: order, what is booked, what is due, what the figures mean (§3.3, §3.4.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keyaccount.tables import Inputs
from tests.reference.books import PAYMENTS, Books, Entry
from tests.reference.lines import Read, read
from tests.reference.payments import Payments
from tests.reference.plan import Plan
from tests.reference.rows import Period, month_end, month_number, period_of

KIND_OF = {"advance": "month", "settle": "quarter", "year-end": "year"}
SHOWN = ("salesperson_id", "net_sales", "commission", "paid", "withheld", "carried")


@dataclass
class Result:
    """What a run gave: new entries, figures a salesperson, why it was refused, which errors it found."""

    entries: list[Entry] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    refused: str | None = None
    errors: set[str] = field(default_factory=set)
    calculated: Run | None = field(default=None, repr=False, compare=False)
    """What stood behind it, where it was done: the cells, E and P."""


class Refused(Exception):
    """The run is against the plan's order."""


def run(inputs: Inputs, ledger: list[Entry], command: str, what: str) -> Result:
    """Run a period, or somebody's exit, over the inputs and the ledger so far; the ledger is not touched."""
    if command == "settle-leaver":
        left = [row.left for row in inputs.salespeople if row.salesperson_id == what and row.left]
        if not left:
            return Result(refused="no day in Left")
        period = period_of(f"{left[0]:%Y-%m}")
    else:
        period = period_of(what)
        if period.kind != KIND_OF[command]:
            raise ValueError(f"{command} does not take {what}")
    plan = Plan(inputs)
    found = read(inputs, plan, month_end(period.last))
    errors = found.errors | missing_reviews(inputs, plan, period)
    if errors:
        return Result(errors=errors)
    one = Run(inputs, plan, found, Books(ledger), period)
    try:
        if command == "settle-leaver":
            return Result(one.leave(what), one.figures_of_exit(what), calculated=one)
        return Result(one.book(), one.figures(), calculated=one)
    except Refused as refused:
        return Result(refused=str(refused))


def missing_reviews(inputs: Inputs, plan: Plan, period: Period) -> set[str]:
    """With policy require_review, the year end needs an approved coefficient of everyone."""
    if period.kind != "year" or plan.policy("require_review", date(period.year, 12, 31)) != "yes":
        return set()
    reviewed = {row.salesperson_id for row in inputs.year_end_review if row.year == period.year}
    people = {row.salesperson_id for row in inputs.salespeople}
    return {"no approved coefficient"} if people - reviewed else set()


class Run(Payments):
    """One run of one period."""

    def __init__(self, inputs: Inputs, plan: Plan, found: Read, books: Books, period: Period) -> None:
        """Calculate the cells; nothing is booked yet."""
        super().__init__(inputs, plan, found, books, period)
        self.new: list[Entry] = []

    # --- the run --------------------------------------------------------------------------------

    def book(self) -> list[Entry]:
        """Check the order, book what was earned, then what is paid."""
        if self.already_closed():
            if self.pending():
                raise Refused("a closed period on changed data")
            return []
        self.check_order()
        outside = self.paid_outside()
        for entry in [*self.openings(), *self.changes(self.closed_before), *self.newly_settled()]:
            self.append(entry)
        for entry in outside:
            self.books.append(entry)
        payments = {"month": self.pay_month, "quarter": self.pay_quarter, "year": self.pay_year}
        entries = [entry for person in self.people for entry in payments[self.period.kind](person)]
        for kind in ("adjustment", "target_bonus", PAYMENTS[self.period.kind]):
            if kind in PAYMENTS.values():
                self.new += outside
            for entry in entries:
                if entry["kind"] == kind and not self.repeats(entry):
                    self.append(entry)
        return self.new

    def leave(self, person: str) -> list[Entry]:
        """The exit run: what waits to be booked of that person, and the exit payment (§Controls)."""
        if self.exit_of(person):
            return []
        if self.year in self.books.finished:
            raise Refused("a finished year")
        waiting = [*self.openings(), *self.changes(self.closed_before), *self.paid_outside()]
        for entry in waiting:
            if entry["salesperson_id"] == person:
                self.append(entry)
        for entry in self.pay_exit(person):
            self.append(entry)
        return self.new

    def figures_of_exit(self, person: str) -> list[dict[str, Any]]:
        """The leaver's figures, from the exit payment."""
        paid = self.exit_of(person)
        assert paid is not None
        kept = [paid["figures"][name] for name in ("withheld", "carried")]
        figures = [paid["figures"]["net"], paid["figures"]["commission"]]
        values = [person, *figures, self.books.paid_for(paid["period"], person), *kept]
        return [dict(zip(SHOWN, values, strict=True))]

    def append(self, entry: Entry) -> None:
        """Add an entry to the ledger and to what this run booked."""
        self.new.append(entry)
        self.books.append(entry)

    def repeats(self, entry: Entry) -> bool:
        """Whether a payment entry of a repeated month pays nothing and moves no figure."""
        if entry["kind"] != "advance" or entry["amount"] != 0:
            return False
        last = self.books.latest("advance", self.period.text, entry["salesperson_id"])
        return last is not None and last["figures"] == entry["figures"]

    # --- order (§3.3, runs and their order) -----------------------------------------------------

    def already_closed(self) -> bool:
        """Whether the run's quarter is closed, or its year is finished."""
        if self.period.kind == "year":
            return self.year in self.books.finished
        return self.period.kind == "quarter" and self.period.last <= self.closed_before

    def check_order(self) -> None:
        """Refuse what is against the order."""
        if self.period.kind == "month":
            if self.period.last < self.books.last_advanced:
                raise Refused("a month before the last advanced month")
            if self.period.last <= self.closed_before:
                raise Refused("a month of a closed quarter")
        if self.period.kind == "quarter" and any(
            self.closed_before < line.month < self.period.first for line in self.lines
        ):
            raise Refused("an earlier quarter that holds lines is open")
        if self.period.kind == "year" and self.closed_before < self.period.last:
            raise Refused("a year whose fourth quarter is not settled")

    def pending(self) -> bool:
        """Whether a booked cell, prior_year or opening balance through the period's end has changed."""
        changed = self.changes(self.closed_before)
        return bool(self.openings()) or any(month_number(e["month"]) <= self.period.last for e in changed)

    # --- figures ----------------------------------------------------------------------------------

    def figures(self) -> list[dict[str, Any]]:
        """The figures of the run, from its period's latest payment entries."""
        kind = PAYMENTS[self.period.kind]
        shown = []
        for person in self.people:
            last = self.books.latest(kind, self.period.text, person)
            if last is not None:
                figures = last["figures"]
                paid = self.books.paid_for(self.period.text, person)
                kept = [figures[name] for name in ("withheld", "carried")]
                values = [person, figures["net"], figures["commission"], paid, *kept]
                shown.append(dict(zip(SHOWN, values, strict=True)))
        return shown
