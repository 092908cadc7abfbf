"""One run at a time on a workbook, and none while it is open elsewhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook.lock import lock
from keyaccount.workbook.sidefiles import temporary_path
from tests.workbook.books import plain, rich, titles, write
from tests.workbook.saving import POSIX, PowerCut, change, others, python


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return rich(tmp_path / "book.xlsx")


# --- one at a time -----------------------------------------------------------------------------------


def test_a_second_run_is_refused_while_the_first_works(book: Path) -> None:
    with lock(book), pytest.raises(FileProblem, match="Another run"), lock(book):
        pytest.fail("the lock was given twice")
    with lock(book):
        pass
    assert others(book) == []


def test_the_lock_is_let_go_when_the_run_fails(book: Path) -> None:
    with pytest.raises(PowerCut), lock(book):
        raise PowerCut
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
    children = [python(code, book, log) for _ in range(4)]
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
