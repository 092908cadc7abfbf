"""What a result sheet is: its columns, its rows, what its totals tie to, the formulas in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyaccount.tables.records import ApprovalRow

ResultKind = Literal[
    "text",
    "integer",
    "amount",
    "rate",
    "coefficient",
    "score",
    "share",
    "day",
    "digest",
    "packed",  # compressed, as text
    "link",
    "formula",  # an amount or count, as it is or as a formula gives it
    "verdict",  # a word that a formula gives
]


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One result column: English header, Chinese header, how its values are written.

    Values: ``amount`` int fen (written as yuan), ``rate``/``share``/``coefficient``/``score`` Decimal (a
    number: 0.02; the first two shown as percentages, a score with two decimals), ``day`` date, ``integer``
    int, others text; ``None`` is empty.
    """

    en: str
    zh: str
    kind: ResultKind
    width: float = 12
    total: bool = False  # summed in the totals above the table
    hidden: bool = False
    words: str = ""  # the vocabulary whose words are shown in the workbook's language, a key of WORDS
    main: bool = False  # what the sheet is about: it stands out


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """One result sheet's declaration; ``titled``: title block above, header in row 5 (else row 1).

    ``apart``: the English header of the column whose values set groups of rows apart by a line.
    ``signed``: a document with signature lines and the latest period's total at the foot of each page.
    ``about``: what stands below the title in the place of the unit. ``unseen``: a hidden sheet.
    """

    name: str
    zh: tuple[str, ...]
    columns: tuple[ResultColumn, ...]
    title: tuple[str, str] = ("", "")
    titled: bool = True
    apart: str = ""
    signed: bool = False
    about: tuple[str, str] = ("", "")
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """A total that must agree with another, in fen; ``said`` names the two, in English and Chinese."""

    said: tuple[str, str]
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class Count:
    """A number of lines in a ``formula`` column, among amounts."""

    number: int


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a spreadsheet program calculates, and what the program says it gives: fen, lines or a word.

    Only such values of ``formula`` and ``verdict`` columns become formulas; text never does.
    """

    text: str  # as a file holds it: English names, commas, no equals sign
    value: int | Count | str


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The rows of a result sheet, values in the order of its columns; ``period`` and ``run`` for the head.

    ``links`` of Problems: per row the (table, row, column) that its Cell points to, or nothing.
    ``ties``: the totals that the head shows to agree; ``digest``: the ledger's; ``approval``: of a document's
    latest period, the row that counts (§Controls).
    """

    sheet: ResultSheet
    rows: list[tuple[object, ...]]
    period: str = ""
    run: int = 0
    company: str = ""
    links: tuple[tuple[str, int, str], ...] = ()
    ties: tuple[Tie, ...] = ()
    digest: str = ""
    approval: ApprovalRow | None = None
