"""The recorded input values of a booking run, packed column by column in blocks of rows, and back.

A block says how it is packed, and the digest of what is in it: blocks that did not change are neither packed
nor unpacked again. What is packed says nothing in any language: amounts are fen, days and moments
numbers, words English.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from keyaccount.tables import INPUT_TABLES, recorded_columns
from keyaccount.workbook.digest import canonical
from keyaccount.workbook.packing import (
    END,
    Packed,
    in_planes,
    joined_texts,
    letters_of_ids,
    number_planes,
    planes_of,
    texts_of_letters,
)

Table = Mapping[str, Packed]
Snapshot = Mapping[str, Table]
"""The recorded columns by table and field; a table without rows is not there."""
MARK = b"KS2\n"
ROWS = 1 << 15
"""So many rows a block."""
_SAMPLE = 1000  # so many rows tell whether a block's texts repeat
_DIGEST_BYTES = 12
_TRIED, _WORTH = 1 << 12, 0.9  # so many bytes tell whether the rest is worth deflating


class Block(NamedTuple):
    """A block as the head lists it: what tells it from others, how it is packed, where it begins and ends."""

    digest: str
    kind: str
    rows: int
    said: list[int]
    lengths: list[int]
    deflated: bool


class Taken(dict[str, Packed]):
    """A table's columns as a run takes them; the digest of a block is worked out once."""

    def __init__(self, columns: Table) -> None:
        """Take the columns by field."""
        super().__init__(columns)
        self._digests: dict[tuple[str, int, int], str] = {}

    def digest(self, field: str, at: int, count: int) -> str:
        """Tell rows of a column from all others."""
        key = field, at, count
        if key not in self._digests:
            self._digests[key] = _digest(self[field][at : at + count])
        return self._digests[key]


def snapshot_of(columns: Mapping[str, Mapping[str, Sequence[object] | NDArray[Any]]]) -> dict[str, Taken]:
    """Take the values to record from the input tables' columns as they were read."""
    found: dict[str, Taken] = {}
    for table in INPUT_TABLES:
        read = columns.get(table.name, {})
        recorded = {column.field: _recorded(read[column.field]) for column in recorded_columns(table) if read}
        if any(len(values) for values in recorded.values()):
            found[table.name] = Taken(recorded)
    return found


def _recorded(values: Sequence[object] | NDArray[Any]) -> Packed:
    if isinstance(values, np.ndarray) and values.dtype != np.object_:
        return values.astype(np.int64, copy=False)
    listed: list[Any] = values.tolist() if isinstance(values, np.ndarray) else list(values)
    try:
        END.join(listed)
    except TypeError:  # not all of them texts
        return [canonical(value) for value in listed]
    return listed


# --- the record that a run left --------------------------------------------------------------------


class Kept(Table):
    """A table of a packed snapshot, whose columns are unpacked when they are asked for."""

    def __init__(self, blocks: Mapping[str, list[tuple[Block, bytes]]]) -> None:
        """Take each column's blocks and their bytes."""
        self._blocks = blocks
        self._unpacked: dict[str, Packed] = {}

    def __getitem__(self, field: str) -> Packed:
        """Give a column's values; raises ``ValueError`` or ``zlib.error`` where they cannot be read."""
        if field not in self._unpacked:
            pieces = [_unpack(block, data) for block, data in self._blocks[field]]
            texts = all(isinstance(piece, list) for piece in pieces)
            joined = [text for piece in pieces for text in piece] if texts else np.concatenate(pieces)
            self._unpacked[field] = cast("Packed", joined)
        return self._unpacked[field]

    def __iter__(self) -> Iterator[str]:
        """Go through the fields."""
        return iter(self._blocks)

    def __contains__(self, field: object) -> bool:
        """Tell whether a column was recorded, without unpacking it."""
        return field in self._blocks

    def __len__(self) -> int:
        """Count the fields."""
        return len(self._blocks)

    def blocks(self, field: str) -> list[tuple[Block, bytes]]:
        """Give a column's blocks; none of one that was not recorded."""
        return self._blocks.get(field, [])

    def begins(self, field: str, new: Taken) -> bool:
        """Tell whether a column of a later run begins with this one's, without unpacking it."""
        return all(
            at + block.rows <= len(new[field]) and block.digest == new.digest(field, at, block.rows)
            for at, block in _with_rows(block for block, _ in self.blocks(field))
        )


def _with_rows(blocks: Iterable[Block]) -> Iterator[tuple[int, Block]]:
    """Give each block with the number of its first row."""
    return ((ROWS * number, block) for number, block in enumerate(blocks))


def begins(new: Table, old: Table, field: str) -> bool:
    """Tell whether a column begins with that of an older record."""
    if isinstance(old, Kept) and isinstance(new, Taken):
        return old.begins(field, new)
    before, start = old[field], new[field][: len(old[field])]
    if isinstance(before, list) or isinstance(start, list):
        return isinstance(before, list) and isinstance(start, list) and before == start
    return np.array_equal(before, start)


def count_rows(table: Table) -> int:
    """Count a table's rows."""
    if isinstance(table, Kept):
        return max((sum(block.rows for block, _ in table.blocks(field)) for field in table), default=0)
    return len(next(iter(table.values()), ()))


