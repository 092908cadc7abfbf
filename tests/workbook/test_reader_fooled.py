"""Attempts to have the quick way read something else than the exact parser: each is read right, or refused.

An odd row stands among usual ones, where the quick way has learnt what rows look like.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.tables import ReadBook
from keyaccount.workbook import sheetxml
from tests.workbook.reading import MAIN, header_row, number, problems, read, sale, sheet, xml_book

ODD, LAST = 40, 60
STRINGS = (
    f'<sst xmlns="{MAIN}"><si><t>50</t></si><si><r><t>5</t></r><r><t>0</t></r></si>'
    "<si><t>50</t><rPh sb='0' eb='1'><t>99</t></rPh></si><si><t xml:space='preserve'> 50 </t></si></sst>"
)


@pytest.fixture(params=["by pattern", "exactly"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in both ways; by pattern a few rows do to learn from."""
    monkeypatch.setattr(sheetxml, "SMALL_PART", 0 if request.param == "by pattern" else 1 << 40)
    monkeypatch.setattr(sheetxml, "_LEARNING_BYTES", 1 << 11)


def among_usual_rows(odd: str) -> str:
    return "".join(odd if row == ODD else sale(row) for row in range(2, LAST))


def read_part(folder: Path, part: bytes | str) -> ReadBook:
    data = part if isinstance(part, bytes) else part.encode()
    empty = {"Sales": sheet("")}
    return read(xml_book(folder / "a.xlsx", empty, strings=STRINGS, parts={"xl/worksheets/sheet1.xml": data}))


def amounts(book: ReadBook) -> dict[int, int]:
    """Give what differs from the usual rows: fen by row."""
    found = book.inputs.sales
    assert problems(book, "Sales") == []
    assert found.row.tolist() == list(range(2, LAST))
    assert set(found.account_id.tolist()) == {"A01"}
    return {
        row: fen for row, fen in zip(found.row.tolist(), found.gross.tolist(), strict=True) if fen != 10_000
    }


FIFTY = (
    '<c s="0" r="D40"><v>50</v></c>',
    '<c r="D40" t="n"><v>50</v></c>',
    "<c r='D40'><v>50</v></c>",
    '<c  r="D40"\n><v>50</v></c>',
    '<c r = "D40"><v>50</v></c >',
    '<c r="d40"><v>50</v></c>',
    '<c r="&#68;40"><v>50</v></c>',
    "<c><v>50</v></c>",
    '<c cm="1" vm="2" ph="0" r="D40"><v>50</v></c>',
    '<c x:r="E40" xmlns:x="urn:x" r="D40"><v>50</v></c>',
    '<c r="D40"><v>&#53;0</v></c>',
    '<c r="D40"><v>&#x35;&#x30;</v></c>',
    '<c r="D40"><v> 50\n</v></c>',
    '<c r="D40"><v>5<!-- 9 -->0</v></c>',
    '<c r="D40"><!-- <v>99</v> --><v>50</v></c>',
    '<c r="D40"><v><![CDATA[50]]></v></c>',
    '<c r="D40"><v>5<![CDATA[]]>0</v></c>',
    '<c r="D40"><v>5<?x 9?>0</v></c>',
    '<c r="D40"><v xml:space="preserve">50</v></c>',
    '<c r="D40"><v>5E1</v></c>',
    '<c r="D40"><v>0.5e+2</v></c>',
    '<c r="D40"><v>+50.</v></c>',
    '<c r="D40"><v>050.00</v></c>',
    '<c r="D40"><v>49.999999999999996</v></c>',
    '<c r="D40"><f>99</f><v>50</v></c>',
    '<c r="D40"><f t="shared" si="0"/><v>50</v></c>',
    '<c r="D40"><f>"&lt;v&gt;99&lt;/v&gt;"</f><v>50</v></c>',
    '<c r="D40"><v>50</v><extLst><ext uri="x"/></extLst></c>',
    '<c r="D40" t="str"><v>50</v></c>',
    '<c r="D40" t="str"><f>x</f><v>50.00</v></c>',
    '<c r="D40" t="s"><v>0</v></c>',
    '<c r="D40" t="s"><v> 0 </v></c>',
    '<c r="D40" t="s"><v>1</v></c>',
    '<c r="D40" t="s"><v>2</v></c>',
    '<c r="D40" t="s"><v>3</v></c>',
    '<c t="s" r="D40"><v>&#48;</v></c>',
    '<c r="D40" t="inlineStr"><is><t>50</t></is></c>',
    '<c r="D40" t="inlineStr"><is><t xml:space="preserve"> 50 </t></is></c>',
    '<c r="D40" t="inlineStr"><is><r><t>5</t></r><r><rPr><b/></rPr><t>0</t></r></is></c>',
    '<c r="D40" t="inlineStr"><is><t>50</t><rPh sb="0" eb="1"><t>99</t></rPh></is></c>',
    '<c r="D40" t="inlineStr"><is><t>&#65285;</t></is></c>'.replace("&#65285;", "&#65301;０"),
)
"""Ways to write a sale's 50 yuan."""

