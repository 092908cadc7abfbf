"""§4, §5: the maintenance log of a year, counted by account and month, each count with the rows behind it.

A hundred thousand rows are gone through a few times as columns, never one by one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.net_sales import months_of
from keyaccount.clauses.scorecard import Rule
from keyaccount.periods import to_number
from keyaccount.tables import NO_MOMENT, MaintenanceColumns

KINDS: Mapping[str, tuple[str, ...]] = {
    "monthly review": ("review",),
    "response": ("issue",),
    "resolution": ("issue",),
    "events": ("event", "joint_marketing"),
    "feedback": ("feedback", "issue", "custom_solution"),
    "service": ("custom_solution", "training", "upgrade_service"),
    "expansion": ("bid", "opportunity", "joint_development"),
}
"""The kinds of rows that each measure looks at; ``visit`` is not scored."""
_HOUR, _DAY = 3600, 86_400
_MONTHS = 12


class Log:
    """The log as columns, its accounts as places in ``accounts`` (-1: an unknown account)."""

    def __init__(self, rows: MaintenanceColumns, accounts: Sequence[str]) -> None:
        """Look up the accounts and months of all rows."""
        self.rows, self.accounts = rows, tuple(accounts)
        self.codes = {account: code for code, account in enumerate(self.accounts)}
        listed = rows.account_id.tolist()
        known = {account: self.codes.get(account, -1) for account in set(listed)}
        self.account = np.fromiter(map(known.__getitem__, listed), np.int64, len(listed))
        self.month = months_of(rows.date)

    def year(self, year: int, until: date, rules: Mapping[str, Rule]) -> YearOfLog:
        """Give the rows of a year through a day, counted by the rules of that year."""
        first = year * _MONTHS
        inside = (self.account >= 0) & (self.rows.date <= to_number(until))
        inside &= (self.month >= first) & (self.month < first + _MONTHS)
        return YearOfLog(self, first, np.flatnonzero(inside), rules)


class YearOfLog:
    """The rows of a year by account and month: which each measure looks at, and which of them count."""

    def __init__(
        self, log: Log, first_month: int, places: NDArray[np.int64], rules: Mapping[str, Rule]
    ) -> None:
        """Sort the rows by account and month and flag them."""
        self._log, self._first = log, first_month
        keys = log.account[places] * _MONTHS + log.month[places] - first_month
        order = np.argsort(keys, kind="stable")
        self._keys, self._places = keys[order], places[order]
        self._kind = log.rows.kind[self._places]
        self._looked_at = {measure: self._of_kinds(kinds) for measure, kinds in KINDS.items()}
        self._points = np.maximum(log.rows.satisfaction[self._places] - 1, 0)
        self._looked_at["feedback"] &= log.rows.satisfaction[self._places] > 0
        self._good = {
            "response": self._within(log.rows.first_response, rules["response"].threshold * _HOUR),
            "resolution": self._within(log.rows.closed, rules["resolution"].threshold * _DAY),
        }
        self._sums = {name: self._sum(mask) for name, mask in self._looked_at.items()}
        self._sums_good = {name: self._sum(self._looked_at[name] & mask) for name, mask in self._good.items()}
        self._sums_points = self._sum(np.where(self._looked_at["feedback"], self._points, 0))
        self._rows = self._sum(np.ones(len(self._places), np.bool_))

    def _of_kinds(self, kinds: Iterable[str]) -> NDArray[np.bool_]:
        looked_at = np.zeros(len(self._places), np.bool_)
        for kind in kinds:
            looked_at |= self._kind == kind
        return looked_at

    def _within(self, moments: NDArray[np.int64], seconds: Decimal) -> NDArray[np.bool_]:
        """Flag the rows whose moment lies at most so long after Opened; a blank one is late."""
        opened, moment = self._log.rows.opened[self._places], moments[self._places]
        known: NDArray[np.bool_] = (opened != NO_MOMENT) & (moment != NO_MOMENT)
        in_time: NDArray[np.bool_] = known & (moment - opened <= math.floor(seconds))
        return in_time

    def _sum(self, values: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
        """Add up by account and month."""
        sums = np.zeros(len(self._log.accounts) * _MONTHS, np.int64)
        np.add.at(sums, self._keys, values.astype(np.int64))
        return sums.reshape(len(self._log.accounts), _MONTHS)

    def rows(self, account: str, months: Sequence[int]) -> int:
        """Count an account's rows of some months, of whatever kind."""
        return self._of(self._rows, account, months)

    def months_with(self, measure: str, account: str, months: Sequence[int]) -> int:
        """Count the months in which a measure finds a row."""
        code = self._log.codes[account]
        return int(np.count_nonzero(self._sums[measure][code, self._columns(months)]))

    def count(self, measure: str, account: str, months: Sequence[int]) -> int:
        """Count the rows that a measure looks at."""
        return self._of(self._sums[measure], account, months)

    def good(self, measure: str, account: str, months: Sequence[int]) -> int:
        """Count the issues that were answered, or closed, in time."""
        return self._of(self._sums_good[measure], account, months)

    def satisfaction(self, account: str, months: Sequence[int]) -> int:
        """Add up satisfaction - 1 over the rows that say how satisfied the customer was."""
        return self._of(self._sums_points, account, months)

    def _of(self, sums: NDArray[np.int64], account: str, months: Sequence[int]) -> int:
        return int(sums[self._log.codes[account], self._columns(months)].sum())

    def _columns(self, months: Sequence[int]) -> list[int]:
        return [month - self._first for month in months]

    def behind(
        self, measure: str, account: str, months: Sequence[int]
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Give the sheet rows behind a measure: those that count, and the issues that are late."""
        if measure not in KINDS:
            return (), ()
        start = self._log.codes[account] * _MONTHS
        keys = [start + column for column in self._columns(months)]
        ends = zip(
            np.searchsorted(self._keys, keys, side="left").tolist(),
            np.searchsorted(self._keys, keys, side="right").tolist(),
            strict=True,
        )
        own = np.concatenate([np.arange(low, high) for low, high in ends])
        own = own[self._looked_at[measure][own]]
        good = self._good[measure][own] if measure in self._good else np.ones(len(own), np.bool_)
        return self._numbers(own[good]), self._numbers(own[~good])

    def _numbers(self, places: NDArray[np.int64]) -> tuple[int, ...]:
        return tuple(sorted(self._log.rows.row[self._places[places]].tolist()))
