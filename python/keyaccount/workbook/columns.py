"""Reads a column's cells at once: with numpy and in bulk where they are plain, one by one where not.

Whatever the quick way cannot vouch for goes through the exact way, each different cell once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from keyaccount.periods import to_number
from keyaccount.tables import NO_DAY
from keyaccount.workbook import days
from keyaccount.workbook.decimals import Flags, fen_of, whole_of
from keyaccount.workbook.rawcells import Cell, Decoder, Tag
from keyaccount.workbook.rawrows import RawColumn
from keyaccount.workbook.spans import Places, Spans, all_filled, blank_ones
from keyaccount.workbook.texts import Fault, has_odd_spaces

Contents = Sequence[bytes | None]
Values = NDArray[Any]
Quick = Callable[[Contents], tuple[Values, Flags]]
Parse = Callable[[Cell | None], object | None]

_MOST_REMEMBERED = 100_000
_ENOUGH_TO_JUDGE = 200
_OFTEN = 4
_FIRST_SECOND = datetime(1970, 1, 1)  # noqa: DTZ001 a workbook's moments have no zone


class _Doubt:
    """Stands for a value that is blank where it must not be, or that cannot be read."""


DOUBT: Final = _Doubt()


class ColumnReader:
    """Reads a column whose values repeat (words, accounts, rates), batch by batch."""

    dtype: type[np.generic] = np.object_

    def __init__(self, decoder: Decoder, parse: Parse, *, blank: object = DOUBT) -> None:
        """Take what reads a single cell exactly, and what a blank cell is."""
        self.decoder, self._parse, self._blank = decoder, parse, blank
        self._memories: dict[bytes, _Memory] = _Memories(self)
        self._doubted = False
        self.repeats: bool | None = None  # whether values repeat; not known yet
        self.trimmed: dict[bytes, tuple[str, str]] = {}  # content -> text as it stands, and trimmed

    def read(self, cells: RawColumn) -> tuple[Values, Flags]:
        """Give the values of a batch, and flag doubts, whose values have no meaning."""
        tags, contents = cells
        if isinstance(tags, bytes) and isinstance(contents, Spans) and (few := contents.distinct()):
            return self._spread(self._memories[tags], *few)
        if isinstance(tags, bytes):
            values = list(map(self._memories[tags].__getitem__, contents))
        else:
            memories = self._memories
            values = [memories[tag][content] for tag, content in zip(tags, contents, strict=True)]
        doubts = np.zeros(len(values), np.bool_)
        if self._doubted:
            doubts[:] = [value is DOUBT for value in values]
        if self.dtype is not np.object_ and doubts.any():
            values = [0 if value is DOUBT else value for value in values]
        return np.array(values, dtype=self.dtype), doubts

    def _spread(self, memory: _Memory, few: Sequence[bytes | None], which: Places) -> tuple[Values, Flags]:
        """Read each different content once, and give every cell its value."""
        values = list(map(memory.__getitem__, few))
        doubts = np.array([value is DOUBT for value in values], dtype=np.bool_)
        if self.dtype is not np.object_ and doubts.any():
            values = [0 if value is DOUBT else value for value in values]
        return np.array(values, dtype=self.dtype)[which], doubts[which]

    def exact(self, tag: bytes, content: bytes | None) -> object:
        """Read one cell; DOUBT when it cannot be read, or is blank and must not be."""
        cell = self.decoder.cell(tag, content) if content else None
        try:
            value = self._parse(cell)
        except Fault:
            self._doubted = True
            return DOUBT
        if content and cell and isinstance(value, str) and has_odd_spaces(cell.text, value):
            self.trimmed[content] = cell.text, value
        if value is None:
            self._doubted |= self._blank is DOUBT
            return self._blank
        return self._typed(value)

    def _typed(self, value: object) -> object:
        return value


class WholeReader(ColumnReader):
    """Reads small whole numbers."""

    dtype = np.int64


class MomentReader(ColumnReader):
    """Reads dates with a time of day into seconds since 1970-01-01."""

    dtype = np.int64

    def _typed(self, value: object) -> object:
        return (cast("datetime", value) - _FIRST_SECOND) // timedelta(seconds=1)


class _Memory(dict[bytes | None, object]):
    """The values of cells with one tag, by content."""

    def __init__(self, reader: ColumnReader, tag: bytes) -> None:
        self._reader, self._tag = reader, tag

    def __missing__(self, content: bytes | None) -> object:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
            self._reader.repeats = False
        value = self[content] = self._reader.exact(self._tag, content)
        return value


class _Memories(dict[bytes, _Memory]):
    """The memories of a column, by tag."""

    def __init__(self, reader: ColumnReader) -> None:
        self._reader = reader

    def __missing__(self, tag: bytes) -> _Memory:
        memory = self[tag] = _Memory(self._reader, tag)
        return memory


class QuickReader(ColumnReader):
    """Reads a column whose values may all differ; subclasses know a quick way for the cells of a tag."""

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for cells of a tag: values, blank ones among them, and flags of what is odd."""
        raise NotImplementedError

    def read(self, cells: RawColumn) -> tuple[Values, Flags]:
        """Give the values of a batch, and flag doubts, whose values have no meaning."""
        if self.repeats is None and len(cells.contents) >= _ENOUGH_TO_JUDGE:
            self.repeats = _OFTEN * len(set(cells.contents)) < len(cells.contents)
        if self.repeats:
            return super().read(cells)
        quick, contents, others = self._divide(cells)
        if quick is None:
            return super().read(cells)
        values, odd = quick(contents)
        odd[others] = True
        doubts = np.zeros(len(contents), np.bool_)
        for index in np.flatnonzero(odd).tolist():
            value = self._memories[cells.tag(index)][cells.contents[index]]
            doubts[index] = value is DOUBT
            values[index] = 0 if value is DOUBT else value
        if self._blank is DOUBT and not all_filled(cells.contents):
            doubts |= blank_ones(cells.contents)
        return values, doubts

    def _divide(self, cells: RawColumn) -> tuple[Quick | None, Contents, list[int]]:
        """Give the quick way that fits, contents without those that it does not fit, and their indexes."""
        tags, contents = cells
        if isinstance(tags, bytes):
            return self.quick(self.decoder.tag(tags)), contents, []
        found = {tag for tag, content in zip(tags, contents, strict=True) if content}
        ways = {tag: self.quick(self.decoder.tag(tag)) for tag in found}
        quick = next((way for way in ways.values() if way is not None), None)
        others = [
            index
            for index, (tag, content) in enumerate(zip(tags, contents, strict=True))
            if content and ways[tag] != quick
        ]
        if not others:
            return quick, contents, others
        fitting = list(contents)
        for index in others:
            fitting[index] = None
        return quick, fitting, others


