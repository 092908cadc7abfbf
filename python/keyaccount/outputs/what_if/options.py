"""The command line's scenarios: ``--scenario``, ``--set`` and ``--plan``, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from keyaccount.outputs.what_if.plan_workbook import read_plan
from keyaccount.outputs.what_if.scenario import Change, Scenario, parse_changes
from keyaccount.translation import Language

Given = Sequence[tuple[str, str]]
"""(option, value): ("scenario", "Cautious"), ("set", "advance_rate=0.7"), ("plan", "changes.xlsx")."""


def scenarios_of(given: Given, language: Language = "en") -> list[Scenario]:
    """Put together what belongs together: each ``--scenario`` begins one; a ``--plan`` before any is its own.

    ``--set`` without a scenario before it makes one of all of them. Raises ``UsageError``, ``FileProblem`` or
    ``ProblemsFound``.
    """
    scenarios: list[tuple[str, list[Change]]] = []
    loose: list[Change] | None = None
    named = False
    for option, value in given:
        if option == "scenario":
            scenarios.append((value, []))
            named = True
        elif option == "plan" and not named:
            plan = read_plan(Path(value), language=language)
            scenarios.append((plan.name, list(plan.changes)))
        else:
            changes = (
                read_plan(Path(value), language=language).changes
                if option == "plan"
                else parse_changes(value).changes
            )
            if named:
                scenarios[-1][1].extend(changes)
                continue
            if loose is None:
                loose = []
                scenarios.append(("", loose))
            loose.extend(changes)
    for name, made in scenarios:
        if not made:
            parse_changes("", name)  # says that nothing is changed
    return [Scenario(name, tuple(made)) for name, made in scenarios]
