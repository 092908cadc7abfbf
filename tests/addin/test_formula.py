"""A formula all the way: the add-in's VBA, xlwings' own Windows code, the cell functions, and back.

VBA runs in pyOpenVBA's interpreter, xlwings in a process that takes itself for Windows (tests/excel); what
lies between them in Excel, COM, is a list of values here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pyopenvba.interpreter import (
    MISSING,
    HostBridge,
    Interpreter,
    VBAArray,
    VBAErrorValue,
    VBAObject,
    method,
    type_name,
)

from keyaccount.excel.catalogue import ERRORS, MODULE
from tests.addin.vba_host import interpreter
from tests.excel import win_stub
from tests.excel.excel_process import Excel

TIERS: list[list[Any]] = [
    ["Tier", "Rate", "Effective From"],
    ["strategic", 0.02, None],
    ["core", 0.015, None],
]
BOOK: dict[str, list[list[Any]]] = {"Data": [["Net Sales"], [100_000.0]], "Tiers": TIERS}


@pytest.fixture(scope="module")
def excel() -> Iterator[Excel]:
    started = Excel()
    started.open(BOOK)
    yield started
    started.close()


class _Python(VBAObject):  # type: ignore[misc]  # it ships no types
    """The COM server as VBA sees it."""

    vba_type_name = "HostPython"
    excel: Excel

    @method  # type: ignore[untyped-decorator]
    def CallUDF(  # noqa: N802 as xlwings calls it
        self, module: object, name: object, arguments: VBAArray, book: object, cell: object
    ) -> object:
        assert (module, type_name(book), type_name(cell)) == (MODULE, "HostWorkbook", "Range")
        return _variant(self.excel.call(str(name), *map(_received, arguments.items)))


def _received(value: object) -> object:
    """Make of a missing argument and of an array what pywin32 makes of them."""
    if value is MISSING:
        return win_stub.MISSING
    if isinstance(value, VBAArray):
        rows, columns = (range(lower, upper + 1) for lower, upper in value.bounds)
        return tuple(tuple(value.get([row, column]) for column in columns) for row in rows)
    return value


def _variant(value: Any) -> object:  # noqa: ANN401 what COM hands over
    """Make of rows or of a row what pywin32 makes of them."""
    if not isinstance(value, list):
        return value
    if not isinstance(value[0], list):
        return VBAArray([(0, len(value) - 1)], items=list(value))
    made = VBAArray([(0, len(value) - 1), (0, len(value[0]) - 1)])
    for row, cells in enumerate(value):
        for column, cell in enumerate(cells):
            made.set([row, column], cell)
    return made


class _Host(HostBridge):  # type: ignore[misc]  # likewise
    def __init__(self, python: _Python) -> None:
        self.python = python

    def create(self, type_name_: str) -> object:
        return self.python if type_name_ == "HostPython" else super().create(type_name_)


@pytest.fixture
def vba(excel: Excel) -> Interpreter:
    python = _Python()
    python.excel = excel
    return interpreter(host=_Host(python))


def _shown(value: object) -> object:
    """What the cell or the cells show."""
    if isinstance(value, VBAErrorValue):
        return next(text for text, number in ERRORS.items() if number == value.number)
    if isinstance(value, VBAArray):
        bounds = [range(lower, upper + 1) for lower, upper in value.bounds]
        if len(bounds) == 1:
            return [_shown(value.get([column])) for column in bounds[0]]
        return [[_shown(value.get([row, column])) for column in bounds[1]] for row in bounds[0]]
    return value


def _rows(values: list[list[object]]) -> VBAArray:
    made = _variant(values)
    assert isinstance(made, VBAArray)
    return made


def test_a_commission_from_the_calling_workbooks_tiers(vba: Interpreter) -> None:
    assert _shown(vba.run("COMMISSION", [88_888.88, "核心客户"])) == 1333.33


def test_an_unknown_tier_is_the_cells_error(vba: Interpreter) -> None:
    assert _shown(vba.run("COMMISSION", [100.0, "nothing"])) == "#N/A"


def test_a_text_where_an_amount_belongs_is_the_cells_error(vba: Interpreter) -> None:
    assert _shown(vba.run("COMMISSION", ["1,000", "core"])) == "#VALUE!"


def test_a_column_spills_with_its_errors_in_their_places(vba: Interpreter) -> None:
    found = vba.run("COMMISSION", [_rows([[100.0], ["x"], [200.0]]), _rows([["core"], ["core"], ["gold"]])])
    assert _shown(found) == [[1.5], ["#VALUE!"], ["#N/A"]]


def test_a_row_spills_across(vba: Interpreter) -> None:
    assert _shown(vba.run("ADVANCE", [_rows([[100.0, 50.0, "x"]])])) == [80.0, 40.0, "#VALUE!"]


def test_a_given_argument_is_passed_and_a_missing_one_takes_its_default(vba: Interpreter) -> None:
    assert _shown(vba.run("ADVANCE", [100.0, 0.7])) == 70.0
    assert _shown(vba.run("NETSALES", [100.0, MISSING, 5.0])) == 95.0
