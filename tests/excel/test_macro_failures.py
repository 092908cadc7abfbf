"""Nothing is half written: whatever fails in Excel, the workbook and Excel itself are as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyaccount.excel import macros
from tests.excel import engine_range
from tests.excel.engine import VBA_E_IGNORE, Application, Workbook, open_in_excel
from tests.excel.engine_sheet import Worksheet
from tests.excel.engine_values import com_error
from tests.excel.live_books import apart, clock, picture, press, run_on_file
from tests.excel.plan_books import plain
from tests.workbook.demo_books import demo_book, year_of_runs

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
CHANGING = (
    *("Workbooks.Open", "Workbooks.Add", "_Worksheets.Add", "Worksheet.Copy", "Worksheet.Move"),
    *("Worksheet.Protect", "Range.Copy", "Range.Clear", "Range.Formula="),
    *("Range.AutoFilter", "Worksheet.AutoFilterMode=", "Charts.Delete", "Series.Formula=", "Range.Value2"),
    "Worksheet.ResetAllPageBreaks",
)


def plan(path: Path) -> Path:
    return plain(path, lambda _book: None)


class Failing:
    """Makes one call fail: the last or first of its kind, once."""

    def __init__(self, name: str, number: int, problem: BaseException) -> None:
        self.name, self.number, self.problem, self.fired = name, number, problem, False

    def __call__(self, name: str, _calls: list[str]) -> BaseException | None:
        if name != self.name or self.fired:
            return None
        self.number -= 1
        self.fired = self.number == 0
        return self.problem if self.fired else None


def _fails(app: Application, book: Workbook, failing: Failing, period: str) -> None:
    before, state = picture(book), app.state
    app.failing = failing
    app.answers, app.alerts = [period], []
    macros.run_monthly_advance()
    said = app.alerts[-1]
    app.failing = lambda _name, _calls: None
    assert failing.fired, (failing.name, failing.number)
    assert "booked in run" not in said
    assert app.state == state
    assert [key for key, value in picture(book).items() if before.get(key) != value] == [], failing.name


@pytest.mark.slow
@pytest.mark.parametrize("earlier", [(), ("2026-01",)], ids=["first run", "second run"])
def test_whatever_call_fails_everything_is_put_back(tmp_path: Path, earlier: tuple[str, ...]) -> None:
    path = run_on_file(plan(tmp_path / "plan.xlsx"), *earlier)
    period = "2026-02" if earlier else "2026-01"
    trial, _ = open_in_excel(path)
    press(trial, "run_monthly_advance", period)
    app, book = open_in_excel(path)
    for name in CHANGING:
        count = trial.calls.count(name)
        for number in sorted({1, count}) if count else ():
            _fails(app, book, Failing(name, number, com_error(1004, f"{name} fails")), period)
    press(app, "run_monthly_advance", period)
    file = run_on_file(plan(tmp_path / "file.xlsx"), *earlier, period)
    assert list(apart(book, file)) == []


@pytest.mark.parametrize("name", ["Application.Calculation=", "Application.StatusBar="])
def test_excels_settings_are_set_back_at_the_second_try(tmp_path: Path, name: str) -> None:
    path = plan(tmp_path / "plan.xlsx")
    trial, _ = open_in_excel(path)
    press(trial, "run_monthly_advance", "2026-01")
    app, _book = open_in_excel(path)
    state = app.state
    app.failing = Failing(name, trial.calls.count(name), com_error(VBA_E_IGNORE, "busy"))
    assert "booked in run 1" in press(app, "run_monthly_advance", "2026-01")
    assert app.state == state


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), MemoryError(), com_error(VBA_E_IGNORE, "busy")])
def test_stopping_in_the_middle_puts_everything_back(tmp_path: Path, problem: BaseException) -> None:
    app, book = open_in_excel(run_on_file(plan(tmp_path / "plan.xlsx"), "2026-01"))
    _fails(app, book, Failing("Range.Copy", 12, problem), "2026-02")
    expected = {"KeyboardInterrupt": "Stopped by the user", "MemoryError": "memory"}
    assert expected.get(type(problem).__name__, "Excel is busy") in app.alerts[-1]


def test_a_ledger_that_excel_changed_is_noticed_and_nothing_is_booked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, book = open_in_excel(run_on_file(plan(tmp_path / "plan.xlsx"), "2026-01"))
    before = picture(book)
    real = engine_range.copy_cells

    def rounding(source: Worksheet, target: Worksheet) -> None:
        real(source, target)
        if source.book.name.startswith("keyaccount-") and target.name == "Ledger":
            target.sheet["L2"].value = 0.1

    monkeypatch.setattr(engine_range, "copy_cells", rounding)
    said = press(app, "run_monthly_advance", "2026-02")
    monkeypatch.undo()
    assert said.startswith("Excel did not keep the Ledger as it was booked")
    assert [key for key, value in picture(book).items() if before[key] != value] == []


def test_where_putting_back_fails_too_the_user_is_told_not_to_save(tmp_path: Path) -> None:
    app, _book = open_in_excel(run_on_file(plan(tmp_path / "plan.xlsx"), "2026-01"))
    app.failing = lambda name, calls: (
        com_error(1004, "no") if name == "Range.Copy" and calls.count(name) > 20 else None
    )
    said = press(app, "run_monthly_advance", "2026-02")
    assert "Close the workbook WITHOUT saving it" in said


def test_a_message_follows_also_where_the_sheet_cannot_be_shown(tmp_path: Path) -> None:
    app, _book = open_in_excel(plan(tmp_path / "plan.xlsx"))
    app.failing = Failing("Workbook.Activate", 1, com_error(1004, "no"))
    assert "booked in run 1" in press(app, "run_monthly_advance", "2026-01")


@pytest.mark.slow
def test_sheets_that_went_out_of_sight_come_back_when_the_year_end_fails(tmp_path: Path) -> None:
    app, book = open_in_excel(demo_book(tmp_path / "demo.xlsx", "en", year_of_runs(year_end=False)))
    before = picture(book)
    for number in (1, 2):
        app.failing = Failing("Worksheet.Visible=", number, com_error(1004, "no"))
        assert "Something unforeseen" in press(app, "run_year_end", "2026")
        assert [key for key, value in picture(book).items() if before.get(key) != value] == []
