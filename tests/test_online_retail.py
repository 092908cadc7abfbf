"""Real input: UCI Online Retail as a plan workbook, every period of 2011 run in it.

The data are no part of the project: the test looks for them at KEYACCOUNT_ONLINE_RETAIL, else beside the
checkout, and is skipped where they are absent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from keyaccount import cli
from keyaccount.book import open_book
from keyaccount.outputs.explain import Explaining
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from tests.outputs.asking import check_arithmetic
from tests.real_data import play
from tests.real_data.online_retail import Lines, read_lines
from tests.side_by_side import by_core, by_reference, differences
from tests.workbook.demo_books import needs_office, saved_by_office

if TYPE_CHECKING:
    from keyaccount.ledger import Entry
    from keyaccount.tables import Inputs

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "online_retail.parquet"
PARQUET = Path(os.environ.get("KEYACCOUNT_ONLINE_RETAIL", BESIDE))

pytestmark = [
    pytest.mark.skipif(not PARQUET.is_file(), reason="UCI Online Retail is not on this machine"),
    pytest.mark.xdist_group("online_retail"),
    pytest.mark.slow,
]


@dataclass(frozen=True)
class Played:
    """The data, the workbook that was made of them, and its runs."""

    lines: Lines
    book: Path
    runs: list[play.Run]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    lines = read_lines(PARQUET)
    book = tmp_path_factory.mktemp("online_retail") / "online-retail.xlsx"
    play.make(lines, book)
    return Played(lines, book, play.play(book))


def read_inputs(book: Path) -> Inputs:
    with Package.open(book) as package:
        return read_workbook(package).inputs


def test_no_line_is_lost_on_the_way_into_the_workbook(played: Played) -> None:
    raw = pd.read_parquet(PARQUET)
    price = (raw["UnitPrice"] * 100).round().astype("int64")
    inputs = read_inputs(played.book)
    adjustments = inputs.adjustments
    returned = adjustments.type != "recovery"
    net = inputs.sales.gross.sum() - adjustments.amount[returned].sum() + adjustments.amount[~returned].sum()
    left_out = sum(fen for _, fen in played.lines.left_out.values())
    assert int(net) + left_out == int((price * raw["Quantity"]).sum())
    assert len(played.lines.frame) + sum(n for n, _ in played.lines.left_out.values()) == len(raw)


def test_every_period_runs(played: Played) -> None:
    assert [(run.period, run.code) for run in played.runs if run.code] == []
    assert len(played.runs) == 20


def test_every_entry_is_explained_by_arithmetic_that_gives_its_amount(played: Played) -> None:
    with open_book(played.book) as book:
        explaining = Explaining(book, "en")
        for entry in book.ledger:
            explanation = explaining.answer(str(entry.entry))
            assert explanation.roots[0].figure == entry.amount, entry
            assert not explanation.moved, entry
            check_arithmetic(explanation)


def test_net_sales_are_what_pandas_adds_up(played: Played) -> None:
    key = played.lines.frame[played.lines.frame["key"]]
    months = pd.to_datetime(key["day"]).dt.strftime("%Y-%m")
    expected = {index: int(fen) for index, fen in key.groupby([months, "account"])["fen"].sum().items()}
    sheet = openpyxl.load_workbook(played.book, read_only=False, data_only=True)["Net Sales"]
    found: dict[Any, int] = {}
    for row in sheet.iter_rows(min_row=6, values_only=True):
        found[row[0], row[1]] = int(Decimal(str(row[-1])) * 100)
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in expected.items() if v}


def test_the_slow_reference_books_the_same(played: Played) -> None:
    inputs = read_inputs(played.book)
    ours: list[dict[str, Any]] = []
    theirs: list[Entry] = []
    for command, period in play.RUNS:
        expected = by_reference(inputs, ours, command, period)
        found, booked = by_core(inputs, theirs, command, period)
        assert differences(expected, found) == [], period
        ours += expected.entries
        theirs += booked
    assert len(theirs) == sum(run.said["entries"] for run in played.runs)


def test_running_the_last_period_again_changes_no_byte(played: Played) -> None:
    before = played.book.read_bytes()
    again = play.run(played.book, "year-end", "2011")
    assert (again.code, again.said["booked"]) == (0, False)
    assert again.said["salespeople"] == played.runs[-1].said["salespeople"]
    assert played.book.read_bytes() == before


@needs_office
def test_libreoffice_adds_up_the_same(played: Played, tmp_path: Path) -> None:
    calculated = saved_by_office(played.book, tmp_path / "out", calculate=True)
    expected, found = (
        list(openpyxl.load_workbook(book, data_only=True)["Reconciliation"].iter_rows(6, values_only=True))
        for book in (played.book, calculated)
    )
    assert found == expected
    assert {row[6] for row in found} == {"yes"}
    checked = sum(row[3] for row in found if row[0] in ("Net sales", "Left-out net sales"))
    inputs = read_inputs(played.book)
    adjusted, recovered = inputs.adjustments.amount, inputs.adjustments.type == "recovery"
    total = inputs.sales.gross.sum() - inputs.sales.discount.sum() - adjusted.sum()
    assert round(checked * 100) == int(total + 2 * adjusted[recovered].sum())


def test_the_workbook_verifies(played: Played) -> None:
    assert cli.main(["verify", str(played.book)]) == 0


def test_the_figures_are_those_of_the_readme(played: Played) -> None:
    year = played.runs[-1]
    readme = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")
    for figure in ("net_sales", "commission", "paid"):
        assert f"{year.sum(figure):,.2f}" in readme, figure
