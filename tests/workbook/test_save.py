"""What a save writes, and what it leaves as it was."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import zipping
from keyaccount.workbook.lock import lock
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from keyaccount.workbook.sidefiles import lock_path
from tests.workbook.books import packed, parts, rich
from tests.workbook.saving import AGAIN, CHANGED, POSIX, change, others

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PART = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return rich(tmp_path / "book.xlsx")


# --- what is written ---------------------------------------------------------------------------------


def test_only_what_changed_is_compressed_anew(book: Path) -> None:
    before, order = packed(book), list(parts(book))
    assert change(book)
    after = packed(book)
    assert list(after) == order
    assert {name for name in after if after[name] != before[name]} == {"docProps/app.xml"}
    assert parts(book)["docProps/app.xml"] == CHANGED
    assert others(book) == []


def test_parts_are_added_at_the_end_and_removed(book: Path) -> None:
    with Package.open(book) as package:
        assert save(package, {"new/part.xml": b"<a/>", "xl/pivotCache/odd.bin": None, "none.xml": None}, book)
    assert list(parts(book))[-1] == "new/part.xml"
    assert "xl/pivotCache/odd.bin" not in parts(book)


def test_nothing_to_change_leaves_the_file_alone(book: Path) -> None:
    before, when = book.read_bytes(), book.stat().st_mtime_ns
    with Package.open(book) as package:
        assert not save(package, {PART: package.read(PART), "none.xml": None}, book)
    assert (book.read_bytes(), book.stat().st_mtime_ns) == (before, when)


def test_a_copy_that_is_there_already_is_left_alone(book: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.xlsx"
    assert change(book, out=copy)
    when = copy.stat().st_mtime_ns
    assert not change(book, out=copy)
    assert copy.stat().st_mtime_ns == when
    assert change(book, AGAIN, out=copy)
    assert others(book) == ["copy.xlsx"]


def test_members_that_were_streamed_stored_or_dated_are_copied_as_they_are(tmp_path: Path) -> None:
    source = rich(tmp_path / "source.xlsx")
    book = tmp_path / "book.xlsx"
    with zipfile.ZipFile(book, "w") as archive, book.open("rb"):
        archive.comment = b"a remark"
        for name, content in parts(source).items():
            method = zipfile.ZIP_STORED if name.endswith(".bin") else zipfile.ZIP_DEFLATED
            info = zipfile.ZipInfo(name, (2025, 12, 31, 23, 59, 58))
            info.compress_type, info.extra, info.comment = (
                method,
                struct.pack("<2H2s", 0xCAFE, 2, b"ok"),
                b"x",
            )
            with archive.open(info, "w", force_zip64=name == PART) as member:
                member.write(content)
    streamed = tmp_path / "streamed.xlsx"
    with streamed.open("wb") as raw, zipfile.ZipFile(_unseekable(raw), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts(source).items():
            archive.writestr(name, content)
    for path in (book, streamed):
        before = packed(path)
        with zipfile.ZipFile(path) as archive:
            comment, dates = archive.comment, {info.filename: info.date_time for info in archive.infolist()}
        change(path)
        after = packed(path)
        assert {name for name in after if after[name] != before[name]} == {"docProps/app.xml"}
        assert parts(path)[PART] == parts(source)[PART]
        with zipfile.ZipFile(path) as archive:
            assert archive.comment == comment
            found = {info.filename: info.date_time for info in archive.infolist()}
        assert {name for name in found if found[name] != dates[name]} == {"docProps/app.xml"}
        assert found["docProps/app.xml"] == (1980, 1, 1, 0, 0, 0)


def _unseekable(raw: IO[bytes]) -> IO[bytes]:
    """Make a file one that a zip is streamed to: sizes then stand behind the data."""

    class Stream(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: Buffer) -> int:
            return raw.write(data)

    return cast("IO[bytes]", Stream())


def test_what_is_beyond_32_bits_is_written_as_zip64(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = parts(book)
    monkeypatch.setattr(zipping, "LARGEST_32", 700)
    monkeypatch.setattr(zipping, "LARGEST_16", 5)
    # The limits are lowered; a reader takes a field at its true limit as "look in the zip64 record".
    monkeypatch.setattr(zipping, "MARK_32", 0xFFFFFFFF)
    monkeypatch.setattr(zipping, "MARK_16", 0xFFFF)
    change(book)
    assert b"PK\x06\x06" in book.read_bytes()
    assert parts(book) == before | {"docProps/app.xml": CHANGED}
    monkeypatch.undo()
    assert change(book, AGAIN)
    assert parts(book) == before | {"docProps/app.xml": AGAIN}


# --- mode, owner, links ------------------------------------------------------------------------------


@POSIX
def test_mode_and_owner_stay(book: Path) -> None:
    book.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(book, 12345, 23456)
    before = book.stat()
    change(book)
    after = book.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)


@POSIX
def test_a_link_stays_a_link_and_its_target_is_replaced(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    target = book.rename(folder / "real.xlsx")
    link = tmp_path / "link.xlsx"
    link.symlink_to(target)
    with lock(link):
        assert lock_path(target).exists()
        assert change(link)
    assert link.is_symlink()
    assert parts(target)["docProps/app.xml"] == CHANGED
    assert others(target) == []


@POSIX
def test_a_write_protected_workbook_is_refused_before_any_work(book: Path) -> None:
    book.chmod(0o444)
    with pytest.raises(FileProblem, match="write-protected"), lock(book):
        pytest.fail("the lock was given")
    with pytest.raises(FileProblem, match="write-protected"):
        change(book)
    assert others(book) == []


def test_a_folder_that_is_not_there_is_refused(book: Path, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no folder"):
        change(book, out=tmp_path / "none" / "copy.xlsx")


@POSIX
def test_the_new_file_is_private_while_it_is_written(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        found = os.fstat(handle)
        if stat.S_ISREG(found.st_mode):
            seen.append(stat.S_IMODE(found.st_mode))
        real(handle)

    book.chmod(0o644)
    monkeypatch.setattr(os, "fsync", fsync)
    change(book)
    assert seen == [0o600, 0o644]  # its content, then its mode, both before the name
    assert stat.S_IMODE(book.stat().st_mode) == 0o644
