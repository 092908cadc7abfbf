"""What may stand under a workbook's name without being one: every command says so in a line, and ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time

import pytest

from keyaccount.cli import main
from keyaccount.terminal import console
from tests.fault_books import account, account_called
from tests.workbook.reading import ENGLISH, openpyxl_book

COMMANDS = {
    "opens it": "check {}",
    "opens and locks it": "advance {} 2026-01",
    "may be given a folder": "regenerate {}",
    "runs many": "batch {} 2026-01 -j 1",
    "imports from it": "import good.xlsx {} --sheet Sales",
    "takes a plan from it": "what-if good.xlsx 2026-01 --plan {}",
    "takes columns from it": "export good.xlsx 2026-01 --out pay.csv --columns {}",
}


def no_device(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


def link_to_itself(path: Path) -> Path:
    path.symlink_to(path.name)
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def folder(path: Path) -> Path:
    path.mkdir()
    return path


def nothing(path: Path) -> Path:
    path.touch()
    return path


ODD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a pipe": (pipe, "is no file"),
    "a device": (no_device, "is no file"),
    "a link to itself": (link_to_itself, "cannot be opened"),
    "a folder": (folder, "is a folder|no workbook"),
    "a name that is too long": (lambda path: path.with_name("b" * 300 + ".xlsx"), "cannot be opened"),
    "a file as a folder": (lambda path: nothing(path) / "a.xlsx", "There is no|cannot be read"),
    "nothing at all": (nothing, r"empty \(0 bytes\)|neither a CSV"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a workbook in which January was run."""
    book = openpyxl_book(tmp_path_factory.mktemp("good") / "good.xlsx", ENGLISH)
    assert main(["advance", str(book), "2026-01"]) == 0
    return book.read_bytes()


@contextmanager
def an_end(seconds: int) -> Iterator[None]:
    """Raise where something waits for what never comes."""

    def stop(_number: int, _frame: object) -> None:
        message = f"still there after {seconds} s"
        raise AssertionError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("oddity", ODD)
def test_what_is_no_workbook_is_named_and_nothing_waits_for_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    good: bytes,
    oddity: str,
    command: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    make, says = ODD[oddity]
    Path("good.xlsx").write_bytes(good)
    path = make(tmp_path / "odd.xlsx")
    with an_end(10):
        code = main([word.format(path.relative_to(tmp_path)) for word in COMMANDS[command].split()])
    printed = capsys.readouterr()
    assert code == 5, printed.err
    assert "unforeseen" not in printed.out + printed.err
    assert re.search(says, re.sub(r"\s+", " ", printed.out + printed.err)), printed.err
    assert Path("good.xlsx").read_bytes() == good


def sparse(path: Path, head: bytes, size: int) -> Path:
    """Make a file that is huge and takes no room."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def endless_list(path: Path) -> Path:
    """Make a zip file that lists two hundred thousand parts, the end of it as a plain one's."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 8, 0, 0, 0, 0, 0, 30)
    listed = b"".join(entry + b"%08d" % number for number in range(200_000))
    first = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 0, 0)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), len(first), 0)
    path.write_bytes(first + listed + end)
    return path


def endless_list_of_64_bits(path: Path) -> Path:
    """Make one whose true length stands in the record for large files, a small one in the plain record."""
    plain = endless_list(path).read_bytes()
    listed, first = plain[30:-22], plain[:30]
    at = len(first) + len(listed)
    big = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 200_000, 200_000, len(listed), len(first)
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 7, len(first), 0)
    path.write_bytes(first + listed + big + locator + end)
    return path


@pytest.mark.parametrize(
    ("command", "make", "says"),
    [
        ("check {}", lambda path: sparse(path, b"PK\x03\x04", 1 << 40), "cannot be unpacked"),
        ("check {}", endless_list, "the list of its parts alone has 10,800,000 bytes"),
        ("check {}", endless_list_of_64_bits, "the list of its parts alone has 10,800,000 bytes"),
        (
            "import good.xlsx {} --sheet Sales",
            lambda path: sparse(path, b"Sale ID,Date\n", 1 << 40),
            "too big",
        ),
    ],
)
def test_a_huge_file_is_refused_before_it_is_read(  # noqa: PLR0913, PLR0917 what pytest hands over
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    good: bytes,
    command: str,
    make: Callable[[Path], Path],
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.xlsx").write_bytes(good)
    path = make(tmp_path / ("huge.csv" if "import" in command else "huge.xlsx"))
    began = process_time()
    assert main(command.format(path.name).split()) == 5
    path.unlink()
    assert says in capsys.readouterr().err
    assert process_time() - began < 5


@pytest.mark.parametrize("name", [b"caf\xe9.xlsx", b"two\nlines.xlsx", b"\x1b]0;t\x07.xlsx", b"-n.xlsx"])
def test_a_file_name_that_no_keyboard_types_is_as_good_as_any(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    good: bytes,
    name: bytes,
) -> None:
    monkeypatch.chdir(tmp_path)
    book = f"./{os.fsdecode(name)}"
    Path(book).write_bytes(good)
    for command in ("batch {} 2026-02 -j 1", "regenerate {}", "export {} 2026-01 --out a.csv", "verify {}"):
        assert main([word.replace("{}", book) for word in command.split()]) == 0
    printed = capsys.readouterr()
    assert "\x1b" not in printed.out + printed.err
    assert main(["settle", book, "2026Q2"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_we_may_not_read_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    """As root everything may be read: then a child that is nobody tries."""
    here = Path(tempfile.mkdtemp())
    try:
        here.chmod(0o755)
        book = openpyxl_book(here / "book.xlsx", ENGLISH)
        book.chmod(0)
        closed = here / "closed"
        closed.mkdir(mode=0)
        child = os.fork()
        if not child:
            if os.getuid() == 0:
                os.setuid(65_534)
            codes = [main(["check", str(path)]) for path in (book, closed / "book.xlsx")]
            os._exit(0 if codes == [5, 5] else 1)
        assert os.waitpid(child, 0)[1] == 0
    finally:
        shutil.rmtree(here)
    said = capfd.readouterr().err.splitlines()
    assert [line.partition(". ")[0] for line in said] == [
        "keyaccount: book.xlsx may not be read by you",
        "keyaccount: book.xlsx cannot be opened (Permission denied)",
    ]


@pytest.mark.parametrize("hidden", ["_x001B_[31m", "_x009B_2J_x0007_", "_x202E__x000D_"])
def test_no_cell_commands_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hidden: str
) -> None:
    """A cell can hold what a terminal obeys (``_x001B_`` is Excel's writing of it): it is shown as a sign."""
    book = tmp_path / "book.xlsx"
    account(f"A{hidden}1")(book)
    assert main(["check", str(book)]) == 1
    account_called(f"A{hidden}1")(book)
    for words in (
        ["advance", str(book), "2026-01"],
        ["explain", str(book), "S01", "2026-01"],
        ["what-if", str(book), "2026-01", "--set", "advance_rate=0.7"],
    ):
        assert main(words) == 0
    printed = capsys.readouterr()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", printed.out + printed.err)


def test_a_console_keeps_its_own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    screen = console()
    with screen.capture() as shown:
        screen.print("\x1b[31ma\u202eb", style="bold")
    assert shown.get().rstrip("\n") == "\x1b[1m␛[31ma�b\x1b[0m"
