"""What stands on the result sheets, read back by openpyxl."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from keyaccount.tables import RESULT_SHEET, RESULT_SHEETS, ResultTable
from tests.workbook.books import COMPANY, ROWS, TABLES, Language, parts, plain, results, titles, write

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = plain(tmp_path_factory.mktemp("en") / "book.xlsx")
    assert write(book)
    return book


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = plain(tmp_path_factory.mktemp("zh") / "book.xlsx")
    assert write(book, language="zh")
    return book


def row(sheet: Worksheet, number: int) -> list[object]:
    return [cell.value for cell in sheet[number]]


def test_missing_result_sheets_are_added_at_the_end_in_order(english: Path, chinese: Path) -> None:
    before = ["Sales", "Tiers (Joe's)"]
    assert load_workbook(english).sheetnames == before + [sheet.name for sheet in RESULT_SHEETS]
    assert load_workbook(chinese).sheetnames == before + [sheet.zh[0] for sheet in RESULT_SHEETS]


@pytest.mark.parametrize("name", [sheet.name for sheet in TABLES if sheet.titled])
def test_a_titled_sheet_has_its_head_above_the_header_and_only_rows_below(english: Path, name: str) -> None:
    sheet = load_workbook(english)[name]
    assert sheet["A1"].value == RESULT_SHEET[name].title[0]
    assert sheet["A2"].value == f"{COMPANY} · Period 2026Q1 · Run 4"
    assert row(sheet, 5) == [column.en for column in RESULT_SHEET[name].columns]
    assert sheet.max_row == 5 + len(ROWS[name])
    if name != "Problems":
        assert sheet["A3"].value == (RESULT_SHEET[name].about[0] or "Unit: yuan, before tax")


def test_several_words_of_a_cell_are_in_the_workbooks_language(english: Path, chinese: Path) -> None:
    assert load_workbook(english)["Key Account Review"]["S6"].value == "new tier; qualifies now"
    assert load_workbook(chinese)["大客户认定"]["S6"].value == "新增等级、新达标"
    assert load_workbook(chinese)["大客户认定"]["M6"].value == "核心客户"
    assert load_workbook(chinese)["评分明细"]["O6"].value == "偏好、特殊需求、未按期更新"


def test_the_head_is_chinese_in_a_chinese_workbook(chinese: Path) -> None:
    sheet = load_workbook(chinese)["季度核算"]
    assert [sheet[f"A{number}"].value for number in (1, 2, 3, 4)] == [
        "大客户销售提成结算表(§3.3.1)",
        f"公司名称:{COMPANY} · 核算期间:2026Q1 · 批次号:4",
        "单位:元(税前)",
        "合计",
    ]
    assert row(sheet, 5) == [column.zh for column in RESULT_SHEET["Quarterly Settlement"].columns]


def test_totals_stand_above_the_columns_that_may_be_added_up(english: Path) -> None:
    sheet = load_workbook(english)["Net Sales"]
    assert row(sheet, 4) == ["Total", None, None, 820000, 20000, -0.05, 0, 0, 0, 800000.05]


def test_ledger_and_run_log_have_their_header_in_row_1(english: Path) -> None:
    book = load_workbook(english)
    for name in ("Ledger", "Run Log"):
        assert row(book[name], 1) == [column.en for column in RESULT_SHEET[name].columns]
        assert book[name].max_row == 1 + len(ROWS[name])


def test_in_chinese_a_label_row_stands_above_the_ledgers_english_header(chinese: Path) -> None:
    book = load_workbook(chinese)
    ledger = book["提成台账"]
    assert row(ledger, 1)[:3] == ["序号", "批次号", "记账时间"]
    assert row(ledger, 2) == [*(column.en for column in RESULT_SHEET["Ledger"].columns), "类别"]
    assert [ledger.cell(number, 5).value for number in (3, 4)] == ["advance", "quarter_payment"]
    assert [ledger.cell(number, 16).value for number in (3, 4)] == ["月度预发", "季度发放"]
    assert row(book["操作日志"], 2) == [column.en for column in RESULT_SHEET["Run Log"].columns]


def test_tiers_types_and_severities_are_words_of_the_workbooks_language(english: Path, chinese: Path) -> None:
    found = load_workbook(chinese)
    assert [found["提成明细"].cell(number, 7).value for number in (6, 7)] == ["战略客户", "核心客户/own"]
    assert [found["提成扣回"].cell(number, 2).value for number in (6, 7)] == ["销售退货", "已核销坏账收回"]
    assert [found["数据检查结果"].cell(number, 1).value for number in (6, 7)] == ["错误", "警告"]
    assert load_workbook(english)["Clawbacks"]["B6"].value == "return"


def test_amounts_are_exact_numbers_rates_numbers_dates_dates_and_ids_text(english: Path) -> None:
    book = load_workbook(english)
    clawback = book["Clawbacks"][6]
    assert [cell.value for cell in clawback] == [
        "R1",
        "return",
        datetime(2026, 3, 31),  # noqa: DTZ001 a cell's day has no zone
        datetime(2025, 2, 28),  # noqa: DTZ001 likewise
        "001",
        "S01",
        -10000,
        0.0125,
        -125,
        -100,
        -25,
    ]
    assert [cell.data_type for cell in clawback] == ["s", "s", "d", "d", "s", "s", "n", "n", "n", "n", "n"]
    shown = {cell.column_letter: cell.number_format for cell in clawback}
    assert (shown["C"], shown["G"], shown["H"]) == ("yyyy-mm-dd", "#,##0.00;[Red]-#,##0.00", "0.00##%")
    year_end = book["Year-End Settlement"]
    assert (year_end["H6"].number_format, year_end["J6"].number_format) == ("0.00%", "0.00##")
    assert (year_end["B6"].value, book["Ledger"]["A2"].value) == ("2026", 1)


def test_an_amount_is_written_from_its_fen_digit_by_digit(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    fen = [999_999_999_999_999, -999_999_999_999_999, 1, -1, 0, 100, -10]
    rows: list[tuple[object, ...]] = [("2026-01", "A", "A", amount, 0, 0, 0, 0, 0, 0) for amount in fen]
    write(book, results({"Net Sales": rows}))
    xml = parts(book)["xl/worksheets/sheet3.xml"].decode()
    expected = ["9999999999999.99", "-9999999999999.99", "0.01", "-0.01", "0.00", "1.00", "-0.10"]
    for number, text in enumerate(expected, start=6):
        assert f"<v>{text}</v>" in xml.split(f'r="D{number}"')[1].split("</c>")[0] + "</c>"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "@x",
        "-1",
        "'quoted",
        "1e5",
        "TRUE",
        "#N/A",
        " inner  and edge ",
        "a\nb\tc",
        "<&>\"'",
        "客户甲",
    ],
)
def test_text_stays_text_as_it_was(tmp_path: Path, text: str) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, results({"Net Sales": [("2026-01", text, text, 1, 0, 0, 0, 0, 0, 1)]}))
    cell = load_workbook(book)["Net Sales"]["C6"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert b"<f" not in parts(book)["xl/worksheets/sheet3.xml"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a\x00b", "a_x0000_b"),
        ("a\x1fb\r", "a_x001F_b_x000D_"),
        ("_x0041_", "_x005F_x0041_"),
        ("\ufffe\ud800", "_xFFFE__xD800_"),
    ],
)
def test_what_xml_cannot_hold_is_escaped_as_excel_does(tmp_path: Path, text: str, written: str) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, results({"Net Sales": [("2026-01", "A", text, 1, 0, 0, 0, 0, 0, 1)]}))
    assert f">{written}</t>".encode() in parts(book)["xl/worksheets/sheet3.xml"]
    load_workbook(book)


def test_a_text_longer_than_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, results({"Net Sales": [("2026-01", "A", "x" * 40_000, 1, 0, 0, 0, 0, 0, 1)]}))
    value = load_workbook(book)["Net Sales"]["C6"].value
    assert len(value) == 32_767
    assert value.endswith("x…")


def test_dates_follow_the_workbooks_date_system(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx", date1904=True)
    write(book)
    found = load_workbook(book)
    assert found["Clawbacks"]["C6"].value == datetime(2026, 3, 31)  # noqa: DTZ001 a cell's day has no zone
    assert b'<c r="C6"' in parts(book)["xl/worksheets/sheet7.xml"]
    assert b"<v>44650</v>" in parts(book)["xl/worksheets/sheet7.xml"]  # 46112 in the 1900 system


def test_result_sheets_are_locked_but_can_be_filtered_and_copied(english: Path) -> None:
    book = load_workbook(english)
    for sheet in RESULT_SHEETS:
        guard = book[sheet.name].protection
        assert guard.sheet
        assert guard.objects
        assert guard.scenarios
        assert not guard.autoFilter  # not forbidden
        assert not guard.sort
        assert not guard.formatColumns
        assert not guard.selectLockedCells
        assert guard.password is None
        assert book[sheet.name]["A5"].protection.locked
    assert not book["Sales"].protection.sheet


@pytest.mark.parametrize(
    ("language", "ledger", "page"), [("en", 1, "Page &P of &N"), ("zh", 2, "第&P页 共&N页")]
)
def test_headers_are_frozen_filtered_and_printed_on_each_page(
    english: Path, chinese: Path, language: Language, ledger: int, page: str
) -> None:
    book = load_workbook(english if language == "en" else chinese)
    for sheet in TABLES:
        found = book[titles(language)[sheet.name]]
        head = 5 if sheet.titled else ledger
        assert found.freeze_panes == f"A{head + 1}"
        assert found.auto_filter.ref.startswith(f"A{head}:")
        assert found.auto_filter.ref.endswith(str(head + len(ROWS[sheet.name])))
        assert found.print_title_rows == f"${head if sheet.titled else 1}:${head}"
        assert (found.page_setup.orientation, found.page_setup.paperSize) == ("landscape", 9)
        assert (found.page_setup.fitToHeight, found.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
        assert found.oddFooter.right.text == page
        assert found.cell(head, 1).font.b
        assert found.cell(head, 1).alignment.wrap_text
        assert found.sheet_properties.tabColor is not None
        widths = [column.width for column in found.column_dimensions.values()]
        assert all(8 <= width <= 60 for width in widths)
    assert book["Sales"].sheet_properties.tabColor is None


def test_columns_are_wide_enough_for_their_widest_value_and_digests_are_hidden(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    identity, amount = "ACCOUNT-0000000000000000000001", 123_456_789_012_34
    rows: list[tuple[object, ...]] = [("2026-01", identity, "客" * 20, amount, *[0] * 6)] * 9
    write(book, results({"Net Sales": rows, "Ledger": ROWS["Ledger"]}))
    found = load_workbook(book)
    width = {letter: column.width for letter, column in found["Net Sales"].column_dimensions.items()}
    assert width["B"] > len(identity)
    assert width["C"] > 40
    assert width["D"] > len("1,111,111,101,111.06")  # the total is wider than each amount
    hidden = {letter for letter, column in found["Ledger"].column_dimensions.items() if column.hidden}
    assert hidden == {"N", "O"}


def test_a_problems_cell_leads_to_the_cell_it_names(english: Path, chinese: Path) -> None:
    for book, name in ((english, "Problems"), (chinese, "数据检查结果")):
        sheet = load_workbook(book)[name]
        assert (sheet["C6"].value, sheet["C6"].hyperlink.location) == ("B7", "'Sales'!B7")
        assert (sheet["C7"].value, sheet["C7"].hyperlink.location) == ("A3", "'Tiers (Joe''s)'!A3")
        assert (sheet["C8"].value, sheet["C8"].hyperlink) == (None, None)


def test_without_problems_a_green_line_says_so_and_no_row_follows(tmp_path: Path) -> None:
    for language, said, name in (
        ("en", "No problems found", "Problems"),
        ("zh", "未发现问题", "数据检查结果"),
    ):
        book = plain(tmp_path / f"{language}.xlsx")
        write(book, results({"Problems": []}), language="en" if language == "en" else "zh")
        sheet = load_workbook(book)[name]
        assert sheet["A3"].value == said
        assert sheet["A3"].font.color.rgb == "FF00703C"
        assert sheet.max_row == 5


def test_problems_are_counted_above_the_table(english: Path) -> None:
    assert load_workbook(english)["Problems"]["A3"].value == "Errors: 1 · Warnings: 2"


def test_a_table_without_rows_keeps_head_and_header(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, [ResultTable(sheet, []) for sheet in TABLES])
    found = load_workbook(book)
    assert found["Clawbacks"].max_row == 5
    assert found["Clawbacks"].auto_filter.ref == "A5:K6"
    assert found["Clawbacks"]["A2"].value is None
    assert found["Ledger"].max_row == 1


def test_shares_and_coefficients_are_exact(english: Path) -> None:
    xml = parts(english)["xl/worksheets/sheet8.xml"].decode()
    assert "<v>1.23456</v>" in xml
    assert Decimal("0.95") == Decimal(xml.split('r="J6"')[1].split("<v>")[1].split("</v>")[0])
