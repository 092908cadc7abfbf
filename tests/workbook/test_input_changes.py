"""Changes (§Controls): what of the inputs changed between two booking runs, and how it is kept."""

from __future__ import annotations

import random
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook

from keyaccount.book import Stamp, open_book
from keyaccount.cli import main
from keyaccount.commands import check_book, regenerate_book, run_book
from keyaccount.periods import Period, to_number
from keyaccount.settlement import Command
from keyaccount.tables import CHANGES, INPUT_TABLES, NO_DAY, SNAPSHOT, recorded_columns
from keyaccount.verification import verify_book
from keyaccount.workbook.changelog import ChangeLog
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.firstsnapshot import unpack_first
from keyaccount.workbook.inputchanges import MOST_LISTED, changes_between
from keyaccount.workbook.inputsnapshot import ROWS, Snapshot, Taken, pack, snapshot_of, unpack
from tests.workbook.books import Language, parts, rewrite
from tests.workbook.demo_books import COMPANY, YEAR, needs_office, part_of, saved_by_office

STAMP = Stamp("2026-05-01T08:00:00Z", "Accountant", "PC-1")
MARCH: Mapping[str, object] = {
    "sale_id": "3",
    "date": date(2026, 3, 5),
    "account_id": "A01",
    "gross": Decimal(2000),
}
TITLES = {"en": (CHANGES.name, SNAPSHOT.name, "Ledger"), "zh": (CHANGES.zh[0], SNAPSHOT.zh[0], "提成台账")}
Rows = dict[str, list[dict[str, object]]]


def rows() -> Rows:
    """Give the small company with a sale in March, and a phone number."""
    copied = {name: [dict(row) for row in listed] for name, listed in COMPANY.items()}
    copied["Sales"].append(dict(MARCH))
    copied["Accounts"][0]["phone"] = "000-0000"
    return copied


def book_of(folder: Path, language: Language, changed: Rows | None = None) -> Path:
    """Make a workbook of the company, or of what was made of it, with the runs that ``folder`` has booked."""
    book = folder / "book.xlsx"
    book.unlink(missing_ok=True)
    create_workbook(book, language, YEAR, changed or rows())
    return book


def go(book: Path, command: Command, period: str) -> None:
    report = run_book(book, command, Period.parse(period), STAMP)
    assert not report.failed, report.problems


def first_quarter(folder: Path, language: Language = "en") -> Path:
    book = book_of(folder, language)
    for command, period in (("advance", "2026-01"), ("advance", "2026-02"), ("settle", "2026Q1")):
        go(book, command, period)  # type: ignore[arg-type]
    return book


def edit(book: Path, sheet: str, cell: str, value: object) -> None:
    """Type a value into a cell of an input sheet, as a user does."""
    opened = load_workbook(book)
    opened[sheet][cell] = value
    opened.save(book)


def listed(book: Path, language: Language = "en") -> list[tuple[object, ...]]:
    """Give the rows of Changes."""
    sheet = load_workbook(book)[TITLES[language][0]]
    assert [cell.value for cell in sheet[5]] == [
        column.zh if language == "zh" else column.en for column in CHANGES.columns
    ]
    return list(sheet.iter_rows(min_row=6, values_only=True))


def corrections(book: Path, language: Language = "en") -> list[str]:
    ledger = load_workbook(book)[TITLES[language][2]]
    return [str(row[13]) for row in ledger.iter_rows(values_only=True) if row[4] == "correction"]


def test_the_first_run_and_unchanged_inputs_list_nothing(tmp_path: Path) -> None:
    assert listed(first_quarter(tmp_path)) == []


