"""A zip written member by member: what did not change is copied as it lies there, still compressed.

Python's zipfile can only compress anew, which would cost time for every sale in the workbook and change
its bytes. Sizes beyond 4 GiB and more than 65,535 members are written as zip64.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from keyaccount.problems import FileProblem
from keyaccount.workbook.putting import Sink

MARK_32, MARK_16 = 0xFFFFFFFF, 0xFFFF
"""What stands in a field whose number is in the zip64 record."""
LARGEST_32, LARGEST_16 = MARK_32, MARK_16
LEVEL = 3
"""Half the time of the usual 6 for a tenth more bytes."""
_LARGE, _SAMPLE, _DENSE = 1 << 17, 1 << 14, 0.7
_EARLIEST = 0 << 9 | 1 << 5 | 1
"""1980-01-01: our own parts carry no clock."""
_REGULAR_FILE = 0o100600 << 16
_UNIX, _ZIP_20, _ZIP_45 = 3, 20, 45
_UTF8_NAME, _SIZES_BEHIND = 0x800, 0x08
_CHUNK = 1 << 20
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_END = struct.Struct("<4s4H2LH")
_ZIP64_FIELD = 1


@dataclass(slots=True)
class _Member:
    """A directory entry to be."""

    name: bytes
    version: int
    system: int
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    internal: int
    external: int
    extra: bytes
    comment: bytes
    offset: int = 0


def _strategy(data: bytes) -> int:
    """Leave out the search for what repeats where the middle of a large part shows that nothing does."""
    middle = data[len(data) // 2 :][:_SAMPLE]
    searched = len(data) < _LARGE or len(zlib.compress(middle, LEVEL)) < _DENSE * len(middle)
    return zlib.Z_DEFAULT_STRATEGY if searched else zlib.Z_HUFFMAN_ONLY


class ZipWriter:
    """Writes a zip to a file that is open for writing."""

    def __init__(self, out: Sink) -> None:
        """Start at the file's beginning."""
        self._out = out
        self._members: list[_Member] = []

    def copy(self, source: BinaryIO, info: zipfile.ZipInfo) -> None:
        """Copy a member of another zip, its compressed bytes untouched."""
        source.seek(info.header_offset)
        head = source.read(_LOCAL.size)
        if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
            raise FileProblem(
                "The workbook is damaged before its part {part}.",
                "Open it in Excel and save it again, or take the last good copy from a backup.",
                part=info.filename,
            )
        name_length, extra_length = _LOCAL.unpack(head)[-2:]
        source.seek(name_length + extra_length, 1)
        self._begin(_member_like(info))
        left = info.compress_size
        while left:
            piece = source.read(min(left, _CHUNK))
            if not piece:
                raise FileProblem(
                    "The workbook is cut off in its part {part}.",
                    "Take the last good copy from a backup.",
                    part=info.filename,
                )
            self._out.write(piece)
            left -= len(piece)

    def add(self, name: str, data: bytes) -> None:
        """Add a part of our own: compressed, dated 1980-01-01, the same bytes each time."""
        press = zlib.compressobj(LEVEL, zlib.DEFLATED, -15, strategy=_strategy(data))
        packed = press.compress(data) + press.flush()
        self._begin(
            _Member(
                name=name.encode(),
                version=_ZIP_20,
                system=_UNIX,
                needed=_ZIP_20,
                flags=0 if name.isascii() else _UTF8_NAME,
                method=zipfile.ZIP_DEFLATED,
                time=0,
                date=_EARLIEST,
                crc=zlib.crc32(data),
                packed=len(packed),
                size=len(data),
                internal=0,
                external=_REGULAR_FILE,
                extra=b"",
                comment=b"",
            )
        )
        self._out.write(packed)

    def _begin(self, member: _Member) -> None:
        member.offset = self._out.tell()
        large = member.size >= LARGEST_32 or member.packed >= LARGEST_32
        extra = struct.pack("<2H2Q", _ZIP64_FIELD, 16, member.size, member.packed) if large else b""
        head = _LOCAL.pack(
            b"PK\x03\x04",
            max(member.needed, _ZIP_45) if large else member.needed,
            member.flags,
            member.method,
            member.time,
            member.date,
            member.crc,
            MARK_32 if large else member.packed,
            MARK_32 if large else member.size,
            len(member.name),
            len(extra),
        )
        self._out.write(head + member.name + extra)
        self._members.append(member)

    def finish(self, comment: bytes = b"") -> None:
        """Write the directory."""
        start = self._out.tell()
        for member in self._members:
            self._out.write(_directory_entry(member))
        end = self._out.tell()
        count, size = len(self._members), end - start
        if count >= LARGEST_16 or start >= LARGEST_32 or size >= LARGEST_32:
            self._out.write(
                _END_64.pack(
                    b"PK\x06\x06", _END_64.size - 12, _ZIP_45, _ZIP_45, 0, 0, count, count, size, start
                )
                + _LOCATOR_64.pack(b"PK\x06\x07", 0, end, 1)
            )
            count, size, start = MARK_16, MARK_32, MARK_32
        self._out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, len(comment)) + comment)


def _member_like(info: zipfile.ZipInfo) -> _Member:
    """Describe a member as the source's directory does; its sizes now stand before it, not behind."""
    year, month, day, hour, minute, second = info.date_time
    return _Member(
        name=info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437"),
        version=info.create_version,
        system=info.create_system,
        needed=info.extract_version,
        flags=info.flag_bits & ~_SIZES_BEHIND,
        method=info.compress_type,
        time=hour << 11 | minute << 5 | second // 2,
        date=max(0, year - 1980) << 9 | month << 5 | day,
        crc=info.CRC,
        packed=info.compress_size,
        size=info.file_size,
        internal=info.internal_attr,
        external=info.external_attr,
        extra=_without_zip64(info.extra),
        comment=info.comment,
    )


def _without_zip64(extra: bytes) -> bytes:
    kept, position = b"", 0
    while position + 4 <= len(extra):
        field, length = struct.unpack_from("<2H", extra, position)
        end = position + 4 + length
        if field != _ZIP64_FIELD:
            kept += extra[position:end]
        position = end
    return kept + extra[position:]


def _directory_entry(member: _Member) -> bytes:
    numbers = (member.size, member.packed, member.offset)
    large = b"".join(struct.pack("<Q", number) for number in numbers if number >= LARGEST_32)
    zip64 = struct.pack("<2H", _ZIP64_FIELD, len(large)) + large if large else b""
    size, packed, offset = (MARK_32 if number >= LARGEST_32 else number for number in numbers)
    extra = zip64 + member.extra
    return (
        _CENTRAL.pack(
            b"PK\x01\x02",
            member.version,
            member.system,
            max(member.needed, _ZIP_45) if large else member.needed,
            0,
            member.flags,
            member.method,
            member.time,
            member.date,
            member.crc,
            packed,
            size,
            len(member.name),
            len(extra),
            len(member.comment),
            0,
            member.internal,
            member.external,
            offset,
        )
        + member.name
        + extra
        + member.comment
    )
