"""The steps of a life: edits, runs in and out of order, repeats, restarts, restored backups, approvals.

Each step takes the world and its own random numbers, so that a step can be left out of a life and the others
still do what they did: that is how a failure is made short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from keyaccount import settlement
from keyaccount.clauses.approvals import approval_of, new_approval
from keyaccount.company import Company as Checked
from keyaccount.ledger import Balances, first_break
from keyaccount.ledger_rows import ledger_entry, ledger_row
from keyaccount.periods import Period
from keyaccount.problems import Refused
from keyaccount.tables import ApprovalRow
from tests import companies, company_runs
from tests.company import TABLES, Adjustment, Company, Sale
from tests.company_runs import Run
from tests.simulation import sheets
from tests.simulation.looking import cells_are_sound, concerned, others_stay, taken_back, the_same
from tests.simulation.running import Runner, in_memory, perform, repeat
from tests.simulation.world import Sheet, World

Step = Callable[[World, Random, Runner], None]
FULL = 25
"""Beyond so many lines of sales and adjustments more are taken away than come."""


# --- edits --------------------------------------------------------------------------------------------


def edit(world: World, random: Random, runner: Runner) -> None:
    """Change one thing, as people do; now and then it is an error that stays until a run refuses it."""
    del runner
    before, made = world.sheet, world.made.copy()
    change = random.choice(company_runs.EDITS)
    if len(made.sales) + len(made.adjustments) > FULL and random.randrange(2):
        change = company_runs.remove_a_line
    change(random, made)
    _keep_what_was_lost(world, made)
    world.say(change.__name__.replace("_", " "))
    world.change(made)
    if world.sheet.company.failed:
        world.counted["edits that are errors"] += 1
        if random.randrange(3):
            world.say("seen at once, and undone")
            world.change(before.made)
        return
    cells_are_sound(world.sheet)
    if not before.company.failed:
        others_stay(before, world.sheet)


def _keep_what_was_lost(world: World, made: Company) -> None:
    """What a backup did not know of was paid, whatever else is edited on Payments Made."""
    there = {row.voucher for row in made.payments_made}
    made.payments_made += [row for voucher, row in world.lost.items() if voucher not in there]


def mistake(world: World, random: Random, runner: Runner) -> None:
    """Type something wrong; the next run must refuse it, or find it right as the reference does."""
    before, head = world.made, world.now.head
    made = before.copy()
    if made.sales and made.assignments:
        companies.break_something(random, made)
    world.change(made)
    world.say("a typing error")
    came = perform(world, _next(world), runner)
    world.counted["mistakes refused"] += came.verdict == "errors"
    if came.verdict != "done":
        assert world.now.head == head, "a run that was refused has booked"
        world.change(before)


def shuffle(world: World, random: Random, runner: Runner) -> None:
    """Sort the rows otherwise: nothing may depend on their order."""
    del runner
    made, before = world.made.copy(), world.sheet
    for name in TABLES:
        if name != "tiers":  # without Rank their order of first appearance ranks them
            random.shuffle(getattr(made, name))
    _same_afterwards(world, before, made, "sorting the rows")


def split(world: World, random: Random, runner: Runner) -> None:
    """Write a sale in two lines of the same day."""
    linked = {row.sale_id for row in world.made.adjustments}
    free = [sale for sale in world.made.sales if sale.sale_id not in linked]
    if not free:
        look(world, random, runner)
        return
    sale, made, before = random.choice(free), world.made.copy(), world.sheet
    gross = random.randint(0, sale.gross)
    discount = random.randint(max(0, sale.discount - (sale.gross - gross)), min(sale.discount, gross))
    made.sales.remove(sale)
    rest = replace(
        sale,
        sale_id=f"{sale.sale_id}+{random.randrange(10**6)}",
        gross=sale.gross - gross,
        discount=sale.discount - discount,
    )
    made.sales += [replace(sale, gross=gross, discount=discount), rest]
    _same_afterwards(world, before, made, f"writing {sale.sale_id} in two lines")


def _same_afterwards(world: World, before: Sheet, made: Company, what: str) -> None:
    world.say(what)
    world.change(made)
    assert before.company.failed == world.sheet.company.failed, f"{what} makes or mends an error"
    if not before.company.failed:
        the_same(before, world.sheet, what)


def return_all(world: World, random: Random, runner: Runner) -> None:
    """Sell something and take all of it back, in the same month or later."""
    made, before = world.made.copy(), world.sheet
    account = random.choice(made.accounts).account_id
    guessed = any(row.account_id == account and not (row.sale_id or row.original) for row in made.adjustments)
    if guessed or before.company.failed:  # their origin may be the new sale
        edit(world, random, runner)
        return
    name = f"B{random.randrange(10**6)}"
    sold = Sale(name, companies.a_day(random, made), account, companies.an_amount(random))
    day = sold.day + timedelta(days=random.choice([0, 1, 30, 90, 366]))
    made.sales.append(sold)
    made.adjustments.append(Adjustment(name, day, "return", account, sold.gross, name))
    world.say(f"{name} is sold and taken back on {day}")
    world.change(made)
    if not world.sheet.company.failed:
        taken_back(before, world.sheet)


# --- runs ---------------------------------------------------------------------------------------------


def _next(world: World) -> Run:
    return world.planned[min(world.now.next, len(world.planned) - 1)]


def go_on(world: World, random: Random, runner: Runner) -> None:
    """Make the run that comes next in the calendar, or skip some; or settle what stands open."""
    skipped = random.choice([0, 0, 0, 0, 1, 2, 3])
    at = min(world.now.next + skipped, len(world.planned) - 1)
    if random.randrange(3) == 0:  # who skips the advances
        at = next(index for index in range(at, len(world.planned)) if world.planned[index][0] != "advance")
    if random.randrange(4) == 0:
        at = _first_open(world, at)
    run = world.planned[at]
    world.say(f"{run[0]} {run[1]}")
    came = perform(world, run, runner)
    if came.verdict == "errors" and run[0] == "year-end":
        _review_everyone(world, random, int(run[1]))
    if came.verdict == "done" or (came.verdict == "refused" and random.randrange(2)):
        world.now.next = min(at + 1, len(world.planned) - 1)


def _review_everyone(world: World, random: Random, year: int) -> None:
    """Have everybody's coefficient approved, for the case that policy require_review wants it."""
    made = world.made.copy()
    reviewed = {row.salesperson_id for row in made.year_end_review if row.year == year}
    missing = [person for person in made.people if person not in reviewed]
    made.year_end_review += [companies.review(random, person, year) for person in missing]
    world.change(made)


