"""The command line works in a child process with limits: what brings the child down ends in one line."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.workbook import limits
from keyaccount.workbook.package import Package
from tests.workbook.reading import ENGLISH, openpyxl_book

START = """
import os, sys
from keyaccount import cli
from keyaccount.workbook import limits, reader
limits.LEAST_SECONDS, limits.LEAST_MEMORY_BYTES = {seconds}, {bytes}

def planted(self):
    {planted}

reader._Reading.book = planted
sys.exit(cli.main())
"""


@pytest.fixture(name="book")
def _book(tmp_path: Path) -> Path:
    return openpyxl_book(tmp_path / "book.xlsx", ENGLISH)


SIGNALS_AS_USUAL = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
"""
"""Whoever started the tests may have signals ignored, as nohup and & do; what they start would inherit it."""


def started(
    book: Path, planted: str, *arguments: str, seconds: int = 10, memory: int = 512 << 20
) -> subprocess.Popen[str]:
    """Start ``check`` on a workbook, with something planted into its reading."""
    code = SIGNALS_AS_USUAL + START.format(planted=planted, seconds=seconds, bytes=memory)
    return subprocess.Popen(
        [sys.executable, "-c", code, "check", str(book), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    said, why = run.communicate(timeout=60)
    return run.returncode, said, why


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in listed.read_text().split()]


def wait_until_reading(run: subprocess.Popen[str]) -> int:
    """Wait until the child says that it reads; give its process number."""
    assert run.stdout is not None
    assert run.stdout.readline() == "reading\n"
    return children(run.pid)[0]


READS_ON = "print('reading', flush=True)\n    while True: pass"


@pytest.mark.parametrize(
    ("planted", "says"),
    [
        ("while True: pass", "book.xlsx takes far longer to read than a workbook of its size should."),
        ("bytearray(4 << 30)", "book.xlsx needs more memory than there is, or than a workbook of its size"),
        ("[' ' * 1000 + str(n) for n in range(10**7)]", "book.xlsx needs more memory than there is"),
        ("os.abort()", "The process that worked on book.xlsx came to a sudden end (signal 6)."),
        ("os.kill(os.getpid(), 9)", "The process that worked on book.xlsx came to a sudden end (signal 9)."),
        ("1 / 0", "Something unforeseen happened (ZeroDivisionError: division by zero)."),
    ],
)
def test_whatever_brings_reading_down_ends_in_one_line_and_exit_code_5(
    book: Path, planted: str, says: str
) -> None:
    before = book.read_bytes()
    code, said, why = ended(started(book, planted, "--json", seconds=0 if "while" in planted else 30))
    assert code == 5
    assert why.count("\n") == 1
    assert says in why
    assert says in json.loads(said)["problems"][0]["problem"]
    assert book.read_bytes() == before
    assert [each.name for each in book.parent.iterdir()] == ["book.xlsx"]


@pytest.mark.parametrize("to", ["both, as the terminal does", "the parent"])
def test_ctrl_c_is_said_once(book: Path, to: str) -> None:
    run = started(book, READS_ON)
    child = wait_until_reading(run)
    if to == "the parent":
        os.kill(run.pid, signal.SIGINT)
    else:
        os.killpg(run.pid, signal.SIGINT)
    code, _, why = ended(run)
    assert (code, why) == (5, "keyaccount: Stopped by the user. Nothing was booked; run it again.\n")
    assert not Path(f"/proc/{child}").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_what_ends_the_program_ends_its_child_too(book: Path, number: int) -> None:
    run = started(book, READS_ON)
    child = wait_until_reading(run)
    os.kill(run.pid, number)
    assert ended(run)[0] == -number
    until = time.monotonic() + 5
    while Path(f"/proc/{child}/cmdline").exists() and Path(f"/proc/{child}/cmdline").read_bytes():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_help_and_wrong_usage_need_no_child(tmp_path: Path) -> None:
    code = "import os, sys; del os.fork\nfrom keyaccount.cli import main; sys.exit(main())"
    for arguments, expected in ((["--help"], 0), (["settle"], 2), (["new", str(tmp_path / "a.xlsx")], 0)):
        run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=False)
        assert run.returncode == expected, run.stderr


def test_limits_hold_while_reading_and_are_lifted_then(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = (resource.RLIMIT_CPU, resource.RLIMIT_AS)
    before = [resource.getrlimit(kind) for kind in kinds]
    monkeypatch.setattr(limits._Process, "confined", True)
    with limits.reading("a.xlsx", 100 << 20):
        seconds, memory = (resource.getrlimit(kind)[0] for kind in kinds)
        assert 100 < seconds - time.process_time() < 115
        assert 8 * (100 << 20) < memory < (64 << 30)
    assert [resource.getrlimit(kind) for kind in kinds] == before
    with pytest.raises(FileProblem, match="needs more memory"), limits.reading("a.xlsx"):
        bytearray(2 << 30)
    assert [resource.getrlimit(kind) for kind in kinds] == before


def test_where_no_child_was_made_nothing_is_limited() -> None:
    """Excel's process, and a program that uses the library, keep their own limits."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    with limits.reading("a.xlsx"):
        assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_where_the_system_knows_no_limits_the_clock_stops_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On Windows there is no fork: a timer says in the same words that it takes too long."""
    stopped: list[bool] = []
    monkeypatch.setattr(limits, "LEAST_SECONDS", 0)
    monkeypatch.setattr(limits._Process, "confined", True)
    monkeypatch.setattr(limits._Process, "out_of_time", lambda: stopped.append(True))
    with limits.reading("a.xlsx"):
        until = time.monotonic() + 5
        while not stopped and time.monotonic() < until:
            time.sleep(0.001)
    assert stopped


def test_a_pipe_is_no_workbook(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(FileProblem, match="is no file"):
        Package.open(tmp_path / "pipe.xlsx")
