"""The year end: coefficient, target bonus, and what is paid of the rest (§3.3.2, §3.3.4, §3.4.1)."""

from __future__ import annotations

from decimal import Decimal

from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import PAYMENTS, Balances, Entry
from keyaccount.money import fen, ratio, times, yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import amount, number, percent, percent_text, plus, product, rounded
from keyaccount.outputs.explain.earned import EarnedTelling, Payment
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.periods import Period
from keyaccount.problems import N_

BASES = {
    "final_commission": N_("final commission"),
    "commission": N_("commission before the coefficient"),
    "year_end_payment": N_("final commission that is not paid yet"),
}


class YearEndTelling:
    """Tells the entries of a year end."""

    def __init__(self, source: Source, earned: EarnedTelling) -> None:
        """Take the workbook."""
        self.source, self.earned = source, earned

    def adjustment(self, entry: Entry, *, brief: bool = False) -> Node:
        """Explain the year-end adjustment: the year's commission times the coefficient, less the commission.

        ``brief``: without the list of what was booked, for a tree that holds it already.
        """
        _ = self.source.localised
        earned = self.earned_of_year(entry, brief=brief)
        coefficient = entry.rate if entry.rate is not None else Decimal(1)
        final = rounded(product(amount(earned.figure or 0), number(coefficient)))
        lines = [
            self.source.rule_line(
                _("At year end the commission is adjusted by the approved coefficient."), "§3.3.4"
            ),
            Node(_("final commission"), term=final, clause="§3.3.4"),
            self.coefficient(entry.salesperson_id, entry.year, coefficient),
            earned,
        ]
        return self.source.root(entry, arithmetic.minus(amount(final.fen), earned.figure or 0), lines)

    def coefficient(self, person: str, year: int, booked: Decimal) -> Node:
        """Tell where a year-end coefficient comes from."""
        _ = self.source.localised
        rows = [r for r in self.source.inputs.year_end_review if (r.salesperson_id, r.year) == (person, year)]
        if not rows:
            said = _("no row on Year-End Review: the coefficient is 1")
            found: tuple[Node, ...] = (Node(said, "reason"),)
        else:
            said = _("approved by {name}: {reason}", name=rows[0].approved_by, reason=rows[0].reason)
            found = (
                Node(
                    said, "reason", places=(self.source.place("Year-End Review", rows[0].row, "Coefficient"),)
                ),
            )
        today = rows[0].coefficient if rows else Decimal(1)
        if today != booked:
            text = _(
                "Year-End Review says {today} today; the year was paid with {booked}",
                today=today,
                booked=booked,
            )
            found = (*found, self.source.note(text))
        return Node(
            _("coefficient {coefficient}", coefficient=number(booked).written), "reason", children=found
        )

    def earned_of_year(self, entry: Entry, *, brief: bool) -> Node:
        """Tell C: the year's commission and corrections, as booked up to an entry."""
        _ = self.source.localised
        kinds = ("commission", "correction")
        found = [
            each
            for each in self.source.before(entry)
            if each.kind in kinds and (each.salesperson_id, each.year) == (entry.salesperson_id, entry.year)
        ]
        said = _("commission of {year}, as booked", year=entry.year)
        lines = tuple(
            Node(each.said, "row", amount=each.amount, places=each.places)
            for each in map(self.source.entry_line, found)
        )
        if brief or not found:
            return Node(said, amount=sum(each.amount for each in found), clause="§3.3.2")
        term = arithmetic.rows(each.amount for each in found)
        return Node(said, term=term, clause="§3.3.2", children=lines)

    def target_bonus(self, entry: Entry, *, brief: bool = False) -> Node:
        """Explain the target bonus: its base times its rate, once the target was met (§3.4.1)."""
        _ = self.source.localised
        earned = self.earned_of_year(entry, brief=brief)
        before = self.source.before(entry)
        adjustment = sum(
            each.amount
            for each in before
            if each.kind == "adjustment"
            and (each.salesperson_id, each.year) == (entry.salesperson_id, entry.year)
        )
        final = plus(amount(earned.figure or 0), amount(adjustment))
        paid = Balances(before).paid(entry.salesperson_id, entry.year)
        terms = {
            "final_commission": final,
            "commission": amount(earned.figure or 0),
            "year_end_payment": arithmetic.larger(0, arithmetic.minus(amount(final.fen), paid)),
        }
        rate = entry.rate or Decimal(0)
        last = Period("year", entry.year)
        base = self.source.policies.word("target_bonus_base", last.last_day)
        fitting = [name for name in (base, *terms) if max(0, times(terms[name].fen, rate)) == entry.amount]
        base = next(iter(fitting), base)
        lines = [
            self.source.rule_line(
                _(
                    "Whoever meets the year's target gets a bonus of {rate} of the year's commission.",
                    rate=percent_text(rate),
                ),
                "§3.4.1",
            ),
            *self._target_met(entry),
            Node(
                _("taken of: {base}", base=_(BASES[base])),
                term=terms[base],
                places=self.source.policy_places("target_bonus_base", last),
            ),
            earned,
        ]
        term = rounded(product(amount(terms[base].fen), percent(rate)))
        return self.source.root(entry, arithmetic.larger(0, term) if term.fen < 0 else term, lines)

    def _target_met(self, entry: Entry) -> list[Node]:
        _ = self.source.localised
        kept = next(
            (
                dict(part.partition("=")[::2] for part in each.reference.split(";"))
                for each in self.source.ledger
                if each.kind in PAYMENTS
                and each.marks_run
                and each.run == entry.run
                and each.salesperson_id == entry.salesperson_id
            ),
            {},
        )
        rows = [
            r
            for r in self.source.inputs.targets
            if (r.salesperson_id, r.year) == (entry.salesperson_id, entry.year)
        ]
        places = tuple(self.source.place("Targets", row.row, "Target") for row in rows)
        if "target" not in kept:
            return []
        said = _(
            "target met: credited net sales {net}, target {target}",
            net=yuan_grouped(fen(kept["net"])),
            target=yuan_grouped(fen(kept["target"])),
        )
        return [Node(said, "reason", clause="§3.4.1", places=places)]

    def lines(self, pay: Payment) -> None:
        """Tell the year end: final commission, bonus, prior years, opening balance, less what was paid."""
        _, kept = self.source.localised, pay.kept
        found = {kind: self.earned.booked(pay, kind) for kind in ("adjustment", "target_bonus")}
        earned = self.earned.to_date(pay)
        adjusted = sum(each.amount for each in found["adjustment"])
        bonus = sum(each.amount for each in found["target_bonus"])
        below = [self.adjustment(each, brief=True) for each in found["adjustment"]]
        pay.lines["Earned To Date"] = pay.lines["Commission"] = earned
        pay.lines["Adjustment"] = Node(
            _("year-end adjustment"), amount=adjusted, clause="§3.3.4", children=tuple(below)
        )
        pay.lines["Final"] = Node(
            _("final commission"),
            term=plus(amount(kept.earned), amount(adjusted)),
            clause="§3.3.4",
            children=(earned, pay.lines["Adjustment"]),
        )
        bonuses = tuple(self.target_bonus(each, brief=True) for each in found["target_bonus"])
        pay.lines["Bonus"] = Node(
            _("target bonus"), amount=bonus, clause="§3.4.1", children=bonuses or self._no_bonus(pay)
        )
        due = plus(*map(amount, (kept.earned + adjusted, bonus, kept.prior, kept.opening)))
        rest = arithmetic.minus(amount(due.fen), pay.paid_before)
        parts = (pay.lines["Final"], pay.lines["Bonus"], pay.lines["Prior-Year"], pay.lines["Opening"])
        owed = Node(_("due for the year"), term=due, clause="§3.3.2", children=parts)
        pay.lines["Carried"] = Node(
            _("carried into the next year"),
            term=arithmetic.minus(amount(due.fen), pay.paid_after),
            clause="§3.3.2",
        )
        rule = self.source.rule_line(
            _(
                "At year end all that was earned and not paid yet is paid: final commission, target bonus, "
                "prior years and opening balance, less what was paid."
            ),
            "§3.3.2",
        )
        below_paid = [rule, owed, pay.lines["Paid Before"], pay.lines["Carried"]]
        pay.lines["Paid"] = self.source.root(pay.entry, pay.paid_of(rest), below_paid)
        pay.lines["Coefficient"] = pay.lines["Adjustment"]
        pay.lines["Target"] = target = self._target(pay)
        pay.lines["Attainment"] = Node(
            _("attainment {attainment}", attainment=_attained(kept)),
            clause="§3.4.1",
            children=(pay.lines["Net Sales"], target),
        )

    def _target(self, pay: Payment) -> Node:
        rows = [r for r in self.source.inputs.targets if (r.salesperson_id, r.year) == (pay.person, pay.year)]
        places = tuple(self.source.place("Targets", row.row, "Target") for row in rows)
        said = self.source.localised("target of {year}", year=pay.year)
        return Node(said, "reason", amount=pay.kept.target, clause="§3.4.1", places=places)

    def _no_bonus(self, pay: Payment) -> tuple[Node, ...]:
        """Tell why there is no bonus: no target, not met, or left before 31 December."""
        _, kept = self.source.localised, pay.kept
        rows = [r for r in self.source.inputs.targets if (r.salesperson_id, r.year) == (pay.person, pay.year)]
        places = tuple(self.source.place("Targets", row.row, "Target") for row in rows)
        details = {"net": yuan_grouped(kept.net_sales), "target": yuan_grouped(kept.target or 0)}
        if kept.target is None:
            said = _("no target on sheet Targets: no bonus")
        elif kept.net_sales < kept.target:
            said = _("target not met: credited net sales {net}, target {target}", **details)
        else:
            said = _("target met, but whoever left before 31 December gets no bonus (policy leaver_bonus)")
        return (Node(said, "reason", clause="§3.4.1", places=places),)


def _attained(kept: Figures) -> str:
    return percent_text(ratio(kept.net_sales, kept.target)) if kept.target else "–"
