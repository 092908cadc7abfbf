"""How many workbooks ``batch`` settles in a second, beside the same work one by one.

``python python/dev.py bench batch --books 200 --sales 2000`` (one by one: a process each, as a script would)
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.books import write_book
from tests.benchmarks.run import measure

KEYACCOUNT = (sys.executable, "-m", "keyaccount")
PERIOD = "2026Q1"


def fresh_copies(book: Path, folder: Path, count: int) -> list[Path]:
    """Lay so many copies of a workbook that was never run into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return [Path(shutil.copyfile(book, folder / f"{number:04d}.xlsx")) for number in range(count)]


def seconds_one_by_one(books: Sequence[Path]) -> float:
    """Settle each workbook in a process of its own, one after the other."""
    return sum(measure([*KEYACCOUNT, "settle", str(book), PERIOD]).seconds for book in books)


def seconds_of_batch(folder: Path, processes: int) -> float:
    """Settle a folder with so many processes."""
    return measure([*KEYACCOUNT, "batch", str(folder), PERIOD, "-j", str(processes)]).seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=200)
    parser.add_argument("--sales", type=int, default=2_000)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    say = partial(print, flush=True)
    say(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    say(f"| {options.books} workbooks of {options.sales:,} sales | seconds | workbooks a second |")
    say("|---|---:|---:|")
    work = Path(tempfile.mkdtemp())
    try:
        book, folder = work / "book.xlsx", work / "books"
        write_book(book, options.sales)
        measure([*KEYACCOUNT, "settle", str(fresh_copies(book, folder, 1)[0]), PERIOD])  # compiles, warms up
        taken = {"one by one": seconds_one_by_one(fresh_copies(book, folder, options.books))}
        for jobs in options.jobs:
            fresh_copies(book, folder, options.books)
            taken[f"batch -j {jobs}"] = seconds_of_batch(folder, jobs)
        for way, seconds in taken.items():
            say(f"| {way} | {seconds:.1f} s | {options.books / seconds:.2f} |")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
