"""Rows that decide about money and name nobody who approved them (§Controls): one warning a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from keyaccount import tables
from keyaccount.policies import POLICIES
from keyaccount.problems import HeaderName, Problem, warning
from keyaccount.tables import Column, Table
from keyaccount.workbook.bigtables import BigTable
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.records import SmallTable
from keyaccount.workbook.shipped import TIERS

_APPROVED = tuple(table for table in tables.INPUT_TABLES if set(tables.APPROVAL) <= set(table.columns))

_TIERS = {(tier, Decimal(rate)) for tier, rate in TIERS}


def unapproved(
    found: Mapping[str, FoundTable], small: Mapping[str, SmallTable], big: Mapping[str, BigTable]
) -> Iterator[Problem]:
    """Warn of rows without Approved By or Document No., on the sheets that have these columns.

    Of Adjustments bad debts only. Policies and tier rates as shipped are the written plan's own.
    """
    for table in _APPROVED:
        place = found.get(table.name)
        columns = [] if place is None else [c for c in tables.APPROVAL if c.field in place.columns]
        if not columns:
            continue
        yield from rows_lacking(table, columns, [*_rows(table.name, small, big)])


def rows_lacking(
    table: Table, columns: Sequence[Column], rows: Sequence[tuple[int, Mapping[str, object]]]
) -> Iterator[Problem]:
    """Warn once of the rows that leave one of these columns blank."""
    lacking = {column.en: [row for row, values in rows if not values[column.field]] for column in columns}
    header = next((en for en, found in lacking.items() if found), "")
    if header:
        yield warning(
            table.name,
            lacking[header][0],
            header,
            "",
            "Rows without Approved By or Document No.: {count}.",
            "Enter who approved them and the paper's number; without them the run goes on.",
            count=len({row for found in lacking.values() for row in found}),
            header=HeaderName(header),
        )


def _rows(
    name: str, small: Mapping[str, SmallTable], big: Mapping[str, BigTable]
) -> Iterator[tuple[int, Mapping[str, object]]]:
    if name in small:
        for row, values in small[name].rows:
            if not _shipped(name, values):
                yield row, values
        return
    columns = big[name].columns
    kinds, rows = columns["type"].tolist(), big[name].rows.tolist()
    fields = [column.field for column in tables.APPROVAL]
    for index in (index for index, kind in enumerate(kinds) if kind == "bad_debt"):
        yield rows[index], {field: columns[field][index] for field in fields}


def _shipped(name: str, values: Mapping[str, object]) -> bool:
    if values.get("effective_from") is not None:
        return False
    if name == tables.TIERS.name:
        return (values["tier"], values["rate"]) in _TIERS
    policy = POLICIES.get(str(values["policy"])) if name == tables.POLICIES.name else None
    return policy is not None and policy.shipped == values["value"]
