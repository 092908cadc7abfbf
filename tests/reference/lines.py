"""From rows to lines: net sales (§3.1), the origin of reversals (§3.2), and what is wrong with the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from keyaccount.tables import Inputs
from tests.reference.plan import SHIPPED, Plan
from tests.reference.rows import Adjustment, Sale, adjustment_rows, half_away, month_of, sales_rows


@dataclass(frozen=True)
class Line:
    """A dated net amount in fen, with the day whose rate, shares and uplift it carries."""

    day: date
    origin: date
    account: str
    fen: int

    @property
    def month(self) -> int:
        """The month that the line counts in: that of its own date."""
        return month_of(self.day)


@dataclass(frozen=True)
class Read:
    """The lines of a workbook and the names of the errors found on the way."""

    lines: list[Line]
    errors: set[str]


def read(inputs: Inputs, plan: Plan, last_day: date) -> Read:
    """Turn sales and adjustments into lines; unknown accounts are an error or left out."""
    errors = wrong_tables(inputs, plan)
    known = {row.account_id for row in inputs.accounts}
    known |= {row.account_id for row in inputs.account_tiers}
    known |= {row.account_id for row in inputs.assignments}
    sales, adjustments = sales_rows(inputs), adjustment_rows(inputs)
    if ({s.account for s in sales} | {a.account for a in adjustments}) - known:
        if plan.policy("unknown_accounts", last_day) == "error":
            errors.add("unknown account")
        adjustments = [adjustment for adjustment in adjustments if adjustment.account in known]
    counted = [sale for sale in sales if sale.account in known]
    for ids in ([s.sale_id for s in counted], [a.adjustment_id for a in adjustments]):
        if len(ids) != len(set(ids)):  # lines that are left out are not looked at
            errors.add("duplicate ID")
    if any(s.gross < 0 or s.discount < 0 or s.discount > s.gross for s in counted):
        errors.add("wrong amount")
    lines = [Line(s.day, s.day, s.account, s.gross - s.discount) for s in counted]
    for adjustment in adjustments:
        origin = origin_of(adjustment, sales, plan)
        if origin is None:
            errors.add("no origin")
        elif origin > adjustment.day:
            errors.add("origin after the line")
        else:
            fen = net_of_vat(adjustment) * (1 if adjustment.kind == "recovery" else -1)
            lines.append(Line(adjustment.day, origin, adjustment.account, fen))
    started = plan.policy("plan_start", date.max)
    if started:  # origins before it earn nothing and reverse nothing
        lines = [line for line in lines if line.origin >= date.fromisoformat(started)]
    return Read(lines, errors | wrong_reversals(sales, adjustments) | wrong_origins(lines, plan))


def wrong_origins(lines: list[Line], plan: Plan) -> set[str]:
    """Check that what has a tier on its origin day has a rate and someone assigned."""
    errors: set[str] = set()
    for account, day in {(line.account, line.origin) for line in lines}:
        tier = plan.tier(account, day)
        if tier and plan.tier_rate(tier, day) is None:
            errors.add("tier without a rate")
        if tier and not plan.shares(account, day):
            errors.add("no assignment")
    return errors


def net_of_vat(adjustment: Adjustment) -> int:
    """Take the VAT out of an amount that includes it: round(amount ÷ (1 + rate))."""
    return half_away(Fraction(adjustment.fen) / (1 + (adjustment.vat or 0)))


def origin_of(adjustment: Adjustment, sales: list[Sale], plan: Plan) -> date | None:
    """Find the day of the sale that a line undoes, in the order of §3.2; None when it cannot be found."""
    if adjustment.sale_id:
        for sale in sales:
            if sale.sale_id == adjustment.sale_id:
                return sale.day
        return adjustment.original
    if adjustment.original is not None:
        return adjustment.original
    if plan.policy("unlinked_origin", adjustment.day) == "own_date":
        return adjustment.day
    earlier = [
        sale.day for sale in sales if sale.account == adjustment.account and sale.day <= adjustment.day
    ]
    return max(earlier, default=adjustment.day)


def wrong_reversals(sales: list[Sale], adjustments: list[Adjustment]) -> set[str]:
    """Check each sale's total reversals by Sale ID against its net, and its recoveries against bad debts."""
    errors: set[str] = set()
    for sale in sales:
        own = [a for a in adjustments if a.sale_id == sale.sale_id]
        if any(a.account != sale.account for a in own):
            errors.add("sale of another account")
        by_kind = {
            kind: sum(net_of_vat(a) for a in own if a.kind == kind)
            for kind in ("return", "bad_debt", "discount", "recovery")
        }
        undone = by_kind["return"] + by_kind["bad_debt"] + by_kind["discount"] - by_kind["recovery"]
        if own and undone > sale.gross - sale.discount:
            errors.add("reversals above the sale")
        if by_kind["recovery"] > by_kind["bad_debt"]:
            errors.add("recoveries above the bad debts")
    if any(a.fen < 0 for a in adjustments):
        errors.add("wrong amount")
    return errors


def wrong_tables(inputs: Inputs, plan: Plan) -> set[str]:
    """Check the small tables: unknown words, overlaps, shares, coefficients."""
    errors: set[str] = set()
    people = {row.salesperson_id for row in inputs.salespeople}
    named = [
        *(row.salesperson_id for row in inputs.assignments),
        *(row.salesperson_id for row in inputs.targets),
        *(row.salesperson_id for row in inputs.year_end_review),
        *(row.salesperson_id for row in inputs.opening_balances),
        *(row.salesperson_id for row in inputs.prior_years),
        *(row.salesperson_id for row in inputs.payments_made),
        *(person for row in inputs.account_tiers for person in row.credited_to),
    ]
    if set(named) - people:
        errors.add("unknown salesperson")
    if {row.tier for row in inputs.account_tiers if row.tier} - {row.tier for row in inputs.tiers}:
        errors.add("unknown tier")
    if {row.policy for row in inputs.policies} - set(SHIPPED):
        errors.add("unknown policy")
    if any(n > 1 for n in Counter((r.account_id, r.effective_from) for r in inputs.account_tiers).values()):
        errors.add("two tier rows on one date")
    if any(row.left and row.joined and row.left < row.joined for row in inputs.salespeople):
        errors.add("left before joining")
    return errors | wrong_assignments(inputs, plan) | wrong_reviews(inputs, plan)


def wrong_assignments(inputs: Inputs, plan: Plan) -> set[str]:
    """Check that nobody is assigned twice on a day and that shares add up on every day."""
    errors: set[str] = set()
    rows = inputs.assignments
    for i, one in enumerate(rows):
        for two in rows[i + 1 :]:
            same = (one.account_id, one.salesperson_id) == (two.account_id, two.salesperson_id)
            apart = (one.end is not None and one.end < two.start) or (
                two.end is not None and two.end < one.start
            )
            if same and not apart:
                errors.add("overlapping assignments")
    if any(plan.days_with_wrong_shares(account) for account in {row.account_id for row in rows}):
        errors.add("shares")
    return errors


def wrong_reviews(inputs: Inputs, plan: Plan) -> set[str]:
    """Check that approved coefficients are within bounds, reasoned and approved by name."""
    errors: set[str] = set()
    for row in inputs.year_end_review:
        day = date(row.year, 12, 31)
        low, high = plan.number("coefficient_min", day), plan.number("coefficient_max", day)
        if not low <= Fraction(row.coefficient) <= high:
            errors.add("coefficient out of bounds")
        if not row.reason or not row.approved_by:
            errors.add("coefficient without reason or approver")
    return errors
