"""A life: one random company from its first day through many steps; replayed, told and made short."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from tests import companies
from tests.company import TABLES, Company
from tests.simulation.in_files import Workbook, crash_in, verify_in
from tests.simulation.running import Runner, in_memory
from tests.simulation.steps import IN_MEMORY, Step, crash, look
from tests.simulation.story import told, written
from tests.simulation.world import World

STEPS = 100
LINES = (3, 8, 8, 15)
SHRINKING = 20.0
"""Seconds of work that may go into making a failure short."""
Planned = tuple[Step, int]
"""A step and the seed of its random numbers."""


@dataclass
class Lived:
    """What a life came to: how many steps of which kind, and where it broke."""

    steps: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    broken: str = ""
    story: list[str] = field(default_factory=list)


def company_of(seed: int) -> Company:
    """Make the company of a life."""
    random = Random(f"company {seed}")
    made = companies.company(random, errors=False, most=random.choice(LINES))
    return replace(made, years=max(made.years, 2))


def plan_of(seed: int, steps: int = STEPS, often: Mapping[Step, int] = IN_MEMORY) -> list[Planned]:
    """Plan the steps of a life."""
    random = Random(f"steps {seed}")
    kinds = random.choices([*often], [*often.values()], k=steps)
    return [(kind, random.getrandbits(32)) for kind in kinds]


def live(
    made: Company, planned: Sequence[Planned], *, folder: Path | None = None, telling: bool = False
) -> Lived:
    """Go through a life; the first broken invariant, or any exception, ends it.

    ``folder``: live in a workbook there, not in memory.
    """
    world, lived = World(made), Lived()
    runner, instead = _place(world, folder)
    for step, own in planned:
        before = world.now.copy() if telling else None
        world.told.clear()
        try:
            instead.get(step, step)(world, Random(own), runner)
            world.must_be_whole()
        except Exception as problem:  # noqa: BLE001 whatever it is, the story tells how to come there
            lived.broken = said(problem)
        lived.steps += 1
        lived.counted[step.__name__.replace("_", " ")] += 1
        if before is not None:
            lived.story += told(lived.steps, world.told or [step.__name__], before, world.now)
        if lived.broken:
            break
    lived.counted.update(world.counted)
    return lived


def _place(world: World, folder: Path | None) -> tuple[Runner, Mapping[Step, Step]]:
    """Give where a life plays: who runs, and which steps are others there."""
    if folder is None:
        return in_memory, {}
    workbook = Workbook(world, folder)
    return workbook.runner, {crash: crash_in(workbook), look: verify_in(workbook)}


def said(problem: Exception) -> str:
    """Say what broke: the sentence of an invariant, or where an exception came from."""
    if isinstance(problem, AssertionError) and str(problem):
        return str(problem)
    return "".join(traceback.format_exception(problem)[-4:])


def shortened(
    made: Company, planned: Sequence[Planned], folder: Path | None = None, seconds: float = SHRINKING
) -> tuple[Company, list[Planned]]:
    """Leave out steps and rows that a failure does not need, as far as one comes in some seconds."""
    first = live(made, planned, folder=folder)
    end, left = time.process_time() + seconds, [*planned][: first.steps]

    def breaks(company: Company, steps: Sequence[Planned]) -> int:
        tried = live(company, steps, folder=folder)
        return tried.steps if kind_of(tried.broken) == kind_of(first.broken) else 0

    size = max(len(left) // 2, 1)
    while size and time.process_time() < end:
        at = 0
        while at < len(left) and time.process_time() < end:
            fewer = left[:at] + left[at + size :]
            if steps := breaks(made, fewer):
                left = fewer[:steps]
            else:
                at += size
        size //= 2
    for table in TABLES:
        for row in getattr(made, table):
            fewer_rows = made.copy()
            setattr(fewer_rows, table, [each for each in getattr(made, table) if each is not row])
            if time.process_time() < end and breaks(fewer_rows, left):
                made = fewer_rows
    return made, left


def kind_of(broken: str) -> str:
    """Give the beginning of what broke, which is the same for the same fault."""
    return broken.splitlines()[0][:24] if broken else ""


def story_of(made: Company, planned: Sequence[Planned], folder: Path | None = None) -> str:
    """Tell a life that breaks: what broke, the rows at the beginning, then step by step."""
    lived = live(made, planned, folder=folder, telling=True)
    rows = [f"     {table}: {written(row)}" for table in TABLES for row in getattr(made, table)]
    return "\n".join([lived.broken, "The company:", *rows, *lived.story])
