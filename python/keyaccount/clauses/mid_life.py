"""§Controls: start in mid-life, and exits.

What the plan never paid is not taken back; what was paid elsewhere is not paid again.

Policy ``plan_start``: origins before it earn nothing and reverse nothing. Sheet Payments Made: what was
paid for this plan outside the program. Whoever was settled on leaving is gone, until they join again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from keyaccount.clauses.net_sales import Lines, Reversals
from keyaccount.clauses.rates import Credits
from keyaccount.clauses.rows import unknown_salespeople
from keyaccount.ledger import RUN_REFERENCE, Balances, Entry, Outside
from keyaccount.periods import Period, first_day, from_number, month_of, month_text, to_number
from keyaccount.policies import ALWAYS
from keyaccount.problems import Problem, error, warning
from keyaccount.tables import Inputs, PaymentRow, SalespersonRow


def before_the_plan(
    lines: Lines, reversals: Reversals, credits: Credits, inputs: Inputs, period_end: date | None
) -> list[Problem]:
    """List what ``plan_start`` leaves out: the sales with their count, each reversal, part-year targets.

    Lines of accounts without a tier earn nothing anyway; lines dated after ``period_end`` wait.
    """
    if credits.plan_start == ALWAYS:
        return []
    start = to_number(credits.plan_start)
    last = 2**31 - 1 if period_end is None else to_number(period_end)
    tiered = np.array([bool(credit.tier) for credit in credits.segments])
    sold = (lines.type == 0) & (lines.origin < start) & (lines.date <= last)
    sold[sold] = tiered[credits.segments_of(lines.account[sold], lines.origin[sold])]
    problems = [_sales(int(lines.counted(sold).sum()), credits.plan_start)] if sold.any() else []
    taken = (reversals.origin < start) & (reversals.date <= last)
    taken[taken] = tiered[credits.segments_of(reversals.account[taken], reversals.origin[taken])]
    places = np.flatnonzero(taken).tolist()
    problems += [_reversal(reversals, index, credits.plan_start) for index in places]
    return [*problems, *_targets(inputs, credits.plan_start)]


def _sales(count: int, start: date) -> Problem:
    return warning(
        "Sales",
        0,
        "Date",
        "",
        "Sales before the plan began on {start} earn nothing (lines: {count}).",
        "Nothing to do; correct policy plan_start if the plan began earlier.",
        start=start,
        count=count,
    )


def _reversal(reversals: Reversals, index: int, start: date) -> Problem:
    origin = from_number(int(reversals.origin[index]))
    return warning(
        "Adjustments",
        int(reversals.row[index]),
        "Date",
        from_number(int(reversals.date[index])),
        "{adjustment} goes back to {origin}, before the plan began on {start}: nothing is taken back.",
        "Nothing to do: what was never paid is not deducted. Correct plan_start if the plan began earlier.",
        adjustment=str(reversals.adjustment_id[index]),
        origin=origin,
        start=start,
    )


def _targets(inputs: Inputs, start: date) -> Iterator[Problem]:
    """A year's target is compared with what the plan credits: in its first year, from its start on."""
    if (start.month, start.day) == (1, 1):
        return
    for row in inputs.targets:
        if row.year == start.year:
            yield warning(
                "Targets",
                row.row,
                "Target",
                row.target // 100,
                "The target of {person} is compared with net sales from {start} on.",
                "Enter the target for that part of the year if this one is for the whole year.",
                person=row.salesperson_id,
                start=start,
            )


def check_first_run(inputs: Inputs, lines: Lines, credits: Credits, period: Period) -> Iterator[Problem]:
    """Warn where the workbook's first run pays earlier months too, and nothing says how those were paid."""
    if inputs.payments_made:
        return
    year = Period("year", period.year)
    first, last = to_number(first_day(year.first_month)), to_number(first_day(period.first_month))
    earlier = (lines.date >= first) & (lines.date < last) & (lines.origin >= to_number(credits.plan_start))
    used = credits.segments_of(lines.account[earlier], lines.origin[earlier])
    tiered = np.array([bool(credit.tier) for credit in credits.segments])
    days = lines.date[earlier][tiered[used]] if len(used) else used
    if len(days):
        yield warning(
            "Payments Made",
            0,
            "Period",
            "",
            "{period} is the first run in this workbook: it pays what was earned since {month} as well.",
            "If that was paid elsewhere, enter it on Payments Made, or the plan's first day in plan_start.",
            period=period,
            month=month_text(month_of(from_number(int(days.min())))),
        )


