"""Workbooks to write into: a rich one with all that a writer can lose, odd ones, and the result tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, DataBarRule
from openpyxl.styles import Font, NamedStyle, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from keyaccount.tables import (
    CLAWBACKS_BY_CAUSE,
    COMMISSION_BY_QUARTER,
    DASHBOARD,
    RESULT_SHEET,
    RESULT_SHEETS,
    TARGET_ATTAINMENT,
    Block,
    Charted,
    Formula,
    Located,
    ResultColumn,
    ResultTable,
)
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from keyaccount.workbook.writer import write_results

Language = Literal["en", "zh"]
COMPANY = "Sample Company 示例公司"
LOCATED = {
    "Sales": Located("Sales", 1, {"Sale ID": "A", "Date": "B"}),
    "Tiers": Located("Tiers (Joe's)", 1, {"Tier": "A"}),
}
PERSON = ("S01", "Salesperson S01")
DEPARTMENT = "Sales 销售一部"
ROWS: dict[str, list[tuple[object, ...]]] = {
    "Net Sales": [
        ("2026-01", "001", "Sample Account A01", 52_000_000, 2_000_000, 0, 0, 0, 0, 50_000_000),
        ("2026-02", "A02", "=1+1", 30_000_000, 0, -5, 0, 0, 0, 30_000_005),
    ],
    "Commission Detail": [
        ("2026-01", "2026-01", "001", "A", *PERSON, "strategic", 50_000_000, Decimal("0.025"), 1_250_000),
        ("2026-01", "2025-11", "A02", "@x", *PERSON, "core/own", -1, Decimal("0.005"), 0),
    ],
    "Monthly Advances": [(1, "2026-01", DEPARTMENT, *PERSON, 1, 2, 3, 4, 5, 6, 7, -8, None, None)],
    "Quarterly Settlement": [
        (1, "2026Q1", DEPARTMENT, *PERSON, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -11, None, None)
    ],
    "Clawbacks": [
        (
            "R1",
            "return",
            date(2026, 3, 31),
            date(2025, 2, 28),
            "001",
            "S01",
            -1_000_000,
            Decimal("0.0125"),
            -12_500,
            -10_000,
            -2_500,
        ),
        ("R2", "recovery", date(2026, 3, 31), None, "001", "S01", 7, None, 0, 0, 0),
    ],
    "Year-End Settlement": [
        (
            1,
            "2026",
            DEPARTMENT,
            *PERSON,
            1,
            3,
            Decimal("1.23456"),
            5,
            Decimal("0.95"),
            7,
            8,
            9,
            10,
            11,
            12,
            13,
            0,
            None,
            None,
        )
    ],
    "Ledger": [
        (
            1,
            1,
            "2026-02-01T00:00:00Z",
            "2026-01",
            "advance",
            "S01",
            None,
            "2026-01",
            None,
            None,
            Decimal("0.8"),
            800_000,
            "§3.3.2",
            "E=1;P=0",
            "a" * 64,
        ),
        (
            2,
            2,
            "2026-04-01T00:00:00Z",
            "2026Q1",
            "quarter_payment",
            "S01",
            None,
            None,
            None,
            None,
            None,
            0,
            "§3.3.1",
            None,
            "b" * 64,
        ),
    ],
    "Key Account Review": [
        (
            *("2026", "=1+1", "Name <&>", None, 6_172_839, 123_456_780, Decimal("0.0500000002")),
            *("yes", "no", None, 1, None, "core", "strategic", "qualifies", 0, None, None),
            *("new tier; qualifies now", date(2026, 3, 31), None, 2, "file out of date; issue open too long"),
        ),
        (
            *("2026", "A02", "Sample Account A02", "Retail", None, None, None),
            *(None, None, None, 0, None, None, None, "no prior-year data", None, None, None),
            *(None, None, None, None, None),
        ),
    ],
    "Maintenance Scores": [
        (
            *("2026", "S01", "Salesperson S01", *(Decimal("0.666666666666667") for _ in range(8))),
            *(Decimal("66.6666666666667"), Decimal("0.95"), None, "proposed only", None, None),
            *(Decimal(1), 2, 39),
        ),
        ("2026", "S02", "Salesperson S02", *(None for _ in range(11)), "missing", *(None,) * 3, 0, 0),
    ],
    "Score Detail": [
        (
            *("2026", "S01", "Salesperson S01", "A01", "=1+1", 6, Decimal("2.4"), "profile", 4, Decimal(7)),
            *(Decimal("0.285714285714286"), Decimal(15), Decimal("4.28571428571429")),
            *(None, "Preferences; Special Needs; not updated in time"),
        )
    ],
    "Recognition": [
        ("2026", 1, "S01", "Salesperson S01", Decimal("1.051"), Decimal("98.5520833333333"), "on course", 1)
    ],
    "Reconciliation": [
        (
            "Net sales",
            "2026-01",
            None,
            Formula("ROUND(SUM(2,3),2)", 500),
            500,
            Formula("ROUND(D6-E6,2)", 0),
            Formula('IF(F6=0,"yes","no")', "yes"),
            None,
        ),
        ("Gross", "2026-02", "S01", None, 7, None, None, "=1+1 is not added up"),
    ],
    "Problems": [
        ("error", "Sales", "B7", "2026-13-01", "This is no date.", "Write a date such as 2026-05-31."),
        ("warning", "Tiers", None, "x", "A tier of your own.", "Give it a rank."),
        ("warning", "Tiers", None, None, "Nobody approved this sheet.", "Name who approved it."),
    ],
    "Run Log": [
        (1, "2026-02-01T00:00:00Z", "u", "c", "advance", "2026-01", "0.2.0", "c" * 64, "a" * 64, None)
    ],
}
_SAMPLES: dict[str, object] = {
    "text": "a text",
    "integer": 7,
    "amount": -123_456,
    "rate": Decimal("0.015"),
    "coefficient": Decimal("0.95"),
    "share": Decimal("0.0512"),
    "day": date(2026, 3, 31),
}
ROWS |= {
    sheet.name: [tuple(_SAMPLES.get(column.kind) for column in sheet.columns)]
    for sheet in RESULT_SHEETS
    if sheet.columns and sheet.name not in ROWS
}
"""Sheets that no test looks at closely have a row of each kind of value."""
LINKS = (("Sales", 7, "Date"), ("Tiers", 3, "Tier"), ("Tiers", 0, ""))
VBA = bytes(range(256)) * 20
TABLES = tuple(sheet for sheet in RESULT_SHEETS if sheet.columns)
"""The result sheets that are tables: all but the Dashboard."""
BLOCKS = (
    Block(
        COMMISSION_BY_QUARTER,
        (
            ResultColumn("Quarter", "季度", "text"),
            ResultColumn("Core", "核心客户", "amount"),
            ResultColumn("<&> own", "自定义", "amount"),
        ),
        (("2026Q1", 123_456, -5), ("2026Q2", 7, 0)),
        (1, 2),
    ),
    Block(
        TARGET_ATTAINMENT,
        (ResultColumn("Salesperson", "销售员", "text"), ResultColumn("Attainment", "目标达成率", "share")),
        (("=1+1", Decimal("1.0815")), ("S02", Decimal("0.5"))),
        (1,),
    ),
    Block(
        CLAWBACKS_BY_CAUSE,
        (
            ResultColumn("Cause", "原因", "text", words="cause"),
            ResultColumn("From pay", "扣回已发", "amount"),
        ),
        (),
        (1,),
    ),
)


def results(rows: Mapping[str, list[tuple[object, ...]]] | None = None) -> list[ResultTable]:
    """Give result tables in the order of the workbook, these rows or the usual ones."""
    chosen = ROWS if rows is None else rows
    charted = [Charted(DASHBOARD, [], "2026Q1", 4, COMPANY, blocks=BLOCKS)] if rows is None else []
    return charted + [
        ResultTable(
            RESULT_SHEET[name],
            list(found),
            "2026Q1",
            4,
            COMPANY,
            LINKS if name == "Problems" and found else (),
        )
        for name, found in chosen.items()
    ]


def titles(language: Language = "en") -> dict[str, str]:
    """Give the titles of the result sheets that a first run in this language makes."""
    return {sheet.name: sheet.zh[0] if language == "zh" else sheet.name for sheet in RESULT_SHEETS}


def write(
    book: Path,
    tables: list[ResultTable] | None = None,
    *,
    language: Language = "en",
    known: Mapping[str, str] | None = None,
    out: Path | None = None,
) -> bool:
    """Write result sheets into a workbook; ``known``: the titles of those that it has."""
    with Package.open(book) as package:
        changes = write_results(
            package,
            results() if tables is None else tables,
            language=language,
            titles=known or {},
            located=LOCATED,
        )
        return save(package, changes, out or book)


def plain(
    path: Path, titles: tuple[str, ...] = ("Sales", "Tiers (Joe's)"), *, date1904: bool = False
) -> Path:
    """Make a plain workbook."""
    book = Workbook()
    book.remove(book.active)
    for title in titles:
        book.create_sheet(title).append(["Sale ID", "Date", 12.5, "=C1*2"])
    if date1904:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        book.epoch = CALENDAR_MAC_1904
    book.save(path)
    return path


def rich(path: Path) -> Path:
    """Make a workbook with everything that openpyxl can make and some that it would lose."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Sales"
    for row in (["Sale ID", "Date", "Amount"], ["1", "2026-01-31", 12.5], ["2", "2026-02-28", -3]):
        sheet.append(row)
    sheet["D2"] = "=SUM(C2:C3)"
    sheet["A1"].comment = Comment("Where this comes from", "Finance")
    sheet["B2"].style = NamedStyle("own", font=Font(bold=True), fill=PatternFill("solid", fgColor="FFFFEE00"))
    sheet.conditional_formatting.add("C2:C9", CellIsRule("lessThan", ["0"], font=Font(color="FFFF0000")))
    sheet.conditional_formatting.add("C2:C9", DataBarRule("min", None, "max", None, "FF00FF00"))
    choice = DataValidation("list", formula1='"a,b"')
    choice.add("E1:E9")
    sheet.add_data_validation(choice)
    sheet.add_table(Table(displayName="Sales", ref="A1:C3"))
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "G2")
    sheet.print_title_rows = "1:1"
    book.create_sheet("Tiers (Joe's)").sheet_state = "hidden"
    book.defined_names["Rate"] = DefinedName("Rate", attr_text="Sales!$C$2")
    book.save(path)
    macro = path.suffix == ".xlsm"
    extra = {"customXml/item1.xml": b"<own xmlns='urn:own'><a/></own>", "xl/pivotCache/odd.bin": VBA[:999]}
    if macro:
        extra["xl/vbaProject.bin"] = VBA
    rewrite(
        path, {"[Content_Types].xml": lambda text: _types(text, macro=macro), "_rels/.rels": _root}, extra
    )
    if macro:
        rewrite(path, {"xl/_rels/workbook.xml.rels": _macro_relationship})
    return path


