"""§4, §5: the eight measures (Scorecard), and the coefficients that a score proposes (Bands); both dated.

A row holds from its Effective From on (blank: always); 31 December of the year decides. A measure without a
row in force has its shipped weight and threshold; without any band in force the shipped bands hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from keyaccount.clauses.rows import repeated
from keyaccount.money import number_text
from keyaccount.policies import ALWAYS, Policies
from keyaccount.problems import Listed, MeasureName, Problem, error, warning
from keyaccount.tables import BandRow, ScorecardRow

ALL_POINTS = 100


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the eight measures: its clause, and its shipped weight and threshold (``""``: takes none)."""

    name: str
    clause: str
    weight: str
    threshold: str = ""


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("profile", "§4.1.1 §5.1", "15", "180"),
        Measure("monthly review", "§4.1.2 §5.1", "20"),
        Measure("response", "§4.2.3 §5.2", "15", "24"),
        Measure("resolution", "§5.2", "10", "7"),
        Measure("events", "§4.1.3 §5.1", "10", "2"),
        Measure("feedback", "§4.2.2 §5.2", "15"),
        Measure("service", "§4.2.1 §5.2", "10", "2"),
        Measure("expansion", "§4.3", "5", "1"),
    )
}
"""The measures in the plan's order; thresholds: days, hours, days, and times a year."""
SHIPPED_BANDS = (("90", "1.05"), ("75", "1.00"), ("60", "0.95"), ("0", "0.90"))
"""Score from, and the coefficient that it proposes."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A measure's weight and threshold on a day; ``row`` 0: as shipped."""

    weight: Decimal
    threshold: Decimal
    row: int = 0


class Scorecard:
    """The weights, thresholds and bands of a workbook, asked by day."""

    def __init__(self, rows: Sequence[ScorecardRow], bands: Sequence[BandRow]) -> None:
        """Sort both by day: a later row of a measure, or of a score, takes the earlier one's place."""
        self._rows = sorted(rows, key=lambda row: row.effective_from or ALWAYS)
        self._bands = sorted(bands, key=lambda row: row.effective_from or ALWAYS)

    def rules(self, day: date) -> dict[str, Rule]:
        """Give each measure's rule on a day, in the plan's order."""
        rules = {m.name: Rule(Decimal(m.weight), Decimal(m.threshold or 0)) for m in MEASURES.values()}
        for row in self._rows:
            if (row.effective_from or ALWAYS) <= day and row.measure in rules:
                shipped = Decimal(MEASURES[row.measure].threshold or 0)
                threshold = shipped if row.threshold is None else row.threshold
                rules[row.measure] = Rule(row.weight, threshold, row.row)
        return rules

    def bands(self, day: date) -> list[tuple[Decimal, Decimal]]:
        """Give the bands on a day: score from (highest first) and coefficient."""
        in_force = [row for row in self._bands if (row.effective_from or ALWAYS) <= day]
        bands = {row.score_from: row.coefficient for row in in_force}
        shipped = {Decimal(score): Decimal(coefficient) for score, coefficient in SHIPPED_BANDS}
        return sorted((bands or shipped).items(), reverse=True)

    def proposed(self, score: Fraction, day: date) -> Decimal | None:
        """Give the coefficient that a score proposes (§3.3.4); the exact score is looked at.

        ``None`` below the lowest band. A proposal pays nothing.
        """
        return next((coefficient for score_from, coefficient in self.bands(day) if score >= score_from), None)


def check_scorecard(
    rows: Sequence[ScorecardRow], bands: Sequence[BandRow], policies: Policies
) -> list[Problem]:
    """List weights that do not add up to 100, impossible numbers, two rows of one day, useless bands."""
    return [
        *repeated(
            "Scorecard",
            "Measure",
            ((r.row, (r.measure, r.effective_from), MeasureName(r.measure)) for r in rows),
            "{key} has two weights from the same day (also in row {first}).",
            "Delete one of the rows or give it another Effective From.",
        ),
        *(problem for row in rows for problem in _negative(row)),
        *_sums(rows),
        *repeated(
            "Bands",
            "Score From",
            ((r.row, (r.score_from, r.effective_from), number_text(r.score_from)) for r in bands),
            "The score {key} has two coefficients from the same day (also in row {first}).",
            "Delete one of the rows or give it another Effective From.",
        ),
        *(problem for row in bands for problem in _band(row, policies)),
    ]


def _negative(row: ScorecardRow) -> Iterator[Problem]:
    for header, value in (("Weight", row.weight), ("Threshold", row.threshold)):
        if value is not None and value < 0:
            yield error(
                "Scorecard",
                row.row,
                header,
                number_text(value),
                "{value} is below 0.",
                "Enter 0 or more; a measure with the weight 0 does not count.",
                value=number_text(value),
            )


def _sums(rows: Sequence[ScorecardRow]) -> Iterator[Problem]:
    """The weights of a year must add up to 100; those of measures without a row count as shipped (§4)."""
    scorecard = Scorecard(rows, ())
    days = sorted({date((row.effective_from or ALWAYS).year, 12, 31) for row in rows})
    for day in days:
        rules = scorecard.rules(day)
        total = sum((rule.weight for rule in rules.values()), Decimal(0))
        if total == ALL_POINTS:
            continue
        own = [rule for rule in rules.values() if rule.row]
        shipped = [name for name, rule in rules.items() if not rule.row and rule.weight]
        blamed = max(own, key=lambda rule: rule.row)
        if shipped:
            yield error(
                "Scorecard",
                blamed.row,
                "Weight",
                number_text(blamed.weight),
                "The weights add up to {total}, not to 100.",
                "Correct the weights. Measures without a row have their shipped weight ({shipped}): give "
                "them a row with the weight 0 if they shall not count.",
                total=number_text(total),
                shipped=Listed(map(MeasureName, shipped)),
            )
        else:
            yield error(
                "Scorecard",
                blamed.row,
                "Weight",
                number_text(blamed.weight),
                "The weights add up to {total}, not to 100.",
                "Correct the weights of sheet Scorecard.",
                total=number_text(total),
            )


def _band(row: BandRow, policies: Policies) -> Iterator[Problem]:
    if not 0 <= row.score_from <= ALL_POINTS:
        yield error(
            "Bands",
            row.row,
            "Score From",
            number_text(row.score_from),
            "A score lies between 0 and 100; {score} does not.",
            "Correct the score.",
            score=number_text(row.score_from),
        )
    day = row.effective_from or date.max
    low, high = policies.number("coefficient_min", day), policies.number("coefficient_max", day)
    if not low <= row.coefficient <= high:
        yield warning(
            "Bands",
            row.row,
            "Coefficient",
            number_text(row.coefficient),
            "The band proposes {coefficient}, a coefficient that nobody may approve: it is outside "
            "{low}–{high}.",
            "Correct it, or change policies coefficient_min and coefficient_max.",
            coefficient=number_text(row.coefficient),
            low=low,
            high=high,
        )
