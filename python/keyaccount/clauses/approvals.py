"""§Controls, approval: who approved a period, bound to the ledger digest of its latest booking run.

An approval counts when it names three different persons, none of whom the run pays, and the digest that
the ledger had after that run. A later booking for the period voids it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from keyaccount.ledger import PAYMENTS, Entry
from keyaccount.problems import N_, HeaderName, Problem, Refused, warning
from keyaccount.tables import ApprovalRow, Inputs

LEAST_DIGITS = 12
"""How many digits of the digest an approval must name at least: as many as the documents' foot shows."""
Why = Literal["none", "not run", "digest", "blank", "same person", "paid"]


@dataclass(frozen=True, slots=True)
class Approval:
    """Whether a period is approved: the row that counts, else why the best of its rows does not."""

    period: str
    row: ApprovalRow | None = None
    why: Why = "none"
    person: str = ""

    @property
    def given(self) -> bool:
        """Whether an approval counts."""
        return self.row is not None

    @property
    def by(self) -> str:
        """Who approved; blank where nothing counts."""
        return self.row.approved_by if self.row else ""

    @property
    def on(self) -> date | None:
        """When; blank where nothing counts."""
        return self.row.approved_on if self.row else None

    @property
    def document_no(self) -> str:
        """The paper's number."""
        return self.row.document_no if self.row else ""


def approval_of(inputs: Inputs, ledger: Sequence[Entry], period: str) -> Approval:
    """Give a period's approval (§Controls); of several rows the latest that counts."""
    rows = [row for row in inputs.approvals if row.period == period]
    judged = [Approval(period, row, *_judged(row, inputs, ledger)) for row in rows]
    counting = [each for each in judged if each.why == "none"]
    if counting:
        return counting[-1]
    last = judged[-1] if judged else Approval(period)
    return Approval(period, None, last.why, last.person)


def new_approval(inputs: Inputs, ledger: Sequence[Entry], asked: ApprovalRow) -> ApprovalRow | None:
    """Give the row that approves a period as its latest run left the ledger (§Controls); None: it is there.

    ``asked``: period, names, day and paper of the row; the digest is put in. The row is there already where
    the same three approved it, with the same paper's number if one is given. Raises ``Refused`` for what
    would not count: a period that was not run, a blank name, a person twice, a person whom the run pays.
    """
    run = _latest_run(ledger, asked.period)
    row = replace(asked, ledger_digest=run[-1].digest if run else "")
    why, person = _judged(row, inputs, ledger)
    if why != "none":
        found = _problem(row, why, person)
        raise Refused(found.problem, found.remedy, **found.details)
    given = approval_of(inputs, ledger, asked.period).row
    return None if given is not None and _says_the_same(given, row) else row


def _says_the_same(given: ApprovalRow, row: ApprovalRow) -> bool:
    names = [
        [name.casefold() for name in (each.prepared_by, each.reviewed_by, each.approved_by)]
        for each in (given, row)
    ]
    return names[0] == names[1] and row.document_no in ("", given.document_no)


def next_to_approve(inputs: Inputs, ledger: Sequence[Entry]) -> str:
    """Give the period of the latest run that is not approved; blank where every run is."""
    periods = dict.fromkeys(entry.period for entry in reversed(ledger) if entry.marks_run)
    return next((each for each in periods if not approval_of(inputs, ledger, each).given), "")


def _latest_run(ledger: Sequence[Entry], period: str) -> list[Entry]:
    """Give the entries of a period's latest booking run."""
    last = next((each for each in reversed(ledger) if each.period == period and each.marks_run), None)
    return [] if last is None else [entry for entry in ledger if entry.run == last.run]


def _judged(row: ApprovalRow, inputs: Inputs, ledger: Sequence[Entry]) -> tuple[Why, str]:
    """Say why a row does not count; ``none``: it does."""
    run = _latest_run(ledger, row.period)
    if not run:
        return "not run", ""
    named = [row.prepared_by, row.reviewed_by, row.approved_by]
    if not all(named) or row.approved_on is None:
        return "blank", ""
    wanted = row.ledger_digest.lower()
    if len(wanted) < LEAST_DIGITS or not run[-1].digest.startswith(wanted):
        return "digest", ""
    who = [_person(name, inputs) for name in named]
    twice = next((name for name, each in zip(named, who, strict=True) if who.count(each) > 1), "")
    if twice:
        return "same person", twice
    paid = {entry.salesperson_id for entry in run if entry.kind in PAYMENTS and entry.amount}
    payees = {
        each.casefold()
        for person in inputs.salespeople
        if person.salesperson_id in paid
        for each in (person.salesperson_id, person.name)
    }
    payee = next((name for name in named if name.casefold() in payees), "")
    return ("paid", payee) if payee else ("none", "")


def _person(name: str, inputs: Inputs) -> str:
    """Give who a name stands for: a salesperson's ID and name, if nobody else has it, are the same person."""
    name = name.casefold()
    ids = [each.salesperson_id.casefold() for each in inputs.salespeople if each.name.casefold() == name]
    return ids[0] if len(ids) == 1 else name


_SAID: dict[Why, tuple[str, str]] = {
    "not run": (
        N_("{period} has not been run: there is nothing to approve yet."),
        N_("Run it, then approve the ledger digest of that run."),
    ),
    "digest": (
        N_("This approval of {period} does not count: the ledger's digest is another now."),
        N_("Approve the Ledger Digest of that period's latest run (sheet Run Log), at least 12 digits."),
    ),
    "blank": (
        N_("This approval of {period} does not count: {header} is blank."),
        N_("Enter who prepared, reviewed and approved it, and when."),
    ),
    "same person": (
        N_("This approval of {period} does not count: {person} stands in it twice."),
        N_("Three different persons prepare, review and approve."),
    ),
    "paid": (
        N_("This approval of {period} does not count: that run pays {person}."),
        N_("Have it approved by three persons whom the run does not pay."),
    ),
}
"""Why a row does not count, and the remedy."""


def check_approvals(inputs: Inputs, ledger: Sequence[Entry]) -> Iterator[Problem]:
    """Warn of each row that does not count, unless another row of its period does."""
    judged = [(row, *_judged(row, inputs, ledger)) for row in inputs.approvals]
    settled = {row.period for row, why, _ in judged if why == "none"}
    for row, why, person in judged:
        if row.period not in settled:
            yield _problem(row, why, person)


def _problem(row: ApprovalRow, why: Why, person: str) -> Problem:
    header, value = _place(row, why, person)
    problem, remedy = _SAID[why]
    details = {"period": row.period, "header": HeaderName(header), "person": person}
    return warning("Approvals", row.row, header, value, problem, remedy, **details)


def _place(row: ApprovalRow, why: Why, person: str) -> tuple[str, str]:
    """Give the column that is to blame, and what stands there."""
    match why:
        case "not run":
            return "Period", row.period
        case "digest":
            return "Ledger Digest", row.ledger_digest
        case "blank":
            filled = {
                "Prepared By": row.prepared_by,
                "Reviewed By": row.reviewed_by,
                "Approved By": row.approved_by,
                "Approved On": row.approved_on,
            }
            return next(header for header, value in filled.items() if not value), ""
        case _:
            return "Approved By", person
