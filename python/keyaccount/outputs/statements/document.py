"""A statement in words: headings, tables, the chain of the settlement and the notes, in one language.

The layout is the spec's 个人提成对账单: head, 一 commission, 二 clawbacks, 三 settlement, 四 notes, foot.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from keyaccount.money import number_text
from keyaccount.outputs.statements.figures import Statement
from keyaccount.outputs.statements.paper import Bars, Link, Paper
from keyaccount.outputs.statements.tables import (
    clawback_table,
    detail_table,
    objection_table,
    reason_table,
)
from keyaccount.periods import Period, first_day
from keyaccount.problems import N_
from keyaccount.translation import Language, localised

_SHORT_DIGEST = 12
_MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬"
_PERIODS = {
    "month": N_("{year}-{number:02d}"),
    "quarter": N_("Quarter {number} of {year}"),
    "year": N_("Year {year}"),
}


def period_text(period: Period, language: Language) -> str:
    """Give a period as people say it: 2026年第1季度."""
    return localised(_PERIODS[period.kind], language, year=period.year, number=period.number)


def document(statement: Statement, language: Language, mark: str = "") -> Paper:
    """Set a statement in words; ``mark`` stands across its head, such as that the period is not approved."""
    now = statement.figures
    said = _Said(statement, language)
    return Paper(
        language=language,
        title=said.localised("Commission statement"),
        company=statement.company,
        subtitle=period_text(statement.period, language),
        unit=said.localised("in yuan, before tax"),
        mark=mark,
        head=(
            (said.localised("Name"), statement.name),
            (said.localised("Salesperson ID"), statement.salesperson_id),
            (said.localised("Department"), statement.department or "–"),
            (said.localised("Period"), said.days()),
        ),
        highlights=(
            (said.localised("Commission"), now.commission),
            (said.localised("Payable this period"), now.paid),
            (said.localised("Withheld until year end"), now.withheld),
            (said.localised("Carried (to be deducted)"), now.carried),
        ),
        tables=(
            detail_table(statement, language),
            reason_table(statement, language),
            clawback_table(statement, language),
        ),
        chain_heading=said.localised("3. Settlement"),
        chain=tuple(said.year_chain() if statement.year_end else said.chain()),
        bars=said.bars(),
        notes_heading=said.localised("4. Notes"),
        notes=tuple(said.notes()),
        signatures=(
            said.localised("Confirmed by the salesperson (signature, date)"),
            said.localised("Prepared by"),
            said.localised("Reviewed by"),
        ),
        foot=said.localised(
            "Run {run} · ledger {digest}", run=statement.run, digest=statement.digest[:_SHORT_DIGEST]
        ),
        made_on=statement.booked_on.isoformat(),
        after=tuple(filter(None, (objection_table(statement, language),))),
    )


class _Said:
    """One statement in one language."""

    def __init__(self, statement: Statement, language: Language) -> None:
        self.statement, self.language = statement, language

    def localised(self, template: str, /, **details: object) -> str:
        return localised(template, self.language, **details)

    def days(self) -> str:
        period = self.statement.period
        first = first_day(period.first_month)
        return self.localised("{first} to {last}", first=first.isoformat(), last=period.last_day.isoformat())

    def chain(self) -> Iterator[Link]:
        """Chain a month's or a quarter's figures (§3.3): each follows from those above it."""
        one, now = self.statement, self.statement.figures
        rate = self._rate(one.advance_rate)
        part = self.localised("② at each month's advance rate")
        if rate:
            part = f"② × {rate}"
        return _marked(
            (self.localised("Opening balance"), self.localised("from earlier years"), now.opening, False),
            (
                self.localised("Earned to date"),
                self.localised("this year's commission so far"),
                now.earned,
                False,
            ),
            (self.localised("Of it to be advanced"), part, one.advanced, False),
            (
                self.localised("Prior-year corrections"),
                self.localised("this year so far (§3.3.3)"),
                now.prior,
                False,
            ),
            (self.localised("Due to date"), "① + ③ + ④", now.due, False),
            (self.localised("Paid before"), self.localised("this year"), one.paid_before, False),
            (self.localised("Payable this period"), self._paid(), now.paid, True),
            (self.localised("Withheld until year end"), "① + ② + ④ − ⑥ − ⑦ − ⑨", now.withheld, False),
            (
                self.localised("Carried (to be deducted)"),
                self.localised("what ⑤ − ⑥ − ⑦ is below 0"),
                now.carried,
                False,
            ),
        )

    def _paid(self) -> str:
        one, now = self.statement, self.statement.figures
        rest = now.due - one.paid_before
        entries = self._entries()
        if now.paid == rest:
            return "⑤ − ⑥" + entries
        if now.paid == max(0, rest):
            return self.localised("⑤ − ⑥, not below 0") + entries
        return self.localised("the instalment of ⑤ − ⑥ that is due") + entries

    def _entries(self) -> str:
        listed = ", ".join(f"#{entry}" for entry in self.statement.payment_entries)
        return self.localised(" (ledger {entries})", entries=listed)

    def year_chain(self) -> Iterator[Link]:
        """Chain a year end's figures (§3.3.2, §3.3.4, §3.4.1)."""
        one, now, end = self.statement, self.statement.figures, self.statement.year_end
        assert end is not None  # noqa: S101 a year's statement has them
        coefficient = number_text(end.coefficient)
        return _marked(
            (self.localised("Opening balance"), self.localised("from earlier years"), now.opening, False),
            (
                self.localised("Commission of the year"),
                self.localised("own-year sales, corrections included"),
                now.earned,
                False,
            ),
            (
                self.localised("Year-end adjustment"),
                self.localised("② × coefficient {coefficient} − ②", coefficient=coefficient),
                end.adjustment,
                False,
            ),
            (self.localised("Final commission"), "② + ③", end.final, False),
            (self.localised("Target bonus"), self._bonus(), end.bonus or 0, False),
            (
                self.localised("Prior-year corrections"),
                self.localised("this year so far (§3.3.3)"),
                now.prior,
                False,
            ),
            (self.localised("Due for the year"), "① + ④ + ⑤ + ⑥", end.total, False),
            (self.localised("Paid before"), self.localised("this year"), one.paid_before, False),
            (self.localised("Payable this period"), self._year_paid(), now.paid, True),
            (
                self.localised("Withheld until year end"),
                self.localised("paid out with ⑨"),
                now.withheld,
                False,
            ),
            (
                self.localised("Carried (to be deducted)"),
                self.localised("what ⑦ − ⑧ − ⑨ is below 0"),
                now.carried,
                False,
            ),
        )

    def _year_paid(self) -> str:
        one, now, end = self.statement, self.statement.figures, self.statement.year_end
        rest = end.total - one.paid_before if end else 0
        return ("⑦ − ⑧" if now.paid == rest else self.localised("⑦ − ⑧, not below 0")) + self._entries()

    def _bonus(self) -> str:
        end = self.statement.year_end
        if end is None or end.target is None:
            return self.localised("no target was set")
        attainment = self._rate(end.attainment)
        if end.bonus is None:
            return self.localised("not earned: {attainment} of the target", attainment=attainment)
        return self.localised("earned: {attainment} of the target (§3.4.1)", attainment=attainment)

    def _rate(self, rate: Decimal | None) -> str:
        return "" if rate is None else f"{number_text(rate * 100)}%"

    def bars(self) -> Bars:
        first = self.statement.period.year * 12
        return Bars(
            self.localised("The year so far, by month"),
            tuple(f"{month % 12 + 1:02d}" for month in range(first, first + len(self.statement.months))),
            (self.localised("Commission earned"), self.localised("Paid out")),
            tuple(zip(*self.statement.months, strict=True)),
        )

    def notes(self) -> Iterator[str]:
        """Explain the figures, and how and until when to object."""
        one = self.statement
        yield self.localised(
            "All amounts are in yuan before tax; income tax is deducted when wages are paid. "
            "Sales are without VAT."
        )
        yield self.localised(
            "Net sales = sales − discount − returns − bad debts − later discounts + recoveries (§3.1). "
            "Base = net sales × share; commission = base × rate, rounded to the fen per month, account "
            "and rate (§3.2)."
        )
        if one.year_end is None:
            yield self.localised(
                "The part of the commission that is not advanced is withheld and paid after the year end "
                "(§3.3.2). A return, bad debt or later discount takes back the commission at the original "
                "rate; the part already paid is taken from the next payments (§3.3.3)."
            )
        if one.changed_net or one.changed_commission or any(row.parts is None for row in one.rows):
            yield self.localised(
                "Sales data behind this period has changed since run {run}. The figures are those that "
                "were booked; a later run books the difference as a correction.",
                run=one.run,
            )
        yield self.localised(
            "If you do not agree, object in writing within {days} days, by {until}, and name the ledger "
            "entry (#) that you mean; the objection is recorded and answered in writing.",
            days=one.objection_days,
            until=one.object_until.isoformat(),
        )


def _marked(*links: tuple[str, str, int, bool]) -> Iterator[Link]:
    for mark, (name, rule, amount, strong) in zip(_MARKS, links, strict=False):
        yield Link(mark, name, rule, amount, strong)
