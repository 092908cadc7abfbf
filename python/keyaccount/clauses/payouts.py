"""§3.3: what is earned, due, paid, withheld and carried; what a run books.

Amounts are fen. The same formula for ``due`` runs in every month and quarter; it is cumulative, so a
negative one is offset by the following months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction

from keyaccount.clauses.cells import Cell
from keyaccount.ledger import Balances, Booked, CellKey, Entry
from keyaccount.money import fen, round_fen, times, yuan
from keyaccount.periods import Period, last_day, month_text
from keyaccount.policies import Policies
from keyaccount.tables import PriorYearRow

NOTHING = Cell(0, 0)
UNBOOKED = Booked()


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run says of one salesperson, in fen (plan, "What the figures of a run mean")."""

    salesperson_id: str
    net_sales: int
    commission: int
    paid: int
    withheld: int
    carried: int
    earned: int = 0
    prior: int = 0
    opening: int = 0
    due: int = 0
    target: int | None = None

    def reference(self) -> str:
        """Write the figures as a payment entry keeps them, in yuan."""
        text = ";".join(f"{short}={yuan(getattr(self, name))}" for short, name in _REFERENCE.items())
        return text if self.target is None else f"{text};target={yuan(self.target)}"

    @classmethod
    def kept(cls, entry: Entry, paid: int) -> Figures:
        """Rebuild a past run's figures from its payment entry; ``paid`` is that of its Period."""
        values = dict(part.partition("=")[::2] for part in entry.reference.split(";"))
        target = fen(values["target"]) if "target" in values else None
        known = {name: fen(values[short]) for short, name in _REFERENCE.items()}
        return cls(salesperson_id=entry.salesperson_id, paid=paid, target=target, **known)


_REFERENCE = {
    "E": "earned",
    "P": "prior",
    "opening": "opening",
    "due": "due",
    "net": "net_sales",
    "commission": "commission",
    "withheld": "withheld",
    "carried": "carried",
}
assert set(_REFERENCE.values()) < {field.name for field in fields(Figures)}  # noqa: S101 a declaration checks itself


class PriorYearRule:
    """P: what a commission of an earlier year's origin is worth (§3.3, prior-year correction)."""

    def __init__(self, balances: Balances, rows: Sequence[PriorYearRow], policies: Policies) -> None:
        """Take coefficient and bonus from the ledger, else from sheet Prior Years, else 1.00 and none."""
        self._balances, self._policies = balances, policies
        self._rows = {(row.salesperson_id, row.year): row for row in rows}

    def known(self, salesperson_id: str, year: int) -> bool:
        """Tell whether the year was finished here or stands on Prior Years."""
        return year in self._balances.finished or (salesperson_id, year) in self._rows

    def amount(self, commission: int, salesperson_id: str, year: int) -> int:
        """Give f + round(f × bonus rate) where the bonus was earned, f = round(c × coefficient)."""
        coefficient, bonus_rate = self._terms(salesperson_id, year)
        adjusted = times(commission, coefficient)
        return adjusted + times(adjusted, bonus_rate)

    def _terms(self, salesperson_id: str, year: int) -> tuple[Decimal, Decimal]:
        key = (salesperson_id, year)
        if key in self._balances.coefficients:
            return self._balances.coefficients[key], self._balances.bonus_rates.get(key, Decimal(0))
        row = self._rows.get(key)
        if row is None or year in self._balances.finished:
            return Decimal(1), Decimal(0)
        rate = self._policies.number("target_bonus_rate", Period("year", year).last_day)
        return row.coefficient, rate if row.bonus_earned else Decimal(0)


