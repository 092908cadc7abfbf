"""One result sheet as XML: head, header, rows, protection, page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keyaccount.money import yuan, yuan_grouped
from keyaccount.problems import FileProblem, SheetName
from keyaccount.tables import WORDS, Count, Formula, ResultColumn, ResultTable, Tie
from keyaccount.workbook import look
from keyaccount.workbook.cells import (
    column_cells,
    letters,
    number_cell,
    rows_xml,
    shown_amount,
    text_cell,
)
from keyaccount.workbook.grid import Frame, Grid, lay_out
from keyaccount.workbook.markup import escape
from keyaccount.workbook.paper import page
from keyaccount.workbook.prompts import prompts
from keyaccount.workbook.ranges import quoted_title

LAST_ROW = 1_048_576
MOST_LINKS = 65_000
"""Excel opens no sheet with more than 65,530 links."""
HEAD_ROW = 5

_TEXTS = {
    "en": {
        "company": "{}",
        "period": "Period {}",
        "run": "Run {}",
        "gap": " · ",
        "unit": "Unit: yuan, before tax",
        "total": "Total",
        "clean": "No problems found",
        "errors": "Errors: {}",
        "warnings": "Warnings: {}",
    },
    "zh": {
        "company": "公司名称:{}",
        "period": "核算期间:{}",
        "run": "批次号:{}",
        "gap": " · ",
        "unit": "单位:元(税前)",
        "total": "合计",
        "clean": "未发现问题",
        "errors": "错误:{}",
        "warnings": "警告:{}",
    },
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a replaced result sheet hands on: VBA's name of it, namespaces, drawings; had it formulas?"""

    code_name: str = ""
    declarations: str = ""
    drawings: str = ""
    formulas: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """A result sheet's XML, the rows that each printed page repeats, and the range that filters."""

    xml: bytes
    repeated_rows: str
    filter_range: str


def render(table: ResultTable, frame: Frame, kept: Kept, *, selected: bool) -> Rendered:
    """Write a result sheet; raises FileProblem where it holds more rows than a sheet can."""
    head = _head_height(table, frame.language)
    last = head + len(table.rows)
    if last > LAST_ROW:
        raise FileProblem(
            "The sheet {sheet} would hold {rows} rows, more than a sheet can.",
            "Start a new workbook for the next plan year, with the opening balances of this one.",
            sheet=SheetName(table.sheet.name),
            rows=f"{len(table.rows):,}",
        )
    grid = lay_out(table, frame)
    end = letters(len(grid.columns) - 1)
    filter_range = f"A{head}:{end}{max(last, head + 1)}"
    above = _head(table, frame, grid, head)
    rows = rows_xml(_cells(grid, frame), head + 1, _heights(grid, signed=table.sheet.signed))
    top = head if table.sheet.titled else 1
    before = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        f'<worksheet xmlns="{frame.namespace}" xmlns:r="{frame.relationships_namespace}"{kept.declarations}>',
        look.sheet_properties(kept.code_name),
        f'<dimension ref="A1:{end}{last}"/>',
        _view(head, selected=selected),
        look.row_height(fitted="wrapped" in grid.styles),
        _widths(grid),
        f"<sheetData>{above}",
    )
    after = (
        "</sheetData>",
        look.PROTECTION,
        f'<autoFilter ref="{filter_range}"/>',
        prompts(table, grid, frame.language, head),
        _links(table, frame, head),
        page(table, frame.language, _shown_width(grid)),
        f'<ignoredErrors><ignoredError sqref="A1:{end}{last}" numberStoredAsText="1"/></ignoredErrors>',
        kept.drawings,
        "</worksheet>",
    )
    xml = b"".join(("".join(before).encode(), rows, "".join(after).encode()))
    return Rendered(xml, f"${top}:${head}", filter_range)


def _head_height(table: ResultTable, language: str) -> int:
    if table.sheet.titled:
        return HEAD_ROW
    return 2 if language == "zh" else 1


