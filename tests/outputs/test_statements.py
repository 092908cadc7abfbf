"""Statements: every figure is the ledger's, each person sees only their own, text stays text."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from openxml_audit import OpenXmlValidator

from keyaccount.book import open_book
from keyaccount.cli import main
from keyaccount.ledger import PAYMENTS
from keyaccount.money import yuan_grouped
from keyaccount.outputs.statements import make_statements, write_statements
from keyaccount.outputs.statements.figures import Statement, statements_of
from keyaccount.periods import Period
from keyaccount.problems import Refused
from keyaccount.results import Results
from keyaccount.work import look_at_latest
from tests.outputs.books import demo_book, ledger_of, runs_through, statements, text_of

pytestmark = pytest.mark.xdist_group("statements")
PEOPLE = {f"S0{number}" for number in range(1, 8)}


@pytest.fixture(scope="module")
def half_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_book(tmp_path_factory.mktemp("half") / "demo.xlsx", "en", runs_through(6))


@pytest.fixture(scope="module")
def whole_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_book(tmp_path_factory.mktemp("whole") / "demo.xlsx", "en", runs_through(12, year_end=True))


def texts_of(book: Path | io.BytesIO) -> list[str]:
    sheets = openpyxl.load_workbook(book)
    return [str(cell.value) for sheet in sheets for row in sheet for cell in row if cell.value is not None]


def booked_cells(book: Path, period: str) -> Iterator[tuple[str, str, int]]:
    """Give (salesperson, kind, amount) of what was booked of a period's months."""
    wanted = Period.parse(period)
    for entry in ledger_of(book):
        if entry.month and wanted.first_month <= Period.parse(entry.month).last_month <= wanted.last_month:
            yield entry.salesperson_id, entry.kind, entry.amount


PERIODS = ["2026-01", "2026-02", "2026-05", "2026Q1", "2026Q2", "2026Q4", "2026"]


@pytest.mark.parametrize("period", PERIODS)
def test_what_a_statement_pays_is_what_the_ledger_paid_in_that_period(whole_year: Path, period: str) -> None:
    paid: dict[str, int] = defaultdict(int)
    for entry in ledger_of(whole_year):
        if entry.kind in PAYMENTS and entry.period == period:
            paid[entry.salesperson_id] += entry.amount
    made = {each.salesperson_id: each for each in statements(whole_year, period)}
    assert {person: one.figures.paid for person, one in made.items()} == {p: paid[p] for p in made}
    assert all(not amount for person, amount in paid.items() if person not in made)


@pytest.mark.parametrize("period", PERIODS)
def test_the_rows_of_the_commission_add_up_to_it_and_to_the_ledger(whole_year: Path, period: str) -> None:
    booked: dict[str, int] = defaultdict(int)
    for person, kind, amount in booked_cells(whole_year, period):
        if kind in ("commission", "correction"):
            booked[person] += amount
    for one in statements(whole_year, period):
        commission = sum(row.commission for row in one.rows)
        assert commission == one.figures.commission == booked[one.salesperson_id], one.salesperson_id
        base = sum(row.base for row in (*one.rows, *one.earlier_years))
        assert base == one.figures.net_sales, one.salesperson_id


def test_each_row_can_be_worked_out_again(whole_year: Path) -> None:
    rows = [row for one in statements(whole_year, "2026") for row in one.rows]
    assert len(rows) > 50
    for row in rows:
        assert row.parts is not None
        assert row.share is not None
        assert abs(sum(row.parts) * row.share - row.base) < 2, row
        assert abs(row.base * row.key.rate - row.commission) <= Decimal("0.5"), row


def test_the_chain_of_a_statement_adds_up(whole_year: Path) -> None:
    for period in ("2026-02", "2026Q1", "2026Q3"):
        for one in statements(whole_year, period):
            now = one.figures
            assert one.advanced + now.prior + now.opening == now.due
            assert now.paid == max(0, now.due - one.paid_before)
            left = now.earned + now.prior + now.opening - one.paid_before - now.paid
            assert left == now.withheld + now.carried
            assert one.advance_rate == Decimal("0.8")


