"""``what-if``: plans side by side over the same sales; what is not changed does not differ."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Literal

import openpyxl
import pytest

from keyaccount.book import Book, open_book
from keyaccount.cli import main
from keyaccount.outputs.what_if import Comparison, Scenario, parse_change, parse_changes, read_plan, what_if
from keyaccount.outputs.what_if.comparison import Table
from keyaccount.outputs.what_if.replay import replayed, runs_for
from keyaccount.outputs.what_if.scenario import changed, known_names
from keyaccount.periods import Period
from keyaccount.policies import POLICIES
from keyaccount.problems import KeyAccountError, ProblemsFound, Refused, UsageError
from keyaccount.settlement import run
from tests import companies, company_runs
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of
from tests.workbook.demo_books import COMPANY, demo_book, own_book, run_on, year_of_runs

if TYPE_CHECKING:
    from keyaccount.ledger import Entry
    from keyaccount.tables import Inputs

pytestmark = pytest.mark.xdist_group("what_if")

Language = Literal["en", "zh"]
WITHOUT_CHANGE = {
    "advance_rate": "0.8",
    "tiers.core": "0.015",
    "bands.90": "1.05",
    "weights.profile": "15",
    "advance_method": "monthly",
}
"""What the demo's plan says anyway."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_book(tmp_path_factory.mktemp("what_if") / "demo.xlsx", "en", year_of_runs())


