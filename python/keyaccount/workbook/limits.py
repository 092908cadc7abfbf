"""Limits while a workbook is read: memory and time in step with its size, so that none can take the machine.

They hold only in a process that was made for one command or one workbook (``confine``): the command line's
child, a worker of ``batch``. Calculating and writing are not limited, and Excel's own process never is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import process_time

from keyaccount.problems import FileProblem

if sys.platform != "win32":
    import resource

LEAST_MEMORY_BYTES = 512 << 20
MEMORY_PER_BYTE = 8
"""A million sales lines, unpacked some 200 MB, take about twice their size."""
LEAST_SECONDS = 10
BYTES_A_SECOND = 1 << 20
"""A slow computer reads the slowest kind of sheet some three times as fast."""


class _Process:
    """What this process was told."""

    confined = False
    out_of_time: Callable[[], None] | None = None


def confine(out_of_time: Callable[[], None] | None = None) -> None:
    """Keep to limits from now on; ``out_of_time`` is called where the system cannot stop the process."""
    _Process.confined, _Process.out_of_time = True, out_of_time
    if sys.platform != "win32":
        with suppress(ValueError, OSError):  # a core file would hold pay data
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def memory_problem(file_name: str) -> FileProblem:
    """Say that reading takes more memory than there is, or than the limit allows."""
    return FileProblem(
        "{file} needs more memory than there is, or than a workbook of its size should.",
        "Close other programs; if that does not help, open it in Excel or LibreOffice and save it under a"
        " new name, or split the sales over several workbooks.",
        file=file_name,
    )


def time_problem(file_name: str) -> FileProblem:
    """Say that reading takes longer than the limit allows."""
    return FileProblem(
        "{file} takes far longer to read than a workbook of its size should.",
        "Open it in Excel or LibreOffice and save it under a new name; if that does not help, ask the sender"
        " for another copy.",
        file=file_name,
    )


@contextmanager
def reading(file_name: str, inflated_bytes: int = 0) -> Iterator[None]:
    """Read within the limits of a workbook of this size; raises ``FileProblem`` where memory is used up.

    Where time is used up, the process ends by SIGXCPU, which whoever started it puts into words.
    """
    try:
        with _limited(inflated_bytes):
            yield
    except MemoryError:
        raise memory_problem(file_name) from None


@contextmanager
def _limited(inflated_bytes: int) -> Iterator[None]:
    if not _Process.confined:
        yield
        return
    seconds = LEAST_SECONDS + inflated_bytes // BYTES_A_SECOND
    if sys.platform == "win32" or _Process.out_of_time is not None:
        with _timed(seconds):
            yield
        return
    more_bytes = LEAST_MEMORY_BYTES + MEMORY_PER_BYTE * inflated_bytes
    with (
        _soft_limit(resource.RLIMIT_CPU, int(process_time()) + 1 + seconds),
        _soft_limit(resource.RLIMIT_AS, _memory_bytes() + more_bytes),
    ):
        yield


if sys.platform != "win32":

    @contextmanager
    def _soft_limit(kind: int, wished: int) -> Iterator[None]:
        """Lower a limit of this process for a while; some systems know the limit and refuse it."""
        soft, hard = resource.getrlimit(kind)
        tighter = [each for each in (soft, hard, wished) if each != resource.RLIM_INFINITY]
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (min(tighter), hard))
        try:
            yield
        finally:
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (soft, hard))

    def _memory_bytes() -> int:
        """Give the address space that this process has now (Linux; elsewhere it is taken as little)."""
        try:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        except OSError:
            return 1 << 30
        return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _timed(seconds: int) -> Iterator[None]:
    """Stop the process after some time, where the system cannot (Windows): by the clock on the wall."""
    from threading import Timer

    timer = Timer(seconds, _Process.out_of_time or os.abort)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
