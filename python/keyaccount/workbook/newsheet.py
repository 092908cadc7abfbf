"""A sheet for an input table that a workbook lacks: headers and columns as the plan has them, no rows."""

from __future__ import annotations

import posixpath

from keyaccount.problems import Refused
from keyaccount.tables import Table
from keyaccount.workbook import look
from keyaccount.workbook.cells import rows_xml, text_cell
from keyaccount.workbook.finder import Language
from keyaccount.workbook.look import Look
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import relationships_part
from keyaccount.workbook.structure import (
    CONTENT_TYPES,
    SPREADSHEET,
    ContentTypes,
    Relationships,
    WorkbookPart,
)
from keyaccount.workbook.styles import add_looks, new_styles
from keyaccount.workbook.writer import Changes

_TEXT, _WIDTH = "@", 18
_LOOKS = {
    "header": Look(bold=True, colour=look.INK, fill=look.HEADER_FILL),
    "text": Look(_TEXT),
    "day": Look(look.DAY),
}


def new_input_sheet(package: Package, table: Table, language: Language) -> Changes:
    """Give the parts to change so that the workbook ends with an empty sheet of this table.

    Texts stay texts in it, dates show as dates; it is for tables of these two alone. Raises ``Refused``
    where a sheet without the table's headers bears the name, FileProblem where a part is damaged.
    """
    part = package.workbook_part
    workbook = WorkbookPart(part, package.read(part))
    title = table.zh[0] if language == "zh" else table.name
    if title.casefold() in (each.casefold() for each in workbook.titles):
        raise Refused(
            "The workbook has a sheet {title}, but not with its headers.",
            "Write them into its first row ({headers}), or rename that sheet: a new one is made then.",
            title=title,
            headers=", ".join(_headers(table, language)),
        )
    relationships = Relationships(part, _read(package, relationships_part(part)))
    types = ContentTypes(package.read(CONTENT_TYPES))
    changes: Changes = {}
    numbers = _styles(package, workbook, relationships, types, changes)
    made = _free_part(package, posixpath.dirname(part))
    workbook.add_sheet(title, relationships.add(f"{workbook.relationships_namespace}/worksheet", made))
    types.add(made, f"{SPREADSHEET}worksheet+xml")
    changes[made] = _sheet(table, language, workbook.namespace, numbers)
    return changes | {
        part: workbook.result(),
        relationships.part: relationships.result(),
        CONTENT_TYPES: types.result(),
    }


def _headers(table: Table, language: Language) -> list[str]:
    return [column.zh[0] if language == "zh" else column.en for column in table.columns]


def _styles(
    package: Package,
    workbook: WorkbookPart,
    relationships: Relationships,
    types: ContentTypes,
    changes: Changes,
) -> dict[str, int]:
    """Add the looks; give their numbers."""
    present = package.relationships(workbook.part).values()
    found = next((each.target for each in present if each.kind == "styles"), "")
    data = package.read(found) if found else new_styles(workbook.namespace)
    if not found:
        found = posixpath.join(posixpath.dirname(workbook.part), "styles.xml")
        relationships.add(f"{workbook.relationships_namespace}/styles", found)
        types.declare(found, f"{SPREADSHEET}styles+xml")
    changes[found], numbers = add_looks(found, data, _LOOKS)
    return numbers


def _free_part(package: Package, folder: str) -> str:
    taken = {name.replace("\\", "/").lstrip("/").casefold() for name in package.names}
    number = 1
    while (part := posixpath.join(folder, "worksheets", f"sheet{number}.xml")).casefold() in taken:
        number += 1
    return part


def _sheet(table: Table, language: Language, namespace: str, numbers: dict[str, int]) -> bytes:
    styles = [numbers["day" if column.kind == "day" else "text"] for column in table.columns]
    columns = "".join(
        f'<col min="{index}" max="{index}" width="{_WIDTH}" customWidth="1" style="{style}"/>'
        for index, style in enumerate(styles, start=1)
    )
    header = f' s="{numbers["header"]}"'
    cells = [[f"{header}{text_cell(text)}"] for text in _headers(table, language)]
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><tabColor rgb="{look.INPUT_TAB_COLOUR}"/>'
        '<pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>{rows_xml(cells, 1).decode()}</sheetData>"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _read(package: Package, part: str) -> bytes | None:
    return package.read(part) if part in package else None
