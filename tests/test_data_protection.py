"""§5.1 信息保护: what accounts' files hold of persons is in no result sheet, statement, export or answer."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from keyaccount.book import open_book
from keyaccount.clauses.maintenance import PROFILE_FIELDS
from keyaccount.cli import main
from keyaccount.demo import demo_rows
from keyaccount.tables import RESULT_SHEETS
from keyaccount.workbook.shipped import Language
from tests.workbook.demo_books import YEAR, own_book, year_of_runs

CONTACT_FIELDS = tuple(name for name in PROFILE_FIELDS if name != "industry")
SECRET = re.compile("qz[a-z]+[0-9]+zq", re.IGNORECASE)


@pytest.fixture(scope="module", params=["en", "zh"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's year, its contact fields and the log's outcomes filled with what can be told anywhere."""
    language: Language = request.param
    rows: dict[str, Any] = {
        name: [dict(row) for row in table] for name, table in demo_rows(YEAR, language).items()
    }
    for number, row in enumerate(rows["Accounts"]):
        row |= {name: f"Qz{name.replace('_', '')}{number}Zq" for name in CONTACT_FIELDS}
    rows["Maintenance"] = [
        *rows.get("Maintenance", ()),
        {
            "date": date(YEAR, 3, 2),
            "account_id": "A01",
            "salesperson_id": "S01",
            "kind": "visit",
            "outcome": "Qzoutcome1Zq",
        },
    ]
    return own_book(tmp_path_factory.mktemp("book") / f"{language}.xlsx", language, rows, year_of_runs())


def secrets(text: str) -> set[str]:
    return set(SECRET.findall(text))


def texts_of(path: Path) -> Iterator[str]:
    """Give all that can be read in a file: the parts of a workbook, the text of a PDF, else the file."""
    data = path.read_bytes()
    if path.suffix == ".pdf":
        reader = PdfReader(io.BytesIO(data))
        yield from (page.extract_text() for page in reader.pages)
        yield str(reader.metadata)
    elif path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    else:
        yield data.decode("utf-8")


def test_the_workbook_itself_holds_contact_data_on_its_own_sheet(book: Path) -> None:
    assert len(set().union(*map(secrets, texts_of(book)))) >= 6 * len(CONTACT_FIELDS)


def test_no_result_sheet_holds_contact_data(book: Path) -> None:
    with open_book(book) as opened:
        titles = opened.read.result_titles
        assert titles.keys() >= {sheet.name for sheet in RESULT_SHEETS}
        for sheet in opened.package.sheets:
            if sheet.title in titles.values():
                assert secrets(opened.package.read(sheet.part).decode()) == set(), sheet.title
    with zipfile.ZipFile(book) as archive:
        charts = [name for name in archive.namelist() if "/charts/" in name]
        assert charts
        assert all(secrets(archive.read(name).decode()) == set() for name in charts)


def test_no_statement_holds_contact_data(book: Path, tmp_path: Path) -> None:
    assert main(["statements", str(book), f"{YEAR}Q1", "--out", str(tmp_path / "out")]) == 0
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".pdf", ".xlsx"}
    for path in files:
        assert set().union(*map(secrets, texts_of(path))) == set(), path.name


def test_no_export_comparison_or_calendar_holds_contact_data(book: Path, tmp_path: Path) -> None:
    csv, other, calendar = tmp_path / "pay.csv", tmp_path / "compared.xlsx", tmp_path / "due.ics"
    assert main(["export", str(book), f"{YEAR}Q1", "--out", str(csv)]) == 0
    assert main(["what-if", str(book), f"{YEAR}Q4", "--set", "advance_rate=0.7", "--out", str(other)]) == 0
    assert main(["due", str(book), "--on", f"{YEAR}-12-31", "--ics", str(calendar)]) == 0
    for path in (csv, other, calendar):
        assert set().union(*map(secrets, texts_of(path))) == set(), path.name


@pytest.mark.parametrize("command", ["check", "verify", "explain", "due", "settle"])
def test_nothing_that_is_printed_holds_contact_data(
    book: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    more = {"explain": ["S01", f"{YEAR}Q2"], "settle": [f"{YEAR}Q4", "--preview"]}.get(command, [])
    for options in ([], ["--json"]):
        capsys.readouterr()
        assert main([command, str(book), *more, *options]) == 0
        printed = capsys.readouterr()
        assert secrets(printed.out + printed.err) == set()
