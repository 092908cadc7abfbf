"""§3.2: who is credited with an account's sales on a day, by what share and at which rate.

An account's days fall into segments between the days on which its tier, a rate, an assignment or an
uplift changes; within a segment the credit is one and the same. Lines find their segment by one
search over all accounts' segment starts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.incentives import Uplift, raised, uplift_points, uplifts
from keyaccount.clauses.key_accounts import TierChange, TierTable, tier_histories
from keyaccount.clauses.rows import unknown_salespeople
from keyaccount.money import round_share
from keyaccount.periods import to_number
from keyaccount.policies import Policies
from keyaccount.problems import Listed, Problem, error
from keyaccount.tables import AssignmentRow, Inputs, SalespersonRow

SHARE_TOLERANCE = Decimal("0.0001")
_SPAN = 2**24
"""Days per account in a packed search key; day numbers lie well inside ± half of it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A salesperson's part of an account's credit: exact share of the sum, rate with uplift, points."""

    salesperson_id: str
    share: Fraction
    rate: Decimal
    uplift: Decimal


@dataclass(frozen=True, slots=True)
class Credit:
    """The credit in force in one segment: tier (``""``: none), its rate, parts by salesperson ID."""

    account_id: str
    start: date
    tier: str
    tier_rate: Decimal | None
    parts: tuple[Part, ...]

    @property
    def vector(self) -> tuple[tuple[str, Fraction, Decimal], ...]:
        """The (salesperson, share, rate) that makes two credits the same (§3.2, the commission cell)."""
        return tuple((part.salesperson_id, part.share, part.rate) for part in self.parts)


class Credits:
    """Every account's credit on every day (§2.2, §3.2, §3.4.2)."""

    def __init__(self, inputs: Inputs, policies: Policies, accounts: Sequence[str]) -> None:
        """Cut each account's days into segments; ``accounts`` fixes the account codes of the lines."""
        self.accounts = tuple(accounts)
        self.tiers = TierTable(inputs.tiers)
        self.histories = tier_histories(inputs.account_tiers, self.tiers, policies)
        assignments: dict[str, list[AssignmentRow]] = defaultdict(list)
        for row in inputs.assignments:
            assignments[row.account_id].append(row)
        employed = {row.salesperson_id: _employment_days(row) for row in inputs.salespeople}
        self.plan_start = policies.plan_start()
        self.windows: dict[str, tuple[Uplift, ...]] = {}
        self.segments: list[Credit] = []
        keys: list[int] = []
        for code, account in enumerate(self.accounts):
            history = self.histories.get(account, ())
            rows = assignments.get(account, [])
            assigned = {change.day: _assigned(rows, change.day) for change in history}
            windows = self.windows[account] = uplifts(history, assigned, policies)
            known = {row.salesperson_id for row in rows}
            employment = [day for person in known for day in employed.get(person, ())]
            cuts = [*self.tiers.days(), *employment, self.plan_start]
            for start in _starts(history, rows, windows, cuts):
                credit = _credit(account, start, history, rows, windows, self.tiers)
                self.segments.append(replace(credit, parts=()) if self.too_early(credit) else credit)
                keys.append(_key(code, start))
        self._keys = np.array(keys, dtype=np.int64)

    def segments_of(self, account: NDArray[np.int32], day: NDArray[np.int32]) -> NDArray[np.int64]:
        """Give the segment index of each (account code, day since 1970-01-01)."""
        packed = account.astype(np.int64) * _SPAN + day + _SPAN // 2
        return np.searchsorted(self._keys, packed, side="right") - 1

    def too_early(self, credit: Credit) -> bool:
        """Tell whether a segment lies before the plan began: nobody is credited with it (§Controls)."""
        return credit.start < self.plan_start

    def on(self, account_id: str, day: date) -> Credit:
        """Give an account's credit on a day."""
        code = self._codes[account_id]
        return self.segments[int(np.searchsorted(self._keys, _key(code, day), side="right")) - 1]

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {account: code for code, account in enumerate(self.accounts)}


def _employment_days(row: SalespersonRow) -> list[date]:
    """The days that cut segments so that a whole segment lies before, within or after the employment."""
    days = [] if row.joined is None else [row.joined]
    if row.left is not None and row.left < date.max:
        days.append(row.left + timedelta(days=1))
    return days


def _key(code: int, day: date) -> int:
    return code * _SPAN + to_number(day) + _SPAN // 2


def _assigned(rows: Sequence[AssignmentRow], day: date) -> frozenset[str]:
    return frozenset(row.salesperson_id for row in _in_force(rows, day))


def _in_force(rows: Sequence[AssignmentRow], day: date) -> list[AssignmentRow]:
    return [row for row in rows if row.start <= day and (row.end is None or day <= row.end)]


def shares_on(rows: Sequence[AssignmentRow], day: date) -> dict[str, Fraction]:
    """Give each assigned person's share of an account on a day, by ID: the exact part of the sum (§3.2).

    ``rows``: the account's assignments; each share is rounded to 6 decimals before.
    """
    weights: dict[str, Decimal] = defaultdict(Decimal)
    for row in _in_force(rows, day):
        weights[row.salesperson_id] += round_share(row.share)
    people = sorted(weights)
    return dict(zip(people, _parts_of_sum(tuple(weights[person] for person in people)), strict=False))


