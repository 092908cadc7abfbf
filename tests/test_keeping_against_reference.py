"""Scores and reviews agree with the slow reference on random companies that keep a log.

``KEYACCOUNT_COMPANIES=1000`` compares more companies than the usual 80.
"""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from keyaccount.clauses.account_review import AccountReviews
from keyaccount.company import Company
from tests import companies, companies_log, reference
from tests.companies_log import years

COMPANIES = int(os.environ.get("KEYACCOUNT_COMPANIES", "80"))


@pytest.mark.parametrize("part", range(4))
def test_scores_and_reviews_agree_with_the_reference_on_random_companies(part: int) -> None:
    scored = 0
    for seed in range(part, COMPANIES, 4):
        random = Random(seed)
        made = companies.company(random, errors=False, most=15)
        companies_log.keep(random, made)
        inputs = made.inputs()
        company = Company(inputs)
        assert not company.failed, [p.sentence for p in company.problems if p.severity == "error"]
        plain = reference.Keeping(inputs, reference.Plan(inputs))
        for year in years(made):
            until = random.choice([date(year, 12, 31), date(year, 12, 31), date(year, 6, 30)])
            scored += compare_scores(
                company, plain, year, until, f"seed {seed}, {year} until {until}\n{made}"
            )
            compare_reviews(company, plain, year, until, f"seed {seed}, {year} until {until}\n{made}")
    assert scored > COMPANIES // 8


def compare_scores(company: Company, plain: reference.Keeping, year: int, until: date, where: str) -> int:
    found = company.scores.of_year(year, until)
    scored = 0
    for person, one in found.items():
        expected = plain.score(person, year, until)
        shown = {**(one.values or {}), "score": one.score, "proposed": exact(one.proposed)}
        assert shown == expected, f"{person}: expected {expected} ≠ found {shown}\n{where}"
        scored += one.score is not None
    return scored


def compare_reviews(company: Company, plain: reference.Keeping, year: int, until: date, where: str) -> None:
    made = AccountReviews(company.inputs, company.lines, company.credits, company.scores, company.policies)
    for one in made.of_year(year, until):
        finding = plain.finding(one.account_id, year, until)
        assert one.finding == finding, f"{one.account_id}: expected {finding} ≠ found {one.finding}\n{where}"
        assert one.test.net == plain.net(one.account_id, year - 1), where


def exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)
