"""What the templates do before the program is asked: drop-downs, limits, highlights, messages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from openxml_audit import OpenXmlValidator

from keyaccount.demo import demo_rows
from keyaccount.policies import POLICIES
from keyaccount.tables import INPUT_TABLES, TABLE, Table
from keyaccount.workbook.create import SCORING, START, create_workbook, template_path
from keyaccount.workbook.look import display_width
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from keyaccount.workbook.shipped import ADVANCED, COMMON_POLICIES, NOTES, Language, Row
from workbook_templates.highlights import highlights
from workbook_templates.notes import note_of
from workbook_templates.places import LISTS, last_row, letter_of, title_of

LANGUAGES: tuple[Language, ...] = ("en", "zh")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
BEGAN, JUNE, JULY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)
WRONG: dict[str, list[Row]] = {
    "Accounts": [{"account_id": name, "name": name} for name in ("A1", "A2", "A2", "007")],
    "Account Tiers": [
        {"account_id": "A1", "tier": "core", "effective_from": BEGAN},
        {"account_id": "A2", "tier": "gold", "effective_from": BEGAN},
        {"account_id": "A9", "tier": "core", "effective_from": BEGAN},
        {"account_id": "A1", "tier": None, "effective_from": BEGAN},
    ],
    "Salespeople": [
        {"salesperson_id": "S1", "name": "one", "joined": JULY, "left": BEGAN},
        {"salesperson_id": "S2", "name": "two"},
        {"name": "nobody"},
    ],
    "Assignments": [
        {"account_id": "A1", "salesperson_id": "S1", "share": Decimal("0.5"), "start": BEGAN, "end": JUNE},
        {"account_id": "A1", "salesperson_id": "S2", "share": Decimal("0.5"), "start": BEGAN},
        {"account_id": "A2", "salesperson_id": "S1", "share": Decimal("0.6"), "start": BEGAN},
        {"account_id": "A2", "salesperson_id": "S2", "share": Decimal("0.3"), "start": BEGAN},
        {"account_id": "A3", "salesperson_id": "S3", "share": Decimal(1), "start": JULY, "end": BEGAN},
        *(
            {"account_id": "007", "salesperson_id": person, "share": Decimal("0.3333"), "start": JULY}
            for person in ("S1", "S2", "S2")
        ),
    ],
    "Sales": [
        {"sale_id": "25312000000123456781", "date": BEGAN, "account_id": "A1", "gross": 100, "discount": 100},
        {"sale_id": "25312000000123456782", "date": JULY, "account_id": "A1", "gross": 100, "discount": 101},
        {"sale_id": "25312000000123456781", "date": BEGAN, "account_id": "A8", "gross": -1},
        {"sale_id": "V3", "account_id": "A9", "gross": Decimal("1.005")},
    ],
    "Adjustments": [
        {"adjustment_id": name, "date": day, "type": "return", "account_id": "A1", "amount": 1, **of}
        for name, day, of in (
            ("R1", JULY, {"sale_id": "V3"}),
            ("R1", JULY, {"sale_id": "V7"}),
            ("R3", BEGAN, {"original_date": JULY}),
            ("R4", BEGAN, {"sale_id": "25312000000123456782"}),
            ("R5", JULY, {}),
            ("R6", JULY, {"sale_id": "25312000000123456782"}),
        )
    ],
    "Year-End Review": [
        {"salesperson_id": "S1", "year": 2026, "coefficient": Decimal("1.2"), "reason": "because"},
        {"salesperson_id": "S2", "year": 2026, "coefficient": Decimal("1.1"), "approved_by": "somebody"},
        {"salesperson_id": "S4", "year": 2026, "coefficient": 1, "reason": "why", "approved_by": "somebody"},
    ],
    "Targets": [{"salesperson_id": "S1", "year": 2026, "target": number} for number in (1, 2)],
    "Policies": [
        {"policy": "advance_rate", "value": "1.5"},
        {"policy": "advance_method", "value": "weekly"},
        {"policy": "uplift_month", "value": "6"},
    ],
    "Opening Balances": [{"salesperson_id": "S1", "year": 2026, "amount": 5}],
}  # fmt: skip
MARKED = {
    "Accounts": {"error A3", "error A4"},
    "Account Tiers": {"error B3", "look A4", "error A2", "error C2", "error A5", "error C5"},
    "Salespeople": {"error E2", "error A4"},
    "Assignments": {
        "look E2", "error C4", "error C5", "error B6", "error C6", "error E6", "look A6",
        *(f"error {column}{row}" for row in (8, 9) for column in "ABDE"),
    },
    "Sales": {"error D3", "error E3", "error A2", "error C4", "error D4", "error B5", "error D5"},
    "Adjustments": {
        "error F2", "error A2", "error F3", "error G4", "error F5", "look F6", "look G6",
    },
    "Year-End Review": {"error C2", "error E2", "error D3", "error A4"},
    "Targets": {"error A2", "error B2", "error A3", "error B3"},
    "Policies": {"error B5", "error B6", f"error A{len(POLICIES) + 2}"},
    "Opening Balances": {"look C2"},
}  # fmt: skip
"""What is coloured in WRONG: severity and cell."""


def book_of(path: Path, language: Language, rows: dict[str, list[Row]]) -> Any:  # noqa: ANN401 openpyxl has no types
    create_workbook(path, language, 2026, rows)
    return load_workbook(path)


def calculated(book: Path, folder: Path) -> Path:
    """Have LibreOffice open a workbook, calculate it and save it."""
    assert OFFICE is not None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    form = "xlsx:Calc MS Excel 2007 XML"
    command = [
        OFFICE,
        profile,
        "--headless",
        "--convert-to",
        form,
        "--outdir",
        str(folder / "out"),
        str(book),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "out" / book.name


def spelled_out(book: Any, table: Table, language: Language) -> Iterator[tuple[str, str, str]]:  # noqa: ANN401
    """Write each highlight's formula into cells beside the table: (its cell, severity, the cell coloured)."""
    sheet = book[title_of(table, language)]
    column = 40
    for mark in highlights(table):
        for piece in mark.cells.split():
            first, _, last, _ = range_boundaries(piece)
            for target in range(first, last + 1):
                column += 1
                for row in range(
                    2, len(WRONG[table.name]) + 2 if table.name != "Policies" else len(POLICIES) + 3
                ):
                    origin = sheet.cell(2, first).coordinate
                    formula = f"={mark.formula}"
                    place = sheet.cell(row, target).coordinate
                    sheet.cell(row, column, Translator(formula, origin).translate_formula(place))
                    yield sheet.cell(row, column).coordinate, mark.severity, place


