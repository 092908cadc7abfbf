"""What a document on paper consists of, before it is set as PDF or workbook: tables, chain, chart, notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["text", "amount", "part", "rate", "share", "day"]
"""``amount``: int fen; ``part``: likewise, shown as a dash where it is 0; ``rate`` and ``share``: Decimal;
``day``: date; ``text``: str. ``None`` is empty."""
LineLook = Literal["", "group", "note", "total"]
Value = object


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: its heading, what its values are, and its width in characters on a sheet."""

    heading: str
    kind: CellKind = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A table's line; a ``group`` or ``note`` has one text that runs across."""

    values: tuple[Value, ...]
    look: LineLook = ""


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table under a heading.

    ``stacked``: where paper is narrow, which columns stand one above the other; ``widths``: of these, in mm.
    """

    heading: str
    columns: tuple[PaperColumn, ...]
    lines: tuple[PaperLine, ...]
    stacked: tuple[tuple[int, ...], ...]
    widths: tuple[float, ...]
    nothing: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A figure of the settlement's chain: its mark, name, how it comes about, fen."""

    mark: str
    name: str
    rule: str
    amount: int
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of two amounts a month; ``values`` by month, in fen."""

    heading: str
    months: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document for one person, in one language."""

    language: Literal["en", "zh"]
    title: str
    company: str
    subtitle: str
    unit: str
    mark: str
    head: tuple[tuple[str, str], ...]
    highlights: tuple[tuple[str, int], ...]
    tables: tuple[PaperTable, ...]
    chain_heading: str
    chain: tuple[Link, ...]
    bars: Bars
    notes_heading: str
    notes: tuple[str, ...]
    signatures: tuple[str, ...]
    foot: str
    made_on: str
    after: tuple[PaperTable, ...] = field(default_factory=tuple)
