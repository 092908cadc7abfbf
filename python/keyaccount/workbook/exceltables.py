"""The tables that Excel itself knows (Insert, Table): name, place, totals row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import attribute, local_name
from keyaccount.workbook.rawrows import column_number
from keyaccount.workbook.sheetentries import SheetEntry

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A table of a sheet: its header row (0: none), last data row, rows of totals, and columns (1 = A)."""

    name: str
    sheet: SheetEntry
    header_row: int
    last_row: int
    totals_rows: int
    first_column: int
    last_column: int
    part: str = ""
    area: str = ""  # as the part writes it, header and totals included


def excel_tables(package: Package) -> list[ExcelTable]:
    """Give the workbook's Excel tables; raises ``FileProblem`` when a table's part is damaged."""
    tables = []
    for sheet in package.sheets:
        for relationship in package.relationships(sheet.part).values():
            if relationship.kind == "table" and relationship.target in package:
                table = _table(package.parse(relationship.target), sheet, relationship.target)
                if table is not None:
                    tables.append(table)
    return tables


def _table(element: Element, sheet: SheetEntry, part: str) -> ExcelTable | None:
    area = _AREA.fullmatch(attribute(element, "ref"))
    if local_name(element) != "table" or area is None:
        return None
    first_row, last_row = int(area[2]), int(area[4] or area[2])
    totals_rows = _count(attribute(element, "totalsRowCount"), default=0)
    has_header = _count(attribute(element, "headerRowCount"), default=1) > 0
    return ExcelTable(
        attribute(element, "displayName") or attribute(element, "name"),
        sheet,
        first_row if has_header else 0,
        last_row - totals_rows,
        totals_rows,
        column_number(area[1]),
        column_number(area[3] or area[1]),
        part,
        area[0],
    )


def _count(text: str, *, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1048576") else default
