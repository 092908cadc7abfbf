"""Objections of salespeople to ledger entries: what waits for an answer, what came late (plan, Controls)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from keyaccount.clauses.rows import unknown_salespeople
from keyaccount.ledger import CELL_KINDS, Entry
from keyaccount.periods import Period
from keyaccount.policies import Policies
from keyaccount.problems import HeaderName, Problem, error, warning
from keyaccount.tables import Inputs, ObjectionRow


def check_objections(inputs: Inputs, ledger: Sequence[Entry], policies: Policies) -> Iterator[Problem]:
    """List objections to an entry that is not there or is somebody else's, and those not answered yet.

    Whether one came late (policy ``objection_days``) counts from the day on which the entry was booked.
    """
    people = {row.salesperson_id for row in inputs.salespeople}
    named = ((row.row, row.salesperson_id) for row in inputs.objections)
    yield from unknown_salespeople("Objections", named, people)
    entries = {entry.entry: entry for entry in ledger}
    for row in inputs.objections:
        entry = entries.get(row.entry)
        if row.salesperson_id not in people:
            continue
        if entry is None or entry.salesperson_id != row.salesperson_id:
            yield _misplaced(row, entry)
        elif row.open:
            yield _waiting(row, entry, policies)
        elif not row.answered_by:
            yield warning(
                "Objections",
                row.row,
                "Answered By",
                "",
                "The objection to entry {entry} has an answer, but {header} is blank.",
                "Enter who answered.",
                entry=row.entry,
                header=HeaderName("Answered By"),
            )


def _misplaced(row: ObjectionRow, entry: Entry | None) -> Problem:
    if entry is None:
        return error(
            "Objections",
            row.row,
            "Entry",
            row.entry,
            "There is no ledger entry {entry}.",
            "Enter the number that stands behind # on the statement: the first column of the ledger.",
            rests_on=("Ledger",),
            entry=row.entry,
        )
    return error(
        "Objections",
        row.row,
        "Entry",
        row.entry,
        "Ledger entry {entry} is that of {owner}, not of {person}.",
        "Correct the entry's number or the Salesperson ID.",
        entry=row.entry,
        owner=entry.salesperson_id,
        person=row.salesperson_id,
    )


def _waiting(row: ObjectionRow, entry: Entry, policies: Policies) -> Problem:
    until = object_until(entry, policies)
    if until is not None and row.raised > until:
        return warning(
            "Objections",
            row.row,
            "Raised",
            row.raised,
            "The objection of {person} to entry {entry} was raised on {raised}, after the time for it ended "
            "on {until}; it is not answered.",
            "Answer it all the same: enter Answer and Answered By.",
            person=row.salesperson_id,
            entry=row.entry,
            raised=row.raised,
            until=until,
        )
    return warning(
        "Objections",
        row.row,
        "Answer",
        row.answer,
        "The objection of {person} to entry {entry}, raised on {raised}, is not answered.",
        "Enter Answer and Answered By. Where data is wrong, correct it: the next run books the difference.",
        person=row.salesperson_id,
        entry=row.entry,
        raised=row.raised,
    )


def object_until(entry: Entry, policies: Policies, issued: date | None = None) -> date | None:
    """Give the last day on which to object to an entry: ``objection_days`` after its booking or issue.

    ``None`` for an entry that was booked without a clock.
    """
    day = date.fromisoformat(entry.booked_at[:10]) if entry.booked_at else issued
    if day is None:
        return None
    return (issued or day) + timedelta(days=policies.whole("objection_days", day))


def corrected_by(row: ObjectionRow, ledger: Sequence[Entry]) -> list[Entry]:
    """Give the corrections that were booked after the entry objected to, of its cell or of its period."""
    of = next((entry for entry in ledger if entry.entry == row.entry), None)
    if of is None:
        return []
    return [
        entry
        for entry in ledger
        if entry.entry > of.entry
        and entry.salesperson_id == of.salesperson_id
        and entry.kind in CELL_KINDS - {"commission"}
        and _same_matter(entry, of)
    ]


def _same_matter(correction: Entry, of: Entry) -> bool:
    if of.kind in CELL_KINDS:
        return (correction.month, correction.origin_month, correction.account_id) == (
            of.month,
            of.origin_month,
            of.account_id,
        )
    period = Period.parse(of.period)
    return period.first_month <= Period.parse(correction.month).last_month <= period.last_month
