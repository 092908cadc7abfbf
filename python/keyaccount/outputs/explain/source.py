"""What every explanation looks at: the checked company, the ledger, the workbook's own names and cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from keyaccount import tables
from keyaccount.book import Book
from keyaccount.clauses.cells import Cell
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.ledger import CELL_KINDS, Balances, CellKey, Entry
from keyaccount.money import yuan_grouped
from keyaccount.outputs import arithmetic
from keyaccount.outputs.arithmetic import Term
from keyaccount.outputs.explain.rows import Rows
from keyaccount.outputs.explain.tree import Node, Place
from keyaccount.periods import Period
from keyaccount.problems import ProblemsFound
from keyaccount.settlement import look_again
from keyaccount.tables import WORDS, Located
from keyaccount.translation import Language, localised
from keyaccount.workbook.ranges import column_letters_of


@dataclass
class Source:
    """A workbook whose figures are to be explained, in a language."""

    book: Book
    language: Language

    def __post_init__(self) -> None:
        """Check the workbook as its latest run did; raises ``ProblemsFound`` where it holds errors."""
        read = self.book.read
        self.inputs, self.ledger = read.inputs, self.book.ledger
        latest = Period.parse(self.ledger[-1].period) if self.ledger else None
        self.company = look_again(read.inputs, self.ledger, latest)
        if self.company.failed or not self.book.readable:
            raise ProblemsFound(
                "The workbook holds errors: its figures cannot be explained before they are corrected.",
                "`keyaccount check` lists each with its cell.",
            )
        self.policies = self.company.policies
        self.balances = Balances(self.ledger)
        self.rows = Rows(self.company)
        self.rule = PriorYearRule(self.balances, self.inputs.prior_years, self.policies)
        self.names = {row.salesperson_id: row.name for row in self.inputs.salespeople}
        self._accounts = {row.account_id: row.name for row in self.inputs.accounts}

    @cached_property
    def cells(self) -> dict[CellKey, Cell]:
        """The cells as the rows give them today, through the latest run."""
        return self.company.cells(self.through)

    @cached_property
    def booked_cells(self) -> dict[CellKey, list[Entry]]:
        """The entries that book each cell, in the ledger's order."""
        booked: dict[CellKey, list[Entry]] = {}
        for entry in self.ledger:
            if entry.kind in CELL_KINDS:
                booked.setdefault(entry.cell, []).append(entry)
        return booked

    @property
    def through(self) -> int:
        """The last month (index) that any run reached."""
        return max((Period.parse(entry.period).last_month for entry in self.ledger), default=0)

    # --- names and places ---------------------------------------------------------------------------

    def localised(self, template: str, /, **details: object) -> str:
        """Give a text in the reader's language."""
        return localised(template, self.language, **details)

    def listed(self, *texts: str) -> str:
        """Put texts one after the other, with the language's comma."""
        return ("，" if self.language == "zh" else ", ").join(texts)

    def account(self, account_id: str) -> str:
        """Name an account by ID and name."""
        return f"{account_id} {self._accounts.get(account_id, '')}".strip()

    def person(self, salesperson_id: str) -> str:
        """Name a salesperson by ID and name."""
        return f"{salesperson_id} {self.names.get(salesperson_id, '')}".strip()

    def word(self, word: str, vocabulary: str) -> str:
        """Give a word of a vocabulary in the reader's language; own names (of tiers) stay."""
        chinese = WORDS[vocabulary].get(word)
        if self.language == "zh" and chinese:
            return chinese[0]
        return word.replace("_", " ")

    def tier(self, tier: str) -> str:
        """Name a tier; several at one rate are joined with ``/``."""
        return "/".join(self.word(each, "tier") for each in tier.split("/"))

    def place(self, table: str, row: int, column: str) -> Place:
        """Give the cell of an input row."""
        located = self.book.read.located.get(table, Located(table, 1))
        return Place(located.title, located.cell(row, column))

    def title(self, sheet: str) -> str:
        """Give a result sheet's title in this workbook."""
        return self.book.read.result_titles.get(sheet, sheet)

    def entry_place(self, entry: Entry, column: str = "Amount") -> Place:
        """Give a ledger entry's cell."""
        letter = column_letters_of(each.en for each in tables.LEDGER.columns)[column]
        row = self.book.read.ledger_first_row + entry.entry - 1
        return Place(self.title(tables.LEDGER.name), f"{letter}{row}")

    def entry_line(self, entry: Entry) -> Node:
        """Name an entry in a line, with its amount."""
        said = self.localised(
            "entry {number}, {kind}, {period}",
            number=entry.entry,
            kind=self.word(entry.kind, "entry"),
            period=entry.period,
        )
        return Node(said, amount=entry.amount, places=(self.entry_place(entry),))

    def policy_places(self, name: str, period: Period) -> tuple[Place, ...]:
        """Give the cell of the policy's row in force on a period's last day; none: the shipped value."""
        found = [
            row
            for row in self.inputs.policies
            if row.policy == name and (row.effective_from is None or row.effective_from <= period.last_day)
        ]
        if not found:
            return ()
        row = max(found, key=lambda each: (each.effective_from is not None, each.effective_from or 0))
        return (self.place("Policies", row.row, "Value"),)

    # --- lines ----------------------------------------------------------------------------------------

    def rule_line(self, said: str, clause: str) -> Node:
        """Give the plan's rule as a line."""
        return Node(said, "rule", clause=clause)

    def note(self, said: str) -> Node:
        """Say that the data of today give another figure."""
        return Node(said, "moved")

    def before(self, entry: Entry) -> list[Entry]:
        """Give the entries booked before this one."""
        return self.ledger[: entry.entry - 1]

    def headline(self, entry: Entry) -> str:
        """Name an entry."""
        return self.localised(
            "Entry {number}: {kind} of {person}, {period} (run {run})",
            number=entry.entry,
            kind=self.word(entry.kind, "entry"),
            person=self.person(entry.salesperson_id),
            period=entry.period,
            run=entry.run,
        )

    def root(self, entry: Entry, term: Term, children: Sequence[Node]) -> Node:
        """Put an entry at the top: its arithmetic; what the ledger holds, should that be something else."""
        below = list(children)
        if term.fen != entry.amount:
            below.insert(0, self._not_as_booked(entry, term))
        return Node(
            self.headline(entry),
            term=term,
            clause=entry.clause,
            places=(self.entry_place(entry),),
            children=tuple(below),
        )

    def _not_as_booked(self, entry: Entry, term: Term) -> Node:
        return self.note(
            self.localised(
                "booked: {booked}. The arithmetic uses today's data and gives {today}: what it rests on was "
                "changed after the run. The entry itself is never rewritten.",
                booked=yuan_grouped(entry.amount),
                today=yuan_grouped(term.fen),
            )
        )

    def entries_sum(self, said: str, found: Iterable[Entry], more: Sequence[Node] = ()) -> Node:
        """Add up entries, and more lines."""
        lines = [*map(self.entry_line, found), *more]
        term = arithmetic.total(node.figure or 0 for node in lines)
        return Node(said, term=term, clause="§3.3.2", children=tuple(lines))
