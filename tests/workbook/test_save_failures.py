"""A workbook is saved whole or not at all."""

from __future__ import annotations

import errno
import os
import signal
import time
import zlib
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook.lock import lock
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from tests.workbook.books import parts, plain, rewrite, rich, write
from tests.workbook.saving import POSIX, PowerCut, change, others, python

PART = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return rich(tmp_path / "book.xlsx")


# --- nothing or all ----------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [PowerCut(), OSError(errno.EIO, "Input/output error")])
@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failure_at_any_step_leaves_the_old_workbook(
    book: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException
) -> None:
    before = book.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(PowerCut if isinstance(failure, PowerCut) else FileProblem):
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
    done = python(code, book)
    out, _ = done.communicate(timeout=60)
    assert (done.returncode, out.decode().count("\n")) == (5, 1)
    assert book.read_bytes() == before
    assert others(book) == []


def test_a_new_file_that_does_not_read_back_is_not_put_in_place(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = book.read_bytes()
    real = zlib.crc32
    monkeypatch.setattr(zlib, "crc32", lambda data, before=0: real(data, before) ^ 1)
    with pytest.raises(FileProblem):
        change(book)
    assert book.read_bytes() == before
    assert others(book) == []


def test_a_new_file_that_the_disk_garbles_is_not_put_in_place(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = book.read_bytes(), os.fsync

    def garble(handle: int) -> None:
        os.pwrite(handle, b"?", 200)
        real(handle)

    monkeypatch.setattr(os, "fsync", garble)
    with pytest.raises(FileProblem, match="could not be read back"):
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
        "        text = bytes([97 + number % 26]) * 2_000_000\n"
        "        save(package, {'xl/new.xml': b'<a>' + text + b'</a>'}, book)\n"
    )
    for delay in (0.0, 0.003, 0.01, 0.02, 0.04, 0.08):
        child = python(code, book)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(delay)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        assert {name: content for name, content in parts(book).items() if name in before} == before
    with lock(book):
        pass
    assert others(book) == []
