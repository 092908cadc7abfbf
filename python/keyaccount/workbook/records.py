"""Small tables: each row validated by pydantic's core, all of its problems at once, into a frozen record.

The engine (``pydantic_core``) is used without pydantic's model classes, which would cost more time to import
than 100,000 sales to read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import numpy as np
from pydantic_core import PydanticCustomError, SchemaValidator, ValidationError, core_schema

from keyaccount import tables
from keyaccount.policies import POLICIES
from keyaccount.problems import Problem
from keyaccount.tables import Column, InputKind, Table
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.findings import BOUNDS, Findings, blank_fault, bounds_fault
from keyaccount.workbook.nearequal import Trimmed
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.texts import Fault, has_odd_spaces, trim
from keyaccount.workbook.values import parse

RECORDS: dict[str, type[Any]] = {
    tables.POLICIES.name: tables.PolicyRow,
    tables.TIERS.name: tables.TierRow,
    tables.ACCOUNTS.name: tables.AccountRow,
    tables.ACCOUNT_TIERS.name: tables.AccountTierRow,
    tables.SALESPEOPLE.name: tables.SalespersonRow,
    tables.ASSIGNMENTS.name: tables.AssignmentRow,
    tables.TARGETS.name: tables.TargetRow,
    tables.COMPANY_SALES.name: tables.CompanySalesRow,
    tables.YEAR_END_REVIEW.name: tables.ReviewRow,
    tables.OPENING_BALANCES.name: tables.OpeningRow,
    tables.PRIOR_YEARS.name: tables.PriorYearRow,
    tables.PAYMENTS_MADE.name: tables.PaymentRow,
    tables.APPROVALS.name: tables.ApprovalRow,
    tables.SCORECARD.name: tables.ScorecardRow,
    tables.BANDS.name: tables.BandRow,
    tables.OBJECTIONS.name: tables.ObjectionRow,
}
"""The record of each small table that the core works with, by English sheet name."""

_MONTH_TEXT = re.compile("[0-9]{4}-[0-9]{2}")
_BLANK: dict[InputKind, object] = {"id": "", "text": "", "word": "", "tier": "", "setting": "", "ids": ()}


@dataclass(frozen=True, slots=True)
class SmallTable:
    """A table's rows as read: sheet row, and value by field (all that are declared)."""

    table: Table
    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    trimmed: list[Trimmed] = field(default_factory=list)
    as_text: frozenset[int] = frozenset()  # rows whose amounts or months are texts that formulas pass over

    def columns(self) -> dict[str, list[Any]]:
        """Give the rows' values as columns, by field."""
        return {each.field: [values[each.field] for _, values in self.rows] for each in self.table.columns}

    def records(self) -> tuple[Any, ...]:
        """Give the rows as the table's records."""
        record = RECORDS[self.table.name]
        carried = {each.name for each in fields(record)} - {"row"}
        return tuple(
            record(row=row, **{name: value for name, value in values.items() if name in carried})
            for row, values in self.rows
        )


def read_small_table(found: FoundTable, sheet: SheetXml, decoder: Decoder, *, date1904: bool) -> SmallTable:
    """Read a table row by row; rows that cannot be read are left out and reported."""
    reading = _Reading(found, date1904=date1904)
    for batch in sheet.batches([found.columns[column.field] for column in reading.columns]):
        rows = zip(*(each.contents for each in batch.columns), strict=True)
        for index, (number, contents) in enumerate(zip(batch.numbers, rows, strict=True)):
            if number > found.header_row and any(contents):
                raw = ((each.tag(index), each.contents[index]) for each in batch.columns)
                reading.take(
                    number, [decoder.cell(tag, content) if content else None for tag, content in raw]
                )
        reading.hidden |= batch.hidden
    return reading.result(sheet)


