"""New workbooks, and the templates that they start from."""

from __future__ import annotations

import os
import shutil
import tomllib
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from keyaccount.clauses.scorecard import MEASURES, SHIPPED_BANDS
from keyaccount.policies import POLICIES
from keyaccount.problems import FileProblem
from keyaccount.tables import INPUT_TABLES, TABLE, WORDS
from keyaccount.workbook import create
from keyaccount.workbook.create import create_workbook, template_path
from keyaccount.workbook.shipped import TIERS, Language, Row
from tests.workbook.books import parts, titles, write
from workbook_templates.build import build

LANGUAGES: tuple[Language, ...] = ("en", "zh")
ROOT = Path(__file__).resolve().parents[2]
ROWS: dict[str, list[Row]] = {
    "Salespeople": [
        {"salesperson_id": "S01", "name": "Salesperson S01", "joined": date(2024, 2, 29), "left": None},
        {"salesperson_id": "007", "name": "=1+1"},
    ],
    "Sales": [
        {"sale_id": str(number), "date": date(2026, 1, 31), "account_id": "A01", "gross": Decimal("12.30")}
        for number in range(40)
    ],
    "Adjustments": [{"adjustment_id": "R1", "type": "bad_debt", "amount": 5, "vat_rate": Decimal("0.13")}],
    "Account Tiers": [{"account_id": "A01", "tier": "strategic", "credited_to": ("S01", "S02")}],
    "Accounts": [{"account_id": "A01", "name": "Sample Account A01", "stable": True, "influence": False}],
    "Policies": [
        {"policy": "company", "value": "Sample Company"},
        {"policy": "advance_rate", "value": "0.7"},
        {"policy": "uplift_months", "value": "6", "effective_from": date(2026, 7, 1)},
    ],
    "Tiers": [{"tier": "核心客户", "rate": Decimal("0.0175")}],
    "Company Sales": [{"month": "2026-01", "net_sales": Decimal("1234567.89")}],
}


def title(name: str, language: Language) -> str:
    return TABLE[name].zh[0] if language == "zh" else name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_are_what_the_declarations_say(tmp_path: Path, language: Language) -> None:
    committed = ROOT / "workbook_templates" / f"keyaccount-{language}.xlsx"
    built = build(language)
    assert built == build(language)
    with zipfile.ZipFile(committed) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        contents = {name: archive.read(name) for name in archive.namelist()}
    fresh = tmp_path / "fresh.xlsx"
    fresh.write_bytes(built)
    assert parts(fresh) == contents, "run python workbook_templates/build.py and commit what it writes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_has_every_input_table_with_its_headers(language: Language) -> None:
    book = load_workbook(template_path(language))
    for table in INPUT_TABLES:
        sheet = book[title(table.name, language)]
        (excel_table,) = sheet.tables.values()
        assert excel_table.displayName == table.name.replace(" ", "").replace("-", "")
        headers = [column.zh[0] if language == "zh" else column.en for column in table.columns]
        assert [cell.value for cell in sheet[1]][: len(headers)] == headers
        assert [column.name for column in excel_table.tableColumns][: len(headers)] == headers
        assert sheet.freeze_panes == ("C2" if table.name == "Accounts" else "A2")
        assert not sheet.protection.sheet
        for number, column in enumerate(table.columns, start=1):
            (choices,) = [
                v
                for v in sheet.data_validations.dataValidation
                if sheet.cell(9, number).coordinate in v.sqref
            ]
            words = column.kind in ("word", "yes_no") or (table.name, column.field) == ("Tiers", "tier")
            if words:
                vocabulary = WORDS[column.words or column.kind]
                shown = [chinese[0] for chinese in vocabulary.values()] if language == "zh" else vocabulary
                assert choices.formula1 == f'"{",".join(shown)}"'
            lists = {"account_id": "AccountIDs", "salesperson_id": "SalespersonIDs", "tier": "TierNames"}
            if column.field in lists and number > 1 and not words:
                assert choices.formula1 == lists[column.field]
            if column.kind in ("id", "day", "amount"):
                expected = {"id": "@", "day": "yyyy-mm-dd", "amount": "#,##0.00;[Red]-#,##0.00"}[column.kind]
                assert sheet.cell(2, number).number_format == expected
                assert sheet.column_dimensions[sheet.cell(1, number).column_letter].number_format == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_ships_policies_tiers_scorecard_and_bands(language: Language) -> None:
    book = load_workbook(template_path(language))

    def rows(name: str) -> list[list[object]]:
        return [[cell.value for cell in row] for row in book[title(name, language)].iter_rows(min_row=2)]

    shipped = {str(row[0]): row for row in rows("Policies")}
    assert set(shipped) == set(POLICIES)
    for name, row in shipped.items():
        wanted = POLICIES[name].shipped
        assert str(row[1] or "") == wanted or float(str(row[1])) == float(wanted)
        assert row[2] is None
        assert row[3]
    tiers = [WORDS["tier"][tier][0] if language == "zh" else tier for tier, _ in TIERS]
    assert [row[:4] for row in rows("Tiers")] == [
        [tiers[0], 0.02, None, 1],
        [tiers[1], 0.015, None, 2],
        [tiers[2], 0.01, None, 3],
    ]
    assert sum(Decimal(str(row[1])) for row in rows("Scorecard")) == 100
    assert [row[0] for row in rows("Scorecard")] == [
        WORDS["measure"][name][0] if language == "zh" else name for name in MEASURES
    ]
    assert [(row[0], row[1]) for row in rows("Bands")] == [(int(s), float(c)) for s, c in SHIPPED_BANDS]
    assert [row[0] for row in rows("Sales")] == [None]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("12 months", "final commission", "earlier year")), ("zh", ("12 个月", "全年提成", "以前年度"))],
)
def test_the_start_sheet_names_the_three_readings_to_sign(language: Language, words: tuple[str, ...]) -> None:
    sheet = load_workbook(template_path(language)).worksheets[0]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert all(word in text for word in words)
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == len(INPUT_TABLES) - 2  # Scorecard and Bands are out of sight
    book = load_workbook(template_path(language))
    assert all(link.split("'")[1] in book.sheetnames for link in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_filled_into_their_tables(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, language, 2026, ROWS)
    book = load_workbook(path)

    def cells(name: str, row: int) -> list[object]:
        return [cell.value for cell in book[title(name, language)][row]]

    assert cells("Salespeople", 2) == ["S01", "Salesperson S01", None, datetime(2024, 2, 29), None]  # noqa: DTZ001
    assert cells("Salespeople", 3)[:2] == ["007", "=1+1"]
    assert book[title("Salespeople", language)]["B3"].data_type == "s"
    sales = book[title("Sales", language)]
    assert next(iter(sales.tables.values())).ref == "A1:E41"
    assert next(iter(sales.tables.values())).autoFilter.ref == "A1:E41"
    assert [cell.value for cell in sales[41]] == ["39", datetime(2026, 1, 31), "A01", 12.3, None]  # noqa: DTZ001
    assert [cell.number_format for cell in sales[41]][1] == "yyyy-mm-dd"
    assert cells("Adjustments", 2)[2] == ("坏账核销" if language == "zh" else "bad_debt")
    assert cells("Adjustments", 2)[7] == 0.13
    tier = "战略客户" if language == "zh" else "strategic"
    assert cells("Account Tiers", 2)[:5] == ["A01", tier, None, None, "S01;S02"]
    yes_no = ["是", "否"] if language == "zh" else ["yes", "no"]
    assert cells("Accounts", 2)[9:11] == yes_no
    assert cells("Company Sales", 2) == ["2026-01", 1234567.89]
    assert book.worksheets[0][create.YEAR_CELL].value == 2026


def test_given_policies_and_tiers_take_the_place_of_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, "zh", 2026, ROWS)
    book = load_workbook(path)
    policies = [[cell.value for cell in row[:3]] for row in book["方案参数"].iter_rows(min_row=2)]
    assert [row for row in policies if row[0] == "advance_rate"] == [["advance_rate", 0.7, None]]
    assert policies[0] == ["company", "Sample Company", None]
    assert policies[-1] == ["uplift_months", 6, datetime(2026, 7, 1)]  # noqa: DTZ001 a cell's day has no zone
    assert ["uplift_months", 12, None] in policies
    tiers = [[cell.value for cell in row[:4]] for row in book["等级提成比例"].iter_rows(min_row=2)]
    assert tiers[1] == ["核心客户", 0.0175, None, 2]
    assert len(tiers) == 3


