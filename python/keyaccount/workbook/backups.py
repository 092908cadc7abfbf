"""The last versions of a workbook, kept beside it: whole workbooks, numbered, the highest the latest."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.workbook.putting import (
    patiently,
    put_new,
    removed_on_failure,
    same_bytes,
    take_over,
    told,
    write_beside,
)
from keyaccount.workbook.sidefiles import backups_of, next_backup, temporary_path

if TYPE_CHECKING:
    from keyaccount.workbook.putting import Sink

_PIECE = 1 << 20


@contextlib.contextmanager
def backed_up(target: Path, count: int) -> Iterator[None]:
    """Keep the version that is being replaced in the ``with`` block, and ``count`` versions in all.

    The backup is whole and on the disk before the block begins: when it cannot be made (a full disk),
    nothing is replaced. It goes again when the block fails; the oldest go when it has succeeded. ``count`` 0,
    or no file yet: nothing is kept, nothing deleted. A version that is kept already is not kept twice.
    """
    if not count or not target.exists():
        yield
        return
    before = backups_of(target)
    made = None if before and same_bytes(before[-1], target) else _make(target, before)
    try:
        yield
    except BaseException:
        if made is not None:
            with contextlib.suppress(OSError):
                made.unlink()
        raise
    for old in backups_of(target)[:-count]:
        with contextlib.suppress(OSError):  # open in Excel, say: the next run deletes it
            patiently(old.unlink)


def _make(target: Path, before: list[Path]) -> Path:
    """Copy a workbook, with its rights and its date, to the next number; raises FileProblem (exit 5)."""
    backup, temporary = next_backup(target, before), temporary_path(target, "-backup")
    with told(target), removed_on_failure(temporary):
        write_beside(temporary, lambda out: _copy(target, out))
        take_over(target, temporary)
        found = target.stat()
        os.utime(temporary, ns=(found.st_atime_ns, found.st_mtime_ns))
        put_new(temporary, backup)
    return backup


def _copy(target: Path, out: Sink) -> None:
    with target.open("rb") as file:
        while piece := file.read(_PIECE):
            out.write(piece)
