"""A workbook saved whole or not at all: written beside the old one, checked, then put in its place."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from keyaccount.problems import FileProblem
from keyaccount.workbook.lock import (
    lock,
    real_path,
    refuse_open_elsewhere,
    refuse_read_only,
    temporary_path,
)
from keyaccount.workbook.package import Package
from keyaccount.workbook.zipping import ZipWriter

__all__ = ["Change", "changed_package", "compose", "lock", "put_in_place", "save", "write_file"]

Change = Mapping[str, bytes | None]
"""Part name -> its new content; ``None``: the part goes."""


def save(package: Package, changed: Change, out: Path) -> bool:
    """Write the workbook with these parts changed to ``out``; False where that would change nothing.

    All other parts are copied as they lie in the package, still compressed. ``out`` is replaced in one
    step after the new file has been read back; its mode and owner stay, links are followed. Saving over the
    package's own file closes the package. When anything goes wrong ``out`` stays as it was; raises
    FileProblem (exit 5).
    """
    target, source = real_path(out), real_path(package.path)
    different = {part: data for part, data in changed.items() if _differs(package, part, data)}
    if not different and target == source:
        return False
    refuse_read_only(target)
    temporary = temporary_path(target)
    with told(target), _removed_on_failure(temporary):
        compose(temporary, package, different)
        _check(temporary, package, different)
        if target != source and _same_bytes(temporary, target):
            temporary.unlink()
            return False
        put_in_place(temporary, target, like=target if target.exists() else source, package=package)
    return True


def put_in_place(temporary: Path, target: Path, *, like: Path, package: Package | None = None) -> None:
    """Give the new file the mode and owner of the old one and rename it over it, durably."""
    _take_over(like, temporary)
    refuse_open_elsewhere(target)
    if package is not None and real_path(package.path) == target:
        package.close()
    temporary.replace(target)
    _flush_folder(target.parent)


def write_file(target: Path, data: bytes) -> None:
    """Write a file whole or not at all, in the place of one that is there; raises FileProblem (exit 5)."""
    target = real_path(target)
    refuse_read_only(target)
    temporary = temporary_path(target)
    with told(target), _removed_on_failure(temporary):
        temporary.write_bytes(data)
        temporary.replace(target)


def compose(temporary: Path, package: Package, changed: Change) -> None:
    """Write a package with changed parts to a new file, readable by its owner only, and flush it."""
    with open(temporary, "xb", opener=_private) as out:
        _write(out, package, changed)
        out.flush()
        os.fsync(out.fileno())


def changed_package(package: Package, changed: Change) -> Package:
    """Give a package with changed parts, in memory."""
    out = io.BytesIO()
    _write(out, package, changed)
    return Package.of_bytes(out.getvalue(), package.path.name)


def _write(out: BinaryIO, package: Package, changed: Change) -> None:
    pending = {_key(part): (part, data) for part, data in changed.items()}
    with package.content() as source:
        comment = _comment_unless_changed(source, package)
        writer = ZipWriter(out)
        for info in package.infos:
            if _key(info.filename) not in pending:
                writer.copy(source, info)
                continue
            _, data = pending.pop(_key(info.filename))
            if data is not None:
                writer.add(info.filename, data)
        for part, data in pending.values():
            if data is not None:
                writer.add(part, data)
        writer.finish(comment)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def _differs(package: Package, part: str, data: bytes | None) -> bool:
    if data is None or part not in package:
        return (part in package) is (data is None)
    return package.read(part) != data


def _comment_unless_changed(source: BinaryIO, package: Package) -> bytes:
    """Give the zip's comment; refuse to go on when somebody has saved the workbook since it was read."""
    with zipfile.ZipFile(source) as archive:
        comment, now = (
            archive.comment,
            [(i.filename, i.CRC, i.header_offset, i.compress_size) for i in archive.infolist()],
        )
    if now != [(i.filename, i.CRC, i.header_offset, i.compress_size) for i in package.infos]:
        raise FileProblem(
            "{file} was saved by someone else while this run was working.",
            "Nothing was written; run again.",
            file=package.path.name,
        )
    return comment


def _places(infos: Sequence[zipfile.ZipInfo]) -> list[tuple[str, int, int, int]]:
    return [(info.filename, info.CRC, info.header_offset, info.compress_size) for info in infos]


def _check(temporary: Path, package: Package, changed: Change) -> None:
    """Read the new file back: its parts, what we changed, and that every relationship leads somewhere."""
    with Package.open(temporary) as written:
        expected = {_key(info.filename): info.CRC for info in package.infos}
        found = {_key(info.filename): info.CRC for info in written.infos}
        for part, data in changed.items():
            if data is None:
                expected.pop(_key(part), None)
            elif written.read(part) != data:
                raise _misread(part)
            else:
                expected[_key(part)] = found[_key(part)]
        if found != expected:
            raise _misread(next(iter(found.items() ^ expected.items()))[0])
        for part in ("", written.workbook_part, *(each for each in changed if changed[each] is not None)):
            for target in written.relationships(part).values():
                if (
                    not target.external
                    and target.target not in written
                    and _led_before(package, part, target.id)
                ):
                    raise _misread(target.target)


def _led_before(package: Package, part: str, relationship: str) -> bool:
    """Tell whether a relationship that leads nowhere now is our doing: it led somewhere, or was not there."""
    before = package.relationships(part).get(relationship) if not part or part in package else None
    return before is None or before.target in package


def _misread(part: str) -> FileProblem:
    return FileProblem(
        "The new workbook could not be read back as written (part {part}).",
        "Nothing was replaced; check the disk and run again.",
        part=part,
    )


def _same_bytes(one: Path, other: Path) -> bool:
    if not other.exists() or one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while piece := left.read(1 << 20):
            if piece != right.read(1 << 20):
                return False
    return True


def _take_over(old: Path, new: Path) -> None:
    """Give a new file the mode of the old one, and its owner where the system lets us."""
    found = old.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(new, found.st_uid, found.st_gid)
    new.chmod(found.st_mode & 0o7777)


def _flush_folder(folder: Path) -> None:
    """Have the rename reach the disk, where the system can (Windows and some shares cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _removed_on_failure(temporary: Path) -> Iterator[None]:
    temporary.unlink(missing_ok=True)
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
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
