"""A warm child process that tries variants under limits, and is watched: a death or a standstill is told."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import itertools
import multiprocessing
import os
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from keyaccount import cli
from keyaccount.workbook import limits
from tests.campaigns.fuzzing.books import Base
from tests.campaigns.fuzzing.cells import CELLS
from tests.campaigns.fuzzing.judge import Ran, Variant, judge
from tests.campaigns.fuzzing.markup import MARKUP
from tests.campaigns.fuzzing.sheets import SHEETS
from tests.campaigns.fuzzing.zips import ZIPS

LEVELS = {"zip": ZIPS, "parts": MARKUP, "cells": CELLS, "sheets": SHEETS}
WEIGHTS = (2, 5, 4, 3)
ENVIRONMENT = {"KEYACCOUNT_DEBUG": "1", "SOURCE_DATE_EPOCH": "1767225600", "LANGUAGE": "en"}
MEMORY = 1 << 30
SECONDS = 15
GRACE = 10
COLLECTED = 50
"""After so many variants the garbage is collected: by the way it would cost a tenth."""
COMMANDS = {"preview": 12, "run": 1, "check": 1}
"""How often each is tried: a run that is written costs four times what calculating it costs."""
BASES = (6, 1, 6, 1)
TIMES = (0.05, 0.2, 1.0, 5.0, 15.0)
Answer = tuple[dict[str, int], str | None]


class Trial:
    """Tries variants in this process."""

    def __init__(self, seed: int, bases: list[Base], folder: Path) -> None:
        """Keep what the numbers are tried on."""
        self.seed, self.bases, self.folder = seed, bases, folder

    def variant(self, number: int) -> tuple[str, str, Base, Variant, str]:
        """Give a variant: its level, its mutator's name, its base, itself, and the command to try."""
        random = Random(f"{self.seed}-{number}")
        base = self.bases[random.choices(range(4), BASES)[0]]
        level = random.choices([*LEVELS], WEIGHTS)[0]
        mutator = random.choice(LEVELS[level])
        command = random.choices([*COMMANDS], [*COMMANDS.values()])[0]
        return level, mutator.__name__, base, mutator(random, base), command

    def one(self, number: int) -> Answer:
        """Try a number: gives counts, and what is wrong."""
        level, mutator, base, variant, command = self.variant(number)
        began = time.monotonic()
        ran = self.run(base, variant, command)
        seconds = time.monotonic() - began
        counted, wrong = judge(base, variant, ran)
        found = Counter({f"{level}: exit {ran.code}": 1, f"command {command}": 1})
        found.update({f"{level}: {name}": n for name, n in counted.items() if not name.startswith("exit ")})
        limit = next((each for each in TIMES if seconds <= each), None)
        found[f"time: up to {limit} s" if limit else "time: more"] += 1
        if limit is None and wrong is None:
            wrong = f"took {seconds:.1f} s"
        if wrong is not None:
            said = ran.err.strip()[-1500:] or ran.out[:600]
            wrong = (
                f"{wrong}\n{base.name}, {command}, {mutator}: {variant.what[:700]}\nexit {ran.code}: {said}"
            )
        return dict(found), wrong

    def run(self, base: Base, variant: Variant, command: str) -> Ran:
        """Run the program's own command on a variant."""
        book = self.folder / "book.xlsx"
        book.write_bytes(variant.data)
        verb, period = base.run
        words = ["check", str(book)] if command == "check" else [verb, str(book), period]
        words += ["--json", *(["--preview"] if command == "preview" else [])]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli.main(words)
        return Ran(command, code, out.getvalue(), err.getvalue(), book.read_bytes())


class Child:
    """A forked child that tries numbers; it is forked when it is needed, and again when it has died."""

    def __init__(self, trial: Trial) -> None:
        """Keep what the child is to try."""
        self._trial = trial
        self._process: multiprocessing.context.ForkProcess | None = None
        self._line: Connection | None = None
        self._owner = 0

    def one(self, number: int) -> Answer:
        """Have a number tried."""
        if self._process is None or self._owner != os.getpid():
            self._fork()
        assert self._line is not None
        self._line.send(number)
        try:
            if self._line.poll(SECONDS + GRACE):
                answer: Answer = self._line.recv()
                return answer
            why = f"more than {SECONDS + GRACE} s: stopped"
        except (EOFError, ConnectionResetError):
            why = "the process died"
        return {"died": 1}, f"{why} ({self._end()})"

    def stop(self) -> None:
        """Let the child go."""
        if self._line is not None and self._process is not None and self._owner == os.getpid():
            self._line.close()
            self._end()

    def _fork(self) -> None:
        context = multiprocessing.get_context("fork")
        self._line, other = context.Pipe()
        self._owner = os.getpid()
        self._process = context.Process(target=_serve, args=(self._trial, other), daemon=True)
        self._process.start()
        other.close()

    def _end(self) -> str:
        process, self._process = self._process, None
        assert process is not None
        if process.is_alive():
            process.join(timeout=1)
        if process.is_alive():
            process.kill()
            process.join()
        code = process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _serve(trial: Trial, line: Connection) -> None:
    """Try numbers until the parent hangs up."""
    folder = Path(tempfile.mkdtemp(dir=trial.folder))
    try:
        here = Trial(trial.seed, trial.bases, folder)
        os.environ |= ENVIRONMENT
        _limit()
        cli._parser = functools.cache(cli._parser)
        gc.freeze()
        gc.disable()
        for tried in itertools.count(1):
            line.send(_answer(here, line.recv()))
            if tried % COLLECTED == 0:
                gc.collect()
    except EOFError:
        pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _answer(trial: Trial, number: int) -> Answer:
    before = _most_memory()
    counted, wrong = trial.one(number)
    after = _most_memory()
    if after > before:
        counted[f"memory: a new peak up to {-(-after // 64) * 64} MiB"] = 1
    if after > MEMORY >> 20:
        wrong = wrong or f"{after} MiB of memory"
    return counted, wrong


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _limit() -> None:
    """Allow this process so much memory beyond what it has, and turn the program's own limits on."""
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits.confine()
