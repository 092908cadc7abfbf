"""A new workbook from the template, empty or filled with rows."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from keyaccount.money import number_text
from keyaccount.problems import FileProblem, Phrase, UsageError
from keyaccount.tables import INPUT_TABLES, WORDS, Column, Table
from keyaccount.workbook.cells import day_cell, letters, moment_cell, number_cell, rows_xml, text_cell
from keyaccount.workbook.lock import lock
from keyaccount.workbook.markup import Document, Element, damaged
from keyaccount.workbook.package import Package
from keyaccount.workbook.putting import put_new, removed_on_failure, settled_mode, told
from keyaccount.workbook.save import Change, changed_package, compose
from keyaccount.workbook.shipped import EXTRAS, Language, Row, merged, shipped_rows
from keyaccount.workbook.sidefiles import real_path, temporary_path

START = {"en": "Start", "zh": "开始"}
YEAR_CELL = "D3"
SCORING = ("Scorecard", "Bands")
"""Sheets that stay out of sight until Maintenance has rows."""
_KEYS = {"Policies": "policy", "Tiers": "tier", "Scorecard": "measure", "Bands": "score_from"}
_ROW_LOOK = ("ht", "customHeight", "hidden", "outlineLevel", "collapsed")
_HERE = Path(__file__).resolve()


def template_path(language: Language) -> Path:
    """Give the template's file: inside an installed package, or in the checkout that is being edited."""
    name = f"keyaccount-{language}.xlsx"
    installed = _HERE.parents[1] / "templates" / name
    return installed if installed.is_file() else _HERE.parents[3] / "workbook_templates" / name


def create_workbook(
    path: Path, language: Language, year: int, rows: Mapping[str, Sequence[Row]] | None = None
) -> None:
    """Make a new workbook from the template, for a plan year, with these rows (English sheet name -> rows).

    A row maps field names to values as a cell holds them: text, date, Decimal or int (amounts in yuan), None;
    English words are written in the workbook's language. Rows of policies and tiers take the place of the
    shipped ones of the same name. Raises FileProblem (exit 5) when the file exists or cannot be written.
    """
    _refuse_existing(real_path(path))
    with Package.open(template_path(language)) as package:
        write_new(package, _filled(package, language, year, rows or {}), path)


def refuse_other_ending(path: Path) -> None:
    """Refuse a name for a new workbook that does not end in .xlsx; raises UsageError (exit 2)."""
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            "{file} does not end in .xlsx.",
            "Name the workbook {better}.",
            file=path.name,
            better=f"{path.stem}.xlsx",
        )


def empty_template(language: Language, year: int) -> Package:
    """Give the template of a plan year in memory, without the rows that it ships."""
    blank: dict[str, list[Row]] = {name: [{}] for name in shipped_rows(language)}
    with Package.open(template_path(language)) as package:
        return changed_package(package, _filled(package, language, year, blank, exact=True))


def write_new(package: Package, changed: Change, path: Path) -> None:
    """Write a package with changed parts to a new file; raises FileProblem (exit 5) when there is one."""
    target = real_path(path)
    _refuse_existing(target)
    temporary = temporary_path(target)
    with lock(target), told(target), removed_on_failure(temporary):
        compose(temporary, package, changed)
        settled_mode(temporary)
        try:
            put_new(temporary, target)
        except FileExistsError:
            temporary.unlink()
            _refuse_existing(target)


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise FileProblem(
            "{file} exists already.",
            "Choose another name, or move the old file away first.",
            file=target.name,
        )


def _filled(
    package: Package,
    language: Language,
    year: int,
    rows: Mapping[str, Sequence[Row]],
    *,
    exact: bool = False,
) -> dict[str, bytes]:
    """Give the template's parts that the year and the rows change; ``exact``: shipped rows go."""
    parts = {sheet.title: sheet.part for sheet in package.sheets}
    shipped = shipped_rows(language)
    start = Document(parts[START[language]], package.read(parts[START[language]]))
    start.replace(_cell(start, YEAR_CELL), _year_cell(_cell(start, YEAR_CELL), year))
    changed = {start.part: start.result()}
    for table in INPUT_TABLES:
        given = list(rows.get(table.name, ()))
        if given:
            basis = shipped.get(table.name, [])
            merges = table.name in _KEYS and not exact
            filled = merged(basis, given, _KEYS[table.name]) if merges else given
            title = table.zh[0] if language == "zh" else table.name
            changed |= _fill(package, parts[title], table, language, filled)
    if rows.get("Maintenance"):
        hidden = {
            table.zh[0] if language == "zh" else table.name for table in INPUT_TABLES if table.name in SCORING
        }
        changed[package.workbook_part] = _shown(package, hidden)
    return changed


