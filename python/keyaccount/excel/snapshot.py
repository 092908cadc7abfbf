"""The workbook that is open in Excel as a package in memory, which the one reader reads.

What matters is taken over in whole ranges: the sheets and Excel tables that bear a plan table's name, and the
result sheets with their formulas. Other sheets are there by name only. The number of transfers depends on
sheets and columns, not on rows (up to BLOCK_ROWS).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.excel.native import CellError, Dated, Extent, Font, Rows, Value, as_rows, native
from keyaccount.tables import INPUT_TABLES, RESULT_SHEETS
from keyaccount.workbook.cells import letters, text_content
from keyaccount.workbook.create import template_path
from keyaccount.workbook.headers import name_key
from keyaccount.workbook.markup import escape
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import relationships_part
from keyaccount.workbook.structure import (
    CONTENT_TYPES,
    MAIN,
    PACKAGE_RELATIONSHIPS,
    PACKAGE_TYPES,
    SPREADSHEET,
    ContentTypes,
)
from keyaccount.workbook.writer import Changes

if TYPE_CHECKING:
    import xlwings as xw

BLOCK_ROWS = 50_000
_NAMESPACE, _RELATIONSHIPS = next(iter(MAIN.items()))
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_VISIBLE = (-1, 1)
"""As Windows says it, and True; 0 and 2 are hidden."""
_WHOLE = 10**15
_SHEET_HEAD = f'{_HEAD}<worksheet xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONSHIPS}">'
_THEME, _THEME_PART = ("theme", "theme/theme1.xml"), "xl/theme/theme1.xml"
_TABLES = "xl/tables/"
_DATED = 1
"""The number of the cell format that shows dates."""
_INPUT_TITLES = frozenset(name_key(name) for table in INPUT_TABLES for name in (table.name, *table.zh))
_RESULT_TITLES = frozenset(name_key(name) for sheet in RESULT_SHEETS for name in (sheet.name, *sheet.zh))
_TABLE_NAMES = frozenset(name_key(table.table_name) for table in INPUT_TABLES)
_HIDDEN, _UNSEEN, _SINCE_1904 = ' hidden="1"', ' state="hidden"', ' date1904="1"'


@dataclass(frozen=True, slots=True)
class _Table:
    """An Excel table: its name and area, whether it has a header row, and its rows of totals."""

    name: str
    area: str
    headed: bool
    totals: int


def snapshot(book: xw.Book, only: Collection[str] | None = None) -> Package:
    """Take the workbook over; ``only``: the titles of the sheets whose cells are wanted."""
    parts: dict[str, str] = {}
    sheets = list(book.sheets)
    for number, sheet in enumerate(sheets, start=1):
        tables = _tables(sheet)
        wanted = sheet.name in only if only is not None else _matters(sheet.name, tables)
        parts |= _sheet_parts(number, sheet, tables if wanted else [], wanted=wanted)
    titles = [(sheet.name, int(sheet.visible) in _VISIBLE) for sheet in sheets]
    front = book.sheets.active.name  # it may be a chart's
    active = next((index for index, (title, _) in enumerate(titles) if title == front), 0)
    parts |= _book_parts(titles, active, date1904=native().date1904(book), font=native().normal_font(book))
    parts = {CONTENT_TYPES: _content_types(parts)} | parts
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return Package.of_bytes(out.getvalue(), book.name, partial(_folder, book))


def _folder(book: xw.Book) -> Path | None:
    """Give the folder that the workbook was saved in; None for one that is new, or online.

    Asked only where a source is named: of a file that is online xlwings searches the disk for a copy.
    """
    try:
        path = Path(book.fullname)
    except Exception:  # noqa: BLE001 xlwings' own, where a file that is online is on no disk
        return None
    return path.parent if path.is_absolute() else None


def emptied(package: Package, kept: Collection[str]) -> Changes:
    """Give what has to change in such a package so that only the sheets with these titles hold cells."""
    types = ContentTypes(package.read(CONTENT_TYPES))
    tables = [part for part in package.names if part.startswith(_TABLES)]
    for part in tables:
        types.remove(part)
    blank = f"{_SHEET_HEAD}<sheetData/></worksheet>".encode()
    others = [entry.part for entry in package.sheets if entry.title not in kept]
    gone = [part for part in map(relationships_part, others) if part in package]
    return dict.fromkeys(others, blank) | dict.fromkeys([*tables, *gone]) | {CONTENT_TYPES: types.result()}


def _matters(title: str, tables: Collection[_Table]) -> bool:
    key = name_key(title)
    return (
        key in _INPUT_TITLES
        or key in _RESULT_TITLES
        or any(_TABLE_NAMES & {name_key(t.name)} for t in tables)
    )


def _tables(sheet: xw.Sheet) -> list[_Table]:
    return [
        _Table(
            table.name,
            table.range.address.replace("$", ""),
            bool(table.show_headers),
            int(bool(table.show_totals)),
        )
        for table in sheet.tables
    ]


# --- a sheet's cells ------------------------------------------------------------------------------


def _sheet_parts(
    number: int, sheet: xw.Sheet, tables: Collection[_Table], *, wanted: bool
) -> Iterator[tuple[str, str]]:
    """Give a sheet's part, and those of its tables."""
    extent = native().extent(sheet) if wanted else Extent(0, 0)
    rows = "".join(_rows(sheet, extent)) if extent.rows else ""
    colour = native().tab_colour(sheet) if wanted else ""
    tab = f'<sheetPr><tabColor rgb="{colour}"/></sheetPr>' if colour else ""
    links = "".join(f'<tablePart r:id="rId{index}"/>' for index in range(1, len(tables) + 1))
    listed = f'<tableParts count="{len(tables)}">{links}</tableParts>' if tables else ""
    yield (
        f"xl/worksheets/sheet{number}.xml",
        f"{_SHEET_HEAD}{tab}<sheetData>{rows}</sheetData>{listed}</worksheet>",
    )
    targets = []
    for index, table in enumerate(tables, start=1):
        name = f"table{number}-{index}.xml"
        targets.append(("table", f"../tables/{name}"))
        yield f"{_TABLES}{name}", _table_part(table, number * 1000 + index)
    if targets:
        yield f"xl/worksheets/_rels/sheet{number}.xml.rels", _relationships(targets)


