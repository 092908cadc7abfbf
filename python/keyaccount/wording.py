"""Puts problems into words for a reader: in their language, with the workbook's own names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from keyaccount.problems import (
    HeaderName,
    KeyAccountError,
    Listed,
    MeasureName,
    Phrase,
    SheetName,
    TierName,
)
from keyaccount.tables import INPUT_TABLES, RESULT_SHEET, RESULT_SHEETS, TABLE, WORDS
from keyaccount.translation import Language, translated

_QUOTED = re.compile("「([^「」{}]+)」")


@dataclass(frozen=True, slots=True)
class Wording:
    """A reader's language; and of the workbook, once it has been read, its language and its sheets' titles.

    Names in a text are the workbook's own: a Chinese text about an English workbook says 「Sale ID」, so that
    the reader finds the column. ``titles``: English sheet name -> the title in the workbook.
    """

    language: Language
    book: Language | None = None
    titles: Mapping[str, str] = field(default_factory=dict)

    def text(self, template: str, details: Mapping[str, str], table: str = "") -> str:
        """Give a template in the reader's language, filled in; ``table``: whose headers it names."""
        own = _QUOTED.sub(self._own, translated(template, self.language))
        filled = {name: self.detail(value, table) for name, value in details.items()}
        return own.format(**filled) if filled else own

    def detail(self, value: str, table: str = "") -> str:
        """Give a detail in the words of the reader or, for what stands in the workbook, of the workbook."""
        match value:
            case SheetName():
                return self._sheet(value)
            case HeaderName():
                return _headers(table).get(value, value) if self._names == "zh" else str(value)
            case TierName() | MeasureName():
                words = WORDS["tier"] | WORDS["measure"]
                return words.get(value, (value,))[0] if self._names == "zh" else str(value)
            case Phrase():
                return translated(value, self.language)
            case Listed():
                between = "、" if self.language == "zh" else ", "
                return between.join(self.detail(item, table) for item in value.items)
        return value

    @property
    def _names(self) -> Language:
        """The language in which sheets and columns are named."""
        return self.book or self.language

    def _sheet(self, name: str) -> str:
        return self.titles.get(name) or (_sheets()[name] if self._names == "zh" else name)

    def _own(self, found: re.Match[str]) -> str:
        """Put the workbook's own name in the place of a Chinese one that it does not use."""
        sheet, header = _english_sheets().get(found[1]), _english_headers().get(found[1])
        if sheet is not None:
            return f"「{self._sheet(sheet)}」"
        return f"「{header}」" if header and self._names == "en" else found[0]


def failure(problem: KeyAccountError, language: Language) -> tuple[str, str]:
    """Give what stopped a command, and what to do about it."""
    wording = Wording(language, problem.language)
    sentence, remedy = (wording.text(template, problem.details) for template in problem.templates)
    return sentence, remedy


@cache
def _sheets() -> dict[str, str]:
    """Give each sheet's Chinese name."""
    inputs = {table.name: table.zh[0] for table in INPUT_TABLES}
    return {sheet.name: sheet.zh[0] for sheet in RESULT_SHEETS} | inputs


@cache
def _english_sheets() -> dict[str, str]:
    return {chinese: name for name, chinese in _sheets().items()}


@cache
def _headers(table: str) -> dict[str, str]:
    """Give the Chinese header of each of a table's columns."""
    if table in TABLE:
        return {column.en: column.zh[0] for column in TABLE[table].columns}
    return {column.en: column.zh for column in RESULT_SHEET[table].columns} if table in RESULT_SHEET else {}


@cache
def _english_headers() -> dict[str, str]:
    return {column.zh[0]: column.en for table in INPUT_TABLES for column in table.columns}
