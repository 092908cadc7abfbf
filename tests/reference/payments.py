"""What is paid: advances, quarter payments, the year end, and the figures kept (§3.3, §3.4.1)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.reference.books import ALL_PAYMENTS, PAYMENTS, Entry
from tests.reference.earnings import Earnings
from tests.reference.rows import Period, half_away, period_of, times


class Payments(Earnings):
    """What is due on what was earned."""

    def pay_month(self, person: str) -> list[Entry]:
        """Advance of a month (§3.3.2), monthly or in instalments."""
        if self.exit_of(person):
            return [self.settled(person, self.period.last, PAYMENTS["month"])]
        if self.plan.policy("advance_method", self.day) == "instalments":
            return [self.payment(person, self.closed_before, self.instalment(person))]
        return [self.payment(person, self.period.last)]

    def pay_quarter(self, person: str) -> list[Entry]:
        """Quarter payment: the true-up; in instalments nothing."""
        through = max(self.period.last, self.advanced_this_year())
        if self.exit_of(person):
            return [self.settled(person, through, PAYMENTS["quarter"])]
        if self.plan.policy("advance_method", self.day) == "instalments":
            return [self.payment(person, self.period.last, 0)]
        return [self.payment(person, through)]

    def advanced_this_year(self) -> int:
        """The last advanced month, where it lies in the run's year."""
        return self.books.last_advanced if self.books.last_advanced // 12 == self.year else 0

    def pay_exit(self, person: str) -> list[Entry]:
        """The exit run: all that was earned, by the coefficient and bonus that are known (§Controls)."""
        through = max(self.period.last, self.advanced_this_year(), self.closed_before)
        return [self.settled(person, through, "exit_payment")]

    def settled(self, person: str, through: int, kind: str) -> Entry:
        """Where a leaver stands: due is all that was earned; only the exit run itself pays it."""
        earned, _ = self.earned(person, through)
        prior, opening = self.prior(person, through), self.books.total({"opening_balance"}, self.year, person)
        before = self.books.paid(self.year, person)
        final = times(earned, self.coefficient(person))
        year = Period(str(self.year), "year", 12 * self.year, through)  # the bonus, as far as it is known
        due = (
            final + prior + opening + (self.bonus(person, earned, final, before, self.net(person, year)) or 0)
        )
        amount = self.payable(due - before) if kind == "exit_payment" else 0
        carried = min(0, due - before - amount)
        net, earned_here = self.of_period(person)
        figures = {
            "E": earned,
            "P": prior,
            "opening": opening,
            "due": due,
            "net": net,
            "commission": earned_here,
            "withheld": earned + prior + opening - before - amount - carried,
            "carried": carried,
        }
        if kind == "exit_payment":
            return self.entry(kind, person, amount, figures=figures)
        month = self.period.text if self.period.kind == "month" else ""
        rate = self.advance_rate(self.period.last)
        return self.entry(kind, person, amount, month=month, rate=rate, figures=figures)

    def bonus(self, person: str, earned: int, final: int, paid: int, net: int) -> int | None:
        """The target bonus of the year, None where it is not earned (§3.4.1)."""
        target, day = self.target(person), date(self.year, 12, 31)
        if target is None or net < target or not self.may_have_bonus(person):
            return None
        base = {
            "final_commission": final,
            "commission": earned,
            "year_end_payment": max(0, final - paid),
        }[self.plan.policy("target_bonus_base", day)]
        return max(0, times(base, self.plan.number("target_bonus_rate", day)))

    def payment(self, person: str, through: int, due: int | None = None) -> Entry:
        """Pay what is due: to date less paid so far, unless ``due`` says so; with the figures."""
        earned, at_rate = self.earned(person, through)
        prior = self.prior(person, through)
        opening = self.books.total({"opening_balance"}, self.year, person)
        before = self.books.paid(self.year, person)
        to_date = half_away(at_rate) + prior + opening
        amount = self.payable(to_date - before if due is None else due)
        carried = min(0, to_date - before - amount)
        net, earned_here = self.of_period(person)
        figures = {
            "E": earned,
            "P": prior,
            "opening": opening,
            "due": to_date,
            "net": net,
            "commission": earned_here,
            "withheld": earned + prior + opening - before - amount - carried,
            "carried": carried,
        }
        month = self.period.text if self.period.kind == "month" else ""
        kind, rate = PAYMENTS[self.period.kind], self.advance_rate(self.period.last)
        return self.entry(kind, person, amount, month=month, rate=rate, figures=figures)

    def payable(self, due: int) -> int:
        """A negative due is carried; with policy negative_balance = collect it is booked."""
        collect = self.plan.policy("negative_balance", self.day) == "collect"
        return due if collect else max(0, due)

    def instalment(self, person: str) -> int:
        """What a month owes of the last settled quarter's third (policy advance_method = instalments)."""
        closed = self.closed_before
        _, at_rate = self.earned(person, closed)
        opening = self.books.total({"opening_balance"}, self.year, person)
        owed = half_away(at_rate) + self.prior(person, closed) + opening
        before = since = 0
        for e in self.books.entries:
            if e["kind"] in ALL_PAYMENTS and e["salesperson_id"] == person:
                if e["period"][:4] == str(self.year) and period_of(e["period"]).last <= closed:
                    before += e["amount"]
                elif e["period"][:4] == str(self.year):
                    since += e["amount"]
        rest = owed - before
        n = self.period.last - closed
        return (n * (rest // 3) if n < 3 and rest >= 0 else rest) - since

    # --- year end (§3.3.2, §3.3.4, §3.4.1) --------------------------------------------------------

    def pay_year(self, person: str) -> list[Entry]:
        """Adjustment, target bonus and the year-end payment."""
        earned, _ = self.earned(person, self.period.last)
        prior = self.prior(person, self.period.last)
        opening = self.books.total({"opening_balance"}, self.year, person)
        before = self.books.paid(self.year, person)
        net, _ = self.of_period(person)
        coefficient = self.coefficient(person)
        final = times(earned, coefficient)
        entries = [self.entry("adjustment", person, final - earned, rate=coefficient)]
        bonus, target = self.bonus(person, earned, final, before, net), self.target(person)
        if bonus is not None:
            rate = self.plan.number("target_bonus_rate", self.day)
            entries.append(self.entry("target_bonus", person, bonus, rate=rate))
        due = final + (bonus or 0) + prior + opening - before
        amount = self.payable(due)
        figures = {
            "E": earned,
            "P": prior,
            "opening": opening,
            "due": before + due,
            "net": net,
            "commission": earned,
            "withheld": 0,
            "carried": min(0, due - amount),
            "target": target,
        }
        entries.append(self.entry("year_end_payment", person, amount, figures=figures))
        return entries

    def coefficient(self, person: str) -> Fraction:
        """The approved coefficient, else 1."""
        for row in self.inputs.year_end_review:
            if (row.salesperson_id, row.year) == (person, self.year):
                return Fraction(row.coefficient)
        return Fraction(1)

    def target(self, person: str) -> int | None:
        """The year's target, or None."""
        for row in self.inputs.targets:
            if (row.salesperson_id, row.year) == (person, self.year):
                return row.target
        return None

    def may_have_bonus(self, person: str) -> bool:
        """Leavers keep the bonus, unless policy leaver_bonus = none wants employment through 31 December."""
        end = date(self.year, 12, 31)
        if self.plan.policy("leaver_bonus", end) != "none":
            return True
        left = [row.left for row in self.inputs.salespeople if row.salesperson_id == person]
        return all(day is None or day >= end for day in left)
