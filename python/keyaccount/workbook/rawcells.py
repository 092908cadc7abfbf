"""Cells as a sheet part holds them, and what they mean: a kind and a text.

A raw cell is its start tag's attributes (``tag``) and its content, both bytes as they stand in the part.
No content is a blank cell. The exact row parser writes the same form, with two types of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from keyaccount.workbook.spaces import spaced

Kind = Literal["number", "text", "boolean", "error", "date", "formula", "broken"]

FORMULA_TAG = b' t="formula"'
"""The tag of a formula that has no calculated value; its content is the formula."""

_TYPES: dict[bytes, Kind] = {
    b"n": "number",
    b"s": "text",
    b"str": "text",
    b"inlineStr": "text",
    b"b": "boolean",
    b"e": "error",
    b"d": "date",
    b"formula": "formula",
}
_ATTRIBUTES = re.compile(rb"""(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*/?""")
_TYPE = re.compile(rb"""\st\s*=\s*["']([^"']*)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["']\s*(\d{1,9})\s*["']""")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6});|#([0-9]{1,7});|(lt|gt|amp|quot|apos);)?")
_NO_CHARACTER = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML does not allow; the exact parser refuses it before it comes here."""
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ERRORS = re.compile(
    "#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\\?|NUM!|N/A|GETTING_DATA|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!"
    "|BUSY!|PYTHON!|EXTERNAL!|TIMEOUT!)"
)


class Cell(NamedTuple):
    """A cell that is not blank: its kind, its text, and whether its number format shows a date."""

    kind: Kind
    text: str
    dated: bool = False


class Tag(NamedTuple):
    """What a raw cell's attributes say."""

    kind: Kind
    shared: bool  # the content is the number of a shared string
    dated: bool
    formula_text: bool = False  # t="str": the text that a formula gave


class Decoder:
    """Turns raw cells into cells, with a workbook's shared strings and date formats."""

    def __init__(self, strings: Sequence[str], dated_styles: frozenset[int]) -> None:
        """Take the shared strings, and which cell formats show dates."""
        self.strings = strings
        self._dated_styles = dated_styles
        self._tags: dict[bytes, Tag] = {}

    @cached_property
    def shared(self) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
        """The shared strings once more as an array, and which of them hold a space, or nothing."""
        return np.array(self.strings, dtype=np.object_), spaced(self.strings)

    def tag(self, tag: bytes) -> Tag:
        """Give what a cell's attributes say; raises ``ValueError`` when they are not well-formed."""
        known = self._tags.get(tag)
        if known is None:
            known = self._tags[tag] = self._read_tag(tag)
        return known

    def _read_tag(self, tag: bytes) -> Tag:
        if not _ATTRIBUTES.fullmatch(tag):
            raise ValueError(f"a cell with the attributes {tag!r}")
        found = _TYPE.search(tag)
        name = found[1] if found else b"n"
        style = _STYLE.search(tag)
        dated = style is not None and int(style[1]) in self._dated_styles
        return Tag(_TYPES.get(name, "broken"), name == b"s", dated, name == b"str")

    def cell(self, tag: bytes, content: bytes) -> Cell | None:
        """Give a raw cell's kind and text, None when it is blank; raises ``ValueError`` on damaged XML."""
        if not content:
            return None
        kind, shared, dated, formula_text = self.tag(tag)
        text = unescape(content.decode())
        if shared:
            return self._shared(text)
        if kind == "text":
            text = decode_escapes(text)
            if not text:
                return None
            if formula_text and _ERRORS.fullmatch(text):
                kind = "error"
        elif kind == "boolean":
            return _boolean(text)
        return Cell(kind, text, dated)

    def _shared(self, index: str) -> Cell | None:
        index = index.strip()
        if not (index.isascii() and index.isdigit() and len(index) < 10 and int(index) < len(self.strings)):  # noqa: PLR2004 no sheet has more
            return Cell("broken", index)
        text = self.strings[int(index)]
        return Cell("text", text) if text else None


def _boolean(text: str) -> Cell:
    value = {"1": "TRUE", "true": "TRUE", "0": "FALSE", "false": "FALSE"}.get(text.strip())
    return Cell("boolean", value) if value else Cell("broken", text)


def unescape(text: str) -> str:
    """Replace XML entities; raises ``ValueError`` for what XML does not know or allow."""
    text = _ENTITY.sub(_entity, text) if "&" in text else text
    if not text.isprintable() and _NO_CHARACTER.search(text):
        raise ValueError("a character that XML does not allow")
    return text


def _entity(found: re.Match[str]) -> str:
    hexadecimal, number, name = found.groups()
    if name:
        return _NAMED[name]
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    if number:
        return chr(int(number))
    raise ValueError("an unknown entity (&)")


def decode_escapes(text: str) -> str:
    """Replace ``_xHHHH_``, Excel's writing of characters that XML cannot hold (a NUL stays as written)."""
    if "_x" not in text:
        return text
    decoded = _ESCAPED.sub(_escape, text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _escape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] != "0000" else found[0]
