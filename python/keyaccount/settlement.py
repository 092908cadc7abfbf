"""The story on one page: check the inputs, work out the cells, see what is due, book it.

Tables and ledger in, new entries and figures out; no file, no clock, no spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from keyaccount.booking import Booking
from keyaccount.clauses.checks import check_people, check_run
from keyaccount.clauses.objections import check_objections
from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.ledger import Balances, Entry, append
from keyaccount.periods import Period
from keyaccount.problems import N_, Problem, UsageError
from keyaccount.tables import Inputs

Command = Literal["advance", "settle", "year-end"]
KIND_OF_PERIOD: dict[str, str] = {"advance": "month", "settle": "quarter", "year-end": "year"}
_TAKES: dict[str, str] = {
    "month": N_("{command} takes a month such as 2026-01 ≠ found {period}."),
    "quarter": N_("{command} takes a quarter such as 2026Q1 ≠ found {period}."),
    "year": N_("{command} takes a year such as 2026 ≠ found {period}."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: the entries it books, each salesperson's figures, the problems, the company."""

    entries: tuple[Entry, ...]
    figures: tuple[Figures, ...]
    problems: tuple[Problem, ...]
    company: Company

    @property
    def failed(self) -> bool:
        """Whether an error stopped the run."""
        return any(problem.severity == "error" for problem in self.problems)


def check_kind(command: Command, period: Period) -> None:
    """Raise ``UsageError`` for a period of the wrong kind."""
    kind = KIND_OF_PERIOD[command]
    if period.kind != kind:
        raise UsageError(_TAKES[kind], command=command, period=period)


def run(
    inputs: Inputs, ledger: Sequence[Entry], command: Command, period: Period, booked_at: str = ""
) -> Outcome:
    """Run a month, quarter or year end: what it books, and each salesperson's figures.

    With errors among the problems nothing is calculated. Raises ``Refused`` for a run against the
    plan's order (§3.3, "Runs and their order") and ``UsageError`` for a period of the wrong kind.
    """
    check_kind(command, period)
    balances = Balances(ledger)
    company = Company(inputs, period.last_day)
    company.problems += check_people(inputs, balances)
    company.problems += check_objections(inputs, ledger, company.policies)
    booking = Booking(company, balances, period)
    if not company.failed:
        company.problems += check_run(inputs, company.policies, period, booking.cells, booking.rule)
    if company.failed:
        return Outcome((), (), tuple(company.problems), company)
    drafts, figures = booking.run()
    return Outcome(append(ledger, drafts, booked_at), figures, tuple(company.problems), company)


def look_again(inputs: Inputs, ledger: Sequence[Entry], period: Period | None) -> Company:
    """Check a workbook as the run of a period that is booked would, or without a period (``None``).

    Books nothing; what was found is in the company's ``problems``.
    """
    balances = Balances(ledger)
    company = Company(inputs, period.last_day if period else None)
    company.problems += check_people(inputs, balances)
    company.problems += check_objections(inputs, ledger, company.policies)
    if period is not None and not company.failed:
        booking = Booking(company, balances, period)
        company.problems += check_run(inputs, company.policies, period, booking.cells, booking.rule)
    return company
