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

from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.line_checks import (
    after_period,
    check_adjustments,
    check_reversals,
    check_sales,
    check_unlinked,
    unknown_accounts,
)
from keyaccount.clauses.origins import Origins, find_origins
from keyaccount.clauses.sums import sums_by
from keyaccount.money import LARGEST_FEN
from keyaccount.periods import EPOCH, from_number, to_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem, error
from keyaccount.tables import Inputs, SalesColumns

LINE_TYPES = ("gross", "discount", "return", "bad_debt", "recovery", "later_discount")
"""The types of lines, as Net Sales lists them; a line's fen is signed by its effect on net sales."""
EFFECT = {"gross": 1, "discount": -1, "return": -1, "bad_debt": -1, "recovery": 1, "later_discount": -1}
"""The sign with which a line type counts in net sales (§3.1)."""
_ADJUSTMENT_TYPE = {"return": 2, "bad_debt": 3, "recovery": 4, "discount": 5}


_ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines as columns: days since 1970-01-01, account codes, LINE_TYPES indexes, signed fen."""

    date: NDArray[np.int32]
    origin: NDArray[np.int32]
    account: NDArray[np.int32]
    type: NDArray[np.int8]
    fen: NDArray[np.int64]
    accounts: tuple[str, ...]
    lines: NDArray[np.int64] | None = None
    """How many lines each one stands for; ``None``: itself."""

    def counted(self, keep: NDArray[np.bool_] | slice = _ALL) -> NDArray[np.int64]:
        """Give how many lines each line of a mask stands for."""
        return np.ones(len(self), np.int64)[keep] if self.lines is None else self.lines[keep]

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
            None if self.lines is None else self.lines[keep],
        )


@dataclass(frozen=True)
class Reversals:
    """The adjustments behind the reversing lines, for Clawbacks; in the order of Adjustments."""

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
_MANY = 10_000


def months_of(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Give the month index of each day (days since 1970-01-01)."""
    if len(days) > _MANY:
        first, last = int(days.min()), int(days.max())
        if last - first < _MANY:  # each day of them once, then looked up
            return months_of(np.arange(first, last + 1, dtype=np.int32))[days - first]
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH_MONTH


def net_by_month(lines: Lines) -> dict[int, int]:
    """Give the net sales of all accounts by month index, in fen (§3.1)."""
    (months,), sums = sums_by([months_of(lines.date)], lines.fen)
    return dict(zip(months.tolist(), sums.tolist(), strict=True))


def lines_of(
    big: BigTables, inputs: Inputs, policies: Policies, period_end: date | None
) -> tuple[Lines, Reversals, list[Problem]]:
    """Turn the big tables of the inputs into lines, with their line checks (§3.1, §3.2).

    ``period_end`` is the last day of the period that is run (``None``: a check without a period).
    The lines of rows with errors are not meant to be used: the run stops.
    """
    ignored = unknown_ignored(inputs, policies, period_end)
    origins = find_origins(big, policies)
    problems = [
        *_too_much(big),
        *_row_checks(big, ignored=ignored),
        *unknown_accounts(big, ignored=ignored),
        *check_reversals(big, origins.sale),
        *after_period(big, period_end),
    ]
    waiting = _rows_after(big, period_end)
    problems += [
        problem
        for problem in (*origins.problems, *check_unlinked(big, origins.unlinked))
        if problem.severity == "error" or problem.row not in waiting
    ]
    return *_lines(big, origins), problems


def _row_checks(big: BigTables, *, ignored: bool) -> Iterator[Problem]:
    """Check both tables row by row; lines of accounts that are left out are not looked at."""
    sales, adjustments = big.sales, big.adjustments
    if ignored:
        sales = sales.only(big.sale_account >= 0)
        adjustments = adjustments.only(big.adjustment_account >= 0)
    yield from check_sales(sales)
    yield from check_adjustments(adjustments)


def _rows_after(big: BigTables, period_end: date | None) -> frozenset[int]:
    """Give the rows of adjustments that wait for their period: their warnings wait with them."""
    if period_end is None:
        return frozenset()
    later = big.adjustments.date > to_number(period_end)
    return frozenset(big.adjustments.row[later].tolist())


def unknown_ignored(inputs: Inputs, policies: Policies, period_end: date | None) -> bool:
    """Tell whether rows of unknown accounts are left out: as of the period's end, else of the latest line."""
    days = [int(rows.date.max()) for rows in (inputs.sales, inputs.adjustments) if len(rows)]
    latest = from_number(max(days)) if days else date.max
    return policies.word("unknown_accounts", period_end or latest) == "ignore"


def _too_much(big: BigTables) -> Iterator[Problem]:
    """Sums are kept in 64-bit integers: amounts that could leave them stop the run."""
    columns = (
        ("Sales", big.sales.gross),
        ("Sales", big.sales.discount),
        ("Adjustments", big.adjustments.amount),
    )
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


def _lines(big: BigTables, origins: Origins) -> tuple[Lines, Reversals]:
    """Lay the kept rows of both tables one after the other: gross amounts, discounts, adjustments."""
    sales, adjustments = big.sales, big.adjustments
    kept = big.sale_account >= 0
    discounted = kept & (sales.discount != 0)
    reversing = big.adjustment_account >= 0
    kinds = map(_ADJUSTMENT_TYPE.__getitem__, adjustments.type.tolist())
    types = np.fromiter(kinds, np.int8, len(adjustments))
    signed = big.amounts * np.array([EFFECT[each] for each in LINE_TYPES])[types]
    reversals = Reversals(
        adjustments.row[reversing],
        adjustments.adjustment_id[reversing],
        types[reversing],
        adjustments.date[reversing],
        origins.day[reversing],
        big.adjustment_account[reversing],
        signed[reversing],
    )
    sold = (sales.date[kept], sales.date[discounted])
    own_type = (np.full(len(sold[0]), 0, np.int8), np.full(len(sold[1]), 1, np.int8))
    account = (big.sale_account[kept], big.sale_account[discounted])
    lines = Lines(
        np.concatenate([*sold, reversals.date]),
        np.concatenate([*sold, reversals.origin]),
        np.concatenate([*account, reversals.account]),
        np.concatenate([*own_type, reversals.type]),
        np.concatenate([sales.gross[kept], -sales.discount[discounted], reversals.fen]),
        big.accounts,
        _counts(sales, kept, discounted, len(reversals.fen)),
    )
    return lines, reversals


def _counts(
    sales: SalesColumns, kept: NDArray[np.bool_], discounted: NDArray[np.bool_], reversals: int
) -> NDArray[np.int64] | None:
    """Count what each line stands for where sales came from elsewhere as sums."""
    if sales.lines is None or sales.discounted is None:
        return None
    of_sales = (sales.lines[kept], sales.discounted[discounted])
    return np.concatenate([*of_sales, np.ones(reversals, np.int64)])
