"""Statements and payroll files say whether their period is approved; where it must be, they are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pypdf
import pytest

from keyaccount.book import Stamp
from keyaccount.cli import main
from keyaccount.commands import run_book
from keyaccount.periods import Period
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of

if TYPE_CHECKING:
    from tests.plan_case_rows import Tables

pytestmark = pytest.mark.xdist_group("statements")
ROWS: Tables = {
    "Policies": [],
    "Tiers": [row_of("Tiers", "strategic 2%")],
    "Accounts": [row_of("Accounts", "A1")],
    "Account Tiers": [row_of("Account Tiers", "A1 strategic from 2020-01-01")],
    "Salespeople": [row_of("Salespeople", "S01")],
    "Assignments": [row_of("Assignments", "A1 S01 100% from 2020-01-01")],
    "Sales": [row_of("Sales", "N1 2026-01-10 A1 100000.00")],
}
REQUIRED = {**ROWS, "Policies": [row_of("Policies", "approval_required yes")]}


@pytest.fixture
def book(tmp_path: Path) -> tuple[Path, str]:
    """A workbook whose first quarter is settled, and its ledger digest."""
    path = tmp_path / "book.xlsx"
    write_inputs(path, ROWS)
    report = run_book(path, "settle", Period.parse("2026Q1"), Stamp("2026-04-05T00:00:00Z"))
    return path, report.entries[-1].digest


def approved(path: Path, rows: Tables, digest: str, by: str = "P03") -> None:
    row = {"Period": "2026Q1", "Ledger Digest": digest, "Prepared By": "P01", "Reviewed By": "P02"}
    approval = {**row, "Approved By": by, "Approved On": "2026-04-10", "Document No.": "D-7"}
    write_inputs(path, {**rows, "Approvals": [approval]})


def written(path: Path, folder: Path) -> tuple[str, str]:
    """Write the statements; gives the text of the PDF and of the workbook's first sheet."""
    assert main(["statements", str(path), "2026Q1", "--out", str(folder)]) == 0
    pdf = pypdf.PdfReader(folder / "2026Q1-S01.pdf")
    sheet = openpyxl.load_workbook(folder / "2026Q1-S01.xlsx").worksheets[0]
    cells = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    return "\n".join(page.extract_text() for page in pdf.pages), "\n".join(cells)


def test_a_statement_bears_across_its_head_that_its_period_is_not_approved(
    book: tuple[Path, str], tmp_path: Path
) -> None:
    path, digest = book
    for text in written(path, tmp_path / "before"):
        assert "2026Q1 is not approved" in text
    approved(path, ROWS, digest)
    for text in written(path, tmp_path / "after"):
        assert "not approved" not in text
        assert "2026Q1 approved by P03 on 2026-04-10, No. D-7" in text


def test_export_says_whether_the_period_is_approved(
    book: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, digest = book
    arguments = ["export", str(path), "2026Q1", "--out", str(tmp_path / "pay.csv")]
    assert main(arguments) == 0
    assert "2026Q1 is not approved" in capsys.readouterr().out
    approved(path, ROWS, digest)
    assert main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["approved"] is True


@pytest.mark.parametrize("command", ["statements", "export"])
def test_where_approval_is_required_nothing_is_written_without_one(
    book: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path, digest = book
    out = tmp_path / ("out.csv" if command == "export" else "out")
    arguments = [command, str(path), "2026Q1", "--out", str(out)]
    write_inputs(path, REQUIRED)
    assert main(arguments) == 3
    assert "2026Q1 is not approved" in capsys.readouterr().err
    approved(path, REQUIRED, digest, by="S01")  # a salesperson who approves their own pay
    assert main(arguments) == 3
    assert not out.exists()
    approved(path, REQUIRED, digest)
    assert main(arguments) == 0
    assert out.exists()


def test_a_correction_that_is_booked_for_the_period_voids_its_approval(
    book: tuple[Path, str], tmp_path: Path
) -> None:
    path, _ = book
    report = run_book(path, "advance", Period.parse("2026-04"), Stamp("2026-05-05T00:00:00Z"))
    rows = {**REQUIRED, "Sales": [*ROWS["Sales"], row_of("Sales", "N2 2026-02-10 A1 50000.00")]}
    row = {"Period": "2026-04", "Ledger Digest": report.entries[-1].digest, "Prepared By": "P01"}
    approval = {**row, "Reviewed By": "P02", "Approved By": "P03", "Approved On": "2026-05-10"}
    write_inputs(path, {**rows, "Approvals": [approval]})
    arguments = ["export", str(path), "2026-04", "--out", str(tmp_path / "pay.csv")]
    assert main(arguments) == 0
    run_book(path, "advance", Period.parse("2026-04"), Stamp("2026-05-12T00:00:00Z"))
    assert main(arguments) == 3
