"""Net sales of each month twice: as formulas over Sales and Adjustments, and as what those should give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from keyaccount import tables
from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.net_sales import months_of
from keyaccount.clauses.sums import sums_by
from keyaccount.periods import month_text
from keyaccount.tables import WORDS, Located, ReadBook
from keyaccount.workbook.ranges import Area, in_month, is_in_month, told_apart

ROOM = 1000
"""How many rows below the data the formulas reach: what is typed there is added up at once."""
_LAST_ROW = 1_048_576
_RECOVERY = ("recovery", WORDS["adjustment"]["recovery"][-1])
"""What the words for a recovery have in common, in each language; no other type holds it."""
_OTHERS = [
    word for kind, words in WORDS["adjustment"].items() if kind != "recovery" for word in (kind, *words)
]
assert all(_RECOVERY[1] in word for word in WORDS["adjustment"]["recovery"])  # noqa: S101 a declaration checks itself
assert not any(mark in word for mark in _RECOVERY for word in _OTHERS)  # noqa: S101 likewise


class Sums(NamedTuple):
    """A month's lines, and in fen its gross, discounts, reversals (recoveries deducted) and net sales."""

    lines: int
    gross: int
    discounts: int
    reversals: int
    net: int

    @classmethod
    def of(cls, lines: int, gross: int, discounts: int, reversals: int) -> Self:
        """Work out the net sales (§3.1)."""
        return cls(lines, gross, discounts, reversals, gross - discounts - reversals)

    def plus(self, other: Sums) -> Sums:
        """Add two up: the lines that count and those that are left out."""
        return Sums(*(one + another for one, another in zip(self, other, strict=True)))


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What the rows of Sales and Adjustments add up to by month, of known accounts and of others.

    Each: lines, gross, discounts, reversals; amounts in fen. A line is a row of either sheet.
    """

    known: dict[int, list[int]]
    unknown: dict[int, list[int]]
    left_out: bool
    vat: bool
    as_text: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, big: BigTables, as_text: Mapping[str, frozenset[int]], through: int) -> Self:
        """Add up the rows through a month; ``as_text``: by table, rows with a date or amount that is text."""
        sales, adjustments = big.sales, big.adjustments
        signs = np.where(adjustments.type == "recovery", -1, 1)
        sums: tuple[dict[int, list[int]], dict[int, list[int]]] = (_zeros(), _zeros())
        columns = (
            (0, sales.date, big.sale_account, sales.counted()),
            (0, adjustments.date, big.adjustment_account, adjustments.counted()),
            (1, sales.date, big.sale_account, sales.gross),
            (2, sales.date, big.sale_account, sales.discount),
            (3, adjustments.date, big.adjustment_account, signs * big.amounts),
        )
        for place, dates, accounts, amounts in columns:
            months = months_of(dates)
            for unknown in (False, True):
                wanted = (months <= through) & ((accounts < 0) == unknown)
                _add_up(sums[unknown], place, months[wanted], amounts[wanted])
        written = [
            months_of(table.date[np.isin(table.row, list(as_text.get(name, ())))]).tolist()
            for name, table in ((tables.SALES.name, sales), (tables.ADJUSTMENTS.name, adjustments))
        ]
        left_out = bool((big.sale_account < 0).any() or (big.adjustment_account < 0).any())
        vat = any(rate is not None for rate in adjustments.vat_rate.tolist())
        text_months = frozenset(month for each in written for month in each)
        return cls(sums[0], sums[1], left_out, vat, text_months)

    @property
    def months(self) -> set[int]:
        """The months that have rows."""
        return self.known.keys() | self.unknown.keys()

    def inside(self, month: int) -> Sums:
        """Give a month's sums of known accounts."""
        return Sums.of(*self.known.get(month, _NOTHING))

    def outside(self, month: int) -> Sums:
        """Give a month's sums of unknown accounts."""
        return Sums.of(*self.unknown.get(month, _NOTHING))


_NOTHING = (0, 0, 0, 0)


def _zeros() -> dict[int, list[int]]:
    return defaultdict(lambda: list(_NOTHING))


def _add_up(
    sums: dict[int, list[int]], place: int, months: NDArray[np.int64], amounts: NDArray[np.int64]
) -> None:
    (found,), totals = sums_by([months], amounts)
    for month, total in zip(found.tolist(), totals.tolist(), strict=True):
        sums[month][place] += total


