"""五、异议登记: what the salesperson objected to, the answer, and the corrections that followed."""

from __future__ import annotations

from collections.abc import Iterable

from keyaccount.ledger import Entry
from keyaccount.outputs.statements.figures import Statement
from keyaccount.outputs.statements.paper import PaperLine, PaperTable
from keyaccount.outputs.statements.tables import column, entry_numbers
from keyaccount.problems import N_
from keyaccount.tables import ObjectionRow
from keyaccount.translation import Language, localised, translated


def objection_table(statement: Statement, language: Language) -> PaperTable | None:
    """What the salesperson objected to, the answer, and the corrections that followed (sheet Objections)."""
    if not statement.objections:
        return None
    return PaperTable(
        translated(N_("5. Objections"), language),
        (
            column(N_("Ledger entry"), language, width=10),
            column(N_("Raised"), language, "day", 11),
            column(N_("Objection"), language, width=40),
            column(N_("Answer"), language, width=40),
            column(N_("Answered by"), language, width=14),
        ),
        tuple(_objection(row, after, language) for row, after in statement.objections),
        stacked=((0,), (1,), (2,), (3,), (4,)),
        widths=(20, 21, 60, 60, 25),
    )


def _objection(row: ObjectionRow, after: Iterable[Entry], language: Language) -> PaperLine:
    answer = row.answer or localised("not answered yet", language)
    if row.status:
        answer += f" [{row.status}]"
    if corrections := entry_numbers(entry.entry for entry in after):
        answer += localised(" (corrected: {entries})", language, entries=corrections)
    return PaperLine((entry_numbers((row.entry,)), row.raised, row.text, answer, row.answered_by))
