"""The fault list: what an odd, wrong or hostile workbook comes to, one case a line.

Each is a workbook with one fault, run as ``keyaccount advance … 2026-01 --preview``. Its bytes stay as they
are, nothing is left beside it, and what is said on standard error is one line.
"""

from __future__ import annotations

import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from keyaccount.cli import main
from keyaccount.problems import FileProblem
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from tests.fault_books import (
    DOCTYPE,
    NEW_YEAR,
    OLE2,
    SALES_PART,
    Make,
    account,
    account_called,
    adjustment,
    amount,
    as_bytes,
    changed_bit,
    day,
    header,
    in_openpyxl,
    lying_size,
    old_date_system,
    packed,
    part,
    sales,
    shares,
    sheets,
    strings,
    twice,
)
from tests.workbook.reading import (
    ENGLISH,
    SALES_HEADER,
    number,
    openpyxl_book,
    sale,
    text,
)

NOT_READ: dict[str, tuple[Make, str]] = {
    "a zip bomb": (part("xl/media/a.bin", bytes(300 << 20)), "would swell from"),
    "a bomb that hides its size": (lying_size, "damaged in its part xl/worksheets/sheet5"),
    "an outside entity in a sheet": (part(SALES_PART, lambda xml: DOCTYPE + xml), "a DOCTYPE"),
    "an outside entity in the styles": (
        part("xl/styles.xml", lambda xml: DOCTYPE + xml),
        "its part xl/styles.xml has a DOCTYPE",
    ),
    "a DOCTYPE behind a long comment": (
        part(SALES_PART, lambda xml: b"<!--" + b" " * 5000 + b"-->" + DOCTYPE + xml),
        "a DOCTYPE",
    ),
    "a billion laughs among the texts": (strings("&a;"), "undefined entity"),
    "one changed bit": (changed_bit, "damaged in its part xl/worksheets/sheet5.xml"),
    "a part that is there twice": (twice, "holds the part xl/worksheets/sheet5.xml twice"),
    "an empty file": (as_bytes(b""), "is empty (0 bytes)"),
    "a text file, renamed": (as_bytes("单号,日期\n".encode("gb18030")), "a text file (such as CSV)"),
    "an old .xls, renamed": (as_bytes(OLE2 + "Workbook".encode("utf-16-le")), "an old Excel workbook"),
    "a binary .xlsb, renamed": (
        part("_rels/.rels", lambda xml: xml.replace(b"workbook.xml", b"workbook.bin")),
        "a binary Excel workbook (.xlsb)",
    ),
    "an .ods, renamed": (
        lambda path: packed(path, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "an OpenDocument file (such as .ods)",
    ),
    "an encrypted workbook": (
        as_bytes(OLE2 + "EncryptedPackage".encode("utf-16-le")),
        "is encrypted with a password",
    ),
}
"""The file cannot be read (exit code 5), and why."""

NAMED: dict[str, tuple[Make, str]] = {
    "a row number beyond the sheet": (sales(sale(2) + sale(999_999_999)), "lies outside the sheet"),
    "two columns of the same header": (
        header(*SALES_HEADER, "Gross Amount"),
        "is there more than once: in D1, F1",
    ),
    "a missing column": (header("Sale ID", "Date", "Account ID"), "Gross Amount"),
    "merged headers": (in_openpyxl(lambda book: book["Sales"].merge_cells("C1:D1")), "Gross Amount"),
    "the same cell twice": (amount(number("D2", 1) + number("D2", 2)), "This cell is in the file twice"),
    "the same row twice": (sales(sale(2) + sale(2)), "Row 2 is in the file twice"),
    "a cell with another row's address": (amount(number("D9", 1)), "has the address of another place"),
    "a formula that was never calculated": (amount('<c r="D2"><f>1+1</f></c>'), "not been calculated"),
    "#N/A": (amount('<c r="D2" t="e"><v>#N/A</v></c>'), "shows an error"),
    "#SPILL!": (amount('<c r="D2" t="e"><v>#SPILL!</v></c>'), "shows an error"),
    "#DIV/0! as a formula's text": (
        amount('<c r="D2" t="str"><f>1/0</f><v>#DIV/0!</v></c>'),
        "shows an error",
    ),
    "(1,234.50) as text": (amount(text("D2", "(1,234.50)")), "Gross Amount is negative: -1,234.50"),
    "1_000, which Python takes for 1000": (amount(number("D2", "1_000")), "This is not a number"),
    "full-width digits in a number cell": (amount(number("D2", "１２３")), "This is not a number"),
    "Arabic digits in a number cell": (amount(number("D2", "١٢٣")), "This is not a number"),
    "NaN": (amount(number("D2", "NaN")), "This is not a number"),
    "INF": (amount(number("D2", "INF")), "This is not a number"),
    "1e400": (amount(number("D2", "1e400")), "beyond what a cell can hold"),
    "1e308": (amount(number("D2", "1e308")), "more than 15 digits"),
    "9007199254740993, which a float rounds": (
        amount(number("D2", "9007199254740993")),
        "more than 15 digits",
    ),
    "30 digits": (amount(number("D2", "1" * 30)), "more than 15 digits"),
    "three decimals": (amount(number("D2", "1.005")), "more than two decimals"),
    "TRUE": (amount('<c r="D2" t="b"><v>1</v></c>'), "This is not an amount"),
    "元 behind the number": (amount(text("D2", "5元")), "This is not an amount"),
    "a blank amount": (amount(""), "Gross Amount is blank"),
    "31/01/2026 as text": (day(text("B2", "31/01/2026")), "This is not a date"),
    "an undated number": (day(number("B2", 46_027)), "This is a number, not a date"),
    "an ISO date with a zone": (day('<c r="B2" t="d"><v>2026-01-31T23:00:00Z</v></c>'), "This is not a date"),
    "serial 60, 29 February 1900": (day(number("B2", 60, 1)), "29 February 1900"),
    "serial -1": (day(number("B2", -1, 1)), "This number is no date"),
    "serial 3,000,000,000": (day(number("B2", "3e9", 1)), "This number is no date"),
    "a zero-width space in an ID": (
        account("A\u200b01"),
        "differ only by case, width or spaces; they count as two",
    ),
    "another case of an ID": (account("a01"), "differ only by case, width or spaces; they count as two"),
    "full-width letters in an ID": (
        account("Ａ０１"),
        "differ only by case, width or spaces; they count as two",
    ),
    "an escaped NUL in an ID": (account("A01_x0000_"), "Account A01_x0000_ is on none of Accounts"),
    "a sale that was entered twice": (
        sheets(Sales=[*ENGLISH["Sales"], ENGLISH["Sales"][1]]),
        "is there twice",
    ),
    "a return above its sale": (
        adjustment("R1", date(2026, 1, 9), "return", "A01", 9999, "X1"),
        "above its net amount",
    ),
    "a return of an unknown sale": (adjustment("R1", date(2026, 1, 9), "return", "A01", 5, "X9"), "X9"),
    "a sale of an unknown account": (account("A99"), "A99"),
    "two tiers on one day": (
        sheets(Account_Tiers=[*ENGLISH["Account Tiers"], ["A01", "core", NEW_YEAR]]),
        "A01",
    ),
    "shares of 90 %": (shares(0.5, 0.4), "90"),
    "an assignment that begins too late": (
        sheets(Assignments=[ENGLISH["Assignments"][0], ["A01", "S01", 1, date(2026, 1, 20)]]),
        "2026-01-05",
    ),
}
"""A cell is named, and nothing is booked (exit code 1); where plan and fault list differ, the plan binds."""

COUNTED: dict[str, tuple[Make, str, str]] = {
    "a usual workbook": (sheets(), "1234.50", ""),
    "one cell in the farthest corner": (
        sales(sale(2)[:-6] + number("XFD2", 1) + "</row>" + sale(1_048_576)),
        "200.00",
        "",
    ),
    "a dimension that claims one cell": (sales(sale(2) + sale(3), '<dimension ref="A1"/>'), "200.00", ""),
    "a dimension that claims the whole sheet": (
        sales(sale(2), '<dimension ref="A1:XFD1048576"/>'),
        "100.00",
        "",
    ),
    "a part with a path out of the package": (part("../../outside.xml", b"<x/>"), "1234.50", ""),
    "a hidden row": (
        in_openpyxl(lambda book: setattr(book["Sales"].row_dimensions[2], "hidden", True)),
        "1234.50",
        "hidden or filtered rows hold data; they count",
    ),
    "a hidden sheet": (
        in_openpyxl(lambda book: setattr(book["Sales"], "sheet_state", "veryHidden")),
        "1234.50",
        "",
    ),
    "rows out of order": (sales(sale(3) + sale(2)), "200.00", ""),
    "1,234.50 as text": (amount(text("D2", "1,234.50")), "1234.50", ""),
    "full-width １，２３４": (amount(text("D2", "１，２３４")), "1234.00", ""),
    "-0": (amount(number("D2", "-0")), "0.00", ""),
    "0.1 + 0.2 as a computer adds it": (amount(number("D2", "0.30000000000000004")), "0.30", ""),
    "2026-01-31 as text": (day(text("B2", "2026-01-31")), "100.00", ""),
    "the last moment of January": (day(number("B2", "46053.999999999", 1)), "100.00", ""),
    "the date system of 1904": (old_date_system, "100.00", ""),
    "spaces around an ID": (account("\u00a0A01\u3000"), "200.00", "spaces"),
    "a sale of next year": (
        sheets(Sales=[*ENGLISH["Sales"], ["X9", date(2027, 5, 1), "A01", 5, None]]),
        "1234.50",
        "",
    ),
    "shares of 33.33 % and 66.67 %": (shares(0.3333, 0.6667), "1234.50", ""),
    **{
        f"an account called {name}": (account_called(name), "1234.50", "")
        for name in ("NA", "NULL", "None", "N/A", "nan", "TRUE", "=1+1", "@x", "-5")
    },
}
"""It does no harm: January's net sales, and a warning where one is due."""


def run(path: Path, make: Make, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any], list[str]]:
    """Make a workbook and run it: the exit code, what was printed, the problems and their values."""
    make(path)
    before = path.read_bytes()
    code = main(["advance", str(path), "2026-01", "--preview", "--json"])
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    said = [f"{each['problem']} {each.get('value', '')}" for each in told["problems"]]
    assert "unforeseen" not in printed.err
    assert printed.err.count("\n") == (code != 0)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    return code, told, said


