"""A workbook saved whole or not at all: written beside the old one, checked, then put in its place."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from keyaccount.problems import FileProblem
from keyaccount.workbook.backups import backed_up
from keyaccount.workbook.encryption import encrypted
from keyaccount.workbook.interrupts import uninterrupted
from keyaccount.workbook.openelsewhere import refuse_read_only
from keyaccount.workbook.package import Package
from keyaccount.workbook.putting import Sink, put_in_place, removed_on_failure, same_bytes, told, write_beside
from keyaccount.workbook.sidefiles import real_path, temporary_path
from keyaccount.workbook.zipping import ZipWriter

Change = Mapping[str, bytes | None]
"""Part name -> its new content; ``None``: the part goes."""


def save(package: Package, changed: Change, out: Path, backups: int = 0) -> bool:
    """Write the workbook with these parts changed to ``out``; False where that would change nothing.

    All other parts are copied as they lie in the package, still compressed. ``out`` is replaced in one
    step after the new file has been read back; its mode and owner stay, links are followed. ``backups``: so
    many versions of ``out`` are kept beside it. Saving over the package's own file closes the package. When
    anything goes wrong ``out`` stays as it was; raises FileProblem (exit 5).
    """
    target, source = real_path(out), real_path(package.path)
    different = {part: data for part, data in changed.items() if _differs(package, part, data)}
    if not different and target == source:
        return False
    refuse_read_only(target)
    temporary = temporary_path(target)
    with told(target), removed_on_failure(temporary):
        seen = target.stat() if target.exists() else None
        compose(temporary, package, different)
        _check(temporary, package, different)
        if target != source and same_bytes(temporary, target):
            temporary.unlink()
            return False
        with uninterrupted(), backed_up(target, backups):
            _refuse_changed(target, seen)
            put_in_place(
                temporary,
                target,
                like=target if seen else source,
                release=package.close if target == source else _nothing,
            )
    return True


def compose(temporary: Path, package: Package, changed: Change) -> None:
    """Write a package with changed parts to a new file, for its owner only, flush it and read it back.

    What was encrypted is encrypted again with the same password, before any of it reaches the disk.
    """
    if package.encryption is None:
        write_beside(temporary, lambda out: _write(out, package, changed))
        return
    clear = io.BytesIO()
    _write(clear, package, changed)
    locked = encrypted(clear.getvalue(), package.encryption.password)
    write_beside(temporary, lambda out: out.write(locked))


def _refuse_changed(target: Path, seen: os.stat_result | None) -> None:
    """Look once more whether somebody saved the file while the new one was written, lock or no lock."""
    now = target.stat() if target.exists() else None
    if _identity(now) != _identity(seen):
        raise _saved_meanwhile(target)


def _identity(found: os.stat_result | None) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns) if found else ()


def _nothing() -> None:
    """Have nothing open that is in the way."""


def changed_package(package: Package, changed: Change) -> Package:
    """Give a package with changed parts, in memory."""
    out = io.BytesIO()
    _write(out, package, changed)
    return Package.of_bytes(out.getvalue(), package.path.name, package.folder)


def _write(out: Sink, package: Package, changed: Change) -> None:
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


def _key(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").casefold()


def _differs(package: Package, part: str, data: bytes | None) -> bool:
    if data is None or part not in package:
        return (part in package) is (data is None)
    return package.read(part) != data


def _comment_unless_changed(source: BinaryIO, package: Package) -> bytes:
    """Give the zip's comment; refuse to go on when somebody has saved the workbook since it was read."""
    with zipfile.ZipFile(source) as archive:
        comment, now = archive.comment, archive.infolist()
    if _places(now) != _places(package.infos):
        raise _saved_meanwhile(package.path)
    return comment


def _places(infos: Sequence[zipfile.ZipInfo]) -> list[tuple[str, int, int, int]]:
    return [(info.filename, info.CRC, info.header_offset, info.compress_size) for info in infos]


def _saved_meanwhile(path: Path) -> FileProblem:
    return FileProblem(
        "{file} was saved by someone else while this run was working.",
        "Nothing was written; run again.",
        file=path.name,
    )


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
