"""A file put in the place of another, whole and for good: written beside it, flushed, read back, renamed."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from keyaccount.problems import FileProblem
from keyaccount.workbook.interrupts import uninterrupted
from keyaccount.workbook.openelsewhere import refuse_open_elsewhere

if sys.platform != "win32":
    import fcntl

Given = TypeVar("Given")
_IN_USE = (5, 32, 33)
"""Windows: access denied, sharing violation, lock violation: what a virus scanner or OneDrive causes too."""
_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)
_PIECE = 1 << 20
_RIGHTS = ("system.posix_acl_access", "system.posix_acl_default")


class Sink(Protocol):
    """What bytes are written to, from beginning to end."""

    def write(self, data: bytes, /) -> int:
        """Write all of it."""

    def tell(self) -> int:
        """Give how much was written."""


class Summed:
    """A file being written, its length and checksum known without reading it."""

    def __init__(self, out: BinaryIO) -> None:
        """Begin at the start of an open file."""
        self._out = out
        self.size, self.crc = 0, 0

    def write(self, data: bytes, /) -> int:
        """Write all of it."""
        self._out.write(data)
        self.size, self.crc = self.size + len(data), zlib.crc32(data, self.crc)
        return len(data)

    def tell(self) -> int:
        """Give how much was written."""
        return self.size


def write_beside(temporary: Path, write: Callable[[Sink], object]) -> None:
    """Write a new file, readable by its owner only, flush it to the disk and read it back.

    Raises FileProblem where what is read is not what was written, OSError as the system does.
    """
    with open(temporary, "xb", opener=_private) as out:
        summed = Summed(out)
        write(summed)
        out.flush()
        _flush(out.fileno())
    if _sum_of(temporary) != (summed.size, summed.crc):
        raise FileProblem(
            "{file} could not be read back as it was written.",
            "Nothing was replaced; check the disk and run again.",
            file=temporary.name,
        )


def put_in_place(temporary: Path, target: Path, *, like: Path | None, release: Callable[[], None]) -> None:
    """Rename the new file over the old one, durably, with the mode, owner and attributes of ``like``.

    ``release`` closes what this run itself has open of the target (Windows replaces no open file). Ctrl-C
    waits meanwhile: what it interrupts is either not begun or done.
    """
    if like is None:
        settled_mode(temporary)
    else:
        take_over(like, temporary)
    with uninterrupted():
        refuse_open_elsewhere(target)
        release()
        made = temporary.stat()
        try:
            patiently(lambda: temporary.replace(target))
        except OSError:  # a share may have done it, and its answer got lost
            if not _is(made, target):
                raise
        flush_folder(target.parent)


def put_new(temporary: Path, target: Path) -> None:
    """Give a finished file its name, never over another, even one that came this instant: FileExistsError."""
    made = temporary.stat()
    with uninterrupted():
        try:
            os.link(temporary, target)
        except OSError as reason:
            if not _is(made, target):  # else a share has done it, and its answer got lost
                _rename_new(temporary, target, reason)
        with contextlib.suppress(OSError):
            temporary.unlink()
        flush_folder(target.parent)


def _rename_new(temporary: Path, target: Path, reason: OSError) -> None:
    """Rename where the file system has no hard links; ``reason``: why there is none."""
    if isinstance(reason, FileExistsError) or os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
    patiently(lambda: temporary.rename(target))


def _is(made: os.stat_result, target: Path) -> bool:
    """Tell whether a file has got this name."""
    try:
        return os.path.samestat(made, target.stat())
    except OSError:
        return False


def patiently(act: Callable[[], Given]) -> Given:
    """Do it; on Windows again for a moment where another program has the file, as virus scanners do."""
    for pause in _PAUSES:
        try:
            return act()
        except OSError as reason:
            if getattr(reason, "winerror", None) not in _IN_USE:
                raise
        time.sleep(pause)
    return act()


def settled_mode(new: Path) -> None:
    """Give a new file the mode that the user's new files have."""
    mask = os.umask(0)
    os.umask(mask)
    new.chmod(0o666 & ~mask)
    _flush_look(new)


def take_over(old: Path, new: Path) -> None:
    """Give a new file the owner, mode and attributes of the old one, where the system lets us.

    Where it does not let us keep the group, the new one's group may do no more than everybody: a workbook
    must not become readable for people it was not.
    """
    found = old.stat()
    mode = stat.S_IMODE(found.st_mode)
    same_group = not hasattr(os, "chown") or _owned_like(new, found)
    new.chmod(mode if same_group else mode & ~0o070 | (mode & 0o007) << 3)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                if same_group or name not in _RIGHTS:
                    with contextlib.suppress(OSError):
                        os.setxattr(new, name, os.getxattr(old, name))
    _flush_look(new)


def _owned_like(new: Path, found: os.stat_result) -> bool:
    """Take over owner and group, or the group alone; tells whether the group is the same now."""
    for owner in (found.st_uid, -1):
        with contextlib.suppress(OSError):
            os.chown(new, owner, found.st_gid)
            return True
    return new.stat().st_gid == found.st_gid


def same_bytes(one: Path, other: Path) -> bool:
    """Tell whether two files hold the same; False where the other is not there."""
    if not other.exists() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while piece := left.read(_PIECE):
            if piece != right.read(_PIECE):
                return False
    return True


def flush_folder(folder: Path) -> None:
    """Have a new name reach the disk, where the system can (Windows and some shares cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def removed_on_failure(temporary: Path) -> Iterator[None]:
    """Leave no half-written file behind."""
    with contextlib.suppress(OSError):
        temporary.unlink()
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            patiently(lambda: temporary.unlink(missing_ok=True))
        raise


@contextlib.contextmanager
def told(target: Path) -> Iterator[None]:
    """Turn what the system says into a sentence."""
    try:
        yield
    except OSError as reason:
        if reason.errno in (errno.ENOSPC, errno.EDQUOT):
            raise FileProblem(
                "The disk of {file} is full. The workbook is as it was before.",
                "Make room and run again.",
                file=target.name,
            ) from reason
        if isinstance(reason, PermissionError):
            raise FileProblem(
                "{file} may not be replaced: it is open elsewhere, or protected."
                " The workbook is as it was before.",
                "Close it in other programs and run again, or write a copy with --out.",
                file=target.name,
            ) from reason
        raise FileProblem(
            "{file} could not be written ({reason}). The workbook is as it was before.",
            "Check the disk or the network and run again.",
            file=target.name,
            reason=reason.strerror or reason,
        ) from reason


def _flush(handle: int) -> None:
    """Have a file's content reach the disk; macOS asks for more than fsync for that."""
    if sys.platform == "darwin":
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _flush_look(new: Path) -> None:
    """Have mode and owner reach the disk before the name does: a lost power leaves no half of them."""
    if sys.platform == "win32":
        return
    handle = os.open(new, os.O_RDONLY)
    try:
        _flush(handle)
    finally:
        os.close(handle)


def _sum_of(path: Path) -> tuple[int, int]:
    size, crc = 0, 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            size, crc = size + len(piece), zlib.crc32(piece, crc)
    return size, crc


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
