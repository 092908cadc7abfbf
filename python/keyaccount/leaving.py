"""§Controls, the exit run: what a leaver earned and had withheld is paid at once, for that person alone."""

from __future__ import annotations

from keyaccount.booking import Booking, in_order
from keyaccount.clauses.payouts import Figures, payment
from keyaccount.company import Company
from keyaccount.ledger import Balances, Entry
from keyaccount.periods import Period, month_of
from keyaccount.problems import Listed, Refused, UsageError
from keyaccount.tables import Inputs


def month_of_leaving(inputs: Inputs, person: str) -> Period:
    """Give the month of Left, the Period of the exit run; raises ``UsageError`` or ``Refused``."""
    row = next((row for row in inputs.salespeople if row.salesperson_id == person), None)
    if row is None:
        raise UsageError(
            "Salesperson {person} is not on sheet Salespeople.",
            "Name one of: {people}.",
            person=person,
            people=Listed(sorted(row.salesperson_id for row in inputs.salespeople)),
        )
    if row.left is None:
        raise Refused(
            "Salesperson {person} has no day in Left.",
            "Enter the last day of employment on sheet Salespeople and run again.",
            person=person,
        )
    return Period.of_month(month_of(row.left))


class Leaving(Booking):
    """The exit run of one salesperson: Period is the month of Left, E and P reach as far as was advanced.

    It books that person's opening balance, corrections and prior-year entries, if any wait, and one
    ``exit_payment``: final + bonus + P + opening balance − paid, coefficient and bonus as approved and
    known, else 1.00 and none. Nobody else is touched.
    """

    def __init__(self, company: Company, balances: Balances, person: str, period: Period) -> None:
        """Name the leaver; ``period`` is the month of Left."""
        super().__init__(company, balances, period)
        self.person = person

    def _reach(self) -> int:
        advanced = self.balances.last_advanced
        later = advanced if advanced is not None and advanced // 12 == self.year else 0
        return max(super()._reach(), later, self.closed_before)

    def run(self) -> tuple[list[Entry], tuple[Figures, ...]]:
        """Give the drafts and the leaver's figures; done before: nothing, and the figures as they were."""
        if self.person in self.gone:
            entry = self.gone[self.person]
            paid = self.balances.paid_in(self.person, Period.parse(entry.period))
            return [], (Figures.kept(entry, paid),)
        if self.year in self.balances.finished:
            raise Refused(
                "{year} is finished: its year end has paid {person} what was withheld.",
                "Nothing is left to pay for that year.",
                year=self.year,
                person=self.person,
            )
        earnings = self._earnings(self.closed_before)
        drafts = [each for each in (*earnings, *self._paid_outside()) if each.salesperson_id == self.person]
        position = self._at_exit(self.person, drafts)
        paid = payment(
            position.due - position.paid, self.policies.word("negative_balance", self.period.last_day)
        )
        now = self._figures(self.person, position, paid, drafts)
        mark = self._entry("exit_payment", self.person, paid, reference=now.reference())
        return in_order([*drafts, mark]), (now,)
