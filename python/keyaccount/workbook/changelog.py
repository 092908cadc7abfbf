"""What is kept of the inputs in the workbook: the latest booking run's values, and all changes between runs.

Both stand compressed on the hidden sheet Input Snapshot, as text in cells that every spreadsheet program
keeps. The sheet Changes shows the changes in the workbook's language.
"""

from __future__ import annotations

import binascii
import hashlib
import json
import zlib
from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from keyaccount.money import number_text, yuan_grouped
from keyaccount.periods import from_number, month_text
from keyaccount.tables import KEYS, TABLE, WORDS, Column, Table, recorded_columns
from keyaccount.workbook.firstsnapshot import unpack_first
from keyaccount.workbook.inputchanges import (
    ABSENT,
    ADDED,
    MORE,
    NEW_ROWS,
    REMOVED,
    UNKNOWN,
    Change,
    changes_between,
)
from keyaccount.workbook.inputsnapshot import MARK, Kept, Snapshot, pack, snapshot_of, unpack

Row = tuple[object, ...]
PIECE = 8000
"""Characters a cell: programs read and copy longer ones, but not all of their parts do."""
_DIGEST, _RUN, _OF, _CHANGES, _INPUTS = "digest", "run", "input digest", "changes", "inputs"
_NAMES = (_RUN, _OF, _CHANGES, _INPUTS)
_WHOLE, _SHORT = 64, 8
"""Digits of the digest over all rows, and of those of each, which follow it."""
_HAPPENED = {
    "en": {ADDED: "(row added)", REMOVED: "(row removed)", NEW_ROWS: "(new rows)", MORE: "(more changes)"},
    "zh": {ADDED: "(新增行)", REMOVED: "(删除行)", NEW_ROWS: "(新期间行数)", MORE: "(其余变更数)"},
}
_UNKNOWN = {
    UNKNOWN: {"en": "(not recorded)", "zh": "(无记录)"},
    ABSENT: {
        "en": "(record of the inputs was absent: changes before this run are not known)",
        "zh": "(输入数据快照缺失:本批次之前的变更无从得知)",
    },
}


