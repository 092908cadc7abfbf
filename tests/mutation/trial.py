"""Trying one mutant: a forked child becomes it and runs the tests that reach it, until one notices.

Whatever the parent has been through (mappings, threads, signals, a worker of a test run), the child begins
anew: it never frees what is the parent's, its limits count from where it starts, and a failure of this engine
itself is never taken for a test that noticed.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, NoReturn

from tests.mutation.checks import Check
from tests.mutation.live import Fails, NotAProgram, put_in
from tests.mutation.mutants import Mutant, Source

MEMORY = 2 << 30
"""Address space of a mutant beyond what it starts with, bytes: one that collects without end is stopped."""
ASLEEP = 300  # seconds after which a mutant that waits is stopped
_KILLED, _ALIVE, _REFUSED, _BROKEN = 1, 0, 3, 4
_STOPPING = (signal.SIGPROF, signal.SIGALRM)


class Verdict(NamedTuple):
    """How a mutant ended, and the place of the test that noticed it."""

    what: Literal["killed", "timed out", "alive", "no program"]
    by: int = -1


def allowed(seconds: float) -> float:
    """Give the processor time that a test of so many seconds may take."""
    return 1 + 10 * seconds


def tried(mutant: Mutant, source: Source, checks: Sequence[tuple[Check, float]]) -> Verdict:
    """Try a mutant against tests, each with its limit in seconds of processor time, in a process of its own.

    Raises ``RuntimeError`` where the mutant could not be put into the program at all.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if not child:
        os.close(reading)
        _become(mutant, source, checks, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    last = int.from_bytes(told[-4:], "big") if told else -1
    if os.WIFSIGNALED(status):
        return Verdict("timed out" if os.WTERMSIG(status) in _STOPPING else "killed", last)
    code = os.WEXITSTATUS(status)
    if code == _BROKEN:
        raise RuntimeError(f"{mutant} could not be tried:\n{told.decode(errors='replace')}")
    if code == _ALIVE:
        return Verdict("alive")
    return Verdict("no program") if code == _REFUSED else Verdict("killed", last)


def _become(mutant: Mutant, source: Source, checks: Sequence[tuple[Check, float]], writing: int) -> NoReturn:
    """Be the mutant, and leave with what came of it; never comes back."""
    code = _BROKEN
    try:
        _begin_anew()
        code = _with_change(mutant, source, checks, writing)
    except BaseException:  # noqa: BLE001 not the mutant's: the parent is told
        os.write(writing, traceback.format_exc()[-4096:].encode())
    finally:
        os._exit(code)


def _begin_anew() -> None:
    """Be quiet, keep the parent's objects as they are, and be stoppable."""
    gc.freeze()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
    signal.alarm(ASLEEP)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wished = _memory_bytes() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (wished if hard < 0 else min(wished, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    warnings.simplefilter("error")
    sys.settrace(None)


def _memory_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _with_change(mutant: Mutant, source: Source, checks: Sequence[tuple[Check, float]], writing: int) -> int:
    try:
        put_in(mutant, source)
    except NotAProgram:
        return _REFUSED
    except Fails:
        return _KILLED
    try:
        for place, (check, seconds) in enumerate(checks):
            os.write(writing, place.to_bytes(4, "big"))
            signal.setitimer(signal.ITIMER_PROF, seconds)  # of processor time: others work here too
            check.call()
    except BaseException:  # noqa: BLE001 whatever it is, somebody noticed
        return _KILLED
    return _ALIVE
