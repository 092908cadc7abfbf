"""The cell of a result sheet, as it stands in the workbook, to the figure that it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keyaccount.outputs.explain.tree import Place
from keyaccount.periods import month_from_text
from keyaccount.problems import Listed, UsageError
from keyaccount.tables import RESULT_SHEET, RESULT_SHEETS, TABLE, ResultSheet
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.rawcells import Decoder
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings

if TYPE_CHECKING:
    from keyaccount.outputs.explain.asked import Explaining

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
_HEADER_ROW = 5
_NO_FIGURE = {"Signature", "Remarks", "No."}


@dataclass(frozen=True)
class Chosen:
    """A cell of a result sheet: its column's English header, and its row's values by English header."""

    place: Place
    sheet: ResultSheet
    column: str
    row: int
    values: dict[str, str]

    def month(self, column: str) -> int:
        """Give a month of the row as an index."""
        return month_from_text(self.values[column])


class Choice:
    """Finds the sheet and reads the row of a wanted cell."""

    def __init__(self, explaining: Explaining, wanted: str) -> None:
        """Split a wanted cell into sheet title and address."""
        self._source, self._wanted = explaining.source, wanted
        title, _bang, cell = wanted.rpartition("!")
        title = title.strip()
        if title.startswith("'") and title.endswith("'") and len(title) > 1:
            title = title[1:-1].replace("''", "'")
        self._title = re.sub(r"^\[[^\]]*\]", "", title).strip()
        self._cell = cell.strip()

    def chosen(self) -> Chosen:
        """Give the cell; raises ``UsageError`` where there is none, or none with a figure."""
        found = _CELL.fullmatch(self._cell)
        if found is None:
            raise UsageError(
                "{cell} is no cell.",
                "Ask for one cell of a sheet, such as {title}!N6.",
                cell=self._cell or "–",
                title=self._title,
            )
        sheet = self._sheet()
        letters, row = found[1].upper(), int(found[2])
        title = self._source.book.read.result_titles[sheet.name]
        header_row = self._header_row(sheet)
        rows = self._rows(title, row)
        place = Place(title, f"{letters}{row}")
        header = rows.get(header_row, {})
        column = self._english(sheet, header.get(_place(letters), ""))
        values = {self._english(sheet, text): rows.get(row, {}).get(at, "") for at, text in header.items()}
        if not column or row <= header_row or column in _NO_FIGURE or not any(values.values()):
            raise UsageError(
                "{cell} shows no figure of its own.",
                "Choose a cell with a figure below the header row ({row}).",
                cell=place,
                row=header_row,
            )
        return Chosen(place, sheet, column, row, values)

    def _sheet(self) -> ResultSheet:
        """Find a result sheet by its title in the workbook, or by either language's name."""
        titles = self._source.book.read.result_titles
        names = {title: name for name, title in titles.items()}
        for sheet in RESULT_SHEETS:
            for known in (sheet.name, *sheet.zh):
                names.setdefault(known, sheet.name)
        name = names.get(self._title)
        if name in titles:
            return RESULT_SHEET[name]
        given = {table.name for table in TABLE.values()} | {zh for table in TABLE.values() for zh in table.zh}
        if self._title in given or any(
            p.title == self._title for p in self._source.book.read.located.values()
        ):
            raise UsageError(
                "{sheet} is an input sheet: its values are your own entries.",
                "Explain a cell of a result sheet: {sheets}.",
                sheet=self._title,
                sheets=Listed(titles.values()),
            )
        raise UsageError(
            "There is no result sheet named {sheet}.",
            "The result sheets are: {sheets}.",
            sheet=self._title or "–",
            sheets=Listed(titles.values() or ["–"]),
        )

    def _header_row(self, sheet: ResultSheet) -> int:
        if sheet.titled:
            return _HEADER_ROW
        return self._source.book.read.ledger_first_row - 1

    def _rows(self, title: str, last: int) -> dict[int, dict[int, str]]:
        """Read the sheet's rows down to the wanted one, as texts."""
        package = self._source.book.package
        part = next(entry.part for entry in package.sheets if entry.title == title)
        decoder = Decoder(shared_strings(package), dated_styles(package))
        rows: dict[int, dict[int, str]] = {}
        for row in SheetXml(package, part).head(last):
            cells = {column: decoder.cell(*raw) for column, raw in row.cells.items()}
            rows[row.number] = {column: cell.text for column, cell in cells.items() if cell is not None}
        return rows

    def _english(self, sheet: ResultSheet, header: str) -> str:
        return next((c.en for c in sheet.columns if header in (c.en, c.zh)), "")


def _place(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
