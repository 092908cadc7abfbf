"""Reads the Ledger and the Run Log back exactly as the program wrote them; nothing is trimmed or mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from keyaccount.problems import N_, HeaderName, Problem, Severity, SheetName
from keyaccount.tables import Located, ResultColumn, ResultSheet
from keyaccount.workbook import amounts
from keyaccount.workbook.columns import DOUBT, AmountReader, ColumnReader, Parse, Quick
from keyaccount.workbook.finder import Head
from keyaccount.workbook.findings import shown
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.idcolumns import IdReader
from keyaccount.workbook.rawcells import Cell, Decoder, Tag
from keyaccount.workbook.rawrows import Batch, column_letters
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.texts import Fault, refuse_unreadable

HEADER_ROWS = 2
"""The header is in row 1, or in row 2 under Chinese labels."""
_RESTORE = N_("The program owns this sheet: take it from the last good copy of the workbook.")
_FILLED = frozenset({"Entry", "Run", "Amount"})


@dataclass(frozen=True, slots=True)
class BookedRows:
    """The rows of a booked sheet, typed as its columns say, where it stands, and what is wrong with it."""

    located: Located
    first_row: int
    rows: list[tuple[object, ...]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_booked(
    result: ResultSheet, title: str, head: Head, sheet: SheetXml, decoder: Decoder, severity: Severity
) -> BookedRows:
    """Read a booked sheet; whatever is not as the program writes it is a problem, with its cell."""
    keys = {column: name_key(column.en) for column in result.columns}
    by_row = {
        row: {name_key(text): number for number, text in texts.items()}
        for row, texts in head.items()
        if row <= HEADER_ROWS
    }
    header_row = max(by_row, key=lambda row: sum(key in by_row[row] for key in keys.values()), default=1)
    places = by_row.get(header_row, {})
    numbers = _in_place({column: places[key] for column, key in keys.items() if key in places}, result)
    letters = {column.en: column_letters(number) for column, number in numbers.items()}
    reading = _Reading(result.name, severity, numbers, header_row, decoder)
    if len(numbers) < len(result.columns):
        reading.missing([column for column in result.columns if column not in numbers])
    else:
        for batch in sheet.batches(list(numbers.values())):
            reading.take(batch)
        reading.finish(sheet)
    rows = [row for _, row in reading.rows] if not reading.problems else []
    return BookedRows(Located(title, header_row, letters), header_row + 1, rows, reading.problems)


def _in_place(found: Mapping[ResultColumn, int], result: ResultSheet) -> dict[ResultColumn, int]:
    """Give each column's place; one whose header was edited stands where it was written.

    So it does where at least half of the others are in their places and none in another. The digests tell
    whether what stands there is what was booked.
    """
    written = {column: number for number, column in enumerate(result.columns, start=1)}
    moved = any(written[column] != number for column, number in found.items())
    return dict(found) if moved or 2 * len(found) < len(written) else written


class _Reading:
    """A booked sheet while its rows come in."""

    def __init__(
        self,
        name: str,
        severity: Severity,
        columns: Mapping[ResultColumn, int],
        header_row: int,
        decoder: Decoder,
    ) -> None:
        self.rows: list[tuple[int, tuple[object, ...]]] = []
        self.problems: list[Problem] = []
        self._name, self._severity, self._header_row = name, severity, header_row
        self._columns, self._decoder = list(columns), decoder
        self._readers = [_reader(column, decoder) for column in columns]

    def take(self, batch: Batch) -> None:
        """Read a batch of rows."""
        read = [reader.read(cells) for reader, cells in zip(self._readers, batch.columns, strict=True)]
        columns = [values.tolist() for values, _ in read]
        for column, values, cells in zip(self._columns, columns, batch.columns, strict=True):
            if column.kind == "amount" and not all(cells.contents):
                values[:] = [
                    value if content else None for value, content in zip(values, cells.contents, strict=True)
                ]
        doubtful = {index for _, doubts in read for index in doubts.nonzero()[0].tolist()}
        for index, (number, row) in enumerate(zip(batch.numbers, zip(*columns, strict=True), strict=True)):
            if number <= self._header_row or not any(each.contents[index] for each in batch.columns):
                continue
            if index in doubtful:
                self._report(batch, index)
            self.rows.append((number, row))

    def _report(self, batch: Batch, index: int) -> None:
        for column, raw in zip(self._columns, batch.columns, strict=True):
            content = raw.contents[index]
            cell = self._decoder.cell(raw.tag(index), content) if content else None
            try:
                _parse(column)(cell)
            except Fault as fault:
                self._add(batch.numbers[index], column.en, shown(cell), fault)

    def missing(self, columns: list[ResultColumn]) -> None:
        """Report columns that are not there."""
        for column in columns:
            fault = Fault("The column {header} is missing.", _RESTORE, header=HeaderName(column.en))
            self._add(self._header_row, "", "", fault)

    def finish(self, sheet: SheetXml) -> None:
        """Look at the rows as a whole: they stand below each other without a gap."""
        for found in sheet.faults:
            if found.row > self._header_row:
                self._add(found.row, "", found.value, Fault(found.problem, _RESTORE))
        self.rows.sort(key=lambda row: row[0])
        for expected, (number, _) in enumerate(self.rows, start=self._header_row + 1):
            if number != expected:
                fault = Fault(
                    "Row {row} of {sheet} is blank, or is there twice.",
                    _RESTORE,
                    row=str(expected),
                    sheet=SheetName(self._name),
                )
                self._add(min(number, expected), "", "", fault)
                break

    def _add(self, row: int, column: str, value: str, fault: Fault) -> None:
        self.problems.append(
            Problem(
                self._severity, self._name, row, column, value, fault.problem, fault.remedy, fault.details
            )
        )


class _TextReader(IdReader):
    """Reads texts that differ, as they stand."""

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for texts; a number is none."""
        return super().quick(tag) if tag.kind == "text" else None


def _reader(column: ResultColumn, decoder: Decoder) -> ColumnReader:
    filled = column.en in _FILLED
    if column.kind == "amount":
        return AmountReader(decoder, _parse(column), blank=DOUBT if filled else 0)
    if column.kind in {"integer", "rate"}:
        return ColumnReader(decoder, _parse(column), blank=DOUBT if filled else None)
    return _TextReader(decoder, _parse(column), blank="")


def _parse(column: ResultColumn) -> Parse:
    reads = _READS.get(column.kind, _text)

    def parse(cell: Cell | None) -> object | None:
        if cell is None and column.en in _FILLED:
            raise Fault("{header} is blank.", _RESTORE, header=HeaderName(column.en))
        if cell is None:
            return None
        refuse_unreadable(cell)
        return reads(cell)

    return parse


def _text(cell: Cell) -> str:
    if cell.kind != "text":
        raise Fault("This is not the text that the program wrote.", _RESTORE)
    return cell.text


def _number(cell: Cell) -> Cell:
    if cell.kind != "number" or cell.dated:
        raise Fault("This is not the number that the program wrote.", _RESTORE)
    return cell


def _rate(cell: Cell) -> Decimal:
    return amounts.rate(_number(cell))


_READS = {
    "integer": lambda cell: amounts.whole(_number(cell)),
    "amount": lambda cell: amounts.amount(_number(cell)),
    "rate": _rate,
}
