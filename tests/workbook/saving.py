"""What the tests of saving share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from keyaccount.workbook import save as saving
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save

PROPERTIES = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>%s</Application></Properties>"
)
CHANGED, AGAIN = PROPERTIES % b"changed", PROPERTIES % b"changed again"
"""What ``change`` writes: a sound part, since every workbook that tests write is validated."""
POSIX = pytest.mark.skipif(os.name == "nt", reason="modes, links and kill as POSIX has them")


class PowerCut(BaseException):
    """What no handler of the program catches."""


def others(book: Path) -> list[str]:
    """List what lies beside the workbook."""
    return sorted(path.name for path in book.parent.iterdir() if path != book)


def change(book: Path, data: bytes = CHANGED, out: Path | None = None) -> bool:
    """Change a part that matters to nobody."""
    with Package.open(book) as package:
        return save(package, {"docProps/app.xml": data}, out or book)


def python(code: str, *arguments: Path) -> subprocess.Popen[bytes]:
    """Start a program in a process of its own."""
    folder = str(Path(saving.__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": folder}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, env=environment
    )
