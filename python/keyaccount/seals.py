"""What a run leaves in the Run Log's Signature: digests over what it read, booked and showed, and a proof.

A run without a signing key leaves a checksum, which anybody can make; with a key it is an Ed25519 signature.
Each proof covers the one before it, so that the runs are a chain as the ledger's entries are.
Source: plan, Controls; spec, Run Log and ``verify``. Nothing here knows a file or a key's secret.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from keyaccount import tables
from keyaccount.ledger import Entry, fields_of
from keyaccount.money import number_text
from keyaccount.tables import Count, Formula, ResultTable

SHORT = 8
"""Digits of the digests that tell which cell of a row, or which column of a run's entries, was changed."""
LOGGED = tuple(column.en for column in tables.RUN_LOG.columns[:-1])
"""The Run Log's columns that a proof covers: all but the Signature itself."""
BOOKED = tuple(column.en for column in tables.LEDGER.columns[:-1])
"""The Ledger's columns that a digest covers: all but the Digest itself."""
RESULTS = (
    tables.NET_SALES,
    tables.COMMISSION_DETAIL,
    tables.MONTHLY_ADVANCES,
    tables.QUARTERLY_SETTLEMENT,
    tables.CLAWBACKS,
    tables.YEAR_END_SETTLEMENT,
    tables.KEY_ACCOUNT_REVIEW,
    tables.MAINTENANCE_SCORES,
    tables.RECOGNITION,
)
"""The sheets that a run's results are; others name rows and sheets, which may move, or add these up."""
UNSIGNED, SIGNED = "unsigned", "ed25519"
_HEX, _BASE64 = "[0-9a-f]", "[A-Za-z0-9+/=]"
_TEXT = re.compile(
    rf"(?P<method>unsigned|ed25519)(?: key=(?P<key>{_BASE64}{{44}}))?"
    rf" before=(?P<before>{_HEX}{{64}}) results=(?P<results>{_HEX}{{64}})"
    rf" cells=(?P<cells>{_HEX}{{{SHORT * len(LOGGED)}}})"
    rf" columns=(?P<columns>{_HEX}{{{SHORT * len(BOOKED)}}}) proof=(?P<proof>{_BASE64}+)"
)
LogRow = Sequence[object]
"""A row of the Run Log, its values in the order of the columns."""


class Signer(Protocol):
    """A signing key: its public half, and what signs."""

    @property
    def public(self) -> str:
        """The public key: 32 bytes in Base64."""

    def sign(self, message: bytes) -> bytes:
        """Sign a message (Ed25519)."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What stands in a Signature: the method, the public key, digests, and the proof over all of it.

    ``before``: digest of the Signature before; ``results``: of the result sheets; ``cells``: short digests of
    the row's other cells; ``columns``: of the run's entries, column by column.
    """

    method: str
    key: str
    before: str
    results: str
    cells: tuple[str, ...]
    columns: tuple[str, ...]
    proof: str = ""

    @property
    def signed(self) -> bool:
        """Whether a key made the proof."""
        return self.method == SIGNED

    @property
    def text(self) -> str:
        """The Signature as it stands in the cell."""
        key = f" key={self.key}" if self.key else ""
        digests = f"before={self.before} results={self.results}"
        cells, columns = "".join(self.cells), "".join(self.columns)
        return f"{self.method}{key} {digests} cells={cells} columns={columns} proof={self.proof}"

    @classmethod
    def parse(cls, text: str) -> Seal | None:
        """Read a Signature; None where it is not what a run writes."""
        found = _TEXT.fullmatch(text)
        if found is None or (found["method"] == SIGNED) != bool(found["key"]):
            return None
        cells, columns = _cut(found["cells"]), _cut(found["columns"])
        key, before, results = found["key"] or "", found["before"], found["results"]
        return cls(found["method"], key, before, results, cells, columns, found["proof"])

    def message(self, row: LogRow) -> bytes:
        """Give what the proof covers: the row's cells and everything in the Signature but the proof."""
        cells = (_canonical(value) for value in row[: len(LOGGED)])
        return _joined(("keyaccount run 1", *cells, replace(self, proof="").text)).encode()


