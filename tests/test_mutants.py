"""Mutation testing in short: what it changes, that a test notices, that the list of survivors is current."""

from __future__ import annotations

import ast
import functools
import mmap
import signal
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from keyaccount import money
from keyaccount.clauses import log
from keyaccount.sources import engines
from tests.campaigns import frame
from tests.campaigns.mutants import MODULES, Mutants, alive_with_reason
from tests.mutation.checks import Check
from tests.mutation.mutants import source_of
from tests.mutation.operators import changes_of
from tests.mutation.trial import MEMORY, tried

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
    share = f"{report.counted['killed'] / 60:.1%} killed ({report.counted['killed']} of 60)"
    reason = f"alive with a reason {60 - report.counted['killed']}, alive and unexplained 0"
    assert [*MONEY.summary(report)] == [f"{group}: {share}; {reason}" for group in ("money", "all")]


def test_a_change_that_no_test_looks_at_stays_alive_and_the_program_here_is_as_it_was() -> None:
    source = source_of("keyaccount.money")
    mutant = next(one for one in source.mutants if one.function == "apportion" and "+= 1" in one.before)

    def look() -> None:
        assert money.apportion(100, [Fraction(1, 3)] * 3) == [34, 33, 33]

    blind, seeing = Check("blind", lambda: None, ""), Check("seeing", look, "")
    assert tried(mutant, source, [(blind, 10)]).what == "alive"
    assert tried(mutant, source, [(blind, 10), (seeing, 10)]) == ("killed", 1)
    look()


def test_a_module_without_its_constants_is_no_module_that_anybody_could_use() -> None:
    source = source_of(log.__name__)
    gone = next(one for one in source.mutants if one.label.startswith("statement deleted: _HOUR, _DAY ="))
    assert tried(gone, source, [(Check("blind", lambda: None, ""), 10)]).what == "killed"


def endless() -> None:
    while True:
        pass


def test_an_endless_loop_is_stopped_whatever_became_of_signals_in_the_parent() -> None:
    source = source_of("keyaccount.money")
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF, signal.SIGALRM})
    handler = signal.signal(signal.SIGPROF, signal.SIG_IGN)
    try:
        stopped = tried(source.mutants[0], source, [(Check("endless", endless, ""), 0.01)])
    finally:
        signal.signal(signal.SIGPROF, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert stopped == ("timed out", 0)


def test_memory_counts_from_what_the_parent_has_and_a_mutant_that_wants_too_much_is_noticed() -> None:
    source = source_of("keyaccount.money")
    mapped = mmap.mmap(-1, 2 * MEMORY, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ)
    modest = Check("modest", lambda: bytes(MEMORY // 4), "")
    greedy = Check("greedy", lambda: bytes(2 * MEMORY), "")
    constant = next(one for one in source.mutants if "_LARGEST_INT64 =" in one.before)
    assert tried(constant, source, [(modest, 10)]).what == "alive"
    assert tried(constant, source, [(modest, 10), (greedy, 10)]) == ("killed", 1)
    mapped.close()


def test_what_the_edges_of_the_program_keep_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = iter(range(10))
    connection = functools.cache(lambda: next(connections))
    monkeypatch.setattr(engines, "connection", connection, raising=False)
    assert connection() == 0
    frame.run(MONEY, seed=1, count=3, jobs=1, folder=tmp_path)
    assert connection() == 0


def test_a_mutant_that_cannot_be_put_in_is_no_mutant_that_is_noticed() -> None:
    source = source_of("keyaccount.money")
    elsewhere = replace(source, module="keyaccount.nowhere")
    with pytest.raises(RuntimeError, match=r"KeyError: 'keyaccount.nowhere'"):
        tried(source.mutants[0], elsewhere, [])


def test_every_listed_survivor_is_a_mutant_of_the_source_as_it_is_and_has_a_reason() -> None:
    listed = alive_with_reason()
    modules = {module for module, _ in listed}
    assert modules <= set(MODULES)
    there = {(mutant.module, mutant.label) for name in modules for mutant in source_of(name).mutants}
    assert sorted(set(listed) - there) == []
    assert [key for key, reason in listed.items() if len(reason) < 20] == []
