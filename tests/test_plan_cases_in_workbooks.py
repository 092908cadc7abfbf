"""The plan's cases played through real workbooks: what is read, run and written back is what the core says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keyaccount.commands import Stamp, open_book, run_book
from keyaccount.ledger import Entry
from keyaccount.problems import Refused
from keyaccount.settlement import run
from keyaccount.verification import verify_book
from tests.plain_books import Style, write_inputs
from tests.plan_case import Case, all_cases, inputs_of
from tests.plan_case_run import _command

STAMP = Stamp("2026-01-31T00:00:00Z", "tests", "here")
STYLES: tuple[Style, ...] = ("en", "zh", "text")
CASES = [case for case in all_cases() if any(step.run for step in case.steps)]


@pytest.mark.parametrize(
    ("case", "style"),
    [
        pytest.param(case, STYLES[number % 3], id=f"{case.file}: {case.name} ({STYLES[number % 3]})")
        for number, case in enumerate(CASES)
    ],
)
def test_a_workbook_gives_what_the_core_gives(case: Case, style: Style, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    ledger: list[Entry] = []
    for step in case.steps:
        write_inputs(path, case.tables_at(step.number), style)
        if not step.run:
            continue
        command, period = _command(step.run)
        before = path.read_bytes()
        try:
            expected = run(inputs_of(case.tables_at(step.number)), ledger, command, period, STAMP.booked_at)
        except Refused:
            with pytest.raises(Refused):
                run_book(path, command, period, STAMP)
            assert path.read_bytes() == before
            continue
        report = run_book(path, command, period, STAMP)
        errors = {p.problem for p in expected.problems if p.severity == "error"}
        assert report.failed == bool(errors)
        assert report.figures == expected.figures
        assert report.entries == expected.entries
        if report.failed:
            assert path.read_bytes() == before
            continue
        ledger += expected.entries
        with open_book(path) as book:
            assert book.ledger == ledger
        saved = path.read_bytes()
        again = run_book(path, command, period, replace(STAMP, booked_at="2026-02-28T00:00:00Z"))
        assert (again.entries, again.saved) == ((), None)
        assert path.read_bytes() == saved
        assert verify_book(path).findings == ()
