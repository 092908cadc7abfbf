"""§2.1, §2.2: the Key Account Review of a year: share test on the year before, traits, tiers, finding.

Nothing here changes pay: the tier history does (§2.2). Amounts are fen, shares exact fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from keyaccount.clauses.key_accounts import above_threshold, is_key_account
from keyaccount.clauses.log import Log
from keyaccount.clauses.maintenance import Scores, is_stale
from keyaccount.clauses.net_sales import Lines, months_of
from keyaccount.clauses.rates import Credits, tier_on
from keyaccount.clauses.sums import sums_by
from keyaccount.periods import first_day, from_number, month_of, to_number
from keyaccount.policies import Policies
from keyaccount.tables import NO_MOMENT, AccountRow, Inputs

Finding = Literal["qualifies", "below threshold", "candidate", "no prior-year data"]
_MONTHS, _DAY = 12, 86_400
_NO_TRAITS = AccountRow(0, "")


@dataclass(frozen=True, slots=True)
class ShareTest:
    """An account's net sales beside the company's in a calendar year; ``above``: fen above the threshold."""

    net: int | None
    company_net: int | None
    share: Fraction | None = None
    qualifies: bool | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An account's review of a year; ``before``: the test that the review of a year earlier rested on."""

    account_id: str
    file: AccountRow
    test: ShareTest
    before: ShareTest
    traits: int
    tier: str
    tier_before: str
    suggested: str
    finding: Finding
    changes: tuple[str, ...]
    last_review: date | None
    overdue_issues: int
    neglected: tuple[str, ...]


def suggested_tier(row: AccountRow) -> str:
    """Suggest a tier from deep cooperation in business, technology and market (§2.2); ``""``: none.

    Three: strategic (core where Strategic Impact is no); two: core; one: important.
    """
    deep = sum(map(bool, (row.business_depth, row.technology_depth, row.market_depth)))
    top = "core" if row.strategic_impact is False else "strategic"
    return ("", "important", "core", top)[deep]


def traits_met(row: AccountRow) -> int:
    """Count the traits that a key account usually has: stable, influential, with potential (§2.1)."""
    return sum(map(bool, (row.stable, row.influence, row.potential)))


class Attention:
    """What the log shows of each account on a day: its last review, and issues open for too long."""

    def __init__(self, log: Log, until: date, days: Decimal) -> None:
        """Look at the rows through a day; an issue is overdue when open for more than ``days``."""
        rows, self._codes = log.rows, log.codes
        seen = (log.account >= 0) & (rows.date <= to_number(until))
        self.in_use = bool(seen.any())
        self._last = np.full(len(log.accounts), -(2**31), np.int64)
        reviews = seen & (rows.kind == "review")
        np.maximum.at(self._last, log.account[reviews], rows.date[reviews].astype(np.int64))
        end = (to_number(until) + 1) * _DAY  # the end of the day
        opened = np.where(rows.opened == NO_MOMENT, rows.date.astype(np.int64) * _DAY, rows.opened)
        still_open = (rows.closed == NO_MOMENT) | (rows.closed >= end)
        overdue = seen & (rows.kind == "issue") & still_open & (end - opened > int(days * _DAY))
        self._overdue = np.zeros(len(log.accounts), np.int64)
        np.add.at(self._overdue, log.account[overdue], 1)

    def last_review(self, account: str) -> date | None:
        """Give the day of the account's last business review."""
        day = int(self._last[self._codes[account]])
        return None if day == -(2**31) else from_number(day)

    def overdue(self, account: str) -> int:
        """Count the account's issues that have been open for too long."""
        return int(self._overdue[self._codes[account]])


class AccountReviews:
    """The Key Account Review of a workbook, asked by year."""

    def __init__(
        self, inputs: Inputs, lines: Lines, credits: Credits, scores: Scores, policies: Policies
    ) -> None:
        """Add up each account's net sales, and the company's, by calendar year."""
        self._credits, self._scores, self._policies = credits, scores, policies
        self._files = {row.account_id: row for row in inputs.accounts}
        self._net = _net_by_year(lines)
        self._company: dict[int, int] = defaultdict(int)
        for row in inputs.company_sales:
            self._company[row.month // _MONTHS] += row.net_sales

    def of_year(self, year: int, until: date) -> Iterator[Reviewed]:
        """Give every account's review of a year, in the order of IDs; tiers and log as of ``until``."""
        attention = Attention(self._scores.log, until, self._scores.rules(year)["resolution"].threshold)
        for account in self._credits.accounts:
            yield self._reviewed(account, year, until, attention)

    def share_test(self, account: str, year: int) -> ShareTest:
        """Test an account's share of the company's net sales of a calendar year (§2.1)."""
        net, company = self._net.get((account, year)), self._company.get(year)
        if net is None or company is None:
            return ShareTest(net, company)
        threshold = self._policies.number("key_account_share", date(year, 12, 31))
        share = Fraction(net, company) if company > 0 else None
        above = above_threshold(net, company, threshold) if company > 0 else None
        return ShareTest(net, company, share, is_key_account(net, company, threshold), above)

    def _reviewed(self, account: str, year: int, until: date, attention: Attention) -> Reviewed:
        history = self._credits.histories.get(account, ())
        row = self._files.get(account, _NO_TRAITS)
        test, before = self.share_test(account, year - 1), self.share_test(account, year - 2)
        tier, tier_before = tier_on(history, until), tier_on(history, date(year - 1, 12, 31))
        return Reviewed(
            account,
            row,
            test,
            before,
            traits_met(row),
            tier,
            tier_before,
            suggested_tier(row),
            _finding(test, tier),
            (*self._tier_change(tier_before, tier), *_share_change(before, test)),
            attention.last_review(account),
            attention.overdue(account),
            tuple(self._neglected(account, year, until, attention)) if tier else (),
        )

    def _tier_change(self, before: str, now: str) -> Iterator[str]:
        rank = self._credits.tiers.rank
        if before and not now:
            yield "tier ended"
        elif now and not before:
            yield "new tier"
        elif before != now:
            yield "higher tier" if rank(now) < rank(before) else "lower tier"

    def _neglected(self, account: str, year: int, until: date, attention: Attention) -> Iterator[str]:
        """Say what the log and the file show as neglected; nothing of a log that nobody keeps."""
        since = first_day(month_of(until) - 1)
        known = tier_on(self._credits.histories.get(account, ()), since)
        review = attention.last_review(account)
        if attention.in_use and known and (review is None or review < since):
            yield "no review for two months"
        row = self._files.get(account, _NO_TRAITS)
        days = self._scores.rules(year)["profile"].threshold
        if (attention.in_use or row.last_updated) and is_stale(row, days, until):
            yield "file out of date"
        if attention.overdue(account):
            yield "issue open too long"


def _finding(test: ShareTest, tier: str) -> Finding:
    if test.qualifies is None:
        return "no prior-year data"
    if not test.qualifies:
        return "below threshold"
    return "qualifies" if tier else "candidate"


def _share_change(before: ShareTest, now: ShareTest) -> Iterator[str]:
    if before.qualifies is False and now.qualifies:
        yield "qualifies now"
    if before.qualifies and now.qualifies is False:
        yield "qualifies no more"


def _net_by_year(lines: Lines) -> dict[tuple[str, int], int]:
    """Give each account's net sales by calendar year; years without lines are not there."""
    (accounts, years), sums = sums_by([lines.account, months_of(lines.date) // _MONTHS], lines.fen)
    found = zip(accounts.tolist(), years.tolist(), sums.tolist(), strict=True)
    return {(lines.accounts[account], year): total for account, year, total in found}
