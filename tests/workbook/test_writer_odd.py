"""Styles are appended to, and odd workbooks are written as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.problems import FileProblem
from keyaccount.tables import RESULT_SHEETS
from keyaccount.workbook import look
from keyaccount.workbook.markup import Document
from tests.workbook.books import (
    parts,
    plain,
    results,
    rewrite,
    rich,
    titles,
    well_formed,
    write,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
WORKBOOK, RELS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


# --- styles ----------------------------------------------------------------------------------------


def test_styles_are_appended_and_existing_cell_formats_keep_their_number(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    before = Document("styles", parts(book)["xl/styles.xml"])
    write(book)
    after = Document("styles", parts(book)["xl/styles.xml"])
    for name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles"):
        old, new = before.root.child(name), after.root.child(name)
        assert old is not None
        assert new is not None
        kept = [after.text(child) for child in new.children[: len(old.children)]]
        assert kept == [before.text(child) for child in old.children]
        assert new.attributes["count"] == str(len(new.children))
    assert load_workbook(book)["Sales"]["B2"].font.b


def test_styles_do_not_grow_with_the_runs(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    write(book)
    once = parts(book)["xl/styles.xml"]
    for period in ("2026-02", "2026-03"):
        changed = results()
        write(book, [type(table)(table.sheet, table.rows, period) for table in changed], known=titles())
    assert parts(book)["xl/styles.xml"] == once


def test_result_sheets_use_the_workbooks_own_font(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    rewrite(
        book,
        {"xl/styles.xml": lambda text: text.replace('val="Calibri"', 'val="等线"').replace('"11"', '"10.5"')},
    )
    write(book)
    sheet = load_workbook(book)["Net Sales"]
    assert (sheet["A1"].font.name, sheet["A1"].font.sz) == ("等线", 13)
    assert (sheet["A5"].font.name, sheet["A5"].font.sz) == ("等线", 10.5)


def test_a_workbook_without_styles_gets_some(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    drop = re.compile(r"<Override[^>]*styles\.xml[^>]*/>|<Relationship [^>]*styles\.xml[^>]*/>")
    edits = dict.fromkeys(
        ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"), lambda text: drop.sub("", text)
    )
    rewrite(book, edits)
    content = parts(book)
    del content["xl/styles.xml"]
    import zipfile

    with zipfile.ZipFile(book, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    write(book)
    assert load_workbook(book)["Net Sales"]["D6"].number_format == look.AMOUNT
    assert not write(book, known=titles())


ODD_STYLES = {
    "empty": f'<styleSheet xmlns="{MAIN}"/>',
    "without content": f'<styleSheet xmlns="{MAIN}"></styleSheet>',
    "prefixed": (
        f'<s:styleSheet xmlns:s="{MAIN}"><s:fonts count="1"><s:font><s:sz val="9"/></s:font></s:fonts>'
        '<s:cellXfs count="1"><s:xf/></s:cellXfs></s:styleSheet>'
    ),
    "one fill": (
        f'<styleSheet xmlns="{MAIN}"><fills count="1"><fill><patternFill/></fill></fills>'
        '<cellXfs count="1"><xf numFmtId="0"/></cellXfs><dxfs count="0"/></styleSheet>'
    ),
}
STYLES_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs")


@pytest.mark.parametrize("styles", ODD_STYLES.values(), ids=ODD_STYLES)
def test_an_odd_styles_part_is_completed(tmp_path: Path, styles: str) -> None:
    book = plain(tmp_path / "book.xlsx")
    rewrite(book, {"xl/styles.xml": lambda _: styles})
    write(book)
    well_formed(book)
    document = Document("styles", parts(book)["xl/styles.xml"])
    order = [child.name for child in document.root.children]
    assert order == sorted(order, key=STYLES_ORDER.index)
    fills = document.root.child("fills")
    assert fills is not None
    assert [len(fill.children[0].children) for fill in fills.children[:2]] == [0, 0]  # none and gray125
    assert not write(book, known=titles())


# --- odd workbooks ----------------------------------------------------------------------------------


def prefixed(text: str) -> str:
    """Write a part with a prefix where it used the default namespace."""
    text = re.sub(r"<(/?)(\w+)(?=[\s/>])", r"<\1x:\2", text)
    return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def strict(text: str) -> str:
    return text.replace(MAIN, STRICT).replace(RELATIONSHIPS, STRICT_RELATIONSHIPS)


def renamed(text: str) -> str:
    """Give the relationships' namespace another prefix."""
    return text.replace("xmlns:r=", "xmlns:rel=").replace(" r:id=", " rel:id=")


