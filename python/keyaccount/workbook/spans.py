"""A column's contents as places in a part's bytes: thousands of cells without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import overload

import numpy as np
from numpy.typing import NDArray

Characters = NDArray[np.uint8]
Places = NDArray[np.intp]

ROOM = 64
"""So many bytes stand behind the last row, so that a look ahead stays inside."""
_KEY_BYTES = 8
_FULL = np.array([(1 << 8 * count) - 1 for count in range(_KEY_BYTES + 1)], dtype=np.uint64)


class Spans(Sequence[bytes | None]):
    """Contents of cells (None: blank), made into bytes only where somebody asks for one."""

    def __init__(self, data: bytes, starts: Places, lengths: Places) -> None:
        """Take bytes with ``ROOM`` at their end, where each content starts, and how long it is."""
        self._data, self._starts, self.lengths = data, starts, lengths

    def __len__(self) -> int:
        """Count the cells."""
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> bytes | None: ...

    @overload
    def __getitem__(self, index: slice) -> Spans: ...

    def __getitem__(self, index: int | slice) -> bytes | Spans | None:
        """Give a content, or some of them."""
        if isinstance(index, slice):
            return Spans(self._data, self._starts[index], self.lengths[index])
        start = int(self._starts[index])
        return self._data[start : start + int(self.lengths[index])] or None

    @cached_property
    def longest(self) -> int:
        """The length of the longest content."""
        return int(self.lengths.max(initial=0))

    @cached_property
    def filled(self) -> int:
        """How many cells are not blank."""
        return int(np.count_nonzero(self.lengths))

    def characters(self, width: int) -> Characters:
        """Give the first bytes of each content, a row a cell, NULs behind a shorter one."""
        windows = _windows(self._data, np.dtype(f"V{width}"))
        found = windows[self._starts].view(np.uint8).reshape(len(self), width)
        if len(self) and int(self.lengths.min()) < width:
            found *= (
                np.arange(width, dtype=np.uint8) < np.minimum(self.lengths, width).astype(np.uint8)[:, None]
            )
        return found

    def distinct(self) -> tuple[list[bytes | None], Places] | None:
        """Give the different contents, and which of them each cell has; None where one is too long."""
        if self.longest > _KEY_BYTES:
            return None
        keys = _windows(self._data, np.dtype("<u8"))[self._starts].view("<u8") & _FULL[self.lengths]
        found, which = np.unique(keys, return_inverse=True)
        return [each.rstrip(b"\0") or None for each in found.astype("<u8").view("S8").tolist()], which


def _windows(data: bytes, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Give what stands at each byte, as far as it is wide."""
    return np.ndarray((len(data) - dtype.itemsize + 1,), dtype=dtype, buffer=data, strides=(1,))


def all_filled(contents: Sequence[bytes | None]) -> bool:
    """Tell whether no cell is blank."""
    return contents.filled == len(contents) if isinstance(contents, Spans) else all(contents)


def blank_ones(contents: Sequence[bytes | None]) -> NDArray[np.bool_]:
    """Flag the blank cells."""
    if isinstance(contents, Spans):
        return np.equal(contents.lengths, 0)
    return np.array([not each for each in contents], dtype=np.bool_)
