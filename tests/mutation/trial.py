"""Trying one mutant: a forked child becomes it and runs the tests that reach it, until one notices."""

from __future__ import annotations

import os
import resource
import signal
import sys
import warnings
from collections.abc import Sequence
from typing import Literal, NamedTuple

from tests.mutation.checks import Check
from tests.mutation.live import NotAProgram, put_in
from tests.mutation.mutants import Mutant, Source

MEMORY = 6 << 30
"""Address space of a mutant, bytes: one that collects without end is stopped by it."""
ASLEEP = 300  # seconds after which a mutant that waits is stopped
_KILLED, _ALIVE, _REFUSED = 1, 0, 3


class Verdict(NamedTuple):
    """How a mutant ended, and the place of the test that noticed it."""

    what: Literal["killed", "timed out", "alive", "no program"]
    by: int = -1


def tried(mutant: Mutant, source: Source, checks: Sequence[tuple[Check, float]]) -> Verdict:
    """Try a mutant against tests with their time limits, in a process of its own."""
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
        return Verdict("timed out" if os.WTERMSIG(status) == signal.SIGPROF else "killed", last)
    code = os.WEXITSTATUS(status)
    if code == _ALIVE:
        return Verdict("alive")
    return Verdict("no program") if code == _REFUSED else Verdict("killed", last)


def _become(mutant: Mutant, source: Source, checks: Sequence[tuple[Check, float]], writing: int) -> None:
    """Be the mutant, and leave with what came of it; never comes back."""
    code = _KILLED
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.alarm(ASLEEP)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        warnings.simplefilter("error")
        sys.settrace(None)
        put_in(mutant, source)
        for place, (check, seconds) in enumerate(checks):
            os.write(writing, place.to_bytes(4, "big"))
            signal.setitimer(signal.ITIMER_PROF, 1 + 10 * seconds)  # of processor time: others work here too
            check.call()
        code = _ALIVE
    except NotAProgram:
        code = _REFUSED
    except BaseException:  # noqa: BLE001 whatever it is, somebody noticed
        code = _KILLED
    finally:
        os._exit(code)
