"""Which period is due next for a command: what a run proposes (§3.3, "Runs and their order")."""

from __future__ import annotations

from collections.abc import Sequence

from keyaccount.ledger import Balances, Entry
from keyaccount.periods import Period, from_number, month_of
from keyaccount.policies import ALWAYS, Policies
from keyaccount.tables import Inputs

_YEAR_MONTHS = 12


def next_due(command: str, inputs: Inputs, ledger: Sequence[Entry]) -> Period | None:
    """Propose the period that ``advance``, ``settle`` or ``year-end`` has to run next; None: nothing yet.

    A month: the one after the last month advanced or closed. A quarter: the earliest open one of which months
    were advanced, else the one after the last closed. A year: the earliest that was begun and is not
    finished. A leaver's exit run, whose Period is the month of Left, moves none of them on. Before the first
    run each begins where the plan does: with ``plan_start``, else with the first sale after the years that
    stand on Prior Years.
    """
    marks = [entry for entry in ledger if entry.marks_run and entry.kind != "exit_payment"]
    runs = [Period.parse(entry.period) for entry in marks]
    first = _first_month(inputs)
    match command:
        case "advance":
            month = max((period.last_month for period in runs), default=-1) + 1 or first
            return None if month is None else Period.of_month(month)
        case "settle":
            return _quarter(runs, first)
        case _:
            begun = {period.year for period in runs} - Balances(ledger).finished
            if begun:
                return Period("year", min(begun), 1)
            finished = max((period.year for period in runs), default=None)
            if finished is not None:
                return Period("year", finished + 1, 1)
            return None if first is None else Period("year", first // _YEAR_MONTHS, 1)


def next_of_any(inputs: Inputs, ledger: Sequence[Entry]) -> Period | None:
    """Propose the run that is due next: after a quarter's last month the quarter, after Q4 the year.

    A month otherwise; None: nothing yet.
    """
    due = [next_due(command, inputs, ledger) for command in ("advance", "settle", "year-end")]
    month, quarter, year = due
    if month is None or quarter is None or year is None:
        return month
    if year.last_month < quarter.first_month:
        return year
    return quarter if quarter.last_month < month.first_month else month


def _quarter(runs: Sequence[Period], first: int | None) -> Period | None:
    closed = {period for period in runs if period.kind == "quarter"}
    last_closed = max((period.last_month for period in closed), default=-1)
    advanced = [p.last_month for p in runs if p.kind == "month" and p.last_month > last_closed]
    month = min(advanced, default=last_closed + 1 or first)
    return None if month is None else Period.quarter_of(month)


def _first_month(inputs: Inputs) -> int | None:
    """Give the month with which the plan begins in this workbook."""
    if (start := Policies(inputs.policies).plan_start()) != ALWAYS:
        return month_of(start)
    settled_elsewhere = max((row.year for row in inputs.prior_years), default=0)
    months = (month_of(from_number(day)) for day in sorted(set(inputs.sales.date.tolist())))
    return next((month for month in months if month // _YEAR_MONTHS > settled_elsewhere), None)
