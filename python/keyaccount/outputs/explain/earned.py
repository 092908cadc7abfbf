"""What a payment rests on: E, the period's net sales and commission, down to the cells (§3.3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from keyaccount.clauses.payouts import Earnings, Figures
from keyaccount.ledger import Balances, CellKey, Entry
from keyaccount.money import yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import Term, amount, percent, plus, product, rounded
from keyaccount.outputs.explain.cells import CellTelling
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.periods import Period, last_day, month_text


@dataclass
class Payment:
    """A payment entry with what the ledger held before it; ``lines`` by the result sheets' columns."""

    entry: Entry
    kept: Figures
    before: Sequence[Entry]
    balances: Balances
    paid_before: int
    gone: Entry | None = None  # the exit payment of somebody who was settled on leaving before this run
    lines: dict[str, Node] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The entry's period."""
        return Period.parse(self.entry.period)

    @property
    def person(self) -> str:
        """The salesperson's ID."""
        return self.entry.salesperson_id

    @property
    def year(self) -> int:
        """The plan year."""
        return self.entry.year

    @property
    def paid_after(self) -> int:
        """What was paid this year, this entry included."""
        return self.paid_before + self.entry.amount

    def paid_of(self, due: Term) -> Term:
        """A negative due is carried: nothing is paid; by policy ``negative_balance`` it is collected."""
        return due if due.fen >= 0 or self.entry.amount == due.fen else arithmetic.larger(0, due)


