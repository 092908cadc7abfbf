"""The Dashboard as a sheet: charts above, and below them the small tables whose ranges they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from keyaccount.money import number_text, yuan
from keyaccount.tables import Block, Charted, ResultColumn
from keyaccount.workbook import look
from keyaccount.workbook.cells import column_cells, letters, text_cell
from keyaccount.workbook.charts import COLOURS, ONE_COLOUR, Place, Plot, Series
from keyaccount.workbook.grid import Frame, in_language
from keyaccount.workbook.ranges import quoted_title
from keyaccount.workbook.sheet import Kept, Rendered, head_lines

_WIDTHS = (26, 14, 14, 14, 14, 14, 14)
_MIDDLE = 3
"""The column where the right-hand charts begin: what is left of it is as wide as what is right."""
_HEAD_ROWS = 4
_CHART_ROWS = 16
_GAP_ROWS = 1
_FORMATS = {"yuan": "#,##0", "percent": "0%", "score": "0"}
_LABELS = {**_FORMATS, "score": "0.00"}
_NOTHING = {
    "en": "Nothing has been run yet: charts stand here after the first monthly advance.",
    "zh": "尚未运行任何期间:首次月度预发之后,此处显示图表。",
}


@dataclass(frozen=True, slots=True)
class _Written:
    """A block's texts and values in the workbook's language, and the row of its header."""

    block: Block
    header: int
    headers: tuple[str, ...]
    values: tuple[tuple[object, ...], ...]  # by column

    @property
    def last(self) -> int:
        return self.header + len(self.block.rows)


def lay_out(table: Charted, language: str) -> list[_Written]:
    """Put the tables below the charts, one under the other."""
    drawn = sum(not block.empty for block in table.blocks)
    row = _HEAD_ROWS + 1 + (drawn + 1) // 2 * (_CHART_ROWS + _GAP_ROWS)
    written = []
    for block in table.blocks:
        headers = tuple(column.zh if language == "zh" else column.en for column in block.columns)
        by_column = list(zip(*block.rows, strict=True)) or [() for _ in block.columns]
        values = tuple(
            tuple(in_language(column, shown, language))
            for column, shown in zip(block.columns, by_column, strict=True)
        )
        written.append(_Written(block, row + 2, headers, values))
        row += 3 + (0 if block.empty else len(block.rows))
    return written


def plots(table: Charted, title: str, language: str) -> list[tuple[Plot, Place]]:
    """Give the charts over the tables' ranges, and their places; none over nothing."""
    shown = [written for written in lay_out(table, language) if not written.block.empty]
    return [
        (_plot(written, title, language), _place(index, len(shown))) for index, written in enumerate(shown)
    ]


def _place(index: int, count: int) -> Place:
    """Put charts in two columns; the last of an odd number takes the whole width."""
    top = _HEAD_ROWS + index // 2 * (_CHART_ROWS + _GAP_ROWS)
    left = 0 if index % 2 == 0 else _MIDDLE
    whole = index == count - 1 and index % 2 == 0
    return Place(left, top, len(_WIDTHS) if whole or left else _MIDDLE, top + _CHART_ROWS)


def _plot(written: _Written, title: str, language: str) -> Plot:
    block, chart = written.block, written.block.chart
    sheet, which = quoted_title(title), int(language == "zh")
    first, last = written.header + 1, written.last
    colours = (*chart.colours, *COLOURS[len(chart.colours) :])
    series = tuple(
        Series(
            written.headers[place],
            f"{sheet}!${letters(place)}${written.header}",
            tuple(_number(value) for value in written.values[place]),
            f"{sheet}!${letters(place)}${first}:${letters(place)}${last}",
            ONE_COLOUR if len(block.drawn) == 1 else colours[index % len(colours)],
        )
        for index, place in enumerate(block.drawn)
    )
    form = _FORMATS[chart.values]
    return Plot(
        chart.name,
        chart.kind,
        chart.title[which],
        chart.across[which],
        chart.measure[which],
        tuple(str(value) for value in written.values[0]),
        f"{sheet}!$A${first}:$A${last}",
        series,
        form,
        _LABELS[chart.values] if len(series) == 1 else "",
    )


def _number(value: object) -> str:
    if isinstance(value, int):
        return yuan(value)
    return number_text(value) if isinstance(value, Decimal) else ""


