"""§2.1, §2.2: the share test; tiers with rank and rate; each account's dated history with its events."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Literal

from keyaccount.clauses.rows import repeated, unknown_salespeople
from keyaccount.periods import add_months
from keyaccount.policies import ALWAYS, Policies
from keyaccount.problems import Problem, TierName, error, warning
from keyaccount.tables import AccountTierRow, TierRow

Event = Literal["initial", "new", "upgrade", "downgrade", "end", ""]


@dataclass(frozen=True, slots=True)
class TierChange:
    """A row of an account's history with its event, given or derived; tier ``""`` ends the tier."""

    day: date
    tier: str
    event: Event
    credited_to: tuple[str, ...]
    row: int


class TierTable:
    """The tiers with rank and dated rate (sheet Tiers)."""

    def __init__(self, rows: Sequence[TierRow]) -> None:
        """Rank by Rank, else by order of first appearance; sort each tier's rates by day."""
        self._rates: dict[str, list[tuple[date, Decimal]]] = defaultdict(list)
        ranks: dict[str, int] = {}
        for row in rows:
            self._rates[row.tier].append((row.effective_from or ALWAYS, row.rate))
            ranks.setdefault(row.tier, len(ranks) + 1)
        ranks.update({row.tier: row.rank for row in rows if row.rank is not None})
        self._ranks = ranks
        for rates in self._rates.values():
            rates.sort(key=lambda pair: pair[0])

    def __contains__(self, tier: str) -> bool:
        """Tell whether the tier is on the sheet."""
        return tier in self._ranks

    def rank(self, tier: str) -> int:
        """Give a tier's rank, 1 the highest; a tier that is not on the sheet ranks below all."""
        return self._ranks.get(tier, 10**9)

    def rate(self, tier: str, day: date) -> Decimal | None:
        """Give the rate in force on a day (§3.2), ``None`` where there is none."""
        rates = self._rates.get(tier, [])
        index = bisect.bisect_right(rates, day, key=lambda pair: pair[0])
        return rates[index - 1][1] if index else None

    def days(self) -> list[date]:
        """List the days on which some rate changes."""
        return sorted({day for rates in self._rates.values() for day, _ in rates})


def is_key_account(account_net: int, company_net: int, threshold: Decimal) -> bool:
    """Tell whether an account's share of the company's net sales reaches the threshold (§2.1).

    Both in fen, of the previous calendar year; the threshold itself counts ("以上"). Compared in exact
    integers; a company without positive net sales has no share to take.
    """
    part, whole = threshold.as_integer_ratio()
    return company_net > 0 and account_net * whole >= company_net * part


def above_threshold(account_net: int, company_net: int, threshold: Decimal) -> int:
    """Give by how many fen an account's net sales reach beyond the threshold; negative: what is missing.

    The threshold's own amount is taken up to the next fen, so that 0 qualifies and -1 does not (§2.1).
    """
    part, whole = threshold.as_integer_ratio()
    return account_net - -(-company_net * part // whole)


def check_tiers(rows: Sequence[TierRow]) -> list[Problem]:
    """List negative or impossible rates and two rates of one tier from the same day."""
    impossible = [
        error(
            "Tiers",
            row.row,
            "Rate",
            row.rate,
            "The rate {rate} is not between 0 and 1.",
            "Enter a rate such as 2% or 0.02.",
            rate=row.rate,
        )
        for row in rows
        if not 0 <= row.rate <= 1
    ]
    twice = repeated(
        "Tiers",
        "Tier",
        ((row.row, (row.tier, row.effective_from or ALWAYS), TierName(row.tier)) for row in rows),
        "Tier {key} has two rates from the same day (also in row {first}).",
        "Delete one of the rows or give it another Effective From.",
    )
    return [*impossible, *twice]


def tier_histories(
    rows: Sequence[AccountTierRow], tiers: TierTable, policies: Policies
) -> dict[str, tuple[TierChange, ...]]:
    """Give each account's tier changes by day, with the event given or derived (§2.2, §3.4.2)."""
    by_account: dict[str, list[AccountTierRow]] = defaultdict(list)
    for row in rows:
        by_account[row.account_id].append(row)
    return {
        account: _history(sorted(account_rows, key=lambda row: row.effective_from), tiers, policies)
        for account, account_rows in by_account.items()
    }


def _history(rows: Sequence[AccountTierRow], tiers: TierTable, policies: Policies) -> tuple[TierChange, ...]:
    changes: list[TierChange] = []
    for row in rows:
        event: Event = "end"
        if row.tier:
            event = row.event or _derived(changes, row, tiers, policies)  # type: ignore[assignment] # the reader lets only events pass
        changes.append(TierChange(row.effective_from, row.tier, event, row.credited_to, row.row))
    return tuple(changes)


def _derived(
    changes: Sequence[TierChange], row: AccountTierRow, tiers: TierTable, policies: Policies
) -> Event:
    """Derive a blank event from the ranks; a tier that comes back after its end may be ``new``."""
    if not any(change.tier for change in changes):
        return "initial"
    before = changes[-1]
    if before.tier:
        rise = tiers.rank(before.tier) - tiers.rank(row.tier)
        return "upgrade" if rise > 0 else "downgrade" if rise < 0 else ""
    blank = takewhile(lambda change: not change.tier, reversed(changes))
    *_, ended = (change.day for change in blank)  # blank rows after the first blank one end nothing more
    months = policies.whole("uplift_months", row.effective_from)
    return "new" if add_months(ended, months) <= row.effective_from else ""


def check_account_tiers(
    rows: Sequence[AccountTierRow],
    tiers: TierTable,
    salespeople: frozenset[str],
    first_sale_of_year: dict[int, date],
) -> list[Problem]:
    """List unknown tiers and persons, two rows on one day, and first rows that may be new accounts."""
    problems = [
        error(
            "Account Tiers",
            row.row,
            "Tier",
            TierName(row.tier),
            "Tier {tier} is not on sheet Tiers.",
            "Correct the tier, or add it to Tiers with its rate.",
            rests_on=("Tiers",),
            tier=TierName(row.tier),
        )
        for row in rows
        if row.tier and row.tier not in tiers
    ]
    problems += repeated(
        "Account Tiers",
        "Effective From",
        (
            (row.row, (row.account_id, row.effective_from), f"{row.account_id} {row.effective_from}")
            for row in rows
        ),
        "Two tier rows of one account on one date: {key} (also in row {first}).",
        "Keep the row that is right and delete the other.",
    )
    credited = ((row.row, person) for row in rows for person in row.credited_to)
    problems += unknown_salespeople("Account Tiers", credited, salespeople, "Credited To")
    return problems + _perhaps_new(rows, first_sale_of_year)


def _perhaps_new(rows: Sequence[AccountTierRow], first_sale_of_year: dict[int, date]) -> list[Problem]:
    firsts: dict[str, AccountTierRow] = {}
    for row in rows:
        known = firsts.get(row.account_id)
        if row.tier and (known is None or row.effective_from < known.effective_from):
            firsts[row.account_id] = row
    return [
        warning(
            "Account Tiers",
            row.row,
            "Event",
            "",
            "Account {account} gets its first tier on {day}, within a year that has earlier sales: "
            "is it a new key account? The blank event counts as initial, without uplift.",
            "Enter new (uplift for the salespeople, §3.4.2) or initial.",
            account=row.account_id,
            day=row.effective_from,
        )
        for row in firsts.values()
        if not row.event and first_sale_of_year.get(row.effective_from.year, date.max) < row.effective_from
    ]
