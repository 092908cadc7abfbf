"""``explain`` on random companies: runs, edits between them, leavers; every entry is told as booked."""

from __future__ import annotations

from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from keyaccount.outputs.explain import Explaining
from keyaccount.periods import Period
from keyaccount.problems import KeyAccountError, ProblemsFound
from keyaccount.settlement import run
from keyaccount.tables import ReadBook
from tests import companies, company_runs
from tests.outputs.asking import check_arithmetic

if TYPE_CHECKING:
    from keyaccount.ledger import Entry
    from tests.company import Company


def played(seed: int, *, edited: bool) -> tuple[Company, list[Entry]]:
    """Run a random company's periods; ``edited``: its data change now and then between two runs."""
    random = Random(seed)
    made = companies.company(random, errors=False, most=15)
    ledger: list[Entry] = []
    for command, what in company_runs.runs(random, made):
        if edited and random.randrange(4) == 0:
            company_runs.edit(random, made)
        wanted: Any = what if command == "settle-leaver" else Period.parse(what)
        try:
            outcome = run(made.inputs(), ledger, command, wanted)  # type: ignore[arg-type] # a known command
        except KeyAccountError:
            continue
        if not outcome.failed:
            ledger += outcome.entries
    return made, ledger


def asked(made: Company, ledger: list[Entry]) -> Explaining:
    """Ask about the inputs and the ledger themselves: no workbook is needed for their figures."""
    read = ReadBook(made.inputs(), [], 2, [], {}, [], "en", {}, "")
    book: Any = SimpleNamespace(read=read, ledger=ledger, readable=True)
    return Explaining(book, "en")


@pytest.mark.parametrize("seed", range(20))
def test_every_entry_is_explained_by_its_own_figure(seed: int) -> None:
    made, ledger = played(seed, edited=False)
    explaining = asked(made, ledger)
    for entry in ledger:
        explanation = explaining.answer(str(entry.entry))
        assert explanation.roots[0].figure == entry.amount, entry
        assert not explanation.moved, entry
        check_arithmetic(explanation)


@pytest.mark.parametrize("seed", range(100, 130))
def test_after_edits_every_entry_is_explained_or_says_what_has_moved(seed: int) -> None:
    made, ledger = played(seed, edited=True)
    try:
        explaining = asked(made, ledger)
    except ProblemsFound:
        return  # an edit put an error into the workbook
    for entry in ledger:
        explanation = explaining.answer(str(entry.entry))
        assert explanation.roots[0].figure == entry.amount or explanation.moved, entry
        check_arithmetic(explanation)
