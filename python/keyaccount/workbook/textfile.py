"""A text file (CSV) as records: its encoding and delimiter are found strictly, and said; never guessed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    if delimiter:
        return TextFile(_records(path, text, DELIMITERS[delimiter]), named, delimiter)
    candidates = {name: _tried(path, text, sign) for name, sign in DELIMITERS.items()}
    ranked = sorted(
        ((_rank(records, knows), name) for name, records in candidates.items() if records), reverse=True
    )
    if not ranked or ranked[0][0] == (0, 0, 0) or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        raise FileProblem(
            "It is unclear what stands between the fields of {file}.",
            "Say it with --delimiter: {names}.",
            file=path.name,
            names=Listed(DELIMITERS),
        )
    name = ranked[0][1]
    return TextFile(_records(path, text, DELIMITERS[name]), named, name)


def _rank(records: Sequence[Record], knows: Callable[[Sequence[str]], int]) -> tuple[int, int, int]:
    """Rank a delimiter: known headers, then whether all records have as many fields, then how many."""
    width = len(records[0].fields)
    if width == 1:
        return 0, 0, 0
    even = all(len(record.fields) == width for record in records)
    return knows(records[0].fields), int(even), width


def _tried(path: Path, text: str, sign: str) -> list[Record]:
    try:
        return _records(path, text, sign)
    except FileProblem:
        return []


def _records(path: Path, text: str, sign: str) -> list[Record]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    records = []
    line = 1
    try:
        for fields in reader:
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
