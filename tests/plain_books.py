"""Plain workbooks, as a person makes them without the template: sheets by name, headers in row 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import openpyxl

from keyaccount.tables import REQUIRED, TABLE, WORDS, Column
from tests.plan_case_rows import rate_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Mapping[str, str]]
Style = Literal["en", "zh", "text"]
"""English sheets with typed cells, Chinese sheets with typed cells, English sheets with text cells."""


def write_inputs(path: Path, tables: Mapping[str, Rows], style: Style = "en") -> None:
    """Write these input tables into a workbook, new or there already; other sheets stay."""
    if path.exists():
        book = openpyxl.load_workbook(path)
    else:
        book = openpyxl.Workbook()
        book.remove(book.active)
    for name in dict.fromkeys([*REQUIRED, *tables]):
        title = TABLE[name].zh[0] if style == "zh" else name
        if title in book.sheetnames:
            sheet = book[title]
            sheet.delete_rows(1, sheet.max_row + 1)
        else:
            sheet = book.create_sheet(title)
        _fill(sheet, name, tables.get(name, ()), style)
    book.save(path)


def _fill(sheet: Worksheet, name: str, rows: Rows, style: Style) -> None:
    columns = [
        column for column in TABLE[name].columns if column.required or any(column.en in row for row in rows)
    ]
    headers = [column.zh[0] if style == "zh" else column.en for column in columns]
    for place, header in enumerate(headers, 1):
        sheet.cell(1, place).value = header
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(columns, 1):
            if text := row.get(column.en, ""):
                cell = sheet.cell(number, place)
                cell.value = text if style == "text" else _typed(column, text, style)


def _typed(column: Column, text: str, style: Style) -> object:
    match column.kind:
        case "amount":
            return Decimal(text)
        case "rate" | "number":
            return rate_of(text)
        case "integer":
            return int(text)
        case "day" | "moment":
            return (date if column.kind == "day" else datetime).fromisoformat(text)
        case "tier" | "word" | "yes_no" if style == "zh":
            words = WORDS[column.words or column.kind]
            return words[text][0] if text in words else text
        case _:
            return text
