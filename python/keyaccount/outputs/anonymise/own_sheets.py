"""The user's own sheets in an anonymised copy (``--keep-sheets``): their values, with aliases where known.

A text that stands in no input table cannot be known: it is copied. Whoever asks for this has to read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import InvalidOperation

from keyaccount.money import number_text
from keyaccount.outputs.anonymise.aliases import Columns
from keyaccount.tables import INPUT_TABLES, RESULT_SHEETS
from keyaccount.workbook.amounts import cell_number
from keyaccount.workbook.days import moment
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.package import Package
from keyaccount.workbook.plainsheets import Rows, Value
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import LAST_ROW
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings
from keyaccount.workbook.texts import Fault

_MANY = frozenset({"sale_id", "adjustment_id"})
"""Of these there may be a million: they are looked for as a whole cell, not inside texts."""
_SHORTEST = 2
_LONGEST_TITLE = 31
Replace = Callable[[str], str]


def replacer(columns: Columns, copies: Columns) -> Replace:
    """Give what replaces every text of the input tables by what the copy has in its place."""
    whole: dict[str, str] = {}
    inside: dict[str, str] = {}
    for table, fields in columns.items():
        for name, values in fields.items():
            for old, new in _pairs(values, copies[table][name]):
                whole.setdefault(old, new)
                if name not in _MANY and len(old) >= _SHORTEST:
                    inside.setdefault(old, new)
    longest_first = sorted(inside, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest_first))) if inside else None

    def replace(text: str) -> str:
        if text in whole:
            return whole[text]
        return pattern.sub(lambda found: inside[found[0]], text) if pattern else text

    return replace


def _pairs(values: Sequence[object], copies: Sequence[object]) -> Iterator[tuple[str, str]]:
    for old, new in zip(values, copies, strict=False):
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield from zip(old, new, strict=True)
        elif isinstance(old, str) and old and old != new:
            yield old, str(new)


def own_sheets(package: Package, sheets: Sequence[SheetEntry], replace: Replace) -> dict[str, Rows]:
    """Give the sheets' values by title, texts replaced; formulas by what they came to."""
    decoder = Decoder(shared_strings(package), dated_styles(package))
    names = [name for table in INPUT_TABLES for name in (table.name, *table.zh)]
    names += [name for result in RESULT_SHEETS for name in (result.name, *result.zh)]
    taken = set(map(name_key, names))
    made: dict[str, Rows] = {}
    for sheet in sheets:
        title = _free_title(replace(sheet.title), taken)
        taken.add(name_key(title))
        made[title] = list(_rows(package, sheet, decoder, replace))
    return made


def _free_title(wanted: str, taken: set[str]) -> str:
    title, number = wanted[:_LONGEST_TITLE], 2
    while name_key(title) in taken:
        end = f" ({number})"
        title = wanted[: _LONGEST_TITLE - len(end)] + end
        number += 1
    return title


def _rows(
    package: Package, sheet: SheetEntry, decoder: Decoder, replace: Replace
) -> Iterator[tuple[int, Mapping[int, Value]]]:
    for row in SheetXml(package, sheet.part).head(LAST_ROW):
        cells = {column: decoder.cell(*raw) for column, raw in row.cells.items()}
        values = {
            column: _value(cell, replace, date1904=package.date1904)
            for column, cell in cells.items()
            if cell is not None and cell.kind != "formula"
        }
        if values:
            yield row.number, values


def _value(cell: Cell, replace: Replace, *, date1904: bool) -> Value:
    if cell.kind == "number":
        try:
            if cell.dated:
                return moment(cell, date1904=date1904)
            number = cell_number(cell)
        except (Fault, InvalidOperation):
            return replace(cell.text)
        text = number_text(number)
        return number if replace(text) == text or not text.isdigit() else replace(text)
    return replace(cell.text)
