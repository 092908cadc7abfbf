"""The commission cell: where rounding happens (§3.2)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from tests.reference.lines import Line
from tests.reference.plan import Plan, Vector
from tests.reference.rows import month_of, times


@dataclass(frozen=True)
class Key:
    """What makes a cell: month, origin month, account, salesperson, rate."""

    month: int
    origin: int
    account: str
    person: str
    rate: Fraction

    @property
    def own_year(self) -> bool:
        """Whether the origin lies in the month's own calendar year."""
        return self.origin // 12 == self.month // 12

    @property
    def order(self) -> tuple[int, int, str, str, Fraction]:
        """The ledger's order: Month, Origin Month, Account, Salesperson, Rate."""
        return (self.month, self.origin, self.account, self.person, self.rate)


def divide(fen: int, vector: Vector) -> dict[str, int]:
    """Divide fen by share: largest remainder, magnitude first, ties to the smaller ID."""
    if len(vector) == 1:
        return {vector[0][0]: fen}
    exact = {person: abs(fen) * share for person, share, _ in vector}
    parts = {person: int(amount // 1) for person, amount in exact.items()}
    waiting = sorted(exact, key=lambda person: (parts[person] - exact[person], person))
    for person in waiting[: abs(fen) - sum(parts.values())]:
        parts[person] += 1
    return parts if fen >= 0 else {person: -part for person, part in parts.items()}


def cells_of(lines: list[Line], plan: Plan) -> dict[Key, int]:
    """Group the lines by month, origin month, account and vector, divide, and add up the credited net."""
    groups: dict[tuple[int, int, str], dict[Vector, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        vector = plan.vector(line.account, line.origin)
        if vector:
            groups[line.month, month_of(line.origin), line.account][vector] += line.fen
    cells: dict[Key, int] = defaultdict(int)
    for (month, origin, account), nets in groups.items():
        for vector, fen in nets.items():
            parts = divide(fen, vector)
            for person, _, rate in vector:
                cells[Key(month, origin, account, person, rate)] += parts[person]
    return dict(cells)


def commission(net: int, rate: Fraction) -> int:
    """Commission of a cell: round(credited net × rate)."""
    return times(net, rate)
