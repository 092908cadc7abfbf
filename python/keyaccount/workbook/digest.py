"""The digest of a workbook's inputs: over typed values in the order of their rows, not over looks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from keyaccount.money import number_text
from keyaccount.tables import INPUT_TABLES
from keyaccount.workbook.bigtables import BigTable
from keyaccount.workbook.columns import Values
from keyaccount.workbook.records import SmallTable

_END = "\0"  # no cell can hold it


def input_digest(small: Mapping[str, SmallTable], big: Mapping[str, BigTable]) -> str:
    """Give 64 hex digits over all input values; blank rows, formats and unknown columns change nothing."""
    digest = hashlib.sha256()
    for table in INPUT_TABLES:
        if table.name in small and small[table.name].rows:
            digest.update(_heading(table.name, len(small[table.name].rows)))
            for _, values in small[table.name].rows:
                digest.update(_texts(canonical(values[column.field]) for column in table.columns))
        elif table.name in big and len(big[table.name].rows):
            digest.update(_heading(table.name, len(big[table.name].rows)))
            for column in table.columns:
                digest.update(_column(big[table.name].columns[column.field]))
    return digest.hexdigest()


def _heading(name: str, count: int) -> bytes:
    return _texts((name, str(count)))


def _texts(texts: Iterable[str]) -> bytes:
    return (_END.join(texts) + _END).encode()


def _column(values: Values) -> bytes:
    if values.dtype != np.object_:
        return values.astype("<i8").tobytes()
    listed = values.tolist()
    try:
        return _texts(listed)
    except TypeError:  # not all of them texts
        return _texts(map(canonical, listed))


def canonical(value: object) -> str:
    """Write a value as it is recorded and compared: nothing of it depends on a language or a format."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
        case tuple():
            return ";".join(value)
        case _:
            return str(value)
