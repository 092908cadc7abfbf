"""Workbooks with one fault each, for the fault list."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from keyaccount.tables import ADJUSTMENTS
from tests.workbook.reading import (
    ENGLISH,
    MAIN,
    header_row,
    number,
    openpyxl_book,
    sale,
    sheet,
    text,
    xml_book,
)

NEW_YEAR = date(2026, 1, 1)
SALES_PART = "xl/worksheets/sheet5.xml"
Make = Callable[[Path], object]
Cell = object
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def part(name: str, content: bytes | Callable[[bytes], bytes]) -> Make:
    """Put a part into the usual workbook, or change one."""

    def make(path: Path) -> None:
        parts = members(openpyxl_book(path, ENGLISH))
        parts[name] = content(parts[name]) if callable(content) else content
        packed(path, parts)

    return make


def sales(rows: str, before: str = "") -> Make:
    """Write the rows of Sales by hand, as they stand in the file."""
    return part(SALES_PART, sheet(header_row() + rows, before).encode())


def amount(cell: str) -> Make:
    """Put this cell, as it stands in the file, into the amount of a sale."""
    return sales(sale(2, D=cell))


def day(cell: str) -> Make:
    return sales(sale(2, B=cell))


def account(written: str) -> Make:
    return sales(sale(2, C=text("C2", written)) + sale(3))


def sheets(**changed: Sequence[Sequence[Cell]]) -> Make:
    """Write the usual workbook with other rows in some sheets."""
    return lambda path: openpyxl_book(
        path, {**ENGLISH, **{name.replace("_", " "): rows for name, rows in changed.items()}}
    )


def account_called(name: str) -> Make:
    """Write the usual workbook with another account ID, as text."""

    def make(path: Path) -> None:
        parts = members(openpyxl_book(path, ENGLISH))
        packed(
            path,
            {each: content.replace(b"<t>A01<", f"<t>{name}<".encode()) for each, content in parts.items()},
        )

    return make


def adjustment(*values: Cell) -> Make:
    header = [column.en for column in ADJUSTMENTS.columns[: len(values)]]
    return sheets(Adjustments=[header, values])


def shares(*given: float) -> Make:
    """Divide the account among so many people."""
    people = [[f"S0{n}", f"Salesperson S0{n}"] for n, _ in enumerate(given, 1)]
    return sheets(
        Salespeople=[["Salesperson ID", "Name"], *people],
        Assignments=[
            ["Account ID", "Salesperson ID", "Share", "From"],
            *(["A01", person[0], share, NEW_YEAR] for person, share in zip(people, given, strict=True)),
        ],
    )


def header(*headers: str) -> Make:
    return sheets(Sales=[headers, ["X1", date(2026, 1, 5), "A01", 100, None, None][: len(headers)]])


def as_bytes(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def in_openpyxl(change: Callable[[openpyxl.Workbook], object]) -> Make:
    def make(path: Path) -> None:
        book = openpyxl.load_workbook(openpyxl_book(path, ENGLISH))
        change(book)
        book.save(path)

    return make


def old_date_system(path: Path) -> None:
    book = sheet(header_row() + sale(2, B=number("B2", 44_565, 1)))
    parts = members(openpyxl_book(path, ENGLISH))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<workbookPr/>", b'<workbookPr date1904="1"/>'
    )
    for name, content in parts.items():
        if name.startswith("xl/worksheets/") and name != SALES_PART:
            parts[name] = content.replace(b"<v>46023</v>", b"<v>44561</v>")
    packed(path, parts | {SALES_PART: book.encode()})


def twice(path: Path) -> None:
    openpyxl_book(path, ENGLISH)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SALES_PART, sheet(header_row() + sale(2)))


def lying_size(path: Path) -> None:
    """Say of a part in the directory that it is shorter than it is: a bomb that hides its size."""
    openpyxl_book(path, ENGLISH)
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(SALES_PART.encode()))
    content[entry + 24 : entry + 28] = struct.pack("<L", 10)
    path.write_bytes(content)


def changed_bit(path: Path) -> None:
    openpyxl_book(path, ENGLISH)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SALES_PART)
    content = bytearray(path.read_bytes())
    content[info.header_offset + 30 + len(SALES_PART) + info.compress_size // 2] ^= 1
    path.write_bytes(content)


def strings(items: str) -> Make:
    """Write a workbook by hand whose texts are shared strings."""
    return lambda path: xml_book(
        path, {"Sales": sheet(header_row() + sale(2))}, strings=f'<sst xmlns="{MAIN}">{items}</sst>'
    )
