"""The three tables that may be big, as columns of one length; the core works on them without row objects."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SalesColumns:
    """Sales as columns of one length; rows are sheet rows; days since 1970-01-01; fen.

    Of sales from elsewhere a row may stand for all of an account's day: its amounts are sums, ``lines`` and
    ``discounted`` say how many sales it is and how many of them have a discount, its ID is blank.
    """

    row: NDArray[np.int32]
    sale_id: NDArray[np.object_]  # str
    date: NDArray[np.int32]
    account_id: NDArray[np.object_]  # str
    gross: NDArray[np.int64]
    discount: NDArray[np.int64]
    lines: NDArray[np.int64] | None = None
    discounted: NDArray[np.int64] | None = None

    def only(self, keep: NDArray[np.bool_]) -> SalesColumns:
        """Give the rows of a mask."""
        columns: list[Any] = [getattr(self, each.name) for each in fields(self)]
        columns = [None if column is None else column[keep] for column in columns]
        return SalesColumns(*columns)

    def counted(self) -> NDArray[np.int64]:
        """Give how many sales each row stands for."""
        return np.ones(len(self), np.int64) if self.lines is None else self.lines

    def __len__(self) -> int:
        """Count the sales."""
        return len(self.row)


@dataclass(frozen=True, slots=True)
class AdjustmentColumns:
    """Adjustments as columns; blank: ``original_date`` NO_DAY, ``vat_rate`` None, ``sale_id`` ""."""

    row: NDArray[np.int32]
    adjustment_id: NDArray[np.object_]  # str
    date: NDArray[np.int32]
    type: NDArray[np.object_]  # str: return, bad_debt, recovery, discount
    account_id: NDArray[np.object_]  # str
    amount: NDArray[np.int64]
    sale_id: NDArray[np.object_]  # str
    original_date: NDArray[np.int32]
    vat_rate: NDArray[np.object_]  # Decimal | None

    def only(self, keep: NDArray[np.bool_]) -> AdjustmentColumns:
        """Give the rows of a mask."""
        return AdjustmentColumns(*(getattr(self, each.name)[keep] for each in fields(self)))

    def counted(self) -> NDArray[np.int64]:
        """Give how many adjustments each row stands for: itself."""
        return np.ones(len(self), np.int64)

    def __len__(self) -> int:
        """Count the adjustments."""
        return len(self.row)


@dataclass(frozen=True, slots=True)
class MaintenanceColumns:
    """The maintenance log as columns; moments are seconds since 1970-01-01, blank: NO_MOMENT.

    A blank ``satisfaction`` is 0.
    """

    row: NDArray[np.int32]
    date: NDArray[np.int32]
    account_id: NDArray[np.object_]  # str
    salesperson_id: NDArray[np.object_]  # str
    kind: NDArray[np.object_]  # str, an English word of the vocabulary "maintenance"
    opened: NDArray[np.int64]
    first_response: NDArray[np.int64]
    closed: NDArray[np.int64]
    satisfaction: NDArray[np.int64]
    outcome: NDArray[np.object_]  # str

    @classmethod
    def empty(cls) -> MaintenanceColumns:
        """Give a log without rows."""
        import numpy as np

        texts = np.empty(0, np.object_)
        whole, moments = np.empty(0, np.int32), np.empty(0, np.int64)
        return cls(whole, whole, texts, texts, texts, moments, moments, moments, moments, texts)

    def __len__(self) -> int:
        """Count the log's rows."""
        return len(self.row)


NO_DAY = -(2**31)
"""A blank day in a column of days."""
NO_MOMENT = -(2**63)
"""A blank moment in a column of moments."""
