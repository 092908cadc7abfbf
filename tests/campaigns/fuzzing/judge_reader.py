"""A second, slow and strict reader of the small demo: what it is not sure of, it does not judge.

It shares nothing with the program's reader but the declared names of sheets, columns and words. It takes an
XML parser's word for what stands in a part, and knows only the plain forms of values.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from keyaccount.tables import TABLE, WORDS, Column
from tests.campaigns.fuzzing.rows import TABLES, Row, Rows

_CELL = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,2}0*)?")
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID = re.compile("[A-Z]{1,3}(-[0-9]{4}-)?[0-9]{1,4}")
_ODD = re.compile(r"[^\x21-\x7e\u4e00-\u9fff() ]|^ | $|_x")
_STATE = {"Ledger", "提成台账"}
_DATE_FORMATS = {*range(14, 23)}
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, ET.ParseError),
    *(LookupError, ValueError, EOFError, RuntimeError, OSError, ArithmeticError),
)
Sheet = dict[int, dict[str, "Cell"]]


class Unsure(Exception):
    """Something that this reader does not know: it gives no verdict."""


class Cell(NamedTuple):
    """What stands in a cell: its type, its text, whether its format is a date's."""

    kind: str
    text: str
    dated: bool


class Judged(NamedTuple):
    """A workbook as the second reader sees it: the input rows, and the ledger's cells (None: no ledger)."""

    rows: Rows
    ledger: list[list[str]] | None


def read(data: bytes) -> Judged:
    """Read a workbook; raises Unsure."""
    try:
        return _Book(data).judged()
    except _UNREADABLE as reason:
        raise Unsure(f"{type(reason).__name__}: {reason}") from reason


