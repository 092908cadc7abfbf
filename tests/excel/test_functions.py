"""What the cell functions say, case by case; an error is shown as the cell shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import xlwings as xw
from hypothesis import example, given
from hypothesis import strategies as st

from keyaccount.excel import functions as excel
from keyaccount.excel.arrays import amounts_of, number_of
from keyaccount.excel.catalogue import ERROR_MARK, FUNCTIONS, CellFunction
from keyaccount.excel.cells import Cells
from keyaccount.money import LARGEST_FEN, nearest_fen, times, times_each

TIERS: list[list[Any]] = [
    ["Tier", "Rate", "Effective From"],
    ["strategic", 0.02, None],
    ["core", 0.015, None],
    ["important", 0.01, None],
]


@pytest.fixture(scope="module", autouse=True)
def _outside_excel() -> Iterator[None]:
    """Forget the workbook that another test of this process called from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(xw.Book, "_mock_caller", raising=False)
        yield


def shown(result: Any) -> Any:
    """Write errors as a cell shows them."""
    if isinstance(result, list):
        return [shown(each) for each in result]
    return result.removeprefix(ERROR_MARK) if isinstance(result, str) else result


def commission(net: Any, tier: Any, day: Any = None, tiers: Any = TIERS, uplift: Any = None) -> Any:
    return shown(excel.COMMISSION(net, tier, day, tiers, uplift))


def rate(tier: Any, day: Any = None, tiers: Any = TIERS, uplift: Any = None) -> Any:
    return shown(excel.COMMISSIONRATE(tier, day, tiers, uplift))


# --- the worked examples of plan.md -------------------------------------------------------------------


def test_example_1_a_quarter_of_a_strategic_account() -> None:
    net = shown(
        excel.NETSALES([520_000.0, 300_000.0, 200_000.0], [20_000.0, None, None], [None, None, 50_000.0])
    )
    assert net == [[500_000.0, 300_000.0, 150_000.0]]
    earned = commission(net, "strategic")
    assert earned == [[10_000.0, 6_000.0, 3_000.0]]
    assert excel.ADVANCE(earned) == [[8_000.0, 4_800.0, 2_400.0]]
    assert excel.WITHHELD(19_000.0) == 3_800.0


def test_example_3_an_upgrade_in_the_middle_of_a_month() -> None:
    net = [[100_000.0], [60_000.0], [40_000.0], [120_000.0]]
    tier = [["core"], ["core"], ["strategic"], ["strategic"]]
    uplift = [[None], [None], [0.005], [0.005]]
    assert commission(net, tier, uplift=uplift) == [[1_500.0], [900.0], [1_000.0], [3_000.0]]


def test_example_4_a_return_is_taken_back_at_the_rate_of_its_sale() -> None:
    assert excel.CLAWBACK(10_000.0, 0.015) == 120.0
    assert commission(-10_000.0, "core") == -150.0


def test_example_6_a_year_end_with_bonus() -> None:
    assert excel.TARGETBONUS(2_000_000.0, 2_000_000.0, 38_000.0) == 3_800.0
    assert excel.TARGETBONUS(1_999_999.99, 2_000_000.0, 38_000.0) == 0.0


def test_example_8_the_share_test_is_exact() -> None:
    assert excel.ISKEYACCOUNT([[61_728.39], [61_728.38]], 1_234_567.80) == [[True], [False]]
    assert excel.KEYACCOUNTSHARE(61_728.39, 1_234_567.80) == 0.05
    assert excel.KEYACCOUNTSHARE(61_728.38, 1_234_567.80) < 0.05


def test_example_9_a_write_off_and_its_recovery() -> None:
    assert commission([88_888.88, -53_333.33, 20_000.0], "core") == [[1_333.33, -800.0, 300.0]]
    assert excel.ADVANCE(1_333.33) == 1_066.66
    assert excel.WITHHELD(1_333.33) == 266.67


def test_example_10_a_sum_is_rounded_once() -> None:
    assert commission(100.5, "important") == 1.01
    assert commission([33.5, 33.5, 33.5], "important") == [[0.34, 0.34, 0.34]]


def test_example_12_an_uplift_raises_the_rate() -> None:
    assert commission(123_456.78, "战略客户", uplift=0.005) == 3_086.42
    assert rate("战略客户", uplift=0.005) == 0.025


# --- amounts ------------------------------------------------------------------------------------------


