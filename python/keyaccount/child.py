"""The command line works in a child process: what a hostile workbook brings down is not the caller.

The child is forked before anything heavy is loaded, so it costs a millisecond or two; the parent only waits.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from keyaccount.problems import FileProblem
from keyaccount.workbook.limits import confine, time_problem

if sys.platform != "win32":
    import fcntl

_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
Told = Callable[[FileProblem], int]
"""What says what is wrong, and gives the exit code."""


def go_on_in_a_child(file_name: str, told: Told) -> int | None:
    """Fork: None in the child, which goes on; in the parent, once the child has ended, its exit code.

    Where a limit or a crash ended the child, ``told`` hears of it; where a signal did that was meant to, the
    parent ends by it too. Windows knows no fork: there this process goes on, and only its time is limited.
    """
    if sys.platform == "win32":
        confine(lambda: os._exit(told(time_problem(file_name))))
        return None
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    stopping = {getattr(signal, name) for name in _STOPPING}
    until_parent_ends, held_by_parent = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, stopping)
    child = os.fork()
    if not child:
        os.close(held_by_parent)
        _end_with_parent(until_parent_ends)
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, _interrupt_once)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stopping)
        confine()
        return None
    os.close(until_parent_ends)
    for each in stopping:
        signal.signal(each, lambda number, _frame: _pass_on(child, number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, stopping)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code >= 0 else _ended_by(-code, file_name, told)


if sys.platform != "win32":

    def _ended_by(number: int, file_name: str, told: Told) -> int:
        if sys.stderr.isatty():  # a progress bar may have been cut off
            sys.stderr.write("\r\x1b[K\x1b[?25h")
        if number in {getattr(signal, name) for name in _STOPPING}:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        return told(time_problem(file_name) if number == signal.SIGXCPU else _sudden(file_name, number))

    def _end_with_parent(pipe: int) -> None:
        """Have the system end this process (SIGIO) when the parent is gone: it holds the pipe's other end."""
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
            fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)


def _pass_on(child: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, number)


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    """Stop as Ctrl-C does, once: the terminal sends it to both processes, and the parent passes it on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _sudden(file_name: str, number: int) -> FileProblem:
    return FileProblem(
        "The process that worked on {file} came to a sudden end (signal {number}).",
        "The workbook is as before or whole. Run it again; perhaps the memory does not suffice: close other"
        " programs.",
        file=file_name,
        number=number,
    )
