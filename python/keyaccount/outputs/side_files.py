"""Small tables in files beside the workbook: passwords, a payroll system's columns, account codes."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.workbook.filetype import refuse_unless_file
from keyaccount.workbook.package import Package

_ENCODINGS = ("utf-8-sig", "gb18030")
"""What spreadsheet programs write: UTF-8 with or without its mark, or that of Chinese Windows."""
_LARGEST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class SideRow:
    """A row below the header: its number in the file, and its texts, one for each column asked for."""

    number: int
    texts: tuple[str, ...]


def side_rows(path: Path, columns: int) -> list[SideRow]:
    """Read the rows below the header row of a CSV or .xlsx file; blank rows are left out.

    Texts are as they stand there, a number without a trailing ``.0``. Raises ``FileProblem`` (exit 5).
    """
    refuse_unless_file(path)
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise FileProblem("{file} is too large for a small table.", "Check the file's name.", file=path)
        rows = list(_sheet(path) if path.suffix.lower() in (".xlsx", ".xlsm") else _csv(path.read_bytes()))
    except OSError as reason:
        raise FileProblem(
            "{file} cannot be read ({reason}).",
            "Check the file's name and its folder.",
            file=path,
            reason=reason.strerror or reason,
        ) from reason
    except (ValueError, LookupError, TypeError, zipfile.BadZipFile, csv.Error) as reason:
        raise FileProblem(
            "{file} is neither a CSV file nor a workbook.",
            "Save the table as CSV (UTF-8) or as .xlsx.",
            file=path,
        ) from reason
    return [
        SideRow(number, tuple((*texts, *[""] * columns)[:columns]))
        for number, texts in enumerate(rows, start=1)
        if number > 1 and any(text.strip() for text in texts)
    ]


def _csv(content: bytes) -> Iterator[list[str]]:
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        mark = max(",;\t", key=first.count)
        return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    raise ValueError("no text")


def _sheet(path: Path) -> Iterator[list[str]]:
    import openpyxl

    with Package.open(path):  # refuses what is made to do harm
        pass
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_text(value) for value in row]
    finally:
        book.close()


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
