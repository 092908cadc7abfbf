"""The simulation of companies' years in short, and that it would notice: a sabotaged rule is found soon."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keyaccount import booking, settlement
from keyaccount.booking import Booking
from keyaccount.clauses import cells, rates
from keyaccount.clauses.payouts import Figures
from keyaccount.evidence import Evidence
from keyaccount.ledger import Entry
from tests.campaigns import frame
from tests.campaigns.years import campaign
from tests.company import TABLES, Company
from tests.simulation import running
from tests.simulation.life import Lived, company_of, live, plan_of, shortened, story_of
from tests.simulation.steps import approve, crash, edit, go_on, look, reopen, restore, run_again

Patch = pytest.MonkeyPatch
SOON = 400
"""Steps within which a sabotaged rule has to be found."""


def test_no_invariant_breaks_in_some_lives(tmp_path: Path) -> None:
    report = frame.run(campaign, seed=2026, count=2, folder=tmp_path)
    assert report.failures == ()
    assert report.counted["steps"] == 200
    assert report.counted["runs: done"] > 20
    assert report.counted["mistakes refused"] > 0


def test_no_invariant_breaks_in_a_workbook(tmp_path: Path) -> None:
    steps = [go_on, edit, go_on, crash, look, edit, run_again, approve, restore, go_on, look, reopen]
    lived = live(company_of(3), [(step, 7 + at) for at, step in enumerate(steps)], folder=tmp_path)
    assert lived.broken == ""
    assert lived.steps == len(steps)
    assert lived.counted["crashes"] == 1


def first_broken(seed: int = 5) -> Lived:
    """Live until something breaks; gives the life, its steps counted from the first one's beginning."""
    steps = 0
    while steps < SOON:
        lived = live(company_of(seed), plan_of(seed))
        steps += lived.steps
        if lived.broken:
            return replace(lived, steps=steps)
        seed += 1
    return Lived(steps)


# --- sabotaged rules ------------------------------------------------------------------------------------


def of(place: object, name: str) -> Any:  # noqa: ANN401 whatever is sabotaged
    """Give a function as it is before it is sabotaged."""
    return getattr(place, name)


