"""Sheet parts as a whole, byte by byte: rows in any order, damage, encodings, hidden and blank rows."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import sheetxml
from tests.workbook.reading import (
    MAIN,
    found,
    header_row,
    number,
    problems,
    read,
    read_sales,
    sale,
    sheet,
    text,
    xml_book,
)

SPACE = "\u3000 "
FORMULA = '<c r="D2"><f>B2*2</f>{}</c>'


@pytest.fixture(params=["by pattern", "exactly"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every part of these tests in both ways."""
    monkeypatch.setattr(sheetxml, "SMALL_PART", 0 if request.param == "by pattern" else 1 << 40)


def test_the_declared_dimension_is_not_believed(tmp_path: Path) -> None:
    for dimension in ("A1", "A1:XFD1048576"):
        rows = header_row() + sale(2) + sale(3)
        path = xml_book(tmp_path / "a.xlsx", {"Sales": sheet(rows, before=f'<dimension ref="{dimension}"/>')})
        assert read(path).inputs.sales.row.tolist() == [2, 3]


def test_rows_and_cells_without_numbers_follow_each_other(tmp_path: Path) -> None:
    def bare(rows: str) -> str:
        for row in range(1, 5):
            rows = rows.replace(f'<row r="{row}">', "<row>")
            for letter in "ABCDE":
                rows = rows.replace(f'<c r="{letter}{row}"', "<c")
        return rows

    rows = header_row() + bare(sale(2) + "<row/>") + sale(4)
    book = read(xml_book(tmp_path / "a.xlsx", {"Sales": sheet(rows)}))
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == [2, 4]
    wholly = read(xml_book(tmp_path / "b.xlsx", {"Sales": sheet(bare(header_row() + sale(2) + sale(3)))}))
    assert wholly.inputs.sales.row.tolist() == [2, 3]


def test_rows_out_of_order_are_put_in_order(tmp_path: Path) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(5) + sale(3) + sale(4) + sale(2))
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == [2, 3, 4, 5]
    assert book.inputs.sales.sale_id.tolist() == ["X2", "X3", "X4", "X5"]


def test_cells_out_of_order_are_read(tmp_path: Path) -> None:
    row = f'<row r="2">{number("D2", 5)}{text("C2", "A01")}{text("A2", "X")}{text("B2", "2026-01-01")}</row>'
    book = read_sales(tmp_path / "a.xlsx", row)
    assert found(book, "Sales") == []
    assert book.inputs.sales.gross.tolist() == [500]


def test_a_row_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2) + sale(3) + sale(2, D=number("D2", 7)))
    (problem,) = problems(book, "Sales")
    assert "Row 2 is in the file twice: which one counts is unclear" in problem.sentence


def test_a_cell_that_is_there_twice_is_an_error(tmp_path: Path) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, E=number("D2", 7)))
    assert found(book, "Sales") == [("Sales", "D2", "7")]


def test_a_cell_with_the_address_of_another_row_is_an_error(tmp_path: Path) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, D=number("D3", 7)))
    assert ("Sales", "A2", "D3") in found(book, "Sales")


@pytest.mark.parametrize("row", [1_048_577, 999_999_999, 99_999_999_999])
def test_rows_beyond_the_sheet_are_errors(tmp_path: Path, row: int) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2) + sale(row))
    assert problems(book, "Sales")
    assert all("outside the sheet" in problem.sentence for problem in problems(book, "Sales"))
    assert book.inputs.sales.row.tolist() == [2]


def test_the_last_row_and_a_far_corner_cost_nothing(tmp_path: Path) -> None:
    corner = f'<row r="1048576">{number("XFD1048576", 1)}</row>'
    book = read_sales(tmp_path / "a.xlsx", sale(2) + corner)
    assert found(book, "Sales") == []
    assert read_sales(tmp_path / "b.xlsx", sale(1_048_576)).inputs.sales.row.tolist() == [1_048_576]


