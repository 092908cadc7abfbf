"""An explanation as a workbook: an outline that can be folded, with a link to each cell that it names."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keyaccount.money import yuan_grouped
from keyaccount.outputs.cells import FONTS, HEADER, Cells, Style
from keyaccount.outputs.explain import Explanation, Node, Place
from keyaccount.translation import Language, localised
from keyaccount.workbook import look
from keyaccount.workbook.canonical import canonical

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS = (70, 62, 10, 26)
_FIRST = 4
_DEEPEST = 7
"""The levels that Excel folds."""
_TITLE = Style(size=14, bold=True, colour=look.INK)
_LOOKS = {
    "figure": Style(line=True),
    "cell": Style(line=True),
    "reason": Style(line=True, colour=look.NOTE),
    "rule": Style(line=True, colour=look.NOTE, wrapped=True),
    "row": Style(line=True, colour=look.NOTE),
    "note": Style(line=True, colour=look.DOUBTFUL, wrapped=True),
}
_LINK = Style(line=True, colour=look.LINK)


def workbook_of(explanation: Explanation, book: str) -> bytes:
    """Give a workbook's content; its links lead to the open workbook of this name."""
    from openpyxl import Workbook

    made = Workbook()
    language = explanation.language
    title = localised("Explanation of {wanted}", language, wanted=explanation.wanted)
    sheet = made.active
    sheet.title = localised("Explanation", language)
    cells = Cells()
    cells.text(sheet, 1, 1, title, _TITLE)
    cells.text(sheet, 2, 1, book, Style(colour=look.NOTE))
    for column, header in enumerate(_headers(language), start=1):
        cells.text(sheet, _FIRST - 1, column, header, HEADER)
        sheet.column_dimensions["ABCD"[column - 1]].width = _WIDTHS[column - 1]
    lines = [line for root in explanation.roots for line in _lines(root, 0)]
    for row, (depth, node) in enumerate(lines, start=_FIRST):
        _write(cells, sheet, row, depth, node, language)
        link = _link(node.places[0], book) if node.places else None
        cells.value(sheet, row, 4, link, _LINK)
    _set_up(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return canonical(stream.getvalue(), title=title, font=FONTS[language])


def _headers(language: Language) -> tuple[str, ...]:
    return (
        localised("What it rests on", language),
        localised("Calculation (yuan)", language),
        localised("Clause", language),
        localised("Cell", language),
    )


def _lines(node: Node, depth: int) -> Iterator[tuple[int, Node]]:
    yield depth, node
    for child in node.children:
        yield from _lines(child, depth + 1)


def _write(cells: Cells, sheet: Worksheet, row: int, depth: int, node: Node, language: Language) -> None:
    from openpyxl.styles import Alignment

    style = _LOOKS[node.kind] if depth else Style(line=True, bold=True, wrapped=True)
    cells.text(sheet, row, 1, node.said, style)
    sheet.cell(row, 1).alignment = Alignment(
        horizontal="left", indent=2 * depth, wrap_text=True, vertical="top"
    )
    equation = node.term.equation(language) if node.term is not None else ""
    if node.amount is not None and not equation:
        equation = yuan_grouped(node.amount)
    cells.text(sheet, row, 2, equation, style)
    cells.text(sheet, row, 3, node.clause, style)
    for column in (2, 3):
        sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.row_dimensions[row].outline_level = min(depth, _DEEPEST)


def _link(place: Place, book: str) -> str:
    """Write a link to a cell of an open workbook, which only a formula can be."""
    title = place.sheet.replace("'", "''")
    target = f"#'[{book}]{title}'!{place.cell or 'A1'}".replace('"', '""')
    shown = str(place).replace('"', '""')
    return f'=HYPERLINK("{target}","{shown}")'


def _set_up(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"A{_FIRST}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.outlinePr.summaryBelow = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{_FIRST - 1}:{_FIRST - 1}"
