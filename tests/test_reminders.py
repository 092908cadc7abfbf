"""Reminders as of a day (§4, §5): each kind and each boundary, for a finance person to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from keyaccount.clauses.reminders import Reminder, Reminders
from keyaccount.company import Company
from keyaccount.tables import (
    AccountRow,
    AccountTierRow,
    AssignmentRow,
    ObjectionRow,
    SalespersonRow,
    ScorecardRow,
    TierRow,
)
from tests.company import Act, inputs

DAY = date(2026, 5, 10)
FILE = AccountRow(
    0,
    "A1",
    "Sample Account A1",
    industry="Machinery",
    contact="sample contact",
    phone="sample phone",
    preferences="x",
    special_needs="x",
    business_needs="x",
    support_contact="x",
    last_updated=date(2026, 5, 1),
)
REVIEWED = Act(date(2026, 5, 4), "A1", "S1", "review")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def reminders(  # noqa: PLR0913 a case says only what matters in it
    acts: Sequence[Act],
    *,
    on: date = DAY,
    file: AccountRow = FILE,
    assignments: Sequence[AssignmentRow] = (AssignmentRow(0, "A1", "S1", Decimal(1), date(2025, 1, 1)),),
    tier_from: date = date(2025, 1, 1),
    scorecard: Sequence[ScorecardRow] = (),
    objections: Sequence[ObjectionRow] = (),
) -> tuple[Reminder, ...]:
    company = Company(
        inputs(
            tiers=[TierRow(0, "core", Decimal("0.015"))],
            accounts=[file],
            account_tiers=[AccountTierRow(0, "A1", "core", tier_from, "initial")],
            salespeople=[SalespersonRow(0, "S1"), SalespersonRow(0, "S2")],
            assignments=assignments,
            maintenance=acts,
            scorecard=scorecard,
            objections=objections,
        )
    )
    return Reminders(company.inputs, company.credits, company.policies, on).all()


def told(*acts: Act, on: date = DAY) -> list[str]:
    return [f"{r.kind} until {r.due:%m-%d %H:%M}{' late' * r.overdue}" for r in reminders(acts, on=on)]


def test_an_account_that_was_reviewed_and_whose_file_is_new_needs_nothing() -> None:
    assert told(REVIEWED) == []


def test_a_month_without_a_review_is_due_until_its_last_day() -> None:
    assert told() == ["review until 05-31 23:59"]
    (review,) = reminders([])
    assert (review.row, review.entry, review.since) == (0, 0, moment("2026-05-01 00:00"))


def test_last_months_review_does_not_count_for_this_month() -> None:
    assert told(replace(REVIEWED, day=date(2026, 4, 30))) == ["review until 05-31 23:59"]


def test_a_review_that_is_dated_after_the_day_has_not_happened_yet() -> None:
    assert told(replace(REVIEWED, day=date(2026, 5, 11))) == ["review until 05-31 23:59"]
    assert told(replace(REVIEWED, day=DAY)) == []


def test_a_colleagues_review_counts_as_well() -> None:
    assert told(replace(REVIEWED, salesperson_id="S2")) == []


def test_an_account_without_a_tier_needs_no_review() -> None:
    assert reminders([], tier_from=date(2026, 5, 11)) == ()
    assert [r.kind for r in reminders([], tier_from=DAY)] == ["review"]


def test_after_a_hand_over_the_new_keeper_is_reminded() -> None:
    handed_over = [
        AssignmentRow(0, "A1", "S1", Decimal(1), date(2025, 1, 1), date(2026, 5, 9)),
        AssignmentRow(0, "A1", "S2", Decimal(1), date(2026, 5, 10)),
    ]
    assert [r.salesperson_id for r in reminders([], assignments=handed_over)] == ["S2"]
    before = reminders([], on=date(2026, 5, 9), assignments=handed_over)
    assert [r.salesperson_id for r in before] == ["S1"]


def test_both_who_share_an_account_are_reminded() -> None:
    shared = [AssignmentRow(0, "A1", each, Decimal("0.5"), date(2025, 1, 1)) for each in ("S1", "S2")]
    assert [r.salesperson_id for r in reminders([], assignments=shared)] == ["S1", "S2"]


@pytest.mark.parametrize(
    ("updated", "listed"),
    [
        (date(2025, 11, 11), []),  # exactly 180 days before
        (date(2025, 11, 10), ["profile"]),
        (None, ["profile"]),
    ],
)
def test_a_file_is_out_of_date_after_180_days(updated: date | None, listed: list[str]) -> None:
    found = reminders([REVIEWED], file=replace(FILE, last_updated=updated))
    assert [r.kind for r in found] == listed


def test_the_files_age_is_the_scorecards_threshold() -> None:
    thirty = [ScorecardRow(0, "profile", Decimal(15), Decimal(30))]
    old = replace(FILE, last_updated=date(2026, 4, 9))
    found = reminders([REVIEWED], file=old, scorecard=thirty)
    assert [(r.kind, r.due.date(), r.overdue) for r in found] == [("profile", date(2026, 5, 9), True)]


def test_of_a_threshold_in_days_and_a_half_the_whole_days_count() -> None:
    half = [
        ScorecardRow(0, "profile", Decimal(15), Decimal("30.5")),
        ScorecardRow(0, "resolution", Decimal(10), Decimal("6.5")),
    ]
    old = replace(FILE, last_updated=date(2026, 4, 9))
    found = reminders([REVIEWED, FEEDBACK], file=old, scorecard=half)
    assert [(r.kind, r.due.date()) for r in found] == [
        ("feedback", date(2026, 5, 8)),
        ("profile", date(2026, 5, 9)),
    ]


def test_blank_fields_of_the_file_are_named() -> None:
    found = reminders([REVIEWED], file=replace(FILE, phone="", industry=""))
    assert [(r.kind, r.missing, r.overdue) for r in found] == [("profile", ("Industry", "Phone"), False)]


def test_an_account_without_a_file_lacks_all_of_it() -> None:
    (found,) = reminders([REVIEWED], file=replace(FILE, account_id="A2"))
    assert (found.kind, found.account_id, found.due) == ("profile", "A1", moment("2026-05-31 23:59"))
    assert (found.row, found.since, len(found.missing)) == (0, None, 7)


ISSUE = Act(date(2026, 5, 9), "A1", "S1", "issue", opened=moment("2026-05-09 10:00"))


def test_an_issue_without_an_answer_is_listed_until_24_hours_after_it_came_up() -> None:
    assert told(REVIEWED, ISSUE) == ["response until 05-10 10:00"]
    (waiting,) = reminders([REVIEWED, ISSUE])
    assert (waiting.row, waiting.since, waiting.due) == (
        3,
        moment("2026-05-09 10:00"),
        moment("2026-05-10 10:00"),
    )


def test_an_unanswered_issue_is_late_from_the_day_after_its_deadline() -> None:
    assert told(REVIEWED, ISSUE, on=date(2026, 5, 11)) == ["response until 05-10 10:00 late"]


def test_an_answer_that_came_after_the_day_does_not_count_yet() -> None:
    answered = replace(ISSUE, first_response=moment("2026-05-11 08:00"))
    assert told(REVIEWED, answered) == ["response until 05-10 10:00"]
    assert told(REVIEWED, replace(ISSUE, first_response=moment("2026-05-10 23:59"))) == []


def test_an_open_issue_is_listed_from_three_days_before_its_week_is_over() -> None:
    answered = replace(ISSUE, first_response=moment("2026-05-09 11:00"))
    assert told(REVIEWED, answered, on=date(2026, 5, 12)) == []
    assert told(REVIEWED, answered, on=date(2026, 5, 13)) == ["resolution until 05-16 10:00"]
    assert told(REVIEWED, answered, on=date(2026, 5, 16)) == ["resolution until 05-16 10:00"]
    assert told(REVIEWED, answered, on=date(2026, 5, 17)) == ["resolution until 05-16 10:00 late"]


def test_a_closed_issue_is_not_listed() -> None:
    closed = replace(ISSUE, closed=moment("2026-05-10 09:00"))
    assert told(REVIEWED, closed, on=date(2026, 5, 20)) == []


def test_an_issue_without_an_hour_counts_from_the_start_of_its_day() -> None:
    assert told(REVIEWED, replace(ISSUE, opened=None)) == ["response until 05-10 00:00"]


def test_an_issue_of_tomorrow_is_not_known_yet() -> None:
    tomorrow = replace(ISSUE, day=date(2026, 5, 11), opened=moment("2026-05-11 09:00"))
    assert told(REVIEWED, tomorrow) == []


FEEDBACK = Act(date(2026, 5, 2), "A1", "S1", "feedback", satisfaction=2)


def test_feedback_without_follow_up_is_due_a_week_later() -> None:
    assert told(REVIEWED, FEEDBACK, on=date(2026, 5, 9)) == ["feedback until 05-09 23:59"]
    assert told(REVIEWED, FEEDBACK) == ["feedback until 05-09 23:59 late"]


def test_an_outcome_an_answer_or_a_closing_is_a_follow_up() -> None:
    for followed in (
        replace(FEEDBACK, outcome="sample outcome"),
        replace(FEEDBACK, first_response=moment("2026-05-03 09:00")),
        replace(FEEDBACK, closed=moment("2026-05-04 09:00")),
    ):
        assert told(REVIEWED, followed) == []


def test_feedback_is_listed_for_ninety_days() -> None:
    last = [r.kind for r in reminders([FEEDBACK], on=date(2026, 7, 30))]
    over = [r.kind for r in reminders([FEEDBACK], on=date(2026, 7, 31))]
    assert (last, over) == (["feedback", "review"], ["review"])


def test_what_is_late_comes_first() -> None:
    late = replace(ISSUE, day=date(2026, 5, 1), opened=moment("2026-05-01 09:00"))
    found = reminders([late, FEEDBACK])
    assert [(r.kind, r.overdue) for r in found] == [
        ("response", True),
        ("resolution", True),
        ("feedback", True),
        ("review", False),
    ]


OBJECTION = ObjectionRow(0, 17, "S1", date(2026, 4, 25), "sample text")


def test_an_objection_waits_for_its_answer_for_fifteen_days() -> None:
    found = reminders([REVIEWED], objections=[OBJECTION])
    assert [(r.kind, r.salesperson_id, r.entry, r.due.date(), r.overdue) for r in found] == [
        ("objection", "S1", 17, DAY, False)
    ]
    assert reminders([REVIEWED], objections=[OBJECTION], on=date(2026, 5, 11))[0].overdue


def test_an_answered_objection_and_one_of_tomorrow_are_not_listed() -> None:
    answered = replace(OBJECTION, answer="sample answer", answered_by="sample person")
    tomorrow = replace(OBJECTION, raised=date(2026, 5, 11))
    assert reminders([REVIEWED], objections=[answered, tomorrow]) == ()
    assert len(reminders([REVIEWED], objections=[replace(OBJECTION, raised=DAY)])) == 1


def test_an_answer_and_a_closing_are_due_to_the_hour_a_review_to_the_day() -> None:
    open_issue = replace(ISSUE, opened=moment("2026-05-04 10:00"))
    hours = {r.kind: r.to_the_hour for r in reminders([open_issue])}
    assert hours == {"response": True, "resolution": True, "review": False}


def test_a_file_that_is_out_of_date_says_since_when() -> None:
    old = replace(FILE, last_updated=date(2025, 9, 1))
    (found,) = reminders([REVIEWED], file=old)
    assert (found.kind, found.since) == ("profile", moment("2025-09-01 00:00"))
    (unknown,) = reminders([REVIEWED], file=replace(FILE, last_updated=None))
    assert (unknown.kind, unknown.since) == ("profile", None)
