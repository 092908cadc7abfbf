"""A table as a file for another program: CSV with its byte order mark, or .xlsx; the same bytes each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from keyaccount.money import yuan
from keyaccount.outputs.cells import FONTS, HEADER, Cells, Style
from keyaccount.outputs.side_files import side_rows
from keyaccount.problems import FileProblem, Listed, Refused
from keyaccount.translation import Language
from keyaccount.workbook.canonical import canonical

_STARTS = (*"=+-@\t\r\n", *"＝＋－＠")
"""What a spreadsheet program takes for a formula when it opens a CSV file."""
_WIDTH = 18
ENDINGS = (".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name in both languages; ``exact``: a key, never altered; ``amount``: int fen."""

    en: str
    zh: str
    exact: bool = False
    amount: bool = False

    def name(self, language: Language) -> str:
        """Give the heading in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table: values in the order of its columns; amounts in fen, ``None`` where a cell stays empty."""

    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of the file: its heading, and which of ours it holds; ``None``: it stays empty."""

    heading: str
    column: TableColumn | None


def own_columns(columns: Sequence[TableColumn], language: Language) -> list[Shown]:
    """Give the columns as they are, headed in a language."""
    return [Shown(column.name(language), column) for column in columns]


def columns_from(path: Path, columns: Sequence[TableColumn]) -> list[Shown]:
    """Read a company's own columns: heading, and the name of ours that it holds (blank: it stays empty).

    Raises ``FileProblem`` (exit 5) for a name that is none of ours, or a file that names none.
    """
    names = {name.casefold(): column for column in columns for name in (column.en, column.zh)}
    shown = []
    for row in side_rows(path, 2):
        heading, wanted = (text.strip() for text in row.texts)
        if wanted and wanted.casefold() not in names:
            raise FileProblem(
                "{file}, row {row}: there is no column {wanted}.",
                "Use one of: {columns}.",
                file=path.name,
                row=row.number,
                wanted=wanted,
                columns=Listed(column.en for column in columns),
            )
        shown.append(Shown(heading, names[wanted.casefold()] if wanted else None))
    if not any(each.column for each in shown):
        raise FileProblem(
            "{file} names no column.",
            "Below a header row, list each heading and the column that it holds: {columns}.",
            file=path.name,
            columns=Listed(column.en for column in columns),
        )
    return shown


def content_of(table: TableFile, shown: Sequence[Shown], path: Path, language: Language) -> bytes:
    """Give the file's bytes, as the ending of its name (one of ENDINGS) says."""
    return _xlsx(table, shown, language) if path.suffix.lower() == ".xlsx" else _csv(table, shown, language)


def _csv(table: TableFile, shown: Sequence[Shown], language: Language) -> bytes:
    """Write CSV: UTF-8 with its mark, lines ending as RFC 4180 says.

    A text that a spreadsheet program would take for a formula gets an apostrophe in front; a key must stay
    exact, so that one that begins like this is refused.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_guarded(each.heading) for each in shown])
    places = {column: place for place, column in enumerate(table.columns)}
    for row in table.rows:
        writer.writerow(
            [_field(row[places[each.column]], each.column, language) if each.column else "" for each in shown]
        )
    return out.getvalue().encode("utf-8-sig")


def _field(value: object, column: TableColumn, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return yuan(value)
    text = str(value)
    if column.exact and text.startswith(_STARTS):
        raise Refused(
            "{column} {value} would be taken for a formula in a CSV file, and a key may not be altered.",
            "Write the file as .xlsx: there it stays text.",
            column=column.name(language),
            value=text,
        )
    return text if column.exact else _guarded(text)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS) else text


def _xlsx(table: TableFile, shown: Sequence[Shown], language: Language) -> bytes:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book, cells = Workbook(), Cells()
    sheet = book.active
    sheet.title = table.title
    places = {column: place for place, column in enumerate(table.columns)}
    for place, each in enumerate(shown, start=1):
        cells.text(sheet, 1, place, each.heading, HEADER)
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
        for number, row in enumerate(table.rows, start=2):
            value = row[places[each.column]] if each.column else None
            if isinstance(value, int):
                cells.amount(sheet, number, place, value)
            elif value is not None:
                cells.text(sheet, number, place, str(value), Style(number_format="@"))
    sheet.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return canonical(stream.getvalue(), title=table.title, font=FONTS[language])
