"""Cells read on their own: what a column of a kind makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from keyaccount.tables import Column, InputKind
from keyaccount.workbook.rawcells import Cell
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

NBSP, WIDE, ZWSP = "\u00a0", "\u3000", "\u200b"
ALL_KINDS: tuple[InputKind, ...] = (
    *("id", "ids", "text", "tier", "yes_no", "amount", "rate", "number", "integer"),
    *("day", "moment", "month", "period", "setting"),
)


def value(kind: InputKind, cell: Cell | None, *, words: str = "", date1904: bool = False) -> Any:  # noqa: ANN401
    return parse(Column("field", "Header", ("表头",), kind, words=words), cell, date1904=date1904)


def text(kind: InputKind, content: str, words: str = "") -> Any:  # noqa: ANN401
    return value(kind, Cell("text", content), words=words)


def number(kind: InputKind, content: str, *, dated: bool = False, date1904: bool = False) -> Any:  # noqa: ANN401
    return value(kind, Cell("number", content, dated), date1904=date1904)


def faulty(kind: InputKind, cell: Cell, *, words: str = "", date1904: bool = False) -> str:
    """Read a cell that cannot be read; give the sentence."""
    with pytest.raises(Fault) as caught:
        value(kind, cell, words=words, date1904=date1904)
    assert caught.value.remedy.format(**caught.value.details)
    return caught.value.problem.format(**caught.value.details)