@pytest.fixture(scope="module", params=["en", "zh"])
def either(request: pytest.FixtureRequest, demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the demo in English, then in Chinese."""
    if request.param == "en":
        return demo
    return demo_book(tmp_path_factory.mktemp("what_if") / "demo-zh.xlsx", "zh", year_of_runs())


@cache
def read_once(path: Path, _changed: int) -> Book:
    with open_book(path) as book:
        return book


def compare(path: Path, period: str, *changes: str, language: Language = "en") -> Comparison:
    book = read_once(path, path.stat().st_mtime_ns)
    return what_if(book, Period.parse(period), [parse_changes(each) for each in changes], None, language)


def total(comparison: Comparison, measure: str, plan: int) -> Decimal:
    return Decimal(comparison.plans[plan].outcome.total(measure)) / 100


def tables_of(comparison: Comparison) -> list[Table]:
    return [comparison.totals(), *comparison.people(), comparison.accounts(), comparison.tiers()]


@pytest.mark.parametrize("period", ["2026-01", "2026-08", "2026Q1", "2026Q3", "2026"])
def test_with_the_unchanged_plan_every_amount_of_the_demo_differs_by_nothing(
    either: Path, period: str
) -> None:
    unchanged = "; ".join(f"{name}={value}" for name, value in WITHOUT_CHANGE.items())
    comparison = compare(either, period, unchanged)
    assert not comparison.differs
    for table in tables_of(comparison):
        assert [label for label, (today, other) in table.rows if today != other] == []
    assert comparison.plans[0].outcome == comparison.plans[1].outcome


@pytest.mark.parametrize("period", ["2026-03", "2026Q2", "2026"])
def test_todays_plan_run_again_pays_what_the_ledger_paid(demo: Path, period: str) -> None:
    comparison = compare(demo, period, "advance_rate=0.8")
    assert comparison.again
    assert comparison.booked == comparison.plans[0].outcome.paid_by_run
    assert comparison.booked == comparison.plans[0].outcome.total("paid")
    assert not any("changed since" in note for note in comparison.notes)


def test_a_lower_advance_rate_pays_less_now_and_the_rest_at_year_end(demo: Path) -> None:
    quarter = compare(demo, "2026Q1", "advance_rate=0.7")
    assert total(quarter, "commission", 1) == total(quarter, "commission", 0) == Decimal("106003.85")
    assert total(quarter, "paid_this_year", 1) < total(quarter, "paid_this_year", 0)
    year = compare(demo, "2026", "advance_rate=0.7")
    assert total(year, "paid_this_year", 1) == total(year, "paid_this_year", 0)
    assert total(year, "paid", 1) - total(year, "paid", 0) == Decimal("50086.19")


def test_a_higher_rate_of_a_tier_changes_that_tier_alone(demo: Path) -> None:
    comparison = compare(demo, "2026Q1", "tiers.core=1.8%")
    today, changed_ = (plan.outcome.tiers for plan in comparison.plans)
    assert {tier for tier in today if today[tier] != changed_[tier]} == {"core"}
    assert today["core"] == 3_566_437
    assert changed_["core"] == 4_279_725


def test_tables_add_up_to_the_total_commission(demo: Path) -> None:
    comparison = compare(demo, "2026", "tiers.core=0.018; uplift_points=0.01")
    sums = [plan.outcome.total("commission") for plan in comparison.plans]
    assert list(comparison.people()[0].totals) == sums
    assert list(comparison.accounts().totals) == sums
    assert list(comparison.tiers().totals) == sums
    assert sums[0] != sums[1]


@pytest.mark.parametrize("name", [*POLICIES, "tiers.important", "bands.75", "weights.monthly_review"])
def test_every_name_of_the_plan_can_be_set(demo: Path, name: str) -> None:
    with open_book(demo) as book:
        assert name in known_names(book.read.inputs)
        policy = POLICIES.get(name)
        value = "1.01" if name.startswith("bands") else "0.02" if name.startswith("tiers") else "20"
        if policy is not None:
            value = policy.words[-1] if policy.words else policy.shipped or "2026-05-01"
        assert changed(book.read.inputs, [parse_change(f"{name}={value}")], 2026) != book.read.inputs


def test_chinese_names_will_do(either: Path) -> None:
    spoken = compare(either, "2026Q1", "预发比例=70%; tiers.核心客户=1.8%; weights.客户档案=15")
    plain = compare(either, "2026Q1", "advance_rate=0.7; tiers.core=0.018; weights.profile=15")
    assert spoken.plans[1].outcome == plain.plans[1].outcome


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("advance_rates=0.7", "advance_rate"),
        ("tier.core=0.7", "tiers.core"),
        ("tiers.cor=0.7", "tiers.core"),
        ("weights.profil=10", "weights.profile"),
        ("bands.ninety=1", "bands.90"),
    ],
)
def test_an_unknown_name_lists_the_nearest_ones(demo: Path, text: str, nearest: str) -> None:
    with pytest.raises(UsageError) as failure:
        compare(demo, "2026Q1", text)
    assert nearest in failure.value.remedy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("advance_rate=1.8", "Enter 0 … 1."),
        ("advance_method=weekly", "Enter monthly / instalments."),
        ("tiers.core=2", "Enter a rate such as 2% or 0.02."),
        ("tiers.core=much", ""),
        ("advance_rate=", "Write name=value"),
        ("advance_rate", "Write name=value"),
        ("advance_rate=0.7@soon", "Write a date"),
        (" ; ", "Name what to change"),
    ],
)
def test_a_value_that_is_not_taken_says_what_is(demo: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError) as failure:
        compare(demo, "2026Q1", text)
    assert said in failure.value.remedy
    assert failure.value.exit_code == 2


def test_weights_that_do_not_add_up_are_told_as_in_the_workbook(demo: Path) -> None:
    with pytest.raises(ProblemsFound) as failure:
        compare(demo, "2026Q1", "weights.profile=20")
    assert "not to 100" in failure.value.message
    compare(demo, "2026Q1", "weights.profile=20; weights.response=10")


def test_a_change_from_a_day_on_leaves_the_days_before_alone(demo: Path) -> None:
    comparison = compare(demo, "2026", "tiers.core=1.8%@2026-07-01")
    first_half = compare(demo, "2026Q2", "tiers.core=1.8%@2026-07-01")
    assert comparison.differs
    assert not first_half.differs


def test_a_change_leaves_what_earlier_years_were_paid_by_alone(demo: Path) -> None:
    comparison = compare(demo, "2026Q1", "tiers.strategic=5%")
    assert total(comparison, "prior", 1) == total(comparison, "prior", 0) == Decimal("-1003.20")


def test_a_period_that_has_not_been_run_is_run_on_the_ledger_as_it_is(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    comparison = compare(path, "2026-02", "advance_rate=0.5")
    assert not comparison.again
    assert total(comparison, "paid", 0) == Decimal("48.00") - Decimal("12.00")
    assert total(comparison, "paid", 0) + Decimal("12.00") == total(comparison, "paid_this_year", 0)


def test_what_has_been_paid_stays_paid_under_a_plan_for_a_period_to_come(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    comparison = compare(path, "2026-02", "advance_rate=0")
    assert total(comparison, "paid", 1) == 0
    assert total(comparison, "carried", 1) == Decimal("-12.00")
    with pytest.raises(Refused):
        compare(path, "2025-12", "advance_rate=0.5")


def test_a_year_to_come_settles_its_open_quarters_first(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    comparison = compare(path, "2026", "tiers.core=0.03")
    assert total(comparison, "paid_this_year", 0) == Decimal("60.00")
    assert total(comparison, "paid_this_year", 1) == Decimal("120.00")


def test_nothing_is_booked_and_the_workbook_keeps_its_bytes(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hashlib.sha256(demo.read_bytes()).hexdigest()
    out = tmp_path / "what-if.xlsx"
    arguments = [
        "--scenario",
        "=1+1",
        "--set",
        "advance_rate=0.7",
        "--scenario",
        "B",
        "--set",
        "tiers.core=2%",
    ]
    assert main(["what-if", str(demo), "2026Q2", *arguments, "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [plan["name"] for plan in told["plans"]] == ["", "=1+1", "B"]
    assert told["plans"][1]["difference"]["commission"] == "0.00"
    assert hashlib.sha256(demo.read_bytes()).hexdigest() == before


def test_the_result_workbook_holds_what_is_printed_as_text_and_numbers(either: Path, tmp_path: Path) -> None:
    out = tmp_path / "what-if.xlsx"
    assert (
        main(
            [
                "what-if",
                str(either),
                "2026Q2",
                "--scenario",
                "=1+1",
                "--set",
                "advance_rate=0.7",
                "--out",
                str(out),
            ]
        )
        == 0
    )
    book = openpyxl.load_workbook(out)
    assert len(book.sheetnames) == 4
    overview, people = book.worksheets[:2]
    assert len(overview._charts) == 2
    headers = [cell for row in people.iter_rows() for cell in row if cell.value == "=1+1"]
    assert headers
    assert {cell.data_type for cell in headers} == {"s"}
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    comparison = compare(either, "2026Q2", "advance_rate=0.7")
    rows = [[cell.value for cell in row] for row in people.iter_rows()]
    for table in comparison.people():
        for (_, amounts), label in zip(table.rows, [row[0] for row in table.rows], strict=True):
            wanted = [amounts[0] / 100, amounts[1] / 100, (amounts[1] - amounts[0]) / 100]
            assert any(row[0] == label and row[1:4] == pytest.approx(wanted) for row in rows)


def test_the_result_workbook_may_not_replace_the_plans_own(demo: Path) -> None:
    before = demo.read_bytes()
    assert main(["what-if", str(demo), "2026Q2", "--set", "advance_rate=0.7", "--out", str(demo)]) == 5
    assert demo.read_bytes() == before


@pytest.mark.parametrize("style", ["en", "zh"])
def test_a_plan_workbook_changes_what_its_rows_say(demo: Path, tmp_path: Path, style: Language) -> None:
    plan = tmp_path / "Cautious.xlsx"
    rows = {
        "Policies": [{"Policy": "advance_rate", "Value": "0.7"}],
        "Tiers": [row_of("Tiers", "core 1.8%")],
        "Bands": [{"Score From": "90", "Coefficient": "1.06"}],
    }
    write_inputs(plan, rows, style)
    scenario = read_plan(plan)
    assert scenario.name == "Cautious"
    with open_book(demo) as book:
        found = what_if(book, Period.parse("2026Q2"), [scenario])
    wanted = compare(demo, "2026Q2", "advance_rate=0.7; tiers.core=0.018; bands.90=1.06")
    assert found.plans[1].outcome == wanted.plans[1].outcome


def test_a_plan_workbook_that_cannot_be_read_names_the_cell(tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    write_inputs(plan, {"Bands": [{"Score From": "90", "Coefficient": "1.06"}]})
    book = openpyxl.load_workbook(plan)
    book["Bands"]["B2"] = "high"
    book.save(plan)
    with pytest.raises(ProblemsFound, match="Bands!B2"):
        read_plan(plan)
    empty = tmp_path / "empty.xlsx"
    write_inputs(empty, {})
    with pytest.raises(ProblemsFound, match="changes nothing"):
        read_plan(empty)


def test_several_plans_stand_side_by_side(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = []
    for name, rate in (("A", "0.7"), ("B", "0.6")):
        plans.append(tmp_path / f"{name}.xlsx")
        write_inputs(plans[-1], {"Policies": [{"Policy": "advance_rate", "Value": rate}]})
    arguments = [argument for plan in plans for argument in ("--plan", str(plan))]
    assert main(["what-if", str(demo), "2026Q1", *arguments, "--set", "advance_rate=0.5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [plan["name"] for plan in told["plans"]] == ["", "A", "B", "advance_rate=0.5"]
    paid = [Decimal(plan["total"]["paid_this_year"]) for plan in told["plans"]]
    assert paid == sorted(paid, reverse=True)


def test_a_workbook_with_errors_is_not_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.xlsx"
    rows: dict[str, Any] = {**COMPANY, "Sales": [{**COMPANY["Sales"][0], "account_id": "A99"}]}
    own_book(path, "en", rows, [])
    assert main(["what-if", str(path), "2026-01", "--set", "advance_rate=0.7"]) == 1
    assert "keyaccount check" in capsys.readouterr().err
    assert main(["what-if", str(path), "2026-13", "--set", "advance_rate=0.7"]) == 2
    assert main(["what-if", str(path), "2026-01"]) == 2


def played(seed: int) -> tuple[Inputs, list[Entry], list[Period]]:
    """Run some periods of a random company, as the tests of the core do."""
    random = Random(seed)
    made = companies.company(random, errors=False, most=15)
    ledger: list[Entry] = []
    done: list[Period] = []
    for command, what in company_runs.runs(random, made):
        wanted = what if command == "settle-leaver" else Period.parse(what)
        try:
            outcome = run(made.inputs(), ledger, command, wanted)  # type: ignore[arg-type] # a known command
        except KeyAccountError:
            continue
        if not outcome.failed:
            ledger += outcome.entries
            if isinstance(wanted, Period):
                done.append(wanted)
    return made.inputs(), ledger, done


@pytest.mark.parametrize("seed", range(25))
def test_random_companies_differ_by_nothing_under_the_plan_that_they_have(seed: int) -> None:
    inputs, ledger, done = played(seed)
    for period in done[-3:]:
        if not any(each.period == str(period) for each in ledger):
            with pytest.raises(Refused):  # a quarter without lines, closed by a later one
                runs_for(inputs, ledger, period)
            continue
        runs = runs_for(inputs, ledger, period)
        assert runs.again
        today = replayed(inputs, runs, period)
        assert not today.failed
        same = [
            parse_change(f"{row.policy}={row.value}@{row.effective_from}")
            for row in inputs.policies
            if row.effective_from and row.effective_from.year >= period.year
        ]
        again = replayed(changed(inputs, same, period.year), runs, period)
        assert again == today
        booked = sum(e.amount for e in ledger if e.period == str(period) and e.marks_run)
        assert today.paid_by_run == booked


def test_a_scenario_without_changes_is_no_scenario(demo: Path) -> None:
    with open_book(demo) as book, pytest.raises(UsageError):
        what_if(book, Period.parse("2026Q1"), [])
    assert parse_changes("advance_rate=0.7", "Cautious") == Scenario(
        "Cautious", (parse_change("advance_rate=0.7"),)
    )


def test_the_ledger_is_named_where_the_data_has_changed_since(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    book = openpyxl.load_workbook(path)
    book["Sales"]["D2"] = 2000
    book.save(path)
    notes = compare(path, "2026-01", "advance_rate=0.7").notes
    assert any("paid 12.00 in 2026-01" in note and "24.00" in note for note in notes)


def test_the_run_of_the_next_period_pays_what_was_shown_for_it(tmp_path: Path) -> None:
    path = own_book(tmp_path / "own.xlsx", "en", COMPANY, [("advance", "2026-01")])
    shown = total(compare(path, "2026Q1", "advance_rate=0.7"), "paid", 0)
    run_on(path, "en", [("settle", "2026Q1")])
    with open_book(path) as book:
        paid = sum(entry.amount for entry in book.ledger if entry.kind == "quarter_payment")
    assert shown == Decimal(paid) / 100
