"""Styles are only ever appended: what a user's cells refer to keeps its number.

A look that the workbook already has (from an earlier run) is found again by its content.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from keyaccount.problems import FileProblem, Phrase
from keyaccount.workbook.look import INK, LINE, Look
from keyaccount.workbook.markup import Document, Element, damaged, escape
from keyaccount.workbook.structure import MAIN

_ORDER = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
_BUILT_IN = {"General": 0, "0": 1, "0.00": 2, "0.00%": 10}
_FIRST_OWN_FORMAT = 164
_MOST_CELL_FORMATS = 65_000
_SIZE = re.compile(r"\d+(\.\d+)?")

Canon = tuple[str, tuple[tuple[str, str], ...], tuple["Canon", ...]]


def new_styles(namespace: str) -> bytes:
    """Give the styles part of a workbook that has none: one plain font, the two fills, one border."""
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<styleSheet xmlns="{namespace}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()


def add_looks(part: str, data: bytes, looks: Mapping[str, Look]) -> tuple[bytes, dict[str, int]]:
    """Append what the styles part lacks of these looks; give it and each look's cell format number.

    Raises FileProblem where the part is damaged or full.
    """
    sheet = _StyleSheet(part, data)
    numbers = {name: sheet.cell_format(look) for name, look in looks.items()}
    return sheet.result(), numbers


class _Holder:
    """One list of the styles part (fonts, fills, …): its elements by content, and those to append."""

    def __init__(self, document: Document, name: str, item: str) -> None:
        self.name, self.item = name, item
        self.element = document.root.child(name)
        present = list(self.element.children) if self.element else []
        if any(each.name != item for each in present):
            raise damaged(document.part, Phrase("it holds unknown cell formats"))
        self.present = present
        self.known: dict[Canon, int] = {}
        for index, each in enumerate(present):
            self.known.setdefault(_canon(each), index)
        self.added: list[Canon] = []

    def number_of(self, canon: Canon) -> int:
        """Give the number of the element with this content, appending it where it is new."""
        found = self.known.get(canon)
        if found is None:
            found = self.known[canon] = len(self.present) + len(self.added)
            self.added.append(canon)
        return found


class _StyleSheet:
    def __init__(self, part: str, data: bytes) -> None:
        self.document = Document(part, data)
        root = self.document.root
        if root.namespace not in MAIN or root.name != "styleSheet":
            raise damaged(part, Phrase("it holds no styles"))
        items = ("numFmt", "font", "fill", "border", "xf", "xf")
        self.holders = {n: _Holder(self.document, n, i) for n, i in zip(_ORDER, items, strict=True)}
        self._provide_basics()
        ids = [each.attributes.get("numFmtId", "0") for each in self.holders["numFmts"].present]
        codes = [each.attributes.get("formatCode", "") for each in self.holders["numFmts"].present]
        self.formats = {code: int(key) for code, key in zip(codes, ids, strict=True) if key.isdecimal()}
        self.base = self._base_font()

    def _provide_basics(self) -> None:
        """Give an odd, almost empty part what every workbook has: a font, two fills, a border, a format."""
        plain = _c("xf", numFmtId="0", fontId="0", fillId="0", borderId="0")
        basics: dict[str, tuple[Canon, ...]] = {
            "fonts": (_c("font", _c("sz", val="11"), _c("name", val="Calibri")),),
            "fills": tuple(_c("fill", _c("patternFill", patternType=kind)) for kind in ("none", "gray125")),
            "borders": (_border(""),),
            "cellStyleXfs": (plain,),
            "cellXfs": (_c("xf", **dict(plain[1]), xfId="0"),),
        }
        for name, canons in basics.items():
            holder = self.holders[name]
            for canon in canons[len(holder.present) :]:
                holder.known[canon] = len(holder.present) + len(holder.added)
                holder.added.append(canon)

    def _base_font(self) -> dict[str, Canon]:
        fonts = self.holders["fonts"].present
        canons = [_canon(child) for child in fonts[0].children] if fonts else []
        base = {canon[0]: canon for canon in canons}
        base.setdefault("sz", _c("sz", val="11"))
        base.setdefault("name", _c("name", val="Calibri"))
        return base

    def cell_format(self, look: Look) -> int:
        """Give the number of the cell format with this look."""
        numbers = {
            "numFmtId": self._number_format(look.number_format),
            "fontId": self._font(look),
            "fillId": self.holders["fills"].number_of(_fill(look.fill)) if look.fill else 0,
            "borderId": self.holders["borders"].number_of(_border("thin", apart=look.apart))
            if look.lines
            else 0,
            "xfId": 0,
        }
        applied = {
            "applyNumberFormat": numbers["numFmtId"],
            "applyFont": numbers["fontId"],
            "applyFill": numbers["fillId"],
            "applyBorder": numbers["borderId"],
            "applyAlignment": 1,
        }
        attributes = {key: str(value) for key, value in numbers.items()}
        attributes |= {key: "1" for key, value in applied.items() if value}
        alignment = {
            "horizontal": look.align,
            "vertical": "center",
            "wrapText": "1" if look.wrapped else "",
            "indent": str(look.indent or ""),
        }
        shown = _c("alignment", **{key: value for key, value in alignment.items() if value})
        formats = self.holders["cellXfs"]
        number = formats.number_of(_c("xf", shown, **attributes))
        if number > _MOST_CELL_FORMATS:
            raise FileProblem(
                "The workbook holds more cell formats than Excel allows beside those of the result sheets.",
                "Remove unused formats (Excel: Cell Styles), or copy the input sheets into a new workbook.",
            )
        return number

    def _number_format(self, code: str) -> int:
        if code in _BUILT_IN:
            return _BUILT_IN[code]
        if code not in self.formats:
            key = max((_FIRST_OWN_FORMAT - 1, *self.formats.values())) + 1
            self.formats[code] = key
            self.holders["numFmts"].number_of(_c("numFmt", numFmtId=str(key), formatCode=code))
        return self.formats[code]

    def _font(self, look: Look) -> int:
        """Give the workbook's first font with this look's weight, colour and size, in the schema's order."""
        if not (look.bold or look.underlined or look.colour or look.larger):
            return 0
        found = _SIZE.fullmatch(dict(self.base["sz"][1]).get("val", "11"))
        size = math.floor(float(found[0])) + look.larger if found and look.larger else None
        parts = [
            _c("b") if look.bold else None,
            _c("u") if look.underlined else None,
            _c("sz", val=str(size)) if size else self.base["sz"],
            _c("color", rgb=look.colour) if look.colour else self.base.get("color"),
            *(self.base.get(name) for name in ("name", "family", "charset", "scheme")),
        ]
        return self.holders["fonts"].number_of(_c("font", *(part for part in parts if part is not None)))

    def result(self) -> bytes:
        root = self.document.root
        position = root.open_end
        created = []
        for holder in self.holders.values():
            text = "".join(_text(item, root) for item in holder.added)
            count = str(len(holder.present) + len(holder.added))
            if holder.element is not None:
                position = holder.element.end
                if text:
                    self.document.append(holder.element, text)
                    self.document.set_attribute(holder.element, "count", count)
            elif text:
                tag = root.tag(holder.name)
                created.append((position, f'<{tag} count="{count}">{text}</{tag}>'))
        if self.document.data[root.open_end - 2 : root.open_end] == b"/>":
            self.document.append(root, "".join(text for _, text in created))
        else:
            for offset, text in created:
                self.document.insert(offset, text)
        return self.document.result()


