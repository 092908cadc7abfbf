"""Two ways through a year, by macro and by command line on the file; and what tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from keyaccount.cli import main
from keyaccount.excel import macros
from keyaccount.tables import RESULT_SHEETS
from tests.excel.engine import Application, Workbook, open_in_excel
from tests.excel.engine_parts import foot_text
from tests.excel.engine_sheet import Worksheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.styles.colors import Color

MACRO = {7: "run_monthly_advance", 6: "run_quarterly_settlement", 4: "run_year_end"}
COMMAND = {7: "advance", 6: "settle", 4: "year-end"}
"""By the length of a period's text."""
RESULT_TITLES = frozenset(name for sheet in RESULT_SHEETS for name in (sheet.name, *sheet.zh))


def press(app: Application, button: str, *answers: str) -> str:
    """Press a button of the ribbon and answer what it asks; gives its last message."""
    app.answers, app.alerts = list(answers), []
    getattr(macros, button)()
    assert not app.answers, "it did not ask"
    return app.alerts[-1] if app.alerts else ""


def run_in_excel(path: Path, *periods: str) -> tuple[Application, Workbook]:
    """Open a workbook and run these periods, one macro after the other."""
    app, book = open_in_excel(path)
    for period in periods:
        said = press(app, MACRO[len(period)], period)
        assert period in said, said
    return app, book


def run_on_file(path: Path, *periods: str) -> Path:
    """Run these periods from the command line."""
    for period in periods:
        assert main([COMMAND[len(period)], str(path), period]) == 0
    return path


def saved(book: Workbook, path: Path) -> Path:
    """Save the workbook that is open in the test Excel, without its charts."""
    book.book.save(path)
    return path


def apart(book: Workbook, file: Path) -> Iterator[str]:
    """Tell what of the result sheets in Excel is not as in the file, cell by cell and setting by setting."""
    expected, values = openpyxl.load_workbook(file), openpyxl.load_workbook(file, data_only=True)
    names = [sheet.name for sheet in book.sheets]
    if names != expected.sheetnames:
        yield f"sheets {names} ≠ {expected.sheetnames}"
    for found in book.sheets:
        if found.sheet.sheet_state != expected[found.name].sheet_state:
            yield f"{found.name}: {found.sheet.sheet_state} ≠ {expected[found.name].sheet_state}"
        if found.name in RESULT_TITLES:
            sheet = Worksheet(Workbook(Application(), expected, file.name), expected[found.name])
            sheet.take_values(values[found.name])
            sheet.take_charts(file)
            yield from _cells_apart(found, sheet)
            yield from (
                f"{found.name}: {name} {one} ≠ {other}"
                for (name, one), (_, other) in zip(_settings(found), _settings(sheet), strict=True)
                if one != other
            )


def _cells_apart(found: Worksheet, expected: Worksheet) -> Iterator[str]:
    for row, column in sorted(found.sheet._cells.keys() | expected.sheet._cells.keys()):
        here, there = (each.sheet.cell(row, column) for each in (found, expected))
        place = f"{found.name}!{here.coordinate}"
        if (here.value, here.data_type) != (there.value, there.data_type):
            yield f"{place}: {here.value!r} ≠ {there.value!r}"
        if found.shown.get((row, column)) != expected.shown.get((row, column)):
            yield f"{place}: shows {found.shown.get((row, column))!r} ≠ {expected.shown.get((row, column))!r}"
        if _look(here) != _look(there):
            yield f"{place}: looks {_look(here)} ≠ {_look(there)}"
        links = [each.hyperlink.location if each.hyperlink else None for each in (here, there)]
        if links[0] != links[1]:
            yield f"{place}: leads to {links[0]} ≠ {links[1]}"


def _look(cell: Cell) -> tuple[object, ...]:
    font, fill, border, place = cell.font, cell.fill, cell.border, cell.alignment
    lines = [
        side and (side.style, side.color and side.color.rgb)
        for side in (border.left, border.right, border.top, border.bottom)
    ]
    return (
        cell.number_format,
        (font.name, font.sz, font.b, font.u, _ink(font.color)),
        (fill.patternType, fill.fgColor.rgb),
        lines,
        (place.horizontal, place.vertical, place.wrapText, place.indent),
        cell.protection.locked,
    )


def _ink(colour: Color | None) -> str | None:
    """Give a font's colour; the theme's text colour is what no colour is."""
    if colour is None or (colour.type == "theme" and colour.theme == 1):
        return None
    return str(colour.rgb)


def _settings(sheet: Worksheet) -> Iterator[tuple[str, Any]]:
    own = sheet.sheet
    yield "widths", {k: (d.width, d.hidden, d.min, d.max) for k, d in own.column_dimensions.items()}
    yield "heights", {k: d.ht for k, d in own.row_dimensions.items() if d.ht}
    yield "filter", own.auto_filter.ref
    yield "frozen at", own.freeze_panes
    yield "gridlines", own.sheet_view.showGridLines
    yield "protection", {k: v for k, v in own.protection if v is not None}
    yield "repeated rows", own.print_title_rows
    yield "feet", [foot_text(getattr(own.oddFooter, side)) for side in ("left", "center", "right")]
    yield "heads", [foot_text(getattr(own.oddHeader, side)) for side in ("left", "center", "right")]
    yield "lowest margin", round(own.page_margins.bottom, 4)
    yield "breaks", [each.id for each in own.row_breaks.brk]
    yield "paper", (own.page_setup.orientation, own.page_setup.paperSize, own.page_setup.fitToHeight)
    yield "tab", own.sheet_properties.tabColor.rgb if own.sheet_properties.tabColor else None
    yield "prompts", sorted(str(each.sqref) for each in own.data_validations.dataValidation)
    yield "charts", [(chart.name, [each.formula for each in chart.series]) for chart in sheet.charts]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock, so that both ways book at the same time."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")


def picture(book: Workbook) -> dict[object, object]:
    """Give all that a run may change in a workbook, to compare it with later."""
    shown: dict[object, object] = {"sheets": [(sheet.name, sheet.sheet.sheet_state) for sheet in book.sheets]}
    for sheet in book.sheets:
        for (row, column), cell in sheet.sheet._cells.items():
            value = sheet.shown.get((row, column))
            link = cell.hyperlink.location if cell.hyperlink else None
            if cell.value is not None or cell.has_style:
                shown[sheet.name, row, column] = (cell.value, cell.data_type, value, link, _look(cell))
        shown |= {(sheet.name, name): value for name, value in _settings(sheet)}
    return shown
