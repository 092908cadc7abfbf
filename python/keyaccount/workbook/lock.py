"""One run at a time on a workbook, and none while somebody has it open elsewhere."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from keyaccount.problems import N_, FileProblem

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

WORKBOOKS = (".xlsx", ".xlsm")
_STRAY = ".keyaccount-new"
_NAME_BYTES = 200


def workbooks_in(given: Path) -> list[Path]:
    """Give a file itself, or a folder's workbooks at any depth, in order; owner and hidden files left out."""
    if not given.is_dir():
        return [given]
    return sorted(
        path
        for path in given.rglob("*")
        if path.suffix.lower() in WORKBOOKS and not path.name.startswith(("~$", "."))
    )


def temporary_path(target: Path) -> Path:
    """Give the file that a new version of the workbook is written to, beside it."""
    return target.with_name(f".{_short(target.name)}.{os.getpid()}{_STRAY}")


def lock_path(target: Path) -> Path:
    """Give the side file whose lock keeps other runs out."""
    return target.with_name(f".{_short(target.name)}.keyaccount-lock")


def real_path(path: Path) -> Path:
    """Give the file itself, where a path leads through links."""
    return Path(os.path.realpath(path))


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Keep other runs off a workbook while the ``with`` block runs, and sweep what a killed run left.

    Raises FileProblem (exit 5) when the workbook is open in Excel or LibreOffice, when another run has
    it, or when it or its folder cannot be written.
    """
    target = real_path(path)
    refuse_read_only(target)
    refuse_open_elsewhere(target)
    side = lock_path(target)
    handle = _locked(side, target)
    try:
        _sweep(target)
        yield
    finally:
        _release(side, handle)


def refuse_read_only(target: Path) -> None:
    """Refuse a workbook or folder that must not be written, before any work; raises FileProblem."""
    with contextlib.suppress(FileNotFoundError):
        if not target.stat().st_mode & 0o222 or not os.access(target, os.W_OK):
            raise FileProblem(
                "{file} is write-protected.",
                "Take the read-only mark off (file properties), or write a copy with --out.",
                file=target.name,
            )
    if not target.parent.is_dir():
        raise FileProblem(
            "There is no folder {folder}.", "Check the path, or make the folder first.", folder=target.parent
        )
    if not os.access(target.parent, os.W_OK):
        raise FileProblem(
            "You may not write to the folder {folder}.",
            "Copy the workbook to a folder of your own, or write a copy there with --out.",
            folder=target.parent,
        )


def refuse_open_elsewhere(target: Path) -> None:
    """Refuse a workbook that Excel's or LibreOffice's owner file marks as open; raises FileProblem."""
    for owner, program, decode in (
        (target.with_name(f"~${target.name}"), "Excel", _excel_user),
        (target.with_name(f".~lock.{target.name}#"), "LibreOffice", _libreoffice_user),
    ):
        try:
            content = owner.read_bytes()[:1000]
        except FileNotFoundError:
            continue
        except OSError:
            content = b""
        user = decode(content)
        by_nobody, by = N_("{file} is open in {program}."), N_("{file} is open in {program} by {user}.")
        raise FileProblem(
            by if user else by_nobody,
            "Close it there and run again; if {program} is not running, delete the file {owner}.",
            file=target.name,
            program=program,
            user=user,
            owner=owner.name,
        )


def _excel_user(content: bytes) -> str:
    """Read the user's name: its length, then the name in the system's letters (and again in UTF-16)."""
    length = content[0] if content else 0
    wide = content[55 : 57 + 2 * length]
    if length and len(wide) == 2 * length + 2:
        return wide[2:].decode("utf-16-le", "ignore").strip("\0 ")
    return ""


def _libreoffice_user(content: bytes) -> str:
    """Read the user's name: the first filled field of a line of fields."""
    fields = content.decode("utf-8", "ignore").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")


def _short(name: str) -> str:
    """Keep a file name within what file systems take, prefix and suffix included."""
    return name.encode()[:_NAME_BYTES].decode("utf-8", "ignore")


def _sweep(target: Path) -> None:
    """Delete what killed runs on this workbook left half written."""
    start = f".{_short(target.name)}."
    with os.scandir(target.parent) as entries:
        strays = [
            entry.name for entry in entries if entry.name.startswith(start) and entry.name.endswith(_STRAY)
        ]
    for name in strays:
        if name.removeprefix(start).removesuffix(_STRAY).isdecimal():
            target.with_name(name).unlink(missing_ok=True)


def _locked(side: Path, target: Path) -> int:
    """Open and lock the side file; another run may be deleting it, then a new one is made."""
    while True:
        try:
            handle = os.open(side, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as reason:
            raise FileProblem(
                "The folder of {file} cannot be written ({reason}).",
                "Copy the workbook to a folder of your own, or write a copy there with --out.",
                file=target.name,
                reason=reason.strerror,
            ) from reason
        try:
            _lock_handle(handle)
        except (BlockingIOError, PermissionError):
            os.close(handle)
            raise FileProblem(
                "Another run is working on {file}.",
                "Wait until it has ended and run again.",
                file=target.name,
            ) from None
        except OSError as reason:
            os.close(handle)
            raise FileProblem(
                "The folder of {file} allows no locks ({reason}).",
                "Copy the workbook to a disk of this computer and run there.",
                file=target.name,
                reason=reason.strerror,
            ) from reason
        if _is_at(handle, side):
            return handle
        os.close(handle)


def _lock_handle(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_at(handle: int, side: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), side.stat())
    except FileNotFoundError:
        return False


def _release(side: Path, handle: int) -> None:
    """Delete the side file while it is still ours, and let go of it (Windows: the other way round)."""
    if sys.platform == "win32":
        os.close(handle)
        with contextlib.suppress(OSError):
            side.unlink()
        return
    with contextlib.suppress(OSError):
        side.unlink()
    os.close(handle)
