"""Exact sums of many lines by a few whole numbers (months, accounts, kinds)."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ROOM = 1 << 16
"""Up to so many sums, and a few a line, each has its place; beyond, the lines are sorted."""


def sums_by(
    keys: Sequence[NDArray[Any]], amounts: NDArray[np.int64]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int64]]:
    """Add amounts up by keys; give the keys of the sums, in order, and the sums (int64)."""
    if not len(amounts):
        return [np.empty(0, np.int64) for _ in keys], np.empty(0, np.int64)
    lows = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    place = np.zeros(len(amounts), np.int64)
    for key, low, span in zip(keys, lows, spans, strict=True):
        place *= span
        place += key
        place -= low
    size = prod(spans)
    if size <= _ROOM + 2 * len(amounts):
        sums = np.zeros(size, np.int64)
        np.add.at(sums, place, amounts)
        found = np.flatnonzero(np.bincount(place))
        sums = sums[found]
    else:
        found, inverse = np.unique(place, return_inverse=True)
        sums = np.zeros(len(found), np.int64)
        np.add.at(sums, inverse, amounts)
    parts: list[NDArray[np.int64]] = []
    for low, span in zip(reversed(lows), reversed(spans), strict=True):
        found, part = np.divmod(found, span)
        parts.insert(0, part + low)
    return parts, sums
