"""Cells that hold numbers: amounts, rates, whole numbers; exact, at the 15 significant digits of a cell."""

from __future__ import annotations

import re
from decimal import Decimal

from keyaccount.money import LARGEST_FEN, to_cell_precision
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault, plain

_CELL_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_XML_SPACES = " \t\r\n"
_LONGEST = 400
_LARGEST_EXPONENT = 308
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_MONEY = re.compile(rf"(?P<minus>-? *¥?|¥ *-) *(?P<digits>{_DIGITS})|¥? *\( *¥? *(?P<negative>{_DIGITS}) *\)")
_RATE = re.compile(rf"(?P<minus>-?) *(?P<digits>{_DIGITS}) *(?P<percent>%?)")


def cell_number(cell: Cell) -> Decimal:
    """Take a number cell's value to 15 significant digits; raises ``Fault``."""
    text = cell.text.strip(_XML_SPACES)
    if len(text) > _LONGEST or not _CELL_NUMBER.fullmatch(text):
        raise Fault("This is not a number.", "Type the number again.")
    return _precise(Decimal(text))


def amount(cell: Cell) -> int:
    """Read an amount in yuan, at most two decimals, into fen; raises ``Fault``."""
    value = _money(cell.text) if cell.kind == "text" else _undated(cell)
    if value is None:
        raise Fault("This is not an amount.", "Enter a number with at most two decimals, such as 1234.50.")
    fen = value * 100
    if abs(fen) > LARGEST_FEN:
        raise Fault("This amount has more than 15 digits.", "Enter an amount below 10,000,000,000,000.")
    if fen != fen.to_integral_value():
        raise Fault("This amount has more than two decimals.", "Round it to the fen, such as 1234.50.")
    return int(fen)


def rate(cell: Cell) -> Decimal:
    """Read an exact number, ``80%`` too; raises ``Fault``."""
    value = rate_of_text(cell.text) if cell.kind == "text" else _undated(cell)
    if value is None:
        raise Fault("This is not a number.", "Enter a number such as 0.02, or a percentage such as 2%.")
    return value


def rate_of_text(text: str) -> Decimal | None:
    """Read a number's text, ``80%`` too; None when it is none."""
    found = _RATE.fullmatch(plain(text[:_LONGEST]))
    if found is None:
        return None
    value = _signed(found["digits"], negative=bool(found["minus"]))
    return _precise(value / 100) if found["percent"] else value


def whole(cell: Cell) -> int:
    """Read a whole number; raises ``Fault``."""
    value = _money(cell.text) if cell.kind == "text" else _undated(cell)
    if value is None or value != value.to_integral_value() or abs(value) > LARGEST_FEN:
        raise Fault("This is not a whole number.", "Enter a whole number, without decimals.")
    return int(value)


def _undated(cell: Cell) -> Decimal | None:
    if cell.kind != "number":
        return None
    if cell.dated:
        raise Fault("This is a date where a number belongs.", "Enter a number, and format the cell as one.")
    return cell_number(cell)


def _money(text: str) -> Decimal | None:
    found = _MONEY.fullmatch(plain(text[:_LONGEST]))
    if found is None:
        return None
    if found["negative"]:
        return _signed(found["negative"], negative=True)
    return _signed(found["digits"], negative="-" in found["minus"])


def _signed(digits: str, *, negative: bool) -> Decimal:
    value = _precise(Decimal(digits.replace(",", "")))
    return -value if negative else value


def _precise(value: Decimal) -> Decimal:
    if not value:
        return Decimal(0)
    if abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise Fault("This number is beyond what a cell can hold.", "Type the number again.")
    return to_cell_precision(value)
