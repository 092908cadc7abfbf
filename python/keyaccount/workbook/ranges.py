"""Where formulas and charts look: ranges of sheets, conditions, and texts as a formula compares them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from keyaccount.workbook.cells import letters

_OPERATORS = ("=", "<", ">")
_WILD = re.compile(r"[*?~]")


def quoted_title(title: str) -> str:
    """Write a sheet's title as formulas, charts and links name it."""
    quoted = title.replace("'", "''")
    return f"'{quoted}'"


@dataclass(frozen=True, slots=True)
class Area:
    """Rows of a sheet, and its columns' letters by English header."""

    title: str
    first: int
    last: int
    letters: dict[str, str]

    def __contains__(self, column: str) -> bool:
        """Tell whether the sheet has this column."""
        return column in self.letters

    def column(self, name: str) -> str:
        """Write the range of a column."""
        letter = self.letters[name]
        return f"{quoted_title(self.title)}!${letter}${self.first}:${letter}${max(self.first, self.last)}"


def column_letters_of(headers: Iterable[str]) -> dict[str, str]:
    """Give the letters of columns that stand side by side from A on."""
    return {name: letters(index) for index, name in enumerate(headers)}


def in_month(dates: str, month: int) -> str:
    """Write the two conditions of SUMIFS by which a range of dates lies in a month (an index)."""
    first, following = _first_day(month), _first_day(month + 1)
    return f'{dates},">="&{first},{dates},"<"&{following}'


def is_in_month(dates: str, month: int) -> str:
    """Write the product by which a range of dates lies in a month, for SUMPRODUCT."""
    return f"({dates}>={_first_day(month)})*({dates}<{_first_day(month + 1)})"


def _first_day(month: int) -> str:
    return f"DATE({month // 12},{month % 12 + 1},1)"


def told_apart(wanted: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether a spreadsheet program's conditions tell each of these texts from all others.

    They do not mind capitals, take 001 for 1, and read signs of comparison and wildcards.
    """
    seen: dict[str, str] = {}
    listed = list(wanted)
    if any(not text or text.startswith(_OPERATORS) or _WILD.search(text) for text in listed):
        return False
    keys = {_as_compared(text) for text in listed}
    for text in {*listed, *others}:
        key = _as_compared(text)
        if key in keys and seen.setdefault(key, text) != text:
            return False
    return True


def _as_compared(text: str) -> str:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return text.casefold()
    return str(number.normalize()) if number.is_finite() else text.casefold()