def _cells(grid: Grid, frame: Frame) -> list[list[str]]:
    result = []
    for column, values, style in zip(grid.columns, grid.values, grid.styles, strict=True):
        styles, apart = (_styles(frame, named, column, values) for named in (style, look.apart_from(style)))
        cells = column_cells(values, column.kind, *styles, date1904=frame.date1904)
        for row in grid.apart:
            cells[row] = column_cells(values[row : row + 1], column.kind, *apart, date1904=frame.date1904)[0]
        result.append(cells)
    return result


def _styles(
    frame: Frame, style: str, column: ResultColumn, values: Sequence[object]
) -> tuple[int, dict[object, int]]:
    """Give the number of a look, and of those that single values have."""
    special: dict[object, int] = {}
    if column.words == "severity":
        suffix = style.removeprefix("text")
        for english, chinese in WORDS["severity"].items():
            special |= dict.fromkeys((english, *chinese), frame.styles[f"{english}{suffix}"])
    if column.kind == "formula":
        of_count = frame.styles[style.replace("formula", "count")]
        special |= {each: of_count for each in set(values) if _counts(each)}
    return frame.styles[style], special


def _counts(figure: object) -> bool:
    return isinstance(figure.value if isinstance(figure, Formula) else figure, Count)


def _heights(grid: Grid, *, signed: bool) -> list[int]:
    """Give each row the height that its wrapped texts or a signature need; nothing where neither is."""
    wrapped = [
        [look.lines_needed(str(value), width) if value else 1 for value in values]
        for values, style, width in zip(grid.values, grid.styles, grid.widths, strict=True)
        if style == "wrapped"
    ]
    least = look.SIGNED_HEIGHT if signed else 0
    if not wrapped:
        return [least] * len(grid.values[0]) if signed else []
    return [max(least, max(lines) * look.LINE_HEIGHT + 3) for lines in zip(*wrapped, strict=True)]


# --- the head ------------------------------------------------------------------------------------


def _row(
    number: int, cells: Mapping[int, tuple[str, str]], styles: Mapping[str, int], height: int = 0
) -> str:
    """Write a row from cells (column -> style and content)."""
    tall = f' ht="{height}" customHeight="1"' if height else ""
    written = "".join(
        f'<c r="{letters(i)}{number}" s="{styles[s]}"{c}' for i, (s, c) in sorted(cells.items())
    )
    return f'<row r="{number}"{tall}>{written}</row>'


def _head(table: ResultTable, frame: Frame, grid: Grid, head: int) -> str:
    styles = frame.styles
    headers = {
        i: ("main_header" if column.main else "header", text_cell(header))
        for i, (column, header) in enumerate(zip(grid.columns, grid.headers, strict=True))
    }
    last = _row(head, headers, styles, look.HEADER_HEIGHT)
    if not table.sheet.titled:
        if head == 1:
            return last
        labels = {i: ("header", text_cell(column.zh)) for i, column in enumerate(grid.columns)}
        return _row(1, labels, styles, look.HEADER_HEIGHT) + last
    above = "".join(
        _row(number, {0: line}, styles, look.TITLE_HEIGHT if number == 1 else 0)
        for number, line in enumerate(head_lines(table, frame), start=1)
    )
    total = _row(4, _totals(grid, _TEXTS[frame.language]["total"]), styles, look.TOTAL_HEIGHT)
    return above + total + last


def head_lines(table: ResultTable, frame: Frame) -> tuple[tuple[str, str], ...]:
    """Give the first three lines (style and content): title; company, period, run; unit or verdict."""
    texts = _TEXTS[frame.language]
    title = table.sheet.title[frame.language == "zh"]
    shown = (("company", table.company), ("period", table.period), ("run", table.run))
    about = texts["gap"].join(texts[name].format(value) for name, value in shown if value)
    third = _verdict(table, texts) if _lists_problems(table) else _unit_and_ties(table, frame, texts)
    return ("title", text_cell(title)), ("note", text_cell(about)), third


