"""Crashes at every step by which a command writes to the disk, and losses of power after it.

Each command that writes is run on workbooks of small random companies: once as it is, then again and again,
and each time another of its steps goes wrong in another way (``tests.disk_steps``), or the power goes
(``tests.power``). Whatever is left must be the old files or the whole new ones, byte for byte; what the exit
code says must be so; and the same command run again must come to exactly what it comes to undisturbed, with
nothing left lying about. Now and then the real command line is killed from outside at a random moment.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.campaigns.crashing.acting import Recall, encrypting_alike
from tests.campaigns.crashing.proofs import proved
from tests.campaigns.crashing.real_kills import killed
from tests.campaigns.crashing.scenes import Scene, scenes
from tests.campaigns.crashing.trials import Played, Point, Stage, played
from tests.campaigns.frame import Outcome
from tests.workbook.books import Language

MEMORY_DISK = Path("/dev/shm")  # noqa: S108 scratch of a test, in a folder of its own
STRIDE = 7919
"""Numbers walk through the points in steps of this prime, so that a short campaign meets all of them."""
EVERY = 300
"""After so many points comes a real kill, which takes as long as a hundred of them."""


class Crashes:
    """Every point of every scene of some companies, then real kills."""

    def __init__(self, seed: int, folder: Path, companies: int) -> None:
        """Play each scene once, and list its points."""
        self._here = Path(
            tempfile.mkdtemp(prefix="crashes-", dir=MEMORY_DISK if MEMORY_DISK.is_dir() else folder)
        )
        atexit.register(shutil.rmtree, self._here, ignore_errors=True)  # a forked worker ends without it
        self._seed, self._recall = seed, Recall()
        self.plays = [self._play(scene) for number in range(companies) for scene in self._scenes(number)]
        self.points: list[Point] = [p for number, play in enumerate(self.plays) for p in play.points(number)]
        assert len(self.points) % STRIDE, "each point is met once"
        self._stages: dict[int, Stage] = {}
        gc.freeze()

    def _scenes(self, number: int) -> list[Scene]:
        language: Language = "zh" if (self._seed + number) % 2 == 0 else "en"
        return list(scenes(self._here, Random(f"{self._seed}-{number}"), language))

    def _play(self, scene: Scene) -> Played:
        play = played(scene, self._here / "play", self._recall)
        proved(play)
        return play

    @property
    def total(self) -> int:
        """How many points there are, and real kills between them."""
        return len(self.points) * (EVERY + 1) // EVERY

    def point(self, number: int) -> Point:
        """Give the point of a number."""
        return self.points[(number - number // (EVERY + 1)) * STRIDE % len(self.points)]

    def one(self, number: int) -> Outcome:
        """Try a point, or a real kill."""
        if number % (EVERY + 1) == EVERY:
            counted, wrong = killed(self.plays, self._here, Random(f"{self._seed}-kill-{number}"))
            return Outcome(counted, wrong or None)
        point = self.point(number)
        counted, wrong = self._stage.tried(self.plays[point.scene], point)
        return Outcome(counted, wrong or None)

    @property
    def _stage(self) -> Stage:
        """The folder of this process."""
        if os.getpid() not in self._stages:
            folder = self._here / str(os.getpid())
            self._stages[os.getpid()] = Stage(folder, self._recall, str(self._seed))
        return self._stages[os.getpid()]


class _Campaign(NamedTuple):
    title: str = "Crashes at every step of writing, losses of power, and real kills"
    unit: str = "crashes"
    default_count: int = 1_000_000  # all there are
    companies: int = 1  # another seed makes others

    def prepare(self, seed: int, folder: Path) -> Crashes:
        """Make the workbooks, and run each command once."""
        with encrypting_alike():
            return Crashes(seed, folder, self.companies)


campaign = _Campaign()
