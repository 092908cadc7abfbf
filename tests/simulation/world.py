"""What a simulated company is between two steps, and what has to hold of it at all times.

The world keeps its own record of what happened: its own copy of the ledger, its own sums of it, the figures
that were shown, what the bank has paid. The program is compared with that record after every step.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

from keyaccount import company as core
from keyaccount.clauses.cells import Cell
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import FIRST_DIGEST, CellKey, Entry
from keyaccount.periods import Period, last_day
from keyaccount.tables import Inputs, PaymentRow
from tests import company_runs
from tests.company import Company
from tests.company_runs import Run
from tests.side_by_side import plain

EARNINGS = {"commission", "correction", "prior_year", "adjustment", "target_bonus", "opening_balance"}
PAYMENTS = {"advance", "quarter_payment", "year_end_payment", "exit_payment"}
LOST = "lost"
"""How the voucher of a payment begins that was entered because a backup did not know of it."""
BACKUPS = 6


class Done(NamedTuple):
    """A run that booked: on which rows, which command, and how the ledger ended."""

    made: Company
    run: Run
    booked: tuple[Entry, ...]


@dataclass(frozen=True)
class Sheet:
    """The rows of one moment, and what the core makes of them; worked out once."""

    made: Company

    @cached_property
    def inputs(self) -> Inputs:
        """The rows as the reader gives them."""
        return self.made.inputs()

    @cached_property
    def company(self) -> core.Company:
        """The rows, checked by the core as ``check`` does."""
        return core.Company(self.inputs)

    @cached_property
    def cells(self) -> dict[CellKey, Cell]:
        """All cells, those of all years to come too."""
        return self.company.cells((self.made.first_year + self.made.years + 4) * 12)


@dataclass
class State:
    """All that a workbook holds, and what the world knows of it: what a backup keeps."""

    made: Company
    good: Company  # the last rows that a run took
    ledger: list[Entry] = field(default_factory=list)
    plain: list[dict[str, Any]] = field(default_factory=list)
    shown: dict[Run, tuple[Figures, ...]] = field(default_factory=dict)
    approved: dict[str, str] = field(default_factory=dict)  # period -> the digest that was approved
    cells: Counter[tuple[CellKey, str]] = field(default_factory=Counter)  # booked: net, commission, prior
    sums: Counter[tuple[str, int, str]] = field(default_factory=Counter)  # person, year: earned, paid, run
    outside: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    closed: dict[int, int] = field(default_factory=dict)
    finished: set[int] = field(default_factory=set)
    advanced: int = 0
    next: int = 0

    def copy(self) -> State:
        """Copy it as it stands; rows and entries themselves never change."""
        return replace(
            self,
            ledger=[*self.ledger],
            plain=[*self.plain],
            shown={**self.shown},
            approved={**self.approved},
            cells=self.cells.copy(),
            sums=self.sums.copy(),
            outside=self.outside.copy(),
            closed={**self.closed},
            finished={*self.finished},
        )

    @property
    def head(self) -> str:
        """The digest of the last entry."""
        return self.ledger[-1].digest if self.ledger else FIRST_DIGEST

    def closed_through(self, year: int) -> int:
        """Give the last month of a year's last settled quarter, else the December before."""
        return self.closed.get(year, 12 * year - 1)

    def take(self, booked: Sequence[Entry]) -> None:
        """Add up what a run booked, in the world's own way."""
        for entry in booked:
            self.ledger.append(entry)
            self.plain.append(plain(entry))
            person, year = entry.salesperson_id, entry.year
            if entry.kind in EARNINGS:
                self.sums[person, year, "earned"] += entry.amount
            else:
                self.sums[person, year, "paid"] += entry.amount
                self._pay(entry)
            if entry.net_sales is not None:
                kind = "prior" if entry.kind == "prior_year" else "commission"
                self.cells[entry.cell, kind] += entry.amount
                self.cells[entry.cell, "net"] += entry.net_sales

    def _pay(self, entry: Entry) -> None:
        if not entry.marks_run:
            self.outside[entry.salesperson_id, entry.period, entry.reference] += entry.amount
            return
        period = Period.parse(entry.period)
        if entry.kind == "advance":
            self.advanced = max(self.advanced, period.last_month)
        elif entry.kind == "quarter_payment":
            self.closed[period.year] = max(self.closed_through(period.year), period.last_month)
        elif entry.kind == "year_end_payment":
            self.finished.add(period.year)


class World:
    """A company, its workbook and its surroundings."""

    def __init__(self, made: Company) -> None:
        """Open a new workbook with these rows."""
        self.now = State(made, made)
        self.kept: list[Entry] = []  # the world's own copy of the ledger
        self.planned = [
            run for index in range(made.years + 1) for run in company_runs.calendar(made.first_year + index)
        ]
        self.bank: Counter[tuple[str, int]] = Counter()  # what really was paid by runs: person, year
        self.backups: deque[tuple[State, int]] = deque(maxlen=BACKUPS)
        self.done: list[Done] = []  # the runs that booked, those too that a backup has lost
        self.last: Run | None = None  # the last run, where nothing has changed since
        self.lost: dict[str, PaymentRow] = {}
        self.counted: Counter[str] = Counter()
        self.told: list[str] = []
        self._sheet: Sheet | None = None

    @property
    def made(self) -> Company:
        """The rows as they stand."""
        return self.now.made

    @property
    def sheet(self) -> Sheet:
        """The rows as they stand, as the core sees them."""
        if self._sheet is None or self._sheet.made is not self.now.made:
            self._sheet = Sheet(self.now.made)
        return self._sheet

    @property
    def ledger(self) -> list[Entry]:
        """The ledger as it stands."""
        return self.now.ledger

    def change(self, made: Company) -> None:
        """Put other rows into the workbook."""
        self.now.made = made
        self.last = None

    def book(self, run: Run, booked: Sequence[Entry]) -> None:
        """Book what a run gave; the bank pays it, and a backup is kept of how it was before."""
        self.backups.append((self.now.copy(), len(self.done)))
        self.done.append(Done(self.made, run, tuple(booked)))
        self.now.take(booked)
        self.kept += booked
        for entry in booked:
            if entry.marks_run:
                self.bank[entry.salesperson_id, entry.year] += entry.amount

    def day(self) -> Any:  # noqa: ANN401 a date
        """Give the last day of the run that comes next in the calendar."""
        command, period = self.planned[min(self.now.next, len(self.planned) - 1)]
        assert command != "settle-leaver"
        return last_day(Period.parse(period).last_month)

    def lost_payment(self, entry: Entry) -> None:
        """Enter on Payments Made what was paid and stands in no ledger any more."""
        voucher = f"{LOST} {len(self.lost) + 1}"
        self.lost[voucher] = PaymentRow(0, entry.salesperson_id, entry.period, entry.amount, voucher)

    def say(self, sentence: str) -> None:
        """Tell the story."""
        self.told.append(sentence)

    def must_be_whole(self) -> None:
        """The ledger is what was booked, entry for entry: nobody but a run adds to it, nothing changes."""
        assert self.ledger == self.kept, "an entry of the ledger was changed"
        assert len(self.now.plain) == len(self.kept)
