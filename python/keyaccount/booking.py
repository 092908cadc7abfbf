"""One run, from the company's cells and the ledger's balances to the entries it books (§3.3, §3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from keyaccount.clauses.cells import Cell
from keyaccount.clauses.incentives import YearFigures, target_bonus
from keyaccount.clauses.mid_life import gone, unbooked_payments
from keyaccount.clauses.payouts import (
    Earnings,
    Figures,
    Position,
    PriorYearRule,
    instalment,
    payment,
    unbooked_cells,
)
from keyaccount.company import Company
from keyaccount.ledger import ORDER, PAYMENTS, Balances, CellKey, Entry
from keyaccount.money import times
from keyaccount.order_of_runs import refuse_out_of_order
from keyaccount.periods import Period
from keyaccount.problems import Refused

PAYMENT_KIND = {"month": "advance", "quarter": "quarter_payment", "year": "year_end_payment"}


class WholeYear(NamedTuple):
    """What a salesperson's year comes to, in fen; ``due`` is all of it, before what was paid."""

    coefficient: Decimal
    target: int | None
    final: int
    bonus: int | None
    due: int


class Booking:
    """One run: refuse or find it done, else draft its entries."""

    def __init__(self, company: Company, balances: Balances, period: Period) -> None:
        """Work out the cells through the month that the run reaches."""
        self.company, self.balances, self.period = company, balances, period
        self.policies = company.policies
        self.year = period.year
        self.closed_before = balances.closed_through(self.year)
        self.closed_after = max(self.closed_before, period.last_month if period.kind == "quarter" else 0)
        self.instalments = self.policies.word("advance_method", period.last_day) == "instalments"
        self.gone = gone(balances, company.inputs.salespeople)
        self.reach = self._reach()
        self.rule = PriorYearRule(balances, company.inputs.prior_years, self.policies)

    @cached_property
    def cells(self) -> dict[CellKey, Cell]:
        """The calculated cells through the month that the run reaches."""
        return self.company.cells(max(self.reach, self.closed_before))

    def _reach(self) -> int:
        """Give the month that E and P reach: the period's, or a later one that was already advanced."""
        advanced = self.balances.last_advanced
        if self.period.kind == "quarter" and advanced is not None and advanced // 12 == self.year:
            return max(self.period.last_month, advanced)
        return self.period.last_month

    def run(self) -> tuple[list[Entry], tuple[Figures, ...]]:
        """Give the drafts that the run books and the figures of each salesperson."""
        if self._done():
            if pending := self._earnings(self.period.last_month):
                raise Refused(
                    "{period} is closed, and data that it was booked from has changed "
                    "({count} entries would differ).",
                    "Run the next month, quarter or year end: it books the difference as a correction.",
                    period=self.period,
                    count=len(pending),
                )
            return [], self._kept()
        refuse_out_of_order(self.company, self.balances, self.period)
        drafts = [*self._earnings(self.closed_after), *self._paid_outside()]
        if self.period.kind == "year":
            return self._year_end(drafts)
        return self._advance_or_quarter(drafts)

    def _done(self) -> bool:
        if self.period.kind == "quarter":
            return self.period.last_month <= self.closed_before
        return self.period.kind == "year" and self.year in self.balances.finished

    def _kept(self) -> tuple[Figures, ...]:
        runs = {
            person: entry for (period, person), entry in self.balances.runs.items() if period == self.period
        }
        return tuple(
            Figures.kept(runs[person], self.balances.paid_in(person, self.period)) for person in sorted(runs)
        )

    def _earnings(self, through: int) -> list[Entry]:
        """Draft the opening balances, corrections, prior-year entries and commissions to book."""
        cells = unbooked_cells(self.cells, self.balances, self.year, through, self.rule, self.period)
        return [*self._openings(), *cells]

    def _paid_outside(self) -> Iterable[Entry]:
        """Draft what was paid outside the program, so that it is not paid again (§Controls)."""
        for paid, amount in unbooked_payments(self.company.inputs.payments_made, self.balances, self.year):
            month = paid.period if Period.parse(paid.period).kind == "month" else ""
            yield Entry(
                0,
                0,
                "",
                paid.period,
                "advance",
                paid.salesperson_id,
                amount,
                month=month,
                reference=paid.voucher,
            )

    def _openings(self) -> Iterable[Entry]:
        """Draft each opening balance as the difference from what is booked of it (§3.3)."""
        rows = {
            row.salesperson_id: row.amount
            for row in self.company.inputs.opening_balances
            if row.year == self.year
        }
        finished = self.year - 1 in self.balances.finished
        for person in self.company.salespeople:
            wanted = rows.get(person, 0)
            if finished:
                left = person in self.gone and self.gone[person].year < self.year  # their debt is recovered
                wanted = 0 if left else min(0, self.balances.balance(person, self.year - 1))
            difference = wanted - self.balances.earned(person, self.year, "opening_balance")
            if difference:
                yield self._entry("opening_balance", person, difference)

    def _entry(
        self, kind: str, person: str, amount: int, rate: Decimal | None = None, reference: str = ""
    ) -> Entry:
        month = str(self.period) if kind == "advance" else ""
        return Entry(
            0, 0, "", str(self.period), kind, person, amount, month=month, rate=rate, reference=reference
        )

    @cached_property
    def _sums(self) -> Earnings:
        return Earnings(self.cells, self.year, self.rule, self.policies)

    def _position(self, person: str, drafts: Sequence[Entry]) -> Position:
        """Give E, P, opening balance, due to date and paid so far (§3.3.2)."""
        through = self.closed_after if self.instalments else self.reach
        booked = {
            kind: self.balances.earned(person, self.year, kind) for kind in ("prior_year", "opening_balance")
        }
        for draft in drafts:
            if draft.salesperson_id == person and draft.kind in booked:
                booked[draft.kind] += draft.amount
        prior = booked["prior_year"]
        if not self.instalments:
            prior += self._sums.open_prior(person, self.closed_after, self.reach)
        opening = booked["opening_balance"]
        due = self._sums.advanced(person, through) + prior + opening
        paid = self.balances.paid(person, self.year)
        paid += sum(draft.amount for draft in drafts if _pays(draft, person))
        return Position(self._sums.earned(person, through), prior, opening, due, paid)

    def _at_exit(self, person: str, drafts: Sequence[Entry]) -> Position:
        """Give where a leaver stands, who is paid all that was earned (§Controls)."""
        position = self._position(person, drafts)
        earned, prior = self._sums.earned(person, self.reach), position.prior
        if self.instalments:
            prior += self._sums.open_prior(person, self.closed_after, self.reach)
        position = replace(position, earned=earned, prior=prior)
        return replace(position, due=self._whole_year(person, position).due)

    def _whole_year(self, person: str, position: Position) -> WholeYear:
        """Give what the year comes to: coefficient, final, target bonus, all that is due (§3.3.2, §3.3.4)."""
        coefficient, target, left = self._terms(person)
        final = times(position.earned, coefficient)
        net = self._sums.net_of(person, Period("year", self.year))
        year = YearFigures(net, target, position.earned, final, position.paid, left)
        bonus = target_bonus(year, self.year, self.policies)
        due = final + (bonus or 0) + position.prior + position.opening
        return WholeYear(coefficient, target, final, bonus, due)

    def _advance_or_quarter(self, drafts: list[Entry]) -> tuple[list[Entry], tuple[Figures, ...]]:
        figures: list[Figures] = []
        payments: list[Entry] = []
        rate = self.policies.number("advance_rate", self.period.last_day)
        negative = self.policies.word("negative_balance", self.period.last_day)
        for person in self.company.salespeople:
            if person in self.gone:
                position, paid = self._at_exit(person, drafts), 0
            else:
                position = self._position(person, drafts)
                paid = payment(self._due_now(person, position, drafts), negative)
            now = self._figures(person, position, paid, drafts)
            figures.append(now)
            before = self.balances.runs.get((self.period, person))
            if before is None or paid or before.reference != now.reference():
                kind = PAYMENT_KIND[self.period.kind]
                payments.append(self._entry(kind, person, paid, rate, now.reference()))
        return [*in_order(drafts), *payments], tuple(figures)

    def _due_now(self, person: str, position: Position, drafts: Sequence[Entry]) -> int:
        if not self.instalments:
            return position.due - position.paid
        if self.period.kind == "quarter":
            return 0
        payments = [*self.balances.payments.get((person, self.year), ())]
        payments += [(Period.parse(each.period), each.amount) for each in drafts if _pays(each, person)]
        before = sum(amount for period, amount in payments if period.last_month <= self.closed_after)
        return instalment(position, before, self.period.last_month - self.closed_after)

    def _figures(self, person: str, position: Position, paid: int, drafts: Sequence[Entry]) -> Figures:
        """Split what was earned into paid, carried and withheld (conservation)."""
        paid_after = position.paid + paid
        of_period = (each for each in drafts if _pays(each, person) and each.period == str(self.period))
        outside = sum(each.amount for each in of_period)
        carried = min(0, position.due - paid_after)
        return Figures(
            salesperson_id=person,
            net_sales=self._sums.net_of(person, self.period),
            commission=self._sums.commission_of(person, self.period),
            paid=paid + outside + self.balances.paid_in(person, self.period),
            withheld=position.earned + position.prior + position.opening - paid_after - carried,
            carried=carried,
            earned=position.earned,
            prior=position.prior,
            opening=position.opening,
            due=position.due,
        )

    def _year_end(self, drafts: list[Entry]) -> tuple[list[Entry], tuple[Figures, ...]]:
        """Adjust by the approved coefficient, add the target bonus, pay the rest (§3.3.2, §3.3.4, §3.4.1)."""
        figures: list[Figures] = []
        more: list[Entry] = []
        negative = self.policies.word("negative_balance", self.period.last_day)
        for person in self.company.salespeople:
            position = self._position(person, drafts)
            year = self._whole_year(person, position)
            paid = payment(year.due - position.paid, negative)
            now = replace(
                self._figures(person, replace(position, due=year.due), paid, drafts),
                withheld=0,
                carried=year.due - position.paid - paid,
                target=year.target,
            )
            figures.append(now)
            more.append(self._entry("adjustment", person, year.final - position.earned, year.coefficient))
            if year.bonus is not None:
                rate = self.policies.number("target_bonus_rate", self.period.last_day)
                more.append(self._entry("target_bonus", person, year.bonus, rate))
            more.append(self._entry("year_end_payment", person, paid, reference=now.reference()))
        return in_order([*drafts, *more]), tuple(figures)

    def _terms(self, person: str) -> tuple[Decimal, int | None, date | None]:
        """Give the approved coefficient (else 1.00), the target (fen) and the day of leaving."""
        inputs = self.company.inputs
        coefficients = [
            row.coefficient
            for row in inputs.year_end_review
            if (row.salesperson_id, row.year) == (person, self.year)
        ]
        targets = [
            row.target for row in inputs.targets if (row.salesperson_id, row.year) == (person, self.year)
        ]
        left = next((row.left for row in inputs.salespeople if row.salesperson_id == person), None)
        return next(iter(coefficients), Decimal(1)), next(iter(targets), None), left


def _pays(draft: Entry, person: str) -> bool:
    return draft.kind in PAYMENTS and draft.salesperson_id == person


def in_order(drafts: Iterable[Entry]) -> list[Entry]:
    """Sort a run's drafts by kind; within a kind cells and persons keep their order."""
    return sorted(drafts, key=lambda draft: ORDER.index(draft.kind))
