"""Random maintenance logs for random companies, with files, scorecards, bands and Company Sales to match."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from keyaccount import tables
from tests.companies import a_day
from tests.company import Act, Company
from tests.reference.keeping import FIELDS, SHIPPED

KINDS = (*tables.WORDS["maintenance"], "issue", "issue", "review", "feedback")


def keep(random: Random, made: Company) -> None:
    """Let a company keep a log: acts at the edges of what is in time, files at the edge of what is fresh."""
    made.accounts = [kept_file(random, made, row) for row in made.accounts]
    for _ in range(random.choice([0, 1, 5, 20, 60])):
        made.maintenance.append(act(random, made))
    if random.randrange(2):
        made.scorecard = scorecard(random, made)
    if random.randrange(2):
        coefficients = random.sample(["0.8", "0.9", "0.95", "1", "1.02", "1.05", "1.1"], 3)
        starts = sorted(random.sample([0, 20, 40, 50, 60, 75, 90], 3))
        day = random.choice([None, None, date(made.first_year, 12, 31), date(made.first_year, 1, 1)])
        made.bands = [
            tables.BandRow(0, Decimal(start), Decimal(coefficient), day)
            for start, coefficient in zip(starts, coefficients, strict=True)
        ]
    for year in range(made.first_year - 1, made.first_year + made.years):
        for month in range(12) if random.randrange(4) else ():
            net = random.choice([0, 10**6, 10**8, random.randrange(10**9)])
            made.company_sales.append(tables.CompanySalesRow(0, year * 12 + month, net))


def kept_file(random: Random, made: Company, row: tables.AccountRow) -> tables.AccountRow:
    """Fill some of an account's file; it was updated now and then exactly 180 days before a year's end."""
    end = date(made.first_year + random.randrange(made.years), 12, 31)
    updated = random.choice([None, end, *(end - timedelta(days=days) for days in (179, 180, 181, 400))])
    filled: dict[str, Any] = {name: "x" if random.randrange(3) else "" for name in FIELDS}
    return replace(row, last_updated=updated, **filled)


def act(random: Random, made: Company) -> Act:
    """Make a row of the log."""
    day = a_day(random, made)
    row = Act(day, random.choice(made.accounts).account_id, random.choice(made.people), random.choice(KINDS))
    row = replace(row, satisfaction=random.choice([0, 1, 3, 4, 5]))
    if row.kind != "issue":
        return row
    opened = datetime.combine(day, time(random.randrange(24), random.randrange(60)))
    answered = random.choice([None, 0, 3600, 86_399, 86_400, 86_401, 10**6])
    closed = random.choice([None, 86_400, 7 * 86_400 - 1, 7 * 86_400, 7 * 86_400 + 1, 10**7])
    return replace(
        row,
        opened=opened if random.randrange(8) else None,
        first_response=None if answered is None else opened + timedelta(seconds=answered),
        closed=None if closed is None else opened + timedelta(seconds=closed),
    )


def scorecard(random: Random, made: Company) -> list[tables.ScorecardRow]:
    """Make weights that add up to 100, dated now and then, some with thresholds of their own."""
    left, rows = 100, []
    day = random.choice([None, None, date(made.first_year, 7, 1), date(made.first_year + 1, 1, 1)])
    for measure in list(SHIPPED)[:-1]:
        weight = random.choice([0, min(left, 15), random.randrange(left + 1)])
        left -= weight
        thresholds = {"response": ["48", "0.5"], "resolution": ["14", "1"], "profile": ["30", "365"]}
        counts = ["0", "1", "4"] if measure in {"events", "service"} else [None]
        threshold = random.choice([None, random.choice(thresholds.get(measure, counts))])
        value = None if threshold is None else Decimal(threshold)
        rows.append(tables.ScorecardRow(0, measure, Decimal(weight), value, day))
    rows.append(tables.ScorecardRow(0, "expansion", Decimal(left), None, day))
    random.shuffle(rows)
    return rows


def years(made: Company) -> list[int]:
    """The company's years."""
    return [made.first_year + index for index in range(made.years)]
