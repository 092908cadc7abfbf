"""Edits of a base workbook that mutators are made of: a cell's XML, a row's value, a whole sheet anew."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from keyaccount.workbook.rawrows import column_letters
from tests.campaigns.fuzzing.books import DECLARATION, Base, Parts, Place, cell, column, header, said
from tests.campaigns.fuzzing.judge import Meaning, Variant
from tests.campaigns.fuzzing.packing import of_parts, pack
from tests.campaigns.fuzzing.rows import TABLES, Row, Rows
from tests.workbook.reading import MAIN, OFFICE

STRINGS = "xl/sharedStrings.xml"


def variant(
    parts: Parts, what: str, meaning: Meaning = "open", rows: Rows | None = None, *, or_error: bool = False
) -> Variant:
    """Pack parts into a variant."""
    return Variant(pack(of_parts(parts)), what, meaning, rows, or_error)


def places(base: Base, *kinds: str, filled: bool = True) -> list[Place]:
    """List the cells whose columns are of these kinds."""
    return [
        each
        for each in base.places
        if column(each.table, each.field).kind in kinds and (each.value is not None or not filled)
    ]


def pattern(address: str) -> re.Pattern[str]:
    """Find a cell in a sheet part."""
    return re.compile(rf'<c r="{address}"(?:[^>]*/>|(?:[^>]*[^/>])?>.*?</c>)', re.DOTALL)


def with_cell(parts: Parts, place: Place, xml: str) -> Parts:
    """Replace a cell; one that is not there is put at the end of its row's cells before it."""
    text = parts[place.part].decode()
    made, count = pattern(place.address).subn(lambda _: xml, text, count=1)
    if not count:
        number = re.sub("[A-Z]", "", place.address)
        made = re.sub(rf'(<row r="{number}"[^>]*>.*?)(</row>)', lambda m: f"{m[1]}{xml}{m[2]}", text, count=1)
    return parts | {place.part: made.encode()}


def cell_of(parts: Parts, place: Place) -> str:
    """Give a cell's XML, nothing where it is not there."""
    found = pattern(place.address).search(parts[place.part].decode())
    return found[0] if found else ""


def with_text(parts: Parts, part: str, old: str | re.Pattern[str], new: str) -> Parts:
    """Replace a text in a part, once."""
    text = parts[part].decode()
    if isinstance(old, re.Pattern):
        return parts | {part: old.sub(lambda _: new, text, count=1).encode()}
    return parts | {part: text.replace(old, new, 1).encode()}


def with_value(rows: Rows, place: Place, value: Any) -> Rows:  # noqa: ANN401 cells hold anything
    """Change a value."""
    changed = [dict(row) for row in rows[place.table]]
    changed[place.row][place.field] = value
    return rows | {place.table: changed}


def sheet_anew(  # noqa: PLR0913 all that a sheet's layout can be
    base: Base,
    table: str,
    rows: Sequence[Row],
    *,
    order: Sequence[str] = (),
    top: int = 1,
    left: int = 1,
    gaps: Mapping[int, int] | None = None,
    headers: Mapping[str, str] | None = None,
    beside: str = "",
) -> Parts:
    """Write a sheet's part anew: rows in any order of columns, from any row and column on, with blank rows.

    ``gaps``: blank rows before a row (0: the first); ``headers``: other header texts; ``beside``: a text in
    a column of nobody's, in each row. Its Excel table, if it has one, goes.
    """
    names = [*(order or TABLES[table])]
    columns = [column(table, field) for field in names]
    told = headers or {}
    written = [
        _row(top, left, [told.get(each.field, header(each, base.language)) for each in columns], beside)
    ]
    number = top
    for index, row in enumerate(rows):
        number += 1 + (gaps or {}).get(index, 0)
        contents = [said(each, row[each.field], base.language) for each in columns]
        written.append(_row(number, left, contents, beside))
    text = f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{"".join(written)}</sheetData></worksheet>'
    part = base.sheet_part(table)
    relations = f"xl/worksheets/_rels/{part.rpartition('/')[2]}.rels"
    return {name: data for name, data in base.parts.items() if name != relations} | {part: text.encode()}


def _row(number: int, left: int, contents: Sequence[object], beside: str) -> str:
    filled = [*contents, *([beside] if beside else [])]
    cells = [
        cell(f"{column_letters(place)}{number}", content)
        for place, content in enumerate(filled, left)
        if content is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def with_string(parts: Parts, text: str) -> tuple[Parts, int]:
    """Add a shared string; gives its number."""
    strings = parts[STRINGS].decode()
    made = strings.replace("</sst>", f'<si><t xml:space="preserve">{text}</t></si></sst>')
    return parts | {STRINGS: made.encode()}, strings.count("<si>")


def some(random: Random, found: Sequence[Place], most: int = 3) -> list[Place]:
    """Pick a few different cells."""
    return random.sample([*found], min(len(found), random.randint(1, most)))


def with_entry(parts: Parts, xml: str) -> Parts:
    """Put an element at the end of the workbook's list of sheets."""
    return with_text(parts, "xl/workbook.xml", "</sheets>", f"{xml}</sheets>")


def with_relation(parts: Parts, number: str, kind: str, target: str) -> Parts:
    """Add a relationship of the workbook."""
    xml = f'<Relationship Id="{number}" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    return with_text(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", xml)
