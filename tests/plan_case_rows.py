"""The rows of the plan's cases: how each table's are written, and how they become what the core takes.

A row is kept plain, English header -> text as typed: ``inputs_of`` types a case's tables for the core,
``cell_values`` gives what a workbook's cells would hold.
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from keyaccount import tables as contract
from keyaccount.money import fen, number_text, to_cell_precision
from keyaccount.periods import month_from_text, to_number
from tests.company import Act, log

Row = dict[str, str]
Tables = dict[str, list[Row]]
Cell = str | int | bool | Decimal | date | tuple[str, ...] | None


class CaseError(ValueError):
    """A case is not written as README.md says."""


@dataclass(frozen=True)
class Form:
    """How a table's row is written in a case: words in this order, then ``word value`` pairs."""

    columns: tuple[str, ...]
    optional: int = 0  # how many of the last columns may be left out
    words: Mapping[str, str] = field(default_factory=dict)
    keys: int = 1  # an edit replaces the row that has the same first columns (and the same From)
    dated: str = ""


FROM = {"from": "Effective From"}
FORMS: dict[str, Form] = {
    "Policies": Form(("Policy", "Value"), 0, FROM, 1, "Effective From"),
    "Tiers": Form(("Tier", "Rate"), 0, {**FROM, "rank": "Rank"}, 1, "Effective From"),
    "Accounts": Form(
        ("Account ID",),
        0,
        {
            "industry": "Industry",
            "contact": "Contact",
            "phone": "Phone",
            "preferences": "Preferences",
            "special": "Special Needs",
            "business": "Business Needs",
            "support": "Support Contact",
            "updated": "Last Updated",
            "stable": "Stable",
            "influence": "Influence",
            "potential": "Potential",
            "impact": "Strategic Impact",
            "deep-business": "Business Depth",
            "deep-technology": "Technology Depth",
            "deep-market": "Market Depth",
        },
    ),
    "Account Tiers": Form(
        ("Account ID", "Tier"),
        0,
        {**FROM, "event": "Event", "credited": "Credited To"},
        1,
        "Effective From",
    ),
    "Salespeople": Form(("Salesperson ID",), 0, {"joined": "Joined", "left": "Left"}),
    "Assignments": Form(
        ("Account ID", "Salesperson ID", "Share"), 0, {"from": "From", "to": "To"}, 2, "From"
    ),
    "Sales": Form(("Sale ID", "Date", "Account ID", "Gross Amount", "Discount"), 1),
    "Adjustments": Form(
        ("Adjustment ID", "Date", "Type", "Account ID", "Amount"),
        0,
        {"of": "Sale ID", "sold": "Original Date", "vat": "VAT Rate"},
    ),
    "Targets": Form(("Salesperson ID", "Year", "Target"), 0, {}, 2),
    "Company Sales": Form(("Month", "Net Sales")),
    "Year-End Review": Form(
        ("Salesperson ID", "Year", "Coefficient"), 0, {"reason": "Reason", "by": "Approved By"}, 2
    ),
    "Maintenance": Form(
        ("Date", "Account ID", "Salesperson ID", "Kind"),
        0,
        {
            "opened": "Opened",
            "answered": "First Response",
            "closed": "Closed",
            "satisfaction": "Satisfaction",
        },
        4,
    ),
    "Scorecard": Form(("Measure", "Weight"), 0, {**FROM, "threshold": "Threshold"}, 1, "Effective From"),
    "Bands": Form(("Score From", "Coefficient"), 0, FROM, 1, "Effective From"),
    "Opening Balances": Form(("Salesperson ID", "Year", "Amount"), 0, {}, 2),
    "Prior Years": Form(("Salesperson ID", "Year", "Coefficient", "Bonus Earned"), 0, {}, 2),
    "Payments Made": Form(("Salesperson ID", "Period", "Amount"), 0, {"voucher": "Voucher"}, 2),
}
_RECORDS: dict[str, tuple[str, Callable[..., object]]] = {
    "Policies": ("policies", contract.PolicyRow),
    "Tiers": ("tiers", contract.TierRow),
    "Accounts": ("accounts", contract.AccountRow),
    "Account Tiers": ("account_tiers", contract.AccountTierRow),
    "Salespeople": ("salespeople", contract.SalespersonRow),
    "Assignments": ("assignments", contract.AssignmentRow),
    "Targets": ("targets", contract.TargetRow),
    "Company Sales": ("company_sales", contract.CompanySalesRow),
    "Year-End Review": ("year_end_review", contract.ReviewRow),
    "Opening Balances": ("opening_balances", contract.OpeningRow),
    "Prior Years": ("prior_years", contract.PriorYearRow),
    "Scorecard": ("scorecard", contract.ScorecardRow),
    "Bands": ("bands", contract.BandRow),
    "Payments Made": ("payments_made", contract.PaymentRow),
}
FIRST_ROW = 2  # row 1 holds the headers
ENDED = "ended"  # how a case writes a blank Tier


