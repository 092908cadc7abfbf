"""Ten processes at once on the same file: one books, nine are told, nothing is lost."""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from keyaccount import cli, commands
from keyaccount.outputs import batch
from keyaccount.workbook import save
from tests.campaigns.crashing.acting import ENVIRONMENT, one_after_another
from tests.workbook.demo_books import COMPANY, own_book
from tests.workbook.saving import POSIX, others

pytestmark = POSIX
TEN = 10
FORK = multiprocessing.get_context("fork") if os.name != "nt" else None


class Told(NamedTuple):
    """How a command ended, and what it said as JSON."""

    code: int
    said: dict[str, Any]


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(batch, "_run_side_by_side", one_after_another)
    monkeypatch.chdir(tmp_path)
    return own_book(tmp_path / "book.xlsx", "en", COMPANY, [("advance", "2026-01"), ("advance", "2026-02")])


def at_once(lines: Sequence[Sequence[object]]) -> list[Told]:
    """Run commands in processes that begin together; give how each ended."""
    assert FORK is not None
    told: multiprocessing.Queue[Told] = FORK.Queue()
    begin = FORK.Barrier(len(lines))

    def work(words: list[str]) -> None:
        begin.wait()
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
            code = cli.main([*words, "--json"])
        told.put(Told(code, json.loads(out.getvalue())))

    workers = [FORK.Process(target=work, args=([*map(str, words)],)) for words in lines]
    for worker in workers:
        worker.start()
    ended = [told.get(timeout=120) for _ in workers]
    for worker in workers:
        worker.join()
    return ended


def once(book: Path, *words: object) -> bytes:
    """Give what a command alone makes of a copy."""
    alone = book.parent / "alone" / book.name
    alone.parent.mkdir()
    shutil.copyfile(book, alone)
    assert cli.main([str(words[0]), str(alone), *map(str, words[1:])]) == 0
    content = alone.read_bytes()
    shutil.rmtree(alone.parent)
    return content


def outcome(told: Told) -> str:
    """Say what became of one: it booked, it was told that another works, or that all was done before."""
    if told.code == 0:
        return "booked" if told.said["booked"] else "done before"
    remedy = " ".join(problem["problem"] for problem in told.said["problems"])
    return "busy" if told.code == 5 and "Another run is working on" in remedy else f"{told.code}: {remedy}"


def test_ten_processes_settle_the_same_file_one_books_and_nine_are_told(book: Path) -> None:
    expected = once(book, "settle", "2026Q1")
    came = Counter(map(outcome, at_once([("settle", book, "2026Q1")] * TEN)))
    assert came["booked"] == 1
    assert came["busy"] + came["done before"] == TEN - 1, came
    assert book.read_bytes() == expected
    assert others(book) == []


def test_other_spellings_of_the_path_are_the_same_file(book: Path) -> None:
    expected = once(book, "settle", "2026Q1")
    folder, link = book.parent / "folder", book.parent / "folder" / "linked.xlsx"
    folder.mkdir()
    link.symlink_to(book)
    (book.parent / "way").symlink_to(folder.parent)
    spellings = ["book.xlsx", link, "folder/../book.xlsx", "way/book.xlsx", book]
    came = Counter(map(outcome, at_once([("settle", each, "2026Q1") for each in spellings])))
    assert came["booked"] == 1
    assert came["busy"] + came["done before"] == len(spellings) - 1, came
    assert book.read_bytes() == expected
    assert link.is_symlink()


def test_ten_batches_on_one_folder_book_each_workbook_once(book: Path) -> None:
    expected = once(book, "settle", "2026Q1")
    books = [book.parent / "books" / f"{number}.xlsx" for number in range(2)]
    books[0].parent.mkdir()
    for each in books:
        shutil.copyfile(book, each)
    told = at_once([("batch", "books", "2026Q1", "--jobs", "1")] * TEN)
    for each in books:
        states = Counter(
            ran["state"]
            for one in told
            for ran in one.said["workbooks"]
            if Path(ran["book"]).name == each.name
        )
        assert states["booked"] == 1, states
        assert states.keys() <= {"booked", "done before", "stopped"}
        assert each.read_bytes() == expected
    assert {one.code for one in told} <= {0, 5}
    assert sorted(path.name for path in books[0].parent.iterdir()) == ["0.xlsx", "1.xlsx"]


def test_without_the_lock_more_than_one_would_book(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of ten notices: without lock and last look all that have read the same believe they booked."""
    together = multiprocessing.get_context("fork").Barrier(4)
    monkeypatch.setattr(commands, "lock", lambda _path: contextlib.nullcontext())
    monkeypatch.setattr(save, "_refuse_changed", lambda *_seen: together.wait(60))
    monkeypatch.setattr(save, "_comment_unless_changed", lambda *_read: b"")
    assert Counter(map(outcome, at_once([("settle", book, "2026Q1")] * 4)))["booked"] == 4
