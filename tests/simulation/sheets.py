"""The result sheets beside the ledger: their sums agree, and what past runs said stands as they said it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from keyaccount import tables
from keyaccount.company import Company
from keyaccount.periods import Period
from keyaccount.results import Results
from keyaccount.tables import ResultSheet, ResultTable
from tests.simulation.world import PAYMENTS, World

DOCUMENTS = {
    tables.MONTHLY_ADVANCES.name: ("Month", "advance"),
    tables.QUARTERLY_SETTLEMENT.name: ("Quarter", "settle"),
    tables.YEAR_END_SETTLEMENT.name: ("Year", "year-end"),
}
"""Documents: the column of their period, and the command whose runs they show."""
SHOWN = {
    "Net Sales": "net_sales",
    "Commission": "commission",
    "Due To Date": "due",
    "Withheld": "withheld",
    "Carried": "carried",
}
ROW = dict[str, Any]


def rows_of(sheet: ResultSheet, table: ResultTable) -> list[ROW]:
    """Give a result sheet's rows by header."""
    headers = [column.en for column in sheet.columns]
    return [dict(zip(headers, row, strict=True)) for row in table.rows]


def follow_from_the_ledger(world: World, company: Company) -> None:
    """Make all result sheets and look at each."""
    results = Results(company, world.ledger)
    made = results.tables(ResultTable(tables.PROBLEMS, [], "", 0), [])
    by_name = {table.sheet.name: rows_of(table.sheet, table) for table in made}
    _the_ledger_is_shown_whole(world, by_name[tables.LEDGER.name])
    _cells_are_those_of_the_ledger(world, by_name[tables.COMMISSION_DETAIL.name])
    for name, (column, command) in DOCUMENTS.items():
        _past_runs_stand(world, command, column, by_name[name])
    for row in by_name[tables.NET_SALES.name]:
        taken = sum(row[each] for each in ("Discount", "Returns", "Bad Debts", "Later Discounts"))
        assert row["Gross"] - taken + row["Recoveries"] == row["Net Sales"], f"net sales: {row}"


def _the_ledger_is_shown_whole(world: World, rows: list[ROW]) -> None:
    shown = [(row["Entry"], row["Amount"], row["Digest"]) for row in rows]
    assert shown == [(each.entry, each.amount, each.digest) for each in world.kept], "the sheet Ledger"


def _cells_are_those_of_the_ledger(world: World, rows: list[ROW]) -> None:
    """What Commission Detail shows of closed quarters is what is booked, to the fen."""
    shown: Counter[int] = Counter()
    for row in rows:
        month = Period.parse(row["Month"]).last_month
        if month <= world.now.closed_through(month // 12):
            shown[month // 12] += row["Net Sales"]
    booked: Counter[int] = Counter()
    for (cell, what), amount in world.now.cells.items():
        if what == "net":
            booked[cell.year] += amount
    years = {run[1][:4] for run in world.now.shown if run[0] == "settle"}
    for year in map(int, years):
        assert shown[year] == booked[year], f"net of {year}: shown {shown[year]} ≠ booked {booked[year]}"


def _past_runs_stand(world: World, command: str, column: str, rows: list[ROW]) -> None:
    """Each run's row shows what the run showed, and paid is what the ledger paid for the period."""
    paid: Counter[tuple[str, str]] = Counter()
    for entry in world.ledger:
        if entry.kind in PAYMENTS:
            paid[entry.period, entry.salesperson_id] += entry.amount
    wanted = {
        (run[1], one.salesperson_id): one
        for run, figures in world.now.shown.items()
        for one in figures
        if run[0] == command
    }
    found = {(row[column], row["Salesperson ID"]): row for row in rows}
    assert found.keys() == wanted.keys(), f"rows of {command}: {sorted(found.keys() ^ wanted.keys())}"
    for key, row in found.items():
        for header, name in SHOWN.items():
            if header in row:
                assert row[header] == getattr(wanted[key], name), f"{key} {header}: {row} ≠ {wanted[key]}"
        assert row["Paid"] == paid[key], f"{key}: paid {row['Paid']} ≠ ledger {paid[key]}"