def test_scoring_sheets_are_out_of_sight_until_maintenance_has_rows(tmp_path: Path) -> None:
    for rows, state in (
        ({}, "hidden"),
        ({"Maintenance": [{"date": date(2026, 1, 5), "kind": "review"}]}, "visible"),
    ):
        path = tmp_path / f"{state}.xlsx"
        create_workbook(path, "en", 2026, rows)
        book = load_workbook(path)
        assert {book[name].sheet_state for name in ("Scorecard", "Bands")} == {state}


def test_the_same_rows_give_the_same_bytes_and_results_can_be_written(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    for path in (one, other):
        create_workbook(path, "en", 2026, ROWS)
    assert one.read_bytes() == other.read_bytes()
    assert write(one)
    assert not write(one, known=titles())
    assert load_workbook(one)["Sales"].tables["Sales"].ref == "A1:E41"


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileProblem, match="exists already") as raised:
        create_workbook(path, "en", 2026)
    assert raised.value.exit_code == 5
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_file_that_comes_at_the_last_moment_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.xlsx"
    real = os.link

    def link(source: Path, target: Path) -> None:
        path.write_text("mine", encoding="utf-8")
        real(source, target)

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(FileProblem, match="exists already"):
        create_workbook(path, "en", 2026)
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_system_without_hard_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    path = tmp_path / "book.xlsx"
    create_workbook(path, "en", 2026)
    assert load_workbook(path).sheetnames[0] == "Start"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no folder"):
        create_workbook(tmp_path / "none" / "book.xlsx", "en", 2026)


def test_the_templates_are_found_in_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, place in included.items():
        target = tmp_path / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target)
        else:
            target.write_bytes((ROOT / source).read_bytes())
    monkeypatch.setattr(create, "_HERE", tmp_path / "keyaccount" / "workbook" / "create.py")
    for language in LANGUAGES:
        assert template_path(language).is_relative_to(tmp_path)
        create_workbook(tmp_path / f"{language}.xlsx", language, 2026)
