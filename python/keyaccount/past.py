"""Past runs, as their payment entries keep them: their figures never move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import PAYMENTS, Entry
from keyaccount.periods import Period


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as its payment entry keeps it: figures, what was paid before it, and in its Period."""

    period: Period
    figures: Figures
    paid_before: int
    run: int

    @property
    def last_columns(self) -> tuple[int, ...]:
        """Earned and due to date, paid before, paid, withheld, carried: what they end with."""
        now = self.figures
        return (now.earned, now.due, self.paid_before, now.paid, now.withheld, now.carried)


def past_runs(ledger: Sequence[Entry], kind: str) -> list[PastRun]:
    """Rebuild the runs of a payment kind from the ledger: the latest figures of period and person."""
    paid: dict[tuple[str, int], int] = defaultdict(int)
    found: dict[tuple[Period, str], tuple[Entry, int]] = {}
    in_period: dict[tuple[Period, str], int] = defaultdict(int)
    for entry in ledger:
        if entry.kind not in PAYMENTS:
            continue
        key = (Period.parse(entry.period), entry.salesperson_id)
        paid[entry.salesperson_id, entry.year] += entry.amount
        in_period[key] += entry.amount
        if entry.kind == kind and entry.marks_run:
            before = paid[entry.salesperson_id, entry.year] - in_period[key]
            found[key] = (entry, before)
    return [
        PastRun(period, Figures.kept(entry, in_period[period, person]), before, entry.run)
        for (period, person), (entry, before) in sorted(found.items(), key=lambda item: item[0])
    ]
