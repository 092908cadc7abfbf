"""The cells of rows appended to an input table: typed values, in the look of the row above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from keyaccount.money import number_text, yuan
from keyaccount.periods import first_day, month_text
from keyaccount.tables import Column
from keyaccount.workbook.cells import day_cell, moment_cell, number_cell, text_cell
from keyaccount.workbook.create import value_cell
from keyaccount.workbook.finder import FoundTable, Language
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.look import DAY, MOMENT, Look
from keyaccount.workbook.markup import Document
from keyaccount.workbook.package import Package
from keyaccount.workbook.rowscan import ScannedCell, ScannedRow
from keyaccount.workbook.styles import add_looks
from keyaccount.workbook.writer import Changes

_NUMBERS = ("amount", "rate", "number", "integer")
_TEXT_TYPES = ("s", "str", "inlineStr")
_LOOKS = {"day": Look(DAY), "moment": Look(MOMENT), "number": Look()}


class ColumnLooks:
    """How the columns of a table are written: style by sheet column, dates as dates or as texts."""

    def __init__(
        self, package: Package, place: FoundTable, calculated: Mapping[int, str], language: Language
    ) -> None:
        """Take the workbook, the table, and the formulas of the user's own calculated columns."""
        self.changed_styles: Changes = {}
        self.height = ""
        self._package, self._calculated, self._language = package, calculated, language
        self._fields = {place.columns[c.field]: c for c in place.table.columns if c.field in place.columns}
        self._dated = dated_styles(package)
        self._styles: dict[int, str] = {}
        self._as_text: set[int] = set()

    def learn(self, above: ScannedRow | None, frame: Document) -> None:
        """Learn the look from a row, the one above; from the columns' own styles where there is none."""
        columns = frame.root.child("cols")
        for each in columns.each("col") if columns else ():
            first, last = (int(each.attributes.get(name, "1")) for name in ("min", "max"))
            if "style" in each.attributes:
                for column in self._fields:
                    if first <= column <= last:
                        self._styles[column] = each.attributes["style"]
        if above is not None:
            cells = {cell.column: cell for cell in above.cells}
            self._styles = {column: cell.style for column, cell in cells.items() if cell.style}
            self._as_text = {column for column in self._fields if self._is_text(cells.get(column))}
            if above.attributes.get("customHeight") in ("1", "true"):
                self.height = above.attributes.get("ht", "")
        for column, declared in self._fields.items():
            self._make_fit(column, declared.kind)

    def _is_text(self, cell: ScannedCell | None) -> bool:
        return cell is not None and cell.filled and cell.kind in _TEXT_TYPES

    def _make_fit(self, column: int, kind: str) -> None:
        """Give a style that says what the value is, where the one above says otherwise."""
        dated = self._shows_date(column)
        if kind in _NUMBERS and dated:
            self._styles[column] = self._own_style("number")
        elif kind in ("day", "moment") and not dated and column not in self._as_text:
            self._styles[column] = self._own_style(kind)

    def fits(self, column: int, style: str) -> bool:
        """Tell whether a blank cell's own style may stay when a value is put into it."""
        declared = self._fields.get(column)
        dated = style.isdigit() and int(style) in self._dated
        if not style or declared is None:
            return bool(style)
        if declared.kind in ("day", "moment", "month"):
            return dated == self._shows_date(column)
        return not (dated and declared.kind in _NUMBERS)

    def _shows_date(self, column: int) -> bool:
        style = self._styles.get(column, "")
        return style.isdigit() and int(style) in self._dated

    def _own_style(self, name: str) -> str:
        package = self._package
        related = package.relationships(package.workbook_part).values()
        part = next((each.target for each in related if each.kind == "styles"), "")
        if not part or part not in package:
            return ""
        data = self.changed_styles.get(part) or package.read(part)
        self.changed_styles[part], numbers = add_looks(part, data, {name: _LOOKS[name]})
        if name != "number":
            self._dated |= {numbers[name]}
        return str(numbers[name])

    def cells(self, values: Mapping[str, Sequence[object]], count: int, columns: range) -> list[list[str]]:
        """Write all columns' cells from their style on."""
        return [self._column(column, values, count) for column in columns]

    def _column(self, column: int, values: Mapping[str, Sequence[object]], count: int) -> list[str]:
        style = self._styles.get(column, "")
        start = f' s="{style}"' if style else ""
        blank = f"{start}/>"
        declared = self._fields.get(column)
        if declared is None and column in self._calculated:
            return [f"{start}><f>{self._calculated[column]}</f></c>"] * count
        given = values.get(declared.field) if declared is not None else None
        if declared is None or given is None:
            return [blank] * count
        dated = self._shows_date(column)
        known: dict[object, str] = {None: blank}
        for value in set(given) - {None}:
            known[value] = f"{start}{self._content(declared, value, dated=dated)}"
        return [known[value] for value in given]

    def _content(self, column: Column, value: object, *, dated: bool) -> str:
        if column.kind == "amount":
            return number_cell(yuan(cast("int", value)))
        if column.kind in _NUMBERS:
            return number_cell(number_text(Decimal(cast("int", value))))
        if column.kind == "month" and isinstance(value, int):
            value = first_day(value) if dated else month_text(value)
        date1904 = self._package.date1904
        if isinstance(value, datetime):
            return moment_cell(value, date1904=date1904) if dated else text_cell(value.isoformat(sep=" "))
        if isinstance(value, date):
            return day_cell(value, date1904=date1904) if dated else text_cell(value.isoformat())
        return value_cell(column, value, self._language)
