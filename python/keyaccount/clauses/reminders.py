"""§4, §5: what a salesperson still has to do for the accounts they keep, as of a day; booked nowhere.

Whoever is assigned to an account on the day is reminded, whoever acted before. Thresholds are those of the
year's scorecard, so that who does what is listed loses no points.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.maintenance import PROFILE_FIELDS, filled_fields, is_stale
from keyaccount.clauses.net_sales import months_of
from keyaccount.clauses.rates import Credits, tier_on
from keyaccount.clauses.scorecard import Scorecard
from keyaccount.periods import first_day, from_number, last_day, month_of, to_number
from keyaccount.policies import Policies
from keyaccount.tables import ACCOUNTS, NO_MOMENT, Inputs

Kind = Literal["review", "profile", "response", "resolution", "feedback", "objection"]
KINDS: tuple[Kind, ...] = ("response", "resolution", "objection", "feedback", "review", "profile")
"""In the order in which they press."""
NEAR_DAYS = 3
"""An issue's closing is listed from so many days before its deadline; its first answer always."""
FEEDBACK_DAYS = 90
"""Feedback without follow-up is listed for so long."""
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3600
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 the log's moments are local


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to do: who, what, for which account, until when.

    ``row``: the sheet row it rests on (0: none). ``since``: when the issue or the feedback came up, or the
    account's file was last updated. ``missing``: the English headers of what the account's file lacks.
    ``entry``: the ledger entry that an objection is about, which waits for an answer to the salesperson.
    """

    salesperson_id: str
    kind: Kind
    account_id: str
    due: datetime
    overdue: bool
    row: int = 0
    since: datetime | None = None
    missing: tuple[str, ...] = ()
    entry: int = 0

    @property
    def to_the_hour(self) -> bool:
        """Whether the hour counts, and not only the day."""
        return self.kind in ("response", "resolution")


class Reminders:
    """What is to be done in a company as of a day (§4.1.1, §4.1.2, §4.2.2, §4.2.3, §5.1, §5.2)."""

    def __init__(self, inputs: Inputs, credits: Credits, policies: Policies, day: date) -> None:
        """Take the checked inputs and the tier histories; ``day`` counts to its end."""
        self._policies = policies
        self._inputs, self._histories, self._day = inputs, credits.histories, day
        self._log = inputs.maintenance
        self._rules = Scorecard(inputs.scorecard, inputs.bands).rules(date(day.year, 12, 31))
        self._keepers: dict[str, set[str]] = defaultdict(set)
        for row in self._inputs.assignments:
            if row.start <= day and (row.end is None or day <= row.end):
                self._keepers[row.account_id].add(row.salesperson_id)

    def all(self) -> tuple[Reminder, ...]:
        """Give everyone's reminders: by salesperson, what is late first, then by day and how it presses."""
        found = [
            replace(reminder, salesperson_id=person)
            for each in (self._issues(), self._feedback(), self._reviews(), self._profiles())
            for reminder in each
            for person in self._keepers.get(reminder.account_id, ())
        ]
        return tuple(sorted([*found, *self._objections()], key=_order))

    def _objections(self) -> Iterator[Reminder]:
        """Objections without an answer, as many days later as there were to raise them (§Controls)."""
        days = timedelta(days=self._policies.whole("objection_days", self._day))
        for row in self._inputs.objections:
            if row.open and row.raised <= self._day:
                due, since = _end_of(row.raised + days), _start_of(row.raised)
                late = self._is_late(due)
                yield Reminder(
                    row.salesperson_id, "objection", "", due, late, row.row, since, entry=row.entry
                )

    # --- the log ----------------------------------------------------------------------------------

    def _issues(self) -> Iterator[Reminder]:
        """Issues without a first answer, and those whose closing is near or late (§4.2.3, §5.2)."""
        rows = self._log
        came_up = np.where(rows.opened == NO_MOMENT, rows.date.astype(np.int64) * _DAY_SECONDS, rows.opened)
        there = (rows.kind == "issue") & (rows.date <= to_number(self._day)) & (came_up < self._end)
        limits: tuple[tuple[Kind, NDArray[np.int64], int], ...] = (
            ("response", rows.first_response, _HOUR_SECONDS),
            ("resolution", rows.closed, _DAY_SECONDS),
        )
        for kind, moments, unit in limits:
            allowed = math.floor(self._rules[kind].threshold * unit)
            waiting = there & ~self._happened(moments)
            if kind == "response":
                waiting &= ~self._happened(rows.closed)
            else:
                waiting &= came_up + allowed < self._end + NEAR_DAYS * _DAY_SECONDS
            for place in np.flatnonzero(waiting).tolist():
                since = _moment(int(came_up[place]))
                yield self._of_row(kind, place, since + timedelta(seconds=allowed), since)

    def _feedback(self) -> Iterator[Reminder]:
        """Feedback of the last 90 days with no answer, closing or outcome (§4.2.2)."""
        rows, today = self._log, to_number(self._day)
        waiting = (rows.kind == "feedback") & (rows.date <= today) & (rows.date > today - FEEDBACK_DAYS)
        waiting &= ~self._happened(rows.first_response) & ~self._happened(rows.closed) & (rows.outcome == "")
        days = math.floor(self._rules["resolution"].threshold)
        for place in np.flatnonzero(waiting).tolist():
            day = from_number(int(rows.date[place]))
            yield self._of_row("feedback", place, _end_of(day + timedelta(days=days)), _start_of(day))

    def _of_row(self, kind: Kind, place: int, due: datetime, since: datetime) -> Reminder:
        account = str(self._log.account_id[place])
        return Reminder("", kind, account, due, self._is_late(due), int(self._log.row[place]), since)

    def _happened(self, moments: NDArray[np.int64]) -> NDArray[np.bool_]:
        happened: NDArray[np.bool_] = (moments != NO_MOMENT) & (moments < self._end)
        return happened

    @property
    def _end(self) -> int:
        """The end of the day, in the log's seconds."""
        return (to_number(self._day) + 1) * _DAY_SECONDS

    def _is_late(self, due: datetime) -> bool:
        return due < _start_of(self._day)

    # --- the accounts -----------------------------------------------------------------------------

    def _reviews(self) -> Iterator[Reminder]:
        """Accounts with a tier that have had no business review this month (§4.1.2)."""
        rows, month = self._log, month_of(self._day)
        done = (rows.kind == "review") & (months_of(rows.date) == month) & (rows.date <= to_number(self._day))
        reviewed = set(rows.account_id[done].tolist())
        for account in sorted(self._keepers):
            if account not in reviewed and tier_on(self._histories.get(account, ()), self._day):
                since = _start_of(first_day(month))
                yield Reminder("", "review", account, _end_of(last_day(month)), overdue=False, since=since)

    def _profiles(self) -> Iterator[Reminder]:
        """Accounts whose file has blanks, or was last updated too long ago (§4.1.1, §5.1)."""
        threshold = self._rules["profile"].threshold
        files = {row.account_id: row for row in self._inputs.accounts}
        headers = {column.field: column.en for column in ACCOUNTS.columns}
        for account in sorted(self._keepers):
            file = files.get(account)
            filled = filled_fields(file)
            missing = tuple(headers[name] for name in PROFILE_FIELDS if name not in filled)
            stale = file is None or is_stale(file, threshold, self._day)
            if not (missing or stale):
                continue
            updated = file.last_updated if file else None
            due = _end_of(last_day(month_of(self._day)))
            if stale and updated is not None:
                due = _end_of(updated + timedelta(days=math.floor(threshold)))
            since = _start_of(updated) if updated else None
            row = file.row if file else 0
            yield Reminder("", "profile", account, due, self._is_late(due), row, since, missing)


def _order(reminder: Reminder) -> tuple[object, ...]:
    return (
        reminder.salesperson_id,
        not reminder.overdue,
        reminder.due,
        KINDS.index(reminder.kind),
        reminder.account_id,
        reminder.row,
    )


def _moment(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time())


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59))
