"""Workbooks that are encrypted with a password, as Excel does it: opened in memory, encrypted again alike.

What is inside never reaches the disk in clear. The libraries belong to the extra ``passwords``.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.workbook.filetype import is_encrypted

ROUNDS = 100_000
"""So often a password is hashed, as in Excel: little for who knows it, much for who tries many."""
_PASSWORD: ContextVar[str] = ContextVar("password", default="")


@contextmanager
def opening_with(password: str) -> Iterator[None]:
    """Open encrypted workbooks with this password (``""``: with none) inside the ``with`` block."""
    token = _PASSWORD.set(password)
    try:
        yield
    finally:
        _PASSWORD.reset(token)


def password_given() -> str:
    """Give the password with which workbooks are opened just now, or ``""``."""
    return _PASSWORD.get()


@dataclass(frozen=True, slots=True)
class Unlocked:
    """An encrypted workbook's content, and what writing it back takes: the password, and what was read."""

    content: bytes = field(repr=False)
    password: str = field(repr=False)
    digest: bytes

    def refuse_changed(self, path: Path) -> None:
        """Refuse to go on when the file is no longer the one that was opened; raises ``FileProblem``."""
        if _digest(path.read_bytes()) != self.digest:
            raise FileProblem(
                "{file} was saved by someone else while this run was working.",
                "Nothing was written; run again.",
                file=path.name,
            )


def unlocked(path: Path) -> Unlocked | None:
    """Open an encrypted workbook with the password of ``opening_with``; None where there is nothing to open.

    Raises ``FileProblem`` (exit 5): the password is wrong, the content tampered with, a library missing.
    """
    password = _PASSWORD.get()
    if not password or not is_encrypted(path):
        return None
    data = path.read_bytes()
    refuse_without_library(path)
    return Unlocked(_decrypted(data, password, path.name), password, _digest(data))


def refuse_without_library(path: Path) -> None:
    """Raise ``FileProblem`` (exit 5) where what opens encrypted workbooks is not installed."""
    try:
        import cryptography
        import msoffcrypto
    except ImportError as missing:
        raise FileProblem(
            "{file} is encrypted with a password; opening it needs {library}, which is not installed.",
            "Run {command}.",
            file=path.name,
            library=missing.name,
            command='pip install "keyaccount[passwords]"',
        ) from missing
    del cryptography, msoffcrypto


def encrypted(content: bytes, password: str) -> bytes:
    """Encrypt a workbook as Excel does (AES-256, SHA-512); never the same bytes twice."""
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    made: bytes = ECMA376Agile.encrypt(password, io.BytesIO(content), spin_count=ROUNDS)
    return made


def _decrypted(data: bytes, password: str, file_name: str) -> bytes:
    from msoffcrypto.exceptions import InvalidKeyError
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    try:
        file = OOXMLFile(io.BytesIO(data))
        try:
            file.load_key(password=password, verify_password=True)
        except InvalidKeyError:
            raise _wrong_password(file_name) from None
        try:
            file.decrypt(out, verify_integrity=True)
        except InvalidKeyError:
            raise _tampered(file_name) from None
    except (FileProblem, MemoryError):
        raise
    except Exception:  # noqa: BLE001 on a damaged file the library raises whatever comes
        raise _damaged(file_name) from None
    return out.getvalue()


def _wrong_password(file_name: str) -> FileProblem:
    return FileProblem(
        "{file} does not open with this password.",
        "Give the password that Excel asks for; capital and small letters differ.",
        file=file_name,
    )


def _tampered(file_name: str) -> FileProblem:
    return FileProblem(
        "{file} was changed or damaged after it was encrypted: it is not what the password protects.",
        "Do not use it; ask the sender for the file again, or take the last good copy from a backup.",
        file=file_name,
    )


def _damaged(file_name: str) -> FileProblem:
    return FileProblem(
        "{file} is encrypted in a way that cannot be read, or damaged.",
        "Open it in Excel and save it under a new name; if that fails, take the last good copy from a"
        " backup.",
        file=file_name,
    )


def _digest(data: bytes) -> bytes:
    from hashlib import sha256

    return sha256(data).digest()