def row_of(table: str, text: str) -> Row:
    """Read one row as a case writes it: English header -> text."""
    form = FORMS[table]
    words = shlex.split(text)
    first_word = next((i for i, word in enumerate(words) if word in form.words), len(words))
    values, pairs = words[:first_word], words[first_word:]
    fits = len(form.columns) - form.optional <= len(values) <= len(form.columns)
    if not fits or len(pairs) % 2 or set(pairs[::2]) - set(form.words):
        raise CaseError(f"{table}: expected {' · '.join((*form.columns, *form.words))} ≠ found {text}")
    row = dict(zip(form.columns, values, strict=False))
    row |= {form.words[word]: value for word, value in zip(pairs[::2], pairs[1::2], strict=True)}
    if row.get("Tier") == ENDED:
        row["Tier"] = ""
    if table == "Payments Made":
        row.setdefault("Voucher", "")
    if table == "Accounts":
        row.setdefault("Account Name", f"Sample Account {row['Account ID']}")
    if table == "Salespeople":
        row.setdefault("Name", f"Salesperson {row['Salesperson ID']}")
    return row


def _key(table: str, row: Row) -> tuple[str, ...]:
    form = FORMS[table]
    return (*(row[column] for column in form.columns[: form.keys]), row.get(form.dated, ""))


def replace_or_add(rows: list[Row], table: str, new: Row) -> None:
    """Edit a table: a row with the same key is replaced, another is added."""
    same = [i for i, row in enumerate(rows) if _key(table, row) == _key(table, new)]
    if same:
        rows[same[0]] = new
    else:
        rows.append(new)


def without(rows: list[Row], table: str, key: Sequence[str]) -> list[Row]:
    """Give the rows without those whose key begins so."""
    left = [row for row in rows if list(_key(table, row))[: len(key)] != list(key)]
    if len(left) == len(rows):
        raise CaseError(f"there is no row {' '.join(key)} on {table} to remove")
    return left


# --- rows -> what the core takes --------------------------------------------------------------


def cell_values(table: str, row: Row) -> dict[str, Cell]:
    """Give a row's values by English header, typed: what the reader would find in the cells."""
    headers = {column.en: column for column in contract.TABLE[table].columns}
    return {header: _typed(headers[header], text) for header, text in row.items()}


def inputs_of(tables: Tables) -> contract.Inputs:
    """Type a case's tables for the core, without a workbook; rows count from sheet row 2."""
    small = {
        name: tuple(_record(table, kind, row, text) for row, text in _numbered(tables.get(table, [])))
        for table, (name, kind) in _RECORDS.items()
    }
    return contract.Inputs(
        _sales(tables.get("Sales", [])),
        _adjustments(tables.get("Adjustments", [])),
        maintenance=log(list(map(_act, tables.get("Maintenance", [])))),
        **small,  # type: ignore[arg-type] # each field gets its own records
    )


def _numbered(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    return list(enumerate(rows, FIRST_ROW))


def _record(table: str, kind: Callable[..., object], row: int, text: Row) -> object:
    values = cell_values(table, text)
    fields = {
        column.field: values[column.en] for column in contract.TABLE[table].columns if column.en in values
    }
    known = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type] # it is a record's class
    return kind(row=row, **{name: value for name, value in fields.items() if name in known})


def _typed(column: contract.Column, text: str) -> Cell:
    readers: dict[str, Callable[[str], Cell]] = {
        "ids": lambda ids: tuple(ids.split(";")),
        "amount": fen,
        "rate": rate_of,
        "number": rate_of,
        "integer": int,
        "day": date.fromisoformat,
        "moment": datetime.fromisoformat,
        "month": month_from_text,
        "yes_no": {"yes": True, "no": False}.__getitem__,
        "setting": lambda value: number_text(rate_of(value)) if re.fullmatch(r"[\d.]+%?", value) else value,
    }
    return readers.get(column.kind, str)(text)


def rate_of(text: str) -> Decimal:
    """Read ``0.02`` or ``2%`` exactly."""
    number = Decimal(text.removesuffix("%"))
    return to_cell_precision(number / 100 if text.endswith("%") else number)


def _sales(rows: Sequence[Row]) -> contract.SalesColumns:
    values = [cell_values("Sales", row) for row in rows]
    return contract.SalesColumns(
        np.arange(FIRST_ROW, FIRST_ROW + len(rows), dtype=np.int32),
        _texts(values, "Sale ID"),
        _days(values, "Date"),
        _texts(values, "Account ID"),
        np.array([row["Gross Amount"] for row in values], np.int64),
        np.array([row.get("Discount", 0) for row in values], np.int64),
    )


def _adjustments(rows: Sequence[Row]) -> contract.AdjustmentColumns:
    values = [cell_values("Adjustments", row) for row in rows]
    return contract.AdjustmentColumns(
        np.arange(FIRST_ROW, FIRST_ROW + len(rows), dtype=np.int32),
        _texts(values, "Adjustment ID"),
        _days(values, "Date"),
        _texts(values, "Type"),
        _texts(values, "Account ID"),
        np.array([row["Amount"] for row in values], np.int64),
        _texts(values, "Sale ID"),
        _days(values, "Original Date"),
        np.array([row.get("VAT Rate") for row in values], object),
    )


def _act(row: Row) -> Act:
    values = cell_values("Maintenance", row)
    fields: dict[str, Any] = {
        column.field: values.get(column.en) for column in contract.TABLE["Maintenance"].columns
    }
    known = {each.name for each in dataclasses.fields(Act)} - {"day"}
    return Act(
        day=fields["date"],
        **{name: value for name, value in fields.items() if name in known and value is not None},
    )


def _texts(rows: Sequence[Mapping[str, Cell]], header: str) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([row.get(header, "") for row in rows], object)


def _days(rows: Sequence[Mapping[str, Cell]], header: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    days = [row.get(header) for row in rows]
    return np.array([to_number(day) if isinstance(day, date) else contract.NO_DAY for day in days], np.int32)