def test_a_changed_rate_is_listed_and_the_correction_names_the_run(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    core = next(row for row in load_workbook(book)["Tiers"].iter_rows(max_col=2) if row[0].value == "core")
    edit(book, "Tiers", core[1].coordinate, 0.02)
    go(book, "advance", "2026-04")
    assert listed(book) == [(4, "Tiers", "core · –", "Rate", "1.5%", "2%")]
    assert set(corrections(book)) == {"Changes, run 4"}
    assert verify_book(book).findings == ()
    assert regenerate_book(book, check=True).saved is None


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            [
                (
                    4,
                    "Sales",
                    "2",
                    "(row removed)",
                    "Date 2026-02-05; Account ID A01; Gross Amount 3,000.00",
                    None,
                ),
                (4, "Sales", "1", "Gross Amount", "1,000.10", "1,100.10"),
                (4, "Sales", "4", "(row added)", None, "Date 2026-03-31; Account ID A01; Gross Amount 5.00"),
                (4, "Sales", "2026-04", "(new rows)", None, "2"),
            ],
        ),
        (
            "zh",
            [
                (
                    4,
                    "销售明细",
                    "2",
                    "(删除行)",
                    "日期 2026-02-05;客户编号 A01;销售额(不含税) 3,000.00",
                    None,
                ),
                (4, "销售明细", "1", "销售额(不含税)", "1,000.10", "1,100.10"),
                (4, "销售明细", "4", "(新增行)", None, "日期 2026-03-31;客户编号 A01;销售额(不含税) 5.00"),
                (4, "销售明细", "2026-04", "(新期间行数)", None, "2"),
            ],
        ),
    ],
)
def test_sales_that_came_went_or_changed_are_listed_and_a_new_months_are_counted(
    tmp_path: Path, language: Language, expected: list[tuple[object, ...]]
) -> None:
    book = first_quarter(tmp_path, language)
    opened = load_workbook(book)
    sales = opened["销售明细" if language == "zh" else "Sales"]
    sales["D2"] = 1100.10
    sales.delete_rows(3)  # the sale of February; that of March moves up
    more = (("4", date(2026, 3, 31), 5), ("5", date(2026, 4, 1), 700), ("6", date(2026, 4, 2), 800))
    for number, (sale_id, day, gross) in enumerate(more, start=4):
        for column, value in enumerate((sale_id, day, "A01", gross), start=1):
            sales.cell(number, column).value = value
    opened.save(book)
    go(book, "advance", "2026-04")
    assert listed(book, language) == expected
    assert set(corrections(book, language)) == {"Changes, run 4"}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Sales · 1 · Gross Amount: 1,000.10 → 1,100.10  [Changes!A6]"),
        ("zh", "销售明细 · 1 · 销售额(不含税): 1,000.10 → 1,100.10  [数据变更记录!A6]"),
    ],
)
def test_explain_tells_what_changed_before_a_correction(
    tmp_path: Path, language: Language, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book = first_quarter(tmp_path, language)
    edit(book, "销售明细" if language == "zh" else "Sales", "D2", 1100.10)
    go(book, "advance", "2026-04")
    ledger = load_workbook(book)[TITLES[language][2]].iter_rows(values_only=True)
    (entry,) = (row[0] for row in ledger if row[4] == "correction")
    assert main(["explain", str(book), str(entry)]) == 0
    assert expected in " ".join(capsys.readouterr().out.replace("│", " ").split()).replace(" [", "  [")


def test_each_correction_names_the_changes_since_the_last_run_of_its_year(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    for run, month in ((4, "2026-04"), (5, "2026-05")):
        edit(book, "Sales", "D2", 1000 + run)
        go(book, "advance", month)
    assert [(row[0], row[4], row[5]) for row in listed(book)] == [
        (4, "1,000.10", "1,004.00"),
        (5, "1,004.00", "1,005.00"),
    ]
    assert corrections(book) == ["Changes, run 4", "Changes, run 5"]


def test_contact_fields_are_not_kept_and_not_compared(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    with open_book(book) as opened:
        kept = snapshot_of(opened.read.columns)
    assert kept["Accounts"]["account_id"] == ["A01"]
    contact = {"contact", "phone", "preferences", "special_needs", "business_needs", "support_contact"}
    assert not contact & kept["Accounts"].keys()
    accounts = load_workbook(book)["Accounts"]
    phone = next(cell.column_letter for cell in accounts[1] if cell.value == "Phone")
    edit(book, "Accounts", f"{phone}2", "111-1111")
    go(book, "advance", "2026-04")
    assert listed(book) == []


def test_a_run_that_books_nothing_and_regenerate_leave_the_record_as_it_is(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    edit(book, "Accounts", "B2", "Sample Account A01 Ltd.")
    before = load_workbook(book)[SNAPSHOT.name]["B3"].value
    go(book, "settle", "2026Q1")
    regenerate_book(book)
    assert load_workbook(book)[SNAPSHOT.name]["B3"].value == before
    assert listed(book) == []
    go(book, "advance", "2026-04")
    assert listed(book) == [
        (4, "Accounts", "A01", "Account Name", "Sample Account A01", "Sample Account A01 Ltd.")
    ]


def test_verify_finds_an_edited_change_and_regenerate_brings_it_back(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    edit(book, "Sales", "D2", 1100.10)
    go(book, "advance", "2026-04")
    rewrite(book, {part_of(book, "Changes"): lambda text: text.replace("1,000.10", "1,100.09")})
    (found,) = verify_book(book).findings
    assert (found.sheet, found.cell, found.expected, found.found) == ("Changes", "E6", "1,000.10", "1,100.09")
    regenerate_book(book)
    assert listed(book)[0][4] == "1,000.10"
    assert verify_book(book).findings == ()


def test_an_edited_record_is_found_out_and_the_next_run_says_that_it_cannot_tell(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    edit(book, "Sales", "D2", 1100.10)
    go(book, "advance", "2026-04")
    part = part_of(book, SNAPSHOT.name)
    inputs = re.findall(r"<v>inputs</v></c><c [^>]*><v>(.)", parts(book)[part].decode())
    assert inputs == ["S"]
    rewrite(book, {part: lambda text: re.sub(r"(<v>inputs</v></c><c [^>]*><v>)S", r"\1T", text)})
    verdict = verify_book(book)
    assert [(found.sheet, found.cell) for found in verdict.findings] == [(SNAPSHOT.name, "B6")]
    edit(book, "Sales", "D2", 1200.10)
    report = run_book(book, "advance", Period.parse("2026-05"), STAMP)
    assert any("record of the inputs was edited" in problem.problem for problem in report.problems)
    assert listed(book) == [
        (4, "Sales", "1", "Gross Amount", "1,000.10", "1,100.10"),
        (5, None, None, "(not recorded)", None, None),
    ]
    assert corrections(book)[-1] == "Changes, run 5"
    assert verify_book(book).findings == ()


def test_without_the_record_the_next_run_says_that_it_cannot_tell(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    opened = load_workbook(book)
    del opened[SNAPSHOT.name], opened[CHANGES.name]
    opened.save(book)
    report = run_book(book, "advance", Period.parse("2026-04"), STAMP)
    (said,) = (problem for problem in report.problems if "is absent" in problem.problem)
    assert (said.severity, said.sheet) == ("warning", "Ledger")
    absent = "(record of the inputs was absent: changes before this run are not known)"
    assert listed(book) == [(4, None, None, absent, None, None)]
    assert not any("absent" in each.problem for each in check_book(book).problems)
    go(book, "advance", "2026-05")
    assert listed(book) == [(4, None, None, absent, None, None)]


@needs_office
def test_libreoffice_keeps_the_record(tmp_path: Path) -> None:
    book = first_quarter(tmp_path)
    edit(book, "Sales", "D2", 1100.10)
    again = saved_by_office(book, tmp_path / "out")
    assert load_workbook(again)[SNAPSHOT.name].sheet_state == "hidden"
    assert not any(found.sheet == SNAPSHOT.name for found in verify_book(again).findings)
    go(again, "advance", "2026-04")
    assert listed(again) == [(4, "Sales", "1", "Gross Amount", "1,000.10", "1,100.10")]


# --- comparing and packing -----------------------------------------------------------------------


def of_sales(ids: list[str], gross: list[int], day: date = date(2026, 1, 5)) -> dict[str, Taken]:
    count = len(ids)
    columns = {
        "sale_id": np.array(ids, np.object_),
        "date": np.full(count, to_number(day), np.int32),
        "account_id": np.array(["A01"] * count, np.object_),
        "gross": np.array(gross, np.int64),
        "discount": np.zeros(count, np.int64),
    }
    return snapshot_of({"Sales": columns})


def test_rows_that_only_moved_are_no_change() -> None:
    before, after = of_sales(["1", "2", "3"], [1, 2, 3]), of_sales(["3", "1", "2"], [3, 1, 2])
    assert changes_between(before, after, 2, date(2026, 1, 31)) == []


def test_a_changed_text_is_found_in_rows_that_moved() -> None:
    before, after = of_sales(["1", "2", "3"], [1, 1, 1]), of_sales(["1", "3", "2"], [1, 1, 1])
    before["Sales"]["account_id"] = ["A01", "A02", "A03"]
    after["Sales"]["account_id"] = ["A01", "A02", "A03"]
    found = changes_between(before, after, 2, date(2026, 1, 31))
    assert [(each.key, each.old, each.new) for each in found] == [
        (("3",), "A03", "A02"),
        (("2",), "A02", "A03"),
    ]


def test_of_many_changes_the_first_are_listed_and_the_rest_counted() -> None:
    ids = [f"S{number}" for number in range(MOST_LISTED + 50)]
    before, after = of_sales(ids, [1] * len(ids)), of_sales(ids, [2] * len(ids))
    found = changes_between(before, after, 2, date(2026, 1, 31))
    assert len(found) == MOST_LISTED + 1
    assert (found[-1].field, found[-1].new) == ("...", "50")


def test_rows_without_a_key_are_told_apart_by_content_and_number() -> None:
    def log(*kinds: str) -> Snapshot:
        count = len(kinds)
        texts = {"account_id": ["A01"] * count, "salesperson_id": ["S01"] * count, "kind": list(kinds)}
        numbers = {"date": [to_number(date(2026, 1, 5))] * count, "satisfaction": [0] * count}
        blank = dict.fromkeys(("opened", "first_response", "closed"), [-(2**63)] * count)
        columns = {
            **{name: np.array(values, np.object_) for name, values in texts.items()},
            **{name: np.array(values, np.int64) for name, values in (numbers | blank).items()},
        }
        return snapshot_of({"Maintenance": columns})

    found = changes_between(log("visit", "visit", "review"), log("visit", "event", "visit"), 2, date.max)
    assert [(each.field, each.key[3]) for each in found] == [("-", "review"), ("+", "event")]
    found = changes_between(log("visit", "visit"), log("visit"), 2, date.max)
    assert [(each.field, each.key[3]) for each in found] == [("-", "visit")]


FIRST_RECORD = """
eAEFwcFNwzAYBlCbMsl3/orsOKWVb12AC0fLqpLYgkiNI+V3BFJViRMLsAhHpmAKxBrw3p9S6oLH7pwF/gLpzvk0JviAMQno6CKR
uprhA8o69XkR0LEx7a6loY1ENwzzWuppTPABL/OSBHR0tJF4WmYR+ICyTn1eBHTc7mjoIpFGGea1VPiAsk59XgR0NDS08UocRcan
MuVSBf6CbhjmtdTTmOADxiRgQxeJOsMHlHXq8yJgw8bsjOG2se2+Pbj79kAbCXnulgwfUPNrFbDhPl6vD0oZtbH6W99sjsYqpT7177
v60OpWa31URlmttLnbqZ+vt3/wLlWh
"""


def plain(snapshot: Snapshot) -> dict[str, dict[str, list[object]]]:
    """Give a snapshot's values as lists."""
    return {name: {field: list(values) for field, values in each.items()} for name, each in snapshot.items()}


def test_a_record_of_the_first_version_is_read() -> None:
    found = unpack_first(b64decode("".join(FIRST_RECORD.split())))
    assert plain(found) == {
        "Sales": {
            "sale_id": ["N01", "N02", "N3"],
            "date": [20454, 20455, 20456],
            "account_id": ["A01", "A01", "A01"],
            "gross": [100010, -5, 300000],
            "discount": [0, 0, 0],
        },
        "Assignments": {"account_id": ["A01", "A02"], "to": [NO_DAY, 20500], "share": ["0.5", "一"]},
    }


def test_a_changed_value_is_found_against_a_record_of_the_first_version() -> None:
    before = unpack_first(b64decode("".join(FIRST_RECORD.split())))
    after = {name: Taken(table) for name, table in before.items()}
    after["Sales"]["gross"] = np.array([100010, -6, 300000])
    (found,) = changes_between(before, after, 2, date(2026, 1, 31))
    assert (found.key, found.field, found.old, found.new) == (("N02",), "gross", "-5", "-6")


@pytest.mark.parametrize("count", [1, ROWS - 1, ROWS, ROWS + 1, 2 * ROWS + 7])
def test_blocks_that_did_not_change_are_taken_over_and_changes_in_any_block_are_found(count: int) -> None:
    ids, gross = [f"N{number:06d}" for number in range(count)], list(range(count))
    before = of_sales(ids, gross)
    kept = unpack(pack(before))
    edited = [value + (place in {0, count - 1}) for place, value in enumerate(gross)]
    after = of_sales([*ids, "new"], [*edited, 5], date(2026, 1, 5))
    assert plain(unpack(pack(after, kept))) == plain(unpack(pack(after))) == plain(after)
    found = changes_between(kept, after, 2, date(2026, 1, 31))
    places = sorted({0, count - 1})
    assert [(each.key, each.field, each.old, each.new) for each in found[:-1]] == [
        ((ids[place],), "gross", str(gross[place]), str(edited[place])) for place in places
    ]
    assert (found[-1].key, found[-1].field) == (("new",), "+")
    assert changes_between(unpack(pack(after, kept)), after, 3, date(2026, 1, 31)) == []
    shorter = changes_between(unpack(pack(after, kept)), of_sales(ids, edited), 3, date(2026, 1, 31))
    assert [(each.key, each.field) for each in shorter] == [(("new",), "-")]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_packed_comes_back(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.choice([1, 2, 255, 256, 3000])
    alphabet = chance.choice(["0123456789", "AB-é客户 ", "ab\n;,\"'"])
    texts = ["".join(chance.choices(alphabet, k=chance.randrange(1, 12))) for _ in range(count)]
    numbers = [chance.choice([0, -1, 2**62, -(2**40), chance.randrange(10**9)]) for _ in range(count)]
    days = [chance.choice([NO_DAY, chance.randrange(-30_000, 30_000)]) for _ in range(count)]
    snapshot: Snapshot = {
        "Sales": {
            "ids": texts,
            "words": [chance.choice(["", "x", "客户"]) for _ in range(count)],
            "same": ["N0001"] * count,
            "numbers": np.array(numbers, np.int64),
            "days": np.array(days, np.int64),
            "blank": np.full(count, NO_DAY, np.int64),
        }
    }
    found = unpack(pack(snapshot))["Sales"]
    for name, values in snapshot["Sales"].items():
        assert list(found[name]) == list(values), name
        assert isinstance(found[name], type(values))


def test_the_record_survives_being_cut_into_cells() -> None:
    ids = [f"N{number * 7919 % 100_003:08d}" for number in range(20_000)]
    columns = {
        column.field: np.array(ids, np.object_) if column.kind == "id" else np.arange(20_000)
        for column in next(table for table in INPUT_TABLES if table.name == "Sales").columns
    }
    log = ChangeLog().then(1, {"Sales": columns}, "1", None)
    assert len(log.rows) > 7
    assert all(len(str(content)) <= 32_767 for _, content in log.rows)
    assert log.sound
    again = ChangeLog(tuple(log.rows)).then(2, {"Sales": columns}, "2", date(2026, 1, 31))
    assert again.changes == ()
    assert not ChangeLog((*log.rows[:-1], ("inputs", "AAAA"))).sound


def test_every_recorded_column_has_its_table() -> None:
    assert {table.name for table in INPUT_TABLES if recorded_columns(table)} == {t.name for t in INPUT_TABLES}
