"""The command line, started as a user starts it but warm: what it came to, and what it cost."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from keyaccount import cli

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1767225600", "LANGUAGE": "en"}
MOST_SECONDS = 120
_PAUSE = 0.002


class Ended(NamedTuple):
    """What a command came to: exit code (below 0: a signal), what it said, seconds, most memory in MiB."""

    code: int
    out: str
    err: str
    seconds: float
    mebibytes: int


def warm(*commands: Sequence[str]) -> None:
    """Run commands in this process, for what they import: a process that is forked from it has it then."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for words in commands:
            cli.main(words)


def start(words: Sequence[str], scratch: Path) -> Ended:
    """Run ``keyaccount`` with these words, its own child and limits included."""
    said = scratch / "out", scratch / "err"
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    began = time.monotonic()
    process = os.fork()
    if not process:
        _be_the_program(words, said)
    status, used = _waited(process)
    seconds = time.monotonic() - began
    out, err = (path.read_text(encoding="utf-8", errors="replace") for path in said)
    return Ended(os.waitstatus_to_exitcode(status), out, err, seconds, used)


def _be_the_program(words: Sequence[str], said: tuple[Path, Path]) -> None:
    """Go on as the program; both it and the child that it makes of itself end here."""
    code = 70
    try:
        os.setsid()
        for number, path in enumerate(said, start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
        os.environ |= ENVIRONMENT
        sys.argv = ["keyaccount", *words]
        code = cli.main()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _waited(process: int) -> tuple[int, int]:
    """Wait for its end, which is made after two minutes; gives its status and its most memory."""
    until = time.monotonic() + MOST_SECONDS
    while True:
        ended, status, used = os.wait4(process, os.WNOHANG)
        if ended:
            return status, used.ru_maxrss // 1024
        if time.monotonic() > until:
            os.killpg(process, signal.SIGKILL)
        time.sleep(_PAUSE)
