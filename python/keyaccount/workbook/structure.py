"""The parts that say what else is in a workbook: relationships, content types, sheets; edited in place."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from keyaccount.problems import Phrase
from keyaccount.workbook.markup import Document, Element, damaged, escape
from keyaccount.workbook.parts import relationships_part

MAIN = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "http://purl.oclc.org/ooxml/officeDocument/relationships",
}
"""SpreadsheetML's namespace (transitional, strict) -> that of its relationships."""
PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
PACKAGE_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CONTENT_TYPES = "[Content_Types].xml"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
PRINT_TITLES = "_xlnm.Print_Titles"
FILTER = "_xlnm._FilterDatabase"
_OWN_NAMES = (PRINT_TITLES, FILTER, "_xlnm.Print_Area")
_NEW_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<Relationships xmlns="{PACKAGE_RELATIONSHIPS}"/>'
)


class Relationships:
    """The relationships of one part."""

    def __init__(self, source: str, data: bytes | None) -> None:
        """Read them; ``None``: the part has none yet."""
        self.source = source
        self.part = relationships_part(source)
        self.document = Document(self.part, data if data is not None else _NEW_RELATIONSHIPS.encode())
        if self.document.root.namespace != PACKAGE_RELATIONSHIPS:
            raise damaged(self.part, Phrase("it holds no relationships"))
        entries = self.document.root.each("Relationship")
        self.entries = {entry.attributes.get("Id", ""): entry for entry in entries}
        self._ids = set(self.entries)

    def add(self, kind: str, target_part: str) -> str:
        """Add a relationship of a type (its whole address) to a part and give its ID."""
        numbers = [int(key[3:]) for key in self._ids if key[:3] == "rId" and key[3:].isdecimal()]
        key = f"rId{max(numbers, default=0) + 1}"
        self._ids.add(key)
        target = posixpath.relpath(target_part, posixpath.dirname(self.source) or ".")
        root = self.document.root
        self.document.append(
            root, f'<{root.tag("Relationship")} Id="{key}" Type="{kind}" Target="{escape(target)}"/>'
        )
        return key

    def remove(self, key: str) -> None:
        """Remove a relationship."""
        self.document.replace(self.entries.pop(key), "")

    def result(self) -> bytes:
        """Give the part as edited."""
        return self.document.result()


class ContentTypes:
    """The package's content types."""

    def __init__(self, data: bytes) -> None:
        """Read them."""
        self.document = Document(CONTENT_TYPES, data)
        root = self.document.root
        if root.namespace != PACKAGE_TYPES:
            raise damaged(CONTENT_TYPES, Phrase("it holds no content types"))
        self.overrides = {
            entry.attributes.get("PartName", "").lstrip("/").casefold(): entry
            for entry in root.each("Override")
        }

    def add(self, part: str, content_type: str) -> None:
        """Declare a new part."""
        root = self.document.root
        text = f'<{root.tag("Override")} PartName="/{escape(part)}" ContentType="{content_type}"/>'
        self.document.append(root, text)

    def declare(self, part: str, content_type: str) -> None:
        """Declare a part that may be declared already."""
        if part.casefold() not in self.overrides:
            self.add(part, content_type)

    def remove(self, part: str) -> None:
        """Take a part's declaration out."""
        override = self.overrides.pop(part.casefold(), None)
        if override is not None:
            self.document.replace(override, "")

    def result(self) -> bytes:
        """Give the part as edited."""
        return self.document.result()


