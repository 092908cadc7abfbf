"""Makes a plan workbook of UCI Online Retail, runs every period in it and prints what came out.

``python3 python/dev.py real-data online_retail.parquet`` calls it; the workbook stays in ``demo/``.
"""

from __future__ import annotations

import io
import json
import sys
import time
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from keyaccount import cli
from keyaccount.workbook.create import create_workbook
from tests.real_data.company import plan_rows
from tests.real_data.online_retail import Lines, key_accounts, read_lines

RUNS: tuple[tuple[str, str], ...] = (
    ("advance", "2010-12"),
    ("settle", "2010Q4"),
    ("year-end", "2010"),
    *(
        run
        for quarter in (1, 2, 3, 4)
        for run in (
            *(("advance", f"2011-{month:02d}") for month in range(3 * quarter - 2, 3 * quarter + 1)),
            ("settle", f"2011Q{quarter}"),
        )
    ),
    ("year-end", "2011"),
)


FIGURES = ("net_sales", "commission", "paid", "withheld", "carried")
NAMES = "".join(f"{name:>14}" for name in FIGURES)
HEAD = f"{'period':8}{'exit':>5}{'entries':>8}{NAMES}{'warnings':>10}{'s':>6}"


@dataclass(frozen=True)
class Run:
    """One run of the command line: its exit code and the object that it printed."""

    command: str
    period: str
    code: int
    said: dict[str, Any]
    seconds: float

    def sum(self, figure: str) -> Decimal:
        """Add up a figure of all salespeople, in yuan."""
        return sum((Decimal(person[figure]) for person in self.said["salespeople"]), Decimal(0))


def make(lines: Lines, book: Path) -> None:
    """Make the plan workbook."""
    create_workbook(book, "en", 2011, plan_rows(lines))


def play(book: Path) -> list[Run]:
    """Run every period in its order, through the command line; stops at one that fails."""
    runs: list[Run] = []
    for command, period in RUNS:
        runs.append(run(book, command, period))
        if runs[-1].code:
            break
    return runs


def run(book: Path, command: str, period: str) -> Run:
    """Run one period through the command line."""
    started = time.monotonic()
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = cli.main([command, str(book), period, "--json"])
    return Run(command, period, code, json.loads(printed.getvalue()), time.monotonic() - started)


def report(lines: Lines, runs: list[Run]) -> str:
    """Say what the data held and what came out."""
    frame = lines.frame
    key = frame[frame["key"]]
    kinds = Counter(frame["kind"])
    told = [f"{len(frame):,} lines: {', '.join(f'{kinds[kind]:,} {kind}' for kind in sorted(kinds))}"]
    for why, (count, fen) in lines.left_out.items():
        told.append(f"left out, {why}: {count:,} lines, {fen / 100:,.2f}")
    net = key["fen"].sum() / 100
    told += [f"{len(key_accounts(lines))} key accounts: {len(key):,} lines, net {net:,.2f}", "", HEAD]
    return "\n".join([*told, *map(_line, runs)])


def _line(one: Run) -> str:
    sums = "".join(f"{one.sum(name):14,.2f}" for name in FIGURES)
    warnings = len(one.said["problems"])
    return f"{one.period:8}{one.code:5}{one.said['entries']:8}{sums}{warnings:10}{one.seconds:6.1f}"


def main(parquet: str, book: str) -> int:
    """Make the workbook, run it, print the report; gives the first exit code that was not 0."""
    path = Path(book)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    lines = read_lines(Path(parquet))
    make(lines, path)
    runs = play(path)
    sys.stdout.write(f"{report(lines, runs)}\n\nThe workbook lies at {path}\n")
    return next((one.code for one in runs if one.code), 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
