"""What a file that is no .xlsx workbook seems to be, in a finance person's words."""

from __future__ import annotations

import stat
from pathlib import Path

from keyaccount.problems import N_, FileProblem, Phrase

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK_STREAM = "Workbook".encode("utf-16-le")
_SAVE_AS = N_("Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx).")
_UNPROTECT = N_(
    "Give the password on standard input with --password-stdin, or ask for an unprotected .xlsx copy"
    " (in Excel: File, Info, Protect Workbook, without a password)."
)
_SAVE_AS_OR_UNPROTECT = N_(
    "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx). If it asks for a password, ask"
    " for an unprotected copy (in Excel: File, Info, Protect Workbook, without a password)."
)
_SIGNATURES: tuple[tuple[bytes, Phrase], ...] = (
    (b"%pdf", Phrase("a PDF document")),
    (b"{\\rtf", Phrase("a text document (RTF)")),
    (b"<!doctype html", Phrase("a web page (HTML)")),
    (b"<html", Phrase("a web page (HTML)")),
    (b"<table", Phrase("a web page (HTML)")),
    (b"<meta", Phrase("a web page (HTML)")),
    (b"<?xml", Phrase("an XML file")),
    (b"\x1f\x8b", Phrase("a compressed file (gzip)")),
    (b"7z\xbc\xaf\x27\x1c", Phrase("a compressed file (7-Zip)")),
    (b"rar!", Phrase("a compressed file (RAR)")),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\f")


def refuse_unless_file(path: Path) -> None:
    """Raise ``FileProblem`` for a folder, a pipe or a device; a file that is not there passes."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as reason:  # a name that is too long, links in a circle, a folder that is closed to us
        raise FileProblem(
            "{file} cannot be opened ({reason}).",
            "Check the name and the folder.",
            file=path.name,
            reason=reason.strerror,
        ) from None
    if stat.S_ISDIR(mode):
        raise FileProblem(
            "{path} is a folder, not a workbook.", "Name the workbook file inside it.", path=path
        )
    if not stat.S_ISREG(mode):  # a pipe or a device, which may never end
        raise FileProblem("{path} is no file.", "Name a workbook file.", path=path)


def refuse_unless_zip(path: Path) -> None:
    """Raise ``FileProblem`` with what the file seems to be, unless it begins like a zip package."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head:
        raise FileProblem(
            "{file} is empty (0 bytes).",
            "Fetch the file again from where it came from, or from a backup.",
            file=path.name,
        )
    if head.startswith(b"PK\x03\x04"):
        return
    if head.startswith(_OLE2):
        raise _ole2_problem(path)
    raise FileProblem(
        "{file} is not an Excel workbook: it seems to be {kind}.", _SAVE_AS, file=path.name, kind=_seems(head)
    )


def is_encrypted(path: Path) -> bool:
    """Tell whether a file is a workbook (or another new Office file) that is encrypted with a password."""
    with path.open("rb") as file:
        return file.read(len(_OLE2)) == _OLE2 and _ENCRYPTED_STREAM in file.read()


def _ole2_problem(path: Path) -> FileProblem:
    content = path.read_bytes()
    if _ENCRYPTED_STREAM in content:
        return FileProblem("{file} is encrypted with a password.", _UNPROTECT, file=path.name)
    if _WORKBOOK_STREAM in content:
        return FileProblem(
            "{file} is an old Excel workbook (.xls), or an encrypted one.",
            _SAVE_AS_OR_UNPROTECT,
            file=path.name,
        )
    return FileProblem(
        "{file} is an encrypted workbook or an old Office file, not an .xlsx workbook.",
        _SAVE_AS_OR_UNPROTECT,
        file=path.name,
    )


def _seems(head: bytes) -> Phrase:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_text(head):
        return Phrase("a text file (such as CSV)")
    if head.startswith(b"\x09") and head[1:2] in b"\x00\x02\x04\x08":
        return Phrase("a very old Excel workbook (.xls)")
    return Phrase("something else")


def _is_text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in _TEXT_CONTROLS for byte in head)  # noqa: PLR2004 below: control characters
