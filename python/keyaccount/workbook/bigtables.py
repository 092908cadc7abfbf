"""Reads Sales, Adjustments and Maintenance, the tables that may be big, as columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from keyaccount.periods import to_number
from keyaccount.problems import Problem
from keyaccount.tables import NO_DAY, NO_MOMENT, Column, InputKind
from keyaccount.workbook import days
from keyaccount.workbook.columns import (
    DOUBT,
    AmountReader,
    ColumnReader,
    DayReader,
    MomentReader,
    Values,
    WholeReader,
)
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.findings import BOUNDS, Findings, blank_fault, bounds_fault
from keyaccount.workbook.idcolumns import IdReader
from keyaccount.workbook.nearequal import Trimmed
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import Batch
from keyaccount.workbook.secondcount import Reread, SecondCount, Summed
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

_BLANK: dict[InputKind, object] = {
    "amount": 0,
    "integer": 0,
    "day": NO_DAY,
    "moment": NO_MOMENT,
    "id": "",
    "text": "",
    "word": "",
}
_NUMBERED: dict[InputKind, type[np.generic]] = {
    "amount": np.int64,
    "integer": np.int64,
    "moment": np.int64,
    "day": np.int32,
}
_NUMBERS = frozenset({"day", "amount", "rate"})
_EACH_ITS_OWN = frozenset({"sale_id", "adjustment_id"})


@dataclass(frozen=True, slots=True)
class BigTable:
    """A table's columns by field, those that are not in the sheet blank; its sheet rows; what was found."""

    rows: NDArray[np.int32]
    columns: dict[str, Values]
    problems: list[Problem] = field(default_factory=list)
    trimmed: list[Trimmed] = field(default_factory=list)
    as_text: frozenset[int] = frozenset()  # rows whose dates, amounts or rates are texts


def read_big_table(found: FoundTable, sheet: SheetXml, decoder: Decoder, *, date1904: bool) -> BigTable:
    """Read a table as columns; rows that cannot be read are left out and reported."""
    reading = _Reading(found, decoder, sheet.file_name, date1904=date1904)
    for batch in sheet.batches([found.columns[column.field] for column in reading.columns]):
        reading.take(batch, sheet.reread)
    return reading.result(sheet)


def no_rows(columns: tuple[Column, ...]) -> BigTable:
    """Give a table without rows."""
    return BigTable(np.empty(0, dtype=np.int32), {each.field: _blanks(each, 0) for each in columns})


def _blanks(column: Column, count: int) -> Values:
    return np.full(count, _BLANK.get(column.kind), dtype=_NUMBERED.get(column.kind, np.object_))


