"""A CSV that DuckDB is to read: its encoding and delimiter are found; it is made UTF-8 where it is not."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.tables import ADJUSTMENTS, SALES
from keyaccount.workbook.headers import match_header
from keyaccount.workbook.textfile import DELIMITERS, read_text_file

_PIECE = 1 << 24
_SAMPLE_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Text:
    """A UTF-8 file, the sign between its fields, and the encoding of the file that was named."""

    path: Path
    delimiter: str
    encoding: str


def opened_text(path: Path, scratch: Path) -> Text:
    """Find a CSV's encoding and delimiter as ``import`` does; raises ``FileProblem`` for unclear ones."""
    sample = scratch / "head" / path.name
    sample.parent.mkdir(exist_ok=True)
    with path.open("rb") as file:
        sample.write_bytes(b"".join(file.readline() for _ in range(_SAMPLE_LINES)))
    found = read_text_file(sample, _known)
    delimiter = DELIMITERS[found.delimiter]
    encodings = ["utf-8", "gb18030"] if found.encoding == "UTF-8" else [_codec(found.encoding)]
    for encoding in encodings:
        made = path if encoding == "utf-8" else scratch / f"utf-8-{path.name}"
        if _decodes(path, encoding, None if made is path else made):
            shown = found.encoding if encoding == encodings[0] else "GB18030"
            return Text(made, delimiter, shown)
    raise FileProblem(
        "The encoding of {file} is unclear: it is neither UTF-8 nor GB18030 throughout.",
        "Save it as “CSV UTF-8”.",
        file=path.name,
    )


def _known(texts: Sequence[str]) -> int:
    """Count the headers of a record that one of the tables knows."""
    numbered = dict(enumerate(texts, start=1))
    return max(len(match_header(table, 1, numbered).candidates) for table in (SALES, ADJUSTMENTS))


def _codec(encoding: str) -> str:
    return {"UTF-8 (BOM)": "utf-8-sig", "UTF-16": "utf-16"}.get(encoding, encoding.lower())


def _decodes(path: Path, encoding: str, into: Path | None) -> bool:
    """Read a file piece by piece, and write it as UTF-8 where wished; False where a byte does not belong."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file, into.open("wb") if into else nullcontext() as made:
        try:
            while piece := file.read(_PIECE):
                text = decoder.decode(piece)
                if made is not None:
                    made.write(text.encode())
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
