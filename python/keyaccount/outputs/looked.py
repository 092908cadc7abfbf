"""What every output does first: look at the workbook as its latest run did, and refuse what was not run."""

from __future__ import annotations

from collections.abc import Sequence

from keyaccount.book import Book
from keyaccount.booking import PAYMENT_KIND
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import KIND_OF_PERIOD
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
