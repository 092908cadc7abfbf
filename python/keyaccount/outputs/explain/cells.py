"""A commission cell down to its rows: who is credited, at which rate and why (§3.1, §3.2, §3.4.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from keyaccount.clauses.cells import Cell, Vector
from keyaccount.clauses.rates import Credit
from keyaccount.ledger import CellKey
from keyaccount.money import apportion, round_share
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import Term, amount, number, percent, percent_text, plus, product
from keyaccount.outputs.explain.rates import RateTelling
from keyaccount.outputs.explain.rows import SoldRow
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.periods import month_text
from keyaccount.tables import AssignmentRow


class CellTelling:
    """Tells what a cell is made of, as the rows are today."""

    def __init__(self, source: Source) -> None:
        """Take the workbook."""
        self.source = source
        self.rates = RateTelling(source)
        self.net_node = cache(self._net_node)
        self._groups = cache(self._by_vector)
        self._whole = cache(self._rows_of_vector)

    def today(self, key: CellKey) -> Cell:
        """Give the cell as the rows make it today."""
        return self.source.cells.get(key, Cell(0, 0))

    def commission_line(self, key: CellKey, *children: Node) -> Node:
        """Give a cell in a line: its commission as the rows make it today."""
        cell = self.today(key)
        return Node(
            self.of_cell(key),
            term=arithmetic.rounded(product(amount(cell.net), percent(key.rate))),
            children=children,
        )

    def of_cell(self, key: CellKey) -> str:
        """Name a cell without its salesperson."""
        _ = self.source.localised
        if key.origin == key.month:
            return self.source.listed(self.source.account(key.account_id), _m(key.month))
        return _(
            "{account}, {month}, undoes sales of {origin}",
            account=self.source.account(key.account_id),
            month=_m(key.month),
            origin=_m(key.origin),
        )

    def _net_node(self, key: CellKey) -> Node:
        """Tell the cell's credited net as the rows make it today, down to the rows."""
        parts = [self._part(key, rows) for rows in self._groups(key)]
        said = self.source.localised(
            "credited net sales of {person} from {cell}",
            person=self.source.person(key.salesperson_id),
            cell=self.of_cell(key),
        )
        if not parts:
            return Node(said, amount=0, clause="§3.2", children=tuple(self._elsewhere(key)))
        if len(parts) == 1:
            return Node(said, term=parts[0].term, clause="§3.2", children=parts[0].children)
        return Node(
            said, term=plus(*(amount(p.figure or 0) for p in parts)), clause="§3.2", children=tuple(parts)
        )

    def _by_vector(self, key: CellKey) -> list[list[SoldRow]]:
        """Give the cell's rows by credit vector (§3.2, the commission cell)."""
        groups = self._vectors(key.account_id, key.month, key.origin)
        own = (key.salesperson_id, key.rate)
        return [rows for vector, rows in groups.items() if own in {(each[0], each[2]) for each in vector}]

    def _vectors(self, account_id: str, month: int, origin: int) -> dict[Vector, list[SoldRow]]:
        groups: dict[Vector, list[SoldRow]] = defaultdict(list)
        vectors: dict[int, Vector] = {}
        for row in self.source.rows.of(account_id, month, origin):
            credit = row.credit
            groups[vectors.setdefault(id(credit), credit.vector)].append(row)
        return groups

    def _rows_of_vector(self, account_id: str, month: int, origin: int, vector: Vector) -> Node:
        """Tell the net sales that a credit vector divides: the same lines for each of its salespeople."""
        said = self.source.localised("net sales of {account} in {month}", account=account_id, month=_m(month))
        return self.rows_node(said, self._vectors(account_id, month, origin)[vector])

    def _part(self, key: CellKey, rows: Sequence[SoldRow]) -> Node:
        """Tell a salesperson's part of the rows that one credit vector divides."""
        _ = self.source.localised
        credit = rows[0].credit
        whole = self._whole(key.account_id, key.month, key.origin, credit.vector)
        if len(credit.parts) == 1:
            return whole
        place = next(i for i, part in enumerate(credit.parts) if part.salesperson_id == key.salesperson_id)
        net = sum(row.fen for row in rows)
        term = self._share_term(net, place, credit, rows[0].origin)
        said = _(
            "{person}'s part of {net}; the fen that are left go to the largest remainders",
            person=key.salesperson_id,
            net=amount(net).written,
        )
        children = [*self._assignments(credit, rows[0].origin), whole]
        return Node(said, term=term, clause="§3.2", children=tuple(children))

    def _share_term(self, net: int, place: int, credit: Credit, day: date) -> Term:
        """Write the division by largest remainder: rounded down, and a fen more where one is left."""
        shares = [part.share for part in credit.parts]
        mine = abs(apportion(net, shares)[place])
        weights = self._weights(credit, day)
        total = sum(weights.values(), Decimal(0))
        weight = percent(weights[credit.parts[place].salesperson_id])
        share = product(amount(abs(net)), weight)
        if total != 1:
            share = arithmetic.quotient(share, percent(total))
        term = arithmetic.rounded_down(share)
        if mine != term.fen:
            term = plus(term, amount(mine - term.fen))
        return product(number(-1), term) if net < 0 else term

    def _in_force(self, account_id: str, day: date) -> list[AssignmentRow]:
        return [
            row
            for row in self.source.inputs.assignments
            if row.account_id == account_id and row.start <= day and (row.end is None or day <= row.end)
        ]

    def _weights(self, credit: Credit, day: date) -> dict[str, Decimal]:
        weights: dict[str, Decimal] = defaultdict(Decimal)
        for row in self._in_force(credit.account_id, day):
            weights[row.salesperson_id] += round_share(row.share)
        return weights

    def _assignments(self, credit: Credit, day: date) -> Iterator[Node]:
        """Tell who is assigned to the account on the origin day, by what share."""
        for row in sorted(self._in_force(credit.account_id, day), key=lambda each: each.salesperson_id):
            yield Node(
                self.source.localised(
                    "{person} is assigned to {account} from {start}, share {share}",
                    person=self.source.person(row.salesperson_id),
                    account=row.account_id,
                    start=row.start,
                    share=percent_text(round_share(row.share)),
                ),
                "reason",
                places=(self.source.place("Assignments", row.row, "Share"),),
            )

    def _elsewhere(self, key: CellKey) -> Iterator[Node]:
        """Tell at which rates, and to whom, the rows of the month and origin are credited today."""
        credited = {
            (person, rate)
            for row in self.source.rows.of(key.account_id, key.month, key.origin)
            for person, _, rate in row.credit.vector
        }
        if not credited:
            yield Node(self.source.localised("no row of today leads to this cell"), "note")
        for person, rate in sorted(credited):
            yield Node(
                self.source.localised(
                    "the rows of this account and month are credited to {person} at {rate} today",
                    person=self.source.person(person),
                    rate=percent_text(rate),
                ),
                "note",
            )

    def rate_node(self, key: CellKey) -> Node | None:
        """Tell why the rate of the cell's rows is what it is today, ``None`` where no row leads to it."""
        return self.rates.node(key, (row for rows in self._groups(key) for row in rows))

    # --- rows -------------------------------------------------------------------------------------------

    def rows_node(self, said: str, rows: Sequence[SoldRow]) -> Node:
        """Add up rows, each with its cell."""
        amounts = [row.fen for row in rows]
        term = arithmetic.total(amounts)
        children = tuple(self._row(row) for row in rows)
        return Node(said, term=term, clause="§3.1", children=children)

    def _row(self, row: SoldRow) -> Node:
        place = self.source.place(row.table, row.row, "Gross Amount" if row.type == "gross" else "Amount")
        if row.type == "gross":
            said = self.source.localised("{day} sale {sale}", day=row.day, sale=row.identifier)
            term = amount(row.gross)
            term = arithmetic.minus(term, row.discount) if row.discount else term
            return Node(said, "row", term, places=(place,))
        kind = self.source.word(row.type, "adjustment")
        said = self.source.listed(f"{row.day} {kind} {row.identifier}", self.origin_of(row))
        places = [place]
        if row.of_sale:
            places.append(self.source.place("Sales", row.of_sale, "Sale ID"))
        return Node(said, "row", self.adjustment_term(row), places=tuple(places))

    def adjustment_term(self, row: SoldRow) -> Term:
        """Write what an adjustment takes off (a recovery gives back): without VAT."""
        if not row.vat_rate or row.vat_rate <= 0:
            return amount(row.fen)
        net = arithmetic.rounded(arithmetic.quotient(amount(row.amount), number(1 + row.vat_rate)))
        return net if row.type == "recovery" else product(number(-1), net)

    def origin_of(self, row: SoldRow) -> str:
        """Say where an adjustment's origin comes from (§3.2, origin of a return)."""
        _ = self.source.localised
        if row.of_sale:
            return _("undoes sale {sale} of {day}", sale=row.sale_id, day=row.origin)
        if row.original_date is not None:
            return _("undoes a sale of {day}, by its Original Date", day=row.origin)
        if row.origin == row.day:
            return _("without a sale: its own date counts as the origin")
        return _("without a sale: the account's latest sale, of {day}, counts as the origin", day=row.origin)


def _m(month: int) -> str:
    return month_text(month)
