"""Approval (plan, Controls): three persons whom the run does not pay, bound to the ledger digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from keyaccount import tables
from keyaccount.clauses.approvals import approval_of, check_approvals, new_approval, next_to_approve
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import run
from keyaccount.tables import ApprovalRow, Inputs
from tests.company import Company, Sale

if TYPE_CHECKING:
    from keyaccount.ledger import Entry

DAY = date(2020, 1, 1)
COMPANY = Company(
    2026,
    1,
    sales=[Sale("N1", date(2026, 1, 10), "A1", 10_000_000)],
    tiers=[tables.TierRow(0, "strategic", Decimal("0.02"))],
    accounts=[tables.AccountRow(0, "A1", "Sample Account A1")],
    account_tiers=[tables.AccountTierRow(0, "A1", "strategic", DAY)],
    salespeople=[
        tables.SalespersonRow(0, "S01", "Salesperson S01"),
        tables.SalespersonRow(0, "S02", "Salesperson S02"),
    ],
    assignments=[tables.AssignmentRow(0, "A1", "S01", Decimal(1), DAY)],
)


def settled() -> list[Entry]:
    return list(run(COMPANY.inputs(), [], "settle", Period.parse("2026Q1")).entries)


def with_approvals(*rows: ApprovalRow) -> Inputs:
    return replace(COMPANY.inputs(), approvals=rows)


def approval(digest: str, **changed: object) -> ApprovalRow:
    row = ApprovalRow(2, "2026Q1", digest, "P01", "P02", "P03", date(2026, 4, 10), "D-7")
    return replace(row, **changed)  # type: ignore[arg-type]


def warnings(ledger: list[Entry], *rows: ApprovalRow) -> list[Problem]:
    return list(check_approvals(with_approvals(*rows), ledger))


def test_an_approval_of_the_ledger_as_the_run_left_it_counts() -> None:
    ledger = settled()
    given = approval_of(with_approvals(approval(ledger[-1].digest)), ledger, "2026Q1")
    assert (given.why, given.person) == ("none", "")
    assert (given.given, given.by, given.on, given.document_no) == (True, "P03", date(2026, 4, 10), "D-7")
    assert warnings(ledger, approval(ledger[-1].digest)) == []


def test_the_twelve_digits_of_the_documents_foot_are_enough_eleven_are_not() -> None:
    ledger = settled()
    digest = ledger[-1].digest
    assert approval_of(with_approvals(approval(digest[:12].upper())), ledger, "2026Q1").given
    assert not approval_of(with_approvals(approval(digest[:11])), ledger, "2026Q1").given


def test_a_later_booking_for_the_period_voids_the_approval_and_says_so() -> None:
    inputs = COMPANY.inputs()
    ledger = list(run(inputs, [], "advance", Period.parse("2026-01")).entries)
    row = approval(ledger[-1].digest, period="2026-01")
    assert approval_of(with_approvals(row), ledger, "2026-01").given
    more = replace(COMPANY, sales=[*COMPANY.sales, Sale("N2", date(2026, 1, 20), "A1", 100_000)]).inputs()
    ledger += run(more, ledger, "advance", Period.parse("2026-01")).entries
    assert not approval_of(with_approvals(row), ledger, "2026-01").given
    (warning,) = warnings(ledger, row)
    assert (warning.table, warning.row, warning.column) == ("Approvals", 2, "Ledger Digest")
    again = replace(row, row=3, ledger_digest=ledger[-1].digest)
    assert warnings(ledger, row, again) == []


def test_a_run_of_another_period_leaves_the_approval_alone() -> None:
    ledger = settled()
    row = approval(ledger[-1].digest)
    ledger += run(COMPANY.inputs(), ledger, "advance", Period.parse("2026-04")).entries
    assert approval_of(with_approvals(row), ledger, "2026Q1").given


@pytest.mark.parametrize(
    ("changed", "column", "words"),
    [
        ({"approved_by": "S01"}, "Approved By", "pays S01"),
        ({"prepared_by": "salesperson s01"}, "Approved By", "pays salesperson s01"),
        ({"reviewed_by": "p01"}, "Approved By", "stands in it twice"),
        ({"prepared_by": "S02", "reviewed_by": "salesperson s02"}, "Approved By", "S02 stands in it twice"),
        ({"approved_by": ""}, "Approved By", "Approved By is blank"),
        ({"approved_on": None}, "Approved On", "Approved On is blank"),
        ({"ledger_digest": "0" * 64}, "Ledger Digest", "digest is another"),
        ({"period": "2026Q2"}, "Period", "has not been run"),
    ],
)
def test_what_does_not_count_is_a_warning_with_its_cell(
    changed: dict[str, object], column: str, words: str
) -> None:
    ledger = settled()
    row = approval(ledger[-1].digest, **changed)
    judged = approval_of(with_approvals(row), ledger, row.period)
    assert not judged.given
    assert bool(judged.person) == (judged.why in {"paid", "same person"})
    (warning,) = warnings(ledger, row)
    assert (warning.severity, warning.column) == ("warning", column)
    assert words in warning.problem.format(**warning.details)


def test_a_salesperson_whom_the_run_pays_nothing_may_approve() -> None:
    ledger = settled()
    assert approval_of(with_approvals(approval(ledger[-1].digest, approved_by="S02")), ledger, "2026Q1").given


def test_of_several_rows_that_count_the_last_one_is_shown() -> None:
    ledger = settled()
    first, second = approval(ledger[-1].digest), approval(ledger[-1].digest, row=3, approved_by="P09")
    other = approval("0" * 64, row=4, period="2026-01")
    assert approval_of(with_approvals(first, second, other), ledger, "2026Q1").by == "P09"


def test_where_nothing_counts_everything_is_blank_and_the_last_rows_reason_is_kept() -> None:
    ledger = settled()
    none = approval_of(with_approvals(), ledger, "2026Q1")
    assert (none.given, none.by, none.on, none.document_no) == (False, "", None, "")
    assert (none.why, none.person) == ("none", "")
    rows = approval("0" * 64), approval(ledger[-1].digest, row=3, approved_by="S01")
    given = approval_of(with_approvals(*rows), ledger, "2026Q1")
    assert (given.by, given.why, given.person) == ("", "paid", "S01")


def test_each_row_that_does_not_count_is_said_with_what_stands_there() -> None:
    ledger = settled()
    rows = [
        approval("abc"),
        approval(ledger[-1].digest, row=3, prepared_by=""),
        approval(ledger[-1].digest, row=4, reviewed_by=""),
        approval(ledger[-1].digest, row=5, approved_by="S01"),
        approval(ledger[-1].digest, row=6, period="2026Q2"),
    ]
    told = [(one.row, one.column, one.value, one.sentence, one.advice) for one in warnings(ledger, *rows)]
    approve = "Approve the Ledger Digest of that period's latest run (sheet Run Log), at least 12 digits."
    assert told == [
        (
            2,
            "Ledger Digest",
            "abc",
            "This approval of 2026Q1 does not count: the ledger's digest is another now.",
            approve,
        ),
        (
            3,
            "Prepared By",
            "",
            "This approval of 2026Q1 does not count: Prepared By is blank.",
            "Enter who prepared, reviewed and approved it, and when.",
        ),
        (
            4,
            "Reviewed By",
            "",
            "This approval of 2026Q1 does not count: Reviewed By is blank.",
            "Enter who prepared, reviewed and approved it, and when.",
        ),
        (
            5,
            "Approved By",
            "S01",
            "This approval of 2026Q1 does not count: that run pays S01.",
            "Have it approved by three persons whom the run does not pay.",
        ),
        (
            6,
            "Period",
            "2026Q2",
            "2026Q2 has not been run: there is nothing to approve yet.",
            "Run it, then approve the ledger digest of that run.",
        ),
    ]


def test_an_entry_that_is_no_payment_pays_nobody() -> None:
    """A commission of S02 in a run that pays S02 nothing leaves S02 free to approve."""
    ledger = settled()
    free = [replace(one, salesperson_id="S02") if one.kind == "commission" else one for one in ledger]
    given = approval_of(with_approvals(approval(ledger[-1].digest, approved_by="S02")), free, "2026Q1")
    assert given.given


def test_two_salespeople_of_one_name_are_two_persons() -> None:
    people = [tables.SalespersonRow(0, one, "Sample Name") for one in ("S03", "S04")]
    inputs = replace(COMPANY, salespeople=[*COMPANY.salespeople, *people]).inputs()
    ledger = list(run(inputs, [], "settle", Period.parse("2026Q1")).entries)
    row = approval(ledger[-1].digest, prepared_by="S03", reviewed_by="Sample Name")
    assert approval_of(replace(inputs, approvals=(row,)), ledger, "2026Q1").given


ASKED = ApprovalRow(0, "2026Q1", "", "P01", "P02", "P03", date(2026, 4, 10), "D-7")
"""What ``approve`` is asked to write."""


def test_a_new_approval_is_bound_to_the_digest_of_the_periods_latest_run() -> None:
    ledger = settled()
    digest = ledger[-1].digest
    ledger += run(COMPANY.inputs(), ledger, "advance", Period.parse("2026-04")).entries
    assert new_approval(with_approvals(), ledger, ASKED) == replace(ASKED, ledger_digest=digest)


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ({}, True),
        ({"document_no": ""}, True),
        ({"prepared_by": "p01", "approved_on": date(2026, 5, 1)}, True),
        ({"document_no": "D-8"}, False),
        ({"prepared_by": "P02", "reviewed_by": "P01"}, False),
        ({"approved_by": "P09"}, False),
    ],
)
def test_an_approval_by_the_same_three_on_the_same_paper_is_there_already(
    asked: dict[str, object],
    there: bool,  # noqa: FBT001 reads as a sentence
) -> None:
    ledger = settled()
    inputs = with_approvals(approval(ledger[-1].digest))
    made = new_approval(inputs, ledger, replace(ASKED, **asked))  # type: ignore[arg-type]
    assert (made is None) is there


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"period": "2026Q2"}, "2026Q2 has not been run: there is nothing to approve yet."),
        ({"approved_by": ""}, "This approval of 2026Q1 does not count: Approved By is blank."),
        ({"approved_by": "S01"}, "This approval of 2026Q1 does not count: that run pays S01."),
        ({"approved_by": "P01"}, "This approval of 2026Q1 does not count: P01 stands in it twice."),
    ],
)
def test_what_would_not_count_is_refused(asked: dict[str, object], message: str) -> None:
    with pytest.raises(Refused) as refused:
        new_approval(with_approvals(), settled(), replace(ASKED, **asked))  # type: ignore[arg-type]
    assert refused.value.message == message
    assert refused.value.remedy


def test_the_latest_run_that_is_not_approved_is_next() -> None:
    ledger = settled()
    quarter = approval(ledger[-1].digest)
    assert next_to_approve(with_approvals(), []) == ""
    assert next_to_approve(with_approvals(), ledger) == "2026Q1"
    assert next_to_approve(with_approvals(quarter), ledger) == ""
    ledger += run(COMPANY.inputs(), ledger, "advance", Period.parse("2026-04")).entries
    assert next_to_approve(with_approvals(quarter), ledger) == "2026-04"
    april = approval(ledger[-1].digest, period="2026-04", row=3)
    assert next_to_approve(with_approvals(april), ledger) == "2026Q1"
    outside = replace(ledger[-1], entry=99, period="2026-05", reference="V-1")
    assert next_to_approve(with_approvals(quarter, april), [*ledger, outside]) == ""
