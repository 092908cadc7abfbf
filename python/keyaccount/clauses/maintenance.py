"""§4, §5: each salesperson's maintenance score of a year, and the coefficient that it proposes (§3.3.4).

All values are exact fractions; nothing is rounded before a score is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from keyaccount.clauses.log import Log, YearOfLog
from keyaccount.clauses.rates import shares_on
from keyaccount.clauses.scorecard import MEASURES, Rule, Scorecard
from keyaccount.periods import last_day, month_of
from keyaccount.tables import AccountRow, AssignmentRow, Inputs

PROFILE_FIELDS = (
    "industry",
    "contact",
    "phone",
    "preferences",
    "special_needs",
    "business_needs",
    "support_contact",
)
"""What an account's file must hold (§4.1.1, §5.1), as fields of ``AccountRow``."""
_TIMES_A_YEAR = ("events", "service", "expansion")
_MONTHS = 12
_BEST = 4  # satisfaction 5 of 1-5


@dataclass(frozen=True, slots=True)
class Value:
    """A measure of an account, 0-1: what was reached, of how much; ``halved``: the file is out of date."""

    reached: int
    out_of: Fraction
    value: Fraction
    halved: bool = False


@dataclass(frozen=True, slots=True)
class AccountScore:
    """What an account adds to a salesperson's score; ``weight``: the assigned months' shares added up."""

    account_id: str
    months: tuple[int, ...]
    weight: Fraction
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class PersonScore:
    """A salesperson's year: accounts, measures 0-1, score 0-100; nothing of them without a log row."""

    salesperson_id: str
    accounts: tuple[AccountScore, ...] = ()
    values: Mapping[str, Fraction] | None = None
    score: Fraction | None = None
    proposed: Decimal | None = None

    @property
    def weight(self) -> Fraction:
        """All accounts' weights together."""
        return sum((account.weight for account in self.accounts), Fraction(0))


class Scores:
    """The maintenance scores of a workbook, asked by year."""

    def __init__(self, inputs: Inputs, accounts: Sequence[str]) -> None:
        """Take the log, the accounts' files, the assignments and the scorecard; ``accounts``: all IDs.

        The log counts whatever ``plan_start`` says: that is about what sales earn (§Controls).
        """
        self.log = Log(inputs.maintenance, accounts)
        self.scorecard = Scorecard(inputs.scorecard, inputs.bands)
        self._files = {row.account_id: row for row in inputs.accounts}
        self._people = sorted({row.salesperson_id for row in inputs.salespeople})
        self._assignments: dict[str, dict[str, list[AssignmentRow]]] = defaultdict(lambda: defaultdict(list))
        self._by_account: dict[str, list[AssignmentRow]] = defaultdict(list)
        for row in inputs.assignments:
            self._assignments[row.salesperson_id][row.account_id].append(row)
            self._by_account[row.account_id].append(row)
        self.year = cache(self._year)
        self.of_year = cache(self._of_year)

    def _year(self, year: int, until: date) -> YearOfLog:
        return self.log.year(year, until, self.rules(year))

    def rules(self, year: int) -> dict[str, Rule]:
        """Give the measures' rules of a year: those of 31 December."""
        return self.scorecard.rules(date(year, 12, 31))

    def _of_year(self, year: int, until: date) -> dict[str, PersonScore]:
        """Give everyone's score of a year through a day (31 December, or earlier while the year runs).

        The weighted mean over the accounts assigned to the salesperson, weight = months assigned × share
        (§4, §5). Without any log row that counts for one of them there is no score, and nothing is proposed.
        """
        return {person: self._person(person, year, until) for person in self._people}

    def _person(self, person: str, year: int, until: date) -> PersonScore:
        log, rules = self.year(year, until), self.rules(year)
        accounts = []
        for account, rows in sorted(self._assignments[person].items()):
            days = assigned_months(rows, year * _MONTHS, month_of(until))
            if days:
                shares = [self._share(person, account, day) for day in days.values()]
                measured = self._values(account, tuple(days), log, rules, until)
                accounts.append(AccountScore(account, tuple(days), sum(shares, Fraction(0)), measured))
        found = PersonScore(person, tuple(accounts))
        if not found.weight or not any(log.rows(one.account_id, one.months) for one in accounts):
            return found
        values = {
            measure: sum((one.weight * one.values[measure].value for one in accounts), Fraction(0))
            / found.weight
            for measure in MEASURES
        }
        score = sum((Fraction(rules[measure].weight) * values[measure] for measure in MEASURES), Fraction(0))
        proposed = self.scorecard.proposed(score, date(year, 12, 31))
        return PersonScore(person, found.accounts, values, score, proposed)

    def _share(self, person: str, account: str, day: date) -> Fraction:
        return shares_on(self._by_account[account], day).get(person, Fraction(0))

    def _values(
        self, account: str, months: Sequence[int], log: YearOfLog, rules: Mapping[str, Rule], until: date
    ) -> dict[str, Value]:
        issues = log.count("response", account, months)
        satisfied = log.count("feedback", account, months)
        return {
            "profile": profile(self._files.get(account), rules["profile"].threshold, until),
            "monthly review": _part(
                log.months_with("monthly review", account, months), Fraction(len(months)), none=0
            ),
            "response": _part(log.good("response", account, months), Fraction(issues), none=1),
            "resolution": _part(log.good("resolution", account, months), Fraction(issues), none=1),
            "feedback": _part(log.satisfaction(account, months), Fraction(_BEST * satisfied), none=0),
        } | {
            measure: times_a_year(log.count(measure, account, months), rules[measure].threshold, len(months))
            for measure in _TIMES_A_YEAR
        }