def _first_open(world: World, at: int) -> int:
    """Give the first quarter of a run's year that is not settled, else its year end."""
    year = world.planned[at][1][:4]
    own = [index for index, (_, period) in enumerate(world.planned) if period.startswith(year)]
    closed = world.now.closed_through(int(year))
    for index in own:
        command, period = world.planned[index]
        if command == "settle" and Period.parse(period).last_month > closed:
            return index
    return own[-1]


def any_run(world: World, random: Random, runner: Runner) -> None:
    """Make some run again, or one out of order."""
    known = [run for run in world.now.shown if run[0] != "settle-leaver"]
    run = random.choice(known if known and random.randrange(4) else world.planned)
    world.say(f"{run[0]} {run[1]}")
    perform(world, run, runner)


def leave(world: World, random: Random, runner: Runner) -> None:
    """Settle whoever leaves, if a day stands in Left."""
    left = [row.salesperson_id for row in world.made.salespeople if row.left]
    run = "settle-leaver", random.choice(left or world.made.people)
    world.say(f"{run[0]} {run[1]}")
    perform(world, run, runner)


def run_again(world: World, random: Random, runner: Runner) -> None:
    """Make the last run once more, if nothing has changed since."""
    if world.last is None:
        go_on(world, random, runner)
        return
    world.say(f"{world.last[0]} {world.last[1]} once more")
    repeat(world, world.last, runner)


def crash(world: World, random: Random, runner: Runner) -> None:
    """Lose a run before it is saved; started again it gives the same, to the digit."""
    if runner is not in_memory:
        go_on(world, random, runner)
        return
    run, head = _next(world), world.now.head
    world.say(f"{run[0]} {run[1]} dies before it has saved")
    lost = runner(world, run)
    assert world.now.head == head
    reopen(world, random, runner)
    world.say(f"{run[0]} {run[1]}")
    came = perform(world, run, runner)
    assert came == lost, "the run that was started again gives something else"


def preview(world: World, random: Random, runner: Runner) -> None:
    """Look at the next run, edit, look again: whom the edit does not concern sees the same."""
    run, before = _next(world), world.sheet
    shown = in_memory(world, run)
    edit(world, random, runner)
    again = in_memory(world, run)
    people = concerned(before.made, world.made)
    if (shown.verdict, again.verdict) != ("done", "done") or people is None:
        return
    for one, other in ((shown, again), (again, shown)):
        drafts = [replace(each, entry=0, digest="") for each in other.entries]
        for entry in one.entries:
            if entry.salesperson_id not in people:
                assert replace(entry, entry=0, digest="") in drafts, f"{entry}: nobody touched it"


# --- around the runs ------------------------------------------------------------------------------------


