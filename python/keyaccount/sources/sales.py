"""Sales from elsewhere as columns of the core: sums by account and day, and what has to come back itself.

The sales that adjustments name come back one by one (their day is the origin, their net amount the limit of
what is reversed, §3.2), and rows that are wrong by themselves, so that the checks of the sheet name them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount.periods import to_number
from keyaccount.problems import HeaderName, Problem, error
from keyaccount.sources.engines import FILE, ROW
from keyaccount.sources.table import SourceTable, day_of
from keyaccount.tables import SalesColumns
from keyaccount.workbook.findings import MOST_ROWS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_AT_ONCE = 50_000
"""So many Sale IDs are looked up by one query."""
_SEPARATOR = "\x1f"  # no cell can hold it


@dataclass(frozen=True)
class SalesOf:
    """A source of sales, asked for a plan's accounts."""

    source: SourceTable
    known: Sequence[str]

    def by_day(self) -> ir.Table:
        """The sums by account and day: the expression that does the heavy part, on every engine alike.

        Sales of accounts that the plan does not know are summed by month. ``bad`` rows cannot be read,
        ``odd`` ones are wrong by themselves; neither is in the sums.
        """
        import ibis

        lines = self.source.lines
        accounts = _listed(self.known, "known")
        lines = lines.left_join(accounts, lines.account_id == accounts.known)
        sound = lines.good & ~_odd(lines)
        known = lines.known.notnull()
        keyed = lines.mutate(
            unit=ibis.ifelse(
                lines.good, ibis.ifelse(known, lines.date, (lines.date / 100).floor().cast("int32")), 0
            ),
            account=ibis.ifelse(lines.good, lines.account_id, ""),
            sound=sound,
            odd=lines.good & _odd(lines),
        )
        return keyed.group_by(["account", "unit"]).aggregate(
            day=keyed.date.max(where=keyed.sound),
            lines=keyed.count(where=keyed.sound),
            gross=keyed.gross.sum(where=keyed.sound).fill_null(0).cast("int64"),
            discount=keyed.discount.sum(where=keyed.sound).fill_null(0).cast("int64"),
            discounted=keyed.count(where=keyed.sound & (keyed.discount != 0)),
            bad=keyed.count(where=~keyed.good),
            odd=keyed.count(where=keyed.odd),
        )

    def columns(self, wanted: Collection[str]) -> tuple[SalesColumns, list[Problem]]:
        """Give the sales, those of ``wanted`` IDs one by one, and what is wrong with the source's rows."""
        sums = self.source.opened.ask(self.by_day())
        problems: list[Problem] = []
        if sum(sums["bad"].to_pylist()):
            problems += self.source.faults()
        problems += self._twice()
        single = [*self._named(wanted)]
        if sum(sums["odd"].to_pylist()):
            single += self._odd_ones()
        return self._together(sums, single), problems

    def _named(self, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
        """Give the sales of these IDs; of one that is there twice, the first."""
        lines = self.source.lines.filter(self.source.lines.good)
        listed = iter(sorted(wanted))
        seen: set[str] = set()
        while ids := list(islice(listed, _AT_ONCE)):
            asked = _listed(ids, "wanted")
            found = self.source.opened.ask(lines.semi_join(asked, lines.sale_id == asked.wanted))
            for row in sorted(found.to_pylist(), key=_in_order):
                if row["sale_id"] not in seen:
                    seen.add(row["sale_id"])
                    yield row | {"summed": not _is_odd(row)}

    def _odd_ones(self) -> Iterator[dict[str, Any]]:
        lines = self.source.lines
        found = self.source.opened.ask(lines.filter(lines.good & _odd(lines)).limit(MOST_ROWS))
        for row in found.to_pylist():
            yield row | {"summed": False}

    def _twice(self) -> Iterator[Problem]:
        """List Sale IDs that are there more than once."""
        lines = self.source.lines.filter(self.source.lines.good)
        if self.source.opened.named.kind in {"parquet", "csv"}:
            lines = self._suspected(lines)
        counted = lines.group_by("sale_id").aggregate(times=lines.count())
        twice = self.source.opened.ask(counted.filter(counted.times > 1).order_by("sale_id").limit(MOST_ROWS))
        ids = twice["sale_id"].to_pylist()
        if not ids:
            return
        found = self.source.opened.ask(lines.filter(lines.sale_id.isin(ids)).limit(2 * MOST_ROWS))
        first: dict[str, int] = {}
        for row in sorted(found.to_pylist(), key=_in_order):
            place = self.source.place(row)
            earlier = first.setdefault(row["sale_id"], place)
            if earlier != place:
                yield error(
                    self.source.table.name,
                    place,
                    "Sale ID",
                    row["sale_id"],
                    "{header} {id} is there twice (also in row {first}).",
                    "Delete the row if it was entered twice; else give it an ID of its own.",
                    header=HeaderName("Sale ID"),
                    id=row["sale_id"],
                    first=self.source.places.shown[earlier],
                )

    def _suspected(self, lines: ir.Table) -> ir.Table:
        """Give the lines whose IDs share their hash with another: far smaller to count than the IDs."""
        hashed = lines.mutate(hash=lines.sale_id.hash())
        counted = hashed.group_by("hash").aggregate(times=hashed.count())
        found = self.source.opened.ask(counted.filter(counted.times > 1).limit(2 * MOST_ROWS))
        return hashed.filter(hashed.hash.isin(found["hash"].to_pylist() or [0]))

    def of_month(self, account_id: str, month: int) -> SalesColumns:
        """Give an account's sales of a month (index), each by itself: what ``explain`` shows."""
        lines = self.source.lines
        first = (month // 12 * 100 + month % 12 + 1) * 100
        inside = (
            lines.good & (lines.account_id == account_id) & (lines.date > first) & (lines.date < first + 32)
        )
        found = self.source.opened.ask(lines.filter(inside)).to_pylist()
        rows = [row | {"summed": False} for row in sorted(found, key=_in_order)]
        return self._together(None, rows)

    def _together(self, sums: pa.Table | None, single: Sequence[dict[str, Any]]) -> SalesColumns:
        """Put single sales behind the sums, which no longer hold them then."""
        summed = _Sums(sums)
        for row in single:
            if row["summed"]:
                summed.take_out(row, by_day=row["account_id"] in set(self.known))
        rows = sorted(summed.rows())
        places = [self.source.place(row) for row in single]
        days = [row[0] for row in rows] + [row["date"] for row in single]
        ones = [1] * len(single)
        return SalesColumns(
            np.array([0] * len(rows) + places, np.int32),
            np.array([""] * len(rows) + [row["sale_id"] for row in single], np.object_),
            np.array([to_number(day_of(day)) for day in days], np.int32),
            np.array([row[1] for row in rows] + [row["account_id"] for row in single], np.object_),
            np.array([row[3] for row in rows] + [row["gross"] for row in single], np.int64),
            np.array([row[4] for row in rows] + [row["discount"] for row in single], np.int64),
            np.array([row[2] for row in rows] + ones, np.int64),
            np.array([row[5] for row in rows] + [int(row["discount"] != 0) for row in single], np.int64),
        )


class _Sums:
    """The sums by account and unit (a day, or a month of unknown accounts)."""

    def __init__(self, sums: pa.Table | None) -> None:
        self._of: dict[tuple[str, int], list[int]] = {}
        for row in sums.to_pylist() if sums is not None else ():
            if row["lines"]:
                amounts = [row[name] for name in ("day", "lines", "gross", "discount", "discounted")]
                self._of[row["account"], row["unit"]] = amounts

    def take_out(self, row: dict[str, Any], *, by_day: bool) -> None:
        of = self._of[row["account_id"], row["date"] if by_day else row["date"] // 100]
        taken = (0, 1, row["gross"], row["discount"], int(row["discount"] != 0))
        of[:] = [before - part for before, part in zip(of, taken, strict=True)]

    def rows(self) -> Iterator[tuple[int, str, int, int, int, int]]:
        """Give day, account, lines, gross, discount, discounted lines."""
        for (account, _), (day, lines, gross, discount, discounted) in self._of.items():
            if lines:
                yield day, account, lines, gross, discount, discounted


def _listed(texts: Sequence[str], name: str) -> ir.Table:
    """Give texts as a table of one column: one literal, so that nothing is written to the source."""
    import ibis

    return ibis.literal(_SEPARATOR.join(texts)).split(_SEPARATOR).unnest().name(name).as_table()


def _odd(lines: ir.Table) -> ir.BooleanColumn:
    return (lines.gross < 0) | (lines.discount < 0) | (lines.discount > lines.gross)


def _is_odd(row: dict[str, Any]) -> bool:
    return bool(row["gross"] < 0 or row["discount"] < 0 or row["discount"] > row["gross"])


def _in_order(row: dict[str, Any]) -> tuple[object, ...]:
    if FILE in row:
        return row[FILE], row[ROW]
    return row["date"], row["sale_id"]
