"""A company's inputs, checked and turned into lines, credits and cells (§2.2, §3.1, §3.2)."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.cells import Cell, cells_of, check_credits, groups_of
from keyaccount.clauses.checks import check_tables
from keyaccount.clauses.company_sales import check_company_sales
from keyaccount.clauses.log_checks import check_log
from keyaccount.clauses.maintenance import Scores
from keyaccount.clauses.mid_life import before_the_plan
from keyaccount.clauses.net_sales import lines_of, net_by_month, unknown_ignored
from keyaccount.clauses.rates import Credits
from keyaccount.clauses.scorecard import check_scorecard
from keyaccount.ledger import CellKey
from keyaccount.periods import last_day, to_number
from keyaccount.policies import Policies
from keyaccount.tables import Inputs


class Company:
    """The inputs of a workbook, checked and turned into lines, credits and cells."""

    def __init__(self, inputs: Inputs, period_end: date | None = None) -> None:
        """Check the tables and read the lines; ``period_end`` decides the policies of the check."""
        self.inputs = inputs
        self._cells: dict[int, dict[CellKey, Cell]] = {}
        self.policies = Policies(inputs.policies)
        self.big = BigTables.of(inputs)
        self.lines, self.reversals, line_problems = lines_of(self.big, inputs, self.policies, period_end)
        self.credits = Credits(inputs, self.policies, self.lines.accounts)
        self.problems = [*check_tables(inputs, self.policies, self.credits.tiers), *line_problems]
        creditable = {"Tiers", "Account Tiers", "Assignments"}
        if not any(problem.table in creditable and problem.severity == "error" for problem in self.problems):
            self.problems += check_credits(self.lines, self.credits, inputs, period_end)
            self.problems += before_the_plan(self.lines, self.reversals, self.credits, inputs, period_end)
        self.problems += check_scorecard(inputs.scorecard, inputs.bands, self.policies)
        ignored = unknown_ignored(inputs, self.policies, period_end)
        self.problems += check_log(inputs, self.lines.accounts, period_end, ignored=ignored)
        if inputs.company_sales:
            self.problems += check_company_sales(inputs, net_by_month(self.lines), period_end)

    def cells(self, through: int) -> dict[CellKey, Cell]:
        """Give all cells of months through a month index."""
        if through not in self._cells:
            lines = self.lines.until(to_number(last_day(through)))
            self._cells[through] = cells_of(groups_of(lines, self.credits))
        return self._cells[through]

    @property
    def failed(self) -> bool:
        """Whether an error stands in the way of a run."""
        return any(problem.severity == "error" for problem in self.problems)

    @cached_property
    def scores(self) -> Scores:
        """The maintenance scores (§4, §5)."""
        return Scores(self.inputs, self.lines.accounts)

    @cached_property
    def salespeople(self) -> tuple[str, ...]:
        """The IDs on sheet Salespeople, as text in order."""
        return tuple(sorted({row.salesperson_id for row in self.inputs.salespeople}))
