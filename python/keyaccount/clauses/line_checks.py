"""The checks of Sales and Adjustments that look at whole columns (spec, "Errors" and "Warnings")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.big_tables import BigTables
from keyaccount.money import yuan_grouped
from keyaccount.periods import from_number, to_number
from keyaccount.problems import HeaderName, Listed, Problem, error, warning
from keyaccount.tables import AdjustmentColumns, SalesColumns


def check_sales(sales: SalesColumns) -> Iterator[Problem]:
    """List duplicate Sale IDs, negative amounts and discounts above the gross amount."""
    yield from _duplicates("Sales", "Sale ID", sales.sale_id, sales.row)
    yield from _negative("Sales", "Gross Amount", sales.gross, sales.row)
    yield from _negative("Sales", "Discount", sales.discount, sales.row)
    for index in np.flatnonzero((sales.discount > sales.gross) & (sales.gross >= 0)).tolist():
        yield error(
            "Sales",
            int(sales.row[index]),
            "Discount",
            yuan_grouped(int(sales.discount[index])),
            "The discount {discount} of sale {sale} is above its gross amount {gross}.",
            "Correct the discount or the gross amount; a return belongs on Adjustments.",
            sale=sales.sale_id[index],
            discount=yuan_grouped(int(sales.discount[index])),
            gross=yuan_grouped(int(sales.gross[index])),
        )


def check_adjustments(adjustments: AdjustmentColumns) -> Iterator[Problem]:
    """List duplicate Adjustment IDs, amounts that are negative, and impossible VAT rates."""
    yield from _duplicates("Adjustments", "Adjustment ID", adjustments.adjustment_id, adjustments.row)
    yield from _negative("Adjustments", "Amount", adjustments.amount, adjustments.row)
    for index, rate in enumerate(adjustments.vat_rate.tolist()):
        if rate is not None and not 0 <= rate <= 1:
            yield error(
                "Adjustments",
                int(adjustments.row[index]),
                "VAT Rate",
                rate,
                "The VAT rate {rate} is not between 0 and 1.",
                "Enter a rate such as 13% or 0.13, or leave it blank when the amount excludes VAT.",
                rate=rate,
            )


def _duplicates(
    table: str, header: str, ids: NDArray[np.object_], rows: NDArray[np.int32]
) -> Iterator[Problem]:
    values = ids.tolist()
    if "" in values:  # sums of sales from elsewhere, whose IDs were compared where they are
        rows = rows[ids != ""]
        values = list(filter(None, values))
    if len(set(values)) == len(values):
        return
    first: dict[str, int] = {}
    for index, value in enumerate(values):
        place = first.setdefault(value, index)
        if place != index:
            yield error(
                table,
                int(rows[index]),
                header,
                value,
                "{header} {id} is there twice (also in row {first}).",
                "Delete the row if it was entered twice; else give it an ID of its own.",
                header=HeaderName(header),
                id=value,
                first=rows[place],
            )


def _negative(
    table: str, header: str, amounts: NDArray[np.int64], rows: NDArray[np.int32]
) -> Iterator[Problem]:
    for index in np.flatnonzero(amounts < 0).tolist():
        amount = yuan_grouped(int(amounts[index]))
        yield error(
            table,
            int(rows[index]),
            header,
            amount,
            "{header} is negative: {amount}.",
            "Enter it as a positive amount; returns, write-offs and later discounts belong on "
            "Adjustments, where the Type says what they are.",
            header=HeaderName(header),
            amount=amount,
        )


def unknown_accounts(big: BigTables, *, ignored: bool) -> Iterator[Problem]:
    """List accounts on none of the account sheets, or count them with ``unknown_accounts`` = ``ignore``."""
    columns: tuple[tuple[str, SalesColumns | AdjustmentColumns, NDArray[np.int32]], ...] = (
        ("Sales", big.sales, big.sale_account),
        ("Adjustments", big.adjustments, big.adjustment_account),
    )
    for table, rows, codes in columns:
        lines = rows.counted()
        unknown = np.flatnonzero(codes < 0).tolist()
        counts: dict[str, list[int]] = defaultdict(list)
        for index in unknown:
            counts[rows.account_id[index]].append(index)
        if ignored and counts:
            yield warning(
                table,
                int(rows.row[unknown[0]]),
                "Account ID",
                rows.account_id[unknown[0]],
                "Rows of accounts that are no key accounts are left out (policy unknown_accounts = ignore): "
                "{count}, of accounts: {accounts}.",
                "Nothing to do if these are other customers of the company.",
                count=int(lines[unknown].sum()),
                accounts=len(counts),
            )
        for account, found in () if ignored else counts.items():
            yield error(
                table,
                int(rows.row[found[0]]),
                "Account ID",
                account,
                "Account {account} is on none of Accounts, Account Tiers and Assignments (rows: {count}).",
                "Correct the ID or add the account; for an export of all the company's sales set policy "
                "unknown_accounts to ignore.",
                rests_on=("Accounts", "Account Tiers", "Assignments", "Policies"),
                account=account,
                count=int(lines[found].sum()),
            )


def check_reversals(big: BigTables, sale: NDArray[np.int64]) -> Iterator[Problem]:
    """A sale's reversals may not exceed its net amount, nor its recoveries its bad debts (§3.2)."""
    sales, adjustments, amounts = big.sales, big.adjustments, big.amounts
    by_sale: dict[int, list[int]] = defaultdict(list)
    for index in _of_suspects(big, sale):
        by_sale[int(sale[index])].append(index)
    for place, found in by_sale.items():
        sums: dict[str, int] = defaultdict(int)
        for index in found:
            sums[adjustments.type[index]] += int(amounts[index])
        net = int(sales.gross[place] - sales.discount[place])
        reversed_fen = sums["return"] + sums["bad_debt"] + sums["discount"] - sums["recovery"]
        last = found[-1]
        names = {
            "sale": sales.sale_id[place],
            "adjustments": Listed(adjustments.adjustment_id[index] for index in found),
        }
        if reversed_fen > net:
            yield error(
                "Adjustments",
                int(adjustments.row[last]),
                "Amount",
                yuan_grouped(int(adjustments.amount[last])),
                "The reversals of sale {sale} ({adjustments}) add up to {reversed}, above its net amount "
                "{net}.",
                "Correct the amounts. Amounts exclude VAT: for an amount with VAT enter its VAT Rate.",
                **names,
                reversed=yuan_grouped(reversed_fen),
                net=yuan_grouped(net),
            )
        if sums["recovery"] > sums["bad_debt"]:
            yield error(
                "Adjustments",
                int(adjustments.row[last]),
                "Amount",
                yuan_grouped(int(adjustments.amount[last])),
                "The recoveries of sale {sale} ({adjustments}) add up to {recovered}, above its bad debts "
                "{written_off}.",
                "Correct the amounts. Amounts exclude VAT: for an amount with VAT enter its VAT Rate.",
                **names,
                recovered=yuan_grouped(sums["recovery"]),
                written_off=yuan_grouped(sums["bad_debt"]),
            )


