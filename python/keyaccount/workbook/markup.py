"""XML parts edited in place: what is not named by an edit stays as the user's program wrote it.

A part is parsed only to learn where its elements stand; the edits are made in its text. Prefixes,
mc:Ignorable, comments and extensions that this program has never heard of are kept that way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from keyaccount.problems import FileProblem, Phrase

START_TAG = re.compile(rb"""<[^\s/>]+(?:[^>"']|"[^"]*"|'[^']*')*>""")
_DECLARATION = re.compile(r"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}
_ESCAPED = re.compile('[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_NO_CHARACTER = "\ufffd"
"""Stands for what XML cannot hold: a cell can (``_x001B_``), and so can a file name."""


@dataclass(slots=True)
class Element:
    """An element and where it stands: byte offsets of its start tag, its content and its end."""

    namespace: str
    name: str
    prefix: str
    attributes: dict[str, str]  # "name", or "namespace name"
    scope: dict[str, str]  # prefix -> namespace, as declared here and above
    start: int
    open_end: int
    close_start: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    def child(self, name: str) -> Element | None:
        """Give the first child of this name in the element's own namespace."""
        return next(self.each(name), None)

    def each(self, name: str) -> Iterator[Element]:
        """Give the children of this name in the element's own namespace."""
        return (c for c in self.children if c.name == name and c.namespace == self.namespace)

    def tag(self, name: str) -> str:
        """Write a name with this element's prefix."""
        return f"{self.prefix}:{name}" if self.prefix else name


class Document:
    """A part's text, its elements, and the edits to make in it."""

    def __init__(self, part: str, data: bytes) -> None:
        """Parse a part; raises FileProblem where it is not well-formed or holds a DOCTYPE."""
        self.part = part
        self.data = as_utf8(part, data)
        self.root = _parse(part, self.data)
        self._edits: list[tuple[int, int, bytes]] = []
        self._appended: dict[int, tuple[Element, list[str]]] = {}

    def insert(self, offset: int, text: str) -> None:
        """Insert text at an offset of the original."""
        self._edits.append((offset, offset, text.encode()))

    def replace(self, element: Element, text: str) -> None:
        """Put text in an element's place (``""``: remove it)."""
        self._edits.append((element.start, element.end, text.encode()))

    def append(self, parent: Element, text: str) -> None:
        """Add text at the end of an element's content."""
        self._appended.setdefault(parent.start, (parent, []))[1].append(text)

    def set_attribute(self, element: Element, name: str, value: str) -> None:
        """Set an attribute without prefix."""
        if element.attributes.get(name) == value:
            return
        tag = self.data[element.start : element.open_end]
        written = f'{name}="{escape(value)}"'.encode()
        found = re.search(rb"(?<=\s)" + name.encode() + rb"""\s*=\s*("[^"]*"|'[^']*')""", tag)
        if found:
            self._edits.append((element.start + found.start(), element.start + found.end(), written))
            return
        at = element.open_end - (2 if tag.endswith(b"/>") else 1)
        self._edits.append((at, at, b" " + written))

    def text(self, element: Element) -> str:
        """Give an element as it stands in the part."""
        return self.data[element.start : element.end].decode()

    def result(self) -> bytes:
        """Give the part with all edits made; the original bytes where there is none."""
        edits = list(self._edits)
        for parent, texts in self._appended.values():
            content = "".join(texts).encode()
            if self.data[parent.open_end - 2 : parent.open_end] == b"/>":
                closing = f"></{parent.tag(parent.name)}>".encode()
                edits.append((parent.open_end - 2, parent.end, closing[:1] + content + closing[1:]))
            else:
                edits.append((parent.close_start, parent.close_start, content))
        pieces, position = [], 0
        for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
            if start < position:
                raise AssertionError(f"two edits overlap in {self.part} at byte {start}")
            pieces += [self.data[position:start], text]
            position = end
        return b"".join((*pieces, self.data[position:]))


def escape(text: str) -> str:
    """Escape text for content and for attributes in double quotes."""
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[0], _NO_CHARACTER), text)


def as_utf8(part: str, data: bytes) -> bytes:
    """Give a part in UTF-8 without a byte-order mark, its declaration changed accordingly."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        head = data[:200].decode("latin-1").removeprefix("\xef\xbb\xbf")
        found = _DECLARATION.match(head)
        encoding = found[1].lower() if found else "utf-8"
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii"):
        return data.removeprefix(b"\xef\xbb\xbf")
    try:
        text = data.decode(encoding)
    except (LookupError, UnicodeDecodeError) as reason:
        raise damaged(part, Phrase("its text is not in the encoding that it names"), encoding) from reason
    found = _DECLARATION.match(text)
    if found:
        text = f"{text[: found.start(1)]}UTF-8{text[found.end(1) :]}"
    return text.encode()


def damaged(part: str, what: Phrase, detail: object = "") -> FileProblem:
    """Make the problem of a part that cannot be understood."""
    return FileProblem(
        "The part {part} inside the workbook cannot be used: {what}{detail}.",
        "Open the workbook in Excel, save it again as .xlsx or .xlsm, and run again.",
        part=part,
        what=what,
        detail=f" ({detail})" if detail else "",
    )


def _parse(part: str, data: bytes) -> Element:
    builder = _Builder(part, data)
    try:
        builder.parser.Parse(data, True)  # noqa: FBT003 expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError) as reason:
        raise damaged(part, Phrase("it is damaged"), reason) from reason
    return builder.roots[0]


class _Builder:
    """Turns expat's events into elements with offsets."""

    def __init__(self, part: str, data: bytes) -> None:
        self.part, self.data = part, data
        self.roots: list[Element] = []
        self.open: list[Element] = []
        self.scopes: list[dict[str, str]] = [{}]
        self.declared: dict[str, str] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.namespace_prefixes = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartNamespaceDeclHandler = self.declare
        self.parser.StartDoctypeDeclHandler = self.doctype

    def doctype(self, *_: object) -> None:
        raise damaged(self.part, Phrase("it holds a DOCTYPE, which no spreadsheet program writes"))

    def declare(self, prefix: str | None, namespace: str | None) -> None:
        self.declared[prefix or ""] = namespace or ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        tag = START_TAG.match(self.data, at)
        if tag is None:
            raise damaged(self.part, Phrase("it holds a tag that cannot be read"))
        scope = {**self.scopes[-1], **self.declared} if self.declared else self.scopes[-1]
        self.declared = {}
        self.scopes.append(scope)
        namespace, local, prefix = _split(name)
        plain = {" ".join(_split(key)[:2]).strip(): value for key, value in attributes.items()}
        element = Element(namespace, local, prefix, plain, scope, at, tag.end())
        (self.open[-1].children if self.open else self.roots).append(element)
        self.open.append(element)

    def end(self, _: str) -> None:
        element = self.open.pop()
        self.scopes.pop()
        if self.data[element.open_end - 2 : element.open_end] == b"/>":
            element.close_start = element.end = element.open_end
            return
        element.close_start = self.parser.CurrentByteIndex
        element.end = self.data.index(b">", element.close_start) + 1


def _split(name: str) -> tuple[str, str, str]:
    parts = name.split(" ")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 namespace, name, prefix
