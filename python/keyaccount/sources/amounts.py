"""Amounts of a source as fen: exact from decimals and texts; from binary numbers as from a sheet's cells.

A binary number counts as the two decimals that it is at the 15 significant digits of a cell
(3.3000000000000003 is 3.30). Where that is not plain it is refused: nothing is rounded to fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from keyaccount.sources.trimming import trimmed

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir

_DECIMALS, _DIGITS = 2, 13
_WHOLE = 16
_LARGEST = 10**_DIGITS
_LARGEST_FEN = _LARGEST * 10**_DECIMALS
_EXACT = f"decimal(38, {_DECIMALS})"
_CELL_DIGITS = 15
_NEAR = 0.4
"""So much of the last of 15 digits a binary number may be off: half of it less what arithmetic adds."""
_NUMBER = "([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})([.][0-9]{1,2}0*)?"
_PLAIN = "^-?[0-9]{1,13}([.][0-9]{1,2}0*)?$"
_MONEY = f"^((-? *[¥￥]?|[¥￥] *-) *{_NUMBER}|[¥￥]? *[(] *[¥￥]? *{_NUMBER} *[)])$"


class Fen(NamedTuple):
    """An amount's fen (0 where there is none), whether it could be read, whether it is blank."""

    value: ir.Column
    good: ir.BooleanColumn
    blank: ir.BooleanColumn


def fen_of(raw: ir.Column, *, guarded: bool) -> Fen | None:
    """Read a column of any type that holds amounts; None for other types.

    ``guarded``: whether a decimal of any type may be NaN, as in PostgreSQL.
    """
    kind = raw.type()
    if _holds_fen(kind) and not guarded:
        return _of_fitting(raw)
    if kind.is_string():
        return _of_text(raw)
    if kind.is_floating():
        return _of_binary(raw)
    if kind.is_integer() or kind.is_decimal():
        return _of_exact(raw)
    return None


def _holds_fen(kind: dt.DataType) -> bool:
    """Tell whether whatever a type holds is a number of fen that 64 bits hold."""
    if not kind.is_decimal() or kind.scale is None or kind.precision is None:
        return False
    return bool(kind.scale <= _DECIMALS and kind.precision - kind.scale <= _WHOLE)


def _of_fitting(raw: ir.Column) -> Fen:
    fen = (raw.fill_null(0) * 100).cast("int64")
    return Fen(fen, (fen < _LARGEST_FEN) & (fen > -_LARGEST_FEN) & raw.notnull(), raw.isnull())


def _of_exact(raw: ir.Column) -> Fen:
    import ibis

    kind, inside = raw.type(), (raw < _LARGEST) & (raw > -_LARGEST) & raw.notnull()
    kept = ibis.ifelse(inside, raw, ibis.literal(0).cast(kind))
    yuan = kept.cast(_EXACT)
    fitting = inside if kind.is_integer() else inside & (yuan.cast(kind) == kept)
    return Fen(
        (ibis.ifelse(fitting, yuan, ibis.literal(0).cast(_EXACT)) * 100).cast("int64"), fitting, raw.isnull()
    )


def _of_text(raw: ir.Column) -> Fen:
    """Read a text as a sheet does: 1234.50, 1,234.50, ¥1,234.50, (1,234.50)."""
    import ibis

    text = trimmed(raw.fill_null(""))
    plain, money = text.re_search(_PLAIN), text.re_search(_MONEY)
    minus = ibis.ifelse(text.re_search("[-(]"), "-", "")
    digits = ibis.cases((plain, text), (money, minus + text.re_replace("[^0-9.]", "")), else_="0")
    yuan = digits.cast(_EXACT)
    return Fen((yuan * 100).cast("int64"), (plain | money) & (yuan.abs() < _LARGEST), text == "")


def _of_binary(raw: ir.Column) -> Fen:
    """Read a binary number; every engine's arithmetic on it is the same (IEEE 754), sums are of fen only."""
    import ibis

    value = raw.cast("float64")
    inside = value.notnull() & ~value.isnan() & (value < _LARGEST) & (value > -_LARGEST)
    kept = ibis.ifelse(inside, value, ibis.literal(0.0, "float64"))
    fen = (kept * 100).round().cast("int64")
    size = kept.abs()
    smallest = (size < ibis.literal(0.01, "float64"), ibis.literal(0.0, "float64"))
    steps = [
        (
            size < ibis.literal(10.0**power, "float64"),
            ibis.literal(_NEAR * 10.0 ** (power - _CELL_DIGITS), "float64"),
        )
        for power in range(-1, _DIGITS)
    ]
    largest = ibis.literal(_NEAR * 10.0 ** (_DIGITS - _CELL_DIGITS), "float64")
    off = (kept - fen.cast("float64") / ibis.literal(100.0, "float64")).abs()
    good = inside & (off <= ibis.cases(smallest, *steps, else_=largest))
    return Fen(ibis.ifelse(good, fen, 0).cast("int64"), good, value.isnull())
