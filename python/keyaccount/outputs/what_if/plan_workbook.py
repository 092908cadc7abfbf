"""A plan workbook: changes of the plan as rows of Policies, Tiers, Scorecard and Bands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from keyaccount import tables
from keyaccount.money import number_text
from keyaccount.outputs.what_if.scenario import Change, Scenario
from keyaccount.problems import Listed, Problem, ProblemsFound, SheetName
from keyaccount.tables import Located, ReadBook
from keyaccount.translation import Language
from keyaccount.wording import Wording
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook

PLAN_TABLES = (tables.POLICIES.name, tables.TIERS.name, tables.SCORECARD.name, tables.BANDS.name)


def read_plan(path: Path, name: str = "", language: Language = "en") -> Scenario:
    """Read a plan workbook's rows as a scenario, named like the file unless ``name`` says otherwise.

    The sheets are those of the plan workbook itself, in either language; a row with an Effective From holds
    from that day on. Raises ``FileProblem`` for a file that cannot be read, and ``ProblemsFound`` for a
    value that cannot, or where no row changes anything.
    """
    with Package.open(path) as package:
        read = read_workbook(package)
    wrong = [
        each for each in read.problems if each.severity == "error" and each.table in PLAN_TABLES and each.row
    ]
    if wrong:
        raise _unreadable(path, read, wrong[0], language)
    changes = tuple(_changes(read))
    if not changes:
        raise ProblemsFound(
            "{file} changes nothing.",
            "Give it rows on one of these sheets: {sheets}.",
            file=path.name,
            sheets=Listed(map(SheetName, PLAN_TABLES)),
        )
    return Scenario(name or path.stem, changes)


def _unreadable(path: Path, read: ReadBook, problem: Problem, language: Language) -> ProblemsFound:
    place = read.located.get(problem.table, Located(problem.table, 1))
    wording = Wording(language, read.language)
    sentence = wording.text(problem.problem, problem.details, problem.table)
    return ProblemsFound(
        "{file}, {sheet}!{cell}: {value} cannot be taken ({problem})",
        "Correct the cell.",
        file=path.name,
        sheet=place.title,
        cell=place.cell(problem.row, problem.column),
        value=problem.value or "–",
        problem=sentence,
    )


def _changes(read: ReadBook) -> Iterator[Change]:
    inputs = read.inputs
    for policy in inputs.policies:
        yield Change(policy.policy, policy.value, policy.effective_from)
    for tier in inputs.tiers:
        yield Change(f"tiers.{tier.tier}", number_text(tier.rate), tier.effective_from, rank=tier.rank)
    for rule in inputs.scorecard:
        name = f"weights.{rule.measure.replace(' ', '_')}"
        yield Change(name, number_text(rule.weight), rule.effective_from, threshold=rule.threshold)
    for band in inputs.bands:
        name = f"bands.{number_text(band.score_from)}"
        yield Change(name, number_text(band.coefficient), band.effective_from)
