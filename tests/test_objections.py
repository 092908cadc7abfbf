"""Objections to ledger entries: what is wrong, what waits, what came late, what answered them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keyaccount.clauses.objections import check_objections, corrected_by, object_until
from keyaccount.ledger import Entry
from keyaccount.policies import Policies
from keyaccount.tables import Inputs, ObjectionRow, PolicyRow
from tests.plan_case_rows import inputs_of, row_of

NONE = Policies(())


def entry(number: int, kind: str, period: str, month: str = "", **more: object) -> Entry:
    made = Entry(number, 1, "2026-04-05T09:00:00Z", period, kind, "S01", 100, "A1", month, month)
    return replace(made, **more)  # type: ignore[arg-type]


LEDGER = [
    entry(1, "commission", "2026Q1", "2026-01"),
    entry(2, "quarter_payment", "2026Q1", account_id=""),
    entry(3, "quarter_payment", "2026Q1", salesperson_id="S02", account_id=""),
]


def objection(number: int, person: str = "S01", **more: object) -> ObjectionRow:
    return replace(
        ObjectionRow(2, number, person, date(2026, 4, 10), "A sale is missing."),
        **more,  # type: ignore[arg-type]
    )


def workbook(*objections: ObjectionRow) -> Inputs:
    people = inputs_of({"Salespeople": [row_of("Salespeople", "S01"), row_of("Salespeople", "S02")]})
    return replace(people, objections=objections)


def found(*objections: ObjectionRow, policies: Policies = NONE) -> list[str]:
    return [
        f"{one.severity} {one.table} {one.row} {one.column} {one.value}: {one.sentence} {one.advice}"
        + "".join(f" [{table}]" for table in one.rests_on)
        for one in check_objections(workbook(*objections), LEDGER, policies)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            objection(9),
            (
                "error Objections 2 Entry 9: There is no ledger entry 9. Enter the number that stands behind "
                "# on the statement: the first column of the ledger. [Ledger]"
            ),
        ),
        (
            objection(3),
            (
                "error Objections 2 Entry 3: Ledger entry 3 is that of S02, not of S01. "
                "Correct the entry's number or the Salesperson ID."
            ),
        ),
        (
            objection(1, "S99"),
            (
                "error Objections 2 Salesperson ID S99: Salesperson S99 is not on sheet Salespeople. "
                "Correct the ID, or add the salesperson; several IDs are separated by a semicolon. "
                "[Salespeople]"
            ),
        ),
        (
            objection(1, answer="No."),
            (
                "warning Objections 2 Answered By : The objection to entry 1 has an answer, but Answered By "
                "is blank. Enter who answered."
            ),
        ),
        (
            objection(1),
            (
                "warning Objections 2 Answer : The objection of S01 to entry 1, raised on 2026-04-10, is not "
                "answered. Enter Answer and Answered By. Where data is wrong, correct it: the next run books "
                "the difference."
            ),
        ),
        (
            objection(1, raised=date(2026, 4, 21)),
            (
                "warning Objections 2 Raised 2026-04-21: The objection of S01 to entry 1 was raised on "
                "2026-04-21, after the time for it ended on 2026-04-20; it is not answered. "
                "Answer it all the same: enter Answer and Answered By."
            ),
        ),
    ],
)
def test_what_is_wrong_or_waits_is_said_with_its_cell(given: ObjectionRow, expected: str) -> None:
    assert found(given) == [expected]


def test_an_answered_objection_and_one_on_the_last_day_are_no_more_than_that() -> None:
    assert found(objection(1, answer="It was booked in April.", answered_by="Finance")) == []
    (last_day,) = found(objection(1, raised=date(2026, 4, 20)))
    assert "after the time" not in last_day


def test_one_unknown_person_does_not_hide_the_next_row() -> None:
    assert len(found(objection(1, "S99"), objection(9, row=3), objection(3, row=4))) == 3


def test_the_time_to_object_counts_from_the_booking_or_the_issue() -> None:
    booked = LEDGER[0]
    assert object_until(booked, NONE) == date(2026, 4, 20)
    assert object_until(booked, NONE, date(2026, 5, 1)) == date(2026, 5, 16)
    three_days = Policies((PolicyRow(2, "objection_days", "3"),))
    assert object_until(booked, three_days) == date(2026, 4, 8)


def test_an_entry_booked_without_a_clock_counts_from_its_issue_or_has_no_end() -> None:
    undated = replace(LEDGER[0], booked_at="")
    assert object_until(undated, NONE) is None
    assert object_until(undated, NONE, date(2026, 5, 1)) == date(2026, 5, 16)


CORRECTIONS = [
    entry(4, "correction", "2026-04", "2026-01"),
    entry(5, "correction", "2026-04", "2026-02"),
    entry(6, "prior_year", "2026-04", "2026-03"),
    entry(7, "correction", "2026-04", "2026-04"),
    entry(8, "correction", "2026-04", "2025-12"),
    entry(9, "correction", "2026-04", "2026-01", account_id="A2"),
    entry(10, "correction", "2026-04", "2026-01", origin_month="2025-12"),
    entry(11, "correction", "2026-04", "2026-01", salesperson_id="S02"),
    entry(12, "commission", "2026Q2", "2026-01"),
    entry(13, "advance", "2026-04", "2026-01"),
]


def corrected(number: int) -> list[int]:
    return [one.entry for one in corrected_by(objection(number), [*LEDGER, *CORRECTIONS])]


def test_a_commission_is_answered_by_the_corrections_of_its_cell() -> None:
    assert corrected(1) == [4]


def test_a_payment_is_answered_by_the_corrections_of_its_period() -> None:
    assert corrected(2) == [4, 5, 6, 9, 10]


def test_only_what_was_booked_after_the_entry_answers_it() -> None:
    assert corrected(4) == []
    assert corrected(99) == []
