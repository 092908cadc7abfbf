"""What every output does first: look at the workbook, and refuse what was not run or must be approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from keyaccount.book import Book
from keyaccount.booking import PAYMENT_KIND
from keyaccount.clauses.approvals import Approval, approval_of
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import KIND_OF_PERIOD
from keyaccount.translation import Language, localised
from keyaccount.work import look_at_latest

_RUNS = {kind: command for command, kind in KIND_OF_PERIOD.items()}
"""The command that runs each kind of period."""


def looked_at(book: Book) -> tuple[Company, list[Problem]]:
    """Check a workbook as its latest run did: the company, and everything that is wrong."""
    company = look_at_latest(book)
    return company, [*book.problems, *book.without_followers(company.problems)]


def refuse_not_run(ledger: Sequence[Entry], period: Period) -> None:
    """Refuse a period that no run has booked; raises ``Refused`` (exit 3)."""
    kinds = {PAYMENT_KIND[period.kind], "exit_payment"}  # a leaver's Period is the month of Left
    if any(entry.kind in kinds and entry.period == str(period) for entry in ledger if entry.marks_run):
        return
    raise Refused(
        "{period} was not run yet.",
        "Run {command} first.",
        period=period,
        command=f"keyaccount {_RUNS[period.kind]} … {period}",
    )


def approval_or_refused(company: Company, ledger: Sequence[Entry], period: Period) -> Approval:
    """Give a period's approval (§Controls); raises ``Refused`` without one where approval is required."""
    approval = approval_of(company.inputs, ledger, str(period))
    if not approval.given and company.policies.word("approval_required", date.max) == "yes":
        raise Refused(
            "{period} is not approved (policy approval_required).",
            "Approve it: Approve… in the ribbon, or `keyaccount approve`, writes the row on sheet Approvals.",
            period=period,
        )
    return approval


def approval_said(approval: Approval, language: Language) -> str:
    """Say who approved a period and when, or that nobody has."""
    if approval.row is None:
        return localised("{period} is not approved", language, period=approval.period)
    number = (
        localised(", No. {number}", language, number=approval.document_no) if approval.document_no else ""
    )
    said = localised(
        "{period} approved by {person} on {day}",
        language,
        period=approval.period,
        person=approval.by,
        day=approval.on,
    )
    return said + number
