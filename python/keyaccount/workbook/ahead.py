"""Pieces made ready by a second thread, a few ahead: inflating overlaps with reading what is inflated."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread

_PIECES = 3
_PATIENCE_SECONDS = 0.1


def ahead(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Give the same pieces, the next ones made ready meanwhile; what their making raises is raised here.

    Whoever stops early closes this generator, which ends the thread.
    """
    ready: Queue[bytes | BaseException | None] = Queue(_PIECES)
    stopped = Event()

    def give(piece: bytes | BaseException | None) -> bool:
        while not stopped.is_set():
            try:
                ready.put(piece, timeout=_PATIENCE_SECONDS)
            except Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for piece in pieces:
                if not give(piece):
                    return
            give(None)
        except BaseException as reason:  # noqa: BLE001 raised again where the pieces are taken
            give(reason)

    thread = Thread(target=work, name="keyaccount-ahead", daemon=True)
    thread.start()
    try:
        while (piece := ready.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        stopped.set()
        thread.join()
