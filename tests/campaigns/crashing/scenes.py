"""What is crashed: each command that writes, on workbooks of small random companies, in their folders."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from keyaccount.book import Stamp
from keyaccount.commands import run_book
from keyaccount.periods import Period
from keyaccount.settlement import Command
from keyaccount.tables import RESULT_SHEET, TABLE
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.encryption import encrypted
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import _write
from tests.plain_books import write_inputs
from tests.plan_case_rows import row_of
from tests.workbook.books import Language
from tests.workbook.demo_books import Rows

YEAR = 2026
LEAVES = date(YEAR, 3, 20)
BOOK, COPY = "book.xlsx", "copy.xlsx"
PASSWORD = "密码 Pw-1"  # noqa: S105 a test's
STAMP = Stamp("2026-01-31T08:00:00Z", "accountant", "PC-1")
SETTLE = ("settle", BOOK, "2026Q1")
NAMES = ("--prepared", "Accountant A", "--reviewed", "Reviewer B", "--approved", "Manager C")
TIERS = ("strategic", "core", "important")
OWN = b"what the company keeps in its own workbook " * 300


@dataclass(frozen=True)
class Scene:
    """A command in a folder: its files, their links and modes.

    ``several``: files that are written one by one, each of them whole. ``done``: the exit code of the same
    command once more, when it had done its work.
    """

    name: str
    command: tuple[str, ...]
    files: Mapping[str, bytes]
    links: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, int] = field(default_factory=dict)
    several: bool = False
    done: int = 0
    password: str = ""


def company(random: Random) -> Rows:
    """Make a small company: a few accounts and people, one of whom leaves in March, sales and returns."""
    people = [f"S{number:02}" for number in range(1, random.randint(3, 5))]
    accounts = [f"A{number:02}" for number in range(1, random.randint(3, 6))]
    sales = [
        {
            "sale_id": f"N{number}",
            "date": date(YEAR, 1, 1) + timedelta(days=random.randrange(364)),
            "account_id": random.choice(accounts),
            "gross": Decimal(random.randrange(1_000_00, 90_000_00)) / 100,
        }
        for number in range(random.randint(12, 60))
    ]
    returned = [
        {
            "adjustment_id": f"R{number}",
            "date": sale["date"],
            "type": "return",
            "account_id": sale["account_id"],
            "amount": Decimal(random.randrange(1_00, 900_00)) / 100,
            "sale_id": sale["sale_id"],
        }
        for number, sale in enumerate(random.sample(sales, 4))
    ]
    start = date(YEAR - 1, 1, 1)
    return {
        "Accounts": [{"account_id": each, "name": f"Sample Account {each}"} for each in accounts],
        "Account Tiers": [
            {"account_id": each, "tier": random.choice(TIERS), "event": "initial"} | {"effective_from": start}
            for each in accounts
        ],
        "Salespeople": [
            {"salesperson_id": each, "name": f"Salesperson {each}"}
            | ({"left": LEAVES} if each == people[-1] else {})
            for each in people
        ],
        "Assignments": [
            {"account_id": each, "salesperson_id": people[at % (len(people) - 1)], "share": Decimal(1)}
            | {"start": start}
            for at, each in enumerate(accounts[:-1])
        ]
        + [
            {"account_id": accounts[-1], "salesperson_id": people[-1], "share": Decimal(1), "start": start}
            | {"end": LEAVES},
            {"account_id": accounts[-1], "salesperson_id": people[0], "share": Decimal(1)}
            | {"start": LEAVES + timedelta(days=1)},
        ],
        "Sales": sales,
        "Adjustments": returned,
        "Targets": [{"salesperson_id": people[0], "year": YEAR, "target": Decimal(100_000)}],
    }


class Books:
    """One company's workbook, run by run: its content before each."""

    def __init__(self, folder: Path, language: Language, rows: Rows) -> None:
        """Make the workbook, from the template or plain as a person makes one."""
        self._path, self.language = folder / f"{language}.xlsx", language
        self._path.unlink(missing_ok=True)
        create_workbook(self._path, language, YEAR, {name: list(each) for name, each in rows.items()})

    def run(self, command: Command, period: str) -> bytes:
        """Run a period; give the workbook as it is then."""
        report = run_book(self._path, command, Period.parse(period), STAMP)
        assert report.saved, report.problems
        return self._path.read_bytes()

    @property
    def content(self) -> bytes:
        """The workbook as it is."""
        return self._path.read_bytes()


