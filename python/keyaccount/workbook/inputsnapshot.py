"""The recorded input values of a booking run as a compact text, and back.

Each table is packed column by column: whole numbers as differences from the smallest, one plane a byte;
texts once each where they repeat. All of it is compressed. What is packed says nothing in any language:
amounts are fen, days and moments numbers, words English.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from keyaccount.tables import INPUT_TABLES, NO_DAY, NO_MOMENT, recorded_columns
from keyaccount.workbook.digest import canonical

Packed = list[str] | NDArray[np.int64]
"""A column: texts, or whole numbers (fen, days or seconds since 1970-01-01; blanks NO_DAY, NO_MOMENT)."""
Snapshot = dict[str, dict[str, Packed]]
"""The recorded columns by table and field; a table without rows is not there."""
_END = "\0"  # no cell can hold it
_SAMPLE = 1000  # so many rows tell whether a column's texts repeat
_LONGEST_ID = 40


def snapshot_of(columns: Mapping[str, Mapping[str, Sequence[object] | NDArray[Any]]]) -> Snapshot:
    """Take the values to record from the input tables' columns as they were read."""
    found: Snapshot = {}
    for table in INPUT_TABLES:
        read = columns.get(table.name, {})
        recorded = {column.field: _recorded(read[column.field]) for column in recorded_columns(table) if read}
        if any(len(values) for values in recorded.values()):
            found[table.name] = recorded
    return found


def _recorded(values: Sequence[object] | NDArray[Any]) -> Packed:
    if isinstance(values, np.ndarray) and values.dtype != np.object_:
        return values.astype(np.int64)
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    if set(map(type, listed)) == {str}:
        return cast("list[str]", listed)
    return [canonical(value) for value in listed]


def pack(snapshot: Snapshot) -> bytes:
    """Pack a snapshot."""
    pieces: list[bytes] = []
    listed = {
        name: {field: _pack_column(values, pieces) for field, values in columns.items()}
        for name, columns in snapshot.items()
    }
    head = json.dumps(listed, separators=(",", ":")).encode()
    packing = zlib.compressobj(1, strategy=zlib.Z_RLE)  # as small here as with a search, in half the time
    packed = [packing.compress(piece) for piece in (len(head).to_bytes(4, "little"), head, *pieces)]
    return b"".join([*packed, packing.flush()])


def unpack(data: bytes) -> Snapshot:
    """Unpack a snapshot; raises ``ValueError`` or ``zlib.error`` for anything else."""
    content = memoryview(zlib.decompress(data))
    start = 4 + int.from_bytes(content[:4], "little")
    listed = json.loads(bytes(content[4:start]))
    reading = _Reading(content, start)
    return {
        name: {field: reading.column(*said) for field, said in columns.items()}
        for name, columns in listed.items()
    }


def _pack_column(values: Packed, pieces: list[bytes]) -> list[int | str]:
    """Pack a column into pieces; gives its kind and what unpacking has to know."""
    if isinstance(values, list):
        sample = values[:: max(1, len(values) // _SAMPLE)]
        repeated = 2 * len(set(sample)) < len(sample)
        return _pack_words(values, pieces) if repeated else _pack_texts(values, pieces)
    blank = (values == NO_DAY) | (values == NO_MOMENT)
    some = bool(blank.any())
    smallest = int(values.min()) if not some else 0 if blank.all() else int(values[~blank].min())
    shifted = values - (smallest - 1)
    if some:
        shifted[blank] = 0
    sentinel = int(values[blank][0]) if some else 0
    return ["numbers", len(values), smallest, sentinel, *_planes(shifted, pieces)]


def _pack_words(values: list[str], pieces: list[bytes]) -> list[int | str]:
    """Pack texts that repeat: each once, and the numbers of the rows' own."""
    distinct = list(dict.fromkeys(values))
    places = {text: place for place, text in enumerate(distinct)}
    codes = np.fromiter(map(places.__getitem__, values), np.int64, len(values))
    pieces.append(_END.join(distinct).encode())
    said: list[int | str] = ["words", len(values), len(pieces[-1])]
    return [*said, *_planes(codes, pieces)]


def _pack_texts(values: list[str], pieces: list[bytes]) -> list[int | str]:
    """Pack texts that differ: IDs letter by letter, as differences from the row above; others as they are."""
    longest = max(map(len, values), default=0)
    joined = _END.join(values)
    if not values or longest > _LONGEST_ID or not joined.isascii():
        pieces.append(joined.encode())
        return ["texts", len(values), len(pieces[-1])]
    width = max(1, longest)
    letters = np.array(values, f"S{width}").view(np.uint8).reshape(len(values), width)
    pieces.append(np.diff(letters.T, axis=1, prepend=np.uint8(0)).tobytes())
    return ["ids", len(values), width]


def _planes(numbers: NDArray[np.int64], pieces: list[bytes]) -> list[int]:
    """Pack numbers from 0 as planes of bytes, the lowest first; gives how many."""
    width = max(1, (int(numbers.max()).bit_length() + 7) // 8) if len(numbers) else 1
    pieces.append(numbers.astype("<i8").view(np.uint8).reshape(-1, 8).T[:width].tobytes())
    return [width]


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
        rises = np.frombuffer(self._take(count * width), np.uint8).reshape(width, count)
        letters = np.zeros((count, width + 1), np.uint8)
        letters[:, :width] = np.add.accumulate(rises, axis=1, dtype=np.uint8).T
        if letters[:, :width].all():  # no ID is shorter than another
            return letters.tobytes()[:-1].decode().split(_END)
        return letters.view(f"S{width + 1}").reshape(count).astype(str).tolist()

    def _texts(self, length: int) -> list[str]:
        return str(self._take(length), "utf-8").split(_END)

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
