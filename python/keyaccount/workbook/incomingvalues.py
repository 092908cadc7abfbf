"""The values of a file to import, read by the rules of the workbook's own cells; nothing is guessed.

Beyond those rules a date may be written in any way that begins with the year: 2026/1/5, 20260105,
2026年1月5日.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from keyaccount.problems import Problem, error
from keyaccount.tables import WORDS, Column, Table
from keyaccount.workbook.finder import Language
from keyaccount.workbook.findings import BOUNDS, MOST_ROWS, blank_fault, bounds_fault, shown
from keyaccount.workbook.incoming import Incoming
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, plain, trim
from keyaccount.workbook.values import parse

_DAY = re.compile(
    r"([12][0-9]{3})(?:[-/.年] ?([0-9]{1,2})[-/.月] ?([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))"
    r"(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?"
)
_MONTH = re.compile(r"([12][0-9]{3})(?:[-/.年] ?([0-9]{1,2})月?|([0-9]{2}))")
_SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]{1,3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IncomingValues:
    """Rows by field, typed as the reader types them; ``words``: words of the workbook's language as given."""

    rows: list[int] = field(default_factory=list)
    values: dict[str, list[object]] = field(default_factory=dict)
    words: dict[str, list[object]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def incoming_values(
    incoming: Incoming, table: Table, columns: Mapping[str, int], language: Language
) -> IncomingValues:
    """Read the rows that are not blank in the mapped columns (field -> the file's column).

    What is wrong is listed; rows that cannot be read are left out.
    """
    readers = [_Reader(column, incoming) for column in table.columns if column.field in columns]
    cells = [incoming.columns[columns[reader.column.field]] for reader in readers]
    found = IncomingValues(problems=list(incoming.problems))
    ragged = {problem.row for problem in incoming.problems}
    kept: list[int] = []
    read: list[list[object]] = []
    bad = 0
    for index, contents in enumerate(zip(*cells, strict=True)):
        row = incoming.rows[index]
        if row in ragged or not any(cell and (cell.kind != "text" or trim(cell.text)) for cell in contents):
            continue
        values = [reader.read(cell) for reader, cell in zip(readers, contents, strict=True)]
        if any(isinstance(value, Fault) for value in values):
            bad += 1
            if bad <= MOST_ROWS:
                found.problems.extend(_faults(table, row, readers, contents, values))
            continue
        kept.append(index)
        read.append(values)
    if bad > MOST_ROWS:
        found.problems.append(_more(table, bad - MOST_ROWS))
    found.rows.extend(incoming.rows[index] for index in kept)
    for place, reader in enumerate(readers):
        column = reader.column
        found.values[column.field] = [values[place] for values in read]
        if column.kind == "word":
            found.words[column.field] = [reader.word(cells[place][index], language) for index in kept]
    return found


def _faults(
    table: Table,
    row: int,
    readers: Sequence[_Reader],
    contents: Sequence[Cell | None],
    values: Sequence[object],
) -> Iterator[Problem]:
    for reader, cell, value in zip(readers, contents, values, strict=True):
        if isinstance(value, Fault):
            fault = value.problem, value.remedy, value.details
            yield Problem("error", table.name, row, reader.column.en, shown(cell), *fault)


def _more(table: Table, count: int) -> Problem:
    return error(
        table.name,
        0,
        "",
        "",
        "{count} more rows cannot be read.",
        "Correct those that are listed, then check again.",
        count=count,
    )


class _Reader:
    """Reads a column's cells, each different one once."""

    def __init__(self, column: Column, incoming: Incoming) -> None:
        self.column, self._date1904 = column, incoming.date1904
        self._known: dict[Cell | None, object] = {}

    def read(self, cell: Cell | None) -> object:
        """Give the value, None for a blank one, or the fault."""
        if cell not in self._known:
            try:
                self._known[cell] = self._value(cell)
            except Fault as fault:
                self._known[cell] = fault
        return self._known[cell]

    def _value(self, cell: Cell | None) -> object:
        column = self.column
        value = parse(column, _prepared(column, cell), date1904=self._date1904)
        if value is None and column.filled:
            raise blank_fault(column)
        if column.kind == "integer" and column.field in BOUNDS and isinstance(value, int):
            low, high = BOUNDS[column.field]
            if not low <= value <= high:
                raise bounds_fault(column)
        return value

    def word(self, cell: Cell | None, language: Language) -> object:
        """Give a word as it is given where it is the workbook's own language, else the English one."""
        value = self.read(cell)
        given = trim(cell.text) if cell else ""
        own = WORDS[self.column.words].get(str(value), ())
        return given if language == "zh" and given in own else value


def _prepared(column: Column, cell: Cell | None) -> Cell | None:
    """Write a date that begins with its year as the reader knows it; refuse an ID that has been shortened."""
    if cell is None or cell.kind != "text":
        return cell
    if column.kind == "id" and _SHORTENED.fullmatch(trim(cell.text)):
        raise Fault(
            "A spreadsheet program has shortened this ID: its digits are lost.",
            "Format the column as text in the program that the file comes from, and export it again.",
        )
    if column.kind in ("day", "moment", "month"):
        text = plain(cell.text)
        found = _DAY.fullmatch(text)
        if found is not None:
            year, month, day, packed_month, packed_day, hour, minute, second = found.groups()
            iso = f"{year}-{(month or packed_month):0>2}-{(day or packed_day):0>2}"
            clock = f" {hour:0>2}:{minute}:{second or '00'}" if hour else ""
            return Cell("text", iso + clock)
        month_found = _MONTH.fullmatch(text) if column.kind == "month" else None
        if month_found is not None:
            return Cell("text", f"{month_found[1]}-{(month_found[2] or month_found[3]):0>2}")
    return cell
