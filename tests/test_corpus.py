"""The campaign over the odd workbooks of others, in short, and that it would notice."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.campaigns import corpus, frame
from tests.campaigns.carrier import NoCarrier, carried, changed_parts
from tests.campaigns.corpus import campaign
from tests.campaigns.started import Ended, start
from tests.corpus import CORPUS
from tests.workbook.reading import ENGLISH, openpyxl_book

KNOWN = Ended(5, "", "keyaccount: book.xlsx is empty (0 bytes). Fetch it again.\n", 0.1, 100)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="there is no corpus (KEYACCOUNT_CORPUS)")
def test_odd_workbooks_of_others_are_answered_and_carry_a_plan(tmp_path: Path) -> None:
    report = frame.run(campaign, seed=1, count=18, folder=tmp_path)
    assert report.failures == ()
    assert report.tried == 18


@pytest.fixture(name="own")
def _own(tmp_path: Path) -> Path:
    """Make somebody's workbook, in which no plan stands."""
    book = openpyxl.Workbook()
    book.active.title = "Own"
    book.active["A1"] = "kept"
    book.active["A1"].comment = openpyxl.comments.Comment("a comment", "tests")
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_a_plan_in_somebodys_workbook_settles_and_all_else_stays(own: Path) -> None:
    original = own.read_bytes()
    carried(own, ENGLISH)
    with_plan = own.read_bytes()
    assert start(["settle", str(own), "2026Q1"], own.parent).code == 0
    after = own.read_bytes()
    assert after != with_plan
    assert changed_parts(original, with_plan, after) == []
    with zipfile.ZipFile(own, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"another")
    assert "xl/worksheets/sheet1.xml" in changed_parts(original, with_plan, own.read_bytes())
    assert "xl/worksheets/planned5.xml" in changed_parts(original, with_plan, own.read_bytes())


def test_what_is_no_carrier_is_left_alone(tmp_path: Path) -> None:
    book = openpyxl_book(tmp_path / "book.xlsx", ENGLISH)
    before = book.read_bytes()
    with pytest.raises(NoCarrier, match="a sheet of that name"):
        carried(book, ENGLISH)
    assert book.read_bytes() == before
    book.write_bytes(b"")
    with pytest.raises(NoCarrier, match="cannot be read"):
        carried(book, ENGLISH)


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (KNOWN, None),
        (KNOWN._replace(code=3), "exit 3"),
        (KNOWN._replace(code=-6), "exit -6"),
        (KNOWN._replace(seconds=16.0), "16.0 s"),
        (KNOWN._replace(mebibytes=1025), "1025 MiB"),
        (KNOWN._replace(err=""), "no line with a remedy"),
        (KNOWN._replace(err="keyaccount: no.\n" * 2), "no line with a remedy"),
        (KNOWN._replace(err="keyaccount: Something unforeseen happened (x).\n"), "unforeseen"),
    ],
)
def test_an_outcome_that_nobody_may_have_is_noticed(
    own: Path, monkeypatch: pytest.MonkeyPatch, ended: Ended, says: str | None
) -> None:
    monkeypatch.setattr(corpus, "start", lambda *_: ended)
    wrong = corpus._asked("check", own)[1]
    assert wrong is None if says is None else says in str(wrong)


@pytest.mark.parametrize("what", ["its bytes", "left beside it"])
def test_a_changed_file_and_one_that_is_left_behind_are_noticed(
    own: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def run(*_: object) -> Ended:
        (own if what == "its bytes" else own.with_name("stray")).write_bytes(b"")
        return KNOWN

    monkeypatch.setattr(corpus, "start", run)
    assert what in str(corpus._asked("check", own)[1])
