"""Reads the wanted columns of a sheet part, in batches: exact, and fast where a big part is regular.

Three ways lead to the same rows. Most rows of a big sheet look alike: a pattern learnt from the rows before
takes them. What it leaves goes through a pattern for rows as the usual programs write them, and what is left
then, to the last byte, through the exact parser. The exact parser also takes over for good as soon as a part
holds something that no pattern can judge: comments, CDATA, prefixes, rows without number, another encoding.
What a row means never depends on the way it was read.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence

from keyaccount.workbook.ahead import ahead
from keyaccount.workbook.alikerows import AlikeRows
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawrows import Batch, RawRow, RowFault
from keyaccount.workbook.rowparser import RowParser
from keyaccount.workbook.rowpatterns import UsualRows

_DATA_START = re.compile(rb"<sheetData(?:\s[^<>]*)?>")
_DATA_END = b"</sheetData"
_ROW_END = b"</row>"
_NUMBERED_ROW = re.compile(rb"""<row\s(?:[^<>]*\s)?r\s*=\s*["'](\d+)""")
SMALL_PART = 1 << 17
"""Up to these bytes, compiling patterns costs more than it saves."""
_LONGEST_HEAD = 4 << 20
_LONGEST_ROW = 8 << 20
_HEAD_BYTES = 1 << 13
_LEARNING_BYTES = 1 << 16
_MOST_LESSONS, _OFTEN = 8, 8
"""Learnt anew as long as one row in so many is not alike, but no more often than that."""
BATCH_BYTES = 1 << 20
_LONG = 4 << 20
"""From these bytes on a second thread inflates ahead."""


class AllColumns:
    """A set that holds every column."""

    def __contains__(self, _column: object) -> bool:
        """Say yes."""
        return True


class SheetXml:
    """One sheet part. ``faults`` fills while it is read: rows and cells that contradict themselves."""

    def __init__(self, package: Package, part: str) -> None:
        """Name the part."""
        self._package, self._part = package, part
        self._by_pattern = package.size(part) > SMALL_PART
        self.faults: list[RowFault] = []
        self.file_name = package.path.name

    def head(self, last_row: int) -> list[RawRow]:
        """Give the rows up to ``last_row``, all columns; raises ``FileProblem`` when the part is damaged."""
        parser = RowParser(self._package, self._part, AllColumns())
        for piece in self._package.stream(self._part, _HEAD_BYTES):
            parser.feed(piece)
            if parser.last_row > last_row:
                break
        else:
            parser.feed(b"", last=True)
        self.faults = [fault for fault in parser.faults if fault.row <= last_row]
        return [row for row in parser.rows if row.number <= last_row]

    def reread(self, rows: bytes) -> list[RawRow]:
        """Read whole rows exactly, all columns: what the quick way took is counted a second time."""
        parser = RowParser(self._package, self._part, AllColumns())
        parser.feed(b"<worksheet><sheetData>")
        parser.feed(rows)
        return parser.take()

    def batches(self, columns: Sequence[int]) -> Iterator[Batch]:
        """Read these columns (1 = A) of all rows; raises ``FileProblem`` when the part is damaged."""
        parser = RowParser(self._package, self._part, frozenset(columns))
        parser.faults = self.faults
        pieces = self._package.stream(self._part, BATCH_BYTES)
        if self._package.size(self._part) > _LONG:
            pieces = ahead(pieces)
        if self._by_pattern:
            rest = yield from _by_pattern(parser, UsualRows(columns), pieces)
            parser.feed(rest)
        for piece in pieces:
            if parser.rows:
                yield Batch.of_rows(parser.take(), columns)
            parser.feed(piece)
        parser.feed(b"", last=True)
        if parser.rows:
            yield Batch.of_rows(parser.take(), columns)


def _by_pattern(
    parser: RowParser, usual: UsualRows, pieces: Iterator[bytes]
) -> Generator[Batch, None, bytes]:
    """Give batches until the data ends, or holds what only the exact parser understands; return the rest."""
    buffer = _up_to_data(pieces)
    start = _DATA_START.search(buffer)
    if start is None:
        return buffer
    parser.feed(buffer[: start.end()])
    buffer = buffer[start.end() :]
    if not (parser.inside_data and parser.utf8):
        return buffer
    reader = _PatternReader(parser, usual)
    while not _is_odd(buffer) and len(buffer) <= _LONGEST_ROW:
        cut = _whole_rows(buffer, learning=reader.learning)
        if cut:
            batches = reader.read(buffer[:cut])
            if batches is None:
                break
            yield from batches
            buffer = buffer[cut:]
            continue
        piece = b"" if _DATA_END in buffer else next(pieces, b"")
        if not piece:
            break
        buffer += piece
    return buffer


def _whole_rows(buffer: bytes, *, learning: bool) -> int:
    """Give where the last whole row ends, 0 when there is none; a few rows will do to learn from."""
    end = buffer.rfind(_ROW_END, 0, _LEARNING_BYTES) if learning else -1
    if end < 0:
        end = buffer.rfind(_ROW_END)
    return end + len(_ROW_END) if end >= 0 else 0


class _PatternReader:
    """Reads whole rows: by the learnt pattern, by the usual one, and the rest with the exact parser."""

    def __init__(self, parser: RowParser, usual: UsualRows) -> None:
        self._parser, self._usual = parser, usual
        self._alike: AlikeRows | None = None
        self._lessons = _MOST_LESSONS

    @property
    def learning(self) -> bool:
        """Whether no rows have been seen yet to learn a pattern from."""
        return self._alike is None

    def read(self, rows: bytes) -> list[Batch] | None:
        """Give the rows; None, and nothing is read, when one has no number or the data ends among them."""
        batches: list[Batch] = []
        left = rows
        if self._alike is not None:
            batch, left = self._alike.read(left)
            batches.append(batch)
        if left:
            odd_ones = left
            batch, left = self._usual.read(left)
            if _OFTEN * len(batch) > sum(map(len, batches)) and self._lessons:
                self._lessons -= 1
                self._alike = AlikeRows(
                    self._usual.columns, odd_ones[:_LEARNING_BYTES] + rows[:_LEARNING_BYTES]
                )
            batches.append(batch)
        if left and not left.isspace():
            if len(_NUMBERED_ROW.findall(left)) != left.count(b"<row") or _DATA_END in left:
                return None
            self._parser.feed(left)
            batches.append(Batch.of_rows(self._parser.take(), self._usual.columns))
        last = _NUMBERED_ROW.match(rows, rows.rfind(b"<row"))
        self._parser.last_row = int(last[1]) if last else self._parser.last_row
        kept = [batch for batch in batches if batch.numbers] or batches[:1]
        kept[-1].piece = rows
        return kept


def _up_to_data(pieces: Iterator[bytes]) -> bytes:
    buffer = b""
    for piece in pieces:
        buffer += piece
        if _DATA_START.search(buffer) or len(buffer) > _LONGEST_HEAD:
            break
    return buffer


def _is_odd(piece: bytes) -> bool:
    """Look for comments, CDATA, processing instructions and NULs (single bytes are found much faster)."""
    return b"\0" in piece or (b"!" in piece and b"<!" in piece) or (b"?" in piece and b"<?" in piece)
