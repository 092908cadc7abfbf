"""三、结算汇总: a period's figures as a chain in which each follows from those above it (§3.3, §3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keyaccount.money import number_text, yuan_grouped
from keyaccount.outputs.statements.figures import Statement
from keyaccount.outputs.statements.paper import Link
from keyaccount.translation import Language, localised

_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬"
Figure = tuple[str, str, int]
"""A figure's name, how it comes about, fen."""


def percent(rate: Decimal | None) -> str:
    """Write a rate as a percentage; nothing for none."""
    return "" if rate is None else f"{number_text(rate * 100)}%"


class Chain:
    """The chain of one statement, in one language."""

    def __init__(self, statement: Statement, language: Language) -> None:
        """Keep the statement and the language."""
        self.statement, self.language = statement, language

    def localised(self, template: str, /, **details: object) -> str:
        """Give a text in the statement's language."""
        return localised(template, self.language, **details)

    def links(self) -> Iterator[Link]:
        """Give the chain; what the period pays stands out."""
        figures = self._year() if self.statement.year_end else self._period()
        payable = self.localised("Payable this period")
        for mark, (name, rule, amount) in zip(_MARKS, figures, strict=False):
            yield Link(mark, name, rule, amount, strong=name == payable)

    def _period(self) -> Iterator[Figure]:
        """Give a month's or a quarter's figures (§3.3)."""
        one, now, _ = self.statement, self.statement.figures, self.localised
        yield _("Opening balance"), _("from earlier years"), now.opening
        yield _("Earned to date"), _("this year's commission so far"), now.earned
        yield self._advanced()
        yield _("Prior-year corrections"), _("this year so far (§3.3.3)"), now.prior
        yield _("Due to date"), "① + ③ + ④", now.due
        yield _("Paid before"), _("this year"), one.paid_before
        yield _("Payable this period"), self._paid(now.due, "⑤ − ⑥"), now.paid
        if one.left:
            yield _("Withheld until year end"), _("nothing: all is paid on leaving"), now.withheld
            yield _("Carried (to be deducted)"), _("what ⑤ − ⑥ − ⑦ is below 0: to be recovered"), now.carried
            return
        yield _("Withheld until year end"), "① + ② + ④ − ⑥ − ⑦ − ⑨", now.withheld
        yield _("Carried (to be deducted)"), _("what ⑤ − ⑥ − ⑦ is below 0"), now.carried

    def _advanced(self) -> Figure:
        one, _ = self.statement, self.localised
        if one.left:
            rule = _("all of ②, with coefficient and target bonus (§Controls)")
            return _("Of it payable on leaving"), rule, one.advanced
        rule = f"② × {percent(one.advance_rate)}"
        if one.advance_rate is None:
            rule = _("② at each month's advance rate")
        return _("Of it to be advanced"), rule, one.advanced

    def _year(self) -> Iterator[Figure]:
        """Give a year end's figures (§3.3.2, §3.3.4, §3.4.1)."""
        one, now, _ = self.statement, self.statement.figures, self.localised
        end = one.year_end
        assert end is not None  # noqa: S101 a year's statement has them
        coefficient = number_text(end.coefficient)
        yield _("Opening balance"), _("from earlier years"), now.opening
        yield _("Commission of the year"), _("own-year sales, corrections included"), now.earned
        adjusted = _("② × coefficient {coefficient} − ②", coefficient=coefficient)
        yield _("Year-end adjustment"), adjusted, end.adjustment
        yield _("Final commission"), "② + ③", end.final
        yield _("Target bonus"), self._bonus(), end.bonus or 0
        yield _("Prior-year corrections"), _("this year so far (§3.3.3)"), now.prior
        yield _("Due for the year"), "① + ④ + ⑤ + ⑥", end.total
        yield _("Paid before"), _("this year"), one.paid_before
        yield _("Payable this period"), self._paid(end.total, "⑦ − ⑧"), now.paid
        yield _("Withheld until year end"), _("paid out with ⑨"), now.withheld
        carried = _("what ⑦ − ⑧ − ⑨ is below 0: to be recovered") if one.left else ""
        yield _("Carried (to be deducted)"), carried or _("what ⑦ − ⑧ − ⑨ is below 0"), now.carried

    def _bonus(self) -> str:
        end, _ = self.statement.year_end, self.localised
        if end is None or end.target is None:
            return _("no target was set")
        attainment = percent(end.attainment)
        if end.bonus is None:
            return _("not earned: {attainment} of the target", attainment=attainment)
        return _("earned: {attainment} of the target (§3.4.1)", attainment=attainment)

    def _paid(self, due: int, difference: str) -> str:
        """Say how what is paid follows from ``difference`` of two marks, and where the ledger has it."""
        one, _ = self.statement, self.localised
        rest, paid = due - one.paid_before, one.figures.paid
        if paid == rest:
            said = difference
        elif paid == max(0, rest):
            said = _("{difference}, not below 0", difference=difference)
        else:
            said = _("the part of {difference} that is due now", difference=difference)
        entries = ", ".join(f"#{entry}" for entry in one.payment_entries)
        said += _(" (ledger {entries})", entries=entries)
        if one.paid_outside:
            said += _("; of it paid elsewhere already: {amount}", amount=yuan_grouped(one.paid_outside))
        return said
