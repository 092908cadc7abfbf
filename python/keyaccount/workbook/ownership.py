"""Tells a result sheet that the program wrote from a sheet of the user's that only bears its name.

What is not ours under such a name is left alone: it could not be made again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain

from keyaccount.tables import ResultSheet
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.look import TAB_COLOUR
from keyaccount.workbook.package import Package
from keyaccount.workbook.sheetentries import SheetEntry

HEAD_ROWS = 5
"""A result sheet's title and header stand in these rows."""
_TAB = re.compile(rb"""<(?:[^\s:<>]+:)?tabColor\s[^>]*?\brgb\s*=\s*["']([0-9A-Fa-f]+)""")
_HOLDS = re.compile(
    rb"<(?:[^\s:<>]+:)?(?:v|is|f|drawing|legacyDrawing|picture|oleObjects|controls|extLst)[\s/>]"
)
_FIRST_BYTES = 4096


def tab_colour(package: Package, sheet: SheetEntry) -> str:
    """Give the colour of a sheet's tab as eight hex digits, or nothing where it has none of its own."""
    found = _TAB.search(next(package.stream(sheet.part, _FIRST_BYTES), b""))
    return found[1].decode().upper() if found else ""


def is_ours(
    result: ResultSheet, package: Package, sheet: SheetEntry, head: Mapping[int, Mapping[int, str]]
) -> bool:
    """Tell whether a sheet that bears a result sheet's name is one; ``head``: the texts of its first rows.

    It is by its title, by half of its headers, by the colour of its tab (when its head was edited), and
    when there is nothing on it. A single header says nothing: Month stands on many sheets.
    """
    texts = {name_key(text) for row in head.values() for text in row.values()}
    if texts & {name_key(title) for title in result.title if title not in ("", result.name, *result.zh)}:
        return True
    headers = [{name_key(column.en), name_key(column.zh)} for column in result.columns]
    if headers and 2 * sum(bool(each & texts) for each in headers) >= len(headers):
        return True
    return tab_colour(package, sheet) == TAB_COLOUR or not (texts or _holds_something(package, sheet))


def _holds_something(package: Package, sheet: SheetEntry) -> bool:
    before = b""
    for piece in chain(package.stream(sheet.part), [b""]):
        if _HOLDS.search(before + piece):
            return True
        before = piece[-_FIRST_BYTES:]
    return False
