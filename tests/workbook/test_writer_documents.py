"""Result sheets as documents: what is printed and signed, what stands out, what the head proves."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from openpyxl import load_workbook

from keyaccount.cli import main
from keyaccount.ledger import Entry
from keyaccount.money import LARGEST_FEN
from keyaccount.tables import RESULT_SHEET, RESULT_SHEETS, Tie
from keyaccount.tables.notes import LONGEST_NOTE, NOTES, note_of
from keyaccount.ties import ties
from keyaccount.workbook.paper import LONGEST_FOOT, foot, page
from tests.plain_books import write_inputs
from tests.test_cli import EXAMPLE_1, rows
from tests.workbook.books import DEPARTMENT, PERSON, ROWS, Language, plain, results, titles, write

DIGEST = "0123456789abcdef" * 4
DOCUMENTS = {sheet.name: sheet for sheet in RESULT_SHEETS if sheet.signed}


def quarter(number: int, period: str, paid: int) -> tuple[object, ...]:
    money = [0] * 11
    money[8] = paid
    return (number, period, DEPARTMENT, *PERSON, *money, None, None)


QUARTERS = [
    quarter(1, "2026Q1", 100),
    quarter(2, "2026Q1", 200),
    quarter(1, "2026Q2", 1_010_10),
    quarter(2, "2026Q2", -5),
]


@pytest.fixture
def two_quarters(tmp_path: Path) -> Path:
    book = plain(tmp_path / "book.xlsx")
    write(book, results({"Quarterly Settlement": QUARTERS}))
    return book


def column(name: str, header: str) -> int:
    """Give a column's number, from 1."""
    return [each.en for each in RESULT_SHEET[name].columns].index(header) + 1


# --- the document's columns --------------------------------------------------------------------------


def test_settlements_and_advances_are_documents() -> None:
    assert list(DOCUMENTS) == ["Monthly Advances", "Quarterly Settlement", "Year-End Settlement"]
    for sheet in DOCUMENTS.values():
        chinese = [each.zh for each in sheet.columns]
        assert chinese[0] == "序号"
        assert chinese[2:5] == ["部门", "销售员编号", "姓名"]
        assert chinese[-2:] == ["签字", "备注"]


def test_the_quarters_headings_are_those_of_the_settlement_sheet() -> None:
    assert [each.zh for each in RESULT_SHEET["Quarterly Settlement"].columns] == [
        "序号",
        "核算期间",
        "部门",
        "销售员编号",
        "姓名",
        "提成基数(净销售额)",
        "本期提成",
        "更正",
        "以前年度调整",
        "期初结转",
        "累计应计提成",
        "累计应预发",
        "此前已发",
        "本期应发",
        "年终待补发",
        "结转待扣",
        "签字",
        "备注",
    ]


