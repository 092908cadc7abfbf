"""Values as cells: text that stays text, amounts written from whole fen, dates in the workbook's system.

A column is written at once: each different value is turned into its piece of XML a single time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from keyaccount.money import number_text, yuan
from keyaccount.tables import Count, Formula
from keyaccount.workbook.rawrows import column_letters

LONGEST_TEXT = 32_767
"""What a cell holds; longer text is cut and ends in "…"."""
ROWS_AT_ONCE = 500
_SPECIAL = re.compile("_x[0-9A-Fa-f]{4}_|[&<>\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_FIRST_1900 = date(1900, 3, 1)
"""Before it the 1900 system counts a leap day that never was: such dates are written as text."""


def letters(index: int) -> str:
    """Give a column's letters, counted from 0."""
    return column_letters(index + 1)


def text_content(text: str) -> str:
    """Write text as the content of an inline string; what XML cannot hold as ``_xHHHH_``."""
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT - 1]}…"
    return _SPECIAL.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    special = found[0]
    if special[0] == "_":
        return f"_x005F{special}"
    return _ENTITIES.get(special) or f"_x{ord(special):04X}_"


def text_cell(text: str) -> str:
    """Write the rest of a text cell, after its reference and style; never a formula.

    Plain text stands in the cell's value, typed as text: the shared strings, a part of the user's, are
    left alone, and Excel and its peers take it as it is. What needs its spaces kept or characters
    escaped is an inline string.
    """
    if not text:
        return "/>"
    content = text_content(text)
    if "_x" not in content and text == text.strip() and "\n" not in text and "\t" not in text:
        return f' t="str"><v>{content}</v></c>'
    return f' t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'


def number_cell(number: str) -> str:
    """Write the rest of a number cell."""
    return f"><v>{number}</v></c>"


def day_cell(day: date, *, date1904: bool) -> str:
    """Write the rest of a date cell: the day's number in the workbook's date system."""
    first = date(1904, 1, 1) if date1904 else _FIRST_1900
    if day < first:
        return text_cell(day.isoformat())
    return number_cell(str((day - (first if date1904 else date(1899, 12, 30))).days))


def moment_cell(moment: datetime, *, date1904: bool) -> str:
    """Write the rest of a cell with a date and a time of day, exact to 15 significant digits."""
    day = day_cell(moment.date(), date1904=date1904)
    if not day.startswith("><v>"):
        return text_cell(moment.isoformat(sep=" "))
    seconds = Decimal(moment.hour * 3600 + moment.minute * 60 + moment.second)
    number = Decimal(day[4:-8]) + seconds / 86_400
    return number_cell(number_text(round(number, 9)))


def figure_cell(figure: Formula | Count | int) -> str:
    """Write the rest of a cell of a ``formula`` column; a formula with the value that it is said to give."""
    if not isinstance(figure, Formula):
        return number_cell(_figure(figure))
    text = text_content(figure.text)
    if isinstance(figure.value, str):
        return f' t="str"><f>{text}</f><v>{text_content(figure.value)}</v></c>'
    return f"><f>{text}</f><v>{_figure(figure.value)}</v></c>"


def _figure(figure: Count | int) -> str:
    return str(figure.number) if isinstance(figure, Count) else yuan(figure)


def shown_amount(fen: int) -> int:
    """Count the characters of an amount as it is displayed."""
    digits = len(str(abs(fen) // 100))
    return digits + (digits - 1) // 3 + 3 + (fen < 0)


def writer_of(kind: str, *, date1904: bool) -> Callable[..., str]:
    """Give the function that writes the rest of a cell of this kind."""
    writers: dict[str, Callable[..., str]] = {
        "rate": lambda number: number_cell(number_text(number)),
        "integer": lambda number: number_cell(str(number)),
        "amount": lambda fen: number_cell(yuan(fen)),
        "day": lambda day: day_cell(day, date1904=date1904),
        "moment": lambda moment: moment_cell(moment, date1904=date1904),
        "formula": figure_cell,
        "verdict": figure_cell,
    }
    writers |= dict.fromkeys(("share", "coefficient", "score", "number"), writers["rate"])
    return writers.get(kind, lambda text: text_cell(str(text)))


def column_cells(
    values: Sequence[object], kind: str, style: int, styles: Mapping[object, int], *, date1904: bool
) -> list[str]:
    """Write a column's cells from their style on; ``styles``: the values that have one of their own."""
    start = f' s="{style}"'
    blank = f"{start}/>"
    if kind == "amount":
        return [blank if fen is None else f"{start}><v>{yuan(fen)}</v></c>" for fen in values]  # type: ignore[arg-type]
    if kind in ("digest", "packed") and all(isinstance(text, str) and _is_code(text) for text in values):
        return [f'{start} t="str"><v>{text}</v></c>' for text in values]
    write = writer_of(kind, date1904=date1904)
    different = set(values) - {None}
    known: dict[object, str] = {
        value: f' s="{styles.get(value, style)}"{write(value)}' for value in different
    }
    known[None] = blank
    return [known[value] for value in values]


def _is_code(text: str) -> bool:
    """Tell whether these are digits and letters, as digests and base 64 are, of which no cell needs care."""
    return len(text) <= LONGEST_TEXT and text.encode().translate(None, b"+/").isalnum()  # of bytes: ASCII


def rows_xml(
    columns: Sequence[Sequence[str]],
    first_row: int,
    heights: Sequence[int] | Sequence[str] = (),
    first_column: int = 1,
) -> bytes:
    """Write rows from columns of cells (style and content), from this sheet row and column on."""
    if not columns or not columns[0]:
        return b""
    template = "".join(
        f'<c r="{column_letters(column)}%s"%s' for column in range(first_column, first_column + len(columns))
    )
    numbers = [str(number) for number in range(first_row, first_row + len(columns[0]))]
    arguments: list[Iterable[str]] = [numbers]
    start = '<row r="%s">'
    if heights:
        start = '<row r="%s" ht="%s" customHeight="1">'
        arguments.append(map(str, heights))
    for column in columns:
        arguments += [numbers, column]
    rows = map(f"{start}{template}</row>".__mod__, zip(*arguments, strict=True))
    pieces = []
    while piece := "".join(islice(rows, ROWS_AT_ONCE)):  # small enough to stay in the processor's cache
        pieces.append(piece.encode())
    return b"".join(pieces)
