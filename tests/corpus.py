"""Where the odd workbooks of others lie: beside the project, never in it."""

from __future__ import annotations

import os
from pathlib import Path

CORPUS = Path(os.environ.get("KEYACCOUNT_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))


def workbooks() -> list[Path]:
    """List them, in order; none where there is no corpus."""
    return sorted(path for path in CORPUS.rglob("*.xls*") if path.is_file())
