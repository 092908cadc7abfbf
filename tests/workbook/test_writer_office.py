"""Would Excel open it, and does LibreOffice: other programs judge what was written."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from keyaccount.workbook.create import create_workbook
from tests.workbook.books import ROWS, TABLES, Language, plain, results, rich, titles, write

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
PDF_TEXT = shutil.which("pdftotext")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def findings(book: Path) -> list[tuple[str, str]]:
    result = OpenXmlValidator(max_errors=1000).validate(str(book))
    return [(str(each.part_uri), each.description) for each in result.errors]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_found_in_a_new_workbook_with_results(tmp_path: Path, language: Language) -> None:
    book = tmp_path / "book.xlsx"
    rows = {"Sales": [{"sale_id": "1", "date": date(2026, 1, 2), "account_id": "A", "gross": 1}]}
    create_workbook(book, language, 2026, rows)
    assert findings(book) == []
    write(book, language=language)
    assert findings(book) == []
    write(book, results({"Net Sales": [], "Problems": []}), language=language, known=titles(language))
    assert findings(book) == []


@pytest.mark.parametrize("name", ["book.xlsx", "book.xlsm"])
def test_nothing_is_found_that_was_not_there_before(tmp_path: Path, name: str) -> None:
    for make in (plain, rich):
        book = make(tmp_path / name)
        before = findings(book)
        write(book)
        assert set(findings(book)) <= set(before)


def converted(book: Path, form: str, folder: Path) -> Path:
    """Have LibreOffice open a workbook and save it in another form."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{book.stem}.{form.split(':', maxsplit=1)[0]}"


@needs_office
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # of LibreOffice's data bars
def test_libreoffice_reads_every_value_and_lock(tmp_path: Path) -> None:
    book = rich(tmp_path / "book.xlsx")
    odd = [
        ("2026-01", "001", f"x{text}y ", 1, 0, 0, 0, 0, 0, 1)
        for text in ("\n", "_x0041_", "\x07", "=1", "客")
    ]
    rows = {**ROWS, "Net Sales": [*ROWS["Net Sales"], *odd]}
    write(book, results(rows))
    (tmp_path / "out").mkdir()
    ours = load_workbook(book)
    theirs = load_workbook(converted(book, "xlsx:Calc MS Excel 2007 XML", tmp_path / "out"))
    assert theirs.sheetnames == ours.sheetnames
    for sheet in TABLES:
        one, other = ours[sheet.name], theirs[sheet.name]
        assert other.protection.sheet
        assert other.auto_filter.ref == one.auto_filter.ref
        assert other.print_title_rows == one.print_title_rows
        for left, right in zip(one.iter_rows(), other.iter_rows(), strict=True):
            for cell, found in zip(left, right, strict=False):
                if "_x" not in str(cell.value):
                    assert (found.value, found.data_type) == (cell.value, cell.data_type), cell.coordinate
    column = [theirs["Net Sales"].cell(row, 3).value for row in range(8, 13)]
    assert column[0] == "x\ny "
    assert column[3:] == ["x=1y ", "x客y "]
    assert theirs["Sales"]["D2"].value == "=SUM(C2:C3)"


@needs_office
@pytest.mark.skipif(PDF_TEXT is None, reason="poppler is not installed")
def test_printed_amounts_are_never_cut_off(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    wide = {
        name: [
            tuple(-123_456_789_012_34 if type(value) is int and value > 2 else value for value in row)
            for row in rows
        ]
        for name, rows in ROWS.items()
    }
    write(book, results(wide), language="zh")
    (tmp_path / "out").mkdir()
    printed = converted(book, "pdf", tmp_path / "out")
    assert PDF_TEXT is not None
    done = subprocess.run([PDF_TEXT, "-layout", str(printed), "-"], check=True, capture_output=True)
    text = done.stdout.decode()
    assert "###" not in text
    assert "-123,456,789,012.34" in text
    assert len(re.findall(r"第\d+页 共\d+页", text)) >= sum(not sheet.unseen for sheet in TABLES)
