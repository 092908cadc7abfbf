"""§3.3.3: each reversal with its origin, rate, the commission reversed and the part that had been paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from keyaccount.clauses.net_sales import Reversals, months_of
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import Credit, Credits, Part
from keyaccount.ledger import CellKey
from keyaccount.money import apportion, times
from keyaccount.periods import from_number, last_day
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
    from_pay: int


@dataclass(slots=True)
class _Share:
    """A part while it may still take a rest: of which reversal and whom, then the figures in fen."""

    reversal: int
    account_id: str
    part: Part
    amount: int
    commission: int
    from_pay: int = 0


class _Places(NamedTuple):
    """Where the shares of one month, origin month and credit go: their group, and a cell for each part."""

    group: list[list[_Share]]
    cells: list[list[_Share]]


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
        self._cells: dict[CellKey, list[_Share]] = defaultdict(list)
        self._groups: dict[_Group, list[list[_Share]]] = defaultdict(list)
        order = reversals.by_date
        order = order[reversals.date[order] <= through]
        shares = self._divide(reversals, credits, order.tolist())
        for group, divided in self._groups.items():
            if group.origin < group.month:
                _rest_of_amounts(divided, [share for _, share, _ in group.vector])
        for key, in_cell in self._cells.items():
            self._split(key, in_cell)
        self.lines = list(_lines(reversals, shares))

    def _divide(self, reversals: Reversals, credits: Credits, order: Sequence[int]) -> list[_Share]:
        """Divide each reversal's amount among the credit's parts, in this order."""
        segments = credits.segments_of(reversals.account, reversals.origin).tolist()
        months, origins = months_of(reversals.date).tolist(), months_of(reversals.origin).tolist()
        fen = reversals.fen.tolist()
        known: dict[tuple[int, int, int], _Places] = {}
        shares: list[_Share] = []
        for index in order:
            place = months[index], origins[index], segments[index]
            credit = credits.segments[place[2]]
            if not credit.parts:
                continue
            if place not in known:
                known[place] = self._places(place[0], place[1], credit)
            amounts = apportion(fen[index], [part.share for part in credit.parts])
            divided = [
                _Share(index, credit.account_id, part, amount, times(amount, part.rate))
                for part, amount in zip(credit.parts, amounts, strict=True)
            ]
            known[place].group.append(divided)
            for cell, share in zip(known[place].cells, divided, strict=True):
                cell.append(share)
            shares += divided
        return shares

    def _places(self, month: int, origin: int, credit: Credit) -> _Places:
        group = _Group(month, origin, credit.account_id, credit.vector)
        keys = (
            CellKey(month, origin, credit.account_id, part.salesperson_id, part.rate) for part in credit.parts
        )
        return _Places(self._groups[group], [self._cells[key] for key in keys])

    def _split(self, key: CellKey, shares: Sequence[_Share]) -> None:
        """Let the last line take the cell's rest, then tell what pay and what withheld bears."""
        if key.origin < key.month:
            whole = times(sum(share.amount for share in shares), key.rate)
            shares[-1].commission += whole - sum(share.commission for share in shares)
        if key.own_year:
            rate = self._policies.number("advance_rate", last_day(key.month))
            for share in shares:
                share.from_pay = times(share.commission, rate)
            return
        year, person = key.origin // 12, key.salesperson_id
        for share in shares:
            share.from_pay = self._rule.amount(share.commission, person, year)
        whole = self._rule.amount(sum(share.commission for share in shares), person, year)
        shares[-1].from_pay += whole - sum(share.from_pay for share in shares)


def _rest_of_amounts(divided: Sequence[Sequence[_Share]], wanted: Sequence[Fraction]) -> None:
    """The group's sum is what is divided: each person's last line takes the difference."""
    total = sum(share.amount for line in divided for share in line)
    for column, amount in enumerate(apportion(total, wanted)):
        last = divided[-1][column]
        last.amount += amount - sum(line[column].amount for line in divided)
        last.commission = times(last.amount, last.part.rate)


def _lines(reversals: Reversals, shares: Sequence[_Share]) -> Iterator[Clawback]:
    identifiers, types = reversals.adjustment_id.tolist(), reversals.type.tolist()
    days, origins = reversals.date.tolist(), reversals.origin.tolist()
    day_of = {number: from_number(number) for number in {*days, *origins}}
    for share in shares:
        index, part = share.reversal, share.part
        yield Clawback(
            str(identifiers[index]),
            _TYPES[types[index]],
            day_of[days[index]],
            day_of[origins[index]],
            share.account_id,
            part.salesperson_id,
            share.amount,
            part.rate,
            share.commission,
            share.from_pay,
        )
