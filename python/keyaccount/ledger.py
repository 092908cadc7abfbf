"""The ledger: append-only entries, each chained to the one before by a digest, and what they add up to.

The ledger is the state: what was earned, corrected and paid. Nothing in it is ever rewritten.
Source: plan §3.3 ("What is booked", "After a quarter is closed"); spec "Result sheets", Ledger.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from keyaccount.money import number_text
from keyaccount.periods import Period, month_from_text

EarningKind = Literal[
    "commission", "correction", "prior_year", "adjustment", "target_bonus", "opening_balance"
]
PaymentKind = Literal["advance", "quarter_payment", "year_end_payment", "exit_payment"]
EARNINGS: frozenset[str] = frozenset(get_args(EarningKind))
PAYMENTS: frozenset[str] = frozenset(get_args(PaymentKind))
CELL_KINDS = frozenset({"commission", "correction", "prior_year"})
CLAUSE = {
    "commission": "§3.2",
    "correction": "§3.2",
    "prior_year": "§3.3.3",
    "adjustment": "§3.3.4",
    "target_bonus": "§3.4.1",
    "opening_balance": "§3.3.2",
    "advance": "§3.3.2",
    "quarter_payment": "§3.3.1",
    "year_end_payment": "§3.3.2",
    "exit_payment": "§3.3.2",
}
ORDER = (
    "opening_balance",
    "correction",
    "prior_year",
    "commission",
    "adjustment",
    "target_bonus",
    "advance",
    "quarter_payment",
    "year_end_payment",
    "exit_payment",
)
"""The order of kinds within a run."""
FIRST_DIGEST = "0" * 64
RUN_REFERENCE = "E="
"""How the Reference of a run's payment entry begins: it keeps the run's figures."""


_CHANGES = re.compile(r"Changes, runs? ([0-9]+(?:, [0-9]+)*)")


def changes_reference(runs: Sequence[int]) -> str:
    """Write the Reference of a correction: the runs under which Changes lists what it may come from."""
    if not runs:
        return ""
    return f"Changes, {'run' if len(runs) == 1 else 'runs'} {', '.join(map(str, runs))}"


def changes_named(reference: str) -> tuple[int, ...]:
    """Give the runs that such a Reference names."""
    found = _CHANGES.fullmatch(reference)
    return tuple(map(int, found[1].split(", "))) if found else ()


class CellKey(NamedTuple):
    """What makes a cell one; months as indexes. Sorts as the ledger lists cells."""

    month: int
    origin: int
    account_id: str
    salesperson_id: str
    rate: Decimal

    @property
    def year(self) -> int:
        """The year of the cell's month."""
        return self.month // 12

    @property
    def own_year(self) -> bool:
        """Whether the origin lies in the year of the month."""
        return self.origin // 12 == self.month // 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One ledger entry; amounts in fen, months as text ``2026-01``, blank text is ``""``.

    ``kind`` is one of EARNINGS or PAYMENTS. ``net_sales`` stands only on cell kinds.
    """

    entry: int
    run: int
    booked_at: str
    period: str
    kind: str
    salesperson_id: str
    amount: int
    account_id: str = ""
    month: str = ""
    origin_month: str = ""
    net_sales: int | None = None
    rate: Decimal | None = None
    clause: str = ""
    reference: str = ""
    digest: str = ""

    @property
    def year(self) -> int:
        """The plan year that the entry belongs to: the year of its Period."""
        return int(self.period[:4])

    @property
    def cell(self) -> CellKey:
        """The cell of an entry of a cell kind."""
        return CellKey(
            month_from_text(self.month),
            month_from_text(self.origin_month),
            self.account_id,
            self.salesperson_id,
            self.rate if self.rate is not None else Decimal(0),
        )

    @property
    def marks_run(self) -> bool:
        """Whether this is a run's payment entry: it keeps the run's figures."""
        return self.kind in PAYMENTS and self.reference.startswith(RUN_REFERENCE)


def fields_of(entry: Entry) -> tuple[str, ...]:
    """Give an entry's values as the digest takes them, in the order of the Ledger's columns."""
    return (
        str(entry.entry),
        str(entry.run),
        entry.booked_at,
        entry.period,
        entry.kind,
        entry.salesperson_id,
        entry.account_id,
        entry.month,
        entry.origin_month,
        "" if entry.net_sales is None else str(entry.net_sales),
        "" if entry.rate is None else number_text(entry.rate),
        str(entry.amount),
        entry.clause,
        entry.reference,
    )


def digest_of(entry: Entry, before: str) -> str:
    """Give the 64 hex digits over an entry and the digest before it."""
    canonical = "".join(f"{len(field)}:{field}" for field in (before, *fields_of(entry)))
    return hashlib.sha256(canonical.encode()).hexdigest()


def append(ledger: Sequence[Entry], drafts: Iterable[Entry], booked_at: str) -> tuple[Entry, ...]:
    """Number and chain drafts behind the ledger as its next run; gives the new entries only."""
    number = len(ledger)
    run = ledger[-1].run + 1 if ledger else 1
    digest = ledger[-1].digest if ledger else FIRST_DIGEST
    booked: list[Entry] = []
    for draft in drafts:
        number += 1
        numbered = replace(
            draft, entry=number, run=run, booked_at=booked_at, clause=CLAUSE[draft.kind], digest=""
        )
        digest = digest_of(numbered, digest)
        booked.append(replace(numbered, digest=digest))
    return tuple(booked)


def first_break(ledger: Sequence[Entry]) -> tuple[int, str, str] | None:
    """Find the first entry that is not as booked: (index, column, what was expected); ``None`` if whole."""
    digest = FIRST_DIGEST
    run = 1
    for index, entry in enumerate(ledger):
        if entry.entry != index + 1:
            return index, "Entry", str(index + 1)
        if entry.run not in {run, run + 1}:
            return index, "Run", str(run)
        run = entry.run
        digest = digest_of(entry, digest)
        if entry.digest != digest:
            return index, "Digest", digest
    return None


@dataclass(slots=True)
class Booked:
    """What is booked for a cell: net over all its entries; commission; prior-year amount; in fen."""

    net: int = 0
    commission: int = 0
    prior: int = 0


class Outside(NamedTuple):
    """What was paid outside the program (sheet Payments Made): to whom, for what Period, by which voucher."""

    salesperson_id: str
    period: str
    voucher: str


class Balances:
    """What the ledger's entries add up to, and which runs they mark."""

    def __init__(self, ledger: Iterable[Entry]) -> None:
        """Add up the entries once."""
        self.cells: dict[CellKey, Booked] = defaultdict(Booked)
        self.payments: dict[tuple[str, int], list[tuple[Period, int]]] = defaultdict(list)
        self.earnings: dict[tuple[str, int, str], int] = defaultdict(int)  # person, year, kind
        self.coefficients: dict[tuple[str, int], Decimal] = {}
        self.bonus_rates: dict[tuple[str, int], Decimal] = {}
        self.runs: dict[tuple[Period, str], Entry] = {}  # the latest payment entry of period and person
        self.outside: dict[Outside, int] = defaultdict(int)
        self.exits: dict[str, Entry] = {}  # the latest exit payment of a person
        self.finished: set[int] = set()
        self.last_advanced: int | None = None
        self._closed: dict[int, int] = {}
        for entry in ledger:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        key = (entry.salesperson_id, entry.year)
        if entry.kind in PAYMENTS:
            self._add_payment(entry)
            return
        self.earnings[(*key, entry.kind)] += entry.amount
        if entry.kind in CELL_KINDS:
            booked = self.cells[entry.cell]
            booked.net += entry.net_sales or 0
            if entry.kind == "prior_year":
                booked.prior += entry.amount
            else:
                booked.commission += entry.amount
        elif entry.kind == "adjustment":
            self.coefficients[key] = entry.rate if entry.rate is not None else Decimal(1)
        elif entry.kind == "target_bonus":
            self.bonus_rates[key] = entry.rate if entry.rate is not None else Decimal(0)

    def _add_payment(self, entry: Entry) -> None:
        period = Period.parse(entry.period)
        self.payments[entry.salesperson_id, entry.year].append((period, entry.amount))
        if not entry.marks_run:
            self.outside[Outside(entry.salesperson_id, entry.period, entry.reference)] += entry.amount
            return
        if entry.kind == "exit_payment":
            self.exits[entry.salesperson_id] = entry
            return
        self.runs[period, entry.salesperson_id] = entry
        if entry.kind == "advance":
            self.last_advanced = max(self.last_advanced or 0, period.last_month)
        elif entry.kind == "quarter_payment":
            self._closed[period.year] = max(self._closed.get(period.year, 0), period.last_month)
        else:
            self.finished.add(period.year)

    def closed_through(self, year: int) -> int:
        """Give the last month of the year's last settled quarter, else the month before the year."""
        return self._closed.get(year, year * 12 - 1)

    def paid(self, salesperson_id: str, year: int) -> int:
        """Give all payments of the plan year."""
        return sum(amount for _, amount in self.payments.get((salesperson_id, year), ()))

    def paid_in(self, salesperson_id: str, period: Period) -> int:
        """Give the payments of one Period."""
        entries = self.payments.get((salesperson_id, period.year), ())
        return sum(amount for of, amount in entries if of == period)

    def earned(self, salesperson_id: str, year: int, *kinds: str) -> int:
        """Give the booked earnings of the plan year, of these kinds or of all."""
        return sum(self.earnings.get((salesperson_id, year, kind), 0) for kind in kinds or EARNINGS)

    def balance(self, salesperson_id: str, year: int) -> int:
        """Give earnings less payments of the plan year."""
        return self.earned(salesperson_id, year) - self.paid(salesperson_id, year)
