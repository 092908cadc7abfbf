"""How result sheets look: fonts, fills, number formats, widths and heights."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from keyaccount.tables import ResultColumn

Align = Literal["", "left", "center", "right"]

AMOUNT = "#,##0.00;[Red]-#,##0.00"
NONE_BUT_NOTHING = "[Red]#,##0.00;[Red]-#,##0.00;0.00"
"""A difference: anything but 0.00 is red."""
COUNT = "#,##0"
NONE_MISSING = "[Red]#,##0;[Red]-#,##0;0"
"""A difference between counts."""
PERCENT = "0.00##%"
SHARE = "0.00%"
COEFFICIENT = "0.00##"
SCORE = "0.00"
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
TAB_COLOUR = "FF2F75B5"
INPUT_TAB_COLOUR = "FF2E9E6B"
"""Of the templates' input sheets."""
INK = "FF1F3864"
HEADER_FILL = "FFD9E1F2"
TOTAL_FILL = "FFF2F2F2"
MAIN_FILL = "FFDDEBF7"
WHITE = "FFFFFFFF"
LINE = "FFBFBFBF"
GOOD, BAD, DOUBTFUL, NOTE, LINK = "FF00703C", "FFC00000", "FF9C5700", "FF595959", "FF0563C1"

WIDEST = 60
"""The widest a column gets; longer text is wrapped."""
HEADER_HEIGHT = 32
ONE_LINE = 20
ROW_HEIGHT = 18
TITLE_HEIGHT = 24
TOTAL_HEIGHT = 22
SIGNED_HEIGHT = 26
"""Of a row that people sign."""
WIDEST_SIGNED = 22
"""The widest column of a document: it has many, on one page."""
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
    apart: bool = False  # a line above sets it apart from the rows before


def apart_from(name: str) -> str:
    """Name the look of a row that a line sets apart from the rows before it."""
    return f"{name}_apart"


LOOKS: dict[str, Look] = {
    "title": Look(bold=True, larger=FIRST_SIZE_STEP, colour=INK),
    "note": Look(colour=NOTE),
    "section": Look(bold=True, colour=INK),
    "good": Look(bold=True, colour=GOOD),
    "bad_note": Look(bold=True, colour=BAD),
    "warning_note": Look(bold=True, colour=DOUBTFUL),
    "header": Look(bold=True, colour=INK, fill=HEADER_FILL, lines=True, align="center", wrapped=True),
    "total": Look(AMOUNT, bold=True, fill=TOTAL_FILL, lines=True),
    "total_label": Look(bold=True, fill=TOTAL_FILL, lines=True),
    "text": Look(lines=True, align="left", indent=1),
    "wrapped": Look(lines=True, align="left", wrapped=True, indent=1),
    "digest": Look(lines=True, align="left", indent=1),
    "packed": Look(lines=True, align="left", indent=1),
    "integer": Look("0", lines=True, align="center"),
    "amount": Look(AMOUNT, lines=True),
    "rate": Look(PERCENT, lines=True),
    "share": Look(SHARE, lines=True),
    "coefficient": Look(COEFFICIENT, lines=True),
    "score": Look(SCORE, lines=True),
    "day": Look(DAY, lines=True, align="center"),
    "formula": Look(AMOUNT, lines=True),
    "count": Look(COUNT, lines=True),
    "verdict": Look(lines=True, align="center"),
    "link": Look(colour=LINK, underlined=True, lines=True, align="left", indent=1),
    "error": Look(bold=True, colour=BAD, lines=True, align="left", indent=1),
    "warning": Look(bold=True, colour=DOUBTFUL, lines=True, align="left", indent=1),
}
LOOKS |= {
    "main_header": replace(LOOKS["header"], colour=WHITE, fill=TAB_COLOUR),
    "main_total": replace(LOOKS["total"], fill=MAIN_FILL),
    "main_amount": Look(AMOUNT, bold=True, fill=MAIN_FILL, lines=True),
    "main_score": Look(SCORE, bold=True, fill=MAIN_FILL, lines=True),
    "main_text": Look(bold=True, fill=MAIN_FILL, lines=True, align="left", indent=1),
    "main_formula": Look(NONE_BUT_NOTHING, bold=True, fill=MAIN_FILL, lines=True),
    "main_count": Look(NONE_MISSING, bold=True, fill=MAIN_FILL, lines=True),
}
_ABOVE_ROWS = (
    "title",
    "note",
    "section",
    "good",
    "bad_note",
    "warning_note",
    "header",
    "total",
    "total_label",
)
LOOKS |= {
    apart_from(name): replace(look, apart=True)
    for name, look in LOOKS.items()
    if name not in (*_ABOVE_ROWS, "main_header", "main_total")
}
"""Every look of a result sheet, in the order in which they enter a workbook's styles."""


