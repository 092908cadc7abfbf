"""Random companies, with edits between their runs: statements, payroll and journal tie to the ledger."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import TYPE_CHECKING, cast

import pytest

from keyaccount.clauses.approvals import Approval
from keyaccount.ledger import PAYMENTS, Entry
from keyaccount.outputs.journal import moved
from keyaccount.outputs.payroll import payroll
from keyaccount.outputs.statements.chain import Chain
from keyaccount.outputs.statements.document import document
from keyaccount.outputs.statements.figures import Statement, statements_of
from keyaccount.periods import Period
from keyaccount.problems import KeyAccountError
from keyaccount.results import Results
from keyaccount.settlement import Command, look_again, run
from tests import companies, company_runs

if TYPE_CHECKING:
    from keyaccount.tables import Inputs


def played(seed: int, *, edits: bool) -> tuple[Inputs, list[Entry], list[Period]]:
    """Run the periods of a random company; ``edits``: with its data changed between some of them."""
    random = Random(seed)
    made = companies.company(random, errors=False, most=15)
    ledger: list[Entry] = []
    done: list[Period] = []
    for command, text in company_runs.runs(random, made):
        if edits and random.randrange(3) == 0:
            company_runs.edit(random, made)
        what = text if command == "settle-leaver" else Period.parse(text)
        try:
            outcome = run(made.inputs(), ledger, cast("Command", command), what)
        except KeyAccountError:
            continue
        if not outcome.failed and outcome.entries:
            ledger += outcome.entries
            done.append(Period.parse(outcome.entries[-1].period))
    return made.inputs(), ledger, sorted(set(done))


def told(inputs: Inputs, ledger: list[Entry], period: Period) -> list[Statement]:
    company = look_again(inputs, ledger, Period.parse(ledger[-1].period))
    return statements_of(Results(company, ledger), period)


@pytest.mark.parametrize("seed", [*range(16), 1042, 1054, 1199])
def test_statements_of_unchanged_data_list_all_that_the_run_counted(seed: int) -> None:
    inputs, ledger, done = played(seed, edits=False)
    for period in done:
        paid: dict[str, int] = defaultdict(int)
        for entry in ledger:
            if entry.kind in PAYMENTS and entry.period == str(period):
                paid[entry.salesperson_id] += entry.amount
        for one in told(inputs, ledger, period):
            assert one.figures.paid == paid[one.salesperson_id]
            assert all(row.parts is not None for row in (*one.rows, *one.earlier_years)), period
            assert (one.changed_net, one.changed_commission) == (0, 0), (period, one.salesperson_id)


@pytest.mark.parametrize("seed", range(100, 116))
def test_statements_can_be_made_whatever_was_edited_and_their_chain_adds_up(seed: int) -> None:
    inputs, ledger, done = played(seed, edits=True)
    for period in done:
        for one in told(inputs, ledger, period):
            chain = [link.amount for link in Chain(one, "en").links()]
            if one.year_end is None:
                opening, earned, advanced, prior, due, before, paid, withheld, carried = chain
                assert due == opening + advanced + prior
                if not one.left:
                    assert withheld + carried == opening + earned + prior - before - paid
            else:
                opening, earned, adjusted, final, bonus, prior, due, before, paid, withheld, carried = chain
                assert final == earned + adjusted
                assert due == opening + final + bonus + prior
                assert carried == due - before - paid
                assert withheld == 0
            assert document(one, "zh", Approval(str(period))).head[1][1] == one.salesperson_id


@pytest.mark.parametrize("seed", range(200, 216))
def test_journal_and_payroll_pay_the_same_and_every_run_is_in_one_of_them(seed: int) -> None:
    inputs, ledger, done = played(seed, edits=True)
    payable: dict[str, int] = defaultdict(int)
    exported: dict[str, int] = defaultdict(int)
    for period in done:
        for person, each in moved(ledger, period).items():
            assert each.expense == each.payable + each.withheld + each.carried
            payable[person] += each.payable
        for row in payroll(inputs, ledger, period, "en").table.rows:
            exported[str(row[1])] += cast("int", row[5])
    for person, credited in payable.items():
        own = [entry for entry in ledger if entry.salesperson_id == person]
        assert credited == sum(entry.amount for entry in own if entry.kind in PAYMENTS), person
        assert exported[person] == sum(entry.amount for entry in own if entry.marks_run), person
