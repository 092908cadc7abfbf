"""A source's columns as the plan means them: IDs trimmed, days as numbers such as 20260131, amounts in fen.

Each comes with whether it could be read. The same expressions are carried out by every engine; there is no
binary floating point in them, except where a source holds it: such a number counts as the amount of two
decimals that it stands for, and is refused where it stands for none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from keyaccount.tables import Column

if TYPE_CHECKING:
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir

_ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$"
_AMOUNT = "^-?([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})([.][0-9]{1,2}0*)?$"
_EXACT = "decimal(38, 2)"
_DECIMALS, _DIGITS = 2, 13
_WHOLE = 16
_LARGEST = 10**_DIGITS
_FIRST_YEAR, _LAST_YEAR = 1900, 9999


class Normal(NamedTuple):
    """A column's value, and whether it could be read (a blank one can, where it may be blank)."""

    value: ir.Column
    good: ir.BooleanColumn


def normal(column: Column, raw: ir.Column) -> Normal:
    """Read a source's column as this column of a table."""
    if column.kind == "id":
        return _id(column, raw)
    if column.kind == "day":
        return _day(column, raw)
    if column.kind == "amount":
        return _amount(column, raw)
    return _text(column, raw)


def absent(column: Column) -> ir.Column:
    """Give what stands for a column that a source lacks."""
    import ibis

    if column.kind == "amount":
        return ibis.literal(0, "int64")
    return ibis.literal(0, "int32") if column.kind == "day" else ibis.literal("", "string")


def _text(column: Column, raw: ir.Column) -> Normal:
    import ibis

    text = raw.cast("string").fill_null("").strip()
    return Normal(text, text != "" if column.filled else ibis.literal(value=True))


def _id(column: Column, raw: ir.Column) -> Normal:
    import ibis

    kind = raw.type()
    if not (kind.is_string() or kind.is_integer() or (kind.is_decimal() and kind.scale == 0)):
        return Normal(ibis.literal("", "string"), raw.isnull() & (not column.filled))
    value = raw.cast("string").fill_null("").strip()
    return Normal(value, value != "" if column.filled else ibis.literal(value=True))


def _day(column: Column, raw: ir.Column) -> Normal:
    import ibis

    kind = raw.type()
    if kind.is_date() or kind.is_timestamp():
        day = raw if kind.is_date() else raw.date()
        number = (day.year() * 10_000 + day.month() * 100 + day.day()).cast("int32")
        good = (day.year() >= _FIRST_YEAR) & (day.year() <= _LAST_YEAR)
        blank = raw.isnull()
    elif kind.is_string():
        text = raw.fill_null("").strip()
        number, good = _day_of_text(text)
        blank = text == ""
    else:
        return Normal(ibis.literal(0, "int32"), raw.isnull() & (not column.filled))
    good = good & ~blank
    return Normal(ibis.ifelse(good, number, 0).cast("int32"), good if column.filled else blank | good)


def _day_of_text(text: ir.StringColumn) -> tuple[ir.Column, ir.BooleanColumn]:
    """Read ISO text without a cast that a wrong date could break."""
    import ibis

    iso = ibis.ifelse(text.re_search(_ISO), text, "0001-01-01")
    year, month, day = (iso.substr(at, size).cast("int32") for at, size in ((0, 4), (5, 2), (8, 2)))
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    short = ibis.ifelse(month.isin([4, 6, 9, 11]), 30, 31)
    last = ibis.ifelse(month == 2, ibis.ifelse(leap, 29, 28), short)  # noqa: PLR2004 February
    good = (year >= _FIRST_YEAR) & month.between(1, 12) & (day >= 1) & (day <= last)
    return (year * 10_000 + month * 100 + day).cast("int32"), good


def _holds_fen(kind: dt.DataType) -> bool:
    """Tell whether whatever a type holds is a number of fen that 64 bits hold."""
    if not kind.is_decimal() or kind.scale is None or kind.precision is None:
        return False
    return bool(kind.scale <= _DECIMALS and kind.precision - kind.scale <= _WHOLE)


def _amount(column: Column, raw: ir.Column) -> Normal:
    import ibis

    kind = raw.type()
    if _holds_fen(kind):
        inside = (raw < _LARGEST) & (raw > -_LARGEST)
        fen = (raw.fill_null(0) * 100).cast("int64")
        return Normal(fen, inside & raw.notnull() if column.filled else raw.isnull() | inside)
    if kind.is_string():
        text = raw.fill_null("").strip()
        blank = text == ""
        proper = text.re_search(_AMOUNT)
        yuan = ibis.ifelse(proper, text.replace(",", ""), "0").cast(_EXACT)
        good = proper & (yuan.abs() < _LARGEST)
    elif kind.is_integer():
        blank, yuan = raw.isnull(), raw.cast(_EXACT)
        good = (raw < _LARGEST) & (raw > -_LARGEST)
    elif kind.is_decimal() or kind.is_floating():
        blank = raw.isnull()
        inside = (raw < _LARGEST) & (raw > -_LARGEST)
        if kind.is_floating():
            inside = inside & ~raw.isnan()
        kept = ibis.ifelse(inside, raw, ibis.literal(0).cast(kind))
        yuan = kept.cast(_EXACT)
        good = inside & (yuan.cast(kind) == kept)
    else:
        return Normal(ibis.literal(0, "int64"), raw.isnull() & (not column.filled))
    good = good & ~blank
    fen = ibis.ifelse(good, yuan, ibis.literal(0).cast(_EXACT)) * 100
    return Normal(fen.cast("int64"), good if column.filled else blank | good)
