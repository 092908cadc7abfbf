"""Text that stays text: in documents no control characters, in sheets no formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet program may take for the start of a formula once a cell is edited."""


def printable(text: str) -> str:
    """Put a space for what is no letter: control characters can be neither set nor written."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
