"""The cell functions in the demo workbook, after a quarter was settled: beside its own result sheets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.tables import COMMISSION_DETAIL, LEDGER, MONTHLY_ADVANCES, TIERS, ResultSheet
from tests.excel.excel_process import At, Excel, column
from tests.excel.win_stub import MISSING
from tests.workbook.books import Language
from tests.workbook.demo_books import demo_book, year_of_runs

HEAD = 5
"""The row of a result sheet's header."""


@pytest.fixture(scope="module")
def excel() -> Iterator[Excel]:
    started = Excel()
    yield started
    started.close()


def as_com(value: object) -> Any:
    """Give a cell's value as COM does: every number is a double."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if not isinstance(value, str) or not value.startswith("=") else None  # nothing is calculated


class Book:
    """The workbook, in Excel and as rows."""

    def __init__(self, path: Path, language: Language, excel: Excel) -> None:
        self.which, self.excel = int(language == "zh"), excel
        opened = openpyxl.load_workbook(path)
        self.sheets = {
            sheet.title: [[as_com(value) for value in row] for row in sheet.iter_rows(values_only=True)]
            for sheet in opened
        }
        excel.open(self.sheets)

    def title(self, result: ResultSheet) -> str:
        return (result.name, result.zh[0])[self.which]

    def column(self, result: ResultSheet, name: str) -> At:
        """Refer to the data of a result sheet's column."""
        place = [each.en for each in result.columns].index(name) + 1
        rows = self.sheets[self.title(result)]
        return At(self.title(result), HEAD + 1, place, len(rows), place)

    def values(self, place: At) -> Sequence[Sequence[Any]]:
        return [[row[place.column - 1]] for row in self.sheets[place.sheet][place.row - 1 : place.last_row]]


@pytest.fixture(scope="module", params=["en", "zh"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, excel: Excel) -> Book:
    path = demo_book(tmp_path_factory.mktemp("demo") / "demo.xlsx", request.param, year_of_runs(3))
    return Book(path, request.param, excel)


def test_commission_over_the_details_gives_their_commission(book: Book) -> None:
    net, tier, rate = (book.column(COMMISSION_DETAIL, name) for name in ("Net Sales", "Tier", "Rate"))
    plain = book.excel.call("COMMISSIONRATE", tier, MISSING, MISSING, MISSING)
    rates = zip(book.values(rate), plain, strict=True)
    uplift = tuple((round(raised[0] - base[0], 6),) for raised, base in rates)
    assert {points for (points,) in uplift} == {0.0, 0.005}
    spilled = book.excel.call("COMMISSION", net, tier, MISSING, MISSING, uplift)
    assert spilled == book.values(book.column(COMMISSION_DETAIL, "Commission"))


def test_the_whole_tiers_sheet_may_be_given(book: Book) -> None:
    sheet = (TIERS.name, TIERS.zh[0])[book.which]
    given = column(sheet, 1)._replace(last_column=8)
    for tier in ("strategic", "核心客户"):
        left_out = book.excel.call("COMMISSIONRATE", tier, datetime(2026, 3, 31), MISSING, MISSING)  # noqa: DTZ001 a cell has no zone
        assert book.excel.call("COMMISSIONRATE", tier, "2026-03-31", given, MISSING) == left_out > 0


def test_advance_and_withheld_add_up_to_what_a_month_earned(book: Book) -> None:
    earned = book.column(MONTHLY_ADVANCES, "Commission")
    paid, kept = (book.excel.call(name, earned, MISSING) for name in ("ADVANCE", "WITHHELD"))
    assert book.excel.call("NETSALES", paid, MISSING, MISSING, MISSING, kept) == book.values(earned)


def test_settlement_gives_the_ledgers_lines(book: Book) -> None:
    rows = book.sheets[book.title(LEDGER)]
    header = next(row for row in rows if "Entry" in row)
    person, period = header.index("Salesperson ID"), header.index("Period")
    entries = [row for row in rows if row[period] == "2026Q1" and row[person] == "S01"]
    shown = [place for place, name in enumerate(header) if name not in {None, "Reference", "Digest"}]
    expected = [["" if row[place] is None else row[place] for place in shown] for row in entries]
    spilled = book.excel.call("SETTLEMENT", "S01", "2026Q1")
    assert len(entries) > 3
    assert spilled == [[rows[0][place] for place in shown], *expected]
