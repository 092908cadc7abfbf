"""The figure that a result sheet's cell shows, explained: settlements, cells, net sales, clawbacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from keyaccount.clauses.clawbacks import Clawback, Clawbacks
from keyaccount.ledger import PAYMENTS, CellKey, Entry
from keyaccount.money import fen, yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import amount, percent, plus, product, rounded
from keyaccount.outputs.explain.sheets import Choice, Chosen
from keyaccount.outputs.explain.tree import Node
from keyaccount.periods import last_day, month_of, to_number
from keyaccount.problems import Listed, UsageError

if TYPE_CHECKING:
    from keyaccount.outputs.explain.asked import Explaining

_KIND_OF = {
    "Monthly Advances": ("Month", "advance"),
    "Quarterly Settlement": ("Quarter", "quarter_payment"),
    "Year-End Settlement": ("Year", "year_end_payment"),
}
_CHECKED = {"Commission", "Paid", "Paid Before", "Withheld", "Carried", "Due To Date", "Earned To Date"}
_TELLS_PAID = {"Department", "Salesperson ID", "Name", "Month", "Quarter", "Year"}
"""Columns that name a row: asked for, they mean what the row pays."""


def explain_cell(explaining: Explaining, wanted: str) -> tuple[Node, ...]:
    """Explain ``Quarterly Settlement!M7``: sheet titles in either language, quotes and ``$`` allowed."""
    chosen = Choice(explaining, wanted).chosen()
    tell: dict[str, Callable[[Explaining, Chosen], tuple[Node, ...]]] = {
        "Ledger": _ledger,
        "Commission Detail": _commission_detail,
        "Net Sales": _net_sales,
        "Clawbacks": _clawbacks,
        **dict.fromkeys(_KIND_OF, _settlement),
    }
    if chosen.sheet.name not in tell:
        raise UsageError(
            "{cell} shows no figure that is paid or earned.",
            "Explain a cell of one of these: {sheets}. A score's origin stands on sheet Score Detail.",
            cell=chosen.place,
            sheets=Listed(explaining.source.title(name) for name in tell),
        )
    return _beside_what_is_shown(explaining, chosen, tell[chosen.sheet.name](explaining, chosen))


def _beside_what_is_shown(
    explaining: Explaining, chosen: Chosen, roots: tuple[Node, ...]
) -> tuple[Node, ...]:
    """Say so where the sheet shows another figure than ledger and rows give: it was not written since."""
    column = next(each for each in chosen.sheet.columns if each.en == chosen.column)
    if column.kind != "amount" or not roots or chosen.sheet.name == "Ledger":
        return roots
    try:
        shown = fen(arithmetic.rate_of(chosen.values[chosen.column] or "0"))
    except (ArithmeticError, ValueError):
        return roots
    if shown == roots[0].figure or roots[0].figure is None or chosen.column not in _CHECKED:
        return roots
    note = explaining.source.note(
        explaining.source.localised(
            "the sheet shows {shown}: it was not written since the data changed (keyaccount regenerate)",
            shown=yuan_grouped(shown),
        )
    )
    return (note, *roots)


def _ledger(explaining: Explaining, chosen: Chosen) -> tuple[Node, ...]:
    return (explaining.entry(explaining.numbered(int(chosen.values["Entry"]))),)


def _settlement(explaining: Explaining, chosen: Chosen) -> tuple[Node, ...]:
    """Explain a figure of a settlement: that of the period's latest entry, as its column says."""
    column, kind = _KIND_OF[chosen.sheet.name]
    period, person = chosen.values[column], chosen.values["Salesperson ID"]
    found = [
        each
        for each in explaining.source.ledger
        if (each.period, each.salesperson_id) == (period, person) and each.kind == kind and each.marks_run
    ]
    if not found:
        return explaining.person_in(person, period)
    wanted = "Paid" if chosen.column in _TELLS_PAID else chosen.column
    if wanted == "Paid":
        return explaining.person_in(person, period)[:1]
    node = _line(explaining, found[-1], wanted)
    source = explaining.source
    shown = source.localised(
        "{place}: {column} of {person}, {period}",
        place=chosen.place,
        column=_header(chosen, source.language),
        person=source.person(person),
        period=period,
    )
    return (Node(shown, amount=node.figure, children=(node,)),)


