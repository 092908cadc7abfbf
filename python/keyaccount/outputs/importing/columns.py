"""Which column of a file is which of the sheet: by header, in either language, or as the user says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from keyaccount.problems import HeaderName, Listed, Problem, SheetName, UsageError, error
from keyaccount.tables import Column, Table
from keyaccount.translation import Language
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.headers import match_header, name_key
from keyaccount.workbook.incoming import Incoming


class Matching:
    """The columns of a file beside those of the sheet."""

    def __init__(
        self, incoming: Incoming, place: FoundTable, maps: Mapping[str, str], language: Language
    ) -> None:
        """Match them; ``maps``: the file's header -> the sheet's, blank: left out. Raises ``UsageError``."""
        self.incoming, self.place, self.maps, self.language = incoming, place, maps, language
        self.table: Table = place.table
        self.problems: list[Problem] = []
        self.columns = self._matched()

    def header(self, column: Column) -> str:
        """Give a column's header in the workbook's language."""
        return column.zh[0] if self.language == "zh" else column.en

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The file's headers and the sheet's; ``""`` where a column of the file is left out."""
        fields = {number: self.table.column(name) for name, number in self.columns.items()}
        return tuple(
            (text, self.header(fields[number]) if number in fields else "")
            for number, text in self.incoming.headers.items()
            if text
        )

    @property
    def blank(self) -> tuple[str, ...]:
        """The sheet's columns for which the file has nothing."""
        return tuple(
            self.header(column)
            for column in self.table.columns
            if column.field in self.place.columns and column.field not in self.columns
        )

    def _matched(self) -> dict[str, int]:
        """Give each field's column of the file, and note what is missing or unclear."""
        incoming = self.incoming
        by_hand = dict(self._by_hand(incoming))
        texts = {number: text for number, text in incoming.headers.items() if number not in by_hand}
        taken = {column.field for column in by_hand.values() if column is not None}
        matched = match_header(self.table, incoming.header_row, texts)
        columns = {name: number for name, number in matched.columns.items() if name not in taken}
        columns |= {column.field: number for number, column in by_hand.items() if column is not None}
        self.problems += [
            self._twice(column, incoming, numbers)
            for column, numbers in matched.candidates.items()
            if len(numbers) > 1 and column.field not in taken
        ]
        self.problems += [
            self._missing(column, incoming)
            for column in self.table.columns
            if column.required and column.field not in columns
        ]
        self.problems += [
            self._no_column(column, incoming)
            for column in self.table.columns
            if column.field in columns and column.field not in self.place.columns
        ]
        return columns

    def _by_hand(self, incoming: Incoming) -> Iterator[tuple[int, Column | None]]:
        columns = {name_key(name): c for c in self.table.columns for name in (c.en, *c.zh)}
        given: set[str] = set()
        for header, wanted in self.maps.items():
            numbers = [n for n, text in incoming.headers.items() if name_key(text) == name_key(header)]
            if len(numbers) != 1:
                raise UsageError(
                    "{file} has {count} columns named {header}; it has: {headers}.",
                    "Correct the name after --map.",
                    file=incoming.file,
                    count=len(numbers),
                    header=header,
                    headers=Listed(filter(None, incoming.headers.values())),
                )
            column = columns.get(name_key(wanted))
            if wanted and (column is None or column.field in given):
                raise UsageError(
                    "Sheet {sheet} has no column {header} that is free; it has: {headers}.",
                    "Correct the name after --map.",
                    sheet=SheetName(self.table.name),
                    header=wanted,
                    headers=Listed(self.header(c) for c in self.table.columns),
                )
            given |= {column.field} if column else set()
            yield numbers[0], column

    def _twice(self, column: Column, incoming: Incoming, numbers: Sequence[int]) -> Problem:
        return error(
            self.table.name,
            incoming.header_row,
            "",
            HeaderName(column.en),
            "Several columns of the file could be {header}: {columns}.",
            'Leave one of them out with --map, such as --map "{example}=".',
            header=HeaderName(column.en),
            columns=Listed(incoming.headers[number] for number in numbers),
            example=incoming.headers[numbers[-1]],
        )

    def _missing(self, column: Column, incoming: Incoming) -> Problem:
        return error(
            self.table.name,
            incoming.header_row,
            "",
            "",
            "The file has no column {header}, which sheet {sheet} needs.",
            'If it has another name there, say so: --map "{example}={header}".',
            header=HeaderName(column.en),
            sheet=SheetName(self.table.name),
            example=next((text for text in incoming.headers.values() if text), "…"),
        )

    def _no_column(self, column: Column, incoming: Incoming) -> Problem:
        return error(
            self.table.name,
            incoming.header_row,
            "",
            HeaderName(column.en),
            "Sheet {sheet} of the workbook has no column {header} to take the file's.",
            'Add the column to the sheet, or leave the file\'s out: --map "{header}=".',
            sheet=SheetName(self.table.name),
            header=HeaderName(column.en),
        )
