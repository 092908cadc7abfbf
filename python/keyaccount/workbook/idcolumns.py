"""Reads a column of IDs of which each stands for itself, such as sale numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from keyaccount.workbook.columns import Contents, Quick, QuickReader, Values
from keyaccount.workbook.decimals import Flags, index_of
from keyaccount.workbook.rawcells import Tag
from keyaccount.workbook.spaces import PLAIN_BYTES, spaced
from keyaccount.workbook.spans import Spans, all_filled

_LONGEST_ID_NUMBER = 15


class IdReader(QuickReader):
    """Reads IDs of which each stands for itself, such as sale numbers."""

    def quick(self, tag: Tag) -> Quick | None:
        """Give the quick way for texts in the sheet, shared texts and numbers."""
        if tag.kind == "text" and not tag.formula_text:
            return self._shared if tag.shared else self._inline
        return self._numbers if tag.kind == "number" and not tag.dated else None

    def _inline(self, contents: Contents) -> tuple[Values, Flags]:
        joined = b"\n".join(_filled_with(b"", contents))
        odd_text = joined.translate(None, PLAIN_BYTES) or b"_x" in joined
        return self._unless_odd(joined.decode().split("\n"), contents, check=bool(odd_text), written=True)

    def _shared(self, contents: Contents) -> tuple[Values, Flags]:
        if isinstance(contents, Spans):
            return self._shared_at(contents)
        strings = self.decoder.strings
        filled = _filled_with(b"0", contents)
        if not b"".join(filled).isdigit():
            return _all_odd(contents)
        try:
            texts = list(map(strings.__getitem__, map(int, filled)))
        except IndexError:
            return _all_odd(contents)
        if filled is not contents:
            texts = [text if each else "" for text, each in zip(texts, contents, strict=True)]
        joined = "\n".join(texts)
        odd_text = not joined.isascii() or joined.encode().translate(None, PLAIN_BYTES)
        broken = joined.count("\n") >= len(texts)  # one of them holds a line break
        return self._unless_odd(texts, contents, check=bool(odd_text) or broken, written=False)

    def _shared_at(self, contents: Spans) -> tuple[Values, Flags]:
        """Give shared texts by their numbers; those that need trimming, or are none, are odd."""
        texts, odd_texts = self.decoder.shared
        numbers, odd = index_of(contents)
        odd |= numbers >= len(texts)
        numbers[odd] = 0
        if not len(texts):
            return _all_odd(contents)
        values = texts[numbers]
        odd |= odd_texts[numbers]
        blank = contents.lengths == 0
        values[blank] = ""
        return values, odd | blank

    def _numbers(self, contents: Contents) -> tuple[Values, Flags]:
        joined = b"\n".join(_filled_with(b"1", contents))
        plain = joined.replace(b"\n", b"").isdigit() and b"\n0" not in b"\n" + joined
        if not plain or max(map(len, filter(None, contents)), default=0) > _LONGEST_ID_NUMBER:
            return _all_odd(contents)
        return self._unless_odd([each.decode() if each else "" for each in contents], contents)

    def _unless_odd(
        self, texts: Sequence[str], contents: Contents, *, check: bool = False, written: bool = False
    ) -> tuple[Values, Flags]:
        """Flag texts that need trimming, or decoding where they are as ``written`` in the part."""
        if len(texts) != len(contents):
            return _all_odd(contents)
        values = np.array(texts, dtype=np.object_)
        odd = np.zeros(len(texts), np.bool_)
        if check:
            odd = spaced(texts)
            if written:
                odd |= np.array(["&" in text or "_x" in text for text in texts], dtype=np.bool_)
        if "" in texts:
            odd |= values == ""
        return values, odd


def _filled_with(filler: bytes, contents: Contents) -> Sequence[bytes]:
    if all_filled(contents):
        return cast("Sequence[bytes]", contents)
    return [each or filler for each in contents]


def _all_odd(contents: Contents) -> tuple[Values, Flags]:
    return np.full(len(contents), "", dtype=np.object_), np.ones(len(contents), np.bool_)
