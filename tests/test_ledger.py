"""The ledger: how entries are chained, where a chain is broken, what entries add up to."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from keyaccount import ledger as books
from keyaccount.ledger import Balances, CellKey, Entry
from keyaccount.ledger_rows import ledger_entry, ledger_row
from keyaccount.periods import Period, month_from_text

NOON = "2026-04-01T12:00:00Z"
KEPT = (
    "E=2000.00;P=0.00;opening=0.00;due=1600.00;net=100000.00;commission=2000.00;withheld=400.00;carried=0.00"
)
"""The figures that a run's payment entry keeps."""


def draft(kind: str, period: str = "2026Q1", amount: int = 0, **more: Any) -> Entry:  # noqa: ANN401 any field
    return Entry(0, 0, "", period, kind, "S01", amount, **more)


COMMISSION = draft(
    "commission",
    amount=2000_00,
    account_id="A1",
    month="2026-01",
    origin_month="2025-12",
    net_sales=100_000_00,
    rate=Decimal("0.020"),
)
PAID = draft("quarter_payment", amount=1600_00, rate=Decimal("0.8"), reference=KEPT)


# --- the chain ----------------------------------------------------------------------------------------


def test_a_digest_is_taken_over_every_field_each_with_its_length() -> None:
    (entry,) = books.append([], [COMMISSION], NOON)
    fields = (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "1",
        "1",
        "2026-04-01T12:00:00Z",
        "2026Q1",
        "commission",
        "S01",
        "A1",
        "2026-01",
        "2025-12",
        "10000000",
        "0.02",
        "200000",
        "§3.2",
        "",
    )
    text = "".join(f"{len(field)}:{field}" for field in fields)
    assert entry.digest == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_blank_net_sales_and_rate_are_blank_in_the_digest() -> None:
    (entry,) = books.append([], [draft("opening_balance", "2026-01", -700)], NOON)
    text = f"64:{'0' * 64}1:11:120:{NOON}7:2026-0115:opening_balance3:S010:0:0:0:0:4:-7006:§3.3.20:"
    assert entry.digest == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_entries_are_numbered_and_chained_as_the_next_run() -> None:
    first = books.append([], [COMMISSION, PAID], NOON)
    assert [(one.entry, one.run, one.booked_at, one.clause) for one in first] == [
        (1, 1, NOON, "§3.2"),
        (2, 1, NOON, "§3.3.1"),
    ]
    second = books.append(first, [replace(PAID, digest="a digest of its own", run=7, clause="§1")], "later")
    assert [(one.entry, one.run, one.booked_at, one.clause) for one in second] == [(3, 2, "later", "§3.3.1")]
    assert second[0].digest == books.digest_of(replace(second[0], digest=""), first[1].digest)
    assert books.append(first, [], NOON) == ()


def whole() -> list[Entry]:
    """Three runs of one, two and one entries."""
    entries: list[Entry] = []
    for drafts in ([COMMISSION], [COMMISSION, PAID], [PAID]):
        entries += books.append(entries, drafts, NOON)
    return entries


@pytest.mark.parametrize(
    ("kinds", "clause"),
    [
        (["commission", "correction"], "§3.2"),
        (["prior_year"], "§3.3.3"),
        (["adjustment"], "§3.3.4"),
        (["target_bonus"], "§3.4.1"),
        (["quarter_payment"], "§3.3.1"),
        (["opening_balance", "advance", "year_end_payment", "exit_payment"], "§3.3.2"),
    ],
)
def test_an_entry_bears_the_clause_of_its_kind(kinds: list[str], clause: str) -> None:
    booked = books.append([], [draft(kind) for kind in kinds], NOON)
    assert {one.clause for one in booked} == {clause}


def test_a_whole_chain_has_no_break() -> None:
    assert [(one.entry, one.run) for one in whole()] == [(1, 1), (2, 2), (3, 2), (4, 3)]
    assert books.first_break(whole()) is None
    assert books.first_break([]) is None


@pytest.mark.parametrize(
    ("at", "change", "column", "expected"),
    [
        (0, {"entry": 2}, "Entry", "1"),
        (2, {"entry": 2}, "Entry", "3"),
        (0, {"run": 3}, "Run", "1"),
        (0, {"run": 0}, "Run", "1"),
        (1, {"run": 3}, "Run", "1"),  # the second run may follow here, a third may not
        (3, {"run": 1}, "Run", "2"),
    ],
)
def test_a_wrong_number_is_the_first_break(
    at: int, change: dict[str, int], column: str, expected: str
) -> None:
    entries = whole()
    entries[at] = replace(entries[at], **change)  # type: ignore[arg-type]
    assert books.first_break(entries) == (at, column, expected)