def sealed(
    row: LogRow, before: str, results: str, entries: Iterable[Entry], signer: Signer | None = None
) -> Seal:
    """Seal a run's row; ``before``: the Signature above; ``results``: the digest of the result sheets."""
    method, key = (SIGNED, signer.public) if signer else (UNSIGNED, "")
    made = Seal(method, key, digest_of_text(before), results, cell_digests(row), column_digests(entries))
    message = made.message(row)
    proof = b64encode(signer.sign(message)).decode() if signer else hashlib.sha256(message).hexdigest()
    return replace(made, proof=proof)


def checksum_holds(seal: Seal, row: LogRow) -> bool:
    """Tell whether an unsigned row is as it was written."""
    return seal.proof == hashlib.sha256(seal.message(row)).hexdigest()


def cell_digests(row: LogRow) -> tuple[str, ...]:
    """Give the short digest of each cell that a proof covers."""
    return tuple(_short(f"{name}:{_canonical(value)}") for name, value in zip(LOGGED, row, strict=False))


def column_digests(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Give the short digest of each column over a run's entries."""
    columns = zip(*map(fields_of, entries), strict=True)
    return tuple(_short(_joined((name, *texts))) for name, texts in zip(BOOKED, columns, strict=True))


_AT_ONCE = 1000


def digest_of_text(text: str) -> str:
    """Give the 64 hex digits over a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def results_digest(made: Iterable[ResultTable]) -> str:
    """Give the 64 hex digits over the rows of the result sheets that a run shows."""
    rows = {table.sheet.name: table.rows for table in made if table.sheet in RESULTS}
    digest = hashlib.sha256()
    for name in sorted(rows):
        digest.update(_joined((name, str(len(rows[name])))).encode())
        for at in range(0, len(rows[name]), _AT_ONCE):
            some = rows[name][at : at + _AT_ONCE]
            digest.update(_text_of_rows(some).encode())
    return digest.hexdigest()


def _text_of_rows(rows: Sequence[Sequence[object]]) -> str:
    """Put the values of rows into one, each after its length; column by column, since those are alike."""
    columns = [_lengths_and_texts(values) for values in zip(*rows, strict=True)]
    return "".join(map("".join, zip(*columns, strict=True)))


def _lengths_and_texts(values: Sequence[object]) -> list[str]:
    types = set(map(type, values))
    if types in _WRITTEN_AS_THEY_ARE:
        texts = map(str, values)
    elif types in _REPEATED:
        texts = map({value: _canonical(value) for value in set(values)}.__getitem__, values)
    else:
        texts = map(_canonical, values)
    return [f"{len(text)}:{text}" for text in texts]


def _canonical(value: object) -> str:
    """Write a value as it is whatever program saved it: blank as nothing, numbers without zeros behind."""
    match value:
        case None:
            return ""
        case Decimal():
            return number_text(value)
        case date():
            return value.isoformat()
        case Formula():
            return f"={value.text}"
        case Count():
            return str(value.number)
        case _:
            return str(value)


_WRITTEN_AS_THEY_ARE: tuple[set[type], ...] = ({str}, {int})
_REPEATED: tuple[set[type], ...] = ({Decimal}, {date}, {Decimal, type(None)}, {date, type(None)})
"""Columns of one type, of which equal values are written alike."""


def _joined(texts: Iterable[str]) -> str:
    """Put texts into one, each after its length, so that no other texts give the same."""
    return "".join([f"{len(text)}:{text}" for text in texts])


def _short(text: str) -> str:
    return digest_of_text(text)[:SHORT]


def _cut(digits: str) -> tuple[str, ...]:
    return tuple(digits[at : at + SHORT] for at in range(0, len(digits), SHORT))
