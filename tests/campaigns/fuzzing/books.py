"""The workbooks that are mutated: a small demo as a person's plain workbook, before and after runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

from keyaccount.book import Stamp
from keyaccount.commands import run_book
from keyaccount.periods import Period
from keyaccount.settlement import Command
from keyaccount.tables import TABLE, WORDS, Column
from keyaccount.workbook.rawrows import column_letters
from tests import reference
from tests.campaigns.fuzzing.packing import of_parts, pack
from tests.campaigns.fuzzing.rows import TABLES, Language, Rows, inputs, small_demo
from tests.workbook.books import parts
from tests.workbook.reading import MAIN, OFFICE, PACKAGE

DATE_STYLE, AMOUNT_STYLE = 1, 2
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}">'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="4"/></cellXfs></styleSheet>'
)
EXCEL_TABLES = ("Sales", "Adjustments")
SHARED = ("Sales", "Assignments", "Account Tiers")
"""Sheets whose texts are shared strings; those of the others stand in the sheet."""
STAMP = Stamp("2026-04-01T00:00:00Z", "finance", "desk")
Parts = dict[str, bytes]


class Place(NamedTuple):
    """A cell of an input table: its row (0: the first below the header), field, part, address and value."""

    table: str
    row: int
    field: str
    part: str
    address: str
    value: Any


@dataclass(frozen=True)
class Base:
    """A workbook to mutate: its parts, its rows and cells, what the reference booked, and the run to make."""

    name: str
    language: Language
    parts: Parts
    rows: Rows
    places: list[Place]
    ledger: list[dict[str, Any]]
    run: tuple[str, str]

    def sheet_part(self, table: str) -> str:
        """Give the part of an input table's sheet."""
        return f"xl/worksheets/sheet{list(TABLES).index(table) + 1}.xml"


def bases(folder: Path) -> list[Base]:
    """Make the four workbooks: in each language, before any run and after those of a quarter."""
    made = []
    for language in ("en", "zh"):
        plain = fresh(language)
        made += [plain, _after_runs(plain, folder / f"{language}.xlsx")]
    return made


