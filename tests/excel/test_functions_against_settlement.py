"""The cell functions beside the settlement: over the entries and lines of random companies, the same fen."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from random import Random
from typing import Any

import pytest

from keyaccount import settlement
from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.clawbacks import Clawback, Clawbacks
from keyaccount.clauses.net_sales import LINE_TYPES, Lines, lines_of, months_of
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.rates import Credits, Part
from keyaccount.company import Company as Calculated
from keyaccount.excel import functions as excel
from keyaccount.ledger import Balances, Entry
from keyaccount.money import times
from keyaccount.periods import Period, first_day, last_day, month_from_text, month_of
from keyaccount.policies import Policies
from keyaccount.problems import Refused
from keyaccount.tables import WORDS, Inputs, TierRow
from tests import companies, company_runs

COMPANIES = int(os.environ.get("KEYACCOUNT_COMPANIES", "30"))
FIRST_SEED = int(os.environ.get("KEYACCOUNT_FIRST_SEED", "0"))


@dataclass(frozen=True)
class Settled:
    """A random company and what its runs booked."""

    inputs: Inputs
    calculated: Calculated
    entries: Sequence[Entry]
    random: Random


def _settled(seed: int) -> Settled | None:
    random = Random(seed)
    made = companies.company(random, errors=False)
    inputs, calculated = made.inputs(), None
    ledger: list[Entry] = []
    years = range(made.first_year, made.first_year + made.years)
    for command, period in chain.from_iterable(map(company_runs.calendar, years)):
        try:
            outcome = settlement.run(inputs, ledger, command, Period.parse(period))  # type: ignore[arg-type]
        except Refused:
            continue
        if outcome.failed:
            return None
        ledger += outcome.entries
        calculated = outcome.company
    return Settled(inputs, calculated, ledger, random) if calculated is not None else None


@pytest.fixture(scope="module")
def companies_settled() -> Sequence[Settled]:
    settled = [_settled(seed) for seed in range(FIRST_SEED, FIRST_SEED + COMPANIES)]
    found = [each for each in settled if each is not None]
    assert len(found) > COMPANIES // 3
    return found


def yuan(amount: int) -> float:
    return amount / 100


def column(values: Iterator[Any] | Sequence[Any]) -> list[list[Any]]:
    return [[value] for value in values]


def as_cells(rows: Sequence[TierRow], random: Random) -> list[list[Any]]:
    """Write the Tiers table as a range, in one of the forms that it may have."""
    cells: list[list[Any]] = []
    for row in rows:
        start = row.effective_from and datetime.combine(row.effective_from, datetime.min.time())
        name = WORDS["tier"][row.tier][0] if row.tier in WORDS["tier"] and random.randrange(2) else row.tier
        cells.append([name, float(row.rate), start])
    random.shuffle(cells)
    match random.randrange(3):
        case 0:
            return cells
        case 1:
            return [["Tier", "Rate", "Effective From"], *cells]
        case _:
            return [["生效日期", "等级", "提成比例"], *([start, name, rate] for name, rate, start in cells)]


def day_with(credits: Credits, entry: Entry) -> tuple[date, str, Part] | None:
    """Find a day of the origin month on which the entry's rate was in force, with its tier and part."""
    month = month_from_text(entry.origin_month)
    day = first_day(month)
    while day <= last_day(month):
        credit = credits.on(entry.account_id, day)
        for part in credit.parts:
            if credit.tier and part.salesperson_id == entry.salesperson_id and part.rate == entry.rate:
                return day, credit.tier, part
        day += timedelta(days=1)
    return None


def test_commission_over_the_cells_gives_the_ledgers_amounts(companies_settled: Sequence[Settled]) -> None:
    compared = 0
    for one in companies_settled:
        booked = [entry for entry in one.entries if entry.kind == "commission"]
        found = [(entry, *place) for entry in booked if (place := day_with(one.calculated.credits, entry))]
        if not found:
            continue
        days = [
            [day.isoformat()] if index % 2 else [datetime.combine(day, datetime.min.time())]
            for index, (_, day, _, _) in enumerate(found)
        ]
        spilled = excel.COMMISSION(
            column(yuan(entry.net_sales or 0) for entry, *_ in found),
            column(tier for _, _, tier, _ in found),
            days,
            as_cells(one.inputs.tiers, one.random),
            column(float(part.uplift) for *_, part in found),
        )
        assert spilled == column(yuan(entry.amount) for entry, *_ in found)
        compared += len(found)
    assert compared > 5 * COMPANIES


def test_advance_and_withheld_divide_what_was_booked(companies_settled: Sequence[Settled]) -> None:
    for one in companies_settled:
        amounts = column(yuan(entry.amount) for entry in one.entries)
        rate = float(one.random.choice(["0.8", "0.7", "0.333333", "1", "0"]))
        paid, kept = excel.ADVANCE(amounts, rate), excel.WITHHELD(amounts, rate)
        together = excel.NETSALES(paid, None, None, None, kept)
        assert together == amounts