def _rows(sheet: xw.Sheet, extent: Extent) -> Iterator[str]:
    keeps_formulas = name_key(sheet.name) in _RESULT_TITLES
    for first in range(1, extent.rows + 1, BLOCK_ROWS):
        last = min(extent.rows, first + BLOCK_ROWS - 1)
        area = sheet.range((first, 1), (last, extent.columns))
        values = native().values(area)
        formulas = as_rows(area.formula) if keeps_formulas else []
        hidden = native().hidden_rows(area, values) if not keeps_formulas else set()
        yield from _rows_xml(first, values, formulas, hidden)


def _rows_xml(
    first: int, values: Rows, formulas: list[list[object]], hidden: Collection[int]
) -> Iterator[str]:
    places = [letters(index) for index in range(len(values[0]))]
    for number, row in enumerate(values, start=first):
        said = formulas[number - first] if formulas else ()
        cells = "".join(
            f'<c r="{place}{number}"{_cell(value, said[index] if said else None)}'
            for index, (place, value) in enumerate(zip(places, row, strict=True))
            if value is not None or (said and said[index])
        )
        if cells:
            yield f'<row r="{number}"{_HIDDEN if number in hidden else ""}>{cells}</row>'


def _cell(value: Value, said: object) -> str:
    """Write a cell after its reference; ``said`` is its formula or, where it has none, its text again."""
    formula = ""
    if isinstance(said, str) and said.startswith("=") and said != value:
        formula = f"<f>{text_content(said[1:])}</f>"
    match value:
        case CellError():
            return f' t="e">{formula}<v>{escape(value)}</v></c>'
        case bool():
            return f' t="b">{formula}<v>{int(value)}</v></c>'
        case float():
            style = f' s="{_DATED}"' if isinstance(value, Dated) else ""
            return f"{style}>{formula}<v>{_number(value)}</v></c>"
        case str() if formula:
            return f' t="str">{formula}<v>{text_content(value)}</v></c>'
        case str():
            return f' t="inlineStr"><is><t xml:space="preserve">{text_content(value)}</t></is></c>'
    return f' t="str">{formula}<v></v></c>'


def _number(value: float) -> str:
    """Write a number as Excel's files have it."""
    whole = abs(value) < _WHOLE and value.is_integer()
    return str(int(value)) if whole else repr(float(value))


# --- the other parts ------------------------------------------------------------------------------


def _table_part(table: _Table, number: int) -> str:
    headed = "" if table.headed else ' headerRowCount="0"'
    totals = f' totalsRowCount="{table.totals}"' if table.totals else ""
    name = escape(table.name)
    return (
        f'{_HEAD}<table xmlns="{_NAMESPACE}" id="{number}" name="{name}" displayName="{name}"'
        f' ref="{table.area}"{headed}{totals}/>'
    )


def _book_parts(
    titles: Collection[tuple[str, bool]], active: int, *, date1904: bool, font: Font
) -> Mapping[str, str]:
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{number}" r:id="rId{number}"{"" if seen else _UNSEEN}/>'
        for number, (title, seen) in enumerate(titles, start=1)
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(titles) + 1)]
    return {
        "_rels/.rels": _relationships([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_NAMESPACE}" xmlns:r="{_RELATIONSHIPS}">'
        f"<workbookPr{_SINCE_1904 if date1904 else ''}/>"
        f'<bookViews><workbookView activeTab="{active}"/></bookViews>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relationships([*targets, ("styles", "styles.xml"), _THEME]),
        _THEME_PART: _theme(),
        "xl/styles.xml": _styles(font),
    }


@cache
def _theme() -> str:
    """Give the template's theme: a workbook is expected to have one."""
    with Package.open(template_path("en")) as template:
        return template.read(_THEME_PART).decode()


def _styles(font: Font) -> str:
    colour = f'<color rgb="{font.colour}"/>' if font.colour else ""
    return (
        f'{_HEAD}<styleSheet xmlns="{_NAMESPACE}">'
        f'<fonts count="1"><font><sz val="{font.size:g}"/>{colour}<name val="{escape(font.name)}"/>'
        "</font></fonts>"
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _relationships(targets: Collection[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{PACKAGE_RELATIONSHIPS}">{listed}</Relationships>'


def _content_types(parts: Collection[str]) -> str:
    kinds = {"xl/workbook.xml": "sheet.main", "xl/styles.xml": "styles"}
    kinds |= {part: "worksheet" for part in parts if part.startswith("xl/worksheets/sheet")}
    kinds |= {part: "table" for part in parts if part.startswith(_TABLES)}
    types = {part: f"{SPREADSHEET}{kind}+xml" for part, kind in kinds.items()}
    types[_THEME_PART] = "application/vnd.openxmlformats-officedocument.theme+xml"
    listed = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_HEAD}<Types xmlns="{PACKAGE_TYPES}"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
