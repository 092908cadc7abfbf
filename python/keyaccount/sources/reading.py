"""Puts what the policies ``sales_source`` and ``adjustments_source`` name in the place of the sheets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount import tables
from keyaccount.clauses.big_tables import known_accounts
from keyaccount.periods import from_number, last_day, month_of, month_text, to_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem, error, warning
from keyaccount.sources.named import Named, named
from keyaccount.tables import AdjustmentColumns, Located, ReadBook, SalesColumns, Table

if TYPE_CHECKING:
    from keyaccount.sources.engines import Opened

SOURCES = {tables.ADJUSTMENTS.name: "adjustments_source", tables.SALES.name: "sales_source"}
"""The policy that names where a table's rows come from."""


def with_sources(read: ReadBook, folder: Callable[[], Path | None]) -> ReadBook:
    """Give what was read with the sources' rows in the sheets' place; without such a policy, as it is.

    Adjustments come first: the sales that they name are asked for one by one. Raises ``FileProblem`` where a
    source is missing, unreachable, or lacks a column.
    """
    policies = Policies(read.inputs.policies)
    for table in (tables.ADJUSTMENTS, tables.SALES):
        value = policies.word(SOURCES[table.name], date.max)
        if not value:
            continue
        where = named(value, folder())
        rows = read.inputs.sales if table is tables.SALES else read.inputs.adjustments
        if len(rows):
            read = replace(read, problems=[*read.problems, _two(read, table, where, len(rows))])
        elif table is tables.SALES:
            read = _with_sales(read, where)
        else:
            read = _with_adjustments(read, where)
    return read


def _two(read: ReadBook, table: Table, where: Named, rows: int) -> Problem:
    """Say that a sheet and a source both hold rows."""
    policy = SOURCES[table.name]
    place = next((row.row for row in read.inputs.policies if row.policy == policy), 0)
    return error(
        tables.POLICIES.name,
        place,
        "Value",
        where.shown,
        "{policy} names {source}, but its sheet holds rows ({count}): which of them count is unclear.",
        "Empty the sheet, or blank the policy.",
        policy=policy,
        source=where.shown,
        count=rows,
    )


def _with_sales(read: ReadBook, where: Named) -> ReadBook:
    """Put the source's sales in the sheet's place."""
    from keyaccount.sources.engines import open_source
    from keyaccount.sources.sales import SalesOf
    from keyaccount.sources.table import SourceTable

    opened = open_source(where)
    source = SourceTable(opened, tables.SALES)
    asked = SalesOf(source, known_accounts(read.inputs))
    wanted = set(read.inputs.adjustments.sale_id.tolist()) - {""}
    sales, problems = asked.columns(wanted)
    problems += _encoded(tables.SALES, opened)
    place = replace(read.located[tables.SALES.name], places=source.places.shown, source=where.shown)
    inputs = replace(read.inputs, sales=sales, sales_behind=asked.of_month)
    return replace(_put(read, tables.SALES, problems, place, _recorded(sales), _lines(sales)), inputs=inputs)


def _with_adjustments(read: ReadBook, where: Named) -> ReadBook:
    """Put the source's adjustments in the sheet's place."""
    from keyaccount.sources.adjustments import read_adjustments
    from keyaccount.sources.engines import open_source
    from keyaccount.sources.table import SourceTable

    opened = open_source(where)
    source = SourceTable(opened, tables.ADJUSTMENTS)
    found = read_adjustments(source)
    place = replace(read.located[tables.ADJUSTMENTS.name], places=source.places.shown, source=where.shown)
    inputs = replace(read.inputs, adjustments=found.columns)
    unapproved = _unapproved(found.columns, found.recorded, source.columns)
    problems = [*found.problems, *unapproved, *_encoded(tables.ADJUSTMENTS, opened)]
    lines = _adjusted(found.columns)
    return replace(_put(read, tables.ADJUSTMENTS, problems, place, found.recorded, lines), inputs=inputs)


def _encoded(table: Table, opened: Opened) -> Iterator[Problem]:
    """Say how a text file was read that is not UTF-8: that was found out, and could be wrong."""
    if set(opened.encoding.split(", ")) - {"", "UTF-8", "UTF-8 (BOM)"}:
        yield warning(
            table.name,
            0,
            "",
            "",
            "{source} is read in the encoding {encoding}, which was found out.",
            "Nothing to do if its texts look right; else save it as “CSV UTF-8”.",
            source=opened.named.shown,
            encoding=opened.encoding,
        )


def _put(
    read: ReadBook,
    table: Table,
    problems: list[Problem],
    place: Located,
    recorded: Mapping[str, Any],
    lines: Iterator[tuple[object, ...]],
) -> ReadBook:
    digest = hashlib.sha256(f"{read.input_digest}\0{table.name}\0".encode())
    for line in sorted(lines):
        digest.update("\0".join(map(str, line)).encode() + b"\0")
    return replace(
        read,
        problems=[*read.problems, *problems],
        located={**read.located, table.name: place},
        columns={**read.columns, table.name: recorded},
        input_digest=digest.hexdigest(),
    )


def _unapproved(
    adjustments: AdjustmentColumns, recorded: Mapping[str, Any], there: Mapping[str, str]
) -> Iterator[Problem]:
    """Warn of bad debts without Approved By or Document No., as of those on the sheet (§Controls)."""
    from keyaccount.workbook.unapproved import rows_lacking

    fields = [column for column in tables.APPROVAL if column.field in there]
    written_off = np.flatnonzero(adjustments.type == "bad_debt").tolist()
    rows = [
        (int(adjustments.row[index]), {each.field: recorded[each.field][index] for each in fields})
        for index in written_off
    ]
    yield from rows_lacking(tables.ADJUSTMENTS, fields, rows)


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
    names = np.empty(len(keys), np.object_)
    accounts = np.empty(len(keys), np.object_)
    names[:] = [f"{account} {month_text(month)}" for account, month in keys]
    accounts[:] = [account for account, _ in keys]
    return {
        "sale_id": names,
        "date": np.array([to_number(last_day(month)) for _, month in keys], np.int32),
        "account_id": accounts,
        "gross": np.array([sums[key][0] for key in keys], np.int64),
        "discount": np.array([sums[key][1] for key in keys], np.int64),
    }


def _lines(sales: SalesColumns) -> Iterator[tuple[object, ...]]:
    """Give what the digest of the inputs is taken of: the sums, the same from every engine."""
    counted = (sales.counted().tolist(), sales.discount.tolist(), sales.gross.tolist())
    return zip(sales.date.tolist(), sales.account_id.tolist(), sales.sale_id.tolist(), *counted, strict=True)


def _adjusted(adjustments: AdjustmentColumns) -> Iterator[tuple[object, ...]]:
    return zip(
        adjustments.adjustment_id.tolist(),
        adjustments.date.tolist(),
        adjustments.type.tolist(),
        adjustments.account_id.tolist(),
        adjustments.amount.tolist(),
        adjustments.sale_id.tolist(),
        adjustments.original_date.tolist(),
        map(str, adjustments.vat_rate.tolist()),
        strict=True,
    )
