"""The command line as a script meets it: exit codes, JSON, bytes, messages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.cli import main
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of

EXAMPLE_1 = {
    "Tiers": ["strategic 2%", "core 1.5%", "important 1%"],
    "Accounts": ["A1"],
    "Account Tiers": ["A1 strategic from 2026-01-01"],
    "Salespeople": ["S01"],
    "Assignments": ["A1 S01 100% from 2026-01-01"],
    "Sales": [
        "N1 2026-01-10 A1 520000.00 20000.00",
        "N2 2026-02-10 A1 300000.00",
        "N3 2026-03-10 A1 200000.00",
    ],
    "Adjustments": ["R1 2026-03-20 return A1 50000.00 of N3"],
}
Run = Callable[..., tuple[int, dict[str, Any]]]


def rows(tables: dict[str, list[str]]) -> dict[str, list[dict[str, str]]]:
    return {table: [row_of(table, text) for text in texts] for table, texts in tables.items()}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    path = tmp_path / "book.xlsx"
    write_inputs(path, rows(EXAMPLE_1))
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


def test_a_month_prints_its_figures_as_json(book: Path, run: Run) -> None:
    code, told = run("advance", book, "2026-01")
    assert code == 0
    assert told == {
        "period": "2026-01",
        "booked": True,
        "entries": 1,
        "salespeople": [
            {
                "salesperson_id": "S01",
                "net_sales": "500000.00",
                "commission": "10000.00",
                "paid": "8000.00",
                "withheld": "2000.00",
                "carried": "0.00",
            }
        ],
        "problems": told["problems"],
    }
    later = [problem for problem in told["problems"] if problem["sheet"] == "Sales"]
    assert [(problem["severity"], problem["cell"]) for problem in later] == [("warning", "B3")]


def test_a_second_run_changes_nothing_and_says_so(
    book: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run("settle", book, "2026Q1")
    before = book.read_bytes()
    code, told = run("settle", book, "2026Q1")
    assert (code, told["booked"], told["entries"]) == (0, False, 0)
    assert told["salespeople"] == first[1]["salespeople"]
    assert book.read_bytes() == before
    assert main(["settle", str(book), "2026Q1"]) == 0
    assert "done before" in capsys.readouterr().out


def test_the_clock_can_be_set_so_that_the_same_input_gives_the_same_bytes(book: Path, tmp_path: Path) -> None:
    twin = tmp_path / "twin" / "book.xlsx"
    twin.parent.mkdir()
    shutil.copy(book, twin)
    for path in (book, twin):
        assert main(["settle", str(path), "2026Q1"]) == 0
    assert book.read_bytes() == twin.read_bytes()


def test_out_writes_a_copy_and_leaves_the_workbook(book: Path, tmp_path: Path, run: Run) -> None:
    before = book.read_bytes()
    out = tmp_path / "copy.xlsx"
    code, told = run("advance", book, "2026-01", "--out", out)
    assert (code, told["booked"]) == (0, True)
    assert book.read_bytes() == before
    assert "Ledger" in openpyxl.load_workbook(out).sheetnames


def test_preview_calculates_and_books_nothing(book: Path, run: Run) -> None:
    before = book.read_bytes()
    code, told = run("settle", book, "2026Q1", "--preview")
    assert (code, told["booked"], told["entries"]) == (0, False, 0)
    assert told["salespeople"][0]["commission"] == "19000.00"
    assert book.read_bytes() == before


def test_problems_are_listed_with_their_cell_and_nothing_is_booked(
    book: Path, tmp_path: Path, run: Run
) -> None:
    edited = openpyxl.load_workbook(book)
    edited["Sales"]["D3"] = "12,34.5x"
    edited["Assignments"]["B2"] = "S99"
    edited.save(book)
    before = book.read_bytes()
    out = tmp_path / "copy.xlsx"
    code, told = run("advance", book, "2026-01", "--out", out)
    assert (code, told["booked"], told["salespeople"]) == (1, False, [])
    places = {(p["sheet"], p["cell"], p["value"]) for p in told["problems"] if p["severity"] == "error"}
    assert {("Sales", "D3", "12,34.5x"), ("Assignments", "B2", "S99")} <= places
    assert book.read_bytes() == before
    copy = openpyxl.load_workbook(out)
    assert copy["Problems"]["C6"].hyperlink.location
    assert "Ledger" not in copy.sheetnames
    assert run("check", book)[0] == 1


def test_orders_against_the_plan_are_refused(book: Path, run: Run) -> None:
    assert main(["settle", str(book), "2026Q1"]) == 0
    before = book.read_bytes()
    for command, period in (("advance", "2026-02"), ("year-end", "2026")):
        code, told = run(command, book, period)
        assert (code, told["booked"]) == (3, False)
        assert told["problems"][0]["problem"]
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [("advance", "2026Q1"), ("advance", "2026-13"), ("settle", "2026"), ("year-end", "26")]
)
def test_a_wrong_period_is_wrong_usage_before_any_file_is_looked_at(
    arguments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    command, period = arguments
    assert main([command, "no-such-book.xlsx", period, "--json"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert period in told.err


def test_what_is_no_workbook_ends_in_one_line(
    tmp_path: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_text("Sale ID;Date\n1;2026-01-01\n")
    for path in (wrong, tmp_path / "missing.xlsx", tmp_path):
        code, told = run("check", path)
        assert (code, told["problems"][0]["severity"]) == (5, "error")
        assert main(["advance", str(path), "2026-01"]) == 5
        line = capsys.readouterr().err
        assert line.startswith("keyaccount: ")
        assert line.count("\n") == 1


def test_a_workbook_open_in_excel_is_left_alone(book: Path, run: Run) -> None:
    owner = book.with_name(f"~${book.name}")
    owner.write_bytes(b"x")
    before = book.read_bytes()
    assert run("advance", book, "2026-01")[0] == 5
    assert book.read_bytes() == before
    assert run("check", book)[0] == 0


def test_new_makes_a_workbook_and_never_overwrites(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    for language in ("en", "zh"):
        path = tmp_path / f"{language}.xlsx"
        assert main(["new", str(path), "--lang", language]) == 0
        assert main(["new", str(path), "--lang", language]) == 5
        capsys.readouterr()
        code, told = run("check", path)
        assert code == 0, told


def test_regenerate_brings_back_what_was_deleted_and_check_tells(
    book: Path, tmp_path: Path, run: Run
) -> None:
    assert main(["settle", str(book), "2026Q1"]) == 0
    settled = book.read_bytes()
    assert main(["regenerate", str(book)]) == 0
    assert main(["regenerate", str(tmp_path), "--check"]) == 0
    assert book.read_bytes() == settled
    edited = openpyxl.load_workbook(book)
    del edited["Quarterly Settlement"]
    del edited["Run Log"]
    edited["Net Sales"]["D6"] = 1
    edited.save(book)
    before = book.read_bytes()
    code, told = run("regenerate", tmp_path, "--check")
    assert (code, [one["changed"] for one in told["books"]]) == (4, [True])
    assert book.read_bytes() == before
    assert main(["regenerate", str(tmp_path)]) == 0
    again = openpyxl.load_workbook(book)
    assert again["Quarterly Settlement"]["G6"].value == 19000
    assert again["Net Sales"]["D6"].value == 520000
    assert again["Run Log"]["J2"].value == "missing"
    assert main(["verify", str(book)]) == 0


def test_verify_finds_an_edited_ledger_and_an_edited_result(book: Path, run: Run) -> None:
    assert main(["settle", str(book), "2026Q1"]) == 0
    assert run("verify", book) == (0, {"ok": True, "findings": []})
    for sheet, cell, value in (("Ledger", "L2", 9999.99), ("Quarterly Settlement", "N6", 1.5)):
        edited = openpyxl.load_workbook(book)
        kept = edited[sheet][cell].value
        edited[sheet][cell] = value
        edited.save(book)
        code, told = run("verify", book)
        assert (code, told["ok"]) == (4, False)
        assert any(finding["sheet"] == sheet for finding in told["findings"])
        before = book.read_bytes()
        if sheet == "Ledger":
            assert run("advance", book, "2026-04")[0] == 1
            assert book.read_bytes() == before
        edited[sheet][cell] = kept
        edited.save(book)
    assert main(["verify", str(book)]) == 0


def test_chinese_workbooks_get_chinese_result_sheets(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "book.xlsx"
    write_inputs(path, rows(EXAMPLE_1), "zh")
    assert run("settle", path, "2026Q1")[0] == 0
    book = openpyxl.load_workbook(path)
    assert "季度核算" in book.sheetnames
    assert [cell.value for cell in book["提成台账"][2]][:3] == ["Entry", "Run", "Booked At"]
    assert [cell.value for cell in book["净销售额"][5]][:3] == ["月份", "客户编号", "客户名称"]


def test_lang_decides_on_the_first_run_only(book: Path, run: Run) -> None:
    assert run("advance", book, "2026-01", "--lang", "zh")[0] == 0
    assert "月度预发" in openpyxl.load_workbook(book).sheetnames
    assert run("advance", book, "2026-02", "--lang", "en")[0] == 0
    names = openpyxl.load_workbook(book).sheetnames
    assert "月度预发" in names
    assert "Monthly Advances" not in names


def test_help_answers_without_heavy_imports() -> None:
    code = (
        "import sys; from keyaccount.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'pandas', 'openpyxl', 'pydantic', 'rich'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines()[-1] == "[]"
