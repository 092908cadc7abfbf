"""Which rows of a file are new to a sheet, which are there already, and which clash with what is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from keyaccount.problems import HeaderName, Problem, SheetName, error
from keyaccount.tables import Table
from keyaccount.tables.keys import KEYS
from keyaccount.workbook.finder import FoundTable
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.incomingvalues import IncomingValues
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Decoder
from keyaccount.workbook.rawrows import LAST_ROW
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings
from keyaccount.workbook.tablecells import table_cells
from keyaccount.workbook.values import parse

Rows = Sequence[tuple[object, ...]]


@dataclass(slots=True)
class Compared:
    """The places of the new rows; how many are there already (``same``) or differ and stay (``kept``)."""

    new: list[int] = field(default_factory=list)
    same: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Existing:
    """A sheet's own rows: their numbers, and their values by field."""

    rows: list[int]
    values: dict[str, list[object]]


def existing_rows(package: Package, place: FoundTable, fields: Sequence[str]) -> Existing:
    """Read a sheet's own rows in the columns that the file has, and in those of the key."""
    decoder = Decoder(shared_strings(package), dated_styles(package))
    wanted = [*dict.fromkeys([*fields, *KEYS[place.table.name]])]
    columns = {name: place.columns[name] for name in wanted if name in place.columns}
    end = LAST_ROW if place.totals_rows == 0 or place.last_row is None else place.last_row
    cells = table_cells(SheetXml(package, place.sheet.part), decoder, columns, place.header_row, end)
    values: dict[str, list[object]] = {}
    for name, listed in cells.columns.items():
        column = place.table.column(name)
        known = {each: parse(column, each, date1904=package.date1904) for each in set(listed)}
        values[name] = [known[each] for each in listed]
    return Existing(cells.rows, values)


def compare(
    table: Table, read: IncomingValues, existing: Existing, *, skip_existing: bool = False
) -> Compared:
    """Compare a file's rows with the sheet's, in the columns that the file has.

    A row whose key is there already and says the same is passed over; one that says something else is a
    problem, or with ``skip_existing`` passed over too.
    """
    names = [column.field for column in table.columns if column.field in read.values]
    key = [name for name in KEYS[table.name] if name in names or name in existing.values]
    if not key:
        return _without_key(_rows(read.values, names), _rows(existing.values, names))
    return _Comparison(table, read, existing, names, key).compared(skip_existing=skip_existing)


def _rows(values: Mapping[str, Sequence[object]], names: Sequence[str]) -> Rows:
    return list(zip(*(values[name] for name in names), strict=True))


def _without_key(file_rows: Rows, book_rows: Rows) -> Compared:
    """Where every row stands for itself, one is there already as often as the workbook has it."""
    there = Counter(book_rows)
    compared = Compared()
    for index, row in enumerate(file_rows):
        if there[row] > 0:
            there[row] -= 1
            compared.same += 1
        else:
            compared.new.append(index)
    return compared


class _Comparison:
    """A file's rows and a sheet's, by key."""

    def __init__(
        self, table: Table, read: IncomingValues, existing: Existing, names: list[str], key: list[str]
    ) -> None:
        self.table, self.read, self.existing, self.names, self.key = table, read, existing, names, key
        self.file_rows = _rows(read.values, names)
        self.book_rows = _rows(existing.values, names)
        blank: list[object] = [None] * len(read.rows)
        self.keys = list(zip(*(read.values.get(name, blank) for name in key), strict=True))

    def compared(self, *, skip_existing: bool) -> Compared:
        """Go through the file's rows in their order."""
        book_keys = _rows(self.existing.values, self.key)
        places = {each: place for place, each in reversed(list(enumerate(book_keys)))}
        found = Compared()
        seen: dict[object, int] = {}
        for index, key in enumerate(self.keys):
            place, first = places.get(key), seen.setdefault(key, index)
            if place is None and first == index:
                found.new.append(index)
                continue
            before = self.file_rows[first] if place is None else self.book_rows[place]
            differing = self._differing(self.file_rows[index], before)
            if not differing:
                found.same += 1
            elif place is not None and skip_existing:
                found.kept += 1
            elif place is not None:
                found.problems.append(self._clash(index, self.existing.rows[place], differing))
            else:
                found.problems.append(self._repeated(index, self.read.rows[first], differing))
        return found

    def _differing(self, one: Sequence[object], other: Sequence[object]) -> str:
        """Give the first field in which two rows differ, or ``""``; a blank amount is 0."""
        pairs = zip(self.names, one, other, strict=True)
        return next((name for name, left, right in pairs if _plain(left) != _plain(right)), "")

    def _clash(self, index: int, there: int, differing: str) -> Problem:
        return error(
            self.table.name,
            self.read.rows[index],
            self.table.column(self.key[0]).en,
            self._shown_key(index),
            "{key} is on sheet {sheet} already, in row {there}, with another {header}.",
            "Correct the sheet or the file by hand, or keep what is there with --skip-existing.",
            key=self._shown_key(index),
            sheet=SheetName(self.table.name),
            there=there,
            header=HeaderName(self.table.column(differing).en),
        )

    def _repeated(self, index: int, first: int, differing: str) -> Problem:
        return error(
            self.table.name,
            self.read.rows[index],
            self.table.column(self.key[0]).en,
            self._shown_key(index),
            "{key} is in the file twice, before in row {first}, with another {header}.",
            "Correct the file.",
            key=self._shown_key(index),
            first=first,
            header=HeaderName(self.table.column(differing).en),
        )

    def _shown_key(self, index: int) -> str:
        return _shown(self.keys[index][0])


def _plain(value: object) -> object:
    return None if value == "" or (value == 0 and not isinstance(value, bool)) else value


def _shown(value: object) -> str:
    return "" if value is None else str(value)
