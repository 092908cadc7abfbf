"""A statement as a workbook: three locked sheets (statement, commission, clawbacks) and a native chart."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from keyaccount.outputs.cells import FONTS, HEADER, Cells, Style
from keyaccount.outputs.statements.paper import Paper, PaperColumn, PaperLine, PaperTable
from keyaccount.outputs.text import printable
from keyaccount.translation import localised
from keyaccount.workbook import look
from keyaccount.workbook.canonical import canonical

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FORMATS = {
    "amount": look.AMOUNT,
    "part": f"{look.AMOUNT};–",
    "rate": look.PERCENT,
    "share": look.PERCENT,
    "day": look.DAY,
}
_WIDTHS = (4, 24, 30, 15, 2, 8, 14, 14)
"""Of the first sheet's columns: mark, name, rule, amount; a gap; month and the chart's two amounts."""
_ACROSS = len(_WIDTHS)
_CHART_ROWS = 11
_CHART_CM = (7.2, 5.6)
_NOTE_LETTERS = 108
"""About so many letters of a note stand on a line of the first sheet."""
_LAST_NARROW = "\u2e7f"
"""Chinese letters, which are as wide as two others, come after this one."""
_NOTE = Style(colour=look.NOTE)
_SMALL = Style(colour=look.NOTE, size=9, line=True)
_SECTION = Style(colour=look.INK, bold=True, size=12)
_HEADLINE = Style(colour=look.INK, bold=True, size=16)
_BOLD = Style(bold=True)
_LINE = Style(line=True)
_BAD = Style(colour=look.BAD, bold=True)
_LONG = Style(wrapped=True)


class StatementBook:
    """Builds the workbook of one paper."""

    def __init__(self, paper: Paper) -> None:
        """Keep the paper."""
        from openpyxl import Workbook

        self.paper, self.cells = paper, Cells()
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
        paper, text = self.paper, self.cells.text
        sheet.title = paper.title[:31]
        _widths(sheet, _WIDTHS)
        text(sheet, 1, 1, paper.company, _NOTE)
        text(sheet, 2, 1, f"{paper.title}  {paper.subtitle}", _HEADLINE)
        sheet.row_dimensions[2].height = look.TITLE_HEIGHT
        text(sheet, 3, 1, paper.unit, _NOTE)
        row = 4
        if paper.mark:
            text(sheet, row, 1, paper.mark, _BAD)
            row += 1
        for name, value in paper.head:
            text(sheet, row, 1, name, _NOTE)
            text(sheet, row, 3, value, _BOLD)
            row += 1
        row = self._chain(sheet, row + 1)
        row = self._notes(sheet, row + 1)
        for table in paper.after:
            row = self._objections(sheet, table, row + 1)
        for name in paper.signatures:
            row += 2
            text(sheet, row, 1, f"{name}: ______________________")
        text(sheet, row + 2, 1, paper.foot, _NOTE)
        _page(sheet, paper, "portrait", row + 2, _ACROSS)

    def _chain(self, sheet: Worksheet, row: int) -> int:
        """Write the settlement's chain, and beside it the year so far as a chart above its figures."""
        paper, cells = self.paper, self.cells
        cells.text(sheet, row, 1, paper.chain_heading, _SECTION)
        for place, link in enumerate(paper.chain, start=row + 1):
            strong = replace(_LINE, bold=link.strong, fill=look.MAIN_FILL if link.strong else "")
            cells.text(sheet, place, 1, link.mark, strong)
            cells.text(sheet, place, 2, link.name, strong)
            cells.text(sheet, place, 3, link.rule, replace(_SMALL, fill=strong.fill))
            cells.amount(sheet, place, 4, link.amount, strong)
        return max(row + 1 + len(paper.chain), self._bars(sheet, row))

    def _bars(self, sheet: Worksheet, row: int) -> int:
        from openpyxl.chart import BarChart, Reference

        bars = self.paper.bars
        table = row + _CHART_ROWS + 1
        for column, name in enumerate(("", *bars.names), start=6):
            self.cells.text(sheet, table, column, name, HEADER)
        for place, month in enumerate(bars.months, start=table + 1):
            self.cells.text(sheet, place, 6, month, _LINE)
            for column, series in enumerate(bars.values, start=7):
                self.cells.amount(sheet, place, column, series[place - table - 1], _LINE)
        last = table + len(bars.months)
        chart = BarChart()
        chart.type, chart.style = "col", 10
        chart.width, chart.height = _CHART_CM
        self.cells.text(sheet, row, 6, bars.heading, _BOLD)
        figures = Reference(sheet, min_col=7, max_col=8, min_row=table, max_row=last)
        chart.add_data(figures, titles_from_data=True)
        chart.set_categories(Reference(sheet, min_col=6, min_row=table + 1, max_row=last))
        for series, colour in zip(chart.series, ("2F75B5", "2E8B6B"), strict=True):
            series.graphicalProperties.solidFill = colour
            series.invertIfNegative = False
        chart.legend.position = "b"
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.tickLblPos = "low"
        chart.y_axis.numFmt = "#,##0"
        sheet.add_chart(chart, f"F{row + 1}")
        return last + 1

    def _notes(self, sheet: Worksheet, row: int) -> int:
        self.cells.text(sheet, row, 1, self.paper.notes_heading, _SECTION)
        for number, note in enumerate(self.paper.notes, start=1):
            row += 1
            self._wide(sheet, row, f"{number}. {note}")
        return row + 1

    def _wide(self, sheet: Worksheet, row: int, text: str) -> None:
        self.cells.text(sheet, row, 1, text, _LONG)
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=_ACROSS)
        lines = -(-sum(2 if letter > _LAST_NARROW else 1 for letter in text) // _NOTE_LETTERS)
        sheet.row_dimensions[row].height = look.LINE_HEIGHT * lines + 3

    def _objections(self, sheet: Worksheet, table: PaperTable, row: int) -> int:
        self.cells.text(sheet, row, 1, table.heading, _SECTION)
        for line in table.lines:
            texts = (
                f"{column.heading}: {value}"
                for column, value in zip(table.columns, line.values, strict=True)
                if value
            )
            row += 1
            self._wide(sheet, row, "; ".join(texts))
        return row + 1

    def _table_sheet(self, table: PaperTable, more: PaperTable | None = None) -> None:
        sheet = self.book.create_sheet(_title(table.heading))
        text = self.cells.text
        text(sheet, 1, 1, f"{table.heading}  {self.paper.subtitle}", replace(_SECTION, size=14))
        text(sheet, 2, 1, "  ".join(value for _, value in self.paper.head[:2]), _BOLD)
        text(sheet, 3, 1, self.paper.unit, _NOTE)
        _widths(sheet, [column.width for column in table.columns])
        last = self._table(sheet, table, 5, 1)
        sheet.freeze_panes = "A6"
        sheet.print_title_rows = "5:5"
        if more is not None and more.lines:
            text(sheet, last + 2, 1, more.heading, _SECTION)
            last = self._table(sheet, more, last + 3, 3)
        _page(sheet, self.paper, "landscape", last, len(table.columns))

    def _table(self, sheet: Worksheet, table: PaperTable, row: int, first: int) -> int:
        """Write a table; gives its last row."""
        for column, each in enumerate(table.columns, start=first):
            self.cells.text(sheet, row, column, each.heading, HEADER)
        sheet.row_dimensions[row].height = look.HEADER_HEIGHT
        if not table.lines:
            self.cells.text(sheet, row + 1, first, table.nothing, _NOTE)
            return row + 1
        for line in table.lines:
            row += 1
            self._line(sheet, row, first, table.columns, line)
        return row

    def _line(
        self, sheet: Worksheet, row: int, first: int, columns: Sequence[PaperColumn], line: PaperLine
    ) -> None:
        if line.look == "group":
            self.cells.text(sheet, row, first, str(line.values[0]), Style(bold=True, colour=look.TAB_COLOUR))
            return
        style = replace(_BOLD, line=True, fill=look.TOTAL_FILL) if line.look == "total" else _LINE
        for column, (declared, value) in enumerate(zip(columns, line.values, strict=True), start=first):
            shown = replace(style, number_format=_FORMATS.get(declared.kind, "General"))
            if isinstance(value, str):
                self.cells.text(sheet, row, column, value, replace(style, align="left"))
            elif isinstance(value, int):
                self.cells.amount(sheet, row, column, value, shown)
            else:
                self.cells.value(sheet, row, column, value, shown)


def _title(heading: str) -> str:
    """Give a sheet's title: the heading without its number and what Excel does not take."""
    words = heading.split(". ", 1)[-1].split("、", 1)[-1].split(":", 1)[0]
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in words)[:31]


def _widths(sheet: Worksheet, widths: Sequence[float]) -> None:
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
    sheet.oddFooter.right.text = localised("Page {page} of {pages}", paper.language, page="&P", pages="&N")
    sheet.sheet_view.showGridLines = False


def _lock(sheet: Worksheet) -> None:
    """Guard the sheet against edits; widths and filters stay free. No password: it is no secret."""
    sheet.protection.enable()
    sheet.protection.formatColumns = False
    sheet.protection.autoFilter = False
    sheet.protection.sort = False
