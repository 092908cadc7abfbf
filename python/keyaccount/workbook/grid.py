"""What stands in the columns of a result sheet: headers and words in its language, looks, widths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from keyaccount.tables import SEVERAL, WORDS, Formula, Located, ResultColumn, ResultTable
from keyaccount.workbook import look
from keyaccount.workbook.cells import shown_amount

KIND_ZH = ResultColumn("类别", "类别", "text", 14, words="entry")
_WRAPPED_FROM = 40


@dataclass(frozen=True, slots=True)
class Frame:
    """What all result sheets of a workbook share."""

    language: str
    namespace: str
    relationships_namespace: str
    date1904: bool
    styles: Mapping[str, int]
    located: Mapping[str, Located]


@dataclass(slots=True)
class Grid:
    """The columns as they are shown: declaration, header, values, style, width; where rows are set apart."""

    columns: list[ResultColumn]
    values: list[list[object]]
    headers: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    apart: list[int] = field(default_factory=list)


def lay_out(table: ResultTable, frame: Frame) -> Grid:
    """Lay a result table's columns out as the sheet shows them."""
    columns = list(table.sheet.columns)
    values = [list(column) for column in zip(*table.rows, strict=True)] or [[] for _ in columns]
    english = not table.sheet.titled or frame.language == "en"
    if frame.language == "zh":
        kind = next((i for i, c in enumerate(columns) if c.en == "Kind" and not table.sheet.titled), None)
        if kind is not None:
            columns.append(KIND_ZH)
            values.append(values[kind])
        values = [_in_chinese(column, shown) for column, shown in zip(columns, values, strict=True)]
    if table.links:
        link = next(i for i, column in enumerate(columns) if column.kind == "link")
        values[link] = _link_texts(table, frame, values[link])
    grid = Grid(columns, values, apart=_apart(table))
    narrow = table.sheet.signed
    for column, shown in zip(columns, values, strict=True):
        header = column.en if english else column.zh
        widths = _shown_widths(column, shown)
        grid.headers.append(header)
        wider = _wider(column, header, frame)
        grid.widths.append(look.column_width(column, wider, widths, narrow=narrow))
        most = look.widest(column, narrow=narrow)
        long = column.width >= _WRAPPED_FROM or max(widths, default=0) > most - 2
        grid.styles.append(_style(column, long=long))
    return grid


def _style(column: ResultColumn, *, long: bool) -> str:
    if column.main:
        return f"main_{column.kind}"
    return "wrapped" if column.kind == "text" and long and not column.hidden else column.kind


def _apart(table: ResultTable) -> list[int]:
    """Give the rows that begin another group (a period, a severity) than the row before."""
    place = next((i for i, column in enumerate(table.sheet.columns) if column.en == table.sheet.apart), None)
    if place is None:
        return []
    groups = [row[place] for row in table.rows]
    return [i for i, (before, group) in enumerate(pairwise(groups), start=1) if group != before]


def _wider(column: ResultColumn, header: str, frame: Frame) -> str:
    """Give the wider of a column's two headers, where both stand above it (Ledger, Run Log in Chinese)."""
    if frame.language == "zh":
        return max(header, column.zh, key=look.header_width)
    return header


def in_language(column: ResultColumn, values: Sequence[object], language: str) -> list[object]:
    """Give a column's values in the words of the workbook's language."""
    return _in_chinese(column, values) if language == "zh" else list(values)


def _in_chinese(column: ResultColumn, values: Sequence[object]) -> list[object]:
    if not column.words:
        return list(values)
    words = WORDS[column.words]

    def translated(value: object) -> object:
        if not isinstance(value, str):
            return value
        between, chinese = ("/", "/") if column.words == "tier" else (SEVERAL, "、")
        return chinese.join(words.get(part, (part,))[0] for part in value.split(between))

    known = {value: translated(value) for value in set(values)}
    return [known[value] for value in values]


def _shown_widths(column: ResultColumn, values: Sequence[object]) -> list[int]:
    if column.kind in ("amount", "integer"):
        numbers = [value for value in values if isinstance(value, int)]
        return [shown_amount(max(numbers)), shown_amount(min(numbers))] if numbers else []
    if column.kind == "formula":
        figures = [each.value if isinstance(each, Formula) else each for each in values]
        numbers = [figure for figure in figures if isinstance(figure, int)]
        return [shown_amount(max(numbers)), shown_amount(min(numbers))] if numbers else []
    if column.kind in ("text", "link"):
        return [look.display_width(str(value)) for value in set(values) - {None}]
    return [10] if column.kind != "digest" else []


def _link_texts(table: ResultTable, frame: Frame, texts: Sequence[object]) -> list[object]:
    """Name the cells that links lead to, where the rows leave that open."""
    found = [frame.located.get(link[0]) for link in table.links]
    return [
        text or (place.cell(link[1], link[2]) if place else None)
        for text, place, link in zip(texts, found, table.links, strict=True)
    ]
