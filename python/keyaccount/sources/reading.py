"""Puts what the policies ``sales_source`` and ``adjustments_source`` name in the place of the sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from keyaccount import tables
from keyaccount.clauses.big_tables import known_accounts
from keyaccount.periods import from_number, last_day, month_of, month_text, to_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem, error
from keyaccount.sources.engines import open_source
from keyaccount.sources.named import Named, named
from keyaccount.sources.sales import SalesOf
from keyaccount.sources.table import SourceTable
from keyaccount.tables import ReadBook, SalesColumns, Table

SOURCES = {tables.SALES.name: "sales_source", tables.ADJUSTMENTS.name: "adjustments_source"}
"""The policy that names where a table's rows come from."""


def with_sources(read: ReadBook, folder: Path) -> ReadBook:
    """Give what was read with the sources' rows in the sheets' place; without such a policy, as it is.

    Raises ``FileProblem`` where a source is missing, unreachable, or lacks a column.
    """
    policies = Policies(read.inputs.policies)
    sales = _named(read, policies, tables.SALES, len(read.inputs.sales), folder)
    if isinstance(sales, Problem):
        return replace(read, problems=[*read.problems, sales])
    return read if sales is None else _with_sales(read, sales)


def _named(
    read: ReadBook, policies: Policies, table: Table, rows: int, folder: Path
) -> Named | Problem | None:
    policy = SOURCES[table.name]
    value = policies.word(policy, date.max)
    if not value:
        return None
    if rows:
        place = next((row.row for row in read.inputs.policies if row.policy == policy), 0)
        return error(
            tables.POLICIES.name,
            place,
            "Value",
            value,
            "{policy} names {source}, but its sheet holds rows ({count}): which of them count is unclear.",
            "Empty the sheet, or blank the policy.",
            policy=policy,
            source=named(value, folder).shown,
            count=rows,
        )
    return named(value, folder)


def _with_sales(read: ReadBook, where: Named) -> ReadBook:
    """Put the source's sales in the sheet's place."""
    source = SourceTable(open_source(where), tables.SALES)
    asked = SalesOf(source, known_accounts(read.inputs))
    wanted = set(read.inputs.adjustments.sale_id.tolist()) - {""}
    sales, problems = asked.columns(wanted)
    located = replace(read.located[tables.SALES.name], places=source.places.shown, source=where.shown)
    return replace(
        read,
        inputs=replace(read.inputs, sales=sales, sales_behind=asked.of_month),
        problems=[*read.problems, *problems],
        located={**read.located, tables.SALES.name: located},
        columns={**read.columns, tables.SALES.name: _recorded(sales)},
        input_digest=_digest(read.input_digest, sales),
    )


def _recorded(sales: SalesColumns) -> Mapping[str, Any]:
    """Give what is recorded of sales from elsewhere: sums by account and month, under that name."""
    sums: dict[tuple[str, int], list[int]] = {}
    days = map(month_of, map(from_number, sales.date.tolist()))
    for account, month, gross, discount in zip(
        sales.account_id.tolist(), days, sales.gross.tolist(), sales.discount.tolist(), strict=True
    ):
        of = sums.setdefault((account, month), [0, 0])
        of[0] += gross
        of[1] += discount
    keys = sorted(sums)
    return {
        "sale_id": np.array([f"{account} {month_text(month)}" for account, month in keys], np.object_),
        "date": np.array([to_number(last_day(month)) for _, month in keys], np.int32),
        "account_id": np.array([account for account, _ in keys], np.object_),
        "gross": np.array([sums[key][0] for key in keys], np.int64),
        "discount": np.array([sums[key][1] for key in keys], np.int64),
    }


def _digest(of_workbook: str, sales: SalesColumns) -> str:
    """Give the digest of the workbook's inputs and of the source's sums, the same from every engine."""
    digest = hashlib.sha256(of_workbook.encode())
    rows = zip(
        sales.date.tolist(),
        sales.account_id.tolist(),
        sales.sale_id.tolist(),
        sales.gross.tolist(),
        sales.discount.tolist(),
        sales.counted().tolist(),
        strict=True,
    )
    for row in sorted(rows):
        digest.update("\0".join(map(str, row)).encode() + b"\0")
    return digest.hexdigest()
