"""Result sheets written into a workbook at the level of its parts.

Changed or added are the result sheets' own parts, the workbook's list of sheets, its relationships,
the content types and the styles (appended to); nothing else is touched. ``save`` puts them in the file.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from keyaccount.problems import FileProblem, Phrase
from keyaccount.sight import Sight
from keyaccount.tables import RESULT_SHEETS, Charted, Located, ResultSheet, ResultTable
from keyaccount.workbook import dashboard
from keyaccount.workbook.drawings import Drawings, without_drawing
from keyaccount.workbook.grid import Frame
from keyaccount.workbook.look import INPUT_TAB_COLOUR, LOOKS
from keyaccount.workbook.markup import Document, damaged, escape
from keyaccount.workbook.ownership import tab_colour
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import relationships_part
from keyaccount.workbook.ranges import quoted_title
from keyaccount.workbook.sheet import Kept, Rendered, render
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.structure import (
    CONTENT_TYPES,
    FILTER,
    MAIN,
    PRINT_TITLES,
    SPREADSHEET,
    ContentTypes,
    Relationships,
    WorkbookPart,
)
from keyaccount.workbook.styles import add_looks, new_styles

Changes = dict[str, bytes | None]
"""Part name -> its new content; ``None``: the part goes."""

_ROWS = re.compile(rb"<(?:[^\s:<>]+:)?sheetData[\s/>]")
_ROWS_END = re.compile(rb"</(?:[^\s:<>]+:)?sheetData\s*>")
_FORMULA = re.compile(rb"<(?:[^\s:<>]+:)?f[\s/>]")
_DRAWN = ("drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls")
_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ORDER = {sheet.name: index for index, sheet in enumerate(RESULT_SHEETS)}


def write_results(
    package: Package,
    tables: Sequence[ResultTable],
    *,
    language: Literal["en", "zh"],
    titles: Mapping[str, str],
    located: Mapping[str, Located],
    sights: Mapping[str, Sight] | None = None,
) -> Changes:
    """Give the parts to change so that the workbook holds these result sheets (spec "Result sheets").

    ``titles``: English result sheet name -> title of the sheet that holds it in this workbook; what is
    not there is added at the end, in the order of RESULT_SHEETS, titled in ``language``. ``located``:
    where the tables stand that Problems' cells link to. ``sights``: titles of input sheets to hide or show,
    which is done to the template's own. Parts that would not change are left out.
    Raises FileProblem where the workbook's structure cannot be edited safely.
    """
    writing = _Writing(package, language, located)
    for table in sorted(tables, key=lambda table: _ORDER[table.sheet.name]):
        writing.write(table, titles.get(table.sheet.name))
    for title, state in (sights or {}).items():
        writing.show(title, state)
    return writing.finish()


@dataclass(slots=True)
class _Placed:
    """Where a result sheet goes: its part, its place among the sheets, what its predecessor hands on."""

    part: str
    index: int
    kept: Kept = field(default_factory=Kept)


class _Writing:
    """The parts of one workbook while its result sheets are written."""

    def __init__(self, package: Package, language: str, located: Mapping[str, Located]) -> None:
        self.package = package
        self.changes: Changes = {}
        part = package.workbook_part.replace("\\", "/").lstrip("/")  # some programs' zips have such names
        self.workbook = WorkbookPart(part, package.read(part))
        self.relationships = Relationships(part, _read(package, relationships_part(part)))
        self.types = ContentTypes(package.read(CONTENT_TYPES))
        self.taken = {name.replace("\\", "/").lstrip("/").casefold() for name in package.names}
        self.ranges: dict[tuple[str, int], str] = {}
        self.placed: list[int] = []
        self.frame = Frame(
            language,
            self.workbook.namespace,
            self.workbook.relationships_namespace,
            package.date1904,
            self._styles(),
            located,
        )

    def write(self, table: ResultTable, title: str | None) -> None:
        """Write one result sheet, in its predecessor's place or at the end."""
        entry = next((entry for entry in self.package.sheets if entry.title == title), None)
        placed = self._replace(entry) if entry else self._add(table.sheet)
        selected = bool(entry) and placed.index == self.workbook.active_tab
        if isinstance(table, Charted):
            rendered = self._charted(table, placed, selected=selected)
        else:
            rendered = render(table, self.frame, placed.kept, selected=selected)
        self.changes[placed.part] = rendered.xml
        self.placed.append(placed.index)
        self._name(placed.index, rendered)

    def show(self, title: str, state: Sight) -> None:
        """Hide an input sheet of the template's, or show it again; anybody else's stays as it is."""
        entry = next((entry for entry in self.package.sheets if entry.title == title), None)
        was = "hidden" if state == "visible" else "visible"
        if entry and entry.state == was and tab_colour(self.package, entry) == INPUT_TAB_COLOUR:
            self.workbook.show(title, state)

    def _charted(self, table: Charted, placed: _Placed, *, selected: bool) -> Rendered:
        """Write the Dashboard and its charts in the place of those that it had."""
        title = self.workbook.titles[placed.index]
        drawings = Drawings(self.package, self.types, self.changes, self.workbook.relationships_namespace)
        drawing = drawings.replace(placed.part, dashboard.plots(table, title, self.frame.language))
        kept = replace(placed.kept, drawings=drawing + without_drawing(placed.kept.drawings))
        return dashboard.render(table, self.frame, kept, selected=selected)

    def _name(self, index: int, rendered: Rendered) -> None:
        if not rendered.filter_range:
            return
        title = quoted_title(self.workbook.titles[index])
        absolute = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", rendered.filter_range)
        self.ranges[FILTER, index] = f"{title}!{absolute}"
        self.ranges[PRINT_TITLES, index] = f"{title}!{rendered.repeated_rows}"

    def finish(self) -> Changes:
        """Give what has changed."""
        self.workbook.name_ranges(self.placed, self.ranges)
        self.workbook.calculate_on_load()
        self.changes[self.workbook.part] = self.workbook.result()
        self.changes[self.relationships.part] = self.relationships.result()
        self.changes[CONTENT_TYPES] = self.types.result()
        return {
            part: data
            for part, data in self.changes.items()
            if (part in self.package if data is None else _read(self.package, part) != data)
        }

    # --- the sheets' parts ------------------------------------------------------------------------

    def _replace(self, entry: SheetEntry) -> _Placed:
        data = self.package.read(entry.part)
        kept = kept_from(entry.part, data)
        self._drop_tables(entry.part)
        if kept.formulas:
            self._drop_calculation_chain()
        index = self.workbook.titles.index(entry.title)
        return _Placed(entry.part, index, kept)

    def _add(self, sheet: ResultSheet) -> _Placed:
        title = sheet.zh[0] if self.frame.language == "zh" else sheet.name
        if title.casefold() in (each.casefold() for each in self.workbook.titles):
            raise FileProblem(
                "The workbook has a sheet {title} of its own where the result sheet of that name belongs.",
                "Rename that sheet and run again.",
                title=title,
            )
        part = self._free_part()
        relationships = self.workbook.relationships_namespace
        self.workbook.add_sheet(
            title, self.relationships.add(f"{relationships}/worksheet", part), unseen=sheet.unseen
        )
        self.types.add(part, f"{SPREADSHEET}worksheet+xml")
        return _Placed(part, len(self.workbook.titles) - 1)

    def _free_part(self) -> str:
        folder = posixpath.join(posixpath.dirname(self.workbook.part), "worksheets")
        number = 1
        while (part := f"{folder}/sheet{number}.xml").casefold() in self.taken:
            number += 1
        self.taken.add(part.casefold())
        return part

    def _drop_tables(self, part: str) -> None:
        """Take out tables that someone made over a result sheet: their headers and rows are replaced."""
        found = self.package.relationships(part)
        dropped = [each for each in found.values() if each.kind == "table" and not each.external]
        if not dropped:
            return
        relationships = Relationships(part, self.package.read(relationships_part(part)))
        for each in dropped:
            relationships.remove(each.id)
            self._drop(each.target)
        self.changes[relationships.part] = relationships.result()

    def _drop_calculation_chain(self) -> None:
        """Take out the list of formulas, which Excel makes anew: it names cells that hold none any more."""
        for each in self.package.relationships(self.workbook.part).values():
            if each.kind == "calcChain" and each.id in self.relationships.entries:
                self.relationships.remove(each.id)
                self._drop(each.target)

    def _drop(self, part: str) -> None:
        self.types.remove(part)
        self.changes[part] = None

    # --- styles -----------------------------------------------------------------------------------

    def _styles(self) -> dict[str, int]:
        present = self.package.relationships(self.workbook.part).values()
        found = next((each.target for each in present if each.kind == "styles"), "")
        if found:
            data = self.package.read(found)
        else:
            found = posixpath.join(posixpath.dirname(self.workbook.part), "styles.xml")
            if found.casefold() in self.taken:
                raise damaged(found, Phrase("the workbook does not name it as its styles"))
            data = new_styles(self.workbook.namespace)
            self.relationships.add(f"{self.workbook.relationships_namespace}/styles", found)
            self.types.add(found, f"{SPREADSHEET}styles+xml")
        self.changes[found], numbers = add_looks(found, data, LOOKS)
        return numbers


