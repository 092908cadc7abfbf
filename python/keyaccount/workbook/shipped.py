"""The rows that every new workbook starts with: policies, tier rates, scorecard and bands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from keyaccount.policies import POLICIES, Policy
from keyaccount.tables import WORDS

Language = Literal["en", "zh"]
Row = Mapping[str, object]
"""A row of an input sheet: the column's field name -> its value as a cell holds it (yuan, not fen)."""

NOTES = {
    "key_account_share": "Share of last year's company net sales from which an account qualifies",
    "unknown_accounts": "A sale of an account that stands on no sheet: an error, or left out",
    "unlinked_origin": "A return without sale or date belongs to the account's latest sale, or to its date",
    "advance_rate": "Part of what was earned that is paid monthly",
    "advance_method": "Paid monthly as earned, or in instalments of the settled quarter",
    "negative_balance": "A negative balance is carried to the next months, or collected at once",
    "uplift_points": "Added to the rate for a new or upgraded account (0.005 is half a percentage point)",
    "uplift_months": "How many months the uplift lasts",
    "target_bonus_rate": "Bonus for a target that was met",
    "target_bonus_base": "What the bonus is taken of",
    "coefficient_min": "Smallest year-end coefficient",
    "coefficient_max": "Largest year-end coefficient",
    "require_review": "Whether the year end needs a Year-End Review row for each salesperson",
    "leaver_bonus": "Whether somebody who left before 31 December gets the target bonus",
    "recognition_score": "Maintenance score from which recognition is proposed",
    "recognition_needs_target": "Whether recognition also needs the target",
    "promotion_years": "Recognised years in a row from which promotion is proposed",
    "approval_required": "Whether export and statements refuse what is not approved",
    "objection_days": "Days in which a salesperson may object to a statement",
}
"""What each shipped policy says, in English (in Chinese: its name and clause)."""

MEASURES = (
    (
        "profile",
        "15",
        "180",
        "Account files complete, updated within this many days (§4.1.1)",
        "客户档案完整且按期更新(天)(§4.1.1)",
    ),
    ("monthly review", "20", "", "Months with a business review (§4.1.2)", "月度商务回顾(§4.1.2)"),
    (
        "response",
        "15",
        "24",
        "Issues answered within this many hours (§4.2.3)",
        "问题首次响应时限(小时)(§4.2.3)",
    ),
    ("resolution", "10", "7", "Issues closed within this many days (§5.2)", "问题关闭时限(天)(§5.2)"),
    ("events", "10", "2", "Events and joint marketing a year (§4.1.3)", "每年客户活动、共同营销次数(§4.1.3)"),
    ("feedback", "15", "", "Mean satisfaction (§4.2.2)", "客户满意度(§4.2.2)"),
    (
        "service",
        "10",
        "2",
        "Solutions, trainings and upgrades a year (§4.2.1)",
        "每年定制方案、培训、升级次数(§4.2.1)",
    ),
    (
        "expansion",
        "5",
        "1",
        "Bids, opportunities and joint developments a year (§4.3)",
        "每年招投标、商机、联合开发次数(§4.3)",
    ),
)
TIERS = (("strategic", "0.02"), ("core", "0.015"), ("important", "0.01"))
BANDS = (("90", "1.05"), ("75", "1.00"), ("60", "0.95"), ("0", "0.90"))


def shipped_rows(language: Language) -> dict[str, list[Row]]:
    """Give the rows of a new workbook by English sheet name."""
    return {
        "Policies": [
            {"policy": policy.name, "value": policy.shipped, "note": _note(policy, language)}
            for policy in POLICIES.values()
            if policy.shipped
        ],
        "Tiers": [
            {"tier": tier, "rate": Decimal(rate), "rank": rank}
            for rank, (tier, rate) in enumerate(TIERS, start=1)
        ],
        "Scorecard": [
            {
                "measure": measure,
                "weight": Decimal(weight),
                "threshold": Decimal(threshold) if threshold else None,
                "note": chinese if language == "zh" else english,
            }
            for measure, weight, threshold, english, chinese in MEASURES
        ],
        "Bands": [
            {"score_from": Decimal(score), "coefficient": Decimal(coefficient)}
            for score, coefficient in BANDS
        ],
    }


def merged(shipped: list[Row], given: list[Row], key: str) -> list[Row]:
    """Put given rows beside the shipped ones; one of the same name without a date takes its place."""
    result = [dict(row) for row in shipped]
    places = {row[key]: index for index, row in enumerate(result)}
    places |= {
        word: places[tier] for tier, words in WORDS["tier"].items() if tier in places for word in words
    }
    for row in given:
        place = places.get(row.get(key))
        if place is None or row.get("effective_from"):
            result.append(dict(row))
        else:
            result[place] |= row
    return [*result]


def _note(policy: Policy, language: Language) -> str:
    clause = f"({policy.clause})" if policy.clause.startswith("§") else ""
    choices = f": {' / '.join(policy.words)}" if policy.words else ""
    if language == "zh":
        return f"{policy.zh}{clause}{choices}"
    return f"{NOTES[policy.name]}{f' {clause}' if clause else ''}{choices}"
