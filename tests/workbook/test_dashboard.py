"""The Dashboard: native charts over the small tables that stand on it; nothing is left behind in the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from keyaccount.commands import regenerate_book
from keyaccount.problems import FileProblem
from keyaccount.tables import CHARTS, TARGET_ATTAINMENT
from keyaccount.verification import verify_book
from tests.workbook.books import Language, parts, plain, rewrite, write
from tests.workbook.demo_books import (
    COMPANY,
    demo_book,
    needs_office,
    own_book,
    part_of,
    run_on,
    saved_by_office,
    unreachable,
    year_of_runs,
)

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TITLE = {"en": "Dashboard", "zh": "看板"}


@pytest.fixture(scope="module", params=["en", "zh"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Language]:
    language: Language = request.param
    book = tmp_path_factory.mktemp(language) / "demo.xlsx"
    return demo_book(book, language, year_of_runs()), language


def said(title: Any) -> str:  # noqa: ANN401 openpyxl has no types
    """Give the text of a chart's or an axis's title."""
    return "".join(run.t for paragraph in title.tx.rich.p for run in paragraph.r or ())


def column(sheet: Worksheet, reference: str) -> list[Any]:
    """Give the values of a range that a chart names."""
    title, cells = reference.rsplit("!", 1)
    assert title == f"'{sheet.title}'"
    area = sheet[cells.replace("$", "")]
    return [cell.value for (cell,) in area] if isinstance(area, tuple) else [area.value]


def findings(book: Path) -> set[str]:
    """Give what is wrong with a workbook, in the eyes of one who predicts whether Excel opens it."""
    return {each.description for each in OpenXmlValidator(max_errors=100).validate(str(book)).errors}


def drawing_parts(book: Path) -> set[str]:
    return {part for part in parts(book) if part.startswith(("xl/drawings/", "xl/charts/"))}


def test_every_chart_says_what_it_shows_in_the_workbooks_language(demo: tuple[Path, Language]) -> None:
    book, language = demo
    which = int(language == "zh")
    charts = load_workbook(book)[TITLE[language]]._charts
    assert [said(chart.title) for chart in charts] == [chart.title[which] for chart in CHARTS]
    for chart, declared in zip(charts, CHARTS, strict=True):
        assert said(chart.x_axis.title) == declared.across[which]
        assert said(chart.y_axis.title) == declared.measure[which]
        formats = {"yuan": "#,##0", "percent": "0%", "score": "0"}
        assert chart.y_axis.number_format.formatCode == formats[declared.values]
        assert (chart.legend is not None) == (len(chart.series) > 1)
        assert not chart.x_axis.delete
        assert not chart.y_axis.delete


def test_charts_show_exactly_the_rows_of_the_tables_on_the_sheet(demo: tuple[Path, Language]) -> None:
    book, language = demo
    sheet = load_workbook(book)[TITLE[language]]
    for chart, declared in zip(sheet._charts, CHARTS, strict=True):
        for series in chart.series:
            values, labels = series.val.numRef, series.cat.strRef
            assert [float(point.v) for point in values.numCache.pt] == column(sheet, values.f)
            assert [point.v for point in labels.strCache.pt] == column(sheet, labels.f)
            assert column(sheet, series.tx.strRef.f) == [series.tx.strRef.strCache.pt[0].v]
        first, last = (int(row) for row in re.findall(r"\$A\$(\d+)", chart.series[0].cat.strRef.f))
        assert sheet.cell(first - 2, 1).value == declared.title[int(language == "zh")]
        assert sheet.cell(first - 1, 1).font.b
        assert sheet.cell(last + 1, 1).value is None  # the table ends where the chart ends


def test_the_tables_are_those_of_the_result_sheets(demo: tuple[Path, Language]) -> None:
    book, language = demo
    found = load_workbook(book, data_only=True)
    sheet = found[TITLE[language]]
    commission, standing, _, scores, clawbacks, top = (
        [column(sheet, series.val.numRef.f) for series in chart.series] for chart in sheet._charts
    )
    quarters = found[{"en": "Quarterly Settlement", "zh": "季度核算"}[language]]
    headers = [cell.value for cell in quarters[5]]
    place = headers.index({"en": "Commission", "zh": "本期提成"}[language])
    settled = sum(row[place] for row in quarters.iter_rows(min_row=6, values_only=True))
    assert sum(map(sum, commission)) == pytest.approx(settled, abs=0.001)
    ledger = found[{"en": "Ledger", "zh": "提成台账"}[language]]
    payments = ("advance", "quarter_payment", "year_end_payment")
    paid = [row[11] for row in ledger.iter_rows(values_only=True) if row[4] in payments]
    assert standing[0][-1] == pytest.approx(sum(paid), abs=0.001)
    assert standing[1][-1] == 0  # nothing is withheld after the year end
    reversed_ = found[{"en": "Clawbacks", "zh": "提成扣回"}[language]]["I4"].value
    assert sum(map(sum, clawbacks)) == pytest.approx(-reversed_, abs=0.001)
    assert top[0] == sorted(top[0], reverse=True)
    scored = found[{"en": "Maintenance Scores", "zh": "维护评分"}[language]]
    assert scores == [[row[11] for row in scored.iter_rows(min_row=6, values_only=True) if row[11]]]


def test_excel_would_open_it(demo: tuple[Path, Language]) -> None:
    book, _ = demo
    assert findings(book) == set()
    assert unreachable(book) == set()
    assert regenerate_book(book, check=True).saved is None


def test_before_the_first_run_a_line_stands_in_the_charts_place(tmp_path: Path) -> None:
    for language, text in (("en", "Nothing has been run yet"), ("zh", "尚未运行任何期间")):
        book = own_book(tmp_path / f"{language}.xlsx", "en" if language == "en" else "zh", COMPANY, [])
        regenerate_book(book, language="en" if language == "en" else "zh")
        sheet = load_workbook(book)[TITLE[language]]
        assert str(sheet["A4"].value).startswith(text)
        assert sheet._charts == []
        assert drawing_parts(book) == set()
        assert findings(book) == set()


def test_a_chart_without_data_is_a_line_that_says_so(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, [("advance", "2026-01")])
    sheet = load_workbook(book)["Dashboard"]
    shown = [said(chart.title) for chart in sheet._charts]
    assert shown == [chart.title[0] for chart in (CHARTS[0], CHARTS[1], CHARTS[5])]
    texts = [row[0] for row in sheet.iter_rows(values_only=True)]
    assert TARGET_ATTAINMENT.nothing[0] in texts
    assert [column(sheet, sheet._charts[1].series[0].cat.strRef.f)] == [["2026-01"]]


def test_charts_follow_when_the_data_grow(tmp_path: Path) -> None:
    book = demo_book(tmp_path / "book.xlsx", "en", year_of_runs(3))
    before = load_workbook(book)["Dashboard"]
    run_on(book, "en", [("advance", "2026-04")])
    after = load_workbook(book)["Dashboard"]
    periods = [column(sheet, sheet._charts[1].series[0].cat.strRef.f) for sheet in (before, after)]
    assert periods == [["2026Q1"], ["2026Q1", "2026-04"]]
    assert len(after._charts) == len(before._charts)
    assert unreachable(book) == set()


@needs_office
def test_what_libreoffice_saved_again_is_replaced_without_orphans(
    demo: tuple[Path, Language], tmp_path: Path
) -> None:
    book, language = demo
    if language == "en":
        pytest.skip("the same in Chinese; a whole file of LibreOffice's is slow to look through")
    again = saved_by_office(book, tmp_path / "out")
    ours = drawing_parts(book)
    assert not ours & drawing_parts(again)
    replaced = {part for part in drawing_parts(again) if part.startswith("xl/charts/")}
    assert len(replaced) >= len(CHARTS)
    before = findings(again)
    regenerate_book(again)
    assert findings(again) <= before
    assert ours <= drawing_parts(again)
    assert not replaced & drawing_parts(again)
    assert unreachable(again) == set()
    charts = [part for part in ours if part.startswith("xl/charts/")]
    assert {part: parts(again)[part] for part in charts} == {part: parts(book)[part] for part in charts}
    once = again.read_bytes()
    assert regenerate_book(again).saved is None
    assert again.read_bytes() == once


@pytest.mark.parametrize("title", ["Dashboard", "看板", "Reconciliation"])
def test_a_sheet_of_the_users_own_is_left_alone(tmp_path: Path, title: str) -> None:
    book = own_book(tmp_path / "book.xlsx", "zh" if title == "看板" else "en", COMPANY, [])
    found = load_workbook(book)
    found.create_sheet(title)["A1"] = "Sales by region"
    found.save(book)
    before = book.read_bytes()
    with pytest.raises(FileProblem, match="of its own"):
        regenerate_book(book)
    assert book.read_bytes() == before


def test_a_blank_sheet_of_that_name_is_filled(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, [])
    found = load_workbook(book)
    found.create_sheet("Dashboard", 0)
    found.save(book)
    regenerate_book(book)
    assert load_workbook(book).sheetnames[0] == "Dashboard"
    assert load_workbook(book)["Dashboard"]["A1"].value == "Commission dashboard"


def test_verify_finds_a_changed_figure(tmp_path: Path) -> None:
    book = demo_book(tmp_path / "book.xlsx", "en", year_of_runs(1))
    assert verify_book(book).findings == ()
    sheet = load_workbook(book)["Dashboard"]
    place = re.findall(r"\$B\$\d+", sheet._charts[1].series[0].val.numRef.f)[0].replace("$", "")
    changed = re.compile(f'(<c r="{place}" s="[0-9]+"><v>)[^<]*')
    rewrite(book, {part_of(book, "Dashboard"): lambda text: changed.sub(r"\g<1>1.00", text)})
    assert [(each.sheet, each.cell, each.found) for each in verify_book(book).findings] == [
        ("Dashboard", place, "1")
    ]


def test_a_strict_workbook_gets_strict_charts(tmp_path: Path) -> None:
    book = plain(tmp_path / "book.xlsx")
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = {
        main: "http://purl.oclc.org/ooxml/spreadsheetml/main",
        links: "http://purl.oclc.org/ooxml/officeDocument/relationships",
    }

    def edited(text: str) -> str:
        for old, new in strict.items():
            text = text.replace(old, new)
        return text

    rewrite(book, {part: edited for part in parts(book) if part.endswith((".xml", ".rels"))})
    write(book)
    for part in drawing_parts(book):
        text = parts(book)[part].decode()
        assert "schemas.openxmlformats.org/drawingml" not in text
        assert "purl.oclc.org/ooxml" in text
