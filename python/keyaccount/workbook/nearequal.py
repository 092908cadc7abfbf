"""IDs that are nearly the same: they differ by case, width or odd spaces, and are probably one."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keyaccount.problems import Problem, warning
from keyaccount.workbook.spaces import SPACES, ZERO_WIDTH

_NO_SPACES = dict.fromkeys(map(ord, SPACES + ZERO_WIDTH))

_CASES = string.ascii_uppercase.encode(), string.ascii_lowercase.encode()


class Trimmed(NamedTuple):
    """An ID that stood in odd spaces."""

    table: str
    row: int
    column: str
    text: str
    id: str


class Source(NamedTuple):
    """A column of IDs: where it is, and each row's number and ID."""

    table: str
    column: str
    rows: Sequence[int]
    ids: Sequence[str]


def near_equal(sources: Sequence[Source], trimmed: Iterable[Trimmed]) -> Iterator[Problem]:
    """Warn of IDs that differ only by case, width or odd spaces, naming both (spec, "Values")."""
    for other, found in _pairs(sources):
        source = next(each for each in sources if found in each.ids)
        yield warning(
            source.table,
            source.rows[source.ids.index(found)],
            source.column,
            found,
            "The IDs {id} and {other} differ only by case, width or spaces; they count as two.",
            "Write them alike if they mean the same.",
            id=found,
            other=other,
        )
    for each in dict.fromkeys(trimmed):
        if sum(source.ids.count(each.id) for source in sources) > 1:
            yield warning(
                each.table,
                each.row,
                each.column,
                each.text,
                "Odd spaces (no-break, full-width, zero-width) stand around the ID here; it counts as {id}.",
                "Delete the spaces before and after it.",
                id=each.id,
            )


def _pairs(sources: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Give the IDs that have a near-equal one before them, with that one."""
    if _plainly_different("\0".join("\0".join(source.ids) for source in sources)):
        return
    distinct = dict.fromkeys(id_ for source in sources for id_ in source.ids if id_)
    first_of: dict[str, str] = {}
    for id_ in distinct:
        first = first_of.setdefault(_key(id_), id_)
        if first != id_:
            yield first, id_


def _plainly_different(joined: str) -> bool:
    """Tell quickly that no two IDs can be near-equal: ASCII of one case without spaces."""
    if not joined.isascii():
        return False
    letters = joined.encode()
    if all(len(letters.translate(None, case)) < len(letters) for case in _CASES):
        return False
    return not any(space in joined for space in SPACES)


def _key(id_: str) -> str:
    """Give what near-equal IDs have in common."""
    narrow = id_ if id_.isascii() else unicodedata.normalize("NFKC", id_)
    return narrow.casefold().translate(_NO_SPACES)
