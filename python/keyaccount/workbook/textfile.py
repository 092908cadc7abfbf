"""A text file (CSV) as records: its encoding and delimiter are found strictly, and said; never guessed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from keyaccount.problems import FileProblem, Listed, UsageError

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
"""What may stand between the fields, by its name."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 (BOM)"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_USUAL_PART = 0.9
"""So much of a GB18030 text's Chinese is in GB 2312, the common characters; of another encoding's, little."""
_LONGEST_FIELD = 1 << 20
_NOT_ONE = (0, 0, 0)
"""The rank of what separates nothing."""
_TRIED = 1_000
"""By so many records the delimiter is found; one that does not fit later is reported by its line."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record and the line of the file on which it begins."""

    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text file's records without blank lines, and how it was read."""

    records: list[Record]
    encoding: str
    delimiter: str  # its name in DELIMITERS


def read_text_file(
    path: Path, knows: Callable[[Sequence[str]], int], encoding: str = "", delimiter: str = ""
) -> TextFile:
    """Read a CSV file; ``knows`` counts the headers of a record that the table knows.

    ``encoding``, ``delimiter``: as the user says. Left out they are found: a byte-order mark, else UTF-8
    where every byte agrees, else GB18030 where it gives usual Chinese; the delimiter that gives every
    record as many fields as the header has. Raises FileProblem where that leaves any doubt.
    """
    text, named = _decoded(path, encoding)
    if not text.strip():
        return TextFile([], named, delimiter or "comma")
    if delimiter:
        return TextFile(_records(path, text, DELIMITERS[delimiter]), named, delimiter)
    ranked: list[tuple[tuple[int, int, int], str]] = []
    torn: FileProblem | None = None
    for name, sign in DELIMITERS.items():
        try:
            records = _records(path, text, sign, _TRIED)
        except FileProblem as problem:
            torn = torn or problem
            continue
        if records:
            ranked.append((_rank(records, knows), name))
    ranked.sort(reverse=True)
    best = ranked[0] if ranked else (_NOT_ONE, "")
    if best[0] == _NOT_ONE and torn is not None:
        raise torn
    if best[0] == _NOT_ONE or [rank for rank, _ in ranked].count(best[0]) > 1:
        raise FileProblem(
            "It is unclear what stands between the fields of {file}.",
            "Say it with --delimiter: {names}.",
            file=path.name,
            names=Listed(DELIMITERS),
        )
    return TextFile(_records(path, text, DELIMITERS[best[1]]), named, best[1])


def _rank(records: Sequence[Record], knows: Callable[[Sequence[str]], int]) -> tuple[int, int, int]:
    """Rank a delimiter: known headers, then whether all records have as many fields, then how many."""
    width = len(records[0].fields)
    if width == 1:
        return _NOT_ONE
    even = all(len(record.fields) == width for record in records)
    return knows(records[0].fields), int(even), width


def _records(path: Path, text: str, sign: str, most: int | None = None) -> list[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    records = []
    line = 1
    try:
        for fields in islice(reader, most):
            if any(field.strip() for field in fields):
                records.append(Record(line, fields))
            line = reader.line_num + 1
    except csv.Error as reason:
        raise FileProblem(
            "{file} is no proper CSV file from line {line} on: {reason}.",
            "Look at the quotation marks of that line; a quotation mark inside a field is written twice.",
            file=path.name,
            line=line,
            reason=reason,
        ) from None
    return records


def _decoded(path: Path, encoding: str) -> tuple[str, str]:
    data = path.read_bytes()
    if encoding:
        return _decoded_as(path, data, encoding), encoding
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return _decoded_as(path, data, codec), name
    for codec, name in (("utf-8", "UTF-8"), ("gb18030", "GB18030")):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if codec == "utf-8" or _is_usual_chinese(text):
            return _whole(path, text), name
    raise FileProblem(
        "The encoding of {file} is unclear: it is not UTF-8, and as GB18030 it gives no usual Chinese.",
        "Save it as “CSV UTF-8” in Excel, or name its encoding with --encoding.",
        file=path.name,
    )


def _decoded_as(path: Path, data: bytes, encoding: str) -> str:
    try:
        return _whole(path, data.decode(encoding))
    except LookupError:
        raise UsageError(
            "There is no encoding named {encoding}.",
            "Name one such as utf-8, gb18030 or big5.",
            encoding=encoding,
        ) from None
    except UnicodeDecodeError as reason:
        raise FileProblem(
            "{file} is not in the encoding {encoding}: its byte {place} does not belong there.",
            "Save it as “CSV UTF-8” in Excel, or name its encoding with --encoding.",
            file=path.name,
            encoding=encoding,
            place=reason.start + 1,
        ) from None


def _whole(path: Path, text: str) -> str:
    if "\0" in text:
        raise FileProblem(
            "{file} is no text file.",
            "Save the data as “CSV UTF-8”, or as an Excel workbook (.xlsx).",
            file=path.name,
        )
    return text


def _is_usual_chinese(text: str) -> bool:
    """Tell Chinese from what another encoding's bytes look like as GB18030: rare and unassigned signs."""
    other = [letter for letter in text if not letter.isascii()]
    usual = len("".join(other).encode("gb2312", "ignore").decode("gb2312"))
    return all(letter.isprintable() or letter.isspace() for letter in other) and (
        usual >= _USUAL_PART * len(other)
    )
