"""What covers a table grows with the rows appended to it: filters, lists, colours, the Excel table itself."""

from __future__ import annotations

from collections.abc import Iterator

from keyaccount.workbook.areas import Rectangle, stretched
from keyaccount.workbook.markup import Document, Element

_RANGED = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")
"""The elements whose ``sqref`` says what they cover; extensions have an element of that name."""


def stretch_sheet(sheet: Document, new: Rectangle, header_row: int) -> bool:
    """Stretch what covered the table in a sheet's part; say whether the sheet's own filter did."""
    dimension = sheet.root.child("dimension")
    known = Rectangle.parse(dimension.attributes.get("ref", "")) if dimension else None
    if dimension is not None and known is not None:
        sheet.set_attribute(dimension, "ref", str(known.with_(new)))
    for element in _descendants(sheet.root):
        if element.name == "sqref":
            areas = sheet.data[element.open_end : element.close_start].decode()
            longer = stretched(areas, new, header_row)
            if longer != areas:
                sheet.replace(element, sheet.text(element).replace(areas, longer))
        elif element.name in _RANGED and "sqref" in element.attributes:
            sheet.set_attribute(element, "sqref", stretched(element.attributes["sqref"], new, header_row))
    own = sheet.root.child("autoFilter")
    area = Rectangle.parse(own.attributes.get("ref", "")) if own else None
    if own is None or area is None or area.first_row != header_row or area.last_row >= new.last_row:
        return False
    sheet.set_attribute(own, "ref", str(area.down_to(new.last_row)))
    return True


def stretch_table(part: str, data: bytes, new: Rectangle) -> bytes:
    """Stretch an Excel table and its filter."""
    document = Document(part, data)
    for element in (document.root, document.root.child("autoFilter")):
        area = Rectangle.parse(element.attributes.get("ref", "")) if element else None
        if element is not None and area is not None and area.last_row < new.last_row:
            document.set_attribute(element, "ref", str(area.down_to(new.last_row)))
    return document.result()


def _descendants(element: Element) -> Iterator[Element]:
    todo = list(element.children)
    while todo:
        one = todo.pop()
        yield one
        todo += one.children
