"""A result sheet is known as the program's though its head was edited; a foreign sheet of its name is not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference

from keyaccount.cli import main
from keyaccount.commands import regenerate_book
from keyaccount.problems import FileProblem
from keyaccount.tables import LEDGER, RESULT_SHEET, RESULT_SHEETS
from keyaccount.verification import verify_book
from keyaccount.workbook.ownership import HEAD_ROWS
from keyaccount.workbook.rawrows import column_letters
from tests.workbook.books import Language, rewrite
from tests.workbook.demo_books import COMPANY, demo_book, own_book, part_of, year_of_runs

TITLED = [sheet.name for sheet in RESULT_SHEETS if sheet.titled]
TABLES = [sheet.name for sheet in RESULT_SHEETS if sheet.columns]
OTHERS = [sheet.name for sheet in RESULT_SHEETS if sheet is not LEDGER]
LANGUAGES: tuple[Language, ...] = ("en", "zh")


@pytest.fixture(scope="module", params=LANGUAGES)
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Language]:
    """Give a workbook with results, and its language."""
    language: Language = request.param
    book = demo_book(tmp_path_factory.mktemp("sound") / "book.xlsx", language, year_of_runs(1))
    return book.read_bytes(), language


def edited(path: Path, language: Language, cells: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """Write something else into cells of result sheets (by name); give their titles and cells."""
    titles = {name: RESULT_SHEET[name].zh[0] if language == "zh" else name for name in cells}
    edits = {}
    for name, places in cells.items():
        found = re.compile(rf'(<c r="(?:{"|".join(places)})"[^>]*?)(?: t="[a-zA-Z]+")?(?:/>|>.*?</c>)')

        def edit(text: str, found: re.Pattern[str] = found, count: int = len(places)) -> str:
            text, done = found.subn(r'\1 t="str"><v>changed by hand</v></c>', text)
            assert done == count
            return text

        edits[part_of(path, titles[name])] = edit
    rewrite(path, edits)
    return {(titles[name], cell) for name, places in cells.items() for cell in places}


def header_row(name: str, language: Language) -> int:
    if RESULT_SHEET[name].titled:
        return HEAD_ROWS
    return 2 if language == "zh" else 1


def titles(_: Language) -> dict[str, list[str]]:
    return {name: ["A1"] for name in TITLED}


def headers(language: Language) -> dict[str, list[str]]:
    letters = {name: column_letters(min(3, len(RESULT_SHEET[name].columns))) for name in TABLES}
    return {name: [f"{letters[name]}{header_row(name, language)}"] for name in TABLES}


def whole_heads(_: Language) -> dict[str, list[str]]:
    """Give all of the head's cells, of an English or Chinese sheet with a title."""
    letters = {
        name: [column_letters(n + 1) for n, _ in enumerate(RESULT_SHEET[name].columns)] for name in TITLED
    }
    return {name: ["A1", "A2", "A3", *(f"{each}5" for each in letters[name])] for name in TITLED}


@pytest.mark.parametrize("which", [titles, headers, whole_heads])
def test_an_edited_head_is_found_cell_by_cell_and_repaired(
    tmp_path: Path, sound: tuple[bytes, Language], which: Callable[[Language], dict[str, list[str]]]
) -> None:
    (content, language), path = sound, tmp_path / "book.xlsx"
    path.write_bytes(content)
    cells = edited(path, language, which(language))
    found = verify_book(path).findings
    assert {(each.sheet, each.cell) for each in found if each.found == "changed by hand"} == cells
    assert len(found) == len(cells)
    assert main(["verify", str(path)]) == 4
    assert main(["regenerate", str(path)]) == 0
    assert main(["verify", str(path)]) == 0
    repaired, before = (load_workbook(io.BytesIO(data)) for data in (path.read_bytes(), content))
    assert repaired.sheetnames == before.sheetnames
    for sheet, other in zip(repaired, before, strict=True):
        assert list(sheet.values) == list(other.values), sheet.title
        assert len(sheet._charts) == len(other._charts), sheet.title


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_foreign_sheet_of_the_name_is_never_overwritten(
    tmp_path: Path, name: str, language: Language
) -> None:
    book = own_book(tmp_path / "book.xlsx", language, COMPANY, [])
    title = RESULT_SHEET[name].zh[0] if language == "zh" else name
    found = load_workbook(book)
    sheet = found.create_sheet(title)
    sheet.append([title])
    sheet.append(["Month", "Region", "Amount"])
    sheet.append(["2026-01", "East", 1])
    sheet.protection.sheet = True
    found.save(book)
    before = book.read_bytes()
    with pytest.raises(FileProblem, match="of its own"):
        regenerate_book(book)
    assert main(["advance", str(book), "2026-01"]) == 5
    assert book.read_bytes() == before


def test_a_foreign_ledger_is_an_error(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, [])
    found = load_workbook(book)
    found.create_sheet("Ledger").append(["Month", "Region", "Amount"])
    found.save(book)
    before = book.read_bytes()
    assert main(["advance", str(book), "2026-01"]) == 1
    assert book.read_bytes() == before


def test_a_foreign_sheet_whose_first_rows_are_blank_is_left_alone(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, [])
    found = load_workbook(book)
    found.create_sheet("Net Sales")["A20"] = "ours"
    chart = BarChart()
    chart.add_data(Reference(found["Sales"], min_col=4, min_row=1, max_row=3), titles_from_data=True)
    found.create_sheet("Dashboard").add_chart(chart, "A1")
    found.save(book)
    for title in ("Net Sales", "Dashboard"):
        with pytest.raises(FileProblem, match=f"sheet {title} of its own"):
            regenerate_book(book)
        found = load_workbook(book)
        del found[title]
        found.save(book)
    assert regenerate_book(book).saved
