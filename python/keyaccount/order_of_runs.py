"""§3.3, "Runs and their order": which run may follow, and which is refused."""

from __future__ import annotations

from keyaccount.company import Company
from keyaccount.ledger import Balances
from keyaccount.periods import Period, month_text, to_number
from keyaccount.problems import Refused


def refuse_out_of_order(company: Company, balances: Balances, period: Period) -> None:
    """Raise ``Refused`` for a run that the plan's order of runs does not allow."""
    closed = balances.closed_through(period.year)
    if period.kind == "month":
        _refuse_month(balances, period, closed)
    elif period.kind == "quarter":
        for number in range(1, period.number):
            earlier = Period("quarter", period.year, number)
            if earlier.last_month > closed and _holds_lines(company, earlier):
                raise Refused(
                    "{quarter} holds sales and is not settled.",
                    "Settle {quarter} first.",
                    quarter=earlier,
                )
    elif closed < period.last_month:
        raise Refused(
            "{quarter} is not settled.",
            "Settle {quarter} first (even when it is empty).",
            quarter=Period("quarter", period.year, 4),
        )


def _refuse_month(balances: Balances, period: Period, closed: int) -> None:
    advanced = balances.last_advanced
    if period.last_month <= closed:
        raise Refused(
            "{period} lies in {quarter}, which is closed.",
            "Run the next open month: it books what has changed as a correction.",
            period=period,
            quarter=Period.quarter_of(period.last_month),
        )
    if advanced is not None and period.last_month < advanced:
        raise Refused(
            "{period} comes before {last}, the last month that was advanced.",
            "Run {last} again, or a later month: the sums are cumulative.",
            period=period,
            last=month_text(advanced),
        )


def _holds_lines(company: Company, quarter: Period) -> bool:
    """Tell whether a quarter has lines; those of before the plan began do not count (§Controls)."""
    first = to_number(Period.of_month(quarter.first_month - 1).last_day)
    lines = company.lines
    inside = (lines.date > first) & (lines.date <= to_number(quarter.last_day))
    return bool((inside & (lines.origin >= to_number(company.credits.plan_start))).any())
