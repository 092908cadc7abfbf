"""What changed in the inputs before a correction, as the sheet Changes lists it (§Controls)."""

from __future__ import annotations

from keyaccount import tables
from keyaccount.ledger import Entry, changes_named
from keyaccount.outputs.explain.source import Source
from keyaccount.outputs.explain.tree import Node, Place
from keyaccount.workbook.sheet import HEAD_ROW

_MOST = 20


def changed_before(source: Source, entry: Entry) -> list[Node]:
    """Tell which changes of the inputs a correction's Reference names, the first of many."""
    runs = changes_named(entry.reference)
    if not runs:
        return []
    sheet = source.title(tables.CHANGES.name)
    places = [
        (number, row)
        for number, row in enumerate(source.book.change_log.shown(source.language), start=HEAD_ROW + 1)
        if row[0] in runs
    ]
    lines = [Node(_in_words(row), "reason", places=(Place(sheet, f"A{number}"),)) for number, row in places]
    said = source.localised(
        "what changed in the inputs before this run (rows of {sheet}: {count})",
        count=len(lines),
        sheet=sheet,
    )
    return [Node(said, "reason", children=tuple(lines[:_MOST]))]


def _in_words(row: tuple[object, ...]) -> str:
    _, table, key, column, old, new = ("" if value is None else str(value) for value in row)
    what = " · ".join(filter(None, (table, key, column)))
    values = " → ".join(each or "–" for each in (old, new)) if old or new else ""
    return f"{what}: {values}" if values else what
