"""Cells of the workbooks that are given away: each look is put together once, and text stays text."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from keyaccount.outputs.text import FORMULA_STARTS, printable
from keyaccount.workbook import look

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.styles.styleable import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

FONTS = {"en": "Calibri", "zh": "等线"}
"""The font of each language; ``canonical`` puts it in the place of ``_FONT``."""
_FONT = "Calibri"


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks; ``line``: a fine line below it."""

    number_format: str = "General"
    size: float = 10
    bold: bool = False
    colour: str = ""
    fill: str = ""
    line: bool = False
    align: str = ""
    wrapped: bool = False
    quoted: bool = False


PLAIN = Style()
HEADER = Style(bold=True, colour=look.INK, fill=look.HEADER_FILL, line=True, align="center", wrapped=True)


class Cells:
    """Writes the cells of one workbook."""

    def __init__(self) -> None:
        """Begin without looks."""
        self._styles: dict[Style, StyleArray] = {}

    def text(self, sheet: Worksheet, row: int, column: int, text: str, style: Style = PLAIN) -> None:
        """Write text: it is text whatever it begins with, also after an edit."""
        cell = sheet.cell(row, column)
        if text:
            cell.value = printable(text)
            cell.data_type = "s"
        quoted = replace(style, quoted=text.startswith(FORMULA_STARTS))
        self._paint(cell, quoted)

    def value(self, sheet: Worksheet, row: int, column: int, value: object, style: Style) -> None:
        """Write a number, a day or nothing."""
        cell = sheet.cell(row, column)
        cell.value = value
        self._paint(cell, style)

    def amount(self, sheet: Worksheet, row: int, column: int, fen: int, style: Style = PLAIN) -> None:
        """Write an amount in yuan, exactly, in the style's own format or that of amounts."""
        own = style.number_format != PLAIN.number_format
        shown = style if own else replace(style, number_format=look.AMOUNT)
        self.value(sheet, row, column, Decimal(fen).scaleb(-2), shown)

    def _paint(self, cell: Cell, style: Style) -> None:
        known = self._styles.get(style)
        if known is None:
            _apply(cell, style)
            self._styles[style] = copy(cell._style)  # noqa: SLF001 openpyxl compares styles one by one otherwise
        else:
            cell._style = copy(known)  # noqa: SLF001 likewise


def _apply(cell: Cell, style: Style) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.number_format = style.number_format
    cell.font = Font(name=_FONT, size=style.size, bold=style.bold, color=style.colour or None)
    if style.fill:
        cell.fill = PatternFill("solid", fgColor=style.fill)
    if style.line:
        cell.border = Border(bottom=Side(style="thin", color=look.LINE))
    if style.align or style.wrapped:
        cell.alignment = Alignment(
            horizontal=style.align or None,
            vertical="center" if style.align == "center" else "top",
            wrap_text=style.wrapped,
            indent=1 if style.align == "left" else 0,
        )
    cell.quotePrefix = style.quoted
