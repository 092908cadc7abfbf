"""What the public data do not know: tiers, who keeps which account, targets, coefficients."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.real_data.online_retail import (
    Lines,
    Row,
    adjustments,
    company_sales,
    key_accounts,
    sales,
)

if TYPE_CHECKING:
    import pandas as pd

STRATEGIC_PERCENT, CORE_PERCENT = 2, 1
FIRST_DAY, REVIEW_DAY = date(2010, 12, 1), date(2011, 7, 1)

REGIONS = {
    "S01": ("C18102", "C17450"),
    "S02": ("C15061", "C16029", "Channel Islands"),
    "S03": ("C14646", "Netherlands", "Belgium", "Denmark", "Finland", "Iceland", "Norway", "Sweden"),
    "S04": ("C14911", "C14156", "EIRE"),
    "S05": ("Austria", "Czech Republic", "France", "Germany", "Lithuania", "Poland", "Switzerland"),
    "S06": ("Cyprus", "Greece", "Italy", "Malta", "Portugal", "Spain"),
}
ELSEWHERE = "S07"
"""Who keeps the accounts of no region above."""
SHARED = {"C14911": (("S04", "0.6"), ("S01", "0.4"))}
HANDED_OVER = {"Germany": ("S06", REVIEW_DAY), "Channel Islands": ("S01", date(2011, 10, 1))}
LEFT = {"S02": date(2011, 12, 31)}
TARGETS = {  # thousands, of 2010 (one month) and of 2011
    "S01": (25, 420),
    "S02": (30, 90),
    "S03": (30, 450),
    "S04": (10, 200),
    "S05": (35, 330),
    "S06": (10, 200),
    "S07": (20, 250),
}
COEFFICIENTS = {2010: {"S01": "1.05", "S05": "0.95"}, 2011: {"S03": "1.1", "S06": "0.9"}}


def account_tiers(lines: Lines) -> list[Row]:
    """Give the tiers: by the share of December 2010, reviewed on 1 July 2011 by the share of the half-year.

    An account whose first line falls into 2011 is a new account, important at first.
    """
    frame = lines.frame
    half = (frame["day"] >= date(2011, 1, 1)) & (frame["day"] < REVIEW_DAY)
    at_first = _tiers_by_share(frame[frame["day"] < date(2011, 1, 1)])
    reviewed = _tiers_by_share(frame[half])
    rows: list[Row] = []
    for account, first in sorted(key_accounts(lines).items()):
        new = first >= date(2011, 1, 1)
        tier = "important" if new else at_first.get(account, "important")
        start, event = (first, "new") if new else (FIRST_DAY, "initial")
        rows.append({"account_id": account, "tier": tier, "effective_from": start, "event": event})
        later = reviewed.get(account, "important")
        if first < REVIEW_DAY and later != tier:
            rows.append({"account_id": account, "tier": later, "effective_from": REVIEW_DAY})
    return rows


def _tiers_by_share(frame: pd.DataFrame) -> dict[str, str]:
    total = int(frame["fen"].sum())
    tiers = {}
    for account, fen in frame.groupby("account")["fen"].sum().items():
        percent = 100 * int(fen)
        core = "core" if percent >= CORE_PERCENT * total else "important"
        tiers[str(account)] = "strategic" if percent >= STRATEGIC_PERCENT * total else core
    return tiers


def assignments(lines: Lines) -> list[Row]:
    """Give who keeps which account: by region, one shared, two handed over within the year."""
    keeper = {account: person for person, accounts in REGIONS.items() for account in accounts}
    rows: list[Row] = []
    for account in sorted(key_accounts(lines)):
        shares = SHARED.get(account, ((keeper.get(account, ELSEWHERE), "1"),))
        successor = HANDED_OVER.get(account)
        end = successor and successor[1] - timedelta(days=1)
        rows += [
            {
                "account_id": account,
                "salesperson_id": person,
                "share": Decimal(share),
                "start": FIRST_DAY,
                "end": end,
            }
            for person, share in shares
        ]
        if successor:
            person, start = successor
            rows.append(
                {"account_id": account, "salesperson_id": person, "share": Decimal(1), "start": start}
            )
    return rows


def plan_rows(lines: Lines) -> dict[str, list[Row]]:
    """Give all input tables: English sheet name -> rows by field name."""
    people = sorted(TARGETS)
    rates = {"strategic": "0.02", "core": "0.015", "important": "0.01"}
    return {
        "Policies": [{"policy": "unknown_accounts", "value": "ignore"}],
        "Tiers": [
            {"tier": tier, "rate": Decimal(rate), "effective_from": FIRST_DAY} for tier, rate in rates.items()
        ],
        "Accounts": [{"account_id": a, "name": a} for a in sorted(key_accounts(lines))],
        "Account Tiers": account_tiers(lines),
        "Salespeople": [
            {"salesperson_id": p, "name": f"Salesperson {p}", "left": LEFT.get(p)} for p in people
        ],
        "Assignments": assignments(lines),
        "Sales": sales(lines),
        "Adjustments": adjustments(lines),
        "Targets": [
            {"salesperson_id": p, "year": year, "target": Decimal(1000 * TARGETS[p][year - 2010])}
            for year in (2010, 2011)
            for p in people
        ],
        "Company Sales": company_sales(lines),
        "Year-End Review": [
            {
                "salesperson_id": p,
                "year": year,
                "coefficient": Decimal(COEFFICIENTS[year].get(p, "1")),
                "reason": "Set for the example",
                "approved_by": "General manager",
            }
            for year in (2010, 2011)
            for p in people
        ],
    }
