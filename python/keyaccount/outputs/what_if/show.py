"""A comparison as tables that are printed (rich)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table as Printed
from rich.text import Text

from keyaccount.money import number_text, shown_number, yuan_grouped
from keyaccount.outputs.what_if.comparison import Table

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    from rich.console import RenderableType

    from keyaccount.outputs.what_if.comparison import Comparison

LONGEST_HEADER = 20
"""Longer names of scenarios are wrapped."""


def shown(comparison: Comparison) -> list[RenderableType]:
    """Give what is printed, one part under the other."""
    parts: list[RenderableType] = [Text(comparison.title, style="bold"), *map(Text, comparison.notes)]
    parts.append(_changes(comparison))
    tables = [comparison.totals(), *comparison.people(), comparison.tiers(), comparison.accounts()]
    for place, table in enumerate(tables):
        if place == 0 or any(any(amounts) for _, amounts in table.rows):
            parts.append(_amounts(comparison, table, totalled=place > 0))
    if comparison.scores():
        parts.append(_scores(comparison))
    return parts


def _empty(title: str) -> Printed:
    return Printed(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)


def _changes(comparison: Comparison) -> Printed:
    table = _empty(comparison.localised("What is changed"))
    for header in ("Scenario", "Name", "Today", "Changed", "From"):
        table.add_column(_header(comparison, header), overflow="fold")
    for scenario, change in comparison.changes():
        table.add_row(
            *map(Text, (scenario, change.name, change.before, change.after, change.start.isoformat()))
        )
    return table


def _header(comparison: Comparison, word: str) -> str:
    return {
        "Scenario": comparison.localised("Scenario"),
        "Name": comparison.localised("Name in the plan"),
        "Today": comparison.localised("Today"),
        "Changed": comparison.localised("Changed to"),
        "From": comparison.localised("From"),
    }[word]


def _amounts(comparison: Comparison, table: Table, *, totalled: bool) -> Printed:
    printed = _empty(table.title)
    printed.add_column(table.label, overflow="fold")
    for header in comparison.headers():
        printed.add_column(header, justify="right", no_wrap=len(header) <= LONGEST_HEADER)
    for label, amounts in table.rows:
        printed.add_row(Text(label), *_cells(amounts))
    if totalled and table.rows:
        printed.add_section()
        printed.add_row(Text(comparison.localised("Total")), *_cells(table.totals), style="bold")
    return printed


def _cells(amounts: tuple[int, ...]) -> list[Text]:
    today, *others = amounts
    cells = [_amount(today)]
    for amount in others:
        cells += [_amount(amount), _difference(amount - today)]
    return cells


def _amount(fen: int) -> Text:
    return Text(yuan_grouped(fen), style="red" if fen < 0 else "")


def _difference(fen: int) -> Text:
    return Text(
        f"{'+' if fen > 0 else ''}{yuan_grouped(fen)}", style="red" if fen < 0 else "green" if fen else "dim"
    )


def _scores(comparison: Comparison) -> Printed:
    table = _empty(comparison.localised("Maintenance score and the coefficient that it proposes"))
    table.add_column(comparison.localised("Salesperson"))
    for plan in comparison.plans:
        table.add_column(comparison.plan_name(plan), justify="right")
    for person, scores in comparison.scores():
        table.add_row(Text(person), *(Text(score_text(*each)) for each in scores))
    return table


def score_text(score: Fraction | None, proposed: Decimal | None) -> str:
    """Write a score and the coefficient that it proposes."""
    if score is None:
        return "–"
    return f"{number_text(shown_number(score))} → {number_text(proposed) if proposed is not None else '–'}"
