"""Rows that look like those before them, many at once: every byte between two contents is compared.

What a row looks like is learnt from some of them: a column's cell is a start tag and the bytes around its
contents. A row is taken only where each byte that is no content is the one expected, from the end of the row
before it to its own end; any other row is handed back whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from keyaccount.workbook.rawrows import Batch, RawColumn, column_number
from keyaccount.workbook.spans import ROOM, Places, Spans

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

_ROW: Final = b'<row r="'
_ROW_END: Final = b"</row>"
_LESS, _R, _QUOTE, _ZERO, _NINE = b'<r"09'
_MOST_DIGITS, _LAST_ROW = 7, 1_039_999  # the few rows behind it are left to others
_WORD_BYTES = 8
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WORD_BYTES + 1)], dtype=np.uint64)
_NUMBER_MASKS = np.array([(1 << 8 * min(count + 1, 8)) - 1 for count in range(_WORD_BYTES)], dtype=np.uint64)
_MOST_SHAPES, _MOST_TEXTS = 3, 3
_HIDDEN = re.compile(rb"\shidden\s*=")
_LEARN_ROW = re.compile(rb'<row r="[1-9][0-9]{0,6}("[^<>]*>)((?:(?!</row>).)*)</row>', re.DOTALL)
_LEARN_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})[1-9][0-9]{0,6}("[^<>]*?(?:/>|(?<!/)>(?:(?!</c>).)*</c>))', re.DOTALL
)
_TEXT = re.compile(rb"(?<=>)[^<]+(?=<)")
_WANTED = re.compile(
    rb'"[^>]*>(?:<f[^>]*>(?:\n</f>)?)?'
    rb'(?:<v>\n</v>|(?<=t="inlineStr">)<is><t(?: xml:space="preserve")?>\n</t></is>)</c>'
)
"""The forms of cells from which a content is taken; a line break stands for each text."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a cell looks like behind the row's number: the bytes between its texts, and its content's tag."""

    literals: tuple[bytes, ...]
    tag: bytes

    @property
    def texts(self) -> int:
        return len(self.literals) - 1


class AlikeRows:
    """Reads rows that look like those from which it has learnt."""

    def __init__(self, columns: Sequence[int], rows: bytes) -> None:
        """Name the wanted columns (1 = A), and learn from whole rows."""
        self._columns = tuple(columns)
        found = _LEARN_ROW.findall(rows)
        self._head = _most_common([head for head, _ in found])
        seen: dict[bytes, Counter[bytes]] = {}
        for _, cells in found:
            for letters, look in _LEARN_CELL.findall(cells):
                seen.setdefault(letters, Counter())[_TEXT.sub(b"\n", look)] += 1
        self._shapes = {
            letters: _shapes(looks, wanted=column_number(letters.decode()) in self._columns)
            for letters, looks in sorted(seen.items(), key=lambda item: column_number(item[0].decode()))
        }
        self._able = bool(self._head) and not _HIDDEN.search(self._head) and all(self._shapes.values())

    def read(self, rows: bytes) -> tuple[Batch, bytes]:
        """Give the rows that are alike, and the bytes of the others."""
        scan = _Scan(rows, self._head) if self._able else None
        if scan is None or not len(scan.starts):
            return Batch([], [RawColumn(b"", []) for _ in self._columns]), rows
        found = {}
        for letters, shapes in self._shapes.items():
            column = column_number(letters.decode())
            places = scan.cells(letters, shapes, wanted=column in self._columns)
            if column in self._columns:
                found[column] = shapes[0].tag, places
        good = scan.finish()
        every = bool(good.all())
        none = np.zeros(len(good), dtype=np.intp)
        columns = []
        for column in self._columns:
            tag, (starts, lengths) = found.get(column, (b"", (none, none)))
            spans = (
                Spans(scan.data, starts, lengths) if every else Spans(scan.data, starts[good], lengths[good])
            )
            columns.append(RawColumn(tag, spans))
        numbers = (scan.numbers if every else scan.numbers[good]).tolist()
        return Batch(numbers, columns), scan.left(good)


