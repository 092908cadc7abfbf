"""What no office program writes and a reader might take anyway: found by fuzzing, each in its smallest form.

Whatever could be read in two ways is an error; nothing is joined, dropped or passed over in silence.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import sheetxml
from keyaccount.workbook.package import Package
from tests.workbook.reading import (
    DATE_STYLE,
    MAIN,
    OFFICE,
    PACKAGE,
    found,
    header_row,
    number,
    openpyxl_book,
    problems,
    read,
    read_sales,
    sale,
    sheet,
    with_sales,
    with_table,
    xml_book,
)

CELL = '<c r="D2"{}>{}</c>'


@pytest.fixture(params=["by pattern", "exactly"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every part of these tests in both ways."""
    monkeypatch.setattr(sheetxml, "SMALL_PART", 0 if request.param == "by pattern" else 1 << 40)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("", "<v>1</v><v>99</v>"),
        ("", "<v>1</v><v/>"),
        ("", "<v>1<x>99</x></v>"),
        ("", "<v><v>1</v>99</v>"),
        ("", "<f><v>1</v></f>"),
        ("", "<is><t>1</t></is>"),
        ("", "<t>1</t>"),
        ("", "<v>1</v><extLst><ext><v>99</v></ext></extLst>"),
        (' t="s"', "<is><t>0</t></is>"),
        (' t="str"', "<is><t>1</t></is>"),
        (' t="inlineStr"', "<is><t>1</t></is><is><t>99</t></is>"),
        (' t="inlineStr"', "<is><t>1</t></is><v>99</v>"),
        (' t="inlineStr"', "<is><t>1</t><t>99</t></is>"),
        (' t="inlineStr"', "<is><r><t>1</t><t>99</t></r></is>"),
        (' t="inlineStr"', "<is><t>1<x>99</x></t></is>"),
        ("", '<v>1</v><c r="D2"><v>99</v></c>'),
        ("", '<c r="D2"><v>99</v></c>'),
        ("", "<x><v>1</v></x>"),
        ("", "<extLst><ext><v>99</v></ext></extLst>"),
        (' t="inlineStr"', "<is><x><t>1</t></x></is>"),
        (' t="inlineStr"', "<is><r><rPr><t>1</t></rPr></r></is>"),
    ],
)
def test_a_cell_that_holds_more_than_one_value_is_an_error(tmp_path: Path, kind: str, content: str) -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>7</t></si></sst>'
    book = read_sales(tmp_path / "a.xlsx", sale(2, D=CELL.format(kind, content)) + sale(3), strings=strings)
    told = [each for each in problems(book, "Sales") if "what counts is unclear" in each.sentence]
    assert [(each.row, each.column) for each in told] == [(2, "Gross Amount")]


def test_a_header_cell_with_the_address_of_another_place_is_an_error(tmp_path: Path) -> None:
    part = sheet(header_row().replace('r="E1"', 'r="E7"') + sale(2, E=number("E2", 5)))
    book = read(xml_book(tmp_path / "a.xlsx", {"Sales": part}))
    (problem,) = problems(book, "Sales")
    assert (problem.row, "address of another place" in problem.sentence) == (1, True)


@pytest.mark.parametrize(
    "header",
    [
        '<c r="E1" t="inlineStr"><is><t>Discount</t><c r="E1"><v>1</v></c></is></c>',
        '<c r="E1" t="inlineStr"><is><t>Discount</t><t>s</t></is></c>',
        '<c r="E1"><v>1</v></c><c r="E1" t="inlineStr"><is><t>Discount</t></is></c>',
    ],
)
def test_a_header_that_is_lost_is_an_error_and_not_a_column_less(tmp_path: Path, header: str) -> None:
    headers = re.sub('<c r="E1".*?</c>', header, header_row())
    book = read(xml_book(tmp_path / "a.xlsx", {"Sales": sheet(headers + sale(2, E=number("E2", 5)))}))
    told = problems(book, "Sales")
    assert [each.row for each in told] == [1]
    assert "unclear" in told[0].sentence


@pytest.mark.parametrize(("area", "totals", "row"), [("A1:E3", 1, 3), ("A1:E3", 2, 2), ("A1:E5", 3, 3)])
def test_rows_of_data_in_the_place_of_a_totals_row_are_an_error(
    tmp_path: Path, area: str, totals: int, row: int
) -> None:
    rows = [["X1", date(2026, 1, 5), "A01", 1234.5, 34.5], ["X2", date(2026, 2, 6), "A01", 100, None]]
    path = openpyxl_book(tmp_path / "a.xlsx", with_sales(rows))
    (problem,) = problems(read(with_table(path, "Sales", area, "Sales", totals)), "Sales")
    assert problem.row == row
    assert "read like data" in problem.sentence


@pytest.mark.parametrize("character", ["&#xD800;", "&#0;", "&#xFFFE;", "\x01"])
@pytest.mark.parametrize("column", ["A", "C", "D"])
def test_a_character_that_no_xml_holds_is_damage(tmp_path: Path, column: str, character: str) -> None:
    cell = f'<c r="{column}2" t="inlineStr"><is><t>{character}1</t></is></c>'
    with pytest.raises(FileProblem, match=r"damaged in its part xl/worksheets/sheet1\.xml"):
        read_sales(tmp_path / "a.xlsx", sale(2, **{column: cell}) + sale(3))


