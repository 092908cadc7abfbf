"""Whether a workbook holds together, and whether Excel would open it without a repair.

``faults`` checks the rules between parts in every file; ``shapes`` says of what its XML is made, so that
openxml-audit, which is slow, need not look at what it has seen.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from lxml import etree
from openxml_audit import FileFormat, OpenXmlValidator

from keyaccount.workbook.zipping import _REGULAR_FILE

Shape = tuple[object, ...]
_FREE_TEXT = {"name", "displayName", "title", "descr", "prompt", "promptTitle", "error", "errorTitle"}
_LATEST = FileFormat.MICROSOFT_365
_MOVED_ON_SAVE = "Excel_InlineStrCells"
"""Not a fault: Excel opens such a file without a word and moves the texts to its own table when it saves."""
_OUR_DATE = (1980, 1, 1, 0, 0, 0)
_LONGEST_WORD = 25
_PARSER = etree.XMLParser(resolve_entities=False, huge_tree=True)


class Opened:
    """A workbook's parts as bytes and, where they are XML, as trees."""

    def __init__(self, content: bytes) -> None:
        """Unpack it."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = archive.infolist()
            self.parts = {info.filename.lstrip("/"): archive.read(info) for info in self.members}
        self.trees = {
            name: etree.fromstring(data, _PARSER)
            for name, data in self.parts.items()
            if name.endswith((".xml", ".rels", ".vml"))
        }
        self.folded = {name.casefold() for name in self.parts}
        types = self.trees["[Content_Types].xml"]
        self.overrides = [
            (e.get("PartName", "").lstrip("/"), e.get("ContentType", "")) for e in _each(types, "Override")
        ]
        self.defaults = [
            (e.get("Extension", "").casefold(), e.get("ContentType", "")) for e in _each(types, "Default")
        ]

    def type_of(self, part: str) -> str:
        """Give a part's declared content type."""
        declared = {name.casefold(): kind for name, kind in self.overrides}
        extension = part.rpartition(".")[2].casefold()
        return str(declared.get(part.casefold(), dict(self.defaults).get(extension, "")))

    def of_type(self, end: str) -> Iterator[tuple[str, etree._Element]]:
        """Give the trees of the parts whose content type ends so."""
        return ((name, tree) for name, tree in self.trees.items() if self.type_of(name).endswith(end))

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Give a part's relationships: ID -> (last word of the type, target part; "" for outside)."""
        folder, name = posixpath.split(part)
        tree = self.trees.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for each in _each(tree, "Relationship") if tree is not None else ():
            target = each.get("Target", "")
            inside = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            outside = each.get("TargetMode") == "External"
            kind = each.get("Type", "").rpartition("/")[2]
            found[each.get("Id", "")] = (kind, "" if outside else inside.lstrip("/"))
        return found


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _each(tree: etree._Element, *names: str) -> Iterator[etree._Element]:
    yield from tree.iter(*(f"{{*}}{name}" for name in names))


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


# --- the rules between parts -----------------------------------------------------------------------


def faults(book: Opened) -> set[str]:
    """Give the rules between parts that a workbook breaks, each as a sentence."""
    return {
        *_faults_of_package(book),
        *_faults_of_workbook(book),
        *_faults_of_cells(book),
        *_faults_of_ids(book),
    }


def _faults_of_package(book: Opened) -> Iterator[str]:
    for name in _twice(info.filename.lstrip("/").casefold() for info in book.members):
        yield f"{name} is in the package twice"
    for name in _twice(name.casefold() for name, _ in book.overrides):
        yield f"{name} has two content types"
    for name, _ in book.overrides:
        if name.casefold() not in book.folded:
            yield f"{name} has a content type and is not there"
    for part in book.parts:
        if part != "[Content_Types].xml" and not book.type_of(part):
            yield f"{part} has no content type"
    for part, tree in book.trees.items():
        if part.endswith(".rels"):
            yield from _faults_of_relationships(book, part, tree)


def _faults_of_relationships(book: Opened, part: str, tree: etree._Element) -> Iterator[str]:
    folder, name = posixpath.split(part)
    source = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
    if source and source.casefold() not in book.folded:
        yield f"{part} belongs to no part"
    for key in _twice(each.get("Id") for each in _each(tree, "Relationship")):
        yield f"{part} holds the ID {key} twice"
    related = book.related(source)
    for key, (_, target) in related.items():
        if target and target.casefold() not in book.folded:
            yield f"{part}: {key} leads to {target}, which is not there"
    for key in _used_relationships(book.trees.get(source)):
        if key not in related:
            yield f"{source} names the relationship {key}, which is not there"


def _used_relationships(tree: etree._Element | None) -> Iterator[str]:
    for each in tree.iter(etree.Element) if tree is not None else ():
        for name, value in each.items():
            if name.endswith(("officeDocument/2006/relationships}id", "officeDocument/relationships}id")):
                yield str(value)


def _workbook(book: Opened) -> tuple[str, etree._Element]:
    return next((name, tree) for name, tree in book.trees.items() if _local(tree) == "workbook")


def _faults_of_workbook(book: Opened) -> Iterator[str]:
    part, tree = _workbook(book)
    sheets = list(_each(tree, "sheet"))
    for what, values in (
        ("title", (each.get("name", "").casefold() for each in sheets)),
        ("sheet ID", (each.get("sheetId") for each in sheets)),
        ("part", (value for each in sheets for name, value in each.items() if name.endswith("}id"))),
    ):
        for value in _twice(values):
            yield f"two sheets have the {what} {value}"
    hidden = [each.get("state", "visible") != "visible" for each in sheets]
    if all(hidden):
        yield "no sheet is visible"
    for view in _each(tree, "workbookView"):
        active = int(view.get("activeTab", "0"))
        if active >= len(sheets) or hidden[active]:
            yield f"the sheet that is shown, {active}, is hidden or not there"
    names = [
        (each.get("name", "").casefold(), each.get("localSheetId")) for each in _each(tree, "definedName")
    ]
    for name in _twice(names):
        yield f"{part} defines the name {name} twice"
    for defined, index in names:
        if index is not None and int(index) >= len(sheets):
            yield f"the name {defined} belongs to the sheet {index}, which is not there"


