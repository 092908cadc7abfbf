"""What sheet parts can hold, byte by byte: whoever wrote them, nothing is misread and nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyaccount.workbook import sheetxml
from tests.workbook.reading import (
    DATE_STYLE,
    MAIN,
    found,
    number,
    problems,
    read_sales,
    sale,
    text,
)

SPACE = "\u3000 "
FORMULA = '<c r="D2"><f>B2*2</f>{}</c>'


@pytest.fixture(params=["by pattern", "exactly"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read every part of these tests in both ways."""
    monkeypatch.setattr(sheetxml, "SMALL_PART", 0 if request.param == "by pattern" else 1 << 40)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (number("D2", 12.5), 1_250),
        (number("D2", "12.500000000000002"), 1_250),
        ('<c r="D2"><v>12.5</v></c>', 1_250),
        ('<c r="D2" t="n" s="0"><v>12.5</v></c>', 1_250),
        ('<c  s="0"\n r="D2"><v>12.5</v></c >', 1_250),
        ("<c r='D2' s='2'><v>12.5</v></c>", 1_250),
        ('<c r="D2" s="2" cm="1" vm="1"><v>12.5</v></c>', 1_250),
        ('<c r="D2"><v> 12.5\n</v></c>', 1_250),
        ('<c r="D2"><v>&#49;2.5</v></c>', 1_250),
        ('<c r="D2"><v><![CDATA[12.5]]></v></c>', 1_250),
        ('<c r="D2"><v>1<!-- never -->2.5</v></c>', 1_250),
        ('<c r="D2"><f>1+2</f><v>12.5</v></c>', 1_250),
        ('<c r="D2"><f t="shared" si="0"/><v>12.5</v></c>', 1_250),
        ('<c r="D2"><f t="array" ref="D2"><![CDATA[A1<2]]></f><v>12.5</v></c>', 1_250),
        ('<c r="D2" t="str"><f>TEXT(1)</f><v>¥1,234.50</v></c>', 123_450),
        ('<c r="D2" t="inlineStr"><is><t xml:space="preserve"> (1,234.50) </t></is></c>', -123_450),
        ('<c r="D2" t="inlineStr"><is><r><rPr/><t>12</t></r><r><t>.50</t></r></is></c>', 1_250),
        ('<c r="D2" t="inlineStr"><v>12.50</v></c>', 1_250),
        ('<c r="D2"><v>12.5</v><extLst><ext/></extLst></c>', 1_250),
    ],
)
def test_amounts_however_they_are_written(tmp_path: Path, cell: str, fen: int) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, D=cell) + sale(3))
    assert found(book, "Sales") == []
    assert book.inputs.sales.gross.tolist() == [fen, 10_000]


@pytest.mark.parametrize(
    ("cell", "value", "says"),
    [
        ('<c r="D2" t="e"><v>#N/A</v></c>', "#N/A", "shows an error"),
        ('<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", "shows an error"),
        ('<c r="D2" t="str"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", "shows an error"),
        ('<c r="D2" t="e"><v>#SPILL!</v></c>', "#SPILL!", "shows an error"),
        (FORMULA.format(""), "=B2*2", "not been calculated"),
        (FORMULA.format("<v></v>"), "=B2*2", "not been calculated"),
        (FORMULA.format("<v/>"), "=B2*2", "not been calculated"),
        ('<c r="D2"><f t="shared" si="0"/></c>', "=", "not been calculated"),
        ('<c r="D2" t="str"><f>A1</f></c>', "=A1", "not been calculated"),
        ('<c r="D2" t="b"><v>1</v></c>', "TRUE", "not an amount"),
        ('<c r="D2" t="d"><v>2026-01-01</v></c>', "2026-01-01", "not an amount"),
        ('<c r="D2" t="x"><v>5</v></c>', "5", "cannot be read"),
        ('<c r="D2" t="s"><v>5</v></c>', "5", "cannot be read"),
        (number("D2", 5, DATE_STYLE), "5", "a date where a number belongs"),
        (number("D2", "1_000"), "1_000", "not a number"),
        (number("D2", "１２３"), "１２３", "not a number"),
        (number("D2", "NaN"), "NaN", "not a number"),
        (number("D2", "INF"), "INF", "not a number"),
        (number("D2", "1e400"), "1e400", "beyond"),
        (number("D2", "1.005"), "1.005", "two decimals"),
        (number("D2", "9007199254740993"), "9007199254740993", "15 digits"),
        (number("D2", "0x1F"), "0x1F", "not a number"),
        (text("D2", "n/a"), "n/a", "not an amount"),
        ("", "", "Gross Amount is blank"),
        ('<c r="D2" s="1"/>', "", "Gross Amount is blank"),
        ('<c r="D2"><v></v></c>', "", "Gross Amount is blank"),
        ('<c r="D2" t="str"><f>IF(1,"")</f><v></v></c>', "", "Gross Amount is blank"),
        (text("D2", "\u3000\u200b "), "\u3000\u200b ", "Gross Amount is blank"),
    ],
)
def test_what_is_no_amount_is_named_with_cell_value_and_remedy(
    tmp_path: Path, cell: str, value: str, says: str
) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, D=cell) + sale(3))
    (problem,) = problems(book, "Sales")
    assert says in problem.sentence
    assert found(book, "Sales") == [("Sales", "D2", value)]
    assert book.inputs.sales.row.tolist() == [3]