# --- Payments Made --------------------------------------------------------------------------------


def unbooked_payments(
    rows: Sequence[PaymentRow], balances: Balances, year: int
) -> Iterator[tuple[Outside, int]]:
    """Give what was paid outside for a year and is not booked yet, by person, Period and voucher, in fen.

    The sum of the sheet's rows less what the ledger holds for them; a row that is gone gives it back.
    """
    wanted: dict[Outside, int] = defaultdict(int)
    for row in rows:
        wanted[Outside(row.salesperson_id, row.period, row.voucher)] += row.amount
    for key in sorted(wanted.keys() | balances.outside.keys()):
        difference = wanted[key] - balances.outside.get(key, 0)
        if Period.parse(key.period).year == year and difference:
            yield key, difference


def check_payments_made(rows: Sequence[PaymentRow], people: frozenset[str]) -> Iterator[Problem]:
    """List payments to persons unknown, vouchers that read like a run's reference, and rows there twice."""
    yield from unknown_salespeople("Payments Made", ((row.row, row.salesperson_id) for row in rows), people)
    seen: dict[tuple[str, str, str, int], int] = {}
    for row in rows:
        if row.voucher.startswith(RUN_REFERENCE):
            yield error(
                "Payments Made",
                row.row,
                "Voucher",
                row.voucher,
                "A voucher cannot begin with {start}, by which the ledger knows its own runs.",
                "Write the voucher's number in another way.",
                start=RUN_REFERENCE,
            )
        first = seen.setdefault((row.salesperson_id, row.period, row.voucher, row.amount), row.row)
        if first != row.row:
            yield warning(
                "Payments Made",
                row.row,
                "Voucher",
                row.voucher,
                "This payment to {person} for {period} is there twice (also in row {first}); both count.",
                "Delete one of the rows if it was paid once.",
                person=row.salesperson_id,
                period=row.period,
                first=first,
            )


def check_against_runs(rows: Sequence[PaymentRow], balances: Balances) -> Iterator[Problem]:
    """Warn of payments for a period that this workbook has paid itself, and of a finished year's."""
    waiting = {
        key for year in sorted(balances.finished) for key, _ in unbooked_payments(rows, balances, year)
    }
    for row in rows:
        period = Period.parse(row.period)
        booked = balances.runs.get((period, row.salesperson_id))
        key = Outside(row.salesperson_id, row.period, row.voucher)
        if key in waiting:
            yield warning(
                "Payments Made",
                row.row,
                "Period",
                row.period,
                "{year} is finished: this payment to {person} is not as booked and changes nothing any more.",
                "Put the row back as it was; settle the difference in the open year, with its own Period.",
                year=period.year,
                person=row.salesperson_id,
            )
        elif booked is not None and booked.amount > 0 and key not in balances.outside:
            yield warning(
                "Payments Made",
                row.row,
                "Period",
                row.period,
                "The run of {period} has paid {person} already; this sheet is for what was paid elsewhere.",
                "Delete the row if it is the same payment: what stands here is deducted from pay.",
                period=row.period,
                person=row.salesperson_id,
            )


# --- exits ----------------------------------------------------------------------------------------


def gone(balances: Balances, salespeople: Sequence[SalespersonRow]) -> dict[str, Entry]:
    """Give the exit payment of each person settled on leaving who has not joined again since."""
    joined = {row.salesperson_id: row.joined for row in salespeople}
    return {
        person: entry
        for person, entry in balances.exits.items()
        if (day := joined.get(person)) is None or day <= Period.parse(entry.period).last_day
    }
