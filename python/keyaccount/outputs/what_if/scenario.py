"""A scenario: changes of the plan by name, such as ``tiers.core=0.018`` or ``advance_rate=70%``.

Names: a policy's; ``tiers.`` and a tier; ``bands.`` and a score; ``weights.`` and a measure. A change holds
from its day on, ``name=value@2026-07-01``; without one from 1 January of the plan year: what earlier years
were paid by stays as it was.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from keyaccount import tables
from keyaccount.clauses.key_accounts import check_tiers
from keyaccount.clauses.scorecard import MEASURES, Scorecard
from keyaccount.money import number_text
from keyaccount.outputs.arithmetic import percent_text
from keyaccount.policies import POLICIES, Policies, check_policies
from keyaccount.problems import Listed, Problem, UsageError
from keyaccount.tables import WORDS, BandRow, Column, Inputs, PolicyRow, ScorecardRow, TierRow
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

NEAREST = 5


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its canonical name, its value as text, and its first day (``None``: the plan year's).

    ``threshold`` of a measure and ``rank`` of a tier come from a plan workbook.
    """

    name: str
    value: str
    start: date | None = None
    threshold: Decimal | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes under a name, all tried together; without a name it is called by its number."""

    name: str
    changes: tuple[Change, ...]


def parse_changes(text: str, name: str = "") -> Scenario:
    """Read ``tiers.core=0.018; advance_rate=0.7``; raises ``UsageError``. Names are looked up later."""
    parts = [part.strip() for part in text.replace("\uff1b", ";").split(";") if part.strip()]
    if not parts:
        raise UsageError("Nothing is changed.", "Name what to change, such as advance_rate=0.7.")
    return Scenario(name, tuple(map(parse_change, parts)))


def parse_change(text: str) -> Change:
    """Read ``name=value`` or ``name=value@2026-07-01``; raises ``UsageError`` where it is neither."""
    name, equals, value = text.replace("\uff1d", "=").partition("=")
    value, at, day = value.partition("@")
    if not equals or not name.strip():
        raise UsageError("{text} changes nothing.", "Write name=value, such as tiers.core=0.018.", text=text)
    try:
        start = date.fromisoformat(day.strip()) if at else None
    except ValueError:
        raise UsageError("{day} is no date.", "Write a date such as 2026-07-01.", day=day.strip()) from None
    return Change(name.strip(), value.strip(), start)


def known_names(inputs: Inputs) -> tuple[str, ...]:
    """Give every name that can be set: policies, tiers, bands and weights."""
    bands = {row.score_from for row in inputs.bands} or {
        score for score, _ in Scorecard((), ()).bands(date.max)
    }
    return (
        *POLICIES,
        *(f"tiers.{tier}" for tier in dict.fromkeys(row.tier for row in inputs.tiers)),
        *(f"bands.{number_text(score)}" for score in sorted(bands, reverse=True)),
        *(f"weights.{measure.replace(' ', '_')}" for measure in MEASURES),
    )


def canonical(change: Change, inputs: Inputs) -> Change:
    """Give a change with the plan's own name; raises ``UsageError`` with the nearest for an unknown one."""
    known = known_names(inputs)
    words = {
        chinese: word
        for kind in ("tier", "measure")
        for word, all_ in WORDS[kind].items()
        for chinese in all_
    }
    spoken = {policy.zh: policy.name for policy in POLICIES.values()}
    group, dot, rest = change.name.partition(".")
    name = spoken.get(change.name, change.name)
    if dot:
        rest = words.get(rest.strip(), rest.strip())
        name = f"{group.strip().lower()}.{rest.replace(' ', '_') if group == 'weights' else rest}"
    if name.startswith("bands."):
        name = f"bands.{_plain_number(name.removeprefix('bands.'))}"
    if name in known or (
        name.startswith("bands.") and name.removeprefix("bands.").replace(".", "").isdigit()
    ):
        return replace(change, name=name)
    nearest = difflib.get_close_matches(name, known, n=NEAREST, cutoff=0.5) or _of_group(group, known)
    raise UsageError(
        "{name} is no policy, tier, band or weight.",
        "Nearest: {nearest}.",
        name=change.name,
        nearest=Listed(nearest),
    )


def _plain_number(text: str) -> str:
    try:
        return number_text(Decimal(text))
    except ArithmeticError:
        return text


def _of_group(group: str, known: Sequence[str]) -> list[str]:
    return [name for name in known if name.startswith(f"{group}.")] or list(known)


Row = TypeVar("Row", PolicyRow, TierRow, BandRow, ScorecardRow)


