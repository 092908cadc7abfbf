"""The templates' colours and fonts. Inputs are green; results, which the program paints itself, are blue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.table import TableStyle, TableStyleElement, TableStyleList

from keyaccount.workbook import look

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Calibri"
"""The font while a template is built; ``FONTS`` are the languages' own."""
FONTS = {"en": "Calibri", "zh": "等线"}
FIXED_FONT = "Consolas"
WHITE = "FFFFFFFF"
DEEP, PALE, STRIPE = "FF1E6B52", "FFD5E8DF", "FFF3F8F5"
START_TAB, INPUT_TAB, RESULT_TAB = look.INK, look.INPUT_TAB_COLOUR, look.TAB_COLOUR
ERROR_FILL, ERROR_INK = "FFFFC7CE", "FF9C0006"
LOOK_FILL, LOOK_INK = "FFFFEB9C", "FF7F6000"
TABLE_STYLE = "KeyAccountInput"
THIN = Side(style="thin", color=look.LINE)
HAIR = Side(style="thin", color="FFDCE6E1")
LINES = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
MARKS = {
    "error": DifferentialStyle(
        font=Font(color=ERROR_INK), fill=PatternFill("solid", bgColor=ERROR_FILL, fgColor=ERROR_FILL)
    ),
    "look": DifferentialStyle(
        font=Font(color=LOOK_INK), fill=PatternFill("solid", bgColor=LOOK_FILL, fgColor=LOOK_FILL)
    ),
}


def solid(colour: str) -> PatternFill:
    """Give a plain fill."""
    return PatternFill("solid", fgColor=colour)


def header(cell: Cell, *, must: bool) -> None:
    """Paint an input column's header: dark where it must be filled in."""
    cell.fill = solid(DEEP if must else PALE)
    cell.font = Font(name=FONT, size=11, bold=True, color=WHITE if must else DEEP)
    cell.border = Border(left=THIN, right=THIN, bottom=THIN)


def put(
    sheet: Worksheet, where: str, value: object, *, size: int = 11, bold: bool = False, colour: str = ""
) -> Cell:
    """Write a cell in the template's font."""
    cell = sheet[where]
    cell.value = value
    cell.font = Font(name=FONT, size=size, bold=bold, color=colour or None)
    return cell


def table_style(book: Workbook) -> None:
    """Give the workbook the style of its input tables: fine lines and every other row tinted."""
    edges = Border(left=HAIR, right=HAIR, top=HAIR, bottom=HAIR, vertical=HAIR, horizontal=HAIR)
    looks = {
        "wholeTable": DifferentialStyle(border=edges),
        "headerRow": DifferentialStyle(
            font=Font(bold=True, color=WHITE), fill=PatternFill("solid", bgColor=DEEP, fgColor=DEEP)
        ),
        "secondRowStripe": DifferentialStyle(fill=PatternFill("solid", bgColor=STRIPE, fgColor=STRIPE)),
    }
    elements = [
        TableStyleElement(type=kind, dxfId=book._differential_styles.add(style))  # noqa: SLF001 no other way
        for kind, style in looks.items()
    ]
    style = TableStyle(name=TABLE_STYLE, pivot=False, count=len(elements), tableStyleElement=elements)
    book._table_styles = TableStyleList(count=1, tableStyle=[style])  # noqa: SLF001 as above
