"""Reads a column's cells at once: with numpy and in bulk where they are plain, one by one where not.

Whatever the quick way cannot vouch for goes through the exact way, each different cell once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
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
from keyaccount.workbook.texts import SPACES, ZERO_WIDTH, Fault, has_odd_spaces

Contents = Sequence[bytes | None]
Values = NDArray[Any]
Quick = Callable[[Contents], tuple[Values, Flags]]
Parse = Callable[[Cell | None], object | None]

_PLAIN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.#\n"
_SPACE = re.compile(f"[{SPACES}{ZERO_WIDTH}]".replace("\n", ""))
_LONGEST_ID_NUMBER = 15
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
        if self._blank is DOUBT and not all(cells.contents):
            doubts |= _blank_ones(cells.contents)
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
        if not all(contents):
            blank = _blank_ones(contents)
            odd &= ~blank
            numbers[blank] = NO_DAY
        return np.where(odd, 0, numbers).astype(np.int32), odd

    def _typed(self, value: object) -> object:
        return to_number(cast("date", value))


class IdReader(QuickReader):
    """Reads IDs of which each stands for itself, such as sale numbers."""

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for texts in the sheet, shared texts and numbers."""
        if tag.kind == "text" and not tag.formula_text:
            return self._shared if tag.shared else self._inline
        return self._numbers if tag.kind == "number" and not tag.dated else None

    def _inline(self, contents: Contents) -> tuple[Values, Flags]:
        joined = b"\n".join(_filled_with(b"", contents))
        odd_text = joined.translate(None, _PLAIN_BYTES) or b"_x" in joined
        return self._unless_odd(joined.decode().split("\n"), contents, check=bool(odd_text), written=True)

    def _shared(self, contents: Contents) -> tuple[Values, Flags]:
        strings = self.decoder.strings
        filled = _filled_with(b"0", contents)
        if not b"".join(filled).isdigit():
            return _all_odd(contents)
        try:
            texts = list(map(strings.__getitem__, map(int, filled)))
        except IndexError:
            return _all_odd(contents)
        if filled is not contents:
            texts = [text if each else "" for text, each in zip(texts, contents, strict=True)]
        joined = "\n".join(texts)
        odd_text = not joined.isascii() or joined.encode().translate(None, _PLAIN_BYTES)
        broken = joined.count("\n") >= len(texts)  # one of them holds a line break
        return self._unless_odd(texts, contents, check=bool(odd_text) or broken, written=False)

    def _numbers(self, contents: Contents) -> tuple[Values, Flags]:
        joined = b"\n".join(_filled_with(b"1", contents))
        plain = joined.replace(b"\n", b"").isdigit() and b"\n0" not in b"\n" + joined
        if not plain or max(map(len, filter(None, contents)), default=0) > _LONGEST_ID_NUMBER:
            return _all_odd(contents)
        return self._unless_odd([each.decode() if each else "" for each in contents], contents)

    def _unless_odd(
        self, texts: Sequence[str], contents: Contents, *, check: bool = False, written: bool = False
    ) -> tuple[Values, Flags]:
        """Flag texts that need trimming, or decoding where they are as ``written`` in the part."""
        if len(texts) != len(contents):
            return _all_odd(contents)
        values = np.array(texts, dtype=np.object_)
        odd = np.zeros(len(texts), np.bool_)
        if check:
            flags: Iterable[bool] = (
                bool(_SPACE.search(text))
                or not text.isprintable()
                or (written and ("&" in text or "_x" in text))
                for text in texts
            )
            odd = np.fromiter(flags, np.bool_, len(texts))
        if "" in texts:
            odd |= values == ""
        return values, odd


def _filled_with(filler: bytes, contents: Contents) -> Sequence[bytes]:
    if all(contents):
        return cast("Sequence[bytes]", contents)
    return [each or filler for each in contents]


def _blank_ones(contents: Contents) -> Flags:
    return np.array([not each for each in contents], dtype=np.bool_)


def _all_odd(contents: Contents) -> tuple[Values, Flags]:
    return np.full(len(contents), "", dtype=np.object_), np.ones(len(contents), np.bool_)
