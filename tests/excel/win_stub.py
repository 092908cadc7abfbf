"""Stand-ins for pywin32 and for Excel's COM objects, so that xlwings' own Windows code runs anywhere.

``install()`` puts the modules of pywin32 in place and then imports xlwings' real ``_xlwindows``, ``udfs`` and
``com_server``: what is replaced is only what lies below them. It changes the process it runs in: tests start
one of its own (``call_cells.py``). The objects have what reading needs: values as COM hands them over.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572  # an argument that was left out
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


def error(number: int) -> int:
    """Give a cell error as COM hands it over, from CVErr's number."""
    return number - 2146828288


class PyIDispatch:
    """A COM object as pywin32 receives it, before it is wrapped."""

    def __init__(self, target: Dispatched) -> None:
        self.target = target

    def GetTypeInfo(self) -> PyIDispatch:
        return self

    def GetDocumentation(self, _member: int) -> tuple[str, ...]:
        return (type(self.target).__name__,)

    def GetTypeAttr(self) -> Any:
        attributes = ModuleType("TYPEATTR")
        attributes.iid = RANGE_IID if isinstance(self.target, Range) else ""  # type: ignore[attr-defined]
        return attributes


class Dispatched:
    """A COM object as pywin32 wraps it (CDispatch)."""

    @property
    def _oleobj_(self) -> PyIDispatch:
        return PyIDispatch(self)


class Collection(Dispatched):
    """Things by number, from 1, or name."""

    def __init__(self, things: Sequence[Any]) -> None:
        self._things = things
        self.Count = len(things)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._things)

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, str):
            for thing in self._things:
                if thing.Name.casefold() == key.casefold():
                    return thing
            raise sys.modules["pywintypes"].com_error(-2147352565, "Invalid index", None, None)
        return self._things[key - 1]

    Item = __call__


class Application(Dispatched):
    """Excel."""

    Hwnd = 1


class Workbook(Dispatched):
    """A workbook: sheets by name with their rows; Excel tables by name with sheet and corners."""

    def __init__(
        self,
        sheets: Mapping[str, Sequence[Sequence[Any]]],
        tables: Mapping[str, tuple[str, int, int, int, int]] | None = None,
        *,
        date1904: bool = False,
    ) -> None:
        self.Name = self.FullName = "Sample.xlsx"
        self.Date1904 = date1904
        made = [Worksheet(self, name, rows) for name, rows in sheets.items()]
        for name, (title, *corners) in (tables or {}).items():
            sheet = next(sheet for sheet in made if sheet.Name == title)
            sheet.tables.append(ListObject(name, Range(sheet, *corners)))
        self.Worksheets = Collection(made)
        self.Application = Application()


class Worksheet(Dispatched):
    """A sheet whose rows begin in A1."""

    def __init__(self, book: Workbook, name: str, rows: Sequence[Sequence[Any]]) -> None:
        self.Parent, self.Name, self.rows = book, name, rows
        self.tables: list[ListObject] = []
        self.read = 0  # cells read in all

    @property
    def ListObjects(self) -> Collection:
        return Collection(self.tables)

    @property
    def UsedRange(self) -> Range:
        return Range(self, 1, 1, max(len(self.rows), 1), max(map(len, self.rows), default=1))

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, row, column, row, column)

    def Range(self, first: Range, last: Range | None = None) -> Range:
        last = last or first
        return Range(self, first.Row, first.Column, last.last_row, last.last_column)

    def value(self, row: int, column: int) -> Any:
        """Give a cell's value as COM does."""
        within = row <= len(self.rows) and column <= len(self.rows[row - 1])
        return self.rows[row - 1][column - 1] if within else None


