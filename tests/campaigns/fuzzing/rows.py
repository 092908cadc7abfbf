"""The demo's rows, cut to a small company, and the way from rows to what the slow reference takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from keyaccount import tables
from keyaccount.demo import demo_rows
from keyaccount.tables import Inputs
from tests import company

Language = Literal["en", "zh"]
Row = dict[str, Any]
Rows = dict[str, list[Row]]
YEAR = 2026
ACCOUNTS = ("A01", "A03", "A07")
LAST_DAY = date(YEAR, 4, 30)
TABLES: dict[str, tuple[str, ...]] = {
    "Policies": ("policy", "value", "effective_from"),
    "Tiers": ("tier", "rate", "effective_from"),
    "Accounts": ("account_id", "name"),
    "Account Tiers": ("account_id", "tier", "effective_from", "event", "credited_to"),
    "Salespeople": ("salesperson_id", "name", "left"),
    "Assignments": ("account_id", "salesperson_id", "share", "start", "end"),
    "Sales": ("sale_id", "date", "account_id", "gross", "discount"),
    "Adjustments": (
        "adjustment_id",
        "date",
        "type",
        "account_id",
        "amount",
        "sale_id",
        "original_date",
        "vat_rate",
    ),
    "Opening Balances": ("salesperson_id", "year", "amount"),
}
"""The sheets of the small demo and their columns, by field."""
_RECORDS: dict[str, tuple[str, type[Any]]] = {
    "Policies": ("policies", tables.PolicyRow),
    "Tiers": ("tiers", tables.TierRow),
    "Accounts": ("accounts", tables.AccountRow),
    "Account Tiers": ("account_tiers", tables.AccountTierRow),
    "Salespeople": ("salespeople", tables.SalespersonRow),
    "Assignments": ("assignments", tables.AssignmentRow),
    "Opening Balances": ("opening_balances", tables.OpeningRow),
}


def small_demo(language: Language) -> Rows:
    """Give the demo's first four months of three accounts, with one invoice a month and account."""
    everything = demo_rows(YEAR, language)
    rows: Rows = {}
    for name, columns in TABLES.items():
        kept = [row for row in everything[name] if row.get("account_id", "A01") in ACCOUNTS]
        rows[name] = [{field: row.get(field) for field in columns} for row in kept]
    undone = {row["sale_id"] for row in rows["Adjustments"]}
    months: set[tuple[object, int]] = set()
    sales = []
    for row in rows["Sales"]:
        month = row["account_id"], row["date"].month
        if not date(YEAR, 1, 1) <= row["date"] <= LAST_DAY:
            continue
        if month not in months or row["sale_id"] in undone:
            sales.append(row)
        months.add(month)
    rows["Sales"] = sales
    sold = {row["sale_id"] for row in sales} | {None}
    rows["Adjustments"] = [
        row for row in rows["Adjustments"] if row["date"] <= LAST_DAY and row["sale_id"] in sold
    ]
    rows["Policies"].append({"policy": "advance_rate", "value": Decimal("0.75"), "effective_from": None})
    people = {row["salesperson_id"] for row in rows["Assignments"]}
    for name in ("Salespeople", "Opening Balances"):
        rows[name] = [row for row in rows[name] if row["salesperson_id"] in people | {"S03"}]
    return rows


def inputs(rows: Mapping[str, Sequence[Row]]) -> Inputs:
    """Give rows as the containers that the reference reads."""
    made: dict[str, Any] = {
        "sales": [
            company.Sale(
                row["sale_id"], row["date"], row["account_id"], _fen(row["gross"]), _fen(row["discount"])
            )
            for row in rows["Sales"]
        ],
        "adjustments": [
            company.Adjustment(
                row["adjustment_id"],
                row["date"],
                row["type"],
                row["account_id"],
                _fen(row["amount"]),
                row["sale_id"] or "",
                row["original_date"],
                row["vat_rate"],
            )
            for row in rows["Adjustments"]
        ],
    }
    for name, (table, record) in _RECORDS.items():
        carried = {each.name for each in fields(record)}
        made[table] = [
            record(
                row=0, **{field: _carried(field, value) for field, value in row.items() if field in carried}
            )
            for row in rows[name]
        ]
    return company.inputs(**made)


def _carried(field: str, value: Any) -> Any:  # noqa: ANN401 cells hold anything
    if field == "credited_to":
        return tuple(value.split(";")) if value else ()
    if field == "value":
        return str(value)
    if field == "amount":
        return _fen(value)
    if value is None and field in {"tier", "event", "name"}:
        return ""
    return value


def _fen(yuan: Decimal | None) -> int:
    return 0 if yuan is None else int(yuan * 100)
