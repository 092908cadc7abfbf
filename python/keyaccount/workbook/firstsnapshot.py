"""The record of the inputs as the first version of the program packed it: read only.

One compressed stream; numbers as differences from the smallest, one plane a byte; texts once each where they
repeat.
"""

from __future__ import annotations

import json
import zlib

import numpy as np
from numpy.typing import NDArray

from keyaccount.workbook.packing import END, Packed, texts_of_letters


def unpack_first(data: bytes) -> dict[str, dict[str, Packed]]:
    """Unpack a snapshot; raises ``ValueError`` or ``zlib.error`` for anything else."""
    content = memoryview(zlib.decompress(data))
    start = 4 + int.from_bytes(content[:4], "little")
    listed = json.loads(bytes(content[4:start]))
    reading = _Reading(content, start)
    return {
        name: {field: reading.column(*said) for field, said in columns.items()}
        for name, columns in listed.items()
    }


class _Reading:
    """Packed columns, one after the other."""

    def __init__(self, content: memoryview, start: int) -> None:
        self._content, self._at = content, start

    def column(self, kind: str, count: int, first: int, *more: int) -> Packed:
        if kind == "texts":
            return self._texts(first)
        if kind == "ids":
            return self._ids(count, first)
        if kind == "words":
            words = self._texts(first)
            return [words[code] for code in self._numbers(count, more[0]).tolist()]
        shifted = self._numbers(count, more[1])
        return np.where(shifted == 0, more[0], shifted + (first - 1))

    def _ids(self, count: int, width: int) -> list[str]:
        return texts_of_letters(bytes(self._take(count * width)), count, width)

    def _texts(self, length: int) -> list[str]:
        return str(self._take(length), "utf-8").split(END)

    def _numbers(self, count: int, width: int) -> NDArray[np.int64]:
        planes = np.zeros((8, count), np.uint8)
        planes[:width] = np.frombuffer(self._take(count * width), np.uint8).reshape(width, count)
        return np.ascontiguousarray(planes.T).view("<i8").reshape(count).astype(np.int64)

    def _take(self, length: int) -> memoryview:
        taken = self._content[self._at : self._at + length]
        if len(taken) != length:
            raise ValueError(length)
        self._at += length
        return taken
