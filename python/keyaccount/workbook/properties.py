"""The workbook's custom document properties (File > Info in Excel): where a signed run leaves its proof too.

What the user or another program has there stays as it is. Excel shows texts of up to 255 characters.
"""

from __future__ import annotations

from collections.abc import Mapping

from keyaccount.ledger import Entry
from keyaccount.problems import Phrase
from keyaccount.seals import Seal
from keyaccount.workbook.markup import Document, Element, damaged, escape
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import attribute, relationships_part
from keyaccount.workbook.structure import CONTENT_TYPES, ContentTypes, Relationships
from keyaccount.workbook.writer import Changes

RUN, LEDGER_DIGEST, KEY, SIGNATURE = (
    "keyaccount run",
    "keyaccount ledger digest",
    "keyaccount key",
    "keyaccount signature",
)
OWN = (RUN, LEDGER_DIGEST, KEY, SIGNATURE)
"""The names of the program's own properties."""
PART = "docProps/custom.xml"
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_STRICT_KIND = "http://purl.oclc.org/ooxml/officeDocument/relationships/customProperties"
_KINDS = ("custom-properties", "customProperties")
_TEXTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    f' xmlns:vt="{_TEXTS}"/>'
).encode()
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The one set of custom properties that office programs know."""
_FIRST_ID = 2


def noted(package: Package, changed: Changes, last: Entry, seal: Seal) -> Changes:
    """Give the changes with the run's proof among the document properties.

    It is put there by a signed run; by an unsigned one where a signed one has left its own, which is out of
    date then.
    """
    if not (seal.signed or own_properties(package)):
        return changed
    values = {RUN: str(last.run), LEDGER_DIGEST: last.digest, KEY: seal.key, SIGNATURE: seal.proof}
    return with_properties(package, changed, values)


def own_properties(package: Package) -> dict[str, str]:
    """Give the program's own properties, by name; nothing where there are none."""
    part = _part(package)
    if part is None:
        return {}
    found = {attribute(each, "name"): "".join(each.itertext()) for each in package.parse(part)}
    return {name: found[name] for name in OWN if name in found}


def with_properties(package: Package, changed: Changes, values: Mapping[str, str]) -> Changes:
    """Give the changes with these properties set; raises ``FileProblem`` for a damaged part."""
    part = _part(package)
    made = dict(changed)
    if part is None:
        part = _free(package)
        made |= _declared(package, made, part)
    document = Document(part, package.read(part) if part in package else _EMPTY)
    present = _properties(document)
    used = {int(e.attributes["pid"]) for e in document.root.children if _is_number(e.attributes.get("pid"))}
    number = max(used, default=_FIRST_ID - 1)
    for name, text in values.items():
        if name in present:
            number_here = present[name].attributes.get("pid", "")
            document.replace(present[name], _written(document, name, text, number_here))
        else:
            number += 1
            document.append(document.root, _written(document, name, text, str(number)))
    return made | {part: document.result()}


def _written(document: Document, name: str, text: str, number: str) -> str:
    tag, content = document.root.tag("property"), f"<vt:lpwstr>{escape(text)}</vt:lpwstr>"
    return (
        f'<{tag} fmtid="{_FORMAT}" pid="{number}" name="{escape(name)}" xmlns:vt="{_TEXTS}">{content}</{tag}>'
    )


def _properties(document: Document) -> dict[str, Element]:
    if document.root.name != "Properties":
        raise damaged(document.part, Phrase("it holds no document properties"))
    return {each.attributes.get("name", ""): each for each in document.root.each("property")}


def _part(package: Package) -> str | None:
    """Name the part that holds the custom properties, where the package has one."""
    for relationship in package.relationships("").values():
        if relationship.kind in _KINDS and relationship.target in package:
            return relationship.target
    return None


def _free(package: Package) -> str:
    """Give a name for the part: the usual one, unless something else has it."""
    number, name = 1, PART
    while name in package:
        number += 1
        name = f"docProps/custom{number}.xml"
    return name


def _declared(package: Package, changed: Changes, part: str) -> dict[str, bytes]:
    """Give the package's relationships and content types with a new part for the properties."""
    root = relationships_part("")
    relationships = Relationships("", changed.get(root) or package.read(root))
    strict = any("purl.oclc.org" in e.attributes.get("Type", "") for e in relationships.entries.values())
    relationships.add(_STRICT_KIND if strict else _KIND, part)
    types = ContentTypes(changed.get(CONTENT_TYPES) or package.read(CONTENT_TYPES))
    types.add(part, CONTENT_TYPE)
    return {root: relationships.result(), CONTENT_TYPES: types.result()}


def _is_number(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit()
