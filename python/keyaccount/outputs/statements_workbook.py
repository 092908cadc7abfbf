"""A statement as a workbook: three locked sheets (statement, commission, clawbacks) and a native chart."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from keyaccount.outputs.statements_paper import Paper, PaperColumn, PaperLine, PaperTable
from keyaccount.outputs.text import printable, put
from keyaccount.translation import localised
from keyaccount.workbook import look
from keyaccount.workbook.canonical import canonical

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

FONTS = {"en": "Calibri", "zh": "等线"}
_FONT = "Calibri"
"""The font while the workbook is built; ``FONTS`` are the languages' own."""
_FORMATS = {
    "amount": look.AMOUNT,
    "part": look.AMOUNT,
    "rate": look.PERCENT,
    "share": look.PERCENT,
    "day": look.DAY,
}
_WIDTHS = (5, 26, 30, 18, 3, 11, 16, 16)
"""Of the first sheet's columns: mark, name, rule, amount; a gap; month and the chart's two amounts."""
_ACROSS = 8
_CHART_ROWS = 12
_NOTE_LETTERS = 105
"""About so many letters of a note stand on a line of the first sheet."""

_LAST_NARROW = "\u2e7f"
"""Chinese letters, which are as wide as two others, come after this one."""


class _Place(NamedTuple):
    """Where a table begins on its sheet."""

    row: int
    column: int = 1


class StatementBook:
    """Builds the workbook of one paper."""

    def __init__(self, paper: Paper) -> None:
        """Keep the paper."""
        from openpyxl import Workbook

        self.paper = paper
        self.book: Workbook = Workbook()

    def content(self, made_at: datetime) -> bytes:
        """Give the file: the same bytes for the same paper and time."""
        paper = self.paper
        self._first_sheet(self.book.active)
        detail, reasons, clawbacks = paper.tables
        self._table_sheet(detail, reasons)
        self._table_sheet(clawbacks)
        for sheet in self.book.worksheets:
            _lock(sheet)
        stream = io.BytesIO()
        self.book.save(stream)
        title = printable(f"{paper.title} {paper.subtitle}")
        born = made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return canonical(stream.getvalue(), title=title, font=FONTS[paper.language], born=born)

    def _first_sheet(self, sheet: Worksheet) -> None:
        paper = self.paper
        sheet.title = paper.title[:31]
        _widths(sheet, _WIDTHS)
        put(sheet, 1, 1, paper.company, colour=look.NOTE)
        put(sheet, 2, 1, f"{paper.title}  {paper.subtitle}", size=16, bold=True, colour=look.INK)
        put(sheet, 3, 1, paper.unit, colour=look.NOTE)
        sheet.row_dimensions[2].height = 26
        row = 4
        if paper.mark:
            put(sheet, row, 1, paper.mark, bold=True, colour=look.BAD)
            row += 1
        for name, value in paper.head:
            put(sheet, row, 1, name, colour=look.NOTE)
            put(sheet, row, 3, value, bold=True)
            row += 1
        row = self._chain(sheet, row + 1)
        row = self._notes(sheet, row + 1)
        for table in paper.after:
            row = self._objections(sheet, table, row + 1)
        for name in paper.signatures:
            row += 2
            put(sheet, row, 1, f"{name}: ______________________")
        put(sheet, row + 2, 1, paper.foot, colour=look.NOTE)
        _page(sheet, paper, "portrait", row + 2, _ACROSS)

    def _chain(self, sheet: Worksheet, row: int) -> int:
        """Write the settlement's chain, and beside it the year so far as a chart above its figures."""
        paper = self.paper
        put(sheet, row, 1, paper.chain_heading, bold=True, colour=look.INK, size=12)
        top = row + 1
        for place, link in enumerate(paper.chain, start=top):
            put(sheet, place, 1, link.mark)
            put(sheet, place, 2, link.name, bold=link.strong)
            put(sheet, place, 3, link.rule, colour=look.NOTE, size=9)
            _amount(sheet.cell(place, 4), link.amount, bold=link.strong)
            for column in range(1, 5):
                _line(sheet.cell(place, column), look.MAIN_FILL if link.strong else "")
        below = self._bars(sheet, row)
        return max(top + len(paper.chain), below)

    def _bars(self, sheet: Worksheet, row: int) -> int:
        from openpyxl.chart import BarChart, Reference

        bars = self.paper.bars
        table = row + _CHART_ROWS + 1
        for column, name in enumerate(("", *bars.names), start=6):
            _header(sheet.cell(table, column), name)
        for place, month in enumerate(bars.months):
            put(sheet, table + 1 + place, 6, month)
            for column, series in enumerate(bars.values, start=7):
                _amount(sheet.cell(table + 1 + place, column), series[place])
            for column in range(6, 9):
                _line(sheet.cell(table + 1 + place, column), "")
        last = table + len(bars.months)
        chart = BarChart()
        chart.type, chart.title, chart.style = "col", bars.heading, 10
        chart.width, chart.height = 8.9, 6.2
        chart.add_data(
            Reference(sheet, min_col=7, max_col=8, min_row=table, max_row=last), titles_from_data=True
        )
        chart.set_categories(Reference(sheet, min_col=6, min_row=table + 1, max_row=last))
        for series, colour in zip(chart.series, ("2F75B5", "2E8B6B"), strict=True):
            series.graphicalProperties.solidFill = colour
            series.invertIfNegative = False
        chart.legend.position = "b"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.tickLblPos = "low"
        chart.y_axis.numFmt, chart.y_axis.title = "#,##0", None
        sheet.add_chart(chart, f"F{row}")
        return last + 1

    def _notes(self, sheet: Worksheet, row: int) -> int:
        paper = self.paper
        put(sheet, row, 1, paper.notes_heading, bold=True, colour=look.INK, size=12)
        for number, note in enumerate(paper.notes, start=1):
            row += 1
            self._wide(sheet, row, f"{number}. {note}")
        return row + 1

    def _wide(self, sheet: Worksheet, row: int, text: str) -> None:
        from openpyxl.styles import Alignment

        put(sheet, row, 1, text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=_ACROSS)
        lines = -(-sum(2 if letter > _LAST_NARROW else 1 for letter in text) // _NOTE_LETTERS)
        sheet.row_dimensions[row].height = look.LINE_HEIGHT * lines + 3

    def _objections(self, sheet: Worksheet, table: PaperTable, row: int) -> int:
        put(sheet, row, 1, table.heading, bold=True, colour=look.INK, size=12)
        for line in table.lines:
            texts = (
                f"{column.heading}: {_text(value)}"
                for column, value in zip(table.columns, line.values, strict=True)
                if value
            )
            row += 1
            self._wide(sheet, row, "; ".join(texts))
        return row + 1

    def _table_sheet(self, table: PaperTable, more: PaperTable | None = None) -> None:
        sheet = self.book.create_sheet(_title(table.heading))
        put(sheet, 1, 1, f"{table.heading}  {self.paper.subtitle}", bold=True, colour=look.INK, size=14)
        put(sheet, 2, 1, "  ".join(value for _, value in self.paper.head[:2]))
        put(sheet, 3, 1, self.paper.unit, colour=look.NOTE)
        _widths(sheet, [column.width for column in table.columns])
        last = _table(sheet, table, _Place(5))
        sheet.freeze_panes = "A6"
        sheet.print_title_rows = "5:5"
        if more is not None and more.lines:
            put(sheet, last + 2, 1, more.heading, bold=True, colour=look.INK, size=12)
            last = _table(sheet, more, _Place(last + 3, 3))
        _page(sheet, self.paper, "landscape", last, len(table.columns))


def _title(heading: str) -> str:
    """Give a sheet's title: the heading without its number and what Excel does not take."""
    words = heading.split(". ", 1)[-1].split("、", 1)[-1].split(":", 1)[0]
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in words)[:31]


