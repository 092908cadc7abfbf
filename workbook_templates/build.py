"""Builds keyaccount-en.xlsx and keyaccount-zh.xlsx from the declarations in keyaccount.tables.

The same declarations give the same bytes: ``python workbook_templates/build.py`` after a change, and commit
what it writes; a test rebuilds and compares.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "python")]

from keyaccount.tables import INPUT_TABLES  # noqa: E402 after the path is set
from keyaccount.workbook.canonical import canonical  # noqa: E402 after the path is set
from keyaccount.workbook.create import START  # noqa: E402 after the path is set
from keyaccount.workbook.shipped import Language, shipped_rows  # noqa: E402 after the path is set
from workbook_templates import paint  # noqa: E402 after the path is set
from workbook_templates.input_sheet import input_sheet  # noqa: E402 after the path is set
from workbook_templates.places import LISTS, lists_rows, names  # noqa: E402 after the path is set
from workbook_templates.start import GUIDES  # noqa: E402 after the path is set
from workbook_templates.start_sheet import start_sheet  # noqa: E402 after the path is set


def build(language: Language) -> bytes:
    """Build a template."""
    book = Workbook()
    paint.table_style(book)
    sheet: Worksheet = book.active
    sheet.title = START[language]
    start_sheet(sheet, language)
    shipped = shipped_rows(language)
    places = {name: place for place, (name, _, _) in enumerate(GUIDES[language].steps)}
    for table in sorted(INPUT_TABLES, key=lambda table: places.get(table.name, places["Maintenance"])):
        input_sheet(book, table, shipped.get(table.name, []), language)
    lists: Worksheet = book.create_sheet(LISTS[language])
    lists.sheet_state = "hidden"
    for row in lists_rows():
        lists.append(row)
    for name, place in names(language).items():
        book.defined_names[name] = DefinedName(name, attr_text=place)
    stream = io.BytesIO()
    book.save(stream)
    return canonical(stream.getvalue(), title=GUIDES[language].title, font=paint.FONTS[language])


def main() -> None:
    """Write both templates beside this file."""
    for language in ("en", "zh"):
        path = HERE / f"keyaccount-{language}.xlsx"
        path.write_bytes(build(language))
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
