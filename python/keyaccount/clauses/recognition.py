"""§3.4.3: who is proposed for recognition by maintenance score and policies, and in which rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from keyaccount.clauses.maintenance import PersonScore
from keyaccount.policies import Policies


@dataclass(frozen=True, slots=True)
class Standing:
    """A salesperson's year beside the target: credited net sales and target, in fen (``None``: no target)."""

    net_sales: int
    target: int | None

    @property
    def met(self) -> bool:
        """Whether the target was met; without a target it was not."""
        return self.target is not None and self.net_sales >= self.target

    @property
    def attainment(self) -> Fraction | None:
        """Net sales ÷ target; ``None`` without a target, or with one of 0."""
        return Fraction(self.net_sales, self.target) if self.target else None


@dataclass(frozen=True, slots=True)
class Recognised:
    """One who is proposed for recognition; equal score and attainment share a rank."""

    salesperson_id: str
    rank: int
    score: Fraction
    standing: Standing


def recognised(
    scores: Mapping[str, PersonScore], standings: Mapping[str, Standing], policies: Policies, year: int
) -> list[Recognised]:
    """List who is proposed for recognition of a year, ranked by score, then by attainment (§3.4.3).

    The score must be at least policy ``recognition_score``; with ``recognition_needs_target`` = ``yes`` the
    target must be met too. Both as of 31 December.
    """
    day = date(year, 12, 31)
    least = Fraction(policies.number("recognition_score", day))
    needs_target = policies.word("recognition_needs_target", day) == "yes"
    keys = {
        person: (-score.score, -_attainment(standings[person]))
        for person, score in scores.items()
        if score.score is not None and score.score >= least and (standings[person].met or not needs_target)
    }
    ranked = sorted(keys, key=lambda person: (keys[person], person))
    places = sorted(keys.values())
    return [
        Recognised(person, places.index(keys[person]) + 1, -keys[person][0], standings[person])
        for person in ranked
    ]


def _attainment(standing: Standing) -> Fraction:
    """Give what ranks those of one score; who has no target comes last."""
    return Fraction(-1) if standing.attainment is None else standing.attainment
