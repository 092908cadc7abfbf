"""A rich workbook before and after a settlement: whatever Excel keeps in it is still there, byte for byte."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest

from keyaccount.book import Stamp
from keyaccount.commands import run_book
from keyaccount.periods import Period
from tests.plain_books import write_inputs
from tests.test_cli import EXAMPLE_1, rows

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STAMP = Stamp("2026-04-01T00:00:00Z", "tests", "here")

EXTENSIONS = (
    f'<extLst><ext xmlns:x14="{X14}" uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}">'
    "<x14:conditionalFormattings>"
    f'<x14:conditionalFormatting xmlns:xm="{XM}">'
    '<x14:cfRule type="dataBar" id="{00000000-000E-0000-0000-000001000000}">'
    '<x14:dataBar minLength="0" maxLength="100"><x14:cfvo type="autoMin"/>'
    '<x14:cfvo type="autoMax"/></x14:dataBar>'
    "</x14:cfRule><xm:sqref>D2:D4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext>"
    f'<ext xmlns:x14="{X14}" uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}">'
    f'<x14:sparklineGroups xmlns:xm="{XM}">'
    "<x14:sparklineGroup><x14:sparklines><x14:sparkline><xm:f>Sales!D2:D4</xm:f><xm:sqref>H2</xm:sqref>"
    "</x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups></ext></extLst></worksheet>"
)
RIBBON = (
    '<customUI xmlns="http://schemas.microsoft.com/office/2009/07/customui"><ribbon><tabs>'
    '<tab id="own" label="Own tab"/></tabs></ribbon></customUI>'
)
CACHE = (
    f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" refreshOnLoad="1" recordCount="0"><cacheSource '
    'type="worksheet"><worksheetSource ref="A1:E4" sheet="Sales"/></cacheSource><cacheFields count="1">'
    '<cacheField name="Sale ID"><sharedItems/></cacheField></cacheFields></pivotCacheDefinition>'
)
DYNAMIC = (
    f'<metadata xmlns="{MAIN}" xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    '<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" cellMeta="1"/>'
    '</metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext '
    'uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"><xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/>'
    "</ext></extLst></bk></futureMetadata>"
    '<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)
ADDED = {
    "customUI/customUI14.xml": RIBBON.encode(),
    "xl/pivotCache/pivotCacheDefinition1.xml": CACHE.encode(),
    "xl/metadata.xml": DYNAMIC.encode(),
    "xl/vbaProject.bin": bytes(range(256)) * 40,
    "customXml/item1.xml": b"<kept xmlns='urn:own'>as it is</kept>",
}
MAY_CHANGE = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/styles.xml"}


def own_parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """Make a macro-enabled workbook with what openpyxl itself could not keep."""
    plain, path = tmp_path / "plain.xlsx", tmp_path / "rich.xlsm"
    write_inputs(plain, rows(EXAMPLE_1))
    book = openpyxl.load_workbook(plain)
    notes = book.create_sheet("Own notes")
    notes["A1"] = "kept"
    notes["A1"].comment = openpyxl.comments.Comment("a comment", "tests")
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book["Sales"], min_col=4, min_row=2, max_row=4))
    notes.add_chart(chart, "C3")
    book.save(plain)
    parts = own_parts(plain)
    sales = next(n for n in parts if n.startswith("xl/worksheets/") and b"Gross Amount" in parts[n])
    parts[sales] = parts[sales].replace(b"</worksheet>", EXTENSIONS.encode())
    notes_part = next(n for n in parts if n.startswith("xl/worksheets/sheet") and b"<drawing" in parts[n])
    parts[notes_part] = re.sub(
        rb"</row>",
        b'<c r="B1" cm="1"><f t="array" ref="B1:B2">_xlfn.SEQUENCE(2)</f><v>1</v></c></row>',
        parts[notes_part],
        count=1,
    )
    _declare(parts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {**parts, **ADDED}.items():
            file.writestr(name, data)
    return path


def _declare(parts: dict[str, bytes]) -> None:
    """Tie the added parts to the workbook, as Excel does."""

    def insert(part: str, before: bytes, text: str) -> None:
        assert parts[part].count(before) == 1
        parts[part] = parts[part].replace(before, text.encode() + before)

    types = (
        '<Override PartName="/xl/pivotCache/pivotCacheDefinition1.xml" '
        f'ContentType="{CONTENT}.pivotCacheDefinition+xml"/>'
        f'<Override PartName="/xl/metadata.xml" ContentType="{CONTENT}.sheetMetadata+xml"/>'
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    )
    insert("[Content_Types].xml", b"</Types>", types)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        f"{CONTENT}.sheet.main+xml".encode(), b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    ui = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
    insert(
        "_rels/.rels",
        b"</Relationships>",
        f'<Relationship Id="rIdUi" Type="{ui}" Target="customUI/customUI14.xml"/>'
        f'<Relationship Id="rIdOwn" Type="{OFFICE}/customXml" Target="customXml/item1.xml"/>',
    )
    insert(
        "xl/_rels/workbook.xml.rels",
        b"</Relationships>",
        f'<Relationship Id="rIdP" Type="{OFFICE}/pivotCacheDefinition" '
        'Target="pivotCache/pivotCacheDefinition1.xml"/>'
        f'<Relationship Id="rIdM" Type="{OFFICE}/sheetMetadata" Target="metadata.xml"/>'
        '<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        'Target="vbaProject.bin"/>',
    )
    insert(
        "xl/workbook.xml",
        b"</workbook>",
        f'<pivotCaches><pivotCache xmlns:r="{OFFICE}" cacheId="7" r:id="rIdP"/></pivotCaches>',
    )


def test_a_settlement_leaves_everything_of_the_users_as_it_was(rich: Path) -> None:
    before = own_parts(rich)
    report = run_book(rich, "settle", Period.parse("2026Q1"), STAMP)
    assert report.entries
    after = own_parts(rich)
    assert {name for name, data in before.items() if after.get(name) != data} <= MAY_CHANGE
    assert b"pivotCaches" in after["xl/workbook.xml"]
    for mark in (b"rIdP", b"rIdM", b"rIdV"):
        assert mark in after["xl/_rels/workbook.xml.rels"]
    assert b"macroEnabled" in after["[Content_Types].xml"]
    saved = rich.read_bytes()
    assert run_book(rich, "settle", Period.parse("2026Q1"), STAMP).saved is None
    assert rich.read_bytes() == saved


def test_every_feature_named_here_is_in_the_workbook(rich: Path) -> None:
    everything = b"".join(own_parts(rich).values())
    marks = (
        b"sparklineGroup",
        b"x14:dataBar",
        b"customui",
        b"pivotCacheDefinition",
        b"fDynamic",
        b"barChart",
    )
    assert [mark for mark in (*marks, b"a comment", b"SEQUENCE") if mark not in everything] == []


def test_a_copy_keeps_it_all_as_well(rich: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.xlsm"
    kept = shutil.copy(rich, tmp_path / "kept.xlsm")
    run_book(rich, "advance", Period.parse("2026-01"), STAMP, out=out)
    assert rich.read_bytes() == Path(kept).read_bytes()
    before, after = own_parts(rich), own_parts(out)
    assert {name for name, data in before.items() if after.get(name) != data} <= MAY_CHANGE
