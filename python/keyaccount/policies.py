"""The policies (方案参数): what the written plan leaves open, shipped values, dated changes.

A policy may stand in several rows with an Effective From (blank = always). Its value on a day is
that of the latest row on or before the day, else the shipped one. Source: plan, "Policies".
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from keyaccount.problems import Listed, Problem, error
from keyaccount.tables import PolicyRow

ALWAYS = date.min
"""The Effective From of a row that leaves it blank."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: shipped value, the clause it belongs to, and which values it takes."""

    name: str
    zh: str
    shipped: str
    clause: str
    words: tuple[str, ...] = ()  # a word policy's values
    low: Decimal | None = None  # a number policy's bounds, both included
    high: Decimal | None = None
    whole: bool = False
    free: bool = False  # any text; blank is allowed
    dated: bool = False  # a day, or blank


def _number(  # noqa: PLR0913 a number policy is all of these
    name: str, zh: str, shipped: str, clause: str, low: str, high: str, *, whole: bool = False
) -> Policy:
    return Policy(name, zh, shipped, clause, low=Decimal(low), high=Decimal(high), whole=whole)


POLICIES: dict[str, Policy] = {
    policy.name: policy
    for policy in (
        _number("key_account_share", "大客户认定比例", "0.05", "§2.1", "0", "1"),
        Policy("unknown_accounts", "档案外客户的销售", "error", "§3.1", ("error", "ignore")),
        Policy("unlinked_origin", "无原单退货的归属", "latest_sale", "§3.2", ("latest_sale", "own_date")),
        _number("advance_rate", "预发比例", "0.8", "§3.3.2", "0", "1"),
        Policy("advance_method", "预发方式", "monthly", "§3.3.2", ("monthly", "instalments")),
        Policy("negative_balance", "负数余额处理", "carry", "§3.3.2", ("carry", "collect")),
        _number("uplift_points", "上浮百分点", "0.005", "§3.4.2", "0", "1"),
        _number("uplift_months", "上浮月数", "12", "§3.4.2", "0", "1200", whole=True),
        _number("target_bonus_rate", "目标达成奖比例", "0.1", "§3.4.1", "0", "10"),
        Policy(
            "target_bonus_base",
            "目标达成奖基数",
            "final_commission",
            "§3.4.1",
            ("final_commission", "commission", "year_end_payment"),
        ),
        _number("coefficient_min", "年终系数下限", "0.8", "§3.3.4", "0", "10"),
        _number("coefficient_max", "年终系数上限", "1.1", "§3.3.4", "0", "10"),
        Policy("require_review", "必须有年终评定", "no", "§3.3.4", ("no", "yes")),
        Policy("leaver_bonus", "离职人员目标奖", "pay", "§3.4.1", ("pay", "none")),
        _number("recognition_score", "表彰最低分", "85", "§3.4.3", "0", "100"),
        Policy("recognition_needs_target", "表彰须达成目标", "no", "§3.4.3", ("no", "yes")),
        _number("promotion_years", "晋升所需连续表彰年数", "2", "§3.4.3", "1", "100", whole=True),
        Policy("plan_start", "方案启用日期", "", "Controls", dated=True),
        Policy("approval_required", "必须审批", "no", "Controls", ("no", "yes")),
        _number("objection_days", "异议期限(天)", "15", "Controls", "0", "3650", whole=True),
        Policy("company", "公司名称", "", "Controls", free=True),
        Policy("sales_source", "销售明细来源", "", "§3.1", free=True),
        Policy("adjustments_source", "调整明细来源", "", "§3.1", free=True),
    )
}


class Policies:
    """The policies of a workbook, asked by name and day."""

    def __init__(self, rows: Sequence[PolicyRow]) -> None:
        """Sort the valid rows of each policy by day; ``check_policies`` reports the others."""
        self._dated: dict[str, list[tuple[date, str]]] = {}
        for row in rows:
            policy = POLICIES.get(row.policy)
            if policy is not None and not _fault(policy, row.value):
                value = row.value.lower() if policy.words else row.value
                self._dated.setdefault(row.policy, []).append((row.effective_from or ALWAYS, value))
        for dated in self._dated.values():
            dated.sort(key=lambda pair: pair[0])

    def word(self, name: str, day: date) -> str:
        """Give a policy's value on a day as text."""
        value = POLICIES[name].shipped
        for start, dated_value in self._dated.get(name, ()):
            if start > day:
                break
            value = dated_value
        return value

    def number(self, name: str, day: date) -> Decimal:
        """Give a number policy's value on a day, exactly."""
        return Decimal(self.word(name, day))

    def plan_start(self) -> date:
        """Give the day before which origins earn nothing and take nothing back (§Controls); blank: none."""
        value = self.word("plan_start", date.max)
        return date.fromisoformat(value) if value else ALWAYS

    def whole(self, name: str, day: date) -> int:
        """Give a whole-number policy's value on a day."""
        return int(self.number(name, day))


def check_policies(rows: Sequence[PolicyRow]) -> list[Problem]:
    """List unknown policies, values that a policy does not take, and two rows for one day."""
    problems: list[Problem] = []
    seen: dict[tuple[str, date], int] = {}
    for row in rows:
        policy = POLICIES.get(row.policy)
        if policy is None:
            problems.append(_unknown(row))
            continue
        if expected := _fault(policy, row.value):
            problems.append(
                error(
                    "Policies",
                    row.row,
                    "Value",
                    row.value,
                    "{policy} does not take the value {value}.",
                    "Enter {expected}.",
                    policy=row.policy,
                    value=row.value,
                    expected=expected,
                )
            )
        first = seen.setdefault((row.policy, row.effective_from or ALWAYS), row.row)
        if first != row.row:
            problems.append(
                error(
                    "Policies",
                    row.row,
                    "Policy",
                    row.policy,
                    "{policy} has two values from the same day (also in row {first}).",
                    "Delete one of the rows or give it another Effective From.",
                    policy=row.policy,
                    first=first,
                )
            )
    return problems


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _unknown(row: PolicyRow) -> Problem:
    nearest = difflib.get_close_matches(row.policy, POLICIES, n=3, cutoff=0.4)
    return error(
        "Policies",
        row.row,
        "Policy",
        row.policy,
        "There is no policy named {policy}.",
        "Use one of the plan's policies; nearest: {nearest}.",
        policy=row.policy,
        nearest=Listed(nearest or POLICIES),
    )


def _fault(policy: Policy, value: str) -> str:
    """Give what a policy expects where the value is none of it, else ``""``."""
    if policy.free:
        return ""
    if policy.dated:
        return "" if not value or _is_day(value) else "2026-05-01"
    if policy.words:
        return "" if value.lower() in policy.words else " / ".join(policy.words)
    expected = f"{policy.low} … {policy.high}"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return expected
    assert policy.low is not None  # noqa: S101 number policies have bounds
    assert policy.high is not None  # noqa: S101
    fits = policy.low <= number <= policy.high and (not policy.whole or number == int(number))
    return "" if fits else expected
