"""A file whose rows are to be imported: CSV or another workbook, as cells by column, and how it was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from keyaccount.problems import N_, FileProblem, Listed, Problem, error
from keyaccount.tables import Table
from keyaccount.workbook.exceltables import excel_tables
from keyaccount.workbook.filetype import refuse_unless_file, refuse_unless_zip
from keyaccount.workbook.formats import dated_styles
from keyaccount.workbook.headers import HEADER_ROWS, match_header, name_key
from keyaccount.workbook.package import Package
from keyaccount.workbook.rawcells import Cell, Decoder
from keyaccount.workbook.rawrows import LAST_ROW, column_letters
from keyaccount.workbook.reader import find_tables, head_reader
from keyaccount.workbook.sheetentries import SheetEntry
from keyaccount.workbook.sheetxml import SheetXml
from keyaccount.workbook.strings import shared_strings
from keyaccount.workbook.tablecells import table_cells
from keyaccount.workbook.textfile import Record, read_text_file

_TEXT_ENDINGS = (".csv", ".txt", ".tsv")
_LARGEST_TEXT_BYTES = 512 << 20
_NO_FILE = N_("There is no file {path}.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user says about the file; blank: to be found."""

    names: frozenset[str] = frozenset()  # keys of headers that are mapped by hand
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """The file's headers and cells by column (1 = the first), each row's line or sheet row, and how read."""

    file: str
    headers: Mapping[int, str]
    rows: Sequence[int]
    columns: Mapping[int, Sequence[Cell | None]]
    header_row: int
    date1904: bool = False
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """Whether it is a text file, of which lines are named, not cells."""
        return bool(self.encoding)


def read_incoming(path: Path, table: Table, asked: Asked) -> Incoming:
    """Read a file to import into a table; raises FileProblem, or ``UsageError`` for what was asked."""
    refuse_unless_file(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError:
        raise FileProblem(_NO_FILE, "Check the name and the folder.", path=path) from None
    except OSError as reason:
        raise FileProblem(
            "{file} cannot be read ({reason}).",
            "Name a CSV file or a workbook (.xlsx, .xlsm).",
            file=path.name,
            reason=reason.strerror or reason,
        ) from None
    if start == b"PK\x03\x04":
        with Package.open(path) as package:
            return _of_workbook(package, table, asked)
    if path.suffix.lower() not in _TEXT_ENDINGS:
        refuse_unless_zip(path)
    if size > _LARGEST_TEXT_BYTES:
        raise FileProblem(
            "{file} is too big: {size} bytes, and a sheet has 1,048,576 rows.",
            "Split the rows over several files.",
            file=path.name,
            size=f"{size:,}",
        )
    return _of_text(path, table, asked)


def _knows(table: Table, asked: Asked) -> Callable[[Sequence[str]], int]:
    """Give what counts the headers of a record that the table knows, or that are mapped by hand."""

    def count(texts: Sequence[str]) -> int:
        matched = match_header(table, 1, dict(enumerate(texts, start=1))).candidates
        return len(matched) + sum(name_key(text) in asked.names for text in texts)

    return count


def _of_text(path: Path, table: Table, asked: Asked) -> Incoming:
    read = read_text_file(path, _knows(table, asked), asked.encoding, asked.delimiter)
    if not read.records:
        raise FileProblem("{file} holds no rows.", "Name a file with a header row and rows.", file=path.name)
    head, *records = read.records
    width = len(head.fields)
    memo: dict[str, Cell | None] = {}

    def cell(text: str | None) -> Cell | None:
        if text is None:
            return None
        if text not in memo:
            memo[text] = Cell("text", text) if text else None
        return memo[text]

    columns = {number: [cell(text) for text in texts] for number, texts in _by_column(records, width)}
    problems = [
        error(
            table.name,
            record.line,
            "",
            "",
            "The line has {found} fields, the header has {expected}.",
            "Look whether a delimiter or a quotation mark is missing, or one too many.",
            found=len(record.fields),
            expected=width,
        )
        for record in records
        if len(record.fields) < width or any(map(str.strip, record.fields[width:]))
    ]
    return Incoming(
        path.name,
        {number: text.strip() for number, text in enumerate(head.fields, start=1)},
        [record.line for record in records],
        columns,
        head.line,
        encoding=read.encoding,
        delimiter=read.delimiter,
        problems=problems,
    )


def _by_column(records: Sequence[Record], width: int) -> list[tuple[int, Sequence[str | None]]]:
    fields = [record.fields[:width] for record in records]
    listed = list(zip_longest(*fields)) or []
    listed += [(None,) * len(records)] * (width - len(listed))
    return list(enumerate(listed, start=1))


def _of_workbook(package: Package, table: Table, asked: Asked) -> Incoming:
    sheet = _sheet(package, table, asked)
    head = head_reader(package)(sheet, HEADER_ROWS)
    if not head:
        raise FileProblem(
            "{file} holds no rows.", "Name a file with a header row and rows.", file=package.path.name
        )
    counts = {row: _knows(table, asked)(list(texts.values())) for row, texts in sorted(head.items())}
    header_row = max(counts, key=lambda row: (counts[row], -row))
    headers = head[header_row]
    bounds = [
        each.last_row
        for each in excel_tables(package)
        if each.sheet == sheet and each.header_row == header_row and each.totals_rows
    ]
    decoder = Decoder(shared_strings(package), dated_styles(package))
    names = {column_letters(number): number for number in headers}
    last_row = min(bounds, default=LAST_ROW)
    cells = table_cells(SheetXml(package, sheet.part), decoder, names, header_row, last_row)
    return Incoming(
        package.path.name,
        headers,
        cells.rows,
        {number: cells.columns[letters] for letters, number in names.items()},
        header_row,
        date1904=package.date1904,
        sheet=sheet.title,
    )


def _sheet(package: Package, table: Table, asked: Asked) -> SheetEntry:
    """Give the sheet to import from: the named one, the table's own, or the only one there is."""
    titles = Listed(sheet.title for sheet in package.sheets)
    if asked.sheet:
        for sheet in package.sheets:
            if name_key(sheet.title) == name_key(asked.sheet):
                return sheet
        raise FileProblem(
            "{file} has no sheet {title}; it has: {titles}.",
            "Correct the name after --from-sheet.",
            file=package.path.name,
            title=asked.sheet,
            titles=titles,
        )
    found = find_tables(package).get(table.name)
    if found is not None:
        return found.sheet
    filled = [sheet for sheet in package.sheets if sheet.state == "visible"]
    if len(filled) == 1:
        return filled[0]
    raise FileProblem(
        "{file} has several sheets: {titles}.",
        "Name the one to import from with --from-sheet.",
        file=package.path.name,
        titles=titles,
    )
