"""Sales and Adjustments side by side, with each row's account and what each adjustment counts as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keyaccount.money import without_vat
from keyaccount.tables import AdjustmentColumns, Inputs, SalesColumns


@dataclass(frozen=True, slots=True)
class BigTables:
    """The two tables that may be big; account codes are places in ``accounts``, -1 an unknown account.

    ``amounts`` are the adjustments' in fen without VAT.
    """

    sales: SalesColumns
    adjustments: AdjustmentColumns
    accounts: tuple[str, ...]
    sale_account: NDArray[np.int32]
    adjustment_account: NDArray[np.int32]
    amounts: NDArray[np.int64]

    @classmethod
    def of(cls, inputs: Inputs) -> BigTables:
        """Look up every row's account and take VAT out of the adjustments."""
        accounts = known_accounts(inputs)
        return cls(
            inputs.sales,
            inputs.adjustments,
            accounts,
            _codes(inputs.sales.account_id, accounts),
            _codes(inputs.adjustments.account_id, accounts),
            _without_vat(inputs.adjustments),
        )


def known_accounts(inputs: Inputs) -> tuple[str, ...]:
    """Give every account on Accounts, Account Tiers or Assignments, as text in order."""
    known = {row.account_id for row in inputs.accounts}
    known |= {row.account_id for row in inputs.account_tiers}
    known |= {row.account_id for row in inputs.assignments}
    return tuple(sorted(known))


def _codes(ids: NDArray[np.object_], accounts: tuple[str, ...]) -> NDArray[np.int32]:
    codes = {account: code for code, account in enumerate(accounts)}
    values = ids.tolist()
    lookup = {account: codes.get(account, -1) for account in set(values)}
    return np.fromiter(map(lookup.__getitem__, values), np.int32, len(values))


def _without_vat(adjustments: AdjustmentColumns) -> NDArray[np.int64]:
    """A line with a VAT Rate counts as round(amount ÷ (1 + rate)) (§3.2)."""
    amounts = adjustments.amount.copy()
    for index, rate in enumerate(adjustments.vat_rate.tolist()):
        if rate and rate > 0:
            amounts[index] = without_vat(int(amounts[index]), rate)
    return amounts
