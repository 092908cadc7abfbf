"""What holds of the cells of any rows, and of two versions of them: before an edit and after."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from typing import Any

from keyaccount.clauses.cells import Cell
from keyaccount.ledger import CellKey
from tests.company import Adjustment, Company
from tests.reference.rows import half_away, times
from tests.simulation.world import Sheet

Cells = dict[CellKey, Cell]
OF_ACCOUNTS = ("sales", "adjustments", "account_tiers", "assignments")
"""Tables whose rows concern one account's cells."""
OF_ALL = ("tiers", "policies")
OF_NOBODY = ("salespeople", "accounts", "targets", "year_end_review", "opening_balances", "prior_years")
"""Tables that concern what is paid, never what a cell comes to."""


def cells_are_sound(sheet: Sheet) -> None:
    """Each commission is its net × rate, rounded once; shares add up: nothing of an account's net is lost."""
    credited: Counter[str] = Counter()
    for key, cell in sheet.cells.items():
        wanted = times(cell.net, Fraction(key.rate))
        assert cell.commission == wanted, f"{key}: {cell.net} at {key.rate} gives {wanted}, not {cell}"
        credited[key.account_id] += cell.net
    made = sheet.made
    if any(row.policy == "plan_start" and row.value for row in made.policies):
        return  # what was before it is credited to nobody
    sold = net_by_account(made)
    for account in {row.account_id for row in made.assignments} - before_anyone_was_assigned(made):
        assert credited[account] == sold[account], (
            f"{account} sold {sold[account]} net, credited are {credited[account]}"
        )


def before_anyone_was_assigned(made: Company) -> set[str]:
    """Name accounts with a sale, or the origin of a reversal, before the first assignments."""
    first = min((row.start for row in made.assignments), default=date.max)
    old = {sale.account_id for sale in made.sales if sale.day < first}
    return old | {row.account_id for row in made.adjustments if (row.original or row.day) < first}


def net_by_account(made: Company) -> Counter[str]:
    """Add up net sales by account, row by row (§3.1)."""
    net: Counter[str] = Counter()
    for sale in made.sales:
        net[sale.account_id] += sale.gross - sale.discount
    for row in made.adjustments:
        net[row.account_id] += net_of(row) if row.kind == "recovery" else -net_of(row)
    return net


def net_of(row: Adjustment) -> int:
    """Give an adjustment's amount without VAT."""
    return half_away(Fraction(row.amount) / (1 + Fraction(row.vat))) if row.vat else row.amount


def changed_rows(before: Company, after: Company, table: str) -> list[Any]:
    """List the rows that only one of the two holds; an untouched row is the same object in both."""
    one, other = getattr(before, table), getattr(after, table)
    if one == other:
        return []
    left, right = {id(row) for row in one}, {id(row) for row in other}
    return [row for row in one if id(row) not in right] + [row for row in other if id(row) not in left]


def touched(before: Company, after: Company) -> set[str] | None:
    """Name the accounts whose cells an edit can have moved; None: any."""
    if any(getattr(before, table) != getattr(after, table) for table in OF_ALL):
        return None
    rows = (row for table in OF_ACCOUNTS for row in changed_rows(before, after, table))
    return {row.account_id for row in rows}


def others_stay(before: Sheet, after: Sheet) -> None:
    """What is changed for one account leaves the cells of all others as they were."""
    accounts = touched(before.made, after.made)
    if accounts is None:
        return
    for one, other in ((before.cells, after.cells), (after.cells, before.cells)):
        for key, cell in one.items():
            if key.account_id not in accounts:
                assert other.get(key) == cell, f"{key} was {cell} and is {other.get(key)}: nobody touched it"


def the_same(before: Sheet, after: Sheet, what: str) -> None:
    """Rows that say the same give the same cells."""
    assert filled(before.cells) == filled(after.cells), f"{what} moved {moved(before.cells, after.cells)}"


def filled(cells: Cells) -> Cells:
    """Leave out cells in which everything cancels out."""
    return {key: cell for key, cell in cells.items() if cell.net or cell.commission}


def moved(before: Cells, after: Cells) -> list[str]:
    """Say which cells differ, and how."""
    keys = sorted(before.keys() | after.keys())
    return [f"{k}: {before.get(k)} → {after.get(k)}" for k in keys if before.get(k) != after.get(k)]


def taken_back(before: Sheet, after: Sheet) -> None:
    """A sale and its full return together leave what was there: to the fen, or a fen of rounding a cell."""
    keys = before.cells.keys() | after.cells.keys()
    changed = [key for key in keys if before.cells.get(key) != after.cells.get(key)]
    assert sum(_net(after.cells, key) - _net(before.cells, key) for key in changed) == 0, "net stays behind"
    for whose in (_by_person, _by_rate):
        for group in {whose(key) for key in changed}:
            own = [key for key in changed if whose(key) == group]
            net = sum(_net(after.cells, key) - _net(before.cells, key) for key in own)
            earned = sum(_commission(after.cells, key) - _commission(before.cells, key) for key in own)
            assert abs(net) <= len(own), f"{group} keeps {net} of a sale that was taken back"
            assert abs(earned) <= len(own), f"{group} keeps {earned} for a sale that was taken back"


def _by_person(key: CellKey) -> str:
    return key.salesperson_id


def _by_rate(key: CellKey) -> tuple[str, object]:
    return key.salesperson_id, key.rate


def _net(cells: Cells, key: CellKey) -> int:
    return cells[key].net if key in cells else 0


def _commission(cells: Cells, key: CellKey) -> int:
    return cells[key].commission if key in cells else 0


def concerned(before: Company, after: Company) -> set[str] | None:
    """Name the salespeople whose pay an edit can have moved; None: anybody's."""
    accounts = touched(before, after)
    if accounts is None:
        return None
    everybody = [*before.assignments, *after.assignments]
    named = {row.salesperson_id for row in everybody if row.account_id in accounts}
    for table in (*OF_NOBODY, "payments_made"):
        if table != "accounts":
            named |= {row.salesperson_id for row in changed_rows(before, after, table)}
    return named