class _Scan:
    """Rows while they are compared, from left to right: where each stands, and if all was as expected."""

    def __init__(self, rows: bytes, head: bytes) -> None:
        self.data = rows + bytes(ROOM)
        self._length = len(rows)
        characters = np.frombuffer(self.data, dtype=np.uint8)
        self._words = np.ndarray((len(self.data) - 7,), dtype="<u8", buffer=self.data, strides=(1,))
        marks = np.flatnonzero(characters == _LESS)
        first = np.flatnonzero(characters[marks + 1] == _R)
        first = first[self._words[marks[first]] == np.frombuffer(_ROW, dtype="<u8")[0]]
        self.starts = marks[first]
        self._marks = np.concatenate([marks, np.full(ROOM, len(rows), dtype=np.intp)])
        self._mark = first + 1  # of each row, the next mark that was not looked at
        self._number_words = self._words[self.starts + len(_ROW)]
        self._ok, self._digits, self.numbers = _row_numbers(self._number_words)
        self._number_words &= _NUMBER_MASKS[self._digits]
        at = self.starts + len(_ROW) + self._digits
        self._ok &= self._same(at, head)
        self._at = np.where(self._ok, at + len(head), 0)

    def _same(self, at: Places, expected: bytes) -> Flags:
        """Tell where these bytes stand; a place behind the rows is none."""
        at = np.minimum(at, self._length)
        same = np.ones(len(at), dtype=np.bool_)
        for offset in range(0, len(expected), _WORD_BYTES):
            piece = expected[offset : offset + _WORD_BYTES]
            word = np.uint64(int.from_bytes(piece, "little"))
            places = np.minimum(at + offset, self._length) if offset else at
            found = self._words[places]
            same &= (found & _MASKS[len(piece)] if len(piece) < _WORD_BYTES else found) == word
        return same

    def cells(self, letters: bytes, shapes: Sequence[_Shape], *, wanted: bool) -> tuple[Places, Places]:
        """Go over a column's cells; give where their contents start and how long they are (0: blank)."""
        starts = np.zeros(len(self.starts), dtype=np.intp)
        lengths = np.zeros(len(self.starts), dtype=np.intp)
        begin = b'<c r="' + letters
        numbers = self._words[np.minimum(self._at + len(begin), self._length)] & _NUMBER_MASKS[self._digits]
        here = self._ok & self._same(self._at, begin) & (numbers == self._number_words)
        for shape in shapes:
            if not here.any():
                break
            who = slice(None) if here.all() else np.flatnonzero(here)
            fits, start, length, at, mark = self._fit(who, len(begin), shape)
            if not fits.all():
                who = np.flatnonzero(here)[fits]
                start, length, at, mark = start[fits], length[fits], at[fits], mark[fits]
            self._at[who], self._mark[who], here[who] = at, mark, False
            if wanted and shape.texts:
                starts[who], lengths[who] = start, length
        self._ok &= ~here  # such a cell was not learnt
        return starts, lengths

    def _fit(
        self, who: slice | Places, begin: int, shape: _Shape
    ) -> tuple[Flags, Places, Places, Places, Places]:
        """Compare cells with a shape; give the last text's start and length, the place and mark behind."""
        at = self._at[who] + begin + self._digits[who]
        mark = self._mark[who] + (1 + shape.literals[0].count(b"<"))
        fits = self._same(at, shape.literals[0])
        start = at = at + len(shape.literals[0])
        length = np.zeros(len(at), dtype=np.intp)
        for literal in shape.literals[1:]:
            start = at
            end = self._marks[np.minimum(mark, len(self._marks) - 1)]
            length = end - start
            fits &= (length > 0) & self._same(end, literal)
            at, mark = end + len(literal), mark + literal.count(b"<")
        return fits, start, length, at, mark

    def finish(self) -> Flags:
        """Compare the rows' ends; give which rows were as expected throughout."""
        ends = np.append(self.starts[1:], self._length)
        self._ok &= self._same(self._at, _ROW_END) & (self._at + len(_ROW_END) == ends)
        return self._ok

    def left(self, good: Flags) -> bytes:
        """Give the bytes of the other rows, and what stands before the first."""
        before = self.data[: int(self.starts[0])]
        if good.all():
            return before
        ends = np.append(self.starts[1:], self._length)
        places = zip(self.starts[~good].tolist(), ends[~good].tolist(), strict=True)
        return b"".join([before, *(self.data[start:end] for start, end in places)])


def _row_numbers(words: Words) -> tuple[Flags, Places, Places]:
    """Read the rows' numbers up to the quote behind them: whether they are such, their digits, themselves."""
    characters = words.view(np.uint8).reshape(len(words), _WORD_BYTES)
    quotes = characters == _QUOTE
    digits = quotes.argmax(axis=1).astype(np.intp)
    ok = (digits > 0) & (characters[:, 0] > _ZERO)
    numbers = np.zeros(len(words), dtype=np.intp)
    for place in range(int(digits.max(initial=0))):
        inside, character = place < digits, characters[:, place]
        ok &= ~inside | ((character >= _ZERO) & (character <= _NINE))
        numbers = np.where(inside, numbers * 10 + character - _ZERO, numbers)
    return ok & (numbers <= _LAST_ROW), digits, numbers


def _shapes(looks: Counter[bytes], *, wanted: bool) -> tuple[_Shape, ...]:
    """Give what a column's cells look like, the commonest first: one with a content, and blank ones."""
    shapes: list[_Shape] = []
    for look, _ in looks.most_common():
        shape = _Shape(tuple(look.split(b"\n")), look[1 : look.index(b">")])
        if shape.texts > _MOST_TEXTS or len(shapes) == _MOST_SHAPES:
            continue
        blank = not shape.texts and look.endswith(b"/>")
        if wanted and not blank and (any(each.texts for each in shapes) or not _WANTED.fullmatch(look)):
            continue
        shapes.append(shape)
    return tuple(sorted(shapes, key=lambda shape: not shape.texts)) if wanted else tuple(shapes)


def _most_common(values: Sequence[bytes]) -> bytes:
    ranked = Counter(values).most_common(1)
    return ranked[0][0] if ranked else b""
