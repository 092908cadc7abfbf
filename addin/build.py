"""Builds keyaccount.xlam beside this file, and the VBA modules that are generated.

``python3 python/dev.py addin`` after a change of ribbon.xml, of vba/, of the cell functions' catalogue, of
the ribbon's texts or of xlwings' version; commit what it writes; a test rebuilds and compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "python")]

from keyaccount.addin.package import build  # noqa: E402 after the path is set
from keyaccount.addin.sources import ADDIN  # noqa: E402 after the path is set
from keyaccount.addin.wrappers import generated  # noqa: E402 after the path is set


def main() -> None:
    """Write the generated modules, then the add-in from all of them."""
    for name, source in generated().items():
        (HERE / "vba" / f"{name}.bas").write_text(source, encoding="ascii", newline="\n")
    (HERE / ADDIN).write_bytes(build())


if __name__ == "__main__":
    main()
