"""A run of the simulated company: the core beside the slow reference, and what holds of what it books."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keyaccount import ledger as books
from keyaccount import settlement
from keyaccount.clauses.approvals import approval_of
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import FIRST_DIGEST, Entry
from keyaccount.periods import Period, month_from_text
from keyaccount.problems import Refused
from tests import reference
from tests.company_runs import Run
from tests.open_months import calculated
from tests.reference.model import Run as Calculated
from tests.reference.rows import month_end, period_of
from tests.side_by_side import Outcome, differences, plain
from tests.simulation.world import LOST, World

KINDS = {
    "advance": {"advance"},
    "settle": {"commission", "advance", "quarter_payment"},
    "year-end": {"adjustment", "target_bonus", "advance", "year_end_payment"},
    "settle-leaver": {"advance", "exit_payment"},
}
"""What a command may book, beside what any run may."""
ANY = {"opening_balance", "correction", "prior_year"}


@dataclass(frozen=True)
class Came:
    """What a run came to: refused, stopped by errors, or done."""

    verdict: str
    why: str = ""
    entries: tuple[Entry, ...] = ()
    figures: tuple[Figures, ...] = ()

    def plainly(self) -> Outcome:
        """Give it as the reference gives its own."""
        shown = [{name: getattr(one, name) for name in reference.SHOWN_FIGURES} for one in self.figures]
        return Outcome(self.verdict, [plain(each) for each in self.entries], shown, self.why)


Runner = Callable[[World, Run], Came]


def in_memory(world: World, run: Run) -> Came:
    """Let the core run on the tables."""
    command, period = run
    what = period if command == "settle-leaver" else Period.parse(period)
    try:
        outcome = settlement.run(world.sheet.inputs, world.ledger, command, what)  # type: ignore[arg-type]
    except Refused as refused:
        return Came("refused", refused.message)
    if outcome.failed:
        assert not outcome.entries, "a run with errors books nothing"
        assert not outcome.figures, "a run with errors shows no figures"
        errors = [each.problem for each in outcome.problems if each.severity == "error"]
        return Came("errors", "; ".join(errors))
    return Came("done", "", outcome.entries, outcome.figures)


def perform(world: World, run: Run, runner: Runner = in_memory) -> Came:
    """Make a run, compare it with the reference, book what it gave."""
    command, period = run
    expected = reference.run(world.sheet.inputs, world.now.plain, command, period)
    came = runner(world, run)
    world.must_be_whole()
    world.counted[f"runs: {came.verdict}"] += 1
    wanted = "errors" if expected.errors else "refused" if expected.refused is not None else "done"
    why = expected.refused or "; ".join(sorted(expected.errors))
    told = differences(Outcome(wanted, expected.entries, expected.figures, why), came.plainly())
    assert not told, "\n".join(told)
    if came.verdict == "errors":
        world.change(world.now.good)  # whoever made the error puts it right
    if came.verdict == "done":
        assert expected.calculated is not None
        _take(world, run, came, expected.calculated)
    return came


def _take(world: World, run: Run, came: Came, run_by_reference: Calculated) -> None:
    world.now.good = world.made
    if not came.entries:
        _shown_again(world, run, came.figures)
    else:
        _well_booked(world, run, came.entries)
        closed = world.now.closed_through(run_by_reference.year)
        world.book(run, came.entries)
        world.now.shown[run] = came.figures
        _closed_months_are_booked_as_calculated(world, run, run_by_reference)
        _money_is_conserved(world, run, came.figures, run_by_reference, closed)
        _paid_elsewhere_counts_once(world, run, run_by_reference.year)
    _approvals_hold(world)
    world.last = run


def repeat(world: World, run: Run, runner: Runner = in_memory) -> None:
    """Make a run once more on what has not changed: it books nothing and shows the same."""
    came = runner(world, run)
    world.must_be_whole()
    assert came.verdict == "done", f"a repeat was {came.verdict}: {came.why}"
    assert not came.entries, f"a repeat books again: {[plain(each) for each in came.entries]}"
    _shown_again(world, run, came.figures)


def _shown_again(world: World, run: Run, figures: Sequence[Figures]) -> None:
    """A past run's figures never move; only what was paid for its period elsewhere is added to Paid."""
    before = world.now.shown.get(run, ())
    assert [replace(each, paid=0) for each in figures] == [replace(each, paid=0) for each in before], (
        f"the figures of a past run moved: {before} ≠ {figures}"
    )


def _well_booked(world: World, run: Run, booked: Sequence[Entry]) -> None:
    """Numbered and chained behind what was there; of the kinds and the period that the command has."""
    command, period = run
    ledger = world.ledger
    number, digest = len(ledger), ledger[-1].digest if ledger else FIRST_DIGEST
    made_by = ledger[-1].run + 1 if ledger else 1
    open_before = world.now.closed_through(booked[0].year)
    for entry in booked:
        number += 1
        assert (entry.entry, entry.run) == (number, made_by), "entries are numbered on"
        digest = books.digest_of(entry, digest)
        assert entry.digest == digest, "entries are chained"
        assert entry.kind in KINDS[command] | ANY, f"{command} books no {entry.kind}"
        if entry.kind == "commission":
            month = month_from_text(entry.month)
            assert open_before < month, "a closed cell is booked as a commission again"
            assert month <= Period.parse(period).last_month, "a commission of a month to come"
        if entry.kind in {"commission", "correction"}:
            assert entry.rate is not None
            assert entry.month[:4] == entry.origin_month[:4] == entry.period[:4], "of another year"
        if command == "settle-leaver":
            assert entry.salesperson_id == period, "an exit run books for somebody else"
        elif entry.marks_run or entry.kind in EARNED_NOW:
            assert entry.period == period, "an entry of another period"


