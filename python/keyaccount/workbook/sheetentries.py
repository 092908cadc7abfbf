"""The sheets of a workbook, as its workbook part lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element

from keyaccount.workbook.parts import attribute

State = Literal["visible", "hidden", "veryHidden"]


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A worksheet as the workbook lists it."""

    title: str
    part: str
    state: State
    sheet_id: int
    relationship_id: str


def state_of(element: Element) -> State:
    """Give the state of a sheet by its element in the workbook part."""
    match attribute(element, "state"):
        case "hidden":
            return "hidden"
        case "veryHidden":
            return "veryHidden"
        case _:
            return "visible"


def sheet_id_of(element: Element) -> int:
    """Give the number that the workbook part has for a sheet, 0 where it has none."""
    text = attribute(element, "sheetId")
    return int(text) if text.isascii() and text.isdigit() else 0