def test_all_problems_are_found_in_one_pass(tmp_path: Path) -> None:
    rows = (
        sale(2, A="", B=number("B2", 60, DATE_STYLE), D=text("D2", "x"))
        + sale(3)
        + sale(4, E=number("E4", "1.005"))
    )
    book = read_sales(tmp_path / "a.xlsx", rows)
    assert found(book, "Sales") == [
        ("Sales", "A2", ""),
        ("Sales", "B2", "60"),
        ("Sales", "D2", "x"),
        ("Sales", "E4", "1.005"),
    ]
    assert book.inputs.sales.row.tolist() == [3]


@pytest.mark.parametrize(
    ("cell", "id_"),
    [
        (number("A2", "1001"), "1001"),
        (number("A2", "1001.0"), "1001"),
        (number("A2", "0"), "0"),
        (text("A2", "0012"), "0012"),
        (text("A2", "\u00a0 X-1\u3000"), "X-1"),
        (text("A2", "a & <b>"), "a & <b>"),
        (text("A2", "_x0041_1_x000D_"), "A1"),
        (text("A2", "单号１"), "单号１"),
        ('<c r="A2" t="inlineStr"><is><t>&#x58;&amp;1</t></is></c>', "X&1"),
        (
            '<c r="A2" t="inlineStr"><is><r><t>X</t></r><r><t>1</t></r><rPh><t>no</t></rPh></is></c>',
            "X1",
        ),
        ('<c r="A2" t="str"><f>"X"&amp;1</f><v>X1</v></c>', "X1"),
        ('<c r="A2" t="s"><v>0</v></c>', "plain"),
        ('<c r="A2" t="s"><v>1</v></c>', "rich text"),
        ('<c r="A2" t="s"><v>2</v></c>', "中文"),
        ('<c r="A2" t="s"><v>3</v></c>', "a&b"),
        ('<c r="A2" t="s"><v>4</v></c>', "trimmed"),
        ('<c r="A2" t="s"><v> 0 </v></c>', "plain"),
    ],
)
def test_ids_however_they_are_written(tmp_path: Path, cell: str, id_: str) -> None:
    strings = (
        f'<?xml version="1.0" encoding="UTF-8"?><sst xmlns="{MAIN}"><si><t>plain</t></si>'
        "<si><r><rPr><b/></rPr><t>rich </t></r><r><t>text</t></r><rPh><t>phonetic</t></rPh></si>"
        '<si><t>中文</t><phoneticPr fontId="1" type="noConversion"/></si>'
        '<si><t>a&amp;b</t></si><si><t xml:space="preserve">  trimmed\u00a0</t></si><si/></sst>'
    )
    book = read_sales(tmp_path / "a.xlsx", sale(2, A=cell) + sale(3), strings=strings)
    assert found(book, "Sales") == []
    assert book.inputs.sales.sale_id.tolist() == [id_, "X3"]


@pytest.mark.parametrize("odd", ["X2\n", "\nX2", "X2\t", " X2"])
def test_a_line_break_typed_into_an_id_is_trimmed_among_shared_texts_too(tmp_path: Path, odd: str) -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t xml:space="preserve">{odd}</t></si><si><t>X3</t></si></sst>'
    cells = [f'<c r="A{row}" t="s"><v>{row - 2}</v></c>' for row in (2, 3)]
    book = read_sales(tmp_path / "a.xlsx", sale(2, A=cells[0]) + sale(3, A=cells[1]), strings=strings)
    assert book.inputs.sales.sale_id.tolist() == ["X2", "X3"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A2" t="b"><v>0</v></c>', "FALSE"),
        (number("A2", "1234567890123456"), "1234567890123456"),
        (number("A2", 46_023, DATE_STYLE), "46023"),
        ('<c r="A2" t="s"><v>7</v></c>', "7"),
        ('<c r="A2" t="e"><v>#REF!</v></c>', "#REF!"),
    ],
)
def test_what_is_no_id_is_a_problem(tmp_path: Path, cell: str, value: str) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, A=cell), strings=f'<sst xmlns="{MAIN}"/>')
    assert found(book, "Sales") == [("Sales", "A2", value)]


@pytest.mark.parametrize(
    ("cell", "number_of_day"),
    [
        (number("B2", 46_023, DATE_STYLE), 20_454),
        (number("B2", "46023.9", DATE_STYLE), 20_454),
        (number("B2", "4.6023E4", DATE_STYLE), 20_454),
        (number("B2", 59, DATE_STYLE), -25_509),
        (text("B2", "2026-01-01"), 20_454),
        (text("B2", "2026-01-01 23:59"), 20_454),
        ('<c r="B2" t="d"><v>2026-01-01T00:00:00</v></c>', 20_454),
        ('<c r="B2" s="1"><f>TODAY()</f><v>46023</v></c>', 20_454),
    ],
)
def test_dates_however_they_are_written(tmp_path: Path, cell: str, number_of_day: int) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, B=cell) + sale(3))
    assert found(book, "Sales") == []
    assert book.inputs.sales.date.tolist() == [number_of_day, 20_458]


@pytest.mark.parametrize("serial", ["60", "0", "-1", "2958466", "NaN"])
def test_serials_that_are_no_day_are_problems(tmp_path: Path, serial: str) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, B=number("B2", serial, DATE_STYLE)) + sale(3))
    assert found(book, "Sales") == [("Sales", "B2", serial)]


def test_a_number_without_date_format_is_no_date(tmp_path: Path) -> None:
    book = read_sales(tmp_path / "a.xlsx", sale(2, B=number("B2", 46_023, 2)) + sale(3))
    assert found(book, "Sales") == [("Sales", "B2", "46023")]


def test_the_1904_system(tmp_path: Path) -> None:
    book = read_sales(
        tmp_path / "a.xlsx",
        sale(2, B=number("B2", 44_561, DATE_STYLE)),
        workbook='<workbookPr date1904="1"/>',
    )
    assert book.inputs.sales.date.tolist() == [20_454]
