"""One run at a time on a workbook, and none while somebody has it open elsewhere.

The system's own lock on a side file counts: it is let go of when its run ends, however it ends. On a network
share it holds between computers where the share passes locks on (SMB from Windows, NFS 4). For the other
shares the side file also names the computer, and a run of another computer stays away from what one has left
there for an hour. What is left: two computers that begin within the same instant on a share that passes on
neither locks nor new files at once. Then the workbook is still one of the two runs' whole.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.workbook.filetype import refuse_unless_file
from keyaccount.workbook.openelsewhere import refuse_open_elsewhere, refuse_read_only
from keyaccount.workbook.putting import patiently
from keyaccount.workbook.sidefiles import ABANDONED_AFTER, lock_path, real_path, sweep

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_BEHIND = 1 << 30
"""The byte that Windows locks: behind what the side file says, so that others can read that."""
_PAUSE = 0.05
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keep other runs off a workbook while the ``with`` block runs, and sweep what a killed run left.

    Raises FileProblem (exit 5) when the workbook is open in Excel or LibreOffice, when another run has
    it, or when it or its folder cannot be written.
    """
    target = real_path(path)
    refuse_unless_file(target)
    refuse_read_only(target)
    refuse_open_elsewhere(target)
    side = lock_path(target)
    handle = _locked(side, target)
    try:
        sweep([target])
        yield
    finally:
        _release(side, handle)


@contextlib.contextmanager
def lock_folder(folder: Path, patience: float = 10.0) -> Iterator[None]:
    """Let one run at a time write its files into a folder: others wait so many seconds, then are refused."""
    side = lock_path(folder)
    until = time.monotonic() + patience
    while True:
        try:
            handle = _locked(side, folder)
            break
        except BusyProblem:
            if time.monotonic() > until:
                raise
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        _release(side, handle)


class BusyProblem(FileProblem):
    """Another run has the lock."""


def _locked(side: Path, target: Path) -> int:
    """Open and lock the side file; another run may be deleting it, then a new one is made."""
    while True:
        try:
            handle = patiently(lambda: os.open(side, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as reason:
            raise FileProblem(
                "The folder of {file} cannot be written ({reason}).",
                "Copy the workbook to a folder of your own, or write a copy there with --out.",
                file=target.name,
                reason=reason.strerror,
            ) from reason
        try:
            if _taken(handle, side, target):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _taken(handle: int, side: Path, target: Path) -> bool:
    """Lock the open side file and write down who has it; False where it was deleted meanwhile."""
    try:
        _lock_handle(handle)
    except (BlockingIOError, PermissionError):
        raise _busy(_holder(side), target) from None
    except OSError as reason:
        raise FileProblem(
            "The folder of {file} allows no locks ({reason}).",
            "Copy the workbook to a disk of this computer and run there.",
            file=target.name,
            reason=reason.strerror,
        ) from reason
    if not _is_at(handle, side):
        return False
    _refuse_other_computer(handle, side, target)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps(_ourselves(), ensure_ascii=False).encode())
    except OSError as reason:
        with contextlib.suppress(OSError):
            side.unlink()
        raise FileProblem(
            "The folder of {file} cannot be written ({reason}).",
            "Make room and run again.",
            file=target.name,
            reason=reason.strerror,
        ) from reason
    return True


def _ourselves() -> dict[str, str]:
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    boot = ""
    with contextlib.suppress(OSError):
        boot = _BOOT.read_text(encoding="ascii").strip()
    since = time.strftime("%Y-%m-%d %H:%M")
    return {"computer": platform.node(), "boot": boot, "user": user, "since": since}


def _holder(side: Path) -> dict[str, str]:
    """Read who has the lock, or had it; empty where that cannot be read."""
    try:
        read = json.loads(side.read_bytes()[:1000])
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}


def _busy(holder: dict[str, str], target: Path) -> BusyProblem:
    if not holder:
        return BusyProblem(
            "Another run is working on {file}.", "Wait until it has ended and run again.", file=target.name
        )
    return BusyProblem(
        "Another run is working on {file} ({user} on {computer}, since {since}).",
        "Wait until it has ended and run again.",
        file=target.name,
        **{name: holder.get(name, "") for name in ("user", "computer", "since")},
    )


def _refuse_other_computer(handle: int, side: Path, target: Path) -> None:
    """Stay away from what a run of another computer may be writing on a share that passes no locks on."""
    holder, ours = _holder(side), _ourselves()
    same = holder.get("computer") == ours["computer"] or (ours["boot"] and holder.get("boot") == ours["boot"])
    if not holder or same or time.time() - os.fstat(handle).st_mtime > ABANDONED_AFTER:
        return
    raise BusyProblem(
        "A run on {computer} ({user}, since {since}) is working on {file}, or came to a sudden end there.",
        "Wait until it has ended; if nothing runs there, delete the file {lock} and run again. After an hour"
        " it counts as ended.",
        file=target.name,
        lock=side.name,
        **{name: holder.get(name, "") for name in ("user", "computer", "since")},
    )


def _lock_handle(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _BEHIND, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_at(handle: int, side: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), side.stat())
    except FileNotFoundError:
        return False


def _release(side: Path, handle: int) -> None:
    """Delete the side file while it is still ours, and let go of it (Windows: the other way round)."""
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
    if sys.platform == "win32":
        os.close(handle)
        with contextlib.suppress(OSError):
            side.unlink()
        return
    with contextlib.suppress(OSError):
        side.unlink()
    os.close(handle)