def assigned_months(rows: Sequence[AssignmentRow], first: int, last: int) -> dict[int, date]:
    """Give the months from ``first`` to ``last`` of which any day is assigned, and the last such day (§4)."""
    days: dict[int, date] = {}
    for row in rows:
        ends = last if row.end is None else min(last, month_of(row.end))
        for month in range(max(first, month_of(row.start)), ends + 1):
            day = last_day(month) if row.end is None else min(last_day(month), row.end)
            days[month] = max(day, days.get(month, day))
    return dict(sorted(days.items()))


def _part(reached: int, out_of: Fraction, *, none: int) -> Value:
    """Give reached ÷ out of; ``none``: the value where there is nothing to look at."""
    return Value(reached, out_of, reached / out_of if out_of else Fraction(none))


def times_a_year(count: int, a_year: Decimal, months: int) -> Value:
    """Give min(1, count ÷ so many a year), prorated by the assigned months (§4.1.3, §4.2.1, §4.3)."""
    asked = Fraction(a_year) * months / _MONTHS
    return Value(count, asked, min(Fraction(1), count / asked) if asked else Fraction(1))


def profile(row: AccountRow | None, days: Decimal, until: date) -> Value:
    """Give the part of the account's file that is filled; halved if it was last updated too long ago.

    Not older than ``days`` on the day that is looked at, that many days included (§4.1.1, §5.1).
    """
    filled = len(filled_fields(row))
    stale = row is None or is_stale(row, days, until)
    value = Fraction(filled, len(PROFILE_FIELDS))
    return Value(filled, Fraction(len(PROFILE_FIELDS)), value / 2 if stale else value, stale)


def filled_fields(row: AccountRow | None) -> tuple[str, ...]:
    """Give the fields of an account's file that are filled."""
    return tuple(name for name in PROFILE_FIELDS if getattr(row, name, ""))


def is_stale(row: AccountRow, days: Decimal, until: date) -> bool:
    """Tell whether an account's file is older than so many days on a day, or says nothing of its age."""
    return row.last_updated is None or (until - row.last_updated).days > days
