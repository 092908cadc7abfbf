"""A process in which xlwings believes that it runs on Windows, asked over pipes: one call after the other.

It may run another xlwings than the one installed: the folder that holds it is put before the others.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.excel import win_stub

ROOT = Path(__file__).resolve().parents[2]
Sheets = Mapping[str, Sequence[Sequence[Any]]]
Tables = Mapping[str, tuple[str, int, int, int, int]]


class At(NamedTuple):
    """A reference in a formula: ``At("Data", 1, 1, 3, 1)`` is Data!A1:A3."""

    sheet: str
    row: int
    column: int
    last_row: int
    last_column: int


def column(sheet: str, number: int) -> At:
    """Refer to a whole column."""
    return At(sheet, 1, number, win_stub.LAST_ROW, number)


class Excel:
    """The process; ``call`` is what the add-in's wrapper does for a formula."""

    def __init__(self, xlwings_folder: Path | None = None) -> None:
        """Start it; ``version`` is that of its xlwings."""
        folders = [str(each) for each in (xlwings_folder, ROOT / "python") if each]
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(folders), "PYTHONWARNINGS": "default"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.version = self._ask("version")

    def open(self, sheets: Sheets, tables: Tables | None = None, *, date1904: bool = False) -> None:
        """Open a workbook; formulas stand on its first sheet."""
        self._ask("open", dict(sheets), dict(tables or {}), date1904)

    def call(self, function: str, *arguments: object) -> Any:
        """Give what the cell of a formula shows; a missing argument is ``win_stub.MISSING``."""
        return self._ask("call", function, arguments)

    def cells_read(self, sheet: str) -> int:
        """Count the cells that were read from a sheet."""
        return int(self._ask("read", sheet))

    def rename(self, sheet: str, name: str) -> None:
        """Rename a sheet of the open workbook."""
        self._ask("rename", sheet, name)

    def set(self, sheet: str, row: int, column: int, value: object) -> None:
        """Change a cell of the open workbook."""
        self._ask("set", sheet, row, column, value)

    def help_of(self, function: str) -> dict[str, Any]:
        """Give what xlwings knows of a function."""
        told: dict[str, Any] = self._ask("help", function)
        return told

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _ask(self, *question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        pickle.dump(question, self._process.stdin)
        self._process.stdin.flush()
        answer, failed = pickle.load(self._process.stdout)  # noqa: S301 our own process
        assert not failed, answer
        return answer


class _Session:
    """What the process does."""

    def __init__(self) -> None:
        self.server = win_stub.install()

    def version(self) -> str:
        import xlwings

        return str(xlwings.__version__)

    def open(self, sheets: Sheets, tables: Tables, date1904: bool) -> None:  # noqa: FBT001 a message
        from keyaccount.excel import callingbook

        callingbook._known.clear()
        self.book = win_stub.Workbook(sheets, tables, date1904=date1904)

    def call(self, function: str, arguments: Sequence[object]) -> Any:
        cell = next(iter(self.book.Worksheets)).Cells(1, 1)
        return self.server.CallUDF(
            "keyaccount.excel.functions",
            function,
            tuple(map(self._argument, arguments)),
            win_stub.PyIDispatch(self.book),
            win_stub.PyIDispatch(cell),
        )

    def _argument(self, argument: object) -> object:
        if isinstance(argument, At):
            sheet = self.book.Worksheets(argument.sheet)
            return win_stub.PyIDispatch(win_stub.Range(sheet, *argument[1:]))
        return argument

    def read(self, sheet: str) -> int:
        return int(self.book.Worksheets(sheet).read)

    def rename(self, sheet: str, name: str) -> None:
        self.book.Worksheets(sheet).Name = name

    def set(self, sheet: str, row: int, column: int, value: object) -> None:
        self.book.Worksheets(sheet).rows[row - 1][column - 1] = value

    def help(self, function: str) -> dict[str, Any]:
        from keyaccount.excel import functions

        declared: dict[str, Any] = getattr(functions, function).__xlfunc__
        arguments = {each["name"]: (each["doc"], "optional" in each) for each in declared["args"]}
        return {"category": declared["category"], "doc": declared["ret"]["doc"], "arguments": arguments}


def _serve() -> None:
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    session = _Session()
    while True:
        try:
            what, *rest = pickle.load(sys.stdin.buffer)  # noqa: S301 our own process
        except EOFError:
            return
        try:
            answer, failed = getattr(session, what)(*rest), False
        except Exception as error:  # noqa: BLE001 told to who asked
            answer, failed = repr(error), True
        pickle.dump((answer, failed), answers)
        answers.flush()


def day(text: str) -> datetime:
    """Give a date as a cell formatted as one hands it over."""
    return datetime.fromisoformat(text)


if __name__ == "__main__":
    from tests.excel import excel_process

    excel_process._serve()
