"""How result sheets look: fonts, fills, number formats, widths and the printed page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from keyaccount.tables import ResultColumn

Align = Literal["", "left", "center", "right"]

AMOUNT = "#,##0.00;[Red]-#,##0.00"
PERCENT = "0.00##%"
SHARE = "0.00%"
COEFFICIENT = "0.00##"
DAY = "yyyy-mm-dd"
TAB_COLOUR = "FF2F75B5"
INK = "FF1F3864"
HEADER_FILL = "FFD9E1F2"
TOTAL_FILL = "FFF2F2F2"
LINE = "FFBFBFBF"
GOOD, BAD, DOUBTFUL, NOTE, LINK = "FF00703C", "FFC00000", "FF9C5700", "FF595959", "FF0563C1"

WIDEST = 60
"""The widest a column gets; longer text is wrapped."""
HEADER_HEIGHT = 32
ONE_LINE = 20
ROW_HEIGHT = 18
LINE_HEIGHT = 15
MOST_LINES = 20
FIRST_SIZE_STEP = 3
"""The title's letters are this many points larger than the workbook's own."""


@dataclass(frozen=True, slots=True)
class Look:
    """A cell's look; the font's name and size are those of the workbook's first font."""

    number_format: str = "General"
    bold: bool = False
    underlined: bool = False
    colour: str = ""
    larger: int = 0
    fill: str = ""
    lines: bool = False
    align: Align = ""
    wrapped: bool = False
    indent: int = 0


LOOKS: dict[str, Look] = {
    "title": Look(bold=True, larger=FIRST_SIZE_STEP, colour=INK),
    "note": Look(colour=NOTE),
    "good": Look(bold=True, colour=GOOD),
    "bad_note": Look(bold=True, colour=BAD),
    "warning_note": Look(bold=True, colour=DOUBTFUL),
    "header": Look(bold=True, colour=INK, fill=HEADER_FILL, lines=True, align="center", wrapped=True),
    "total": Look(AMOUNT, bold=True, fill=TOTAL_FILL, lines=True),
    "total_label": Look(bold=True, fill=TOTAL_FILL, lines=True),
    "text": Look(lines=True, align="left", indent=1),
    "wrapped": Look(lines=True, align="left", wrapped=True, indent=1),
    "digest": Look(lines=True, align="left", indent=1),
    "integer": Look("0", lines=True, align="center"),
    "amount": Look(AMOUNT, lines=True),
    "rate": Look(PERCENT, lines=True),
    "share": Look(SHARE, lines=True),
    "coefficient": Look(COEFFICIENT, lines=True),
    "day": Look(DAY, lines=True, align="center"),
    "link": Look(colour=LINK, underlined=True, lines=True, align="left", indent=1),
    "error": Look(bold=True, colour=BAD, lines=True, align="left", indent=1),
    "warning": Look(bold=True, colour=DOUBTFUL, lines=True, align="left", indent=1),
}
"""Every look of a result sheet, in the order in which they enter a workbook's styles."""


def display_width(text: str) -> int:
    """Count the columns that a text needs: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def header_width(header: str) -> float:
    """Give the width in which a header stands beside its filter button: on two lines, Chinese on one."""
    whole = display_width(header)
    if not header.isascii() and whole <= ONE_LINE:
        return whole + 2
    return max(max(map(display_width, header.split()), default=0), (whole + 1) // 2) + 3


def column_width(column: ResultColumn, header: str, shown: Iterable[int]) -> float:
    """Give a column's width: what is declared, or what its header and its values need, up to a limit.

    ``shown``: the widths of the values as they are displayed.
    """
    content = max(shown, default=0) + 3
    needed = header_width(header) if column.kind == "digest" else max(content, header_width(header))
    return float(min(WIDEST, max(column.width, needed)))


def row_height(*, fitted: bool) -> str:
    """Write the rows' height; ``fitted``: rows of wrapped text have one of their own."""
    return f'<sheetFormatPr defaultRowHeight="{LINE_HEIGHT if fitted else ROW_HEIGHT}" customHeight="1"/>'


def lines_needed(text: str, width: float) -> int:
    """Estimate the lines that wrapped text takes in a column, with room for words that move down."""
    room = max(1, int(width * 0.95) - 1)
    return min(MOST_LINES, sum(max(1, -(-display_width(line) // room)) for line in text.split("\n")))


def sheet_properties(code_name: str) -> str:
    """Write a result sheet's properties: tab colour, fit to the page; VBA's name of the sheet is kept."""
    kept = f' codeName="{code_name}"' if code_name else ""
    return f'<sheetPr{kept}><tabColor rgb="{TAB_COLOUR}"/><pageSetUpPr fitToPage="1"/></sheetPr>'


PROTECTION = (
    '<sheetProtection sheet="1" objects="1" scenarios="1"'
    ' formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
)
"""An edit guard without password: filters, widths and copying work, typing does not."""


def page(language: str) -> str:
    """Write the page: A4 landscape, one page wide, the sheet's name and page X of Y at the foot."""
    pages = "第&amp;P页 共&amp;N页" if language == "zh" else "Page &amp;P of &amp;N"
    return (
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;L&amp;A&amp;R{pages}</oddFooter></headerFooter>"
    )
