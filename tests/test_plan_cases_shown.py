"""All that the plan's cases show is as it was read: messages in full, entries, rows of result sheets."""

from __future__ import annotations

import difflib
from functools import cache

import pytest

from tests.plan_case import CASES, Case, all_cases
from tests.plan_case_shown import SHOWN, shown, written

ALL = all_cases()
_written = cache(written)


@pytest.mark.parametrize("case", ALL, ids=[f"{case.file}: {case.name}" for case in ALL])
def test_a_case_shows_what_is_written(case: Case) -> None:
    expected, found = _written(case.file).get(case.name, ""), shown(case)
    if found != expected:
        difference = difflib.unified_diff(
            expected.splitlines(), found.splitlines(), "written", "found", "", "", 1
        )
        pytest.fail(
            "\n".join([*difference, "If the new text is right: python -m tests.plan_case_shown"]),
            pytrace=False,
        )


def test_nothing_is_kept_of_cases_that_are_gone() -> None:
    files = {path.stem for path in CASES.glob("*.yaml")} - {"sentences"}
    assert {path.stem for path in SHOWN.glob("*.txt")} == files
    kept = {name for file in files for name in _written(file)}
    assert kept == {case.name for case in ALL}