def test_half_a_fen_is_rounded_away_from_zero() -> None:
    assert commission([0.25, -0.25, 0.75, -0.75], "strategic") == [[0.01, -0.01, 0.02, -0.02]]


def test_the_binary_dust_of_a_formula_moves_no_result() -> None:
    calculated = 1_048_661.89 - 1_048_486.64
    assert calculated == 175.24999999988358  # in Excel too
    assert commission(calculated, "strategic") == commission(175.25, "strategic") == 3.51
    assert commission(0.1 + 0.2, "strategic") == 0.01


def test_an_amount_with_more_than_two_decimals_is_taken_to_the_fen_first() -> None:
    assert commission(0.245, "strategic") == 0.01
    assert excel.NETSALES(1_234.565, 0.004) == 1_234.57


def test_what_is_no_number_is_a_value_error() -> None:
    wrong = ["12", "", "1,234.50", True, datetime(2026, 1, 1), date(2026, 1, 1)]  # noqa: DTZ001 a cell has no zone
    assert shown(excel.ADVANCE(wrong)) == [["#VALUE!"] * 6]
    assert commission("12", "core") == "#VALUE!"
    assert shown(excel.ADVANCE(100.0, "80%")) == "#VALUE!"
    assert shown(excel.CLAWBACK(100.0, None)) == "#VALUE!"


def test_an_amount_that_no_cell_shows_to_the_fen_is_a_number_error() -> None:
    assert excel.ADVANCE(9_999_999_999_999.99, 1.0) == 9_999_999_999_999.99
    too_large = [1e13, -1e13, 1e300, float("inf"), float("nan")]
    assert shown(excel.ADVANCE(too_large)) == [["#NUM!"] * 5]
    assert shown(excel.TARGETBONUS(1.0, 1.0, 9e12, 10.0)) == "#NUM!"


def test_rates_outside_their_bounds_are_number_errors() -> None:
    assert shown(excel.ADVANCE(100.0, [0.0, 1.0, 1.01, -0.1, 80.0])) == [
        [0.0, 100.0, "#NUM!", "#NUM!", "#NUM!"]
    ]
    assert rate("core", uplift=[0.5, 5.0, -0.005]) == [[0.515, "#NUM!", "#NUM!"]]
    assert shown(excel.ISKEYACCOUNT(1.0, 2.0, 5.0)) == "#NUM!"


def test_true_beside_a_one_is_no_number_all_the_same() -> None:
    assert shown(excel.ADVANCE(100.0, [1.0, True, 1.0])) == [[100.0, "#VALUE!", 100.0]]


def test_a_blank_cell_counts_as_zero_where_an_amount_belongs() -> None:
    assert excel.NETSALES([[None, 5.0]], [[1.0, None]]) == [[-1.0, 5.0]]
    assert excel.ADVANCE([[None]]) == [[0.0]]
    assert commission([[None]], "core") == [[0.0]]


def test_a_blank_target_is_no_target_and_a_target_of_zero_is_met_by_zero() -> None:
    assert excel.TARGETBONUS([[0.0, 0.0, 500.0]], [[None, 0.0, None]], 100.0) == [[0.0, 10.0, 0.0]]
    assert excel.TARGETBONUS(10.0, 5.0, -100.0) == 0.0


def test_the_empty_rows_of_a_longer_range_are_zero() -> None:
    assert commission([[100.0], [None]], [["core"], [None]], [["2026-01-31"], [None]]) == [[1.5], [0.0]]
    assert excel.CLAWBACK([[100.0], [None]], [[0.01], [None]]) == [[0.8], [0.0]]
    assert excel.KEYACCOUNTSHARE([[1.0], [None]], [[2.0], [None]]) == [[0.5], [0.0]]
    assert excel.ISKEYACCOUNT([[1.0], [None]], [[2.0], [None]]) == [[True], [False]]


def test_an_amount_without_a_tier_is_not_available() -> None:
    assert commission([[100.0]] * 3, [[None], [""], ["　 "]]) == [["#N/A"]] * 3


def test_a_company_without_sales_has_no_share_to_take() -> None:
    assert shown(excel.KEYACCOUNTSHARE([[1.0, 1.0]], [[0.0, -5.0]])) == [["#DIV/0!", "#DIV/0!"]]
    assert excel.ISKEYACCOUNT(1.0, 0.0) is False


