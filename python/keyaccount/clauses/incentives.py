"""§3.4: the target bonus of the year and the uplift for new and upgraded key accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keyaccount.clauses.key_accounts import TierChange
from keyaccount.money import times, to_cell_precision
from keyaccount.periods import add_months
from keyaccount.policies import Policies


@dataclass(frozen=True, slots=True)
class Uplift:
    """An open uplift window [start, end): points added for the salespeople credited (§3.4.2)."""

    start: date
    end: date
    points: Decimal
    salespeople: frozenset[str]
    event: str
    row: int


def uplifts(
    history: Sequence[TierChange], assigned_on: Mapping[date, frozenset[str]], policies: Policies
) -> tuple[Uplift, ...]:
    """Give an account's uplift windows (§3.4.2).

    A window runs from the event for ``uplift_months``; a later downgrade or the end of the tier ends
    it on its date. It is for the salespeople named in Credited To, else for those assigned that day.
    """
    windows: list[Uplift] = []
    for index, change in enumerate(history):
        if change.event not in {"new", "upgrade"}:
            continue
        months = policies.whole("uplift_months", change.day)
        ends = [later.day for later in history[index:] if later.event in {"downgrade", "end"}]
        end = min([add_months(change.day, months), *ends])
        credited = frozenset(change.credited_to) or assigned_on[change.day]
        points = policies.number("uplift_points", change.day)
        if end > change.day:
            windows.append(Uplift(change.day, end, points, credited, change.event, change.row))
    return tuple(windows)


def uplift_points(windows: Sequence[Uplift], salesperson_id: str, day: date) -> Decimal:
    """Give the points that raise a salesperson's rate on a day: the largest of the open windows."""
    return max(
        (w.points for w in windows if w.start <= day < w.end and salesperson_id in w.salespeople),
        default=Decimal(0),
    )


def raised(tier_rate: Decimal, points: Decimal) -> Decimal:
    """Raise a tier's rate by the points of an uplift (§3.4.2), at the precision of a cell."""
    return to_cell_precision(tier_rate + points)


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What the target bonus looks at: a salesperson's year, amounts in fen."""

    net_sales: int
    target: int | None
    commission: int
    final: int
    paid: int
    left: date | None


def target_bonus(figures: YearFigures, year: int, policies: Policies) -> int | None:
    """Give the target bonus in fen, ``None`` where it is not earned (§3.4.1).

    Earned when the credited net sales of the year reach the target; policy ``leaver_bonus`` = ``none``
    asks for employment through 31 December. The rate and base are those of 31 December.
    """
    day = date(year, 12, 31)
    if figures.left is not None and figures.left < day and policies.word("leaver_bonus", day) == "none":
        return None
    base = {
        "final_commission": figures.final,
        "commission": figures.commission,
        "year_end_payment": max(0, figures.final - figures.paid),
    }[policies.word("target_bonus_base", day)]
    return bonus_of(figures.net_sales, figures.target, base, policies.number("target_bonus_rate", day))


def bonus_of(net_sales: int, target: int | None, base: int, rate: Decimal) -> int | None:
    """Give max(0, round(base × rate)) where the net sales reach a target, else ``None`` (§3.4.1)."""
    if target is None or net_sales < target:
        return None
    return max(0, times(base, rate))