def test_the_chain_of_a_year_end_adds_up(whole_year: Path) -> None:
    made = statements(whole_year, "2026")
    assert {one.salesperson_id for one in made} == PEOPLE
    for one in made:
        assert one.year_end is not None
        end, now = one.year_end, one.figures
        assert end.final == sum(row.commission for row in one.rows) + end.adjustment
        assert end.total == end.final + (end.bonus or 0) + now.prior + now.opening
        assert now.paid == max(0, end.total - one.paid_before)
        assert sum(paid for _, paid in one.months) == one.paid_before + now.paid
        assert sum(earned for earned, _ in one.months) == now.earned


def test_the_clawbacks_of_a_period_name_their_sale(half_year: Path) -> None:
    found = {
        one.salesperson_id: [(each.line.adjustment_id, each.sale_id) for each in one.deductions]
        for one in statements(half_year, "2026Q2")
        if one.deductions
    }
    assert found["S02"] == [("ADJ-2026-008", "INV-2026-0076")]


def test_an_uplift_is_explained_by_its_event(half_year: Path) -> None:
    one = next(one for one in statements(half_year, "2026Q2") if one.salesperson_id == "S02")
    why = [(r.tier, r.tier_rate, r.uplift, r.event, r.start) for r in one.reasons if r.account_id == "A03"]
    assert why == [
        ("core", Decimal("0.015"), 0, "", None),
        ("strategic", Decimal("0.02"), Decimal("0.005"), "upgrade", date(2026, 5, 16)),
    ]


