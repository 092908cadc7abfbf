"""A source beside the table that it stands for: its columns found and read, its wrong rows as problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from keyaccount.problems import N_, FileProblem, Listed, Problem, error
from keyaccount.sources.engines import FILE, ROW, Opened
from keyaccount.sources.normal import Normal, absent, day_number, normal
from keyaccount.tables import Column, Table
from keyaccount.workbook.findings import MOST_ROWS, blank_fault
from keyaccount.workbook.headers import match_header
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, trim
from keyaccount.workbook.values import parse

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LONGEST_VALUE = 120
_GOOD = "good "
_NOT_AS_A_SOURCE = Fault(
    N_("This is not written as a source has to write it."),
    N_("Write days as 2026-01-31, and amounts as 1234.50 with at most two decimals."),
)
_OF_A_ZONE = Fault(
    N_("This is a moment of a time zone: which day it is depends on the place."),
    N_("Give the column the type of dates, by the calendar of the company; a view will do."),
)


@dataclass
class Places:
    """Where the rows that came back stand in the source, by a number of their own."""

    shown: dict[int, str] = field(default_factory=dict)

    def add(self, text: str) -> int:
        """Number a place."""
        number = len(self.shown) + 1
        self.shown[number] = text
        return number


@dataclass(frozen=True)
class SourceTable:
    """A source read as a table of the plan."""

    opened: Opened
    table: Table
    places: Places = field(default_factory=Places)

    @cached_property
    def columns(self) -> dict[str, str]:
        """The source's column of each field; raises ``FileProblem`` where one is missing or there twice."""
        names = list(self.opened.table.columns)
        header = match_header(self.table, 1, dict(enumerate(names, start=1)))
        twice = {column.en for column, found in header.candidates.items() if len(found) > 1}
        lacking = [c.en for c in self.table.columns if c.required and c not in header.candidates]
        if twice or lacking:
            raise FileProblem(
                "{source} lacks columns of the table, or holds one twice: {columns}.",
                "Name its columns as on the sheet, in English or Chinese; a view will do. It holds: {found}.",
                source=self.opened.named.shown,
                columns=Listed(sorted({*twice, *lacking})),
                found=Listed(name for name in names if name not in {FILE, ROW}),
            )
        return {column.field: names[found[0] - 1] for column, found in header.candidates.items()}

    def normal(self, column: Column, raw: ir.Table | None = None) -> Normal:
        """Give a column as an expression, of the source or of rows of it; one that it lacks is blank."""
        import ibis

        if column.field not in self.columns:
            return Normal(absent(column), ibis.literal(value=True))
        rows = self.opened.table if raw is None else raw
        return normal(column, rows[self.columns[column.field]], self.opened.engine)

    def good(self, raw: ir.Table) -> ir.BooleanColumn:
        """Whether every value of a row can be read."""
        found = (self.normal(c, raw).good for c in self.table.columns if c.field in self.columns)
        return reduce(and_, found)

    def lines_of(self, raw: ir.Table) -> ir.Table:
        """Rows by field, and whether they can be read (``good``): IDs, days such as 20260131, fen."""
        made = {c.field: self.normal(c, raw).value for c in self.table.columns}
        made |= {c.field: day_number(made[c.field]) for c in self.table.columns if c.kind == "day"}
        return raw.select(**made, good=self.good(raw), **self._rows(raw))

    @cached_property
    def lines(self) -> ir.Table:
        """All rows, as ``lines_of`` gives them."""
        return self.lines_of(self.opened.table)

    def _rows(self, raw: ir.Table) -> dict[str, Any]:
        return {FILE: raw[FILE], ROW: raw[ROW]} if self.opened.has_rows else {}

    def place(self, row: dict[str, Any]) -> int:
        """Number the place of a row: its file and row where the engine knows them, else its ID."""
        own = trim(str(row.get(self.table.columns[0].field) or ""))
        known = f"{self.opened.named.within(row[FILE])}:{row[ROW] + 1}" if FILE in row else ""
        return self.places.add(" ".join([known or self.opened.named.shown, own]).strip())

    def faults(self) -> Iterator[Problem]:
        """List the cells that cannot be read, of the first rows; of more rows, how many they are."""
        table = self.opened.table
        bad = table.filter(~self.good(table))
        raw = bad.select(
            **{f: bad[name].cast("string") for f, name in self.columns.items()},
            **{f"{_GOOD}{c.field}": self.normal(c, bad).good for c in self.table.columns},
            **self._rows(bad),
        ).limit(MOST_ROWS)
        found = self.opened.ask(raw).to_pylist()
        for row in found:
            yield from self._of_row(row)
        if len(found) == MOST_ROWS:
            count = self.opened.ask(bad.aggregate(count=bad.count())).to_pylist()[0]["count"]
            if count > MOST_ROWS:
                yield error(
                    self.table.name,
                    0,
                    "",
                    "",
                    "{count} more rows cannot be read.",
                    "Correct those that are listed, then check again.",
                    count=count - MOST_ROWS,
                )

    def _of_row(self, row: dict[str, Any]) -> Iterator[Problem]:
        place = self.place(row)
        for column in self.table.columns:
            if column.field not in self.columns or row[f"{_GOOD}{column.field}"]:
                continue
            fault = self._fault(column, row.get(column.field)) or _NOT_AS_A_SOURCE
            value = str(row.get(column.field) or "")[:_LONGEST_VALUE]
            yield Problem(
                "error",
                self.table.name,
                place,
                column.en,
                value,
                fault.problem,
                fault.remedy,
                fault.details,
            )

    def _fault(self, column: Column, text: str | None) -> Fault | None:
        """Say what is wrong with a value, in the words of the sheet."""
        name = self.columns[column.field]
        kind = self.opened.table[name].type()
        if text is None or not text.strip():
            return blank_fault(column) if column.filled else None
        if column.kind == "id" and not (kind.is_string() or kind.is_numeric()):
            return Fault("This is not an ID.", "Give the column the type of texts or of whole numbers.")
        if column.kind == "day" and kind.is_numeric():
            return Fault("This is a number, not a date.", "Give the column the type of dates.")
        if (
            column.kind == "day"
            and kind.is_timestamp()
            and (kind.timezone or name in self.opened.engine.instants)
        ):
            return _OF_A_ZONE
        try:
            parse(column, Cell("number" if kind.is_numeric() else "text", text), date1904=False)
        except Fault as fault:
            return fault
        return None


def day_of(number: int) -> date:
    """Read a day such as 20260131."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def day_as_number(day: date) -> int:
    """Write a day as such a number."""
    return day.year * 10_000 + day.month * 100 + day.day