def display_width(text: str) -> int:
    """Count the columns that a text needs: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def header_width(header: str, *, narrow: bool = False) -> float:
    """Give the width in which a header stands beside its filter button: on two lines, Chinese on one.

    ``narrow``: Chinese too on two lines where it is long.
    """
    whole = display_width(header)
    if not header.isascii() and not narrow and whole <= ONE_LINE:
        return whole + 2
    words = header.split() if header.isascii() else ()
    return max(max(map(display_width, words), default=0), (whole + 1) // 2) + 3


def column_width(column: ResultColumn, header: str, shown: Iterable[int], *, narrow: bool = False) -> float:
    """Give a column's width: what is declared, or what its header and its values need, up to a limit.

    ``shown``: the widths of the values as they are displayed; ``narrow``: one of a document's many columns.
    """
    content = max(shown, default=0) + 3
    header_needs = header_width(header, narrow=narrow)
    needed = header_needs if column.kind == "digest" else max(content, header_needs)
    return float(min(widest(column, narrow=narrow), max(column.width, needed)))


def widest(column: ResultColumn, *, narrow: bool) -> int:
    """Give the widest that a column gets; longer text is wrapped."""
    return WIDEST_SIGNED if narrow and column.kind == "text" else WIDEST


def row_height(*, fitted: bool) -> str:
    """Write the rows' height; ``fitted``: rows of wrapped text have one of their own."""
    return f'<sheetFormatPr defaultRowHeight="{LINE_HEIGHT if fitted else ROW_HEIGHT}" customHeight="1"/>'


def lines_needed(text: str, width: float) -> int:
    """Estimate the lines that wrapped text takes in a column, with room for words that move down."""
    room = max(1, int(width * 0.95) - 1)
    return min(MOST_LINES, sum(_wrapped(line, room) for line in text.split("\n")))


def _wrapped(line: str, room: int) -> int:
    """Count the lines: a word moves down whole; one that is longer breaks, as Chinese does anywhere."""
    lines, used = 1, 0
    for word in line.split(" "):
        wide, gap = display_width(word), 1 if used else 0
        if used and word.isascii() and used + gap + wide > room:
            lines, used, gap = lines + 1, 0, 0
        used += gap + wide
        lines, used = lines + max(0, used - 1) // room, (used - 1) % room + 1 if used else 0
    return lines


def sheet_properties(code_name: str) -> str:
    """Write a result sheet's properties: tab colour, fit to the page; VBA's name of the sheet is kept."""
    kept = f' codeName="{code_name}"' if code_name else ""
    return f'<sheetPr{kept}><tabColor rgb="{TAB_COLOUR}"/><pageSetUpPr fitToPage="1"/></sheetPr>'


PROTECTION = (
    '<sheetProtection sheet="1" objects="1" scenarios="1"'
    ' formatColumns="0" formatRows="0" sort="0" autoFilter="0"/>'
)
"""An edit guard without password: filters, widths and copying work, typing does not."""
