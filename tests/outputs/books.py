"""Workbooks whose periods were booked on known days, for what is given away of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import pypdf

from keyaccount.book import open_book
from keyaccount.demo import demo_rows
from keyaccount.ledger import Entry
from keyaccount.outputs.statements.figures import Statement, statements_of
from keyaccount.periods import Period
from keyaccount.results import Results
from keyaccount.settlement import Command, run
from keyaccount.work import look_at_latest
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.save import save

YEAR = 2026
BOOKED_AT = "2026-07-05T01:02:03Z"
Language = Literal["en", "zh"]
Rows = Mapping[str, Sequence[Mapping[str, object]]]
Run = tuple[Command, str]


def demo_book(path: Path, language: Language, runs: Sequence[Run]) -> Path:
    """Make the demo and book these runs."""
    create_workbook(
        path, language, YEAR, {name: list(rows) for name, rows in demo_rows(YEAR, language).items()}
    )
    book_runs(path, language, runs)
    return path


def own_book(path: Path, language: Language, rows: Rows, runs: Sequence[Run]) -> Path:
    """Make a workbook with these rows and book these runs."""
    create_workbook(path, language, YEAR, {name: list(each) for name, each in rows.items()})
    book_runs(path, language, runs)
    return path


def book_runs(path: Path, language: Language, runs: Sequence[Run]) -> None:
    """Book runs on a workbook, all on one day, and write what the last one comes to."""
    with open_book(path) as book:
        company = None
        for command, period in runs:
            outcome = run(book.read.inputs, book.ledger, command, Period.parse(period), BOOKED_AT)
            assert not outcome.failed, outcome.problems
            book.ledger += outcome.entries
            company = outcome.company
        if company is not None:
            save(book.package, book.changes(company, book.ledger, book.run_log(), language), path)


def ledger_of(path: Path) -> list[Entry]:
    """Give a workbook's ledger."""
    with open_book(path) as book:
        return list(book.ledger)


def runs_through(month: int, *, year_end: bool = False) -> list[Run]:
    """Give the usual runs of the year through a month."""
    runs: list[Run] = []
    for number in range(1, month + 1):
        runs.append(("advance", f"{YEAR}-{number:02d}"))
        if number % 3 == 0:
            runs.append(("settle", f"{YEAR}Q{number // 3}"))
    return [*runs, ("year-end", str(YEAR))] if year_end else runs


def statements(book: Path, period: str) -> list[Statement]:
    """Give the statements of a period."""
    return statements_of(_results(book, book.stat().st_mtime_ns), Period.parse(period))


@cache
def _results(book: Path, _changed: int) -> Results:
    with open_book(book) as opened:
        return Results(look_at_latest(opened), opened.ledger)


def text_of(pdf: Path, password: str | None = None) -> str:
    """Give the text of a PDF."""
    reader = pypdf.PdfReader(pdf, password=password)
    return "\n".join(page.extract_text() for page in reader.pages)