@given(st.floats(-1e14, 1e14, allow_subnormal=False))
@example(1.005)
@example(-0.015)
@example(9_999_999_999_999.99)
@example(4_503_599_627_370.49)
@example(0.10000000000000499)
def test_the_quick_way_to_fen_is_the_exact_one(number: float) -> None:
    read = amounts_of(Cells.of([number, 0.0]))
    exact = nearest_fen(number_of(number))
    assert (read.fen[0, 0] == exact) if abs(exact) <= LARGEST_FEN else read.errors[0, 0]


@given(
    st.lists(
        st.tuples(
            st.integers(-LARGEST_FEN, LARGEST_FEN), st.decimals(0, 2, allow_nan=False, allow_infinity=False)
        ),
        min_size=1,
        max_size=5,
    )
)
@example([(-(10**15) + 1, Decimal("0.333333333333333")), (25, Decimal("0.02"))])
@example([(LARGEST_FEN, Decimal(2))])
@example([(3, Decimal("2.079136355658E-7"))])
def test_many_products_are_rounded_as_each_one_is(pairs: list[tuple[int, Decimal]]) -> None:
    ratios = [each.as_integer_ratio() for _, each in pairs]
    kind = np.int64 if all(max(ratio) < 2**63 for ratio in ratios) else object
    table = np.array(ratios, kind)
    found = times_each(np.array([fen for fen, _ in pairs]), table[:, 0], table[:, 1])
    assert found.tolist() == [times(*pair) for pair in pairs]


# --- shapes -------------------------------------------------------------------------------------------


def test_a_row_beside_a_column_gives_a_table() -> None:
    assert commission([[100.0], [200.0]], ["strategic", "core"]) == [[2.0, 1.5], [4.0, 3.0]]


def test_a_single_cell_stands_beside_every_cell() -> None:
    assert excel.ADVANCE([[100.0, 200.0], [300.0, 400.0]], 0.5) == [[50.0, 100.0], [150.0, 200.0]]
    assert excel.ADVANCE([[100.0, 200.0], [300.0, 400.0]], [[0.5], [1.0]]) == [[50.0, 100.0], [300.0, 400.0]]


def test_where_a_range_ends_before_the_other_the_rest_is_not_available() -> None:
    assert shown(excel.ADVANCE([[1.0], [2.0], [3.0]], [[0.5], [1.0]])) == [[0.5], [2.0], ["#N/A"]]
    assert shown(excel.ADVANCE([[1.0, 2.0]], [[0.5, 0.5, 0.5], [1.0, 1.0, 1.0]])) == [
        [0.5, 1.0, "#N/A"],
        [1.0, 2.0, "#N/A"],
    ]
    assert commission([[1.0], [2.0]], [["core"], ["core"], ["core"]]) == [[0.02], [0.03], ["#N/A"]]


def test_single_values_give_a_single_value() -> None:
    assert excel.ADVANCE(100.0) == 80.0
    assert excel.ADVANCE([[100.0]]) == [[80.0]]


# --- tiers --------------------------------------------------------------------------------------------


def test_tiers_are_known_by_either_name_or_their_own() -> None:
    own = [*TIERS, ["Gold", 0.03, None], ["7", 0.04, None]]
    names = ["core", "CORE", " 核心客户 ", "Gold", 7.0, "gold", "铜牌"]
    assert rate(names, tiers=own) == [[0.015, 0.015, 0.015, 0.03, 0.04, "#N/A", "#N/A"]]


def test_the_rate_in_force_is_the_latest_on_or_before_the_date() -> None:
    dated = [["core", 0.01, "2026-01-01"], ["core", 0.02, datetime(2026, 7, 1)]]  # noqa: DTZ001 a cell has no zone
    days = ["2025-12-31", "2026-01-01", "2026-06-30", "2026-07-01", 46_204.0, None]
    assert rate("core", days, dated) == [["#N/A", 0.01, 0.01, 0.02, 0.02, "#VALUE!"]]
    assert rate("core", None, dated) == 0.02


