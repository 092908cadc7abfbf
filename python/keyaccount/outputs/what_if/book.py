"""A comparison as a workbook: an overview with native charts, salespeople, tiers and accounts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.outputs.cells import FONTS, HEADER, Cells, Style
from keyaccount.outputs.files import write_file
from keyaccount.outputs.text import printable
from keyaccount.outputs.what_if.comparison import Comparison, Table
from keyaccount.outputs.what_if.show import score_text
from keyaccount.problems import UsageError
from keyaccount.workbook import look
from keyaccount.workbook.canonical import canonical
from keyaccount.workbook.ranges import quoted_title

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.chart import BarChart
    from openpyxl.chart.title import Title
    from openpyxl.worksheet.worksheet import Worksheet

TITLE, SECTION = Style(size=16, bold=True, colour=look.INK), Style(size=12, bold=True, colour=look.INK)
NOTE, LABEL = Style(colour=look.NOTE), Style(line=True)
LEFT_HEADER, RIGHT_HEADER = replace(HEADER, align=""), replace(HEADER, align="right")
DIFFERENCE = Style("+#,##0.00;[Red]-#,##0.00;0.00", colour=look.NOTE, line=True)
TOTAL = Style(bold=True, fill=look.TOTAL_FILL, line=True)
COLOURS = ("A6A6A6", "2F75B5", "1F3864", "70AD47", "BF9000", "7F6084", "3B7D7A")
"""Of the plans in the charts: today's grey, the scenarios' behind it."""
_SOFT = "D9D9D9"
_LABEL_WIDTH, _AMOUNT_WIDTH, _MOST_WIDTH = 30, 16, 34
_CHART_ROWS, _CHART_WIDTH_CM, _CHART_HEIGHT_CM = 15, 24.0, 7.2
_PAGE_ROWS = 28
"""About so many rows stand on a page."""


@dataclass(frozen=True)
class _Written:
    """Where a table's rows stand."""

    sheet: str
    header: int
    first: int
    last: int


def write_comparison(comparison: Comparison, path: Path, keep: Path) -> None:
    """Write the comparison as a workbook; ``keep``: the plan's own, which it may not replace.

    Raises ``UsageError`` for another ending than .xlsx and ``FileProblem`` where it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            "{file} does not end in .xlsx.",
            "Name the workbook {better}.",
            file=path.name,
            better=f"{path.stem}.xlsx",
        )
    write_file(path, workbook_of(comparison), keep)


def workbook_of(comparison: Comparison) -> bytes:
    """Give the file's content: the same bytes for the same comparison and time."""
    from openpyxl import Workbook

    book = Workbook()
    _Writing(comparison, book).write()
    stream = io.BytesIO()
    book.save(stream)
    born = {"born": comparison.made_at} if comparison.made_at else {}
    title = printable(comparison.title)
    return canonical(stream.getvalue(), title=title, font=FONTS[comparison.language], **born)