def _of_suspects(big: BigTables, sale: NDArray[np.int64]) -> list[int]:
    """Give the adjustments of sales that are reversed, or recovered, by more than there is."""
    linked = np.flatnonzero(sale >= 0)
    if not len(linked):
        return []
    places, own = np.unique(sale[linked], return_inverse=True)
    types, amounts = big.adjustments.type[linked], big.amounts[linked]
    recovered = types == "recovery"
    reversed_fen, missing_fen = np.zeros((2, len(places)), np.int64)
    np.add.at(reversed_fen, own, np.where(recovered, -amounts, amounts))
    np.add.at(missing_fen, own, np.where(recovered, amounts, np.where(types == "bad_debt", -amounts, 0)))
    net = big.sales.gross[places] - big.sales.discount[places]
    suspect = (reversed_fen > net) | (missing_fen > 0)
    found: list[int] = linked[suspect[own]].tolist()
    return found


def after_period(big: BigTables, period_end: date | None) -> Iterator[Problem]:
    """Warn once a sheet of rows dated after the period that is run: they wait."""
    if period_end is None:
        return
    columns: tuple[tuple[str, SalesColumns | AdjustmentColumns], ...] = (
        ("Sales", big.sales),
        ("Adjustments", big.adjustments),
    )
    for table, rows in columns:
        later = np.flatnonzero(rows.date > to_number(period_end))
        lines = rows.counted()
        if len(later):
            yield warning(
                table,
                int(rows.row[later[0]]),
                "Date",
                from_number(int(rows.date[later[0]])),
                "Rows dated after {day}, the end of the period that is run, wait for theirs: {count}.",
                "Nothing to do if the dates are right.",
                count=int(lines[later].sum()),
                day=period_end,
            )


def check_unlinked(big: BigTables, unlinked: NDArray[np.bool_]) -> Iterator[Problem]:
    """Warn of unlinked reversals above the account's net so far (§3.2)."""
    sales, adjustments = big.sales, big.adjustments
    reducing = unlinked & (adjustments.type != "recovery")
    signs = np.where(adjustments.type == "recovery", 1, -1)
    for account in np.unique(big.adjustment_account[reducing]).tolist():
        own_sales = big.sale_account == account
        own = big.adjustment_account == account
        days = np.concatenate([sales.date[own_sales], adjustments.date[own]])
        later = np.concatenate([np.zeros(int(own_sales.sum())), np.ones(int(own.sum()))])
        net = np.concatenate([(sales.gross - sales.discount)[own_sales], (big.amounts * signs)[own]])
        index = np.concatenate([np.full(int(own_sales.sum()), -1), np.flatnonzero(own)])
        order = np.lexsort((later, days))
        so_far = np.cumsum(net[order])
        for place in np.flatnonzero(so_far < 0).tolist():
            line = int(index[order[place]])
            if line >= 0 and reducing[line]:
                yield warning(
                    "Adjustments",
                    int(adjustments.row[line]),
                    "Amount",
                    yuan_grouped(int(adjustments.amount[line])),
                    "{id} takes back more than account {account} has bought so far "
                    "(its net stands at {net}).",
                    "Check the amount and the account; enter the Sale ID if there is one.",
                    id=adjustments.adjustment_id[line],
                    account=big.accounts[account],
                    net=yuan_grouped(int(so_far[place])),
                )