@pytest.mark.parametrize(
    "tiers",
    [
        [["Tier", "Rate", "Effective From"], ["core", 0.012, None]],
        [["生效日期", "提成比例", "等级", "审批单号"], [None, 0.012, "核心客户", "D1"]],
        [["Our plan", None], ["tier", "RATE"], ["core", "1.2%"]],
        [["core", 0.012]],
        [["core", 0.012, None, 2.0], [None, None, None, None]],
        [["Tier", "Rate"], [None, None], ["core", Decimal("0.012")]],
    ],
    ids=["english", "chinese", "title", "bare", "bare with rank", "blank row"],
)
def test_the_tiers_table_is_read_with_and_without_its_header(tiers: list[list[Any]]) -> None:
    assert rate("core", None, tiers) == 0.012


def test_a_tier_whose_row_cannot_be_read_gives_no_older_rate() -> None:
    for row in (
        ["core", "high", "2026-07-01"],
        ["core", None, "2026-07-01"],
        ["core", 1.5, "2026-07-01"],
        ["core", 0.03, "July"],
        ["core", 0.03, None],  # two rates from the same day
    ):
        assert rate(["core", "strategic"], None, [*TIERS, row]) == [["#VALUE!", 0.02]]


def test_a_rate_without_a_tier_or_a_single_column_is_no_tiers_table() -> None:
    assert rate("core", None, [*TIERS, [None, 0.03, None]]) == "#VALUE!"
    assert rate("core", None, [["core"], ["strategic"]]) == "#VALUE!"
    assert rate("core", None, "core") == "#VALUE!"


def test_an_empty_tiers_table_knows_no_tier() -> None:
    assert rate("core", None, [[None, None, None]]) == "#N/A"
    assert rate("core", None, TIERS[:1]) == "#N/A"


def test_the_first_arguments_error_is_the_results() -> None:
    assert commission("#REF!", "#DIV/0!") == "#REF!"
    assert commission(1.0, "#DIV/0!", "#N/A") == "#DIV/0!"
    assert commission("text", "unknown") == "#VALUE!"


def test_outside_excel_there_is_no_workbook_to_look_into() -> None:
    assert rate("core", None, None) == "#N/A"
    assert shown(excel.SETTLEMENT("S01", "2026Q1")) == "#N/A"


# --- every cell of a range as if it stood alone -------------------------------------------------------

CELLS: dict[str, list[Any]] = {
    "amount": [100.25, -0.75, 33.5, 1e13, None, "text", "#REF!", 88_888.88],
    "rate": [0.8, 0.015, 1.5, None, True, "#N/A"],
    "tier": ["core", "核心客户", "strategic", "gold", None, "#DIV/0!", 7.0],
    "date": ["2026-01-31", 46_204.0, datetime(2026, 7, 1), None, "soon"],  # noqa: DTZ001 a cell has no zone
}
KIND = {
    "tier": "tier",
    "date": "date",
    "rate": "rate",
    "origin_rate": "rate",
    "paid_share": "rate",
    "threshold": "rate",
    "uplift": "rate",
}


def element(argument: Any, row: int, place: int) -> Any:
    """Give what stands beside a cell of the result, as a range of one cell."""
    if argument is None:
        return None
    down, across = (0 if len(argument) == 1 else row), (0 if len(argument[0]) == 1 else place)
    beyond = down >= len(argument) or across >= len(argument[0])
    return [["#N/A" if beyond else argument[down][across]]]


@pytest.mark.parametrize(
    "function", [each for each in FUNCTIONS if each.name != "SETTLEMENT"], ids=lambda f: f.name
)
@given(data=st.data())
def test_each_cell_of_a_range_is_calculated_as_if_alone(function: CellFunction, data: st.DataObject) -> None:
    assert function.name != "SETTLEMENT"  # the last one
    tiers = [*TIERS, ["core", 0.018, "2026-07-01"]]
    arguments: list[Any] = []
    for argument in function.arguments:
        if argument.name == "tiers":
            arguments.append(tiers)
        elif argument.optional and data.draw(st.booleans()):
            arguments.append(None)
        else:
            height, width = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 3))
            cell = st.sampled_from(CELLS[KIND.get(argument.name, "amount")])
            arguments.append([[data.draw(cell) for _ in range(width)] for _ in range(height)])
    call = getattr(excel, function.name)
    spilled = call(*arguments)
    height = max(len(each) for each in arguments if each not in (None, tiers))
    width = max(len(each[0]) for each in arguments if each not in (None, tiers))
    assert (len(spilled), len(spilled[0])) == (height, width)
    for row in range(height):
        for place in range(width):
            alone = [each if each is tiers else element(each, row, place) for each in arguments]
            assert spilled[row][place] == call(*alone)[0][0]
