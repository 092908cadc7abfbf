"""``keyaccount anonymise``: nothing of the original's people is in the copy, and all of its amounts are."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from keyaccount import tables
from keyaccount.book import Stamp, open_book
from keyaccount.clauses.approvals import approval_of
from keyaccount.cli import main
from keyaccount.commands import run_book
from keyaccount.demo import demo_rows
from keyaccount.ledger import first_break
from keyaccount.outputs.anonymise import aliases, inputs
from keyaccount.outputs.anonymise.aliases import aliases_of
from keyaccount.periods import Period
from keyaccount.problems import Refused
from keyaccount.settlement import Command
from keyaccount.tables import INPUT_TABLES
from keyaccount.verification import verify_book
from keyaccount.workbook.append import Values, append_rows
from keyaccount.workbook.create import create_workbook, empty_template, write_new
from keyaccount.workbook.reader import find_tables
from keyaccount.workbook.save import changed_package
from keyaccount.workbook.shipped import Language
from tests import companies, company_runs
from tests.company import Company

Rows = dict[str, Any]
Made = Callable[[Language], tuple[Path, Path]]
STAMP = Stamp("2026-07-01T00:00:00Z", "secretuser", "secretcomputer")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccf"
    "c0f01f0005050201cfa94e5d0000000049454e44ae426082"
)


def secret(row: int, field: str) -> str:
    """Give a text that can be nothing else."""
    return f"Qz{field.replace('_', '')}{row}Zq"


def secret_rows(language: Language) -> Rows:
    """Give the demo's rows with every ID, name and text as a secret of its own."""
    rows: Rows = {name: [dict(row) for row in table] for name, table in demo_rows(2026, language).items()}
    for table in INPUT_TABLES:
        for number, row in enumerate(rows.get(table.name, ())):
            for column in table.columns:
                value = row.get(column.field)
                if not value:
                    continue
                if column.kind == "id":
                    row[column.field] = f"Qz{column.field[:3]}{value}Zq"
                elif column.kind == "ids":
                    row[column.field] = ";".join(f"Qzsal{one}Zq" for one in value.split(";"))
                elif column.kind == "text" and table is not tables.POLICIES:
                    row[column.field] = secret(number, column.field)
    rows["Policies"] = [{"policy": "company", "value": "Qzcompany1Zq", "note": "Qznote1Zq"}]
    rows["Adjustments"][0] |= {"approved_by": "Qzboss1Zq", "document_no": "Qzdoc1Zq"}
    rows["Maintenance"] = [
        {
            "date": date(2026, 2, 3),
            "account_id": rows["Accounts"][0]["account_id"],
            "salesperson_id": rows["Salespeople"][0]["salesperson_id"],
            "kind": "issue",
            "opened": datetime(2026, 2, 3, 9, 30),  # noqa: DTZ001 a workbook's time has no zone
            "channel": "Qzchannel1Zq",
            "outcome": "Qzoutcome1Zq",
        }
    ]
    rows["Payments Made"] = [
        {
            "salesperson_id": rows["Salespeople"][0]["salesperson_id"],
            "period": "2026-01",
            "amount": Decimal("12.34"),
            "voucher": "Qzvoucher1Zq",
        }
    ]
    return rows