def _faults_of_cells(book: Opened) -> Iterator[str]:
    related = book.related(_workbook(book)[0]).values()
    found = {kind: book.trees.get(target) for kind, target in related}
    strings = len(list(_each(found["sharedStrings"], "si"))) if found.get("sharedStrings") is not None else 0
    formats = looks = 1
    if (styles := found.get("styles")) is not None:
        looks = sum(len(each) for each in _each(styles, "cellXfs"))
        formats = sum(len(each) for each in _each(styles, "dxfs"))
        yield from _faults_of_styles(styles)
    for part, sheet in book.of_type("worksheet+xml"):
        yield from _faults_of_sheet(part, sheet, looks, strings, formats)


def _faults_of_styles(styles: etree._Element) -> Iterator[str]:
    counts = {name: sum(len(each) for each in _each(styles, name)) for name in ("fonts", "fills", "borders")}
    for each in _each(styles, "xf"):
        for name, count in counts.items():
            if int(each.get(f"{name[:-1]}Id", "0")) >= max(count, 1):
                yield f"a cell style names one of the {name} that is not there"
    for name in ("fonts", "fills", "borders", "cellXfs", "cellStyleXfs", "numFmts", "dxfs"):
        for holder in _each(styles, name):
            if holder.get("count") not in (None, str(len(holder))):
                yield f"{name} are counted wrongly"
    for key in _twice(each.get("numFmtId") for each in styles.iterfind("{*}numFmts/{*}numFmt")):
        yield f"two number formats have the ID {key}"


def _faults_of_sheet(
    part: str, sheet: etree._Element, looks: int, strings: int, formats: int
) -> Iterator[str]:
    seen, last = set(), 0
    for row in _each(sheet, "row"):
        number = int(row.get("r", last + 1))
        if number <= last:
            yield f"{part}: row {number} stands after row {last}"
        last = number
    first: dict[str, str] = {}
    for cell in _each(sheet, "c"):
        place = cell.get("r", "")
        if place and place in seen:
            first.setdefault("the cell {} is there twice", place)
        seen.add(place)
        if int(cell.get("s", "0")) >= looks:
            first.setdefault("the style of {} is not there", place)
        if cell.get("t") == "s" and int("".join(cell.itertext()) or 0) >= strings:
            first.setdefault("the text of {} is not there", place)
    yield from (f"{part}: {said.format(place)}" for said, place in first.items())
    for each in _each(sheet, "cfRule"):
        if int(each.get("dxfId", "0")) >= max(formats, 1):
            yield f"{part}: the look of a conditional format is not there"


def _faults_of_ids(book: Opened) -> Iterator[str]:
    for part, drawing in book.of_type("drawing+xml"):
        for key in _twice(each.get("id") for each in _each(drawing, "cNvPr")):
            yield f"{part}: two shapes have the ID {key}"
    tables = [tree for _, tree in book.of_type("spreadsheetml.table+xml")]
    for what in ("id", "displayName"):
        for value in _twice(each.get(what, "").casefold() for each in tables):
            yield f"two tables have the {what} {value}"
    for part, table in book.of_type("spreadsheetml.table+xml"):
        columns = list(_each(table, "tableColumn"))
        for name in _twice(each.get("name", "").casefold() for each in columns):
            yield f"{part}: two columns are named {name}"


# --- openxml-audit -----------------------------------------------------------------------------------


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=_LATEST, max_errors=0)


def findings(book: Path) -> set[tuple[str, str]]:
    """Give what openxml-audit finds in a workbook, for the newest Excel: (part, sentence)."""
    result = _validator().validate(str(book))
    return {(str(e.part_uri), str(e.description)) for e in result.errors if e.id != _MOVED_ON_SAVE}


def shapes(book: Opened) -> frozenset[Shape]:
    """Give of what a workbook's XML is made.

    A shape is an element with its attributes (with the value where it is a word of the format) and the
    order of its children; how often and in which cell it stands makes no difference.
    """
    return frozenset(
        shape for part in book.trees for shape in _shapes_of(book.type_of(part), book.parts[part])
    )


@lru_cache(maxsize=500)
def _shapes_of(kind: str, data: bytes) -> frozenset[Shape]:
    found: set[Shape] = set()
    for element in etree.fromstring(data, _PARSER).iter(etree.Element):
        words = tuple((name, _word(name, value)) for name, value in element.items())
        children = tuple(tag for tag, _ in groupby(child.tag for child in element))
        found.add((kind, element.tag, words, children))
    return frozenset(found)


def _word(name: str, value: str) -> str:
    """Give an attribute's value where it is a word, else its kind."""
    if value.isascii() and value.isalpha() and len(value) < _LONGEST_WORD and name not in _FREE_TEXT:
        return value
    try:
        float(value)
    except ValueError:
        return "text"
    return "-1" if value.startswith("-") else "1"


def written_parts(book: Path) -> set[str]:
    """Give the parts that our program has put into a file: they carry its date and mode."""
    with zipfile.ZipFile(book) as archive:
        return {
            info.filename.lstrip("/")
            for info in archive.infolist()
            if info.date_time == _OUR_DATE and info.external_attr == _REGULAR_FILE
        }
