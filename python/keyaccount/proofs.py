"""Proofs over the ledger alone: the chain is whole, and every run's figures follow from its entries.

Conservation (plan, "What the figures of a run mean"): what was earned is paid, withheld or carried.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import PAYMENTS, Entry, first_break
from keyaccount.money import yuan


@dataclass(frozen=True, slots=True)
class Disproof:
    """An entry (its place in the ledger) whose value is not what the other entries make it."""

    index: int
    column: str
    expected: str
    found: str


def disprove(ledger: Sequence[Entry]) -> list[Disproof]:
    """Find the first broken link of the chain, and every run whose figures its entries do not bear out."""
    found = list(_unbalanced(ledger))
    if broken := first_break(ledger):
        index, column, expected = broken
        value = {"Entry": ledger[index].entry, "Run": ledger[index].run, "Digest": ledger[index].digest}
        found.insert(0, Disproof(index, column, expected, str(value[column])))
    return found


def _unbalanced(ledger: Sequence[Entry]) -> Iterator[Disproof]:
    sums: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for index, entry in enumerate(ledger):
        own = sums[entry.salesperson_id, entry.year]
        own["paid" if entry.kind in PAYMENTS else entry.kind] += entry.amount
        if entry.marks_run:
            for name, expected, value in _equations(entry, own):
                if expected != value:
                    yield Disproof(index, "Reference", f"{name}={yuan(expected)}", f"{name}={yuan(value)}")


def _equations(entry: Entry, own: dict[str, int]) -> Iterator[tuple[str, int, int]]:
    """Give (figure, what the entries make it, what the entry keeps)."""
    try:
        kept = Figures.kept(entry, entry.amount)
    except (KeyError, ValueError):
        yield "E", 0, -1  # unreadable: no figure can be right
        return
    yield "opening", own["opening_balance"], kept.opening
    if entry.kind == "year_end_payment":
        yield "E", own["commission"] + own["correction"], kept.earned
        yield "P", own["prior_year"], kept.prior
        extra = own["adjustment"] + own["target_bonus"]
        yield "due", kept.earned + extra + kept.prior + kept.opening, kept.due
        yield "withheld", 0, kept.withheld
        yield "carried", kept.due - own["paid"], kept.carried
        return
    yield "carried", min(0, kept.due - own["paid"]), kept.carried
    rest = kept.earned + kept.prior + kept.opening - own["paid"] - kept.carried
    yield "withheld", rest, kept.withheld
