"""The plan, sentence by sentence: every case of plan_cases/*.yaml is played on the core."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.plan_case import CASES, Case, all_cases, cases_of
from tests.plan_case_index import index, sentences
from tests.plan_case_run import differences_of, readable

ALL = all_cases()


@pytest.mark.parametrize("case", [pytest.param(case, id=f"{case.file}: {case.name}") for case in ALL])
def test_the_plan_says_so(case: Case) -> None:
    if differences := differences_of(case):
        pytest.fail("\n" + readable(case, differences), pytrace=False)


def test_every_clause_has_a_case() -> None:
    covered = {sentence for case in ALL for sentence in case.covers}
    listed = {sentence for of_clause in sentences().values() for sentence in of_clause}
    assert sorted(listed - covered) == [], "sentences of sentences.yaml without a case"
    assert sorted(covered - listed) == [], "sentences that cases cover and sentences.yaml lacks"


def test_a_case_has_a_name_of_its_own_and_its_arithmetic() -> None:
    assert [name for name, count in Counter(case.name for case in ALL).items() if count > 1] == []
    assert [case.name for case in ALL if len(case.because) < 20] == []


def test_the_index_in_the_readme_is_current() -> None:
    assert index(ALL) in (CASES / "README.md").read_text("utf-8"), "run: python -m tests.plan_case_index"


WRONG = """
company:
  Tiers: [strategic 2%]
  Accounts: A1
  Account Tiers: A1 strategic from 2020-01-01
  Salespeople: S01
  Assignments: A1 S01 100% from 2020-01-01
cases:
- name: A case with a slip in it
  clause: §3.3.2
  covers: none
  because: 100,000.00 × 2 % × 80 % = 1,600.00, and not 1,600.01
  Sales: S1 2026-01-10 A1 100000.00
  steps:
  - run: advance 2026-01
    S01: paid 1600.01, commission 2000.00
    books: commission S01 A1 2026-01 = 2000.00
    problems: error in Sales row S1 Date
  - run: advance 2026-01
    refused: done before
"""


def test_a_slip_is_shown_as_a_table() -> None:
    (case,) = cases_of("wrong", WRONG)
    text = readable(case, differences_of(case))
    assert "wrong.yaml · §3.3.2 · A case with a slip in it" in text
    rows = [" | ".join(part.strip() for part in line.split("  ") if part) for line in text.splitlines()]
    assert "1. advance 2026-01 | S01 paid | 1600.01 | 1600.00" in rows
    assert "1. advance 2026-01 | entry | commission S01 A1 2026-01 = 2000.00 | none" in rows
    assert "1. advance 2026-01 | problem | error in Sales row S1 Date | no problem" in rows
    assert "2. advance 2026-01 | refused | done before | 0 entries" in rows