class MonthFormulas:
    """The same sums as formulas; ``filtered``: they can leave out the lines of unknown accounts."""

    def __init__(self, read: ReadBook, sums: MonthSums) -> None:
        """Find the ranges."""
        inputs = read.inputs
        self._sales = _area(read.located[tables.SALES.name], inputs.sales.row)
        self._adjustments = _area(read.located[tables.ADJUSTMENTS.name], inputs.adjustments.row)
        company_rows = np.array([row.row for row in inputs.company_sales], np.int32)
        self._company = _area(read.located[tables.COMPANY_SALES.name], company_rows)
        self._vat = sums.vat
        self._listed = _listed_accounts(read) if sums.left_out else ""
        self.filtered = bool(self._listed) or not sums.left_out

    def all_of(self, month: int, *, listed: bool = True) -> tuple[str, str, str, str]:
        """Write lines, gross, discounts and reversals of a month; not ``listed``: of unknown accounts too."""
        parts = (self._lines, self._gross, self._discounts, self._reversals)
        lines, gross, discounts, reversals = (part(month, listed=listed) for part in parts)
        return lines, gross, discounts, reversals

    def _lines(self, month: int, *, listed: bool) -> str:
        areas = (area for area in (self._sales, self._adjustments) if "Date" in area)
        return "+".join(self._count(area, month, listed=listed) for area in areas)

    def _gross(self, month: int, *, listed: bool) -> str:
        return self._sum(self._sales, "Gross Amount", month, listed=listed)

    def _discounts(self, month: int, *, listed: bool) -> str:
        """Write the sum of the month's discounts; 0 where there is no such column."""
        return self._sum(self._sales, "Discount", month, listed=listed) if "Discount" in self._sales else "0"

    def _reversals(self, month: int, *, listed: bool) -> str:
        """Write returns + bad debts + later discounts − recoveries: all amounts, less recoveries twice."""
        area = self._adjustments
        if "Amount" not in area:
            return "0"
        if self._vat and "VAT Rate" in area:
            return self._without_vat(month, listed=listed)
        kinds = [f',{area.column("Type")},"*{word}*"' for word in _RECOVERY]
        recovered = "+".join(self._sum(area, "Amount", month, kind, listed=listed) for kind in kinds)
        return f"{self._sum(area, 'Amount', month, listed=listed)}-2*({recovered})"

    def company_sales(self, month: int) -> str:
        """Write the month's Net Sales of Company Sales: its Month is a date, or text such as 2026-01."""
        area = self._company
        dates, amounts = area.column("Month"), area.column("Net Sales")
        as_text = f'SUMPRODUCT(ISTEXT({dates})*(LEFT({dates},7)="{month_text(month)}"),{amounts})'
        return f"SUMIFS({amounts},{in_month(dates, month)})+{as_text}"

    def _count(self, area: Area, month: int, *, listed: bool) -> str:
        conditions = in_month(area.column("Date"), month)
        if listed and self._listed:
            return f"SUMPRODUCT(COUNTIFS({conditions},{area.column('Account ID')},{self._listed}))"
        return f"COUNTIFS({conditions})"

    def _sum(self, area: Area, column: str, month: int, more: str = "", *, listed: bool) -> str:
        summed = f"{area.column(column)},{in_month(area.column('Date'), month)}{more}"
        if listed and self._listed:
            return f"SUMPRODUCT(SUMIFS({summed},{area.column('Account ID')},{self._listed}))"
        return f"SUMIFS({summed})"

    def _without_vat(self, month: int, *, listed: bool) -> str:
        """Write the sum of round(amount ÷ (1 + VAT rate)), recoveries negative (§3.2)."""
        area = self._adjustments
        kind, date, amount, rate = (area.column(name) for name in ("Type", "Date", "Amount", "VAT Rate"))
        signs = "".join(f'-2*ISNUMBER(SEARCH("{word}",{kind}))' for word in _RECOVERY)
        factors = [is_in_month(date, month), f"(1{signs})", f"ROUND({amount}/(1+{rate}),2)"]
        if listed and self._listed:
            factors.insert(1, f"(COUNTIF({self._listed},{area.column('Account ID')})>0)")
        return f"SUMPRODUCT({'*'.join(factors)})"


def _area(place: Located, rows: NDArray[np.int32]) -> Area:
    """Give a table's rows and room below; a table that is not there has no columns."""
    last = int(rows.max()) if len(rows) else place.header_row
    return Area(place.title, place.header_row + 1, min(last + ROOM, _LAST_ROW), place.letters)


def _listed_accounts(read: ReadBook) -> str:
    """Write the range of Accounts that lists every known account once; nothing where there is none."""
    inputs, place = read.inputs, read.located[tables.ACCOUNTS.name]
    listed = [row.account_id for row in inputs.accounts]
    known = {row.account_id for row in inputs.account_tiers}
    known |= {row.account_id for row in inputs.assignments}
    others = {*inputs.sales.account_id.tolist(), *inputs.adjustments.account_id.tolist()}
    if not place.letters or len(set(listed)) < len(listed) or known - set(listed):
        return ""
    if not told_apart(listed, others):
        return ""
    rows = [row.row for row in inputs.accounts]
    return Area(place.title, min(rows), max(rows), place.letters).column("Account ID") if rows else ""