@pytest.mark.parametrize("fault", NOT_READ)
def test_a_file_that_cannot_be_read_is_named(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, says = NOT_READ[fault]
    code, _, said = run(tmp_path / "book.xlsx", make, capsys)
    assert (code, len(said)) == (5, 1)
    assert says in said[0]


@pytest.mark.parametrize("fault", NAMED)
def test_a_wrong_cell_is_named(fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, says = NAMED[fault]
    code, _, said = run(tmp_path / "book.xlsx", make, capsys)
    assert code == 1
    assert any(says in each for each in said), said


@pytest.mark.parametrize("oddity", COUNTED)
def test_what_is_odd_and_right_counts(
    oddity: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make, net, warning = COUNTED[oddity]
    code, told, said = run(tmp_path / "book.xlsx", make, capsys)
    assert (code, str(sum(Decimal(each["net_sales"]) for each in told["salespeople"]))) == (0, net), said
    assert any(warning in each for each in said)


def test_a_workbook_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    whole = openpyxl_book(tmp_path / "whole.xlsx", ENGLISH).read_bytes()
    path = tmp_path / "cut.xlsx"
    for length in range(0, len(whole), 64):
        path.write_bytes(whole[:length])
        with pytest.raises(FileProblem), Package.open(path) as package:
            read_workbook(package)


def test_any_flipped_bit_is_refused_or_changes_nothing_that_counts(tmp_path: Path) -> None:
    """A zip's checksums cover every part; what they do not cover holds no amount."""
    chance = random.Random(64)
    whole = openpyxl_book(tmp_path / "whole.xlsx", ENGLISH).read_bytes()
    with Package.open(tmp_path / "whole.xlsx") as package:
        sound = read_workbook(package).input_digest
    path, same, refused = tmp_path / "flipped.xlsx", 0, 0
    for _ in range(400):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        try:
            with Package.open(path) as package:
                assert read_workbook(package).input_digest == sound
                same += 1
        except FileProblem:
            refused += 1
    assert same + refused == 400
    assert refused > 200


ELSEWHERE = {
    "limits of memory and time": ("test_child", "whatever_brings_reading_down_ends_in_one_line"),
    "a wrong password": ("test_password_stdin", "a_wrong_password_is_said"),
    "a tampered content": ("test_password_stdin", "a_changed_byte_behind_the_encryption_is_found"),
    "the quick reader errs": ("workbook/test_second_count", "a_defect_of_the_quick_way_stops_the_run"),
    "workbooks of others": ("workbook/test_reader_corpus", "every_workbook_is_refused_or_has_errors_in_time"),
    "formulas in a text": ("workbook/test_writer", "text_stays_text_as_it_was"),
    "formulas in a CSV file": ("outputs/test_export", "names_like_formulas_get_an_apostrophe"),
    "an ID that is no file name": ("outputs/test_statement_cases", "STRANGE"),
    "near-equal IDs": ("workbook/test_reader_ids", "ids_that_are_nearly_equal_are_a_warning"),
    "ten runs at once": ("workbook/test_lock", "runs_of_many_processes_never_overlap"),
    "open in Excel": ("workbook/test_lock", "a_workbook_that_is_open_elsewhere_is_refused"),
    "a full disk": ("workbook/test_save_failures", "a_disk_that_fills_up_while_writing"),
    "a killed run": ("workbook/test_save_failures", "a_killed_run_leaves_the_old_or_the_new_workbook"),
    "a read-only workbook": ("workbook/test_save", "a_write_protected_workbook_is_refused"),
    "a link to the workbook": ("workbook/test_save", "a_link_stays_a_link_and_its_target_is_replaced"),
}
"""Rows of the fault list that are tried where they belong: the module, and how the test's name begins."""


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_every_other_row_of_the_list_is_tried_where_it_belongs(fault: str) -> None:
    module, test = ELSEWHERE[fault]
    assert test in (Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8")
