"""The columns' notes on a result sheet: what Excel shows beside a header that is selected."""

from __future__ import annotations

from keyaccount.tables import ResultTable
from keyaccount.tables.notes import LONGEST_NOTE, note_of
from keyaccount.workbook.cells import letters
from keyaccount.workbook.grid import Grid
from keyaccount.workbook.markup import escape

LONGEST_TITLE = 32
"""What Excel takes as the title of an input message."""


def prompts(table: ResultTable, grid: Grid, language: str, head: int) -> str:
    """Write the notes as input messages of the header cells in this row: they accept what stands there."""
    written = []
    for index, (column, header) in enumerate(zip(grid.columns, grid.headers, strict=True)):
        note = note_of(table.sheet, column)
        if note is not None:
            written.append(
                '<dataValidation allowBlank="1" showInputMessage="1"'
                f' promptTitle="{escape(header[:LONGEST_TITLE])}"'
                f' prompt="{escape(note[language == "zh"][:LONGEST_NOTE])}" sqref="{letters(index)}{head}"/>'
            )
    if not written:
        return ""
    return f'<dataValidations count="{len(written)}">{"".join(written)}</dataValidations>'
