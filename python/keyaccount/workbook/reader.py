"""Reads a plan workbook: every input table, the ledger and the run log, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from keyaccount import tables
from keyaccount.problems import Problem, Severity
from keyaccount.tables import (
    INPUT_TABLES,
    AdjustmentColumns,
    Inputs,
    Located,
    MaintenanceColumns,
    ReadBook,
    ResultSheet,
    SalesColumns,
)
from keyaccount.workbook.bigtables import BigTable, no_rows, read_big_table
from keyaccount.workbook.booked import BookedRows, read_booked
from keyaccount.workbook.columns import Values
from keyaccount.workbook.digest import input_digest
from keyaccount.workbook.finder import Finder, FoundTable, Head, language
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.limits import reading
from keyaccount.workbook.nearequal import Source, Trimmed, near_equal
from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import damaged_xml
from keyaccount.workbook.rawcells import Decoder
from keyaccount.workbook.rawrows import RowFault
from keyaccount.workbook.records import RECORDS, SmallTable, read_small_table
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings
from keyaccount.workbook.texts import trim
from keyaccount.workbook.unapproved import unapproved

_BIG = frozenset({tables.SALES.name, tables.ADJUSTMENTS.name, tables.MAINTENANCE.name})
_ID_FIELDS = ("account_id", "salesperson_id", "sale_id")


def read_workbook(package: Package) -> ReadBook:
    """Read a workbook in one pass; its errors and warnings are among what is given back.

    Raises ``FileProblem`` where the file itself is damaged, or too big for the memory.
    """
    with reading(package.path.name, package.inflated_bytes):
        return _Reading(package).book()


def find_tables(package: Package) -> dict[str, FoundTable]:
    """Give where the input tables stand, by English sheet name; what is missing is left out."""
    return Finder(package, head_reader(package)).tables()


def head_reader(package: Package) -> Callable[[SheetEntry, int], Head]:
    """Give what reads the texts of a sheet's first rows."""
    return _Reading(package)._head  # noqa: SLF001 this module's own class