@pytest.fixture(scope="module")
def written(half_year: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("statements")
    with open_book(half_year) as book:
        files = write_statements(book, Period.parse("2026Q2"), folder)
    assert [path.name for path in files] == [
        f"2026Q2-{person}.{ending}" for person in sorted(PEOPLE - {"S07"}) for ending in ("pdf", "xlsx")
    ]
    return folder


def test_a_statement_holds_nobody_elses_name_number_or_figure(half_year: Path, written: Path) -> None:
    made = {one.salesperson_id: one for one in statements(half_year, "2026Q2")}
    for person, one in made.items():
        pdf, book = written / f"2026Q2-{person}.pdf", written / f"2026Q2-{person}.xlsx"
        parts = " ".join(part.decode("utf-8", "ignore") for part in unzipped(book).values())
        said = f"{text_of(pdf)} {' '.join(texts_of(book))} {parts}"
        own = figures_of(one)
        for other, theirs in made.items():
            if other != person:
                assert not re.search(rf"\b{other}\b", said), (person, other)
                for figure in figures_of(theirs) - own:
                    assert yuan_grouped(figure) not in said, (person, other, figure)
                    assert f">{Decimal(figure) / 100}<" not in parts, (person, other, figure)


def figures_of(one: Statement) -> set[int]:
    """Give the figures of a statement that are a person's own: amounts too common to tell are left out."""
    now = one.figures
    own = {now.commission, now.earned, now.due, now.withheld, one.paid_before}
    own |= {row.base for row in one.rows} | {row.commission for row in one.rows}
    own |= {part for row in one.rows if row.share == 1 for part in (row.parts or ())}
    own |= {each.line.commission for each in one.deductions}
    return {abs(amount) for amount in own if abs(amount) >= 1000_00}


def unzipped(book: Path) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_account_of_three_shows_each_only_their_third(half_year: Path, written: Path) -> None:
    rows = {
        one.salesperson_id: [row for row in one.rows if row.key.account_id == "A02"]
        for one in statements(half_year, "2026Q2")
    }
    assert all(rows[person] for person in ("S01", "S02", "S03"))
    said = text_of(written / "2026Q2-S02.pdf")
    assert "33.3333%" in said
    assert all(yuan_grouped(row.base) in said for row in rows["S02"])
    assert yuan_grouped(rows["S02"][0].commission) in said


def test_the_fonts_of_a_pdf_are_embedded_and_it_is_fit_for_the_archive(written: Path) -> None:
    reader: Any = pypdf.PdfReader(written / "2026Q2-S01.pdf")
    fonts = [
        font.get_object() for page in reader.pages for font in page["/Resources"].get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        below = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
        described = below["/FontDescriptor"].get_object()
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_a_period_that_was_not_run_is_refused_with_what_to_run(half_year: Path, tmp_path: Path) -> None:
    with open_book(half_year) as book, pytest.raises(Refused) as refused:
        make_statements(book, Period.parse("2026Q3"), tmp_path / "out")
    assert refused.value.message == "2026Q3 was not run yet."
    assert "settle" in refused.value.remedy
    assert not (tmp_path / "out").exists()


def test_the_same_workbook_gives_the_same_bytes(half_year: Path, written: Path, tmp_path: Path) -> None:
    with open_book(half_year) as book:
        files = write_statements(book, Period.parse("2026Q2"), tmp_path)
    assert {path.name: path.read_bytes() for path in files} == {
        path.name: path.read_bytes() for path in written.iterdir()
    }


def test_a_later_run_changes_nothing_of_an_earlier_statement(written: Path, whole_year: Path) -> None:
    early = text_of(written / "2026Q2-S02.pdf")
    with open_book(whole_year) as book:
        files = write_statements(book, Period.parse("2026Q2"), whole_year.parent / "later")
    late = next(path for path in files if path.name == "2026Q2-S02.pdf")
    assert text_of(late) == early


def test_the_time_to_object_counts_from_the_booking_or_the_day_given(half_year: Path) -> None:
    with open_book(half_year) as book:
        results = Results(look_at_latest(book), book.ledger)
    period = Period.parse("2026-05")
    assert statements_of(results, period)[0].object_until == date(2026, 7, 20)
    assert statements_of(results, period, date(2026, 8, 1))[0].object_until == date(2026, 8, 16)


def test_the_workbook_is_locked_and_prints_on_a4(written: Path) -> None:
    book = openpyxl.load_workbook(written / "2026Q2-S02.xlsx")
    assert len(book.sheetnames) == 3
    for sheet in book:
        assert sheet.protection.sheet
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_area
        assert all(cell.protection.locked for row in sheet for cell in row)
    detail = book["Commission"]
    cells = [cell for row in detail.iter_rows(min_row=6) for cell in row if cell.value is not None]
    amounts = [cell.value for cell in cells if cell.number_format.startswith("#,##0.00")]
    assert len(amounts) > 20
    assert all(isinstance(amount, int | float) for amount in amounts)
    assert len(book["Commission statement"]._charts) == 1


def test_excel_opens_the_workbook_without_repair(written: Path) -> None:
    for path in written.glob("*.xlsx"):
        assert OpenXmlValidator().validate(path).is_valid


def test_the_command_names_the_files_in_json(
    half_year: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["statements", str(half_year), "2026-06", "--out", str(tmp_path / "out"), "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert code == 0
    assert [each["salesperson_id"] for each in told["statements"]] == sorted(PEOPLE - {"S07"})
    assert all(
        Path(each["pdf"]).is_file() and Path(each["workbook"]).is_file() for each in told["statements"]
    )
    paid = {e.salesperson_id: e.amount for e in ledger_of(half_year) if e.period == "2026-06" and e.marks_run}
    assert {e["salesperson_id"]: round(float(e["paid"]) * 100) for e in told["statements"]} == {
        person: paid[person] for person in sorted(PEOPLE - {"S07"})
    }


def test_statements_in_chinese_carry_the_plans_words(half_year: Path, tmp_path: Path) -> None:
    with open_book(half_year) as book:
        write_statements(book, Period.parse("2026Q2"), tmp_path, "zh")
    said = re.sub(r"\s", "", text_of(tmp_path / "2026Q2-S02.pdf"))
    for word in (
        "个人提成对账单",
        "一、提成明细",
        "二、扣回明细",
        "三、结算汇总",
        "四、说明",
        "本期应发",
        "年终待补发",
        "结转待扣",
        "税前",
    ):
        assert word in said, word
    assert not [word for word in ("佣金", "预支", "代扣") if word in said]
