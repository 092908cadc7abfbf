"""The frame of campaigns: numbers are tried once, a kill loses a block at most, counts add up."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.campaigns import frame
from tests.campaigns.journal import Journal


class Sevens(NamedTuple):
    """Counts even numbers; numbers that end in 7 fail."""

    total: int | None = None

    def one(self, number: int) -> frame.Outcome:
        """Try a number."""
        if number == 13:
            message = "thirteen"
            raise ValueError(message)
        return frame.Outcome({"even": 1 - number % 2}, "a seven" if number % 10 == 7 else None)


class Counting(NamedTuple):
    """A campaign of sevens."""

    title: str = "Numbers tried"
    unit: str = "numbers"
    default_count: int = 100
    total: int | None = None

    def prepare(self, seed: int, folder: Path) -> Sevens:
        """Nothing is slow here."""
        assert seed == 3
        assert folder.is_dir()
        return Sevens(self.total)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_number_is_tried_once_and_what_fails_is_named(tmp_path: Path, jobs: int) -> None:
    report = frame.run(Counting(), seed=3, count=130, folder=tmp_path, jobs=jobs)
    assert report.tried == 130
    assert report.counted == {"even": 65}
    assert sorted(failure.number for failure in report.failures) == [
        7, 13, 17, 27, 37, 47, 57, 67, 77, 87, 97, 107, 117, 127,
    ]  # fmt: skip
    assert next(failure.why for failure in report.failures if failure.number == 13).endswith(
        "ValueError: thirteen\n"
    )


def test_a_campaign_with_an_end_ends_there(tmp_path: Path) -> None:
    assert frame.run(Counting(total=5), seed=3, count=130, folder=tmp_path).tried == 5


def test_a_stopped_campaign_goes_on_where_its_journal_ends_and_the_counts_add_up(tmp_path: Path) -> None:
    journal = tmp_path / "sevens.jsonl"
    said: list[frame.Report] = []

    def run(count: int) -> frame.Report:
        return frame.resumed(Counting(), seed=3, count=count, jobs=2, journal=journal, say=said.append)

    assert run(60).tried == 60
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"numbers": [[60, 10')  # a kill while the line was written
    said.clear()
    report = run(100)
    assert said[0].tried == 60
    assert report.tried == 100
    assert report.counted == {"even": 50}
    assert len(report.failures) == 11
    assert Journal(journal).numbers == set(range(100))


def test_a_worker_that_dies_is_an_error_not_a_silent_end() -> None:
    class Dying(NamedTuple):
        total: int | None = None

        def one(self, number: int) -> frame.Outcome:
            if number == 60:
                os._exit(9)
            return frame.Outcome({})

    with pytest.raises(RuntimeError, match="a worker ended with 9"):
        list(frame.forked(Dying(), range(200), 2))
