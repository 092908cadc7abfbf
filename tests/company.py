"""A small company as plain rows that can be edited, and the way from there to the core's inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from keyaccount import tables
from keyaccount.tables import AdjustmentColumns, Inputs, MaintenanceColumns, SalesColumns


@dataclass(frozen=True, slots=True)
class Sale:
    """A row of Sales, in fen."""

    sale_id: str
    day: date
    account_id: str
    gross: int
    discount: int = 0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A row of Adjustments, in fen."""

    adjustment_id: str
    day: date
    kind: str
    account_id: str
    amount: int
    sale_id: str = ""
    original: date | None = None
    vat: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A row of Maintenance; a blank satisfaction is 0."""

    day: date
    account_id: str
    salesperson_id: str
    kind: str
    opened: datetime | None = None
    first_response: datetime | None = None
    closed: datetime | None = None
    satisfaction: int = 0
    outcome: str = ""


@dataclass
class Company:
    """The tables of a company; edits change the lists."""

    first_year: int
    years: int
    sales: list[Sale] = field(default_factory=list)
    adjustments: list[Adjustment] = field(default_factory=list)
    policies: list[tables.PolicyRow] = field(default_factory=list)
    tiers: list[tables.TierRow] = field(default_factory=list)
    accounts: list[tables.AccountRow] = field(default_factory=list)
    account_tiers: list[tables.AccountTierRow] = field(default_factory=list)
    salespeople: list[tables.SalespersonRow] = field(default_factory=list)
    assignments: list[tables.AssignmentRow] = field(default_factory=list)
    targets: list[tables.TargetRow] = field(default_factory=list)
    year_end_review: list[tables.ReviewRow] = field(default_factory=list)
    opening_balances: list[tables.OpeningRow] = field(default_factory=list)
    prior_years: list[tables.PriorYearRow] = field(default_factory=list)
    payments_made: list[tables.PaymentRow] = field(default_factory=list)
    approvals: list[tables.ApprovalRow] = field(default_factory=list)
    company_sales: list[tables.CompanySalesRow] = field(default_factory=list)
    maintenance: list[Act] = field(default_factory=list)
    scorecard: list[tables.ScorecardRow] = field(default_factory=list)
    bands: list[tables.BandRow] = field(default_factory=list)

    def inputs(self) -> Inputs:
        """Give the tables as the reader would."""
        return inputs(**{name: getattr(self, name) for name in TABLES})

    def copy(self) -> Company:
        """Copy the tables, so that edits of the copy leave this one alone."""
        lists: dict[str, Any] = {name: list(getattr(self, name)) for name in TABLES}
        return Company(self.first_year, self.years, **lists)

    @property
    def people(self) -> list[str]:
        """The salespeople's IDs."""
        return [row.salesperson_id for row in self.salespeople]

    def __str__(self) -> str:
        """List every row without its blanks, for a failure that a person has to understand."""
        told = []
        for table in TABLES:
            for row in getattr(self, table):
                values = {f.name: getattr(row, f.name) for f in fields(row) if f.name != "row"}
                filled = [f"{name} {value}" for name, value in values.items() if value not in {"", None, ()}]
                told.append(f"  {table}: {', '.join(filled)}")
        return "\n".join(told)


TABLES = tuple(f.name for f in fields(Company) if f.name not in {"first_year", "years"})


def inputs(**rows: Iterable[Any]) -> Inputs:
    """Build Inputs from plain rows, and number them: ``inputs(sales=[Sale(...)], tiers=[TierRow(...)])``."""
    sales: Sequence[Sale] = list(rows.pop("sales", ()))
    adjustments: Sequence[Adjustment] = list(rows.pop("adjustments", ()))
    acts: Sequence[Act] = list(rows.pop("maintenance", ()))
    small: dict[str, Any] = {
        name: tuple(replace(row, row=i + 2) for i, row in enumerate(table)) for name, table in rows.items()
    }
    return Inputs(
        SalesColumns(
            np.arange(2, len(sales) + 2, dtype=np.int32),
            _texts([row.sale_id for row in sales]),
            _days([row.day for row in sales]),
            _texts([row.account_id for row in sales]),
            np.array([row.gross for row in sales], np.int64),
            np.array([row.discount for row in sales], np.int64),
        ),
        AdjustmentColumns(
            np.arange(2, len(adjustments) + 2, dtype=np.int32),
            _texts([row.adjustment_id for row in adjustments]),
            _days([row.day for row in adjustments]),
            _texts([row.kind for row in adjustments]),
            _texts([row.account_id for row in adjustments]),
            np.array([row.amount for row in adjustments], np.int64),
            _texts([row.sale_id for row in adjustments]),
            _days([row.original for row in adjustments]),
            _texts([row.vat for row in adjustments]),
        ),
        maintenance=log(acts),
        **small,
    )


def log(acts: Sequence[Act]) -> MaintenanceColumns:
    """Give the maintenance log as the reader would, its rows numbered from sheet row 2."""
    return MaintenanceColumns(
        np.arange(2, len(acts) + 2, dtype=np.int32),
        _days([act.day for act in acts]),
        _texts([act.account_id for act in acts]),
        _texts([act.salesperson_id for act in acts]),
        _texts([act.kind for act in acts]),
        np.array([_seconds(act.opened) for act in acts], np.int64),
        np.array([_seconds(act.first_response) for act in acts], np.int64),
        np.array([_seconds(act.closed) for act in acts], np.int64),
        np.array([act.satisfaction for act in acts], np.int64),
        _texts([act.outcome for act in acts]),
    )


def _seconds(moment: datetime | None) -> int:
    if moment is None:
        return tables.NO_MOMENT
    return (moment - datetime(1970, 1, 1)) // timedelta(seconds=1)  # noqa: DTZ001 a workbook's time has no zone


def _texts(values: Sequence[object]) -> np.ndarray[Any, np.dtype[np.object_]]:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _days(values: Sequence[date | None]) -> np.ndarray[Any, np.dtype[np.int32]]:
    numbers = [tables.NO_DAY if day is None else (day - date(1970, 1, 1)).days for day in values]
    return np.array(numbers, np.int32)
