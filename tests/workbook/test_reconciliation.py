"""Reconciliation: the workbook's own formulas against the program's figures, in a real calculation too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.commands import regenerate_book
from keyaccount.tables import RECONCILIATION, WORDS
from keyaccount.verification import verify_book
from keyaccount.workbook.formulas import spelled_alike
from keyaccount.workbook.ranges import told_apart
from tests.workbook.books import Language, parts, rewrite
from tests.workbook.demo_books import (
    COMPANY,
    Run,
    demo_book,
    needs_office,
    own_book,
    part_of,
    saved_by_office,
    year_of_runs,
)

TITLE = {"en": "Reconciliation", "zh": "核对"}
YES = {"en": "yes", "zh": "是"}
FIRST_RUNS: list[Run] = [("advance", "2026-01"), ("advance", "2026-02")]
Row = dict[str, object]


def rows_of(book: Path, title: str = "Reconciliation", *, formulas: bool = False) -> list[Row]:
    """Give the sheet's rows by English header."""
    sheet = load_workbook(book, data_only=not formulas)[title]
    headers = [column.en for column in RECONCILIATION.columns]
    return [
        dict(zip(headers, values, strict=True)) for values in sheet.iter_rows(min_row=6, values_only=True)
    ]


@pytest.fixture(scope="module", params=["en", "zh"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Language]:
    language: Language = request.param
    book = tmp_path_factory.mktemp(language) / "demo.xlsx"
    return demo_book(book, language, year_of_runs()), language


def test_a_finished_year_agrees_in_every_check(demo: tuple[Path, Language]) -> None:
    book, language = demo
    rows = rows_of(book, TITLE[language])
    assert {row["Agrees"] for row in rows} == {YES[language]}
    assert all(row["By Formula"] == row["By the Program"] and row["Difference"] == 0 for row in rows)
    net = {"en": "Net sales", "zh": "净销售额"}[language]
    quarter = {"en": "Commission", "zh": "本期提成"}[language]
    months = [str(row["Period"]) for row in rows if row["Check"] == net]
    assert months == [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
    assert [row["Period"] for row in rows if row["Check"] == quarter] == [f"2026Q{n}" for n in (1, 2, 3, 4)]
    people = [row for row in rows if row["Salesperson ID"]]
    assert len(people) == 2 * 7
    assert any(row["By Formula"] for row in people)


@needs_office
def test_libreoffice_calculates_the_same_to_the_fen(demo: tuple[Path, Language], tmp_path: Path) -> None:
    book, language = demo
    calculated = saved_by_office(book, tmp_path / "out", calculate=True)
    assert rows_of(calculated, TITLE[language]) == rows_of(book, TITLE[language])


@needs_office
def test_what_libreoffice_saves_again_is_no_alarm(demo: tuple[Path, Language], tmp_path: Path) -> None:
    book, language = demo
    again = saved_by_office(book, tmp_path / "out")
    assert verify_book(again).findings == ()
    before, after = (rows_of(each, TITLE[language], formulas=True) for each in (book, again))
    spelled = [[spelled_alike(str(row[name])) for row in before] for name in ("By Formula", "Agrees")]
    assert spelled == [[spelled_alike(str(row[name])) for row in after] for name in ("By Formula", "Agrees")]


@needs_office
def test_a_sale_changed_after_the_run_shows_as_a_difference_of_its_month(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, FIRST_RUNS)
    rewrite(book, {part_of(book, "Sales"): lambda text: text.replace("<v>1000.1</v>", "<v>1000.35</v>")})
    rows = rows_of(saved_by_office(book, tmp_path / "out", calculate=True))
    wrong = [(row["Check"], row["Period"], row["Difference"]) for row in rows if row["Agrees"] == "no"]
    assert wrong == [("Gross", "2026-01", 0.25), ("Net sales", "2026-01", 0.25)]


def test_open_months_are_checked_against_the_latest_run(tmp_path: Path) -> None:
    book = demo_book(tmp_path / "book.xlsx", "en", year_of_runs(4))
    rows = rows_of(book)
    assert {row["Agrees"] for row in rows} == {"yes"}
    assert max(str(row["Period"]) for row in rows if row["Check"] == "Net sales") == "2026-04"
    assert not [row for row in rows if row["Check"] == "Earned, as booked"]  # April is not booked yet


def test_before_the_first_run_there_is_no_check(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, [])
    regenerate_book(book)
    assert rows_of(book) == []


def test_regenerating_gives_the_same_bytes(demo: tuple[Path, Language]) -> None:
    book, _ = demo
    assert regenerate_book(book, check=True).saved is None


def with_rows(sheet: str, *more: dict[str, object]) -> dict[str, list[Mapping[str, object]]]:
    """Give the small company's rows and more of a sheet."""
    rows = {name: list(each) for name, each in COMPANY.items()}
    return {**rows, sheet: [*rows.get(sheet, ()), *more]}


@pytest.mark.parametrize(
    "sale",
    [
        {"date": date(2026, 2, 7), "gross": "1,234.50"},
        {"date": "2026-02-07", "gross": Decimal(7)},
        {"date": date(2026, 2, 7), "gross": Decimal(7), "discount": "1.00"},
    ],
)
def test_numbers_written_as_text_are_said_instead_of_a_false_difference(
    tmp_path: Path, sale: dict[str, object]
) -> None:
    rows = with_rows("Sales", {"sale_id": "3", "account_id": "A01", **sale})
    found = rows_of(own_book(tmp_path / "book.xlsx", "en", rows, FIRST_RUNS))
    february = [row for row in found if row["Period"] == "2026-02"]
    assert [row["Check"] for row in february] == ["Lines", "Gross", "Discounts", "Reversals", "Net sales"]
    for row in february:
        assert (row["By Formula"], row["Difference"], row["Agrees"]) == (None, None, None)
        assert "written as text" in str(row["Note"])
    assert all(row["Agrees"] == "yes" for row in found if row["Period"] != "2026-02")


ADJUSTED = [
    {"adjustment_id": "1", "type": "return", "amount": Decimal("100.00"), "sale_id": "1"},
    {"adjustment_id": "2", "type": "bad_debt", "amount": Decimal("226.01"), "vat_rate": Decimal("0.13")},
    {"adjustment_id": "3", "type": "recovery", "amount": Decimal("113.00"), "vat_rate": Decimal("0.13")},
    {"adjustment_id": "4", "type": "discount", "amount": Decimal("9.99"), "sale_id": "1"},
]
FOREIGN = [
    {"sale_id": "9", "date": date(2026, 1, 31), "account_id": "B77", "gross": Decimal("77.70")},
    {"sale_id": "10", "date": date(2026, 2, 1), "account_id": "b78", "gross": Decimal("0.30")},
]
FOREIGN_RETURN = {
    "adjustment_id": "5",
    "type": "return",
    "amount": Decimal(1),
    "account_id": "B77",
    "sale_id": "9",
}
LEFT_OUT = (
    "Left-out lines",
    "Left-out gross",
    "Left-out discounts",
    "Left-out reversals",
    "Left-out net sales",
)
IGNORED = {"policy": "unknown_accounts", "value": "ignore"}


@needs_office
@pytest.mark.parametrize(
    ("language", "vat", "foreign"),
    [("en", False, False), ("zh", True, False), ("en", False, True), ("zh", True, True)],
)
def test_reversals_vat_and_left_out_lines_are_calculated_alike(
    tmp_path: Path, language: Language, *, vat: bool, foreign: bool
) -> None:
    common = {"account_id": "A01", "date": date(2026, 2, 20), "sale_id": "1"}
    rates = {} if vat else {"vat_rate": None}
    rows = with_rows("Adjustments", *({**common, **row, **rates} for row in ADJUSTED))
    rows["Company Sales"] = [
        {"month": "2026-01", "net_sales": Decimal("1077.80")},
        {"month": date(2026, 2, 1), "net_sales": Decimal(9000)},
    ]
    if foreign:
        rows["Sales"] += FOREIGN
        rows["Policies"] = [IGNORED]
        rows["Adjustments"].append({**common, **FOREIGN_RETURN})
    book = own_book(tmp_path / "book.xlsx", language, rows, FIRST_RUNS)
    found = rows_of(saved_by_office(book, tmp_path / "out", calculate=True), TITLE[language])
    assert found == rows_of(book, TITLE[language])
    assert {row["Agrees"] for row in found} == {YES[language]}
    amounts = {
        name: [row["By Formula"] for row in found if row["Check"] in (name, *WORDS["check"][name])]
        for name in ("Lines", "Reversals", *LEFT_OUT, "Company Sales", "Not in this workbook")
    }
    left_out = {name: amounts.pop(name) for name in LEFT_OUT}
    reversals = 210 if vat else 223
    assert amounts == {
        "Lines": [1, 1 + len(ADJUSTED)],
        "Reversals": [0, reversals],
        "Company Sales": [1077.8, 9000],
        "Not in this workbook": [0 if foreign else 77.7, 6000 + reversals + (0.7 if foreign else 0)],
    }
    assert list(left_out.values()) == (
        [[1, 2], [77.7, 0.3], [0, 0], [0, 1], [77.7, -0.7]] if foreign else [[]] * 5
    )


def test_accounts_that_formulas_cannot_tell_apart_are_checked_together(tmp_path: Path) -> None:
    sale = {"sale_id": "9", "date": date(2026, 1, 31), "account_id": "a01", "gross": Decimal(5)}
    rows = with_rows("Sales", sale) | {"Policies": [IGNORED]}
    found = rows_of(own_book(tmp_path / "book.xlsx", "en", rows, FIRST_RUNS))
    january = [row for row in found if row["Period"] == "2026-01"]
    assert [(row["Check"], row["By Formula"], row["Agrees"]) for row in january] == [
        ("Lines and left-out lines", 2, "yes"),
        ("Net sales and left-out lines", 1005.1, "yes"),
    ]


@pytest.mark.parametrize(
    ("company_sales", "added_up"),
    [
        ({"month": "2026-02", "net_sales": Decimal(5000)}, True),
        ({"month": date(2026, 2, 28), "net_sales": Decimal(5000)}, True),
        ({"month": "2026-02", "net_sales": "5,000.00"}, False),
        ({"month": "２０２６-02", "net_sales": Decimal(5000)}, False),
    ],
)
def test_company_sales_stand_beside_the_month_unless_a_formula_cannot_read_them(
    tmp_path: Path, company_sales: dict[str, object], *, added_up: bool
) -> None:
    rows = with_rows("Company Sales", company_sales)
    found = rows_of(own_book(tmp_path / "book.xlsx", "en", rows, FIRST_RUNS))
    beside = {str(row["Check"]): row for row in found if row["Period"] == "2026-02"}
    for name, amount in (("Company Sales", 5000), ("Not in this workbook", 2000)):
        assert beside[name]["By the Program"] == amount
        assert beside[name]["Agrees"] == ("yes" if added_up else None)
        assert ("written as text" in str(beside[name]["Note"])) is not added_up
    assert beside["Net sales"]["Agrees"] == "yes"


@needs_office
def test_a_row_deleted_after_the_run_is_missing_in_the_count_of_lines(tmp_path: Path) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, FIRST_RUNS)
    rewrite(book, {part_of(book, "Sales"): lambda text: re.sub(r'<row r="2".*?</row>', "", text, count=1)})
    rows = rows_of(saved_by_office(book, tmp_path / "out", calculate=True))
    wrong = [(row["Check"], row["Period"], row["Difference"]) for row in rows if row["Agrees"] == "no"]
    assert wrong == [
        ("Lines", "2026-01", -1),
        ("Gross", "2026-01", -1000.1),
        ("Net sales", "2026-01", -1000.1),
    ]


@pytest.mark.parametrize("person", ["=1+1", "S*", "<5"])
def test_an_id_is_never_a_formula_nor_a_pattern(tmp_path: Path, person: str) -> None:
    rows = {
        **COMPANY,
        "Salespeople": [{"salesperson_id": person, "name": person}],
        "Assignments": [{**COMPANY["Assignments"][0], "salesperson_id": person}],
    }
    book = own_book(tmp_path / "book.xlsx", "en", rows, FIRST_RUNS)
    last = rows_of(book)[-1]
    assert (last["Salesperson ID"], last["By Formula"], last["Agrees"]) == (person, None, None)
    assert "cannot tell" in str(last["Note"])
    formulas = re.findall(r"<f>[^<]*</f>", parts(book)[part_of(book, "Reconciliation")].decode())
    assert formulas
    assert not any("1+1" in formula for formula in formulas)


def test_texts_that_conditions_take_for_equal_are_known() -> None:
    assert told_apart(["A01", "A02", "001", "2"], ["B", "3", "A1"])
    for pair in (("A", "a"), ("001", "1"), ("1", "1.0"), ("01", "1e0")):
        assert not told_apart(pair, ())
        assert not told_apart(pair[:1], pair[1:])
        assert told_apart(["X"], pair)
    for odd in ("*", "A?", "~", ">5", "=A", ""):
        assert not told_apart([odd], ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"<f>IF\(F6=0,.yes.,.no.\)</f>", '<f>IF(F6=F6,"yes","no")</f>'),  # the same value by another formula
        (r"(<f>ROUND\(SUMIFS.*?</f>)<v>1000.10</v>", r"\1<v>1000.11</v>"),
        (r' t="str"><f>IF\(F6=0,.yes.,.no.\)</f>', ' t="str">'),  # a value in the formula's place
        (r'(<c r="E7" s="\d+">)<v>1000.10', r"\1<f>1000.1</f><v>1000.10"),  # a formula in the value's place
    ],
)
def test_verify_finds_a_changed_check(tmp_path: Path, old: str, new: str) -> None:
    book = own_book(tmp_path / "book.xlsx", "en", COMPANY, FIRST_RUNS)
    assert verify_book(book).findings == ()
    part = part_of(book, "Reconciliation")
    before = parts(book)[part].decode()
    rewrite(book, {part: lambda text: re.sub(old, new, text.replace("&quot;", '"'), count=1)})
    assert parts(book)[part].decode() != before
    found = verify_book(book).findings
    assert len(found) == 1
    assert found[0].sheet == "Reconciliation"
    assert found[0].cell in {"G6", "D7", "E7"}
    assert regenerate_book(book).saved == book
    assert verify_book(book).findings == ()
