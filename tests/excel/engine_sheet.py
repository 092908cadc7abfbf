"""Sheets of the test Excel: cells, protection, filter, page, links, tables, charts."""

from __future__ import annotations

import re
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.protection import SheetProtection

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import local_name
from tests.excel.engine_parts import ChartObject, Charts, Links, ListObject, PageSetup, chart_of
from tests.excel.engine_range import Range as Area
from tests.excel.engine_range import copy_cells
from tests.excel.engine_values import Com, com_error, inner

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet as Sheet

    from tests.excel.engine import Workbook

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_VISIBILITY = {"visible": -1, "hidden": 0, "veryHidden": 2}
_SHOWN = re.compile(r"SUBTOTAL\(103,OFFSET\([^,]+,ROW\((\$[A-Z]+\$(\d+)(?::\$[A-Z]+\$(\d+))?)\)-(\d+),0\)\)")
_ALLOWED = ("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "insertHyperlinks",
            "deleteColumns", "deleteRows", "sort", "autoFilter")  # fmt: skip


class _Breaks(list[Any]):
    """HPageBreaks."""

    def __init__(self, own: Any) -> None:
        places = (type("Location", (), {"Row": each.id + 1})() for each in own.brk)
        super().__init__(type("HPageBreak", (), {"Type": -4135, "Location": place})() for place in places)
        self.own = own

    def Add(self, place: Any) -> None:
        self.own.append(Break(id=inner(place).row - 1))


