"""``approve``: who approved a period, in the workbook and on its documents; or why not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.cli import main
from keyaccount.verification import verify_book
from keyaccount.workbook.package import Package
from tests.plain_books import Style, write_inputs
from tests.plan_case_rows import row_of
from tests.soundness import Opened, faults, findings
from tests.workbook.books import Language, parts
from tests.workbook.demo_books import demo_book, own_book, year_of_runs

NAMES = ("--prepared", "Accountant A", "--reviewed", "Reviewer B", "--approved", "Manager C")
ROWS = {
    "Tiers": [row_of("Tiers", "strategic 2%")],
    "Accounts": [row_of("Accounts", "A1")],
    "Account Tiers": [row_of("Account Tiers", "A1 strategic from 2020-01-01")],
    "Salespeople": [row_of("Salespeople", "S01")],
    "Assignments": [row_of("Assignments", "A1 S01 100% from 2020-01-01")],
    "Sales": [row_of("Sales", "N1 2026-01-10 A1 100000.00")],
}
HEADERS = {
    "en": (
        "Approvals",
        "Period",
        "Ledger Digest",
        "Prepared By",
        "Reviewed By",
        "Approved By",
        "Approved On",
    ),
    "zh": ("审批记录", "期间", "台账校验码", "制表", "审核", "批准", "批准日期"),
}
Told = tuple[int, dict[str, Any]]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1776254400")  # noon of 15 April 2026


@pytest.fixture
def approve(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    def call(book: Path, period: str, *options: object, names: tuple[str, ...] = NAMES) -> Told:
        capsys.readouterr()
        code = main(["approve", str(book), period, *names, *map(str, options), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def plain(path: Path, *runs: str, style: Style = "en") -> Path:
    write_inputs(path, ROWS, style)
    for period in runs:
        assert main([{7: "advance", 6: "settle"}[len(period)], str(path), period]) == 0
    return path


def digest_of(path: Path, run: int) -> str:
    """Give the Ledger Digest that the Run Log has for a run."""
    book = openpyxl.load_workbook(path)
    sheet = book["Run Log"] if "Run Log" in book.sheetnames else book["运行记录"]
    header = next(row for row in sheet.iter_rows(values_only=True) if "Ledger Digest" in row)
    rows = [dict(zip(header, row, strict=True)) for row in sheet.iter_rows(values_only=True)]
    return str(next(row["Ledger Digest"] for row in rows if row["Run"] == run))


def head_of(path: Path, title: str) -> str:
    with Package.open(path) as package:
        part = next(sheet.part for sheet in package.sheets if sheet.title == title)
        return package.read(part).decode().split("<oddHeader>")[1].split("</oddHeader>")[0]


@pytest.mark.parametrize(
    ("language", "title", "document", "said"),
    [
        ("en", "Approvals", "Quarterly Settlement", "2026Q1: approved by Manager C, 2026-04-15, No. D-1"),
        ("zh", "审批记录", "季度核算", "2026Q1 已批准:Manager C 2026-04-15(审批单号 D-1)"),
    ],
)
def test_the_row_and_the_documents_come_in_one_save_and_nothing_else_changes(
    tmp_path: Path, language: Language, title: str, document: str, said: str, approve: Callable[..., Told]
) -> None:
    book = demo_book(tmp_path / "book.xlsx", language, year_of_runs(3))
    before = parts(book)
    code, told = approve(book, "2026Q1", "--document", "D-1")
    assert (code, told["approved"], told["added"], told["saved"]) == (0, True, True, str(book))
    assert (told["approved_by"], told["approved_on"], told["document_no"]) == (
        "Manager C",
        "2026-04-15",
        "D-1",
    )
    sheet = openpyxl.load_workbook(book)[title]
    assert [cell.data_type for cell in sheet[2][:5]] == ["s"] * 5
    assert [str(cell.value) for cell in sheet[2]][:5] == ["2026Q1", told["ledger_digest"], *NAMES[1::2]]
    assert [str(cell.value) for cell in sheet[2]][5:] == ["2026-04-15 00:00:00", "D-1"]
    assert [cell.number_format for cell in sheet[2]] == ["@"] * 5 + ["yyyy-mm-dd", "@"]
    assert said in head_of(book, document)
    assert verify_book(book).findings == ()
    assert findings(book) == set()
    with Package.open(book) as package:
        titles = {sheet.part: sheet.title for sheet in package.sheets}
    after = parts(book)
    changed = {titles.get(part, part) for part in after if after[part] != before.get(part)}
    assert changed == {title, document}
    assert after.keys() == before.keys()


def test_the_same_names_again_have_nothing_to_do(tmp_path: Path, approve: Callable[..., Told]) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    approve(book, "2026Q1")
    before = book.read_bytes()
    code, told = approve(
        book, "2026Q1", names=tuple(name.upper() if name[0] != "-" else name for name in NAMES)
    )
    assert (code, told["approved"], told["added"], told["saved"]) == (0, True, False, "")
    assert book.read_bytes() == before


def test_other_names_or_another_paper_make_a_row_that_counts_from_then_on(
    tmp_path: Path, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    approve(book, "2026Q1")
    assert approve(book, "2026Q1", "--document", "D-2")[1]["added"]
    assert approve(book, "2026Q1", names=(*NAMES[:5], "Manager D"))[1]["approved_by"] == "Manager D"
    assert openpyxl.load_workbook(book)["Approvals"].max_row == 4


def test_after_a_later_booking_the_period_is_approved_anew_with_its_digest(
    tmp_path: Path, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026-01")
    first = approve(book, "2026-01")[1]["ledger_digest"]
    write_inputs(book, {**ROWS, "Sales": [*ROWS["Sales"], row_of("Sales", "N2 2026-01-20 A1 1000.00")]})
    assert main(["advance", str(book), "2026-01"]) == 0
    code, told = approve(book, "2026-01")
    assert (code, told["added"], told["ledger_digest"]) == (0, True, digest_of(book, 2))
    assert told["ledger_digest"] != first


@pytest.mark.parametrize(
    ("period", "names", "words"),
    [
        ("2026Q2", NAMES, "2026Q2 has not been run"),
        ("2026-01", (*NAMES[:5], "accountant a"), "Accountant A stands in it twice"),
        ("2026-01", (*NAMES[:5], "S01"), "that run pays S01"),
        ("2026-01", ("--prepared", " salesperson  s01 ", *NAMES[2:]), "that run pays salesperson s01"),
        ("2026-01", (*NAMES[:5], " \u3000"), "Approved By is blank"),
    ],
)
def test_what_would_not_count_is_refused_and_nothing_is_written(
    tmp_path: Path, period: str, names: tuple[str, ...], words: str, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026-01")
    before = book.read_bytes()
    code, told = approve(book, period, names=names)
    assert (code, told["approved"]) == (3, False)
    assert words in told["problems"][0]["problem"].replace("  ", " ")
    assert told["problems"][0]["remedy"]
    assert book.read_bytes() == before


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_workbook_without_the_sheet_gets_one(
    tmp_path: Path, language: Language, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1", style=language)
    before, known = parts(book), findings(book)
    code, told = approve(book, "2026Q1")
    assert (code, told["approved"], told["added"]) == (0, True, True)
    made = openpyxl.load_workbook(book)
    title, *headers = HEADERS[language]
    assert made.sheetnames[-1] == title
    assert [cell.value for cell in made[title][1]][: len(headers)] == headers
    assert [cell.number_format for cell in made[title][2]][:6] == ["@"] * 5 + ["yyyy-mm-dd"]
    assert made[title]["B2"].value == told["ledger_digest"]
    assert verify_book(book).findings == ()
    assert findings(book) == known
    assert faults(Opened(book.read_bytes())) == set()
    after = parts(book)
    inputs = [part for part in before if part.startswith("xl/worksheets/sheet") and part in after]
    assert sum(after[part] == before[part] for part in inputs) >= len(ROWS)
    assert main(["settle", str(book), "2026Q2"]) == 0


@pytest.mark.parametrize(
    ("note", "code", "problem"),
    [
        (None, 3, "The workbook has a sheet Approvals, but not with its headers."),
        ("our own notes", 1, "No header row was found for Approvals in the first ten rows"),
    ],
)
def test_a_sheet_of_that_name_without_the_headers_is_left_alone(
    tmp_path: Path, note: str | None, code: int, problem: str, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    workbook = openpyxl.load_workbook(book)
    workbook.create_sheet("Approvals")["A1"] = note
    workbook.save(book)
    before = book.read_bytes()
    found, told = approve(book, "2026Q1")
    assert (found, book.read_bytes()) == (code, before)
    listed = [each for each in told["problems"] if each["severity"] == "error"]
    assert listed[0]["problem"].startswith(problem)
    assert "into" in listed[0]["remedy"]


def test_out_writes_a_copy_and_leaves_the_workbook(tmp_path: Path, approve: Callable[..., Told]) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    before, copy = book.read_bytes(), tmp_path / "copy.xlsx"
    assert approve(book, "2026Q1", "--out", copy)[1]["saved"] == str(copy)
    assert book.read_bytes() == before
    assert approve(copy, "2026Q1")[1]["added"] is False


def test_with_errors_in_the_workbook_nothing_is_approved(
    tmp_path: Path, approve: Callable[..., Told]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    write_inputs(book, {**ROWS, "Sales": [*ROWS["Sales"], *ROWS["Sales"]]})
    before = book.read_bytes()
    code, told = approve(book, "2026Q1")
    assert (code, told["approved"], book.read_bytes()) == (1, False, before)
    assert told["problems"][0]["cell"] == "A3"


def test_an_edited_ledger_is_not_approved(tmp_path: Path, approve: Callable[..., Told]) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    workbook = openpyxl.load_workbook(book)
    workbook["Ledger"]["L2"] = 1
    workbook.save(book)
    assert approve(book, "2026Q1")[0] == 1


def test_an_exit_run_is_approved_by_the_month_of_left(tmp_path: Path, approve: Callable[..., Told]) -> None:
    from datetime import date

    from tests.workbook.demo_books import COMPANY

    left = {**COMPANY, "Salespeople": [{"salesperson_id": "S01", "name": "S", "left": date(2026, 5, 31)}]}
    book = own_book(tmp_path / "book.xlsx", "en", left, [("advance", "2026-01"), ("advance", "2026-02")])
    assert main(["settle-leaver", str(book), "S01"]) == 0
    assert approve(book, "2026-05", names=(*NAMES[:5], "S01"))[0] == 3
    assert approve(book, "2026-05")[1]["ledger_digest"] == digest_of(book, 3)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "en",
            "2026Q1 approved by Manager C on 2026-04-15. Saved: ",
            "It was approved so before; nothing was added.",
        ),
        ("zh", "2026Q1 已批准", "此前已按此审批"),
    ],
)
def test_it_says_what_was_done(
    tmp_path: Path, language: Style, first: str, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1", style=language)
    capsys.readouterr()
    assert main(["approve", str(book), "2026Q1", *NAMES]) == 0
    assert capsys.readouterr().out.startswith(first)
    assert main(["approve", str(book), "2026Q1", *NAMES]) == 0
    assert second in capsys.readouterr().out


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, approve: Callable[..., Told]) -> None:
    book = plain(tmp_path / "book.xlsx", "2026Q1")
    shutil.copyfile(book, tmp_path / "again.xlsx")
    approve(book, "2026Q1")
    approve(tmp_path / "again.xlsx", "2026Q1")
    assert parts(book) == parts(tmp_path / "again.xlsx")