REFUSED = (
    '<c r="D40" t="b"><v>1</v></c>',
    '<c r="D40" t="e"><v>50</v></c>',
    '<c r="D40" t="d"><v>50</v></c>',
    '<c r="D40" t="S"><v>0</v></c>',
    '<c r="D40" t=" s"><v>0</v></c>',
    '<c r="D40" t="s"><v>4</v></c>',
    '<c r="D40" t="s"><v>-1</v></c>',
    '<c r="D40" t="s"><v>0.0</v></c>',
    '<c r="D40" t="s"><v>٠</v></c>',
    '<c r="D40" s="1"><v>50</v></c>',
    '<c r="D40"><f>50</f></c>',
    '<c r="D40"><f>50</f><v/></c>',
    '<c r="D40"/>',
    '<c r="D40"><v></v></c>',
    '<c r="D40"><x:v xmlns:x="urn:x">50</x:v></c>',
    '<c r="D40"><V>50</V></c>',
    '<c r="D40"><v>50</v><v>99</v></c>',
    '<c r="D40"><v>50</v></c><c r="D40"><v>99</v></c>',
    '<c r="D40"><v>50</v></c><c r="D40" t="inlineStr"><is><t>99</t></is></c>',
    '<c r="D41"><v>50</v></c>',
    '<c r="D040"><v>50</v></c>',
    '<c r="D４０"><v>50</v></c>',
    '<c r="D40 "><f>1</f></c>',
    '<c r="D40" r="E40"><v>50</v></c>',
    '<c r="D40" t="n" t="s"><v>0</v></c>',
    '<c r="D40"><v>50</c>',
    '<c r="D40"><v>50</v>',
    '<c r="D40"><v>5 0</v></c>',
    '<c r="D40"><v>50&nbsp;</v></c>',
    '<c r="D40"><v>50&#xA0;</v></c>',
    '<c r="D40"><v>5&#0;0</v></c>',
    '<c r="D40"><v>５０</v></c>',
    '<c r="D40"><v>0x32</v></c>',
    '<c r="D40"><v>5,0</v></c>',
    '<c r="D40"><v>50]]></v></c>',
    '<c r="D40" t=n><v>50</v></c>',
    '<c r="D40" t="a<b"><v>50</v></c>',
    '<c r="D40"><v>50.001</v></c>',
    '<c r="XFE40"><v>50</v></c>',
)
"""What is no amount of a sale, or two."""


@pytest.mark.parametrize("cell", FIFTY)
def test_an_odd_cell_is_read_right(tmp_path: Path, cell: str) -> None:
    rows = among_usual_rows(sale(ODD, D=cell))
    assert amounts(read_part(tmp_path, sheet(header_row() + rows))) == {ODD: 5_000}


@pytest.mark.parametrize("cell", REFUSED)
def test_what_is_no_amount_or_two_is_refused(tmp_path: Path, cell: str) -> None:
    part = sheet(header_row() + among_usual_rows(sale(ODD, D=cell)))
    try:
        told = problems(read_part(tmp_path, part), "Sales")
    except FileProblem as refusal:
        assert "damaged in its part xl/worksheets/sheet1.xml" in refusal.message  # noqa: PT017 either way
    else:
        assert {each.row for each in told} <= {ODD, ODD + 1}
        assert told


ODD_ROWS = (
    lambda row: row.replace(' r="40"', ""),
    lambda row: row.replace('r="40"', "r='40'", 1),
    lambda row: row.replace("<row ", '<row spans="1:5" hidden="0" x:dyDescent="0.2" xmlns:x="urn:x" '),
    lambda row: f"\n  {row}\n",
    lambda row: f"<!-- {sale(40)} -->{row}",
    lambda row: f"<?x {sale(40)}?>{row}",
    lambda row: re.sub(' r="[A-E]40"', "", row),
    lambda row: row.replace("</c>", "</c>\n"),
    lambda row: re.sub("(<row[^>]*>)(.*)(<c .*?</c>)(</row>)", r"\1\3\2\4", row),
    lambda row: row.replace("</row>", '<c r="F40"><v>9</v></c><c r="XFD40"><v>9</v></c></row>'),
    lambda row: row.replace("</row>", "<extLst><ext uri='r'><v>9</v></ext></extLst></row>"),
    lambda row: f'<x:row xmlns:x="urn:x" r="40"><x:c r="D40"><x:v>9</x:v></x:c></x:row>{row}',
)
"""Ways to write a row."""


@pytest.mark.parametrize("number_of_way", range(len(ODD_ROWS)))
def test_an_odd_row_is_read_right(tmp_path: Path, number_of_way: int) -> None:
    odd = ODD_ROWS[number_of_way](sale(ODD, D=number("D40", 50)))
    assert amounts(read_part(tmp_path, sheet(header_row() + among_usual_rows(odd)))) == {ODD: 5_000}


@pytest.mark.parametrize(
    "encoding",
    ["utf-8-sig", "utf-16", "utf-16-le with a mark", "utf-16-be with a mark", "gb18030", "latin-1"],
)
def test_a_part_in_another_encoding_is_read_right_or_is_damage(tmp_path: Path, encoding: str) -> None:
    codec = encoding.partition(" ")[0]
    text = sheet(header_row() + among_usual_rows(sale(ODD, D=number("D40", 50))))
    declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(codec, codec)
    mark = "\ufeff" if " " in encoding else ""
    part = f"{mark}{text.replace('UTF-8', declared, 1)}".encode(codec)
    try:
        assert amounts(read_part(tmp_path, part)) == {ODD: 5_000}
    except FileProblem as refusal:
        assert codec == "gb18030"
        assert "damaged in its part xl/worksheets/sheet1.xml" in refusal.message  # noqa: PT017 either way


@pytest.mark.parametrize("prefix", ["x:", "sheet-1:"])
@pytest.mark.parametrize("main", [MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"])
def test_a_part_of_which_every_element_bears_a_prefix_is_read_right(
    tmp_path: Path, prefix: str, main: str
) -> None:
    text = sheet(header_row() + among_usual_rows(sale(ODD, D=number("D40", 50)))).replace(MAIN, main)
    text = re.sub(r"<(/?)([a-zA-Z]\w*)(?=[\s/>])", rf"<\1{prefix}\2", text)
    text = text.replace("xmlns=", f"xmlns:{prefix[:-1]}=", 1)
    assert amounts(read_part(tmp_path, text)) == {ODD: 5_000}
