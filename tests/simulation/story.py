"""A step in sentences with amounts: which rows changed, what was booked; so that a person can do it again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from keyaccount.ledger import Entry
from keyaccount.money import yuan
from tests.company import TABLES
from tests.simulation.looking import changed_rows
from tests.simulation.world import State

MONEY = {"gross", "discount", "amount", "target", "net_sales"}


def told(number: int, said: Sequence[str], before: State, after: State) -> Iterator[str]:
    """Tell a step."""
    yield f"{number}. {'; '.join(said)}"
    for table in TABLES:
        old = getattr(before.made, table)
        for row in changed_rows(before.made, after.made, table):
            sign = "−" if any(row is each for each in old) else "+"
            yield f"     {sign} {table}: {written(row)}"
    known = {entry.digest for entry in before.ledger}
    for entry in after.ledger:
        if entry.digest not in known:
            yield f"     books {booked(entry)}"


def written(row: Any) -> str:  # noqa: ANN401 a row of any table
    """Write a row without its blanks, amounts in yuan."""
    values = {each.name: getattr(row, each.name) for each in fields(row) if each.name != "row"}
    return ", ".join(f"{name} {_value(name, value)}" for name, value in values.items() if value not in BLANK)


BLANK = ("", None, ())


def _value(name: str, value: object) -> str:
    if name in MONEY and isinstance(value, int):
        return yuan(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def booked(entry: Entry) -> str:
    """Write an entry as the cases of the plan do."""
    where = f" {entry.account_id} {entry.month} of {entry.origin_month}" if entry.account_id else ""
    net = f" net {yuan(entry.net_sales)} at {entry.rate}" if entry.net_sales is not None else ""
    return f"{entry.kind} {entry.salesperson_id} {entry.period}{where}{net} = {yuan(entry.amount)}"