def plain(folder: Path, rows: Rows) -> bytes:
    """Make the workbook of a person who knows no template, with a part and a remark of their own."""
    path = folder / "plain.xlsx"
    path.unlink(missing_ok=True)
    written = {
        name: [{TABLE_COLUMN[name][key]: str(value) for key, value in row.items()} for row in each]
        for name, each in rows.items()
    }
    write_inputs(path, written | {"Tiers": [row_of("Tiers", f"{tier} 2%") for tier in TIERS]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"a remark"
        archive.writestr("customXml/own.bin", OWN)
    return path.read_bytes()


TABLE_COLUMN = {name: {column.field: column.en for column in table.columns} for name, table in TABLE.items()}


def locked(content: bytes) -> bytes:
    """Encrypt a workbook."""
    return encrypted(content, PASSWORD)


def scenes(folder: Path, random: Random, language: Language) -> Iterator[Scene]:
    """Give the scenes of one company."""
    rows = company(random)
    books = Books(folder, language, rows)
    books.run("advance", "2026-01")
    before_march = books.run("advance", "2026-02")
    quarter = books.run("advance", "2026-03")
    yield from _settlements(quarter, before_march)
    first = plain(folder, rows)
    yield Scene("settle, a plain workbook's first run", SETTLE, {BOOK: first, "list.csv": b"a,b\n"})
    settled = books.run("settle", "2026Q1")
    yield from _documents(settled, quarter)
    leaver = str(rows["Salespeople"][-1]["salesperson_id"])
    yield Scene("settle-leaver", ("settle-leaver", BOOK, leaver), {BOOK: settled})
    for period in ("2026Q2", "2026Q3", "2026Q4"):
        year = books.run("settle", period)
    yield Scene("year-end", ("year-end", BOOK, "2026", "--backup", "1"), {BOOK: year})


def _settlements(quarter: bytes, earlier: bytes) -> Iterator[Scene]:
    usual = Scene("settle", SETTLE, {BOOK: quarter})
    yield usual
    backups = {"book.backup-0001.xlsx": OWN, "book.backup-0002.xlsx": earlier}
    yield replace(usual, name="settle --backup 2", command=(*SETTLE, "--backup", "2"))
    yield replace(
        usual,
        name="settle --backup 2, two there",
        command=(*SETTLE, "--backup", "2"),
        files=usual.files | backups,  # type: ignore[operator]
        modes={BOOK: 0o640},
    )
    yield replace(usual, name="settle --out", command=(*SETTLE, "--out", COPY))
    yield replace(
        usual,
        name="settle --out over another",
        command=(*SETTLE, "--out", COPY),
        files={BOOK: quarter, COPY: earlier},
        modes={COPY: 0o664},
    )
    yield Scene(
        "settle through a link",
        SETTLE,
        {"share/real.xlsx": quarter},
        links={BOOK: "share/real.xlsx"},
        modes={"share/real.xlsx": 0o660},
    )
    yield replace(
        usual,
        name="settle, encrypted",
        command=(*SETTLE, "--password-stdin"),
        files={BOOK: locked(quarter)},
        password=PASSWORD,
    )
    yield Scene("advance --backup 1", ("advance", BOOK, "2026-03", "--backup", "1"), {BOOK: earlier})
    yield Scene(
        "batch of two",
        ("batch", "books", "2026Q1", "--jobs", "1"),
        {"books/one.xlsx": quarter, "books/two.xlsx": quarter},
        several=True,
    )


def _documents(settled: bytes, quarter: bytes) -> Iterator[Scene]:
    edited = _edited(settled)
    yield Scene(
        "regenerate a folder",
        ("regenerate", "books"),
        {"books/one.xlsx": edited, "books/two.xlsm": edited},
        several=True,
    )
    yield Scene("approve", ("approve", BOOK, "2026Q1", *NAMES, "--backup", "2"), {BOOK: settled})
    rows = "Sale ID,Date,Account ID,Gross Amount\n" + "".join(
        f"X{n},2026-03-0{n},A01,{n}00.5\n" for n in range(1, 9)
    )
    yield Scene(
        "import",
        ("import", BOOK, "more.csv", "--sheet", "Sales", "--backup", "3"),
        {BOOK: quarter, "more.csv": rows.encode()},
    )
    yield Scene("new", ("new", "fresh.xlsx", "--year", "2026"), {BOOK: settled}, done=5)
    yield Scene(
        "statements",
        ("statements", BOOK, "2026Q1", "--out", "slips/2026"),
        {BOOK: settled},
        several=True,
    )
    yield Scene("export", ("export", BOOK, "2026Q1", "--out", "pay.csv"), {BOOK: settled, "pay.csv": b"old"})
    yield Scene(
        "export .xlsx", ("export", BOOK, "2026Q1", "--out", "out/pay.xlsx"), {BOOK: settled, "out/a": b""}
    )


def _edited(content: bytes) -> bytes:
    """Change an amount on a result sheet, so that it has to be made anew."""
    package = Package.of_bytes(content, BOOK)
    titles = ("Net Sales", RESULT_SHEET["Net Sales"].zh[0])
    part = next(sheet.part for sheet in package.sheets if sheet.title in titles)
    changed = re.sub(rb"<v>[0-9.]{4,}</v>", b"<v>1</v>", package.read(part), count=1)
    out = io.BytesIO()
    _write(out, package, {part: changed})
    return out.getvalue()
