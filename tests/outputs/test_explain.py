"""``explain``: every printed line of arithmetic is done again, and the figures are the ledger's."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from keyaccount import tables
from keyaccount.cli import main
from keyaccount.outputs.explain import Node
from keyaccount.problems import UsageError
from keyaccount.translation import Language
from tests.outputs.asking import asked, check_arithmetic, english
from tests.workbook.demo_books import demo_book, year_of_runs

pytestmark = pytest.mark.xdist_group("explain")


@pytest.fixture(scope="module", params=["en", "zh"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    language: Language = request.param
    book = tmp_path_factory.mktemp("explain") / f"demo-{language}.xlsx"
    return demo_book(book, language, year_of_runs())


def check_sums(node: Node) -> None:
    """What is added up stands below: a sum's numbers are the figures of the lines that it rests on."""
    for each in node.walk():
        figures = [child.figure for child in each.children if child.kind in {"figure", "cell", "row"}]
        if each.term is not None and each.term.operator == "rows":
            assert [term.fen for term in each.term.operands] == figures


def test_redoing_the_printed_arithmetic_gives_every_entry_of_the_demo_to_the_fen(demo: Path) -> None:
    with asked(demo) as (book, answer):
        assert len(book.ledger) > 250
        for entry in book.ledger:
            explanation = answer(str(entry.entry))
            (root,) = explanation.roots
            assert root.figure == entry.amount, entry
            assert not explanation.moved, entry
            check_arithmetic(explanation)
            check_sums(root)


SHEETS = (
    "Net Sales",
    "Commission Detail",
    "Monthly Advances",
    "Quarterly Settlement",
    "Clawbacks",
    "Year-End Settlement",
)
AMONG = {"Net Sales": 15, "Commission Detail": 15, "Monthly Advances": 15, "Quarterly Settlement": 6}
"""Of the longer sheets one row in so many is asked about."""


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_result_sheets_figure_is_explained_by_the_same_figure(demo: Path, sheet: str) -> None:
    written = openpyxl.load_workbook(demo)
    with asked(demo) as (book, answer):
        title = book.read.result_titles[sheet]
        columns = tables.RESULT_SHEET[sheet].columns
        rows = list(written[title].iter_rows(min_row=6))[:: AMONG.get(sheet, 1)]
        assert rows
        for cell, column in ((c, col) for row in rows for c, col in zip(row, columns, strict=True)):
            if cell.value is None or column.kind not in {"amount", "rate", "coefficient", "share"}:
                continue
            explanation = answer(f"'{title}'!${cell.column_letter}${cell.row}")
            assert not explanation.moved
            if column.kind == "amount":
                assert explanation.roots[0].figure == round(cell.value * 100), cell.coordinate


@pytest.mark.parametrize(
    ("wanted", "same"),
    [
        ("'Quarterly Settlement'!$N$6", "S01 2026Q1"),
        ("季度核算!N6", "S01 2026Q1"),
        ("[plan.xlsx]Quarterly Settlement!n6", "S01 2026Q1"),
        ("Ledger!B25", "24"),
        ("提成台账!L25", "#24"),
    ],
)
def test_a_cell_is_found_by_either_languages_title_with_quotes_and_dollars(
    tmp_path_factory: pytest.TempPathFactory, wanted: str, same: str
) -> None:
    with asked(english(tmp_path_factory)) as (_, answer):
        assert answer(wanted).roots[0] == answer(same).roots[0]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("999", "the ledger holds entries 1 to 277"),
        ("0", "the ledger holds entries 1 to 277"),
        ("S0 2026Q1", "Nearest: S07"),
        ("S01 2025Q1", "There are entries in: 2026-01, 2026-02, 2026-03, 2026Q1"),
        ("S01 2026Q5", "expected a period"),
        ("S01", "Ask for example for 17"),
        ("", "Ask for example for 17"),
        ("Sales!D5", "Explain a cell of a result sheet"),
        ("Nowhere!D5", "The result sheets are"),
        ("Net Sales!D4", "below the header row (5)"),
        ("Net Sales!D5000", "below the header row (5)"),
        ("Quarterly Settlement!Q6", "below the header row (5)"),
        ("Net Sales!D", "Ask for one cell"),
        ("Problems!A6", "Explain a cell of one of these"),
    ],
)
def test_what_there_is_not_is_said_with_what_there_is(
    tmp_path_factory: pytest.TempPathFactory, wanted: str, said: str
) -> None:
    with asked(english(tmp_path_factory)) as (_, answer), pytest.raises(UsageError) as failure:
        answer(wanted)
    assert said in f"{failure.value.message} {failure.value.remedy}"
    assert failure.value.exit_code == 2


def test_a_year_of_many_rows_is_told_short_and_in_full_when_asked(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with asked(english(tmp_path_factory)) as (_, answer):
        explanation = answer("S01 2026")
        short, full = explanation.text(), explanation.text(rows=True)
    assert "--rows" in short
    assert len(short.splitlines()) < 100 < len(full.splitlines())
    assert "sale INV-2026-0004: 175,718.61" not in short
    assert "sale INV-2026-0004: 175,718.61" in full


def test_the_command_prints_text_and_json_and_leaves_the_workbook_alone(
    demo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = demo.read_bytes()
    assert main(["explain", str(demo), "S01", "2026Q1"]) == 0
    printed = capsys.readouterr().out
    assert "34,342.93" in printed
    assert main(["explain", str(demo), "24", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (tree,) = told["explained"]
    assert (told["wanted"], told["moved"]) == ("24", False)
    assert tree["figure"] == "13252.14" if demo.stem.endswith("en") else "2418.40"
    assert tree["term"]["operator"] == "round"
    assert tree["places"][0]["cell"].startswith("L")
    assert main(["explain", str(demo), "999"]) == 2
    assert demo.read_bytes() == before
