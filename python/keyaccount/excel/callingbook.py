"""What cell functions read from the workbook that calls them: its Tiers table, its Ledger."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import xlwings as xw

from keyaccount.excel.arrays import NOT_A_NUMBER, CellError
from keyaccount.tables import LEDGER, ResultSheet, Table
from keyaccount.workbook.headers import HEADER_ROWS, match_header, name_key

Rows = Sequence[Sequence[Any]]
Place = tuple[str, str]
"""A sheet's name, and the name of the Excel table on it where there is one."""
_KNOWN_FOR = 5.0
_LEDGER_HEADER_ROWS = 2
_KIND_ZH = "类别"
_known: dict[tuple[str, str], tuple[float, Place]] = {}
"""Where a workbook's tables were found, and when: a sheet full of formulas asks for each of them."""


def calling_book() -> Any | None:
    """Give the workbook of the calling cell, None outside Excel."""
    try:
        return xw.Book.caller()
    except Exception:  # noqa: BLE001 xlwings raises whatever happens to fail
        return None


def date1904() -> bool:
    """Tell whether serial numbers count from 1904 in the calling workbook."""
    book = calling_book()
    return bool(getattr(book.api, "Date1904", False)) if book is not None else False


def calling_table(wanted: Table) -> Rows | None:
    """Read a table of the calling workbook, header included; None when it has none.

    By Excel table name, else by sheet name in either language; raises ``CellError`` where two could be it.
    """
    book = calling_book()
    if book is None:
        return None
    key = book.name, wanted.name
    known = _known.get(key)
    if known is not None and time.monotonic() - known[0] < _KNOWN_FOR:
        try:
            return _table(book, known[1])
        except Exception:  # noqa: BLE001 renamed or deleted meanwhile, whatever the engine calls that
            del _known[key]
    place = _found(book, wanted)
    if place is None:
        return None
    _known[key] = time.monotonic(), place
    return _table(book, place)


def _table(book: Any, place: Place) -> Rows:
    title, table_name = place
    sheet = book.sheets[title]
    if not table_name:
        return _used(sheet)
    table = sheet.tables[table_name]
    rows = _rows(table.range)
    return rows[:-1] if table.show_totals else rows


def ledger_lines(wanted: Collection[tuple[str, str]]) -> list[list[Any]]:
    """Give the header and the lines of these (salesperson, period) of the calling workbook's Ledger.

    All its columns but Reference and Digest, labelled as in the workbook; only the header when there is none.
    """
    book = calling_book()
    titles = [] if book is None else _titled(book, LEDGER)
    if book is None or len(titles) != 1:
        return []
    rows = _used(book.sheets[titles[0]])
    first = LEDGER.columns[0].en
    header_row = next((n for n, row in enumerate(rows[:_LEDGER_HEADER_ROWS]) if first in row), None)
    if header_row is None:
        return []
    header = rows[header_row]
    shown = {column.en for column in LEDGER.columns if not column.hidden} | {_KIND_ZH}
    columns = [place for place, name in enumerate(header) if name in shown]
    person, period = header.index("Salesperson ID"), header.index("Period")
    lines = [[rows[0][place] or header[place] for place in columns]]
    lines += [
        [_shown(row[place]) for place in columns]
        for row in rows[header_row + 1 :]
        if (row[person], row[period]) in wanted
    ]
    return lines


def _shown(value: Any) -> Any:
    return "" if value is None else value


def _found(book: Any, wanted: Table) -> Place | None:
    places = list(_tables(book, name_key(wanted.table_name)))
    titles = [title for title in _titled(book, wanted) if title not in dict(places)]
    if places:
        titles = [title for title in titles if _has_header(book.sheets[title], wanted)]
    places += [(title, "") for title in titles]
    if len(places) > 1:
        raise CellError(NOT_A_NUMBER)
    return places[0] if places else None


def _tables(book: Any, key: str) -> Iterator[Place]:
    for sheet in book.sheets:
        for table in sheet.tables:
            if name_key(table.name) == key:
                yield sheet.name, table.name


def _has_header(sheet: Any, wanted: Table) -> bool:
    rows = _rows(sheet.range((1, 1), (HEADER_ROWS, sheet.used_range.last_cell.column)))
    texts = [{place: text for place, text in enumerate(row) if isinstance(text, str)} for row in rows]
    return any(match_header(wanted, number, row).complete for number, row in enumerate(texts))


def _titled(book: Any, wanted: Table | ResultSheet) -> list[str]:
    names = {name_key(name) for name in (wanted.name, *wanted.zh)}
    return [sheet.name for sheet in book.sheets if name_key(sheet.name) in names]


def _used(sheet: Any) -> Rows:
    return _rows(sheet.range((1, 1), sheet.used_range.last_cell))


def _rows(place: Any) -> Rows:
    """Read a range at once, as rows."""
    value = place.raw_value
    if not isinstance(value, (list, tuple)):
        return [[value]]
    return value if isinstance(value[0], (list, tuple)) else [value]