def secret_book(path: Path, language: Language) -> Path:
    """Make a workbook of secrets, run its first half-year, and add what a company adds to a workbook."""
    create_workbook(path, language, 2026, secret_rows(language))
    for command, period in company_runs.calendar(2026)[:8]:
        assert run_book(path, command, Period.parse(period), STAMP).booked  # type: ignore[arg-type]
    approve(path)
    book = openpyxl.load_workbook(path)
    sheet = book["Accounts" if language == "en" else "大客户档案"]
    sheet["B2"].comment = Comment("Qzcomment1Zq", "Qzauthor1Zq")
    sheet["T1"], sheet["T2"] = "Qzheader1Zq", "Qzextra1Zq"
    sheet["A2"].hyperlink = "https://qzlink1zq.example/"
    sheet.oddHeader.center.text = "Qzprinted1Zq"
    own = book.create_sheet("Qzsheet1Zq")
    own["A1"] = "Qzcell1Zq"
    accounts = sheet["A2"].value, sheet["B2"].value, sheet["D2"].value
    own["A3"], own["B3"], own["C3"] = accounts
    own["A4"] = f"see {accounts[0]}, {accounts[1]} ({accounts[2]})"
    own["A5"], own["B5"], own["C5"] = 12.5, date(2026, 5, 1), "=1+1"
    own.add_image(Image(io.BytesIO(PIXEL)), "B2")
    book.defined_names["Qzname1Zq"] = DefinedName("Qzname1Zq", attr_text='"Qzvalue1Zq"')
    book.properties.creator, book.properties.title = "Qzcreator1Zq", "Qztitle1Zq"
    book.custom_doc_props.append(StringProperty(name="Qzproperty1Zq", value="Qzcustom1Zq"))
    book.save(path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Give a workbook of secrets and its copy, both made once a language."""

    @cache
    def make(language: Language) -> tuple[Path, Path]:
        folder = tmp_path_factory.mktemp(language)
        book, copy = secret_book(folder / "book.xlsx", language), folder / "copy.xlsx"
        assert main(["anonymise", str(book), "--out", str(copy)]) == 0
        return book, copy

    return make


def approve(path: Path) -> None:
    """Approve the second quarter, by the digest of its run; and object to its first entry."""
    with open_book(path) as book:
        latest = book.ledger[-1]
        added: dict[str, Values] = {
            "Approvals": {
                "period": ["2026Q2"],
                "ledger_digest": [latest.digest[:16]],
                "prepared_by": ["Qzboss1Zq"],
                "reviewed_by": ["Qzboss2Zq"],
                "approved_by": ["Qzboss3Zq"],
                "approved_on": [date(2026, 7, 2)],
                "document_no": ["Qzdoc2Zq"],
            },
            "Objections": {
                "entry": [latest.entry],
                "salesperson_id": [latest.salesperson_id],
                "raised": [date(2026, 7, 3)],
                "text": ["Qztext1Zq"],
                "answer": ["Qzanswer1Zq"],
                "answered_by": ["Qzboss1Zq"],
                "status": ["Qzstatus1Zq"],
            },
        }
        written = book.package
        for name, values in added.items():
            appended = append_rows(written, find_tables(written)[name], values, book.read.language)
            written = changed_package(written, appended.changes)
    path.unlink()
    write_new(written, {}, path)


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Give each part of a file, its name too, in small letters."""
    with zipfile.ZipFile(path) as archive:
        assert archive.comment == b""
        for name in archive.namelist():
            yield name, (name + archive.read(name).decode("utf-8", "replace")).casefold()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_secret_of_the_original_is_in_any_part_of_the_copy(made: Made, language: Language) -> None:
    book, copy = made(language)
    secrets = sum(text.count("qz") for _, text in texts(book))
    assert secrets > 1000
    for name, text in texts(copy):
        assert "qz" not in text, name
        assert "secretuser" not in text, name
        assert "secretcomputer" not in text, name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_copy_is_whole_and_settles_to_the_same_amounts(
    made: Made, tmp_path: Path, language: Language
) -> None:
    book, copy = (Path(shutil.copy(each, tmp_path)) for each in made(language))
    assert same_ledger(book, copy) > 0
    assert verify_book(copy).findings == ()
    for command, period in (("advance", "2026-07"), ("settle", "2026Q3")):
        reports = [run_book(each, command, Period.parse(period), STAMP) for each in (book, copy)]  # type: ignore[arg-type]
        figures = [[figure_row(each) for each in report.figures] for report in reports]
        assert figures[0] == figures[1]
        assert [each.booked for each in reports] == [reports[0].booked] * 2
    assert same_ledger(book, copy) > 0


def figure_row(figures: Any) -> tuple[int, ...]:  # noqa: ANN401 a run's figures
    return (figures.net_sales, figures.commission, figures.paid, figures.withheld, figures.carried)


def same_ledger(book: Path, copy: Path) -> int:
    """Compare two ledgers but for who is who; give how many entries they have."""
    with open_book(book) as one, open_book(copy) as other:
        assert first_break(other.ledger) is None
        pairs = list(zip(one.ledger, other.ledger, strict=True))
    for kind in ("salesperson_id", "account_id"):
        seen = {(getattr(left, kind), getattr(right, kind)) for left, right in pairs}
        assert len({left for left, _ in seen}) == len({right for _, right in seen}) == len(seen)
        assert [left for left, _ in sorted(seen)] == [
            left for left, _ in sorted(seen, key=lambda pair: pair[1])
        ]
    for left, right in pairs:
        assert amounts(left) == amounts(right)
    return len(pairs)


def amounts(entry: Any) -> tuple[object, ...]:  # noqa: ANN401 an entry
    own = ("period", "kind", "amount", "net_sales", "rate", "month", "origin_month", "run", "clause")
    figures = entry.reference if entry.reference.startswith("E=") else ""
    return (*(getattr(entry, name) for name in own), figures)


def test_an_approval_still_counts_in_the_copy(made: Made) -> None:
    for each in made("en"):
        with open_book(each) as opened:
            assert approval_of(opened.read.inputs, opened.ledger, "2026Q2").given


def test_the_copy_says_what_it_is(made: Made) -> None:
    opened = openpyxl.load_workbook(made("en")[1])
    assert "Anonymised copy (the ledger's digests were made anew)" in str(
        opened["Quarterly Settlement"]["A2"].value
    )
    log = opened["Run Log"]
    headers = [cell.value for cell in log[1]]
    row = dict(zip(headers, (cell.value for cell in log[2]), strict=True))
    assert (row["User"], row["Computer"]) == ("User 001", "Computer 001")
    assert row["Signature"] == "anonymised copy: digests made anew"


def test_what_is_left_out_is_said(made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book, _ = made("en")
    capsys.readouterr()
    assert main(["anonymise", str(book), "--out", str(tmp_path / "copy.xlsx"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["left_out"]
    for part in (
        "sheets of your own: Qzsheet1Zq",
        "columns of your own: Accounts!Qzheader1Zq",
        "comments (parts: 1)",
        "pictures (files: 1)",
        "title, author and company in the file's properties",
        "names of your own: 1",
        "printed headers and footers of your own (sheets: 1)",
        "links in cells of your own: 1",
    ):
        assert part in said


def test_an_untouched_workbook_of_the_program_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.xlsx"
    create_workbook(book, "zh", 2026, demo_rows(2026, "zh"))
    run_book(book, "advance", Period.parse("2026-01"), STAMP)
    capsys.readouterr()
    main(["anonymise", str(book), "--out", str(tmp_path / "copy.xlsx"), "--json"])
    assert json.loads(capsys.readouterr().out)["left_out"] == ["文件属性中的标题、作者及公司"]


def test_ids_stay_where_that_is_asked(made: Made, tmp_path: Path) -> None:
    book, copy = made("en")[0], tmp_path / "copy.xlsx"
    assert main(["anonymise", str(book), "--out", str(copy), "--keep-ids"]) == 0
    with open_book(book) as one, open_book(copy) as other:
        assert [e.salesperson_id for e in one.ledger] == [e.salesperson_id for e in other.ledger]
        assert one.read.inputs.sales.sale_id.tolist() == other.read.inputs.sales.sale_id.tolist()
        assert {row.name for row in other.read.inputs.salespeople} <= {
            f"Salesperson {number:03}" for number in range(1, 20)
        }
    for name, text in texts(copy):
        for kept in ("qzphone", "qzname", "qzvoucher", "qzboss", "qzoutcome", "qzcomment", "qztext"):
            assert kept not in text, name


def test_your_own_sheets_come_as_values_where_that_is_asked(
    made: Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, copy = made("en")[0], tmp_path / "copy.xlsx"
    capsys.readouterr()
    assert main(["anonymise", str(book), "--out", str(copy), "--keep-sheets", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["own_sheets"] == ["Qzsheet1Zq"]
    assert "formats and formulas of your own sheets: Qzsheet1Zq" in said["left_out"]
    sheet = openpyxl.load_workbook(copy)["Qzsheet1Zq"]
    account = openpyxl.load_workbook(copy)["Accounts"]["A2"].value
    name = openpyxl.load_workbook(copy)["Accounts"]["B2"].value
    assert [cell.value for cell in sheet[3]] == [account, name, "(removed)"]
    assert sheet["A4"].value == f"see {account}, {name} ((removed))"
    assert (sheet["A5"].value, sheet["B5"].value) == (12.5, datetime(2026, 5, 1))  # noqa: DTZ001
    assert sheet["A1"].value == "Qzcell1Zq"  # stands nowhere else: the user has been warned
    assert verify_book(copy).findings == ()


def test_the_copy_never_overwrites(tmp_path: Path) -> None:
    book, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    create_workbook(book, "en", 2026, demo_rows(2026, "en"))
    copy.write_bytes(b"precious")
    assert main(["anonymise", str(book), "--out", str(copy)]) == 5
    assert main(["anonymise", str(book), "--out", str(book)]) == 5
    assert main(["anonymise", str(book), "--out", str(tmp_path / "copy.csv")]) == 2
    assert copy.read_bytes() == b"precious"


def test_a_workbook_with_errors_is_not_copied(tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    rows: Rows = {**demo_rows(2026, "en"), "Targets": [{"salesperson_id": "X", "year": 2026, "target": 1}]}
    create_workbook(book, "en", 2026, rows)
    assert main(["anonymise", str(book), "--out", str(tmp_path / "copy.xlsx")]) == 1
    assert not (tmp_path / "copy.xlsx").exists()


def test_aliases_keep_the_order_of_ids_and_are_no_ids_of_the_original() -> None:
    columns = {"Sales": {"account_id": ["S10", "S2", "A001", "ä", "中"], "sale_id": ["N001"]}}
    made = aliases_of(columns, (), "en").ids["account"]
    assert sorted(made) == sorted(made, key=made.__getitem__)
    assert set(made.values()).isdisjoint(made)


def test_every_column_of_every_sheet_is_known_by_what_it_holds() -> None:
    known = {*inputs.KEPT_KINDS, "text", "tier", "setting"}
    for table in INPUT_TABLES:
        for column in table.columns:
            assert column.kind in known or column.field in aliases.IDS, (table.name, column.en)


def plan_book(made: Company, path: Path) -> None:
    """Write a random company into a workbook."""
    read = made.inputs()
    package = empty_template("en", made.first_year)
    for table in INPUT_TABLES:
        name = table.name.lower().replace(" ", "_").replace("-", "_")
        rows = getattr(read, name, ())
        if not len(rows):
            continue
        values: Mapping[str, list[object]]
        if isinstance(rows, tuple):
            values = {c.field: [getattr(row, c.field, None) for row in rows] for c in table.columns}
        else:
            values = {c.field: typed(rows, c.field, c.kind) for c in table.columns if hasattr(rows, c.field)}
        appended = append_rows(package, find_tables(package)[table.name], values, "en")
        package = changed_package(package, appended.changes)
    write_new(package, {}, path)


def typed(rows: Any, name: str, kind: str) -> list[object]:  # noqa: ANN401 columns
    """Turn a column of the core into the values that a sheet has."""
    column = getattr(rows, name).tolist()
    if kind == "day":
        first = date(1970, 1, 1).toordinal()
        return [None if day == tables.NO_DAY else date.fromordinal(first + day) for day in column]
    if kind == "moment":
        start = datetime(1970, 1, 1)  # noqa: DTZ001 a workbook's time has no zone
        second = (datetime(1970, 1, 2) - start) / 86_400  # noqa: DTZ001
        return [None if at == tables.NO_MOMENT else start + at * second for at in column]
    if name == "satisfaction":
        return [value or None for value in column]
    return [None if value == "" else value for value in column]


@pytest.mark.parametrize("seed", range(2))
def test_random_companies_settle_to_the_same_amounts(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    made = companies.company(random, errors=False, most=15)
    book, copy = tmp_path / "book.xlsx", tmp_path / "copy.xlsx"
    plan_book(made, book)
    calendar: list[Any] = [run for run in company_runs.calendar(made.first_year) if run[0] != "advance"]
    planned: list[tuple[Command, str]] = [("advance", f"{made.first_year}-01"), *calendar]
    half = random.randrange(1, len(planned))
    run_all([book], planned[:half])
    assert main(["anonymise", str(book), "--out", str(copy)]) == 0
    same_ledger(book, copy)
    run_all([book, copy], planned[half:])
    assert same_ledger(book, copy) > 0


def run_all(books: list[Path], planned: list[tuple[Command, str]]) -> None:
    """Run periods on all of these workbooks; what is refused on one is refused on the others."""
    for command, period in planned:
        outcomes = set()
        for book in books:
            try:
                report = run_book(book, command, Period.parse(period), STAMP)
            except Refused as refused:
                outcomes.add(str(refused))
            else:
                outcomes.add(str((report.failed, len(report.entries))))
        assert len(outcomes) == 1, outcomes
