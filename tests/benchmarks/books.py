"""Workbooks of any number of sales, laid out as Excel saves them (shared strings, one style for dates)."""

from __future__ import annotations

import multiprocessing
import random
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ACCOUNTS, PEOPLE, FIRST_DAY, DAYS = 200, 40, 46023, 90  # 46023: 2026-01-01
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
STYLES = (
    f'<styleSheet xmlns="{SPREADSHEET}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
Value = str | int | float | None
_MOMENTS = ("Opened", "First Response", "Closed")


class Day(int):
    """An Excel serial day."""


class Moment(float):
    """An Excel serial day with its time."""


class Formula(str):
    """A formula without a value: whoever opens the workbook calculates it."""

    __slots__ = ()


class _Strings:
    """The shared strings, in the order of first use."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def cell(self, place: str, value: Value) -> str:
        """Write a cell."""
        if value is None:
            return ""
        if isinstance(value, Formula):
            return f'<c r="{place}"><f>{value}</f></c>'
        if isinstance(value, str):
            return f'<c r="{place}" t="s"><v>{self.index.setdefault(value, len(self.index))}</v></c>'
        style = ' s="1"' if isinstance(value, Day | Moment) else ""
        number = int(value) if isinstance(value, Day) else f"{value:.15g}" if style else value
        return f'<c r="{place}"{style}><v>{number}</v></c>'

    def part(self) -> str:
        """Write the part."""
        items = "".join(f"<si><t>{text}</t></si>" for text in self.index)
        return f'<sst xmlns="{SPREADSHEET}" uniqueCount="{len(self.index)}">{items}</sst>'


def write_book(path: Path, sales: int, acts: int = 0, *, formulas: bool = False, days: int = DAYS) -> None:
    """Write a plan workbook of so many sales in the first quarter of 2026, a return for every fiftieth.

    ``acts``: so many rows of the maintenance log of that year; ``formulas``: a sheet with the commission
    of each account and month as SUMIFS; ``days``: sales on the first so many days of the year. A process
    of its own does it: Linux counts the memory of whoever starts a program as a peak of the program's.
    """
    writer = multiprocessing.get_context("fork").Process(
        target=_write_book, args=(path, sales, acts, formulas, days)
    )
    writer.start()
    writer.join()
    if writer.exitcode:
        raise RuntimeError(f"{path.name} could not be written")


def _write_book(path: Path, sales: int, acts: int, formulas: bool, days: int) -> None:  # noqa: FBT001
    chance = random.Random(sales)
    strings = _Strings()
    tables = _tables(chance, sales, days)
    if acts:
        tables["Maintenance"] = _log(chance, acts)
    if formulas:
        tables["Formulas"] = _formulas(sales)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for number, rows in enumerate(tables.values(), 1):
            with file.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                part.write(f'<worksheet xmlns="{SPREADSHEET}"><sheetData>'.encode())
                for index, row in enumerate(rows, 1):
                    cells = (strings.cell(f"{'ABCDEFGH'[i]}{index}", value) for i, value in enumerate(row))
                    part.write(f'<row r="{index}">{"".join(cells)}</row>'.encode())
                part.write(b"</sheetData></worksheet>")
        file.writestr("xl/sharedStrings.xml", strings.part())
        file.writestr("xl/styles.xml", STYLES)
        _write_structure(file, tuple(tables))


def _tables(chance: random.Random, sales: int, days: int) -> dict[str, Iterable[Sequence[Value]]]:
    accounts = [f"A{number:04d}" for number in range(ACCOUNTS)]
    people = [f"S{number:02d}" for number in range(PEOPLE)]
    start = Day(FIRST_DAY)
    returns: list[tuple[Value, ...]] = []
    return {
        "Tiers": [("Tier", "Rate", "Effective From"), ("strategic", 0.02, None), ("core", 0.015, None)],
        "Accounts": [("Account ID", "Account Name"), *((a, f"Sample account {a}") for a in accounts)],
        "Account Tiers": [
            ("Account ID", "Tier", "Effective From"),
            *((a, ("strategic", "core")[i % 2], start) for i, a in enumerate(accounts)),
        ],
        "Salespeople": [("Salesperson ID", "Name"), *((p, f"Salesperson {p}") for p in people)],
        "Assignments": [
            ("Account ID", "Salesperson ID", "Share", "From"),
            *((a, people[i % PEOPLE], 1, start) for i, a in enumerate(accounts)),
        ],
        "Sales": _sales(chance, sales, days, accounts, returns),
        "Adjustments": _adjustments(returns),
    }


def _sales(
    chance: random.Random, sales: int, days: int, accounts: Sequence[str], returns: list[tuple[Value, ...]]
) -> Iterator[Sequence[Value]]:
    yield ("Sale ID", "Date", "Account ID", "Gross Amount", "Discount")
    for number in range(sales):
        day, gross = Day(FIRST_DAY + chance.randrange(days)), chance.randrange(10_000, 5_000_000) / 100
        account, sale_id = chance.choice(accounts), f"N{number:08d}"
        if number % 50 == 0:
            returns.append((f"R{number}", day, "return", account, round(gross / 2, 2), sale_id))
        yield (sale_id, day, account, gross, chance.choice((None, None, 12.5)))


def _adjustments(returns: list[tuple[Value, ...]]) -> Iterator[Sequence[Value]]:
    yield ("Adjustment ID", "Date", "Type", "Account ID", "Amount", "Sale ID")
    yield from returns


def _log(chance: random.Random, acts: int) -> Iterator[Sequence[Value]]:
    yield ("Date", "Account ID", "Salesperson ID", "Kind", *_MOMENTS, "Satisfaction")
    for _ in range(acts):
        account = chance.randrange(ACCOUNTS)
        day = FIRST_DAY + chance.randrange(365)
        kind = chance.choice(("review", "visit", "issue", "feedback", "event", "training", "bid"))
        moments: tuple[Value, ...] = (None, None, None)
        if kind == "issue":
            opened = day + chance.randrange(86_400) / 86_400
            answered = opened + 2 * chance.random()
            moments = (Moment(opened), Moment(answered), Moment(answered + 7 * chance.random()))
        judged = chance.randint(1, 5) if kind in ("issue", "feedback") else None
        yield (Day(day), f"A{account:04d}", f"S{account % PEOPLE:02d}", kind, *moments, judged)


def _sum(sheet: str, amounts: str, accounts: str, last: int, row: int) -> str:
    """Give the SUMIFS of a column for the account and the days of a row of sheet Formulas."""

    def cells(column: str) -> str:
        return f"{sheet}!${column}$2:${column}${last}"

    since, before = f"&quot;&gt;=&quot;&amp;$B{row}", f"&quot;&lt;&quot;&amp;$C{row}"
    return f"SUMIFS({cells(amounts)},{cells(accounts)},$A{row},{cells('B')},{since},{cells('B')},{before})"


def _formulas(sales: int) -> Iterator[Sequence[Value]]:
    """Give commission = ROUND(net × rate) of each account and month; the conditions as a user types them."""
    yield ("Account ID", "From", "To", "Commission")
    last, returns = sales + 1, (sales + 49) // 50 + 1
    row = 1
    for account in range(ACCOUNTS):
        for start, length in ((0, 31), (31, 28), (59, 31)):
            row += 1
            gross, discount = (_sum("Sales", column, "C", last, row) for column in "DE")
            back = _sum("Adjustments", "E", "D", returns, row)
            rate = (0.02, 0.015)[account % 2]
            first = FIRST_DAY + start
            formula = Formula(f"ROUND(({gross}-{discount}-{back})*{rate},2)")
            yield (f"A{account:04d}", Day(first), Day(first + length), formula)


def _write_structure(file: zipfile.ZipFile, titles: Sequence[str]) -> None:
    sheets = "".join(f'<sheet name="{t}" sheetId="{i}" r:id="rId{i}"/>' for i, t in enumerate(titles, 1))
    file.writestr(
        "xl/workbook.xml",
        f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    targets = [(f"{OFFICE}/worksheet", f"worksheets/sheet{i}.xml") for i in range(1, len(titles) + 1)]
    targets += [(f"{OFFICE}/styles", "styles.xml"), (f"{OFFICE}/sharedStrings", "sharedStrings.xml")]
    file.writestr("xl/_rels/workbook.xml.rels", _relationships(targets))
    file.writestr("_rels/.rels", _relationships([(f"{OFFICE}/officeDocument", "xl/workbook.xml")]))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [(f"/xl/worksheets/sheet{i}.xml", f"{kind}.worksheet+xml") for i in range(1, len(titles) + 1)]
    parts += [
        ("/xl/workbook.xml", f"{kind}.sheet.main+xml"),
        ("/xl/styles.xml", f"{kind}.styles+xml"),
        ("/xl/sharedStrings.xml", f"{kind}.sharedStrings+xml"),
    ]
    overrides = "".join(f'<Override PartName="{name}" ContentType="{content}"/>' for name, content in parts)
    file.writestr(
        "[Content_Types].xml",
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
    )


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{i}" Type="{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{rows}</Relationships>'
