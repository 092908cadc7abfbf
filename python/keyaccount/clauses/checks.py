"""The checks of the small tables, of persons, and of a run (spec, "Errors" and "Warnings")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

import numpy as np

from keyaccount.clauses.cells import Cell
from keyaccount.clauses.key_accounts import TierTable, check_account_tiers, check_tiers
from keyaccount.clauses.maintenance import Scores
from keyaccount.clauses.mid_life import check_payments_made
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import check_assignments
from keyaccount.clauses.rows import repeated, unknown_salespeople
from keyaccount.ledger import CellKey, Entry
from keyaccount.money import yuan
from keyaccount.periods import Period, from_number, month_text
from keyaccount.policies import Policies, check_policies
from keyaccount.problems import N_, HeaderName, Problem, error, warning
from keyaccount.tables import Inputs, ReviewRow


class _OfPerson(Protocol):
    """A row that names a salesperson."""

    @property
    def row(self) -> int: ...
    @property
    def salesperson_id(self) -> str: ...
    @property
    def year(self) -> int: ...


def check_tables(inputs: Inputs, policies: Policies, tiers: TierTable) -> list[Problem]:
    """Check every small table by the plan's rules; all problems in one pass."""
    people = frozenset(row.salesperson_id for row in inputs.salespeople)
    return [
        *check_policies(inputs.policies),
        *check_tiers(inputs.tiers),
        *_twice("Accounts", "Account ID", ((row.row, row.account_id) for row in inputs.accounts)),
        *_twice(
            "Salespeople", "Salesperson ID", ((row.row, row.salesperson_id) for row in inputs.salespeople)
        ),
        *_employment(inputs),
        *check_account_tiers(inputs.account_tiers, tiers, people, _first_sales(inputs)),
        *_without_account_row(inputs),
        *check_assignments(inputs.assignments, people),
        *_of_persons("Targets", inputs.targets, people),
        *_targets(inputs),
        *_of_persons("Year-End Review", inputs.year_end_review, people),
        *(problem for row in inputs.year_end_review for problem in _review(row, policies)),
        *_of_persons("Opening Balances", inputs.opening_balances, people),
        *_of_persons("Prior Years", inputs.prior_years, people),
        *check_payments_made(inputs.payments_made, people),
        *_prior_years(inputs),
        *_twice("Company Sales", "Month", ((row.row, month_text(row.month)) for row in inputs.company_sales)),
    ]


def _twice(table: str, header: str, keys: Iterable[tuple[int, str]]) -> Iterator[Problem]:
    return repeated(
        table,
        header,
        ((row, key, key) for row, key in keys),
        "{key} is there twice (also in row {first}).",
        "Delete one of the rows.",
    )


def _employment(inputs: Inputs) -> Iterator[Problem]:
    for row in inputs.salespeople:
        if row.joined is not None and row.left is not None and row.left < row.joined:
            yield error(
                "Salespeople",
                row.row,
                "Left",
                row.left,
                "Salesperson {person} left on {left}, before joining on {joined}.",
                "Correct Joined or Left.",
                person=row.salesperson_id,
                left=row.left,
                joined=row.joined,
            )


def _first_sales(inputs: Inputs) -> dict[int, date]:
    """Give the first sale's day of each year that has sales."""
    days = np.sort(inputs.sales.date)
    if not len(days):
        return {}
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    _, firsts = np.unique(years, return_index=True)
    return {int(years[index]): from_number(int(days[index])) for index in firsts.tolist()}


def _without_account_row(inputs: Inputs) -> Iterator[Problem]:
    known = {row.account_id for row in inputs.accounts}
    for row in inputs.account_tiers:
        if row.tier and row.account_id not in known:
            known.add(row.account_id)
            yield warning(
                "Account Tiers",
                row.row,
                "Account ID",
                row.account_id,
                "Account {account} has a tier but no row on sheet Accounts.",
                "Add the account with its name to sheet Accounts.",
                account=row.account_id,
            )


def _of_persons(table: str, rows: Sequence[_OfPerson], people: frozenset[str]) -> Iterator[Problem]:
    """List rows of unknown persons and two rows of one person and year."""
    yield from unknown_salespeople(table, ((row.row, row.salesperson_id) for row in rows), people)
    yield from repeated(
        table,
        "Year",
        ((row.row, (row.salesperson_id, row.year), f"{row.salesperson_id} {row.year}") for row in rows),
        "{key} is there twice (also in row {first}).",
        "Keep the row that is right and delete the other.",
    )


def _targets(inputs: Inputs) -> Iterator[Problem]:
    for row in inputs.targets:
        if row.target < 0:
            yield error(
                "Targets",
                row.row,
                "Target",
                yuan(row.target),
                "The target of {person} is negative.",
                "Enter the year's net sales to be reached; delete the row if there is no target.",
                person=row.salesperson_id,
            )


