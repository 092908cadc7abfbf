"""Statements in odd cases: strange names and IDs, leavers, payments elsewhere, earlier years, no font."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from keyaccount.book import open_book
from keyaccount.cli import main
from keyaccount.outputs.statements import write_statements
from keyaccount.periods import Period
from keyaccount.problems import FileProblem
from tests.outputs.books import Rows, book_runs, demo_book, own_book, runs_through, statements, text_of
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of

if TYPE_CHECKING:
    from tests.outputs.books import Run

pytestmark = pytest.mark.xdist_group("statements")

HOSTILE = {
    "A1": '=HYPERLINK("http://example.com","pay")',
    "A2": "#set text(red) *bold* _x_ $ 1+1 $ <b>no</b> \\ @A3 `code`",
    "A3": "客户\U00020bb7名" + "W" * 60,
}
STRANGE = ["../../x", "CON", "员工甲", "s01", "S01", "N" * 200, "a/b:c*?"]


def hostile_rows() -> Rows:
    day = date(2026, 1, 1)
    accounts = list(HOSTILE)
    return {
        "Accounts": [{"account_id": account, "name": name} for account, name in HOSTILE.items()],
        "Account Tiers": [
            {"account_id": account, "tier": "core", "effective_from": day} for account in accounts
        ],
        "Salespeople": [{"salesperson_id": person, "name": f"Name {person}"} for person in STRANGE],
        "Assignments": [
            {
                "account_id": account,
                "salesperson_id": person,
                "share": Decimal(1) / len(STRANGE),
                "start": day,
            }
            for account in accounts
            for person in STRANGE
        ],
        "Sales": [
            {
                "sale_id": f"N{account}",
                "date": date(2026, 1, 9),
                "account_id": account,
                "gross": Decimal("70000.70"),
            }
            for account in accounts
        ],
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    book = own_book(folder / "book.xlsx", "en", hostile_rows(), [("advance", "2026-01")])
    with open_book(book) as opened:
        write_statements(opened, Period.parse("2026-01"), folder / "deep" / "out")
    return folder


def test_strange_ids_become_names_that_every_system_takes_and_stay_in_the_folder(hostile: Path) -> None:
    made = sorted(path.relative_to(hostile) for path in hostile.rglob("*") if path.is_file())
    outside = [path for path in made if path.parent != Path("deep/out")]
    assert outside == [Path("book.xlsx")]
    names = [path.name for path in made if path.parent == Path("deep/out")]
    assert len(names) == 2 * len(STRANGE)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(re.fullmatch(r"2026-01-[\w-]+\.(pdf|xlsx)", name) for name in names)
    assert all(len(name.encode()) <= 200 for name in names)
    assert "2026-01-CON.pdf" in names
    assert "2026-01-员工甲.xlsx" in names
    assert "2026-01-S01.pdf" not in names


def test_customers_named_like_formulas_or_markup_are_text_everywhere(hostile: Path) -> None:
    folder = hostile / "deep" / "out"
    said = re.sub(r"\s", "", text_of(folder / "2026-01-CON.pdf"))
    for name in ('=HYPERLINK("http://example.com","pay")', HOSTILE["A2"], "客户\U00020bb7名WWWW"):
        assert re.sub(r"\s", "", name) in said.replace("\u200b", "")
    assert b"/URI" not in (folder / "2026-01-CON.pdf").read_bytes()
    book = openpyxl.load_workbook(folder / "2026-01-CON.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    formula = next(cell for cell in cells if str(cell.value).startswith("=HYPERLINK"))
    assert formula.data_type == "s"
    assert formula.quotePrefix


def test_excel_opens_their_workbooks_without_repair(hostile: Path) -> None:
    for path in (hostile / "deep" / "out").glob("*.xlsx"):
        assert OpenXmlValidator().validate(path).is_valid


def test_a_leaver_is_told_what_the_exit_run_paid(tmp_path: Path) -> None:
    book = demo_book(
        tmp_path / "demo.xlsx", "en", [*runs_through(6), ("advance", "2026-07"), ("advance", "2026-08")]
    )
    before = next(one for one in statements(book, "2026-08") if one.salesperson_id == "S06")
    assert not before.left
    assert main(["settle-leaver", str(book), "S06"]) == 0
    one = next(one for one in statements(book, "2026-08") if one.salesperson_id == "S06")
    assert one.left
    assert one.figures.paid == before.figures.paid + before.figures.withheld
    assert one.figures.paid == one.figures.due - one.paid_before
    assert (one.figures.withheld, one.figures.carried) == (0, 0)
    assert len(one.payment_entries) == 2
    with open_book(book) as opened:
        write_statements(opened, Period.parse("2026-08"), tmp_path / "out")
    assert "Of it payable on leaving" in text_of(tmp_path / "out" / "2026-08-S06.pdf")
    assert main(["export", str(book), "2026-08", "--out", str(tmp_path / "pay.csv")]) == 0
    assert f"exit_payment,{before.figures.withheld / 100:.2f}" in (tmp_path / "pay.csv").read_text(
        "utf-8-sig"
    )


def test_what_was_paid_elsewhere_is_told_and_not_exported(tmp_path: Path) -> None:
    rows: Rows = {
        **hostile_rows(),
        "Salespeople": [{"salesperson_id": "S01", "name": "Salesperson S01"}],
        "Assignments": [
            {"account_id": account, "salesperson_id": "S01", "share": Decimal(1), "start": date(2026, 1, 1)}
            for account in HOSTILE
        ],
        "Payments Made": [
            {"salesperson_id": "S01", "period": "2026-01", "amount": Decimal("520.01"), "voucher": "V-1"}
        ],
    }
    book = own_book(tmp_path / "book.xlsx", "en", rows, [("advance", "2026-01")])
    (one,) = statements(book, "2026-01")
    assert one.figures.commission == 3 * 1050_01
    assert (one.paid_outside, one.figures.paid) == (520_01, 2520_02)
    assert main(["export", str(book), "2026-01", "--out", str(tmp_path / "pay.csv")]) == 0
    paid = (tmp_path / "pay.csv").read_text("utf-8-sig").splitlines()[1:]
    assert [line.split(",")[5] for line in paid] == ["2000.01"]


def test_a_reversal_of_an_earlier_years_sale_stands_apart_with_what_it_takes_back(tmp_path: Path) -> None:
    rows: Rows = {
        "Accounts": [{"account_id": "A1", "name": "Sample Account A1"}],
        "Account Tiers": [{"account_id": "A1", "tier": "strategic", "effective_from": date(2025, 1, 1)}],
        "Salespeople": [{"salesperson_id": "S01", "name": "Salesperson S01"}],
        "Assignments": [
            {"account_id": "A1", "salesperson_id": "S01", "share": Decimal(1), "start": date(2025, 1, 1)}
        ],
        "Sales": [
            {"sale_id": "N1", "date": date(2026, 1, 9), "account_id": "A1", "gross": Decimal(500_000)},
        ],
        "Adjustments": [
            {
                "adjustment_id": "R1",
                "date": date(2026, 2, 10),
                "type": "return",
                "account_id": "A1",
                "amount": Decimal(30_000),
                "original_date": date(2025, 11, 20),
            }
        ],
        "Prior Years": [
            {"salesperson_id": "S01", "year": 2025, "coefficient": Decimal("0.95"), "bonus_earned": True}
        ],
    }
    book = own_book(tmp_path / "book.xlsx", "en", rows, [("advance", "2026-01"), ("advance", "2026-02")])
    later: tuple[list[Run], ...] = ([], [("settle", "2026Q1")])
    for runs in later:
        book_runs(book, "en", runs)
        (one,) = statements(book, "2026-02")
        (row,) = one.earlier_years
        assert (row.base, row.commission) == (-30_000_00, -600_00)
        assert one.prior == -627_00  # 600.00 × 0.95, and 10 % bonus of that
        assert (one.figures.net_sales, one.figures.commission) == (-30_000_00, 0)
        assert (one.changed_net, one.changed_commission) == (0, 0)
        (deduction,) = one.deductions
        assert (deduction.line.commission, deduction.line.from_pay) == (-600_00, -627_00)
    (quarter,) = statements(book, "2026Q1")
    assert quarter.prior == quarter.figures.prior == -627_00


def test_a_machine_without_chinese_letters_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typst

    monkeypatch.setattr(typst, "Fonts", partial(typst.Fonts, include_system_fonts=False))
    book = demo_book(tmp_path / "demo.xlsx", "en", [("advance", "2026-01")])
    with open_book(book) as opened:
        write_statements(opened, Period.parse("2026-01"), tmp_path / "english")
        with pytest.raises(FileProblem) as problem:
            write_statements(opened, Period.parse("2026-01"), tmp_path / "chinese", "zh")
    assert "No font on this machine shows" in problem.value.message
    assert "Noto Sans CJK SC" in problem.value.remedy
    assert problem.value.exit_code == 5
    assert not (tmp_path / "chinese").exists()


def small(path: Path) -> Path:
    rows: Rows = {
        **hostile_rows(),
        "Salespeople": [{"salesperson_id": "S01", "name": "Salesperson S01"}],
        "Assignments": [
            {"account_id": account, "salesperson_id": "S01", "share": Decimal(1), "start": date(2026, 1, 1)}
            for account in HOSTILE
        ],
    }
    return own_book(path, "en", rows, [("advance", "2026-01")])


def test_a_file_that_is_there_is_replaced_and_a_link_leads_nowhere_else(tmp_path: Path) -> None:
    book, out = small(tmp_path / "book.xlsx"), tmp_path / "out"
    out.mkdir()
    (out / "2026-01-S01.pdf").write_bytes(b"old")
    (tmp_path / "elsewhere.xlsx").write_bytes(b"not ours")
    (out / "2026-01-S01.xlsx").symlink_to(tmp_path / "elsewhere.xlsx")
    assert main(["statements", str(book), "2026-01", "--out", str(out)]) == 0
    assert (out / "2026-01-S01.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "elsewhere.xlsx").read_bytes() == b"not ours"
    assert not (out / "2026-01-S01.xlsx").is_symlink()
    assert sorted(path.name for path in out.iterdir()) == ["2026-01-S01.pdf", "2026-01-S01.xlsx"]


def test_a_statement_never_takes_the_place_of_the_workbook(tmp_path: Path) -> None:
    book = small(tmp_path / "2026-01-S01.xlsx")
    before = book.read_bytes()
    assert main(["statements", str(book), "2026-01", "--out", str(tmp_path)]) == 5
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {book.name: before}


def test_a_workbook_with_errors_gives_no_statements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = small(tmp_path / "book.xlsx")
    write_inputs(book, {"Sales": [row_of("Sales", "1 2026-01-05 A99 5.00")]})
    assert main(["statements", str(book), "2026-01", "--out", str(tmp_path / "out"), "--json"]) == 1
    assert "A99" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code"), [(["2026-13"], 2), (["2026Q1"], 3), (["2026-01", "--passwords", "no.csv"], 5)]
)
def test_wrong_usage_an_open_period_and_a_missing_file_have_their_codes(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    book = small(tmp_path / "book.xlsx")
    assert main(["statements", str(book), *arguments, "--out", str(tmp_path / "out")]) == code
    assert not (tmp_path / "out").exists()
