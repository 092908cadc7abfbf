"""Rows appended to an input table, at the level of zip parts, in the table's own look.

Changed are the sheet's part, the Excel table's, and the workbook's where formulas or a filter rest on the
rows; every other part stays as it is. Rows that are there are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from keyaccount.problems import Refused, SheetName
from keyaccount.workbook.appendcells import ColumnLooks
from keyaccount.workbook.areas import Rectangle
from keyaccount.workbook.cells import rows_xml
from keyaccount.workbook.exceltables import ExcelTable, excel_tables
from keyaccount.workbook.finder import FoundTable, Language
from keyaccount.workbook.markup import Document, Element, as_utf8, escape
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawrows import LAST_ROW, column_letters
from keyaccount.workbook.rowscan import ScannedRow, ScannedSheet, scan_rows
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.stretching import stretch_sheet, stretch_table
from keyaccount.workbook.structure import FILTER, WorkbookPart
from keyaccount.workbook.writer import Changes

_FORMULA = re.compile(rb"<(?:[^\s:<>]+:)?f[\s/>]")
_OUTDATED = re.compile(r'\s(?:hidden|spans)\s*=\s*("[^"]*"|\'[^\']*\')')
_STYLE = re.compile(r'^(<\S+ r="[A-Z]+[0-9]+")(?: s="[0-9]+")?')
_LAST_ROW_OF_RANGE = re.compile(r"([0-9]+)$")
Values = Mapping[str, Sequence[object]]
"""A table's columns by field, typed as the reader reads them: fen, dates, months as indexes, English words.