def changed(inputs: Inputs, changes: Iterable[Change], year: int) -> Inputs:
    """Give the inputs with the changes made, each from its day on; the rows of that name from then on go.

    Raises ``UsageError`` for a name that there is not, or a value that it does not take, in the words of the
    workbook's own checks.
    """
    begins = date(year, 1, 1)
    dropped: set[tuple[str, date]] = set()
    for given in changes:
        change = canonical(given, inputs)
        start = change.start or begins
        first = not any(name == change.name for name, _ in dropped)
        dropped.add((change.name, start))
        inputs = _made(inputs, change, start, keep_later=not first)
    return inputs


def _made(inputs: Inputs, change: Change, start: date, *, keep_later: bool) -> Inputs:
    group, _, rest = change.name.partition(".")
    match group:
        case "tiers":
            tier = TierRow(0, rest, _number(tables.TIERS.column("rate"), change), start, change.rank)
            others = _without(inputs.tiers, lambda row: row.tier == rest, start, keep_later=keep_later)
            return _checked(replace(inputs, tiers=(*others, tier)), check_tiers([tier]))
        case "bands":
            band = BandRow(0, Decimal(rest), _number(tables.BANDS.column("coefficient"), change), start)
            known = inputs.bands or _shipped_bands()
            kept = _without(
                known, lambda row: row.score_from == band.score_from, start, keep_later=keep_later
            )
            return replace(inputs, bands=(*kept, band))
        case "weights":
            measure = rest.replace("_", " ")
            weight = _number(tables.SCORECARD.column("weight"), change)
            rule = Scorecard(inputs.scorecard, ()).rules(start)[measure]
            threshold = rule.threshold if change.threshold is None else change.threshold
            row = ScorecardRow(0, measure, weight, threshold, start)
            rows = _without(
                inputs.scorecard, lambda each: each.measure == measure, start, keep_later=keep_later
            )
            return replace(inputs, scorecard=(*rows, row))
        case _:
            value = "" if POLICIES[group].free and not change.value else _setting(change)
            policy = PolicyRow(0, group, value, start)
            left = _without(inputs.policies, lambda row: row.policy == group, start, keep_later=keep_later)
            return _checked(replace(inputs, policies=(*left, policy)), check_policies([policy]))


def _without(rows: tuple[Row, ...], same: object, start: date, *, keep_later: bool) -> list[Row]:
    """Leave out the rows of the same name that begin on or after the day."""
    assert callable(same)  # noqa: S101 a predicate
    return [
        row
        for row in rows
        if not same(row)
        or (row.effective_from or date.min) < start
        or (keep_later and (row.effective_from or date.min) != start)
    ]


def _shipped_bands() -> tuple[BandRow, ...]:
    return tuple(BandRow(0, score, coefficient) for score, coefficient in Scorecard((), ()).bands(date.max))


def _number(column: Column, change: Change) -> Decimal:
    value = _parsed(column, change)
    assert isinstance(value, Decimal)  # noqa: S101 what the column's kind gives
    return value


def _setting(change: Change) -> str:
    return str(_parsed(tables.POLICIES.column("value"), change))


def _parsed(column: Column, change: Change) -> object:
    """Read a value as a cell of the column would be read; raises ``UsageError`` with the cell's remedy."""
    try:
        value = parse(column, Cell("text", change.value, dated=False), date1904=False)
    except Fault as fault:
        details = {"header": change.name, **fault.details}
        raise UsageError(fault.problem, fault.remedy, **details) from None
    if value is None:
        raise UsageError(
            "{name} has no value.", "Write name=value, such as tiers.core=0.018.", name=change.name
        )
    return value


def _checked(inputs: Inputs, problems: Iterable[Problem]) -> Inputs:
    for problem in problems:
        raise UsageError(problem.problem, problem.remedy, **problem.details)
    return inputs


def value_on(inputs: Inputs, name: str, day: date) -> str:
    """Give what a name is set to on a day, as text: rates as percentages."""
    group, _, rest = name.partition(".")
    match group:
        case "tiers":
            found = [
                row for row in inputs.tiers if row.tier == rest and (row.effective_from or date.min) <= day
            ]
            latest = max(found, key=lambda row: row.effective_from or date.min, default=None)
            return percent_text(latest.rate) if latest else "–"
        case "bands":
            bands = dict(Scorecard((), inputs.bands).bands(day))
            return number_text(bands[Decimal(rest)]) if Decimal(rest) in bands else "–"
        case "weights":
            return number_text(Scorecard(inputs.scorecard, ()).rules(day)[rest.replace("_", " ")].weight)
        case _:
            return Policies(inputs.policies).word(group, day) or "–"
