"""Builds keyaccount-en.xlsx and keyaccount-zh.xlsx from the declarations in keyaccount.tables.

The same declarations give the same bytes: ``python workbook_templates/build.py`` after a change, and commit
what it writes; a test rebuilds and compares.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableStyleInfo

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "python")]

from keyaccount.tables import INPUT_TABLES, WORDS, Column, Table  # noqa: E402 after the path is set
from keyaccount.workbook import look  # noqa: E402 after the path is set
from keyaccount.workbook.create import SCORING, START, YEAR_CELL  # noqa: E402 after the path is set
from keyaccount.workbook.shipped import Language, Row, shipped_rows  # noqa: E402 after the path is set
from workbook_templates.canonical import canonical  # noqa: E402 after the path is set
from workbook_templates.start import GUIDES, Guide  # noqa: E402 after the path is set

LAST_ROW = 1_048_576
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
WIDTHS = {"id": 15, "amount": 18, "day": 13, "moment": 18, "month": 11, "yes_no": 12, "text": 20, "ids": 16}
LONG = {"note": 62, "reason": 34, "text": 40, "answer": 40, "outcome": 40, "name": 26, "policy": 28}
NOTES = {"Scorecard": ("Note", "说明")}
"""Columns that the template adds to a table: read over, there to explain."""
ALIGNED = {"setting": "left", "day": "center", "moment": "center", "month": "center", "yes_no": "center"}
MUST = PatternFill("solid", fgColor=look.INK)
MAY = PatternFill("solid", fgColor="FF8EA9DB")
WHITE = "FFFFFFFF"
THIN = Side(style="thin", color=look.LINE)
LINES = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def build(language: Language) -> bytes:
    """Build a template."""
    book = Workbook()
    sheet: Worksheet = book.active
    sheet.title = START[language]
    start_sheet(sheet, GUIDES[language], language)
    shipped = shipped_rows(language)
    places = {name: place for place, (name, _, _) in enumerate(GUIDES[language].steps)}
    for table in sorted(INPUT_TABLES, key=lambda table: places.get(table.name, places["Maintenance"])):
        input_sheet(book, table, shipped.get(table.name, []), language)
    stream = io.BytesIO()
    book.save(stream)
    return canonical(stream.getvalue(), title=GUIDES[language].title)


def title_of(table: Table, language: Language) -> str:
    """Give an input sheet's title."""
    return table.zh[0] if language == "zh" else table.name


def header_of(column: Column, language: Language) -> str:
    """Give an input column's header."""
    return column.zh[0] if language == "zh" else column.en


# --- input sheets -----------------------------------------------------------------------------------


def input_sheet(book: Workbook, table: Table, rows: list[Row], language: Language) -> None:
    """Add an input sheet: an Excel table with headers, formats, drop-downs and the shipped rows."""
    sheet: Worksheet = book.create_sheet(title_of(table, language))
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = look.HEADER_HEIGHT
    columns = list(table.columns)
    if table.name in NOTES:
        english, chinese = NOTES[table.name]
        columns.append(Column("note", english, (chinese,), "text"))
    for number, column in enumerate(columns, start=1):
        input_column(sheet, table, column, number, [row.get(column.field) for row in rows], language)
    end = f"{get_column_letter(len(columns))}{max(len(rows), 1) + 1}"
    excel_table = ExcelTable(displayName=table.table_name, ref=f"A1:{end}")
    excel_table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    sheet.add_table(excel_table)
    if table.name in SCORING:
        sheet.sheet_state = "hidden"
    print_setup(sheet, language)


def input_column(
    sheet: Worksheet, table: Table, column: Column, number: int, values: list[object], language: Language
) -> None:
    """Write a column's header, its values, and what may be typed below."""
    letter = get_column_letter(number)
    header = header_of(column, language)
    cell = sheet.cell(1, number, header)
    must = column.filled or column.required
    cell.fill, cell.font = (MUST if must else MAY), Font(name="Calibri", size=11, bold=True, color=WHITE)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    number_format = "0.00##" if column.field == "coefficient" else FORMATS.get(column.kind, "General")
    dimension = sheet.column_dimensions[letter]
    dimension.number_format = number_format
    usual = LONG.get(column.field, WIDTHS.get(column.kind, 14))
    dimension.width = max(usual, look.header_width(header))
    for row, value in enumerate(values or [None], start=2):
        shown = sheet.cell(row, number, translated(column, value, language))
        shown.number_format = number_format
        if column.kind in ALIGNED:
            shown.alignment = Alignment(horizontal=ALIGNED[column.kind])
    choices = drop_down(table, column, language)
    if choices is not None:
        sheet.add_data_validation(choices)
        choices.add(f"{letter}2:{letter}{LAST_ROW}")


