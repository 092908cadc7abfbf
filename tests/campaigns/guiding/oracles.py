"""What reading may come to: a refusal, or the same in every way, and as a second reader sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from keyaccount.problems import FileProblem, Problem
from keyaccount.tables import Inputs, PolicyRow
from keyaccount.workbook import sheetxml
from keyaccount.workbook.package import Package
from keyaccount.workbook.reader import read_workbook
from tests.campaigns.fuzzing import judge_reader
from tests.campaigns.fuzzing.rows import inputs

WAYS = {"by pattern": 0, "exactly": 1 << 40}
"""From how many bytes on a sheet is read by pattern; else with the exact parser alone."""


class Read(NamedTuple):
    """What reading came to: why the file was refused; else its digest, its problems, its inputs."""

    refused: str
    digest: str = ""
    problems: tuple[Problem, ...] = ()
    inputs: Inputs | None = None

    @property
    def sound(self) -> bool:
        """Whether a run could go on from here."""
        return not self.refused and all(each.severity != "error" for each in self.problems)


def wrong_about(data: bytes, scratch: Path) -> str | None:
    """Read a workbook in both ways and say what is wrong about it; any other exception is the program's."""
    path = scratch / "book.xlsx"
    path.write_bytes(data)
    quick, exact = (_read(path, way) for way in WAYS)
    if quick.sound != exact.sound:
        return f"by pattern {_told(quick)} ≠ exactly {_told(exact)}"
    if not (quick.refused or exact.refused):
        if _lines(quick) != _lines(exact):
            return f"by pattern {_told(quick)} ≠ exactly {_told(exact)}"
        if quick.digest != exact.digest:
            return "the same problems, and other rows by pattern than exactly"
    return (
        _against_the_second_reader(data, quick.inputs) if quick.inputs is not None and quick.sound else None
    )


@contextmanager
def _way(name: str) -> Iterator[None]:
    usual = sheetxml.SMALL_PART
    sheetxml.SMALL_PART = WAYS[name]
    try:
        yield
    finally:
        sheetxml.SMALL_PART = usual


def _read(path: Path, way: str) -> Read:
    try:
        with _way(way), Package.open(path) as package:
            read = read_workbook(package)
    except FileProblem as refusal:
        return Read(f"{refusal.message} {refusal.remedy}")
    for problem in read.problems:
        assert problem.sentence
        assert problem.advice
    return Read("", read.input_digest, tuple(read.problems), read.inputs)


def _lines(read: Read) -> list[tuple[str, ...]]:
    return sorted(
        (each.severity, each.table, str(each.row), each.column, each.value, each.sentence)
        for each in read.problems
    )


def _told(read: Read) -> str:
    return read.refused or f"{_lines(read)[:5]}"


def _against_the_second_reader(data: bytes, read: Inputs) -> str | None:
    """Say where a second reader, which shares nothing with the first, is sure of something else."""
    try:
        rows = judge_reader.read(data).rows
    except judge_reader.Unsure:
        return None
    try:
        judged = inputs(rows)
    except (TypeError, AttributeError) as reason:  # a blank where none may be
        return f"no problem was found, and the second reader sees {reason}"
    for each in fields(Inputs):
        one, other = getattr(read, each.name), getattr(judged, each.name)
        if _plain(one) != _plain(other):
            return f"{each.name}: {_plain(one)} ≠ second reader {_plain(other)}"
    return None


def _plain(table: Any) -> Any:  # noqa: ANN401 any of the tables
    """Give a table's values without the sheet rows they stood in."""
    if isinstance(table, tuple):
        return [_without_row(each) for each in table]
    if not is_dataclass(table):
        return None
    columns = {each.name: getattr(table, each.name) for each in fields(table) if each.name != "row"}
    return {name: list(values) for name, values in columns.items() if values is not None}


def _without_row(record: Any) -> Any:  # noqa: ANN401 a row of any table
    if isinstance(record, PolicyRow):
        with suppress(InvalidOperation):
            record = replace(record, value=str(Decimal(record.value).normalize()))
    return replace(record, row=0)
