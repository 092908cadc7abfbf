"""Payments: what was earned, what of it is due, what was paid before, what stays (§3.3.1, §3.3.2)."""

from __future__ import annotations

from keyaccount.clauses.mid_life import gone
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import PAYMENTS, Balances, CellKey, Entry, Outside
from keyaccount.money import yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import Term, amount, number, percent, plus, product, rounded
from keyaccount.outputs.explain.cells import CellTelling
from keyaccount.outputs.explain.earned import EarnedTelling, Payment
from keyaccount.outputs.explain.entries import EntryTelling
from keyaccount.outputs.explain.leaver import LeaverTelling
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.outputs.explain.year_end import YearEndTelling
from keyaccount.periods import Period


class PaymentTelling:
    """Tells what a payment rests on."""

    def __init__(self, source: Source, cells: CellTelling, entries: EntryTelling) -> None:
        """Take the workbook."""
        self.source, self.cells, self.entries = source, cells, entries
        self.earned = EarnedTelling(source, cells)
        self.year_end = YearEndTelling(source, self.earned)
        self._told: dict[int, Payment] = {}
        self.leaver = LeaverTelling(source, self.earned, self.year_end)

    def payment(self, entry: Entry) -> Node:
        """Explain an advance, a quarter's, a year end's or an exit payment."""
        if not entry.marks_run:
            return self._outside(entry)
        told = self.told(entry)
        return told.lines["Paid"]

    def _outside(self, entry: Entry) -> Node:
        """Explain what was paid outside the program: sheet Payments Made, less what is booked of it."""
        _ = self.source.localised
        key = Outside(entry.salesperson_id, entry.period, entry.reference)
        rows = [
            row
            for row in self.source.inputs.payments_made
            if Outside(row.salesperson_id, row.period, row.voucher) == key
        ]
        said = _("paid outside the program, voucher {voucher}", voucher=entry.reference or "–")
        lines = tuple(
            Node(
                row.period,
                "row",
                amount=row.amount,
                places=(self.source.place("Payments Made", row.row, "Amount"),),
            )
            for row in rows
        )
        term = plus(*(amount(row.amount) for row in rows)) if rows else amount(0)
        below = [Node(said, term=term, clause="§Controls", children=lines)]
        booked = Balances(self.source.before(entry)).outside.get(key, 0)
        if not booked:
            return self.source.root(entry, amount(term.fen), below)
        below.append(Node(_("booked of it before"), amount=booked))
        return self.source.root(entry, arithmetic.minus(amount(term.fen), booked), below)

    def told(self, entry: Entry) -> Payment:
        """Tell every figure that a run kept for a salesperson, by the result sheets' column."""
        if entry.entry not in self._told:
            self._told[entry.entry] = self._tell(entry)
        return self._told[entry.entry]

    def _tell(self, entry: Entry) -> Payment:
        before = self.source.ledger[: entry.entry - 1]
        balances = Balances(before)
        paid_before = balances.paid(entry.salesperson_id, entry.year)
        left = gone(balances, self.source.inputs.salespeople).get(entry.salesperson_id)
        pay = Payment(entry, Figures.kept(entry, entry.amount), before, balances, paid_before, left)
        pay.lines["Prior-Year"] = self._prior(pay)
        pay.lines["Opening"] = self._opening(pay)
        pay.lines["Paid Before"] = self._paid_before(pay)
        pay.lines["Net Sales"] = self.earned.net(pay)
        pay.lines["Withheld"], pay.lines["Carried"] = self._withheld(pay), self._carried(pay)
        if entry.kind == "year_end_payment":
            self.year_end.lines(pay)
        elif entry.kind == "exit_payment" or left:
            self.leaver.lines(pay)
        else:
            self._advance_or_quarter(pay)
        return pay

    # --- months and quarters ------------------------------------------------------------------------------

    def _advance_or_quarter(self, pay: Payment) -> None:
        _, kept = self.source.localised, pay.kept
        pay.lines["Earned To Date"] = self.earned.to_date(pay)
        pay.lines["Commission"] = self.earned.commission(pay)
        pay.lines["Corrections"] = self.earned.corrections(pay)
        advanced = self._advanced(pay)
        due = plus(amount(advanced.figure or 0), amount(kept.prior), amount(kept.opening))
        parts = (advanced, pay.lines["Prior-Year"], pay.lines["Opening"])
        pay.lines["Due To Date"] = Node(_("due to date"), term=due, clause="§3.3.2", children=parts)
        term, lines = self._to_pay(pay)
        rule = self.source.rule_line(
            _(
                "What is due is cumulative: the advance rate times what was earned, prior years and the "
                "opening balance, less all that was paid this year."
            ),
            "§3.3.2",
        )
        below = [rule, *lines, pay.lines["Due To Date"], pay.lines["Paid Before"]]
        below += [pay.lines["Withheld"], pay.lines["Carried"]]
        pay.lines["Paid"] = self.source.root(pay.entry, term, below)

    def _advanced(self, pay: Payment) -> Node:
        """Tell 0.80 × E: with the rate as booked; else by month, with the rates of today."""
        _, kept = self.source.localised, pay.kept
        wanted = kept.due - kept.prior - kept.opening
        earned = pay.lines["Earned To Date"]
        policy = self.source.policy_places("advance_rate", pay.period)
        said = _("advance rate times what was earned")
        if pay.entry.rate is not None:
            term = rounded(product(amount(kept.earned), percent(pay.entry.rate)))
            if term.fen == wanted:
                return Node(said, term=term, clause="§3.3.2", places=policy, children=(earned,))
        mixed = self.earned.advanced_by_month(pay)
        if mixed is not None and mixed.fen == wanted:
            return Node(said, term=mixed, clause="§3.3.2", places=policy, children=(earned,))
        note = self.source.note(
            _(
                "the advance rate times what was earned was {then} when it was booked; rates or rows have "
                "changed since",
                then=yuan_grouped(wanted),
            )
        )
        return Node(said, amount=wanted, clause="§3.3.2", places=policy, children=(note, earned))

    def _to_pay(self, pay: Payment) -> tuple[Term, list[Node]]:
        """Tell what the run pays of what is due; the ledger tells the method."""
        _, kept = self.source.localised, pay.kept
        if not self.earned.instalments(pay):
            return pay.paid_of(arithmetic.minus(amount(kept.due), pay.paid_before)), []
        if pay.period.kind == "quarter":
            rule = self.source.rule_line(_("In instalments the quarter run pays nothing itself."), "§3.3.2")
            return amount(0), [rule]
        lines = self._instalment(pay)
        now = lines.pop().term
        return pay.paid_of(now or amount(0)), lines

    def _instalment(self, pay: Payment) -> list[Node]:
        """Tell the thirds: T, and what of it is due in the n-th month after the quarter."""
        _, kept = self.source.localised, pay.kept
        closed = pay.balances.closed_through(pay.year)
        earlier = [e for e in self._payments(pay) if Period.parse(e.period).last_month <= closed]
        first = sum(each.amount for each in earlier)
        since = pay.paid_before - first
        rest = arithmetic.minus(amount(kept.due), first)
        count = pay.period.last_month - closed
        rule = self.source.rule_line(
            _("What a settled quarter leaves due is paid in three parts, in the three months after it."),
            "§3.3.2",
        )
        lines = [
            rule,
            Node(
                _("T: due to date less paid before the first month after the quarter"),
                term=rest,
                clause="§3.3.2",
            ),
            Node(_("paid since that month began"), amount=since),
        ]
        if rest.fen < 0 or count >= 3:  # noqa: PLR2004 the plan's thirds
            now = arithmetic.minus(amount(rest.fen), since)
        else:
            third = arithmetic.rounded_down(arithmetic.quotient(amount(rest.fen), number(3)))
            now = arithmetic.minus(product(number(count), third), since)
        return [
            *lines,
            Node(_("due in month {count} after the quarter", count=count), term=now, clause="§3.3.2"),
        ]

    # --- prior years, opening balance, payments ---------------------------------------------------------

    def _prior(self, pay: Payment) -> Node:
        """Tell P: booked prior-year entries, and the calculated ones of open months."""
        _ = self.source.localised
        found = self.earned.booked(pay, "prior_year")
        said = _("prior years")
        rest = pay.kept.prior - sum(each.amount for each in found)
        if not rest:
            return self.source.entries_sum(said, found)
        closed = pay.balances.closed_through(pay.year)
        keys = [key for key in self.earned.keys(pay, closed + 1, self.earned.reach(pay)) if not key.own_year]
        more = [self._open_prior(key) for key in keys]
        today = sum(node.figure or 0 for node in more)
        if today == rest:
            return self.source.entries_sum(said, found, more)
        note = self.source.note(
            _(
                "open months counted {then} when it was booked; the rows today give {today}",
                then=yuan_grouped(rest),
                today=yuan_grouped(today),
            )
        )
        lines = (note, *map(self.source.entry_line, found), *more)
        return Node(said, amount=pay.kept.prior, clause="§3.3.3", children=lines)

    def _open_prior(self, key: CellKey) -> Node:
        commission = self.cells.commission_line(key)
        worth, lines = self.entries.worth(commission.figure or 0, key.salesperson_id, key.origin // 12)
        below = (commission.with_more(self.cells.net_node(key)), *lines)
        return Node(commission.said, term=worth, clause="§3.3.3", children=below)

    def _opening(self, pay: Payment) -> Node:
        return self.source.entries_sum(
            self.source.localised("opening balance"), self.earned.booked(pay, "opening_balance")
        )

    def _payments(self, pay: Payment) -> list[Entry]:
        return [
            e
            for e in pay.before
            if e.kind in PAYMENTS and (e.salesperson_id, e.year) == (pay.person, pay.year)
        ]

    def _paid_before(self, pay: Payment) -> Node:
        found = [each for each in self._payments(pay) if each.amount]
        return self.source.entries_sum(self.source.localised("paid before, this year"), found)

    # --- what stays -------------------------------------------------------------------------------------

    def _carried(self, pay: Payment) -> Node:
        _ = self.source.localised
        rest = arithmetic.minus(amount(pay.kept.due), pay.paid_after)
        return Node(
            _("carried (the next months offset it)"),
            term=arithmetic.smaller(0, rest),
            clause="§3.3.2",
        )

    def _withheld(self, pay: Payment) -> Node:
        _, kept = self.source.localised, pay.kept
        term = plus(amount(kept.earned), amount(kept.prior), amount(kept.opening))
        term = Term(term.value, "+", term.operands)
        for fen in (pay.paid_after, kept.carried):
            taken = arithmetic.minus(amount(0), fen).operands[1]
            term = Term(term.value + taken.value, "+", (*term.operands, taken))
        return Node(_("withheld until the year end"), term=term, clause="§3.3.2")
