"""Runs periods by macro in a process of its own: with another xlwings, or to see what a process loads.

``python -m tests.excel.run_by_macro LIVE FILE PERIOD…`` prints xlwings' version, then what differs from
FILE, in which the command line ran the same periods.
"""

from __future__ import annotations

import sys
from pathlib import Path

import xlwings

from tests.excel.live_books import apart, run_in_excel


def main(live: str, file: str, *periods: str) -> None:
    """Run and compare."""
    _app, book = run_in_excel(Path(live), *periods)
    print(xlwings.__version__)  # noqa: T201 for the test that started this
    print(*apart(book, Path(file)), sep="\n")  # noqa: T201 likewise


if __name__ == "__main__":
    main(*sys.argv[1:])