def _types(text: str, *, macro: bool) -> str:
    text = text.replace(
        "</Types>", '<Default Extension="bin" ContentType="application/octet-stream"/></Types>'
    )
    if macro:
        text = text.replace("spreadsheetml.sheet.main+xml", "_").replace(
            "application/vnd.openxmlformats-officedocument._",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        vba = '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        text = text.replace("</Types>", f"{vba}</Types>")
    return text


def _root(text: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
    return text.replace(
        "</Relationships>",
        f'<Relationship Id="x1" Type="{kind}" Target="customXml/item1.xml"/></Relationships>',
    )


def _macro_relationship(text: str) -> str:
    kind = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    return text.replace(
        "</Relationships>",
        f'<Relationship Id="rIdVba" Type="{kind}" Target="vbaProject.bin"/></Relationships>',
    )


def rewrite(
    path: Path, edits: Mapping[str, Callable[[str], str]], extra: Mapping[str, bytes] | None = None
) -> None:
    """Edit parts of a workbook as text, and add others."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name, edit in edits.items():
        contents[name] = edit(contents[name].decode()).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**contents, **(extra or {})}.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    path.write_bytes(out.getvalue())


def parts(path: Path) -> dict[str, bytes]:
    """Give a workbook's inflated parts."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path) -> dict[str, bytes]:
    """Give a workbook's parts as they lie in the file, compressed."""
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        found = {}
        for info in archive.infolist():
            at = info.header_offset
            start = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
            start += int.from_bytes(content[at + 28 : at + 30], "little")
            found[info.filename] = content[start : start + info.compress_size]
        return found


def well_formed(book: Path) -> None:
    """Check that every XML part of a workbook can be parsed."""
    for name, content in parts(book).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)  # noqa: S314 our own file