def _line(explaining: Explaining, latest: Entry, column: str) -> Node:
    """Give the figure of a column; paid before a period is what was paid of other periods."""
    if column != "Paid Before":
        return explaining.payments.told(latest).lines[column]
    source = explaining.source
    paid = [
        each
        for each in source.before(latest)
        if each.kind in PAYMENTS
        and (each.salesperson_id, each.year) == (latest.salesperson_id, latest.year)
        and each.period != latest.period
        and each.amount
    ]
    return source.entries_sum(source.localised("paid before, this year"), paid)


def _header(chosen: Chosen, language: str) -> str:
    column = next(each for each in chosen.sheet.columns if each.en == chosen.column)
    return column.zh if language == "zh" else column.en


def _commission_detail(explaining: Explaining, chosen: Chosen) -> tuple[Node, ...]:
    """Explain a cell: as booked, else, in an open month, as the rows give it; with its entries."""
    values = chosen.values
    key = CellKey(
        chosen.month("Month"),
        chosen.month("Origin Month"),
        values["Account ID"],
        values["Salesperson ID"],
        arithmetic.rate_of(values["Rate"]),
    )
    source = explaining.source
    booked = source.booked_cells.get(key, [])
    net = sum(each.net_sales or 0 for each in booked) if booked else explaining.cells.today(key).net
    today = explaining.entries.today(key, net)
    lines = tuple(map(source.entry_line, booked))
    if chosen.column == "Rate":
        return (explaining.cells.rate_node(key) or today[-1],)
    if chosen.column == "Net Sales":
        said = source.localised("credited net sales: {cell}", cell=explaining.cells.of_cell(key))
        return (Node(said, amount=net, clause="§3.2", places=(chosen.place,), children=tuple(today)),)
    said = source.listed(explaining.cells.of_cell(key), source.person(key.salesperson_id))
    term = rounded(product(amount(net), percent(key.rate)))
    return (Node(said, term=term, clause="§3.2", places=(chosen.place,), children=(*lines, *today)),)


def _net_sales(explaining: Explaining, chosen: Chosen) -> tuple[Node, ...]:
    """Explain an account's month: the rows by part of net sales (§3.1)."""
    source = explaining.source
    account, month = chosen.values["Account ID"], chosen.month("Month")
    rows = source.rows.of(account, month)
    parts = {
        "Gross": sum(row.gross for row in rows),
        "Discount": sum(row.discount for row in rows),
        **{name: sum(abs(row.fen) for row in rows if row.type == kind) for name, kind in _PARTS.items()},
    }
    kinds = {"Gross": {"gross"}, "Discount": {"gross"}, **{name: {kind} for name, kind in _PARTS.items()}}
    net = amount(parts["Gross"])
    terms = [net]
    more = {
        name: value if name == "Recoveries" else -value for name, value in parts.items() if name != "Gross"
    }
    terms += [amount(value) for value in more.values() if value]
    said = source.localised(
        "{column} of {account}, {month}",
        column=_header(chosen, source.language),
        account=source.account(account),
        month=chosen.values["Month"],
    )
    rule = source.rule_line(
        source.localised(
            "Net sales are gross less discounts, returns, bad debts and later discounts, with recoveries."
        ),
        "§3.1",
    )
    if chosen.column in parts:
        found = [row for row in rows if row.type in kinds[chosen.column]]
        found = [row for row in found if chosen.column != "Discount" or row.discount]
        whole = explaining.cells.rows_node(source.localised("these rows, with their discounts"), found)
        return (
            Node(said, amount=parts[chosen.column], clause="§3.1", places=(chosen.place,), children=(whole,)),
        )
    whole = explaining.cells.rows_node(source.localised("all rows"), rows)
    return (Node(said, term=plus(*terms), clause="§3.1", places=(chosen.place,), children=(rule, whole)),)


