"""What xlwings has no name for, as a Mac offers it (AppleScript); not tried in a real Excel for Mac.

What is missing there is left out: hidden rows raise no warning, a page's foot stays that of the sheet's
first run, no run hides or shows an input sheet, and the Dashboard is copied anew as a whole, since charts
do not come along with cells.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.excel.native import CellError, Dated, Extent, Font, Rows, Value, permissions
from keyaccount.translation import Language
from keyaccount.workbook.days import EPOCH

if TYPE_CHECKING:
    import xlwings as xw


_HEADERS = {"LeftHeader": "left_header", "CenterHeader": "center_header", "RightHeader": "right_header"}


class MacExcel:
    """Excel's object model as AppleScript offers it; the methods are those of ``ComExcel``."""

    copies_charts = False
    copying = ""

    def extent(self, sheet: xw.Sheet) -> Extent:
        """Give a sheet's last row and column in use."""
        used = sheet.used_range
        return Extent(used.row + used.shape[0] - 1, used.column + used.shape[1] - 1)

    def values(self, area: xw.Range) -> Rows:
        """Give a range's values; AppleScript hands dates over as dates, errors as texts."""
        epoch = EPOCH[self.date1904(area.sheet.book)]
        rows = area.options(ndim=2, err_to_str=True).value
        return [[_from_apple(value, epoch) for value in row] for row in rows]

    def hidden_rows(self, _area: xw.Range, _values: Rows) -> set[int]:
        """Give nothing: the warning about hidden rows is Windows' alone."""
        return set()

    def date1904(self, book: xw.Book) -> bool:
        """Tell whether dates count from 1904."""
        return bool(book.api.date_1904.get())

    def normal_font(self, book: xw.Book) -> Font:
        """Give the font that plain cells have."""
        app = book.app.api
        return Font(str(app.standard_font.get()), float(app.standard_font_size.get()))

    def language(self, _app: xw.App) -> Language | None:
        """Give nothing: the environment says it."""
        return None

    def tab_colour(self, _sheet: xw.Sheet) -> str:
        """Give nothing: on a Mac no sheet goes out of sight by itself."""
        return ""

    def read_only(self, book: xw.Book) -> bool:
        """Tell whether the workbook was opened read-only."""
        return bool(book.api.read_only.get())

    def fixed_structure(self, book: xw.Book) -> bool:
        """Tell whether sheets may not be added."""
        return bool(book.api.protect_structure.get())

    def is_protected(self, sheet: xw.Sheet) -> bool:
        """Tell whether a sheet is protected."""
        return bool(sheet.api.protect_contents.get())

    def unprotect(self, sheet: xw.Sheet) -> bool:
        """Lift a sheet's protection; False where it has a password."""
        with suppress(Exception):
            sheet.api.unprotect(password="")
        return not self.is_protected(sheet)

    def protect(self, sheet: xw.Sheet) -> None:
        """Protect a sheet without password, as the writer's files have it."""
        allowed = {name: not locked for name, locked in permissions().items()}
        sheet.api.protect_worksheet(
            drawing_objects=not allowed["objects"],
            worksheet_contents=True,
            scenarios=not allowed["scenarios"],
            allow_formatting_columns=allowed.get("formatColumns", False),
            allow_formatting_rows=allowed.get("formatRows", False),
            allow_sorting=allowed.get("sort", False),
            allow_filtering=allowed.get("autoFilter", False),
        )

    def switch(self, _app: xw.App, _name: str, _value: object) -> object:
        """Set nothing."""
        return None

    def user_name(self, app: xw.App) -> str:
        """Give the name that Excel knows its user by."""
        return str(app.api.user_name.get() or "")

    def calculate_all(self, app: xw.App) -> None:
        """Calculate; functions of the add-in need Windows anyway."""
        app.calculate()

    def make_plain(self, sheet: xw.Sheet) -> None:
        """Take the filter off a sheet."""
        if sheet.api.autofilter_mode.get():
            sheet.api.autofilter_mode.set(False)

    def filtered(self, _sheet: xw.Sheet) -> str:
        """Give nothing."""
        return ""

    def filter(self, area: xw.Range) -> None:
        """Put filter buttons on a header and its rows."""
        area.api.autofilter_range(field=1)

    def keep_links_inside(self, _sheet: xw.Sheet) -> None:
        """Leave links as they were copied."""

    def page(self, _sheet: xw.Sheet) -> dict[str, object]:
        """Give nothing."""
        return {}

    def set_page(self, sheet: xw.Sheet, page: dict[str, object]) -> None:
        """Set what stands above the page, where Excel can; the rest of it stays."""
        with suppress(Exception):
            setup = sheet.api.page_setup_object
            for name in _HEADERS.keys() & page.keys():
                getattr(setup, _HEADERS[name]).set(page[name])

    def breaks(self, _sheet: xw.Sheet) -> list[int]:
        """Give nothing."""
        return []

    def break_pages(self, _sheet: xw.Sheet, _rows: Sequence[int]) -> None:
        """Leave the breaks as they are."""

    def open_unsaved(self, app: xw.App, path: Path) -> None:
        """Open a copy that stays, since a Mac needs the file."""
        kept = Path(tempfile.mkdtemp()) / path.name
        shutil.copyfile(path, kept)
        app.books.open(str(kept))

    def show(self, sheet: xw.Sheet, cell: str = "") -> None:
        """Bring a sheet to the front."""
        sheet.activate()
        if cell:
            sheet.range(cell).select()

    def charts(self, sheet: xw.Sheet) -> list[str]:
        """Name a sheet's charts."""
        return [chart.name for chart in sheet.charts]

    def delete_charts(self, sheet: xw.Sheet) -> None:
        """Delete a sheet's charts."""
        for chart in list(sheet.charts):
            chart.delete()

    def keep_charts_inside(self, _sheet: xw.Sheet, *_books: str) -> None:
        """Do nothing: a sheet that is copied as a whole keeps its charts to itself."""


def _from_apple(value: object, epoch: date) -> Value:
    if isinstance(value, datetime):
        since = value - datetime.combine(epoch, datetime.min.time())
        return Dated(since.total_seconds() / 86_400)
    if isinstance(value, (bool, float)) or value is None:
        return value
    if isinstance(value, int):
        return float(value)
    text = str(value)
    return CellError(text) if text.startswith("#") and text.endswith(("!", "?", "/A")) else text
