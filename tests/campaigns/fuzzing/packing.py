"""A zip written from memory, fast and without compression, and able to lie where a mutator wants it to."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DATE = 1 << 5 | 1
STORED, DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """A part in a zip; ``size``, ``crc``, ``flags``, ``method`` say something else where given."""

    name: str
    data: bytes
    size: int | None = None
    crc: int | None = None
    method: int = STORED
    said_method: int | None = None
    flags: int = 0


def pack(members: Sequence[Member]) -> bytes:
    """Write a zip of these members."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        name = member.name.encode()
        packed = _deflated(member.data) if member.method == DEFLATED else member.data
        size = len(member.data) if member.size is None else member.size
        crc = zlib.crc32(member.data) if member.crc is None else member.crc
        method = member.method if member.said_method is None else member.said_method
        flags = member.flags | (0 if member.name.isascii() else 0x800)
        about = (flags, method, 0, _DATE, crc, len(packed), size, len(name), 0)
        pieces += (_LOCAL.pack(b"PK\x03\x04", 20, *about), name, packed)
        entry = _CENTRAL.pack(b"PK\x01\x02", 20, 20, *about, 0, 0, 0, 0, offset)
        directory += (entry, name)
        offset += _LOCAL.size + len(name) + len(packed)
    end = b"".join(directory)
    count = len(members)
    return b"".join((*pieces, end, _END.pack(b"PK\x05\x06", 0, 0, count, count, len(end), offset, 0)))


def _deflated(data: bytes) -> bytes:
    press = zlib.compressobj(9 if len(data) > 1 << 20 else 1, zlib.DEFLATED, -15)
    return press.compress(data) + press.flush()


def of_parts(parts: dict[str, bytes]) -> list[Member]:
    """Give members that say the truth."""
    return [Member(name, data) for name, data in parts.items()]
