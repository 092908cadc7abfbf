"""Encrypted workbooks: every command opens them with --password-stdin, and writes them back encrypted."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount import cli
from keyaccount.book import Book, Stamp
from keyaccount.cli import main
from keyaccount.outputs.batch import Job
from keyaccount.periods import Period
from keyaccount.problems import Problem
from keyaccount.subcommands import MODULES
from keyaccount.workbook import encryption
from keyaccount.workbook.encryption import encrypted, opening_with, unlocked
from tests.plain_books import write_inputs
from tests.test_cli import EXAMPLE_1, rows
from tests.workbook.office_user import OfficeUser, needs_office

PASSWORD = "密码 Pw-1"  # noqa: S105 a test's
FEW_ROUNDS = 100
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Give a workbook in clear, and encrypted."""
    path = tmp_path_factory.mktemp("made") / "book.xlsx"
    write_inputs(path, rows(EXAMPLE_1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encryption, "ROUNDS", FEW_ROUNDS)
        return path.read_bytes(), encrypted(path.read_bytes(), PASSWORD)


@pytest.fixture
def book(made: tuple[bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    path = tmp_path / "book.xlsx"
    path.write_bytes(made[1])
    monkeypatch.setattr(encryption, "ROUNDS", FEW_ROUNDS)
    return path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object, password: str = PASSWORD) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        code = main([*map(str, arguments), "--json", "--password-stdin"])
        return code, json.loads(capsys.readouterr().out)

    return call


def in_clear(path: Path, password: str = PASSWORD) -> bytes:
    """Give what an encrypted workbook holds."""
    with opening_with(password):
        opened = unlocked(path)
    assert opened is not None, "this is not encrypted"
    return opened.content


def test_a_settlement_comes_to_the_same_as_without_encryption(
    book: Path, made: tuple[bytes, bytes], tmp_path: Path, run: Run
) -> None:
    plain = tmp_path / "plain.xlsx"
    plain.write_bytes(made[0])
    code, booked = run("settle", book, "2026Q1")
    assert code == 0
    assert booked == {**run("settle", plain, "2026Q1")[1]}
    assert in_clear(book) == plain.read_bytes()
    assert run("verify", book) == run("verify", plain) == (0, {"ok": True, "findings": []})


def test_what_has_nothing_to_change_is_left_as_it_is(book: Path, run: Run) -> None:
    assert run("settle", book, "2026Q1")[0] == 0
    before = book.read_bytes()
    assert run("settle", book, "2026Q1")[0] == 0
    assert run("regenerate", book)[0] == 0
    assert book.read_bytes() == before


def test_a_copy_and_the_versions_that_are_kept_are_encrypted_too(
    book: Path, tmp_path: Path, run: Run
) -> None:
    before = book.read_bytes()
    assert run("settle", book, "2026Q1", "--out", tmp_path / "copy.xlsx")[0] == 0
    assert book.read_bytes() == before
    assert run("settle", book, "2026Q1", "--backup", "2")[0] == 0
    kept = [path for path in tmp_path.iterdir() if "backup" in path.name]
    assert [path.read_bytes() for path in kept] == [before]
    assert in_clear(tmp_path / "copy.xlsx") == in_clear(book)


def test_nothing_reaches_the_disk_in_clear(book: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file that a run writes, temporary ones too, is looked at as it lies there."""
    seen: list[bytes] = []
    replaced = os.replace

    def looking(temporary: Path, target: Path) -> None:
        seen.extend(path.read_bytes() for path in Path(temporary).parent.iterdir())
        replaced(temporary, target)

    monkeypatch.setattr(os, "replace", looking)
    monkeypatch.setattr(Path, "replace", looking)
    assert run("settle", book, "2026Q1")[0] == 0
    assert len(seen) >= 2
    assert not any(b"PK\x03\x04" in content or b"Salesperson" in content for content in seen)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("密码 pw-1", "book.xlsx does not open with this password."),
        ("密码 Pw-1 ", "book.xlsx does not open with this password."),
    ],
)
def test_a_wrong_password_is_said(book: Path, run: Run, password: str, says: str) -> None:
    before = book.read_bytes()
    code, printed = run("settle", book, "2026Q1", password=password)
    assert code == 5
    assert printed["problems"][0]["problem"] == says
    assert book.read_bytes() == before


def test_without_a_password_the_option_is_named(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settle", str(book), "2026Q1"]) == 5
    why = capsys.readouterr().err
    assert "book.xlsx is encrypted with a password. Give the password on standard input" in why
    assert "--password-stdin" in why


def test_an_empty_first_line_is_wrong_usage(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert main(["settle", str(book), "2026Q1", "--password-stdin"]) == 2
    assert "expected a password in the first line of standard input ≠ found none" in capsys.readouterr().err


def test_on_a_terminal_the_password_is_asked_for_and_not_shown(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return PASSWORD

    monkeypatch.setattr("getpass.getpass", ask)
    assert main(["settle", str(book), "2026Q1", "--password-stdin", "--lang", "zh"]) == 0
    assert asked == ["密码："]


@pytest.mark.parametrize("place", [0.5, 0.9])
def test_a_changed_byte_behind_the_encryption_is_found(book: Path, run: Run, place: float) -> None:
    """AES would decrypt it to something else; the integrity check tells."""
    content = bytearray(book.read_bytes())
    content[int(len(content) * place)] ^= 1
    book.write_bytes(content)
    code, printed = run("check", book)
    assert code == 5
    assert "book.xlsx was changed or damaged after it was encrypted" in printed["problems"][0]["problem"]


def test_a_cut_or_damaged_container_is_named_or_whole_inside(
    book: Path, run: Run, made: tuple[bytes, bytes]
) -> None:
    whole = made[1]
    changed = bytearray(whole)
    changed[0x30] ^= 0xFF  # where the directory of the container begins
    damages = [whole[:length] for length in range(600, len(whole), len(whole) // 20)]
    damages += [whole.replace(b"keyEncryptor", b"keyEncryptxx"), bytes(changed)]
    for damaged in damages:
        book.write_bytes(damaged)
        code, printed = run("check", book)
        if code == 0:
            assert in_clear(book) == made[0]
        else:
            assert code == 5
            assert "unforeseen" not in printed["problems"][0]["problem"]
    assert code == 5


def test_an_encrypted_file_of_another_kind_is_no_workbook(book: Path, run: Run) -> None:
    clear = io.BytesIO()
    with zipfile.ZipFile(clear, "w") as archive:
        archive.writestr("_rels/.rels", "<Relationships/>")
        archive.writestr("word/media/image.bin", bytes(5_000))
        archive.writestr("word/document.xml", "<document/>")
    book.write_bytes(encrypted(clear.getvalue(), PASSWORD))
    code, printed = run("check", book)
    assert code == 5
    assert "there is no workbook in it" in printed["problems"][0]["problem"]


def test_a_workbook_saved_by_someone_else_meanwhile_is_not_overwritten(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = Book._record_edited
    theirs = book.read_bytes()[:-1]

    def look(opened: Book) -> list[Problem]:
        book.write_bytes(theirs)
        return list(sound(opened))

    monkeypatch.setattr(Book, "_record_edited", look)
    code, printed = run("settle", book, "2026Q1")
    assert code == 5
    assert "was saved by someone else" in printed["problems"][0]["problem"]
    assert book.read_bytes() == theirs


def test_batch_opens_its_workbooks_with_the_password(book: Path, run: Run) -> None:
    code, printed = run("batch", book.parent, "2026Q1")
    assert (code, [each["state"] for each in printed["workbooks"]]) == (0, ["booked"])
    assert in_clear(book).startswith(b"PK")
    assert PASSWORD not in repr(Job("settle", Period.parse("2026Q1"), Stamp(""), password=PASSWORD))


def test_the_password_comes_through_a_pipe_and_is_never_an_argument(book: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "keyaccount", "check", str(book), "--password-stdin"],
        input=f"{PASSWORD}\nmore\n".encode(),
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr


def test_every_command_that_takes_a_workbook_takes_the_option() -> None:
    commands = {"check", "advance", "settle", "year-end", "settle-leaver", "regenerate", "verify", *MODULES}
    given = cli._parser()._subparsers
    assert given is not None
    choices: Any = given._group_actions[0].choices
    without = {name for name in commands if "--password-stdin" not in choices[name]._option_string_actions}
    assert without == {"addin"}


def test_without_the_library_the_remedy_says_what_to_install(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "msoffcrypto", None)
    code, printed = run("check", book)
    assert code == 5
    assert "opening it needs msoffcrypto, which is not installed" in printed["problems"][0]["problem"]
    assert 'pip install "keyaccount[passwords]"' in printed["problems"][0]["remedy"]


@needs_office
def test_libreoffice_opens_what_was_written_back(book: Path, tmp_path: Path, run: Run) -> None:
    assert run("settle", book, "2026Q1")[0] == 0
    clear = OfficeUser(tmp_path).works(book, [], tmp_path / "clear.xlsx", PASSWORD)
    sheets = openpyxl.load_workbook(clear, data_only=True)
    assert sheets["Sales"]["A2"].value == "N1"
    assert sheets["Quarterly Settlement"].max_row > 5
