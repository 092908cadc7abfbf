"""What sheets of the test Excel hold beside cells: charts, links, tables, pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openpyxl.worksheet.header_footer import _HeaderFooterPart

from keyaccount.workbook.package import Package
from keyaccount.workbook.parts import local_name
from tests.excel.engine_values import Com, com_error, inner

if TYPE_CHECKING:
    from tests.excel.engine_range import Range
    from tests.excel.engine_sheet import Worksheet


class ChartObject(Com):
    """A chart: its name, and where its series look."""

    def __init__(self, sheet: Worksheet, name: str, formulas: list[str]) -> None:
        super().__init__(sheet.app)
        self.name = name
        self.series = [Series(sheet, formula) for formula in formulas]

    @property
    def Name(self) -> str:
        return self.name

    @property
    def Chart(self) -> ChartObject:
        return self

    def SeriesCollection(self) -> list[Series]:
        return self.series


class Series(Com):
    """A series of a chart."""

    def __init__(self, sheet: Worksheet, formula: str) -> None:
        super().__init__(sheet.app)
        self.sheet, self.formula = sheet, formula

    @property
    def Formula(self) -> str:
        return self.formula

    @Formula.setter
    def Formula(self, formula: str) -> None:
        self.sheet.refuse_if_protected()
        self.formula = formula


class Charts(Com):
    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet.app)
        self.sheet = sheet

    def __iter__(self) -> Iterator[ChartObject]:
        return iter(self.sheet.charts)

    @property
    def Count(self) -> int:
        return len(self.sheet.charts)

    def Delete(self) -> None:
        self.sheet.refuse_if_protected()
        self.sheet.charts.clear()


class _Link(Com):
    """A cell's link."""

    def __init__(self, sheet: Worksheet, cell: Any) -> None:
        super().__init__(sheet.app)
        self.cell = cell

    @property
    def Address(self) -> str:
        return self.cell.hyperlink.target or ""

    @Address.setter
    def Address(self, address: str) -> None:
        self.cell.hyperlink.target = address or None


class Links(Com):
    def __init__(self, sheet: Worksheet) -> None:
        super().__init__(sheet.app)
        self.sheet = sheet

    def cells(self) -> list[Any]:
        return [cell for cell in self.sheet.sheet._cells.values() if cell.hyperlink]

    def __iter__(self) -> Iterator[Any]:
        return iter([_Link(self.sheet, cell) for cell in self.cells()])

    @property
    def Count(self) -> int:
        return len(self.cells())

    def Item(self, number: int) -> Any:
        return list(self)[number - 1]

    def Delete(self) -> None:
        self.sheet.refuse_if_protected()
        for cell in self.cells():
            cell.hyperlink = None


class ListObject(Com):
    """An Excel table."""

    def __init__(self, sheet: Worksheet, table: Any) -> None:
        super().__init__(sheet.app)
        self.sheet, self.table, self.name = sheet, table, table.displayName

    @property
    def Name(self) -> str:
        return str(self.table.displayName)

    @property
    def Range(self) -> Range:
        return self.sheet.area(self.table.ref)

    @property
    def ShowHeaders(self) -> bool:
        return bool(self.table.headerRowCount != 0)

    @property
    def ShowTotals(self) -> bool:
        return bool(self.table.totalsRowCount)

    def Resize(self, area: Any) -> None:
        """Take another area: the header stays where it is."""
        place, old = inner(area), self.sheet.area(self.table.ref)
        if (place.row, place.sheet) != (old.row, self.sheet) or place.last_row == place.row:
            raise com_error(1004, "The range does not work because it must overlap the current table.")
        self.sheet.refuse_if_protected()
        self.table.ref = place.Address.replace("$", "")
        if self.table.autoFilter is not None:
            self.table.autoFilter.ref = self.table.ref

    def Unlist(self) -> None:
        del self.sheet.sheet.tables[self.table.displayName]


class PageSetup(Com):
    """What prints."""

    def __init__(self, sheet: Worksheet) -> None:
        object.__setattr__(self, "sheet", sheet)
        super().__init__(sheet.app)

    def __getattribute__(self, name: str) -> Any:
        if not name[0].isupper():
            return object.__getattribute__(self, name)
        self.app.tick(f"PageSetup.{name}")
        page = self.sheet.sheet
        if name == "BottomMargin":
            return page.page_margins.bottom * 72
        if name in ("PrintArea", "PrintTitleRows"):
            return (page.print_area if name == "PrintArea" else page.print_title_rows) or ""
        kind, side = ("oddHeader", name[:-6]) if name.endswith("Header") else ("oddFooter", name[:-6])
        return foot_text(getattr(getattr(page, kind), side.lower()))

    def __setattr__(self, name: str, value: Any) -> None:
        if not name[0].isupper():
            object.__setattr__(self, name, value)
            return
        self.app.tick(f"PageSetup.{name}=")
        if not self.app.has_printer:
            raise com_error(1004, f"Unable to set the {name} property of the PageSetup class")
        page = self.sheet.sheet
        if name == "BottomMargin":
            page.page_margins.bottom = value / 72
        elif name == "PrintArea":
            page.print_area = value or None
        elif name == "PrintTitleRows":
            page.print_title_rows = value or None
        else:
            kind, side = ("oddHeader", name[:-6]) if name.endswith("Header") else ("oddFooter", name[:-6])
            part = _HeaderFooterPart.from_str(value) if value else _HeaderFooterPart()
            setattr(getattr(page, kind), side.lower(), part)


def foot_text(part: Any) -> str:
    """Give a header's or footer's section with its codes."""
    return str(part) if part is not None and part.text else ""


def chart_of(sheet: Worksheet, frame: Any, charts: Any, package: Package) -> ChartObject:
    name = next(e.get("name") for e in frame.iter() if local_name(e) == "cNvPr")
    key = next(v for e in frame.iter() if local_name(e) == "chart" for k, v in e.items() if k.endswith("}id"))
    root = package.parse(charts[key].target)
    series = [each for each in root.iter() if local_name(each) == "ser"]
    formulas = []
    for number, each in enumerate(series, start=1):
        places = [e.text or "" for e in each.iter() if local_name(e) == "f"]
        formulas.append(f"=SERIES({','.join(places)},{number})")
    return ChartObject(sheet, name, formulas)