def _c(name: str, *children: Canon, **attributes: str) -> Canon:
    return name, tuple(sorted(attributes.items())), children


def _canon(element: Element) -> Canon:
    """Give an element's content in a form that can be compared, whatever its prefix and spelling."""
    return element.name, tuple(sorted(element.attributes.items())), tuple(map(_canon, element.children))


def _text(canon: Canon, root: Element) -> str:
    name, attributes, children = canon
    tag = root.tag(name)
    start = tag + "".join(f' {key}="{escape(value)}"' for key, value in attributes)
    if not children:
        return f"<{start}/>"
    return f"<{start}>{''.join(_text(child, root) for child in children)}</{tag}>"


def _fill(colour: str) -> Canon:
    shown = (_c("fgColor", rgb=colour), _c("bgColor", indexed="64"))
    return _c("fill", _c("patternFill", *shown, patternType="solid"))


def _border(style: str, *, apart: bool = False) -> Canon:
    sides = ("left", "right", "top", "bottom")
    if not style:
        return _c("border", *(_c(side) for side in sides), _c("diagonal"))
    drawn = dict.fromkeys(sides, (style, LINE))
    if apart:
        drawn["top"] = ("medium", INK)
    written = (_c(side, _c("color", rgb=colour), style=kind) for side, (kind, colour) in drawn.items())
    return _c("border", *written, _c("diagonal"))
