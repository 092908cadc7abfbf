"""The maintenance log's checks where rows are many, and what Score Detail says of its rows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from keyaccount import tables
from keyaccount.clauses.log_checks import MOST_LISTED
from keyaccount.company import Company
from keyaccount.keeping import row_numbers
from keyaccount.money import shown_number
from keyaccount.problems import Problem
from keyaccount.translation import Language
from keyaccount.wording import Wording
from tests.company import Act, inputs

NOON = datetime(2026, 3, 5, 12)  # noqa: DTZ001 a workbook's time has no zone


def problems(acts: list[Act], **rows: list[object]) -> list[Problem]:
    company: dict[str, Any] = {
        "tiers": [tables.TierRow(0, "core", Decimal("0.015"))],
        "account_tiers": [tables.AccountTierRow(0, "A01", "core", date(2020, 1, 1))],
        "accounts": [tables.AccountRow(0, "A01", "Sample Account A01")],
        "salespeople": [tables.SalespersonRow(0, "S01"), tables.SalespersonRow(0, "S02")],
        "assignments": [tables.AssignmentRow(0, "A01", "S01", Decimal(1), date(2020, 1, 1))],
    }
    return Company(inputs(maintenance=acts, **(company | rows))).problems


def test_a_fault_of_many_rows_is_listed_a_hundred_times_and_then_counted() -> None:
    before = Act(NOON.date(), "A01", "S01", "issue", NOON, NOON - timedelta(hours=1))
    found = problems([before] * (MOST_LISTED + 30))
    assert [(p.severity, p.row, p.column) for p in found[:2]] == [
        ("error", 2, "First Response"),
        ("error", 3, "First Response"),
    ]
    assert len(found) == MOST_LISTED + 1
    assert found[-1].row == MOST_LISTED + 2
    assert found[-1].sentence == "So it is in 30 more rows, from this one on."


def test_pairs_without_an_assignment_are_listed_a_hundred_times_and_then_counted() -> None:
    people = [f"S{number:03d}" for number in range(MOST_LISTED + 5)]
    acts = [Act(NOON.date(), "A01", person, "visit") for person in people for _ in range(2)]
    salespeople: list[object] = [tables.SalespersonRow(0, person) for person in ["S01", *people]]
    found = problems(acts, salespeople=salespeople)
    assert len(found) == MOST_LISTED + 1
    assert found[0].details["count"] == "2"
    assert found[-1].details["count"] == "10"


def test_an_issue_whose_times_are_equal_is_right() -> None:
    assert problems([Act(NOON.date(), "A01", "S01", "issue", NOON, NOON, NOON)]) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Correct the weights. Measures without a row have their shipped weight (profile, …"),
        ("zh", "请更正权重。未列出的指标按默认权重计（客户档案、…"),
    ],
)
def test_measures_are_named_in_the_readers_language(language: Language, said: str) -> None:
    row: list[object] = [tables.ScorecardRow(0, "expansion", Decimal(50))]
    (found,) = problems([], scorecard=row)
    remedy = Wording(language).text(found.remedy, found.details, found.table)
    assert remedy.startswith(said.removesuffix("…"))


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((), ""),
        ((5,), "5"),
        ((5, 6, 7, 9), "5–7; 9"),
        ((2, 4, 6), "2; 4; 6"),
    ],
)
def test_row_numbers_are_written_as_ranges(rows: tuple[int, ...], text: str) -> None:
    assert row_numbers(rows) == text


def test_very_many_row_numbers_end_in_how_many_more_there_are() -> None:
    text = row_numbers(tuple(range(1_000, 3_000, 2)))
    assert text.startswith("1000; 1002; ")
    listed, _, more = text.rpartition("; … (+")
    assert len(listed.split("; ")) + int(more.removesuffix(")")) == 1_000
    assert len(text) < 420


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(2, 3), "0.666666666666667"),
        (Fraction(1, 8), "0.125"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
    ],
)
def test_exact_numbers_are_shown_with_the_digits_of_a_cell(exact: Fraction, shown: str) -> None:
    assert format(shown_number(exact), "f") == shown
