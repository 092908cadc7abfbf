"""The signing key (Ed25519): made, found, read; and what a public key proves.

The key lies outside the workbook: at the path in KEYACCOUNT_KEY, else in the user's configuration folder. The
library ``cryptography`` is imported when a key is made or used, or a signature is there to be checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import FileProblem, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_VARIABLE = "KEYACCOUNT_KEY"
"""Names the file of the private key; empty: runs are not signed, whatever the configuration folder holds."""
PASSWORD_VARIABLE = "KEYACCOUNT_KEY_PASSWORD"  # noqa: S105 a variable's name
FILE_NAME = "signing-key.pem"
FINGERPRINT = "SHA256:"
_PUBLIC_BYTES = 32
_FINGERPRINT_DIGITS = 64
_OWNER_ONLY = 0o600


@dataclass(frozen=True)
class SigningKey:
    """The private key in a file, read when it is first used; raises ``FileProblem`` where it cannot be."""

    path: Path

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        data = _read(self.path)
        password = None
        if b"ENCRYPTED" in data:
            password = os.environ.get(PASSWORD_VARIABLE, "").encode() or _asked(self.path)
        try:
            private = load_pem_private_key(data, password)
        except (ValueError, TypeError) as reason:
            raise self._useless(encrypted=password is not None) from reason
        if not isinstance(private, Ed25519PrivateKey):
            raise self._useless(encrypted=False)
        return private

    def _useless(self, *, encrypted: bool) -> FileProblem:
        if encrypted:
            return FileProblem(
                "The password does not open the signing key {path}; nothing was booked.",
                "Set {variable} to the key's password, and run again.",
                path=self.path,
                variable=PASSWORD_VARIABLE,
            )
        return FileProblem(
            "The file {path} holds no signing key (Ed25519, PEM); nothing was booked.",
            "Make one with `keyaccount key new`, or set {variable} to the file that holds it.",
            path=self.path,
            variable=KEY_VARIABLE,
        )

    @cached_property
    def public(self) -> str:
        """The public key: 32 bytes in Base64."""
        return b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        return self._private.sign(message)


def _asked(path: Path) -> bytes:
    """Ask for a key's password where somebody sits at the terminal; raises ``FileProblem`` elsewhere."""
    if sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass

        return getpass(f"{path.name}: ").encode()
    raise FileProblem(
        "The signing key {path} has a password; nothing was booked.",
        "Set {variable} to the key's password, and run again.",
        path=path,
        variable=PASSWORD_VARIABLE,
    )


def configured_key(environment: Mapping[str, str] | None = None) -> SigningKey | None:
    """Give the key that signs runs: that of KEYACCOUNT_KEY, else the one in the user's folder, if any."""
    env = os.environ if environment is None else environment
    named = env.get(KEY_VARIABLE)
    if named is not None:
        return SigningKey(Path(named).expanduser()) if named.strip() else None
    usual = usual_path(env)
    return SigningKey(usual) if usual is not None and usual.is_file() else None


def usual_path(environment: Mapping[str, str] | None = None) -> Path | None:
    """Say where a user's key lies if nothing else is said; None on a system without a home folder."""
    env = os.environ if environment is None else environment
    with contextlib.suppress(RuntimeError):
        if sys.platform == "win32":
            folder = Path(env["APPDATA"]) if env.get("APPDATA") else Path.home() / "AppData" / "Roaming"
        elif sys.platform == "darwin":
            folder = Path.home() / "Library" / "Application Support"
        else:
            folder = Path(env["XDG_CONFIG_HOME"]) if env.get("XDG_CONFIG_HOME") else Path.home() / ".config"
        return folder / "keyaccount" / FILE_NAME
    return None


def public_path(path: Path) -> Path:
    """Say where the public half of a key lies: beside it."""
    return path.with_name(f"{path.stem}.pub.pem")


