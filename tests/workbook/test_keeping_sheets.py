"""The sheets of keeping accounts in a workbook: verified, brought back, the same bytes again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.commands import regenerate_book
from keyaccount.verification import verify_book
from tests.workbook.books import Language, rewrite
from tests.workbook.demo_books import demo_book, part_of

SHEETS: dict[Language, tuple[str, ...]] = {
    "en": ("Key Account Review", "Maintenance Scores", "Score Detail", "Recognition"),
    "zh": ("大客户认定", "维护评分", "评分明细", "表彰建议名单"),
}


@pytest.fixture(scope="module", params=["en", "zh"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Language]:
    language: Language = request.param
    book = tmp_path_factory.mktemp(language) / "demo.xlsx"
    return demo_book(book, language, [("settle", "2026Q1"), ("settle", "2026Q2")]), language


def test_deleted_sheets_come_back_with_the_same_values(demo: tuple[Path, Language], tmp_path: Path) -> None:
    book, language = demo
    before = {name: list(load_workbook(book)[name].values) for name in SHEETS[language]}
    found = load_workbook(book)
    for name in SHEETS[language]:
        del found[name]
    shorn = tmp_path / "shorn.xlsx"
    found.save(shorn)
    regenerate_book(shorn)
    again = load_workbook(shorn)
    assert {name: list(again[name].values) for name in SHEETS[language]} == before


def test_the_same_input_gives_the_same_bytes(demo: tuple[Path, Language]) -> None:
    assert regenerate_book(demo[0], check=True).saved is None
    assert verify_book(demo[0]).findings == ()


def test_verify_finds_a_changed_score(demo: tuple[Path, Language], tmp_path: Path) -> None:
    book, language = demo
    copy = tmp_path / "changed.xlsx"
    copy.write_bytes(book.read_bytes())
    title = SHEETS[language][1]
    changed = re.compile('(<c r="L6" s="[0-9]+"><v>)[^<]*')
    rewrite(copy, {part_of(copy, title): lambda text: changed.sub(r"\g<1>99.5", text)})
    assert [(each.sheet, each.cell, each.found) for each in verify_book(copy).findings] == [
        (title, "L6", "99.5")
    ]


def test_a_half_year_is_scored_through_june(demo: tuple[Path, Language]) -> None:
    book, language = demo
    sheet = load_workbook(book)[SHEETS[language][2]]
    months = {(row[3], row[1]): row[5] for row in sheet.iter_rows(min_row=6, values_only=True)}
    assert months["A01", "S01"] == 6
    assert months["A07", "S06"] == 4
    assert ("A08", "S07") not in months  # from September
