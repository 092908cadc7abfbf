"""The exact way to read a sheet part: every row and cell through an XML parser, whatever wrote it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import cache
from xml.parsers import expat

from keyaccount.problems import N_
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import damaged_xml, doctype_problem, is_true
from keyaccount.workbook.rawcells import FORMULA_TAG
from keyaccount.workbook.rawrows import (
    LAST_COLUMN,
    LAST_ROW,
    RawCell,
    RawRow,
    RowFault,
    column_letters,
    column_number,
)

_REFERENCE = re.compile("([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_LONGEST_NUMBER = 11
_OUTSIDE = (
    N_("This cell lies outside the sheet, which has 1,048,576 rows and columns up to XFD."),
    N_("Move the data into the sheet and save the workbook from Excel or LibreOffice."),
)
_TWICE = (
    N_("This cell is in the file twice: which one counts is unclear."),
    N_("Type the value again and save the workbook from Excel or LibreOffice."),
)
_WRONG_ADDRESS = (
    N_("A cell of this row has the address of another place."),
    N_("Save the workbook anew from Excel or LibreOffice, then look at this row."),
)
_UNCLEAR = (
    N_("This cell is not written as a workbook's cells are, with one value: what counts is unclear."),
    N_("Type the value again and save the workbook from Excel or LibreOffice."),
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
        self._data_found = False
        self._prefix = ""
        self._package, self._part, self._wanted = package, part, wanted
        self._row: RawRow | None = None
        self._seen: set[int] = set()
        self._last_column = 0
        self._cell: _OpenCell | None = None
        self._tags: dict[tuple[str | None, str | None], bytes] = {}
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Parse a piece; raises ``FileProblem`` when the part is damaged."""
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, ValueError, LookupError) as reason:
            raise damaged_xml(self._part, self._package.path.name, reason) from None
        if last and not self._data_found:
            raise damaged_xml(self._part, self._package.path.name, "no worksheet")

    def take(self) -> list[RawRow]:
        """Give the rows parsed since the last time."""
        rows, self.rows = self.rows, []
        return rows

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.utf8 = encoding is None or encoding.lower() in {"utf-8", "utf8"}

    def _doctype(self, *_about: object) -> None:
        raise doctype_problem(self._part, self._package.path.name)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name or self._prefix:
            name = self._local(name)
        cell = self._cell
        if cell is not None:
            self._start_in_cell(cell, name)
        elif name == "c" and self._row is not None:
            self._cell = _OpenCell(attributes)
        elif name == "row" and self.inside_data:
            if self._row is not None:
                raise ValueError("a row within a row")
            self._start_row(attributes)
        elif name == "sheetData":
            self.inside_data = self._data_found = True

    def _local(self, name: str) -> str:
        """Give an element's name without the sheet data's prefix; what bears another one is none of ours."""
        prefix, _, local = name.rpartition(":")
        if local == "sheetData" and not self.inside_data:
            self._prefix = prefix
        return local if prefix == self._prefix else name

    def _start_in_cell(self, cell: _OpenCell, name: str) -> None:
        if cell.inside_text:
            cell.unclear = True  # no element belongs within a value
        if name in {"v", "t"}:
            cell.inside_text = True
            if not cell.phonetic:
                cell.count(name)
                self._parser.CharacterDataHandler = cell.texts.append
        elif name == "f":
            cell.inside_text = True
            cell.formula = []
            self._parser.CharacterDataHandler = cell.formula.append
        elif name in {"is", "r"}:
            cell.begin(name)
        elif name == "rPh":
            cell.phonetic += 1
        else:
            cell.foreign += 1
            return
        cell.unclear |= cell.foreign > 0  # within an element that a cell does not have, or has no text in

    def _end(self, name: str) -> None:
        if ":" in name or self._prefix:
            name = self._local(name)
        if self._cell is not None:
            if name == "c":
                self._end_cell(self._cell)
                self._cell = None
            elif name == "rPh":
                self._cell.phonetic -= 1
            elif name in {"v", "t", "f"}:
                self._cell.inside_text = False
                self._parser.CharacterDataHandler = None
            elif name not in {"is", "r"}:
                self._cell.foreign -= 1
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
        column = self._last_column = self._place(row, cell)
        if column not in self._wanted:
            return
        raw = self._raw(cell)
        if cell.unclear:
            self._fault(row.number, column, raw or (b"", b""), *_UNCLEAR)
            self._seen.add(column)
            return
        if raw is None:
            return
        if not 1 <= row.number <= LAST_ROW or column > LAST_COLUMN:
            self._fault(row.number, column, raw, *_OUTSIDE)
        elif column in self._seen:
            self._fault(row.number, column, raw, *_TWICE)
        else:
            row.cells[column] = raw
        self._seen.add(column)

    def _place(self, row: RawRow, cell: _OpenCell) -> int:
        reference = cell.attributes.get("r")
        following = self._last_column + 1
        if reference is None or reference == f"{_letters(following)}{row.number}":
            return following
        found = _REFERENCE.fullmatch(reference.strip())
        if found is None or int(found[2]) != row.number:
            self._fault(row.number, 0, (b"", reference.encode()), *_WRONG_ADDRESS)
            return following
        return column_number(found[1])

    def _raw(self, cell: _OpenCell) -> RawCell | None:
        """Give a cell's raw form, None when it is blank."""
        kind = cell.attributes.get("t")
        if not any(cell.texts):
            calculated = cell.formula is None or (cell.has_value and kind == "str")
            return None if calculated else (FORMULA_TAG, _content(["=", *(cell.formula or ())]))
        key = kind, cell.attributes.get("s")
        tag = self._tags.get(key)
        if tag is None:
            tag = self._tags[key] = _tag(*key)
        return tag, _content(cell.texts)

    def _fault(self, row: int, column: int, raw: RawCell, problem: str, remedy: str) -> None:
        self.faults.append(RowFault(row, column, raw[1].decode(), problem, remedy))


class _OpenCell:
    """A cell while its elements come in."""

    __slots__ = (
        "attributes",
        "foreign",
        "formula",
        "has_value",
        "inside_text",
        "one_more",
        "phonetic",
        "texts",
        "unclear",
    )

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.texts: list[str] = []
        self.formula: list[str] | None = None
        self.has_value = False
        self.phonetic = self.foreign = 0
        self.inside_text = False
        self.one_more = True  # whether a text may still come where we are
        self.unclear = False

    def begin(self, name: str) -> None:
        """Begin a text in the sheet (``is``), or a run of one (``r``)."""
        self.unclear |= name == "is" and (self.has_value or self.attributes.get("t") != "inlineStr")
        self.has_value |= name == "is"
        self.one_more = True

    def count(self, name: str) -> None:
        """Count a value (``v``) or a text (``t``): one a cell, one a run."""
        self.unclear |= self.has_value if name == "v" else not (self.one_more and self.has_value)
        self.has_value = True
        self.one_more = False


_letters = cache(column_letters)


def _tag(kind: str | None, style: str | None) -> bytes:
    """Write the attributes that matter, as they would stand in the part."""
    number = (style or "").strip()
    styled = f' s="{number}"' if number.isascii() and number.isdigit() else ""
    typed = "" if kind is None else f' t="{kind}"'
    return f"{styled}{typed}".encode("ascii", "replace").replace(b"<", b"?")


def _content(texts: Sequence[str]) -> bytes:
    text = texts[0] if len(texts) == 1 else "".join(texts)
    if "&" in text or "<" in text or ">" in text:
        text = text.translate(_ESCAPES)
    return text.encode()
