"""Raw rows: what every way of reading a sheet part gives, before any cell is understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384

RawCell = tuple[bytes, bytes]
"""A cell's attributes and content, as ``rawcells`` describes them."""
BLANK: RawCell = (b"", b"")


class RowFault(NamedTuple):
    """Something wrong with a row or cell itself: where (column 0: the row), and what."""

    row: int
    column: int
    value: str
    problem: str
    remedy: str


class RawRow(NamedTuple):
    """A row: its number, whether it is hidden, its cells that are not blank by column (1 = A)."""

    number: int
    hidden: bool
    cells: dict[int, RawCell]


class RawColumn(NamedTuple):
    """A column's cells: their tags (one, when all are alike) and contents (none: blank)."""

    tags: bytes | Sequence[bytes]
    contents: Sequence[bytes | None]

    def tag(self, index: int) -> bytes:
        """Give a cell's tag."""
        return self.tags if isinstance(self.tags, bytes) else self.tags[index]


@dataclass(slots=True)
class Batch:
    """Rows of a sheet: their numbers and the wanted columns. Rows may be blank; batches may interleave.

    ``piece``: the part's bytes whose rows are complete with this batch, where they were read the quick way.
    """

    numbers: list[int]
    columns: list[RawColumn]
    hidden: set[int] = field(default_factory=set)  # numbers of hidden rows
    piece: bytes = b""

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.numbers)

    def below(self, row: int) -> Batch:
        """Give the rows below a row."""
        if min(self.numbers, default=row + 1) > row:
            return self
        kept = [index for index, number in enumerate(self.numbers) if number > row]
        columns = [
            RawColumn([each.tag(index) for index in kept], [each.contents[index] for index in kept])
            for each in self.columns
        ]
        return Batch([self.numbers[index] for index in kept], columns, self.hidden, self.piece)

    @classmethod
    def of_rows(cls, rows: Sequence[RawRow], columns: Sequence[int]) -> Batch:
        """Put rows side by side as columns."""
        cells = [[row.cells.get(column, BLANK) for row in rows] for column in columns]
        return cls(
            [row.number for row in rows],
            [RawColumn([tag for tag, _ in each], [content or None for _, content in each]) for each in cells],
            {row.number for row in rows if row.hidden},
        )


def column_number(letters: str) -> int:
    """Give the number of a column's letters (A = 1)."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Give the letters of a column's number (1 = A)."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
