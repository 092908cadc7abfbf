"""The cell functions as a formula calls them: through xlwings' own Windows code, new and old."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keyaccount.excel.catalogue import ERROR_MARK, FUNCTIONS
from tests.excel.excel_process import At, Excel, column, day
from tests.excel.win_stub import MISSING, error

NA, VALUE, REF, NUM, DIV0 = (ERROR_MARK + name for name in ("#N/A", "#VALUE!", "#REF!", "#NUM!", "#DIV/0!"))
TIERS: list[list[Any]] = [
    ["Tier", "Rate", "Effective From"],
    ["strategic", 0.02, None],
    ["core", 0.015, None],
    ["core", 0.018, day("2026-07-01")],
    ["important", 0.01, day("2026-01-01")],
]
SALES: list[list[Any]] = [
    ["Net Sales", "Tier", "Date"],
    [100_000.0, "core", day("2026-04-10")],
    [88_888.88, "核心客户", day("2026-06-30")],
    [40_000.0, "core", day("2026-07-01")],
    [60_000.0, "Strategic", day("2026-07-01")],
    [None, None, None],
    [0.1 + 0.2, "important", day("2026-07-01")],
]
LEDGER: list[list[Any]] = [
    ["Entry", "Run", "Booked At", "Period", "Kind", "Salesperson ID", "Account ID", "Amount", "Reference"],
    [1.0, 1.0, "2026-04-01T00:00:00Z", "2026Q1", "commission", "S01", "=1+1", 1500.0, None],
    [2.0, 1.0, "2026-04-01T00:00:00Z", "2026Q1", "quarter_payment", "S01", None, 1200.0, "E=1500.00"],
    [3.0, 1.0, "2026-04-01T00:00:00Z", "2026Q1", "quarter_payment", "7", None, 0.0, "E=0.00"],
    [4.0, 2.0, "2026-05-01T00:00:00Z", "2026-04", "advance", "S01", None, 80.0, "E=1600.00"],
]


def _oldest() -> str:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    found = next(
        filter(None, (re.match(r"xlwings>=([0-9.]+)", each) for each in project["project"]["dependencies"]))
    )
    return found[1] if found[1].count(".") == 2 else f"{found[1]}.0"


@pytest.fixture(scope="module", params=["installed", "oldest"])
def excel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Excel]:
    folder = None
    if request.param == "oldest":
        folder = tmp_path_factory.mktemp("xlwings")
        wanted = ["--target", str(folder), "--no-deps", "--only-binary=:all:", f"xlwings=={_oldest()}"]
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"xlwings {_oldest()} cannot be installed here: {done.stderr.strip()[-200:]}")
    started = Excel(folder)
    if folder:
        assert started.version == _oldest()
    started.open({"Data": SALES, "Tiers": TIERS, "Ledger": LEDGER})
    yield started
    started.close()


@pytest.fixture(autouse=True)
def _sample(excel: Excel) -> None:
    excel.open({"Data": SALES, "Tiers": TIERS, "Ledger": LEDGER})


def test_a_cell_beside_a_tier_gives_one_commission(excel: Excel) -> None:
    assert (
        excel.call("COMMISSION", At("Data", 2, 1, 2, 1), "core", day("2026-04-10"), MISSING, MISSING)
        == 1500.0
    )
    assert excel.call("COMMISSION", 88_888.88, "core", 46_122.0, At("Tiers", 1, 1, 5, 3), MISSING) == 1333.33


def test_columns_spill_a_column(excel: Excel) -> None:
    net, tiers, dates = (At("Data", 2, place, 7, place) for place in (1, 2, 3))
    spilled = excel.call("COMMISSION", net, tiers, dates, At("Tiers", 1, 1, 5, 3), MISSING)
    assert spilled == [[1500.0], [1333.33], [720.0], [1200.0], [0.0], [0.0]]


def test_a_column_of_amounts_beside_a_row_of_tiers_spills_a_table(excel: Excel) -> None:
    tiers = (("strategic", "important", "gold"),)
    spilled = excel.call("COMMISSION", ((100.0,), (250.25,)), tiers, MISSING, MISSING, MISSING)
    assert spilled == [[2.0, 1.0, NA], [5.01, 2.5, NA]]


def test_a_row_comes_back_as_a_row(excel: Excel) -> None:
    assert excel.call("ADVANCE", ((100.0, 200.0),), MISSING) == [80.0, 160.0]


def test_arguments_left_out_take_the_workbooks_tiers_and_the_latest_rate(excel: Excel) -> None:
    assert excel.call("COMMISSIONRATE", "core", MISSING, MISSING, MISSING) == 0.018
    assert excel.call("COMMISSIONRATE", "core", day("2026-06-30"), MISSING, 0.005) == 0.02
    assert excel.call("COMMISSIONRATE", "important", day("2025-12-31"), MISSING, MISSING) == NA
    assert excel.call("NETSALES", 100.0, MISSING, 30.0, MISSING, 5.55) == 75.55
    assert excel.call("WITHHELD", 1333.33, MISSING) == 266.67
    assert excel.call("CLAWBACK", 10_000.0, 0.015, MISSING) == 120.0
    assert excel.call("TARGETBONUS", 2e6, 2e6, 38_000.0, MISSING) == 3800.0
    assert excel.call("ISKEYACCOUNT", 61_728.39, 1_234_567.8, MISSING) is True


def test_an_error_in_a_cell_is_passed_on_and_the_other_cells_are_calculated(excel: Excel) -> None:
    broken = ((error(2023),), (100.0,), (error(2042),), (error(2007),), ("12",), (True,), (error(2999),))
    assert excel.call("ADVANCE", broken, MISSING) == [[REF], [80.0], [NA], [DIV0], [VALUE], [VALUE], [VALUE]]
    assert excel.call("COMMISSION", 100.0, error(2023), MISSING, MISSING, MISSING) == REF
    assert excel.call("COMMISSION", error(2007), error(2023), MISSING, MISSING, MISSING) == DIV0
    assert excel.call("COMMISSION", 100.0, "core", error(2042), MISSING, MISSING) == NA
    assert excel.call("COMMISSION", 100.0, "core", MISSING, ((error(2023), 0.01, None),), MISSING) == REF


def test_dates_come_as_dates_serial_numbers_or_text(excel: Excel) -> None:
    for before in (day("2026-06-30"), 46_203.0, "2026-06-30"):
        assert excel.call("COMMISSIONRATE", "core", before, MISSING, MISSING) == 0.015
    for after in (day("2026-07-01"), 46_204.0, 46_204.75, "2026-07-01"):
        assert excel.call("COMMISSIONRATE", "core", after, MISSING, MISSING) == 0.018
    for wrong in ("1 July 2026", "07/01/2026", "", -3.0, True):
        assert excel.call("COMMISSIONRATE", "core", wrong, MISSING, MISSING) == VALUE


def test_serial_numbers_count_from_1904_where_the_workbook_does(excel: Excel) -> None:
    excel.open({"Data": SALES, "Tiers": TIERS}, date1904=True)
    assert excel.call("COMMISSIONRATE", "core", 46_204.0 - 1462, MISSING, MISSING) == 0.018
    assert excel.call("COMMISSIONRATE", "core", 46_203.0 - 1462, MISSING, MISSING) == 0.015


def test_a_blank_cell_is_not_an_argument_that_is_left_out(excel: Excel) -> None:
    blank = At("Data", 6, 1, 6, 1)
    assert excel.call("COMMISSION", blank, "core", MISSING, MISSING, MISSING) == 0.0
    assert excel.call("COMMISSION", 100.0, blank, MISSING, MISSING, MISSING) == NA
    assert excel.call("COMMISSION", 100.0, "core", blank, MISSING, MISSING) == VALUE
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, blank) == 1.8
    assert excel.call("ADVANCE", 100.0, blank) == VALUE


def test_of_whole_columns_only_what_the_sheet_uses_is_read(excel: Excel) -> None:
    excel.open({"Data": SALES[1:], "Tiers": TIERS})
    arguments = (
        column("Data", 1),
        column("Data", 2),
        column("Data", 3),
        At("Tiers", 1, 1, 1_048_576, 4),
        MISSING,
    )
    assert excel.call("COMMISSION", *arguments) == [[1500.0], [1333.33], [720.0], [1200.0], [0.0], [0.0]]
    assert excel.cells_read("Data") == 18


def test_whole_columns_of_two_sheets_go_as_far_as_the_longer_one(excel: Excel) -> None:
    excel.open({"Data": [[100.0], [200.0], [300.0]], "Rates": [[0.5]], "Tiers": TIERS})
    assert excel.call("ADVANCE", column("Data", 1), column("Rates", 1)) == [[50.0], [VALUE], [VALUE]]
    assert excel.call("NETSALES", column("Data", 1), column("Rates", 1), MISSING, MISSING, MISSING) == [
        [99.5],
        [200.0],
        [300.0],
    ]


def test_an_empty_sheets_column_is_zero(excel: Excel) -> None:
    excel.open({"Data": [], "Tiers": TIERS})
    assert excel.call("ADVANCE", column("Data", 1), MISSING) == 0.0
    assert excel.call("COMMISSION", column("Data", 1), column("Data", 2), MISSING, MISSING, MISSING) == 0.0


def test_the_tiers_table_is_found_by_its_table_name_wherever_it_stands(excel: Excel) -> None:
    moved: list[list[Any]] = [[None, None, None, "Our tiers"], [None], *([None, *row] for row in TIERS)]
    excel.open({"Data": SALES, "Plan": moved, "Tiers": [["nothing"]]}, {"Tiers": ("Plan", 3, 2, 7, 4)})
    assert excel.call("COMMISSIONRATE", "core", day("2026-06-30"), MISSING, MISSING) == 0.015


def test_the_tiers_sheet_is_found_by_its_chinese_name_with_the_header_below_a_title(excel: Excel) -> None:
    rows: list[list[Any]] = [
        ["大客户等级"],
        ["生效日期", "等级", "提成比例"],
        [None, "核心客户", 0.016],
        [day("2026-02-01"), "核心客户", 0.017],
    ]
    excel.open({"Data": SALES, "等级提成比例": rows})
    assert excel.call("COMMISSIONRATE", "core", day("2026-01-31"), MISSING, MISSING) == 0.016
    assert excel.call("COMMISSIONRATE", "核心客户", MISSING, MISSING, MISSING) == 0.017


def test_a_workbook_without_a_tiers_table_knows_no_tier_and_two_leave_it_open(excel: Excel) -> None:
    excel.open({"Data": SALES})
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == NA
    excel.open({"Data": SALES, "Tiers": TIERS, "等级比例": TIERS})
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == VALUE


def test_a_renamed_tiers_sheet_is_found_again(excel: Excel) -> None:
    assert excel.call("COMMISSIONRATE", "core", MISSING, MISSING, MISSING) == 0.018
    excel.rename("Tiers", "等级提成比例")
    assert excel.call("COMMISSIONRATE", "core", MISSING, MISSING, MISSING) == 0.018


def test_a_settlement_spills_the_ledgers_lines_with_their_header(excel: Excel) -> None:
    header = LEDGER[0][:-1]
    lines = [[value if value is not None else "" for value in row[:-1]] for row in LEDGER[1:]]
    assert excel.call("SETTLEMENT", "S01", "2026Q1") == [header, lines[0], lines[1]]
    assert excel.call("SETTLEMENT", "S01", day("2026-04-01")) == [header, lines[3]]
    assert excel.call("SETTLEMENT", 7.0, "2026q1") == [header, lines[2]]
    assert excel.call("SETTLEMENT", (("S01",), ("7",)), "2026Q1") == [header, *lines[:3]]


def test_a_settlement_that_is_not_in_the_ledger_is_not_available(excel: Excel) -> None:
    assert excel.call("SETTLEMENT", "S02", "2026Q1") == NA
    assert excel.call("SETTLEMENT", "S01", "2026Q2") == NA
    assert excel.call("SETTLEMENT", "S01", "first quarter") == VALUE
    assert excel.call("SETTLEMENT", "S01", error(2023)) == REF
    excel.open({"Data": SALES})
    assert excel.call("SETTLEMENT", "S01", "2026Q1") == NA


def test_a_chinese_ledger_keeps_its_labels(excel: Excel) -> None:
    labels = [
        "序号",
        "批次号",
        "记账时间",
        "期间",
        "类别代码",
        "销售员编号",
        "客户编号",
        "金额",
        "备注",
        "类别",
    ]
    rows = [labels, [*LEDGER[0], "类别"], *([*row, "提成"] for row in LEDGER[1:])]
    excel.open({"Data": SALES, "提成台账": rows})
    spilled = excel.call("SETTLEMENT", "S01", "2026-04")
    assert spilled[0] == [*labels[:-2], "类别"]
    assert spilled[1][-2:] == [80.0, "提成"]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_xlwings_knows_each_function_with_its_help(excel: Excel, function: object) -> None:
    from keyaccount.excel.catalogue import CellFunction

    assert isinstance(function, CellFunction)
    known = excel.help_of(function.name)
    assert known["category"] == "Key Accounts"
    assert list(known["arguments"]) == [argument.name for argument in function.arguments]
    for argument in function.arguments:
        text, optional = known["arguments"][argument.name]
        assert optional == argument.optional
        assert text == f"{argument.en} {argument.zh}"


def test_a_tiers_table_and_another_tiers_sheet_leave_it_open_which_counts(excel: Excel) -> None:
    place = {"Tiers": ("Plan", 1, 1, 5, 3)}
    excel.open({"Data": SALES, "Plan": TIERS, "等级比例": [["title"], *TIERS]}, place)
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == VALUE
    excel.open({"Data": SALES, "Plan": TIERS, "等级比例": [["title"], ["nothing"]]}, place)
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == 1.8


def test_a_changed_tiers_table_counts_at_once(excel: Excel) -> None:
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == 1.8
    excel.set("Tiers", 4, 2, 0.02)
    assert excel.call("COMMISSION", 100.0, "core", MISSING, MISSING, MISSING) == 2.0
    excel.set("Tiers", 4, 2, "2.5%")
    assert excel.call("COMMISSION", 100.0, "core", MISSING, At("Tiers", 1, 1, 5, 3), MISSING) == 2.5


def test_serial_numbers_in_a_tiers_array_are_those_of_the_formulas_workbook(excel: Excel) -> None:
    tiers = (("core", 0.01, None), ("core", 0.02, 46_204.0))  # 1 July 2026, or 2 July 2030
    for date1904, rate in ((False, 0.02), (True, 0.01), (False, 0.02)):
        excel.open({"Data": SALES}, date1904=date1904)
        assert excel.call("COMMISSIONRATE", "core", day("2026-07-01"), tiers, MISSING) == rate
