"""A plan's sheets put into somebody's workbook: added at the level of parts, nothing of it saved anew."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from keyaccount.problems import FileProblem
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import relationships_part
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.structure import (
    CONTENT_TYPES,
    SPREADSHEET,
    ContentTypes,
    Relationships,
    WorkbookPart,
)
from tests.workbook.reading import Rows

FOLDER = "xl/worksheets/"
MARK = "planned"
MAY_CHANGE = {"[content_types].xml", "_rels/.rels", "docprops/custom.xml"}
"""What lists the parts, and what carries a run's digests; beside the workbook's own part and its styles."""


class NoCarrier(Exception):
    """A workbook into which no sheet can be put, and why."""


def carried(book: Path, sheets: Mapping[str, Rows]) -> None:
    """Put sheets into a workbook; raises NoCarrier."""
    try:
        with Package.open(book) as package:
            taken = {name_key(each.title) for each in package.sheets}
            if taken & {name_key(title) for title in sheets}:
                raise NoCarrier("it has a sheet of that name")
            edited = _edited(package, sheets)
    except FileProblem:
        raise NoCarrier("it cannot be read") from None
    with zipfile.ZipFile(book) as archive:
        parts = [(info, edited.pop(info.filename, b"") or archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in parts:
            archive.writestr(info.filename, data)
        for name, data in edited.items():
            archive.writestr(name, data)


def _edited(package: Package, sheets: Mapping[str, Rows]) -> dict[str, bytes]:
    part = package.workbook_part
    listed = _name(package, relationships_part(part))
    workbook = WorkbookPart(part, package.read(part))
    relations = Relationships(part, package.read(listed))
    types = ContentTypes(package.read(CONTENT_TYPES))
    edited = {}
    for number, (title, rows) in enumerate(sheets.items(), start=1):
        name = f"{FOLDER}{MARK}{number}.xml"
        workbook.add_sheet(title, relations.add(f"{workbook.relationships_namespace}/worksheet", name))
        types.add(name, f"{SPREADSHEET}worksheet+xml")
        edited[name] = _sheet(workbook.namespace, rows).encode()
    changed = {part: workbook.result(), listed: relations.result(), CONTENT_TYPES: types.result()}
    return {_name(package, name): data for name, data in changed.items()} | edited


def _name(package: Package, part: str) -> str:
    """Give a part's name as the zip has it."""
    same = [name for name in package.names if name.casefold() == part.casefold()]
    if not same:
        raise NoCarrier("its relationships are missing")
    return same[0]


def _sheet(namespace: str, rows: Rows) -> str:
    """Write a sheet that needs no styles: dates are texts."""
    written = "".join(
        f'<row r="{number}">'
        + "".join(
            _cell(f"{column_letters(place)}{number}", value)
            for place, value in enumerate(row, start=1)
            if value is not None
        )
        + "</row>"
        for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{namespace}"><sheetData>{written}</sheetData></worksheet>'


def _cell(address: str, value: object) -> str:
    if isinstance(value, (int, float)):
        return f'<c r="{address}"><v>{value}</v></c>'
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def changed_parts(original: bytes, before: bytes, after: bytes) -> list[str]:
    """Name the parts of the original, and the plan's own sheets, that a run changed and had no reason to."""
    old, given, new = (_parts(data) for data in (original, before, after))
    with Package.of_bytes(before, "book.xlsx") as package:
        own = {package.workbook_part, relationships_part(package.workbook_part)}
        relations = package.relationships(package.workbook_part).values()
        own |= {each.target for each in relations if each.kind in {"styles", "calcChain"}}
    may = MAY_CHANGE | {name.casefold() for name in own}
    kept = {name: data for name, data in given.items() if name in old or MARK in name}
    return [name for name, data in kept.items() if name.casefold() not in may and new.get(name) != data]


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
