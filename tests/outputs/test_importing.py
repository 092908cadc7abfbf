"""``keyaccount import`` as a finance person meets it: companies' exports, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.book import Stamp
from keyaccount.cli import main
from keyaccount.commands import run_book
from keyaccount.demo import demo_rows
from keyaccount.outputs.importing import Options, import_file
from keyaccount.periods import Period
from keyaccount.tables import INPUT_TABLES
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from keyaccount.workbook.shipped import Language

Import = Callable[..., tuple[int, dict[str, Any]]]
HEADER = "Sale ID,Date,Account ID,Gross Amount,Discount"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return new_book(tmp_path / "book.xlsx", "en")


def new_book(path: Path, language: Language) -> Path:
    rows: dict[str, Any] = {**demo_rows(2026, language), "Sales": [], "Adjustments": []}
    rows["Sales"] = [
        {"sale_id": "N1", "date": date(2026, 1, 5), "account_id": "A01", "gross": Decimal("100.50")}
    ]
    create_workbook(path, language, 2026, rows)
    return path


@pytest.fixture
def bring(capsys: pytest.CaptureFixture[str]) -> Import:
    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["import", *map(str, arguments), "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed else {}

    return call


def csv(folder: Path, *lines: str, encoding: str = "utf-8", name: str = "export.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def sales(book: Path) -> list[tuple[str, int, int]]:
    with Package.open(book) as package:
        read = read_workbook(package).inputs.sales
    return list(zip(read.sale_id.tolist(), read.gross.tolist(), read.discount.tolist(), strict=True))


def told(said: dict[str, Any]) -> list[str]:
    return [f"{each['cell']}: {each['problem']}" for each in said["problems"]]


def test_an_export_is_appended_below_what_is_there(book: Path, tmp_path: Path, bring: Import) -> None:
    file = csv(tmp_path, HEADER, 'N2,2026-01-06,A01,"1,234.50",4.5', "N3,2026-01-07,A02,10,")
    code, said = bring(book, file, "--sheet", "Sales")
    assert (code, said["rows"], said["added"], said["area"]) == (0, 2, 2, "A3:E4")
    assert (said["encoding"], said["delimiter"], said["saved"]) == ("UTF-8", "comma", str(book))
    assert sales(book) == [("N1", 10050, 0), ("N2", 123450, 450), ("N3", 1000, 0)]


@pytest.mark.parametrize(
    ("encoding", "said_as"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("gb18030", "GB18030")]
)
@pytest.mark.parametrize(("sign", "named"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_a_chinese_export_in_any_usual_form(
    tmp_path: Path, bring: Import, encoding: str, said_as: str, sign: str, named: str
) -> None:
    target = new_book(tmp_path / "book.xlsx", "zh")
    lines = (
        ("单号", "日期", "客户编号", "销售额(不含税)", "备注"),
        ("甲1", "2026年1月6日", "A01", "12.30", "中文"),
    )
    file = csv(tmp_path, *(sign.join(line) for line in lines), encoding=encoding)
    code, said = bring(target, file, "--sheet", "销售明细")
    assert (code, said["encoding"], said["delimiter"], said["added"]) == (0, said_as, named, 1)
    assert {"file": "备注", "sheet": ""} in said["columns"]
    assert sales(target)[1] == ("甲1", 1230, 0)


def test_an_encoding_that_is_neither_is_not_guessed(book: Path, tmp_path: Path, bring: Import) -> None:
    file = csv(tmp_path, f"{HEADER},備註", "N2,2026-01-06,A01,1,,客戶訂單編號國際貿易", encoding="big5")
    code, said = bring(book, file, "--sheet", "Sales")
    assert code == 5
    assert "The encoding of export.csv is unclear" in said["problems"][0]["problem"]
    code, said = bring(book, file, "--sheet", "Sales", "--encoding", "big5")
    assert (code, said["encoding"], said["columns"][-1]["file"]) == (0, "big5", "備註")


def test_columns_with_names_of_their_own_are_mapped(book: Path, tmp_path: Path, bring: Import) -> None:
    file = csv(tmp_path, "Doc,Day,Customer,Net,Discount", "N2,2026/1/6,A01,5,999")
    code, said = bring(book, file, "--sheet", "Sales")
    assert code == 1
    assert "The file has no column Sale ID, which sheet Sales needs." in said["problems"][0]["problem"]
    maps = ["Doc=Sale ID", "Day=日期", "customer=Account ID", "Net=Gross Amount", "Discount="]
    code, said = bring(book, file, "--sheet", "Sales", "--map", *maps)
    assert (code, said["added"]) == (0, 1)
    assert sales(book)[1] == ("N2", 500, 0)


@pytest.mark.parametrize("mapping", ["Customer", "Nobody=Account ID", "Date=Nothing", "Date=Discount Rate"])
def test_a_mapping_that_names_nothing_is_wrong_usage(book: Path, tmp_path: Path, mapping: str) -> None:
    file = csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,")
    assert main(["import", str(book), str(file), "--sheet", "Sales", "--map", mapping]) == 2


def test_problems_are_listed_by_line_and_nothing_is_imported(
    book: Path, tmp_path: Path, bring: Import
) -> None:
    file = csv(
        tmp_path,
        HEADER,
        "N2,2026-01-06,A01,12.345,",
        "",
        'N3,"5/1/2026",A01,abc,',
        ",2026-01-06,A01,1,",
        'N4,2026-01-06,"A\n01",1,',
        "N5,2026-01-06,A01",
        "1.5E+12,2026-01-06,A01,1,",
    )
    before = book.read_bytes()
    code, said = bring(book, file, "--sheet", "Sales")
    assert (code, said["added"], book.read_bytes() == before) == (1, 0, True)
    assert told(said) == [
        "line 2: This amount has more than two decimals.",
        "line 4: This is not a date.",
        "line 4: This is not an amount.",
        "line 5: Sale ID is blank.",
        "line 8: The line has 3 fields, the header has 5.",
        "line 9: A spreadsheet program has shortened this ID: its digits are lost.",
    ]


def test_the_same_file_again_adds_nothing(book: Path, tmp_path: Path, bring: Import) -> None:
    file = csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,", "N2,2026-01-06,A01,1.00,0", "N3,2026-01-06,A01,2,")
    assert bring(book, file, "--sheet", "Sales")[1]["added"] == 2
    before = book.read_bytes()
    code, said = bring(book, file, "--sheet", "Sales")
    assert (code, said["added"], said["same"], said["saved"]) == (0, 0, 3, "")
    assert book.read_bytes() == before


def test_a_row_that_is_there_with_other_figures_is_refused_or_stays(
    book: Path, tmp_path: Path, bring: Import
) -> None:
    file = csv(tmp_path, HEADER, "N1,2026-01-05,A01,100.51,", "N2,2026-01-06,A01,1,")
    code, said = bring(book, file, "--sheet", "Sales")
    assert (code, told(said)) == (
        1,
        ["line 2: N1 is on sheet Sales already, in row 2, with another Gross Amount."],
    )
    code, said = bring(book, file, "--sheet", "Sales", "--skip-existing")
    assert (code, said["added"], said["kept"]) == (0, 1, 1)
    assert sales(book) == [("N1", 10050, 0), ("N2", 100, 0)]


def test_one_id_twice_in_the_file_with_other_figures_is_refused(
    book: Path, tmp_path: Path, bring: Import
) -> None:
    file = csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,", "N2,2026-01-06,A01,2,")
    code, said = bring(book, file, "--sheet", "Sales", "--skip-existing")
    assert (code, told(said)) == (
        1,
        ["line 3: N2 is in the file twice, before in row 2, with another Gross Amount."],
    )


LOG = "Date,Account ID,Salesperson ID,Kind,Opened,Satisfaction,Outcome"


def test_two_equal_acts_of_a_day_are_two_but_not_four_after_a_second_import(
    book: Path, tmp_path: Path, bring: Import
) -> None:
    act = "2026-03-02,A01,S01,visit,,,"
    file = csv(tmp_path, LOG, act, act, "2026-03-02,A01,S01,issue,2026-03-02 9:30,3,=1+1")
    assert bring(book, file, "--sheet", "Maintenance")[1]["added"] == 3
    code, said = bring(book, file, "--sheet", "Maintenance")
    assert (code, said["added"], said["same"]) == (0, 0, 3)
    *_, last = openpyxl.load_workbook(book)["Maintenance"]  # below the log that the workbook had
    assert last[4].value == datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 a workbook's time has no zone
    assert (last[10].value, last[10].data_type) == ("=1+1", "s")


def test_a_kind_keeps_the_words_in_which_it_was_given(tmp_path: Path, bring: Import) -> None:
    target = new_book(tmp_path / "book.xlsx", "zh")
    lines = ("日期,客户编号,销售员编号,类别", "2026-03-02,A01,S01,客户答谢", "2026-03-03,A01,S01,review")
    assert bring(target, csv(tmp_path, *lines), "--sheet", "维护记录")[1]["added"] == 2
    *_, event, review = openpyxl.load_workbook(target)["维护记录"]
    assert [event[3].value, review[3].value] == ["客户答谢", "月度商务回顾"]


def test_rows_come_from_another_workbook_too(book: Path, tmp_path: Path, bring: Import) -> None:
    other = openpyxl.Workbook()
    sheet = other.active
    sheet.title = "Export"
    sheet.append(["Report of January"])
    sheet.append([])
    sheet.append(["单号", "日期", "客户编号", "销售额", "Remarks"])
    sheet.append([4711, date(2026, 1, 9), "A01", 12.3, "x"])
    sheet.append(["N9", "2026/1/9", "A01", "1,000", None])
    other.save(tmp_path / "other.xlsx")
    code, said = bring(book, tmp_path / "other.xlsx", "--sheet", "Sales")
    assert (code, said["from_sheet"], said["added"]) == (0, "Export", 2)
    assert sales(book)[1:] == [("4711", 1230, 0), ("N9", 100000, 0)]


def test_a_chinese_workbook_moved_sheet_by_sheet_into_an_english_one_settles_the_same(tmp_path: Path) -> None:
    source, target = tmp_path / "demo.xlsx", tmp_path / "book.xlsx"
    create_workbook(source, "zh", 2026, demo_rows(2026, "zh"))
    create_workbook(target, "en", 2026)
    options = Options(skip_existing=True)  # the shipped policies and tiers are there already
    for table in INPUT_TABLES:
        done = import_file(target, source, table.name, options)
        assert (done.failed, done.added + done.same + done.kept) == (False, done.rows)
    stamp, quarter = Stamp("2026-04-01T00:00:00Z"), Period.parse("2026Q1")
    ours, theirs = (
        run_book(book, "settle", quarter, stamp, preview=True, language="en") for book in (target, source)
    )
    assert not ours.failed
    assert ours.figures == theirs.figures


def test_of_several_sheets_one_has_to_be_named(book: Path, tmp_path: Path, bring: Import) -> None:
    other = openpyxl.Workbook()
    other.active.append(HEADER.split(","))
    other.create_sheet("Second").append(HEADER.split(","))
    other["Second"].append(["N2", date(2026, 1, 6), "A01", 1.5, None])
    other.save(tmp_path / "other.xlsx")
    code, said = bring(book, tmp_path / "other.xlsx", "--sheet", "Sales")
    assert code == 5
    assert "several sheets: Sheet, Second" in said["problems"][0]["problem"]
    assert bring(book, tmp_path / "other.xlsx", "--sheet", "Sales", "--from-sheet", "second")[1]["added"] == 1


def test_a_bad_cell_of_another_workbook_is_named(book: Path, tmp_path: Path, bring: Import) -> None:
    other = openpyxl.Workbook()
    other.active.append(HEADER.split(","))
    other.active.append(["N2", 46000, "A01", 1.005, None])
    other.save(tmp_path / "other.xlsx")
    code, said = bring(book, tmp_path / "other.xlsx", "--sheet", "Sales")
    assert code == 1
    assert told(said) == [
        "B2: This is a number, not a date.",
        "D2: This amount has more than two decimals.",
    ]


def test_a_preview_and_a_copy_leave_the_workbook_alone(book: Path, tmp_path: Path, bring: Import) -> None:
    file, before = csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,"), book.read_bytes()
    code, said = bring(book, file, "--sheet", "Sales", "--preview")
    assert (code, said["added"], said["saved"]) == (0, 1, "")
    copy = tmp_path / "copy.xlsx"
    assert bring(book, file, "--sheet", "Sales", "--out", copy)[0] == 0
    assert book.read_bytes() == before
    assert len(sales(copy)) == 2


def test_what_the_check_finds_in_the_new_rows_is_said(book: Path, tmp_path: Path, bring: Import) -> None:
    file = csv(tmp_path, HEADER, "N2,2026-01-06,nobody,1,")
    code, said = bring(book, file, "--sheet", "Sales")
    assert (code, said["added"]) == (0, 1)
    assert [(each["severity"], each["cell"]) for each in said["new_rows"]] == [("error", "C3")]


def test_a_sheet_that_is_wrong_itself_takes_no_rows(book: Path, tmp_path: Path, bring: Import) -> None:
    changed = openpyxl.load_workbook(book)
    changed["Sales"]["D2"] = "abc"
    changed.save(book)
    before = book.read_bytes()
    code, said = bring(book, csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,"), "--sheet", "Sales")
    assert (code, told(said), book.read_bytes() == before) == (1, ["D2: This is not an amount."], True)


def test_an_unknown_sheet_names_the_nearest(book: Path, tmp_path: Path, capsys: Any) -> None:  # noqa: ANN401
    file = csv(tmp_path, HEADER, "N2,2026-01-06,A01,1,")
    assert main(["import", str(book), str(file), "--sheet", "Saless"]) == 2
    assert "Sales" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\r\n\r\n", "holds no rows"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Office file"),
        (b'Sale ID,Date\n"N1,2026', "no proper CSV"),
        (b"Sale ID\nN1\n", "unclear what stands between"),
        (b"Sale ID,Date\nN1,2026\0", "no text file"),
    ],
)
def test_what_is_no_table_is_said(book: Path, tmp_path: Path, capsys: Any, content: bytes, said: str) -> None:  # noqa: ANN401
    file = tmp_path / ("export.xls" if content.startswith(b"\xd0") else "export.csv")
    file.write_bytes(content)
    assert main(["import", str(book), str(file), "--sheet", "Sales"]) == 5
    assert said in capsys.readouterr().err


def test_the_table_of_columns_is_printed_in_the_workbooks_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = new_book(tmp_path / "book.xlsx", "zh")
    file = csv(tmp_path, "单号,日期,客户编号,销售额,备注", "N2,2026-01-06,A01,1,x")
    assert main(["import", str(target), str(file), "--sheet", "销售明细"]) == 0
    printed = capsys.readouterr().out
    assert "编码 UTF-8，分隔符为逗号" in printed
    assert "不导入" in printed
    assert "共 1 行，已导入 1 行" in printed
