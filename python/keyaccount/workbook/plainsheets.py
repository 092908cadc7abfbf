"""Sheets of plain values added to a workbook: texts, numbers and dates in cells, nothing else."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

from keyaccount.money import number_text
from keyaccount.workbook.cells import day_cell, moment_cell, number_cell, text_cell
from keyaccount.workbook.look import DAY, MOMENT, Look
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
from keyaccount.workbook.styles import add_looks
from keyaccount.workbook.writer import Changes

Value = str | Decimal | datetime
Rows = Sequence[tuple[int, Mapping[int, Value]]]
"""Row numbers in order, each with its cells by column (1 = A)."""


def add_plain_sheets(package: Package, sheets: Mapping[str, Rows]) -> Changes:
    """Give the parts to change so that the workbook has these sheets at its end; titles must be free."""
    part = package.workbook_part
    workbook = WorkbookPart(part, package.read(part))
    relationships = Relationships(part, package.read(relationships_part(part)))
    types = ContentTypes(package.read(CONTENT_TYPES))
    related = package.relationships(part).values()
    styles = next(each.target for each in related if each.kind == "styles")
    changes: Changes = {}
    looks = {"day": Look(DAY), "moment": Look(MOMENT)}
    changes[styles], numbers = add_looks(styles, package.read(styles), looks)
    folder = posixpath.join(posixpath.dirname(part), "worksheets")
    number = len(package.sheets)
    for title, rows in sheets.items():
        number += 1
        while (place := f"{folder}/sheet{number}.xml") in package:
            number += 1
        kind = f"{workbook.relationships_namespace}/worksheet"
        workbook.add_sheet(title, relationships.add(kind, place))
        types.add(place, f"{SPREADSHEET}worksheet+xml")
        changes[place] = _sheet(workbook.namespace, rows, numbers, date1904=package.date1904)
    changes |= {
        part: workbook.result(),
        relationships.part: relationships.result(),
        CONTENT_TYPES: types.result(),
    }
    return changes


def _sheet(namespace: str, rows: Rows, styles: Mapping[str, int], *, date1904: bool) -> bytes:
    written = []
    for number, cells in rows:
        texts = (
            f'<c r="{column_letters(column)}{number}"{_content(value, styles, date1904=date1904)}'
            for column, value in sorted(cells.items())
        )
        written.append(f'<row r="{number}">{"".join(texts)}</row>')
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetData>{"".join(written)}</sheetData></worksheet>'
    ).encode()


def _content(value: Value, styles: Mapping[str, int], *, date1904: bool) -> str:
    if isinstance(value, Decimal):
        return number_cell(number_text(value))
    if isinstance(value, datetime):
        whole = value.time() == time()
        cell = day_cell(value.date(), date1904=date1904) if whole else moment_cell(value, date1904=date1904)
        return f' s="{styles["day" if whole else "moment"]}"{cell}'
    return text_cell(value)
