"""Charts as parts of the file: a sheet's drawing is replaced with all its charts, and nothing is left."""

from __future__ import annotations

import posixpath
import re
from collections.abc import MutableMapping, Sequence

from keyaccount.workbook.charts import Place, Plot, chart_xml, drawing_xml
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import relationships_part
from keyaccount.workbook.structure import ContentTypes, Relationships

_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_ELEMENT = re.compile(r"<(?:[^\s:<>]+:)?drawing\s[^>]*?(?:/>|>\s*</(?:[^\s:<>]+:)?drawing\s*>)")
_NAME = "keyaccount-dashboard"

Plots = Sequence[tuple[Plot, Place]]


def without_drawing(kept: str) -> str:
    """Take the element that names a sheet's drawing out of what the sheet keeps."""
    return _ELEMENT.sub("", kept)


class Drawings:
    """A sheet's drawing while it is replaced: the parts to change, the declarations of their types."""

    def __init__(
        self,
        package: Package,
        types: ContentTypes,
        changes: MutableMapping[str, bytes | None],
        namespace: str,
    ) -> None:
        """Take the workbook and where changes are collected; ``namespace``: that of relationships."""
        self._package, self._types, self._changes = package, types, changes
        self._namespace, self._strict = namespace, "purl.oclc.org" in namespace

    def replace(self, sheet_part: str, plots: Plots) -> str:
        """Put these charts on a sheet in the place of its drawing; give the element that names it."""
        folder = posixpath.dirname(posixpath.dirname(sheet_part))
        drawing = posixpath.join(folder, "drawings", f"{_NAME}.xml")
        charts = [posixpath.join(folder, "charts", f"{_NAME}{n}.xml") for n in range(1, len(plots) + 1)]
        rels = relationships_part(sheet_part)
        known = self._package.read(rels) if rels in self._package else None
        relationships = Relationships(sheet_part, self._changes.get(rels) or known)
        found = self._package.relationships(sheet_part)
        before = [each for each in found.values() if each.kind == "drawing" and not each.external]
        written = {drawing, relationships_part(drawing), *charts} if plots else set()
        key = ""
        for each in before:
            self._drop_below(each.target, written)
            if each.target == drawing and plots and not key:
                key = each.id
            else:
                relationships.remove(each.id)
        if plots:
            key = key or relationships.add(f"{self._namespace}/drawing", drawing)
            self._write(drawing, charts, plots)
        if relationships.document.root.children or plots or before:
            self._changes[rels] = relationships.result()
        return f'<drawing r:id="{key}"/>' if plots else ""

    def _write(self, drawing: str, charts: Sequence[str], plots: Plots) -> None:
        links = Relationships(drawing, None)
        placed = []
        for (plot, place), part in zip(plots, charts, strict=True):
            placed.append((plot, place, links.add(f"{self._namespace}/chart", part)))
            self._changes[part] = chart_xml(plot, strict=self._strict, relationships=self._namespace)
            self._types.declare(part, _CHART)
        self._changes[drawing] = drawing_xml(placed, strict=self._strict, relationships=self._namespace)
        self._changes[links.part] = links.result()
        self._types.declare(drawing, _DRAWING)

    def _drop_below(self, part: str, kept: set[str]) -> None:
        """Take out a part and the charts, colours and styles that it leads to, but for ``kept``."""
        if part not in self._package:
            return
        for each in self._package.relationships(part).values():
            if not each.external and each.kind in _OURS:
                self._drop_below(each.target, kept)
        for name in (part, relationships_part(part)):
            if name not in kept and name in self._package:
                self._types.remove(name)
                self._changes[name] = None


_OURS = frozenset({"chart", "chartEx", "chartStyle", "chartColorStyle", "chartUserShapes", "themeOverride"})
"""What belongs to a chart and to nothing else; pictures may be shared and stay."""