def render(table: Charted, frame: Frame, kept: Kept, *, selected: bool) -> Rendered:
    """Write the sheet; ``kept`` names the drawing."""
    rows: dict[int, tuple[str, int]] = {
        number: (_cell(number, 0, frame.styles[style], content), look.TITLE_HEIGHT if number == 1 else 0)
        for number, (style, content) in enumerate(head_lines(table, frame), start=1)
    }
    tables = lay_out(table, frame.language)
    if not tables:
        rows[_HEAD_ROWS] = _cell(_HEAD_ROWS, 0, frame.styles["good"], text_cell(_NOTHING[frame.language])), 0
    for written in tables:
        rows |= _rows(written, frame)
    last = max(rows)
    end = letters(max(len(_WIDTHS), *(len(block.columns) for block in table.blocks), 1) - 1)
    chosen = ' tabSelected="1"' if selected else ""
    parts = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{frame.namespace}" xmlns:r="{frame.relationships_namespace}"{kept.declarations}>',
        look.sheet_properties(kept.code_name),
        f'<dimension ref="A1:{end}{last}"/>',
        f'<sheetViews><sheetView showGridLines="0"{chosen} workbookViewId="0"/></sheetViews>',
        look.row_height(fitted=False),
        _widths(tables),
        f"<sheetData>{''.join(_row(number, *rows[number]) for number in sorted(rows))}</sheetData>",
        look.PROTECTION,
        _page(frame.language),
        _breaks(tables),
        f'<ignoredErrors><ignoredError sqref="A1:{end}{last}" numberStoredAsText="1"/></ignoredErrors>',
        kept.drawings,
        "</worksheet>",
    )
    return Rendered("".join(parts).encode(), "", "")


def _rows(written: _Written, frame: Frame) -> dict[int, tuple[str, int]]:
    """Write a block's title, header and rows; where there is nothing, a line that says so."""
    block, which = written.block, int(frame.language == "zh")
    styles = frame.styles
    title = _cell(written.header - 1, 0, styles["section"], text_cell(block.chart.title[which]))
    rows = {written.header - 1: (title, 0)}
    if block.empty:
        rows[written.header] = (
            _cell(written.header, 0, styles["note"], text_cell(block.chart.nothing[which])),
            0,
        )
        return rows
    headers = enumerate(written.headers)
    rows[written.header] = (
        "".join(_cell(written.header, i, styles["header"], text_cell(text)) for i, text in headers),
        look.HEADER_HEIGHT,
    )
    columns = [
        column_cells(values, column.kind, styles[column.kind], {}, date1904=frame.date1904)
        for column, values in zip(block.columns, written.values, strict=True)
    ]
    for number, cells in enumerate(zip(*columns, strict=True), start=written.header + 1):
        rows[number] = ("".join(f'<c r="{letters(i)}{number}"{cell}' for i, cell in enumerate(cells)), 0)
    return rows


def _cell(row: int, column: int, style: int, content: str) -> str:
    return f'<c r="{letters(column)}{row}" s="{style}"{content}'


def _row(number: int, cells: str, height: int) -> str:
    tall = f' ht="{height}" customHeight="1"' if height else ""
    return f'<row r="{number}"{tall}>{cells}</row>'


def _widths(tables: Sequence[_Written]) -> str:
    """Give the columns the widths of the charts' halves; the tables' columns need no more, or are widened."""
    needed: dict[int, float] = dict(enumerate(map(float, _WIDTHS)))
    for written in tables:
        for index, (column, values) in enumerate(zip(written.block.columns, written.values, strict=True)):
            needed[index] = max(needed.get(index, 0.0), _needed(column, values))
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{needed[i - 1]:g}" customWidth="1"/>'
        for i in range(1, len(needed) + 1)
    )
    return f"<cols>{columns}</cols>"


def _needed(column: ResultColumn, values: Sequence[object]) -> float:
    shown: Mapping[bool, Sequence[str]] = {
        True: [f"{value / 100:,.2f}" for value in values if isinstance(value, int)],
        False: [str(value) for value in values if isinstance(value, str)],
    }
    widest = max(map(look.display_width, shown[column.kind == "amount"]), default=0)
    return float(min(look.WIDEST, widest + 3))


def _page(language: str) -> str:
    pages = "第&amp;P页 共&amp;N页" if language == "zh" else "Page &amp;P of &amp;N"
    return (
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="portrait" fitToHeight="0"/>'
        f"<headerFooter><oddFooter>&amp;L&amp;A&amp;R{pages}</oddFooter></headerFooter>"
    )


def _breaks(tables: Sequence[_Written]) -> str:
    """Begin a page with the tables: the charts fill the one before."""
    if not tables or all(written.block.empty for written in tables):
        return ""
    row = tables[0].header - 2
    return f'<rowBreaks count="1" manualBreakCount="1"><brk id="{row}" max="16383" man="1"/></rowBreaks>'
