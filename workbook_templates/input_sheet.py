"""An input sheet of the templates: an Excel table with formats, drop-downs, highlights and shipped rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

from keyaccount.tables import WORDS, Column, Table
from keyaccount.workbook import look
from keyaccount.workbook.create import SCORING
from keyaccount.workbook.shipped import COMMON_POLICIES, Language, Row
from workbook_templates import paint
from workbook_templates.entries import entry
from workbook_templates.highlights import highlights
from workbook_templates.places import columns_of, header_of, title_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

FORMATS = {
    "id": "@",
    "ids": "@",
    "text": "@",
    "period": "@",
    "amount": look.AMOUNT,
    "rate": look.PERCENT,
    "integer": "0",
    "day": look.DAY,
    "moment": "yyyy-mm-dd hh:mm",
    "month": "yyyy-mm",
}
WIDTHS = {"id": 16, "amount": 18, "day": 14, "moment": 18, "month": 12, "yes_no": 12, "text": 18, "ids": 16}
LONG = {
    "note": 98,
    "reason": 50,
    **dict.fromkeys(("preferences", "special_needs", "business_needs"), 28),
    "text": 44,
    "answer": 44,
    "outcome": 40,
    "name": 26,
    "policy": 27,
    "value": 18,
    "kind": 20,
    "measure": 18,
    "type": 20,
    "ledger_digest": 24,
    "group": 13,
}
CENTRED = ("day", "moment", "month", "yes_no", "integer", "period")
NUMBERS = ("setting", "amount", "rate", "number")
WRAPPED = ("note", "reason", "text", "answer", "outcome")
SETTINGS = {
    **dict.fromkeys(
        ("key_account_share", "advance_rate", "uplift_points", "target_bonus_rate"), look.PERCENT
    ),
    **dict.fromkeys(("coefficient_min", "coefficient_max"), "0.00##"),
}
"""How a policy's value is shown where it is a rate."""
WIDE = ("Accounts",)
"""Sheets that are so wide that their first two columns stay, and that print two pages wide."""


def input_sheet(book: Workbook, table: Table, rows: list[Row], language: Language) -> None:
    """Add an input sheet."""
    sheet: Worksheet = book.create_sheet(title_of(table, language))
    sheet.freeze_panes = "C2" if table.name in WIDE else "A2"
    sheet.sheet_format.defaultRowHeight = look.ROW_HEIGHT
    sheet.sheet_format.customHeight = not any(column.field in WRAPPED for column in columns_of(table))
    sheet.row_dimensions[1].height = look.HEADER_HEIGHT
    sheet.sheet_properties.tabColor = paint.INPUT_TAB
    columns = columns_of(table)
    for number, column in enumerate(columns, start=1):
        _column(sheet, column, number, rows, language)
    for column in table.columns:
        sheet.add_data_validation(entry(table, column, language))
    for mark in highlights(table):
        style = paint.MARKS[mark.severity]
        sheet.conditional_formatting.add(
            mark.cells, Rule(type="expression", formula=[mark.formula], dxf=style)
        )
    end = f"{get_column_letter(len(columns))}{max(len(rows), 1) + 1}"
    excel_table = ExcelTable(displayName=table.table_name, ref=f"A1:{end}")
    excel_table.tableStyleInfo = TableStyleInfo(name=paint.TABLE_STYLE, showRowStripes=True)
    sheet.add_table(excel_table)
    if table.name == "Policies":
        _fold(sheet, rows)
    if table.name in SCORING:
        sheet.sheet_state = "hidden"
    _print_setup(sheet, language)
    if table.name in WIDE:
        sheet.page_setup.fitToWidth = 2
        sheet.print_title_cols = "A:B"


def _column(sheet: Worksheet, column: Column, number: int, rows: list[Row], language: Language) -> None:
    """Write a column's header and values; the rows to come take the column's format."""
    header = header_of(column, language)
    cell = sheet.cell(1, number, header)
    paint.header(cell, must=column.filled or column.required)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    dimension = sheet.column_dimensions[get_column_letter(number)]
    usual = LONG.get(column.field, WIDTHS.get(column.kind, 14))
    dimension.width = max(usual, look.header_width(header))
    number_format = "0.00##" if column.field == "coefficient" else FORMATS.get(column.kind, "General")
    side = _side(column)
    wrapped = column.field in WRAPPED or None
    alignment = Alignment(horizontal=side, vertical="center", wrap_text=wrapped, indent=int(side != "center"))
    dimension.number_format, dimension.alignment = number_format, alignment
    for row, values in enumerate(rows or [{}], start=2):
        shown = sheet.cell(row, number, _translated(column, values.get(column.field), language))
        own = SETTINGS.get(str(values.get("policy"))) if column.kind == "setting" else None
        shown.number_format = own or number_format
        shown.alignment = alignment
        shown.border = Border(left=paint.HAIR, right=paint.HAIR, bottom=paint.HAIR)


def _side(column: Column) -> str | None:
    if column.kind in CENTRED:
        return "center"
    return "right" if column.kind in NUMBERS else "left"


def _translated(column: Column, value: object, language: Language) -> object:
    """Give a shipped value as the template shows it: a number, or a word in its language."""
    if column.kind == "setting" and isinstance(value, str):
        digits = value.replace(".", "", 1)
        return (float(value) if "." in value else int(value)) if digits.isdecimal() else value or None
    if column.kind in ("word", "tier") and language == "zh" and isinstance(value, str):
        return WORDS[column.words or column.kind].get(value, (value,))[0]
    return value


def _fold(sheet: Worksheet, rows: list[Row]) -> None:
    """Hide the advanced policies behind a "+" at the margin."""
    sheet.sheet_properties.outlinePr.summaryBelow = False
    sheet.sheet_format.outlineLevelRow = 1
    hidden = [n for n, row in enumerate(rows, start=2) if row["policy"] not in COMMON_POLICIES]
    for row in hidden:
        sheet.row_dimensions[row].hidden = True
        sheet.row_dimensions[row].outlineLevel = 1
    sheet.row_dimensions[min(hidden) - 1].collapsed = True


def _print_setup(sheet: Worksheet, language: Language) -> None:
    """Set the page: A4 landscape, one page wide, the header repeated."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "第&P页 共&N页" if language == "zh" else "Page &P of &N"
