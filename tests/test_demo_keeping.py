"""The demo's year end beside its maintenance log: scores re-computed by hand, and who is paid by what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from keyaccount import tables
from keyaccount.company import Company
from keyaccount.results import Results
from keyaccount.tables import ResultTable
from tests.test_demo import YEAR, Played, play, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from keyaccount.tables import ResultSheet

pytestmark = pytest.mark.xdist_group("demo")
Shown = dict[str, object]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(read(tmp_path_factory.mktemp("demo"), "en", YEAR), YEAR)


@pytest.fixture(scope="module")
def sheets(year: Played) -> Mapping[str, list[Shown]]:
    made = Results(Company(year.inputs), year.ledger).tables(ResultTable(tables.PROBLEMS, []), [])
    return {table.sheet.name: _by_header(table.sheet, table.rows) for table in made}


def _by_header(sheet: ResultSheet, rows: list[tuple[object, ...]]) -> list[Shown]:
    return [dict(zip([column.en for column in sheet.columns], row, strict=True)) for row in rows]


def by(rows: list[Shown], header: str) -> dict[object, Shown]:
    return {row[header]: row for row in rows}


def test_the_score_of_a_salesperson_by_hand(year: Played) -> None:
    """S06 kept A08 through August, and A07 with S05 from March to August at 40 %."""
    a08 = (
        Fraction(6, 7) * 15  # special needs are blank; updated in July
        + Fraction(7, 8) * 20  # no review in April
        + 15  # the only issue was answered after 8 hours
        + 10  # and closed after 5 days
        + Fraction(3, 4) * 10  # an event, of 2 × 8/12
        + Fraction(3, 4) * 15  # the issue and the feedback were both judged 4
        + Fraction(3, 4) * 10  # a training, of 2 × 8/12
        + 0
    )
    a07 = (
        Fraction(4, 7) / 2 * 15  # four fields; updated in March, more than 180 days before 31 December
        + Fraction(4, 6) * 20  # no review in July and August
        + 15  # answered after 23 hours
        + 0  # closed after 15 days
        + 0
        + Fraction(1 + 2, 8) * 15  # the issue was judged 2, the feedback 3
        + 0
        + 0
    )
    weights = {"A08": Fraction(8), "A07": Fraction(4, 10) * 6}
    by_hand = (weights["A08"] * a08 + weights["A07"] * a07) / (weights["A08"] + weights["A07"])
    assert by_hand == Fraction(52125, 728)
    found = Company(year.inputs).scores.of_year(YEAR, date(YEAR, 12, 31))["S06"]
    assert {one.account_id: one.weight for one in found.accounts} == weights
    assert found.score == by_hand
    assert found.proposed == Decimal("0.95")  # 71.60: at least 60, below 75


def test_approved_proposed_and_missing_coefficients(year: Played, sheets: Mapping[str, list[Shown]]) -> None:
    columns = ("Proposed Coefficient", "Approved Coefficient", "Standing", "Paid Coefficient")
    rows = by(sheets["Maintenance Scores"], "Salesperson ID")
    one = Decimal(1)
    assert {person: tuple(row[header] for header in columns) for person, row in rows.items()} == {
        "S01": (Decimal("1.05"), Decimal("1.05"), "approved as proposed", Decimal("1.05")),
        "S02": (Decimal("1.05"), None, "proposed only", one),
        "S03": (Decimal("0.95"), Decimal("0.95"), "approved as proposed", Decimal("0.95")),
        "S04": (one, one, "approved as proposed", one),
        "S05": (Decimal("0.9"), Decimal("0.9"), "approved as proposed", Decimal("0.9")),
        "S06": (Decimal("0.95"), one, "approved otherwise", one),
        "S07": (None, None, "missing", one),
    }
    rates = {entry.salesperson_id: entry.rate for entry in year.ledger if entry.kind == "adjustment"}
    assert rates == {person: row["Paid Coefficient"] for person, row in rows.items()}


def test_the_log_rows_named_are_those_of_the_sheet(year: Played, sheets: Mapping[str, list[Shown]]) -> None:
    log = year.inputs.maintenance
    kinds = dict(zip(log.row.tolist(), log.kind.tolist(), strict=True))
    accounts = dict(zip(log.row.tolist(), log.account_id.tolist(), strict=True))
    reviews = [row for row in sheets["Score Detail"] if row["Measure"] == "monthly review"]
    for row in reviews:
        named = [int(number) for number in str(row["Log Rows"]).split("; ")]
        assert {kinds[number] for number in named} == {"review"}
        assert {accounts[number] for number in named} == {row["Account ID"]}
        assert len(named) == row["Reached"]
    s06 = {
        (row["Account ID"], row["Measure"]): row
        for row in sheets["Score Detail"]
        if row["Salesperson ID"] == "S06"
    }
    assert s06["A08", "monthly review"]["Missed"] == f"{YEAR}-04"
    assert s06["A08", "profile"]["Missed"] == "Special Needs"
    assert str(s06["A07", "profile"]["Missed"]).endswith("not updated in time")
    late = int(str(s06["A07", "resolution"]["Missed"]))
    assert (kinds[late], accounts[late]) == ("issue", "A07")


def test_the_review_finds_each_of_its_four_findings(sheets: Mapping[str, list[Shown]]) -> None:
    rows = by(sheets["Key Account Review"], "Account ID")
    assert {account: row["Finding"] for account, row in rows.items()} == {
        "A01": "qualifies",
        "A02": "qualifies",
        "A03": "qualifies",
        "A04": "qualifies",
        "A05": "qualifies",
        "A06": "below threshold",
        "A07": "no prior-year data",
        "A08": "below threshold",
        "A09": "candidate",
    }
    assert rows["A01"]["Net Sales"] == 4 * 2_060_000_00
    assert rows["A03"]["Changed"] == "higher tier"
    assert rows["A07"]["Changed"] == "new tier"
    assert "no review for two months" in str(rows["A08"]["Neglected"])
    assert rows["A06"]["Issues Overdue"] == 1
    assert rows["A09"]["Neglected"] is None  # no key account


def test_who_is_recognised(sheets: Mapping[str, list[Shown]]) -> None:
    assert [(row["Rank"], row["Salesperson ID"], row["Finding"]) for row in sheets["Recognition"]] == [
        (1, "S01", "recognition proposed"),
        (2, "S02", "recognition proposed"),
    ]


def test_the_year_before_stands_for_the_share_test_alone(
    year: Played, sheets: Mapping[str, list[Shown]]
) -> None:
    assert {str(row["Month"])[:4] for row in sheets["Net Sales"]} == {str(YEAR - 1), str(YEAR)}
    assert {str(row["Month"])[:4] for row in sheets["Commission Detail"]} == {str(YEAR)}
    assert {entry.month[:4] for entry in year.ledger if entry.month} == {str(YEAR)}


def test_in_the_chinese_demo_everyone_has_the_same_score(year: Played, tmp_path: Path) -> None:
    chinese = Company(read(tmp_path, "zh", YEAR)).scores.of_year(YEAR, date(YEAR, 12, 31))
    english = Company(year.inputs).scores.of_year(YEAR, date(YEAR, 12, 31))
    assert {person: found.score for person, found in chinese.items()} == {
        person: found.score for person, found in english.items()
    }