def commissions_are_cut_off(patch: Patch) -> None:
    patch.setattr(cells, "times", lambda fen, rate: int(fen * rate // 1))


def corrections_are_lost(patch: Patch) -> None:
    real = of(booking, "unbooked_cells")

    def without(*about: object) -> Iterator[Entry]:
        return (each for each in real(*about) if each.kind != "correction")

    patch.setattr(booking, "unbooked_cells", without)


def repeats_book_again(patch: Patch) -> None:
    patch.setattr(Booking, "_done", lambda _: False)
    patch.setattr(booking, "refuse_out_of_order", lambda *_: None)


def an_entry_is_edited(patch: Patch) -> None:
    real = of(settlement, "append")

    def editing(ledger: list[Entry], *about: object) -> tuple[Entry, ...]:
        booked: tuple[Entry, ...] = real(ledger, *about)
        if len(ledger) > 5:
            ledger[5] = replace(ledger[5], amount=ledger[5].amount + 1)
        return booked

    patch.setattr(settlement, "append", editing)


def what_was_paid_is_paid_again(patch: Patch) -> None:
    patch.setattr(booking, "unbooked_payments", lambda *_: ())


def past_figures_move(patch: Patch) -> None:
    real = of(Figures.kept, "__func__")

    def moved(kind: type[Figures], entry: Entry, paid: int) -> Figures:
        kept: Figures = real(kind, entry, paid)
        return replace(kept, withheld=kept.withheld + len(entry.reference) % 2)

    patch.setattr(Figures, "kept", classmethod(moved))


def a_share_is_lost(patch: Patch) -> None:
    real = of(cells, "apportion")

    def losing(fen: int, shares: Sequence[Any]) -> list[int]:
        parts = real(fen, shares)
        return [*parts[:-1], parts[-1] - (len(parts) > 2)]

    patch.setattr(cells, "apportion", losing)


def money_is_lost(patch: Patch) -> None:
    real = of(Booking, "_figures")

    def losing(self: Booking, *about: object) -> Figures:
        figures: Figures = real(self, *about)
        return replace(figures, withheld=figures.withheld - 1) if figures.withheld > 100 else figures

    patch.setattr(Booking, "_figures", losing)


def a_closed_cell_is_booked_again(patch: Patch) -> None:
    real = of(booking, "unbooked_cells")

    def renamed(*about: object) -> Iterator[Entry]:
        return (replace(e, kind="commission") if e.kind == "correction" else e for e in real(*about))

    patch.setattr(booking, "unbooked_cells", renamed)


def the_chain_is_not_carried_on(patch: Patch) -> None:
    real = of(settlement, "append")
    patch.setattr(settlement, "append", lambda _ledger, *about: real([], *about))


SABOTAGES: dict[Callable[[Patch], None], str] = {
    commissions_are_cut_off: "gives",
    corrections_are_lost: "booked for the closed cell",
    repeats_book_again: "",
    an_entry_is_edited: "an entry of the ledger was changed",
    what_was_paid_is_paid_again: "paid elsewhere",
    past_figures_move: "the figures of a past run moved",
    a_share_is_lost: "credited are",
    money_is_lost: "withheld",
    a_closed_cell_is_booked_again: "closed cell",
    the_chain_is_not_carried_on: "entries are numbered on",
}
"""A rule that is sabotaged, and words of what has to be said."""


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda one: one.__name__)
def test_a_sabotaged_rule_is_found_soon_by_the_invariants_alone(
    monkeypatch: Patch, sabotage: Callable[[Patch], None]
) -> None:
    sabotage(monkeypatch)
    monkeypatch.setattr(running, "differences", lambda *_: [])  # the reference says nothing
    lived = first_broken()
    assert lived.broken, f"not found in {lived.steps} steps"
    assert SABOTAGES[sabotage] in lived.broken


def test_a_sabotaged_rule_is_found_soon_by_the_reference(monkeypatch: Patch) -> None:
    a_tier_is_paid_too_long(monkeypatch)
    assert "≠ found" in first_broken().broken


def a_tier_is_paid_too_long(patch: Patch) -> None:
    patch.setattr(rates, "tier_on", lambda history, _: history[0].tier if history else "")


def test_a_backup_that_verify_does_not_tell_is_noticed(monkeypatch: Patch, tmp_path: Path) -> None:
    known = Entry(1, 1, "", "2024", "advance", "S1", 0)
    monkeypatch.setattr(Evidence, "kept_head", lambda *_: known)
    steps = [(step, at) for at, step in enumerate([go_on, go_on, restore, go_on])]
    assert "printed after it" in live(company_of(3), steps, folder=tmp_path).broken


def test_a_failure_is_told_in_few_steps_with_amounts(monkeypatch: Patch) -> None:
    an_entry_is_edited(monkeypatch)
    whole, planned = company_of(3), plan_of(3, 16)
    made, left = shortened(whole, planned, seconds=5)
    assert len(left) <= 4
    assert sum(map(len, rows_of(made))) < sum(map(len, rows_of(whole))) / 2
    told = story_of(made, left)
    assert told.startswith("an entry of the ledger was changed\nThe company:\n     ")
    assert "     salespeople: salesperson_id S" in told
    assert "\n1. " in told
    assert f"\n{len(left)}. " in told
    assert "     books advance S" in told or "     books quarter_payment S" in told


def rows_of(made: Company) -> list[list[object]]:
    return [getattr(made, table) for table in TABLES]


def test_a_life_is_the_same_each_time() -> None:
    one, other = (live(company_of(9), plan_of(9, 30), telling=True) for _ in range(2))
    assert one == other