def test_extra_columns_hold_what_they_like(tmp_path: Path) -> None:
    extra = (
        '<c r="F2" t="e"><v>#N/A</v></c><c r="G2"><f>A1</f></c><c r="H2" t="s"><v>99</v></c><c r="I2" s="4"/>'
        '<c r="J2" t="inlineStr"><is><r><t>rich</t></r></is></c><c r="AA2"><v>x</v></c>'
    )
    book = read_sales(tmp_path / "a.xlsx", sale(2, E=extra) + sale(3))
    assert found(book, "Sales") == []
    assert len(book.inputs.sales) == 2


def test_comments_and_processing_instructions_hide_nothing(tmp_path: Path) -> None:
    rows = f"<!-- {sale(2)} -->{sale(3)}<?pi {sale(4)} ?>{sale(5)}"
    assert read_sales(tmp_path / "a.xlsx", rows).inputs.sales.row.tolist() == [3, 5]
    before = f"<!-- <sheetData>{sale(2)}</sheetData> -->"
    path = xml_book(tmp_path / "b.xlsx", {"Sales": sheet(header_row() + sale(3), before=before)})
    assert read(path).inputs.sales.row.tolist() == [3]


def test_prefixes_on_elements(tmp_path: Path) -> None:
    part = sheet(header_row() + sale(2)).replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    book = read(xml_book(tmp_path / "a.xlsx", {"Sales": part.replace("xmlns=", "xmlns:x=")}))
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == [2]


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030", "latin-1", "utf-8-sig"])
def test_other_encodings(tmp_path: Path, encoding: str) -> None:
    id_ = "X\u00e9" if encoding == "latin-1" else "单号"
    part = sheet(header_row() + sale(2, A=text("A2", id_))).replace("UTF-8", encoding.removesuffix("-sig"))
    content = part.encode(encoding)
    path = xml_book(tmp_path / "a.xlsx", {"Sales": ""}, parts={"xl/worksheets/sheet1.xml": content})
    if encoding == "gb18030":  # no encoding that an XML parser has to know
        with pytest.raises(FileProblem):
            read(path)
    else:
        assert read(path).inputs.sales.sale_id.tolist() == [id_]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</worksheet>", ""),
        ("</sheetData><pageMargins/></worksheet>", ""),
        ("A01", "A&nbsp;01"),
        ("A01", "A & 01"),
        ("</row>", "</rov>"),
        ("</worksheet>", "</worksheet><more/>"),
        ("<sheetData>", '<sheetData x="1" x="2">'),
        ("<worksheet", "<work sheet<"),
    ],
)
def test_damaged_parts_are_named(tmp_path: Path, old: str, new: str) -> None:
    part = sheet(header_row() + sale(2) + sale(3), after="<pageMargins/>").replace(old, new)
    path = xml_book(tmp_path / "a.xlsx", {"Sales": part})
    with pytest.raises(FileProblem, match=r"damaged in its part xl/worksheets/sheet1\.xml"):
        read(path)


def test_parts_cut_anywhere_are_damaged(tmp_path: Path) -> None:
    part = sheet(header_row() + sale(2) + sale(3), after="<pageMargins/>")
    for length in range(0, len(part), 61):
        path = xml_book(tmp_path / "a.xlsx", {"Sales": part[:length]})
        with pytest.raises(FileProblem, match=r"damaged in its part xl/worksheets/sheet1\.xml"):
            read(path)


@pytest.mark.parametrize("strings", ["<sst><si><t>a</t>", "<sst><si><t>&b;</t></si></sst>", "no xml"])
def test_damaged_shared_strings_are_named(tmp_path: Path, strings: str) -> None:
    with pytest.raises(FileProblem, match=r"damaged in its part xl/sharedStrings\.xml"):
        read_sales(tmp_path / "a.xlsx", sale(2), strings=strings)


def test_bytes_that_are_no_text_are_damage(tmp_path: Path) -> None:
    content = sheet(header_row() + sale(2)).encode().replace(b"A01", b"A\xff1")
    path = xml_book(tmp_path / "a.xlsx", {"Sales": ""}, parts={"xl/worksheets/sheet1.xml": content})
    with pytest.raises(FileProblem, match=r"damaged in its part xl/worksheets/sheet1\.xml"):
        read(path)


