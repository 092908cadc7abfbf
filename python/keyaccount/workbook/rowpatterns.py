"""Rows by pattern: whole rows of bytes in, batches out, and whatever no pattern recognises is handed back.

A pattern ``split``s the bytes: between the rows that it takes stands what it leaves, to the last byte.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from keyaccount.workbook.rawrows import Batch, RawColumn, column_letters

_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_ROW_NUMBER = r"(10[0-3][0-9]{4}|[1-9][0-9]{0,5})"  # the few rows after 1,039,999 are left


class UsualRows:
    """Rows as Excel, LibreOffice, WPS, openpyxl and XlsxWriter write them, cells in order."""

    def __init__(self, columns: Sequence[int]) -> None:
        """Name the wanted columns (1 = A)."""
        self.columns = tuple(columns)
        self.order = tuple(sorted(columns))
        self._places = [self.order.index(column) for column in columns]
        self._pattern = _usual_pattern(self.order)

    def read(self, rows: bytes) -> tuple[Batch, bytes]:
        """Give the rows, and the bytes left over."""
        width = self._pattern.groups + 1
        parts = self._pattern.split(rows)
        left = b"".join(parts[0::width])
        numbers = list(map(int, parts[1::width]))
        attributes = parts[2::width]
        in_order = [
            RawColumn([tag or b"" for tag in parts[group::width]], parts[group + 1 :: width])
            for group in range(3, width, 2)
        ]
        hiding = {each for each in set(attributes) if _HIDDEN.search(each)}
        marks = [each in hiding for each in attributes] if hiding else ()
        columns = [in_order[place] for place in self._places]
        return Batch(numbers, columns, _hidden(numbers, marks, in_order)), left


def _hidden(numbers: Sequence[int], marks: Sequence[bool], columns: Sequence[RawColumn]) -> set[int]:
    """Give the numbers of marked rows that are not blank."""
    marked = (index for index, mark in enumerate(marks) if mark)
    return {numbers[index] for index in marked if any(each.contents[index] for each in columns)}


@lru_cache(maxsize=64)
def _usual_pattern(columns: tuple[int, ...]) -> re.Pattern[bytes]:
    """Build the pattern of a row: its number and attributes, then each column's tag and content."""
    cells = [
        rf'(?:<c r="{column_letters(column)}\1"([^>]*+)>(?:(?<=/>)|(?<!/>)(?:<f[^>]*+>(?:[^<]*+</f>)?+)?+'
        r'(?:<v>|(?<=t="inlineStr">)<is><t(?: xml:space="preserve")?>)([^<]++)(?:</v>|</t></is>)</c>))?+'
        for column in columns
    ]
    return re.compile(rf'<row r="{_ROW_NUMBER}"([^>]*+)(?<!/)>{_row(columns, cells)}</row>'.encode())


def _row(columns: tuple[int, ...], cells: Sequence[str]) -> str:
    """Join the patterns of wanted cells with those of the cells between them that nobody wants."""
    wanted = "|".join(map(column_letters, columns))
    others = (
        rf'(?:<c r="(?!(?:{wanted})[0-9])[A-Z]{{1,3}}+\1"[^>]*+>'
        r"(?:(?<=/>)|(?<!/>)[^<]*+(?:<(?!/c>)[^<]*+)*+</c>))*+"
    )
    before = (0, *columns)
    between = [others if column > left + 1 else "" for left, column in zip(before, columns, strict=False)]
    return "".join(gap + cell for gap, cell in zip(between, cells, strict=True)) + others
