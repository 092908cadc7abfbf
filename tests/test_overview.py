"""The Dashboard's small tables, from rows of the result sheets: of the latest year, each amount once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from keyaccount import tables
from keyaccount.overview import MOST_ACCOUNTS, Overview
from keyaccount.tables import Block, Chart, ResultSheet, ResultTable, TargetRow

Row = dict[str, object]
SHEETS = (
    tables.NET_SALES,
    tables.COMMISSION_DETAIL,
    tables.MONTHLY_ADVANCES,
    tables.QUARTERLY_SETTLEMENT,
    tables.YEAR_END_SETTLEMENT,
    tables.CLAWBACKS,
    tables.MAINTENANCE_SCORES,
)


def overview(
    rows: dict[ResultSheet, list[Row]], targets: dict[tuple[str, int], int] | None = None, **names: str
) -> Overview:
    """Take rows as English header → value; what is left out is empty."""
    made = [
        ResultTable(
            sheet,
            [tuple(row.get(column.en) for column in sheet.columns) for row in rows.get(sheet, [])],
        )
        for sheet in SHEETS
    ]
    wanted = [TargetRow(2, person, year, fen) for (person, year), fen in (targets or {}).items()]
    return Overview(made, wanted, names)


def block(of: Overview, chart: Chart) -> Block:
    return next(one for one in of.blocks() if one.chart is chart)


def headers(of: Block) -> list[str]:
    return [column.en for column in of.columns]


def cell(month: str, origin: str = "", tier: str = "core", **more: object) -> Row:
    """Give a row of Commission Detail."""
    row = {"Month": month, "Origin Month": origin or month, "Tier": tier, "Salesperson ID": "S01"}
    return {**row, "Net Sales": 0, "Commission": 0, **more}


def test_before_the_first_run_there_is_nothing_to_draw() -> None:
    of = overview({tables.NET_SALES: [{"Month": "2026-01", "Account ID": "A1", "Net Sales": 5}]})
    assert (of.year, of.blocks()) == ("", ())


@pytest.mark.parametrize(
    "rows",
    [
        {tables.COMMISSION_DETAIL: [cell("2026-03"), cell("2025-12")]},
        {tables.MONTHLY_ADVANCES: [{"Month": "2025-11"}, {"Month": "2026-01"}]},
        {tables.QUARTERLY_SETTLEMENT: [{"Quarter": "2026Q1"}, {"Quarter": "2025Q4"}]},
    ],
)
def test_the_latest_year_is_shown(rows: dict[ResultSheet, list[Row]]) -> None:
    assert overview(rows).year == "2026"


def test_commission_by_quarter_leaves_out_earlier_years_and_what_was_sold_in_them() -> None:
    found = block(
        overview(
            {
                tables.COMMISSION_DETAIL: [
                    cell("2025-12", tier="core", Commission=1_00),
                    cell("2026-02", "2025-12", "core", Commission=-2_00),
                    cell("2026-01", "", "important", Commission=10_00),
                    cell("2026-03", "2026-01", "strategic", Commission=20_00),
                    cell("2026-03", "", "strategic", Commission=5_00),
                    cell("2026-04", "", "gold", Commission=7_00),
                    cell("2026-05", "", "core", Commission=0),
                    cell("2026-06", "", "", Commission=1_00),
                ]
            }
        ),
        tables.COMMISSION_BY_QUARTER,
    )
    assert headers(found) == ["Quarter", "Strategic", "Important", "–", "gold", "Total"]
    assert found.rows == (("2026Q1", 25_00, 10_00, 0, 0, 35_00), ("2026Q2", 0, 0, 1_00, 7_00, 8_00))
    assert found.drawn == (1, 2, 3, 4)


def test_a_chart_whose_series_hold_nothing_is_empty_whatever_else_stands_there() -> None:
    rows = {tables.COMMISSION_DETAIL: [cell("2026-01", "", "core", Commission=1)]}
    drawn = block(overview(rows), tables.COMMISSION_BY_QUARTER)
    nothing = block(overview(rows), tables.TOP_ACCOUNTS)
    zero = Block(drawn.chart, drawn.columns, (("2026Q1", 0, 5),), (1,))
    assert (drawn.empty, nothing.empty, zero.empty) == (False, True, True)


def test_joined_tiers_bear_both_names_in_both_languages() -> None:
    found = block(
        overview({tables.COMMISSION_DETAIL: [cell("2026-01", "", "core/gold", Commission=1)]}),
        tables.COMMISSION_BY_QUARTER,
    )
    assert (found.columns[1].en, found.columns[1].zh) == ("Core/gold", "核心客户/gold")


def test_where_it_stands_has_each_settled_quarter_and_what_was_run_after_it() -> None:
    advances = [
        {"Month": "2025-12", "Paid Before": 9, "Paid": 9, "Withheld": 9, "Carried": 9},
        {"Month": "2026-03", "Paid Before": 9, "Paid": 9, "Withheld": 9, "Carried": 9},
        {"Month": "2026-04", "Paid Before": 8_00, "Paid": 4_00, "Withheld": 3_00, "Carried": -1_00},
        {"Month": "2026-04", "Paid Before": 1_00, "Paid": 0, "Withheld": 50, "Carried": 0},
    ]
    quarter = {"Quarter": "2026Q1", "Paid Before": 6_00, "Paid": 2_00, "Withheld": 2_00, "Carried": 0}
    before = {"Quarter": "2025Q4", "Paid Before": 7, "Paid": 7, "Withheld": 7, "Carried": 7}
    found = block(
        overview({tables.MONTHLY_ADVANCES: advances, tables.QUARTERLY_SETTLEMENT: [quarter, before]}),
        tables.WHERE_IT_STANDS,
    )
    assert headers(found) == ["Period", "Paid", "Withheld", "Carried", "Earned"]
    assert found.rows == (
        ("2026Q1", 8_00, 2_00, 0, 10_00),
        ("2026-04", 13_00, 3_50, -1_00, 15_50),
    )
    assert found.drawn == (1, 2, 3)


def test_the_year_end_stands_behind_its_last_quarter_with_nothing_withheld() -> None:
    found = block(
        overview(
            {
                tables.YEAR_END_SETTLEMENT: [
                    {"Year": "2026", "Paid Before": 30_00, "Paid": 7_00, "Carried": -50},
                    {"Year": "2025", "Paid Before": 1_00, "Paid": 1_00, "Carried": 0},
                ],
                tables.QUARTERLY_SETTLEMENT: [
                    {"Quarter": "2026Q4", "Paid Before": 20_00, "Paid": 10_00, "Withheld": 7_50, "Carried": 0}
                ],
            }
        ),
        tables.WHERE_IT_STANDS,
    )
    assert found.rows == (("2026Q4", 30_00, 7_50, 0, 37_50), ("2026", 37_00, 0, -50, 36_50))


def test_attainment_is_of_the_year_to_date_until_the_year_end_tells_it() -> None:
    rows: dict[ResultSheet, list[Row]] = {
        tables.COMMISSION_DETAIL: [
            {"Month": "2025-12", "Salesperson ID": "S01", "Net Sales": 1_000_00},
            {"Month": "2026-01", "Salesperson ID": "S01", "Net Sales": 300_00},
            {"Month": "2026-02", "Salesperson ID": "S01", "Origin Month": "2025-12", "Net Sales": -50_00},
            {"Month": "2026-02", "Salesperson ID": "S02", "Net Sales": 100_00},
        ]
    }
    targets = {("S01", 2026): 500_00, ("S01", 2025): 1, ("S02", 2026): 400_00, ("S03", 2026): 0}
    found = block(overview(rows, targets, S01="Same Name", S02="Same Name"), tables.TARGET_ATTAINMENT)
    assert headers(found) == ["Salesperson", "Net Sales", "Target", "Attainment"]
    assert found.rows == (
        ("Same Name (S01)", 250_00, 500_00, Decimal("0.5000")),
        ("Same Name (S02)", 100_00, 400_00, Decimal("0.2500")),
    )
    assert found.drawn == (3,)
    rows[tables.YEAR_END_SETTLEMENT] = [
        {"Year": "2026", "Salesperson ID": "S01", "Net Sales": 600_00},
        {"Year": "2025", "Salesperson ID": "S02", "Net Sales": 1},
    ]
    settled = block(overview(rows, targets, S01="Same Name", S02="Other Name"), tables.TARGET_ATTAINMENT)
    assert settled.rows == (
        ("Same Name", 600_00, 500_00, Decimal("1.2000")),
        ("Other Name", 100_00, 400_00, Decimal("0.2500")),
    )


def test_scores_are_of_the_year_and_of_who_has_one() -> None:
    scores: list[Row] = [
        {"Year": "2025", "Salesperson ID": "S01", "Score": Decimal(1)},
        {
            "Year": "2026",
            "Salesperson ID": "S02",
            "Score": Decimal(0),
            "Proposed Coefficient": Decimal("0.8"),
        },
        {"Year": "2026", "Salesperson ID": "S03", "Score": None, "Approved Coefficient": Decimal(1)},
    ]
    found = block(
        overview(
            {tables.MAINTENANCE_SCORES: scores, tables.COMMISSION_DETAIL: [cell("2026-01")]}, S02="Other Name"
        ),
        tables.MAINTENANCE_SCORE,
    )
    assert found.rows == (("Other Name", Decimal(0), Decimal("0.8"), None),)
    assert found.drawn == (1,)


def test_what_was_taken_back_is_positive_and_a_recovery_negative_by_cause() -> None:
    def claw(day: str, kind: str, from_pay: int, from_withheld: int) -> Row:
        return {"Date": day, "Type": kind, "From Pay": from_pay, "From Withheld": from_withheld}

    found = block(
        overview(
            {
                tables.CLAWBACKS: [
                    claw("2026-03-01", "recovery", 4_00, 1_00),
                    claw("2026-02-01", "return", -8_00, -2_00),
                    claw("2026-03-01", "return", -80, -20),
                    claw("2025-12-31", "bad_debt", -9, -9),
                    claw("2025-12-31", "discount", -9, -9),
                ],
                tables.COMMISSION_DETAIL: [cell("2026-01")],
            }
        ),
        tables.CLAWBACKS_BY_CAUSE,
    )
    assert found.rows == (("Returns", 8_80, 2_20, 11_00), ("Recoveries", -4_00, -1_00, -5_00))
    assert found.drawn == (1, 2)


def test_the_top_accounts_are_the_ten_largest_of_the_year_ties_by_id() -> None:
    rows: list[Row] = [
        {"Month": "2026-02", "Account ID": f"A{number:02d}", "Net Sales": 100 * (number // 2)}
        for number in range(14)
    ]
    rows.append(
        {"Month": "2026-01", "Account ID": "A05", "Account Name": "Sample Account", "Net Sales": 1000}
    )
    rows.append({"Month": "2025-12", "Account ID": "A00", "Net Sales": 9999})
    found = block(
        overview({tables.NET_SALES: rows, tables.COMMISSION_DETAIL: [cell("2026-01")]}), tables.TOP_ACCOUNTS
    )
    assert len(found.rows) == MOST_ACCOUNTS
    assert found.rows[:4] == (("Sample Account", 1200), ("A12", 600), ("A13", 600), ("A10", 500))
    assert found.drawn == (1,)
