"""The campaign of crashes in short, and that its judge would notice a save that is not whole."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keyaccount import cli
from keyaccount.workbook import putting, save
from tests.campaigns.crashing.acting import Recall, encrypting_alike
from tests.campaigns.crashing.proofs import proved
from tests.campaigns.crashing.scenes import BOOK, PASSWORD, Scene, locked
from tests.campaigns.crashing.trials import Played, Point, Stage, played
from tests.workbook.demo_books import COMPANY, own_book
from tests.workbook.saving import POSIX

pytestmark = [POSIX, pytest.mark.xdist_group("crashes")]
KEPT = ("settle", BOOK, "2026Q1", "--backup", "1")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return own_book(
        tmp_path_factory.mktemp("made") / BOOK, "en", COMPANY, [("advance", "2026-01")]
    ).read_bytes()


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Recall]]:
    with encrypting_alike():
        yield tmp_path_factory.mktemp("stage") / "here", Recall()


def wrong(theatre: tuple[Path, Recall], play: Played, choose: Callable[[int, Point], bool]) -> Iterator[str]:
    """Give what is wrong at chosen points."""
    stage = Stage(*theatre, seed="short")
    points = [point for number, point in enumerate(play.points(0)) if choose(number, point)]
    assert len(points) > 5
    return (said for point in reversed(points) if (said := stage.tried(play, point)[1]))


@pytest.mark.parametrize(
    ("name", "command", "every"),
    [
        ("kept", KEPT, 37),
        ("link", ("settle", BOOK, "2026Q1"), 89),
        ("encrypted", (*KEPT, "--password-stdin"), 43),
    ],
)
def test_no_crash_and_no_lost_power_leaves_a_damaged_or_half_booked_workbook(
    theatre: tuple[Path, Recall], content: bytes, name: str, command: tuple[str, ...], every: int
) -> None:
    scene = {
        "kept": Scene(name, command, {BOOK: content, "book.backup-0007.xlsx": b"older"}, modes={BOOK: 0o640}),
        "link": Scene(name, command, {"share/real.xlsx": content}, links={BOOK: "share/real.xlsx"}),
        "encrypted": Scene(name, command, {BOOK: locked(content)}, password=PASSWORD),
    }[name]
    play = played(scene, *theatre)
    proved(play)
    assert list(wrong(theatre, play, lambda number, _point: number % every == 0)) == []


def _overwritten(temporary: Path, target: Path, **_kept: object) -> None:
    target.write_bytes(temporary.read_bytes())
    temporary.unlink()


@pytest.mark.parametrize(
    "case",
    [
        ((save, "put_in_place"), _overwritten, "killed amid", "neither what it was nor what it comes to"),
        ((save, "put_in_place"), _overwritten, "disk full", "neither what it was nor what it comes to"),
        ((putting, "_flush"), lambda _handle: None, "power lost", "neither what it was nor what it comes to"),
        ((putting, "flush_folder"), lambda _folder: None, "power lost", "what it did is lost"),
        (
            (putting, "_flush_look"),
            lambda _new: None,
            "power lost",
            "neither what it was nor what it comes to",
        ),
        (
            (cli, "_stoppable"),
            lambda _options: contextlib.nullcontext(),
            "interrupted after",
            "not as they were",
        ),
        (
            (save, "removed_on_failure"),
            lambda _path: contextlib.nullcontext(),
            "no right",
            "left lying about",
        ),
    ],
)
def test_the_judge_notices_a_save_that_is_not_whole(
    theatre: tuple[Path, Recall],
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[tuple[object, str], object, str, str],
) -> None:
    where, broken, how, said = case
    monkeypatch.setattr(*where, broken)
    play = played(Scene("broken", KEPT, {BOOK: content}), *theatre)
    last = len(play.steps) - 22
    found = wrong(theatre, play, lambda _number, point: point.how == how and point.at >= last)
    assert next((each for each in found if said in each), "nothing") != "nothing"
