"""Fuzzing: variants of a small demo workbook through the program's own commands, and a judge of the money.

A variant is mutated at one of four levels: the bytes of the zip, the XML of a part, single cells, whole rows
and sheets. Every one must end with exit code 0, 1 or 5 (3 where the plan's order refuses the run), within
15 s and 1 GiB, without a traceback or a signal, its bytes unchanged where the code is not 0; and what is
taken must show what it says: the figures are those of the slow reference (``tests.reference``) over the
rows that the mutator knows, or that a second reader sees.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from tests.campaigns.frame import Outcome
from tests.campaigns.fuzzing.books import bases
from tests.campaigns.fuzzing.child import Child, Trial

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 scratch of a test, in a folder of its own


class Variants:
    """The variants of one seed, without end."""

    total: int | None = None

    def __init__(self, seed: int, folder: Path) -> None:
        """Make the workbooks that are mutated, and run each command once."""
        here = Path(tempfile.mkdtemp(prefix="fuzz-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else folder))
        atexit.register(shutil.rmtree, here, ignore_errors=True)  # a forked worker ends without it
        self.trial = Trial(seed, bases(here), here)
        self._child = Child(self.trial)

    def one(self, number: int) -> Outcome:
        """Try a variant."""
        counted, wrong = self._child.one(number)
        return Outcome(counted, wrong)


class Fuzz:
    """The campaign."""

    title = "Fuzzed variants of the demo"
    unit = "variants"
    default_count = 100_000

    def prepare(self, seed: int, folder: Path) -> Variants:
        """Make the workbooks."""
        return Variants(seed, folder)


campaign = Fuzz()
