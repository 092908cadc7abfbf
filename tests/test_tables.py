"""The tables' records: where a cell stood, a log without rows, what of a table is recorded."""

from __future__ import annotations

from dataclasses import fields

from keyaccount import tables
from keyaccount.tables import Located, MaintenanceColumns
from keyaccount.tables.recorded import recorded_columns


def test_a_cell_is_named_by_its_columns_letters_or_the_first_column() -> None:
    sheet = Located("Sales", 1, {"Date": "B"})
    assert (sheet.cell(7, "Date"), sheet.cell(7, "Gross Amount"), sheet.cell(1, "Date")) == ("B7", "A7", "B1")
    assert sheet.cell(0, "Date") == ""


def test_a_row_from_elsewhere_is_named_as_its_source_knows_it() -> None:
    source = Located("Sales", 1, {"Date": "B"}, source="sales.csv", places={7: "sales.csv:9"})
    assert (source.cell(7, "Date"), source.cell(8, "Date"), source.cell(0, "Date")) == ("sales.csv:9", "", "")


def test_an_empty_log_has_every_column_and_no_row() -> None:
    empty = MaintenanceColumns.empty()
    assert len(empty) == 0
    assert {len(getattr(empty, field.name)) for field in fields(empty)} == {0}
    kinds = {field.name: getattr(empty, field.name).dtype.kind for field in fields(empty)}
    assert {name for name, kind in kinds.items() if kind == "O"} == {
        "account_id", "salesperson_id", "kind", "outcome",
    }  # fmt: skip
    assert {name: kind for name, kind in kinds.items() if kind not in "Oi"} == {}


def test_contact_fields_and_free_text_are_not_recorded() -> None:
    accounts = {column.field for column in recorded_columns(tables.ACCOUNTS)}
    assert {"account_id", "name", "industry"} <= accounts
    assert not {"contact", "phone", "special_needs"} & accounts
    assert recorded_columns(tables.TIERS) == tables.TIERS.columns


def test_a_column_is_found_by_its_fields_name() -> None:
    assert tables.SALES.column("gross").en == "Gross Amount"


def test_an_excel_tables_name_is_the_sheets_without_spaces_and_hyphens() -> None:
    assert tables.TABLE["Year-End Review"].table_name == "YearEndReview"
    assert tables.TABLE["Account Tiers"].table_name == "AccountTiers"
