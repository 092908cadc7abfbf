"""An Excel for tests: its COM objects over openpyxl, below xlwings' own Windows code, which runs as it is.

Honest about Excel's traps: numbers are floats, error cells whole numbers; a text assigned to a cell is
read as typed (``=1+1``, ``2026-01``, ``001``), while copying keeps it; cells copied to another workbook point
back to the one they come from; protected sheets refuse to be written; a password is never guessed. Formulas
keep the value that the file has for them; nothing is calculated. Charts are names and series formulas only,
since openpyxl carries no charts. Every call is counted, and any of them can be made to fail.
"""

from __future__ import annotations

import ctypes
import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from tests.excel import win_stub
from tests.excel.engine_sheet import Worksheet
from tests.excel.engine_values import Com, com_error, inner

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet as Sheet

RPC_E_CALL_REJECTED, VBA_E_IGNORE = -2147418111, -2146777998
AUTOMATIC, MANUAL = -4105, -4135
_STUBS = ("pywintypes", "pythoncom", "win32")


class Listed(Com):
    """A collection: by number from 1, by name, in order."""

    def __init__(self, app: Application, things: Callable[[], list[Any]]) -> None:
        super().__init__(app)
        self.things = things

    @property
    def Count(self) -> int:
        return len(self.things())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.things())

    def __call__(self, key: int | str) -> Any:
        self.app.tick("Item", key)
        if isinstance(key, str):
            for thing in self.things():
                if thing.name.casefold() == key.casefold():
                    return thing
        elif 1 <= key <= len(self.things()):
            return self.things()[key - 1]
        raise com_error(-2147352565, "Invalid index")

    Item = __call__


class Application(Com):
    """One running Excel, with its user: what they answer, and what they were told."""

    _numbers = itertools.count(1001)

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.failing: Callable[[str, list[str]], BaseException | None] = lambda _name, _calls: None
        super().__init__(self)
        self.books: list[Workbook] = []
        self.answers: list[str] = []
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.alerts: list[str] = []
        self.menus = 1033  # English
        self.has_printer = self.carries_charts = True
        self.leads_links_out = False  # whether copied links lead to the file they come from
        self.selected: Any = None
        self.progress: list[object] = []
        self.Hwnd = next(self._numbers)
        self.ScreenUpdating = self.EnableEvents = self.DisplayAlerts = True
        self.Calculation = AUTOMATIC
        self.CopyObjectsWithCells = True
        self.StatusBar: object = False
        self.UserName = "Excel's user"
        self.StandardFont, self.StandardFontSize = "Calibri", 11.0
        self.Workbooks = Workbooks(self)
        self.WorksheetFunction = _Functions(self)
        self.calls.clear()
        _APPS[self.Hwnd] = self

    def tick(self, name: str, value: object = None) -> None:
        """Count a call, and fail where a test wants it."""
        self.calls.append(name)
        if name == "Application.StatusBar=":
            self.progress.append(value)
        problem = self.failing(name, self.calls)
        if problem is not None:
            raise problem

    @property
    def Application(self) -> Application:
        return self

    @property
    def LanguageSettings(self) -> Any:
        return type("LanguageSettings", (), {"LanguageID": staticmethod(lambda _what: self.menus)})()

    @property
    def Selection(self) -> Any:
        return self.selected

    def Calculate(self) -> None:
        """Do nothing: nothing is calculated here."""

    CalculateFull = Calculate

    def Run(self, macro: str, *arguments: str) -> str:
        """Answer the add-in's question as the user of the test does."""
        self.asked.append((macro, arguments))
        return self.answers.pop(0)

    @property
    def state(self) -> tuple[object, ...]:
        """What a macro has to leave as it was."""
        return (
            self.ScreenUpdating,
            self.EnableEvents,
            self.DisplayAlerts,
            self.Calculation,
            self.CopyObjectsWithCells,
            self.StatusBar,
            [book.name for book in self.books],
        )


class _Functions(Com):
    """WorksheetFunction."""

    def CountA(self, area: Any) -> float:
        return float(inner(area).filled())


class Workbooks(Listed):
    """The open workbooks."""

    def __init__(self, app: Application) -> None:
        super().__init__(app, lambda: app.books)

    def Add(self, Template: str = "") -> Workbook:
        if Template:
            made = Workbook.opened(self.app, Path(Template))
            made.name, made.path = f"{Path(Template).stem}1", ""
            return made
        return Workbook(self.app, openpyxl.Workbook(), f"Book{next(self.app._numbers)}")

    def Open(self, path: str, update_links: object = None, *_rest: object) -> Workbook:
        if update_links is not False:
            raise AssertionError("Excel would ask about links")
        return Workbook.opened(self.app, Path(path))


