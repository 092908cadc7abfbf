"""What a statement lists of the commission: each salesperson's rows of a period, as the ledger has them.

A row is a cell (§3.2), or a cell's part where its share changed within the month. Booked cells of closed
quarters stand as booked; where the sales behind one have changed since, its parts are left blank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import numpy as np

from keyaccount.clauses.cells import Group
from keyaccount.clauses.incentives import Uplift
from keyaccount.clauses.net_sales import LINE_TYPES, Lines, months_of
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import Credit, Credits, Part
from keyaccount.ledger import CELL_KINDS, CellKey, Entry
from keyaccount.money import apportion, times
from keyaccount.periods import Period
from keyaccount.results import Results


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rate is what it is: the tier and since when, its rate, the uplift, its event (§2.2, §3.4.2)."""

    account_id: str
    tier: str
    since: date | None
    tier_rate: Decimal
    uplift: Decimal
    event: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class DetailRow:
    """A row of the commission: the account's net sales in its parts, the person's share, base, commission.

    ``parts`` in the order of LINE_TYPES, signed by their effect, and ``share`` are ``None`` where the sales
    have changed since the cell was booked. Amounts in fen. ``entries``: the ledger's, none for open months.
    """

    key: CellKey
    tier: str
    parts: tuple[int, ...] | None
    share: Fraction | None
    base: int
    uplifts: frozenset[Decimal]
    commission: int
    entries: tuple[int, ...] = ()


@dataclass(slots=True)
class _Sum:
    """What adds up to one row while the groups are gone through."""

    parts: list[int] = field(default_factory=lambda: [0] * len(LINE_TYPES))
    base: int = 0
    tiers: set[str] = field(default_factory=set)
    uplifts: set[Decimal] = field(default_factory=set)


@dataclass(slots=True)
class _Booked:
    net: int = 0
    commission: int = 0
    prior: int = 0
    entries: tuple[int, ...] = ()


