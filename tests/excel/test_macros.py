"""The ribbon's macros, as they are, on xlwings' own Windows code over an Excel for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keyaccount.demo import demo_rows
from keyaccount.verification import verify_book
from keyaccount.workbook.create import create_workbook
from tests.excel.live_books import apart, clock, run_in_excel, run_on_file, saved
from tests.excel.plan_books import plain
from tests.excel.test_functions_in_excel import _oldest
from tests.workbook.books import Language
from tests.workbook.demo_books import YEAR, demo_book, year_of_runs

__all__ = ["clock"]
pytestmark = pytest.mark.usefixtures("clock")
FIRST_QUARTER = ("2026-01", "2026-02", "2026-03", "2026Q1")


def demo(path: Path, language: Language) -> Path:
    create_workbook(path, language, YEAR, demo_rows(YEAR, language))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_quarter_is_the_same_by_macro_and_by_command_line(
    tmp_path: Path, language: Language
) -> None:
    _app, book = run_in_excel(demo(tmp_path / "live.xlsx", language), *FIRST_QUARTER)
    file = run_on_file(demo(tmp_path / "file.xlsx", language), *FIRST_QUARTER)
    assert list(apart(book, file)) == []
    verdict = verify_book(saved(book, tmp_path / "saved.xlsx"))
    assert (verdict.findings, verdict.failed) == ((), False)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_year_end_is_the_same_by_macro_and_by_command_line(tmp_path: Path, language: Language) -> None:
    runs = year_of_runs(year_end=False)
    _app, book = run_in_excel(demo_book(tmp_path / "live.xlsx", language, runs), str(YEAR))
    file = run_on_file(demo_book(tmp_path / "file.xlsx", language, runs), str(YEAR))
    assert list(apart(book, file)) == []


def test_the_oldest_xlwings_that_is_allowed_runs_the_macros(tmp_path: Path) -> None:
    oldest = _oldest()
    wanted = ["--target", str(tmp_path / "xlwings"), "--no-deps", "--only-binary=:all:", f"xlwings=={oldest}"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    if subprocess.run(pip, capture_output=True, check=False).returncode:
        pytest.skip(f"xlwings {oldest} cannot be installed here")
    file = run_on_file(plain(tmp_path / "file.xlsx", lambda _book: None), "2026-01", "2026-02")
    live = plain(tmp_path / "live.xlsx", lambda _book: None)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "tests.excel.run_by_macro", str(live), str(file), "2026-01", "2026-02"],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(map(str, (tmp_path / "xlwings", root / "python", root)))},
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == [oldest, "", ""]
