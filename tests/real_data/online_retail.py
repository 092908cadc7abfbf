"""Turns the public data set UCI Online Retail (D. Chen, 2015) into the input tables of a plan workbook.

The data are invoice lines of a gift wholesaler, 1 December 2010 to 9 December 2011, in Parquet with the
columns InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID, Country. They know no salespeople,
tiers or targets: company.py sets them. Pounds are taken as yuan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

Row = dict[str, object]

HOME = "United Kingdom"
BIG_PERCENT = 1
"""A customer is an account of its own with at least this part of the company's net sales of a year."""
COSTS = ("AMAZONFEE", "BANK CHARGES", "CRUK")
"""Stock codes that are the company's own costs (fees, a charity's part): no sale and no return."""
LATER_DISCOUNT = "D"


@dataclass(frozen=True)
class Lines:
    """The invoice lines, and what was left out: why -> lines, fen.

    Columns: invoice, day, customer ("" = unknown), country, stock, quantity, price_fen, fen, kind, account,
    key (whether the account is a key account).
    """

    frame: pd.DataFrame
    left_out: dict[str, tuple[int, int]]


def read_lines(parquet: Path) -> Lines:
    """Read the Parquet file: whole fen, a kind for each line, an account for each customer."""
    raw = pd.read_parquet(parquet)
    price = (raw["UnitPrice"] * 100).round().astype("int64")
    frame = pd.DataFrame(
        {
            "invoice": raw["InvoiceNo"].astype(str),
            "day": raw["InvoiceDate"].dt.date,
            "customer": raw["CustomerID"].astype("string").fillna("").astype(str),
            "country": raw["Country"].astype(str),
            "stock": raw["StockCode"].astype(str),
            "quantity": raw["Quantity"].astype("int64"),
            "price_fen": price,
            "fen": price * raw["Quantity"].astype("int64"),
        }
    ).iloc[raw["InvoiceDate"].argsort(kind="stable")]
    frame["kind"] = _kinds(frame)
    left_out = {
        str(kind): (len(lines), int(lines["fen"].sum()))
        for kind, lines in frame[frame["kind"].isin(["cost", "no money"])].groupby("kind")
    }
    frame = frame[~frame["kind"].isin(["cost", "no money"])].reset_index(drop=True)
    big = frame["customer"].isin(_big_customers(frame))
    abroad = frame["country"] != HOME
    own = "C" + frame["customer"]
    other = frame["country"].where(abroad, own.where(frame["customer"] != "", f"{HOME}, no customer"))
    frame["account"] = own.where(big, other)
    frame["key"] = big | abroad
    return Lines(frame, left_out)


def _kinds(frame: pd.DataFrame) -> pd.Series[str]:
    """Say what a line is: by its invoice's letter, its stock code and its sign."""
    credit, bad = frame["invoice"].str.startswith("C"), frame["invoice"].str.startswith("A")
    kind = pd.Series("sale", index=frame.index)
    kind[credit] = "return"
    kind[credit & (frame["stock"] == LATER_DISCOUNT)] = "discount"
    kind[bad] = "bad_debt"
    kind[bad & (frame["fen"] > 0)] = "recovery"
    kind[frame["stock"].isin(COSTS)] = "cost"
    kind[frame["fen"] == 0] = "no money"  # samples, stock corrections, prices of 0.001
    return kind


def _big_customers(frame: pd.DataFrame) -> set[str]:
    """Give the customers that are accounts of their own, by the share of a year in whole fen."""
    big: set[str] = set()
    for _, year in frame.groupby(pd.to_datetime(frame["day"]).dt.year):
        net = year[year["customer"] != ""].groupby("customer")["fen"].sum()
        big |= set(net[net * 100 >= BIG_PERCENT * year["fen"].sum()].index)
    return big


def key_accounts(lines: Lines) -> dict[str, date]:
    """Give every key account (big customers, countries but the home one) with the day of its first line."""
    frame = lines.frame
    return dict(frame[frame["key"]].groupby("account")["day"].min())


# --- sales and adjustments ------------------------------------------------------------------------


def _yuan(fen: int) -> Decimal:
    return Decimal(int(fen)).scaleb(-2)


def sales(lines: Lines) -> list[Row]:
    """Give one sale per invoice; an invoice has one customer and one day in these data."""
    sold = lines.frame[lines.frame["kind"] == "sale"]
    invoices = sold.groupby("invoice", sort=False).agg(
        day=("day", "first"), account=("account", "first"), fen=("fen", "sum")
    )
    return [
        {"sale_id": invoice, "date": day, "account_id": account, "gross": _yuan(fen)}
        for invoice, day, account, fen in invoices.itertuples()
    ]


def adjustments(lines: Lines) -> list[Row]:
    """Give credit notes, later discounts and bad debts: one row per note, type and origin."""
    sums: dict[tuple[str, str, str, str, date | None], int] = defaultdict(int)
    days: dict[str, date] = {}
    for line, origin, fen in _undone(lines.frame):
        days[line.invoice] = line.day
        sums[line.invoice, line.kind, line.account, *origin] += fen
    rows: list[Row] = []
    count: dict[str, int] = defaultdict(int)
    for (note, kind, account, sale_id, original), fen in sums.items():
        count[note] += 1
        rows.append(
            {
                "adjustment_id": f"{note}-{count[note]}",
                "date": days[note],
                "type": kind,
                "account_id": account,
                "amount": _yuan(fen),
                "sale_id": sale_id or None,
                "original_date": original,
            }
        )
    return rows


def _undone(frame: pd.DataFrame) -> Iterator[tuple[Any, tuple[str, date | None], int]]:
    """Give each undoing line with its origin, divided where several sales are undone.

    The data do not say which invoice a credit note undoes. Taken is the same customer's latest earlier
    purchase of the same article at the same price, as far as it has not come back yet; else the day on which
    the customer last bought that article at another price (the amount would not fit that sale); else nothing.
    """
    bought: dict[tuple[str, ...], list[list[Any]]] = defaultdict(list)
    last: dict[tuple[str, ...], date] = {}
    line: Any
    for line in frame[frame["key"] | (frame["kind"] != "sale")].itertuples():
        article = (line.account, line.customer, line.stock)
        same_price = bought[*article, str(line.price_fen)]
        if line.kind == "sale":
            same_price.append([line.invoice, line.quantity])
            last[article] = line.day
        elif line.kind == "return":
            for invoice, quantity in _taken_back(same_price, -line.quantity):
                day = None if invoice else last.get(article)
                yield line, (invoice, day), quantity * line.price_fen
        else:
            yield line, ("", None), abs(line.fen)


def _taken_back(purchases: list[list[Any]], quantity: int) -> Iterator[tuple[str, int]]:
    """Take a quantity from the latest purchases; what is left over has no invoice."""
    while quantity and purchases:
        taken = min(quantity, purchases[-1][1])
        yield purchases[-1][0], taken
        quantity -= taken
        purchases[-1][1] -= taken
        if purchases[-1][1] == 0:
            purchases.pop()
    if quantity:
        yield "", quantity


def company_sales(lines: Lines) -> list[Row]:
    """Give the whole company's net sales of each month."""
    months = pd.to_datetime(lines.frame["day"]).dt.strftime("%Y-%m")
    return [
        {"month": str(month), "net_sales": _yuan(fen)}
        for month, fen in lines.frame.groupby(months)["fen"].sum().items()
    ]
