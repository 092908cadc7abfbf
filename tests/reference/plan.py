"""The dated tables: policies, tiers, rates, assignments, events, uplifts (§2.2, §3.2, §3.4.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.reference.rows import half_away, months_later

if TYPE_CHECKING:
    from keyaccount.tables import AccountTierRow, Inputs

SHIPPED = {
    "key_account_share": "0.05",
    "unknown_accounts": "error",
    "unlinked_origin": "latest_sale",
    "advance_rate": "0.80",
    "advance_method": "monthly",
    "negative_balance": "carry",
    "uplift_points": "0.005",
    "uplift_months": "12",
    "target_bonus_rate": "0.10",
    "target_bonus_base": "final_commission",
    "coefficient_min": "0.80",
    "coefficient_max": "1.10",
    "require_review": "no",
    "leaver_bonus": "pay",
    "recognition_score": "85",
    "recognition_needs_target": "no",
    "promotion_years": "2",
    "plan_start": "",
    "approval_required": "no",
    "objection_days": "15",
    "company": "",
    "sales_source": "",
    "adjustments_source": "",
}
LONG_AGO = date(1, 1, 1)
Vector = tuple[tuple[str, Fraction, Fraction], ...]
"""(salesperson, exact share, rate) of everyone who is credited, by ID."""


@dataclass(frozen=True)
class Window:
    """An uplift: who gets how many points for sales dated from ``start`` up to the day before ``end``."""

    start: date
    end: date
    points: Fraction
    people: frozenset[str]


class Plan:
    """What stands in the dated tables on a given day."""

    def __init__(self, inputs: Inputs) -> None:
        """Keep the tables."""
        self.inputs = inputs
        self._numbers: dict[tuple[str, date], Fraction] = {}
        self._shares = [Fraction(half_away(Fraction(row.share) * 10**6), 10**6) for row in inputs.assignments]
        self._windows: dict[str, list[Window]] = {}
        self._vectors: dict[tuple[str, date], Vector] = {}

    # --- policies -------------------------------------------------------------------------------

    def policy(self, name: str, day: date) -> str:
        """Give the value of the latest row on or before the day, else the shipped one."""
        rows = [row for row in self.inputs.policies if row.policy == name]
        rows = [row for row in rows if (row.effective_from or LONG_AGO) <= day]
        if not rows:
            return SHIPPED[name]
        return max(rows, key=lambda row: row.effective_from or LONG_AGO).value

    def number(self, name: str, day: date) -> Fraction:
        """Give a policy that is a number."""
        if (name, day) not in self._numbers:
            self._numbers[name, day] = Fraction(Decimal(self.policy(name, day)))
        return self._numbers[name, day]

    # --- tiers (§2.2) and rates (§3.2) ------------------------------------------------------------

    def tier_rows(self, account: str) -> list[AccountTierRow]:
        """List an account's tier history by date."""
        rows = [row for row in self.inputs.account_tiers if row.account_id == account]
        return sorted(rows, key=lambda row: row.effective_from)

    def tier(self, account: str, day: date) -> str:
        """Give the tier on a day: the latest row's; blank when it ended or never began."""
        tier = ""
        for row in self.tier_rows(account):
            if row.effective_from <= day:
                tier = row.tier
        return tier

    def tier_rate(self, tier: str, day: date) -> Fraction | None:
        """Give the rate of a tier on a day, or None when it has none on that day."""
        rows = [row for row in self.inputs.tiers if row.tier == tier]
        rows = [row for row in rows if (row.effective_from or LONG_AGO) <= day]
        if not rows:
            return None
        return Fraction(max(rows, key=lambda row: row.effective_from or LONG_AGO).rate)

    def rank(self, tier: str) -> int:
        """Give a tier's rank, 1 the highest; without a Rank: the order of first appearance."""
        for row in self.inputs.tiers:
            if row.tier == tier and row.rank is not None:
                return row.rank
        order = list(dict.fromkeys(row.tier for row in self.inputs.tiers))
        return order.index(tier) + 1

    # --- credit (§3.2) ----------------------------------------------------------------------------

    def shares(self, account: str, day: date) -> dict[str, Fraction]:
        """Give the shares in force on a day, each rounded to 6 decimals, as they stand (not normalised)."""
        return {
            row.salesperson_id: share
            for row, share in zip(self.inputs.assignments, self._shares, strict=True)
            if row.account_id == account and row.start <= day and (row.end is None or day <= row.end)
        }

    def days_with_wrong_shares(self, account: str) -> list[date]:
        """List the days on which the shares in force begin not to add up to 1 within 0.0001."""
        rows = [row for row in self.inputs.assignments if row.account_id == account]
        days = {row.start for row in rows} | {row.end + timedelta(days=1) for row in rows if row.end}
        wrong = []
        for day in sorted(days):
            shares = self.shares(account, day)
            if shares and abs(sum(shares.values(), Fraction(0)) - 1) > Fraction(1, 10000):
                wrong.append(day)
        return wrong

    def vector(self, account: str, day: date) -> Vector:
        """Give who is credited for a sale on a day, with which exact share and at which rate."""
        if (account, day) not in self._vectors:
            shares = self.shares(account, day)
            tier = self.tier(account, day)
            base = self.tier_rate(tier, day) if tier else Fraction(0)
            if base is None:
                raise ValueError(f"tier {tier} has no rate on {day}")
            total = sum(shares.values(), Fraction(0))
            self._vectors[account, day] = tuple(
                (person, shares[person] / total, base + (self.uplift(account, person, day) if tier else 0))
                for person in sorted(shares)
            )
        return self._vectors[account, day]

    # --- uplift (§3.4.2) ----------------------------------------------------------------------------

    def uplift(self, account: str, person: str, day: date) -> Fraction:
        """Give the largest points among the windows that are open for this person on this day."""
        if account not in self._windows:
            self._windows[account] = self._find_windows(account)
        open_now = [w for w in self._windows[account] if w.start <= day < w.end and person in w.people]
        return max((window.points for window in open_now), default=Fraction(0))

    def events(self, account: str) -> list[tuple[AccountTierRow, str]]:
        """List the tier history with each row's event, given or derived; "end" where the tier ends."""
        found: list[tuple[AccountTierRow, str]] = []
        before = ""  # the last tier that the account had
        ended: date | None = None  # since when it has none
        for row in self.tier_rows(account):
            found.append((row, row.event or self._derived(row, before, ended, first=not found)))
            if row.tier:
                before, ended = row.tier, None
            elif ended is None:
                ended = row.effective_from
        return found

    def _derived(self, row: AccountTierRow, before: str, ended: date | None, *, first: bool) -> str:
        if not row.tier:
            return "end"
        if first or not before:
            return "initial"
        if ended is not None:
            months = int(self.number("uplift_months", row.effective_from))
            return "new" if months_later(ended, months) <= row.effective_from else ""
        if self.rank(row.tier) < self.rank(before):
            return "upgrade"
        return "downgrade" if self.rank(row.tier) > self.rank(before) else ""

    def _find_windows(self, account: str) -> list[Window]:
        events = self.events(account)
        ends = [row.effective_from for row, event in events if event == "downgrade" or not row.tier]
        windows = []
        for row, event in events:
            if event in {"new", "upgrade"} and row.tier:
                start = row.effective_from
                end = months_later(start, int(self.number("uplift_months", start)))
                end = min([end, *(day for day in ends if day > start)])
                people = row.credited_to or self.shares(account, start)
                windows.append(Window(start, end, self.number("uplift_points", start), frozenset(people)))
        return windows
