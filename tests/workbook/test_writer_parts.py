"""What a write leaves alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

from keyaccount.tables import RESULT_SHEETS
from tests.workbook.books import (
    VBA,
    packed,
    parts,
    plain,
    results,
    rewrite,
    rich,
    titles,
    well_formed,
    write,
)

MAY_CHANGE = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONSHIPS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
WORKBOOK, RELS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"


def dashboard_parts(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Give the parts of the Dashboard's charts, each of which is new and led to."""
    new = {part for part in set(after) - set(before) if "keyaccount-dashboard" in part}
    drawing = "xl/drawings/_rels/keyaccount-dashboard.xml.rels"
    sheet = next(part for part in after if part.startswith("xl/worksheets/_rels/") and part not in before)
    charts = {part for part in new if part.startswith("xl/charts/")}
    assert new == {*charts, drawing, drawing.replace("_rels/", "").removesuffix(".rels")}
    assert all(part.rpartition("/")[2].encode() in after[drawing] for part in charts)
    assert b"keyaccount-dashboard.xml" in after[sheet]
    return {*new, sheet}


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
    sheets = {f"xl/worksheets/sheet{number}.xml" for number in range(3, 3 + len(RESULT_SHEETS))}
    assert set(after) - set(before) == sheets | dashboard_parts(before, after)
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
    charts = {"xl/charts/chart2.xml", "xl/charts/chart3.xml"}  # openpyxl's names for the Dashboard's
    replaced = charts | {"xl/drawings/drawing2.xml", "xl/drawings/_rels/drawing2.xml.rels"}
    write(path, known=titles())
    book = load_workbook(path)
    assert book["Net Sales"]["B2"].comment.text == "Asked the account"
    assert len(book["Net Sales"]._charts) == 1
    assert book["Net Sales"].sheet_properties.codeName == "Tabelle7"
    assert book["Net Sales"].protection.sheet
    assert set(before) - set(parts(path)) == replaced
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
