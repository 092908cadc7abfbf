"""Mutation testing in short: what it changes, that a test notices, that the list of survivors is current."""

from __future__ import annotations

import ast
from fractions import Fraction
from pathlib import Path

import pytest

from keyaccount import money
from tests.campaigns import frame
from tests.campaigns.mutants import MODULES, Mutants, alive_with_reason
from tests.mutation.checks import Check
from tests.mutation.mutants import source_of
from tests.mutation.operators import changes_of
from tests.mutation.trial import tried

MONEY = Mutants(modules=("keyaccount.money",), tests=("tests.test_money",), searching=False, kept=None)


def changes(text: str, returns: str = "") -> list[str]:
    """Write what may become of a piece of source, node by node."""
    tree = ast.parse(text).body[0]
    return [
        ast.unparse(ast.fix_missing_locations(change.node))
        for node in ast.walk(tree)
        for change in changes_of(node, returns, frozenset({"known"}))
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b", "a >= b", "pass"]),
        ("a and b", ["a or b", "pass"]),
        ("return a - 1", ["return 0", "a + 1", "2", "0"]),
        ("known = [*other]", ["pass"]),
        ("name = [*other]", []),
        ("total += part", ["total -= part", "pass"]),
        ("min(a, b)", ["max", "pass"]),
        ("sorted(a, reverse=True)", ["sorted(a)", "list", "False", "pass"]),
        ("rows[1:]", [":", "2", "0", "pass"]),
        ("raise ValueError(text)", ["pass"]),
        ("word = 'advance'", ["'advance?'"]),
        ("text = 'Correct the date.'", []),
    ],
)
def test_what_is_changed(source: str, expected: list[str]) -> None:
    found = changes(source, "int" if source.startswith("return") else "")
    assert sorted(map(normal, found)) == sorted(map(normal, expected))


def normal(text: str) -> str:
    return "".join(text.split())


def test_changes_of_money_are_noticed_by_its_tests(tmp_path: Path) -> None:
    report = frame.run(MONEY, seed=1, count=60, jobs=1, folder=tmp_path)
    assert report.failures == ()
    assert report.counted["killed"] > 50


def test_a_change_that_no_test_looks_at_stays_alive_and_the_program_here_is_as_it_was() -> None:
    source = source_of("keyaccount.money")
    mutant = next(one for one in source.mutants if one.function == "apportion" and "+= 1" in one.before)

    def look() -> None:
        assert money.apportion(100, [Fraction(1, 3)] * 3) == [34, 33, 33]

    blind, seeing = Check("blind", lambda: None, ""), Check("seeing", look, "")
    assert tried(mutant, source, [(blind, 1)]).what == "alive"
    assert tried(mutant, source, [(blind, 1), (seeing, 1)]) == ("killed", 1)
    look()


def test_an_endless_loop_is_stopped() -> None:
    source = source_of("keyaccount.money")

    def endless() -> None:
        while True:
            pass

    assert tried(source.mutants[0], source, [(Check("endless", endless, ""), -0.099)]).what == "timed out"


def test_every_listed_survivor_is_a_mutant_of_the_source_as_it_is_and_has_a_reason() -> None:
    there = {(mutant.module, mutant.label) for name in MODULES for mutant in source_of(name).mutants}
    assert sorted(set(alive_with_reason()) - there) == []
    assert [key for key, reason in alive_with_reason().items() if len(reason) < 20] == []
