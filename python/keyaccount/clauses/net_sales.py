"""§3.1 and §3.2: from the big tables to lines (date, origin date, account, type, fen).

The only place that looks at Sales and Adjustments row by row; everything after it sees only lines.
Each line counts in the month of its own date; its origin is the day of the sale that it undoes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.line_checks import (
    after_period,
    check_adjustments,
    check_reversals,
    check_sales,
    check_unlinked,
    unknown_accounts,
)
from keyaccount.clauses.origins import Origins, find_origins
from keyaccount.money import LARGEST_FEN, without_vat
from keyaccount.periods import EPOCH, from_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem, error
from keyaccount.tables import AdjustmentColumns, Inputs, SalesColumns

LINE_TYPES = ("gross", "discount", "return", "bad_debt", "recovery", "later_discount")
"""The types of lines, as Net Sales lists them; a line's fen carries the sign of its effect on net sales."""
_ADJUSTMENT_TYPE = {"return": 2, "bad_debt": 3, "recovery": 4, "discount": 5}


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines as columns: days since 1970-01-01, account codes, LINE_TYPES indexes, signed fen."""

    date: NDArray[np.int32]
    origin: NDArray[np.int32]
    account: NDArray[np.int32]
    type: NDArray[np.int8]
    fen: NDArray[np.int64]
    accounts: tuple[str, ...]

    def __len__(self) -> int:
        """Count the lines."""
        return len(self.date)

    def until(self, day: int) -> Lines:
        """Give the lines dated on or before a day."""
        keep = self.date <= day
        if keep.all():
            return self
        return Lines(
            self.date[keep],
            self.origin[keep],
            self.account[keep],
            self.type[keep],
            self.fen[keep],
            self.accounts,
        )


@dataclass(frozen=True)
class Reversals:
    """The adjustments behind the reversing lines, for Clawbacks and explanations; same order as Adjustments."""

    row: NDArray[np.int32]
    adjustment_id: NDArray[np.object_]
    type: NDArray[np.int8]
    date: NDArray[np.int32]
    origin: NDArray[np.int32]
    account: NDArray[np.int32]
    fen: NDArray[np.int64]

    @cached_property
    def by_date(self) -> NDArray[np.int64]:
        """The order by date, then ID."""
        return np.lexsort((self.adjustment_id.astype(str), self.date))


_EPOCH_MONTH = EPOCH.year * 12


def months_of(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give the month index of each day (days since 1970-01-01)."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH


def net_by_month(lines: Lines) -> dict[int, int]:
    """Give the net sales of all accounts by month index, in fen (§3.1)."""
    months, place = np.unique(months_of(lines.date), return_inverse=True)
    sums = np.zeros(len(months), np.int64)
    np.add.at(sums, place, lines.fen)
    return dict(zip(months.tolist(), sums.tolist(), strict=True))


def known_accounts(inputs: Inputs) -> tuple[str, ...]:
    """Give every account on Accounts, Account Tiers or Assignments, as text in order."""
    known = {row.account_id for row in inputs.accounts}
    known |= {row.account_id for row in inputs.account_tiers}
    known |= {row.account_id for row in inputs.assignments}
    return tuple(sorted(known))


def account_codes(ids: NDArray[np.object_], accounts: tuple[str, ...]) -> NDArray[np.int32]:
    """Give each ID's place among the accounts, -1 for one that is not among them."""
    codes = {account: code for code, account in enumerate(accounts)}
    lookup = {account: codes.get(account, -1) for account in set(ids.tolist())}
    return np.fromiter(map(lookup.__getitem__, ids.tolist()), np.int32, len(ids))