def _year_cell(cell: Element, year: int) -> str:
    return f'<c r="{YEAR_CELL}" s="{cell.attributes.get("s", "0")}"{number_cell(str(year))}'


def _shown(package: Package, titles: set[str]) -> bytes:
    workbook = Document(package.workbook_part, package.read(package.workbook_part))
    sheets = workbook.root.child("sheets")
    for sheet in sheets.each("sheet") if sheets else ():
        if sheet.attributes.get("name") in titles:
            workbook.set_attribute(sheet, "state", "visible")
    return workbook.result()


def _fill(package: Package, part: str, table: Table, language: Language, rows: list[Row]) -> dict[str, bytes]:
    """Put rows under a sheet's header, in the styles of the template's rows, and stretch the table."""
    document = Document(part, package.read(part))
    data = document.root.child("sheetData")
    examples = list(data.each("row")) if data else []
    if data is None or len(examples) < 2:  # noqa: PLR2004 the header and a row
        raise damaged(part, Phrase("the template's sheet has no header and first row"))
    header = examples.pop(0)
    fields: list[Column | None] = [*table.columns, *(None for _ in EXTRAS.get(table.name, ()))]
    names = [*(column.field for column in table.columns), *(name for name, *_ in EXTRAS.get(table.name, ()))]
    columns = [
        [
            f' s="{style}"{value_cell(column, row.get(name), language)}'
            for style, row in zip(_styles(examples, index, len(rows)), rows, strict=True)
        ]
        for index, (column, name) in enumerate(zip(fields, names, strict=True))
    ]
    body = document.text(header) + _like(examples, table, language, rows, rows_xml(columns, 2).decode())
    document.replace(data, f"<{data.tag('sheetData')}>{body}</{data.tag('sheetData')}>")
    reference = f"A1:{letters(len(names) - 1)}{len(rows) + 1}"
    dimension = document.root.child("dimension")
    if dimension is not None:
        document.set_attribute(dimension, "ref", reference)
    changed = {part: document.result()}
    for each in package.relationships(part).values():
        if each.kind == "table":
            changed[each.target] = _stretched(each.target, package.read(each.target), reference)
    return changed


def _styles(examples: list[Element], column: int, count: int) -> list[str]:
    """Give a column's style in each row: that of the template's row, below them that of the last."""
    styles = []
    for example in examples[:count]:
        cells = {cell.attributes["r"].rstrip("0123456789"): cell for cell in example.each("c")}
        cell = cells.get(letters(column))
        styles.append(cell.attributes.get("s", "0") if cell else "0")
    return styles + styles[-1:] * (count - len(styles))


def _like(examples: list[Element], table: Table, language: Language, rows: list[Row], body: str) -> str:
    """Keep the heights of the template's rows, and what is hidden as long as it is as shipped."""
    shipped = shipped_rows(language).get(table.name, [])
    for example, row, basis in zip(examples, rows, shipped, strict=False):
        kept = {name: example.attributes[name] for name in _ROW_LOOK if name in example.attributes}
        if row != basis:
            kept.pop("hidden", None)
        start = f'<row r="{example.attributes["r"]}"'
        written = "".join(f' {name}="{value}"' for name, value in kept.items())
        if written:
            body = body.replace(f"{start}>", f"{start}{written}>", 1)
    return body


def _stretched(part: str, data: bytes, reference: str) -> bytes:
    document = Document(part, data)
    filtered = document.root.child("autoFilter")
    for element in (document.root, filtered):
        if element is not None:
            document.set_attribute(element, "ref", reference)
    return document.result()


def _cell(document: Document, reference: str) -> Element:
    data = document.root.child("sheetData")
    rows = data.each("row") if data else iter(())
    found = (cell for row in rows for cell in row.each("c") if cell.attributes.get("r") == reference)
    cell = next(found, None)
    if cell is None:
        raise damaged(document.part, Phrase("a cell of the template is missing"), reference)
    return cell


def value_cell(column: Column | None, value: object, language: Language) -> str:
    """Write the rest of an input cell; ``column`` None: free text."""
    if isinstance(value, datetime):
        return moment_cell(value, date1904=False)
    if isinstance(value, date):
        return day_cell(value, date1904=False)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return number_cell(number_text(Decimal(value)))
    return _text_or_number(column, _text(value), language)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ";".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def _text_or_number(column: Column | None, text: str, language: Language) -> str:
    """Write text; a policy's value that is a number as one, a word in the workbook's language."""
    if column is not None and column.kind == "setting":
        with contextlib.suppress(InvalidOperation):
            return number_cell(number_text(Decimal(text)))
    if column is not None and column.kind in ("word", "tier", "yes_no"):
        chinese = WORDS[column.words or column.kind].get(text)
        return text_cell(chinese[0] if chinese and language == "zh" else text)
    return text_cell(text)
