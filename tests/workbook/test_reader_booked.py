"""The Ledger and the Run Log are read back as they were written, and no other way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from keyaccount.tables import LEDGER, RUN_LOG
from tests.workbook.reading import CHINESE, ENGLISH, Rows, found, openpyxl_book, problems, read

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEADER = [column.en for column in LEDGER.columns]
CHINESE_LABELS = [column.zh for column in LEDGER.columns]
WRITTEN: Rows = [
    [
        1,
        1,
        "2026-02-01T00:00:00Z",
        "2026-01",
        "commission",
        "S01",
        "001",
        "2026-01",
        "2025-12",
        -1234.56,
        0.025,
        -30.86,
        "§3.2",
        "",
        "a" * 64,
    ],
    [
        2,
        1,
        "2026-02-01T00:00:00Z",
        "2026",
        "year_end_payment",
        "S01",
        None,
        None,
        None,
        None,
        None,
        0,
        "§3.3.2",
        " E=1.00;P=0.00 ",
        "b" * 64,
    ],
]
ENTRIES = [
    (
        1,
        1,
        "2026-02-01T00:00:00Z",
        "2026-01",
        "commission",
        "S01",
        "001",
        "2026-01",
        "2025-12",
        -123456,
        Decimal("0.025"),
        -3086,
        "§3.2",
        "",
        "a" * 64,
    ),
    (
        2,
        1,
        "2026-02-01T00:00:00Z",
        "2026",
        "year_end_payment",
        "S01",
        "",
        "",
        "",
        None,
        None,
        0,
        "§3.3.2",
        " E=1.00;P=0.00 ",
        "b" * 64,
    ),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Ledger": [HEADER, *WRITTEN]})


def changed(path: Path, cell: str, value: object) -> Path:
    """Change a cell of the ledger."""
    book = load_workbook(path)
    book["Ledger"][cell] = value
    book.save(path)
    return path


def test_the_ledger_is_read_back_typed(path: Path) -> None:
    book = read(path)
    assert book.problems == []
    assert book.ledger_rows == ENTRIES
    assert book.ledger_first_row == 2
    assert book.located["Ledger"].cell(2, "Amount") == "L2"


def test_a_chinese_ledger_has_labels_above_its_header_and_words_at_its_end(tmp_path: Path) -> None:
    rows: Rows = [[*CHINESE_LABELS, "类别"], HEADER, *[[*row, "提成"] for row in WRITTEN]]
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**CHINESE, "提成台账": rows}))
    assert book.problems == []
    assert book.language == "zh"
    assert book.ledger_rows == ENTRIES
    assert book.ledger_first_row == 3


def test_no_ledger_and_an_empty_one_are_no_entries(tmp_path: Path) -> None:
    english = read(openpyxl_book(tmp_path / "a.xlsx", ENGLISH))
    assert (english.ledger_rows, english.ledger_first_row) == ([], 2)
    chinese = read(openpyxl_book(tmp_path / "b.xlsx", CHINESE))
    assert (chinese.ledger_rows, chinese.ledger_first_row) == ([], 3)
    empty = read(openpyxl_book(tmp_path / "c.xlsx", {**ENGLISH, "Ledger": [HEADER]}))
    assert (empty.ledger_rows, empty.problems) == ([], [])


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("L2", "-30.86"),
        ("L2", -30.865),
        ("L2", None),
        ("L2", True),
        ("L2", "=1"),
        ("J2", "x"),
        ("K2", "2%"),
        ("A2", "1"),
        ("A2", 1.5),
        ("B2", None),
        ("G2", 1),
        ("O2", 5),
    ],
)
def test_what_the_program_did_not_write_is_an_error_with_its_cell(path: Path, cell: str, value: Any) -> None:  # noqa: ANN401 a cell's value
    book = read(changed(path, cell, value))
    assert [place for _, place, _ in found(book, "Ledger")] == [cell]
    assert book.ledger_rows == []


@pytest.mark.parametrize(("cell", "value"), [("F2", "S01 "), ("F2", " S01"), ("N3", "E=1.00;P=0.00")])
def test_spaces_are_kept_so_that_the_digest_shows_them(path: Path, cell: str, value: str) -> None:
    book = read(changed(path, cell, value))
    assert book.problems == []
    assert any(value in row for row in book.ledger_rows)


@pytest.mark.parametrize("name", ["Betrag", None])
def test_a_column_whose_header_was_edited_is_found_in_its_place(path: Path, name: str | None) -> None:
    book = read(changed(path, "L1", name))
    assert book.problems == []
    assert book.ledger_rows == ENTRIES


def test_a_missing_column_is_an_error(path: Path) -> None:
    book = read(edit(path, "no amount"))
    (problem,) = problems(book, "Ledger")
    assert "The column Amount is missing" in problem.sentence
    assert book.ledger_rows == []


def edit(path: Path, change: str) -> Path:
    """Insert or delete rows or a column in the ledger."""
    book = load_workbook(path)
    sheet: Worksheet = book["Ledger"]
    if change == "gap":
        sheet.insert_rows(3)
    elif change == "no amount":
        sheet.delete_cols(12)
    else:
        sheet.delete_rows(1)
    book.save(path)
    return path


def test_a_blank_row_between_entries_is_an_error(path: Path) -> None:
    book = read(edit(path, "gap"))
    assert found(book, "Ledger") == [("Ledger", "A3", "")]


def test_a_ledger_without_header_is_an_error(path: Path) -> None:
    book = read(edit(path, "no header"))
    assert len(problems(book, "Ledger")) == len(LEDGER.columns)


def test_the_run_log_is_read_and_its_damage_is_no_error(tmp_path: Path) -> None:
    header = [column.en for column in RUN_LOG.columns]
    row = [1, "2026-02-01T00:00:00Z", "user", None, "advance", "2026-01", "0.1.0", "d" * 64, "e" * 64, None]
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Run Log": [header, row]}))
    assert book.problems == []
    assert book.run_log_rows == [
        (1, "2026-02-01T00:00:00Z", "user", "", "advance", "2026-01", "0.1.0", "d" * 64, "e" * 64, "")
    ]
    damaged = read(openpyxl_book(tmp_path / "b.xlsx", {**ENGLISH, "Run Log": [header, ["one", *row[1:]]]}))
    assert not problems(damaged)
    assert found(damaged, "Run Log", "warning") == [("Run Log", "A2", "one")]
    assert damaged.run_log_rows == []


def test_a_long_ledger_reads_alike(tmp_path: Path) -> None:
    rows = [[entry, entry, *WRITTEN[0][2:-1], f"{entry:064x}"] for entry in range(1, 1_501)]
    book = read(openpyxl_book(tmp_path / "a.xlsx", {**ENGLISH, "Ledger": [HEADER, *rows]}))
    assert book.problems == []
    assert [row[0] for row in book.ledger_rows] == list(range(1, 1_501))
    assert book.ledger_rows[-1][1:] == (1_500, *ENTRIES[0][2:-1], f"{1_500:064x}")
