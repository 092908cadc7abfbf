"""Entries that book what was earned: commission, corrections, prior years, opening balances."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from keyaccount.clauses.mid_life import gone
from keyaccount.ledger import Balances, CellKey, Entry
from keyaccount.money import times, yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import Term, amount, number, percent, plus, product, rounded
from keyaccount.outputs.explain.cells import CellTelling
from keyaccount.outputs.explain.changed import changed_before
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node
from keyaccount.periods import Period


class EntryTelling:
    """Tells what an earning entry rests on: the ledger before it, and the rows as they are today."""

    def __init__(self, source: Source, cells: CellTelling) -> None:
        """Take the workbook."""
        self.source, self.cells = source, cells

    # --- cells ------------------------------------------------------------------------------------------

    def cell_entry(self, entry: Entry) -> Node:
        """Explain a commission, correction or prior-year entry: as it should be, less what was booked."""
        key = entry.cell
        earlier = [each for each in self.source.booked_cells[key] if each.entry < entry.entry]
        net = sum(each.net_sales or 0 for each in [*earlier, entry])
        below = [self._net_as_booked(key, entry, earlier, net)] if earlier else []
        if entry.kind == "prior_year":
            term, more = self._prior(entry, earlier, net)
        else:
            term, more = self._commission(entry, earlier, net)
        return self.source.root(entry, term, [*more, *below, *self.today(key, net)])

    def _commission(self, entry: Entry, earlier: Sequence[Entry], net: int) -> tuple[Term, list[Node]]:
        _ = self.source.localised
        should = rounded(product(amount(net), percent(entry.cell.rate)))
        rule = self.source.rule_line(
            _("The commission of a cell is its credited net sales times the rate, rounded to the fen."),
            "§3.2",
        )
        if not earlier:
            return should, [rule]
        booked = sum(each.amount for each in earlier if each.kind != "prior_year")
        correction = self.source.rule_line(
            _("What changes a closed quarter is booked as correction: as it should be, less what is booked."),
            "§3.3.1",
        )
        lines = [
            rule,
            correction,
            Node(_("commission of the cell as it should be"), term=should),
            self._booked(earlier, booked),
            *changed_before(self.source, entry),
        ]
        return arithmetic.minus(amount(should.fen), booked), lines

    def _booked(self, earlier: Sequence[Entry], total: int) -> Node:
        said = self.source.localised("booked for the cell before")
        lines = tuple(map(self.source.entry_line, earlier))
        return Node(said, amount=total, children=lines)

    def _net_as_booked(self, key: CellKey, entry: Entry, earlier: Sequence[Entry], net: int) -> Node:
        terms = plus(*(amount(each.net_sales or 0) for each in [*earlier, entry]))
        said = self.source.localised(
            "credited net sales of the cell with this entry: {cell}", cell=self.cells.of_cell(key)
        )
        places = tuple(self.source.entry_place(each, "Net Sales") for each in [*earlier, entry])
        return Node(said, term=terms if terms.fen == net else amount(net), clause="§3.2", places=places)

    def _prior(self, entry: Entry, earlier: Sequence[Entry], net: int) -> tuple[Term, list[Node]]:
        """P of what the cell's commission is, or has changed by, less what was booked of it (§3.3)."""
        _ = self.source.localised
        key, lines = entry.cell, []
        lines.append(
            self.source.rule_line(
                _(
                    "A sale of an earlier year was paid in full: what undoes it takes back that year's "
                    "coefficient and target bonus too."
                ),
                "§3.3.3",
            )
        )
        commission = rounded(product(amount(net), percent(key.rate)))
        lines.append(Node(_("commission of the cell as it should be"), term=commission))
        changed = commission.fen
        if key.own_year:
            booked = sum(each.amount for each in earlier if each.kind != "prior_year")
            changed -= booked
            lines.append(
                Node(
                    _("changed since the year was paid"),
                    term=arithmetic.minus(amount(commission.fen), booked),
                )
            )
        worth, worth_lines = self.worth(
            changed, entry.salesperson_id, key.origin // 12, self.source.before(entry)
        )
        lines += worth_lines
        prior = [each for each in earlier if each.kind == "prior_year"]
        if not prior:
            return worth, lines
        lines.append(Node(_("as it should be paid"), term=worth))
        total = sum(each.amount for each in prior)
        lines.append(self._booked(prior, total))
        return arithmetic.minus(amount(worth.fen), total), lines

    def worth(
        self, commission: int, person: str, year: int, before: Sequence[Entry] | None = None
    ) -> tuple[Term, list[Node]]:
        """Tell P: what a commission of an earlier year is worth, by that year's coefficient and bonus."""
        _ = self.source.localised
        coefficient, bonus_rate, why = self._terms_of_year(person, year, before)
        final = rounded(product(amount(commission), number(coefficient)))
        said = _("at the coefficient of {year}", year=year)
        lines = [Node(said, term=final, clause="§3.3.4", children=why)]
        if not bonus_rate:
            return final, lines
        bonus = rounded(product(amount(final.fen), percent(bonus_rate)))
        lines.append(Node(_("target bonus of {year} on it", year=year), term=bonus, clause="§3.4.1"))
        return plus(amount(final.fen), amount(bonus.fen)), lines

    def _terms_of_year(
        self, person: str, year: int, before: Sequence[Entry] | None
    ) -> tuple[Decimal, Decimal, tuple[Node, ...]]:
        """Give an earlier year's coefficient and bonus rate, and their source: ledger, else Prior Years."""
        _ = self.source.localised
        ledger = self.source.ledger if before is None else before
        balances = Balances(ledger)
        if year in balances.finished:
            coefficient = balances.coefficients.get((person, year), Decimal(1))
            rate = balances.bonus_rates.get((person, year), Decimal(0))
            kinds = ("adjustment", "target_bonus")
            found = [e for e in ledger if (e.salesperson_id, e.year) == (person, year) and e.kind in kinds]
            return coefficient, rate, tuple(map(self.source.entry_line, found))
        rows = [
            row for row in self.source.inputs.prior_years if (row.salesperson_id, row.year) == (person, year)
        ]
        if not rows:
            said = _("{year} is neither finished here nor on Prior Years: coefficient 1, no bonus", year=year)
            return Decimal(1), Decimal(0), (Node(said, "reason"),)
        row = rows[0]
        rate = self.source.policies.number("target_bonus_rate", Period("year", year).last_day)
        said = _(
            "the coefficient of {year} was {coefficient}, bonus earned",
            year=year,
            coefficient=row.coefficient,
        )
        if not row.bonus_earned:
            said = _(
                "the coefficient of {year} was {coefficient}, no bonus",
                year=year,
                coefficient=row.coefficient,
            )
        place = self.source.place("Prior Years", row.row, "Coefficient")
        return (
            row.coefficient,
            rate if row.bonus_earned else Decimal(0),
            (Node(said, "reason", places=(place,)),),
        )

    def today(self, key: CellKey, net: int) -> list[Node]:
        """Tell the cell as the rows make it today, and how that differs from what was booked."""
        today = self.cells.today(key)
        lines = [] if (reason := self.cells.rate_node(key)) is None else [reason]
        if today.net != net:
            lines.insert(0, self._moved(key, net))
        return [*lines, self.cells.net_node(key)]

    def _moved(self, key: CellKey, net: int) -> Node:
        """Say that the rows of today give another net: booked since, or to be booked."""
        _, today = self.source.localised, self.cells.today(key)
        booked = self.source.balances.cells[key]
        details = {"then": yuan_grouped(net), "today": yuan_grouped(today.net)}
        if booked.net == today.net:
            later = self.source.booked_cells[key]
            said = _(
                "with this entry {then} was booked; the rows today give {today}: a later run booked the rest",
                **details,
            )
            return Node(said, "note", children=tuple(map(self.source.entry_line, later)))
        difference = times(today.net, key.rate) - times(booked.net, key.rate)
        return self.source.note(
            _(
                "with this entry {then} was booked; the rows today give {today}. The difference in "
                "commission, {difference}, will be booked by the next run.",
                difference=yuan_grouped(difference),
                **details,
            )
        )

    # --- balances and year end --------------------------------------------------------------------------

    def opening(self, entry: Entry) -> Node:
        """Explain an opening balance: what the year before left, less what is booked of it."""
        _ = self.source.localised
        before = self.source.before(entry)
        balances, person, year = Balances(before), entry.salesperson_id, entry.year
        booked = balances.earned(person, year, "opening_balance")
        lines = [
            self.source.rule_line(
                _("A year begins with the balance that the year before left negative."), "§3.3.2"
            )
        ]
        if year - 1 in balances.finished:
            earned, paid = balances.earned(person, year - 1), balances.paid(person, year - 1)
            left = arithmetic.minus(amount(earned), paid)
            lines.append(Node(_("earned less paid in {year}", year=year - 1), term=left))
            wanted: Term = arithmetic.smaller(0, amount(left.fen))
            settled = gone(balances, self.source.inputs.salespeople).get(person)
            if settled is not None and settled.year < year:
                said = _("settled on leaving: a negative rest is to be recovered, no opening balance")
                lines.append(
                    Node(said, "reason", clause="§Controls", children=(self.source.entry_line(settled),))
                )
                wanted = amount(0)
        else:
            rows = [
                r for r in self.source.inputs.opening_balances if (r.salesperson_id, r.year) == (person, year)
            ]
            places = tuple(self.source.place("Opening Balances", row.row, "Amount") for row in rows)
            wanted = amount(rows[0].amount if rows else 0)
            said = _("sheet Opening Balances, {year}", year=year)
            lines.append(Node(said, "reason", amount=wanted.fen, places=places))
        if not booked:
            return self.source.root(entry, wanted, lines)
        lines.append(Node(_("booked of it before"), amount=booked))
        return self.source.root(entry, arithmetic.minus(amount(wanted.fen), booked), lines)