class WorkbookPart:
    """The workbook part: sheets, names, calculation."""

    def __init__(self, part: str, data: bytes) -> None:
        """Read it; raises FileProblem where it is no workbook of a known kind."""
        self.part = part
        self.document = Document(part, data)
        root = self.document.root
        sheets = root.child("sheets")
        if root.namespace not in MAIN or root.name != "workbook" or sheets is None:
            raise damaged(part, Phrase("it holds no list of sheets"))
        self.root, self.sheets = root, sheets
        self.namespace = root.namespace
        self.relationships_namespace = MAIN[root.namespace]
        self.titles = [each.attributes.get("name", "") for each in sheets.each("sheet")]
        ids = [each.attributes.get("sheetId", "0") for each in sheets.each("sheet")]
        self._next_id = max((int(each) for each in ids if each.isdecimal()), default=0) + 1

    @property
    def active_tab(self) -> int:
        """The index of the sheet that is shown."""
        views = self.root.child("bookViews")
        view = views.child("workbookView") if views else None
        index = view.attributes.get("activeTab", "0") if view else "0"
        return int(index) if index.isdecimal() else 0

    def add_sheet(self, title: str, relationship_id: str, *, unseen: bool = False) -> None:
        """Add a sheet at the end of the list; ``unseen``: a hidden one."""
        scope = self.sheets.scope.items()
        prefix = next((key for key, uri in scope if key and uri == self.relationships_namespace), "")
        declared = "" if prefix else f' xmlns:r="{self.relationships_namespace}"'
        hidden = ' state="hidden"' if unseen else ""
        self.document.append(
            self.sheets,
            f'<{self.sheets.tag("sheet")} name="{escape(title)}" sheetId="{self._next_id}"{hidden}{declared}'
            f' {prefix or "r"}:id="{relationship_id}"/>',
        )
        self._next_id += 1
        self.titles.append(title)

    def show(self, title: str, state: str) -> None:
        """Hide a sheet (``hidden``) or show it (``visible``); the one that is open is never hidden."""
        sheet = next(each for each in self.sheets.each("sheet") if each.attributes.get("name") == title)
        others = [each for each in self.sheets.each("sheet") if each is not sheet]
        open_ones = {view.attributes.get("activeTab", "0") for view in self._views()}
        seen = any(each.attributes.get("state", "visible") == "visible" for each in others)
        if state == "visible" or (seen and str(self.titles.index(title)) not in open_ones):
            self.document.set_attribute(sheet, "state", state)

    def _views(self) -> list[Element]:
        views = self.root.child("bookViews")
        return list(views.each("workbookView")) if views else []

    def name_ranges(self, sheets: Iterable[int], names: Mapping[tuple[str, int], str]) -> None:
        """Replace the built-in names (print titles, filter) of these sheets; other names stay as they are.

        ``names``: (name, sheet index) -> the range. A print area that someone set on a result sheet
        goes, since it would cut off the rows that have come since.
        """
        indexes = {str(index) for index in sheets}
        holder = self.root.child("definedNames")
        wanted = dict(names)
        for each in holder.each("definedName") if holder else ():
            name, index = each.attributes.get("name", ""), each.attributes.get("localSheetId", "")
            if name not in _OWN_NAMES or index not in indexes:
                continue
            text = wanted.pop((name, int(index)), None)
            if text is None:
                self.document.replace(each, "")
            elif self.document.data[each.open_end : each.close_start].decode() != escape(text):
                self.document.replace(each, self._defined_name(name, int(index), text))
        added = "".join(self._defined_name(*key, text) for key, text in wanted.items())
        if holder is not None and added:
            self.document.append(holder, added)
        elif added:
            tag = self.root.tag("definedNames")
            self._insert_after(("externalReferences", "functionGroups", "sheets"), f"<{tag}>{added}</{tag}>")

    def _defined_name(self, name: str, index: int, text: str) -> str:
        tag = self.root.tag("definedName")
        hidden = ' hidden="1"' if name == FILTER else ""
        return f'<{tag} name="{name}" localSheetId="{index}"{hidden}>{escape(text)}</{tag}>'

    def calculate_on_load(self) -> None:
        """Have Excel calculate all formulas when it opens the workbook: figures they rest on have changed."""
        found = self.root.child("calcPr")
        if found is not None:
            self.document.set_attribute(found, "fullCalcOnLoad", "1")
            return
        before = ("definedNames", "externalReferences", "functionGroups", "sheets")
        self._insert_after(before, f'<{self.root.tag("calcPr")} fullCalcOnLoad="1"/>')

    def _insert_after(self, names: tuple[str, ...], text: str) -> None:
        present = (self.root.child(name) for name in names)
        last = next(element for element in present if element is not None)
        self.document.insert(last.end, text)

    def result(self) -> bytes:
        """Give the part as edited."""
        return self.document.result()
