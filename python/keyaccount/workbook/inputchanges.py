"""What of the inputs changed between two booking runs (§Controls): rows added and removed, changed values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from datetime import date
from itertools import islice
from operator import ne
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.net_sales import months_of
from keyaccount.periods import month_text, to_number
from keyaccount.tables import DATED, INPUT_TABLES, KEYS, NO_DAY, NO_MOMENT, Table, recorded_columns
from keyaccount.workbook.inputsnapshot import Snapshot, begins, count_rows
from keyaccount.workbook.inputsnapshot import Table as Columns
from keyaccount.workbook.packing import Packed

MOST_LISTED = 1000
"""So many changes of a sheet are listed a run; of what is beyond only the number is."""
ADDED, REMOVED, NEW_ROWS, MORE, UNKNOWN, ABSENT = "+", "-", "*", "...", "?", "0"
"""In the place of a column: what happened to a whole row, or to many."""


class Change(NamedTuple):
    """A change as it is kept, in no language: sheet, key, field (or what happened to the row), old, new.

    Of a whole row old or new are its fields and values in turn.
    """

    run: int
    table: str
    key: tuple[str, ...]
    field: str
    old: str | tuple[str, ...] = ""
    new: str | tuple[str, ...] = ""


def changes_between(before: Snapshot, after: Snapshot, run: int, through: date | None) -> list[Change]:
    """Compare what two runs recorded, sheet by sheet; ``run``: the later one's number.

    ``through``: the last day that earlier runs covered. Rows of Sales, Adjustments and Maintenance that came
    for days after it are the business of the new period: of each month their number is given.
    """
    found: list[Change] = []
    for table in INPUT_TABLES:
        old, new = before.get(table.name, {}), after.get(table.name, {})
        of_table = _Compared(table, old, new, run, through).changes()
        listed = list(islice(of_table, MOST_LISTED))
        found += listed
        if more := sum(1 for _ in of_table):
            found.append(Change(run, table.name, (), MORE, new=str(more)))
    return found


class _Compared:
    """One table in two snapshots."""

    def __init__(
        self,
        table: Table,
        old: Columns,
        new: Columns,
        run: int,
        through: date | None,
    ) -> None:
        self.name, self.run, self.through = table.name, run, through
        self.old, self.new = old, new
        fields = [column.field for column in recorded_columns(table)]
        self.fields = [name for name in fields if all(name in side for side in (old, new) if side)]
        self.keys = KEYS[table.name] or tuple(self.fields)
        both = bool(old and new)
        self._kept = {field for field in self.fields if both and begins(new, old, field)}
        self._rows = tuple(count_rows(side) for side in (old, new))

    def changes(self) -> Iterator[Change]:
        """List removed rows, then the rows of the later run in order; the new period's are counted last."""
        if not self._different():
            return
        was = yield from self._places()
        added = was < 0
        later = added & self._later()
        changed = self._changed(was)
        for place in np.flatnonzero(added & ~later | self._any(changed, len(was))).tolist():
            if added[place]:
                yield self._change(self.new, place, ADDED)
                continue
            for field in (field for field, mask in changed.items() if mask[place]):
                texts = (_text(self.old[field], int(was[place])), _text(self.new[field], place))
                yield Change(self.run, self.name, self._key(self.new, place), field, *texts)
        yield from self._of_new_period(later)

    def _different(self) -> bool:
        if not (self.old and self.new):
            return bool(self.old or self.new)
        return self._rows[0] != self._rows[1] or len(self._kept) < len(self.fields)

    def _places(self) -> Generator[Change, None, NDArray[np.int64]]:
        """Give each row's place before, -1 of one that is new; lists those that are gone."""
        if not self.old or self._kept.issuperset(self.keys):  # rows were only added below
            places = np.arange(self._rows[1])
            places[self._rows[0] :] = -1
            return places
        old, new = _told_apart(self._listed(self.old)), _told_apart(self._listed(self.new))
        there, where = set(new), {key: place for place, key in enumerate(old)}
        for place, key in enumerate(old):
            if key not in there:
                yield self._change(self.old, place, REMOVED)
        return np.fromiter((where.get(key, -1) for key in new), np.int64, len(new))

    def _listed(self, side: Columns) -> list[object]:
        """Give each row's key."""
        columns = [_listed(side[field]) for field in self.keys] if side else [[]]
        return list(columns[0] if len(columns) == 1 else zip(*columns, strict=True))

    def _changed(self, was: NDArray[np.int64]) -> dict[str, NDArray[np.bool_]]:
        """Tell of each field in which rows it differs from what it was."""
        kept = np.flatnonzero(was >= 0)
        in_place = np.array_equal(was[kept], kept)
        found = {}
        for field in self.fields:
            if field in self.keys or not len(kept):
                continue
            if in_place and field in self._kept:
                continue
            mask = np.zeros(len(was), bool)
            mask[kept] = _differ(self.old[field], was[kept], self.new[field], kept)
            if mask.any():
                found[field] = mask
        return found

    @staticmethod
    def _any(changed: dict[str, NDArray[np.bool_]], count: int) -> NDArray[np.bool_]:
        return np.asarray(np.logical_or.reduce([np.zeros(count, bool), *changed.values()]))

    def _later(self) -> NDArray[np.bool_]:
        """Tell which rows lie after the days that earlier runs covered."""
        count = self._rows[1]
        days = self.new.get(DATED.get(self.name, ""))
        if self.through is None or not isinstance(days, np.ndarray):
            return np.zeros(count, bool)
        return np.asarray(days > to_number(self.through))

    def _of_new_period(self, later: NDArray[np.bool_]) -> Iterator[Change]:
        if not later.any():
            return
        counts: dict[int, int] = defaultdict(int)
        days = np.asarray(self.new[DATED[self.name]], np.int32)[later]
        for month in months_of(days).tolist():
            counts[month] += 1
        for month, count in sorted(counts.items()):
            yield Change(self.run, self.name, (month_text(month),), NEW_ROWS, new=str(count))

    def _key(self, side: Columns, place: int) -> tuple[str, ...]:
        return tuple(_text(side[field], place) for field in self.keys)

    def _change(self, side: Columns, place: int, what: str) -> Change:
        others = [field for field in self.fields if field not in self.keys]
        texts = ((field, _text(side[field], place)) for field in others)
        row = tuple(part for field, text in texts if text for part in (field, text))
        old, new = (row, ()) if what == REMOVED else ((), row)
        return Change(self.run, self.name, self._key(side, place), what, old, new)


