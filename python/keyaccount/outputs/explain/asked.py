"""``explain``: any figure of a workbook, down to the rows that it comes from.

An entry is explained from the ledger as it was when the entry was booked; what the rows say today is told
beside it, and where the two differ, so is that: nothing is ever rewritten.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from keyaccount.book import Book
from keyaccount.ledger import CELL_KINDS, PAYMENTS, Entry
from keyaccount.outputs.arithmetic import amount, plus
from keyaccount.outputs.explain.cells import CellTelling
from keyaccount.outputs.explain.entries import EntryTelling
from keyaccount.outputs.explain.payments import PaymentTelling
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Explanation, Node
from keyaccount.periods import Period
from keyaccount.problems import Listed, UsageError
from keyaccount.translation import Language

__all__ = ["Explanation", "explain"]

_NUMBER = re.compile(r"#?\s*(\d{1,9})", re.ASCII)
_PERSON = re.compile(r"(.+?)[\s,,/]+(\S+)", re.DOTALL)


def explain(book: Book, wanted: str, language: Language | None = None) -> Explanation:
    """Explain an entry ("17"), a salesperson and a period ("S01 2026Q1"), or a result's cell ("Sheet!M7").

    ``language`` is that of the words; ``None``: the workbook's. Raises ``UsageError`` for what there is not,
    with what there is, and ``ProblemsFound`` while the workbook holds errors.
    """
    return Explaining(book, language or book.read.language).answer(wanted)


class Explaining:
    """A workbook that is asked about, once or many times."""

    def __init__(self, book: Book, language: Language) -> None:
        """Check the workbook; raises ``ProblemsFound`` where it holds errors."""
        self.source = Source(book, language)
        self.cells = CellTelling(self.source)
        self.entries = EntryTelling(self.source, self.cells)
        self.payments = PaymentTelling(self.source, self.cells, self.entries)

    def answer(self, wanted: str) -> Explanation:
        """Explain what is wanted; raises ``UsageError`` for what there is not, with what there is."""
        asked = wanted.strip()
        if "!" in asked:
            from keyaccount.outputs.explain.figures import explain_cell

            roots = explain_cell(self, asked)
        elif found := _NUMBER.fullmatch(asked):
            roots = (self.entry(self.numbered(int(found[1]))),)
        elif found := _PERSON.fullmatch(asked):
            roots = self.person_in(found[1], found[2])
        else:
            raise UsageError(
                "{wanted} is neither an entry's number, nor salesperson and period, nor a sheet's cell.",
                "Ask for example for 17, for S01 2026Q1 or for 'Quarterly Settlement'!N6.",
                wanted=asked or "–",
            )
        return Explanation(asked, self.source.language, roots)

    def numbered(self, number: int) -> Entry:
        """Give the entry of a number."""
        ledger = self.source.ledger
        if not ledger:
            raise UsageError(
                "Nothing has been booked yet.", "Run a month first, such as: keyaccount advance."
            )
        if not 1 <= number <= len(ledger):
            raise UsageError(
                "There is no entry {number}: the ledger holds entries 1 to {last}.",
                "Look the number up in the first column of the ledger's sheet.",
                number=number,
                last=len(ledger),
            )
        return ledger[number - 1]

    def entry(self, entry: Entry) -> Node:
        """Explain one entry."""
        if entry.kind in CELL_KINDS:
            return self.entries.cell_entry(entry)
        if entry.kind in PAYMENTS:
            return self.payments.payment(entry)
        return {
            "opening_balance": self.entries.opening,
            "adjustment": self.payments.year_end.adjustment,
            "target_bonus": self.payments.year_end.target_bonus,
        }[entry.kind](entry)

    def person_in(self, person: str, text: str) -> tuple[Node, ...]:
        """Explain what was booked for a salesperson in a period: its payments first, then what was earned."""
        try:
            period = str(Period.parse(text))
        except ValueError:
            raise UsageError(
                "expected a period such as 2026-01, 2026Q1 or 2026 ≠ found {text}.", text=text
            ) from None
        own = [each for each in self.source.ledger if each.salesperson_id == person]
        found = [each for each in own if each.period == period]
        if not own:
            self._unknown(person)
        if not found:
            raise UsageError(
                "{person} has no entries in {period}.",
                "There are entries in: {periods}.",
                person=person,
                period=period,
                periods=Listed(_in_order({each.period for each in own})),
            )
        paid = [each for each in found if each.kind in PAYMENTS]
        told = PAYMENTS | ({"adjustment", "target_bonus"} if paid else set())  # they stand below the payment
        earned = [self.entry(each) for each in found if each.kind not in told]
        nodes = [self.entry(each) for each in paid]
        head = Node(
            self.source.localised(
                "{person}, {period}: paid", person=self.source.person(person), period=period
            ),
            term=plus(*(amount(each.amount) for each in paid)) if paid else amount(0),
            children=tuple(nodes),
        )
        return (head, *earned)

    def _unknown(self, person: str) -> None:
        known = sorted({each.salesperson_id for each in self.source.ledger} | set(self.source.names))
        if person in self.source.names:
            raise UsageError(
                "Nothing has been booked for {person} yet.",
                "Run a period first, or look at --preview.",
                person=person,
            )
        nearest = difflib.get_close_matches(person, known, n=3, cutoff=0.4) or known[:10]
        raise UsageError(
            "There is no salesperson {person}.", "Nearest: {nearest}.", person=person, nearest=Listed(nearest)
        )


def _in_order(texts: Iterable[str]) -> list[Period]:
    """Sort periods as they are run: a month before its quarter, a quarter before its year."""
    periods = map(Period.parse, texts)
    return sorted(periods, key=lambda each: (each.last_month, each.last_month - each.first_month))
