"""The frame of every campaign: numbered trials in forked workers, a journal, one number replayed.

``python -m tests.campaigns NAME`` runs a campaign (``dev.py campaign NAME`` sets up first). A trial is
deterministic in (seed, number): a failing number is replayed by ``--only NUMBER``.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

BLOCK = 50  # trials between two lines of the journal: what a kill can lose
LOST_AFTER = 600.0  # seconds without any news of a block: the workers hang
MOST_FAILURES = 20  # then a campaign stops: something is broken throughout


class Outcome(NamedTuple):
    """What one trial did, by name, and why it is wrong (None: right)."""

    counted: Mapping[str, int]
    failed: str | None = None


class Prepared(Protocol):
    """A campaign made warm: its trials, and how many there are at all (None: without end)."""

    @property
    def total(self) -> int | None:
        """How many numbers there are."""

    def one(self, number: int) -> Outcome:
        """Try one number; the same seed and number do the same again."""


class Campaign(Protocol):
    """A long test engine."""

    @property
    def title(self) -> str:
        """What is tried, the beginning of a sentence."""

    @property
    def unit(self) -> str:
        """What is counted."""

    @property
    def default_count(self) -> int:
        """How many trials a whole campaign takes."""

    def prepare(self, seed: int, folder: Path) -> Prepared:
        """Do the slow part once, before the workers are forked; folder is its own."""


class Failure(NamedTuple):
    """A number that failed, and why."""

    number: int
    why: str


class Block(NamedTuple):
    """Some numbers tried, their counts together, and those that failed."""

    numbers: tuple[int, ...]
    counted: Mapping[str, int]
    failures: tuple[Failure, ...]


class Report(NamedTuple):
    """What a campaign came to."""

    tried: int
    counted: Mapping[str, int]
    failures: tuple[Failure, ...]


def tried(prepared: Prepared, numbers: Iterable[int]) -> Block:
    """Try some numbers, one after another; an exception is a failure of its number."""
    done: list[int] = []
    counted: Counter[str] = Counter()
    failures: list[Failure] = []
    for number in numbers:
        try:
            outcome = prepared.one(number)
        except Exception:  # noqa: BLE001 - any exception of a trial is what a campaign looks for
            outcome = Outcome({}, traceback.format_exc())
        done.append(number)
        counted.update(outcome.counted)
        if outcome.failed is not None:
            failures.append(Failure(number, outcome.failed))
    return Block(tuple(done), counted, tuple(failures))


def blocks(numbers: Iterable[int], size: int = BLOCK) -> Iterator[list[int]]:
    """Cut numbers into blocks."""
    block: list[int] = []
    for number in numbers:
        block.append(number)
        if len(block) == size:
            yield block
            block = []
    if block:
        yield block


def forked(prepared: Prepared, numbers: Iterable[int], jobs: int, size: int = BLOCK) -> Iterator[Block]:
    """Try numbers in forked workers, which inherit what is warm; blocks come as they end."""
    context = multiprocessing.get_context("fork")
    wanted = [*blocks(numbers, size)]
    waiting = len(wanted)
    tasks: multiprocessing.SimpleQueue[list[int] | None] = context.SimpleQueue()
    results: multiprocessing.Queue[Block] = context.Queue()

    def work() -> None:
        while (block := tasks.get()) is not None:
            results.put(tried(prepared, block))

    workers = [context.Process(target=work, daemon=False) for _ in range(min(jobs, waiting) or 1)]
    for worker in workers:
        worker.start()

    # A pipe holds some thousand blocks only: they are handed out as results come back.
    def hand_out(count: int) -> None:
        for _ in range(count):
            tasks.put(wanted.pop(0) if wanted else None)

    try:
        hand_out(2 * len(workers))
        for _ in range(waiting):
            yield _next_block(results, workers)
            hand_out(1)
        hand_out(len(workers))
    finally:
        for worker in workers:
            worker.join(timeout=0 if worker.exitcode is None and wanted else 5)
            worker.kill()


def _next_block(
    results: multiprocessing.Queue[Block], workers: list[multiprocessing.context.ForkProcess]
) -> Block:
    """Wait for a block; a worker that died takes its numbers with it, and that is an error."""
    waited = 0.0
    while True:
        try:
            return results.get(timeout=1)
        except queue.Empty:
            waited += 1
            dead = [worker.exitcode for worker in workers if worker.exitcode not in (None, 0)]
            if dead or waited > LOST_AFTER:
                problem = f"a worker ended with {dead[0]}" if dead else "no worker answers"
                message = f"{problem}: run again with --jobs 1 to see the number it was at"
                raise RuntimeError(message) from None


def run(campaign: Campaign, *, seed: int, count: int, folder: Path, jobs: int = 1) -> Report:
    """Run the first ``count`` numbers without a journal, as the suite does; jobs=1 stays in this process."""
    prepared = campaign.prepare(seed, folder)
    numbers = range(count if prepared.total is None else min(count, prepared.total))
    done = [tried(prepared, numbers)] if jobs == 1 else [*forked(prepared, numbers, jobs)]
    return together(done)


def together(done: Iterable[Block], before: Report | None = None) -> Report:
    """Add up blocks."""
    report = before or Report(0, {}, ())
    counted = Counter(report.counted)
    failures = [*report.failures]
    count = report.tried
    for block in done:
        counted.update(block.counted)
        failures += block.failures
        count += len(block.numbers)
    return Report(count, counted, tuple(failures))


def resumed(
    campaign: Campaign, *, seed: int, count: int, jobs: int, journal: Path, say: Callable[[Report], None]
) -> Report:
    """Run what the journal does not hold yet of the first ``count`` numbers; its counts add up."""
    from tests.campaigns.journal import Journal

    folder = journal.with_suffix(".scratch")
    folder.mkdir(parents=True, exist_ok=True)
    prepared = campaign.prepare(seed, folder)
    book = Journal(journal)
    report = together(book.blocks())
    end = count if prepared.total is None else min(count, prepared.total)
    left = (number for number in range(end) if number not in book.numbers)
    say(report)
    size: int = getattr(campaign, "block", BLOCK)  # a campaign of slow trials says fewer
    for block in forked(prepared, left, jobs, size):
        book.add(block)
        report = together([block], report)
        say(report)
        if len(report.failures) >= getattr(campaign, "most_failures", MOST_FAILURES):
            break
    return report


def niced() -> None:
    """Give way to whoever works on this machine."""
    if hasattr(os, "nice"):
        os.nice(10)
