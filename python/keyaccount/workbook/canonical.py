"""A workbook that openpyxl has written, in the form that Excel itself would give it, and without a clock.

Texts move to the shared strings, a font's properties stand in the schema's order, the document's properties
carry no time and no version, and the zip's entries no date.
"""

from __future__ import annotations

import io
import re
import zipfile

from keyaccount.workbook.markup import escape
from keyaccount.workbook.zipping import ZipWriter

_INLINE = re.compile(
    r'(<c r="[A-Z]+\d+"(?: s="\d+")?) t="inlineStr"><is>(<t(?: [^>]*)?>.*?</t>)</is></c>', re.DOTALL
)
_FONT = re.compile(r"<font>(.*?)</font>", re.DOTALL)
_PROPERTY = re.compile(r"<(\w+)[^>]*/>")
_FONT_ORDER = ("b", "i", "strike", "u", "vertAlign", "sz", "color", "name", "family", "charset", "scheme")
_MAIN_FONT = '<name val="Calibri"/>'
_EMPTY = re.compile(r"<(?:definedNames|numFmts count=\"0\"|workbookProtection)/>")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHARED = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_SHARED_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_BORN = "2026-01-01T00:00:00Z"
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{title}</dc:title><dc:creator>keyaccount</dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{born}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{born}</dcterms:modified></cp:coreProperties>'
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>keyaccount</Application></Properties>"
)


def canonical(content: bytes, *, title: str, font: str, born: str = _BORN) -> bytes:
    """Give a workbook's canonical form: main font, title and time (UTC ISO text) are these."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {info.filename: archive.read(info).decode() for info in archive.infolist()}
    strings: dict[str, int] = {}
    for name in sorted(parts):
        if name.startswith("xl/worksheets/sheet"):
            parts[name] = _INLINE.sub(lambda found: _shared(found, strings), parts[name])
    parts["xl/styles.xml"] = _FONT.sub(lambda found: _ordered(found, font), parts["xl/styles.xml"])
    parts["docProps/core.xml"] = _CORE.format(title=escape(title), born=born)
    parts["docProps/app.xml"] = _APP
    _add_shared_strings(parts, strings)
    out = io.BytesIO()
    writer = ZipWriter(out)
    for name in ("[Content_Types].xml", *sorted(set(parts) - {"[Content_Types].xml"})):
        writer.add(name, (_HEAD + _EMPTY.sub("", re.sub(r"^<\?xml[^>]*\?>\s*", "", parts[name]))).encode())
    writer.finish()
    return out.getvalue()


def _shared(found: re.Match[str], strings: dict[str, int]) -> str:
    number = strings.setdefault(found[2], len(strings))
    return f'{found[1]} t="s"><v>{number}</v></c>'


def _ordered(found: re.Match[str], font: str) -> str:
    properties = {each[1]: each[0] for each in _PROPERTY.finditer(found[1])}
    if properties.get("name") == _MAIN_FONT and font not in _MAIN_FONT:
        properties["name"] = _MAIN_FONT.replace("Calibri", font)
        properties.pop("scheme", None)
    return f"<font>{''.join(properties[name] for name in _FONT_ORDER if name in properties)}</font>"


def _add_shared_strings(parts: dict[str, str], strings: dict[str, int]) -> None:
    count = len(strings)
    items = "".join(f"<si>{text}</si>" for text in strings)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}" uniqueCount="{count}">{items}</sst>'
    types, rels = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    if "sharedStrings" not in parts[types]:
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_SHARED}"/></Types>'
        parts[types] = parts[types].replace("</Types>", override)
    if "sharedStrings" not in parts[rels]:
        relationship = f'<Relationship Id="rIdStrings" Type="{_SHARED_KIND}" Target="sharedStrings.xml"/>'
        parts[rels] = parts[rels].replace("</Relationships>", f"{relationship}</Relationships>")
