"""Where the add-in's sources and the built file are: in the package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from keyaccount.addin import bridge
from keyaccount.problems import FileProblem

ADDIN = "keyaccount.xlam"
_HERE = Path(__file__).resolve().parent
_INSTALLED, _CHECKOUT = _HERE / "source", _HERE.parents[2] / "addin"


def folder() -> Path:
    """Give the folder of ribbon.xml, vba and the built keyaccount.xlam."""
    return _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


def ribbon() -> bytes:
    """Give the ribbon's XML."""
    return _read(folder() / "ribbon.xml")


def shipped() -> bytes:
    """Give the add-in as it was built."""
    return _read(folder() / ADDIN)


def documents() -> dict[str, str]:
    """Give the document modules by name: of the workbook and of its sheet."""
    return _modules("*.cls")


def modules() -> dict[str, str]:
    """Give the standard modules by name, the installed xlwings' among them."""
    return _modules("*.bas") | {bridge.MODULE: bridge.bridge()}


def _modules(pattern: str) -> dict[str, str]:
    paths = sorted((folder() / "vba").glob(pattern))
    if not paths:
        raise _missing(folder() / "vba")
    return {path.stem: _read(path).decode("ascii").replace("\r\n", "\n") for path in paths}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as cause:
        raise _missing(path) from cause


def _missing(path: Path) -> FileProblem:
    return FileProblem(
        "A part of the add-in is missing: {file}.",
        "Install keyaccount again: pip install --force-reinstall keyaccount.",
        file=path.name,
    )