def fresh(language: Language) -> Base:
    rows = small_demo(language)
    strings: dict[str, int] = {}
    made: Parts = {}
    places: list[Place] = []
    for number, name in enumerate(TABLES, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        made[part] = _sheet(name, rows, language, part, strings, places).encode()
        if name in EXCEL_TABLES:
            made |= _excel_table(name, number, rows, language)
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
    made["xl/sharedStrings.xml"] = f'{DECLARATION}<sst xmlns="{MAIN}">{items}</sst>'.encode()
    made["xl/styles.xml"] = STYLES.encode()
    return Base(
        f"{language}, fresh", language, _frame(language) | made, rows, places, [], ("settle", "2026Q1")
    )


def _frame(language: Language) -> Parts:
    """Give the parts that hold the sheets together."""
    titles = [title(name, language) for name in TABLES]
    sheets = "".join(
        f'<sheet name={quoteattr(each)} sheetId="{n}" r:id="rId{n}"/>' for n, each in enumerate(titles, 1)
    )
    numbers = range(1, len(titles) + 1)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    for name in ("styles", "sharedStrings"):
        relations += f'<Relationship Id="{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}.{word}+xml"/>'
        for part, word in [
            ("xl/workbook.xml", "sheet.main"),
            *((f"xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers),
            ("xl/styles.xml", "styles"),
            ("xl/sharedStrings.xml", "sharedStrings"),
            *((f"xl/tables/table{list(TABLES).index(name) + 1}.xml", "table") for name in EXCEL_TABLES),
        ]
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        "</Relationships>",
    }
    return {name: f"{DECLARATION}{text}".encode() for name, text in texts.items()}


def _sheet(
    name: str, rows: Rows, language: Language, part: str, strings: dict[str, int], places: list[Place]
) -> str:
    def put(address: str, content: object) -> str:
        if isinstance(content, str) and name in SHARED:
            index = strings.setdefault(content, len(strings))
            return f'<c r="{address}" t="s"><v>{index}</v></c>'
        return cell(address, content)

    columns = [column(name, field) for field in TABLES[name]]
    cells = [put(f"{column_letters(n)}1", header(each, language)) for n, each in enumerate(columns, 1)]
    written = [f'<row r="1">{"".join(cells)}</row>']
    for index, row in enumerate(rows[name]):
        number = index + 2
        cells = []
        for place, each in enumerate(columns, 1):
            address = f"{column_letters(place)}{number}"
            content = said(each, row[each.field], language)
            places.append(Place(name, index, each.field, part, address, row[each.field]))
            cells.append("" if content is None else put(address, content))
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    end = f"{column_letters(len(columns))}{len(rows[name]) + 1}"
    tables = f'<tableParts count="1"><tablePart xmlns:r="{OFFICE}" r:id="rId1"/></tableParts>'
    return (
        f'{DECLARATION}<worksheet xmlns="{MAIN}"><dimension ref="A1:{end}"/><sheetData>{"".join(written)}'
        f"</sheetData>{tables if name in EXCEL_TABLES else ''}</worksheet>"
    )


def _excel_table(name: str, number: int, rows: Rows, language: Language) -> Parts:
    columns = [header(column(name, field), language) for field in TABLES[name]]
    area = f"A1:{column_letters(len(columns))}{len(rows[name]) + 1}"
    listed = "".join(f'<tableColumn id="{n}" name={quoteattr(each)}/>' for n, each in enumerate(columns, 1))
    about = f'id="{number}" name="{name}" displayName="{name}" ref="{area}"'
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/table" Target="../tables/table{number}.xml"/>'
    return {
        f"xl/tables/table{number}.xml": f'{DECLARATION}<table xmlns="{MAIN}" {about}>'
        f'<autoFilter ref="{area}"/><tableColumns count="{len(columns)}">{listed}'
        "</tableColumns></table>".encode(),
        f"xl/worksheets/_rels/sheet{number}.xml.rels": f"{DECLARATION}<Relationships"
        f' xmlns="{PACKAGE}/relationships">{relation}</Relationships>'.encode(),
    }


def title(name: str, language: Language) -> str:
    """Give a table's sheet title."""
    return TABLE[name].zh[0] if language == "zh" else name


def column(name: str, field: str) -> Column:
    """Give a table's column."""
    return TABLE[name].column(field)


def header(each: Column, language: Language) -> str:
    """Give a column's header."""
    return each.zh[0] if language == "zh" else each.en


def said(each: Column, value: object, language: Language) -> object:
    """Give a value as the workbook's language has it."""
    words = (
        WORDS.get(each.words or each.kind, {}) if language == "zh" and each.kind in {"word", "tier"} else {}
    )
    return words[value][0] if isinstance(value, str) and value in words else value


def cell(address: str, content: object) -> str:
    """Write a cell plainly."""
    match content:
        case date():
            return f'<c r="{address}" s="{DATE_STYLE}"><v>{serial(content)}</v></c>'
        case Decimal():
            style = f' s="{AMOUNT_STYLE}"' if content.as_tuple().exponent == -2 else ""
            return f'<c r="{address}"{style}><v>{content}</v></c>'
        case int():
            return f'<c r="{address}"><v>{content}</v></c>'
        case _:
            return f'<c r="{address}" t="inlineStr"><is><t>{escape(str(content))}</t></is></c>'


def serial(day: date) -> int:
    """Give a day's number in the 1900 system."""
    return (day - date(1899, 12, 30)).days


# --- after runs -----------------------------------------------------------------------------------------


def _after_runs(fresh: Base, path: Path) -> Base:
    """Run a quarter with the program itself; of the result sheets only those stay that are the state."""
    path.write_bytes(pack(of_parts(fresh.parts)))
    ledger: list[dict[str, Any]] = []
    runs: tuple[tuple[Command, str], ...] = (("advance", "2026-03"), ("settle", "2026Q1"))
    for command, period in runs:
        report = run_book(path, command, Period.parse(period), STAMP)
        assert report.booked, report.problems
        ledger += reference.run(inputs(fresh.rows), ledger, command, period).entries
    name = fresh.name.replace("fresh", "after runs")
    kept = _without_other_results(parts(path))
    return Base(name, fresh.language, kept, fresh.rows, fresh.places, ledger, ("advance", "2026-04"))


def _without_other_results(made: Parts) -> Parts:
    """Delete the result sheets that can be made anew, as a person may."""
    book = made["xl/workbook.xml"].decode()
    relations = made["xl/_rels/workbook.xml.rels"].decode()
    gone: list[str] = []

    def keep(wanted: Callable[[re.Match[str]], bool]) -> Callable[[re.Match[str]], str]:
        return lambda found: found[0] if wanted(found) else ""

    def is_state(found: re.Match[str]) -> bool:
        number = int(found[2])
        if number <= len(TABLES) or _is_state(made, relations, found[3]):
            return True
        gone.append(found[3])
        return False

    sheet = re.compile(r'<sheet name="([^"]*)" sheetId="(\d+)"[^>]*?r:id="([^"]*)"[^>]*/>')
    book = sheet.sub(keep(is_state), book)
    book = re.sub(r"<definedNames>.*</definedNames>", "", book, flags=re.DOTALL)
    for each in gone:
        relations = re.sub(rf'<Relationship [^>]*Id="{each}"[^>]*/>', "", relations)
    left = made | {"xl/workbook.xml": book.encode(), "xl/_rels/workbook.xml.rels": relations.encode()}
    return {name: data for name, data in left.items() if not _unreached(name, relations)}


def _is_state(made: Parts, relations: str, number: str) -> bool:
    found = re.search(rf'<Relationship [^>]*Id="{number}"[^>]*/>', relations)
    target = re.search(r'Target="/?(?:xl/)?([^"]*)"', found[0]) if found else None
    data = made[f"xl/{target[1]}"] if target else b""
    return any(mark in data for mark in (b"Booked At", b"Content"))


def _unreached(name: str, relations: str) -> bool:
    if "/drawings/" in name or "/charts/" in name:
        return True
    if name.startswith("xl/worksheets/_rels/"):
        name = name.replace("_rels/", "").removesuffix(".rels")
    return name.startswith("xl/worksheets/") and name.removeprefix("xl/") not in relations