class _Writing:
    """One workbook while it is written."""

    def __init__(self, comparison: Comparison, book: Workbook) -> None:
        self.comparison, self.book = comparison, book
        self.headers = comparison.headers()
        self.across = 1 + len(self.headers)
        self.cells = Cells()

    def write(self) -> None:
        comparison = self.comparison
        overview = self.book.active
        overview.title = comparison.localised("What-if")
        people = comparison.people()
        written = self._sheet(comparison.localised("Salespeople"), people)
        tiers = self._sheet(comparison.localised("Tiers"), [comparison.tiers()])
        self._sheet(comparison.localised("Accounts"), [comparison.accounts()])
        self._overview(overview, [(people[0], written[0]), (comparison.tiers(), tiers[0])])
        for sheet in self.book.worksheets:
            _page(sheet)

    def _head(self, sheet: Worksheet, title: str) -> None:
        self.cells.text(sheet, 1, 1, title, TITLE)
        sheet.row_dimensions[1].height = look.TITLE_HEIGHT
        for row, note in enumerate(self.comparison.notes, start=2):
            self.cells.text(sheet, row, 1, note, NOTE)

    def _overview(self, sheet: Worksheet, shown: Sequence[tuple[Table, _Written]]) -> None:
        from openpyxl.worksheet.pagebreak import Break

        comparison = self.comparison
        self._head(sheet, comparison.title)
        row = self._changes(sheet, 3 + len(comparison.notes))
        row = self._table(sheet, comparison.totals(), row + 2, totalled=False).last
        row = self._scores(sheet, row)
        for place, (table, where) in enumerate(shown):
            top = row + 2 + place * _CHART_ROWS
            sheet.add_chart(self._chart(table, where), f"A{top}")
        sheet.row_breaks.append(Break(id=row))  # the charts' own page
        _widths(sheet, self._widths())

    def _widths(self) -> list[float]:
        return [
            _LABEL_WIDTH,
            *(max(_AMOUNT_WIDTH, min(_MOST_WIDTH, look.display_width(h) + 2)) for h in self.headers),
        ]

    def _changes(self, sheet: Worksheet, row: int) -> int:
        _ = self.comparison.localised
        self.cells.text(sheet, row, 1, _("What is changed"), SECTION)
        titles = (_("Scenario"), _("Name in the plan"), _("Today"), _("Changed to"), _("From"))
        for column, title in enumerate(titles, start=1):
            self.cells.text(sheet, row + 1, column, title, LEFT_HEADER)
        for scenario, change in self.comparison.changes():
            texts = (scenario, change.name, change.before, change.after, change.start.isoformat())
            for column, text in enumerate(texts, start=1):
                self.cells.text(sheet, row + 2, column, text, LABEL)
            row += 1
        return row + 2

    def _scores(self, sheet: Worksheet, row: int) -> int:
        scores = self.comparison.scores()
        if not scores:
            return row
        _ = self.comparison.localised
        title = _("Maintenance score and the coefficient that it proposes")
        self.cells.text(sheet, row + 2, 1, title, SECTION)
        self.cells.text(sheet, row + 3, 1, _("Salesperson"), LEFT_HEADER)
        for column, plan in enumerate(self.comparison.plans, start=2):
            self.cells.text(sheet, row + 3, column, self.comparison.plan_name(plan), LEFT_HEADER)
        for place, (person, each) in enumerate(scores, start=row + 4):
            self.cells.text(sheet, place, 1, person, LABEL)
            for column, found in enumerate(each, start=2):
                self.cells.text(sheet, place, column, score_text(*found), LABEL)
        return row + 3 + len(scores)

    def _sheet(self, title: str, tables: Sequence[Table]) -> list[_Written]:
        from openpyxl.worksheet.pagebreak import Break

        sheet = self.book.create_sheet(title)
        self._head(sheet, f"{title} · {self.comparison.title}")
        row, page = 3 + len(self.comparison.notes), 0
        written: list[_Written] = []
        for table in tables:
            if row + len(table.rows) + 2 > page + _PAGE_ROWS and written:
                page = row - 1
                sheet.row_breaks.append(Break(id=page))
            written.append(self._table(sheet, table, row, totalled=True))
            row = written[-1].last + 3
        _widths(sheet, self._widths())
        return written

    def _table(self, sheet: Worksheet, table: Table, row: int, *, totalled: bool) -> _Written:
        """Write a table under its title: label, today's amount, each scenario's and its difference."""
        self.cells.text(sheet, row, 1, table.title, SECTION)
        self.cells.text(sheet, row + 1, 1, table.label, LEFT_HEADER)
        wraps = max(map(look.display_width, self.headers)) + 2 > _MOST_WIDTH
        sheet.row_dimensions[row + 1].height = look.HEADER_HEIGHT if wraps else look.ROW_HEIGHT
        for column, text in enumerate(self.headers, start=2):
            self.cells.text(sheet, row + 1, column, text, RIGHT_HEADER)
        rows = [
            *table.rows,
            *([(self.comparison.localised("Total"), table.totals)] if totalled and table.rows else []),
        ]
        for place, (label, amounts) in enumerate(rows, start=row + 2):
            total = totalled and place == row + 1 + len(rows)
            self.cells.text(sheet, place, 1, label, TOTAL if total else LABEL)
            for column, (fen, difference) in enumerate(_with_differences(amounts), start=2):
                style = DIFFERENCE if difference else LABEL
                style = replace(TOTAL, number_format=style.number_format) if total else style
                self.cells.amount(sheet, place, column, fen, style)
        return _Written(sheet.title, row + 1, row + 2, row + 1 + len(rows))

    def _chart(self, table: Table, where: _Written) -> BarChart:
        """Draw today's plan beside the scenarios, over the table's own cells."""
        from openpyxl.chart import BarChart, Series
        from openpyxl.chart.axis import ChartLines
        from openpyxl.chart.data_source import AxDataSource, StrRef
        from openpyxl.chart.series import SeriesLabel
        from openpyxl.chart.shapes import GraphicalProperties
        from openpyxl.drawing.line import LineProperties

        chart = BarChart()
        chart.type, chart.grouping = "col", "clustered"
        chart.title = _chart_title(table.title)
        chart.width, chart.height, chart.gapWidth = _CHART_WIDTH_CM, _CHART_HEIGHT_CM, 60
        sheet, last = quoted_title(where.sheet), where.first + len(table.rows) - 1
        for place, column in enumerate([2, *range(3, self.across, 2)]):
            letter = _letter(column)
            series = Series(f"{sheet}!${letter}${where.first}:${letter}${last}")
            series.tx = SeriesLabel(strRef=StrRef(f"{sheet}!${letter}${where.header}"))
            series.cat = AxDataSource(strRef=StrRef(f"{sheet}!$A${where.first}:$A${last}"))
            series.graphicalProperties.solidFill = COLOURS[place % len(COLOURS)]
            series.invertIfNegative = False
            chart.series.append(series)
        chart.x_axis.delete = chart.y_axis.delete = False
        chart.x_axis.tickLblPos = "low"
        chart.y_axis.numFmt = "#,##0"
        chart.y_axis.title = self.comparison.localised("Yuan")
        chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_SOFT)))
        chart.legend.position = "b"
        return chart


def _chart_title(text: str) -> Title:
    """Write a chart's title in the size of the Dashboard's."""
    from openpyxl.chart.text import RichText, Text
    from openpyxl.chart.title import Title
    from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

    look_ = CharacterProperties(sz=1200, b=True, solidFill=look.INK[2:])
    run = RegularTextRun(rPr=look_, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look_), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _with_differences(amounts: Sequence[int]) -> Iterable[tuple[int, bool]]:
    """Give today's amount, then each scenario's and its difference (True)."""
    today, *others = amounts
    yield today, False
    for amount in others:
        yield amount, False
        yield amount - today, True


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column))


def _widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[_letter(column)].width = width


def _page(sheet: Worksheet) -> None:
    """Set a page up: A4 landscape, one page wide."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"
