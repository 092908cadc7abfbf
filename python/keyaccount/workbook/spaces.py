"""What counts as a space in a text, and which of many texts hold one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
PLAIN_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.#\n"
_SPACE = re.compile(f"[{SPACES}{ZERO_WIDTH}]")
_AT_ONCE = 1 << 12


def spaced(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Flag the texts that hold a space of any kind, or nothing at all."""
    flags = np.zeros(len(texts), dtype=np.bool_)
    for start in range(0, len(texts), _AT_ONCE):
        some = texts[start : start + _AT_ONCE]
        joined = "\n".join(some)
        plain = joined.isascii() and not joined.encode().translate(None, PLAIN_BYTES)
        if not plain or joined.count("\n") >= len(some) or "\n\n" in f"\n{joined}\n":
            found = (not text or not text.isprintable() or bool(_SPACE.search(text)) for text in some)
            flags[start : start + len(some)] = np.fromiter(found, np.bool_, len(some))
    return flags
