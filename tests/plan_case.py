"""The plan's cases (plan_cases/*.yaml) as they are read: the workbook a case plays in, and its steps.

Its tables are plain rows (``Case.tables_at``): a test can type them for the core (``inputs_of``) or write
them into a workbook.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.plan_case_rows import (
    FORMS,
    CaseError,
    Tables,
    inputs_of,
    rate_of,
    replace_or_add,
    row_of,
    without,
)

__all__ = ["CASES", "Case", "Step", "all_cases", "cases_of", "inputs_of", "rate_of", "row_of"]
CASES = Path(__file__).parent / "plan_cases"


@dataclass(frozen=True)
class Step:
    """Edits of the tables, then a run (``""``: none), then what is expected of it."""

    number: int
    edit: Tables
    remove: dict[str, list[list[str]]]
    run: str
    people: dict[str, str]  # salesperson ID -> "paid 8000.00, withheld 2000.00"
    expected: dict[str, object]
    key_account: str = ""  # the share test of §2.1 in place of a run

    @property
    def title(self) -> str:
        """Name the step in messages."""
        return f"{self.number}. {self.run or self.key_account or 'edit'}"


@dataclass(frozen=True)
class Case:
    """One case: a sentence of the plan, the workbook it plays in, and what happens step by step."""

    file: str
    name: str
    clause: str
    covers: tuple[str, ...]
    because: str
    tables: Tables
    steps: tuple[Step, ...]

    def tables_at(self, number: int) -> Tables:
        """Give the tables as they stand when step ``number`` (from 1) runs."""
        tables = {table: list(rows) for table, rows in self.tables.items()}
        for step in self.steps[:number]:
            for table, keys in step.remove.items():
                for key in keys:
                    tables[table] = without(tables.get(table, []), table, key)
            for table, rows in step.edit.items():
                for row in rows:
                    replace_or_add(tables.setdefault(table, []), table, row)
        return tables


def all_cases() -> list[Case]:
    """Read every case of plan_cases, in the order of files and lines."""
    files = [path for path in sorted(CASES.glob("*.yaml")) if path.name != "sentences.yaml"]
    return [case for path in files for case in cases_of(path.stem, path.read_text("utf-8"))]


def cases_of(file: str, text: str) -> list[Case]:
    """Read the cases of one file."""
    document = yaml.load(text, yaml.BaseLoader)  # noqa: S506 BaseLoader makes text, lists and mappings only
    company = _tables(document["company"], f"{file}: company")
    return [_case(file, company, raw) for raw in document["cases"]]


def _case(file: str, company: Tables, raw: Mapping[str, object]) -> Case:
    name = str(raw.get("name", "?"))
    where = f"{file}: {name}"
    known = {"name", "clause", "covers", "because", "steps", *FORMS}
    if unknown := set(raw) - known:
        raise CaseError(f"{where}: unknown {', '.join(sorted(unknown))}")
    if missing := {"name", "clause", "covers", "because", "steps"} - set(raw):
        raise CaseError(f"{where}: without {', '.join(sorted(missing))}")
    own = _tables({key: value for key, value in raw.items() if key in FORMS}, where)
    steps = raw["steps"]
    if not isinstance(steps, list):
        raise CaseError(f"{where}: steps are a list")
    return Case(
        file,
        name,
        str(raw["clause"]),
        tuple(_listed(raw["covers"])),
        str(raw["because"]),
        {**company, **own},
        tuple(_step(number, step, where) for number, step in enumerate(steps, 1)),
    )


KEEPING = ("scores", "reviews", "recognised")
"""What a step may expect of the result sheets of keeping the accounts."""
EXPECTATIONS = {"books", "pays", "entries", "problems", "no problem", "refused", "keeps", "is", *KEEPING}


def _step(number: int, raw: Mapping[str, object], where: str) -> Step:
    where = f"{where}, step {number}"
    edit, remove = raw.get("edit", {}), raw.get("remove", {})
    if not isinstance(edit, dict) or not isinstance(remove, dict):
        raise CaseError(f"{where}: edit and remove name tables")
    rest = {key: value for key, value in raw.items() if key not in {"edit", "remove", "run", "key account"}}
    people = {key: str(value) for key, value in rest.items() if re.fullmatch(r"S\d+", key)}
    expected = {key: value for key, value in rest.items() if key not in people}
    if unknown := set(expected) - EXPECTATIONS:
        raise CaseError(f"{where}: unknown {', '.join(sorted(unknown))}")
    return Step(
        number,
        _tables(edit, where),
        {table: [shlex.split(key) for key in _listed(keys)] for table, keys in remove.items()},
        str(raw.get("run", "")),
        people,
        expected,
        str(raw.get("key account", "")),
    )


def _tables(raw: Mapping[str, object], where: str) -> Tables:
    if unknown := set(raw) - set(FORMS):
        raise CaseError(f"{where}: unknown table {', '.join(sorted(unknown))}")
    try:
        return {table: [row_of(table, text) for text in _listed(rows)] for table, rows in raw.items()}
    except CaseError as problem:
        raise CaseError(f"{where}: {problem}") from problem


def _listed(raw: object) -> list[str]:
    if isinstance(raw, list):
        return [str(item) for item in raw]
    return [str(raw)] if raw else []