def translated(column: Column, value: object, language: Language) -> object:
    """Give a shipped value as the template shows it: a number, or a word in its language."""
    if column.kind == "setting" and isinstance(value, str):
        digits = value.replace(".", "", 1)
        return (float(value) if "." in value else int(value)) if digits.isdecimal() else value
    if column.kind in ("word", "tier") and language == "zh" and isinstance(value, str):
        return WORDS[column.words or column.kind].get(value, (value,))[0]
    return value


def drop_down(table: Table, column: Column, language: Language) -> DataValidation | None:
    """Give a column's list of words; own tiers, and dated rows of policies, may be typed beside it."""
    if column.kind in ("word", "tier", "yes_no"):
        vocabulary = WORDS[column.words or column.kind]
        words = [chinese[0] for chinese in vocabulary.values()] if language == "zh" else list(vocabulary)
        strict = column.kind != "tier"
        return DataValidation(
            "list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=strict
        )
    if table.name == "Policies" and column.field == "policy":
        last = len(shipped_rows(language)["Policies"]) + 1
        return DataValidation("list", formula1=f"$A$2:$A${last}", allow_blank=True, showErrorMessage=False)
    return None


def print_setup(sheet: Worksheet, language: Language) -> None:
    """Set the page: A4 landscape, one page wide, the header repeated."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "第&P页 共&N页" if language == "zh" else "Page &P of &N"


# --- the first sheet --------------------------------------------------------------------------------


def start_sheet(sheet: Worksheet, guide: Guide, language: Language) -> None:
    """Write what to fill in, how to run, and what to have signed."""
    titles = {table.name: title_of(table, language) for table in INPUT_TABLES}
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDE", (3, 11, 26, 84, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    put(sheet, "B1", guide.title, size=18, bold=True, colour=look.INK)
    put(sheet, "B3", guide.year, bold=True)
    put(sheet, YEAR_CELL, None, bold=True).alignment = Alignment(horizontal="left")
    row = heading(sheet, 5, guide.fill)
    for letter, text in zip("BCDE", guide.headings, strict=True):
        cell = put(sheet, f"{letter}{row}", text, bold=True, colour=look.INK)
        cell.fill, cell.border = PatternFill("solid", fgColor=look.HEADER_FILL), LINES
    for number, (name, what, when) in enumerate(guide.steps, start=1):
        row += 1
        sheet.row_dimensions[row].height = look.ROW_HEIGHT
        for letter, text in zip("BCDE", (str(number), titles[name], what, when), strict=True):
            cell = put(sheet, f"{letter}{row}", text)
            cell.border, cell.alignment = (
                LINES,
                Alignment(horizontal="left", vertical="center", wrap_text=True),
            )
        link = sheet[f"C{row}"]
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{titles[name]}'!A1")
        link.font = Font(name="Calibri", size=11, color=look.LINK, underline="single")
    put(sheet, f"B{row + 1}", guide.colours, colour=look.NOTE)
    row = heading(sheet, row + 3, guide.run)
    for command, what in guide.runs:
        put(sheet, f"B{row}", command).font = Font(name="Consolas", size=11)
        put(sheet, f"D{row}", what)
        row += 1
    signatures(sheet, row + 1, guide)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def signatures(sheet: Worksheet, row: int, guide: Guide) -> None:
    """Write the readings of the plan that the company signs."""
    row = heading(sheet, row, guide.sign)
    for number, text in enumerate(guide.readings, start=1):
        put(sheet, f"B{row}", number).alignment = Alignment(horizontal="left")
        put(sheet, f"C{row}", text)
        row += 1
    row += 1
    for text in guide.signature:
        put(sheet, f"B{row}", text, bold=True)
        sheet[f"C{row}"].border = Border(bottom=THIN)
        sheet.row_dimensions[row].height = 22
        row += 1


def heading(sheet: Worksheet, row: int, text: str) -> int:
    """Write a heading and give the row below it."""
    put(sheet, f"B{row}", text, size=13, bold=True, colour=look.INK)
    return row + 1


def put(
    sheet: Worksheet, where: str, value: object, *, size: int = 11, bold: bool = False, colour: str = ""
) -> Cell:
    """Write a cell in the template's font."""
    cell = sheet[where]
    cell.value = value
    cell.font = Font(name="Calibri", size=size, bold=bold, color=colour or None)
    return cell


def main() -> None:
    """Write both templates beside this file."""
    for language in ("en", "zh"):
        path = HERE / f"keyaccount-{language}.xlsx"
        path.write_bytes(build(language))
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
