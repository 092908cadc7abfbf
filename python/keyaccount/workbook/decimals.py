"""Reads the numbers of a whole column at once, as integers: exact, at a cell's 15 significant digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keyaccount.money import LARGEST_FEN
from keyaccount.workbook.spans import Characters, Spans

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_MOST_DIGITS = 18  # what int64 holds; Excel writes up to 17
_LONGEST = _MOST_DIGITS + 2  # a sign and a point
_PRECISION = 15
_POWERS = np.array([10**power for power in range(_MOST_DIGITS + 1)], dtype=np.int64)
_ZERO, _POINT, _MINUS = b"0.-"


class Decimals(NamedTuple):
    """Numbers as mantissa ÷ 10^places and a sign; ``odd`` ones need the exact way."""

    mantissa: Integers
    places: Integers
    negative: Flags
    odd: Flags


def fen_of(contents: Sequence[bytes | None]) -> tuple[Integers, Flags]:
    """Read amounts in yuan into fen (blank: 0), and flag those that need the exact way."""
    mantissa, places, negative, odd = _decimals(contents)
    surplus = np.maximum(places - 2, 0)
    scaled, rest = np.divmod(mantissa, _POWERS[surplus])
    fen = scaled * _POWERS[np.clip(2 - places, 0, 2)]
    odd |= (rest != 0) | (fen > LARGEST_FEN)
    return np.where(odd, 0, np.where(negative, -fen, fen)), odd


def whole_of(contents: Sequence[bytes | None]) -> tuple[Integers, Flags]:
    """Read numbers without their decimals (blank: 0); negative ones are flagged too."""
    mantissa, places, negative, odd = _decimals(contents)
    odd |= negative
    return np.where(odd, 0, mantissa // _POWERS[np.maximum(places, 0)]), odd


def index_of(contents: Sequence[bytes | None]) -> tuple[Integers, Flags]:
    """Read whole numbers from 0 (blank: 0); whatever is written otherwise is flagged."""
    mantissa, places, negative, odd = _decimals(contents)
    odd |= negative | (places > 0)
    return np.where(odd, 0, mantissa), odd


def _decimals(contents: Sequence[bytes | None]) -> Decimals:
    characters = _characters(contents)
    width, count = characters.shape
    mantissa = np.zeros(count, dtype=np.int64)
    digits, places = np.zeros(count, dtype=np.int8), np.zeros(count, dtype=np.int8)
    after_point = np.zeros(count, dtype=np.bool_)
    negative = characters[0] == _MINUS
    odd = characters[_LONGEST] != 0 if width > _LONGEST else after_point.copy()
    for position, character in enumerate(characters):
        digit = character - _ZERO  # wraps round below "0"
        is_digit = digit <= 9  # noqa: PLR2004 the last digit
        if is_digit.all():
            mantissa *= 10
            mantissa += digit
        else:
            mantissa = np.where(is_digit, mantissa * 10 + digit, mantissa)
            is_point = character == _POINT
            odd |= is_point & after_point
            known = is_digit | is_point | (character == 0)
            odd |= ~(known | negative if position == 0 else known)
            after_point |= is_point
        digits += is_digit
        places += is_digit & after_point
    odd |= (digits == 0) | (digits > _MOST_DIGITS)
    return _at_cell_precision(Decimals(mantissa, places.astype(np.int64), negative, odd))


def _characters(contents: Sequence[bytes | None]) -> Characters:
    """Give the first characters of all contents, then the second, and on; blank: 0."""
    if isinstance(contents, Spans):
        found = contents.characters(max(1, min(contents.longest, _LONGEST + 1)))
        if contents.filled < len(contents):
            found[contents.lengths == 0, 0] = _ZERO
    else:
        filled = [each or b"0" for each in contents]
        width = min(max(map(len, filled), default=1), _LONGEST + 1)
        found = np.array(filled, dtype=f"S{width}").view(np.uint8).reshape(len(filled), width)
    return np.ascontiguousarray(found.T)


def _at_cell_precision(numbers: Decimals) -> Decimals:
    """Round to 15 significant digits, half away from zero; whole numbers of more digits are odd."""
    mantissa, places, negative, odd = numbers
    mantissa = np.where(odd, 0, mantissa)
    if mantissa.max(initial=0) < _POWERS[_PRECISION]:
        return numbers._replace(mantissa=mantissa)
    surplus = np.maximum(np.searchsorted(_POWERS, mantissa, side="right") - _PRECISION, 0)
    mantissa = (mantissa + _POWERS[surplus] // 2) // _POWERS[surplus]
    places = places - surplus
    return Decimals(mantissa, places, negative, odd | (places < 0))
