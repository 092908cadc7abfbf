"""Adjustments from elsewhere: each comes back by itself, as Clawbacks lists each (§3.3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from keyaccount.periods import to_number
from keyaccount.problems import FileProblem, Problem
from keyaccount.sources.engines import FILE, ROW
from keyaccount.sources.table import SourceTable, day_of
from keyaccount.tables import ADJUSTMENTS, NO_DAY, AdjustmentColumns, Column
from keyaccount.workbook.findings import MOST_ROWS
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1_048_575
"""So many adjustments a sheet holds; Clawbacks could not list more."""
_PARSED = tuple(ADJUSTMENTS.column(name) for name in ("type", "vat_rate"))
_ORDER = (FILE, ROW)


@dataclass(frozen=True)
class Adjustments:
    """What came back: the columns of the core, and those that are only recorded (who approved them)."""

    columns: AdjustmentColumns
    recorded: Mapping[str, Any]
    problems: list[Problem]


def read_adjustments(source: SourceTable) -> Adjustments:
    """Read a source's adjustments in order; raises ``FileProblem`` for more than a sheet could hold."""
    lines = source.lines
    order = _ORDER if source.opened.has_rows else ("date", "adjustment_id")
    found = source.opened.ask(lines.order_by(list(order)).limit(MOST + 1)).to_pydict()
    if len(found["good"]) > MOST:
        raise FileProblem(
            "{source} holds more than {most} adjustments, more than the result sheets could list.",
            "Name a view that holds those of the key accounts only, or of the years that are settled.",
            source=source.opened.named.shown,
            most=MOST,
        )
    problems = [] if all(found["good"]) else [*source.faults()]
    read = {column.field: _Parsed(column, found[column.field]) for column in _PARSED}
    places = [source.place(dict(zip(found, row, strict=True))) for row in zip(*found.values(), strict=True)]
    for parsed in read.values():
        problems += parsed.problems(places, found["good"])
    keep = [good and all(each.fine(i) for each in read.values()) for i, good in enumerate(found["good"])]
    return _kept(found, read, places, np.array(keep, np.bool_), problems)


def _kept(
    found: Mapping[str, list[Any]],
    read: Mapping[str, _Parsed],
    places: list[int],
    keep: NDArray[np.bool_],
    problems: list[Problem],
) -> Adjustments:
    """Lay the rows that can be read into columns."""
    values = {name: parsed.values() for name, parsed in read.items()}
    days = {
        name: np.array([to_number(day_of(day)) if day else NO_DAY for day in found[name]], np.int32)
        for name in ("date", "original_date")
    }
    recorded: dict[str, Any] = {
        name: _texts(found[name])[keep]
        for name in ("adjustment_id", "account_id", "sale_id", "approved_by", "document_no")
    }
    recorded |= {name: column[keep] for name, column in (days | values).items()}
    recorded["amount"] = np.array(found["amount"], np.int64)[keep]
    columns = AdjustmentColumns(
        row=np.array(places, np.int32)[keep],
        **{name: recorded[name] for name in recorded if name not in {"approved_by", "document_no"}},
    )
    return Adjustments(columns, recorded, problems)


class _Parsed:
    """A column of words or rates, each distinct text read once as a cell of the sheet would be."""

    def __init__(self, column: Column, texts: list[str]) -> None:
        self._column, self._texts = column, texts
        self._read: dict[str, object] = {text: self._parse(text) for text in dict.fromkeys(texts)}

    def _parse(self, text: str) -> object:
        try:
            value = parse(self._column, Cell("text", text) if text else None, date1904=False)
        except Fault as fault:
            return fault
        return value

    def fine(self, index: int) -> bool:
        return not isinstance(self._read[self._texts[index]], Fault) and (
            not self._column.filled or bool(self._texts[index])
        )

    def values(self) -> NDArray[np.object_]:
        column = np.empty(len(self._texts), np.object_)
        column[:] = [self._read[text] for text in self._texts]
        return column

    def problems(self, places: list[int], good: list[bool]) -> Iterator[Problem]:
        """List the texts that cannot be read; rows that cannot be read anyway are listed already."""
        count = 0
        for index, text in enumerate(self._texts):
            fault = self._read[text]
            if isinstance(fault, Fault) and good[index] and count < MOST_ROWS:
                count += 1
                yield Problem(
                    "error",
                    ADJUSTMENTS.name,
                    places[index],
                    self._column.en,
                    text,
                    fault.problem,
                    fault.remedy,
                    fault.details,
                )


def _texts(texts: list[str]) -> NDArray[np.object_]:
    column = np.empty(len(texts), np.object_)
    column[:] = texts
    return column