class _Reading:
    """One table while its batches come in."""

    def __init__(self, found: FoundTable, decoder: Decoder, file_name: str, *, date1904: bool) -> None:
        self.columns = [column for column in found.table.columns if column.field in found.columns]
        self._found, self._decoder, self._date1904 = found, decoder, date1904
        self._readers = [self._reader(column) for column in self.columns]
        self._findings = Findings(found)
        self._good: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
        self._pieces: list[list[Values]] = [[] for _ in self.columns]
        self._hidden: set[int] = set()
        self._trimmed: list[Trimmed] = []
        self._as_text: set[int] = set()
        counted = [(found.columns[each.field], self._summed(each)) for each in self.columns]
        self._second = SecondCount((file_name, found.located.title), counted, decoder, found.header_row)

    def _summed(self, column: Column) -> Summed | None:
        if column.kind == "day":
            epoch = to_number(days.EPOCH[self._date1904])
            return Summed(0, epoch, days.FIRST_SERIAL[self._date1904])
        return Summed(2) if column.kind == "amount" else None

    def _reader(self, column: Column) -> ColumnReader:
        def read(cell: Cell | None) -> object | None:
            return self._value(column, cell)

        blank = DOUBT if column.filled else _BLANK.get(column.kind)
        if column.kind == "day":
            return DayReader(self._decoder, read, blank=blank, date1904=self._date1904)
        if column.kind == "amount":
            return AmountReader(self._decoder, read, blank=blank)
        if column.field in _EACH_ITS_OWN:
            return IdReader(self._decoder, read, blank=blank)
        reader = {"moment": MomentReader, "integer": WholeReader}.get(column.kind, ColumnReader)
        return reader(self._decoder, read, blank=blank)

    def _value(self, column: Column, cell: Cell | None) -> object | None:
        """Read a cell exactly; raises ``Fault``."""
        value = parse(column, cell, date1904=self._date1904)
        if column.kind == "integer" and isinstance(value, int) and column.field in BOUNDS:
            low, high = BOUNDS[column.field]
            if not low <= value <= high:
                raise bounds_fault(column)
        return value

    def take(self, batch: Batch, reread: Reread) -> None:
        """Read a batch of rows; ``reread`` reads a piece exactly where the second count asks for it."""
        given, batch = batch, batch.below(self._found.header_row)
        numbers = np.array(batch.numbers, dtype=np.int64)
        read = [reader.read(cells) for reader, cells in zip(self._readers, batch.columns, strict=True)]
        doubts = np.any([doubts for _, doubts in read], axis=0)
        good = ~doubts
        if doubts.any():
            filled = [
                any(contents) for contents in zip(*(each.contents for each in batch.columns), strict=True)
            ]
            for index in np.flatnonzero(doubts & filled).tolist():
                if self._findings.full:
                    self._findings.bad_rows.append(batch.numbers[index])
                else:
                    self._report(batch, index)
        whole = bool(good.all())
        self._good.append(numbers if whole else numbers[good])
        for pieces, (values, _) in zip(self._pieces, read, strict=True):
            pieces.append(values if whole else values[good])
        self._second.take(
            batch, [values for values, _ in read], reread, clipped=batch is not given, doubted=not whole
        )
        self._hidden |= batch.hidden
        self._note_trimmed(batch)
        self._note_texts(batch)

    def _report(self, batch: Batch, index: int) -> None:
        """Report each cell of a row that cannot be read; a row that is blank altogether is none."""
        cells: list[Cell | None] = []
        faults: list[Fault | None] = []
        blank = True
        for column, raw in zip(self.columns, batch.columns, strict=True):
            content = raw.contents[index]
            cell = self._decoder.cell(raw.tag(index), content) if content else None
            try:
                value = self._value(column, cell)
                fault = blank_fault(column) if value is None and column.filled else None
                blank = blank and value is None
            except Fault as found:
                fault, blank = found, False
            cells.append(cell)
            faults.append(fault)
        if blank:
            return
        row = batch.numbers[index]
        self._findings.bad_rows.append(row)
        for column, cell, fault in zip(self.columns, cells, faults, strict=True):
            if fault is not None:
                self._findings.cell(row, column, cell, fault)

    def _note_trimmed(self, batch: Batch) -> None:
        for column, reader, raw in zip(self.columns, self._readers, batch.columns, strict=True):
            if reader.trimmed and column.kind == "id":
                for content, (text, value) in reader.trimmed.items():
                    row = batch.numbers[raw.contents.index(content)]
                    self._trimmed.append(Trimmed(self._found.table.name, row, column.en, text, value))
            reader.trimmed.clear()

    def _note_texts(self, batch: Batch) -> None:
        """Note the rows whose numbers are written as text: right for this program, nothing for a formula."""
        for column, raw in zip(self.columns, batch.columns, strict=True):
            if column.kind not in _NUMBERS:
                continue
            tags = {raw.tags} if isinstance(raw.tags, bytes) else set(raw.tags)
            texts = {tag for tag in tags if self._decoder.tag(tag).kind == "text"}
            if texts:
                self._as_text |= {
                    number
                    for index, number in enumerate(batch.numbers)
                    if raw.contents[index] and raw.tag(index) in texts
                }

    def result(self, sheet: SheetXml) -> BigTable:
        """Give the table, its rows in order."""
        self._second.finish()
        rows = np.concatenate(self._good)
        last = self._findings.last_row(rows, self._hidden)
        self._findings.structure(sheet.faults)
        if not self._found.complete:
            nothing = no_rows(self._found.table.columns)
            return BigTable(nothing.rows, nothing.columns, self._findings.problems, self._trimmed)
        kept = np.flatnonzero(rows <= last)
        if np.any(np.diff(rows[kept]) <= 0):
            kept = kept[np.argsort(rows[kept], kind="stable")]
        whole = len(kept) == len(rows) and bool(np.all(np.diff(kept) == 1))
        blank = {each.field: each for each in self._found.table.columns if each not in self.columns}
        columns = {name: _blanks(each, len(kept)) for name, each in blank.items()}
        for column, pieces in zip(self.columns, self._pieces, strict=True):
            values = np.concatenate([_blanks(column, 0), *pieces])
            columns[column.field] = values if whole else values[kept]
            pieces.clear()
        numbers = rows[kept].astype(np.int32)
        texts = frozenset(self._as_text.intersection(numbers.tolist())) if self._as_text else frozenset()
        return BigTable(numbers, columns, self._findings.problems, self._trimmed, texts)
