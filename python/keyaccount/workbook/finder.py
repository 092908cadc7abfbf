"""Finds the tables of a workbook: by Excel table name, else by sheet name, in English or Chinese."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from keyaccount.problems import HeaderName, Listed, Problem, SheetName, error, warning
from keyaccount.tables import INPUT_TABLES, LEDGER, RESULT_SHEETS, Column, Located, ResultSheet, Table
from keyaccount.workbook.exceltables import ExcelTable, excel_tables
from keyaccount.workbook.headers import HEADER_ROWS, Header, match_header, name_key
from keyaccount.workbook.ownership import HEAD_ROWS, is_ours
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.sheetentries import SheetEntry

Language = Literal["en", "zh"]
Head = Mapping[int, Mapping[int, str]]
"""The texts of a sheet's first rows, by row and column number."""


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Where a table stands: its sheet, header row, each field's sheet column, and its end if it has one."""

    table: Table
    sheet: SheetEntry
    header_row: int
    columns: dict[str, int]
    last_row: int | None = None  # of an Excel table's data
    totals_rows: int = 0

    @property
    def complete(self) -> bool:
        """Whether every required column was found, once."""
        return all(column.field in self.columns for column in self.table.columns if column.required)

    @property
    def located(self) -> Located:
        """The place as problems need it."""
        letters = {
            column.en: column_letters(self.columns[column.field])
            for column in self.table.columns
            if column.field in self.columns
        }
        return Located(self.sheet.title, self.header_row, letters)


