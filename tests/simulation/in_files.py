"""Lives in a real workbook: the same steps, through reader, writer and save, with crashes at any write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from keyaccount.book import Stamp, open_book
from keyaccount.commands import regenerate_book, run_book
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import FileProblem, Refused
from keyaccount.verification import Wanted, verify_book
from tests.company import Company
from tests.company_runs import Run
from tests.crashing import crashed, steps_of
from tests.disk_steps import hows
from tests.simulation.plain_workbook import PARTS, TABLES, new_workbook, packed, sheets, unpacked
from tests.simulation.running import Came, Runner, perform
from tests.simulation.steps import Step
from tests.simulation.world import World

DIGITS = 12
"""So many digits of a chain head stand on a statement."""


class Workbook:
    """The workbook of a life; ``runner`` lets the program run on it."""

    def __init__(self, world: World, folder: Path) -> None:
        """Write the company's rows into a new workbook."""
        self.folder = folder
        self.path = folder / "book.xlsx"
        self.world = world
        self.parts = new_workbook(world.made)
        self.written: Company = world.made
        self.path.write_bytes(packed(self.parts))
        self.versions: dict[str, tuple[bytes, Company]] = {}
        self._keep()

    def _keep(self) -> None:
        """Keep a copy of the workbook as it is now, by the head of its ledger."""
        self.versions[self.world.now.head] = self.path.read_bytes(), self.written
        self.head = self.world.now.head

    def enter(self) -> None:
        """Have the workbook hold the world's rows, as a person enters them; or an older version of it."""
        if self.head != self.world.now.head:
            lost = self.head
            content, self.written = self.versions[self.world.now.head]
            self.path.write_bytes(content)
            self.parts = unpacked(content)
            self.head = self.world.now.head
            self._is_older_than(lost)
        made = self.world.made
        if made is self.written:
            return
        names = [n for n, table in TABLES.items() if getattr(made, table) != getattr(self.written, table)]
        self.parts = unpacked(self.path.read_bytes()) | sheets(made, names)
        self.path.write_bytes(packed(self.parts))
        self.written = made

    def _is_older_than(self, lost: str) -> None:
        """A head that was printed since the backup was made tells that the workbook is an older one."""
        verdict = verify_book(self.path, wanted=Wanted.of(head=lost[:DIGITS]))
        assert verdict.kept is None, "a backup knows a head that was printed after it"
        assert verdict.findings, "verify takes a backup that misses what was booked"

    def runner(self, world: World, run: Run) -> Came:
        """Let the program run on the workbook; what it refuses leaves every byte as it was."""
        self.enter()
        before = self.path.read_bytes()
        came = self.ran(run)
        after = self.path.read_bytes()
        if came.verdict != "done" or (not came.entries and world.last == run):
            assert after == before, f"{run[0]} {run[1]} ({came.verdict}) has written to the workbook"
        self.parts = unpacked(after)
        entered = sheets(self.written, TABLES)
        assert {part: self.parts[part] for part in PARTS.values()} == entered, "an input sheet was changed"
        self.must_hold([*world.ledger, *came.entries], readable=came.verdict != "errors")
        if came.entries:
            self.head = came.entries[-1].digest
            self.versions[self.head] = after, self.written
        return came

    def ran(self, run: Run) -> Came:
        """Make a run on the workbook, as the command does."""
        command, period = run
        what = period if command == "settle-leaver" else Period.parse(period)
        stamp = Stamp("2030-01-31T08:00:00Z", "accountant", "desk")
        try:
            report = run_book(self.path, command, what, stamp)  # type: ignore[arg-type]
        except Refused as refused:
            return Came("refused", refused.message)
        if report.failed:
            return Came("errors", "; ".join(p.problem for p in report.problems if p.severity == "error"))
        return Came("done", "", report.entries, report.figures)

    def must_hold(self, ledger: Sequence[Entry], *, readable: bool = True) -> None:
        """The workbook's ledger is this one, entry for entry."""
        with open_book(self.path) as book:
            assert book.ledger == [*ledger], "the workbook's ledger is not what was booked"
            assert book.readable or not readable, f"the workbook cannot be read: {book.problems}"


def act_of(workbook: Workbook, run: Run) -> int:
    """Make a run in a child, and say how it went: 0 done, 1 errors, 3 refused, 5 the file."""
    try:
        came = workbook.ran(run)
    except FileProblem:
        return 5
    return {"done": 0, "errors": 1, "refused": 3}[came.verdict]


def crash_in(workbook: Workbook) -> Step:
    """Give the step in which the program dies at some write."""

    def crash_while_writing(world: World, random: Random, runner: Runner) -> None:
        """Die at a write; the workbook is as before or as after, and the run started again books once."""
        workbook.enter()
        run = world.planned[world.now.next]
        before = workbook.path.read_bytes()
        _, disk_steps = steps_of(lambda: act_of(workbook, run), workbook.folder)
        done = workbook.path.read_bytes()
        workbook.path.write_bytes(before)
        at = random.randrange(len(disk_steps))
        how = random.choice([*hows(disk_steps[at])])
        world.say(f"{run[0]} {run[1]}: {how} at step {at + 1} of {len(disk_steps)} on the disk")
        crashed(lambda: act_of(workbook, run), workbook.folder, at, how)
        left = workbook.path.read_bytes()
        world.counted["crashes"] += 1
        assert left in (before, done), f"{how} at {disk_steps[at].call} left neither the old nor the new"
        if left != before:
            world.counted["crashes after the new workbook was in place"] += 1
            assert not workbook.ran(run).entries, "started again after a crash it books twice"
            assert workbook.path.read_bytes() == left
            workbook.path.write_bytes(before)  # the world has yet to hear of what was booked
        came = perform(world, run, runner)
        strays = [each.name for each in workbook.folder.iterdir() if each.suffix == ".tmp"]
        assert not (came.entries and strays), f"left behind for ever: {strays}"

    return crash_while_writing


def verify_in(workbook: Workbook) -> Step:
    """Give the step in which the workbook's result sheets are made anew and verified."""

    def make_anew_and_verify(world: World, random: Random, runner: Runner) -> None:
        """Result sheets made anew follow from the ledger; the head on a statement is known."""
        del random, runner
        workbook.enter()
        world.say("the result sheets are made anew and verified")
        report = regenerate_book(workbook.path)
        workbook.must_hold([*world.ledger])
        if report.failed or not world.ledger:
            return
        assert regenerate_book(workbook.path).saved is None, "made anew twice is not the same"
        verdict = verify_book(workbook.path, wanted=Wanted.of(head=world.now.head[:DIGITS]))
        assert not verdict.findings, f"verify finds {verdict.findings[:3]}"
        assert verdict.kept == verdict.head, "the head of the ledger is another"

    return make_anew_and_verify
