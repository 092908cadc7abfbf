"""The exact way to read a sheet part: every row and cell through an XML parser, whatever wrote it."""

from __future__ import annotations

import re
from collections.abc import Container
from xml.parsers import expat

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import damaged_xml, doctype_problem, is_true
from keyaccount.workbook.rawcells import FORMULA_TAG
from keyaccount.workbook.rawrows import LAST_COLUMN, LAST_ROW, RawCell, RawRow, RowFault, column_number

_REFERENCE = re.compile("([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_LONGEST_NUMBER = 11
_OUTSIDE = (
    "This cell lies outside the sheet, which has 1,048,576 rows and columns up to XFD.",
    "Move the data into the sheet and save the workbook from Excel or LibreOffice.",
)
_TWICE = (
    "This cell is in the file twice: which one counts is unclear.",
    "Type the value again and save the workbook from Excel or LibreOffice.",
)
_WRONG_ADDRESS = (
    "A cell of this row has the address of another place.",
    "Save the workbook anew from Excel or LibreOffice, then look at this row.",
)
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class RowParser:
    """Parses a sheet part, or those pieces of it that are fed to it; only ``wanted`` columns are kept.

    ``rows`` and ``faults`` fill while feeding; ``take`` empties the rows.
    """

    def __init__(self, package: Package, part: str, wanted: Container[int]) -> None:
        """Prepare for a part; ``wanted`` holds column numbers."""
        self.rows: list[RawRow] = []
        self.faults: list[RowFault] = []
        self.inside_data = False
        self.utf8 = True
        self.last_row = 0
        self._package, self._part, self._wanted = package, part, wanted
        self._row: RawRow | None = None
        self._seen: set[int] = set()
        self._last_column = 0
        self._cell: _OpenCell | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse a piece; raises ``FileProblem`` when the part is damaged."""
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, ValueError) as reason:
            raise damaged_xml(self._part, self._package.path.name, reason) from None

    def take(self) -> list[RawRow]:
        """Give the rows parsed since the last time."""
        rows, self.rows = self.rows, []
        return rows

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.utf8 = encoding is None or encoding.lower() in {"utf-8", "utf8"}

    def _doctype(self, *_about: object) -> None:
        raise doctype_problem(self._part, self._package.path.name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self._cell is not None:
            self._cell.start(name, self._parser)
        elif name == "c" and self._row is not None:
            self._cell = _OpenCell(attributes)
        elif name == "row" and self.inside_data:
            self._start_row(attributes)
        elif name == "sheetData":
            self.inside_data = True

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if self._cell is not None:
            if name == "c":
                self._end_cell(self._cell)
                self._cell = None
            else:
                self._cell.end(name, self._parser)
        elif name == "row" and self._row is not None:
            if self._row.cells:
                self.rows.append(self._row)
            self._row = None
        elif name == "sheetData":
            self.inside_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r", "").strip()
        given = text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER
        number = int(text) if given else self.last_row + 1
        self.last_row = number
        self._row = RawRow(number, is_true(attributes.get("hidden", "")), {})
        self._seen = set()
        self._last_column = 0

    def _end_cell(self, cell: _OpenCell) -> None:
        row = self._row
        if row is None:
            return
        column = self._place(row, cell)
        self._last_column = column
        raw = cell.raw()
        if column not in self._wanted or raw is None:
            return
        if not 1 <= row.number <= LAST_ROW or column > LAST_COLUMN:
            self._fault(row.number, column, raw, *_OUTSIDE)
        elif column in self._seen:
            self._fault(row.number, column, raw, *_TWICE)
        else:
            row.cells[column] = raw
        self._seen.add(column)

    def _place(self, row: RawRow, cell: _OpenCell) -> int:
        reference = cell.attributes.get("r", "").strip()
        if not reference:
            return self._last_column + 1
        found = _REFERENCE.fullmatch(reference)
        if found is None or int(found[2]) != row.number:
            self._fault(row.number, 0, (b"", reference.encode()), *_WRONG_ADDRESS)
            return self._last_column + 1
        return column_number(found[1])

    def _fault(self, row: int, column: int, raw: RawCell, problem: str, remedy: str) -> None:
        self.faults.append(RowFault(row, column, raw[1].decode(), problem, remedy))


class _OpenCell:
    """A cell while its elements come in."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self._texts: list[str] = []
        self._formula: list[str] | None = None
        self._has_value = False
        self._phonetic = 0

    def start(self, name: str, parser: expat.XMLParserType) -> None:
        if name == "rPh":
            self._phonetic += 1
        elif name == "f":
            self._formula = []
            parser.CharacterDataHandler = self._formula.append
        elif name in {"v", "t"} and not self._phonetic:
            self._has_value = True
            parser.CharacterDataHandler = self._texts.append

    def end(self, name: str, parser: expat.XMLParserType) -> None:
        if name == "rPh":
            self._phonetic -= 1
        elif name in {"f", "v", "t"}:
            parser.CharacterDataHandler = None

    def raw(self) -> RawCell | None:
        """Give the cell's raw form, None when it is blank."""
        text = "".join(self._texts)
        kind = self.attributes.get("t", "n")
        if not text:
            calculated = self._formula is None or (self._has_value and kind == "str")
            return None if calculated else (FORMULA_TAG, _content("=" + "".join(self._formula or ())))
        style = self.attributes.get("s", "").strip()
        styled = f' s="{style}"' if style.isascii() and style.isdigit() else ""
        return f'{styled} t="{kind}"'.encode("ascii", "replace").replace(b"<", b"?"), _content(text)


def _content(text: str) -> bytes:
    return text.translate(_ESCAPES).encode()