class Finder:
    """Looks through one workbook; ``problems`` fills on the way."""

    def __init__(self, package: Package, read_head: Callable[[SheetEntry, int], Head]) -> None:
        """Take a package and what gives a sheet's rows up to a row; learns the workbook's Excel tables."""
        self.problems: list[Problem] = []
        self._package, self._read_head = package, read_head
        self._excel_tables = excel_tables(package)

    def tables(self) -> dict[str, FoundTable]:
        """Give the input tables that are there, by English name; report what is missing or unclear."""
        found = {table.name: self._find(table) for table in INPUT_TABLES}
        return {name: place for name, place in found.items() if place is not None}

    def result_sheets(self) -> dict[str, SheetEntry]:
        """Give the result sheets that are there, by English name."""
        found = {}
        for result in RESULT_SHEETS:
            sheets = [sheet for sheet in self._titled(result) if self._is_ours(result, sheet)]
            if sheets:
                found[result.name] = sheets[0]
            if len(sheets) > 1:
                self._two_candidates(result.name, sheets)
        return found

    def _is_ours(self, result: ResultSheet, sheet: SheetEntry) -> bool:
        """Tell a result sheet from a sheet of the user's; what is no ledger is an error where it is read."""
        return result is LEDGER or is_ours(result, self._package, sheet, self._read_head(sheet, HEAD_ROWS))

    def _find(self, table: Table) -> FoundTable | None:
        key = name_key(table.table_name)
        named = [each for each in self._excel_tables if name_key(each.name) == key]
        titled = self._titled(table)
        if len(named) == 1:
            rivals = [each for each in titled if each != named[0].sheet and self._is_table(table, each)]
            if not rivals:
                return self._in_excel_table(table, named[0])
            candidates = [named[0].sheet, *rivals]
        else:
            candidates = [each.sheet for each in named] or titled
        if len(candidates) == 1:
            return self._in_sheet(table, candidates[0])
        if candidates:
            self._two_candidates(table.name, candidates)
        elif table.required:
            self._missing(table)
        return None

    def _titled(self, wanted: Table | ResultSheet) -> list[SheetEntry]:
        names = {name_key(name) for name in (wanted.name, *wanted.zh)}
        return [sheet for sheet in self._package.sheets if name_key(sheet.title) in names]

    def _is_table(self, table: Table, sheet: SheetEntry) -> bool:
        header = self._best_header(table, sheet)
        return header is not None and header.complete

    def _best_header(self, table: Table, sheet: SheetEntry) -> Header | None:
        """Give the first complete header row (the last of several in a row), else the best."""
        rows = self._read_head(sheet, HEADER_ROWS)
        headers = [match_header(table, row, texts) for row, texts in sorted(rows.items())]
        complete = [header for header in headers if header.complete]
        if not complete:
            best = max(headers, key=lambda header: len(header.candidates), default=None)
            return best if best is not None and best.candidates else None
        chosen = complete[0]
        for header in complete[1:]:
            if header.row == chosen.row + 1:
                chosen = header
        return chosen

    def _in_sheet(self, table: Table, sheet: SheetEntry) -> FoundTable | None:
        header = self._best_header(table, sheet)
        if header is None:
            if table.required or self._read_head(sheet, HEADER_ROWS):
                self._no_header(table)
            return None
        self.problems += header.problems()
        bounds = [
            each
            for each in self._excel_tables
            if each.sheet == sheet
            and each.header_row == header.row
            and all(each.first_column <= column <= each.last_column for column in header.columns.values())
        ]
        return _found(header, sheet, bounds[0] if bounds else None)

    def _in_excel_table(self, table: Table, place: ExcelTable) -> FoundTable | None:
        texts = self._read_head(place.sheet, place.header_row).get(place.header_row, {})
        inside = range(place.first_column, place.last_column + 1)
        header = match_header(
            table, place.header_row, {column: text for column, text in texts.items() if column in inside}
        )
        if not place.header_row or not header.candidates:
            self._no_header(table)
            return None
        beside = match_header(table, place.header_row, self._directly_beside(place, texts))
        more = {each: found for each, found in beside.candidates.items() if each not in header.candidates}
        header = Header(table, header.row, header.candidates | more, header.passed_over)
        self.problems += [*header.problems(), *(_counts_too(header, each) for each in more)]
        return _found(header, place.sheet, place)

    def _directly_beside(self, place: ExcelTable, texts: Mapping[int, str]) -> dict[int, str]:
        """Give the headers that follow an Excel table's own without a gap, and are no other table's."""
        others = {
            column
            for each in self._excel_tables
            if each.sheet == place.sheet and each is not place and each.header_row <= place.header_row
            for column in range(each.first_column, each.last_column + 1)
        }
        beside = {}
        for first, step in ((place.last_column + 1, 1), (place.first_column - 1, -1)):
            column = first
            while column in texts and column not in others:
                beside[column] = texts[column]
                column += step
        return beside

    def _missing(self, table: Table) -> None:
        self.problems.append(
            error(
                table.name,
                0,
                "",
                "",
                "The sheet {sheet} ({sheet_zh}) is missing.",
                "Add it with its headers in the first row; `keyaccount new` makes a workbook that has it.",
                sheet=table.name,
                sheet_zh="/".join(table.zh),
            )
        )

    def _no_header(self, table: Table) -> None:
        self.problems.append(
            error(
                table.name,
                0,
                "",
                "",
                "No header row was found for {sheet} in the first ten rows; it needs at least {headers}.",
                "Write the headers into the sheet's first row; `keyaccount new` makes a workbook with them.",
                sheet=SheetName(table.name),
                headers=Listed(f"{c.en} ({c.zh[0]})" for c in table.columns if c.required),
            )
        )

    def _two_candidates(self, name: str, sheets: Iterable[SheetEntry]) -> None:
        self.problems.append(
            error(
                name,
                0,
                "",
                "",
                "Several sheets could be {sheet}: {titles}. Which one counts is unclear.",
                "Rename or delete those that do not count.",
                sheet=SheetName(name),
                titles=Listed(sheet.title for sheet in sheets),
            )
        )


def _counts_too(header: Header, column: Column) -> Problem:
    """Say that a column stands beside the Excel table it belongs to: what a person sees as one, is one."""
    return warning(
        header.table.name,
        header.row,
        column.en,
        "",
        "The column {header} stands beside the Excel table, not in it; it counts too.",
        "Drag the table's lower right corner over it.",
        header=HeaderName(column.en),
    )


def _found(header: Header, sheet: SheetEntry, bounds: ExcelTable | None) -> FoundTable:
    if bounds is None:
        return FoundTable(header.table, sheet, header.row, header.columns)
    return FoundTable(header.table, sheet, header.row, header.columns, bounds.last_row, bounds.totals_rows)


def language(found: Iterable[FoundTable], results: Mapping[str, SheetEntry]) -> Language:
    """Give the workbook's language: that of most result sheets, where there are none of most input sheets."""
    named = {result.name: result.zh for result in RESULT_SHEETS if result.name in results}
    titles = [(results[name].title, zh) for name, zh in named.items()] or [
        (place.sheet.title, place.table.zh) for place in found
    ]
    chinese = sum(name_key(title) in map(name_key, zh) for title, zh in titles)
    return "zh" if 2 * chinese > len(titles) else "en"
