"""Which input sheets a run takes out of sight, or puts into it: once, at the run that first has reason to.

Nothing but the ledger says whether an earlier run had the reason already; so what somebody shows or hides by
hand afterwards stays as it is (spec, end of the workbook's description).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.tables import BANDS, OPENING_BALANCES, PRIOR_YEARS, SCORECARD, Inputs

Sight = Literal["visible", "hidden"]
_EPOCH = date(1970, 1, 1)


def sights(inputs: Inputs, before: Sequence[Entry], booked: Sequence[Entry]) -> dict[str, Sight]:
    """Give the sheets (English names) that this run's entries hide or show.

    Prior Years and Opening Balances go out of sight with the first year end: from then on the ledger knows
    coefficient, bonus and balance. Scorecard and Bands come into sight with the first run whose period
    reaches the maintenance log's first row.
    """
    found: dict[str, Sight] = {}
    if any(_year_ends(booked)) and not any(_year_ends(before)):
        found |= dict.fromkeys((PRIOR_YEARS.name, OPENING_BALANCES.name), "hidden")
    if len(inputs.maintenance):
        first = _EPOCH + timedelta(days=int(inputs.maintenance.date.min()))
        if _latest_day(booked) >= first > _latest_day(before):
            found |= dict.fromkeys((SCORECARD.name, BANDS.name), "visible")
    return found


def _year_ends(entries: Iterable[Entry]) -> Iterator[bool]:
    return (entry.kind == "year_end_payment" and entry.marks_run for entry in entries)


def _latest_day(entries: Iterable[Entry]) -> date:
    periods = {entry.period for entry in entries if entry.marks_run}
    return max((Period.parse(period).last_day for period in periods), default=date.min)
