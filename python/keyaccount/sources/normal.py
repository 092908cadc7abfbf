"""A source's columns as the plan means them: IDs trimmed, days as dates, amounts in fen.

Each comes with whether it could be read. The same expressions are carried out by every engine.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from keyaccount.sources.amounts import fen_of
from keyaccount.sources.trimming import trimmed
from keyaccount.tables import Column

if TYPE_CHECKING:
    import ibis.expr.types as ir

_ISO = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?$"
_FIRST_YEAR = 1900
FIRST, LAST = date(_FIRST_YEAR, 1, 1), date(9999, 12, 31)
_NONE = date(1, 1, 1)
_LARGEST_ID = 10**15


class Normal(NamedTuple):
    """A column's value, and whether it could be read (a blank one can, where it may be blank)."""

    value: ir.Column
    good: ir.BooleanColumn


class Engine(NamedTuple):
    """What an engine's types mean: whether a column's moments are of a time zone, decimals may be NaN."""

    instants: frozenset[str] = frozenset()
    nan_decimals: bool = False


PLAIN = Engine()


def normal(column: Column, raw: ir.Column, engine: Engine) -> Normal:
    """Read a source's column as this column of a table."""
    if column.kind == "id":
        return _id(column, raw)
    if column.kind == "day":
        return _day(column, raw, instants=raw.get_name() in engine.instants)
    if column.kind == "amount":
        return _amount(column, raw, engine)
    return _text(column, raw)


def absent(column: Column) -> ir.Column:
    """Give what stands for a column that a source lacks."""
    import ibis

    if column.kind == "amount":
        return ibis.literal(0, "int64")
    return ibis.literal(_NONE) if column.kind == "day" else ibis.literal("", "string")


def day_number(day: ir.DateColumn) -> ir.IntegerColumn:
    """Give a day as a number such as 20260131; 0 where there is none."""
    import ibis

    number = day.year() * 10_000 + day.month() * 100 + day.day()
    return ibis.ifelse(day == ibis.literal(_NONE), 0, number).cast("int32")


def of_month(raw: ir.Column, first: date, last: date) -> ir.BooleanColumn | None:
    """Ask a column of days for those of a month as it is stored, which engines answer without all rows."""
    import ibis

    kind = raw.type()
    if kind.is_date():
        return raw.between(ibis.literal(first), ibis.literal(last))
    if kind.is_timestamp() and kind.timezone is None:
        return raw.date().between(ibis.literal(first), ibis.literal(last))
    return raw.contains(f"{first:%Y-%m}-") if kind.is_string() else None


def _text(column: Column, raw: ir.Column) -> Normal:
    import ibis

    text = trimmed(raw.cast("string").fill_null(""))
    return Normal(text, text != "" if column.filled else ibis.literal(value=True))


def _id(column: Column, raw: ir.Column) -> Normal:
    import ibis

    kind = raw.type()
    if kind.is_floating() or (kind.is_decimal() and kind.scale != 0):  # a number is its text without .0
        whole = raw.notnull() & (raw < _LARGEST_ID) & (raw > -_LARGEST_ID)
        number = ibis.ifelse(whole, raw, ibis.literal(0).cast(kind))
        whole = whole & (number.floor() == number)
        value = ibis.ifelse(whole, number.floor().cast("int64").cast("string"), "")
        return Normal(value, whole if column.filled else whole | raw.isnull())
    if not (kind.is_string() or kind.is_integer() or kind.is_decimal()):
        return Normal(ibis.literal("", "string"), raw.isnull() & (not column.filled))
    text = raw.cast("string").fill_null("")
    value = trimmed(text) if kind.is_string() else text
    return Normal(value, value != "" if column.filled else ibis.literal(value=True))


def _day(column: Column, raw: ir.Column, *, instants: bool) -> Normal:
    import ibis

    kind, none = raw.type(), ibis.literal(_NONE)
    if kind.is_string():
        text = trimmed(raw.fill_null(""))
        good, blank = _is_day(text), text == ""
        day = ibis.ifelse(good, text.substr(0, 10), "0001-01-01").cast("date")
    elif kind.is_date() or (kind.is_timestamp() and kind.timezone is None and not instants):
        written = raw if kind.is_date() else raw.date()
        good, blank = raw.notnull() & written.between(ibis.literal(FIRST), ibis.literal(LAST)), raw.isnull()
        day = ibis.ifelse(good, written, none)
    else:
        return Normal(none, raw.isnull() & (not column.filled))
    return Normal(day, good if column.filled else blank | good)


def _is_day(text: ir.StringColumn) -> ir.BooleanColumn:
    """Tell whether a text is a day in ISO form, without a cast that a wrong one could break."""
    import ibis

    iso = ibis.ifelse(text.re_search(_ISO), text, "0001-01-01")
    year, month, day = (iso.substr(at, size).cast("int32") for at, size in ((0, 4), (5, 2), (8, 2)))
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    short = ibis.ifelse(month.isin([4, 6, 9, 11]), 30, 31)
    last = ibis.ifelse(month == 2, ibis.ifelse(leap, 29, 28), short)  # noqa: PLR2004 February
    return (year >= _FIRST_YEAR) & month.between(1, 12) & (day >= 1) & (day <= last)


def _amount(column: Column, raw: ir.Column, engine: Engine) -> Normal:
    import ibis

    read = fen_of(raw, guarded=engine.nan_decimals)
    if read is None:
        return Normal(ibis.literal(0, "int64"), raw.isnull() & (not column.filled))
    return Normal(read.value, read.good if column.filled else read.good | read.blank)
