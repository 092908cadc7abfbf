"""The shared strings of a workbook: texts that its sheets refer to by number."""

from __future__ import annotations

import re
from xml.parsers import expat

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import damaged_xml, doctype_problem
from keyaccount.workbook.rawcells import decode_escapes, unescape

_PLAIN = re.compile(rb"<si><t(?: xml:space=\"preserve\")?>([^<]*+)</t>(?:<phoneticPr[^<>]*+/>)?+</si>")
_END = b"</si>"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONTROLS = bytes(number for number in range(0x20) if number not in b"\t\n\r")


def shared_strings(package: Package) -> list[str]:
    """Give the workbook's shared strings in their order; raises ``FileProblem`` when they are damaged."""
    for relationship in package.relationships(package.workbook_part).values():
        if relationship.kind == "sharedStrings" and relationship.target in package:
            return _read(package, relationship.target)
    return []


def _read(package: Package, part: str) -> list[str]:
    reader = _Reader(package, part)
    try:
        reader.run()
    except (expat.ExpatError, ValueError, LookupError, OverflowError) as reason:
        raise damaged_xml(part, package.path.name, reason) from None
    return reader.strings


class _Reader:
    """Reads runs of plain strings by pattern, and whatever is not plain (rich text, comments) by the parser.

    The parser sees the part's head, its tail and every piece that is not plain throughout.
    """

    def __init__(self, package: Package, part: str) -> None:
        self._package, self._part = package, part
        self.strings: list[str] = []
        self._text: list[str] | None = None
        self._depth_of_phonetic = self._foreign = 0
        self._inside_text, self._one_more = False, True
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None
        self._plain = True  # until something shows up that only the parser understands
        self._parser.XmlDeclHandler = self._declaration

    def run(self) -> None:
        """Read the part."""
        rest = b""
        for chunk in self._package.stream(self._part):
            piece = rest + chunk
            cut = piece.rfind(_END) + len(_END)
            if cut < len(_END):
                self._parser.Parse(piece)
                rest = b""
                continue
            rest = piece[cut:]
            self._piece(piece[:cut])
        self._parser.Parse(rest, True)  # noqa: FBT003 pyexpat takes no keywords

    def _piece(self, piece: bytes) -> None:
        if b"<!" in piece or piece.rfind(b"<?") > len(_BYTE_ORDER_MARK):
            self._plain = False
        start = piece.find(b"<si>") if self._plain else -1
        self._parser.Parse(piece[:start] if start >= 0 else piece)
        if start < 0:
            return
        piece = piece[start:]
        found = _PLAIN.findall(piece) if self._plain else []
        if len(found) != piece.count(b"<si"):
            self._parser.Parse(piece)
            return
        joined = b"\n".join(found)
        texts = joined.decode()
        controls = len(joined.translate(None, _CONTROLS)) < len(joined)
        if controls or "&" in texts or "_x" in texts or texts.count("\n") != len(found) - 1:
            self.strings += [decode_escapes(unescape(each.decode())) for each in found]
        else:
            self.strings += texts.split("\n")

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self._plain &= encoding is None or encoding.lower() in {"utf-8", "utf8"}

    def _doctype(self, *_about: object) -> None:
        raise doctype_problem(self._part, self._package.path.name)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if self._inside_text:
            raise ValueError("an element within a text")
        match name.rpartition(":")[2]:
            case "si":
                self._text = []
                self._one_more = True
            case "r":
                self._one_more = True
            case "rPh":
                self._depth_of_phonetic += 1
            case "t":
                self._inside_text = True
                if self._foreign:
                    raise ValueError("a text within another element")
                if self._text is not None and not self._depth_of_phonetic:
                    self._next_text()
                    self._parser.CharacterDataHandler = self._text.append
            case _ if self._text is not None:
                self._foreign += 1

    def _next_text(self) -> None:
        """Take one text a string, and one a run."""
        if not self._one_more:
            raise ValueError("two texts in a string")
        self._one_more = False

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "si" if self._text is not None:
                self.strings.append(decode_escapes("".join(self._text)))
                self._text = None
            case "rPh":
                self._depth_of_phonetic -= 1
            case "t":
                self._inside_text = False
                self._parser.CharacterDataHandler = None
            case another if self._text is not None and another != "r":
                self._foreign -= 1