def test_a_changed_amount_breaks_the_chain_at_its_entry() -> None:
    entries = whole()
    right = entries[2].digest
    entries[2] = replace(entries[2], amount=1)
    assert books.first_break(entries) == (2, "Digest", books.digest_of(entries[2], entries[1].digest))
    entries[2] = replace(entries[2], amount=1600_00, digest="0" * 64)
    assert books.first_break(entries) == (2, "Digest", right)


def test_an_entry_comes_back_from_its_row_as_it_was() -> None:
    blank = draft("opening_balance", "2026-01", -700)
    entries = books.append([], [COMMISSION, PAID, blank], NOON)
    assert tuple(ledger_entry(ledger_row(one)) for one in entries) == entries
    row = ledger_row(entries[2])
    assert (row[6], row[7], row[8], row[9], row[10], row[13]) == (None, None, None, None, None, None)


# --- what a correction may come from -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("runs", "reference"),
    [((), ""), ((3,), "Changes, run 3"), ((1,), "Changes, run 1"), ((3, 5), "Changes, runs 3, 5")],
)
def test_a_correction_names_the_runs_that_changes_lists(runs: tuple[int, ...], reference: str) -> None:
    assert books.changes_reference(runs) == reference
    assert books.changes_named(reference) == runs


@pytest.mark.parametrize("reference", ["Changes, run", "V-1", "Changes, run 3 and more", KEPT])
def test_another_reference_names_no_runs(reference: str) -> None:
    assert books.changes_named(reference) == ()


# --- what entries add up to --------------------------------------------------------------------------


def test_a_cell_adds_up_its_commission_corrections_and_prior_year_amounts() -> None:
    change = replace(COMMISSION, kind="correction", amount=-100_00, net_sales=-5_000_00)
    prior = replace(COMMISSION, kind="prior_year", amount=-30_00, net_sales=None)
    booked = Balances([COMMISSION, change, prior])
    key = CellKey(month_from_text("2026-01"), month_from_text("2025-12"), "A1", "S01", Decimal("0.02"))
    assert COMMISSION.cell == key
    assert (key.year, key.own_year) == (2026, False)
    cell = booked.cells[key]
    assert (cell.net, cell.commission, cell.prior) == (95_000_00, 1900_00, -30_00)
    assert booked.earned("S01", 2026) == 1870_00
    assert booked.earned("S01", 2026, "prior_year") == -30_00


def test_a_cell_without_a_rate_earns_at_rate_zero() -> None:
    assert replace(COMMISSION, rate=None).cell.rate == 0


def test_a_coefficient_that_is_blank_is_one_and_a_blank_bonus_rate_is_zero() -> None:
    booked = Balances(
        [
            draft("adjustment", "2025"),
            draft("target_bonus", "2025", 5),
            draft("adjustment", "2026", rate=Decimal("0.95")),
            draft("target_bonus", "2026", 7, rate=Decimal("0.1")),
        ]
    )
    assert booked.coefficients == {("S01", 2025): 1, ("S01", 2026): Decimal("0.95")}
    assert booked.bonus_rates == {("S01", 2025): 0, ("S01", 2026): Decimal("0.1")}
    assert booked.balance("S01", 2026) == 7


def test_an_opening_balance_is_no_coefficient_and_no_bonus() -> None:
    booked = Balances([draft("opening_balance", "2026-01", -5, rate=Decimal("0.1"))])
    assert (booked.coefficients, booked.bonus_rates) == ({}, {})


def test_what_is_closed_advanced_and_finished_is_what_payment_entries_mark() -> None:
    booked = Balances(
        [
            draft("advance", "2026-04", 1, reference=KEPT),
            draft("advance", "2026-02", 2, reference=KEPT),
            draft("quarter_payment", "2026Q2", 3, reference=KEPT),
            draft("quarter_payment", "2026Q1", 4, reference=KEPT),
            draft("year_end_payment", "2025", 5, reference=KEPT),
        ]
    )
    assert booked.last_advanced == month_from_text("2026-04")
    assert booked.closed_through(2026) == month_from_text("2026-06")
    assert booked.closed_through(2027) == month_from_text("2026-12")
    assert booked.finished == {2025}
    assert booked.paid("S01", 2026) == 10
    assert booked.paid_in("S01", Period.parse("2026Q1")) == 4


def test_an_advance_paid_outside_marks_no_run() -> None:
    booked = Balances([draft("advance", "2026-04", 100, reference="V-1")])
    assert (booked.runs, booked.last_advanced) == ({}, None)
    assert booked.outside == {("S01", "2026-04", "V-1"): 100}
    assert booked.paid("S01", 2026) == 100


def test_an_exit_marks_no_month() -> None:
    booked = Balances([draft("exit_payment", "2026-08", 9, reference=KEPT)])
    assert (booked.runs, booked.last_advanced, booked.closed_through(2026)) == (
        {},
        None,
        month_from_text("2025-12"),
    )
    assert booked.exits["S01"].amount == 9
