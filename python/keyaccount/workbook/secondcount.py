"""A second count of what the quick way reads from a big sheet: filled cells, and sums of amounts and days.

It looks at the part's own bytes, with nothing that the row patterns use. Where it comes to other figures, the
exact parser reads those rows again and decides: a run stops when the quick way lost or changed something.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keyaccount.money import to_cell_precision
from keyaccount.problems import FileProblem, Phrase
from keyaccount.workbook.rawcells import Decoder
from keyaccount.workbook.rawrows import Batch, RawColumn, RawRow, column_letters
from keyaccount.workbook.spans import Characters, Spans, blank_ones

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Reread = Callable[[bytes], Sequence[RawRow]]
"""What reads whole rows of bytes exactly."""
Positions = NDArray[np.intp]

_LESS, _SLASH, _MORE, _SPACE, _POINT = b"</> ."
_C, _T, _V, _ZERO, _BEFORE_A = b"ctv0@"
_CELL_START, _SIX_BYTES, _BYTE = np.array(
    [int.from_bytes(b'<c r="', "little"), (1 << 48) - 1, 0xFF], dtype=np.uint64
)
_LONGEST_LOOK, _LETTERS, _FAR_RIGHT = 8, 26, 1 << 14
_WIDTHS = {2: 12, 0: 8}
"""So many characters hold most amounts and most days."""
_LONG_WIDTH = 24
_WORTH_A_THREAD, _MOST_WAITING = 1 << 18, 2
_SURELY_EXACT = 1 << 50
"""Up to here a number times 100 is right as floating point, once rounded."""


class Summed(NamedTuple):
    """How a column is summed: with so many decimal places, each value so much larger; none below a least."""

    places: int
    offset: int = 0
    least: int | None = None


class Counted(NamedTuple):
    """A column: its filled cells, and their sum (None: they are not all numbers, or it is not summed)."""

    filled: int
    total: int | None

    def agrees(self, other: Counted) -> bool:
        """Tell whether both came to the same, as far as both could sum."""
        sums = self.total, other.total
        return self.filled == other.filled and (None in sums or sums[0] == sums[1])

    def plus(self, other: Counted) -> Counted:
        """Add up two pieces."""
        known = self.total is not None and other.total is not None
        return Counted(self.filled + other.filled, (self.total or 0) + (other.total or 0) if known else None)


class _Waiting(NamedTuple):
    """A piece that is being counted: what was read of it, its bytes, what reads it exactly, the count."""

    read: Sequence[Counted]
    piece: bytes
    reread: Reread
    counted: Callable[[], list[Counted] | None]


class SecondCount:
    """Counts one sheet a second time, piece by piece; raises ``FileProblem`` where that does not agree."""

    def __init__(
        self,
        place: tuple[str, str],
        columns: Sequence[tuple[int, Summed | None]],
        decoder: Decoder,
        header_row: int,
    ) -> None:
        """Take the file's name and the sheet's, and the columns: number, how it is summed."""
        self._place, self._columns, self._header_row = place, columns, header_row
        self._decoder = decoder
        self._thread: ThreadPoolExecutor | None = None
        self._waiting: deque[_Waiting] = deque()
        self._forget()

    def _forget(self) -> None:
        self._read = [Counted(0, 0) for _ in self._columns]
        self._clipped = self._doubted = False

    def take(
        self, batch: Batch, values: Sequence[NDArray[Any]], reread: Reread, *, clipped: bool, doubted: bool
    ) -> None:
        """Count what the quick way read; where a piece is complete with this batch, compare.

        A big piece is counted by a second thread meanwhile, and compared a little later, by ``finish`` at
        the latest.
        ``clipped``: rows of the head were left out. ``doubted``: cells were reported, so nothing is booked.
        """
        self._read = [
            before.plus(_counted(raw, column, how, self._decoder))
            for before, raw, column, (_, how) in zip(
                self._read, batch.columns, values, self._columns, strict=True
            )
        ]
        self._clipped |= clipped
        self._doubted |= doubted
        if batch.piece:
            if self._clipped and not self._doubted:
                self._compare(self._read, reread(batch.piece))
            elif not self._doubted:
                self._count(batch.piece, reread)
            self._forget()

    def finish(self) -> None:
        """Compare what is still being counted."""
        while self._waiting:
            self._judge()
        if self._thread is not None:
            self._thread.shutdown()

    def _count(self, piece: bytes, reread: Reread) -> None:
        count = partial(plain_count, piece, self._columns)
        counted: Callable[[], list[Counted] | None] = count
        if len(piece) > _WORTH_A_THREAD:
            self._thread = self._thread or _second_thread()
            counted = self._thread.submit(count).result
        self._waiting.append(_Waiting(self._read, piece, reread, counted))
        while len(self._waiting) > _MOST_WAITING:
            self._judge()

    def _judge(self) -> None:
        """Compare a piece as it was read with its bytes, taken as they usually look; else read it exactly."""
        read, piece, reread, counted = self._waiting.popleft()
        plain = counted()
        if plain is None or not all(map(Counted.agrees, read, plain)):
            self._compare(read, reread(piece))

    def _compare(self, as_read: Sequence[Counted], rows: Sequence[RawRow]) -> None:
        kept = [row for row in rows if row.number > self._header_row]
        batch = Batch.of_rows(kept, [number for number, _ in self._columns])
        for read, raw, (number, how) in zip(as_read, batch.columns, self._columns, strict=True):
            exact = _counted(raw, None, how, self._decoder)
            if not read.agrees(exact):
                raise self._stopped(number, read, exact)

    def _stopped(self, number: int, read: Counted, exact: Counted) -> FileProblem:
        cells = read.filled != exact.filled
        file, sheet = self._place
        return FileProblem(
            "{file} was read in two ways that do not agree: sheet {sheet}, column {column}, {what}:"
            " {one} ≠ {other}. Nothing was booked.",
            "Save the workbook anew from Excel or LibreOffice and run again; report this with the file.",
            file=file,
            sheet=sheet,
            column=column_letters(number),
            what=Phrase("filled cells") if cells else Phrase("sum"),
            one=f"{read.filled if cells else read.total or 0:,}",
            other=f"{exact.filled if cells else exact.total or 0:,}",
        )


def _second_thread() -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "keyaccount-second-count")


def _counted(raw: RawColumn, values: NDArray[Any] | None, how: Summed | None, decoder: Decoder) -> Counted:
    """Count a column as it was read; without ``values`` they are read here, each as an exact decimal."""
    contents = raw.contents
    filled = contents.filled if isinstance(contents, Spans) else len(contents) - contents.count(None)
    tags = (raw.tags,) if isinstance(raw.tags, bytes) else set(raw.tags)
    if how is None or any(decoder.tag(tag).kind != "number" for tag in tags):
        return Counted(filled, None)
    if values is None:
        return Counted(filled, _exact_total([content for content in contents if content], how))
    if filled < len(contents):
        values = values[~blank_ones(contents)]
    return Counted(filled, int(values.sum(dtype=np.int64)))


def _exact_total(contents: Sequence[bytes], how: Summed) -> int | None:
    numbers = [to_cell_precision(Decimal(each.decode().strip())) for each in contents]
    if how.least is not None and min(numbers, default=how.least) < how.least:
        return None
    return sum(int(number.scaleb(how.places)) + how.offset for number in numbers)


def plain_count(piece: bytes, columns: Sequence[tuple[int, Summed | None]]) -> list[Counted] | None:
    """Count whole rows by their bytes, as the usual programs write them; None where they look otherwise."""
    data = np.frombuffer(piece, dtype=np.uint8)
    marks = _marks(data)
    if len(marks) < 2 or data[marks[0] + 1] != _C:  # noqa: PLR2004 a cell and its end
        return None
    is_cell = data[marks + 1] == _C
    if len(marks) % 2 == 0 and is_cell[::2].all() and not is_cell[1::2].any():
        cells, ends = marks[::2], marks[1::2]
        letters = _column_numbers(data, cells)
    else:
        cells, ends = marks[is_cell], marks[~is_cell]
        letters = _column_numbers(data, cells)
        letters = letters[np.cumsum(is_cell)[~is_cell] - 1]
    blank = data[ends - 1] == _MORE
    if blank.any():
        ends, letters = ends[~blank], letters[~blank]
    if not letters.all():
        return None
    counted = []
    for number, how in columns:
        own = letters == number
        total = _total(piece, data, ends[own], how) if how else None
        counted.append(Counted(int(np.count_nonzero(own)), total))
    return counted


def _marks(data: Characters) -> Positions:
    """Find where cells begin and where their values or texts end."""
    second, third = data[1:], data[2:-_LONGEST_LOOK]
    second = second[: len(third)]
    begins = (second == _C) & (third == _SPACE)
    ends = (second == _SLASH) & ((third == _V) | (third == _T))
    return np.flatnonzero((begins | ends) & (data[: len(third)] == _LESS))


def _column_numbers(data: Characters, cells: Positions) -> NDArray[np.uint64]:
    """Give the columns of cells by the letters of their references; 0 for what is written otherwise."""
    words = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data.data, strides=(1,))[cells]
    first, second = (words >> np.uint64(48)) & _BYTE, words >> np.uint64(56)
    usual = (words & _SIX_BYTES) == _CELL_START
    numbers = np.where(usual, first - _BEFORE_A, 0)
    if (second > _BEFORE_A).any():
        third = data[cells + 8]
        pairs = np.where(third > _BEFORE_A, _FAR_RIGHT, _LETTERS * (first - _BEFORE_A) + second - _BEFORE_A)
        numbers = np.where(usual & (second > _BEFORE_A), pairs, numbers)
    return numbers.astype(np.uint64)


def _total(piece: bytes, data: Characters, ends: Positions, how: Summed) -> int | None:
    """Add up the decimals that end there, digit place by digit place; None where one is none."""
    if not len(ends):
        return 0
    width = _WIDTHS[how.places]
    characters = _characters_before(piece, ends, width).T[::-1].copy()  # [0]: the last of each
    digits = characters - _ZERO
    is_digit, is_point = digits < 10, characters == _POINT  # noqa: PLR2004 0 to 9
    inside = is_digit | is_point
    for nearer, farther in pairwise(inside):
        np.logical_and(nearer, farther, out=farther)
    digits *= inside & is_digit
    length = inside.sum(axis=0, dtype=np.uint8)
    points = (is_point & inside).sum(axis=0, dtype=np.uint8)
    usual = (length < width) & (length > points)
    usual &= data[ends - 1 - length] == _MORE
    total = len(ends) * how.offset
    left = usual
    for places in range(how.places, -1, -1):
        chosen = left & is_point[places] & (points == 1) if places else left & (points == 0)
        sums = (digits * chosen).sum(axis=1, dtype=np.uint32).tolist()
        del sums[places : places + bool(places)]  # the point
        total += sum(each * 10 ** (place + how.places - places) for place, each in enumerate(sums))
        left = left & ~chosen
    others = ~usual | left
    if not others.any():
        return total
    rest = _total_of_others(piece, ends[others], how)
    return None if rest is None else total + rest


def _characters_before(piece: bytes, ends: Positions, width: int) -> Characters:
    """Give the bytes before each end, a row each."""
    windows = np.ndarray((len(piece) - width + 1,), dtype=f"V{width}", buffer=piece, strides=(1,))
    return windows[ends - width].view(np.uint8).reshape(len(ends), width)


def _total_of_others(piece: bytes, ends: Positions, how: Summed) -> int | None:
    """Add up negative and long numbers (Excel writes 1.1 as 1.1000000000000001) as floating point."""
    texts = _characters_before(piece, ends, _LONG_WIDTH)
    outside = np.logical_or.accumulate(texts[:, ::-1] == _MORE, axis=1)[:, ::-1]
    if not outside[:, 0].all():  # one is longer still
        return None
    try:
        numbers = np.where(outside, _SPACE, texts).astype(np.uint8).view(f"S{_LONG_WIDTH}").astype(np.float64)
    except ValueError:
        return None
    scaled = numbers * 10**how.places
    if not np.all(np.abs(scaled) < _SURELY_EXACT):
        return None
    return int((np.rint(scaled) if how.places else np.floor(scaled)).sum())
