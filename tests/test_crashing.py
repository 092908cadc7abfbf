"""Crashes on purpose: no step is missed, each goes wrong as asked; a loss of power takes what it may."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keyaccount.cli import main
from keyaccount.workbook.backups import backed_up
from keyaccount.workbook.lock import lock
from keyaccount.workbook.putting import put_in_place, write_beside
from tests.crashing import UNFORESEEN, crashed, steps_of
from tests.disk_steps import How, Step, hows
from tests.power import Found, Power, fates
from tests.workbook.demo_books import COMPANY, own_book
from tests.workbook.saving import POSIX

pytestmark = POSIX
OLD, NEW = b"old " * 3000, b"new " * 5000


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.xlsx"
    path.write_bytes(OLD)
    return path


def saving(book: Path) -> Callable[[], int]:
    """Give what saves NEW as the program does, with lock and backup."""

    def act() -> int:
        temporary = book.with_name("new")
        with lock(book), backed_up(book, 1):
            write_beside(
                temporary, lambda out: [out.write(NEW[at : at + 4000]) for at in range(0, 20000, 4000)]
            )
            put_in_place(temporary, book, like=book, release=lambda: None)
        return 0

    return act


def afresh(book: Path) -> Path:
    """Have the old file again, and nothing beside it."""
    for path in book.parent.iterdir():
        path.unlink()
    book.write_bytes(OLD)
    return book


def files(folder: Path) -> dict[str, Found]:
    return {
        str(path.relative_to(folder)): Found(path.read_bytes(), path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_no_step_of_a_settlement_is_missed(tmp_path: Path) -> None:
    """The interpreter's own audit sees the same calls, and the steps alone make the files that are there."""
    folder = tmp_path / "here"
    folder.mkdir()
    book = own_book(folder / "book.xlsx", "en", COMPANY, [("advance", "2026-01"), ("advance", "2026-02")])
    before, seen = files(folder), tmp_path / "seen"
    calls = {
        "os.chmod",
        "os.chown",
        "os.link",
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.truncate",
        "os.utime",
    }

    def settle() -> int:
        noted: list[str] = []

        def hook(event: str, given: tuple[object, ...]) -> None:
            writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR)
            inside = (
                isinstance(given[0], str | os.PathLike) and str(folder) in os.fspath(given[0])
                if given
                else False
            )
            if inside and (writes or event in calls):
                noted.append(event)

        sys.addaudithook(hook)
        code = main(["settle", str(book), "2026Q1", "--backup", "2"])
        seen.write_text("\n".join(noted), encoding="ascii")
        return code

    ended, steps = steps_of(settle, folder)
    assert (ended.code, ended.said.count("Saved")) == (0, 1), ended.said
    names = {"open": "open", "unlink": "os.remove", "replace": "os.rename"}
    taken = [names.get(step.call, f"os.{step.call}") for step in steps]
    audited = seen.read_text(encoding="ascii").splitlines()
    assert [each for each in taken if each in {*calls, "open"} - {"os.truncate"}] == audited
    assert len(steps) > 40
    assert Power(before).after(steps).lost(fates(1, "")) == files(folder)


@pytest.mark.parametrize(
    ("how", "code", "number", "left"),
    [
        ("killed before", -1, signal.SIGKILL, OLD),
        ("killed after", -1, signal.SIGKILL, NEW),
        ("terminated", -1, signal.SIGTERM, OLD),
        ("error", UNFORESEEN, 0, OLD),
        ("no right", UNFORESEEN, 0, OLD),
    ],
)
def test_a_step_goes_wrong_as_asked(book: Path, how: How, code: int, number: int, left: bytes) -> None:
    _, steps = steps_of(saving(book), book.parent)
    afresh(book)
    at = next(n for n, step in enumerate(steps) if step.call == "replace")
    ended = crashed(saving(book), book.parent, at, how)
    assert (ended.code, ended.signal) == (code, number)
    assert book.read_bytes() == left


def test_a_write_is_cut_in_the_middle_and_a_full_disk_stays_full(book: Path) -> None:
    _, steps = steps_of(saving(book), book.parent)
    writes = [n for n, step in enumerate(steps) if step.path == "new" and step.kind == "write"]
    assert [len(steps[n].data) for n in writes] == [4000] * 5
    afresh(book)
    crashed(saving(book), book.parent, writes[1], "killed amid")
    assert book.with_name("new").read_bytes() == NEW[:6000]
    afresh(book)
    ended = crashed(saving(book), book.parent, writes[1], "disk full")
    assert "No space left" in ended.said
    assert book.with_name("new").read_bytes() == NEW[:6000]
    assert not [how for how in hows(steps[writes[1]]) if how == "error though done"]


def test_an_interruption_waits_while_a_file_is_put_in_its_place(book: Path) -> None:
    _, steps = steps_of(saving(book), book.parent)
    afresh(book)
    at = next(n for n, step in enumerate(steps) if step.call == "replace")
    assert crashed(saving(book), book.parent, at, "interrupted before").code == 0
    assert book.read_bytes() == NEW
    afresh(book)
    assert "KeyboardInterrupt" in crashed(saving(book), book.parent, at - 3, "interrupted before").said


def test_what_was_not_flushed_may_be_lost_or_torn() -> None:
    def step(kind: str, call: str, path: str, **more: object) -> Step:
        return Step(kind, call, path)._replace(**more)  # type: ignore[arg-type]

    begun = [
        step("open", "open", "new", data=b"(384,)"),
        step("write", "write", "new", data=b"abcd"),
        step("write", "write", "new", data=b"efgh", at=4),
        step("look", "chmod", "new", data=b"(416,)"),
    ]
    renamed = step("name", "replace", "new", other="book")
    flushed, folder = step("flush", "fsync", "new"), step("folder", "fsync", ".")
    before = {"book": Found(b"old", 0o644)}

    def found(*steps: Step) -> set[Found]:
        power = Power(before).after(steps)
        return {power.lost(fates(number, "s")).get("book", Found(b"", 0)) for number in range(300)}

    whole, old = Found(b"abcdefgh", 0o640), Found(b"old", 0o644)
    torn = found(*begun, renamed)
    assert {Found(b"", 0o600), Found(b"\0\0\0\0efgh", 0o600), Found(b"abcdef", 0o640), whole, old} < torn
    assert found(*begun[:3], flushed, begun[3], renamed) == {whole, whole._replace(mode=0o600), old}
    assert found(*begun, flushed, renamed) == {whole, old}
    assert found(*begun, flushed, renamed, folder) == {whole}
    assert found(*begun, renamed, folder) > {whole, Found(b"", 0o600)}


def test_what_stands_in_a_folder_is_lost_with_it() -> None:
    made = [Step("folder", "mkdir", "out"), Step("open", "open", "out/a", data=b"()")]
    flushed = [Step("flush", "fsync", "out/a"), Step("folder", "fsync", "out")]
    certain = Power({}).after([*made, *flushed])
    assert {*map(tuple, (certain.lost(fates(n, "s")) for n in range(20)))} == {(), ("out/a",)}
    whole = certain.after([Step("folder", "fsync", ".")])
    assert {*map(tuple, (whole.lost(fates(n, "s")) for n in range(20)))} == {("out/a",)}