def _table(sheet: Worksheet, table: PaperTable, place: _Place) -> int:
    """Write a table; gives its last row."""
    row, first = place
    for column, each in enumerate(table.columns, start=first):
        _header(sheet.cell(row, column), each.heading)
    sheet.row_dimensions[row].height = look.HEADER_HEIGHT
    if not table.lines:
        put(sheet, row + 1, first, table.nothing, colour=look.NOTE)
        return row + 1
    for line in table.lines:
        row += 1
        _write_line(sheet, row, first, table.columns, line)
    return row


def _write_line(
    sheet: Worksheet, row: int, first: int, columns: tuple[PaperColumn, ...], line: PaperLine
) -> None:
    for column, (declared, value) in enumerate(zip(columns, line.values, strict=True), start=first):
        cell = sheet.cell(row, column)
        if value is None or value == "":
            pass
        elif isinstance(value, str):
            put(sheet, row, column, value, bold=bool(line.look), colour=_colour(line))
        elif declared.kind in ("amount", "part") and isinstance(value, int):
            _amount(cell, value, bold=line.look == "total")
        else:
            cell.value = value
            cell.number_format = _FORMATS[declared.kind]
            _font(cell)
        if line.look != "group":
            _line(cell, look.TOTAL_FILL if line.look == "total" else "")


def _colour(line: PaperLine) -> str:
    return look.TAB_COLOUR if line.look == "group" else ""


def _text(value: object) -> str:
    return printable(str(value))


def _font(cell: Cell, *, bold: bool = False) -> None:
    from openpyxl.styles import Font

    cell.font = Font(name=_FONT, size=10, bold=bold)


def _amount(cell: Cell, fen: int, *, bold: bool = False) -> None:
    """Write an amount in yuan, exactly."""
    cell.value = Decimal(fen).scaleb(-2)
    cell.number_format = look.AMOUNT
    _font(cell, bold=bold)


def _header(cell: Cell, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    put(cell.parent, cell.row, cell.column, text)
    cell.font = Font(name=_FONT, size=10, bold=True, color=look.INK)
    cell.fill = PatternFill("solid", fgColor=look.HEADER_FILL)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    _line(cell, look.HEADER_FILL)


def _line(cell: Cell, fill: str) -> None:
    from openpyxl.styles import Border, PatternFill, Side

    cell.border = Border(bottom=Side(style="thin", color=look.LINE))
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)


def _widths(sheet: Worksheet, widths: tuple[float, ...] | list[float]) -> None:
    from openpyxl.utils import get_column_letter

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _page(sheet: Worksheet, paper: Paper, orientation: str, last: int, columns: int) -> None:
    """Set the page up: A4, one page wide, page X of Y at the foot."""
    from openpyxl.utils import get_column_letter

    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_area = f"A1:{get_column_letter(columns)}{last}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text = printable(paper.foot).replace("&", "&&")
    page = localised("Page {page} of {pages}", paper.language, page="&P", pages="&N")
    sheet.oddFooter.right.text = page
    sheet.sheet_view.showGridLines = False


def _lock(sheet: Worksheet) -> None:
    """Guard the sheet against edits; widths and filters stay free. No password: it is no secret."""
    sheet.protection.enable()
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
