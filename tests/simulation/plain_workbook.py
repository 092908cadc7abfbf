"""A simulated company as a person's plain workbook, written fast: a sheet a table, headers in row 1."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import quoteattr

from keyaccount.tables import TABLE, Column
from keyaccount.workbook.rawrows import column_letters
from tests.campaigns.fuzzing.books import DECLARATION, STYLES, Parts, cell
from tests.campaigns.fuzzing.packing import of_parts, pack
from tests.company import Adjustment, Company, Sale
from tests.workbook.reading import MAIN, OFFICE, PACKAGE

TABLES = {
    "Policies": "policies",
    "Tiers": "tiers",
    "Accounts": "accounts",
    "Account Tiers": "account_tiers",
    "Salespeople": "salespeople",
    "Assignments": "assignments",
    "Sales": "sales",
    "Adjustments": "adjustments",
    "Targets": "targets",
    "Year-End Review": "year_end_review",
    "Opening Balances": "opening_balances",
    "Prior Years": "prior_years",
    "Payments Made": "payments_made",
    "Approvals": "approvals",
}
"""The sheets, and a company's rows for each."""
PARTS = {name: f"xl/worksheets/sheet{number}.xml" for number, name in enumerate(TABLES, 1)}
_FIELDS = {
    Sale: {"date": "day"},
    Adjustment: {"date": "day", "type": "kind", "original_date": "original", "vat_rate": "vat"},
}
"""Columns whose field has another name in a company's rows."""


def packed(parts: Parts) -> bytes:
    """Give the parts as a workbook."""
    return pack(of_parts(parts))


def unpacked(content: bytes) -> Parts:
    """Give a workbook's parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def new_workbook(made: Company) -> Parts:
    """Give the parts of a workbook with a company's rows and nothing else."""
    return _frame() | sheets(made, TABLES)


def sheets(made: Company, names: Iterable[str]) -> Parts:
    """Give the sheets of some tables."""
    return {PARTS[name]: _sheet(name, getattr(made, TABLES[name])).encode() for name in names}


def _sheet(name: str, rows: Iterable[Any]) -> str:
    columns = [each for each in TABLE[name].columns if each.field not in {"note", "channel", "priority"}]
    lines: list[list[object]] = [[each.en for each in columns]]
    lines += [[_value(row, each) for each in columns] for row in rows]
    written = "".join(_row(number, line) for number, line in enumerate(lines, 1))
    return f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{written}</sheetData></worksheet>'


def _row(number: int, values: Iterable[object]) -> str:
    cells = [
        cell(f"{column_letters(place)}{number}", value)
        for place, value in enumerate(values, 1)
        if value is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _value(row: Any, column: Column) -> object:  # noqa: ANN401 a row of any table
    name = _FIELDS.get(type(row), {}).get(column.field, column.field)
    value = getattr(row, name, None)
    if value is None or value in ("", ()):
        return None
    match column.kind:
        case "amount":
            return Decimal(value).scaleb(-2)
        case "ids":
            return "; ".join(value)
        case "yes_no":
            return "yes" if value else "no"
        case _:
            return value


def _frame() -> Parts:
    """Give the parts that hold the sheets together."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(TABLES, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(TABLES) + 1)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = "".join(
        f'<Override PartName="/{part}" ContentType="{kind}.{word}+xml"/>'
        for part, word in (
            ("xl/workbook.xml", "sheet.main"),
            ("xl/styles.xml", "styles"),
            *((part, "worksheet") for part in PARTS.values()),
        )
    )
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        f'<Relationship Id="styles" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    }
    made = {name: f"{DECLARATION}{text}".encode() for name, text in texts.items()}
    return made | {"xl/styles.xml": STYLES.encode()}
