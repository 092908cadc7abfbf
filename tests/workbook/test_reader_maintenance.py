"""The maintenance log as it is read: moments to the second, words in either language."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from keyaccount.tables import NO_MOMENT, MaintenanceColumns
from tests.workbook.reading import ENGLISH, Rows, found, openpyxl_book, read

HEADER = [
    "Date",
    "Account ID",
    "Salesperson ID",
    "Kind",
    "Opened",
    "First Response",
    "Closed",
    "Satisfaction",
]
DAY = date(2026, 3, 5)
MORNING = datetime(2026, 3, 5, 8, 30, 59)  # noqa: DTZ001 a workbook's time has no zone


def seconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())  # noqa: DTZ001


def log(tmp_path: Path, *rows: list[object], header: list[str] = HEADER) -> MaintenanceColumns:
    path = openpyxl_book(tmp_path / "book.xlsx", {**ENGLISH, "Maintenance": [header, *rows]})
    book = read(path)
    assert book.problems == []
    return book.inputs.maintenance


def test_moments_are_read_to_the_second_and_blanks_are_blank(tmp_path: Path) -> None:
    rows = log(
        tmp_path,
        [DAY, "A01", "S01", "issue", MORNING, None, "2026-03-06 09:00", 4],
        [DAY, "A01", "S01", "visit", None, None, None, None],
    )
    assert rows.opened.tolist() == [seconds(MORNING), NO_MOMENT]
    assert rows.first_response.tolist() == [NO_MOMENT, NO_MOMENT]
    assert rows.closed[0] == seconds(datetime(2026, 3, 6, 9))  # noqa: DTZ001
    assert rows.satisfaction.tolist() == [4, 0]
    assert rows.row.tolist() == [2, 3]


def test_the_1904_system_gives_the_same_moments(tmp_path: Path) -> None:
    rows: list[object] = [DAY, "A01", "S01", "issue", MORNING, None, None, 5]
    path = tmp_path / "book.xlsx"
    book = Workbook()
    book.remove(book.active)
    book.epoch = CALENDAR_MAC_1904
    sheets: dict[str, Rows] = {**ENGLISH, "Maintenance": [HEADER, rows]}
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(list(line))
    book.save(path)
    assert read(path).inputs.maintenance.opened.tolist() == [seconds(MORNING)]


def test_columns_that_are_not_there_are_blank(tmp_path: Path) -> None:
    rows = log(tmp_path, [DAY, "A01", "S01", "review"], header=HEADER[:4])
    assert (rows.opened.tolist(), rows.satisfaction.tolist()) == ([NO_MOMENT], [0])


def test_kinds_are_words_in_either_language(tmp_path: Path) -> None:
    kinds = ["Review", "月度商务回顾", "客户答谢", "行业研讨会", "企业参观", "商机挖掘"]
    rows = log(tmp_path, *([DAY, "A01", "S01", kind] for kind in kinds), header=HEADER[:4])
    assert rows.kind.tolist() == ["review", "review", "event", "event", "event", "opportunity"]


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ([DAY, "A01", "S01", "dinner", None, None, None, None], ("Maintenance", "D2", "dinner")),
        ([DAY, "A01", "S01", "feedback", None, None, None, 6], ("Maintenance", "H2", "6")),
        ([DAY, "A01", "S01", "feedback", None, None, None, 0], ("Maintenance", "H2", "0")),
        ([DAY, "A01", "S01", "feedback", None, None, None, 3.5], ("Maintenance", "H2", "3.5")),
        ([DAY, "A01", "S01", "issue", "yesterday", None, None, None], ("Maintenance", "E2", "yesterday")),
        ([None, "A01", "S01", "visit", None, None, None, None], ("Maintenance", "A2", "")),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_cell(
    tmp_path: Path, row: list[object], cell: tuple[str, str, str]
) -> None:
    book = read(openpyxl_book(tmp_path / "book.xlsx", {**ENGLISH, "Maintenance": [HEADER, row]}))
    assert found(book) == [cell]
    assert all(problem.severity == "error" and problem.remedy for problem in book.problems)


def test_an_uncalculated_formula_in_a_moment_is_an_error(tmp_path: Path) -> None:
    path = openpyxl_book(
        tmp_path / "book.xlsx", {**ENGLISH, "Maintenance": [HEADER, [DAY, "A01", "S01", "issue"]]}
    )
    book = load_workbook(path)
    book["Maintenance"]["E2"] = "=NOW()"
    book.save(path)
    assert [cell for _, cell, _ in found(read(path))] == ["E2"]


def test_scorecard_measures_are_words_in_either_language(tmp_path: Path) -> None:
    sheet: Rows = [["指标", "权重", "阈值"], ["月度回顾", 20, None], ["Response", 15, 48]]
    book = read(openpyxl_book(tmp_path / "book.xlsx", {**ENGLISH, "评分规则": sheet}))
    assert [(row.measure, row.threshold) for row in book.inputs.scorecard] == [
        ("monthly review", None),
        ("response", 48),
    ]


def test_an_unknown_measure_is_an_error_with_its_cell(tmp_path: Path) -> None:
    sheet: Rows = [["Measure", "Weight"], ["loyalty", 20]]
    book = read(openpyxl_book(tmp_path / "book.xlsx", {**ENGLISH, "Scorecard": sheet}))
    assert found(book) == [("Scorecard", "A2", "loyalty")]