def kept_from(part: str, data: bytes) -> Kept:
    """Read what a replaced sheet hands on; its rows, which may be many, are not parsed."""
    formulas = (b"<f" in data or b":f" in data) and _FORMULA.search(data) is not None
    document = Document(part, _without_rows(data))
    root = document.root
    if root.name != "worksheet":
        raise damaged(part, Phrase("it is no worksheet"))
    properties = root.child("sheetPr")
    code_name = properties.attributes.get("codeName", "") if properties else ""
    return Kept(escape(code_name), _declarations(document), "".join(_drawings(document)), formulas)


def _without_rows(data: bytes) -> bytes:
    start = _ROWS.search(data)
    tails = (max(0, len(data) - 10_000), max(0, len(data) - 1_000_000), 0)
    ends = next(filter(None, (list(_ROWS_END.finditer(data, tail)) for tail in tails)), [])
    if start is None or not ends:
        return data
    first = data.index(b">", start.start()) + 1
    return data[:first] + data[ends[-1].start() :] if first <= ends[-1].start() else data


def _declarations(document: Document) -> str:
    """Write the namespaces that a sheet's kept elements may use, beyond the two that every sheet has."""
    root = document.root
    written = [f' xmlns:{key}="{escape(uri)}"' for key, uri in root.scope.items() if key not in ("", "r")]
    ignorable = root.attributes.get(f"{_COMPATIBILITY} Ignorable")
    prefix = next((key for key, uri in root.scope.items() if uri == _COMPATIBILITY), "")
    if ignorable and prefix:
        written.append(f' {prefix}:Ignorable="{escape(ignorable)}"')
    return "".join(written)


def _drawings(document: Document) -> Iterator[str]:
    """Give the elements that tie drawings, comments and controls to the sheet, as they stand."""
    root = document.root
    ours = {"": root.namespace, "r": MAIN.get(root.namespace)}
    if any(root.scope.get(prefix, uri) != uri for prefix, uri in ours.items()):
        return  # our sheet gives these two prefixes their usual meaning
    for child in root.children:
        if (child.namespace == root.namespace and child.name in _DRAWN) or child.namespace == _COMPATIBILITY:
            yield document.text(child)


def _read(package: Package, part: str) -> bytes | None:
    return package.read(part) if part in package else None