_PARTS = {
    "Returns": "return",
    "Bad Debts": "bad_debt",
    "Recoveries": "recovery",
    "Later Discounts": "discount",
}


def _clawbacks(explaining: Explaining, chosen: Chosen) -> tuple[Node, ...]:
    """Explain a reversal's part for a salesperson: amount, rate, what pay and withheld bear (§3.3.3)."""
    source = explaining.source
    company = source.company
    through = to_number(last_day(source.through))
    lines = Clawbacks(company.reversals, company.credits, company.policies, source.rule, through).lines
    wanted = (chosen.values["Adjustment ID"], chosen.values["Salesperson ID"])
    line = next((each for each in lines if (each.adjustment_id, each.salesperson_id) == wanted), None)
    if line is None:
        raise UsageError(
            "{cell}: {number} is no longer on sheet Adjustments.",
            "Run `keyaccount regenerate`, then ask again.",
            cell=chosen.place,
            number=wanted[0],
        )
    told = {
        "Amount": _claw_amount,
        "Rate": _claw_amount,
        "From Pay": _claw_paid,
        "From Withheld": _claw_withheld,
    }
    return (told.get(chosen.column, _claw_commission)(explaining, line),)


def _claw_key(line: Clawback) -> CellKey:
    return CellKey(month_of(line.day), month_of(line.origin), line.account_id, line.salesperson_id, line.rate)


def _claw_amount(explaining: Explaining, line: Clawback) -> Node:
    said = explaining.source.localised(
        "{number}: part of {person}",
        number=line.adjustment_id,
        person=explaining.source.person(line.salesperson_id),
    )
    rows = explaining.source.rows.of(line.account_id, month_of(line.day), month_of(line.origin))
    own = [row for row in rows if row.identifier == line.adjustment_id and row.table == "Adjustments"]
    below = [explaining.cells.rows_node(explaining.source.localised("the adjustment"), own)]
    if reason := explaining.cells.rate_node(_claw_key(line)):
        below.append(reason)
    return Node(said, amount=line.amount, clause="§3.2", children=tuple(below))


def _claw_commission(explaining: Explaining, line: Clawback) -> Node:
    source = explaining.source
    said = source.localised("{number}: commission reversed", number=line.adjustment_id)
    term = rounded(product(amount(line.amount), percent(line.rate)))
    below = [_claw_amount(explaining, line)]
    if rest := line.commission - term.fen:
        term = plus(term, amount(rest))
        below.insert(
            0,
            source.rule_line(
                source.localised("The last line of a cell takes the rest of its rounding."), "§3.3.3"
            ),
        )
    return Node(said, term=term, clause="§3.3.3", children=tuple(below))


def _claw_paid(explaining: Explaining, line: Clawback) -> Node:
    source = explaining.source
    said = source.localised("{number}: taken from pay", number=line.adjustment_id)
    commission = _claw_commission(explaining, line)
    if line.origin.year == line.day.year:
        rate = source.policies.number("advance_rate", last_day(month_of(line.day)))
        term = rounded(product(amount(line.commission), percent(rate)))
        return Node(said, term=term, clause="§3.3.3", children=(commission,))
    worth, lines = explaining.entries.worth(line.commission, line.salesperson_id, line.origin.year)
    if rest := line.from_pay - worth.fen:
        worth = plus(worth, amount(rest))
    return Node(said, term=worth, clause="§3.3.3", children=(*lines, commission))


def _claw_withheld(explaining: Explaining, line: Clawback) -> Node:
    said = explaining.source.localised("{number}: taken from what is withheld", number=line.adjustment_id)
    term = arithmetic.minus(amount(line.commission), line.from_pay)
    below = (_claw_commission(explaining, line), _claw_paid(explaining, line))
    return Node(said, term=term, clause="§3.3.3", children=below)
