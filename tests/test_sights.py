"""Which sheets a run hides or shows, once: by the first year end, by the first row of the log."""

from __future__ import annotations

from keyaccount.ledger import Entry
from keyaccount.sight import sights
from keyaccount.tables import Inputs
from tests.plan_case_rows import inputs_of, row_of

HIDDEN = {"Prior Years": "hidden", "Opening Balances": "hidden"}
SHOWN = {"Scorecard": "visible", "Bands": "visible"}
KINDS = {7: "advance", 6: "quarter_payment", 4: "year_end_payment"}  # by the length of a period's text


def ran(*periods: str) -> list[Entry]:
    return [Entry(1, 1, "", one, KINDS[len(one)], "S01", 0, reference="E=0.00") for one in periods]


def workbook(*acts: str) -> Inputs:
    return inputs_of({"Maintenance": [row_of("Maintenance", act) for act in acts]})


def test_the_first_year_end_hides_what_the_ledger_knows_from_then_on() -> None:
    assert sights(workbook(), ran("2026Q4"), ran("2026")) == HIDDEN
    assert sights(workbook(), ran("2026Q4", "2026"), ran("2027")) == {}
    assert sights(workbook(), [], ran("2026Q4")) == {}


def test_an_entry_of_a_year_that_marks_no_run_hides_nothing() -> None:
    outside = [Entry(1, 1, "", "2026", "advance", "S01", 5, reference="V-1")]
    assert sights(workbook(), [], outside) == {}


def test_the_first_run_that_reaches_the_log_shows_how_it_is_scored() -> None:
    log = workbook("2026-05-02 A1 S01 review", "2026-04-30 A1 S01 review")
    assert sights(log, ran("2026-03"), ran("2026-04")) == SHOWN
    assert sights(log, ran("2026-02"), ran("2026-03")) == {}
    assert sights(log, ran("2026-04"), ran("2026-05")) == {}
    assert sights(log, [], ran("2026Q2")) == SHOWN
    assert sights(workbook(), [], ran("2026Q2")) == {}


def test_both_may_come_with_one_run() -> None:
    assert sights(workbook("2026-12-31 A1 S01 review"), ran("2026-11"), ran("2026")) == HIDDEN | SHOWN
