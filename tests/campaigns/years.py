"""A deterministic simulation of companies' years: edits, runs, repeats, crashes, restored backups.

A number is one company's life of a hundred steps. After every step the invariants are asserted (conservation,
append-only chain, closed cells, repeats, order of rows, late deltas, full returns, shares, frame, refused
runs, sheets = ledger), and every run is compared with the slow reference (``tests.reference``).
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from tests.campaigns.frame import Outcome
from tests.simulation.life import company_of, live, plan_of, shortened, story_of
from tests.simulation.steps import IN_A_WORKBOOK, IN_MEMORY

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 scratch of a test, in a folder of its own
IN_FILES = 200
"""Every so manieth life plays in a real workbook, which costs fifty times as much."""


class Lives(NamedTuple):
    """The lives of one seed, without end."""

    seed: int
    folder: Path
    total: int | None = None

    def one(self, number: int) -> Outcome:
        """Live one life; where it breaks, tell the shortest story of it."""
        in_file = number % IN_FILES == IN_FILES // 2
        if not in_file:
            return self._lived(number, None)
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            return self._lived(number, Path(folder))

    def _lived(self, number: int, folder: Path | None) -> Outcome:
        seed = self.seed << 32 | number
        often = IN_MEMORY if folder is None else IN_A_WORKBOOK
        made, planned = company_of(seed), plan_of(seed, often=often)
        lived = live(made, planned, folder=folder)
        counted = {"steps": lived.steps, **lived.counted}
        if folder is not None:
            counted["steps in a workbook"] = lived.steps
        if not lived.broken:
            return Outcome(counted)
        return Outcome(counted, story_of(*shortened(made, planned, folder), folder))


class _Campaign(NamedTuple):
    title: str = "Companies' years in random steps"
    unit: str = "lives"
    default_count: int = 10_000  # of a hundred steps
    block: int = 4

    def prepare(self, seed: int, folder: Path) -> Lives:
        """Make the folder of the workbooks, in memory where that can be."""
        base = MEMORY_DISK if MEMORY_DISK.is_dir() else folder
        here = Path(tempfile.mkdtemp(prefix="years-", dir=base))
        atexit.register(shutil.rmtree, here, ignore_errors=True)  # a forked worker ends without it
        return Lives(seed, here)


campaign = _Campaign()
