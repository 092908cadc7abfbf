"""Small XML parts of a workbook: parsed with DOCTYPEs refused, relationships resolved to part names."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from keyaccount.problems import FileProblem, Phrase

_NO_MEMORY = 1
"""Expat's number for it (XML_ERROR_NO_MEMORY)."""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What a part refers to: ``kind`` is its type's last word (``worksheet``), ``target`` a part name."""

    id: str
    kind: str
    target: str
    external: bool


class _DoctypeFound(Exception):
    pass


class _Builder(ET.TreeBuilder):
    def doctype(self, _name: str, _public_id: str | None, _system_id: str | None) -> None:
        raise _DoctypeFound


def parse_part(content: bytes, part: str, file_name: str) -> ET.Element:
    """Parse a part; raises ``FileProblem`` when it is not well-formed or has a DOCTYPE."""
    parser = ET.XMLParser(target=_Builder())  # noqa: S314 a DOCTYPE, the door for entities, is refused
    try:
        parser.feed(content)
        root = parser.close()
    except _DoctypeFound:
        raise doctype_problem(part, file_name) from None
    except (ET.ParseError, ValueError, LookupError) as reason:
        raise damaged_xml(part, file_name, reason) from None
    if not isinstance(root, ET.Element):
        raise damaged_xml(part, file_name, Phrase("it has no content"))
    return root


def doctype_problem(part: str, file_name: str) -> FileProblem:
    """Say that a part has a DOCTYPE, which no office program writes."""
    return FileProblem(
        "{file} is not read: its part {part} has a DOCTYPE, as a file made to do harm has.",
        "Do not trust it; ask the sender for a copy saved anew by Excel or LibreOffice.",
        file=file_name,
        part=part,
    )


def damaged_xml(part: str, file_name: str, reason: object) -> FileProblem:
    """Say that a part is not well-formed; raises ``MemoryError`` where it was the parser's memory instead."""
    if getattr(reason, "code", None) == _NO_MEMORY:
        raise MemoryError
    return FileProblem(
        "{file} is damaged in its part {part}: {reason}.",
        "Open it in Excel or LibreOffice and save it under a new name; if that fails, take the last good copy"
        " from a backup.",
        file=file_name,
        part=part,
        reason=reason,
    )


def local_name(element: ET.Element) -> str:
    """Give an element's name without its namespace (transitional and strict workbooks read alike)."""
    return element.tag.rpartition("}")[2]


def attribute(element: ET.Element, name: str, namespace_end: str = "") -> str:
    """Give an attribute's text or ``""``; ``namespace_end``: the namespace's last word, else none."""
    if not namespace_end:
        return element.get(name, "")
    ending = f"{namespace_end}}}{name}"
    return next((value for key, value in element.items() if key.endswith(ending)), "")


def is_true(text: str) -> bool:
    """Read an XML boolean."""
    return text.strip() in {"1", "true"}


def counts_from_1904(workbook: ET.Element, part: str, file_name: str) -> bool:
    """Tell a workbook's date system; one that is said unclearly would put every date four years off."""
    properties = [each.attrib for each in workbook if local_name(each) == "workbookPr"]
    said = [each["date1904"].strip() for each in properties if "date1904" in each]
    for each in said:
        if each not in {"1", "true", "0", "false"}:
            raise damaged_xml(part, file_name, f"date1904={each!r}")
    return any(map(is_true, said))


def relationships_part(part: str) -> str:
    """Give the name of the part that holds a part's relationships (``""``: the package's)."""
    folder, name = posixpath.split(part.replace("\\", "/"))
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def parse_relationships(root: ET.Element, source: str) -> dict[str, Relationship]:
    """Read a relationships part of the part ``source``, in the order in which they stand.

    Raises ``ValueError`` where two that differ bear one ID.
    """
    folder = posixpath.dirname(source.replace("\\", "/"))
    relationships: dict[str, Relationship] = {}
    for element in root:
        if local_name(element) != "Relationship":
            continue
        kind = attribute(element, "Type").rpartition("/")[2]
        external = attribute(element, "TargetMode") == "External"
        target = attribute(element, "Target")
        resolved = target if external else _resolve(folder, target)
        relationship = Relationship(attribute(element, "Id"), kind, resolved, external)
        if relationships.setdefault(relationship.id, relationship) != relationship:
            raise ValueError(f"the relationship {relationship.id} twice")
    return relationships


def _resolve(folder: str, target: str) -> str:
    path = unquote(target.partition("#")[0]).replace("\\", "/")
    return posixpath.normpath(posixpath.join("/" + folder, path)).lstrip("/")