class AmountReader(QuickReader):
    """Reads amounts into fen."""

    dtype = np.int64

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for numbers that are no dates."""
        return fen_of if tag.kind == "number" and not tag.dated else None


class DayReader(QuickReader):
    """Reads dates into days since 1970-01-01."""

    dtype = np.int32

    def __init__(self, decoder: Decoder, parse: Parse, *, blank: object = DOUBT, date1904: bool) -> None:
        """Take what reads a single cell exactly, what a blank cell is, and the workbook's date system."""
        super().__init__(decoder, parse, blank=blank)
        self._first, self._last = days.FIRST_SERIAL[date1904], days.LAST_SERIAL[date1904]
        self._offset = to_number(days.EPOCH[date1904])

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for date-formatted numbers."""
        return self._days if tag.kind == "number" and tag.dated else None

    def _days(self, contents: Contents) -> tuple[Values, Flags]:
        serials, odd = whole_of(contents)
        numbers = serials + self._offset
        odd |= (serials < self._first) | (serials > self._last)
        if not all_filled(contents):
            blank = blank_ones(contents)
            odd &= ~blank
            numbers[blank] = NO_DAY
        return np.where(odd, 0, numbers).astype(np.int32), odd

    def _typed(self, value: object) -> object:
        return to_number(cast("date", value))
