"""Text that stays text: in sheets no formula, in documents no control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet program may take for the start of a formula once a cell is edited."""


def printable(text: str) -> str:
    """Put a space for what is no letter: control characters can be neither set nor written."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def put(  # noqa: PLR0913 a cell's place, text and look
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    size: float = 10,
    bold: bool = False,
    colour: str = "",
) -> Cell:
    """Write text into a cell: it is text whatever it begins with, also after an edit."""
    from openpyxl.styles import Font

    cell = sheet.cell(row, column)
    if text:
        cell.value = printable(text)
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)
    cell.font = Font(name="Calibri", size=size, bold=bold, color=colour or None)
    return cell