class EarnedTelling:
    """Tells what was earned, as the rows are today, beside what the run kept."""

    def __init__(self, source: Source, cells: CellTelling) -> None:
        """Take the workbook."""
        self.source, self.cells = source, cells

    def reach(self, pay: Payment) -> int:
        """Give the month that E reached in the run."""
        closed = pay.balances.closed_through(pay.year)
        if pay.entry.kind == "exit_payment":
            last = pay.balances.last_advanced or 0
            return max(pay.period.last_month, last if last // 12 == pay.year else 0, closed)
        if self.instalments(pay) and not pay.gone and pay.period.kind != "year":
            return max(closed, pay.period.last_month if pay.period.kind == "quarter" else 0)
        advanced = pay.balances.last_advanced
        if pay.period.kind == "quarter" and advanced is not None and advanced // 12 == pay.year:
            return max(pay.period.last_month, advanced)
        return pay.period.last_month

    def _earnings(self, pay: Payment) -> Earnings:
        return Earnings(self.source.cells, pay.year, self.source.rule, self.source.policies)

    def keys(self, pay: Payment, first: int, last: int) -> list[CellKey]:
        """Give the salesperson's cells of today with a net or a commission, of these months."""
        return [
            key
            for key, cell in self.source.cells.items()
            if key.salesperson_id == pay.person
            and first <= key.month <= last
            and (cell.net or cell.commission)
        ]

    def to_date(self, pay: Payment) -> Node:
        """Tell E: the year's cells of own-year origin, month by month (§3.3.2)."""
        _, reach = self.source.localised, self.reach(pay)
        keys = [key for key in self.keys(pay, pay.year * 12, reach) if key.own_year]
        months = [
            self._month(month, [key for key in keys if key.month == month])
            for month in sorted({key.month for key in keys})
        ]
        today = sum(node.figure or 0 for node in months)
        said = _("earned to date, through {month}", month=month_text(max(reach, pay.year * 12 - 1)))
        if today == pay.kept.earned:
            term = arithmetic.total(node.figure or 0 for node in months)
            return Node(said, term=term, clause="§3.3.2", children=tuple(months))
        note = self._earned_moved(pay, today, reach)
        return Node(said, amount=pay.kept.earned, clause="§3.3.2", children=(note, *months))

    def _month(self, month: int, keys: Sequence[CellKey]) -> Node:
        cells = [self._cell(key) for key in keys]
        term = arithmetic.total(node.figure or 0 for node in cells)
        return Node(month_text(month), term=term, children=tuple(cells))

    def _cell(self, key: CellKey) -> Node:
        """Tell a cell as the rows make it today, with the entries that book it."""
        booked = self.source.booked_cells.get(key, [])
        line = self.cells.commission_line(key)
        places = tuple(self.source.entry_place(each) for each in booked)
        net = self.cells.net_node(key)
        reason = self.cells.rate_node(key)
        below = [each for each in (reason, net) if each is not None]
        return Node(line.said, "cell", line.term, clause="§3.2", places=places, children=tuple(below))

    def _earned_moved(self, pay: Payment, today: int, reach: int) -> Node:
        """Say that the rows of today give another E: booked since as corrections, or to be booked."""
        _ = self.source.localised
        booked = [
            e
            for e in self.source.ledger
            if e.kind in {"commission", "correction"}
            and (e.salesperson_id, e.year) == (pay.person, pay.year)
            and e.cell.month <= reach
        ]
        closed = self.source.balances.closed_through(pay.year) >= reach
        details = {"then": yuan_grouped(pay.kept.earned), "today": yuan_grouped(today)}
        if closed and sum(e.amount for e in booked) == today:
            later = [e for e in booked if e.kind == "correction" and e.entry > pay.entry.entry]
            said = _(
                "the run counted {then}; the rows today give {today}: later runs have booked the difference",
                **details,
            )
            return Node(said, "note", children=tuple(map(self.source.entry_line, later)))
        return self.source.note(
            _(
                "the run counted {then}; the rows today give {today}. The difference, {difference}, is or "
                "will be booked by later runs.",
                difference=yuan_grouped(today - pay.kept.earned),
                **details,
            )
        )

    def net(self, pay: Payment) -> Node:
        """Tell the period's credited net sales, any origin."""
        _, period = self.source.localised, pay.period
        keys = self.keys(pay, period.first_month, period.last_month)
        cells = [replace(self.cells.net_node(key), kind="cell") for key in keys]
        return self._of_period(
            pay, _("credited net sales of {period}", period=period), cells, pay.kept.net_sales
        )

    def commission(self, pay: Payment) -> Node:
        """Tell the period's commission, of own-year origin."""
        _, period = self.source.localised, pay.period
        keys = [key for key in self.keys(pay, period.first_month, period.last_month) if key.own_year]
        cells = [self._cell(key) for key in keys]
        return self._of_period(pay, _("commission of {period}", period=period), cells, pay.kept.commission)

    def _of_period(self, pay: Payment, said: str, cells: Sequence[Node], kept: int) -> Node:
        term = arithmetic.total(node.figure or 0 for node in cells)
        if term.fen == kept:
            return Node(said, term=term, clause="§3.2", children=tuple(cells))
        note = self.source.note(
            self.source.localised(
                "the run of {period} counted {then}; the rows today give {today}",
                period=pay.period,
                then=yuan_grouped(kept),
                today=yuan_grouped(term.fen),
            )
        )
        return Node(said, amount=kept, clause="§3.2", children=(note, *cells))

    def corrections(self, pay: Payment) -> Node:
        """Tell the corrections that runs of the quarter booked."""
        quarter = Period.quarter_of(pay.period.last_month)
        found = [
            e
            for e in self.source.ledger
            if e.kind == "correction"
            and e.salesperson_id == pay.person
            and (period := Period.parse(e.period)).kind != "year"
            and Period.quarter_of(period.last_month) == quarter
        ]
        said = self.source.localised("corrections booked in {quarter}", quarter=quarter)
        return self.source.entries_sum(said, found)

    def advanced_by_month(self, pay: Payment) -> Term | None:
        """Write 0.80 × E with each month's own rate (that of its last day)."""
        by_rate: dict[Decimal, int] = {}
        sums = self._earnings(pay)
        for month, earned in sorted(sums.by_month[pay.person].items()):
            if month <= self.reach(pay):
                rate = self.source.policies.number("advance_rate", last_day(month))
                by_rate[rate] = by_rate.get(rate, 0) + earned
        if not by_rate:
            return None
        return rounded(plus(*(product(amount(sum_), percent(rate)) for rate, sum_ in by_rate.items())))

    def instalments(self, pay: Payment) -> bool:
        """Tell whether the run's period is paid in instalments."""
        return self.source.policies.word("advance_method", pay.period.last_day) == "instalments"

    def booked(self, pay: Payment, kind: str) -> list[Entry]:
        """Give the year's entries of a kind that were booked before the payment."""
        return [
            e for e in pay.before if e.kind == kind and (e.salesperson_id, e.year) == (pay.person, pay.year)
        ]