class Range(Dispatched):
    """Cells of a sheet."""

    CLSID = RANGE_IID

    def __init__(self, sheet: Worksheet, row: int, column: int, last_row: int, last_column: int) -> None:
        self.Worksheet = self.Parent = sheet
        self.Row, self.Column, self.last_row, self.last_column = row, column, last_row, last_column
        self.Rows = Collection(range(last_row - row + 1))
        self.Columns = Collection(range(last_column - column + 1))
        self.Count = self.Rows.Count * self.Columns.Count

    def __call__(self, row: int, column: int) -> Range:
        return self.Worksheet.Cells(self.Row + row - 1, self.Column + column - 1)

    @property
    def Value(self) -> Any:
        self.Worksheet.read += self.Count
        if self.Count > 10**6:
            raise MemoryError("nobody should read this much")
        rows = tuple(
            tuple(self.Worksheet.value(row, column) for column in range(self.Column, self.last_column + 1))
            for row in range(self.Row, self.last_row + 1)
        )
        return rows[0][0] if self.Count == 1 else rows


class ListObject(Dispatched):
    """An Excel table."""

    def __init__(self, name: str, place: Range) -> None:
        self.Name, self.Range, self.ShowTotals = name, place, False


class _Anything:
    """Whatever is asked of it, it has it, and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()

    def __call__(self, *_arguments: Any, **_named: Any) -> Any:
        return _Anything()


class _NotWrapped(Exception):
    """What pywin32 raises for an object that is no Python object's wrapper."""


def _unwrap(_thing: object) -> Any:
    raise _NotWrapped


def _dispatch(thing: Any, *_rest: Any, **_named: Any) -> Any:
    return thing.target if isinstance(thing, PyIDispatch) else thing


def _module(name: str, **contents: Any) -> ModuleType:
    module = sys.modules[name] = ModuleType(name)
    module.__dict__.update(contents)
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, module)
    return module


class ComError(Exception):
    """pywintypes.com_error."""

    def __init__(self, hresult: int, *rest: Any) -> None:
        super().__init__(hresult, *rest)
        self.hresult = hresult


def _install_pywin32() -> None:
    idispatch = "{00020400-0000-0000-C000-000000000046}"
    _module("pywintypes", com_error=ComError, error=OSError, IID=str, TimeType=datetime)
    _module(
        "pythoncom",
        __file__="pythoncom.dll",
        com_error=ComError,
        ole_error=ComError,
        CoInitialize=lambda *_flags: None,
        IID_IDispatch=idispatch,
        IID_IEnumVARIANT="",
        TypeIIDs={idispatch: PyIDispatch},
    )
    for name in ("win32api", "win32con", "win32gui", "win32timezone", "win32event", "win32com"):
        _module(name)
    _module("win32process", GetWindowThreadProcessId=lambda hwnd: (hwnd, hwnd))
    _module(
        "win32com.client",
        Dispatch=_dispatch,
        DispatchEx=_dispatch,
        CDispatch=Dispatched,
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
    )
    for name in ("win32com.server", "win32com.server.dispatcher", "win32com.server.policy"):
        _module(name)
    _module("win32com.server.util", unwrap=_unwrap, wrap=lambda thing, *_rest: thing)


def install() -> Any:
    """Give xlwings' COM server object, whose ``CallUDF`` the add-in's wrappers call."""
    import xlwings

    _install_pywin32()
    real = ctypes.PyDLL
    ctypes.windll = ctypes.oledll = _Anything()  # type: ignore[attr-defined] # as on Windows
    ctypes.PyDLL = _Anything()  # type: ignore[assignment, misc]
    try:
        windows = importlib.import_module("xlwings._xlwindows")
    finally:
        ctypes.PyDLL = real  # type: ignore[misc]
    vars(xlwings)["_xlwindows"] = windows
    xlwings.engines.add(xlwings.Engine(impl=windows.engine))
    xlwings.engines["excel"].activate()
    server = importlib.import_module("xlwings.com_server")
    udfs = importlib.import_module("xlwings.udfs")
    xlwings.func, xlwings.arg, xlwings.ret, xlwings.script = udfs.xlfunc, udfs.xlarg, udfs.xlret, udfs.xlsub
    return server.XLPython()
