"""Columns as bytes and back: numbers as planes of bytes and bits, IDs letter by letter, texts joined."""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from keyaccount.tables import NO_DAY, NO_MOMENT

Packed = list[str] | NDArray[np.int64]
"""A column: texts, or whole numbers (fen, days or seconds since 1970-01-01; blanks NO_DAY, NO_MOMENT)."""
END = "\0"
"""Ends a text: no cell can hold it."""
_BYTE = 8
_LONGEST_ID = 40


def number_planes(values: NDArray[np.int64]) -> tuple[list[int], list[bytes]]:
    """Pack numbers as differences from the smallest, blanks as 0; say bits, smallest number and blank."""
    blank = (values == NO_DAY) | (values == NO_MOMENT)
    if not blank.any():
        smallest = int(values.min()) if len(values) else 0
        largest = int(values.max()) if len(values) else 0
        width = (largest - smallest).bit_length()
        return [width, smallest, 0], [in_planes(values - smallest, width)]
    filled = values[~blank]
    smallest = int(filled.min()) - 1 if len(filled) else 0
    width = (int(filled.max()) - smallest).bit_length() if len(filled) else 0
    shifted = values - smallest
    shifted[blank] = 0
    return [width, smallest, int(values[blank][0])], [in_planes(shifted, width)]


def in_planes(numbers: NDArray[np.int64], width: int) -> bytes:
    """Write numbers of so many bits: whole bytes as planes, the lowest first, then the bits that are left."""
    octets = np.ascontiguousarray(numbers, "<i8").view(np.uint8).reshape(-1, _BYTE)
    planes = [octets[:, plane].tobytes() for plane in range(width // _BYTE)]
    last = octets[:, min(width // _BYTE, _BYTE - 1)]
    planes += [np.packbits(last >> bit & 1).tobytes() for bit in range(width % _BYTE)]
    return b"".join(planes)


def planes_of(data: bytes, count: int, width: int, smallest: int, blank: int) -> NDArray[np.int64]:
    """Read numbers from planes; where there is a ``blank``, 0 stands for it. Raises ``ValueError``."""
    octets = np.zeros((count, _BYTE), np.uint8)
    whole, bits = divmod(width, _BYTE)
    packed = -(-count // _BYTE)
    if len(data) != whole * count + bits * packed:
        raise ValueError(len(data))
    read = np.frombuffer(data, np.uint8)
    octets[:, :whole] = read[: whole * count].reshape(whole, count).T
    for bit in range(bits):
        start = whole * count + bit * packed
        octets[:, whole] |= np.unpackbits(read[start : start + packed], count=count) << bit
    numbers = octets.view("<i8").reshape(count).astype(np.int64)
    return np.where(numbers == 0, blank, numbers + smallest) if blank else numbers + smallest


def letters_of_ids(values: list[str]) -> NDArray[np.uint8] | None:
    """Write IDs letter by letter, as differences from the row above; None where these are no IDs."""
    joined = joined_texts(values)
    if not values or not joined.isascii():
        return None
    width = len(values[0])
    if len(joined) == len(values) * (width + 1) - 1:  # perhaps all of one length
        letters = np.frombuffer(joined + b"\0", np.uint8).reshape(len(values), width + 1)
        if not letters[:, width].any() and letters[:, :width].all():
            return _differences(letters[:, :width])
    longest = max(map(len, values))
    if longest > _LONGEST_ID:
        return None
    width = max(1, longest)
    return _differences(np.array(values, f"S{width}").view(np.uint8).reshape(len(values), width))


def _differences(letters: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.diff(letters.T, axis=1, prepend=np.uint8(0))


def texts_of_letters(data: bytes, count: int, width: int) -> list[str]:
    """Read IDs from their letters' differences; raises ``ValueError``."""
    rises = np.frombuffer(data, np.uint8).reshape(width, count)
    letters = np.zeros((count, width + 1), np.uint8)
    letters[:, :width] = np.add.accumulate(rises, axis=1, dtype=np.uint8).T
    if letters[:, :width].all():  # no ID is shorter than another
        return letters.tobytes()[:-1].decode().split(END)
    return cast("list[str]", letters.view(f"S{width + 1}").reshape(count).astype(str).tolist())


def joined_texts(values: list[str]) -> bytes:
    """Write texts one after the other."""
    return END.join(values).encode()
