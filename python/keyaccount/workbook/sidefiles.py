"""Names beside a workbook: what a run writes to first, its lock, its backups. Which files are workbooks."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import time
from pathlib import Path

WORKBOOKS = (".xlsx", ".xlsm")
ABANDONED_AFTER = 3600.0
"""Seconds after which what another computer left counts as left by a run that came to a sudden end."""
_NEW, _LOCK = ".keyaccount-new", "keyaccount-lock"
_NAME_BYTES = 200
_WRITER = re.compile(r"(?P<computer>[0-9a-f]{8})-\d+(-backup)?", re.ASCII)
_BACKUP = re.compile(r"\.backup-(?P<number>\d{4,})\.xls[xm]", re.ASCII | re.IGNORECASE)


def workbooks_in(given: Path) -> list[Path]:
    """Give a file itself, or a folder's workbooks at any depth, in order.

    Owner files, hidden files and the backups that runs keep are left out.
    """
    if not os.path.isdir(given):  # noqa: PTH112 a name that is too long is no folder, and no exception
        return [given]
    return sorted(
        path
        for path in given.rglob("*")
        if path.suffix.lower() in WORKBOOKS
        and not path.name.startswith(("~$", "."))
        and not _BACKUP.search(path.name)
    )


def real_path(path: Path) -> Path:
    """Give the file itself, where a path leads through links."""
    return Path(os.path.realpath(path))


def temporary_path(target: Path, purpose: str = "") -> Path:
    """Give the file that a new version of a file is written to, beside it: its name says whose it is."""
    return target.with_name(f".{_short(target.name)}.{_computer()}-{os.getpid()}{purpose}{_NEW}")


def lock_path(target: Path) -> Path:
    """Give the side file whose lock keeps other runs off a file, or off a folder."""
    if target.is_dir():
        return target / f".{_LOCK}"
    return target.with_name(f".{_short(target.name)}.{_LOCK}")


def backups_of(target: Path) -> list[Path]:
    """Give a workbook's backups, the oldest first."""
    found = []
    for path in target.parent.iterdir():
        match = _BACKUP.fullmatch(path.name.removeprefix(target.stem))
        if match and path.name.startswith(target.stem) and path.suffix == target.suffix:
            found.append((int(match["number"]), path))
    return [path for _, path in sorted(found)]


def next_backup(target: Path, backups: list[Path]) -> Path:
    """Name the next backup: ``plan.backup-0001.xlsx`` and on; the highest number is the latest."""
    last = _BACKUP.search(backups[-1].name) if backups else None
    number = int(last["number"]) + 1 if last else 1
    return target.with_name(f"{target.stem}.backup-{number:04}{target.suffix}")


def sweep(targets: list[Path]) -> None:
    """Delete what runs that came to a sudden end left half written for these files of one folder.

    The caller has the lock: on this computer nobody writes them now. What another computer wrote stays for
    an hour, since not every network share passes locks on.
    """
    starts = {f".{_short(target.name)}." for target in targets}
    with os.scandir(targets[0].parent) as entries:
        strays = [entry.name for entry in entries if entry.name.endswith(_NEW)]
    for name in strays:
        start, _, writer = name.removesuffix(_NEW).rpartition(".")
        whose = _WRITER.fullmatch(writer)
        if whose and f"{start}." in starts:
            stray = targets[0].with_name(name)
            with contextlib.suppress(OSError):
                if whose["computer"] == _computer() or _age(stray) > ABANDONED_AFTER:
                    stray.unlink()


def _age(path: Path) -> float:
    return time.time() - path.stat().st_mtime


def _computer() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _short(name: str) -> str:
    """Keep a file name within what file systems take, prefix and suffix included."""
    return os.fsencode(name)[:_NAME_BYTES].decode("utf-8", "ignore")
