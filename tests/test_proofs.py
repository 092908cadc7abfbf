"""What the ledger alone proves: a whole chain, and runs whose figures follow from its entries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keyaccount.ledger import Entry, append
from keyaccount.periods import Period
from keyaccount.proofs import Disproof, disprove
from keyaccount.settlement import run
from tests.plan_case_rows import inputs_of, row_of

ROWS = {
    "Tiers": ["strategic 2%"],
    "Accounts": ["A1"],
    "Account Tiers": ["A1 strategic from 2020-01-01"],
    "Salespeople": ["S01"],
    "Assignments": ["A1 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00"],
    "Targets": ["S01 2026 500.00"],
}
INPUTS = inputs_of({table: [row_of(table, text) for text in texts] for table, texts in ROWS.items()})


def year() -> list[Entry]:
    """A quarter, an empty one and the year: commission 20.00, paid 16.00, then 4.00 and a bonus of 2.00."""
    ledger: list[Entry] = []
    for command, period in (("settle", "2026Q1"), ("settle", "2026Q4"), ("year-end", "2026")):
        ledger += run(INPUTS, ledger, command, Period.parse(period)).entries  # type: ignore[arg-type]
    return ledger


def chained(ledger: list[Entry]) -> list[Entry]:
    """Chain entries anew, as somebody would who wants to hide an edit."""
    made: list[Entry] = []
    for number in sorted({entry.run for entry in ledger}):
        made += append(made, [entry for entry in ledger if entry.run == number], "")
    return made


def at(ledger: list[Entry], kind: str) -> int:
    return next(index for index, entry in enumerate(ledger) if entry.kind == kind)


def test_a_ledger_as_it_was_booked_is_not_disproved() -> None:
    assert disprove(year()) == []
    assert disprove([]) == []


@pytest.mark.parametrize(
    ("kept", "instead", "found"),
    [
        (
            "opening=0.00",
            "opening=1.00",
            [("opening=0.00", "opening=1.00"), ("withheld=5.00", "withheld=4.00")],
        ),
        ("E=20.00", "E=21.00", [("withheld=5.00", "withheld=4.00")]),
        (
            "carried=0.00",
            "carried=-1.00",
            [("carried=0.00", "carried=-1.00"), ("withheld=5.00", "withheld=4.00")],
        ),
        ("withheld=4.00", "withheld=3.99", [("withheld=4.00", "withheld=3.99")]),
    ],
)
def test_a_quarters_figures_that_its_entries_do_not_bear_out_are_named(
    kept: str, instead: str, found: list[tuple[str, str]]
) -> None:
    ledger = year()
    place = at(ledger, "quarter_payment")
    ledger[place] = replace(ledger[place], reference=ledger[place].reference.replace(kept, instead))
    told = [one for one in disprove(chained(ledger)) if one.index == place]
    assert told == [Disproof(place, "Reference", *pair) for pair in found]


@pytest.mark.parametrize(
    ("kept", "instead", "name"),
    [
        ("E=20.00", "E=21.00", "E"),
        ("P=0.00", "P=1.00", "P"),
        ("due=22.00", "due=23.00", "due"),
        ("withheld=0.00", "withheld=1.00", "withheld"),
        ("carried=0.00", "carried=1.00", "carried"),
        ("opening=0.00", "opening=1.00", "opening"),
    ],
)
def test_a_years_figures_that_its_entries_do_not_bear_out_are_named(
    kept: str, instead: str, name: str
) -> None:
    ledger = year()
    place = at(ledger, "year_end_payment")
    assert kept in ledger[place].reference
    ledger[place] = replace(ledger[place], reference=ledger[place].reference.replace(kept, instead))
    assert (kept, instead) in [
        (one.expected, one.found) for one in disprove(chained(ledger)) if one.expected.startswith(f"{name}=")
    ]


def test_a_reference_that_cannot_be_read_has_no_figure_that_is_right() -> None:
    ledger = year()
    place = at(ledger, "quarter_payment")
    ledger[place] = replace(ledger[place], reference="E=twenty")
    assert Disproof(place, "Reference", "E=0.00", "E=-0.01") in disprove(chained(ledger))


def test_a_broken_chain_comes_first() -> None:
    ledger = year()
    expected = ledger[0].digest
    ledger[0] = replace(ledger[0], digest="0" * 64)
    assert disprove(ledger)[0] == Disproof(0, "Digest", expected, "0" * 64)
    assert disprove([replace(ledger[0], entry=7)])[0] == Disproof(0, "Entry", "1", "7")
    assert disprove([replace(ledger[0], run=7)])[0] == Disproof(0, "Run", "1", "7")
