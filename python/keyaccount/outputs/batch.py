"""``batch``: a period run on many workbooks at once; what goes wrong with one stops only that one.

Each workbook is run by ``commands.run_book`` as if alone, side by side with others. A workbook whose period
was run before is left as it is: after an interruption the same command goes on where it stopped.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

from keyaccount.book import Finding, Stamp
from keyaccount.commands import run_book
from keyaccount.money import yuan
from keyaccount.periods import Period
from keyaccount.problems import FileProblem, KeyAccountError
from keyaccount.settlement import KIND_OF_PERIOD, Command
from keyaccount.terminal import DONE, PRECEDENCE, PROBLEMS
from keyaccount.translation import Language, environment_language
from keyaccount.wording import failure
from keyaccount.workbook.encryption import opening_with
from keyaccount.workbook.limits import confine
from keyaccount.workbook.sidefiles import real_path, workbooks_in

State = Literal["booked", "done before", "preview", "problems", "stopped"]
AMOUNTS = ("net_sales", "commission", "paid", "withheld", "carried")
Told = Callable[["Ran"], None]


@dataclass(frozen=True, slots=True)
class Job:
    """What every workbook of a batch is asked."""

    command: Command
    period: Period
    stamp: Stamp
    preview: bool = False
    language: Language | None = None
    backups: int = 0
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one workbook: entries booked (or to book), sums in fen, its problems, the exit code."""

    path: Path
    state: State
    code: int = DONE
    entries: int = 0
    people: int = 0
    sums: tuple[int, ...] = (0,) * len(AMOUNTS)
    problems: tuple[Finding, ...] = ()

    @property
    def note(self) -> str:
        """The first error, in words."""
        wrong = next((each for each in self.problems if each.severity == "error"), None)
        if wrong is None:
            return ""
        place = f"{wrong.sheet}!{wrong.cell}" if wrong.cell else wrong.sheet
        return ": ".join(filter(None, (place, wrong.problem)))


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of all, in the order in which they were named; ``waiting``: those not begun."""

    job: Job
    ran: tuple[Ran, ...]
    waiting: int = 0

    @property
    def code(self) -> int:
        """The exit code: of several, the first by precedence."""
        codes = {each.code for each in self.ran}
        return next((code for code in PRECEDENCE if code in codes), DONE)

    @property
    def sums(self) -> tuple[int, ...]:
        """The sums over all workbooks that were calculated, in fen."""
        return tuple(sum(column) for column in zip(*(each.sums for each in self.ran), strict=True))

    def as_json(self) -> dict[str, object]:
        """Give the JSON object; amounts as strings with two decimals."""
        return {
            "period": str(self.job.period),
            "command": self.job.command,
            "preview": self.job.preview,
            "workbooks": [_json(each) for each in self.ran],
            "waiting": self.waiting,
            "totals": dict(zip(AMOUNTS, map(yuan, self.sums), strict=True)) if self.ran else {},
        }


def _json(ran: Ran) -> dict[str, object]:
    return {
        "book": str(ran.path),
        "state": ran.state,
        "exit_code": ran.code,
        "booked": ran.state == "booked",
        "entries": ran.entries,
        "salespeople": ran.people,
        **dict(zip(AMOUNTS, map(yuan, ran.sums), strict=True)),
        "problems": [asdict(problem) for problem in ran.problems],
    }


def command_of(period: Period) -> Command:
    """Give the command that runs a period of this kind."""
    commands: dict[str, Command] = {"month": "advance", "quarter": "settle", "year": "year-end"}
    assert KIND_OF_PERIOD[commands[period.kind]] == period.kind  # noqa: S101 the settlement says so too
    return commands[period.kind]


def books_of(given: Sequence[Path]) -> list[Path]:
    """Give the workbooks that are named or lie in the folders that are named, each once.

    Raises FileProblem where there is none.
    """
    books = {real_path(book): book for each in given for book in workbooks_in(each)}
    if not books:
        raise FileProblem("There is no workbook (.xlsx, .xlsm) to run.", "Check the folder's name.")
    return list(books.values())


def run_batch(books: Sequence[Path], job: Job, processes: int, told: Told) -> Batch:
    """Run all workbooks, so many at a time; ``told`` hears of each as it is done.

    Ctrl-C lets the workbooks that are being run come to their end and begins no other: they are ``waiting``.
    """
    ran: dict[Path, Ran] = {}

    def note(done: Ran) -> None:
        ran[done.path] = done
        told(done)

    try:
        if len(books) == 1:
            note(run_one(books[0], job))
        else:
            _run_side_by_side(books, job, processes, note)
    except KeyboardInterrupt:
        pass
    finished = tuple(ran[book] for book in books if book in ran)
    return Batch(job, finished, len(books) - len(finished))


def run_one(path: Path, job: Job) -> Ran:
    """Run one workbook; whatever stops it is in what is given back."""
    try:
        with opening_with(job.password):
            report = run_book(
                path,
                job.command,
                job.period,
                job.stamp,
                preview=job.preview,
                language=job.language,
                backups=job.backups,
            )
    except KeyAccountError as problem:
        return _stopped(path, problem, job)
    except MemoryError:
        return _stopped(path, FileProblem("The machine's memory is used up.", "Close other programs."), job)
    except Exception as unforeseen:  # noqa: BLE001 the other workbooks shall be run
        what = f"{type(unforeseen).__name__}: {unforeseen}".splitlines()[0]
        said = FileProblem(
            "Something unforeseen happened ({what}).",
            "The workbook is as before. Set KEYACCOUNT_DEBUG=1 and report what is printed then.",
            what=what,
        )
        return _stopped(path, said, job)
    if report.failed:
        return Ran(path, "problems", PROBLEMS, problems=report.problems)
    state: State = "preview" if job.preview else "booked" if report.booked else "done before"
    sums = tuple(sum(getattr(figures, name) for figures in report.figures) for name in AMOUNTS)
    return Ran(path, state, DONE, len(report.entries), len(report.figures), sums, report.problems)


def _stopped(path: Path, problem: KeyAccountError, job: Job) -> Ran:
    language = job.language or problem.language or environment_language()
    sentence, remedy = failure(problem, language)
    found = Finding("error", "", "", "", sentence, remedy)
    return Ran(path, "stopped", problem.exit_code, problems=(found,))


def _run_side_by_side(books: Sequence[Path], job: Job, processes: int, note: Told) -> None:
    """Run in a pool of processes; a process that dies takes only its own workbook with it."""
    left = dict.fromkeys(books)

    def noted(done: Ran) -> None:
        left.pop(done.path)
        note(done)

    _in_a_pool(books, job, processes, noted)
    for book in list(left):  # a process died and the pool with it: each of the rest gets a pool of its own
        _in_a_pool([book], job, 1, noted)
        if book in left:
            noted(_stopped(book, _died(book), job))


def _died(book: Path) -> FileProblem:
    return FileProblem(
        "The process that ran {file} came to a sudden end.",
        "The workbook is as before or whole; run it alone. Perhaps the memory does not suffice: use -j 1.",
        file=book.name,
    )


def _in_a_pool(books: Sequence[Path], job: Job, processes: int, note: Told) -> None:
    """Note each workbook's result as it comes; ends early where a process dies."""
    workers = min(processes, len(books))
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    waiting = iter(books)
    pending = {pool.submit(run_one, book, job) for book in islice(waiting, workers)}
    try:
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                note(future.result())
            pending |= {pool.submit(run_one, book, job) for book in islice(waiting, len(done))}
    except BrokenProcessPool:
        return
    except KeyboardInterrupt:
        begun = [future for future in pending if not future.cancel()]
        for future in as_completed(begun):
            note(future.result())
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """Read within limits, and leave Ctrl-C to the process that shares out the work: what is begun ends."""
    confine()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
