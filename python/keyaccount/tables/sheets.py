"""All result sheets, in the order in which they stand in the workbook."""

from __future__ import annotations

from typing import get_args

from keyaccount.tables.audit import CHANGES, DASHBOARD, RECONCILIATION, SNAPSHOT
from keyaccount.tables.keeping import KEY_ACCOUNT_REVIEW, MAINTENANCE_SCORES, RECOGNITION, SCORE_DETAIL
from keyaccount.tables.result_sheets import ResultKind, ResultSheet
from keyaccount.tables.results import (
    CLAWBACKS,
    COMMISSION_DETAIL,
    LEDGER,
    MONTHLY_ADVANCES,
    NET_SALES,
    PROBLEMS,
    QUARTERLY_SETTLEMENT,
    RUN_LOG,
    YEAR_END_SETTLEMENT,
)

RESULT_SHEETS: tuple[ResultSheet, ...] = (
    NET_SALES,
    COMMISSION_DETAIL,
    MONTHLY_ADVANCES,
    QUARTERLY_SETTLEMENT,
    CLAWBACKS,
    YEAR_END_SETTLEMENT,
    LEDGER,
    KEY_ACCOUNT_REVIEW,
    MAINTENANCE_SCORES,
    SCORE_DETAIL,
    RECOGNITION,
    RECONCILIATION,
    CHANGES,
    DASHBOARD,
    PROBLEMS,
    RUN_LOG,
    SNAPSHOT,
)
"""The result sheets that the program writes, in the order in which they stand in the workbook."""
RESULT_SHEET = {sheet.name: sheet for sheet in RESULT_SHEETS}

assert set(get_args(ResultKind)) >= {c.kind for s in RESULT_SHEETS for c in s.columns}  # noqa: S101 a declaration checks itself