def absolute(text: str) -> str:
    return re.sub(r'Target="/?(?:xl/)?', 'Target="/xl/', text)


def relative(text: str) -> str:
    return re.sub(r'Target="/xl/', 'Target="', text)


ODD: dict[str, dict[str, Callable[[str], str]]] = {
    "prefixed": {WORKBOOK: prefixed, STYLES: prefixed},
    "strict": {WORKBOOK: strict, STYLES: strict, RELS: strict},
    "other relationship prefix": {WORKBOOK: renamed},
    "absolute targets": {RELS: absolute},
    "relative targets": {RELS: relative},
    "single quotes": {RELS: lambda text: text.replace('"', "'")},
}


@pytest.mark.parametrize("edits", ODD.values(), ids=ODD)
def test_odd_workbooks_are_written_as_they_are(
    tmp_path: Path, edits: dict[str, Callable[[str], str]]
) -> None:
    book = rich(tmp_path / "book.xlsx")
    rewrite(book, edits)
    assert write(book)
    well_formed(book)
    once = book.read_bytes()
    assert not write(book, known=titles())
    assert book.read_bytes() == once
    found = Document("workbook", parts(book)[WORKBOOK])
    sheets = found.root.child("sheets")
    assert sheets is not None
    assert [each.attributes["name"] for each in sheets.each("sheet")][2:] == [
        each.name for each in RESULT_SHEETS
    ]
    worksheet = Document("sheet", parts(book)["xl/worksheets/sheet3.xml"])
    assert worksheet.root.namespace == found.root.namespace


def test_a_workbook_part_in_utf_16_is_understood(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    content = parts(book)
    text = '<?xml version="1.0" encoding="UTF-16"?>' + content[WORKBOOK].decode().split("?>")[-1]
    rewrite(book, {}, {WORKBOOK: text.encode("utf-16")})
    write(book)
    assert load_workbook(book).sheetnames[2:] == [sheet.name for sheet in RESULT_SHEETS]


def test_other_names_views_and_calculation_settings_stay(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    rewrite(
        book,
        {
            WORKBOOK: lambda text: re.sub(
                r"<calcPr[^>]*/>", '<calcPr calcMode="manual" iterate="1" calcId="1"/>', text
            )
        },
    )
    write(book)
    text = parts(book)[WORKBOOK].decode()
    assert '<calcPr calcMode="manual" iterate="1" calcId="1" fullCalcOnLoad="1"/>' in text
    found = load_workbook(book)
    assert found.defined_names["Rate"].attr_text == "Sales!$C$2"
    assert found["Sales"].print_title_rows == "$1:$1"
    assert found["Tiers (Joe's)"].sheet_state == "hidden"


def test_a_sheet_that_is_no_worksheet_but_has_a_results_name_is_refused(tmp_path: Path) -> None:
    from openpyxl import Workbook

    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.create_chartsheet("net sales")
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(FileProblem, match="Net Sales"):
        write(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (STYLES, "<styleSheet xmlns='urn:other'/>"),
        (STYLES, f'<styleSheet xmlns="{MAIN}"><fonts><other xmlns="urn:x"/></fonts></styleSheet>'),
        (STYLES, f'<styleSheet xmlns="{MAIN}"><fonts></styleSheet>'),
    ],
)
def test_what_cannot_be_edited_safely_is_refused_in_a_sentence(
    tmp_path: Path, part: str, content: str
) -> None:
    book = plain(tmp_path / "book.xlsx")
    rewrite(book, {part: lambda _: content})
    before = book.read_bytes()
    with pytest.raises(FileProblem, match=re.escape(part)):
        write(book)
    assert book.read_bytes() == before
