"""The Tiers table as a cell function is given it, or as it stands in the calling workbook (§2.2, §3.2)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from keyaccount.clauses.incentives import raised
from keyaccount.clauses.key_accounts import TierTable, check_tiers
from keyaccount.excel.arrays import NA, NOT_A_NUMBER, CellError, Reads, cell_of, day_of, is_blank
from keyaccount.excel.callingbook import calling_table, date1904
from keyaccount.excel.cells import Cells
from keyaccount.tables import TIERS, TierRow
from keyaccount.workbook.headers import HEADER_ROWS, match_header
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

LATEST = date.max
"""The day that asks for a tier's latest row."""
_FIELDS = ("tier", "rate", "effective_from")
_NARROWEST = 2
_MOST_KEPT = 100
_kept: dict[Hashable, TierRates] = {}
"""Small tables as they were read: a formula in each of many cells gives the same one again and again."""


class TierRates(NamedTuple):
    """The rates of the tiers, and the tiers whose rows cannot be read, with their error (CVErr's number)."""

    table: TierTable
    faulty: Mapping[str, int]

    def rate(self, tier: str, day: date, points: Decimal) -> Decimal:
        """Give the rate in force, raised by an uplift; raises ``CellError``: unknown tier, no rate: #N/A."""
        if tier in self.faulty:
            raise CellError(self.faulty[tier])
        rate = self.table.rate(tier, day) if tier else None
        if rate is None:
            raise CellError(NA)
        return raised(rate, points)


def tier_of(value: object) -> str:
    """Read a tier's name in either language, ``""`` for a blank cell; raises ``CellError``."""
    try:
        found = parse(TIERS.column("tier"), cell_of(value), date1904=False)
    except Fault:
        raise CellError(NOT_A_NUMBER) from None
    return "" if found is None else str(found)


def tier_rates(tiers: Cells | None) -> TierRates:
    """Read the Tiers table from a range, or from the calling workbook where it is left out.

    Its columns are found by their headers, in either language and any order; without a header row they are
    Tier, Rate, Effective From. A tier with a row that cannot be read gives #VALUE!, not an older rate.
    Raises ``CellError``.
    """
    rows = calling_table(TIERS) if tiers is None else tiers.rows
    if rows is None:
        raise CellError(NA)
    counting = _Counting()
    if len(rows) > _MOST_KEPT:
        return _read(rows, day_of(counting.from_1904))
    key = tuple((type(value), value) for row in rows for value in row), len(rows[0])
    found = _kept.get(key)
    if found is None:
        found = _read(rows, day_of(counting.from_1904))
        if not counting.asked:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = found
    return found


class _Counting:
    """The calling workbook's date system, and whether it was asked for: then a table is not kept."""

    asked = False

    def from_1904(self) -> bool:
        """Tell whether serial numbers count from 1904."""
        self.asked = True
        return date1904()


def _read(rows: Sequence[Sequence[Any]], day: Reads[date]) -> TierRates:
    places, first = _columns(rows)
    if len(rows[0]) < _NARROWEST:
        raise CellError(NOT_A_NUMBER)
    read: list[TierRow] = []
    faulty: dict[str, int] = {}
    for number, row in enumerate(rows[first:]):
        tier, rate, effective_from = (row[place] if place < len(row) else None for place in places)
        if is_blank(tier) and is_blank(rate) and is_blank(effective_from):
            continue
        name = tier_of(tier)
        if not name:
            raise CellError(NOT_A_NUMBER)
        try:
            start = None if is_blank(effective_from) else day(effective_from)
            read.append(TierRow(number, name, _rate(rate), start))
        except CellError as error:
            faulty[name] = error.number
    by_row = {row.row: row.tier for row in read}
    faulty |= {by_row[problem.row]: NOT_A_NUMBER for problem in check_tiers(read)}
    return TierRates(TierTable(read), faulty)


def _columns(rows: Sequence[Sequence[Any]]) -> tuple[list[int], int]:
    """Give the places of the three columns and the first row of data."""
    for number, row in enumerate(rows[:HEADER_ROWS]):
        texts = {place: value for place, value in enumerate(row) if isinstance(value, str)}
        found = match_header(TIERS, number, texts).columns
        if "tier" in found and "rate" in found:
            return [found.get(field, len(row)) for field in _FIELDS], number + 1
    return list(range(len(_FIELDS))), 0


def _rate(value: object) -> Decimal:
    try:
        rate = parse(TIERS.column("rate"), cell_of(value), date1904=False)
    except Fault:
        rate = None
    if not isinstance(rate, Decimal):
        raise CellError(NOT_A_NUMBER)
    return rate
