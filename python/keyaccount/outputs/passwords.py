"""Opening passwords: one for each salesperson, from a file; PDF and workbook are encrypted (AES-256).

The libraries belong to the extra ``passwords``: who hands statements out by hand needs none of them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from keyaccount.outputs.side_files import side_rows
from keyaccount.problems import FileProblem, Listed

_LONGEST_BYTES = 127
"""What a PDF takes as a password."""


def passwords_from(path: Path) -> dict[str, str]:
    """Read salesperson IDs and passwords, below a header row, from a CSV or .xlsx file.

    Raises ``FileProblem`` (exit 5) for a blank or overlong password, or two for one person.
    """
    found: dict[str, str] = {}
    for row in side_rows(path, 2):
        person, password = row.texts[0].strip(), row.texts[1]
        problem = (
            not password.strip()
            or len(password.encode()) > _LONGEST_BYTES
            or found.get(person, password) != password
        )
        if problem:
            raise FileProblem(
                "{file}, row {row}: the password of {person} is blank, is longer than {limit} bytes, "
                "or is a second one.",
                "Give each salesperson one password.",
                file=path.name,
                row=row.number,
                person=person,
                limit=_LONGEST_BYTES,
            )
        found[person] = password
    return found


def refuse_without_password(people: Iterable[str], passwords: Mapping[str, str], path: Path) -> None:
    """Refuse to write anybody's statement unprotected; raises ``FileProblem`` (exit 5)."""
    missing = [person for person in people if person not in passwords]
    if missing:
        raise FileProblem(
            "{file} has no password for {people}.",
            "Add a row for each of them.",
            file=path.name,
            people=Listed(missing),
        )


def refuse_without_libraries() -> None:
    """Refuse passwords where what encrypts is not installed; raises ``FileProblem`` (exit 5)."""
    try:
        import cryptography
        import msoffcrypto
        import pypdf
    except ImportError as missing:
        raise FileProblem(
            "Opening passwords need {library}, which is not installed.",
            "Run {command}, or leave --passwords out.",
            library=missing.name,
            command='pip install "keyaccount[passwords]"',
        ) from missing
    del cryptography, msoffcrypto, pypdf


def locked_pdf(content: bytes, password: str) -> bytes:
    """Encrypt a PDF (AES-256); it is no longer one for the archive, and does not claim to be."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(content))
    writer.root_object.pop("/Metadata", None)
    writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
