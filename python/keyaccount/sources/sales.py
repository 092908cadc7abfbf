"""Sales from elsewhere as columns of the core: sums by account and day, and what has to come back itself.

The sales that adjustments name come back one by one (their day is the origin, their net amount the limit of
what is reversed, §3.2), and rows that are wrong by themselves, so that the checks of the sheet name them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount.periods import first_day, last_day, to_number
from keyaccount.problems import FileProblem, HeaderName, Problem, error
from keyaccount.sources.engines import FILE, ROW
from keyaccount.sources.normal import FIRST, day_number, of_month
from keyaccount.sources.table import SourceTable, day_as_number, day_of
from keyaccount.tables import SALES, SalesColumns
from keyaccount.workbook.findings import MOST_ROWS

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

_AT_ONCE = 200_000
"""So many Sale IDs are looked up by one query."""
MOST_SUMS = 1_000_000
"""So many sums by account and day come back at most: each takes memory here, whatever the engine holds."""
_SUMMED = ("latest", "lines", "gross", "discount", "discounted")
_BLANK = object()
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

        lines = self._summable()
        accounts = _listed(self.known, "known")
        lines = lines.left_join(accounts, lines.account == accounts.known)
        day, other = lines.date, lines.good & lines.known.isnull()
        keyed = lines.mutate(
            account=ibis.ifelse(lines.good, lines.account, ""),
            day=ibis.ifelse(other | ~lines.good, ibis.literal(FIRST), day),
            month=ibis.ifelse(other, day.year() * 100 + day.month(), 0),
            sound=lines.good & ~_odd(lines),
            odd=lines.good & _odd(lines),
        )
        return keyed.group_by(["account", "day", "month"]).aggregate(
            latest=day_number(keyed.date.max(where=keyed.sound)).fill_null(0),
            lines=keyed.count(where=keyed.sound),
            gross=keyed.gross.sum(where=keyed.sound).fill_null(0).cast("int64"),
            discount=keyed.discount.sum(where=keyed.sound).fill_null(0).cast("int64"),
            discounted=keyed.count(where=keyed.sound & (keyed.discount != 0)),
            bad=keyed.count(where=~keyed.good),
            odd=keyed.count(where=keyed.odd),
        )

    def _summable(self) -> ir.Table:
        """The columns that are summed; IDs are only looked at here where they are missing."""
        table, read = self.source.opened.table, self.source.normal
        of = {name: read(SALES.column(name)) for name in ("account_id", "date", "gross", "discount")}
        named = table[self.source.columns["sale_id"]].notnull()
        return table.select(
            account=of["account_id"].value,
            date=of["date"].value,
            gross=of["gross"].value,
            discount=of["discount"].value,
            good=reduce(and_, (each.good for each in of.values()), named),
        )

    def columns(self, wanted: Collection[str]) -> tuple[SalesColumns, list[Problem]]:
        """Give the sales, those of ``wanted`` IDs one by one, and what is wrong with the source's rows."""
        sums = self.source.opened.ask(self.by_day().limit(MOST_SUMS + 1))
        if len(sums) > MOST_SUMS:
            raise FileProblem(
                "{source} holds too many customers that the plan does not know: over {most} sums a month.",
                "Name a view that holds the sales of key accounts only, or sums of all others under one ID.",
                source=self.source.opened.named.shown,
                most=MOST_SUMS,
            )
        twice = [*self._twice()]
        problems: list[Problem] = []
        if any(sums["bad"].to_pylist()) or _BLANK in twice:
            problems += self.source.faults()
        problems += self._listed_twice([each for each in twice if each != _BLANK])
        single = [*self._named(wanted)]
        if odd := sum(sums["odd"].to_pylist()):
            single += self._odd_ones()
            problems += self._more(odd, "{count} more sales have amounts that are wrong by themselves.")
        return self._together(sums, single), problems

    def _named(self, wanted: Collection[str]) -> Iterator[dict[str, Any]]:
        """Give the sales of these IDs; of one that is there twice, the first."""
        table = self.source.opened.table
        listed = iter(sorted(wanted))
        seen: set[str] = set()
        while ids := list(islice(listed, _AT_ONCE)):
            asked = _listed(ids, "wanted")
            rows = table.semi_join(asked, self._ids(table) == asked.wanted)
            found = self._good_lines(rows)
            for row in sorted(found, key=_in_order):
                if row["sale_id"] not in seen:
                    seen.add(row["sale_id"])
                    yield row | {"summed": not _is_odd(row)}

    def _ids(self, raw: ir.Table) -> ir.StringColumn:
        return self.source.normal(SALES.column("sale_id"), raw).value

    def _good_lines(self, raw: ir.Table) -> list[dict[str, Any]]:
        lines = self.source.lines_of(raw)
        return self.source.opened.ask(lines.filter(lines.good)).to_pylist()  # type: ignore[no-any-return]

    def _odd_ones(self) -> Iterator[dict[str, Any]]:
        lines = self.source.lines
        found = self.source.opened.ask(lines.filter(lines.good & _odd(lines)).limit(MOST_ROWS))
        for row in found.to_pylist():
            yield row | {"summed": False}

    def _more(self, count: int, said: str) -> Iterator[Problem]:
        if count > MOST_ROWS:
            remedy = "Correct those that are listed, then check again."
            yield error(self.source.table.name, 0, "", "", said, remedy, count=count - MOST_ROWS)

    def _twice(self) -> Iterator[object]:
        """Give what the IDs that are there more than once have in common, and ``_BLANK`` for blank ones.

        Where the engine has a hash of 64 bits, that: far smaller to count than the IDs.
        """
        import ibis

        table = self.source.opened.table
        keyed = table.select(key=self._key(self._ids(table)))
        counted = keyed.group_by("key").aggregate(times=keyed.count())
        blank = counted.key == self._key(ibis.literal(""))
        odd = counted.filter((counted.times > 1) | blank).mutate(blank=blank)
        found = self.source.opened.ask(odd.limit(MOST_SUMS))
        for row in found.to_pylist():
            yield _BLANK if row["blank"] else row["key"]

    def _key(self, ids: ir.StringColumn) -> ir.Column:
        return self.source.opened.hashed(ids)

    def _listed_twice(self, keys: Sequence[object]) -> Iterator[Problem]:
        """List Sale IDs that are there more than once; of two with the same hash each is there once."""
        table = self.source.opened.table
        if not keys:
            return
        rows = table.filter(self._key(self._ids(table)).isin(list(islice(keys, MOST_ROWS))))
        found = self.source.opened.ask(self.source.lines_of(rows).limit(2 * MOST_ROWS)).to_pylist()
        first: dict[str, int] = {}
        for row in sorted(found, key=_in_order):
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
        yield from self._more(len(keys), "{count} more Sale IDs are there twice.")

    def of_month(self, account_id: str, month: int) -> SalesColumns:
        """Give an account's sales of a month (index), each by itself: what ``explain`` shows."""
        first, last = first_day(month), last_day(month)
        table = self.source.opened.table
        narrowed = of_month(table[self.source.columns["date"]], first, last)
        lines = self.source.lines_of(table if narrowed is None else table.filter(narrowed))
        lowest = day_as_number(first)
        inside = (
            lines.good & (lines.account_id == account_id) & lines.date.between(lowest, day_as_number(last))
        )
        found = self.source.opened.ask(lines.filter(inside)).to_pylist()
        rows = [row | {"summed": False} for row in sorted(found, key=_in_order)]
        return self._together(None, rows)

    def _together(self, sums: pa.Table | None, single: Sequence[dict[str, Any]]) -> SalesColumns:
        """Put single sales behind the sums, which no longer hold them then."""
        summed, known = _Sums(sums), set(self.known)
        for row in single:
            if row["summed"]:
                summed.take_out(row, by_day=row["account_id"] in known)
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
        if sums is None:
            return
        columns = (sums[name].to_pylist() for name in ("account", "month", *_SUMMED))
        for account, month, *amounts in zip(*columns, strict=True):
            day, lines, *_ = amounts
            if lines:
                self._of[account, month or day] = amounts

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
