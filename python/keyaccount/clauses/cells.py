"""§3.2, the commission cell: where credit is divided and where rounding happens.

Lines are grouped by (month, origin month, account, credit vector), summed to the fen, divided among
the salespeople by largest remainder, and added up per cell (month, origin month, account,
salesperson, rate); commission = round(credited net × rate). Every later figure is a sum of cells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.net_sales import Lines, months_of
from keyaccount.clauses.rates import Credit, Credits
from keyaccount.clauses.sums import sums_by
from keyaccount.ledger import CellKey
from keyaccount.money import apportion, times
from keyaccount.periods import to_number
from keyaccount.problems import N_, Problem, TierName, error, warning
from keyaccount.tables import Inputs


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's credited net and commission in fen, and the tiers at the origin (joined with ``/``)."""

    net: int
    commission: int
    tier: str = ""


Vector = tuple[tuple[str, Fraction, Decimal], ...]


class Group(NamedTuple):
    """What lines are summed by before the credit is divided."""

    month: int
    origin: int
    account_id: str
    vector: Vector


def groups_of(lines: Lines, credits: Credits) -> dict[Group, tuple[int, frozenset[str]]]:
    """Sum the lines of each group to the fen; beside each sum the tiers at the origin."""
    if not len(lines):
        return {}
    segment = credits.segments_of(lines.account, lines.origin)
    keys, sums = sums_by([months_of(lines.date), months_of(lines.origin), segment], lines.fen)
    groups: dict[Group, tuple[int, frozenset[str]]] = {}
    for month, origin, place, net in zip(*(each.tolist() for each in (*keys, sums)), strict=True):
        credit = credits.segments[place]
        group = Group(month, origin, credit.account_id, credit.vector)
        before, tiers = groups.get(group, (0, frozenset()))
        groups[group] = (before + net, tiers | {credit.tier} - {""})
    return groups


def cells_of(groups: dict[Group, tuple[int, frozenset[str]]]) -> dict[CellKey, Cell]:
    """Divide each group's net by share and add up per cell; commission = round(credited net × rate)."""
    nets: dict[CellKey, int] = defaultdict(int)
    tiers: dict[CellKey, set[str]] = defaultdict(set)
    for group, (net, names) in groups.items():
        parts = apportion(net, [share for _, share, _ in group.vector]) if group.vector else []
        for (person, _, rate), part in zip(group.vector, parts, strict=True):
            key = CellKey(group.month, group.origin, group.account_id, person, rate)
            nets[key] += part
            tiers[key] |= names
    return {
        key: Cell(nets[key], times(nets[key], key.rate), "/".join(sorted(tiers[key]))) for key in sorted(nets)
    }


def check_credits(
    lines: Lines, credits: Credits, inputs: Inputs, period_end: date | None = None
) -> list[Problem]:
    """List lines whose origin day lacks a rate or an assignment; report accounts without a tier.

    A sale of an account that has a tier and no assignment is an error, not a silent zero (§3.2); one of
    an account without a tier earns nothing and is a warning; so is one that is credited to somebody
    who had left or had not joined (§3.3, leaver). Warnings of lines dated after ``period_end`` wait.
    """
    if not len(lines):
        return []
    used = credits.segments_of(lines.account, lines.origin)
    counts = np.zeros(len(credits.segments), np.int64)
    np.add.at(counts, used, lines.counted())
    due = np.ones(len(lines), np.bool_) if period_end is None else lines.date <= to_number(period_end)
    problems: list[Problem] = []
    for index in np.flatnonzero(counts).tolist():
        credit = credits.segments[index]
        if credits.too_early(credit):
            continue
        if credit.tier and credit.tier_rate is None:
            problems.append(_no_rate(credit, index, credits, inputs))
        elif credit.tier and not credit.parts:
            problems.append(_unassigned(credit, index, int(counts[index]), credits, inputs))
    reported = np.zeros(len(credits.segments), np.int64)
    np.add.at(reported, used[due], lines.counted(due))
    problems += _without_tier(reported, credits, inputs)
    sold = np.bincount(used[due & (lines.type == 0)], minlength=len(credits.segments))
    problems += _not_employed(sold, credits, inputs)
    return problems