def _review(row: ReviewRow, policies: Policies) -> Iterator[Problem]:
    """An approved coefficient lies within its bounds and has a reason and an approver (§3.3.4)."""
    day = date(row.year, 12, 31)
    low, high = policies.number("coefficient_min", day), policies.number("coefficient_max", day)
    if not low <= row.coefficient <= high:
        yield error(
            "Year-End Review",
            row.row,
            "Coefficient",
            row.coefficient,
            "The coefficient {coefficient} of {person} is outside {low}–{high}.",
            "Correct it, or change policies coefficient_min and coefficient_max.",
            coefficient=row.coefficient,
            person=row.salesperson_id,
            low=low,
            high=high,
        )
    for header, filled in (("Reason", row.reason), ("Approved By", row.approved_by)):
        if not filled:
            yield error(
                "Year-End Review",
                row.row,
                header,
                "",
                "The coefficient of {person} has no {header}.",
                "Enter it: only an approved coefficient with a reason and a name pays (§3.3.4).",
                person=row.salesperson_id,
                header=HeaderName(header),
            )


def _prior_years(inputs: Inputs) -> Iterator[Problem]:
    for row in inputs.prior_years:
        if not 0 <= row.coefficient <= 10:  # noqa: PLR2004 no written plan multiplies by more
            yield error(
                "Prior Years",
                row.row,
                "Coefficient",
                row.coefficient,
                "The coefficient {coefficient} is not between 0 and 10.",
                "Enter the coefficient by which that year was paid, such as 0.95.",
                coefficient=row.coefficient,
            )


def check_people(inputs: Inputs, ledger: Sequence[Entry]) -> list[Problem]:
    """Whoever has ledger entries must stay on Salespeople: their account cannot be settled otherwise."""
    people = {row.salesperson_id for row in inputs.salespeople}
    return [
        error(
            "Salespeople",
            0,
            "Salesperson ID",
            person,
            "Salesperson {person} has entries in the ledger but is not on sheet Salespeople.",
            "Put the row back; for somebody who left enter the day in Left.",
            rests_on=("Salespeople",),
            person=person,
        )
        for person in sorted({entry.salesperson_id for entry in ledger} - people)
    ]


def check_run(
    inputs: Inputs,
    policies: Policies,
    period: Period,
    cells: Mapping[CellKey, Cell],
    rule: PriorYearRule,
    scores: Scores,
) -> list[Problem]:
    """List what a run has to say: unreviewed salespeople at year end, and unknown origin years."""
    problems = [*_unknown_years(cells, period, rule)]
    if period.kind == "year":
        proposed = {p: one.proposed for p, one in scores.of_year(period.year, period.last_day).items()}
        problems += _unreviewed(inputs, policies, period, proposed)
    return problems


def _unreviewed(
    inputs: Inputs, policies: Policies, period: Period, proposed: Mapping[str, Decimal | None]
) -> Iterator[Problem]:
    """Name those without an approved coefficient; one that the score proposes pays nothing (§3.3.4)."""
    reviewed = {row.salesperson_id for row in inputs.year_end_review if row.year == period.year}
    required = policies.word("require_review", period.last_day) == "yes"
    stops = N_("Salesperson {person} has no approved coefficient for {year}.")
    goes_on = N_("Salesperson {person} has no approved coefficient for {year}; 1.00 is taken.")
    not_taken = N_(
        "Salesperson {person} has no approved coefficient for {year}; 1.00 is taken, "
        "not the proposed {proposed}."
    )
    for row in inputs.salespeople:
        if row.salesperson_id not in reviewed:
            proposal = proposed.get(row.salesperson_id)
            yield (error if required else warning)(
                "Year-End Review",
                0,
                "Salesperson ID",
                row.salesperson_id,
                stops if required else goes_on if proposal is None else not_taken,
                "Enter the coefficient with reason and approver on sheet Year-End Review.",
                person=row.salesperson_id,
                year=period.year,
                proposed="" if proposal is None else f"{proposal:.2f}",
            )


def _unknown_years(cells: Mapping[CellKey, Cell], period: Period, rule: PriorYearRule) -> Iterator[Problem]:
    unknown = {
        (key.salesperson_id, key.origin // 12)
        for key in cells
        if key.year == period.year
        and not key.own_year
        and not rule.known(key.salesperson_id, key.origin // 12)
    }
    for person, year in sorted(unknown):
        yield warning(
            "Prior Years",
            0,
            "Year",
            year,
            "A reversal goes back to {year}, which was not finished here and is not on Prior Years for "
            "{person}: coefficient 1.00 and no bonus are taken.",
            "Enter the coefficient and whether the bonus was paid for that year on sheet Prior Years.",
            year=year,
            person=person,
        )
