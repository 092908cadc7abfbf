"""The story on one page: check the inputs, work out the cells, see what is due, book it.

Tables and ledger in, new entries and figures out; no file, no clock, no spreadsheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from keyaccount.booking import Booking
from keyaccount.clauses.checks import check_people, check_run
from keyaccount.clauses.mid_life import check_against_runs, check_first_run
from keyaccount.clauses.objections import check_objections
from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.leaving import Leaving, month_of_leaving
from keyaccount.ledger import Balances, Entry, append, changes_reference
from keyaccount.periods import Period
from keyaccount.problems import N_, Problem, UsageError
from keyaccount.tables import Inputs

Command = Literal["advance", "settle", "year-end", "settle-leaver"]
KIND_OF_PERIOD: dict[str, str] = {"advance": "month", "settle": "quarter", "year-end": "year"}
_TAKES: dict[str, str] = {
    "month": N_("{command} takes a month such as 2026-01 ≠ found {period}."),
    "quarter": N_("{command} takes a quarter such as 2026Q1 ≠ found {period}."),
    "year": N_("{command} takes a year such as 2026 ≠ found {period}."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to: its period, the entries it books, each salesperson's figures, the problems."""

    period: str

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
    inputs: Inputs,
    ledger: Sequence[Entry],
    command: Command,
    what: Period | str,
    booked_at: str = "",
    changed: Sequence[int] = (),
) -> Outcome:
    """Run a month, quarter or year end, or a salesperson's exit: what it books, and the figures.

    ``what`` is the period; for ``settle-leaver`` the salesperson's ID (§Controls). ``changed``: the runs
    before which inputs changed, as the sheet Changes has them, this one's number included. With errors among
    the problems nothing is calculated. Raises ``Refused`` for a run against the plan's order (§3.3, "Runs and
    their order") or a leaver without a day in Left, ``UsageError`` for a period of the wrong kind or
    somebody unknown.
    """
    balances = Balances(ledger)
    if not isinstance(what, Period):
        period = month_of_leaving(inputs, what)
        company = Company(inputs, period.last_day)
        return _book(Leaving(company, balances, what, period), ledger, booked_at, changed)
    check_kind(command, what)
    return _book(Booking(Company(inputs, what.last_day), balances, what), ledger, booked_at, changed)


def _book(booking: Booking, ledger: Sequence[Entry], booked_at: str, changed: Sequence[int]) -> Outcome:
    company = booking.company
    _check(company, ledger, ledger, booking)
    if company.failed:
        return Outcome(str(booking.period), (), (), tuple(company.problems), company)
    drafts, figures = booking.run()
    reference = _named(changed, ledger, booking.period.year)
    named = [replace(draft, reference=reference) if draft.kind == "correction" else draft for draft in drafts]
    entries = append(ledger, named, booked_at)
    return Outcome(str(booking.period), entries, figures, tuple(company.problems), company)


def _named(changed: Sequence[int], ledger: Sequence[Entry], year: int) -> str:
    """Name the changes that a correction may come from: those since the last run of its year (§Controls)."""
    last = max((entry.run for entry in ledger if entry.year == year), default=0)
    return changes_reference([run for run in changed if run > last])


def _check(
    company: Company, ledger: Sequence[Entry], before: Sequence[Entry], booking: Booking | None
) -> None:
    """Add what a run has to say; ``before``: the ledger as the run found it."""
    inputs = company.inputs
    company.problems += check_people(inputs, ledger)
    company.problems += check_objections(inputs, ledger, company.policies)
    if inputs.payments_made:
        company.problems += check_against_runs(inputs.payments_made, Balances(before))
    if booking is not None and not before:
        company.problems += check_first_run(inputs, company.lines, company.credits, booking.period)
    if booking is not None and not company.failed:
        company.problems += check_run(
            inputs, company.policies, booking.period, booking.cells, booking.rule, company.scores
        )


def look_again(inputs: Inputs, ledger: Sequence[Entry], period: Period | None) -> Company:
    """Check a workbook as the run of a period that is booked would, or without a period (``None``).

    Books nothing; what was found is in the company's ``problems``.
    """
    balances = Balances(ledger)
    before = ledger
    company = Company(inputs, period.last_day if period else None)
    booking: Booking | None = None
    if period is not None:
        before = [entry for entry in ledger if entry.run < ledger[-1].run]  # as the latest run found it
        if ledger and ledger[-1].kind == "exit_payment":
            booking = Leaving(company, balances, ledger[-1].salesperson_id, period)
        else:
            booking = Booking(company, balances, period)
    _check(company, ledger, before, booking)
    return company
