"""Ctrl-C: it stops what comes before a file is put in its place, never what is half done or done already."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from contextvars import ContextVar

_COMES_TO_ITS_END: ContextVar[bool] = ContextVar("comes_to_its_end", default=False)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back: what it interrupts is either not begun or done.

    Where the ``with`` block fails, what was held back stops the command after all.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: came.append(number))
    after = before or signal.SIG_DFL
    try:
        yield
        if _COMES_TO_ITS_END.get():
            after = signal.SIG_IGN
    except OSError:
        if came:
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, after)


@contextlib.contextmanager
def too_late_once_written() -> Iterator[None]:
    """Let a command come to its end, and say what it did, once it has put a file in its place.

    Until then Ctrl-C stops it; nobody shall read that nothing was booked when something was.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before, token = signal.getsignal(signal.SIGINT), _COMES_TO_ITS_END.set(True)
    after = before or signal.SIG_DFL
    try:
        yield
    except KeyboardInterrupt:  # whoever raised it may want no second one
        after = signal.getsignal(signal.SIGINT) or signal.SIG_DFL
        raise
    finally:
        _COMES_TO_ITS_END.reset(token)
        signal.signal(signal.SIGINT, after)
