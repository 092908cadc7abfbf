"""Workbooks whose periods were run in memory and written once: the demo, and small companies of one's own."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from keyaccount.book import open_book
from keyaccount.demo import demo_rows
from keyaccount.periods import Period
from keyaccount.settlement import Command, run
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.save import save
from tests.workbook.books import Language, parts, rewrite

YEAR = 2026
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
Rows = Mapping[str, Sequence[Mapping[str, object]]]
Run = tuple[Command, str]
COMPANY: Rows = {
    "Accounts": [{"account_id": "A01", "name": "Sample Account A01"}],
    "Account Tiers": [
        {"account_id": "A01", "tier": "core", "effective_from": date(2025, 1, 1), "event": "initial"}
    ],
    "Salespeople": [{"salesperson_id": "S01", "name": "Salesperson S01"}],
    "Assignments": [
        {"account_id": "A01", "salesperson_id": "S01", "share": Decimal(1), "start": date(2025, 1, 1)}
    ],
    "Sales": [
        {"sale_id": "1", "date": date(2026, 1, 5), "account_id": "A01", "gross": Decimal("1000.10")},
        {"sale_id": "2", "date": date(2026, 2, 5), "account_id": "A01", "gross": Decimal(3000)},
    ],
}


def year_of_runs(through: int = 12, *, year_end: bool = True) -> list[Run]:
    """Give the runs of the demo's year through a month; a quarter is settled after its last month."""
    runs: list[Run] = []
    for month in range(1, through + 1):
        runs.append(("advance", f"{YEAR}-{month:02d}"))
        if month % 3 == 0:
            runs.append(("settle", f"{YEAR}Q{month // 3}"))
    return [*runs, ("year-end", str(YEAR))] if year_end and through == 12 else runs


def demo_book(path: Path, language: Language, runs: Sequence[Run]) -> Path:
    """Make the demo workbook and write what these runs come to."""
    return own_book(path, language, demo_rows(YEAR, language), runs)


def own_book(path: Path, language: Language, rows: Rows, runs: Sequence[Run]) -> Path:
    """Make a workbook with these rows and write what these runs come to."""
    create_workbook(path, language, YEAR, {name: list(each) for name, each in rows.items()})
    run_on(path, language, runs)
    return path


def run_on(path: Path, language: Language, runs: Sequence[Run]) -> None:
    """Run periods on a workbook in memory, and write the last one's result."""
    with open_book(path) as book:
        assert book.readable, book.problems
        company = None
        for command, period in runs:
            outcome = run(book.read.inputs, book.ledger, command, Period.parse(period))
            assert not outcome.failed, outcome.problems
            book.ledger += outcome.entries
            company = outcome.company
        if company is not None:
            save(book.package, book.changes(company, book.ledger, book.run_log(), language), path)


def saved_by_office(book: Path, folder: Path, *, calculate: bool = False) -> Path:
    """Have LibreOffice open a workbook and save it; ``calculate``: without the values that formulas had."""
    assert OFFICE is not None
    folder.mkdir()
    source = folder / "source" / book.name
    source.parent.mkdir()
    shutil.copyfile(book, source)
    if calculate:
        sheets = [name for name, data in parts(book).items() if b"</f><v>" in data]
        rewrite(source, dict.fromkeys(sheets, lambda text: re.sub("</f><v>[^<]*</v>", "</f>", text)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "xlsx:Calc MS Excel 2007 XML"
    command = [OFFICE, profile, "--headless", "--convert-to", form, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / book.name


def part_of(book: Path, title: str) -> str:
    """Give the part of the sheet of this title."""
    with open_book(book) as opened:
        return next(sheet.part for sheet in opened.package.sheets if sheet.title == title)


def unreachable(book: Path) -> set[str]:
    """Give the parts to which no relationship leads."""
    content = parts(book)
    reached, todo = {"[Content_Types].xml"}, [""]
    while todo:
        source = todo.pop()
        folder, name = posixpath.split(source)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels in content and rels not in reached:
            reached.add(rels)
            for target in re.findall(r'Target="([^"]+)"', content[rels].decode()):
                found = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found = found.lstrip("/")
                reached.add(found)
                todo.append(found)
    return set(content) - reached
