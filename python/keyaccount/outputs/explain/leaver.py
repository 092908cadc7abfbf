"""The exit run of a leaver, and what the runs after it say of them (§Controls)."""

from __future__ import annotations

from decimal import Decimal

from keyaccount.money import times, yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import amount, number, percent, plus, product, rounded
from keyaccount.outputs.explain.earned import EarnedTelling, Payment
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.outputs.explain.year_end import YearEndTelling
from keyaccount.periods import Period


class LeaverTelling:
    """Tells what is due to somebody who was settled on leaving: all that was earned, at once."""

    def __init__(self, source: Source, earned: EarnedTelling, year_end: YearEndTelling) -> None:
        """Take the workbook."""
        self.source, self.earned, self.year_end = source, earned, year_end

    def lines(self, pay: Payment) -> None:
        """Tell the exit run's payment, or a later run's, which pays nothing."""
        _, kept = self.source.localised, pay.kept
        pay.lines["Earned To Date"] = earned = self.earned.to_date(pay)
        pay.lines["Commission"] = self.earned.commission(pay)
        pay.lines["Corrections"] = self.earned.corrections(pay)
        final = self._final(pay, earned)
        bonus = self._bonus(pay, final.figure or 0)
        due = plus(
            *(amount(each) for each in (final.figure or 0, bonus.figure or 0, kept.prior, kept.opening))
        )
        parts = (final, bonus, pay.lines["Prior-Year"], pay.lines["Opening"])
        pay.lines["Due To Date"] = Node(_("due on leaving"), term=due, clause="§Controls", children=parts)
        rule = self.source.rule_line(
            _("Whoever leaves is paid at once what was earned and withheld, by an exit run."), "§Controls"
        )
        term = pay.paid_of(arithmetic.minus(amount(due.fen), pay.paid_before))
        if pay.entry.kind != "exit_payment":
            before = self.source.entry_line(pay.gone) if pay.gone else None
            said = _(
                "settled on leaving: months and quarters pay nothing more, the year end settles the rest"
            )
            rule = Node(said, "rule", clause="§Controls", children=(before,) if before else ())
            term = amount(0)
        below = [rule, pay.lines["Due To Date"], pay.lines["Paid Before"]]
        below += [pay.lines["Withheld"], pay.lines["Carried"]]
        pay.lines["Paid"] = self.source.root(pay.entry, term, below)

    def _final(self, pay: Payment, earned: Node) -> Node:
        rows = self.source.inputs.year_end_review
        found = [row for row in rows if (row.salesperson_id, row.year) == (pay.person, pay.year)]
        coefficient = found[0].coefficient if found else Decimal(1)
        why = self.year_end.coefficient(pay.person, pay.year, coefficient)
        term = rounded(product(amount(pay.kept.earned), number(coefficient)))
        said = self.source.localised("final commission")
        return Node(said, term=term, clause="§3.3.4", children=(why, earned))

    def _bonus(self, pay: Payment, final: int) -> Node:
        """Tell the bonus that the run counted, the rest of what was due; its rate is that of 31 December."""
        _, kept = self.source.localised, pay.kept
        bonus = kept.due - final - kept.prior - kept.opening
        said = _("target bonus")
        if not bonus:
            return Node(said, amount=0, clause="§3.4.1")
        last = Period("year", pay.year).last_day
        rate = self.source.policies.number("target_bonus_rate", last)
        for base in (final, kept.earned, max(0, final - pay.paid_before)):
            if times(base, rate) == bonus:
                return Node(said, term=rounded(product(amount(base), percent(rate))), clause="§3.4.1")
        note = self.source.note(
            _(
                "when it was booked, final commission and bonus came to {then}; their data was changed since",
                then=yuan_grouped(final + bonus),
            )
        )
        return Node(said, amount=bonus, clause="§3.4.1", children=(note,))
