"""A source's values are read as a sheet's are, or refused with a remedy: never rounded, never guessed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keyaccount import tables
from keyaccount.problems import Problem
from keyaccount.sources.engines import open_source
from keyaccount.sources.named import named
from keyaccount.sources.sales import SalesOf
from keyaccount.sources.table import SourceTable
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

pytestmark = pytest.mark.xdist_group("sources")
LATE = datetime(2026, 3, 31, 23)  # noqa: DTZ001 of no zone
GROSS = tables.SALES.column("gross")
NUMBERS = [
    3.3, 3.3000000000000003, 0.1 + 0.2, 1.15, 4.35, 1.005, 0.0, -0.0, -12.34, 1e-9, 0.005, 0.01, 0.29, 0.07,
    1234567.89, 99999999.99, 1e12 + 0.25, 9999999999999.99, 1e13, -1e13, 1e300, 12.345, 9.99000000000001,
    9.990000000000004, float("nan"), float("inf"), float("-inf"), 8.41 * 3, 100.1 * 3, 123456789.01 * 7,
]  # fmt: skip
TEXTS = [
    "1234.5", "1,234.50", "¥1,234.50", "￥ 12.30", "(1,234.50)", "-5", "- ¥5", "¥-5", "(¥5.00)", "1.500",
    "1.505", "1,23.00", "12,34", "1e3", "NaN", "5元", "+5", "--5", "(-5)", "9999999999999.99",
    "10000000000000",
    "　12.00　", "\u200b7.10", "0.10", ".5", "5.", "1 234",
]  # fmt: skip


def put(folder: Path, name: str = "sales.parquet", **columns: Collection[object]) -> SourceTable:
    """Write sales, the usual columns where nothing else is said, and open them."""
    count = len(next(iter(columns.values())))
    usual = {
        "Sale ID": [f"N{number}" for number in range(count)],
        "Date": [date(2026, 1, 31)] * count,
        "Account ID": ["A1"] * count,
        "Gross Amount": pa.array([Decimal("10.00")] * count, pa.decimal128(18, 2)),
    }
    given = {name.replace("_", " "): values for name, values in columns.items()}
    pq.write_table(pa.table(usual | given), folder / name)
    return SourceTable(open_source(named(name, folder)), tables.SALES)


def lines(source: SourceTable) -> list[dict[str, Any]]:
    found = source.opened.ask(source.lines).to_pylist()
    return sorted(found, key=lambda row: (row["filename"], row["file_row_number"]))


def wrong(source: SourceTable) -> list[Problem]:
    return SalesOf(source, ["A1"]).columns(set())[1]


def as_on_a_sheet(value: object) -> int | None:
    """Read an amount as the sheet does; None where it is refused."""
    kind = "number" if isinstance(value, float) else "text"
    try:
        return parse(GROSS, Cell(kind, str(value)), date1904=False)  # type: ignore[arg-type, return-value]
    except Fault:
        return None


def test_binary_numbers_count_as_on_a_sheet_or_are_refused(tmp_path: Path) -> None:
    source = put(tmp_path, Gross_Amount=NUMBERS)
    found = [row["gross"] if row["good"] else None for row in lines(source)]
    expected = [as_on_a_sheet(number) for number in NUMBERS]
    assert found == expected
    assert len([fen for fen in found if fen is not None]) > 15
    assert len(wrong(source)) == found.count(None)


def test_binary_numbers_of_32_bits_are_taken_for_what_they_are(tmp_path: Path) -> None:
    source = put(tmp_path, Gross_Amount=pa.array([0.5, 3.3], pa.float32()))
    assert [row["good"] for row in lines(source)] == [True, False]


def test_texts_count_as_on_a_sheet(tmp_path: Path) -> None:
    source = put(tmp_path, Gross_Amount=TEXTS)
    found = [row["gross"] if row["good"] else None for row in lines(source)]
    assert found == [as_on_a_sheet(text) if text != "+5" else None for text in TEXTS]
    assert all(problem.column == "Gross Amount" and problem.remedy for problem in wrong(source))


def test_decimals_of_any_type_are_exact_or_refused(tmp_path: Path) -> None:
    values = ["12.3400", "12.3450", "9999999999999.99", "10000000000000.00", "-0.0100"]
    for precision, scale in ((24, 4), (38, 10), (38, 4)):
        source = put(tmp_path, Gross_Amount=pa.array(map(Decimal, values), pa.decimal128(precision, scale)))
        found = [row["gross"] if row["good"] else None for row in lines(source)]
        assert found == [1234, None, 999999999999999, None, -1]


def test_files_of_unlike_types_are_not_rounded_to_the_first(tmp_path: Path) -> None:
    (tmp_path / "sales").mkdir()
    put(tmp_path, "sales/a.parquet", Gross_Amount=pa.array([Decimal("1.25")], pa.decimal128(18, 2)))
    put(tmp_path, "sales/b.parquet", Sale_ID=["B"], Gross_Amount=[12.345])
    put(tmp_path, "sales/c.parquet", Sale_ID=["C"], Discount=pa.array([Decimal("0.5")], pa.decimal128(9, 1)))
    source = SourceTable(open_source(named("sales", tmp_path)), tables.SALES)
    (problem,) = wrong(source)
    assert (problem.column, problem.value) == ("Gross Amount", "12.345")
    assert source.places.shown[problem.row] == "b.parquet:1 B"
    assert [row["discount"] for row in lines(source)] == [0, 0, 50]


def test_files_of_one_name_in_folders_are_told_apart(tmp_path: Path) -> None:
    for month in ("01", "02"):
        (tmp_path / "sales" / month).mkdir(parents=True)
        put(tmp_path, f"sales/{month}/part.parquet", Sale_ID=["X"])
    source = SourceTable(open_source(named("sales", tmp_path)), tables.SALES)
    (problem,) = wrong(source)
    assert problem.problem.endswith("is there twice (also in row {first}).")
    assert sorted(source.places.shown.values()) == ["01/part.parquet:1 X", "02/part.parquet:1 X"]


def test_a_moment_of_a_time_zone_has_no_day_of_its_own(tmp_path: Path) -> None:
    morning = [datetime(2026, 3, 31, 23, tzinfo=UTC)]  # in Shanghai the first day of April
    source = put(tmp_path, Date=pa.array(morning, pa.timestamp("us", tz="Asia/Shanghai")))
    (problem,) = wrong(source)
    assert problem.problem == "This is a moment of a time zone: which day it is depends on the place."


def test_a_moment_of_96_bits_is_one_of_a_time_zone_too(tmp_path: Path) -> None:
    table = pa.table({"Sale ID": ["X"], "Account ID": ["A1"], "Date": [LATE], "Gross Amount": [1]})
    pq.write_table(table, tmp_path / "sales.parquet", use_deprecated_int96_timestamps=True)
    (problem,) = wrong(SourceTable(open_source(named("sales.parquet", tmp_path)), tables.SALES))
    assert "time zone" in problem.problem


def test_days_are_days_whatever_their_type(tmp_path: Path) -> None:
    last = [datetime(2026, 3, 31, 23, 59, 59, 999999)]  # noqa: DTZ001 of no zone
    texts = [
        "2026-03-31",
        "2026-03-31T08:00:00",
        " 2026-03-31　",
        "2026-02-29",
        "2026/03/31",
        "20260331",
        "1899-12-31",
    ]
    assert lines(put(tmp_path, Date=pa.array(last, pa.timestamp("us"))))[0]["date"] == 20260331
    found = [(row["date"], row["good"]) for row in lines(put(tmp_path, Date=texts))]
    assert found == [(20260331, True)] * 3 + [(0, False)] * 4
    assert not lines(put(tmp_path, Date=[20260331]))[0]["good"]


def test_ids_are_trimmed_as_on_a_sheet(tmp_path: Path) -> None:
    accounts = ["A1", "A1 ", "\u00a0A1", "\u3000A1\u200b", "A1\n", " \u200b", "A 1", "a1"]
    found = lines(put(tmp_path, Account_ID=accounts))
    assert [row["account_id"] for row in found] == ["A1", "A1", "A1", "A1", "A1", "", "A 1", "a1"]
    assert [row["good"] for row in found] == [True, True, True, True, True, False, True, True]
    numbers = lines(put(tmp_path, Account_ID=[1001.0, 1001.5, None]))
    assert [(row["account_id"], row["good"]) for row in numbers] == [("1001", True), ("", False), ("", False)]


def test_sale_ids_are_compared_trimmed_and_blank_ones_refused(tmp_path: Path) -> None:
    source = put(tmp_path, Sale_ID=["X", "X\u00a0", "Y", " ", None])
    problems = wrong(source)
    assert [problem.value for problem in problems if "twice" in problem.problem] == ["X"]
    assert [problem.problem for problem in problems if "twice" not in problem.problem] == [
        "{header} is blank."
    ] * 2


def test_of_many_wrong_rows_a_thousand_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    ids = [f"N{number // 2}" for number in range(2_500)]
    problems = wrong(put(tmp_path, Sale_ID=ids, Gross_Amount=[-1] * 2_500))
    more = {problem.problem: problem.details["count"] for problem in problems if not problem.row}
    assert more == {
        "{count} more Sale IDs are there twice.": "250",
        "{count} more sales have amounts that are wrong by themselves.": "1500",
    }
    assert len(problems) == 1_000 + 2
