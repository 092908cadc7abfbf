"""The checks of the maintenance log: what would make a score wrong, what is perhaps not meant (§4, §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.maintenance import assigned_months
from keyaccount.clauses.net_sales import months_of
from keyaccount.clauses.rows import unknown_salespeople
from keyaccount.periods import from_number, to_number
from keyaccount.problems import N_, HeaderName, Problem, error, warning
from keyaccount.tables import MAINTENANCE, NO_MOMENT, AssignmentRow, Inputs, MaintenanceColumns

MOST_LISTED = 100
"""So many rows of one fault are listed; of more, how many they are."""
_STOOD_IN = N_(
    "Salesperson {person} acted for account {account} on {day} without being assigned to it in that month: "
    "it counts for those who were (rows: {count})."
)
_NOBODY = N_(
    "Salesperson {person} acted for account {account} on {day}, but nobody had it in that month: "
    "it counts for nobody (rows: {count})."
)


def check_log(
    inputs: Inputs, accounts: Sequence[str], period_end: date | None, *, ignored: bool
) -> list[Problem]:
    """List what is wrong with the log's rows; warnings of rows dated after ``period_end`` wait.

    ``accounts``: those that are known; with ``ignored`` rows of others are left out (policy
    ``unknown_accounts``).
    """
    rows = inputs.maintenance
    due = np.ones(len(rows), np.bool_) if period_end is None else rows.date <= to_number(period_end)
    known = frozenset(accounts)
    listed = rows.account_id.tolist()
    unknown = np.fromiter((account not in known for account in listed), np.bool_, len(rows))
    return [
        *(_left_out(rows, unknown & due) if ignored else _unknown_accounts(rows, unknown)),
        *unknown_salespeople(
            MAINTENANCE.name, _first_of_each(rows), {row.salesperson_id for row in inputs.salespeople}
        ),
        *_wrong_order(rows, due),
        *_missing(rows, due),
        *_not_assigned(rows, due & ~unknown, inputs.assignments),
    ]


def _first_of_each(rows: MaintenanceColumns) -> list[tuple[int, str]]:
    """Give each salesperson's first row."""
    first: dict[str, int] = {}
    for row, person in zip(rows.row.tolist(), rows.salesperson_id.tolist(), strict=True):
        first.setdefault(person, row)
    return [(row, person) for person, row in first.items()]


def _left_out(rows: MaintenanceColumns, unknown: NDArray[np.bool_]) -> Iterator[Problem]:
    """Count the rows of accounts that are no key accounts (policy ``unknown_accounts`` = ``ignore``)."""
    if unknown.any():
        first = int(np.flatnonzero(unknown)[0])
        yield warning(
            MAINTENANCE.name,
            int(rows.row[first]),
            "Account ID",
            rows.account_id[first],
            "Rows of accounts that are no key accounts are left out (policy unknown_accounts = ignore): "
            "{count}, of accounts: {accounts}.",
            "Nothing to do if these are other customers of the company.",
            count=int(unknown.sum()),
            accounts=len(set(rows.account_id[unknown].tolist())),
        )


def _unknown_accounts(rows: MaintenanceColumns, unknown: NDArray[np.bool_]) -> Iterator[Problem]:
    counts: dict[str, list[int]] = {}
    for index in np.flatnonzero(unknown).tolist():
        counts.setdefault(rows.account_id[index], []).append(index)
    for account, found in counts.items():
        yield error(
            MAINTENANCE.name,
            int(rows.row[found[0]]),
            "Account ID",
            account,
            "Account {account} is on none of Accounts, Account Tiers and Assignments (rows: {count}).",
            "Correct the ID or add the account.",
            rests_on=("Accounts", "Account Tiers", "Assignments", "Policies"),
            account=account,
            count=len(found),
        )


@dataclass(frozen=True, slots=True)
class _Fault:
    """What may be wrong with a row: whose cell, what is said, what to do."""

    header: str
    problem: str
    remedy: str
    make: Callable[..., Problem] = warning


_EARLY = tuple(
    _Fault(
        header,
        N_("{header} ({value}) lies before Opened ({before})."),
        N_("Correct the date or the time of day."),
        error,
    )
    for header in ("First Response", "Closed")
)
_UNANSWERED = _Fault(
    "Closed",
    N_("{header} ({value}) lies before First Response ({before})."),
    N_("Correct the two if they were mixed up; both count as they stand."),
)
_NOT_OPENED = _Fault(
    "Opened",
    N_("The issue does not say when it was raised: it counts as answered and closed late (§5.2)."),
    N_("Enter date and time in Opened."),
)
_NOT_JUDGED = _Fault(
    "Satisfaction",
    N_("The feedback does not say how satisfied the customer is: it is not scored (§4.2.2)."),
    N_("Enter 1 (poor) to 5 (very good) in Satisfaction."),
)