class _Reading:
    """One table while its rows come in."""

    def __init__(self, found: FoundTable, *, date1904: bool) -> None:
        self.columns = [column for column in found.table.columns if column.field in found.columns]
        self.hidden: set[int] = set()
        self._found = found
        self._validator = _validator(tuple(self.columns), date1904)
        self._absent = {
            each.field: _BLANK.get(each.kind)
            for each in found.table.columns
            if each.field not in found.columns
        }
        self._findings = Findings(found)
        self._rows: list[tuple[int, dict[str, Any]]] = []
        self._trimmed: list[Trimmed] = []
        self._as_text: set[int] = set()

    def take(self, number: int, cells: list[Cell | None]) -> None:
        """Read a row; one that is blank altogether is none."""
        row = {column.field: cell for column, cell in zip(self.columns, cells, strict=True)}
        if not any(cell and (cell.kind != "text" or trim(cell.text)) for cell in cells):
            return
        try:
            values = self._validator.validate_python(row)
        except ValidationError as invalid:
            if not self._findings.full:
                self._report(number, row, invalid)
            self._findings.bad_rows.append(number)
            return
        self._rows.append((number, values | self._absent))
        self._note_trimmed(number, row, values)
        if any(_passed_over(column, cell) for column, cell in zip(self.columns, cells, strict=True)):
            self._as_text.add(number)

    def _report(self, number: int, row: Mapping[str, Cell | None], invalid: ValidationError) -> None:
        columns = {column.field: column for column in self.columns}
        for found in invalid.errors():
            column = columns[str(found["loc"][0])]
            fault = found.get("ctx", {}).get("fault") or bounds_fault(column)
            self._findings.cell(number, column, row[column.field], fault)

    def _note_trimmed(
        self, number: int, row: Mapping[str, Cell | None], values: Mapping[str, object]
    ) -> None:
        for column in self.columns:
            cell, value = row[column.field], values[column.field]
            if column.kind == "id" and cell and isinstance(value, str) and has_odd_spaces(cell.text, value):
                self._trimmed.append(Trimmed(self._found.table.name, number, column.en, cell.text, value))

    def _as_shipped(self, values: Mapping[str, object]) -> bool:
        """Say whether a row decides nothing: the template hides policies that are as shipped."""
        if self._found.table is not tables.POLICIES or values["effective_from"] is not None:
            return False
        policy = POLICIES.get(str(values["policy"]))
        return policy is not None and policy.shipped == values["value"]

    def result(self, sheet: SheetXml) -> SmallTable:
        """Give the table, its rows in order."""
        numbers = np.array([number for number, _ in self._rows], dtype=np.int64)
        hidden = self.hidden - {row for row, values in self._rows if self._as_shipped(values)}
        last = self._findings.last_row(numbers, hidden)
        self._findings.structure(sheet.faults)
        rows = sorted((row for row in self._rows if row[0] <= last), key=lambda row: row[0])
        kept = rows if self._found.complete else []
        as_text = frozenset(self._as_text.intersection(row for row, _ in kept))
        return SmallTable(self._found.table, kept, self._findings.problems, self._trimmed, as_text)


def _passed_over(column: Column, cell: Cell | None) -> bool:
    """Tell whether formulas pass over a cell: an amount that is text, or a month in a form of its own."""
    if cell is None or cell.kind == "number" or column.kind not in {"amount", "month"}:
        return False
    return column.kind == "amount" or not _MONTH_TEXT.match(cell.text)


@cache
def _validator(columns: tuple[Column, ...], date1904: bool) -> SchemaValidator:  # noqa: FBT001 a cache's key
    """Build the validator of a row: cells by field in, values by field out."""
    fields_of = {column.field: core_schema.typed_dict_field(_schema(column, date1904)) for column in columns}
    return SchemaValidator(core_schema.typed_dict_schema(fields_of))


def _schema(column: Column, date1904: bool) -> core_schema.CoreSchema:  # noqa: FBT001 as _validator
    def read(cell: Cell | None) -> object:
        try:
            value = parse(column, cell, date1904=date1904)
            if value is None and column.filled:
                raise blank_fault(column)
        except Fault as fault:
            raise PydanticCustomError(
                "cell", "{problem}", {"problem": fault.problem, "fault": fault}
            ) from None
        return _BLANK.get(column.kind) if value is None else value

    reading = core_schema.no_info_plain_validator_function(read)
    if column.field not in BOUNDS or column.kind != "integer":
        return reading
    low, high = BOUNDS[column.field]
    bounds = core_schema.nullable_schema(core_schema.int_schema(ge=low, le=high))
    return core_schema.chain_schema([reading, bounds])