class _Reading:
    """One workbook while it is read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._decoder = Decoder(shared_strings(package), dated_styles(package))
        self._heads: dict[tuple[str, int], Head] = {}
        self._faults_of_heads: dict[str, set[RowFault]] = {}
        self._problems: list[Problem] = []
        self._small: dict[str, SmallTable] = {}
        self._big: dict[str, BigTable] = {name: no_rows(tables.TABLE[name].columns) for name in _BIG}

    def book(self) -> ReadBook:
        """Read everything."""
        finder = Finder(self._package, self._head)
        found = finder.tables()
        results = finder.result_sheets()
        written = language(found.values(), results)
        self._problems += finder.problems
        located = {
            table.name: Located(table.zh[0] if written == "zh" else table.name, 0) for table in INPUT_TABLES
        }
        for name, place in found.items():
            located[name] = place.located
            self._read(place)
        booked = {
            result.name: self._booked(result, results[result.name], severity)
            for result, severity in _BOOKED
            if result.name in results
        }
        located |= {name: each.located for name, each in booked.items()}
        self._problems += self._near_equal()
        self._problems += unapproved(found, self._small, self._big)
        ledger, run_log = booked.get(tables.LEDGER.name), booked.get(tables.RUN_LOG.name)
        snapshot = booked.get(tables.SNAPSHOT.name)
        return ReadBook(
            inputs=self._inputs(),
            ledger_rows=ledger.rows if ledger else [],
            ledger_first_row=ledger.first_row if ledger else 3 if written == "zh" else 2,
            run_log_rows=run_log.rows if run_log else [],
            located=located,
            problems=self._problems,
            language=written,
            result_titles={name: sheet.title for name, sheet in results.items()},
            input_digest=input_digest(self._small, self._big),
            as_text={name: table.as_text for name, table in self._big.items()}
            | {name: table.as_text for name, table in self._small.items()},
            columns={name: small.columns() for name, small in self._small.items()}
            | {name: big.columns for name, big in self._big.items()},
            snapshot_rows=snapshot.rows if snapshot else [],
        )

    def _head(self, sheet: SheetEntry, last_row: int) -> Head:
        key = sheet.part, last_row
        if key not in self._heads:
            with self._naming(sheet):
                self._heads[key] = self._texts_of_head(sheet, last_row)
        return self._heads[key]

    def _texts_of_head(self, sheet: SheetEntry, last_row: int) -> Head:
        texts: dict[int, dict[int, str]] = {}
        part = SheetXml(self._package, sheet.part)
        for row in part.head(last_row):
            cells = {column: self._decoder.cell(*raw) for column, raw in row.cells.items()}
            filled = {column: trim(cell.text) for column, cell in cells.items() if cell and trim(cell.text)}
            if filled:
                texts.setdefault(row.number, {}).update(filled)
        self._faults_of_heads.setdefault(sheet.part, set()).update(part.faults)
        return texts

    @contextmanager
    def _naming(self, sheet: SheetEntry) -> Iterator[None]:
        """Name the part when what is in it is not what XML or a workbook allows."""
        try:
            yield
        except ValueError as reason:
            raise damaged_xml(sheet.part, self._package.path.name, reason) from None

    def _read(self, place: FoundTable) -> None:
        sheet = SheetXml(self._package, place.sheet.part)
        sheet.faults += self._lost_headers(place)
        date1904 = self._package.date1904
        table: SmallTable | BigTable
        with self._naming(place.sheet):
            if place.table.name in _BIG:
                table = read_big_table(place, sheet, self._decoder, date1904=date1904)
                self._big[place.table.name] = table
            else:
                table = read_small_table(place, sheet, self._decoder, date1904=date1904)
                self._small[place.table.name] = table
        self._problems += table.problems

    def _lost_headers(self, place: FoundTable) -> list[RowFault]:
        """Give what is wrong with header cells that name no column because of it."""
        named = {0, *place.columns.values()}  # these are looked at with the data
        faults = sorted(self._faults_of_heads[place.sheet.part])
        return [each for each in faults if each.row == place.header_row and each.column not in named]

    def _booked(self, result: ResultSheet, place: SheetEntry, severity: Severity) -> BookedRows:
        sheet = SheetXml(self._package, place.part)
        head = self._head(place, 2)
        with self._naming(place):
            booked = read_booked(result, place.title, head, sheet, self._decoder, severity)
        self._problems += booked.problems
        return booked

    def _near_equal(self) -> Iterator[Problem]:
        trimmed: list[Trimmed] = [each for big in self._big.values() for each in big.trimmed]
        trimmed += [each for small in self._small.values() for each in small.trimmed]
        for name in _ID_FIELDS:
            header = next(c.en for t in INPUT_TABLES for c in t.columns if c.field == name)
            yield from near_equal(
                list(self._sources(name)), [each for each in trimmed if each.column == header]
            )

    def _sources(self, name: str) -> Iterator[Source]:
        for small in self._small.values():
            for column in small.table.columns:
                rows = [row for row, _ in small.rows]
                if column.field == name:
                    yield Source(
                        small.table.name, column.en, rows, [values[name] for _, values in small.rows]
                    )
                if column.kind == "ids" and name == "salesperson_id":
                    pairs = [(row, each) for row, values in small.rows for each in values[column.field]]
                    ids = [each for _, each in pairs]
                    yield Source(small.table.name, column.en, [row for row, _ in pairs], ids)
        for table, big in self._big.items():
            if name in big.columns:
                header = tables.TABLE[table].column(name).en
                yield Source(table, header, big.rows.tolist(), big.columns[name].tolist())

    def _inputs(self) -> Inputs:
        sales, adjustments = self._big[tables.SALES.name], self._big[tables.ADJUSTMENTS.name]
        log = self._big[tables.MAINTENANCE.name]
        records: dict[str, Any] = {
            name.lower().replace(" ", "_").replace("-", "_"): self._small[name].records()
            for name in RECORDS
            if name in self._small
        }
        return Inputs(
            sales=SalesColumns(row=sales.rows, **sales.columns),
            adjustments=AdjustmentColumns(row=adjustments.rows, **_carried(adjustments, AdjustmentColumns)),
            maintenance=MaintenanceColumns(row=log.rows, **_carried(log, MaintenanceColumns)),
            **records,
        )


def _carried(table: BigTable, into: type) -> dict[str, Values]:
    """Give the columns that a big table's record carries."""
    return {each.name: table.columns[each.name] for each in fields(into) if each.name != "row"}


_BOOKED: tuple[tuple[ResultSheet, Severity], ...] = (
    (tables.LEDGER, "error"),
    (tables.RUN_LOG, "warning"),  # it is rebuilt from the ledger
    (tables.SNAPSHOT, "warning"),  # what it does not tell is marked on Changes
)
