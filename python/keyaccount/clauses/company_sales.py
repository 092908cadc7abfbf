"""§2.1: the checks of the company's net sales, of which an account's share is taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from keyaccount.periods import Period, month_text
from keyaccount.problems import Listed, Problem, warning
from keyaccount.tables import Inputs


def check_company_sales(
    inputs: Inputs, net_by_month: Mapping[int, int], period_end: date | None
) -> list[Problem]:
    """Warn of Company Sales below the workbook's own net sales, and of a tested year without all months."""
    return [*_below_own(inputs, net_by_month), *_lacking_months(inputs, net_by_month, period_end)]


def _lacking_months(
    inputs: Inputs, net_by_month: Mapping[int, int], period_end: date | None
) -> Iterator[Problem]:
    """A tested year lacks months that have sales here: the shares come out too high (§2.1)."""
    there = {row.month: row.row for row in reversed(inputs.company_sales)}
    latest = period_end.year if period_end else max(net_by_month, default=0) // 12
    for year in sorted({month // 12 for month in there if month // 12 < latest}):
        lacking = [month for month in sorted(net_by_month) if month // 12 == year and month not in there]
        if lacking:
            first = min(month for month in there if month // 12 == year)
            yield warning(
                "Company Sales",
                there[first],
                "Month",
                month_text(first),
                "The company's net sales of {year} lack months in which accounts here have sales: {months}. "
                "The shares of the Key Account Review come out too high.",
                "Add the missing months of {year}.",
                year=year,
                months=Listed(map(month_text, lacking)),
            )


def _below_own(inputs: Inputs, net_by_month: Mapping[int, int]) -> list[Problem]:
    return [
        warning(
            "Company Sales",
            row.row,
            "Net Sales",
            row.net_sales // 100,
            "The company's net sales of {month} are below the net sales of the accounts listed here.",
            "Correct the month's Net Sales: it is the whole company's.",
            month=Period.of_month(row.month),
        )
        for row in inputs.company_sales
        if row.net_sales < net_by_month.get(row.month, 0)
    ]