def unpack(data: bytes) -> dict[str, Kept]:
    """Read a packed snapshot's head; raises ``ValueError`` or ``zlib.error`` for anything else."""
    if not data.startswith(MARK):
        raise ValueError(data[: len(MARK)])
    start = len(MARK) + 4
    end = start + int.from_bytes(data[len(MARK) : start], "little")
    listed = json.loads(zlib.decompress(data[start:end]))
    found: dict[str, Kept] = {}
    for name, columns in listed.items():
        blocks: dict[str, list[tuple[Block, bytes]]] = {}
        for field, said in columns.items():
            blocks[field] = []
            for block in (Block(*each) for each in said):
                length = sum(block.lengths)
                piece = data[end : end + length]
                if len(piece) != length:
                    raise ValueError(length)
                blocks[field].append((block, piece))
                end += length
        found[name] = Kept(blocks)
    return found


# --- packing -----------------------------------------------------------------------------------------


def pack(snapshot: Snapshot, before: Mapping[str, Kept] | None = None) -> bytes:
    """Pack a snapshot; blocks that stand in the one ``before`` are taken over as they are."""
    listed: dict[str, dict[str, list[Block]]] = {}
    pieces: list[bytes] = []
    for name, columns in snapshot.items():
        kept = (before or {}).get(name)
        taken = columns if isinstance(columns, Taken) else Taken(columns)
        listed[name] = {}
        for field in taken:
            blocks = list(_blocks(taken, field, kept.blocks(field) if kept else []))
            listed[name][field] = [block for block, _ in blocks]
            pieces += [piece for _, piece in blocks]
    head = zlib.compress(json.dumps(listed, separators=(",", ":")).encode(), 1)
    return b"".join([MARK, len(head).to_bytes(4, "little"), head, *pieces])


def _blocks(taken: Taken, field: str, kept: Sequence[tuple[Block, bytes]]) -> Iterator[tuple[Block, bytes]]:
    values = taken[field]
    for number, at in enumerate(range(0, max(1, len(values)), ROWS)):
        part = values[at : at + ROWS]
        digest = taken.digest(field, at, len(part))
        same = number < len(kept) and kept[number][0].digest == digest
        yield kept[number] if same else _pack(part, digest)


def _digest(values: Packed) -> str:
    """Tell a block from every other: texts from numbers too."""
    data = (
        END.join(values).encode() if isinstance(values, list) else values.astype("<i8", copy=False).tobytes()
    )
    kind = b"texts" if isinstance(values, list) else b"numbers"
    told = hashlib.blake2b(data, digest_size=_DIGEST_BYTES, person=kind, salt=str(len(values)).encode())
    return told.hexdigest()


def _pack(values: Packed, digest: str) -> tuple[Block, bytes]:
    if not isinstance(values, list):
        said, pieces = number_planes(values)
        return _pressed(digest, "numbers", len(values), said, pieces)
    sample = values[:: max(1, len(values) // _SAMPLE)]
    if 2 * len(set(sample)) < len(sample):
        return _pack_words(values, digest)
    letters = letters_of_ids(values)
    if letters is not None:
        return _pressed(digest, "ids", len(values), [len(letters)], [letters.tobytes()])
    return _pressed(digest, "texts", len(values), [], [joined_texts(values)])


def _pack_words(values: list[str], digest: str) -> tuple[Block, bytes]:
    """Pack texts that repeat: each once, and the numbers of the rows' own."""
    places = {text: place for place, text in enumerate(dict.fromkeys(values))}
    codes = np.fromiter(map(places.__getitem__, values), np.int64, len(values))
    width = max(1, (len(places) - 1).bit_length())
    pieces = [joined_texts(list(places)), in_planes(codes, width)]
    return _pressed(digest, "words", len(values), [width], pieces)


def _pressed(digest: str, kind: str, count: int, said: list[int], pieces: list[bytes]) -> tuple[Block, bytes]:
    """Deflate a block where that makes it smaller: numbers without a pattern are not tried to the end."""
    data, lengths = b"".join(pieces), [len(piece) for piece in pieces]
    middle = data[len(data) // 2 :][:_TRIED]
    if len(data) > _TRIED and len(zlib.compress(middle, 1)) > _WORTH * len(middle):
        return Block(digest, kind, count, said, lengths, deflated=False), data
    packed = zlib.compress(data, 1)
    return Block(digest, kind, count, [*said, *lengths], [len(packed)], deflated=True), packed


def _unpack(block: Block, data: bytes) -> Packed:
    """Give a block's values; raises ``ValueError`` or ``zlib.error`` where it is no block."""
    said, lengths = block.said, block.lengths
    if block.deflated:
        data = zlib.decompress(data)
        fixed = {"numbers": 3, "words": 1, "ids": 1, "texts": 0}[block.kind]
        said, lengths = said[:fixed], said[fixed:]
    if len(data) != sum(lengths):
        raise ValueError(len(data))
    match block.kind:
        case "numbers":
            return planes_of(data, block.rows, *said)
        case "ids":
            return texts_of_letters(data, block.rows, said[0])
        case "words":
            words = str(data[: lengths[0]], "utf-8").split(END)
            codes = planes_of(data[lengths[0] :], block.rows, said[0], 0, 0)
            return [words[code] for code in codes.tolist()]
    return str(data, "utf-8").split(END) if block.rows else []
