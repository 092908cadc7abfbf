"""A statement in words: headings, tables, the chain of the settlement and the notes, in one language.

The layout is the spec's 个人提成对账单: head, 一 commission, 二 clawbacks, 三 settlement, 四 notes, foot.
"""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.clauses.approvals import Approval
from keyaccount.outputs.looked import approval_said
from keyaccount.outputs.statements.chain import Chain
from keyaccount.outputs.statements.figures import Statement
from keyaccount.outputs.statements.objections import objection_table
from keyaccount.outputs.statements.paper import Bars, Paper
from keyaccount.outputs.statements.tables import (
    clawback_table,
    detail_table,
    reason_table,
)
from keyaccount.periods import Period, first_day
from keyaccount.problems import N_
from keyaccount.translation import Language, localised

_SHORT_DIGEST = 12
_PERIODS = {
    "month": N_("{year}-{number:02d}"),
    "quarter": N_("Quarter {number} of {year}"),
    "year": N_("Year {year}"),
}


def period_text(period: Period, language: Language) -> str:
    """Give a period as people say it: 2026年第1季度."""
    return localised(_PERIODS[period.kind], language, year=period.year, number=period.number)


def document(statement: Statement, language: Language, approval: Approval) -> Paper:
    """Set a statement in words; where the period is not approved, that stands across its head (§Controls)."""
    now = statement.figures
    said = _Said(statement, language)
    return Paper(
        language=language,
        title=said.localised("Commission statement"),
        company=statement.company,
        subtitle=period_text(statement.period, language),
        unit=said.localised("in yuan, before tax"),
        mark="" if approval.given else approval_said(approval, language),
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
        chain=tuple(Chain(statement, language).links()),
        bars=said.bars(),
        notes_heading=said.localised("4. Notes"),
        notes=tuple(said.notes()),
        signatures=(
            said.localised("Confirmed by the salesperson (signature, date)"),
            said.localised("Prepared by"),
            said.localised("Reviewed by"),
        ),
        foot=said.foot(approval),
        made_on=statement.booked_on.isoformat(),
        after=tuple(filter(None, (objection_table(statement, language),))),
    )


class _Said:
    """One statement in one language."""

    def __init__(self, statement: Statement, language: Language) -> None:
        self.statement, self.language = statement, language

    def localised(self, template: str, /, **details: object) -> str:
        return localised(template, self.language, **details)

    def foot(self, approval: Approval) -> str:
        one = self.statement
        said = self.localised("Run {run} · ledger {digest}", run=one.run, digest=one.digest[:_SHORT_DIGEST])
        return f"{said} · {approval_said(approval, self.language)}" if approval.given else said

    def days(self) -> str:
        period = self.statement.period
        first = first_day(period.first_month)
        return self.localised("{first} to {last}", first=first.isoformat(), last=period.last_day.isoformat())

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
        if one.year_end is None and not one.left:
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
