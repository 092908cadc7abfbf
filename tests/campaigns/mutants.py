"""Mutation testing of the core: every small change of its source must be noticed by a test.

A mutant is tried in a forked child: the function's code is exchanged in the warm program, and only the tests
that reach the changed lines run, quickest first, until one fails. What stays alive is listed with its reason
in ``mutants_alive.yaml``; a listed mutant that is killed, or is no more, is a failure.
"""

from __future__ import annotations

import importlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import yaml
from hypothesis import HealthCheck, Phase, settings

from tests.campaigns.frame import Outcome, Report
from tests.mutation.checks import Check, checks_of, reference_checks
from tests.mutation.mutants import PACKAGE, Mutant, Source, source_of
from tests.mutation.reach import Reach, Reaching, core_files, reach_of
from tests.mutation.trial import allowed, tried

ALIVE = Path(__file__).with_name("mutants_alive.yaml")
KEPT = PACKAGE.parent.parent / ".campaigns" / "mutants-reach.json"
"""Which test reaches which line, as it was recorded."""
MODULES = tuple(
    f"keyaccount.{name}"
    for name in (
        "money",
        "periods",
        "ledger",
        "booking",
        "settlement",
        *(f"clauses.{path.stem}" for path in sorted((PACKAGE / "clauses").glob("[a-z]*.py"))),
    )
)
TOO_SLOW = 1.0
"""Seconds: a test that takes longer is left out."""
TESTS = (
    "tests.test_money",
    "tests.test_periods",
    "tests.test_plan_cases_shown",
    "tests.test_ledger",
    "tests.test_faults_of_small_tables",
    "tests.test_log_checks",
    "tests.test_next_due",
    "tests.test_reminders",
    "tests.test_approvals",
    "tests.test_objections",
    "tests.test_proofs",
    "tests.test_sights",
    "tests.test_clauses",
    "tests.test_checks_at_edges",
    "tests.test_clawbacks",
    "tests.test_clauses_of_keeping",
    "tests.test_net_sales",
    "tests.test_settlement",
    "tests.test_results",
)


def alive_with_reason(path: Path = ALIVE) -> dict[tuple[str, str], str]:
    """Read the survivors: module and label of each, and why nothing can notice it."""
    listed = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    return {
        (f"keyaccount.{module}", label): str(group["because"])
        for module, groups in listed.items()
        for group in groups
        for label in group["mutants"]
    }


@dataclass(frozen=True)
class Mutants:
    """The campaign; ``searching``: also the tests that search (hypothesis, the reference)."""

    modules: tuple[str, ...] = MODULES
    tests: tuple[str, ...] = TESTS
    searching: bool = True
    kept: Path | None = KEPT
    title: str = "Changes of the core's source, each against the tests that reach it"
    unit: str = "mutants"
    default_count: int = 1_000_000
    most_failures: int = 1_000_000  # all survivors are of interest, not only that there are some

    def prepare(self, seed: int, folder: Path) -> Ready:
        """Find the mutants and record which test reaches which line."""
        del folder  # what is recorded holds for every seed
        if self.searching:
            _search_little()
        os.environ["LANGUAGE"] = "en"
        for name in self.modules:
            importlib.import_module(name)
        found = checks_of(self.tests, searching=self.searching)
        found += reference_checks() if self.searching else []
        sources = [source_of(name) for name in self.modules]
        reached = reach_of(found, core_files(self.modules), self.kept)
        reached = {name: one for name, one in reached.items() if one.seconds < TOO_SLOW}
        return Ready(seed, sources, {check.name: check for check in found}, reached)

    def summary(self, report: Report) -> Iterator[str]:
        """Give the share that was killed, of each group of modules and of all."""
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for name, number in report.counted.items():
            module, colon, what = name.partition(": ")
            if colon:
                for group in (module.partition(".")[0], "all"):
                    groups[group]["killed" if what == "timed out" else what] += number
        for group in sorted(groups, key=lambda name: (name == "all", name)):
            found = groups[group]
            reason, unexplained = found["alive, with a reason"], found["alive, unexplained"]
            whole = found["killed"] + reason + unexplained
            yield (
                f"{group}: {found['killed'] / max(whole, 1):.1%} killed ({found['killed']:,} of {whole:,}); "
                f"alive with a reason {reason:,}, alive and unexplained {unexplained:,}"
            )


def _search_little() -> None:
    """Let properties try the same few examples each time, without simplifying what fails."""
    settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        max_examples=4,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    settings.load_profile("mutants")


class Ready:
    """The campaign made warm."""

    def __init__(
        self,
        seed: int,
        sources: list[Source],
        checks: Mapping[str, Check],
        reached: Mapping[str, Reach],
    ) -> None:
        """Put the mutants in the seed's order; raises ValueError for a listed one that is no more."""
        self._checks, self._reached, self._reaching = checks, reached, Reaching(reached)
        self._sources = {source.module: source for source in sources}
        self.mutants = [mutant for source in sources for mutant in source.mutants]
        self._reasons = {
            key: reason for key, reason in alive_with_reason().items() if key[0] in self._sources
        }
        gone = set(self._reasons) - {(mutant.module, mutant.label) for mutant in self.mutants}
        if gone:
            lines = "\n".join(f"{module}: {label}" for module, label in sorted(gone))
            raise ValueError(f"{ALIVE.name} lists mutants that are no more:\n{lines}")
        Random(seed).shuffle(self.mutants)
        self._noticed: dict[tuple[str, str], list[str]] = defaultdict(list)

    @property
    def total(self) -> int:
        """How many mutants there are."""
        return len(self.mutants)

    def one(self, number: int) -> Outcome:
        """Try a mutant; alive without a reason, or killed in spite of one, is a failure."""
        mutant = self.mutants[number]
        verdict = self.verdict(mutant)
        module = mutant.module.removeprefix("keyaccount.")
        reason = self._reasons.get((mutant.module, mutant.label))
        what = f"alive, {'with a reason' if reason else 'unexplained'}" if verdict == "alive" else verdict
        failed = None
        if verdict == "alive" and not reason:
            failed = f"no test notices {mutant}"
        elif verdict != "alive" and reason:
            failed = f"{ALIVE.name} lists a mutant that is noticed: {mutant}"
        return Outcome({what: 1, f"{module}: {what}": 1}, failed)

    def verdict(self, mutant: Mutant) -> str:
        """Try a mutant against the tests that reach it; what noticed its neighbours comes first."""
        names = self._reaching.tests(mutant, self._sources[mutant.module].spans.get(mutant.function))
        before, around = self._noticed[mutant.module, mutant.function], self._noticed[mutant.module, ""]
        first = [*before, *around]
        names.sort(key=lambda name: first.index(name) if name in first else len(first))
        tests = [(self._checks[name], allowed(self._reached[name].seconds)) for name in names]
        verdict = tried(mutant, self._sources[mutant.module], tests)
        if verdict.what == "killed" and verdict.by >= 0:
            name = names[verdict.by]
            for noticed in (before, around):
                noticed[:] = [name, *(one for one in noticed if one != name)][:20]
        return verdict.what


campaign = Mutants()
