"""The plan's cases through real workbooks: what is read, run and written back is what the core says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from keyaccount.book import Stamp
from keyaccount.commands import run_book
from keyaccount.ledger import Entry, changes_named
from keyaccount.problems import Refused
from keyaccount.settlement import run
from keyaccount.verification import verify_book
from tests.plain_books import Style, write_inputs
from tests.plan_case import Case, Step, all_cases
from tests.plan_case_rows import inputs_of
from tests.plan_case_run import run_of

STAMP = Stamp("2026-01-31T00:00:00Z", "tests", "here")
STYLES: tuple[Style, ...] = ("en", "zh", "text")
CASES = [case for case in all_cases() if any(step.run for step in case.steps)]
if (
    os.environ.get("KEYACCOUNT_SEARCH") != "long"
):  # the core plays all of them; what a file adds, each second shows
    CASES = CASES[::2]


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
    done: tuple[Entry, ...] | None = None
    last = case.steps[-1]
    for step in case.steps:
        if step.number == 1 or step.edit or step.remove:
            write_inputs(path, case.tables_at(step.number), style)
        if step.run:
            done = _play(path, case, step, ledger)
            ledger += done or ()
            last = step
    if done is not None:
        _again(path, last)
        assert verify_book(path).findings == ()


def _play(path: Path, case: Case, step: Step, ledger: list[Entry]) -> tuple[Entry, ...] | None:
    """Run a step in the workbook and on the core; what both say is the same, to the last digit.

    Gives the new entries, None for a run that was refused or failed.
    """
    command, what = run_of(step.run)
    inputs = inputs_of(case.tables_at(step.number))
    before = path.read_bytes()
    try:
        expected = run(inputs, ledger, command, what, STAMP.booked_at)
    except Refused:
        with pytest.raises(Refused):
            run_book(path, command, what, STAMP)
        assert path.read_bytes() == before
        return None
    report = run_book(path, command, what, STAMP)
    assert report.failed == expected.failed
    assert report.figures == expected.figures
    assert [bare(entry) for entry in report.entries] == [bare(entry) for entry in expected.entries]
    assert all(changes_named(entry.reference) for entry in report.entries if entry.kind == "correction")
    if report.failed:
        assert path.read_bytes() == before
        return None
    return expected.entries


def _again(path: Path, step: Step) -> None:
    """Run a step that was done once more, on another day: nothing is booked and no byte changes."""
    saved = path.read_bytes()
    report = run_book(path, *run_of(step.run), replace(STAMP, booked_at="2026-02-28T00:00:00Z"))
    assert (report.entries, report.saved) == ((), None)
    assert path.read_bytes() == saved


def bare(entry: Entry) -> Entry:
    """Leave out what only a workbook knows: by its Reference a correction names the changes it follows."""
    return replace(entry, reference="" if entry.kind == "correction" else entry.reference, digest="")
