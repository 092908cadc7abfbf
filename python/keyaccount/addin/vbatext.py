r"""Texts in VBA source: ASCII only, so that no code page can spoil them.

A VBA project keeps its source in one code page. Chinese that was written on a Chinese Windows turns into
question marks on another, so every character beyond ASCII is written as ``\uXXXX`` (two of them beyond
U+FFFF) and put together at run time by KeyAccountPlain.
"""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_LINE = 1023
"""The VBA editor's limit for a line."""
_MOST_CONTINUED = 24
"""The VBA editor's limit of line continuations in one statement."""


def literal(text: str) -> str:
    """Give a VBA string literal of the escaped text; raises ValueError for what it could not give back."""
    if "\\u" in text or any(ord(character) < ord(" ") for character in text):
        raise ValueError(f"a text for VBA holds \\u or a control character: {text!r}")
    return '"' + "".join(_escaped(character) for character in text).replace('"', '""') + '"'


def _escaped(character: str) -> str:
    if character.isascii():
        return character
    units = character.encode("utf-16-be").hex().upper()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def statement(lines: Iterable[str]) -> str:
    """Put the lines of one statement together with continuations; raises ValueError beyond VBA's limits."""
    pieces = list(lines)
    if len(pieces) > _MOST_CONTINUED + 1 or any(len(piece) + 2 > LONGEST_LINE for piece in pieces):
        raise ValueError(f"too long for VBA: {pieces[0][:60]} ...")
    return " _\n".join(pieces)
