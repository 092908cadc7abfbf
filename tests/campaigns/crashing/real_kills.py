"""Real kills: the command line in a process of its own, killed from outside, with its child or without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.campaigns.crashing.acting import ENVIRONMENT
from tests.campaigns.crashing.trials import Files, Played, again_wrong, files_in, files_wrong, set_up
from tests.crashing import Ended

KILLED = ("settle", "settle --backup 2, two there", "settle through a link")
LONGEST = 60.0
_PERIOD = 0.0005


def killed(plays: Sequence[Played], here: Path, random: Random) -> tuple[dict[str, int], str]:
    """Start a settlement, kill it at a random moment, judge what is left, settle again."""
    play = random.choice([each for each in plays if each.scene.name in KILLED])
    folder = here / f"kill-{os.getpid()}"
    set_up(folder, play.before)
    moment = _killed(play, folder, random)
    found = files_in(folder)
    counted = {"real kills": 1, f"real kills: {moment}": 1}
    wrong = files_wrong(play, found)
    if wrong:
        return counted, f"{play.scene.name}, a real kill: {wrong}: {_sizes(found)}"
    done = _start(play, folder)
    said, _ = done.communicate(timeout=LONGEST)
    ended = Ended(done.returncode, 0, said.decode(errors="replace"))
    return counted, again_wrong(play, ended, files_in(folder))


def _start(play: Played, folder: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "keyaccount", *play.scene.command, "--json"]
    return subprocess.Popen(
        words,
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def _killed(play: Played, folder: Path, random: Random) -> str:
    """Kill it a moment after its lock, or what it writes to first, is there; says what was killed."""
    sign, longest = random.choice(
        (("keyaccount-lock", 0.6), (".keyaccount-new", 0.02), (".keyaccount-new", 0.004))
    )
    whole = random.random() < 0.5  # else the child that works is left to itself
    process = _start(play, folder)
    until = time.monotonic() + LONGEST
    while process.poll() is None and time.monotonic() < until:
        if any(sign in path.name for path in _place(play, folder).iterdir()):
            break
        time.sleep(_PERIOD)
    time.sleep(random.random() * longest)
    over = process.poll() is not None
    try:
        (os.killpg if whole else os.kill)(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        over = True
    process.communicate(timeout=LONGEST)  # its output ends when the last of its processes has
    return "it was over" if over else "with its child" if whole else "its child was left to itself"


def _place(play: Played, folder: Path) -> Path:
    return folder / "share" if play.scene.links else folder


def _sizes(found: Files) -> dict[str, int]:
    return {name: len(each.content) for name, each in found.items()}