def test_a_row_within_a_row_is_damage(tmp_path: Path) -> None:
    nested = sale(2).replace("</row>", f"{sale(3)}</row>")
    with pytest.raises(FileProblem, match="a row within a row"):
        read_sales(tmp_path / "a.xlsx", nested + sale(4))


def test_rows_and_cells_of_other_vocabularies_are_none(tmp_path: Path) -> None:
    foreign = '<x:row xmlns:x="urn:other" r="3"><x:c r="A3"><x:v>X3</x:v></x:c></x:row>'
    book = read_sales(tmp_path / "a.xlsx", sale(2) + foreign + sale(4))
    assert book.inputs.sales.row.tolist() == [2, 4]


def test_a_sheet_that_is_no_worksheet_is_damage_and_never_an_empty_sheet(tmp_path: Path) -> None:
    parts = {"Sales": sheet(header_row() + sale(2)), "Policies": f'<styleSheet xmlns="{MAIN}"/>'}
    with pytest.raises(FileProblem, match=r"sheet2\.xml: no worksheet"):
        read(xml_book(tmp_path / "a.xlsx", parts))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_an_encoding_that_nobody_knows_is_damage(tmp_path: Path, part: str) -> None:
    path = xml_book(tmp_path / "a.xlsx", {"Sales": sheet(header_row() + sale(2))}, strings="<sst/>")
    with Package.open(path) as package:
        text = (
            package.read(part)
            .decode()
            .removeprefix('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>')
        )
    odd = f'<?xml version="1.0" encoding="x-unknown"?>{text}'.encode()
    path = xml_book(path, {"Sales": sheet(header_row() + sale(2))}, strings="<sst/>", parts={part: odd})
    with pytest.raises(FileProblem, match="unknown encoding"):
        read(path)


@pytest.mark.parametrize(
    "strings",
    [
        "<si><t>7</t><t>99</t></si>",
        "<si><r><t>7</t><t>99</t></r></si>",
        "<si><t>7<x>99</x></t></si>",
        "<si><x><t>7</t></x></si>",
        "<si><t>7&#xD800;</t></si>",
        "<si><t>7&#1;</t></si>",
        "<si><t>7\x01</t></si>",
        "<si><r><rPr><t>7</t></rPr></r></si>",
    ],
)
def test_a_shared_string_with_two_texts_is_damage(tmp_path: Path, strings: str) -> None:
    cell = '<c r="D2" t="s"><v>0</v></c>'
    with pytest.raises(FileProblem, match=r"damaged in its part xl/sharedStrings\.xml"):
        read_sales(tmp_path / "a.xlsx", sale(2, D=cell), strings=f'<sst xmlns="{MAIN}">{strings}</sst>')


@pytest.mark.parametrize(
    ("said", "first"), [(" 1 ", 20_454), ("true", 20_454), ("0", 18_992), (" false", 18_992)]
)
def test_the_date_system_is_read_as_xml_has_it(tmp_path: Path, said: str, first: int) -> None:
    cell = number("B2", 44_561, DATE_STYLE)
    workbook = f'<workbookPr date1904="{said}"/>'
    book = read_sales(tmp_path / "a.xlsx", sale(2, B=cell), workbook=workbook)
    assert book.inputs.sales.date.tolist() == [first]


@pytest.mark.parametrize("said", ["TRUE", "yes", "2", ""])
def test_a_date_system_that_is_unclear_is_damage(tmp_path: Path, said: str) -> None:
    with pytest.raises(FileProblem, match="date1904"):
        read_sales(tmp_path / "a.xlsx", sale(2), workbook=f'<workbookPr date1904="{said}"/>')


def test_two_relationships_of_one_name_are_damage(tmp_path: Path) -> None:
    kind = f"{OFFICE}/worksheet"
    twice = "".join(
        f'<Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet{n}.xml"/>' for n in (1, 2)
    )
    relations = f'<Relationships xmlns="{PACKAGE}/relationships">{twice}</Relationships>'.encode()
    part = sheet(header_row() + sale(2))
    data = {"Sales": part, "Again": part}
    path = xml_book(tmp_path / "a.xlsx", data, parts={"xl/_rels/workbook.xml.rels": relations})
    with pytest.raises(FileProblem, match="rId1 twice"):
        read(path)


def test_columns_directly_beside_an_excel_table_count_with_a_warning(tmp_path: Path) -> None:
    rows = [["X1", date(2026, 1, 5), "A01", 1234.5, 34.5], ["X2", date(2026, 2, 6), "A01", 100, None]]
    path = with_table(openpyxl_book(tmp_path / "a.xlsx", with_sales(rows)), "Sales", "A1:D3", "Sales")
    book = read(path)
    assert problems(book) == []
    assert book.inputs.sales.discount.tolist() == [3450, 0]
    assert found(book, "Sales", "warning") == [("Sales", "E1", "")]
    (warning,) = problems(book, "Sales", "warning")
    assert "beside the Excel table" in warning.sentence


def test_columns_of_another_excel_table_beside_it_do_not_count(tmp_path: Path) -> None:
    rows = [["X1", date(2026, 1, 5), "A01", 1234.5, 34.5], ["X2", date(2026, 2, 6), "A01", 100, 1]]
    path = with_table(openpyxl_book(tmp_path / "a.xlsx", with_sales(rows)), "Sales", "A1:D3", "Sales")
    book = read(with_table(path, "Sales", "E1:E3", "Notes"))
    assert book.inputs.sales.discount.tolist() == [0, 0]
    assert problems(book, "Sales", "warning") == []