def test_rows_are_numbered_within_their_period_and_name_the_department(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    tables = rows(EXAMPLE_1)
    people = [("S01", "East"), ("S02", "South")]
    tables["Salespeople"] = [
        {"Salesperson ID": key, "Name": key, "Department": department} for key, department in people
    ]
    write_inputs(book, tables)
    for month in ("2026-01", "2026-02"):
        assert main(["advance", str(book), month]) == 0
    sheet = load_workbook(book)["Monthly Advances"]
    assert [[cell.value for cell in row[:4]] for row in sheet.iter_rows(min_row=6)] == [
        [1, "2026-01", "East", "S01"],
        [2, "2026-01", "South", "S02"],
        [1, "2026-02", "East", "S01"],
        [2, "2026-02", "South", "S02"],
    ]
    assert all(cell.value is None for row in sheet.iter_rows(min_row=6, min_col=15) for cell in row)


# --- what stands out ---------------------------------------------------------------------------------


def test_paid_stands_out(two_quarters: Path) -> None:
    sheet = load_workbook(two_quarters)["Quarterly Settlement"]
    paid, before = column("Quarterly Settlement", "Paid"), column("Quarterly Settlement", "Paid Before")
    for row in (4, 5, 6, 8):
        ours, other = sheet.cell(row, paid), sheet.cell(row, before)
        assert ours.font.b
        assert ours.fill.fgColor.rgb != other.fill.fgColor.rgb
    assert not sheet.cell(6, before).font.b
    assert sheet.cell(9, paid).number_format == "#,##0.00;[Red]-#,##0.00"


def test_a_line_stands_between_periods_and_nowhere_else(two_quarters: Path) -> None:
    sheet = load_workbook(two_quarters)["Quarterly Settlement"]
    for cells in sheet.iter_rows(min_row=6):
        styles = {cell.border.top.style for cell in cells}
        assert styles == ({"medium"} if cells[0].row == 8 else {"thin"})


def test_a_line_stands_between_errors_and_warnings(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book)
    sheet = load_workbook(book)["Problems"]
    assert [sheet.cell(row, 1).value for row in (6, 7, 8)] == ["error", "warning", "warning"]
    assert [sheet.cell(row, 1).border.top.style for row in (6, 7, 8)] == ["thin", "medium", "thin"]
    colours = [sheet.cell(row, 1).font.color.rgb for row in (6, 7, 8)]
    assert colours == ["FFC00000", "FF9C5700", "FF9C5700"]
    assert sheet["C7"].hyperlink is not None


def test_rows_have_room_for_a_signature_and_long_names_are_wrapped(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    long = list(QUARTERS[0])
    long[2], long[4] = "华东及华北大区大客户事业管理一部" * 3, "Salesperson With A Remarkably Long Name"
    write(book, results({"Quarterly Settlement": [*QUARTERS, tuple(long)]}))
    sheet = load_workbook(book)["Quarterly Settlement"]
    heights = [sheet.row_dimensions[row].height for row in range(6, 11)]
    assert heights[:4] == [26] * 4
    assert heights[4] > 60
    for letter in "CDE":
        assert sheet.column_dimensions[letter].width <= 22
    assert sheet["C10"].alignment.wrap_text


# --- the foot ----------------------------------------------------------------------------------------


def test_the_foot_states_the_latest_periods_total_in_words_and_who_signs() -> None:
    table = replace(results({"Quarterly Settlement": QUARTERS})[0], digest=DIGEST)
    assert foot(table, "zh").split("\n") == [
        "合计大写(2026Q2 本期应发):人民币壹仟零壹拾元零伍分(¥1,010.05)   批次号:4   台账校验码:0123456789ab",
        "",
        "   ".join(
            f"{who}:__________" for who in ("制表", "审核(财务)", "销售负责人", "批准(总经理)", "日期")
        ),
    ]
    assert foot(table, "en").split("\n")[0] == (
        "Total payable 2026Q2: 1,010.05 yuan   Run 4   Ledger 0123456789ab"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [0, 100, 240, 5000])
def test_the_foot_is_never_longer_than_excel_takes(language: Language, width: float) -> None:
    rows = [quarter(1, "2026Q4", -LARGEST_FEN + 1_00)]
    table = replace(results({"Quarterly Settlement": rows})[0], digest=DIGEST, run=999_999)
    footer = re.search("<oddFooter>(.*)</oddFooter>", page(table, language, width), re.DOTALL)
    assert footer is not None
    assert len(unescape(footer[1])) <= LONGEST_FOOT


@pytest.mark.parametrize("language", ["en", "zh"])
def test_documents_print_their_foot_and_other_sheets_their_name(tmp_path: Path, language: Language) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, language=language)
    found = load_workbook(book)
    for sheet in RESULT_SHEETS:
        printed = found[titles(language)[sheet.name]]
        left = printed.oddFooter.left.text
        if sheet.signed:
            assert ("销售负责人" if language == "zh" else "Head of Sales") in left
            assert printed.page_margins.bottom > printed.page_margins.footer + 0.4
        elif ROWS.get(sheet.name):
            assert left == "&A"


def test_a_document_without_rows_has_nothing_to_sign(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, results({"Year-End Settlement": []}))
    assert load_workbook(book)["Year-End Settlement"].oddFooter.left.text == "&A"


# --- the head ----------------------------------------------------------------------------------------


def test_the_head_says_that_totals_agree_or_shows_both(tmp_path: Path) -> None:
    tie = Tie(("Paid here = ledger", "本表应发合计 = 台账发放合计"), 1_234_567, 1_234_567)
    for name, one, said, colour in (
        ("a", tie, "Paid here = ledger: ✓ 12,345.67", "FF595959"),
        ("b", replace(tie, there=0), "Paid here = ledger: ✗ 12,345.67 ≠ 0.00", "FFC00000"),
    ):
        book = plain(tmp_path / f"{name}.xlsx")
        table = replace(results({"Quarterly Settlement": QUARTERS})[0], ties=(one,))
        write(book, [table])
        cell = load_workbook(book)["Quarterly Settlement"]["A3"]
        assert cell.value == f"Unit: yuan, before tax · {said}"
        assert cell.font.color.rgb == colour


def test_what_was_paid_ties_to_the_ledger_and_figures_to_their_parts(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_inputs(book, rows(EXAMPLE_1))
    assert main(["advance", str(book), "2026-02"]) == 0
    assert main(["settle", str(book), "2026Q1"]) == 0
    assert main(["settle", str(book), "2026Q4"]) == 0
    assert main(["year-end", str(book), "2026"]) == 0
    found = openpyxl.load_workbook(book)
    lines = {name: str(found[name]["A3"].value) for name in (*DOCUMENTS, "Net Sales", "Commission Detail")}
    assert lines["Monthly Advances"].endswith("Paid here = ledger: ✓ 12,800.00")
    assert lines["Quarterly Settlement"].endswith("Paid here = ledger: ✓ 2,400.00")
    assert "Paid here = ledger: ✓ 3,800.00" in lines["Year-End Settlement"]
    assert lines["Year-End Settlement"].endswith("Commission + adjustment = final: ✓ 19,000.00")
    assert lines["Net Sales"].endswith("Net sales = the sum of its parts: ✓ 950,000.00")
    assert lines["Commission Detail"].endswith("Net sales here = ledger: ✓ 950,000.00")


def test_what_was_paid_outside_the_runs_is_named() -> None:
    def paid(period: str, person: str, amount: int) -> Entry:
        return Entry(1, 1, "", period, "advance", person, amount)

    ledger = [paid("2026-01", "S01", 7), paid("2025-12", "S01", 100_000), paid("2026Q1", "S01", 3)]
    advances = RESULT_SHEET["Monthly Advances"]
    money: list[object] = [0] * 8
    money[5] = 7
    row = (1, "2026-01", DEPARTMENT, *PERSON, *money, None, None)
    (tie,) = ties(advances, [row], ledger)
    assert (tie.said[0], tie.here, tie.there) == (
        "Paid here + 1,000.00 paid outside = ledger",
        100_007,
        100_007,
    )
    (tie,) = ties(advances, [row], [*ledger, paid("2026-01", "S01", 1)])
    assert (tie.here, tie.there) == (100_007, 100_008)


def test_open_months_come_on_top_of_the_ledgers_net_sales(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_inputs(book, rows(EXAMPLE_1))
    assert main(["advance", str(book), "2026-02"]) == 0
    line = str(load_workbook(book)["Commission Detail"]["A3"].value)
    assert line.endswith("Net sales here = ledger + 800,000.00 not settled yet: ✓ 800,000.00")


def test_verify_finds_a_changed_tie(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    write_inputs(book, rows(EXAMPLE_1))
    assert main(["settle", str(book), "2026Q1"]) == 0
    assert main(["verify", str(book)]) == 0
    edited = load_workbook(book)
    edited["Quarterly Settlement"]["A3"] = "Unit: yuan, before tax · Paid here = ledger: ✓ 1.00"
    edited.save(book)
    assert main(["verify", str(book)]) == 4


# --- notes of columns ---------------------------------------------------------------------------------


@pytest.mark.parametrize("sheet", RESULT_SHEETS, ids=lambda sheet: sheet.name)
def test_every_column_has_a_note_in_both_languages(sheet: object) -> None:
    declared = next(each for each in RESULT_SHEETS if each is sheet)
    for each in declared.columns:
        note = note_of(declared, each)
        assert note is not None, each.en
        assert all(0 < len(said) <= LONGEST_NOTE for said in note), each.en
        if declared.signed and each.kind in ("amount", "coefficient", "share"):
            assert all("§" in said for said in note), each.en


def test_every_note_belongs_to_a_column() -> None:
    headers = {each.en for sheet in RESULT_SHEETS for each in sheet.columns}
    own = {f"{sheet.name}/{each.en}" for sheet in RESULT_SHEETS for each in sheet.columns}
    later = {"Check", "By Formula", "By the Program", "Difference", "Agrees", "Note"}  # of Reconciliation
    assert set(NOTES) - headers - own <= later


@pytest.mark.parametrize(
    ("language", "name", "title", "said"),
    [
        ("en", "Quarterly Settlement", "Withheld", "Earned but kept back until the year end (§3.3.2)."),
        ("zh", "季度核算", "年终待补发", "已计提、留待年终补发的部分(§3.3.2)。"),
    ],
)
def test_a_selected_header_shows_its_note(
    tmp_path: Path, language: Language, name: str, title: str, said: str
) -> None:
    book = plain(tmp_path / "book.xlsx")
    write(book, language=language)
    found = load_workbook(book)[name]
    notes = {str(each.sqref): each for each in found.data_validations.dataValidation}
    assert len(notes) == len(RESULT_SHEET["Quarterly Settlement"].columns)
    note = notes["O5"]
    assert found["O5"].value == title
    assert (note.promptTitle, note.prompt, note.showInputMessage) == (title, said, True)
    assert note.type is None
    assert found.max_row == 5 + len(ROWS["Quarterly Settlement"])