def _wrong_order(rows: MaintenanceColumns, due: NDArray[np.bool_]) -> Iterator[Problem]:
    """A first response or a closing before the opening is wrong; a closing before the response is odd."""
    opened, answered, closed = rows.opened, rows.first_response, rows.closed
    for fault, moments in zip(_EARLY, (answered, closed), strict=True):
        early = (opened != NO_MOMENT) & (moments != NO_MOMENT) & (moments < opened)
        yield from _each(rows, early, fault, moments, opened)
    odd = due & (answered != NO_MOMENT) & (closed != NO_MOMENT) & (closed < answered)
    odd &= (opened == NO_MOMENT) | (closed >= opened)
    yield from _each(rows, odd, _UNANSWERED, closed, answered)


def _missing(rows: MaintenanceColumns, due: NDArray[np.bool_]) -> Iterator[Problem]:
    """Warn of an issue that does not say when it was raised, and of feedback without its satisfaction."""
    yield from _each(rows, due & (rows.kind == "issue") & (rows.opened == NO_MOMENT), _NOT_OPENED)
    yield from _each(rows, due & (rows.kind == "feedback") & (rows.satisfaction == 0), _NOT_JUDGED)


def _each(
    rows: MaintenanceColumns, mask: NDArray[np.bool_], fault: _Fault, *moments: NDArray[np.int64]
) -> Iterator[Problem]:
    """List a fault's rows, the first hundred one by one; ``moments``: the cell's, and what it is before."""
    found = np.flatnonzero(mask).tolist()
    for index in found[:MOST_LISTED]:
        value, *before = (_moment(column[index]) for column in moments) if moments else ("",)
        details = {"value": value, "before": before[0]} if before else {}
        yield fault.make(
            MAINTENANCE.name,
            int(rows.row[index]),
            fault.header,
            value,
            fault.problem,
            fault.remedy,
            header=HeaderName(fault.header),
            **details,
        )
    yield from _more(rows, found[MOST_LISTED:], fault.header, fault.make)


def _more(
    rows: MaintenanceColumns, found: Sequence[int], header: str, make: Callable[..., Problem]
) -> Iterator[Problem]:
    """Say how many more rows there are of a fault that is listed often enough."""
    if found:
        yield make(
            MAINTENANCE.name,
            int(rows.row[found[0]]),
            header,
            "",
            N_("So it is in {count} more rows, from this one on."),
            N_("Correct those that are listed, then check again."),
            count=len(found),
        )


def _moment(seconds: np.int64) -> str:
    moment = datetime(1970, 1, 1) + timedelta(seconds=int(seconds))  # noqa: DTZ001 the workbook has no zone
    return moment.isoformat(sep=" ", timespec="minutes")


def _not_assigned(
    rows: MaintenanceColumns, due: NDArray[np.bool_], assignments: Sequence[AssignmentRow]
) -> Iterator[Problem]:
    """Warn of rows of somebody whom the account was not assigned to in that month (once for each pair)."""
    if not due.any():
        return
    months = months_of(rows.date)
    first, last = int(months[due].min()), int(months[due].max())
    kept: dict[tuple[str, str], set[int]] = {}
    held: dict[str, set[int]] = {}
    for row in assignments:
        own = set(assigned_months([row], first, last))
        kept.setdefault((row.account_id, row.salesperson_id), set()).update(own)
        held.setdefault(row.account_id, set()).update(own)
    found: dict[tuple[str, str, bool], list[int]] = {}
    places = np.flatnonzero(due).tolist()
    who = zip(places, rows.account_id[due].tolist(), rows.salesperson_id[due].tolist(), strict=True)
    nobody: set[int] = set()
    for (index, account, person), month in zip(who, months[due].tolist(), strict=True):
        if month not in kept.get((account, person), nobody):
            somebody = month in held.get(account, nobody)
            found.setdefault((account, person, somebody), []).append(index)
    listed = list(found.items())
    for (account, person, somebody), indexes in listed[:MOST_LISTED]:
        yield warning(
            MAINTENANCE.name,
            int(rows.row[indexes[0]]),
            "Salesperson ID",
            person,
            _STOOD_IN if somebody else _NOBODY,
            "Nothing to do if a colleague stood in; else correct the row, or sheet Assignments.",
            person=person,
            account=account,
            day=from_number(int(rows.date[indexes[0]])),
            count=len(indexes),
        )
    more = sorted(index for _, indexes in listed[MOST_LISTED:] for index in indexes)
    yield from _more(rows, more, "Salesperson ID", warning)
