"""Areas of a sheet as its part writes them (``A2:E100 G2:G100``), stretched over rows that were appended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from keyaccount.workbook.rawrows import column_letters, column_number

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Columns (1 = A) and rows of a sheet, the last ones included."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int

    @classmethod
    def parse(cls, text: str) -> Rectangle | None:
        """Read ``A2:E100`` or ``A2``; None for anything else (``$`` are passed over)."""
        found = _AREA.fullmatch(text.replace("$", "").upper())
        if found is None:
            return None
        left, top, right, bottom = found.groups()
        columns = sorted((column_number(left), column_number(right or left)))
        rows = sorted((int(top), int(bottom or top)))
        return cls(columns[0], rows[0], columns[1], rows[1])

    def __str__(self) -> str:
        """Write the area."""
        first = f"{column_letters(self.first_column)}{self.first_row}"
        last = f"{column_letters(self.last_column)}{self.last_row}"
        return first if first == last else f"{first}:{last}"

    def meets(self, other: Rectangle) -> bool:
        """Tell whether two areas share a cell."""
        return (
            self.first_column <= other.last_column
            and other.first_column <= self.last_column
            and self.first_row <= other.last_row
            and other.first_row <= self.last_row
        )

    def down_to(self, row: int) -> Rectangle:
        """Give the area with another last row."""
        return Rectangle(self.first_column, self.first_row, self.last_column, row)

    def with_(self, other: Rectangle) -> Rectangle:
        """Give the smallest area that holds both."""
        return Rectangle(
            min(self.first_column, other.first_column),
            min(self.first_row, other.first_row),
            max(self.last_column, other.last_column),
            max(self.last_row, other.last_row),
        )


def stretched(areas: str, new: Rectangle, header_row: int) -> str:
    """Stretch the areas that covered a table's rows down to ``new``, the rows appended to it.

    An area that ends above, begins below, holds the header alone or stands in other columns stays.
    """

    def one(text: str) -> str:
        area = Rectangle.parse(text)
        if area is None or area.last_row >= new.last_row or area.first_row > new.first_row:
            return text
        if area.last_row < max(new.first_row - 1, header_row + 1):
            return text
        if area.last_column < new.first_column or new.last_column < area.first_column:
            return text
        return str(area.down_to(new.last_row))

    return each_area(areas, one)


def each_area(areas: str, change: Callable[[str], str]) -> str:
    """Change each area of a list, and keep how the list is written."""
    return re.sub(r"[^\s]+", lambda found: change(found[0]), areas)