class _Place(NamedTuple):
    """The first row whose origin lies in a segment."""

    table: str
    row: int
    day: str


def _place(index: int, credits: Credits, inputs: Inputs) -> _Place:
    credit = credits.segments[index]
    following = credits.segments[index + 1] if index + 1 < len(credits.segments) else None
    ends = following is not None and following.account_id == credit.account_id
    start = to_number(credit.start)
    end = to_number(following.start if ends and following is not None else date.max)
    for table, rows, days in (
        ("Sales", inputs.sales, inputs.sales.date),
        ("Adjustments", inputs.adjustments, inputs.adjustments.original_date),
        ("Adjustments", inputs.adjustments, inputs.adjustments.date),
    ):
        found = np.flatnonzero((rows.account_id == credit.account_id) & (days >= start) & (days < end))
        if len(found):
            day = np.datetime64(int(days[found[0]]), "D")
            return _Place(table, int(rows.row[found[0]]), str(day))
    return _Place("Sales", 0, str(credit.start))


def _no_rate(credit: Credit, index: int, credits: Credits, inputs: Inputs) -> Problem:
    place = _place(index, credits, inputs)
    return error(
        place.table,
        place.row,
        "Date",
        place.day,
        "Account {account} has tier {tier} on {day}, but the tier has no rate on that day.",
        "Add the rate to sheet Tiers with an Effective From on or before that day.",
        rests_on=("Tiers",),
        account=credit.account_id,
        tier=TierName(credit.tier),
        day=place.day,
    )


def _unassigned(credit: Credit, index: int, count: int, credits: Credits, inputs: Inputs) -> Problem:
    place = _place(index, credits, inputs)
    return error(
        place.table,
        place.row,
        "Account ID",
        credit.account_id,
        "Account {account} has tier {tier} on {day}, but nobody is assigned to it (lines: {count}).",
        "Add the salesperson and the share on sheet Assignments from that day on.",
        rests_on=("Assignments",),
        account=credit.account_id,
        tier=TierName(credit.tier),
        day=place.day,
        count=count,
    )


def _without_tier(counts: NDArray[np.int64], credits: Credits, inputs: Inputs) -> Iterator[Problem]:
    by_account: dict[str, list[int]] = defaultdict(list)
    for index in np.flatnonzero(counts).tolist():
        if not credits.segments[index].tier:
            by_account[credits.segments[index].account_id].append(index)
    for account, found in by_account.items():
        place = _place(found[0], credits, inputs)
        yield warning(
            place.table,
            place.row,
            "Account ID",
            account,
            "Account {account} has no tier on {day} and earns nothing (lines: {count}).",
            "Nothing to do if it is no key account; else add its tier on sheet Account Tiers.",
            account=account,
            day=place.day,
            count=int(counts[found].sum()),
        )


def _not_employed(sold: NDArray[np.int64], credits: Credits, inputs: Inputs) -> Iterator[Problem]:
    employment = {row.salesperson_id: row for row in inputs.salespeople}
    seen: set[tuple[str, str, str]] = set()
    for index in np.flatnonzero(sold).tolist():
        credit = credits.segments[index]
        for part in credit.parts:
            row = employment.get(part.salesperson_id)
            gone = row is not None and row.left is not None and credit.start > row.left
            early = row is not None and row.joined is not None and credit.start < row.joined
            word = "left" if gone else "joined" if early else ""
            key = (credit.account_id, part.salesperson_id, word)
            if row is None or not word or not part.share or key in seen:
                continue
            seen.add(key)
            place = _place(index, credits, inputs)
            yield _employment_warning(
                place, credit.account_id, part.salesperson_id, row.left if gone else row.joined, gone=gone
            )


def _employment_warning(place: _Place, account: str, person: str, day: object, *, gone: bool) -> Problem:
    left = N_("A sale of account {account} on {day} is credited to {person}, who left on {limit}.")
    joined = N_("A sale of account {account} on {day} is credited to {person}, who joined on {limit}.")
    return warning(
        place.table,
        place.row,
        "Date",
        place.day,
        left if gone else joined,
        "The credit stays. If the account was handed over, end the assignment and add the successor's.",
        account=account,
        day=place.day,
        person=person,
        limit=day,
    )