def make_key(path: Path, password: str = "") -> str:
    """Make a new key at a path, readable by its owner alone, the public half beside it; gives the latter.

    Raises ``FileProblem`` (exit 5) where either file exists, or cannot be written.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    for file in (path, public_path(path)):
        if os.path.lexists(file):
            raise FileProblem(
                "{file} exists already: a key is never overwritten.",
                "Name another file; workbooks that the old key signed are verified with its public half.",
                file=file,
            )
    private = Ed25519PrivateKey.generate()
    hidden: form.KeySerializationEncryption = form.NoEncryption()
    if password:
        hidden = form.BestAvailableEncryption(password.encode())
    secret = private.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, hidden)
    public = private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_new(path, secret, _OWNER_ONLY)
        _write_new(public_path(path), public, 0o644)
    except OSError as reason:
        raise FileProblem(
            "The key cannot be written to {path} ({reason}).",
            "Name a folder in which you may write.",
            path=path,
            reason=reason.strerror or type(reason).__name__,
        ) from reason
    return b64encode(private.public_key().public_bytes_raw()).decode()


def _write_new(path: Path, data: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


# --- public keys ----------------------------------------------------------------------------------


def fingerprint(public: str) -> str:
    """Give a public key's fingerprint: ``SHA256:`` and 64 hex digits."""
    return f"{FINGERPRINT}{hashlib.sha256(b64decode(public)).hexdigest()}"


def holds(public: str, message: bytes, proof: str) -> bool:
    """Tell whether a signature is that of a key over a message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public, validate=True))
        signature = b64decode(proof, validate=True)
        if b64encode(signature).decode() != proof:
            return False
        key.verify(signature, message)
    except (InvalidSignature, ValueError, NoBase64):
        return False
    return True


def trusted(given: Iterable[str]) -> frozenset[str]:
    """Give the fingerprints of keys that are named by file, by public key (Base64) or by fingerprint.

    Raises ``UsageError`` (exit 2) for what is none of these, ``FileProblem`` for a file without a key.
    """
    return frozenset(_fingerprint_of(each) for each in given)


def _fingerprint_of(given: str) -> str:
    digits = given.strip().lower().removeprefix(FINGERPRINT.lower())
    if len(digits) == _FINGERPRINT_DIGITS and all(digit in "0123456789abcdef" for digit in digits):
        return f"{FINGERPRINT}{digits}"
    with contextlib.suppress(ValueError, NoBase64):
        if len(b64decode(given.strip(), validate=True)) == _PUBLIC_BYTES:
            return fingerprint(given.strip())
    path = Path(given).expanduser()
    if not path.is_file():
        raise UsageError(
            "{given} is no public key, no fingerprint and no file.",
            "Give the file that `keyaccount key new` wrote beside the key, or what it printed.",
            given=given,
        )
    return fingerprint(public_of(path))


def public_of(path: Path) -> str:
    """Read the public key in a file (PEM), the file of a private key without a password too.

    Raises ``FileProblem`` where there is none.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

    data = _read(path)
    key: object = None
    with contextlib.suppress(ValueError, TypeError):
        key = load_pem_private_key(data, None) if b"PRIVATE" in data else load_pem_public_key(data)
    if isinstance(key, Ed25519PrivateKey):
        key = key.public_key()
    if not isinstance(key, Ed25519PublicKey):
        raise FileProblem(
            "The file {path} holds no public key (Ed25519, PEM).",
            "Give the file that `keyaccount key new` wrote beside the key, or what it printed.",
            path=path,
        )
    return _raw(key)


def _raw(key: Ed25519PublicKey) -> str:
    return b64encode(key.public_bytes_raw()).decode()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as reason:
        raise FileProblem(
            "The key file {path} cannot be read ({reason}).",
            "Check the path, and that you may read the file; {variable} names the key that signs.",
            path=path,
            reason=reason.strerror or type(reason).__name__,
            variable=KEY_VARIABLE,
        ) from reason