class _Book:
    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        names = [name.casefold().replace("\\", "/").lstrip("/") for name in self.zip.namelist()]
        if len(set(names)) < len(names):
            raise Unsure("a part is there twice")
        self.names = dict(zip(names, self.zip.namelist(), strict=True))
        self.part = next(
            (target for kind, target in self.relations("").values() if kind == "officeDocument"), ""
        )
        root = self.xml(self.part)
        properties = [(each.get("date1904") or "x").strip() for each in _each(root, "workbookPr")]
        self.first = date(1904, 1, 1) if properties in (["1"], ["true"]) else date(1899, 12, 30)
        if properties not in ([], ["x"], ["0"], ["false"], ["1"], ["true"]):
            raise Unsure("which date system")
        self.book_relations = self.relations(self.part)
        self.sheets = dict(self.listed(root))
        self.strings = self.shared_strings()
        self.dated = self.dated_formats()

    def xml(self, part: str) -> ET.Element:
        if part.casefold() not in self.names:
            raise Unsure(f"no part {part}")
        return ET.fromstring(self.zip.read(self.names[part.casefold()]))  # noqa: S314 our own variants

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        source = f"{folder}/_rels/{name}.rels".lstrip("/")
        if source.casefold() not in self.names:
            return {}
        found = {}
        for each in _each(self.xml(source), "Relationship"):
            target = posixpath.normpath(posixpath.join("/" + folder, each.get("Target", ""))).lstrip("/")
            if each.get("Id", "") in found:
                raise Unsure("a relationship twice")
            found[each.get("Id", "")] = each.get("Type", "").rpartition("/")[2], target
        return found

    def listed(self, root: ET.Element) -> Iterator[tuple[str, str]]:
        seen = set()
        for sheets in _each(root, "sheets"):
            for each in _each(sheets, "sheet"):
                numbers = [value for name, value in each.attrib.items() if name.endswith("}id")]
                if len(numbers) != 1 or each.get("name", "") in seen:
                    raise Unsure("a sheet that is not clear")
                seen.add(each.get("name", ""))
                yield each.get("name", ""), self.book_relations[numbers[0]][1]

    def shared_strings(self) -> list[str]:
        parts = [target for kind, target in self.book_relations.values() if kind == "sharedStrings"]
        if len(parts) > 1:
            raise Unsure("several parts of shared strings")
        return [_text(each) for each in _each(self.xml(parts[0]), "si")] if parts else []

    def dated_formats(self) -> list[bool]:
        parts = [target for kind, target in self.book_relations.values() if kind == "styles"]
        if len(parts) != 1:
            raise Unsure("styles")
        listed = [*_each(self.xml(parts[0]), "cellXfs")]
        if len(listed) != 1:
            raise Unsure("cell formats")
        return [int(each.get("numFmtId", "0")) in _DATE_FORMATS for each in _each(listed[0], "xf")]

    def judged(self) -> Judged:
        rows: Rows = {}
        for name in TABLES:
            titles = [each for each in self.sheets if each in (name, *TABLE[name].zh)]
            if len(titles) > 1:
                raise Unsure(f"two sheets for {name}")
            rows[name] = self.table(name, self.sheets[titles[0]]) if titles else []
        ledgers = [part for each, part in self.sheets.items() if each in _STATE]
        if len(ledgers) > 1:
            raise Unsure("two ledgers")
        return Judged(rows, self.ledger(ledgers[0]) if ledgers else None)

    def ledger(self, part: str) -> list[list[str]]:
        cells = self.cells(part)
        return [
            [f"{letters}{number} {cell.text}" for letters, cell in sorted(row.items())]
            for number, row in sorted(cells.items())
        ]

    def table(self, name: str, part: str) -> list[Row]:
        cells = self.cells(part)
        known = {text: each for each in TABLE[name].columns for text in (each.en, *each.zh)}
        for number in sorted(cells)[:10]:
            columns = [(letters, known.get(cell.text)) for letters, cell in cells[number].items()]
            named = [(letters, each) for letters, each in columns if each is not None]
            if len({each.field for _, each in named}) < len(named):
                raise Unsure("a header twice")
            if {each.field for each in TABLE[name].columns if each.required} <= {e.field for _, e in named}:
                return [*self.rows(name, cells, number, dict(named))]
        raise Unsure(f"no header of {name}")

    def rows(self, name: str, cells: Sheet, top: int, columns: Mapping[str, Column]) -> Iterator[Row]:
        for number in sorted(cells):
            if number <= top:
                continue
            row: Row = dict.fromkeys(TABLES[name])
            for letters, column in columns.items():
                cell = cells[number].get(letters)
                if cell is not None and column.field in row:
                    row[column.field] = self.value(column, cell)
            if any(value is not None for value in row.values()):
                yield row

    def cells(self, part: str) -> Sheet:
        found: Sheet = {}
        datas = [*_each(self.xml(part), "sheetData")]
        if len(datas) != 1:
            raise Unsure("sheetData")
        last = 0
        for row in _each(datas[0], "row"):
            last = int(row.get("r", last + 1))
            if last in found or not 1 <= last <= 1_048_576:
                raise Unsure("a row twice, or outside")
            found[last] = {}
            column = 0
            for each in _each(row, "c"):
                address = _CELL.fullmatch(each.get("r", f"{_letters(column + 1)}{last}"))
                if address is None or int(address[2]) != last or address[1] in found[last]:
                    raise Unsure("a cell twice, or elsewhere")
                column = _number(address[1])
                cell = self.cell(each)
                if cell is not None:
                    found[last][address[1]] = cell
        return found

    def cell(self, element: ET.Element) -> Cell | None:
        kind = element.get("t", "n")
        values = [*_each(element, "v")]
        texts = [*_each(element, "is")]
        if len(values) + len(texts) > 1:
            raise Unsure("two values in a cell")
        if not values and not texts:
            if next(_each(element, "f"), None) is not None:
                raise Unsure("a formula without its value")
            return None
        text = _text(texts[0]) if texts else _plain(values[0])
        if kind == "s":
            if not text.isdigit() or int(text) >= len(self.strings):
                raise Unsure("a shared string that is not there")
            text = self.strings[int(text)]
        elif kind not in {"n", "str", "inlineStr"} or (texts and kind != "inlineStr"):
            raise Unsure(f"a cell of type {kind}")
        style = int(element.get("s", "0"))
        if style >= len(self.dated):
            raise Unsure("a cell format that is not there")
        return Cell("number" if kind == "n" else "text", text, self.dated[style]) if text else None

    def value(self, column: Column, cell: Cell) -> Any:  # noqa: ANN401 cells hold anything
        kind = column.kind
        if kind == "day":
            return self.day(cell)
        if kind in {"amount", "rate", "integer"} or (kind == "setting" and cell.kind == "number"):
            wanted = _AMOUNT if kind == "amount" else _NUMBER
            if cell.kind != "number" or cell.dated or not wanted.fullmatch(cell.text):
                raise Unsure(f"the number {cell.text!r}")
            return int(cell.text) if kind == "integer" else Decimal(cell.text)
        if cell.kind != "text" or _ODD.search(cell.text):
            raise Unsure(f"the text {cell.text!r}")
        if kind in {"word", "tier"}:
            words = WORDS[column.words or kind]
            known = {each: english for english, zh in words.items() for each in (english, *zh)}
            if cell.text not in known:
                raise Unsure(f"the word {cell.text!r}")
            return known[cell.text]
        if kind in {"id", "ids"} and not _ID.fullmatch(cell.text):
            raise Unsure(f"the ID {cell.text!r}")
        return cell.text

    def day(self, cell: Cell) -> date:
        if cell.kind == "text" and _DAY.fullmatch(cell.text):
            return date.fromisoformat(cell.text)
        if cell.kind != "number" or not cell.dated or not re.fullmatch("[0-9]{3,6}", cell.text):
            raise Unsure(f"the day {cell.text!r}")
        return self.first + timedelta(days=int(cell.text))


def _each(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """Give the children of a name; of another vocabulary's it is not sure whether they count."""
    vocabulary = element.tag.rpartition("}")[0]
    for each in element:
        theirs, _, local = each.tag.rpartition("}")
        if local == name:
            if theirs != vocabulary:
                raise Unsure("another vocabulary")
            yield each


def _plain(element: ET.Element) -> str:
    if len(element):
        raise Unsure("an element within a value")
    return element.text or ""


def _text(element: ET.Element) -> str:
    """Give the text of a string: its own, or that of its runs; without how it is pronounced."""
    pieces = [_plain(each) for each in _each(element, "t")]
    pieces += [_plain(t) for run in _each(element, "r") for t in _each(run, "t")]
    return "".join(pieces)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
