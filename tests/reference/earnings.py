"""What is earned: opening balances, cells, corrections, prior years, and the sums E and P (§3.3)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction

from keyaccount.tables import Inputs
from tests.reference.books import Books, Entry
from tests.reference.cells import Key, cells_of, commission
from tests.reference.lines import Line, Read
from tests.reference.plan import Plan
from tests.reference.rows import Period, month_end, month_text, period_of, times


class Earnings:
    """The cells of the workbook as they stand now, beside what the ledger holds of them."""

    def __init__(self, inputs: Inputs, plan: Plan, found: Read, books: Books, period: Period) -> None:
        """Calculate the cells; nothing is booked yet."""
        self.inputs, self.plan, self.books, self.period = inputs, plan, books, period
        self.year = period.year
        self.lines: list[Line] = found.lines
        self.nets = cells_of(found.lines, plan)
        self.commissions = {key: commission(net, key.rate) for key, net in self.nets.items()}
        self.people = sorted({row.salesperson_id for row in inputs.salespeople})
        self.day = month_end(period.last)
        self.closed_before = books.closed_through(self.year)

    def entry(self, kind: str, person: str, amount: int, **more: object) -> Entry:
        """Make an entry of this run."""
        blank = {
            "account_id": "",
            "month": "",
            "origin_month": "",
            "net_sales": None,
            "rate": None,
            "voucher": "",
        }
        return {
            "period": self.period.text,
            "kind": kind,
            "salesperson_id": person,
            "amount": amount,
            "figures": None,
            **blank,
            **more,
        }

    def cell_entry(self, kind: str, key: Key, net: int, amount: int) -> Entry:
        """Make an entry for a cell."""
        return self.entry(
            kind,
            key.person,
            amount,
            account_id=key.account,
            month=month_text(key.month),
            origin_month=month_text(key.origin),
            net_sales=net,
            rate=key.rate,
        )

    def openings(self) -> list[Entry]:
        """Opening balances as the difference from what is booked already."""
        entries = []
        for person in self.people:
            if self.year - 1 in self.books.finished and self.left_before(person):
                wanted = 0  # what a leaver owes is recovered from them
            elif self.year - 1 in self.books.finished:
                last = self.books.latest("year_end_payment", str(self.year - 1), person)
                wanted = last["figures"]["carried"] if last else 0
            else:
                rows = self.inputs.opening_balances
                wanted = sum(r.amount for r in rows if (r.salesperson_id, r.year) == (person, self.year))
            difference = wanted - self.books.total({"opening_balance"}, self.year, person)
            if difference:
                entries.append(self.entry("opening_balance", person, difference))
        return entries

    def exit_of(self, person: str) -> Entry | None:
        """Give a person's exit payment, unless they joined again after it."""
        paid = [e for e in self.books.entries if (e["kind"], e["salesperson_id"]) == ("exit_payment", person)]
        joined = [row.joined for row in self.inputs.salespeople if row.salesperson_id == person]
        if not paid or any(day and day > month_end(period_of(paid[-1]["period"]).last) for day in joined):
            return None
        return paid[-1]

    def left_before(self, person: str) -> bool:
        """Whether the exit run settled somebody in an earlier year."""
        paid = self.exit_of(person)
        return paid is not None and int(paid["period"][:4]) < self.year

    def paid_outside(self) -> list[Entry]:
        """What Payments Made holds for the year and the ledger does not hold yet."""
        wanted: dict[tuple[str, str, str], int] = defaultdict(int)
        for row in self.inputs.payments_made:
            wanted[row.salesperson_id, row.period, row.voucher] += row.amount
        booked = self.books.outside()
        entries = []
        for person, period, voucher in sorted(set(wanted) | set(booked)):
            amount = wanted[person, period, voucher] - booked[person, period, voucher]
            if amount and period[:4] == str(self.year):
                month = period if period_of(period).kind == "month" else ""
                entries.append(
                    self.entry("advance", person, amount, period=period, month=month, voucher=voucher)
                )
        return entries

    def changes(self, closed: int) -> list[Entry]:
        """Corrections of this year's closed cells; prior-year entries for changed cells (§3.3)."""
        corrections, priors = [], []
        for key in sorted(set(self.nets) | self.books.cells(), key=lambda k: k.order):
            net, earned = self.nets.get(key, 0), self.commissions.get(key, 0)
            year = key.month // 12
            net_booked, booked = self.books.cell(("commission", "correction"), key)
            net_prior, prior = self.books.cell(("prior_year",), key)
            if year in self.books.finished and year <= self.year:
                wanted = self.in_full(key, earned - booked)
                priors.append(
                    self.cell_entry("prior_year", key, net - net_booked - net_prior, wanted - prior)
                )
            elif year == self.year and key.month <= closed:
                if key.own_year:
                    difference = earned - booked
                    corrections.append(self.cell_entry("correction", key, net - net_booked, difference))
                else:
                    wanted = self.in_full(key, earned)
                    priors.append(self.cell_entry("prior_year", key, net - net_prior, wanted - prior))
        return [e for e in [*corrections, *priors] if e["net_sales"] != 0 or e["amount"] != 0]

    def newly_settled(self) -> list[Entry]:
        """The cells of the quarter that is settled by this run."""
        if self.period.kind != "quarter":
            return []
        commissions, priors = [], []
        for key in sorted(self.nets, key=lambda k: k.order):
            if self.closed_before < key.month <= self.period.last and key.month // 12 == self.year:
                net, earned = self.nets[key], self.commissions[key]
                if key.own_year:
                    commissions.append(self.cell_entry("commission", key, net, earned))
                else:
                    priors.append(self.cell_entry("prior_year", key, net, self.in_full(key, earned)))
        return [e for e in [*priors, *commissions] if e["net_sales"] != 0 or e["amount"] != 0]

    def in_full(self, key: Key, earned: int) -> int:
        """P of a prior-year cell: with the coefficient and bonus of the year that it was earned in."""
        year, day = key.origin // 12, date(key.origin // 12, 12, 31)
        coefficient, bonus_rate = Fraction(1), Fraction(0)
        if year in self.books.finished:
            adjustment = self.books.latest("adjustment", str(year), key.person)
            bonus = self.books.latest("target_bonus", str(year), key.person)
            coefficient = adjustment["rate"] if adjustment else Fraction(1)
            bonus_rate = bonus["rate"] if bonus else Fraction(0)
        else:
            for row in self.inputs.prior_years:
                if (row.salesperson_id, row.year) == (key.person, year):
                    coefficient = Fraction(row.coefficient)
                    rate = self.plan.number("target_bonus_rate", day)
                    bonus_rate = rate if row.bonus_earned else Fraction(0)
        final = times(earned, coefficient)
        return final + times(final, bonus_rate)

    # --- E and P ----------------------------------------------------------------------------------

    def earned(self, person: str, through: int) -> tuple[int, Fraction]:
        """E through a month, and the same at each month's advance rate, unrounded."""
        by_month: dict[int, int] = defaultdict(int)
        for key, earned in self.commissions.items():
            if key.person == person and key.own_year and 12 * self.year <= key.month <= through:
                by_month[key.month] += earned
        at_rate = [earned * self.advance_rate(month) for month, earned in by_month.items()]
        return sum(by_month.values()), sum(at_rate, Fraction(0))

    def prior(self, person: str, through: int) -> int:
        """P through a month: booked in the year, and calculated for its open months."""
        closed = max(self.closed_before, self.period.last if self.period.kind == "quarter" else 0)
        open_months = sum(
            self.in_full(key, earned)
            for key, earned in self.commissions.items()
            if key.person == person and not key.own_year and closed < key.month <= through
        )
        return self.books.total({"prior_year"}, self.year, person) + open_months

    def advance_rate(self, month: int) -> Fraction:
        """The advance rate on a month's last day."""
        return self.plan.number("advance_rate", month_end(month))

    def of_period(self, person: str) -> tuple[int, int]:
        """Net of the period's cells, any origin, and their commission, own-year origin only."""
        first, last = self.period.first, self.period.last
        own = [key for key in self.nets if key.person == person and first <= key.month <= last]
        earned = sum(self.commissions[key] for key in own if key.own_year)
        return self.net(person, self.period), earned

    def net(self, person: str, period: Period) -> int:
        """Net of a period's cells, any origin."""
        own = (k for k in self.nets if k.person == person and period.first <= k.month <= period.last)
        return sum(self.nets[key] for key in own)