@needs_office
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_mistakes_are_coloured_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    language: Language = "en"
    book = book_of(path, language, WRONG)
    beside = {name: list(spelled_out(book, TABLE[name], language)) for name in WRONG}
    book.save(path)
    shown = load_workbook(calculated(path, tmp_path), data_only=True)
    for name, cells in beside.items():
        sheet = shown[title_of(TABLE[name], language)]
        values = {place: sheet[place].value for place, _, _ in cells}
        assert set(values.values()) <= {True, False, "#VALUE!", "#N/A"}, name
        found = {f"{severity} {target}" for place, severity, target in cells if values[place] is True}
        assert found == MARKED[name], name


@needs_office
@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_rows_that_are_appended_come_through_libreoffice_and_lists_are_as_long_as_their_tables(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    rows = demo_rows(2026, "zh")
    book = book_of(path, "zh", {name: [*given] for name, given in rows.items()})
    sales = book["销售明细"]
    count = sales.max_row
    for column, value in enumerate(("INV-NEW", date(2026, 12, 31), "A01", 1234.5), start=1):
        sales.cell(count + 1, column, value)
    sales.tables["Sales"].ref = f"A1:E{count + 1}"
    counts = book.create_sheet("Counts")
    lists = {
        "AccountIDs": (len(rows["Accounts"]), "A09"),
        "TieredAccountIDs": (len(rows["Account Tiers"]), "A04"),
        "AssignedAccountIDs": (len(rows["Assignments"]), "A08"),
        "SalespersonIDs": (len(rows["Salespeople"]), "S07"),
        "TierNames": (3, "重要客户"),
        "PolicyNames": (len(POLICIES), [*NOTES][-1]),
    }
    for name in lists:
        counts.append((f"=ROWS({name})", f"=INDEX({name},ROWS({name}))"))
    book.save(path)
    saved = calculated(path, tmp_path)
    for each in (path, saved):
        with Package.open(each) as package:
            read = read_workbook(package)
        assert not read.problems
        assert read.language == "zh"
        assert len(read.inputs.sales.row) == count
        assert read.inputs.sales.sale_id[-1] == "INV-NEW"
        assert read.inputs.sales.gross[-1] == 123_450
    shown = load_workbook(saved, data_only=True)
    assert [tuple(row) for row in shown["Counts"].values] == list(lists.values())
    validations = shown["销售明细"].data_validations.dataValidation
    assert {each.formula1 for each in validations} >= {"AccountIDs"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_cell_says_what_belongs_there(language: Language) -> None:
    book = load_workbook(template_path(language))
    for table in INPUT_TABLES:
        end = last_row(table)
        given = {str(v.sqref): v for v in book[title_of(table, language)].data_validations.dataValidation}
        for column in table.columns:
            letter = letter_of(table, column.field)
            validation = given.pop(f"{letter}2:{letter}{end}")
            assert validation.prompt == note_of(table, column, language)
            assert validation.promptTitle
            assert len(validation.promptTitle) <= 32
            assert len(validation.prompt) <= 255
            assert len(validation.formula1 or "") <= 255
            assert validation.showInputMessage
            if column.kind in ("day", "amount", "rate", "month", "period", "integer"):
                assert (validation.showErrorMessage, validation.errorStyle) == (True, "stop"), column
        assert not given


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_formulas_refer_to_other_sheets_by_name_only(language: Language) -> None:
    book = load_workbook(template_path(language))
    assert not {name.casefold() for name in book.defined_names} & {
        t.table_name.casefold() for t in INPUT_TABLES
    }
    for table in INPUT_TABLES:
        for mark in highlights(table):
            assert "!" not in mark.formula
            assert "OFFSET" not in mark.formula
            assert "INDIRECT" not in mark.formula
    for name in book.defined_names.values():
        sheet = name.attr_text.split("'")[1]
        assert sheet in book.sheetnames


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_newcomer_does_not_need_is_out_of_sight(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "book.xlsx"
    book = book_of(path, language, {})
    sheet = book[title_of(TABLE["Policies"], language)]
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    assert list(rows) == list(NOTES)
    assert set(NOTES) == set(POLICIES)
    hidden = [name for name, row in rows.items() if sheet.row_dimensions[row].hidden]
    assert hidden == [name for name in NOTES if name not in COMMON_POLICIES]
    assert {sheet.cell(rows[name], 7).value for name in hidden} == {ADVANCED[language == "zh"]}
    if language == "zh":
        assert all(sheet.cell(row, 4).value.startswith(POLICIES[name].zh) for name, row in rows.items())
    tables = {title_of(table, language): table.name for table in INPUT_TABLES}
    unseen = [tables.get(each.title, each.title) for each in book if each.sheet_state == "hidden"]
    assert unseen == [*SCORING, LISTS[language]]
    with Package.open(path) as package:
        assert not read_workbook(package).problems


def test_a_hidden_policy_is_shown_when_it_is_given_and_reported_when_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = book_of(path, "en", {"Policies": [{"policy": "negative_balance", "value": "collect"}]})
    sheet = book["Policies"]
    row = next(row for row in range(2, 30) if sheet.cell(row, 1).value == "negative_balance")
    assert not sheet.row_dimensions[row].hidden
    assert sheet.row_dimensions[row + 1].hidden
    sheet.row_dimensions[row].hidden = True
    book.save(path)
    with Package.open(path) as package:
        warning, unapproved = read_workbook(package).problems
    assert "without Approved By" in unapproved.sentence
    assert (warning.table, warning.row, warning.severity) == ("Policies", row, "warning")
    assert "1 hidden or filtered rows" in warning.sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_inputs_and_results_are_told_apart_and_required_headers_are_darker(language: Language) -> None:
    book = load_workbook(template_path(language))
    colours = {book[title_of(table, language)].sheet_properties.tabColor.rgb for table in INPUT_TABLES}
    assert len(colours) == 1
    assert book[START[language]].sheet_properties.tabColor.rgb not in colours
    for table in INPUT_TABLES:
        sheet = book[title_of(table, language)]
        assert next(iter(sheet.tables.values())).tableStyleInfo.name == book._table_styles.tableStyle[0].name
        fills = {
            cell.fill.fgColor.rgb: column.required or column.filled
            for cell, column in zip(sheet[1], table.columns, strict=False)
        }
        for colour, must in fills.items():
            brightness = sum(int(colour[place : place + 2], 16) for place in (2, 4, 6))
            assert (brightness < 300) == must


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_found_in_the_templates_or_the_demo(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, language, 2026, demo_rows(2026, language))
    for book in (template_path(language), path):
        assert not OpenXmlValidator(max_errors=1000).validate(str(book)).errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_notes_stand_on_one_line(language: Language) -> None:
    book = load_workbook(template_path(language))
    for name, letter in (("Policies", "D"), ("Scorecard", "E")):
        sheet = book[title_of(TABLE[name], language)]
        width = sheet.column_dimensions[letter].width
        notes = [cell.value for cell in sheet[letter][1:]]
        assert all(notes)
        assert max(map(display_width, notes)) < width - 2
