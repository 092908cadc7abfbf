"""Crashes on purpose: every step by which a command writes to a folder is counted; one of them goes wrong.

``steps_of`` runs something in a forked child and gives the steps that it takes on the disk: opening for
writing, each write, flush, change of length, mode, owner or name. ``crashed`` runs it again and has one step
go wrong: the process dies before, after or in the middle of it, the disk is full from there on, it reports an
error (once, from there on, or although it has done what it was asked), a right is missing, Ctrl-C comes. A
child is forked from the warm process: a trial costs no start of Python. ``tests.power`` replays the steps for
a loss of power.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.disk_steps import Disk, How, Step

UNFORESEEN = 99
"""The exit code of a child whose act raised what no command raises."""
LONGEST = 120
"""Seconds after which SIGALRM ends a child: it hangs."""


class Ended(NamedTuple):
    """How a child ended: its exit code, or the signal that ended it; what it said."""

    code: int
    signal: int
    said: str


def steps_of(act: Callable[[], int], folder: Path) -> tuple[Ended, list[Step]]:
    """Run something in a child: how it ended, and each step that it took on the folder's disk."""
    with tempfile.TemporaryDirectory() as elsewhere:
        note = Path(elsewhere) / "steps"
        disk = Disk(folder, keep=True)
        ended = _in_a_child(act, disk, lambda: note.write_bytes(pickle.dumps(disk.steps)))
        return ended, pickle.loads(note.read_bytes()) if note.exists() else []  # noqa: S301 our own


def crashed(act: Callable[[], int], folder: Path, at: int, how: How) -> Ended:
    """Run something in a child, and have one of its steps go wrong."""
    return _in_a_child(act, Disk(folder, at, how), lambda: None)


def _in_a_child(act: Callable[[], int], disk: Disk, last: Callable[[], object]) -> Ended:
    """Fork; the child acts, says how it went, and is gone without any further ado."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if not child:
            _act(act, disk, last, said.fileno())
        _, status = os.waitpid(child, 0)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if os.WIFSIGNALED(status):
        return Ended(-1, os.WTERMSIG(status), text)
    return Ended(os.WEXITSTATUS(status), 0, text)


def _act(act: Callable[[], int], disk: Disk, last: Callable[[], object], said: int) -> None:
    code = UNFORESEEN
    try:
        for handle in (1, 2):
            os.dup2(said, handle)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 as long as the child lives
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.alarm(LONGEST)
        gc.disable()
        with disk.watched():
            code = act()
        last()
    except BaseException:  # noqa: BLE001 told by the code and by what stands in the output
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