@dataclass(frozen=True)
class ChangeLog:
    """The rows of Input Snapshot, and what they hold; ``sound``: they are as they were written."""

    rows: tuple[Row, ...] = ()

    @cached_property
    def _parts(self) -> dict[str, str]:
        found: dict[str, list[str]] = defaultdict(list)
        for name, content in self.rows:
            found[str(name)].append(str(content or ""))
        return {name: "".join(pieces) for name, pieces in found.items()}

    @cached_property
    def sound(self) -> bool:
        """Tell whether the rows agree with their own digest; none do."""
        return not self.rows or self.digests[0] == self.digests[1]

    @cached_property
    def digests(self) -> tuple[str, str]:
        """Give the digests of the rows, and those that stand in the first of them."""
        kept = self._parts.get(_DIGEST, "")
        rows = [row for row in self.rows if row[0] != _DIGEST]
        return (_digest(self._parts) + (_short_ones(rows) if len(kept) > _WHOLE else "")), kept

    def altered(self) -> Iterator[tuple[int, str, str, str]]:
        """Give the cells that are not as a run wrote them: row (from 0), column, expected and found.

        Records of before this program kept a digest of each row name the first cell only.
        """
        if self.sound:
            return
        kept = self.digests[1]
        heads = -(-len(kept) // PIECE)
        if str(self.rows[0][0]) != _DIGEST:
            yield 0, "Part", _DIGEST, str(self.rows[0][0])
            return
        found = False
        for index, (part, content) in enumerate(self.rows[heads:], start=heads):
            at = _WHOLE + (index - heads) * _SHORT
            expected = kept[at : at + _SHORT]
            if expected and _short(part, content) != expected:
                found = True
                named = next((each for each in _NAMES if _short(each, content) == expected), "")
                column, there = ("Part", part) if named else ("Content", content)
                yield index, column, named or f"(digest {expected}…)", str(there)
        if not found:
            yield 0, "Content", *self.digests

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change that was recorded; none where they cannot be read any more."""
        try:
            listed = json.loads(zlib.decompress(_bytes(self._parts.get(_CHANGES, ""))))
            return tuple(_change(*each) for each in listed)
        except (ValueError, TypeError, zlib.error):
            return ()

    def then(
        self, run: int, columns: Mapping[str, Mapping[str, Any]], input_digest: str, through: date | None
    ) -> ChangeLog:
        """Give the log after a booking run; ``through``: the last day of the runs before, if there were any.

        Where the run before left no sound snapshot, the changes of this run are marked as not recorded.
        """
        inputs, added = self._parts.get(_INPUTS, ""), []
        if not (self.sound and self._parts.get(_OF) == input_digest):
            now, before = snapshot_of(columns), self._recorded()
            kept = {name: each for name, each in (before or {}).items() if isinstance(each, Kept)}
            inputs = _text(pack(now, kept))
            if through is not None:
                unknown = [Change(run, "", (), UNKNOWN if self.rows else ABSENT)]
                added = unknown if before is None else changes_between(before, now, run, through)
        changes = zlib.compress(json.dumps([*self.changes, *added], separators=(",", ":")).encode(), 1)
        parts = {_RUN: str(run), _OF: input_digest, _CHANGES: _text(changes), _INPUTS: inputs}
        rows = [
            (name, content[at : at + PIECE])
            for name, content in parts.items()
            for at in range(0, len(content), PIECE)
        ]
        digests = _digest(parts) + _short_ones(rows)
        heads = [(_DIGEST, digests[at : at + PIECE]) for at in range(0, len(digests), PIECE)]
        return ChangeLog((*heads, *rows))

    def _recorded(self) -> Snapshot | None:
        """Give what the last booking run recorded, where it can be trusted."""
        try:
            data = _bytes(self._parts[_INPUTS]) if self.sound else b""
            if data.startswith(MARK):
                return unpack(data)
            return unpack_first(data) if data else None
        except (KeyError, ValueError, TypeError, zlib.error):
            return None

    @property
    def runs(self) -> tuple[int, ...]:
        """The runs before which something changed, new rows of the new period left aside."""
        return tuple(sorted({each.run for each in self.changes if each.field != NEW_ROWS}))

    def shown(self, language: str) -> list[Row]:
        """Give the rows of the sheet Changes in a language."""
        return [_shown(each, language) for each in self.changes]


def _digest(parts: Mapping[str, str]) -> str:
    said = "\n".join(parts.get(name, "") for name in _NAMES)
    return hashlib.sha256(said.encode()).hexdigest()


def _short_ones(rows: Sequence[Row]) -> str:
    return "".join(_short(part, content) for part, content in rows)


def _short(part: object, content: object) -> str:
    """Give a row's own digest, which tells which row was changed."""
    return hashlib.sha256(f"{part}:{content or ''}".encode()).hexdigest()[:_SHORT]


def _text(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error as reason:
        raise ValueError from reason


def _change(run: int, table: str, key: list[str], field: str, old: Any, new: Any) -> Change:  # noqa: ANN401 text or list
    of = (tuple(each) if isinstance(each, list) else each for each in (old, new))
    return Change(run, table, tuple(key), field, *of)


# --- as a person reads it ------------------------------------------------------------------------


def _shown(change: Change, language: str) -> Row:
    if change.field in _UNKNOWN:
        return (change.run, None, None, _UNKNOWN[change.field][language], None, None)
    table = TABLE[change.table]
    columns = {column.field: column for column in table.columns}
    sheet = table.zh[0] if language == "zh" else table.name
    happened = _HAPPENED[language].get(change.field)
    header = happened or _header(columns[change.field], language)
    values = (_value(side, change.field, columns, language) for side in (change.old, change.new))
    key = " · ".join(_keys(change, table, columns, language))
    return (change.run, sheet, key or None, header, *(value or None for value in values))


def _keys(change: Change, table: Table, columns: Mapping[str, Column], language: str) -> Iterator[str]:
    if change.field == NEW_ROWS:
        yield from change.key
        return
    names = KEYS[table.name] or tuple(column.field for column in recorded_columns(table))
    for name, text in zip(names, change.key, strict=False):
        if text or KEYS[table.name]:
            yield shown_value(columns[name], text, language) or "–"


def _value(side: str | tuple[str, ...], field: str, columns: Mapping[str, Column], language: str) -> str:
    if isinstance(side, str):
        return shown_value(columns[field], side, language) if field in columns else side
    pairs = zip(side[::2], side[1::2], strict=True)
    between = ";" if language == "zh" else "; "
    return between.join(
        f"{_header(columns[name], language)} {shown_value(columns[name], text, language)}"
        for name, text in pairs
        if name in columns and not (text == "0" and not columns[name].required)
    )


def _header(column: Column, language: str) -> str:
    return column.zh[0] if language == "zh" else column.en


def shown_value(column: Column, text: str, language: str) -> str:
    """Write a recorded value as its column's cells show it."""
    if not text:
        return ""
    if column.kind in ("word", "tier", "yes_no"):
        words = WORDS[column.words or column.kind].get(text, ()) if language == "zh" else ()
        return words[0] if words else text
    try:
        return _number(column, text)
    except (ValueError, InvalidOperation, OverflowError):
        return text


def _number(column: Column, text: str) -> str:
    """Write amounts in yuan, rates in percent, days and months as such; raises ``ValueError`` for others."""
    match column.kind:
        case "amount":
            return yuan_grouped(int(text))
        case "rate" if column.field != "coefficient":
            return f"{number_text(Decimal(text) * 100)}%"
        case "month":
            return month_text(int(text))
        case "day" if "-" not in text[1:]:
            return from_number(int(text)).isoformat()
        case "moment":
            seconds = int(text)
            clock = f"{seconds % 86_400 // 3600:02d}:{seconds % 3600 // 60:02d}"
            return f"{from_number(seconds // 86_400).isoformat()} {clock}"
    return text
