"""How sheets are written beyond their cells, in Excel's object model on Windows (COM)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xlwings as xw

_PAGE = ("LeftHeader", "CenterHeader", "RightHeader", "LeftFooter", "CenterFooter", "RightFooter")
_MORE_OF_PAGE = ("BottomMargin", "PrintArea", "PrintTitleRows")


_MANUAL_BREAK = -4135


class ComWriting:
    """The part of Excel's object model that writing needs."""

    @property
    def copying(self) -> str:
        """Name the application's switch that lets charts come along when cells are copied."""
        return "CopyObjectsWithCells"

    def switch(self, app: xw.App, name: str, value: object) -> object:
        """Set a switch of the application; give what it was."""
        before: object = getattr(app.api, name)
        setattr(app.api, name, value)
        return before

    def user_name(self, app: xw.App) -> str:
        """Give the name that Excel knows its user by."""
        return str(app.api.UserName or "")

    def calculate_all(self, app: xw.App) -> None:
        """Calculate every formula, those too that rest on cells which Excel does not watch for them."""
        app.api.CalculateFull()

    def make_plain(self, sheet: xw.Sheet) -> None:
        """Take filter, tables and links off a sheet, which no copied cell replaces."""
        if sheet.api.AutoFilterMode:
            sheet.api.AutoFilterMode = False
        for table in reversed(list(sheet.api.ListObjects)):
            table.Unlist()
        if sheet.api.Hyperlinks.Count:
            sheet.api.Hyperlinks.Delete()

    def filtered(self, sheet: xw.Sheet) -> str:
        """Give the address of the range that has filter buttons, or nothing."""
        return str(sheet.api.AutoFilter.Range.Address) if sheet.api.AutoFilterMode else ""

    def filter(self, area: xw.Range) -> None:
        """Put filter buttons on a header and its rows."""
        area.api.AutoFilter(1)

    def keep_links_inside(self, sheet: xw.Sheet) -> None:
        """Have links lead to this workbook's own cells, should Excel have led them to the copied file's."""
        if sheet.api.Hyperlinks.Count and sheet.api.Hyperlinks.Item(1).Address:
            for link in sheet.api.Hyperlinks:
                link.Address = ""

    def page(self, sheet: xw.Sheet) -> dict[str, object]:
        """Give what a sheet's page says, as far as a run changes it; nothing without a printer."""
        setup = sheet.api.PageSetup
        with suppress(Exception):
            return {name: getattr(setup, name) for name in (*_PAGE, *_MORE_OF_PAGE)}
        return {}

    def set_page(self, sheet: xw.Sheet, page: dict[str, object]) -> None:
        """Set it, where Excel can: without a printer it cannot, and the sheet is right on screen."""
        setup = sheet.api.PageSetup
        with suppress(Exception):
            for name, value in page.items():
                if getattr(setup, name) != value:
                    setattr(setup, name, value)

    def breaks(self, sheet: xw.Sheet) -> list[int]:
        """Give the rows below which someone had a page begin, as far as Excel tells."""
        with suppress(Exception):
            return [each.Location.Row - 1 for each in sheet.api.HPageBreaks if each.Type == _MANUAL_BREAK]
        return []

    def break_pages(self, sheet: xw.Sheet, rows: Sequence[int]) -> None:
        """Begin pages below these rows, and nowhere else."""
        sheet.api.ResetAllPageBreaks()
        for row in rows:
            sheet.api.HPageBreaks.Add(sheet.range((row + 1, 1)).api)

    def open_unsaved(self, app: xw.App, path: Path) -> None:
        """Open a file as a new workbook that was never saved; the file may then go."""
        app.api.Workbooks.Add(str(path))

    def show(self, sheet: xw.Sheet, cell: str = "") -> None:
        """Bring a sheet to the front; xlwings' own way fails when another Excel is in front."""
        sheet.book.api.Activate()
        sheet.api.Activate()
        if cell:
            sheet.range(cell).api.Select()

    # --- charts -----------------------------------------------------------------------------------

    def charts(self, sheet: xw.Sheet) -> list[str]:
        """Name a sheet's charts."""
        return [str(chart.Name) for chart in sheet.api.ChartObjects()]

    def delete_charts(self, sheet: xw.Sheet) -> None:
        """Delete a sheet's charts."""
        if sheet.api.ChartObjects().Count:
            sheet.api.ChartObjects().Delete()

    def keep_charts_inside(self, sheet: xw.Sheet, *books: str) -> None:
        """Have the copied charts show this workbook's cells, not those of the workbooks they come from."""
        for series in self._series(sheet):
            formula = str(series.Formula)
            own = formula
            for name in books:
                own = own.replace(f"[{name}]", "")
            if own != formula:
                series.Formula = own

    def _series(self, sheet: xw.Sheet) -> Iterator[Any]:
        for chart in sheet.api.ChartObjects():
            yield from chart.Chart.SeriesCollection()
