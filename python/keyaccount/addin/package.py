"""keyaccount.xlam as a package: the ribbon, the sheet of settings, fixed times, the same bytes each time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, unescape

from keyaccount import __version__
from keyaccount.addin import bridge, sources
from keyaccount.addin.project import PROJECT_PART, SHEET_MODULE, project_parts
from keyaccount.problems import FileProblem
from keyaccount.workbook.zipping import ZipWriter

SETTINGS_SHEET = "keyaccount.conf"
RIBBON_PART = "customUI/customUI14.xml"
"""Read by Excel from 2010 on, on Windows and Mac; the older customUI.xml is for Excel 2007 alone."""
BUILT_BY, BUILT_WITH = "KEYACCOUNT", "XLWINGS"
"""The settings that say which version built the file, with which xlwings."""
SHIPPED: dict[str, str] = {
    "UDF MODULES": "keyaccount.excel.functions",
    "USE UDF SERVER": "True",
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
}
"""Settings for every machine: one Python for functions and buttons, and no code from a workbook's folder."""

_SHEET_PART, _STRINGS_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_TYPES_PART, _WORKBOOK_PART = "[Content_Types].xml", "xl/workbook.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_RIBBON_RELATION = (
    f'<Relationship Id="rIdRibbon" Target="{RIBBON_PART}"'
    ' Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"/>'
)
_STRINGS_TYPE = (
    f'<Override PartName="/{_STRINGS_PART}"'
    ' ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_STRINGS_RELATION = (
    '<Relationship Id="rIdStrings" Target="sharedStrings.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)
_STRING = re.compile(r'<si><t xml:space="preserve">(.*?)</t></si>', re.DOTALL)
_ROW = '<row r="{row}"><c r="A{row}" t="s"><v>{name}</v></c><c r="B{row}" t="s"><v>{value}</v></c></row>'
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Key Accounts</dc:title>'
    "<dc:creator>keyaccount</dc:creator><dc:description>{about}</dc:description></cp:coreProperties>"
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel</Application></Properties>"
)


def build() -> bytes:
    """Build keyaccount.xlam from its sources and the installed xlwings, with the settings that ship."""
    parts = project_parts(sources.documents(), sources.modules())
    parts["docProps/core.xml"] = f"{_DECLARATION}{_CORE.format(about=f'keyaccount {__version__}')}".encode()
    parts["docProps/app.xml"] = f"{_DECLARATION}{_APP}".encode()
    parts[RIBBON_PART] = sources.ribbon()
    for name, old, new in (
        (_WORKBOOK_PART, 'name="Sheet1"', f'name="{SETTINGS_SHEET}"'),
        (_TYPES_PART, "</Types>", f"{_STRINGS_TYPE}</Types>"),
        ("xl/_rels/workbook.xml.rels", "</Relationships>", f"{_STRINGS_RELATION}</Relationships>"),
        ("_rels/.rels", "</Relationships>", f"{_RIBBON_RELATION}</Relationships>"),
    ):
        parts[name] = _once(parts[name].decode(), old, new).encode()
    settings = {**SHIPPED, BUILT_BY: __version__, BUILT_WITH: bridge.installed_version()}
    return _packed({**parts, **_settings_parts(settings)})


def with_settings(addin: bytes, settings: Mapping[str, str]) -> bytes:
    """Give the add-in with other settings; every other part as it was."""
    return _packed({**read_parts(addin), **_settings_parts(settings)})


def read_settings(addin: bytes) -> dict[str, str]:
    """Give the settings of an add-in by their names."""
    texts = [unescape(text) for text in _STRING.findall(read_parts(addin)[_STRINGS_PART].decode())]
    return dict(zip(texts[::2], texts[1::2], strict=True))


def read_modules(addin: bytes) -> dict[str, str]:
    """Give the sources of an add-in's VBA modules by name, their lines ending in LF."""
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import parse_vba_project

    project = parse_vba_project(CFB.from_bytes(read_parts(addin)[PROJECT_PART]))
    return {module.name: module.source.replace("\r\n", "\n") for module in project.modules}


def read_parts(addin: bytes) -> dict[str, bytes]:
    """Give the parts of an add-in by name; raises FileProblem where it is no add-in of ours."""
    try:
        with zipfile.ZipFile(io.BytesIO(addin)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as cause:
        raise _damaged() from cause
    if not {_STRINGS_PART, PROJECT_PART, RIBBON_PART} <= parts.keys():
        raise _damaged()
    return parts


def _settings_parts(settings: Mapping[str, str]) -> dict[str, bytes]:
    """The sheet that GetConfig of KeyAccountPython reads: names in column A, values in column B."""
    texts = [text for pair in settings.items() for text in pair]
    rows = "".join(_ROW.format(row=row + 1, name=2 * row, value=2 * row + 1) for row in range(len(settings)))
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    body = f'<sheetPr codeName="{SHEET_MODULE}"/><sheetData>{rows}</sheetData>'
    sheet = f'<worksheet xmlns="{_MAIN}">{body}</worksheet>'
    strings = f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{items}</sst>'
    return {
        _SHEET_PART: f"{_DECLARATION}{sheet}".encode(),
        _STRINGS_PART: f"{_DECLARATION}{strings}".encode(),
    }


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Write the parts in a fixed order; Excel wants the content types first."""
    stream = io.BytesIO()
    writer = ZipWriter(stream)
    for name in sorted(parts, key=lambda name: (name != _TYPES_PART, name)):
        writer.add(name, parts[name])
    writer.finish()
    return stream.getvalue()


def _once(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise ValueError(f"expected once in the template of pyOpenVBA: {old}")
    return text.replace(old, new)


def _damaged() -> FileProblem:
    return FileProblem(
        "keyaccount.xlam is damaged, or is another add-in.", "Run keyaccount addin install again."
    )