def reopen(world: World, random: Random, runner: Runner) -> None:
    """Close the workbook and open it again: ledger and cells are read back as they were."""
    del random, runner
    world.say("the workbook is opened again")
    read = [ledger_entry(ledger_row(entry)) for entry in world.ledger]
    assert read == world.kept, "the ledger is read back otherwise"
    assert first_break(read) is None, "the chain of the ledger is broken"
    balances = Balances(read)
    for (person, year, what), amount in world.now.sums.items():
        found = (balances.earned if what == "earned" else balances.paid)(person, year)
        assert found == amount, f"{person} {what} in {year}: {found} ≠ {amount}"
    world.now.ledger = read
    world.kept = [*read]
    fresh = Checked(world.made.copy().inputs())
    assert fresh.failed == world.sheet.company.failed
    if not fresh.failed:
        last = (world.made.first_year + world.made.years + 4) * 12
        assert fresh.cells(last) == world.sheet.cells, "the same rows give other cells"


def look(world: World, random: Random, runner: Runner) -> None:
    """Make the result sheets: their sums are those of the ledger, and past runs stand as they were."""
    del random, runner
    world.say("the result sheets are made anew")
    latest = Period.parse(world.ledger[-1].period) if world.ledger else None
    company = settlement.look_again(world.sheet.inputs, world.ledger, latest)
    if not company.failed:
        sheets.follow_from_the_ledger(world, company)


def approve(world: World, random: Random, runner: Runner) -> None:
    """Have a period approved; whom the run pays cannot."""
    periods = sorted({entry.period for entry in world.ledger if entry.marks_run})
    if not periods:
        go_on(world, random, runner)
        return
    period = random.choice(periods)
    world.say(f"{period} is approved")
    paid = random.choice(["M01", "M01", random.choice(world.made.people)])
    asked = ApprovalRow(0, period, "", "M01" if paid != "M01" else "M03", "M02", paid, date(2030, 1, 1))
    try:
        row = new_approval(world.sheet.inputs, world.ledger, asked)
    except Refused:
        assert paid != "M01", "an approval of three others was refused"
        return
    if row is None:
        return
    for made in (world.made, world.now.good):
        changed = made.copy()
        changed.approvals.append(row)
        if made is world.now.good:
            world.now.good = changed
        else:
            world.now.made = changed
    assert approval_of(world.sheet.inputs, world.ledger, period).given
    world.now.approved[period] = row.ledger_digest


def restore(world: World, random: Random, runner: Runner) -> None:
    """Put an older backup in place of the workbook, then do what has to be done."""
    if not world.backups:
        go_on(world, random, runner)
        return
    at = random.randrange(len(world.backups))
    if random.randrange(2):
        _make_the_runs_again(world, max(at, len(world.backups) - 3), runner)
    else:
        _enter_what_was_paid(world, at)


def _make_the_runs_again(world: World, at: int, runner: Runner) -> None:
    """A restored workbook, its rows entered again, gives the same ledger to the digit."""
    state, done = world.backups[at]
    made, head = world.now, world.now.head
    since = world.done[done:]
    world.say(f"a backup from before {since[0].run} is restored; {len(since)} runs are made again")
    world.now = state.copy()
    world.kept = [*state.ledger]
    for each in since:
        world.now.made = each.made
        came = runner(world, each.run)
        assert came.entries == each.booked, f"{each.run} books otherwise than the first time"
        world.now.ledger += came.entries
        world.kept += came.entries
    assert world.now.head == head
    world.now = made
    world.kept = [*made.ledger]


def _enter_what_was_paid(world: World, at: int) -> None:
    """What was paid since the backup is entered on Payments Made, so that it is not paid again."""
    state, done = world.backups[at]
    since, made = world.done[done:], world.made
    world.say(f"a backup from before {since[0].run} is restored; what was paid since is entered")
    world.now = state.copy()
    world.kept = [*state.ledger]
    del world.done[done:]
    while len(world.backups) > at:
        world.backups.pop()
    restored = world.now.good.copy()
    known = {*restored.people}
    restored.salespeople += [row for row in made.salespeople if row.salesperson_id not in known]
    there = {entry.digest for entry in state.ledger}
    for each in since:
        for entry in each.booked:
            assert entry.digest not in there, "a backup knows a payment that came after it"
            if entry.marks_run and entry.amount:
                world.lost_payment(entry)
    _keep_what_was_lost(world, restored)
    world.now.good = restored
    world.change(restored)


IN_MEMORY: dict[Step, int] = {
    edit: 40,
    go_on: 22,
    any_run: 6,
    run_again: 6,
    leave: 2,
    mistake: 3,
    shuffle: 4,
    split: 3,
    return_all: 3,
    preview: 3,
    crash: 1,
    reopen: 2,
    look: 2,
    approve: 2,
    restore: 1,
}
"""How often each kind of step comes, of a hundred."""
IN_A_WORKBOOK = IN_MEMORY | {
    edit: 24,
    go_on: 20,
    run_again: 8,
    preview: 1,
    crash: 14,
    look: 6,
    restore: 4,
    any_run: 4,
}
"""The same for a life in a workbook, which is there for what can happen to a file."""