EARNED_NOW = {*ANY, "commission", "adjustment", "target_bonus"}


def _closed_months_are_booked_as_calculated(world: World, run: Run, made: Calculated) -> None:
    """Late deltas add up: what stands booked for a closed cell is what it comes to now (§3.3)."""
    if run[0] == "settle-leaver":
        return
    year, closed, booked = made.year, world.now.closed_through(made.year), world.now.cells
    if year in world.now.finished and run[0] != "year-end":
        return
    wanted: dict[Any, int] = {}
    for key, net in made.nets.items():
        if key.month // 12 == year and key.month <= closed:
            place = (key.month, key.origin, key.account, key.person, key.rate)
            wanted[place, "net"] = net
            if key.own_year:
                wanted[place, "commission"] = made.commissions[key]
    found: dict[Any, int] = {
        at: amount
        for at, amount in booked.items()
        if at[0].year == year and at[0].month <= closed and at[1] != "prior" and _own(at, amount)
    }
    for cell in wanted.keys() | found.keys():
        there, should = found.get(cell, 0), wanted.get(cell, 0)
        assert there == should, f"booked for the closed cell {cell}: {there} ≠ calculated {should}"


def _own(key: tuple[books.CellKey, str], amount: int) -> bool:
    return amount != 0 and (key[0].own_year or key[1] == "net")


def _money_is_conserved(
    world: World, run: Run, figures: Sequence[Figures], made: Calculated, closed: int
) -> None:
    """Booked earnings + what open months come to − payments = withheld + carried, a salesperson and year."""
    year = made.year
    open_now = _open_months(world, run, made, closed)
    for one in figures:
        person = one.salesperson_id
        earned = world.now.sums[person, year, "earned"] + open_now.get(person, 0)
        paid = world.now.sums[person, year, "paid"]
        assert earned - paid == one.withheld + one.carried, (
            f"{person} in {year}: earned {earned} − paid {paid}"
            f" ≠ withheld {one.withheld} + carried {one.carried}"
        )
        assert one.carried <= 0, "what is carried is owed"
        if run[0] == "year-end":
            assert one.withheld == 0, "a year end leaves nothing withheld"


def _open_months(world: World, run: Run, made: Calculated, closed: int) -> dict[str, int]:
    reach = made.period.last
    if run[0] in {"settle", "settle-leaver"} and made.books.last_advanced // 12 == made.year:
        reach = max(reach, made.books.last_advanced)
    closed = max(closed, made.period.last if run[0] == "settle" else 0)
    found = calculated(made, closed, max(reach, closed))
    if made.plan.policy("advance_method", month_end(period_of(made.period.text).last)) == "instalments":
        return {person: amount for person, amount in found.items() if made.exit_of(person)}
    del world
    return found


def _paid_elsewhere_counts_once(world: World, run: Run, year: int) -> None:
    """What the year was paid is what the bank paid for runs and what Payments Made says, once each."""
    rows: dict[tuple[str, str, str], int] = {}
    elsewhere: dict[str, int] = {}
    for row in world.made.payments_made:
        if row.period[:4] == str(year):
            key = (row.salesperson_id, row.period, row.voucher)
            rows[key] = rows.get(key, 0) + row.amount
            if not row.voucher.startswith(LOST):
                elsewhere[row.salesperson_id] = elsewhere.get(row.salesperson_id, 0) + row.amount
    person = run[1] if run[0] == "settle-leaver" else None
    booked = {k: v for k, v in world.now.outside.items() if k[1][:4] == str(year)}
    for key in rows.keys() | booked.keys():
        if person in {None, key[0]}:
            assert booked.get(key, 0) == rows.get(key, 0), f"paid elsewhere: {key} booked {booked.get(key)}"
    for name in {each.salesperson_id for each in world.ledger}:
        if person in {None, name}:
            paid, known = world.bank[name, year] + elsewhere.get(name, 0), world.now.sums[name, year, "paid"]
            assert paid == known, f"{name} was paid {paid} for {year}, the ledger knows of {known}"


def _approvals_hold(world: World) -> None:
    """An approval counts as long as its period was not booked again, whatever else is booked."""
    if not world.now.approved:
        return
    inputs = world.sheet.inputs
    for period, digest in world.now.approved.items():
        marked = next(e for e in reversed(world.ledger) if e.period == period and e.marks_run)
        last = next(each for each in reversed(world.ledger) if each.run == marked.run)
        given = approval_of(inputs, world.ledger, period).given
        assert given == (last.digest == digest), (
            f"the approval of {period} {'counts' if given else 'is void'}"
        )