@lru_cache(maxsize=4096)  # the same few shares on every day of every account
def _parts_of_sum(weights: tuple[Decimal, ...]) -> tuple[Fraction, ...]:
    """Give each weight's exact part of their sum; nothing where the sum is not positive."""
    total = Fraction(sum(weights, Decimal(0)))
    return tuple(Fraction(weight) / total for weight in weights) if total > 0 else ()


def _starts(
    history: Sequence[TierChange],
    rows: Sequence[AssignmentRow],
    windows: Sequence[Uplift],
    other_days: Sequence[date],
) -> list[date]:
    days = {date.min, *other_days, *(change.day for change in history)}
    days |= {row.start for row in rows}
    days |= {row.end + timedelta(days=1) for row in rows if row.end is not None and row.end < date.max}
    days |= {day for window in windows for day in (window.start, window.end)}
    return sorted(days)


def tier_on(history: Sequence[TierChange], day: date) -> str:
    """Give the tier on a day: the latest change on or before it (§2.2); ``""`` for none."""
    tier = ""
    for change in history:
        if change.day > day:
            break
        tier = change.tier
    return tier


def _credit(
    account: str,
    day: date,
    history: Sequence[TierChange],
    rows: Sequence[AssignmentRow],
    windows: Sequence[Uplift],
    tiers: TierTable,
) -> Credit:
    tier = tier_on(history, day)
    tier_rate = tiers.rate(tier, day)
    parts = []
    for person, share in shares_on(rows, day).items():
        points = uplift_points(windows, person, day)  # none without a tier, with whose end they end
        rate = raised(tier_rate or Decimal(0), points)
        parts.append(Part(person, share, rate, points))
    return Credit(account, day, tier, tier_rate, tuple(parts))


def check_assignments(rows: Sequence[AssignmentRow], salespeople: frozenset[str]) -> list[Problem]:
    """List unknown persons, impossible shares and days, overlaps, and shares that do not add up to 1."""
    named = ((row.row, row.salesperson_id) for row in rows)
    problems = list(unknown_salespeople("Assignments", named, salespeople))
    by_account: dict[str, list[AssignmentRow]] = defaultdict(list)
    for row in rows:
        by_account[row.account_id].append(row)
        problems += _row_problems(row)
    for account_rows in by_account.values():
        problems += _overlaps(account_rows)
        problems += _sums(account_rows)
    return problems


def _row_problems(row: AssignmentRow) -> list[Problem]:
    problems: list[Problem] = []
    if not 0 <= row.share <= 1 + SHARE_TOLERANCE:
        problems.append(
            error(
                "Assignments",
                row.row,
                "Share",
                row.share,
                "The share {share} is not between 0 and 1.",
                "Enter a share such as 50% or 0.5.",
                share=row.share,
            )
        )
    if row.end is not None and row.end < row.start:
        problems.append(
            error(
                "Assignments",
                row.row,
                "To",
                row.end,
                "The assignment ends on {end}, before it starts on {start}.",
                "Correct From or To (the day of To is included).",
                end=row.end,
                start=row.start,
            )
        )
    return problems


def _overlaps(rows: Sequence[AssignmentRow]) -> list[Problem]:
    problems: list[Problem] = []
    latest: dict[str, AssignmentRow] = {}
    for row in sorted(rows, key=lambda row: row.start):
        before = latest.get(row.salesperson_id)
        if before is not None and (before.end is None or row.start <= before.end):
            problems.append(
                error(
                    "Assignments",
                    row.row,
                    "From",
                    row.start,
                    "Salesperson {person} is assigned to account {account} twice from {start} "
                    "(also in row {other}).",
                    "End the earlier assignment the day before this one starts.",
                    person=row.salesperson_id,
                    account=row.account_id,
                    start=row.start,
                    other=before.row,
                )
            )
        if before is None or (before.end is not None and (row.end is None or row.end > before.end)):
            latest[row.salesperson_id] = row
    return problems


def _sums(rows: Sequence[AssignmentRow]) -> list[Problem]:
    """Shares of one day are weights that must add up to 1 within 0.0001, that included (§3.2)."""
    problems: list[Problem] = []
    days = {row.start for row in rows}
    days |= {row.end + timedelta(days=1) for row in rows if row.end is not None and row.end < date.max}
    for day in sorted(days):
        in_force = _in_force(rows, day)
        total = sum((round_share(row.share) for row in in_force), Decimal(0))
        if in_force and abs(total - 1) > SHARE_TOLERANCE:
            problems.append(
                error(
                    "Assignments",
                    in_force[-1].row,
                    "Share",
                    in_force[-1].share,
                    "The shares of account {account} on {day} add up to {total}, not to 100 %.",
                    "Correct the shares of rows {rows}.",
                    rests_on=("Assignments",),
                    account=in_force[-1].account_id,
                    day=day,
                    total=f"{total:%}".replace("%", " %"),
                    rows=Listed(row.row for row in in_force),
                )
            )
    return problems
