"""Where the rows of a sheet part stand, by byte offset: for edits that leave all other rows as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from keyaccount.problems import Phrase
from keyaccount.workbook.markup import START_TAG, damaged
from keyaccount.workbook.rawrows import column_number

_REFERENCE = re.compile(r"([A-Za-z]{1,3})[0-9]+")
_ROW_DEPTH, _CELL_DEPTH = 2, 3


@dataclass(slots=True)
class ScannedCell:
    """A cell: its column (1 = A), where it stands, its style, and whether it holds anything."""

    column: int
    start: int
    end: int
    style: str
    kind: str
    filled: bool = False
    formula: bool = False


@dataclass(slots=True)
class ScannedRow:
    """A row: its number, where its start tag, its content and itself stand, its attributes, its cells."""

    number: int
    start: int
    open_end: int
    attributes: dict[str, str]
    close_start: int = 0
    end: int = 0
    cells: list[ScannedCell] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ScannedSheet:
    """The rows from a row on, in their order, and where the content of sheetData begins and ends."""

    content_start: int
    content_end: int
    rows: list[ScannedRow]
    prefix: str


def scan_rows(part: str, data: bytes, first_row: int) -> ScannedSheet:
    """Find the rows from ``first_row`` on in a sheet part (UTF-8); raises FileProblem where it is damaged."""
    scan = _Scan(part, data, first_row)
    try:
        scan.parser.Parse(data, True)  # noqa: FBT003 expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError) as reason:
        raise damaged(part, Phrase("it is damaged"), reason) from reason
    if scan.content_end < 0:
        raise damaged(part, Phrase("it is no worksheet"))
    return ScannedSheet(scan.content_start, scan.content_end, scan.rows, scan.prefix)


class _Scan:
    """Turns expat's events into rows with offsets; rows above the first one wanted are only counted."""

    def __init__(self, part: str, data: bytes, first_row: int) -> None:
        self.part, self.data, self.first_row = part, data, first_row
        self.rows: list[ScannedRow] = []
        self.content_start = self.content_end = -1
        self.prefix = ""
        self.depth, self.number, self.column = 0, 0, 0
        self.inside = False
        self.row: ScannedRow | None = None
        self.cell: ScannedCell | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: object) -> None:
        raise damaged(self.part, Phrase("it holds a DOCTYPE, which no spreadsheet program writes"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        depth = self.depth
        self.depth += 1
        if depth == 1 and name.rpartition(":")[2] == "sheetData":
            self.inside = True
            self.prefix = name.rpartition(":")[0]
            self.content_start = self._open_end()
        if not self.inside:
            return
        if depth == _ROW_DEPTH:
            given = attributes.get("r", "")
            self.number = int(given) if given.isascii() and given.isdigit() else self.number + 1
            self.column = 0
            if self.number >= self.first_row:
                at = self.parser.CurrentByteIndex
                self.row = ScannedRow(self.number, at, self._open_end(), attributes)
        elif self.row is not None:
            self._start_of_cell(depth, name, attributes)

    def _start_of_cell(self, depth: int, name: str, attributes: dict[str, str]) -> None:
        if depth == _CELL_DEPTH:
            found = _REFERENCE.fullmatch(attributes.get("r", ""))
            self.column = column_number(found[1]) if found else self.column + 1
            style, kind = attributes.get("s", ""), attributes.get("t", "n")
            self.cell = ScannedCell(self.column, self.parser.CurrentByteIndex, 0, style, kind)
        elif self.cell is not None:
            self.cell.filled = True
            self.cell.formula |= name.rpartition(":")[2] == "f"

    def end(self, name: str) -> None:
        self.depth -= 1
        if not self.inside:
            return
        if self.depth == 1:
            self.inside = False
            at = self.parser.CurrentByteIndex
            self.content_end = max(at, self.content_start) if self._closes(at, name) else self.content_start
        elif self.row is not None and self.depth == _ROW_DEPTH:
            self.row.close_start, self.row.end = self._ends(name, self.row.open_end)
            self.rows.append(self.row)
            self.row = None
        elif self.cell is not None and self.depth == _CELL_DEPTH and self.row is not None:
            self.cell.end = self._ends(name, self._tag_end(self.cell.start))[1]
            self.row.cells.append(self.cell)
            self.cell = None

    def _ends(self, name: str, open_end: int) -> tuple[int, int]:
        """Give where an element's content and itself end; both behind its tag where it has no content."""
        at = self.parser.CurrentByteIndex
        if not self._closes(at, name):
            return open_end, open_end
        return at, self.data.index(b">", at) + 1

    def _closes(self, at: int, name: str) -> bool:
        return self.data.startswith(b"</" + name.encode(), at)

    def _open_end(self) -> int:
        return self._tag_end(self.parser.CurrentByteIndex)

    def _tag_end(self, at: int) -> int:
        tag = START_TAG.match(self.data, at)
        if tag is None:
            raise damaged(self.part, Phrase("it holds a tag that cannot be read"))
        return tag.end()
