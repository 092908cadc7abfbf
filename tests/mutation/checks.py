"""The tests as plain calls: each function without fixtures (or with tmp_path), a call a parameter set.

They run in the process itself, a millisecond each, so that a mutant is tried in the time of a few of them.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

REFERENCE_COMPANIES = 12


@dataclass(frozen=True, eq=False)
class Check:
    """A test as a call; ``source``: what it stands in, by whose text it is known to be unchanged."""

    name: str
    call: Callable[[], object]
    source: str
    searches: bool = False


def checks_of(modules: tuple[str, ...], *, searching: bool) -> list[Check]:
    """Give the tests of modules as calls, in the order of the text; those that search only if asked for."""
    found = [check for name in modules for check in _of_module(importlib.import_module(name))]
    return [check for check in found if searching or not check.searches]


def reference_checks(count: int = REFERENCE_COMPANIES) -> list[Check]:
    """Compare the core with the slow reference, a random company a check."""
    return [Check(f"reference {seed}", _Compared(seed), "reference") for seed in range(count)]


@dataclass(frozen=True)
class _Compared:
    seed: int

    def __call__(self) -> None:
        from tests.side_by_side import compare  # imports hypothesis' strategies under the profile in force

        _, difference = compare(self.seed)
        assert not difference, difference


def _of_module(module: ModuleType) -> Iterator[Check]:
    text = Path(str(module.__file__)).read_text(encoding="utf-8")
    for name, function in vars(module).items():
        if not name.startswith("test_") or not inspect.isfunction(function):
            continue
        searches = hasattr(function, "hypothesis")
        for label, values in _parameter_sets(function):
            missing = set() if searches else set(inspect.signature(function).parameters) - set(values)
            if missing <= {"tmp_path"}:
                call = _in_folder(function, values) if missing else _call(function, values)
                yield Check(f"{module.__name__}::{name}{label}", call, text, searches)


def _call(function: Callable[..., object], values: dict[str, Any]) -> Callable[[], object]:
    return lambda: function(**values)


def _in_folder(function: Callable[..., object], values: dict[str, Any]) -> Callable[[], object]:
    def call() -> None:
        with tempfile.TemporaryDirectory() as folder:
            function(**values, tmp_path=Path(folder))

    return call


def _parameter_sets(function: Callable[..., object]) -> Iterator[tuple[str, dict[str, Any]]]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    if any(mark.name == "slow" for mark in getattr(function, "pytestmark", [])):
        return
    sets: list[list[dict[str, Any]]] = []
    for mark in marks:
        names, rows = mark.args[0], mark.args[1]
        names = [one.strip() for one in names.split(",")] if isinstance(names, str) else [*names]
        sets.append([_named(names, row) for row in rows])
    for chosen in itertools.product(*sets):
        values = {name: value for part in chosen for name, value in part.items()}
        yield (f"[{'-'.join(map(_label, values.values()))}]" if values else ""), values


def _label(value: object) -> str:
    """Write a parameter; a plan case by all that it says."""
    return repr(value)


def _named(names: list[str], row: Any) -> dict[str, Any]:  # noqa: ANN401 a parameter set of any kind
    if type(row).__name__ == "ParameterSet":
        row = row.values
    elif len(names) == 1:
        row = (row,)
    return dict(zip(names, row, strict=True))
