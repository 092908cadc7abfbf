"""A workbook is saved whole or not at all, and by one run at a time."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import save as saving
from keyaccount.workbook import zipping
from keyaccount.workbook.lock import lock, lock_path, temporary_path
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from tests.workbook.books import packed, parts, plain, rewrite, rich, titles, write

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

PART = "xl/worksheets/sheet1.xml"
POSIX = pytest.mark.skipif(os.name == "nt", reason="modes, links and kill as POSIX has them")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return rich(tmp_path / "book.xlsx")


def others(book: Path) -> list[str]:
    """List what lies beside the workbook."""
    return sorted(path.name for path in book.parent.iterdir() if path != book)


def change(book: Path, data: bytes = b"<worksheet/>", out: Path | None = None) -> bool:
    with Package.open(book) as package:
        return save(package, {"docProps/app.xml": data}, out or book)


# --- what is written ---------------------------------------------------------------------------------


def test_only_what_changed_is_compressed_anew(book: Path) -> None:
    before, order = packed(book), list(parts(book))
    assert change(book)
    after = packed(book)
    assert list(after) == order
    assert {name for name in after if after[name] != before[name]} == {"docProps/app.xml"}
    assert parts(book)["docProps/app.xml"] == b"<worksheet/>"
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
    assert change(book, b"<other/>", out=copy)
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
    assert parts(book) == before | {"docProps/app.xml": b"<worksheet/>"}
    monkeypatch.undo()
    assert change(book, b"<again/>")
    assert parts(book) == before | {"docProps/app.xml": b"<again/>"}


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
    assert parts(target)["docProps/app.xml"] == b"<worksheet/>"
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


# --- nothing or all ----------------------------------------------------------------------------------


class _PowerCut(BaseException):
    """What no handler of the program catches."""


@pytest.mark.parametrize("failure", [_PowerCut(), OSError(errno.EIO, "Input/output error")])
@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failure_at_any_step_leaves_the_old_workbook(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    before = book.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(_PowerCut if isinstance(failure, _PowerCut) else FileProblem):
        write(book)
    monkeypatch.undo()
    assert book.read_bytes() == before
    assert others(book) == []
    assert write(book)


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "disk .* is full"), (errno.EDQUOT, "full"), (errno.EACCES, "may not be")],
)
def test_a_full_disk_or_a_lost_right_is_told_in_a_sentence(
    book: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    before = book.read_bytes()

    def fail(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(FileProblem, match=said) as raised:
        change(book)
    assert raised.value.remedy
    assert raised.value.exit_code == 5
    assert book.read_bytes() == before
    assert others(book) == []


@POSIX
def test_a_disk_that_fills_up_while_writing_leaves_the_old_workbook(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    before = book.read_bytes()
    code = (
        "import resource, signal, sys, os\n"
        "from pathlib import Path\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "from keyaccount.problems import FileProblem\n"
        "from keyaccount.workbook.package import Package\n"
        "from keyaccount.workbook.save import save\n"
        "book = Path(sys.argv[1])\n"
        "package = Package.open(book)\n"
        "try:\n"
        "    save(package, {'big.bin': os.urandom(50_000)}, book)\n"
        "except FileProblem as problem:\n"
        "    print(problem)\n"
        "    sys.exit(problem.exit_code)\n"
    )
    done = _python(code, book)
    out, _ = done.communicate(timeout=60)
    assert (done.returncode, out.decode().count("\n")) == (5, 1)
    assert book.read_bytes() == before
    assert others(book) == []


def test_a_new_file_that_does_not_read_back_is_not_put_in_place(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()
    real = zlib.crc32
    monkeypatch.setattr(zlib, "crc32", lambda data: real(data) ^ 1)
    with pytest.raises(FileProblem):
        change(book)
    assert book.read_bytes() == before
    assert others(book) == []


def test_a_relationship_that_would_lead_nowhere_is_noticed(book: Path) -> None:
    before = book.read_bytes()
    with Package.open(book) as package, pytest.raises(FileProblem, match=r"xl/theme/theme1\.xml"):
        save(package, {"xl/theme/theme1.xml": None}, book)
    assert book.read_bytes() == before


def test_a_relationship_that_led_nowhere_before_is_not_our_matter(book: Path) -> None:
    rewrite(book, {"_rels/.rels": lambda text: text.replace("customXml/item1.xml", "customXml/gone.xml")})
    assert write(book)


def test_a_workbook_that_somebody_saved_meanwhile_is_not_overwritten(book: Path, tmp_path: Path) -> None:
    with Package.open(book) as package:
        plain(tmp_path / "other.xlsx").replace(book)
        theirs = book.read_bytes()
        with pytest.raises(FileProblem, match="saved by someone else"):
            save(package, {PART: b"<worksheet/>"}, book)
    assert book.read_bytes() == theirs


@POSIX
def test_a_killed_run_leaves_the_old_or_the_new_workbook(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    before = parts(book)
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from keyaccount.workbook.lock import lock\n"
        "from keyaccount.workbook.package import Package\n"
        "from keyaccount.workbook.save import save\n"
        "book = Path(sys.argv[1])\n"
        "print('ready', flush=True)\n"
        "for number in range(10_000):\n"
        "    with lock(book), Package.open(book) as package:\n"
        "        save(package, {'xl/new.bin': bytes([number % 251]) * 2_000_000}, book)\n"
    )
    for delay in (0.0, 0.003, 0.01, 0.02, 0.04, 0.08):
        child = _python(code, book)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert {name: content for name, content in parts(book).items() if name in before} == before
    with lock(book):
        pass
    assert others(book) == []


def _python(code: str, *arguments: Path) -> subprocess.Popen[bytes]:
    folder = str(Path(saving.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": folder}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, env=environment
    )


# --- one at a time -----------------------------------------------------------------------------------


def test_a_second_run_is_refused_while_the_first_works(book: Path) -> None:
    with lock(book), pytest.raises(FileProblem, match="Another run"), lock(book):
        pytest.fail("the lock was given twice")
    with lock(book):
        pass
    assert others(book) == []


def test_the_lock_is_let_go_when_the_run_fails(book: Path) -> None:
    with pytest.raises(_PowerCut), lock(book):
        raise _PowerCut
    assert others(book) == []
    with lock(book):
        pass


@POSIX
def test_runs_of_many_processes_never_overlap(tmp_path: Path) -> None:
    book, log = plain(tmp_path / "book.xlsx"), tmp_path / "log"
    code = (
        "import sys, time, os\n"
        "from pathlib import Path\n"
        "from keyaccount.problems import FileProblem\n"
        "from keyaccount.workbook.lock import lock\n"
        "book, log = map(Path, sys.argv[1:])\n"
        "done = 0\n"
        "while done < 20:\n"
        "    try:\n"
        "        with lock(book):\n"
        "            handle = os.open(log, os.O_CREAT | os.O_EXCL)\n"
        "            os.close(handle)\n"
        "            log.unlink()\n"
        "            done += 1\n"
        "    except FileProblem:\n"
        "        time.sleep(0.0005)\n"
    )
    children = [_python(code, book, log) for _ in range(4)]
    assert [child.wait(timeout=60) for child in children] == [0, 0, 0, 0]
    for child in children:
        child.communicate()
    assert others(book) == []


@pytest.fixture(params=["excel", "libreoffice"])
def owner(request: pytest.FixtureRequest, book: Path) -> Iterator[tuple[str, Path]]:
    if request.param == "excel":
        path = book.with_name(f"~${book.name}")
        name = "Li 李"
        path.write_bytes(
            bytes([4]) + b"Li ?".ljust(54) + struct.pack("<H", 4) + name.encode("utf-16-le").ljust(100)
        )
        yield f"Excel by {name}", path
    else:
        path = book.with_name(f".~lock.{book.name}#")
        path.write_text(",finance,pc-1,23.11.2026 06:00,file:///profile;", encoding="utf-8")
        yield "LibreOffice by finance", path


def test_a_workbook_that_is_open_elsewhere_is_refused(book: Path, owner: tuple[str, Path]) -> None:
    said, path = owner
    before = book.read_bytes()
    with pytest.raises(FileProblem, match=said) as raised, lock(book):
        pytest.fail("the lock was given")
    assert path.name in raised.value.remedy
    with pytest.raises(FileProblem, match="is open"):
        change(book)
    assert book.read_bytes() == before
    assert others(book) == [path.name]
    path.unlink()
    assert write(book)


def test_an_empty_owner_file_counts_too(book: Path) -> None:
    book.with_name(f"~${book.name}").touch()
    with pytest.raises(FileProblem, match="open in Excel"), lock(book):
        pytest.fail("the lock was given")


def test_what_a_killed_run_left_is_swept_and_nothing_else(book: Path) -> None:
    temporary_path(book).write_bytes(b"half a workbook")
    keep = [".book.xlsx.b.xlsx.1.keyaccount-new", ".other.xlsx.1.keyaccount-new"]
    for name in keep:
        book.with_name(name).touch()
    with lock(book):
        pass
    assert others(book) == keep


def test_very_long_and_odd_names_work(tmp_path: Path) -> None:
    book = plain(tmp_path / "short.xlsx").rename(tmp_path / f"[提成]*{'提' * 75}.xlsx")
    with lock(book):
        assert write(book)
        assert not write(book, known=titles())
    assert others(book) == []


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
    assert seen == [0o600]
    assert stat.S_IMODE(book.stat().st_mode) == 0o644