class Worksheet(Com):
    """A sheet; ``shown``: the values of its formulas."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        super().__init__(book.app)
        self.book, self.sheet, self.password = book, sheet, ""
        self.shown: dict[tuple[int, int], object] = {}
        self.charts: list[ChartObject] = []
        self.links_out = False
        self.used: tuple[int, int] | None = None  # where formats alone reach to
        sheet._charts.clear()

    # --- the file ---------------------------------------------------------------------------------

    def take_values(self, values: Sheet) -> None:
        for (row, column), cell in self.sheet._cells.items():
            if cell.data_type == "f":
                self.shown[row, column] = values.cell(row, column).value

    def take_charts(self, path: Path) -> None:
        with Package.open(path) as package:
            part = next(entry.part for entry in package.sheets if entry.title == self.name)
            for drawing in package.relationships(part).values():
                if drawing.kind == "drawing":
                    charts = package.relationships(drawing.target)
                    for frame in package.parse(drawing.target).iter():
                        if local_name(frame) == "graphicFrame":
                            self.charts.append(chart_of(self, frame, charts, package))

    # --- what Excel offers ------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return str(self.sheet.title)

    @property
    def Name(self) -> str:
        return self.name

    @Name.setter
    def Name(self, name: str) -> None:
        """Rename the sheet; charts that show it follow."""
        for chart in (chart for sheet in self.book.sheets for chart in sheet.charts):
            for series in chart.series:
                series.formula = _own(series.formula, self.name, name)
        self.sheet.title = name

    @property
    def Parent(self) -> Workbook:
        return self.book

    @property
    def Index(self) -> int:
        return self.book.sheets.index(self) + 1

    @property
    def Visible(self) -> int:
        return _VISIBILITY[self.sheet.sheet_state]

    @Visible.setter
    def Visible(self, seen: bool) -> None:
        if self.book.ProtectStructure:
            raise com_error(1004, "Unable to set the Visible property of the Worksheet class")
        self.sheet.sheet_state = "visible" if seen else "hidden"

    @property
    def Tab(self) -> Any:
        tab = self.sheet.sheet_properties.tabColor
        red, green, blue = bytes.fromhex(tab.rgb[2:]) if tab else (0, 0, 0)
        return type("Tab", (), {"Color": red + 256 * green + 65_536 * blue})()

    @property
    def Cells(self) -> Area:
        return Area(self, 1, 1, LAST_ROW, LAST_COLUMN)

    @property
    def UsedRange(self) -> Area:
        row, column = self.used or (self.sheet.max_row, self.sheet.max_column)
        return Area(self, 1, 1, row, column)

    def Range(self, first: Any, last: Any = None) -> Area:
        if isinstance(first, str):
            return self.area(first)
        first, last = inner(first), inner(last) if last is not None else inner(first)
        return Area(self, first.row, first.column, last.last_row, last.last_column)

    def area(self, address: str) -> Area:
        corners = re.findall(r"\$?([A-Z]+)\$?(\d+)", address)
        from openpyxl.utils import column_index_from_string as number

        (left, top), (right, bottom) = corners[0], corners[-1]
        return Area(self, int(top), number(left), int(bottom), number(right))

    def Evaluate(self, formula: str) -> object:
        """Work out the one formula that the program asks for: which rows are seen, and hold something."""
        found = _SHOWN.fullmatch(formula)
        assert found, formula
        first, last = int(found[2]), int(found[3] or found[2])
        rows = tuple(
            (0.0 if self.sheet.row_dimensions[row].hidden else 1.0,) for row in range(first, last + 1)
        )
        return rows if len(rows) > 1 else rows[0][0]

    def Activate(self) -> None:
        self.book.front = self

    def Delete(self) -> None:
        if self.book.ProtectStructure:
            raise com_error(1004, "Workbook is protected and cannot be changed.")
        self.book.sheets.remove(self)
        self.book.book.remove(self.sheet)
        if self.book.front is self:
            self.book.front = self.book.sheets[0]

    def Move(self, Before: Any) -> None:
        sheets, before = self.book.sheets, inner(Before)
        sheets.remove(self)
        sheets.insert(sheets.index(before), self)
        self.book.book._sheets[:] = [each.sheet for each in sheets]

    def Copy(self, Before: Any = None, After: Any = None) -> None:
        """Copy the sheet with all that it has; its own charts then show the copy."""
        before, after = (inner(each) if each is not None else None for each in (Before, After))
        book: Workbook = inner(Before if After is None else After).book
        title = self.name
        titles = {each.name.casefold() for each in book.sheets}
        number = 2
        while title.casefold() in titles:
            title, number = f"{self.name} ({number})", number + 1
        made = book.place(book.book.create_sheet(title), before, after)
        copy_cells(self, made)
        made.charts = [
            ChartObject(made, chart.name, [_own(each.formula, self.name, title) for each in chart.series])
            for chart in self.charts
        ]
        _copy_settings(self.sheet, made.sheet)

    # --- protection -------------------------------------------------------------------------------

    def refuse_if_protected(self) -> None:
        if self.sheet.protection.sheet:
            raise com_error(1004, "The cell or chart you're trying to change is on a protected sheet.")

    @property
    def ProtectContents(self) -> bool:
        return bool(self.sheet.protection.sheet)

    def Protect(self, password: str, *rules: bool) -> None:
        objects, contents, scenarios, _only_users, *allowed = rules
        assert contents
        self.password = password
        self.sheet.protection = SheetProtection(
            sheet=True, objects=objects, scenarios=scenarios,
            **{name: not rule for name, rule in zip(_ALLOWED, allowed, strict=True)},
        )  # fmt: skip

    def Unprotect(self, password: str) -> None:
        if self.sheet.protection.sheet and password != self.password:
            raise com_error(1004, "The password you supplied is not correct.")
        self.sheet.protection.sheet = False

    # --- filter, page, tables, links, charts ------------------------------------------------------

    @property
    def AutoFilterMode(self) -> bool:
        return bool(self.sheet.auto_filter.ref)

    @AutoFilterMode.setter
    def AutoFilterMode(self, _off: bool) -> None:
        self.refuse_if_protected()
        self.sheet.auto_filter.ref = None

    @property
    def AutoFilter(self) -> Any:
        return type("AutoFilter", (), {"Range": self.area(self.sheet.auto_filter.ref)})()

    @property
    def ListObjects(self) -> Any:
        from tests.excel.engine import Listed

        return Listed(self.app, lambda: [ListObject(self, table) for table in self.sheet.tables.values()])

    @property
    def Hyperlinks(self) -> Links:
        return Links(self)

    def ChartObjects(self) -> Charts:
        return Charts(self)

    @property
    def PageSetup(self) -> PageSetup:
        return PageSetup(self)

    def ResetAllPageBreaks(self) -> None:
        self.sheet.row_breaks.brk = []

    @property
    def HPageBreaks(self) -> Any:
        return _Breaks(self.sheet.row_breaks)


def _own(formula: str, old: str, new: str) -> str:
    return formula.replace(f"'{old}'!", f"'{new}'!")


def _copy_settings(source: Sheet, target: Sheet) -> None:
    target.freeze_panes = source.freeze_panes
    target.sheet_view.showGridLines = source.sheet_view.showGridLines
    for name in (
        "sheet_format",
        "sheet_properties",
        "protection",
        "page_setup",
        "page_margins",
        "print_options",
    ):
        setattr(target, name, copy(getattr(source, name)))
    for name in ("oddHeader", "oddFooter"):
        for side in ("left", "center", "right"):
            setattr(getattr(target, name), side, copy(getattr(getattr(source, name), side)))
    target.print_title_rows = source.print_title_rows
    target.auto_filter.ref = source.auto_filter.ref
    target.sheet_state = source.sheet_state
    target.row_breaks.brk = [copy(each) for each in source.row_breaks.brk]