def test_what_a_first_month_earns_is_due_as_advance_says(companies_settled: Sequence[Settled]) -> None:
    compared = 0
    for one in companies_settled:
        policies = one.calculated.policies
        for entry in one.entries:
            if entry.kind != "advance" or not entry.marks_run:
                continue
            day = Period.parse(entry.period).last_day
            kept = figures(entry)
            alone = kept["E"] == kept["commission"] and not kept["P"] and not kept["opening"]
            if alone and policies.word("advance_method", day) == "monthly":
                due = excel.ADVANCE(kept["E"], float(policies.number("advance_rate", day)))
                assert due == kept["due"]
                assert excel.WITHHELD(kept["E"], float(policies.number("advance_rate", day))) == round(
                    kept["E"] - due, 2
                )
                compared += 1
    assert compared > COMPANIES


def figures(entry: Entry) -> dict[str, float]:
    """Read the figures that a payment entry keeps."""
    return {name: float(value) for name, value in (part.split("=") for part in entry.reference.split(";"))}


def test_clawback_gives_what_clawbacks_takes_from_pay(companies_settled: Sequence[Settled]) -> None:
    compared = 0
    for one in companies_settled:
        policies = one.calculated.policies
        lines = [line for line in clawbacks(one) if line.commission == times(line.amount, line.rate)]
        if lines:
            spilled = excel.CLAWBACK(
                column(yuan(line.amount) for line in lines),
                column(float(line.rate) for line in lines),
                column(
                    float(policies.number("advance_rate", last_day(month_of(line.day)))) for line in lines
                ),
            )
            assert spilled == column(yuan(line.from_pay) for line in lines)
            compared += len(lines)
    assert compared > COMPANIES


def clawbacks(one: Settled) -> list[Clawback]:
    """List the reversals of sales of the same year."""
    calculated = one.calculated
    rule = PriorYearRule(Balances(one.entries), one.inputs.prior_years, calculated.policies)
    found = Clawbacks(calculated.reversals, calculated.credits, calculated.policies, rule, 10**6)
    return [line for line in found.lines if line.day.year == line.origin.year]


def test_target_bonus_gives_the_years_bonus(companies_settled: Sequence[Settled]) -> None:
    compared = 0
    for one in companies_settled:
        policies = Policies(one.inputs.policies)
        for year, entries in _year_ends(one.entries).items():
            day = date(year, 12, 31)
            if (
                policies.word("target_bonus_base", day) != "final_commission"
                or policies.word("leaver_bonus", day) == "none"
            ):
                continue
            rate = float(policies.number("target_bonus_rate", day))
            for person, by_kind in entries.items():
                kept = figures(by_kind["year_end_payment"])
                final = kept["commission"] + yuan(by_kind["adjustment"].amount)
                bonus = excel.TARGETBONUS(kept["net"], [[kept.get("target")]], final, rate)
                booked = by_kind.get("target_bonus")
                assert bonus == [[yuan(booked.amount) if booked else 0.0]], person
                compared += 1
    assert compared > COMPANIES


def _year_ends(entries: Sequence[Entry]) -> dict[int, dict[str, dict[str, Entry]]]:
    found: dict[int, dict[str, dict[str, Entry]]] = defaultdict(lambda: defaultdict(dict))
    for entry in entries:
        if entry.kind in {"adjustment", "target_bonus", "year_end_payment"}:
            found[entry.year][entry.salesperson_id][entry.kind] = entry
    return found


def test_net_sales_of_the_parts_is_that_of_the_lines(companies_settled: Sequence[Settled]) -> None:
    for one in companies_settled:
        lines, _, _ = lines_of(BigTables.of(one.inputs), one.inputs, Policies(one.inputs.policies), None)
        parts = _parts(lines)
        discount = [part["discount"] + part["later_discount"] for part in parts]
        given = [[part["gross"] for part in parts], discount]
        given += [[part[name] for part in parts] for name in ("return", "bad_debt", "recovery")]
        spilled = excel.NETSALES(*(column(yuan(abs(amount)) for amount in each) for each in given))
        assert spilled == column(yuan(sum(part.values())) for part in parts)


def _parts(lines: Lines) -> list[dict[str, int]]:
    """Add up the lines by account and month, and type."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: dict.fromkeys(LINE_TYPES, 0))
    rows = zip(
        lines.account.tolist(),
        months_of(lines.date).tolist(),
        lines.type.tolist(),
        lines.fen.tolist(),
        strict=True,
    )
    for account, month, kind, amount in rows:
        found[account, month][LINE_TYPES[kind]] += amount
    return list(found.values())


def test_the_share_test_is_that_of_fractions() -> None:
    random = Random(1)
    company = [random.randrange(1, 10 ** random.randrange(3, 15)) for _ in range(500)]
    limits = [Decimal(random.randrange(1, 1000)).scaleb(-3) for _ in company]
    accounts = [
        int(whole * limit) + random.choice([-1, 0, 0, 1])
        for whole, limit in zip(company, limits, strict=True)
    ]
    spilled = excel.ISKEYACCOUNT(
        *(column(map(yuan, each)) for each in (accounts, company)), column(map(float, limits))
    )
    expected = [part >= whole * limit for part, whole, limit in zip(accounts, company, limits, strict=True)]
    assert spilled == column(expected)
    assert {True, False} == set(expected)
    shares = excel.KEYACCOUNTSHARE(*(column(map(yuan, each)) for each in (accounts, company)))
    assert shares == column(part / whole for part, whole in zip(accounts, company, strict=True))
