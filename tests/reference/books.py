"""The ledger as a list of plain entries, and the questions that a run asks of it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.reference.cells import Key
from tests.reference.rows import month_number, period_of

Entry = dict[str, Any]
PAYMENTS = {"month": "advance", "quarter": "quarter_payment", "year": "year_end_payment"}
ALL_PAYMENTS = {*PAYMENTS.values(), "exit_payment"}
CELL_KINDS = ("commission", "correction", "prior_year")


class Books:
    """Questions to the ledger."""

    def __init__(self, ledger: list[Entry]) -> None:
        """Take the entries in, oldest first."""
        self.entries: list[Entry] = []
        self.finished: set[int] = set()
        self.closed: dict[int, int] = {}
        self.last_advanced = -1
        self.by_cell: dict[tuple[str, Key], tuple[int, int]] = {}
        for entry in ledger:
            self.append(entry)
            if entry["figures"] is None:
                continue  # no run's payment: what was earned, or paid outside the program
            period = period_of(entry["period"])
            if entry["kind"] == "advance":
                self.last_advanced = max(self.last_advanced, period.last)
            if entry["kind"] == "quarter_payment":
                self.closed[period.year] = max(period.last, self.closed.get(period.year, 0))
            if entry["kind"] == "year_end_payment":
                self.finished.add(period.year)

    def append(self, entry: Entry) -> None:
        """Add an entry; what this run books closes nothing for this run itself."""
        self.entries.append(entry)
        if entry["kind"] in CELL_KINDS:
            net, amount = self.cell((entry["kind"],), key_of(entry))
            self.by_cell[entry["kind"], key_of(entry)] = net + entry["net_sales"], amount + entry["amount"]

    def closed_through(self, year: int) -> int:
        """The last month of the year's last settled quarter, else the December before."""
        return self.closed.get(year, 12 * year - 1)

    def total(self, kinds: set[str], year: int, person: str) -> int:
        """Add up a person's entries of some kinds whose Period lies in a year."""
        return sum(
            e["amount"]
            for e in self.entries
            if e["kind"] in kinds and e["salesperson_id"] == person and e["period"][:4] == str(year)
        )

    def paid(self, year: int, person: str) -> int:
        """Add up everything paid to a person for periods of a year."""
        return self.total(ALL_PAYMENTS, year, person)

    def paid_for(self, period: str, person: str) -> int:
        """Add up everything paid to a person for one period."""
        of = [e for e in self.entries if (e["period"], e["salesperson_id"]) == (period, person)]
        return sum(e["amount"] for e in of if e["kind"] in ALL_PAYMENTS)

    def outside(self) -> dict[tuple[str, str, str], int]:
        """Add up what was paid outside the program, by person, period and voucher."""
        sums: dict[tuple[str, str, str], int] = defaultdict(int)
        for e in self.entries:
            if e["kind"] == "advance" and e["figures"] is None:
                sums[e["salesperson_id"], e["period"], e["voucher"]] += e["amount"]
        return sums

    def cell(self, kinds: tuple[str, ...], key: Key) -> tuple[int, int]:
        """Net and amount that stand booked for a cell in entries of some kinds."""
        booked = [self.by_cell.get((kind, key), (0, 0)) for kind in kinds]
        return sum(net for net, _ in booked), sum(amount for _, amount in booked)

    def cells(self) -> set[Key]:
        """List the cells that anything is booked for."""
        return {key for _, key in self.by_cell}

    def latest(self, kind: str, period: str, person: str) -> Entry | None:
        """Give the latest entry of a kind, period and person."""
        for e in reversed(self.entries):
            same = (e["kind"], e["period"], e["salesperson_id"]) == (kind, period, person)
            if same and (e["figures"] is not None or kind not in ALL_PAYMENTS):
                return e
        return None


def key_of(entry: Entry) -> Key:
    """Give the cell that an entry was booked for."""
    return Key(
        month_number(entry["month"]),
        month_number(entry["origin_month"]),
        entry["account_id"],
        entry["salesperson_id"],
        entry["rate"],
    )
