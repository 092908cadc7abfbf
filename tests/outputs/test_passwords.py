"""Opening passwords: whoever lacks one gets nothing written; the encrypted files open with it alone."""

from __future__ import annotations

import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msoffcrypto
import openpyxl
import pypdf
import pytest
from msoffcrypto.exceptions import InvalidKeyError

from keyaccount.book import open_book
from keyaccount.outputs.statements import write_statements
from keyaccount.periods import Period
from keyaccount.problems import FileProblem
from tests.outputs.books import Rows, own_book

COMPANY: Rows = {
    "Accounts": [{"account_id": "A01", "name": "Sample Account A01"}],
    "Account Tiers": [{"account_id": "A01", "tier": "core", "effective_from": date(2026, 1, 1)}],
    "Salespeople": [{"salesperson_id": person, "name": f"Salesperson {person}"} for person in ("S01", "S02")],
    "Assignments": [
        {"account_id": "A01", "salesperson_id": person, "share": Decimal("0.5"), "start": date(2026, 1, 1)}
        for person in ("S01", "S02")
    ],
    "Sales": [{"sale_id": "1", "date": date(2026, 1, 5), "account_id": "A01", "gross": Decimal(1000)}],
}
OWN, OTHER = "密码 One", "two"
PERIOD = Period.parse("2026-01")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_book(tmp_path_factory.mktemp("pw") / "book.xlsx", "en", COMPANY, [("advance", "2026-01")])


def written(book: Path, folder: Path, passwords: str) -> list[Path]:
    file = folder / "passwords.csv"
    file.write_text(passwords, encoding="utf-8")
    with open_book(book) as opened:
        return write_statements(opened, PERIOD, folder / "out", passwords=file)


def test_the_files_open_with_the_persons_own_password_alone(book: Path, tmp_path: Path) -> None:
    pdf, workbook, *_ = written(book, tmp_path, f"ID,Password\nS01,{OWN}\nS02,{OTHER}\n")
    assert "Salesperson S01" in pypdf.PdfReader(pdf, password=OWN).pages[0].extract_text()
    encryption: Any = pypdf.PdfReader(pdf, password=OWN).trailer["/Encrypt"]
    assert (encryption["/V"], encryption["/R"], encryption["/Length"]) == (5, 6, 256)
    with pytest.raises(pypdf.errors.WrongPasswordError):
        pypdf.PdfReader(pdf, password=OTHER)
    with workbook.open("rb") as file:
        office = msoffcrypto.OfficeFile(file)
        with pytest.raises(InvalidKeyError):
            office.load_key(password=OTHER, verify_password=True)
        office.load_key(password=OWN, verify_password=True)
        opened = io.BytesIO()
        office.decrypt(opened)
    values = [cell.value for row in openpyxl.load_workbook(opened).worksheets[0] for cell in row]
    assert "Salesperson S01" in values
    assert b"Salesperson" not in pdf.read_bytes()
    assert b"Salesperson" not in workbook.read_bytes()


@pytest.mark.parametrize(
    ("passwords", "said"),
    [
        ("ID,Password\nS01,one\n", "passwords.csv has no password for S02."),
        ("ID,Password\nS01,one\nS02,\n", "passwords.csv, row 3: the password of S02 is blank"),
        ("ID,Password\nS01,one\nS02,two\nS01,three\n", "passwords.csv, row 4: the password of S01"),
        (f"ID,Password\nS01,{'密' * 43}\nS02,two\n", "passwords.csv, row 2: the password of S01"),
    ],
)
def test_nothing_is_written_while_somebody_lacks_a_password(
    book: Path, tmp_path: Path, passwords: str, said: str
) -> None:
    with pytest.raises(FileProblem) as problem:
        written(book, tmp_path, passwords)
    assert problem.value.message.startswith(said)
    assert not (tmp_path / "out").exists()


def test_without_the_libraries_the_remedy_says_what_to_install(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    with pytest.raises(FileProblem) as problem:
        written(book, tmp_path, "ID,Password\nS01,one\nS02,two\n")
    assert problem.value.message == "Opening passwords need msoffcrypto, which is not installed."
    assert 'pip install "keyaccount[passwords]"' in problem.value.remedy
