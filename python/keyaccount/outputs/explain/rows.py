"""The rows of Sales and Adjustments behind an account's month, found once for all questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.net_sales import months_of
from keyaccount.clauses.rates import Credit
from keyaccount.company import Company
from keyaccount.periods import from_number
from keyaccount.tables import NO_DAY, SalesColumns


@dataclass(frozen=True, slots=True)
class SoldRow:
    """A row of Sales or Adjustments as it counts: ``fen`` is its effect on net sales (§3.1).

    ``of_sale``: the sheet row of the sale that an adjustment undoes, 0 for none; ``amount`` and
    ``vat_rate`` are an adjustment's, as entered.
    """

    table: str
    row: int
    identifier: str
    day: date
    origin: date
    type: str
    fen: int
    credit: Credit
    gross: int = 0
    discount: int = 0
    amount: int = 0
    vat_rate: Decimal | None = None
    sale_id: str = ""
    of_sale: int = 0
    original_date: date | None = None


class Rows:
    """Finds rows by account, month and origin month: one pass over the tables, then look-ups."""

    def __init__(self, company: Company) -> None:
        """Take the checked company; the tables are sorted when the first row is asked for."""
        self._company = company
        self._big = BigTables.of(company.inputs)
        self._asked: dict[tuple[int, int], SalesColumns] = {}
        self._codes = {account: code for code, account in enumerate(self._big.accounts)}

    def of(self, account_id: str, month: int, origin: int | None = None) -> list[SoldRow]:
        """Give an account's rows of a month (index), those of one origin month or all, by day."""
        code = self._codes.get(account_id)
        if code is None:
            return []
        found = [] if origin not in {None, month} else list(self._sales(code, month))
        found += (row for row in self._adjusted(code, month) if origin in {None, _index(row.origin)})
        return sorted(found, key=lambda row: (row.day, row.table == "Adjustments", row.row))

    @cached_property
    def _sold(self) -> _Sorted:
        return _Sorted.by(self._big.sale_account, self._big.sales.date)

    @cached_property
    def _adjustments(self) -> _Sorted:
        reversals = self._company.reversals
        return _Sorted.by(reversals.account, reversals.date)

    def _credits(self, account: NDArray[np.int32], origin: NDArray[np.int32]) -> Iterator[Credit]:
        credits = self._company.credits
        for segment in credits.segments_of(account, origin).tolist():
            yield credits.segments[segment]

    def _sales(self, code: int, month: int) -> Iterator[SoldRow]:
        behind = self._company.inputs.sales_behind
        if behind is None:
            sales, places = self._big.sales, self._sold.places(code, month)
        else:
            sales = self._behind(code, month)
            places = np.arange(len(sales))
        accounts = np.full(len(places), code, np.int32)
        credits = self._credits(accounts, sales.date[places])
        for place, credit in zip(places.tolist(), credits, strict=True):
            day = from_number(int(sales.date[place]))
            gross, discount = int(sales.gross[place]), int(sales.discount[place])
            yield SoldRow(
                table="Sales",
                row=int(sales.row[place]),
                identifier=str(sales.sale_id[place]),
                day=day,
                origin=day,
                type="gross",
                fen=gross - discount,
                credit=credit,
                gross=gross,
                discount=discount,
            )

    def _behind(self, code: int, month: int) -> SalesColumns:
        """Ask where the sales are for those of an account's month, once."""
        ask = self._company.inputs.sales_behind
        if (code, month) not in self._asked and ask is not None:
            self._asked[code, month] = ask(self._big.accounts[code], month)
        return self._asked[code, month]

    def _adjusted(self, code: int, month: int) -> Iterator[SoldRow]:
        reversals, adjustments = self._company.reversals, self._big.adjustments
        places = self._adjustments.places(code, month)
        credits = self._credits(reversals.account[places], reversals.origin[places])
        for place, credit in zip(places.tolist(), credits, strict=True):
            row = int(reversals.row[place])
            entered = self._entered[row]
            original = int(adjustments.original_date[entered])
            sale_id = str(adjustments.sale_id[entered])
            yield SoldRow(
                table="Adjustments",
                row=row,
                identifier=str(reversals.adjustment_id[place]),
                day=from_number(int(reversals.date[place])),
                origin=from_number(int(reversals.origin[place])),
                type=str(adjustments.type[entered]),
                fen=int(reversals.fen[place]),
                credit=credit,
                amount=int(adjustments.amount[entered]),
                vat_rate=adjustments.vat_rate[entered],
                sale_id=sale_id,
                of_sale=self._sale_rows.get(sale_id, 0),
                original_date=None if original == NO_DAY else from_number(original),
            )

    @cached_property
    def _entered(self) -> dict[int, int]:
        """The place on Adjustments of each sheet row."""
        return {row: place for place, row in enumerate(self._big.adjustments.row.tolist())}

    @cached_property
    def _sale_rows(self) -> dict[str, int]:
        """The sheet row of each sale that an adjustment names."""
        wanted = set(self._big.adjustments.sale_id.tolist()) - {""}
        ids, rows = self._big.sales.sale_id.tolist(), self._big.sales.row.tolist()
        return {each: row for each, row in zip(reversed(ids), reversed(rows), strict=True) if each in wanted}


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The places of rows in the order of their packed account and month."""

    keys: NDArray[np.int64]
    order: NDArray[np.int64]

    @classmethod
    def by(cls, account: NDArray[np.int32], day: NDArray[np.int32]) -> _Sorted:
        packed = (account.astype(np.int64) << 20) | months_of(day)
        order = np.argsort(packed, kind="stable")
        return cls(packed[order], order)

    def places(self, account: int, month: int) -> NDArray[np.int64]:
        wanted = (account << 20) | month
        first = int(np.searchsorted(self.keys, wanted, side="left"))
        last = int(np.searchsorted(self.keys, wanted, side="right"))
        return self.order[first:last]


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1
