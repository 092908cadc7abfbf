"""Header rows: which column of a sheet is which column of a table, by English or Chinese name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from keyaccount.problems import HeaderName, Listed, Problem, error, warning
from keyaccount.tables import Column, Table
from keyaccount.workbook.rawrows import column_letters
from keyaccount.workbook.texts import trim

HEADER_ROWS = 10
"""A header row stands within a sheet's first ten."""


def name_key(text: str) -> str:
    """Give what two sheet names or headers have in common that differ by case, outer spaces or width."""
    return trim(unicodedata.normalize("NFKC", trim(text)).casefold())


@dataclass(frozen=True, slots=True)
class Header:
    """A row looked at as a table's header row: per column, the sheet columns that bear one of its names.

    A full name (the English or the first Chinese one) goes before a short Chinese name: where both
    「销售额(不含税)」 and 「销售额」 stand, the first is the column. The others are ``passed_over``.
    """

    table: Table
    row: int
    candidates: dict[Column, list[int]]
    passed_over: dict[Column, list[int]]

    @property
    def columns(self) -> dict[str, int]:
        """The sheet column of each column found once, by field."""
        return {column.field: found[0] for column, found in self.candidates.items() if len(found) == 1}

    @property
    def complete(self) -> bool:
        """Whether every required column is there."""
        return all(column in self.candidates for column in self.table.columns if column.required)

    def problems(self) -> Iterator[Problem]:
        """List duplicated and missing headers."""
        for column, found in self.candidates.items():
            if len(found) > 1:
                yield error(
                    self.table.name,
                    self.row,
                    column.en,
                    HeaderName(column.en),
                    "The column {header} ({header_zh}) is there more than once: in {cells}.",
                    "Rename or delete the columns that do not count.",
                    header=column.en,
                    header_zh=column.zh[0],
                    cells=Listed(f"{column_letters(each)}{self.row}" for each in found),
                )
        for column, found in self.passed_over.items():
            yield warning(
                self.table.name,
                self.row,
                column.en,
                HeaderName(column.en),
                "Two columns could be {header}: {cell} is read, {others} is not.",
                "Rename the column that does not count, if that is not what was meant.",
                header=HeaderName(column.en),
                cell=f"{column_letters(self.candidates[column][0])}{self.row}",
                others=Listed(f"{column_letters(each)}{self.row}" for each in found),
            )
        for column in self.table.columns:
            if column.required and column not in self.candidates:
                yield error(
                    self.table.name,
                    self.row,
                    column.en,
                    "",
                    "The column {header} ({header_zh}) is missing in row {row}, where the headers are.",
                    "Add a column with this header, or correct the header's spelling.",
                    header=column.en,
                    header_zh="/".join(column.zh),
                    row=self.row,
                )


def match_header(table: Table, row: int, texts: Mapping[int, str]) -> Header:
    """Look at a row's texts (by sheet column) as the table's header."""
    names = _names(table)
    found: dict[Column, list[tuple[int, int]]] = {}
    for sheet_column, text in sorted(texts.items()):
        match = names.get(name_key(text))
        if match is not None:
            column, rank = match
            found.setdefault(column, []).append((rank, sheet_column))
    candidates: dict[Column, list[int]] = {}
    passed_over: dict[Column, list[int]] = {}
    for column, ranked in found.items():
        best = min(rank for rank, _ in ranked)
        candidates[column] = [sheet_column for rank, sheet_column in ranked if rank == best]
        if others := [sheet_column for rank, sheet_column in ranked if rank != best]:
            passed_over[column] = others
    return Header(table, row, candidates, passed_over)


@cache
def _names(table: Table) -> dict[str, tuple[Column, int]]:
    """Give each header that a table knows its column, and 0 for a full name, 1 for a short Chinese one."""
    names: dict[str, tuple[Column, int]] = {}
    for rank in (0, 1):
        for column in table.columns:
            for name in (column.en, column.zh[0]) if rank == 0 else column.zh[1:]:
                names.setdefault(name_key(name), (column, rank))
    return names
