"""§3.1: lines from big tables: sums that come from elsewhere, amounts that add up to too much, many days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from keyaccount.clauses import net_sales
from keyaccount.clauses.big_tables import BigTables
from keyaccount.clauses.net_sales import LINE_TYPES, Lines, Reversals, lines_of, months_of
from keyaccount.clauses.sums import sums_by
from keyaccount.money import LARGEST_FEN
from keyaccount.periods import month_of, to_number
from keyaccount.policies import Policies
from keyaccount.problems import Problem
from keyaccount.tables import Inputs, SalesColumns
from tests.plan_case_rows import inputs_of, row_of

COMPANY = {"Accounts": ["A1", "A2"], "Salespeople": ["S01"]}
JANUARY_10 = to_number(date(2026, 1, 10))


def workbook(**tables: list[str]) -> Inputs:
    """Type a company's rows; a table's blank is written as an underscore."""
    named = {table.replace("_", " "): rows for table, rows in tables.items()}
    return inputs_of(
        {table: [row_of(table, text) for text in rows] for table, rows in {**COMPANY, **named}.items()}
    )


def lines(inputs: Inputs) -> tuple[Lines, Reversals, list[Problem]]:
    return lines_of(BigTables.of(inputs), inputs, Policies(inputs.policies), None)


def said(inputs: Inputs) -> list[str]:
    """Write what is wrong with the lines."""
    problems = lines(inputs)[2]
    return [f"{one.severity} {one.table} {one.row} {one.column}: {one.sentence}" for one in problems]


# --- sums of sales from elsewhere ---------------------------------------------------------------------


def sums(*rows: tuple[str, str, int, int, int, int]) -> SalesColumns:
    """Give sums of sales: ID, account, gross, discount, how many sales, how many of them with a discount."""
    ids, accounts, *numbers = zip(*rows, strict=True)
    gross, discount, lines, discounted = (np.array(each, np.int64) for each in numbers)
    count = len(rows)
    return SalesColumns(
        np.arange(count, dtype=np.int32),
        np.array(ids, np.object_),
        np.full(count, JANUARY_10, np.int32),
        np.array(accounts, np.object_),
        gross,
        discount,
        lines,
        discounted,
    )


def test_a_sum_counts_as_the_sales_that_it_stands_for() -> None:
    sales = sums(("", "A1", 700_00, 30_00, 7, 2), ("", "A2", 500_00, 0, 5, 0), ("S1", "A2", 100_00, 0, 1, 0))
    inputs = replace(workbook(Adjustments=["R1 2026-01-20 return A2 10.00 of S1"]), sales=sales)
    made, _, problems = lines(inputs)
    assert problems == []
    assert list(zip(made.type.tolist(), made.fen.tolist(), made.counted().tolist(), strict=True)) == [
        (0, 700_00, 7),
        (0, 500_00, 5),
        (0, 100_00, 1),
        (1, -30_00, 2),
        (2, -10_00, 1),
    ]
    assert made.counted(made.type > 0).tolist() == [2, 1]
    of_sales = made.until(JANUARY_10)
    assert of_sales.counted().tolist() == [7, 5, 1, 2]
    assert made.until(JANUARY_10 + 10) is made


def test_without_sums_each_line_counts_as_itself() -> None:
    made = lines(workbook(Sales=["S1 2026-01-10 A1 10.00 1.00"]))[0]
    assert made.counted().tolist() == [1, 1]
    assert made.until(JANUARY_10 - 1).counted().tolist() == []


def test_blank_ids_of_sums_are_no_duplicates_and_ids_beside_them_still_are() -> None:
    def given(*ids: str) -> list[str]:
        return said(replace(workbook(), sales=sums(*((one, "A1", 1_00, 0, 1, 0) for one in ids))))

    assert given("", "", "S1", "", "S2") == []
    assert given("", "S1", "", "S2", "S1") == [
        "error Sales 4 Sale ID: Sale ID S1 is there twice (also in row 1)."
    ]


# --- more than the ledger holds -----------------------------------------------------------------------


def large(count: int, of_each: int, column: str) -> Inputs:
    """Give many sales of 0.00, the first ``count`` of them with a huge amount in one column."""
    rows = 5000
    amounts = np.zeros(rows, np.int64)
    amounts[:count] = of_each
    zero = np.zeros(rows, np.int64)
    columns: dict[str, Any] = {"gross": zero, "discount": zero, column: amounts}
    ids = np.array([f"S{number}" for number in range(rows)], np.object_)
    days = np.full(rows, JANUARY_10, np.int32)
    accounts = np.full(rows, "A1", np.object_)
    return replace(
        workbook(), sales=SalesColumns(np.arange(rows, dtype=np.int32), ids, days, accounts, **columns)
    )


@pytest.mark.parametrize("column", ["gross", "discount"])
def test_amounts_that_add_up_to_more_than_a_cell_holds_stop_the_run(column: str) -> None:
    sentence = "more than a cell can show to the fen."
    assert f"error Sales 0 : The amounts add up to 19999999999999 yuan, {sentence}" in said(
        large(2, LARGEST_FEN, column)
    )
    assert f"error Sales 0 : The amounts add up to 49999999999999950 yuan, {sentence}" in said(
        large(5000, LARGEST_FEN, column)
    )
    too_much = [one for one in lines(large(2, LARGEST_FEN, column))[2] if "add up to" in one.sentence]
    assert {one.value for one in too_much} == {"19999999999999"}


def test_one_huge_amount_among_many_lines_is_not_too_much() -> None:
    assert not any(one.startswith("error Sales 0 :") for one in said(large(1, LARGEST_FEN, "gross")))


def test_each_type_of_line_counts_with_the_sign_that_its_type_has() -> None:
    found, _, _ = lines(
        workbook(
            Sales=["S1 2026-01-10 A1 9.00 2.00"],
            Adjustments=[
                f"R{number} 2026-02-10 {kind} A1 1.00 of S1"
                for number, kind in enumerate(("return", "bad_debt", "recovery", "discount"))
            ],
        )
    )
    amounts = {
        LINE_TYPES[kind]: fen for kind, fen in zip(found.type.tolist(), found.fen.tolist(), strict=True)
    }
    magnitudes = dict(zip(LINE_TYPES, (900, 200, 100, 100, 100, 100), strict=True))
    assert amounts == {name: net_sales.EFFECT[name] * fen for name, fen in magnitudes.items()}


# --- months and sums of many lines --------------------------------------------------------------------


@pytest.mark.parametrize("span", [net_sales._MANY - 1, net_sales._MANY])
def test_many_days_are_looked_up_as_long_as_there_are_fewer_different_ones(span: int) -> None:
    days = np.resize(np.arange(span + 1, dtype=np.int32), net_sales._MANY + 2)
    halves = [months_of(half) for half in np.array_split(days, 2)]
    assert months_of(days).tolist() == np.concatenate(halves).tolist()


@pytest.mark.parametrize("step", [1, 400])
def test_the_months_of_many_days_are_those_of_each(step: int) -> None:
    days = np.resize(np.arange(-200 * step, 400 * step, step, dtype=np.int32), net_sales._MANY + 1)
    first, last = int(days.min()), int(days.max())
    assert (last - first < net_sales._MANY) == (step == 1)
    each = [month_of(date.fromordinal(date(1970, 1, 1).toordinal() + day)) for day in days.tolist()]
    assert months_of(days).tolist() == each


@pytest.mark.parametrize("spread", [1, 1_000_000])
def test_sums_of_few_and_of_scattered_keys_are_the_same_in_order(spread: int) -> None:
    months = np.array([3, 1, 3, 2, 1, 3], np.int64) * spread
    kinds = np.array([0, -5, 0, 7, -5, 2], np.int64)
    amounts = np.array([10, 20, 30, 40, -20, 50], np.int64)
    (by_month, by_kind), totals = sums_by([months, kinds], amounts)
    assert list(zip(by_month.tolist(), by_kind.tolist(), totals.tolist(), strict=True)) == [
        (1 * spread, -5, 0),
        (2 * spread, 7, 40),
        (3 * spread, 0, 40),
        (3 * spread, 2, 50),
    ]
    assert totals.dtype == np.int64


def test_sums_of_nothing_have_no_keys() -> None:
    (keys,), totals = sums_by([np.empty(0, np.int64)], np.empty(0, np.int64))
    assert (keys.tolist(), totals.tolist(), totals.dtype.name) == ([], [], "int64")