class Workbook(Com):
    """An open workbook."""

    def __init__(self, app: Application, book: openpyxl.Workbook, name: str, path: str = "") -> None:
        super().__init__(app)
        self.book, self.name, self.path = book, name, path
        self.sheets = [Worksheet(self, sheet) for sheet in book.worksheets]
        self.front = self.sheets[0] if self.sheets else None
        self.ReadOnly = self.ProtectStructure = False
        self.Date1904 = book.epoch.year == 1904
        app.books.append(self)

    @classmethod
    def opened(cls, app: Application, path: Path) -> Workbook:
        """Open a file: formulas with the values that it keeps, charts by name and series."""
        book = openpyxl.load_workbook(path)
        made = cls(app, book, path.name, str(path))
        values = openpyxl.load_workbook(path, data_only=True)
        for sheet in made.sheets:
            sheet.take_values(values[sheet.name])
            sheet.take_charts(path)
        return made

    def rename(self, name: str) -> None:
        self.name = name

    def place(self, made: Sheet, before: Worksheet | None, after: Worksheet | None) -> Worksheet:
        """List a new sheet where it belongs, and bring it to the front as Excel does."""
        if self.ProtectStructure:
            raise com_error(1004, "Workbook is protected and cannot be changed.")
        sheet = Worksheet(self, made)
        index = self.sheets.index(before) if before else self.sheets.index(after) + 1 if after else 0
        self.sheets.insert(index, sheet)
        self.book.move_sheet(made, index - self.book.worksheets.index(made))
        self.front = sheet
        return sheet

    @property
    def Name(self) -> str:
        return self.name

    @property
    def FullName(self) -> str:
        return self.path or self.name

    @property
    def Application(self) -> Application:
        return self.app

    @property
    def Worksheets(self) -> _Worksheets:
        return _Worksheets(self)

    @property
    def ActiveSheet(self) -> Worksheet | None:
        return self.front

    def Styles(self, _name: str) -> Any:
        made = Com(self.app)
        font = self.book._fonts[0]
        vars(made)["Font"] = type("Font", (), {"Name": font.name, "Size": font.sz, "Color": 0})()
        return made

    def Activate(self) -> None:
        self.app.books.remove(self)
        self.app.books.append(self)

    def Close(self, SaveChanges: object = None) -> None:
        assert SaveChanges is False, "Excel would ask whether to save"
        self.app.books.remove(self)


class _Worksheets(Listed):
    def __init__(self, book: Workbook) -> None:
        super().__init__(book.app, lambda: book.sheets)
        self.Parent = book

    def Add(self, Before: Any = None) -> Worksheet:
        book = self.Parent
        before = inner(Before) if Before is not None else book.front
        return book.place(book.book.create_sheet(), before, None)


_APPS: dict[int, Application] = {}


def _message_box(hwnd: int, prompt: str, _title: str, _style: int) -> int:
    _APPS[hwnd].tick("MessageBox")
    _APPS[hwnd].alerts.append(prompt)
    return 1


@cache
def windows() -> Any:
    """Import xlwings' own Windows code over stand-ins for pywin32, and leave no trace of these."""
    before = set(sys.modules)
    real = ctypes.PyDLL
    win_stub._install_pywin32()
    ctypes.windll = ctypes.oledll = win_stub._Anything()  # type: ignore[attr-defined]
    ctypes.PyDLL = win_stub._Anything()  # type: ignore[assignment, misc]
    try:
        module = importlib.import_module("xlwings._xlwindows")
    finally:
        ctypes.PyDLL = real  # type: ignore[misc]
        del ctypes.windll, ctypes.oledll  # type: ignore[attr-defined]
        for name in set(sys.modules) - before:
            if name.startswith(_STUBS):
                del sys.modules[name]
    vars(module.win32con).update(
        MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4, MB_ICONINFORMATION=64, MB_ICONWARNING=48
    )
    module.win32api.MessageBox = _message_box
    return module


def open_in_excel(path: Path, app: Application | None = None) -> tuple[Application, Workbook]:
    """Open a workbook in an Excel, and make it the one that calls."""
    import xlwings as xw

    module = windows()
    app = app or Application()
    book = Workbook.opened(app, path)
    wrapped = module.COMRetryObjectWrapper(book)
    xw.Book(impl=module.Book(xl=wrapped)).set_mock_caller()
    app.calls.clear()
    return app, book
