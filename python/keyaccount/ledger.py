"""The ledger: append-only entries, each chained to the one before by a digest.

The ledger is the state: what was earned, corrected and paid. Nothing in it is ever rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry; amounts in fen, months as text ``2026-01``, blank text is ``""``.

    ``kind`` is one of EARNINGS or PAYMENTS. ``net_sales`` stands only on cell kinds.
    """

    entry: int
    run: int
    booked_at: str
    period: str
    kind: str
    salesperson_id: str
    amount: int
    account_id: str = ""
    month: str = ""
    origin_month: str = ""
    net_sales: int | None = None
    rate: Decimal | None = None
    clause: str = ""
    reference: str = ""
    digest: str = ""
