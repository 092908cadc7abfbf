"""The cell functions: =COMMISSION(…) and its like, for single cells, rows, columns and blocks.

Each result spills as Excel's own functions do: a row beside a column gives a table, a cell beside a range
stands for every cell of it, and where one range ends before another the missing cells are #N/A.

- Amounts are numbers in yuan; they are taken to the fen first. A text, a date or a truth value is #VALUE!.
- A blank cell counts as 0 where an amount or an uplift belongs, and as no target; a blank tier is #N/A, a
  blank rate or date #VALUE!. A row that is blank in amount and tier (or rate) is 0.
- A rate outside its bounds, or an amount beyond 15 digits, is #NUM!. An error in a cell is passed on.
- Dates are date cells, serial numbers or texts such as 2026-01-31.
- Of a whole column only the part is read, and spilled, that its sheet uses.

xlwings calls them in Excel on Windows; elsewhere they are plain Python functions. The rules are imported
when the first cell is calculated, so that Excel starts without waiting for them.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import xlwings as xw

from keyaccount.excel.catalogue import CATEGORY, FUNCTION
from keyaccount.excel.cells import CellArgument

Values = Any
"""A cell's value, a row of them, or rows; None where an argument is left out."""


def _rules() -> ModuleType:
    from keyaccount.excel import calculations

    return calculations


def _cell_function(function: Callable[..., Values]) -> Callable[..., Values]:
    """Declare a function to xlwings, with its help in both languages."""
    for argument in FUNCTION[function.__name__].arguments:
        said = f"{argument.en} {argument.zh}"
        function = xw.arg(argument.name, convert=CellArgument, doc=said)(function)
    function = xw.ret(convert=CellArgument)(function)
    return xw.func(category=CATEGORY[0])(function)


@_cell_function
def COMMISSION(
    net_sales: Values, tier: Values, date: Values = None, tiers: Values = None, uplift: Values = None
) -> Values:
    """round(net × rate) (§3.2), the rate as COMMISSIONRATE gives it."""
    return _rules().commission(net_sales, tier, date, tiers, uplift)


@_cell_function
def COMMISSIONRATE(tier: Values, date: Values = None, tiers: Values = None, uplift: Values = None) -> Values:
    """The tier's rate in force on the date (§3.2), raised by the uplift (§3.4.2).

    ``date`` left out: the tier's latest row. ``tiers`` left out: the calling workbook's Tiers table, which
    Excel does not watch: recalculate (Ctrl+Alt+F9) after a change of it. An unknown tier, or no rate on the
    date, is #N/A; a tier with a row that cannot be read #VALUE!.
    """
    return _rules().commission_rate(tier, date, tiers, uplift)


@_cell_function
def NETSALES(
    gross: Values,
    discount: Values = None,
    returns: Values = None,
    bad_debts: Values = None,
    recoveries: Values = None,
) -> Values:
    """Gross − discount − returns − bad debts + recoveries (§3.1)."""
    return _rules().net_sales(gross, discount, returns, bad_debts, recoveries)


@_cell_function
def ADVANCE(commission: Values, rate: Values = None) -> Values:
    """round(commission × rate), the part paid in advance (§3.3.2); ``rate`` left out: 80 %."""
    return _rules().advance(commission, rate, rest=False)


@_cell_function
def WITHHELD(commission: Values, rate: Values = None) -> Values:
    """Commission − advance, the part that waits for the year end (§3.3.2)."""
    return _rules().advance(commission, rate, rest=True)


@_cell_function
def CLAWBACK(amount: Values, origin_rate: Values, paid_share: Values = None) -> Values:
    """round(paid share × round(amount × rate)), to take from pay (§3.3.3); paid share left out: 80 %."""
    return _rules().clawback(amount, origin_rate, paid_share)


@_cell_function
def TARGETBONUS(net_sales: Values, target: Values, final_commission: Values, rate: Values = None) -> Values:
    """max(0, round(final commission × rate)) where net sales reach the target, else 0 (§3.4.1)."""
    return _rules().target_bonus(net_sales, target, final_commission, rate)


@_cell_function
def KEYACCOUNTSHARE(account_net: Values, company_net: Values) -> Values:
    """Account ÷ company, not rounded (§2.1); #DIV/0! for a company without positive net sales."""
    return _rules().key_account_share(account_net, company_net)


@_cell_function
def ISKEYACCOUNT(account_net: Values, company_net: Values, threshold: Values = None) -> Values:
    """Whether the account's share reaches the threshold, itself included (§2.1); left out: 5 %."""
    return _rules().key_account(account_net, company_net, threshold)


@_cell_function
def SETTLEMENT(salesperson: Values, period: Values) -> Values:
    """The ledger's lines of this salesperson and Period, with their header; #N/A when there are none.

    Columns: those of the calling workbook's Ledger without Reference and Digest, labelled as there.
    """
    return _rules().settlement(salesperson, period)
