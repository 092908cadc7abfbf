"""Workbooks to read: plain ones by openpyxl, and sheet parts written by hand, byte by byte."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table as ExcelTable

from keyaccount.problems import Problem
from keyaccount.tables import ReadBook
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook

Rows = Sequence[Sequence[object]]

ENGLISH: dict[str, Rows] = {
    "Tiers": [
        ["Tier", "Rate", "Effective From"],
        ["strategic", 0.02, None],
        ["core", 0.015, date(2026, 1, 1)],
    ],
    "Account Tiers": [["Account ID", "Tier", "Effective From"], ["A01", "strategic", date(2026, 1, 1)]],
    "Salespeople": [["Salesperson ID", "Name"], ["S01", "Salesperson S01"]],
    "Assignments": [["Account ID", "Salesperson ID", "Share", "From"], ["A01", "S01", 1, date(2026, 1, 1)]],
    "Sales": [
        ["Sale ID", "Date", "Account ID", "Gross Amount", "Discount"],
        ["X1", date(2026, 1, 5), "A01", 1234.5, None],
        ["X2", date(2026, 2, 6), "A01", 100, 0.01],
    ],
}
CHINESE: dict[str, Rows] = {
    "等级提成比例": [
        ["等级", "提成比例", "生效日期"],
        ["战略客户", 0.02, None],
        ["核心客户", 0.015, date(2026, 1, 1)],
    ],
    "客户等级记录": [["客户编号", "等级", "生效日期"], ["A01", "战略客户", date(2026, 1, 1)]],
    "销售员": [["销售员编号", "姓名"], ["S01", "Salesperson S01"]],
    "客户归属": [["客户编号", "销售员编号", "分成比例", "开始日期"], ["A01", "S01", 1, date(2026, 1, 1)]],
    "销售明细": [
        ["单号", "日期", "客户编号", "销售额(不含税)", "折扣额(不含税)"],
        ["X1", date(2026, 1, 5), "A01", 1234.5, None],
        ["X2", date(2026, 2, 6), "A01", 100, 0.01],
    ],
}
SALES_HEADER = ("Sale ID", "Date", "Account ID", "Gross Amount", "Discount")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE_STYLE = 1
"""The cell format of hand-made workbooks that shows a date."""
STYLES = (
    f'<styleSheet xmlns="{MAIN}">'
    '<numFmts><numFmt numFmtId="164" formatCode="#,##0.00\\ &quot;days&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def openpyxl_book(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write sheets with openpyxl, as a person's plain workbook."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def with_table(path: Path, sheet: str, reference: str, name: str, totals: int = 0) -> Path:
    """Put an Excel table on a sheet."""
    book = load_workbook(path)
    table = ExcelTable(displayName=name, ref=reference)
    table.totalsRowCount = totals or None
    book[sheet].add_table(table)
    book.save(path)
    return path


def with_sales(rows: Rows, header: Sequence[object] = SALES_HEADER) -> dict[str, Rows]:
    """Give the English workbook with these sales."""
    return {**ENGLISH, "Sales": [header, *rows]}


def xml_book(
    path: Path,
    data: Mapping[str, str],
    *,
    strings: str = "",
    workbook: str = "",
    styles: str = STYLES,
    parts: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a workbook by hand: per sheet title a whole sheet part; ``parts`` replace or add others."""
    titles = list(data)
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>' for n, title in enumerate(titles, 1)
    )
    relationships = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(titles) + 1)
    )
    relationships += f'<Relationship Id="rIdS" Type="{OFFICE}/styles" Target="styles.xml"/>'
    if strings:
        relationships += f'<Relationship Id="rIdT" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    written = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
        f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f"{relationships}</Relationships>",
        "xl/styles.xml": styles,
        **{f"xl/worksheets/sheet{n}.xml": data[title] for n, title in enumerate(titles, 1)},
        **({"xl/sharedStrings.xml": strings} if strings else {}),
    }
    contents = {name: text.encode() for name, text in written.items()} | dict(parts or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """Write a sheet part around its rows."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    )


def text(reference: str, content: str) -> str:
    """Write a cell with its text in the sheet."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(content)}</t></is></c>'


def number(reference: str, content: object, style: int = 0) -> str:
    """Write a cell with a number."""
    return f'<c r="{reference}" s="{style}"><v>{content}</v></c>'


def header_row(headers: Sequence[str] = SALES_HEADER, row: int = 1) -> str:
    """Write a header row."""
    cells = "".join(text(f"{chr(65 + place)}{row}", header) for place, header in enumerate(headers))
    return f'<row r="{row}">{cells}</row>'


def sale(row: int, **cells: str) -> str:
    """Write a row of Sales; ``A`` to ``E`` replace a whole cell, ``""`` leaves it out."""
    plain = {
        "A": text(f"A{row}", f"X{row}"),
        "B": number(f"B{row}", 46_027, DATE_STYLE),
        "C": text(f"C{row}", "A01"),
        "D": number(f"D{row}", 100),
        "E": "",
    }
    return f'<row r="{row}">{"".join((plain | cells).values())}</row>'


def read(path: Path) -> ReadBook:
    """Read a workbook."""
    with Package.open(path) as package:
        return read_workbook(package)


def read_sales(path: Path, rows: str, *, strings: str = "", workbook: str = "") -> ReadBook:
    """Read a hand-made workbook that has only Sales, with these rows under the header."""
    part = sheet(header_row() + rows)
    return read(xml_book(path, {"Sales": part}, strings=strings, workbook=workbook))


def found(book: ReadBook, table: str = "", severity: str = "error") -> list[tuple[str, str, str]]:
    """Give the problems (of a table) as sheet, cell and value; those of other tables left out."""
    return [
        (book.located[each.table].title, book.located[each.table].cell(each.row, each.column), each.value)
        for each in problems(book, table, severity)
    ]


def problems(book: ReadBook, table: str = "", severity: str = "error") -> list[Problem]:
    """Give the problems of a table (else all), each with its sentences filled in without a fault."""
    chosen = [each for each in book.problems if each.severity == severity and table in {"", each.table}]
    assert all(each.sentence and each.advice for each in chosen)
    return chosen