def _told_apart(keys: list[object]) -> list[object]:
    """Give rows of one key their number too, from the second on."""
    if len(set(keys)) == len(keys):
        return keys
    seen: Counter[object] = Counter()
    numbered: list[object] = []
    for key in keys:
        seen[key] += 1
        numbered.append((key, seen[key]) if seen[key] > 1 else key)
    return numbered


def _same(one: Packed, other: Packed) -> bool:
    if isinstance(one, list) or isinstance(other, list):
        return isinstance(one, list) and isinstance(other, list) and one == other
    return np.array_equal(one, other)


def _listed(values: Packed) -> list[str] | list[int]:
    return values if isinstance(values, list) else values.tolist()


def _differ(old: Packed, was: NDArray[np.int64], new: Packed, kept: NDArray[np.int64]) -> NDArray[np.bool_]:
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        return np.asarray(old[was] != new[kept])
    before, after = _listed(old), _listed(new)
    in_place = len(was) == len(before) and np.array_equal(was, kept)
    if in_place and before == after[: len(before)]:
        return np.zeros(len(kept), bool)
    pairs = map(ne, map(before.__getitem__, was.tolist()), map(after.__getitem__, kept.tolist()))
    return np.fromiter(pairs, bool, len(kept))


def _text(values: Packed, place: int) -> str:
    if isinstance(values, list):
        return values[place]
    number = int(values[place])
    return "" if number in {NO_DAY, NO_MOMENT} else str(number)