def lines_of(
    inputs: Inputs, policies: Policies, period_end: date | None
) -> tuple[Lines, Reversals, list[Problem]]:
    """Turn Sales and Adjustments into lines, with their line checks (§3.1, §3.2).

    ``period_end`` is the last day of the period that is run (``None``: a check without a period).
    The lines of rows with errors are not meant to be used: the run stops.
    """
    sales, adjustments = inputs.sales, inputs.adjustments
    accounts = known_accounts(inputs)
    sale_account = account_codes(sales.account_id, accounts)
    adjustment_account = account_codes(adjustments.account_id, accounts)
    counted_on = period_end or _latest_day(sales, adjustments)
    ignored = policies.word("unknown_accounts", counted_on) == "ignore"
    amounts = _without_vat(adjustments)
    origins = find_origins(sales, adjustments, sale_account, adjustment_account, policies)
    kept = adjustment_account >= 0
    problems = [
        *_too_much(sales, adjustments),
        *check_sales(sales),
        *check_adjustments(adjustments, kept),
        *unknown_accounts(sales, adjustments, sale_account, adjustment_account, ignored=ignored),
        *(problem for problem in origins.problems),
        *check_reversals(sales, adjustments, amounts, origins.sale),
        *after_period(sales, adjustments, period_end),
    ]
    problems += check_unlinked(
        sales, adjustments, amounts, origins.unlinked, sale_account, adjustment_account, accounts
    )
    lines, reversals = _lines(
        sales, adjustments, amounts, origins, sale_account, adjustment_account, accounts
    )
    return lines, reversals, problems


def _latest_day(sales: SalesColumns, adjustments: AdjustmentColumns) -> date:
    days = [int(column.max()) for column in (sales.date, adjustments.date) if len(column)]
    return from_number(max(days)) if days else date.max


def _without_vat(adjustments: AdjustmentColumns) -> NDArray[np.int64]:
    """A line with a VAT Rate counts as round(amount ÷ (1 + rate)) (§3.2)."""
    amounts = adjustments.amount.copy()
    for index, rate in enumerate(adjustments.vat_rate.tolist()):
        if rate:
            amounts[index] = without_vat(int(amounts[index]), rate)
    return amounts


def _too_much(sales: SalesColumns, adjustments: AdjustmentColumns) -> Iterator[Problem]:
    """Sums are kept in 64-bit integers: amounts that could leave them stop the run."""
    columns = (("Sales", sales.gross), ("Sales", sales.discount), ("Adjustments", adjustments.amount))
    for table, column in columns:
        if len(column) and int(np.abs(column).max()) * len(column) > 4 * 10**18:
            total = sum(abs(amount) for amount in column.tolist())
            if total > LARGEST_FEN:
                yield error(
                    table,
                    0,
                    "",
                    total // 100,
                    "The amounts add up to {total} yuan, more than a cell can show to the fen.",
                    "Look for an amount with too many digits.",
                    total=total // 100,
                )


def _lines(  # noqa: PLR0913 the parts of the two tables, worked out above
    sales: SalesColumns,
    adjustments: AdjustmentColumns,
    amounts: NDArray[np.int64],
    origins: Origins,
    sale_account: NDArray[np.int32],
    adjustment_account: NDArray[np.int32],
    accounts: tuple[str, ...],
) -> tuple[Lines, Reversals]:
    kept = sale_account >= 0
    discounted = kept & (sales.discount != 0)
    reversing = adjustment_account >= 0
    types = np.fromiter(
        map(_ADJUSTMENT_TYPE.__getitem__, adjustments.type.tolist()), np.int8, len(adjustments)
    )
    signed = np.where(types == _ADJUSTMENT_TYPE["recovery"], amounts, -amounts)
    reversals = Reversals(
        adjustments.row[reversing],
        adjustments.adjustment_id[reversing],
        types[reversing],
        adjustments.date[reversing],
        origins.day[reversing],
        adjustment_account[reversing],
        signed[reversing],
    )
    lines = Lines(
        np.concatenate([sales.date[kept], sales.date[discounted], reversals.date]),
        np.concatenate([sales.date[kept], sales.date[discounted], reversals.origin]),
        np.concatenate([sale_account[kept], sale_account[discounted], reversals.account]),
        np.concatenate(
            [
                np.zeros(int(kept.sum()), np.int8),
                np.ones(int(discounted.sum()), np.int8),
                reversals.type,
            ]
        ),
        np.concatenate([sales.gross[kept], -sales.discount[discounted], reversals.fen]),
        accounts,
    )
    return lines, reversals
