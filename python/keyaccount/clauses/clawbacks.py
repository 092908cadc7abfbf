"""§3.3.3: each reversal with its origin, rate, the commission reversed and the part that had been paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from keyaccount.clauses.net_sales import Reversals
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import Credit, Credits
from keyaccount.ledger import CellKey
from keyaccount.money import apportion, times
from keyaccount.periods import from_number, last_day, month_of
from keyaccount.policies import Policies


class _Group(NamedTuple):
    """What the credit is divided by (§3.2, the commission cell)."""

    month: int
    origin: int
    account_id: str
    vector: tuple[tuple[str, Fraction, Decimal], ...]


_TYPES = {2: "return", 3: "bad_debt", 4: "recovery", 5: "discount"}


@dataclass(frozen=True, slots=True)
class Clawback:
    """A reversal line's part for one salesperson, in fen: negative, a recovery positive."""

    adjustment_id: str
    type: str
    day: date
    origin: date
    account_id: str
    salesperson_id: str
    amount: int
    rate: Decimal
    commission: int
    from_pay: int = 0


class Clawbacks:
    """The reversal lines through a day, each divided among its salespeople (§3.3.3).

    A line's amount is divided by share and its commission rounded; in a cell that holds reversals only
    (an earlier origin month) the last line takes the rest, so that the lines add up to the cell.
    """

    def __init__(
        self, reversals: Reversals, credits: Credits, policies: Policies, rule: PriorYearRule, through: int
    ) -> None:
        """Divide the reversals dated on or before ``through`` (days since 1970-01-01)."""
        self._policies, self._rule = policies, rule
        self.lines: list[Clawback] = []
        self._cells: dict[CellKey, list[int]] = defaultdict(list)
        self._groups: dict[_Group, list[range]] = defaultdict(list)
        segments = credits.segments_of(reversals.account, reversals.origin).tolist()
        days, origins = reversals.date.tolist(), reversals.origin.tolist()
        for index in reversals.by_date.tolist():
            if days[index] <= through:
                credit = credits.segments[segments[index]]
                self._divide(reversals, index, credit, from_number(days[index]), from_number(origins[index]))
        for group, places in self._groups.items():
            if group.origin < group.month:
                self._rest_of_amounts(places, [share for _, share, _ in group.vector])
        for key, in_cell in self._cells.items():
            self._split(key, in_cell)

    def _divide(self, reversals: Reversals, index: int, credit: Credit, day: date, origin: date) -> None:
        if not credit.parts:
            return
        first = len(self.lines)
        shares = [part.share for part in credit.parts]
        for part, amount in zip(credit.parts, apportion(int(reversals.fen[index]), shares), strict=True):
            person, rate = part.salesperson_id, part.rate
            key = CellKey(month_of(day), month_of(origin), credit.account_id, person, rate)
            self._cells[key].append(len(self.lines))
            identifier = str(reversals.adjustment_id[index])
            kind = _TYPES[int(reversals.type[index])]
            commission = times(amount, rate)
            self.lines.append(
                Clawback(identifier, kind, day, origin, credit.account_id, person, amount, rate, commission)
            )
        group = _Group(month_of(day), month_of(origin), credit.account_id, credit.vector)
        self._groups[group].append(range(first, len(self.lines)))

    def _rest_of_amounts(self, places: Sequence[range], shares: Sequence[Fraction]) -> None:
        """The group's sum is what is divided: each person's last line takes the difference."""
        total = sum(self.lines[place].amount for line in places for place in line)
        for column, wanted in enumerate(apportion(total, shares)):
            found = sum(self.lines[line[column]].amount for line in places)
            last = places[-1][column]
            amount = self.lines[last].amount + wanted - found
            commission = times(amount, self.lines[last].rate)
            self.lines[last] = replace(self.lines[last], amount=amount, commission=commission)

    def _split(self, key: CellKey, places: Sequence[int]) -> None:
        """Let the last line take the cell's rest, then tell what pay and what withheld bears."""
        lines, last = self.lines, places[-1]
        if key.origin < key.month:
            whole = times(sum(lines[place].amount for place in places), key.rate)
            rest = whole - sum(lines[place].commission for place in places)
            lines[last] = replace(lines[last], commission=lines[last].commission + rest)
        if key.own_year:
            rate = self._policies.number("advance_rate", last_day(key.month))
            for place in places:
                lines[place] = replace(lines[place], from_pay=times(lines[place].commission, rate))
            return
        year, person = key.origin // 12, key.salesperson_id
        for place in places:
            from_pay = self._rule.amount(lines[place].commission, person, year)
            lines[place] = replace(lines[place], from_pay=from_pay)
        whole = self._rule.amount(sum(lines[place].commission for place in places), person, year)
        rest = whole - sum(lines[place].from_pay for place in places)
        lines[last] = replace(lines[last], from_pay=lines[last].from_pay + rest)
