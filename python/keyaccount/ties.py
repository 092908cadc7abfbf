"""Totals of the result sheets that must agree with another figure: the head shows that they do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyaccount import tables
from keyaccount.ledger import CELL_KINDS, PAYMENTS, Entry
from keyaccount.money import yuan_grouped
from keyaccount.periods import Period
from keyaccount.tables import ResultSheet, Tie

Rows = Sequence[tuple[object, ...]]

_KIND_OF_PERIOD = {
    tables.MONTHLY_ADVANCES.name: "month",
    tables.QUARTERLY_SETTLEMENT.name: "quarter",
    tables.YEAR_END_SETTLEMENT.name: "year",
}


def ties(sheet: ResultSheet, rows: Rows, ledger: Sequence[Entry]) -> tuple[Tie, ...]:
    """Give what a result sheet's totals tie to: the ledger's payments, or the parts of which they consist."""
    if not rows:
        return ()
    table = _Table(sheet, rows)
    if sheet.name in _KIND_OF_PERIOD:
        return tuple(_paid(table, ledger))
    if sheet.name == tables.NET_SALES.name:
        return (_net_sales(table),)
    if sheet.name == tables.COMMISSION_DETAIL.name:
        return (_credited(table, ledger),)
    if sheet.name == tables.CLAWBACKS.name:
        return (_clawbacks(table),)
    return ()


class _Table:
    """A result sheet's rows by header."""

    def __init__(self, sheet: ResultSheet, rows: Rows) -> None:
        self.sheet, self.rows = sheet, rows
        self.places = {column.en: index for index, column in enumerate(sheet.columns)}

    def column(self, header: str) -> list[object]:
        place = self.places[header]
        return [row[place] for row in self.rows]

    def total(self, header: str) -> int:
        return sum(value for value in self.column(header) if isinstance(value, int))


def _paid(table: _Table, ledger: Sequence[Entry]) -> Iterator[Tie]:
    """Tie what the runs of this sheet paid to the ledger's payments (§3.3).

    The ledger may hold more: what was paid outside the program for a period that was not run (§Controls).
    """
    kind = _KIND_OF_PERIOD[table.sheet.name]
    kinds = {period: Period.parse(period).kind for period in {e.period for e in ledger if e.kind in PAYMENTS}}
    payments = [entry for entry in ledger if entry.kind in PAYMENTS and kinds[entry.period] == kind]
    runs = set(zip(table.column(table.sheet.apart), table.column("Salesperson ID"), strict=True))
    outside = sum(entry.amount for entry in payments if (entry.period, entry.salesperson_id) not in runs)
    said = ("Paid here = ledger", "本表应发合计 = 台账发放合计")
    if outside:
        also = yuan_grouped(outside)
        said = (f"Paid here + {also} paid outside = ledger", f"本表应发合计 + 表外已发 {also} = 台账发放合计")
    yield Tie(said, table.total("Paid") + outside, sum(entry.amount for entry in payments))
    if kind == "year":
        parts = table.total("Commission") + table.total("Adjustment")
        said = ("Commission + adjustment = final", "年度提成 + 年终调整 = 调整后提成")
        yield Tie(said, parts, table.total("Final"))


def _net_sales(table: _Table) -> Tie:
    """Tie net sales to the parts that it is made of (§3.1)."""
    added = table.total("Gross") + table.total("Recoveries")
    taken = sum(table.total(header) for header in ("Discount", "Returns", "Bad Debts", "Later Discounts"))
    return Tie(
        ("Net sales = the sum of its parts", "净销售额 = 各项之和"), added - taken, table.total("Net Sales")
    )


def _credited(table: _Table, ledger: Sequence[Entry]) -> Tie:
    """Tie the credited net sales to the ledger's; cells of open months come on top (§3.2)."""
    booked = [entry for entry in ledger if entry.kind in CELL_KINDS]
    known = {(e.month, e.origin_month, e.account_id, e.salesperson_id, e.rate) for e in booked}
    key = ("Month", "Origin Month", "Account ID", "Salesperson ID", "Rate")
    cells = zip(*(table.column(header) for header in key), strict=True)
    net = zip(cells, table.column("Net Sales"), strict=True)
    calculated = sum(fen for cell, fen in net if cell not in known and isinstance(fen, int))
    said = ("Net sales here = ledger", "本表提成基数 = 台账净销售额")
    if calculated:
        more = yuan_grouped(calculated)
        said = (
            f"Net sales here = ledger + {more} not settled yet",
            f"本表提成基数 = 台账净销售额 + 未核算 {more}",
        )
    return Tie(said, table.total("Net Sales"), sum(entry.net_sales or 0 for entry in booked) + calculated)


def _clawbacks(table: _Table) -> Tie:
    """Tie the commission reversed to what it takes from pay and from what is withheld (§3.3.3)."""
    parts = table.total("From Pay") + table.total("From Withheld")
    said = ("From pay + from withheld = commission reversed", "扣回已发 + 冲减待补发 = 扣回提成")
    return Tie(said, parts, table.total("Commission Reversed"))