def test_hidden_rows_with_data_count_with_one_warning_a_sheet(tmp_path: Path) -> None:
    rows = "".join(
        sale(row).replace("<row ", '<row hidden="1" ' if row % 2 else "<row ") for row in range(2, 9)
    )
    book = read_sales(
        tmp_path / "a.xlsx",
        rows + '<row r="9" hidden="true"/><row r="11" hidden="1"><c r="A11" s="1"/></row>',
    )
    assert len(book.inputs.sales) == 7
    (warning,) = problems(book, "Sales", "warning")
    assert warning.row == 3
    assert "3 hidden or filtered rows hold data" in warning.sentence


def test_blank_rows_are_skipped(tmp_path: Path) -> None:
    blank = f'<row r="3"><c r="A3" s="1"/>{text("D3", SPACE)}</row><row r="4" spans="1:5"/>'
    extra = f'<row r="5">{text("G5", "a note beside the table")}</row>'
    book = read_sales(tmp_path / "a.xlsx", sale(2) + blank + extra + sale(6))
    assert book.problems == [each for each in book.problems if each.table != "Sales"]
    assert book.inputs.sales.row.tolist() == [2, 6]


def test_a_table_that_is_wrong_throughout_is_cut_short(tmp_path: Path) -> None:
    rows = "".join(sale(row, D=text(f"D{row}", "x"), E=text(f"E{row}", "y")) for row in range(2, 1_502))
    found_problems = problems(read_sales(tmp_path / "a.xlsx", rows), "Sales")
    assert len(found_problems) == 2_001
    assert "500 more rows cannot be read" in found_problems[-1].sentence
    assert found_problems[-1].row == 1_002


def test_a_sheet_of_many_thousand_rows_reads_alike_in_pieces(tmp_path: Path) -> None:
    odd = {
        500: {"D": text("D500", "1,000.00")},
        4_000: {"E": '<c r="E4000"><f>1</f><v>1</v></c>'},
        7_777: {"A": number("A7777", 42)},
    }
    rows = "".join(sale(row, **odd.get(row, {})) for row in range(2, 12_002))
    book = read_sales(tmp_path / "a.xlsx", rows)
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == list(range(2, 12_002))
    assert int(book.inputs.sales.gross.sum()) == 12_000 * 10_000 + 90_000
    assert book.inputs.sales.discount.tolist()[3_998] == 100
    assert book.inputs.sales.sale_id[7_775] == "42"


def test_a_comment_far_down_is_read_over(tmp_path: Path) -> None:
    rows = (
        "".join(sale(row) for row in range(2, 6_002))
        + "<!-- <row> -->"
        + sale(6_002)
        + sale(6_003).replace(' r="6003"', "", 1)
    )
    book = read_sales(tmp_path / "a.xlsx", rows)
    assert found(book, "Sales") == []
    assert book.inputs.sales.row.tolist() == list(range(2, 6_004))


def test_strings_of_many_pieces(tmp_path: Path) -> None:
    items = [f"<si><t>text {n}</t></si>" for n in range(80_000)]
    items[40_000] = "<si><r><t>rich</t></r></si>"
    items[60_000] = "<!-- <si><t>no</t></si> --><si><t>after</t></si>"
    rows = "".join(
        sale(row, A=f'<c r="A{row}" t="s"><v>{index}</v></c>')
        for row, index in ((2, 39_999), (3, 40_000), (4, 60_000), (5, 79_999))
    )
    book = read_sales(tmp_path / "a.xlsx", rows, strings=f'<sst xmlns="{MAIN}">{"".join(items)}</sst>')
    assert book.inputs.sales.sale_id.tolist() == ["text 39999", "rich", "after", "text 79999"]


def test_memory_that_does_not_suffice_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xml_book(tmp_path / "a.xlsx", {"Sales": sheet(header_row() + sale(2))})

    def exhausted(*_: object) -> object:
        raise MemoryError

    monkeypatch.setattr(zipfile.ZipExtFile, "read1", exhausted)
    monkeypatch.setattr("keyaccount.workbook.reader.shared_strings", exhausted)
    with pytest.raises(FileProblem, match="needs more memory"):
        read(path)
