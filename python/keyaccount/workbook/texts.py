"""Texts of cells: odd spaces trimmed, full-width digits written plainly; and the fault of a cell."""

from __future__ import annotations

from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.spaces import SPACES, ZERO_WIDTH

_TRIMMED = SPACES + ZERO_WIDTH
_WIDE = "０１２３４５６７８９．，－＋（）／：％￥；−"
_NARROW = "0123456789.,-+()/:%¥;-"
_PLAIN = {
    **dict.fromkeys(map(ord, ZERO_WIDTH)),
    **dict.fromkeys(map(ord, SPACES), " "),
    **dict(zip(map(ord, _WIDE), _NARROW, strict=True)),
}


class Fault(Exception):
    """A cell that cannot be read; ``problem`` and ``remedy`` are templates that ``details`` fills."""

    def __init__(self, problem: str, remedy: str, **details: str) -> None:
        """Keep what is wrong and what to do about it."""
        super().__init__(problem)
        self.problem, self.remedy, self.details = problem, remedy, details


def trim(text: str) -> str:
    """Take outer spaces off, also no-break, zero-width and full-width ones."""
    return text.strip(_TRIMMED)


def plain(text: str) -> str:
    """Write a number's or date's text with ASCII digits, signs and spaces, trimmed."""
    return text.translate(_PLAIN).strip()


def refuse_unreadable(cell: Cell) -> None:
    """Raise ``Fault`` for an error cell, a formula without value and a cell that contradicts itself."""
    if cell.kind == "error":
        raise Fault("The cell shows an error.", "Correct the formula, or type the value in its place.")
    if cell.kind == "formula":
        raise Fault(
            "The formula has not been calculated: the file holds no value for it.",
            "Open the workbook in Excel or LibreOffice, recalculate (F9) and save it, or type the value.",
        )
    if cell.kind == "broken":
        raise Fault("The cell cannot be read.", "Type the value again.")


def has_odd_spaces(text: str, trimmed: str) -> bool:
    """Tell whether other than plain spaces were trimmed off a text."""
    return len(text) != len(trimmed) and not text.isascii() and text.strip(" ") != trimmed
