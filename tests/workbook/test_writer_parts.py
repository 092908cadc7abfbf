"""What a write leaves alone, and what it makes of odd workbooks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from keyaccount.problems import FileProblem
from keyaccount.tables import RESULT_SHEETS
from keyaccount.workbook import look
from keyaccount.workbook.markup import Document
from tests.workbook.books import (
    VBA,
    packed,
    parts,
    plain,
    results,
    rewrite,
    rich,
    titles,
    write,
)

MAY_CHANGE = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


def well_formed(book: Path) -> None:
    for name, content in parts(book).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)  # noqa: S314 our own file


@pytest.mark.parametrize("name", ["book.xlsx", "book.xlsm"])
def test_every_other_part_stays_byte_for_byte_and_as_compressed(tmp_path: Path, name: str) -> None:
    book = rich(tmp_path / name)
    before, before_packed = parts(book), packed(book)
    assert write(book)
    after, after_packed = parts(book), packed(book)
    untouched = set(before) - MAY_CHANGE
    assert {part: after[part] for part in untouched} == {part: before[part] for part in untouched}
    assert {part: after_packed[part] for part in untouched} == {
        part: before_packed[part] for part in untouched
    }
    assert set(after) - set(before) == {f"xl/worksheets/sheet{number}.xml" for number in range(3, 12)}
    assert {"xl/charts/chart1.xml", "xl/tables/table1.xml", "customXml/item1.xml"} <= untouched
    assert after.get("xl/vbaProject.bin", VBA) == VBA
    well_formed(book)


def test_a_second_write_of_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    write(book, language="zh")
    once = book.read_bytes()
    assert not write(book, language="zh", known=titles("zh"))
    assert book.read_bytes() == once


def test_the_same_workbook_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    assert write(book, out=one)
    assert write(book, out=other)
    assert one.read_bytes() == other.read_bytes()


def test_result_sheets_are_replaced_in_their_place(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx", ("提成台账", "Sales", "Net Sales", "Notes"))
    before = parts(book)
    write(
        book, results({"Net Sales": [], "Ledger": []}), known={"Ledger": "提成台账", "Net Sales": "Net Sales"}
    )
    after = parts(book)
    assert set(before) == set(after)
    assert load_workbook(book).sheetnames == ["提成台账", "Sales", "Net Sales", "Notes"]
    assert load_workbook(book)["提成台账"]["A1"].value == "Entry"
    sheets = re.compile(rb"<sheets>.*</sheets>")
    assert sheets.findall(before["xl/workbook.xml"]) == sheets.findall(after["xl/workbook.xml"])
    assert before["xl/worksheets/sheet2.xml"] == after["xl/worksheets/sheet2.xml"]


def test_fewer_rows_than_before_leave_none_of_the_old_ones(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    row: tuple[object, ...] = ("2026-01", "A", "A", 1, 0, 0, 0, 0, 0, 1)
    write(book, results({"Net Sales": [row] * 30}))
    write(book, results({"Net Sales": [row]}), known=titles())
    sheet = load_workbook(book)["Net Sales"]
    assert (sheet.max_row, sheet.auto_filter.ref) == (6, "A5:J6")
    names = parts(book)["xl/workbook.xml"].decode()
    assert names.count("_xlnm._FilterDatabase") == 1
    assert "'Net Sales'!$A$5:$J$6" in names


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


WORKBOOK, RELS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
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


# --- what hangs on a result sheet -------------------------------------------------------------------


def test_drawings_comments_and_vbas_name_of_a_result_sheet_stay(tmp_path: Path) -> None:
    path = rich(tmp_path / "book.xlsx")
    write(path)
    book = load_workbook(path)
    book["Net Sales"]["B2"].comment = Comment("Asked the account", "Finance")
    book["Net Sales"].add_chart(book["Sales"]._charts.pop(), "M3")
    book["Net Sales"].sheet_properties.codeName = "Tabelle7"
    book.save(path)
    before = parts(path)
    write(path, known=titles())
    book = load_workbook(path)
    assert book["Net Sales"]["B2"].comment.text == "Asked the account"
    assert len(book["Net Sales"]._charts) == 1
    assert book["Net Sales"].sheet_properties.codeName == "Tabelle7"
    assert book["Net Sales"].protection.sheet
    assert set(before) <= set(parts(path))
    once = path.read_bytes()
    assert not write(path, known=titles())
    assert path.read_bytes() == once


def test_a_table_made_over_a_result_sheet_goes_with_its_rows(tmp_path: Path) -> None:
    path = rich(tmp_path / "book.xlsx")
    write(path)
    book = load_workbook(path)
    book["Net Sales"].auto_filter.ref = None
    book["Net Sales"].add_table(Table(displayName="Mine", ref="A5:J7"))
    book.save(path)
    assert len([name for name in parts(path) if name.startswith("xl/tables/")]) == 2
    write(path, known=titles())
    assert [name for name in parts(path) if name.startswith("xl/tables/")] == ["xl/tables/table1.xml"]
    assert not load_workbook(path)["Net Sales"].tables
    assert load_workbook(path)["Sales"].tables


def test_the_list_of_formulas_goes_only_when_a_replaced_sheet_held_one(tmp_path: Path) -> None:
    kind = f"{RELATIONSHIPS}/calcChain"
    chain = f'<calcChain xmlns="{MAIN}"><c r="D2" i="1"/></calcChain>'.encode()
    entry = f'<Relationship Id="rIdChain" Type="{kind}" Target="calcChain.xml"/></Relationships>'
    declared = (
        '<Override PartName="/xl/calcChain.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"/></Types>'
    )
    for formula, kept in (("=1+1", False), ("text", True)):
        path = plain(tmp_path / f"{kept}.xlsx", ("Sales", "Net Sales"))
        book = load_workbook(path)
        book["Net Sales"]["D1"] = "x"
        book["Net Sales"]["A9"] = formula
        book.save(path)
        rewrite(
            path,
            {
                RELS: lambda text: text.replace("</Relationships>", entry),
                "[Content_Types].xml": lambda text: text.replace("</Types>", declared),
            },
            {"xl/calcChain.xml": chain},
        )
        write(path, known={"Net Sales": "Net Sales"})
        after = parts(path)
        assert ("xl/calcChain.xml" in after) is kept
        assert (b"calcChain" in after[RELS]) is kept
        assert (b"calcChain" in after["[Content_Types].xml"]) is kept


def test_the_sheet_that_is_shown_stays_the_one_that_is_shown(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    write(path)
    book = load_workbook(path)
    book.active = book.sheetnames.index("Clawbacks")
    book.save(path)
    write(path, known=titles())
    book = load_workbook(path)
    selected = [sheet.title for sheet in book if sheet.sheet_view.tabSelected]
    assert book.active.title == "Clawbacks"
    assert "Clawbacks" in selected
    assert not {sheet.name for sheet in RESULT_SHEETS} & set(selected) - {"Clawbacks"}