class Details:
    """The rows of a period's commission for every salesperson, worked out once."""

    def __init__(self, results: Results, period: Period, rule: PriorYearRule) -> None:
        """Add up the period's lines per cell and share, and lay the booked cells over them."""
        self._results, self._period, self._rule = results, period, rule
        self._credits = results.company.credits
        self._sums: dict[CellKey, dict[Fraction, _Sum]] = defaultdict(dict)
        self._reasons: dict[str, set[Reason]] = defaultdict(set)
        for group, (sums, credits) in _groups(results.company.lines, self._credits, period).items():
            self._add(group, sums, credits)
        self._booked = _booked(results.ledger, period)
        closed = results.balances.closed_through(period.year)
        keys = {key for key in self._sums if key.month > closed} | self._booked.keys()
        self._rows: dict[str, list[DetailRow]] = defaultdict(list)
        self._prior: dict[str, int] = defaultdict(int)
        for key in sorted(keys):
            rows = list(self._cell(key))
            self._rows[key.salesperson_id] += rows
            if not key.own_year:
                self._prior[key.salesperson_id] += self._prior_amount(key, rows)

    def _add(self, group: Group, sums: Sequence[int], credits: Sequence[Credit]) -> None:
        shares = [share for _, share, _ in group.vector]
        for place, ((person, share, rate), base) in enumerate(
            zip(group.vector, apportion(sum(sums), shares), strict=True)
        ):
            key = CellKey(group.month, group.origin, group.account_id, person, rate)
            row = self._sums[key].setdefault(share, _Sum())
            row.parts = [have + more for have, more in zip(row.parts, sums, strict=True)]
            row.base += base
            for credit in credits:
                row.tiers |= {credit.tier} - {""}
                row.uplifts.add(credit.parts[place].uplift)
                if credit.tier:
                    self._reasons[person].add(self._reason(credit, credit.parts[place]))

    def _reason(self, credit: Credit, part: Part) -> Reason:
        history = self._credits.histories.get(credit.account_id, ())
        since = max((change.day for change in history if change.day <= credit.start), default=None)
        window = next(filter(lambda each: _opens(each, credit, part), self._windows(credit)), None)
        rate = credit.tier_rate or Decimal(0)
        if window is None:
            return Reason(credit.account_id, credit.tier, since, rate, part.uplift)
        return Reason(
            credit.account_id,
            credit.tier,
            since,
            rate,
            part.uplift,
            window.event,
            window.start,
            window.end,
        )

    def _windows(self, credit: Credit) -> Sequence[Uplift]:
        return self._credits.windows.get(credit.account_id, ())

    def _cell(self, key: CellKey) -> Iterator[DetailRow]:
        """Give a cell's rows: they add up to what is booked, or calculated while the month is open."""
        sums = self._sums.get(key, {})
        net = sum(row.base for row in sums.values())
        booked = self._booked.get(key)
        commission = times(net, key.rate)
        entries = booked.entries if booked else ()
        if booked and (booked.net != net or (key.own_year and booked.commission != commission)):
            amount = booked.commission if key.own_year else times(booked.net, key.rate)
            yield DetailRow(
                key, self._tiers.get(key, ""), None, None, booked.net, frozenset(), amount, entries
            )
            return
        rest = commission
        last = len(sums) - 1
        for index, (share, row) in enumerate(sorted(sums.items())):
            part = rest if index == last else times(row.base, key.rate)
            rest -= part
            tier = "/".join(sorted(row.tiers))
            uplifts = frozenset(row.uplifts)
            yield DetailRow(key, tier, tuple(row.parts), share, row.base, uplifts, part, entries)

    @cached_property
    def _tiers(self) -> dict[CellKey, str]:
        return {key: cell.tier for key, cell in self._results.cells().items()}

    def _prior_amount(self, key: CellKey, rows: Sequence[DetailRow]) -> int:
        booked = self._booked.get(key)
        if booked is not None:
            return booked.prior
        commission = sum(row.commission for row in rows)
        return self._rule.amount(commission, key.salesperson_id, key.origin // 12)

    def own_year(self, person: str) -> list[DetailRow]:
        """Give a salesperson's rows of this year's sales: they add up to the commission."""
        return [row for row in self._rows[person] if row.key.own_year]

    def earlier_years(self, person: str) -> list[DetailRow]:
        """Give a salesperson's rows that go back to earlier years' sales (§3.3, prior-year correction)."""
        return [row for row in self._rows[person] if not row.key.own_year]

    def prior(self, person: str) -> int:
        """Give P of the rows that go back to earlier years' sales, in fen."""
        return self._prior[person]

    def reasons(self, person: str) -> list[Reason]:
        """Give the reasons of a salesperson's rates, by account and tier."""
        rates = {(row.key.account_id, row.key.rate) for row in self._rows[person]}
        return sorted(
            (
                reason
                for reason in self._reasons[person]
                if (reason.account_id, (reason.tier_rate + reason.uplift).normalize())
                in {(account, rate.normalize()) for account, rate in rates}
            ),
            key=lambda reason: (
                reason.account_id,
                reason.since or date.min,
                reason.tier_rate,
                reason.uplift,
                reason.start or date.min,
            ),
        )


def _opens(window: Uplift, credit: Credit, part: Part) -> bool:
    """Say whether a window is what raises this part's rate (§3.4.2)."""
    return (
        window.start <= credit.start < window.end
        and part.salesperson_id in window.salespeople
        and window.points == part.uplift
    )


def _groups(
    lines: Lines, credits: Credits, period: Period
) -> dict[Group, tuple[tuple[int, ...], tuple[Credit, ...]]]:
    """Sum the period's lines by group and line type; beside each sum the credits behind it (§3.2)."""
    months = months_of(lines.date)
    keep = (months >= period.first_month) & (months <= period.last_month)
    origin = lines.origin[keep]
    segment = credits.segments_of(lines.account[keep], origin)
    packed = (months[keep] << 46) | (months_of(origin) << 28) | segment
    keys, place = np.unique(packed, return_inverse=True)
    sums = np.zeros((len(keys), len(LINE_TYPES)), np.int64)
    np.add.at(sums, (place, lines.type[keep]), lines.fen[keep])
    found: dict[Group, tuple[tuple[int, ...], tuple[Credit, ...]]] = {}
    for key, parts in zip(keys.tolist(), sums.tolist(), strict=True):
        credit = credits.segments[key & (2**28 - 1)]
        group = Group(key >> 46, (key >> 28) & (2**18 - 1), credit.account_id, credit.vector)
        before, behind = found.get(group, ((0,) * len(LINE_TYPES), ()))
        added = tuple(have + more for have, more in zip(before, parts, strict=True))
        found[group] = (added, (*behind, credit))
    return found


def _booked(ledger: Sequence[Entry], period: Period) -> dict[CellKey, _Booked]:
    """Add up what the ledger holds of the period's cells as its run booked them.

    A month's and a quarter's cells are those that the quarter booked; a year's include their corrections.
    """
    found: dict[CellKey, _Booked] = defaultdict(_Booked)
    for entry in ledger:
        if entry.kind not in CELL_KINDS:
            continue
        key = entry.cell
        if not period.first_month <= key.month <= period.last_month or entry.year != period.year:
            continue
        in_quarter = entry.period == str(Period.quarter_of(key.month))
        if period.kind != "year" and not in_quarter:
            continue
        booked = found[key]
        booked.net += entry.net_sales or 0
        booked.entries += (entry.entry,)
        if entry.kind == "prior_year":
            booked.prior += entry.amount
        else:
            booked.commission += entry.amount
    return {key: booked for key, booked in found.items() if booked.net or booked.commission or booked.prior}


def corrections(ledger: Sequence[Entry], period: Period) -> dict[str, list[Entry]]:
    """Give each salesperson's corrections that the runs of a month or quarter booked for earlier periods.

    Of a year: those for earlier years alone, since the others are in its cells.
    """
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in ledger:
        if entry.kind in CELL_KINDS and _corrects(entry, period):
            found[entry.salesperson_id].append(entry)
    return found


def _corrects(entry: Entry, period: Period) -> bool:
    of = Period.parse(entry.period)
    if period.kind == "year":
        return of.year == period.year and entry.cell.year != period.year
    if of.kind == "year" or not period.first_month <= of.last_month <= period.last_month:
        return False
    if period.kind == "month" and of != period:
        return False
    if entry.kind == "correction":
        return True
    return entry.kind == "prior_year" and entry.period != str(Period.quarter_of(entry.cell.month))
