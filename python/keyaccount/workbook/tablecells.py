"""The cells of a table by column, decoded but not yet read: of this workbook, or of one to import from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import LAST_ROW
from keyaccount.workbook.sheetxml import SheetXml


@dataclass(slots=True)
class TableCells:
    """Rows that are not blank in the wanted columns: their numbers, and cells by the columns' names."""

    rows: list[int] = field(default_factory=list)
    columns: dict[str, list[Cell | None]] = field(default_factory=dict)


def table_cells(
    sheet: SheetXml, decoder: Decoder, columns: Mapping[str, int], header_row: int, last_row: int = LAST_ROW
) -> TableCells:
    """Read columns (name -> sheet column, 1 = A) below a header row."""
    found = TableCells(columns={name: [] for name in columns})
    known: dict[tuple[bytes, bytes], Cell | None] = {}
    for batch in sheet.batches(list(columns.values())):
        contents = zip(*(each.contents for each in batch.columns), strict=True)
        kept = [
            index
            for index, (number, row) in enumerate(zip(batch.numbers, contents, strict=True))
            if header_row < number <= last_row and any(row)
        ]
        found.rows += [batch.numbers[index] for index in kept]
        for name, column in zip(columns, batch.columns, strict=True):
            cells = found.columns[name]
            for index in kept:
                content = column.contents[index]
                if not content:
                    cells.append(None)
                    continue
                raw = column.tag(index), content
                if raw not in known:
                    known[raw] = decoder.cell(*raw)
                cells.append(known[raw])
    return found
