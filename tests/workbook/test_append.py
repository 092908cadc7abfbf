"""Rows appended to input tables: where they stand, how they look, and that nothing else changes."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableColumn, TableFormula

from keyaccount.demo import demo_rows
from keyaccount.problems import Refused
from keyaccount.tables import INPUT_TABLES
from keyaccount.workbook.append import Appended, Values, append_rows
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import find_tables, read_workbook
from keyaccount.workbook.save import save
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of
from tests.workbook.books import Language, parts, rewrite

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SALES: Values = {
    "sale_id": ["=1+1", "<&>", "007"],
    "date": [date(2026, 2, 1), date(2026, 2, 2), date(2026, 2, 2)],
    "account_id": ["A1", "A1", "A1"],
    "gross": [123_456, 100, 1],
    "discount": [None, 5, None],
}
HEADERS = ("Sale ID", "Date", "Account ID", "Gross Amount", "Discount")
BOLD = Font(bold=True)


def appended(book: Path, table: str, values: Values, language: Language = "en") -> Appended:
    """Append rows in place."""
    with Package.open(book) as package:
        done = append_rows(package, find_tables(package)[table], values, language)
        save(package, done.changes, book)
    return done


def sales_of(book: Path) -> list[tuple[int, str, str, int, int]]:
    """Read the sales: row, ID, account, gross, discount."""
    with Package.open(book) as package:
        read = read_workbook(package)
        assert [p for p in read.problems if p.table == "Sales" and p.severity == "error"] == []
        sales = read.inputs.sales
        listed = (sales.row, sales.sale_id, sales.account_id, sales.gross, sales.discount)
        return list(zip(*(column.tolist() for column in listed), strict=True))


def plain(path: Path, *sales: str) -> Path:
    rows = {
        "Tiers": ["core 1.5%"],
        "Account Tiers": ["A1 core from 2026-01-01"],
        "Salespeople": ["S01"],
        "Assignments": ["A1 S01 100% from 2026-01-01"],
        "Sales": list(sales),
    }
    write_inputs(path, {name: [row_of(name, text) for text in texts] for name, texts in rows.items()})
    return path


def sheet_book(path: Path, rows: int = 2) -> tuple[openpyxl.Workbook, Worksheet]:
    """Open a plain book whose Sales hold so many rows with a look of their own."""
    plain(path, *(f"N{i} 2026-01-1{i} A1 100.00" for i in range(1, rows + 1)))
    book = openpyxl.load_workbook(path)
    sheet = book["Sales"]
    sheet["E1"] = "Discount"
    for row in range(2, rows + 2):
        sheet.cell(row, 2).number_format = "yyyy/m/d"
        sheet.cell(row, 4).number_format = "#,##0.00"
        sheet.cell(row, 4).font = BOLD
    return book, sheet


ADDED = [("=1+1", "A1", 123_456, 0), ("<&>", "A1", 100, 5), ("007", "A1", 1, 0)]


def test_rows_stand_below_the_last_one_in_its_look(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, _ = sheet_book(path)
    book.save(path)
    done = appended(path, "Sales", SALES)
    assert (done.first_row, done.last_row) == (4, 6)
    assert [row[1:] for row in sales_of(path)[2:]] == ADDED
    sheet = openpyxl.load_workbook(path)["Sales"]
    assert [sheet.cell(5, 2).number_format, sheet.cell(5, 4).number_format] == ["yyyy/m/d", "#,##0.00"]
    assert (sheet.cell(6, 4).font.b, sheet.cell(6, 1).font.b) == (True, False)
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("=1+1", "s")
    assert sheet.dimensions == "A1:E6"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("times", [1, 2])
def test_every_input_sheet_of_the_template_takes_its_own_rows_again(
    tmp_path: Path, language: Language, times: int
) -> None:
    source, target = tmp_path / "demo.xlsx", tmp_path / "target.xlsx"
    create_workbook(source, language, 2026, demo_rows(2026, language))
    create_workbook(target, language, 2026, demo_rows(2026, language) if times == 2 else None)
    before = parts(target)
    with Package.open(source) as package:
        inputs = read_workbook(package).inputs
    for table in INPUT_TABLES:
        rows = getattr(inputs, table.name.lower().replace(" ", "_").replace("-", "_"), ())
        if table.name in ("Sales", "Adjustments", "Maintenance") or not rows:
            continue
        values = {c.field: [getattr(row, c.field, None) for row in rows] for c in table.columns}
        done = appended(target, table.name, values, language)
        assert done.last_row - done.first_row + 1 == len(rows)
    with Package.open(target) as package:
        read = read_workbook(package)
        assert [p for p in read.problems if p.severity == "error"] == []
        for name in ("accounts", "account_tiers", "assignments", "targets", "company_sales"):
            got = [row.__class__ for row in getattr(read.inputs, name)]
            assert len(got) == len(getattr(inputs, name)) * times
            last = getattr(read.inputs, name)[-1]
            expected = getattr(inputs, name)[-1]
            assert {f: getattr(last, f) for f in last.__slots__ if f != "row"} == {
                f: getattr(expected, f) for f in expected.__slots__ if f != "row"
            }
    changed = {name for name, data in parts(target).items() if before[name] != data}
    assert all(name.startswith(("xl/worksheets/sheet", "xl/tables/table")) for name in changed)


def test_an_empty_table_of_the_template_is_filled_from_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, "en", 2026)
    done = appended(path, "Sales", SALES)
    assert done.first_row == 2
    assert [row[1:] for row in sales_of(path)] == ADDED


def test_all_other_parts_keep_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, "en", 2026, demo_rows(2026, "en"))
    before = parts(path)
    done = appended(path, "Sales", SALES)
    after = parts(path)
    assert {name for name, data in after.items() if before.get(name) != data} == set(done.changes)
    assert sorted(name.partition("/")[2].partition("/")[0] for name in done.changes) == [
        "tables",
        "worksheets",
    ]


def test_the_excel_table_and_its_filter_grow(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet.add_table(Table(displayName="Sales", ref="A1:E3"))
    book.save(path)
    appended(path, "Sales", SALES)
    table = openpyxl.load_workbook(path)["Sales"].tables["Sales"]
    assert (table.ref, table.autoFilter.ref) == ("A1:E6", "A1:E6")
    assert len(sales_of(path)) == 5


def test_a_plain_sheets_filter_grows_with_its_hidden_name(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet.auto_filter.ref = "A1:E3"
    sheet.auto_filter.add_filter_column(2, ["A1"])
    book.save(path)
    before = parts(path)["xl/workbook.xml"].decode()
    assert "$A$1:$E$3" in before
    appended(path, "Sales", SALES)
    assert openpyxl.load_workbook(path)["Sales"].auto_filter.ref == "A1:E6"
    assert parts(path)["xl/workbook.xml"].decode() == before.replace("$A$1:$E$3", "$A$1:$E$6")


def test_lists_and_colours_reach_down_over_the_new_rows(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    for area in ("D2:D3", "A1:E1", "G2:G3", "C2:C5000"):
        rule = CellIsRule(operator="lessThan", formula=["0"], fill=PatternFill("solid", bgColor="FF0000"))
        sheet.conditional_formatting.add(area, rule)
    validation = DataValidation(type="list", formula1='"A1,A2"', allow_blank=True)
    validation.add("C2:C3")
    sheet.add_data_validation(validation)
    book.save(path)
    appended(path, "Sales", SALES)
    sheet = openpyxl.load_workbook(path)["Sales"]
    areas = {str(each.sqref) for each in sheet.conditional_formatting}
    assert areas == {"D2:D6", "A1:E1", "G2:G3", "C2:C5000"}
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C2:C6"


def test_lists_in_excels_own_extension_reach_down_too(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, _ = sheet_book(path)
    book.save(path)
    extension = (
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:dataValidations xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1">'
        '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Salespeople!$A$2:$A$9</xm:f>'
        "</x14:formula1><xm:sqref>C2:C3 H1</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
        "</extLst>"
    )
    part = "xl/worksheets/sheet5.xml"
    rewrite(path, {part: lambda text: text.replace("</worksheet>", f"{extension}</worksheet>")})
    appended(path, "Sales", SALES)
    assert "<xm:sqref>C2:C6 H1</xm:sqref>" in parts(path)[part].decode()


def test_rows_that_were_formatted_beforehand_keep_their_look(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    for row in (4, 5):
        sheet.cell(row, 4).number_format = "0.000"
        sheet.cell(row, 2).number_format = "d mmm yyyy"
    sheet.row_dimensions[5].hidden = True
    book.save(path)
    appended(path, "Sales", SALES)
    assert [row[1:] for row in sales_of(path)[2:]] == ADDED
    sheet = openpyxl.load_workbook(path)["Sales"]
    formats = [sheet.cell(row, 4).number_format for row in (4, 5, 6)]
    assert formats == ["0.000", "0.000", "#,##0.00"]
    assert not sheet.row_dimensions[5].hidden


def test_what_stands_far_below_or_beside_the_table_stays(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet["H5"], sheet["H20"] = "a note beside", "a note below"
    book.save(path)
    appended(path, "Sales", SALES)
    sheet = openpyxl.load_workbook(path)["Sales"]
    assert (sheet["H5"].value, sheet["H20"].value, sheet["A5"].value) == (
        "a note beside",
        "a note below",
        "<&>",
    )


def test_hidden_rows_stay_hidden_and_the_new_ones_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet.row_dimensions[3].hidden = True
    book.save(path)
    appended(path, "Sales", SALES)
    dimensions = openpyxl.load_workbook(path)["Sales"].row_dimensions
    assert [row for row in range(1, 7) if dimensions[row].hidden] == [3]


def test_the_users_own_calculated_column_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet["F1"] = "Net"
    for row in (2, 3):
        sheet.cell(row, 6).value = f"=D{row}-E{row}"
    table = Table(displayName="Sales", ref="A1:F3")
    formula = TableFormula(attr_text="Sales[[#This Row],[Gross Amount]]*2")
    table._initialise_columns()
    for column, header in zip(table.tableColumns, (*HEADERS, "Net"), strict=True):
        column.name = header
    table.tableColumns[5] = TableColumn(id=6, name="Net", calculatedColumnFormula=formula)
    sheet.add_table(table)
    book.save(path)
    appended(path, "Sales", SALES)
    assert openpyxl.load_workbook(path)["Sales"]["F5"].value == "=Sales[[#This Row],[Gross Amount]]*2"
    assert b'fullCalcOnLoad="1"' in parts(path)["xl/workbook.xml"]


def test_formulas_waiting_below_a_plain_table_go_with_the_new_rows(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet["F1"] = "Net"
    for row in range(2, 30):
        sheet.cell(row, 6).value = f"=D{row}-E{row}"
    book.save(path)
    done = appended(path, "Sales", SALES)
    sheet = openpyxl.load_workbook(path)["Sales"]
    assert (done.first_row, sheet["F5"].value, sheet["A5"].value) == (4, "=D5-E5", "<&>")


def test_a_totals_row_stands_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet["D4"] = "=SUBTOTAL(109,Sales[Gross Amount])"
    sheet.add_table(Table(displayName="Sales", ref="A1:E4", totalsRowCount=1))
    book.save(path)
    before = path.read_bytes()
    with pytest.raises(Refused, match="totals row"):
        appended(path, "Sales", SALES)
    assert path.read_bytes() == before


def test_another_table_below_stands_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet.add_table(Table(displayName="Sales", ref="A1:E3"))
    for column, text in enumerate(("x", "y"), start=7):
        sheet.cell(5, column).value = text
    sheet.add_table(Table(displayName="Other", ref="G5:H6"))
    book.save(path)
    appended(path, "Sales", SALES)  # beside it: nothing in the way
    book, sheet = sheet_book(tmp_path / "below.xlsx")
    sheet.add_table(Table(displayName="Sales", ref="A1:E3"))
    sheet["E5"], sheet["F5"] = "x", "y"
    sheet.add_table(Table(displayName="Other", ref="E5:F6"))
    book.save(tmp_path / "below.xlsx")
    with pytest.raises(Refused, match="E5:F6"):
        appended(tmp_path / "below.xlsx", "Sales", SALES)


def test_merged_cells_below_stand_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, sheet = sheet_book(path)
    sheet.merge_cells("B6:D6")
    book.save(path)
    with pytest.raises(Refused, match="B6:D6"):
        appended(path, "Sales", SALES)


def test_dates_take_the_1904_system_of_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    plain(path, "N1 2026-01-10 A1 100.00")
    book = openpyxl.load_workbook(path)
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for name in ("Tiers", "Account Tiers", "Assignments", "Sales"):
        for row in book[name].iter_rows(min_row=2):
            for cell in row:
                cell.value = cell.value.isoformat() if isinstance(cell.value, datetime) else cell.value
    book["Sales"]["B2"] = date(2026, 1, 10)
    book.save(path)
    appended(path, "Sales", SALES)
    with Package.open(path) as package:
        assert package.date1904
        sales = read_workbook(package).inputs.sales
    assert sales.date.tolist()[1] == (date(2026, 2, 1) - date(1970, 1, 1)).days


def test_a_sheet_with_text_dates_keeps_writing_them_as_text(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_inputs(path, {"Sales": [row_of("Sales", "N1 2026-01-10 A1 100.00")]}, "text")
    appended(path, "Sales", SALES)
    assert openpyxl.load_workbook(path)["Sales"]["B3"].value == "2026-02-01"


def test_an_empty_plain_sheet_gets_true_dates(tmp_path: Path) -> None:
    path = plain(tmp_path / "book.xlsx")
    log = openpyxl.load_workbook(path)
    sheet = log.create_sheet("Maintenance")
    sheet.append(["Date", "Account ID", "Salesperson ID", "Kind", "Opened", "Satisfaction"])
    log.save(path)
    appended(
        path,
        "Maintenance",
        {
            "date": [date(2026, 5, 1)],
            "account_id": ["A1"],
            "salesperson_id": ["S01"],
            "kind": ["issue"],
            "opened": [datetime(2026, 5, 1, 9, 30)],  # noqa: DTZ001 a workbook's time has no zone
            "satisfaction": [4],
        },
    )
    sheet = openpyxl.load_workbook(path)["Maintenance"]
    assert [cell.value for cell in sheet[2]] == [
        datetime(2026, 5, 1),  # noqa: DTZ001
        "A1",
        "S01",
        "issue",
        datetime(2026, 5, 1, 9, 30),  # noqa: DTZ001
        4,
    ]


def test_a_part_with_prefixed_names_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book, _ = sheet_book(path)
    book.save(path)

    def prefixed(text: str) -> str:
        head, _, body = text.partition("<worksheet")
        body = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", body)
        return f"{head}<x:worksheet{body.replace('xmlns=', 'xmlns:x=', 1)}"

    rewrite(path, {"xl/worksheets/sheet5.xml": prefixed})
    appended(path, "Sales", SALES)
    assert [row[1:] for row in sales_of(path)[2:]] == ADDED


def test_rates_words_and_lists_are_written_as_the_workbook_says_them(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    create_workbook(path, "zh", 2026)
    appended(
        path,
        "Account Tiers",
        {
            "account_id": ["A1"],
            "tier": ["strategic"],
            "effective_from": [date(2026, 1, 1)],
            "event": ["new"],
            "credited_to": [("S01", "S02")],
        },
        "zh",
    )
    appended(path, "Tiers", {"tier": ["own"], "rate": [Decimal("0.0175")], "rank": [4]}, "zh")
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["客户等级记录"][2]][:5] == [
        "A1",
        "战略客户",
        datetime(2026, 1, 1),  # noqa: DTZ001
        "新开发",
        "S01;S02",
    ]
    assert [cell.value for cell in book["等级提成比例"][5]][:2] == ["own", 0.0175]
