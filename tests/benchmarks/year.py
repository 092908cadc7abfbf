"""What each run of a year costs: December beside January, all sales in the workbook from the start.

``python python/dev.py bench year -- --sales 2000 100000``
Every run books into the workbook that the run before it left, each a process of its own; medians of several
years. What grows is what the ledger and the result sheets of closed periods cost.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.books import write_book
from tests.benchmarks.run import measure

MONTHS = range(1, 13)


def runs() -> list[tuple[str, str]]:
    """Give the runs of a year in their order."""
    found = []
    for month in MONTHS:
        found.append(("advance", f"2026-{month:02d}"))
        if month % 3 == 0:
            found.append(("settle", f"2026Q{month // 3}"))
    return found


def play(book: Path) -> dict[str, float]:
    """Run a whole year: seconds by period."""
    seconds = {}
    for command, period in runs():
        words = [sys.executable, "-m", "keyaccount", command, str(book), period]
        seconds[period] = measure(words).seconds
    return seconds


def main() -> None:
    """Print a row a period, a column a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, nargs="+", default=[2_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    say = partial(print, flush=True)
    columns: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for sales in options.sales:
            years = []
            for number in range(options.rounds):
                book = Path(folder) / f"{sales}-{number}.xlsx"
                write_book(book, sales, days=365)
                years.append(play(book))
                book.unlink()
            columns[sales] = {
                period: statistics.median(year[period] for year in years) for period in years[0]
            }
    say("| run | " + " | ".join(f"{sales:,} sales" for sales in columns) + " |")
    say("|---|" + "---:|" * len(columns))
    for command, period in runs():
        say(
            f"| {command} {period} | " + " | ".join(f"{one[period]:.2f} s" for one in columns.values()) + " |"
        )
    last, first = "2026-12", "2026-01"
    ratios = " | ".join(f"{one[last] / one[first]:.2f} ×" for one in columns.values())
    say(f"| December beside January | {ratios} |")


if __name__ == "__main__":
    main()
