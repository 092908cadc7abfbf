"""``export``: what a period pays, for the payroll system (spec, "Command line").

One row a payment entry of the period's runs. What was paid outside the program (sheet Payments Made) is not
in it, nor are payments of 0.00.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keyaccount.ledger import Entry
from keyaccount.outputs.tabular import TableColumn, TableFile
from keyaccount.periods import Period
from keyaccount.problems import Listed, Refused
from keyaccount.tables import WORDS, Inputs
from keyaccount.translation import Language

PAYROLL_COLUMNS = (
    TableColumn("Period", "期间"),
    TableColumn("Salesperson ID", "销售员编号", exact=True),
    TableColumn("Name", "姓名"),
    TableColumn("Department", "部门"),
    TableColumn("Kind", "类别"),
    TableColumn("Amount (before tax)", "金额(税前)", amount=True),
    TableColumn("Ledger Entry", "台账行"),
)
"""The spec's columns; ``--columns`` gives them other names and another order."""


@dataclass(frozen=True, slots=True)
class Payroll:
    """The payments of a period, their control total (fen), the runs that booked them, how many were 0.00."""

    table: TableFile
    total: int
    runs: tuple[int, ...]
    nothing: int


def payroll(
    inputs: Inputs, ledger: Sequence[Entry], period: Period, language: Language, run: int | None = None
) -> Payroll:
    """Give the payroll table of a period, or of one of its runs: a month may be run again for a difference.

    Raises ``Refused`` for a run that did not pay in the period.
    """
    entries = [entry for entry in ledger if entry.period == str(period) and entry.marks_run]
    runs = tuple(sorted({entry.run for entry in entries}))
    if run is not None and run not in runs:
        raise Refused(
            "Run {run} paid nothing in {period}.",
            "Give one of its runs: {runs}.",
            run=run,
            period=period,
            runs=Listed(runs),
        )
    wanted = [entry for entry in entries if run in (None, entry.run)]
    paid = [entry for entry in wanted if entry.amount]
    table = TableFile(PAYROLL_COLUMNS, tuple(_rows(inputs, paid, language)), str(period))
    return Payroll(table, sum(entry.amount for entry in paid), runs, len(wanted) - len(paid))


def _rows(inputs: Inputs, paid: Iterable[Entry], language: Language) -> Iterable[tuple[object, ...]]:
    people = {row.salesperson_id: row for row in inputs.salespeople}
    for entry in paid:
        person = people.get(entry.salesperson_id)
        kind = WORDS["entry"][entry.kind][0] if language == "zh" else entry.kind
        yield (
            entry.period,
            entry.salesperson_id,
            person.name if person else "",
            person.department if person else "",
            kind,
            entry.amount,
            str(entry.entry),
        )