def unbooked_cells(
    cells: Mapping[CellKey, Cell],
    balances: Balances,
    year: int,
    through: int,
    rule: PriorYearRule,
    period: Period,
) -> Iterator[Entry]:
    """Draft the entries by which cells through a month, and those of finished years, differ from the ledger.

    Cells of months not closed before are ``commission``; of closed ones ``correction``: the new cell
    minus what is booked for it; those of an earlier year's origin, or of a finished year's month,
    ``prior_year`` (§3.3, "After a quarter is closed"). Closed quarters of an unfinished earlier year wait.
    """
    closed = balances.closed_through(year)
    for key in sorted(cells.keys() | balances.cells.keys()):
        if not (key.month <= through and key.year == year) and not (
            key.year < year and key.year in balances.finished
        ):
            continue
        new = cells.get(key, NOTHING)
        booked = balances.cells.get(key, UNBOOKED)
        finished = key.year in balances.finished
        if key.own_year and not finished:
            kind = "commission" if key.month > closed else "correction"
            amount = new.commission - booked.commission
        else:
            kind = "prior_year"
            changed = new.commission - (booked.commission if key.own_year else 0)
            amount = rule.amount(changed, key.salesperson_id, key.origin // 12) - booked.prior
        net = new.net - booked.net
        if amount or net:
            yield cell_entry(kind, key, net, amount, period)


def cell_entry(kind: str, key: CellKey, net: int, amount: int, period: Period) -> Entry:
    """Draft an entry of a cell kind; numbers and digest come when it is appended."""
    return Entry(
        entry=0,
        run=0,
        booked_at="",
        period=str(period),
        kind=kind,
        salesperson_id=key.salesperson_id,
        amount=amount,
        account_id=key.account_id,
        month=month_text(key.month),
        origin_month=month_text(key.origin),
        net_sales=net,
        rate=key.rate,
    )


@dataclass(frozen=True, slots=True)
class Position:
    """Where a salesperson stands in the plan year when a run looks, in fen; ``due`` is to date."""

    earned: int
    prior: int
    opening: int
    due: int
    paid: int


class Earnings:
    """E and the open months' P per salesperson, from the calculated cells of a year."""

    def __init__(
        self, cells: Mapping[CellKey, Cell], year: int, rule: PriorYearRule, policies: Policies
    ) -> None:
        """Add up the year's cells per salesperson and month."""
        self._policies = policies
        self.by_month: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.prior_by_month: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.net_by_month: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for key, cell in cells.items():
            if key.year != year:
                continue
            person = key.salesperson_id
            self.net_by_month[person][key.month] += cell.net
            if key.own_year:
                self.by_month[person][key.month] += cell.commission
            else:
                amount = rule.amount(cell.commission, person, key.origin // 12)
                self.prior_by_month[person][key.month] += amount

    def earned(self, person: str, through: int) -> int:
        """E: the salesperson's own-year cells through a month (§3.3.2)."""
        return _until(self.by_month[person], through)

    def advanced(self, person: str, through: int) -> int:
        """0.80 × E: each month's at the rate of its last day, summed exactly, rounded once (§3.3.2)."""
        exact = Fraction(0)
        for month, amount in self.by_month[person].items():
            if month <= through:
                exact += amount * Fraction(self._policies.number("advance_rate", last_day(month)))
        return round_fen(exact)

    def open_prior(self, person: str, after: int, through: int) -> int:
        """P calculated for the open months (after, through]."""
        return sum(
            amount for month, amount in self.prior_by_month[person].items() if after < month <= through
        )

    def net_of(self, person: str, period: Period) -> int:
        """Credited net of the cells whose month lies in the period, any origin."""
        return _within(self.net_by_month[person], period)

    def commission_of(self, person: str, period: Period) -> int:
        """Commission of the cells whose month lies in the period, own-year origin."""
        return _within(self.by_month[person], period)


def _until(by_month: Mapping[int, int], through: int) -> int:
    return sum(amount for month, amount in by_month.items() if month <= through)


def _within(by_month: Mapping[int, int], period: Period) -> int:
    return sum(
        amount for month, amount in by_month.items() if period.first_month <= month <= period.last_month
    )


def instalment(position: Position, paid_before: int, months_since: int) -> int:
    """Give what an instalment month has to pay (policy ``advance_method`` = ``instalments``).

    T = X − what was paid before the first month after the last settled quarter; a third of it (to the
    fen, down) is due in each of the first two months, all of it from the third on, at once if negative.
    """
    remaining = position.due - paid_before
    paid_since = position.paid - paid_before
    if remaining < 0 or months_since >= 3:  # noqa: PLR2004 the plan's thirds
        return remaining - paid_since
    return months_since * (remaining // 3) - paid_since


def payment(due: int, method: str) -> int:
    """Give the amount paid: a negative due is carried, or collected by policy ``negative_balance``."""
    return due if method == "collect" else max(0, due)
