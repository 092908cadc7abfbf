"""``keyaccount key new|show``: the key that signs runs, and what verifiers need of it."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path

from keyaccount.problems import N_, FileProblem, UsageError
from keyaccount.terminal import DONE, console, spoken
from keyaccount.translation import Language, localised

HELP = N_("make the key that signs runs, or show its public half for those who verify")
_STEPS = (
    N_("Public key: {public}"),
    N_("Fingerprint: {fingerprint}"),
    N_("Give the public key file {file}, or one of these two lines, to whoever verifies (verify --key)."),
    N_("Tell them the fingerprint on another way too (in person, by telephone): it is what they trust."),
)
_MADE = N_("Made: {path}; only you may read it. Keep a copy in a safe place, never beside the workbooks.")
_USED = N_("From now on runs on this computer are signed with it.")
_SET = N_("So that runs are signed with it: set {variable}={path}")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "action", choices=("new", "show"), help=_("new makes a key and never overwrites one; show prints it")
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar=_("FILE"), help=_("the key's file (default: your own settings)")
    )
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help=_("encrypt the new key with the password on standard input"),
    )


def run(options: argparse.Namespace) -> int:
    """Make or show the key. Raises ``FileProblem`` or ``UsageError``."""
    language = spoken(options)
    if options.action == "show":
        path = _wanted(options.file)
        _tell(path, _public(path), (), language, as_json=options.json)
    else:
        _make(options, language)
    return DONE


def _make(options: argparse.Namespace, language: Language) -> None:
    from keyaccount.signing import KEY_VARIABLE, configured_key, make_key, usual_path
    from keyaccount.workbook.encryption import password_given

    path: Path | None = options.file or usual_path()
    if path is None:
        raise UsageError("There is no home folder for the key.", "Name a file: keyaccount key new FILE")
    public = make_key(path, password_given())
    used = configured_key()
    said = _USED if used is not None and used.path.absolute() == path.absolute() else _SET
    before = localised(_MADE, language, path=path)
    after = localised(said, language, variable=KEY_VARIABLE, path=path.absolute())
    _tell(path, public, (before, after), language, as_json=options.json)


def _wanted(given: Path | None) -> Path:
    """Give the key's file: the one named, else the one that signs; raises ``FileProblem`` for none."""
    from keyaccount.signing import configured_key

    configured = configured_key()
    if given is None and configured is None:
        raise FileProblem("No signing key is configured.", "Make one with `keyaccount key new`.")
    return given or (configured.path if configured else Path())


def _public(path: Path) -> str:
    """Read the public half: from the file beside the key, which needs no password, else from the key."""
    from keyaccount.signing import public_of, public_path

    beside = public_path(path)
    return public_of(beside if beside.is_file() else path)


def _tell(path: Path, public: str, first: tuple[str, ...], language: Language, *, as_json: bool) -> None:
    from keyaccount.as_json import print_json
    from keyaccount.signing import fingerprint, public_path

    shown = {"public": public, "fingerprint": fingerprint(public), "file": public_path(path)}
    if as_json:
        files = {"file": str(path), "public_file": str(shown["file"])}
        print_json({**files, "public_key": public, "fingerprint": str(shown["fingerprint"])})
        return
    for line in (*first, *(localised(step, language, **shown) for step in _STEPS)):
        console().print(line, soft_wrap=True, markup=False)
