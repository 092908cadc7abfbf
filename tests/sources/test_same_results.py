"""The same company gives the same results, to the fen, from sheets, Parquet, CSV, PostgreSQL and Spark."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from keyaccount import settlement
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import Outcome
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from tests import companies, company_runs
from tests.real_data import play
from tests.real_data.online_retail import read_lines
from tests.sources.places import Place, elsewhere

if TYPE_CHECKING:
    from keyaccount.ledger import Entry
    from keyaccount.tables import Inputs

REAL = Path(os.environ.get("KEYACCOUNT_ONLINE_RETAIL", "/nowhere"))

pytestmark = pytest.mark.xdist_group("sources")


def outcome(inputs: Inputs, ledger: list[Entry], command: str, what: str) -> Outcome | str:
    try:
        period = what if command == "settle-leaver" else Period.parse(what)
        return settlement.run(inputs, ledger, command, period)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.message


def said(problems: list[Problem]) -> list[tuple[str, ...]]:
    """Give problems without their places, and without the day that stands for a place."""
    texts = []
    for problem in problems:
        details = {name: value for name, value in problem.details.items() if name not in {"first", "day"}}
        named = problem.problem, str(sorted(details.items()))
        texts.append((problem.severity, problem.table, problem.column, *named))
    return sorted(texts)


def check_runs(seed: int, place: Place, most: int = 100) -> int:
    """Run a random company's periods from sheets and from elsewhere; gives how many runs were compared."""
    random = Random(seed)
    made = companies.company(random)
    return compare(made.inputs(), place, list(company_runs.runs(random, made))[:most], f"seed {seed}\n{made}")


def compare(inputs: Inputs, place: Place, runs: Sequence[tuple[str, str]], made: str) -> int:
    """Run these periods from sheets and from elsewhere; gives how many were compared."""
    read = elsewhere(inputs, place)
    ledger: list[Entry] = []
    count = 0
    for command, what in runs:
        expected = outcome(inputs, ledger, command, what)
        found = outcome(read.inputs, ledger, command, what)
        count += 1
        if isinstance(expected, str) or isinstance(found, str):
            assert found == expected
            continue
        problems = [*read.problems, *found.problems]
        assert said(problems) == said(list(expected.problems)), f"{command} {what}\n{made}"
        assert replace(found, problems=(), company=expected.company) == replace(expected, problems=())
        ledger += expected.entries
    return count


def test_a_random_company_gives_the_same_from_every_engine(place: Place) -> None:
    seeds = range(3) if place.engine != "spark" else range(1)
    assert sum(check_runs(seed, place) for seed in seeds) > 2


def test_many_random_companies_give_the_same_from_parquet(tmp_path: Path) -> None:
    for seed in range(100, 108):
        check_runs(seed, Place("parquet", tmp_path))


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="UCI Online Retail is not on this machine")
def test_the_real_data_give_the_same_from_every_engine(place: Place, tmp_path: Path) -> None:
    book = tmp_path / "online-retail.xlsx"
    play.make(read_lines(REAL), book)
    with Package.open(book) as package:
        inputs = read_workbook(package).inputs
    assert compare(inputs, place, play.RUNS, "real data") == 20
