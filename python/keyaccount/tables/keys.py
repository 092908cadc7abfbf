"""What makes a row of an input sheet the same row: its key columns, by English sheet name."""

from __future__ import annotations

from keyaccount.tables import inputs

_PERSON_AND_YEAR = ("salesperson_id", "year")

KEYS: dict[str, tuple[str, ...]] = {
    inputs.POLICIES.name: ("policy", "effective_from"),
    inputs.TIERS.name: ("tier", "effective_from"),
    inputs.ACCOUNTS.name: ("account_id",),
    inputs.ACCOUNT_TIERS.name: ("account_id", "effective_from"),
    inputs.SALESPEOPLE.name: ("salesperson_id",),
    inputs.ASSIGNMENTS.name: ("account_id", "salesperson_id", "start"),
    inputs.SALES.name: ("sale_id",),
    inputs.ADJUSTMENTS.name: ("adjustment_id",),
    inputs.TARGETS.name: _PERSON_AND_YEAR,
    inputs.COMPANY_SALES.name: ("month",),
    inputs.MAINTENANCE.name: (),
    inputs.SCORECARD.name: ("measure", "effective_from"),
    inputs.BANDS.name: ("score_from", "effective_from"),
    inputs.YEAR_END_REVIEW.name: _PERSON_AND_YEAR,
    inputs.OPENING_BALANCES.name: _PERSON_AND_YEAR,
    inputs.PRIOR_YEARS.name: _PERSON_AND_YEAR,
    inputs.PAYMENTS_MADE.name: ("salesperson_id", "period", "voucher"),
    inputs.APPROVALS.name: ("period", "ledger_digest"),
    inputs.OBJECTIONS.name: ("entry", "salesperson_id", "raised"),
}
"""Fields of a table's key; none: every row stands for itself, as two acts of a day in the log."""
assert KEYS.keys() == inputs.TABLE.keys()  # noqa: S101 a declaration checks itself