def _lists_problems(table: ResultTable) -> bool:
    return any(column.words == "severity" for column in table.sheet.columns)


def _verdict(table: ResultTable, texts: Mapping[str, str]) -> tuple[str, str]:
    severities = [row[0] for row in table.rows]
    if not severities:
        return "good", text_cell(texts["clean"])
    counts = {"errors": severities.count("error"), "warnings": severities.count("warning")}
    said = texts["gap"].join(texts[name].format(count) for name, count in counts.items() if count)
    return ("bad_note" if counts["errors"] else "warning_note"), text_cell(said)


def _unit_and_ties(table: ResultTable, frame: Frame, texts: Mapping[str, str]) -> tuple[str, str]:
    """Say the unit, and that the totals agree with what they must; where one does not, both figures."""
    ties = [_tied(tie, tie.said[frame.language == "zh"]) for tie in table.ties]
    style = "note" if all(tie.here == tie.there for tie in table.ties) else "bad_note"
    about = table.sheet.about[frame.language == "zh"] or texts["unit"]
    return style, text_cell(texts["gap"].join((about, *ties)))


def _tied(tie: Tie, said: str) -> str:
    here, there = yuan_grouped(tie.here), yuan_grouped(tie.there)
    return f"{said}: ✓ {there}" if tie.here == tie.there else f"{said}: ✗ {here} ≠ {there}"


def _totals(grid: Grid, label: str) -> dict[int, tuple[str, str]]:
    """Add up, above the table, what may be added up."""
    summed = {
        index: sum(value for value in values if isinstance(value, int))
        for index, (column, values) in enumerate(zip(grid.columns, grid.values, strict=True))
        if column.total and column.kind == "amount"
    }
    if not summed:
        return {}
    for index, total in summed.items():
        grid.widths[index] = max(grid.widths[index], shown_amount(total) + 2)
    cells = dict.fromkeys(range(len(grid.columns)), ("total_label", "/>"))
    cells[0] = ("total_label", text_cell(label))
    for index, total in summed.items():
        style = "main_total" if grid.columns[index].main else "total"
        cells[index] = (style, number_cell(yuan(total)))
    return cells


# --- around the rows -------------------------------------------------------------------------------


def _view(head: int, *, selected: bool) -> str:
    chosen = ' tabSelected="1"' if selected else ""
    first = f"A{head + 1}"
    return (
        f'<sheetViews><sheetView showGridLines="0"{chosen} workbookViewId="0">'
        f'<pane ySplit="{head}" topLeftCell="{first}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="{first}" sqref="{first}"/></sheetView></sheetViews>'
    )


def _widths(grid: Grid) -> str:
    written = (
        f'<col min="{i}" max="{i}" width="{width:g}" customWidth="1"{hidden}/>'
        for i, (width, hidden) in enumerate(
            zip(grid.widths, (' hidden="1"' if c.hidden else "" for c in grid.columns), strict=True), start=1
        )
    )
    return f"<cols>{''.join(written)}</cols>"


def _shown_width(grid: Grid) -> float:
    return sum(width for column, width in zip(grid.columns, grid.widths, strict=True) if not column.hidden)


def _links(table: ResultTable, frame: Frame, head: int) -> str:
    index = next((i for i, column in enumerate(table.sheet.columns) if column.kind == "link"), 0)
    written = []
    for row, (name, place, column) in enumerate(table.links[:MOST_LINKS], start=head + 1):
        located = frame.located.get(name)
        cell = located.cell(place, column) if located else ""
        if located and cell:
            target = f"{quoted_title(located.title)}!{cell}"
            written.append(f'<hyperlink ref="{letters(index)}{row}" location="{escape(target)}"/>')
    return f"<hyperlinks>{''.join(written)}</hyperlinks>" if written else ""
