"""The members of a zip file, looked through before anything is inflated."""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Sequence
from typing import BinaryIO

from keyaccount.problems import N_, FileProblem

LARGEST_RATIO = 250
SMALL_MEMBER_BYTES = 1 << 20
LARGEST_TOTAL_BYTES = 2 << 30
LARGEST_LIST_BYTES = 8 << 20
"""The list of some hundred thousand parts; the workbooks of large companies have some thousand."""
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x06"
_LIST_BYTES, _LIST_BYTES_64 = struct.Struct("<12xL6x"), struct.Struct("<40xQ8x")
_BEFORE_END = _LIST_BYTES_64.size + 20
_LONGEST_END = _BEFORE_END + _LIST_BYTES.size + 0xFFFF
RESAVE = N_("Open it in Excel or LibreOffice and save it under a new name as an Excel workbook (.xlsx).")


def refuse_bombs(members: Sequence[zipfile.ZipInfo], file_name: str) -> None:
    """Raise ``FileProblem`` when a member would swell more than a workbook's do, or all together too much."""
    for member in members:
        if member.file_size > SMALL_MEMBER_BYTES and member.file_size > LARGEST_RATIO * member.compress_size:
            raise FileProblem(
                "{file} is not read: its part {part} would swell from {packed} to {unpacked} bytes,"
                " as in a file made to do harm.",
                RESAVE,
                file=file_name,
                part=member.filename,
                packed=f"{member.compress_size:,}",
                unpacked=f"{member.file_size:,}",
            )
    total = sum(member.file_size for member in members)
    if total > LARGEST_TOTAL_BYTES:
        raise FileProblem(
            "{file} is too big: {total} bytes when unpacked, and at most {most} are read.",
            "Split the sales over several workbooks.",
            file=file_name,
            total=f"{total:,}",
            most=f"{LARGEST_TOTAL_BYTES:,}",
        )


def refuse_endless_list(file: BinaryIO, file_name: str) -> None:
    """Raise ``FileProblem`` where the list of parts, which is read at once, would take long by itself."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _LONGEST_END))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _LIST_BYTES.size:
        return  # no zip file, as will be said
    (list_bytes,) = _LIST_BYTES.unpack_from(tail, end)
    big = end - _BEFORE_END  # where a length passes 32 bits; what stands here goes before
    if big >= 0 and tail.startswith(_END_64, big):
        (list_bytes,) = _LIST_BYTES_64.unpack_from(tail, big)
    if list_bytes > LARGEST_LIST_BYTES:
        raise FileProblem(
            "{file} is not read: the list of its parts alone has {size} bytes, as in a file made to do harm.",
            RESAVE,
            file=file_name,
            size=f"{list_bytes:,}",
        )


def members_by_key(members: Sequence[zipfile.ZipInfo], file_name: str) -> dict[str, zipfile.ZipInfo]:
    """Give the members by their keys; raises ``FileProblem`` when a part is there twice."""
    by_key: dict[str, zipfile.ZipInfo] = {}
    for member in members:
        key = member_key(member.filename)
        if key in by_key:
            raise FileProblem(
                "{file} holds the part {part} twice: which one counts is unclear.",
                RESAVE,
                file=file_name,
                part=member.filename,
            )
        by_key[key] = member
    return by_key


def member_key(part: str) -> str:
    """Part names ignore case; some programs write them with backslashes or a leading slash."""
    return part.replace("\\", "/").lstrip("/").casefold()
