"""An entry as a row of the Ledger sheet, and back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from keyaccount.ledger import Entry

Row = tuple[object, ...]


def ledger_row(entry: Entry) -> Row:
    """Give an entry's values in the order of the Ledger sheet's columns; blanks as ``None``."""
    return (
        entry.entry,
        entry.run,
        entry.booked_at,
        entry.period,
        entry.kind,
        entry.salesperson_id,
        entry.account_id or None,
        entry.month or None,
        entry.origin_month or None,
        entry.net_sales,
        entry.rate,
        entry.amount,
        entry.clause,
        entry.reference or None,
        entry.digest,
    )


def ledger_entry(row: Sequence[object]) -> Entry:
    """Rebuild an entry from the values of its Ledger row (typed as the columns say)."""
    texts = {
        index: "" if row[index] is None else str(row[index]) for index in (2, 3, 4, 5, 6, 7, 8, 12, 13, 14)
    }
    net, rate = row[9], row[10]
    return Entry(
        entry=int(str(row[0])),
        run=int(str(row[1])),
        booked_at=texts[2],
        period=texts[3],
        kind=texts[4],
        salesperson_id=texts[5],
        amount=int(str(row[11])),
        account_id=texts[6],
        month=texts[7],
        origin_month=texts[8],
        net_sales=None if net is None else int(str(net)),
        rate=rate if isinstance(rate, Decimal) else None,
        clause=texts[12],
        reference=texts[13],
        digest=texts[14],
    )
