"""Money in whole fen and exact rates: the only module that rounds.

Amounts are ``int`` fen (1 yuan = 100 fen). Rates, coefficients and shares are ``Decimal``
as they stand in the workbook, taken to 15 significant digits, the precision of a cell.
``round`` in the plan means half away from zero to the fen, as Excel's ROUND.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CELL = Context(prec=15, rounding=ROUND_HALF_UP)
LARGEST_FEN = 10**15 - 1
"""The largest amount that a cell's 15 significant digits hold to the fen."""
_LARGEST_INT64 = 2**63 - 1


def divide_half_away(numerator: int, denominator: int) -> int:
    """Divide two integers, rounding half away from zero; ``denominator`` is positive."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def round_fen(exact: Fraction) -> int:
    """Round an exact amount in fen to whole fen, half away from zero."""
    return divide_half_away(exact.numerator, exact.denominator)


def times(amount_fen: int, factor: Decimal | Fraction) -> int:
    """Multiply whole fen by an exact rate or coefficient and round once, to the fen."""
    numerator, denominator = factor.as_integer_ratio()
    return divide_half_away(amount_fen * numerator, denominator)


def times_each(
    amounts_fen: NDArray[np.int64], numerators: NDArray[Any], denominators: NDArray[Any]
) -> NDArray[Any]:
    """Multiply each amount by its own exact rate, numerator ÷ denominator; the same as ``times``.

    In 64-bit integers where they hold the products, else in Python's; rates are 0 or more.
    """
    if not len(amounts_fen):
        return amounts_fen
    magnitude: NDArray[Any] = abs(amounts_fen)
    largest = 2 * int(magnitude.max()) * int(numerators.max()) + int(denominators.max())
    if 2 * largest > _LARGEST_INT64:
        magnitude, denominators = magnitude.astype(object), denominators.astype(object)
    products = (2 * magnitude * numerators + denominators) // (2 * denominators)
    signed: NDArray[Any] = products * (1 - 2 * (amounts_fen < 0))
    return signed


def without_vat(amount_fen: int, vat_rate: Decimal) -> int:
    """Take VAT out of a gross amount: round(amount ÷ (1 + rate)) (§3.2, origin of a return)."""
    numerator, denominator = (1 + vat_rate).as_integer_ratio()
    return divide_half_away(amount_fen * denominator, numerator)


def to_cell_precision(value: Decimal) -> Decimal:
    """Take a number to the 15 significant digits of a cell (3.3000000000000003 is 3.3)."""
    return CELL.create_decimal(value).normalize(CELL)


def shown_number(exact: Fraction) -> Decimal:
    """Give an exact number that is no amount (a score, a share) as a cell shows it: 15 significant digits."""
    return CELL.divide(Decimal(exact.numerator), Decimal(exact.denominator)).normalize(CELL)


def round_share(share: Decimal) -> Decimal:
    """Round a credit share to 6 decimals, half away from zero (§3.2)."""
    return share.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)


def apportion(amount_fen: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide whole fen by weights that add up to 1, by largest remainder (§3.2, the commission cell).

    A negative amount is divided as its magnitude and negated. Ties go to the earlier weight: the
    caller lists salespeople by ID.
    """
    if len(weights) == 1:
        return [amount_fen]
    magnitude = abs(amount_fen)
    exact = [magnitude * weight for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    missing = magnitude - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return parts if amount_fen >= 0 else [-part for part in parts]


def yuan(amount_fen: int) -> str:
    """Write fen as yuan with two decimals, without separators: ``-1234.50``."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"


def yuan_grouped(amount_fen: int) -> str:
    """Write fen as yuan for people: ``-1,234.50``."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"


def fen(yuan_amount: Decimal | str | int) -> int:
    """Turn an amount in yuan with at most two decimals into fen.

    Raises ``ValueError`` for a third decimal, or for what is no number.
    """
    try:
        scaled = Decimal(yuan_amount) * 100
    except InvalidOperation as problem:
        raise ValueError(f"expected an amount such as 1234.50 ≠ found {yuan_amount}") from problem
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"expected at most two decimals, such as 1234.50 ≠ found {yuan_amount}")
    return int(scaled)


def nearest_fen(yuan_amount: Decimal) -> int:
    """Round a calculated amount in yuan to fen, half away from zero."""
    numerator, denominator = yuan_amount.as_integer_ratio()
    return divide_half_away(100 * numerator, denominator)


def number_text(value: Decimal) -> str:
    """Write a rate or coefficient without exponent or trailing zeros: ``0.025``."""
    return format(value.normalize(), "f")


def ratio(part_fen: int, whole_fen: int) -> Decimal:
    """Give part ÷ whole as a number to 4 decimals, half away from zero; ``whole_fen`` is not 0."""
    sign = 1 if whole_fen > 0 else -1
    return Decimal(divide_half_away(sign * part_fen * 10_000, abs(whole_fen))).scaleb(-4)
