"""One cell into one value, as the specification says under "Values"; what cannot be read raises ``Fault``.

Numbers are first taken to 15 significant digits, the precision of a cell. Texts are trimmed, of odd spaces
too. Nothing is guessed: a value that could be read in two ways is a fault with a remedy.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from keyaccount.money import number_text
from keyaccount.problems import N_, HeaderName, Listed
from keyaccount.tables import WORDS, Column, InputKind
from keyaccount.workbook import amounts, days
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, refuse_unreadable, trim

_LONGEST_ID_NUMBER = 15
_TYPE_ID = N_("Format the cell as text and type the ID again.")


class _Place(NamedTuple):
    column: Column
    date1904: bool


def parse(column: Column, cell: Cell | None, *, date1904: bool) -> object | None:
    """Read a cell of this column; None when it is blank. Raises ``Fault``."""
    if cell is None:
        return None
    refuse_unreadable(cell)
    if cell.kind == "text" and not trim(cell.text):
        return None
    return _PARSERS[column.kind](cell, _Place(column, date1904))


def _id(cell: Cell, _place: _Place) -> str:
    if cell.kind == "text":
        return trim(cell.text)
    if cell.kind != "number":
        raise Fault("This is not an ID.", _TYPE_ID)
    if cell.dated:
        raise Fault("This ID has become a date.", _TYPE_ID)
    value = amounts.cell_number(cell)
    if value.adjusted() >= _LONGEST_ID_NUMBER:
        raise Fault("This ID is a number of more than 15 digits: its last digits are lost.", _TYPE_ID)
    return number_text(value)


def _ids(cell: Cell, place: _Place) -> tuple[str, ...] | None:
    if cell.kind != "text":
        return (_id(cell, place),)
    parts = map(trim, cell.text.replace("；", ";").split(";"))
    return tuple(dict.fromkeys(filter(None, parts))) or None


def _text(cell: Cell, place: _Place) -> str:
    if cell.kind == "number":
        return days.day(cell, date1904=place.date1904).isoformat() if cell.dated else _number_text(cell)
    return trim(cell.text)


def _number_text(cell: Cell) -> str:
    return number_text(amounts.cell_number(cell))


def _tier(cell: Cell, place: _Place) -> str:
    text = _id(cell, place)
    return _vocabulary("tier").get(text.casefold(), text)


def _word(cell: Cell, place: _Place) -> str:
    known = _vocabulary(place.column.words)
    word = known.get(trim(cell.text).casefold()) if cell.kind == "text" else None
    if word is None:
        raise Fault(
            "{header} does not take this word.",
            "Enter one of: {words}.",
            header=HeaderName(place.column.en),
            words=Listed(known),
        )
    return word


def _yes_no(cell: Cell, _place: _Place) -> bool:
    known = {"yes": True, "no": False, "TRUE": True, "FALSE": False}
    text = cell.text if cell.kind == "boolean" else _vocabulary("yes_no").get(trim(cell.text).casefold(), "")
    if text not in known or cell.kind not in {"boolean", "text"}:
        raise Fault("This is neither yes nor no.", "Enter yes or no (是 or 否).")
    return known[text]


def _setting(cell: Cell, place: _Place) -> str:
    if cell.kind == "number" and not cell.dated:
        return _number_text(cell)
    if cell.kind in {"number", "date"}:
        return days.day(cell, date1904=place.date1904).isoformat()
    if cell.kind != "text":
        raise Fault("This is not a policy's value.", "Enter a number, a percentage, a date or a word.")
    number = amounts.rate_of_text(cell.text)
    if number is not None:
        return number_text(number)
    moment = days.moment_of_text(cell.text)
    if moment is not None:
        return moment.date().isoformat()
    word = trim(cell.text)
    return _vocabulary("yes_no").get(word.lower(), word)  # a company's name keeps its capitals


@cache
def _vocabulary(words: str) -> dict[str, str]:
    """Give each word that a vocabulary knows, in either language and lower case, with its English word."""
    known = {english: english for english in WORDS[words]}
    return known | {chinese: english for english, all_zh in WORDS[words].items() for chinese in all_zh}


_PARSERS: dict[InputKind, Callable[[Cell, _Place], object | None]] = {
    "id": _id,
    "ids": _ids,
    "text": _text,
    "word": _word,
    "tier": _tier,
    "yes_no": _yes_no,
    "amount": lambda cell, _place: amounts.amount(cell),
    "rate": lambda cell, _place: amounts.rate(cell),
    "number": lambda cell, _place: amounts.rate(cell),
    "integer": lambda cell, _place: amounts.whole(cell),
    "day": lambda cell, place: days.day(cell, date1904=place.date1904),
    "moment": lambda cell, place: days.moment(cell, date1904=place.date1904),
    "month": lambda cell, place: days.month(cell, date1904=place.date1904),
    "period": lambda cell, place: days.period(cell, date1904=place.date1904),
    "setting": _setting,
}
