"""What Excel's object model is asked, beside what can be tried without Excel."""

from __future__ import annotations

import subprocess
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import openpyxl
from openpyxl.worksheet.formula import ArrayFormula

from keyaccount.excel import transplant as transplanting
from keyaccount.excel.mac import MacExcel, _from_apple
from keyaccount.excel.native import CellError, ComExcel, Dated, is_busy, permissions
from keyaccount.workbook.package import Package
from tests.excel.engine import RPC_E_CALL_REJECTED, VBA_E_IGNORE
from tests.excel.engine_values import com_error
from tests.excel.live_books import clock, press
from tests.excel.plan_books import in_excel
from tests.workbook.demo_books import OFFICE, needs_office

if TYPE_CHECKING:
    import pytest
    import xlwings as xw

__all__ = ["clock"]


def _public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_a_mac_offers_every_method_that_windows_does() -> None:
    assert _public(ComExcel) == _public(MacExcel)


def test_what_apple_script_hands_over_becomes_what_a_file_holds() -> None:
    epoch = date(1899, 12, 30)
    moment = _from_apple(datetime(2026, 1, 5, 12), epoch)  # noqa: DTZ001 Excel knows no zones
    assert (moment, type(moment)) == (46027.5, Dated)
    found = [_from_apple(value, epoch) for value in (3, 2.5, True, None, "=1+1", "#N/A", "#DIV/0!", "#1")]
    assert found == [3.0, 2.5, True, None, "=1+1", "#N/A", "#DIV/0!", "#1"]
    assert [type(value) is CellError for value in found[5:]] == [True, True, False]


def test_a_mac_is_told_what_stands_above_the_page_and_nothing_else_of_it() -> None:
    told: dict[str, object] = {}
    setup = SimpleNamespace(
        **{
            name: SimpleNamespace(set=partial(told.__setitem__, name))
            for name in ("left_header", "right_header")
        }
    )
    sheet = SimpleNamespace(api=SimpleNamespace(page_setup_object=setup))
    MacExcel().set_page(cast("xw.Sheet", sheet), {"LeftHeader": "", "RightHeader": "a", "PrintArea": "x"})
    assert told == {"left_header": "", "right_header": "a"}


def test_excel_being_busy_is_told_from_other_errors() -> None:
    class ExcelBusyError(Exception):
        """As xlwings has it."""

    busy = [com_error(RPC_E_CALL_REJECTED, ""), com_error(VBA_E_IGNORE, ""), ExcelBusyError()]
    assert [is_busy(each) for each in busy] == [True, True, True]
    assert [is_busy(each) for each in (com_error(1004, "no"), ValueError("x"), KeyError(7))] == [False] * 3


def test_the_protection_is_that_of_the_writers_files() -> None:
    assert permissions() == {
        "sheet": True,
        "objects": True,
        "scenarios": True,
        "formatColumns": False,
        "formatRows": False,
        "sort": False,
        "autoFilter": False,
    }


@needs_office
def test_the_formula_for_hidden_rows_gives_a_1_for_each_row_that_is_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ("Head", 1, 2, 3, 4):
        sheet.append([row, None, "x"])
    sheet.row_dimensions[3].hidden = True
    formula = "=SUBTOTAL(103,OFFSET($A$2:$C$2,ROW($A$2:$A$5)-2,0))"  # as native.hidden_rows writes it
    sheet["E2"] = ArrayFormula("E2:E5", formula)
    book.save(tmp_path / "rows.xlsx")
    command = [str(OFFICE), "--headless", "--convert-to", "csv", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "rows.xlsx")], check=True, capture_output=True, timeout=120)
    lines = (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()
    counts = [int(line.split(",")[4]) for line in lines[1:]]
    assert [bool(count) for count in counts] == [True, False, True, True]


def test_the_workbook_that_excel_opens_for_copying_is_a_sound_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from openxml_audit import OpenXmlValidator

    kept = tmp_path / "kept.xlsx"
    real = transplanting._opened

    def keeping(app: xw.App, package: Package) -> object:
        with package.content() as content:
            kept.write_bytes(content.read())
        return real(app, package)

    monkeypatch.setattr(transplanting, "_opened", keeping)
    app, _book = in_excel(tmp_path, "2026-01")
    press(app, "run_monthly_advance", "2026-02")
    assert not OpenXmlValidator().validate(kept).errors
    found = openpyxl.load_workbook(kept)
    assert [found[name].max_row for name in ("Sales", "Ledger")] == [1, 3]
