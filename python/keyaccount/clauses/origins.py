"""§3.2, origin of a return, bad debt, recovery or later discount: the day of the sale that it undoes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.big_tables import BigTables
from keyaccount.periods import from_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem, error, warning
from keyaccount.tables import NO_DAY


@dataclass(frozen=True, slots=True)
class Origins:
    """Each adjustment's origin day, the index of its sale (-1: none), whether it had no origin of its own."""

    day: NDArray[np.int32]
    sale: NDArray[np.int64]
    unlinked: NDArray[np.bool_]
    problems: tuple[Problem, ...]


def find_origins(big: BigTables, policies: Policies) -> Origins:
    """Find each adjustment's origin: its sale's date, else Original Date, else the latest sale (§3.2)."""
    finder = _Finder(big, policies)
    known = big.adjustment_account >= 0
    for index in np.flatnonzero(known).tolist():
        finder.find(index)
    return Origins(finder.day, finder.sale, known & (finder.sale < 0), tuple(finder.problems))


class _Finder:
    """The tables, and the columns that grow while the adjustments are gone through."""

    def __init__(self, big: BigTables, policies: Policies) -> None:
        self.big, self.sales, self.adjustments = big, big.sales, big.adjustments
        self.policies = policies
        wanted = set(self.adjustments.sale_id.tolist()) - {""}
        ids = self.sales.sale_id.tolist() if wanted else []
        found = np.flatnonzero(np.fromiter(map(wanted.__contains__, ids), np.bool_, len(ids)))
        self.sale_index = {ids[i]: i for i in reversed(found.tolist())}
        self._dates: dict[int, NDArray[np.int32]] = {}
        self.day = self.adjustments.date.copy()
        self.sale = np.full(len(self.adjustments), -1, np.int64)
        self.problems: list[Problem] = []

    def find(self, index: int) -> None:
        sale_id = self.adjustments.sale_id[index]
        original = int(self.adjustments.original_date[index])
        if sale_id and sale_id in self.sale_index:
            self._of_sale(index, self.sale_index[sale_id])
        elif original != NO_DAY:
            self.day[index] = original
            if sale_id:
                self._unknown_sale(index, counted_by_date=True)
        elif sale_id:
            self._unknown_sale(index, counted_by_date=False)
        else:
            self._unlinked(index)
        if self.day[index] > self.adjustments.date[index]:
            self._origin_after(index)

    def _of_sale(self, index: int, sale: int) -> None:
        self.sale[index] = sale
        self.day[index] = self.sales.date[sale]
        if self.sales.account_id[sale] != self.adjustments.account_id[index]:
            self.problems.append(
                error(
                    "Adjustments",
                    int(self.adjustments.row[index]),
                    "Sale ID",
                    self.adjustments.sale_id[index],
                    "Sale {sale} belongs to account {owner}, the adjustment to account {account}.",
                    "Correct the Sale ID or the Account ID.",
                    sale=self.adjustments.sale_id[index],
                    owner=self.sales.account_id[sale],
                    account=self.adjustments.account_id[index],
                )
            )

    def _unknown_sale(self, index: int, *, counted_by_date: bool) -> None:
        sale_id = self.adjustments.sale_id[index]
        row = int(self.adjustments.row[index])
        if counted_by_date:
            self.problems.append(
                warning(
                    "Adjustments",
                    row,
                    "Sale ID",
                    sale_id,
                    "Sale {sale} is not on sheet Sales; the Original Date {day} is taken.",
                    "Nothing to do if the sale is older than this workbook; else correct the Sale ID.",
                    sale=sale_id,
                    day=from_number(int(self.day[index])),
                )
            )
        else:
            self.problems.append(
                error(
                    "Adjustments",
                    row,
                    "Sale ID",
                    sale_id,
                    "Sale {sale} is not on sheet Sales, and there is no Original Date.",
                    "Correct the Sale ID, or enter the date of the sale as Original Date.",
                    rests_on=("Sales",),
                    sale=sale_id,
                )
            )

    def _unlinked(self, index: int) -> None:
        day = int(self.adjustments.date[index])
        policy = self.policies.word("unlinked_origin", from_number(day))
        if policy == "latest_sale":
            dates = self._sale_dates(int(self.big.adjustment_account[index]))
            place = int(np.searchsorted(dates, day, side="right"))
            self.day[index] = dates[place - 1] if place else day
        self.problems.append(
            warning(
                "Adjustments",
                int(self.adjustments.row[index]),
                "Sale ID",
                "",
                "{id} names neither a sale nor an Original Date; its origin is taken to be {day}.",
                "Enter the Sale ID or the Original Date: they decide rate and credit (§3.2).",
                id=self.adjustments.adjustment_id[index],
                day=from_number(int(self.day[index])),
            )
        )

    def _sale_dates(self, account: int) -> NDArray[np.int32]:
        if account not in self._dates:
            self._dates[account] = np.sort(self.sales.date[self.big.sale_account == account])
        return self._dates[account]

    def _origin_after(self, index: int) -> None:
        linked = self.sale[index] >= 0
        self.problems.append(
            error(
                "Adjustments",
                int(self.adjustments.row[index]),
                "Date",
                from_number(int(self.adjustments.date[index])),
                "{id} is dated {day}, before the sale that it undoes ({origin}).",
                "Correct the Date, the Original Date or the Sale ID.",
                id=self.adjustments.adjustment_id[index],
                day=from_number(int(self.adjustments.date[index])),
                origin=(
                    f"{self.adjustments.sale_id[index]}, {from_number(int(self.day[index]))}"
                    if linked
                    else from_number(int(self.day[index]))
                ),
            )
        )
