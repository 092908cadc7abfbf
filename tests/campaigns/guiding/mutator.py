"""Mutates a workbook within its zip: the guide's own bytes go into a part, or a mutator knows more."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.campaigns.fuzzing.books import Base
from tests.campaigns.fuzzing.cells import CELLS
from tests.campaigns.fuzzing.markup import MARKUP
from tests.campaigns.fuzzing.packing import of_parts, pack
from tests.campaigns.fuzzing.sheets import SHEETS

Noise = Callable[[bytes, int], bytes]
"""The guide's own mutation: some bytes into some others, at most so many."""
KNOWING = (*MARKUP, *CELLS, *SHEETS)
BY_NOISE, OF_THE_ZIP = 0.5, 0.03
MOST_TOGETHER = 3
_LARGEST_PART = 1 << 16


def mutated(base: Base, data: bytes, most: int, seed: int, noise: Noise) -> bytes:
    """Mutate a workbook's bytes; those that are no zip begin anew from the base."""
    random = Random(seed)
    if random.random() < OF_THE_ZIP:
        return noise(data, most)
    parts = _parts(data) or base.parts
    for _ in range(random.randint(1, MOST_TOGETHER)):
        parts = _once(random, replace(base, parts=parts), noise)
    made = pack(of_parts(parts))
    return made if len(made) <= most else pack(of_parts(base.parts))


def _once(random: Random, base: Base, noise: Noise) -> dict[str, bytes]:
    if random.random() < BY_NOISE:
        name = random.choice([*base.parts])
        return base.parts | {
            name: noise(base.parts[name], min(_LARGEST_PART, 2 * len(base.parts[name]) + 64))
        }
    try:
        return _parts(random.choice(KNOWING)(random, base).data) or base.parts
    except (LookupError, ValueError, TypeError, AttributeError):  # what it knows is not there any more
        return base.parts


def _parts(data: bytes) -> dict[str, bytes]:
    """Give a zip's parts; none where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, OSError, EOFError, NotImplementedError):
        return {}
