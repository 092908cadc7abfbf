"""The formulas of a sheet, in a form in which two programs' spellings of one formula are equal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import attribute, local_name
from keyaccount.workbook.rawrows import column_number
from keyaccount.workbook.sheetentries import SheetEntry

_ANY = re.compile(rb"<(?:[^\s:<>]+:)?f[\s/>]")
_CELL = re.compile(r"([A-Z]+)([0-9]+)")
_STRING = re.compile(r'("(?:[^"]|"")*")')
_SPELLING = re.compile(r"[\s']|_XLFN\.")
_LONGEST_TAG = 64
SHARED = "?"
"""Stands for a formula that is written at another cell, which it shares."""


def formulas_of(package: Package, sheet: SheetEntry) -> dict[tuple[int, int], str]:
    """Give a sheet's formulas by row and column, in that form; raises ``FileProblem`` for a damaged part."""
    found = formula_texts(package, sheet)
    return {place: spelled_alike(text) if text else SHARED for place, text in found.items()}


def formula_texts(package: Package, sheet: SheetEntry) -> dict[tuple[int, int], str]:
    """Give a sheet's formulas by row and column as they stand, without equals sign; ``""``: a shared one."""
    if not any(_ANY.search(piece) for piece in _overlapping(package, sheet.part)):
        return {}
    found: dict[tuple[int, int], str] = {}
    for cell in package.parse(sheet.part).iter():
        place = _CELL.fullmatch(attribute(cell, "r")) if local_name(cell) == "c" else None
        formula = next((child for child in cell if local_name(child) == "f"), None) if place else None
        if place and formula is not None:
            found[int(place[2]), column_number(place[1])] = formula.text or ""
    return found


def spelled_alike(formula: str) -> str:
    """Write a formula without what programs choose: spaces, quotes of titles, capitals outside of texts."""
    pieces = _STRING.split(formula)
    return "".join(piece if piece.startswith('"') else _SPELLING.sub("", piece.upper()) for piece in pieces)


def _overlapping(package: Package, part: str) -> Iterator[bytes]:
    """Give a part's pieces, each with the end of the one before, so that no tag is cut in two."""
    end = b""
    for piece in package.stream(part):
        yield end + piece
        end = piece[-_LONGEST_TAG:]