None or a field that is left out: blank. A word of the workbook's own language is written as it is given.
"""


@dataclass(frozen=True, slots=True)
class Appended:
    """The parts to change, and the sheet rows that the new rows take."""

    changes: Changes
    first_row: int
    last_row: int


def append_rows(package: Package, place: FoundTable, values: Values, language: Language) -> Appended:
    """Append rows below an input table's last row, in the style of the row above.

    ``place``: where ``reader.find_tables`` found the table. The Excel table, filters, dimension, the ranges
    of data validations and of conditional formats grow with it. Raises ``Refused`` where a totals row,
    another table or something else stands in the way, FileProblem where the part is damaged. Writes nothing.
    """
    count = max((len(each) for each in values.values()), default=0)
    if not count:
        return Appended({}, 0, 0)
    return _Appending(package, place, language).append(values, count)


class _Appending:
    """One table while rows are appended to it."""

    def __init__(self, package: Package, place: FoundTable, language: Language) -> None:
        self.package, self.place, self.language = package, place, language
        self.part = place.sheet.part
        self.data = as_utf8(self.part, package.read(self.part))
        on_sheet = [table for table in excel_tables(package) if table.sheet == place.sheet]
        self.table = next((each for each in on_sheet if self._is_place(each)), None)
        self.others = [each for each in on_sheet if each is not self.table]

    def _is_place(self, table: ExcelTable) -> bool:
        inside = range(table.first_column, table.last_column + 1)
        at_header = table.header_row == self.place.header_row
        return at_header and all(column in inside for column in self.place.columns.values())

    def append(self, values: Values, count: int) -> Appended:
        last = self._last_filled()
        columns = self._columns
        new = Rectangle(columns.start, last + 1, columns.stop - 1, last + count)
        sheet = scan_rows(self.part, self.data, last)
        frame = Document(self.part, self._without_rows(sheet))
        self._refuse_what_is_in_the_way(new, sheet, frame)
        looks = ColumnLooks(self.package, self.place, self._calculated(), self.language)
        example = last if last > self.place.header_row else last + 1
        looks.learn(next((row for row in sheet.rows if row.number == example), None), frame)
        written = looks.cells(values, count, columns)
        frame.append(_child(frame.root, "sheetData"), self._rows(sheet, new, written, looks))
        filtered = stretch_sheet(frame, new, self.place.header_row)
        changes: Changes = {self.part: frame.result(), **looks.changed_styles}
        if self.table is not None:
            changes[self.table.part] = stretch_table(self.table.part, self.package.read(self.table.part), new)
        changes |= self._workbook(new, filtered=filtered)
        return Appended(
            {part: data for part, data in changes.items() if data != self.package.read(part)},
            new.first_row,
            new.last_row,
        )

    # --- where ------------------------------------------------------------------------------------

    def _last_filled(self) -> int:
        """Give the table's last row that is not blank: the header where there is none yet."""
        columns = list(self.place.columns.values())
        filled: set[int] = set()
        for batch in SheetXml(self.package, self.part).batches(columns):
            rows = zip(*(each.contents for each in batch.columns), strict=True)
            filled.update(number for number, row in zip(batch.numbers, rows, strict=True) if any(row))
        header, end = self.place.header_row, self.place.last_row
        below = [number for number in filled if number > header]
        if end is None:
            return max(below, default=header)
        last = max((number for number in below if number <= end), default=header)
        while end + 1 in filled and not self.place.totals_rows:
            last = end = end + 1
        return last

    @cached_property
    def _columns(self) -> range:
        """Give the table's columns: of a plain sheet, those that stand side by side with a header."""
        known = self.place.columns.values()
        if self.table is not None:
            return range(self.table.first_column, self.table.last_column + 1)
        heads = SheetXml(self.package, self.part).head(self.place.header_row)
        header = next((row for row in heads if row.number == self.place.header_row), None)
        last = max(known)
        while header is not None and last + 1 in header.cells:
            last += 1
        return range(min(known), last + 1)

    def _refuse_what_is_in_the_way(self, new: Rectangle, sheet: ScannedSheet, frame: Document) -> None:
        title = SheetName(self.place.table.name)
        if self.place.totals_rows:
            raise Refused(
                "The table on sheet {sheet} ends in a totals row: new rows would have to push it down.",
                "Switch the totals row off (Table Design), import, and switch it on again.",
                sheet=title,
            )
        if new.last_row > LAST_ROW:
            raise Refused(
                "Sheet {sheet} has no room for {count} more rows.",
                "Start a new workbook for the next plan year.",
                sheet=title,
                count=f"{new.last_row - new.first_row + 1:,}",
            )
        merged = frame.root.child("mergeCells")
        areas = [each.attributes.get("ref", "") for each in merged.children] if merged else []
        areas += [each.area for each in self.others]
        for area in areas:
            found = Rectangle.parse(area)
            if found is not None and found.meets(new):
                raise self._in_the_way(area)
        for row in sheet.rows:
            if new.first_row <= row.number <= new.last_row:
                for cell in row.cells:
                    if self._occupies(cell.column, new, filled=cell.filled, formula=cell.formula):
                        raise self._in_the_way(f"{column_letters(cell.column)}{row.number}")

    def _occupies(self, column: int, new: Rectangle, *, filled: bool, formula: bool) -> bool:
        """Tell whether a cell of a row to be filled holds something; formulas of extra columns may wait."""
        if not filled or not new.first_column <= column <= new.last_column:
            return False
        return column in self.place.columns.values() or not formula

    def _in_the_way(self, area: str) -> Refused:
        return Refused(
            "Sheet {sheet} has something below the table, in {area}, where the new rows belong.",
            "Move it to the right of the table, or to another sheet.",
            sheet=SheetName(self.place.table.name),
            area=area,
        )

    # --- rows -------------------------------------------------------------------------------------

    def _without_rows(self, sheet: ScannedSheet) -> bytes:
        return self.data[: sheet.content_start] + self.data[sheet.content_end :]

    def _rows(self, sheet: ScannedSheet, new: Rectangle, written: list[list[str]], looks: ColumnLooks) -> str:
        """Give the content of sheetData: the rows that were there and, in their place, the new ones."""
        present = {row.number: row for row in sheet.rows if new.first_row <= row.number <= new.last_row}
        after = next((row.start for row in sheet.rows if row.number >= new.first_row), sheet.content_end)
        behind = next((row.start for row in sheet.rows if row.number > new.last_row), sheet.content_end)
        pieces = [self.data[sheet.content_start : after].decode()]
        run = 0
        count = new.last_row - new.first_row + 1
        for number in [*sorted(present), new.last_row + 1]:
            index = number - new.first_row
            fresh = [column[run:index] for column in written]
            heights = [looks.height] * (index - run) if looks.height else ()
            rows = rows_xml(fresh, new.first_row + run, heights, new.first_column).decode()
            pieces.append(_prefixed(rows, sheet.prefix))
            if index < count:
                cells = [column[index] for column in written]
                pieces.append(self._merged(present[number], cells, sheet, looks))
            run = index + 1
        pieces.append(self.data[behind : sheet.content_end].decode())
        return "".join(pieces)

    def _merged(self, row: ScannedRow, written: list[str], sheet: ScannedSheet, looks: ColumnLooks) -> str:
        """Fill a row that is there, blank in the table's columns: its own styles and formulas stay."""
        start = _OUTDATED.sub("", self.data[row.start : row.open_end].decode())
        cells = {
            column: _prefixed(f'<c r="{column_letters(column)}{row.number}"{content}', sheet.prefix)
            for column, content in enumerate(written, start=self._columns.start)
        }
        for cell in row.cells:
            if cell.filled or cell.column not in cells:
                cells[cell.column] = self.data[cell.start : cell.end].decode()
            elif looks.fits(cell.column, cell.style):
                written_here = cells[cell.column]
                cells[cell.column] = _STYLE.sub(rf'\1 s="{cell.style}"', written_here)
        name = f"{sheet.prefix}:row" if sheet.prefix else "row"
        start = f"{start[:-2].rstrip()}>" if start.endswith("/>") else start
        return f"{start}{''.join(cells[column] for column in sorted(cells))}</{name}>"

    # --- what rests on the rows -------------------------------------------------------------------

    def _calculated(self) -> dict[int, str]:
        """Give the formulas that the Excel table fills its own columns with, by sheet column."""
        if self.table is None:
            return {}
        document = Document(self.table.part, self.package.read(self.table.part))
        columns = document.root.child("tableColumns")
        found = {}
        for number, column in enumerate(columns.each("tableColumn") if columns else ()):
            formula = column.child("calculatedColumnFormula")
            place = self.table.first_column + number
            if formula is not None and place not in self.place.columns.values() and not formula.attributes:
                found[place] = document.data[formula.open_end : formula.close_start].decode()
        return found

    def _workbook(self, new: Rectangle, *, filtered: bool) -> Changes:
        """Have formulas calculated anew when the workbook is opened; stretch the filter's hidden name."""
        part = self.package.workbook_part
        rests = any(_FORMULA.search(self.package.read(sheet.part)) for sheet in self.package.sheets)
        if not rests and not filtered:
            return {}
        workbook = WorkbookPart(part, self.package.read(part))
        if rests:
            workbook.calculate_on_load()
        names = workbook.root.child("definedNames")
        index = str(workbook.titles.index(self.place.sheet.title))
        for name in names.each("definedName") if names and filtered else ():
            if name.attributes.get("name") == FILTER and name.attributes.get("localSheetId") == index:
                text = workbook.document.data[name.open_end : name.close_start].decode()
                longer = _LAST_ROW_OF_RANGE.sub(escape(str(new.last_row)), text)
                whole = workbook.document.text(name)
                workbook.document.replace(name, whole.replace(f">{text}<", f">{longer}<"))
        return {part: workbook.result()}


def _child(element: Element, name: str) -> Element:
    found = element.child(name)
    assert found is not None  # noqa: S101 the scan found it
    return found


def _prefixed(xml: str, prefix: str) -> str:
    """Give the tags of our own rows the prefix that the part's have."""
    return re.sub("<(/?)", rf"<\1{prefix}:", xml) if prefix else xml
