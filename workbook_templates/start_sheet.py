"""The templates' first sheet: what to fill in, what the colours mean, how to run, what to have signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font
from openpyxl.worksheet.hyperlink import Hyperlink

from keyaccount.tables import TABLE
from keyaccount.workbook import look
from keyaccount.workbook.create import YEAR_CELL
from keyaccount.workbook.shipped import Language
from workbook_templates import paint
from workbook_templates.paint import put
from workbook_templates.places import title_of
from workbook_templates.start import GUIDES, Guide

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

COLUMNS, WIDTHS = "ABCDE", (2, 7, 25, 78, 35)
INDENTED = Alignment(horizontal="left", vertical="center", indent=1)
LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_SAMPLES = (  # of the legend: fill and ink
    (paint.DEEP, paint.WHITE),
    (paint.PALE, paint.DEEP),
    (paint.ERROR_FILL, paint.ERROR_INK),
    (paint.LOOK_FILL, paint.LOOK_INK),
    (paint.INPUT_TAB, paint.WHITE),
    (paint.RESULT_TAB, paint.WHITE),
)


def start_sheet(sheet: Worksheet, language: Language) -> None:
    """Write the sheet."""
    guide = GUIDES[language]
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = paint.START_TAB
    for letter, width in zip(COLUMNS, WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _head(sheet, guide)
    row = _steps(sheet, guide, language, 5)
    row = _legend(sheet, guide, row + 1)
    row = _runs(sheet, guide, row + 1)
    row = _signatures(sheet, guide, row + 1)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "portrait", 9
    sheet.page_setup.fitToHeight = 1
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:E{row}"


def _head(sheet: Worksheet, guide: Guide) -> None:
    for letter in COLUMNS[1:]:
        sheet[f"{letter}1"].fill = sheet[f"{letter}2"].fill = paint.solid(look.INK)
    put(sheet, "B1", guide.title, size=20, bold=True, colour=paint.WHITE).alignment = INDENTED
    put(sheet, "B2", guide.subtitle, colour=paint.WHITE).alignment = INDENTED
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 34, 20
    put(sheet, "B3", guide.year, bold=True).alignment = Alignment(vertical="center")
    year = put(sheet, YEAR_CELL, None, size=14, bold=True, colour=look.INK)
    year.alignment = Alignment(horizontal="left", vertical="center")
    sheet.row_dimensions[3].height = 26


def _steps(sheet: Worksheet, guide: Guide, language: Language, row: int) -> int:
    row = _headings(sheet, _heading(sheet, row, guide.fill), guide.headings)
    for number, (name, what, when) in enumerate(guide.steps, start=1):
        title = title_of(TABLE[name], language)
        _line(sheet, row, (number, title, what, when))
        link = sheet[f"C{row}"]
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!A1")
        link.font = Font(name=paint.FONT, size=11, color=look.LINK, underline="single")
        row += 1
    return row


def _legend(sheet: Worksheet, guide: Guide, row: int) -> int:
    row = _heading(sheet, row, guide.colours)
    for (sample, meaning), (fill, ink) in zip(guide.legend, _SAMPLES, strict=True):
        cell = put(sheet, f"C{row}", sample, bold=True, colour=ink)
        cell.fill, cell.border = paint.solid(fill), paint.LINES
        cell.alignment = Alignment(horizontal="center", vertical="center")
        put(sheet, f"D{row}", meaning).alignment = INDENTED
        sheet.row_dimensions[row].height = look.ROW_HEIGHT
        row += 1
    return row


def _runs(sheet: Worksheet, guide: Guide, row: int) -> int:
    row = _headings(sheet, _heading(sheet, row, guide.run), guide.run_headings)
    for button, what, command in guide.runs:
        _line(sheet, row, ("▶", button, what, command))
        if command.isascii() and command.startswith("keyaccount"):
            sheet[f"E{row}"].font = Font(name=paint.FIXED_FONT, size=10)
        row += 1
    return row


def _signatures(sheet: Worksheet, guide: Guide, row: int) -> int:
    """Write the readings of the plan that the company signs; give the last row."""
    row = _heading(sheet, row, guide.sign)
    for number, text in enumerate(guide.readings, start=1):
        put(sheet, f"B{row}", number).alignment = Alignment(horizontal="center", vertical="center")
        put(sheet, f"C{row}", text).alignment = Alignment(vertical="center")
        sheet.row_dimensions[row].height = look.ROW_HEIGHT
        row += 1
    for text in guide.signature:
        put(sheet, f"C{row}", text, bold=True).alignment = Alignment(horizontal="right", vertical="bottom")
        sheet[f"D{row}"].border = Border(bottom=paint.THIN)
        sheet.row_dimensions[row].height = 24
        row += 1
    return row


def _heading(sheet: Worksheet, row: int, text: str) -> int:
    """Write a heading and give the row below it."""
    put(sheet, f"B{row}", text, size=13, bold=True, colour=look.INK).alignment = Alignment(vertical="center")
    sheet.row_dimensions[row].height = 22
    return row + 1


def _headings(sheet: Worksheet, row: int, texts: tuple[str, ...]) -> int:
    for letter, text in zip(COLUMNS[1:], texts, strict=True):
        cell = put(sheet, f"{letter}{row}", text, bold=True, colour=look.INK)
        cell.fill, cell.border, cell.alignment = paint.solid(look.HEADER_FILL), paint.LINES, LEFT
    sheet.row_dimensions[row].height = look.ROW_HEIGHT
    return row + 1


def _line(sheet: Worksheet, row: int, values: tuple[object, ...]) -> None:
    for letter, value in zip(COLUMNS[1:], values, strict=True):
        cell = put(sheet, f"{letter}{row}", value)
        cell.border, cell.alignment = paint.LINES, LEFT
    sheet[f"B{row}"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[row].height = look.ROW_HEIGHT
