"""How long a whole ``settle`` takes beside reading the Sales sheet alone (fastexcel), and how much memory.

Both as processes of their own, in turn, several rounds; printed are medians, the ratio, the peak memory.
``python python/dev.py bench run -- --sales 2000 100000 1000000 --maintenance 25000 100000 --guards 100000``
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from keyaccount.workbook.package import Package
from keyaccount.workbook.save import save
from tests.benchmarks.books import write_book

UNRECORDED = (
    "from keyaccount.workbook.changelog import ChangeLog; ChangeLog.then = lambda self, *_: self;"
    "from keyaccount.cli import main; raise SystemExit(main())"
)
"""The command without its record of the inputs."""
ONCE_COUNTED = (
    "from keyaccount.workbook.secondcount import SecondCount; SecondCount.take = lambda *_, **__: None;"
    "from keyaccount.cli import main; raise SystemExit(main())"
)
"""The command without the second count of what the quick way reads."""
WITHOUT_A_CHILD = "import sys; from keyaccount.cli import main; raise SystemExit(main(sys.argv[1:]))"
"""The command in one process, without limits of memory and time."""
NOT_CHECKED = (
    "from keyaccount.workbook import putting, save;"
    "save._check = lambda *_: None; putting._flush = lambda *_: None;"
    "from keyaccount.cli import main; raise SystemExit(main())"
)
"""The command that neither flushes the new file to the disk nor reads its parts again."""
GUARDS = {
    "": ["-m", "keyaccount"],
    "the second count": ["-c", ONCE_COUNTED],
    "child process, limits": ["-c", WITHOUT_A_CHILD],
    "record of the inputs": ["-c", UNRECORDED],
    "flushing, parts read back": ["-c", NOT_CHECKED],
}
"""What a command does without each guard; the first has them all."""
READ_SALES = "import fastexcel, sys; fastexcel.read_excel(sys.argv[1]).load_sheet('Sales').to_arrow()"


ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept, as on a user's machine: the round that is not counted writes them."""


@dataclass(frozen=True)
class Measured:
    """One process: wall seconds, peak memory in MiB and seconds of all processors."""

    seconds: float
    mebibytes: float
    worked: float


def measure(command: Sequence[str]) -> Measured:
    """Run a command as a process of its own; raises RuntimeError when it fails."""
    started = time.perf_counter()
    pid = os.posix_spawn(
        command[0],
        list(command),
        ENVIRONMENT,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - started
    if code := os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"exit {code}: {' '.join(command)}")
    worked = usage.ru_utime + usage.ru_stime
    return Measured(seconds, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2), worked)


def compare(folder: Path, sales: int, rounds: int) -> str:
    """Measure both in turn and give the table's row."""
    book, out = folder / f"{sales}.xlsx", folder / "out.xlsx"
    write_book(book, sales)
    settle = [sys.executable, "-m", "keyaccount", "settle", str(book), "2026Q1", "--out", str(out)]
    read = [sys.executable, "-c", READ_SALES, str(book)]
    ours: list[Measured] = []
    theirs: list[Measured] = []
    for number in range(rounds + 1):
        out.unlink(missing_ok=True)
        pair = measure(settle), measure(read)
        if number:  # the first round warms the file cache
            ours.append(pair[0])
            theirs.append(pair[1])
    seconds = [statistics.median(one.seconds for one in side) for side in (ours, theirs)]
    memory = [max(one.mebibytes for one in side) for side in (ours, theirs)]
    ratios = [a.seconds / b.seconds for a, b in zip(ours, theirs, strict=True)]
    spread = f"{min(ratios):.2f}–{max(ratios):.2f}"
    return (
        f"| {sales:,} | {seconds[0]:.2f} s | {seconds[1]:.2f} s | {statistics.median(ratios):.2f} ({spread}) "
        f"| {memory[0]:.0f} MiB | {memory[1]:.0f} MiB |"
    )


def keep(folder: Path, acts: int, rounds: int) -> str:
    """Measure a whole ``settle`` with a maintenance log, and give the table's row."""
    book, out = folder / f"log-{acts}.xlsx", folder / "out.xlsx"
    write_book(book, 2_000, acts)
    settle = [sys.executable, "-m", "keyaccount", "settle", str(book), "2026Q1", "--out", str(out)]
    found = []
    for _ in range(rounds + 1):
        out.unlink(missing_ok=True)
        found.append(measure(settle))
    seconds = statistics.median(one.seconds for one in found[1:])
    return f"| {acts:,} | {seconds:.2f} s | {max(one.mebibytes for one in found[1:]):.0f} MiB |"


def record(folder: Path, sales: int, rounds: int) -> str:
    """Measure what a booking run's record of the inputs costs, finding one changed sale included."""
    book, bare = folder / f"changes-{sales}.xlsx", folder / f"bare-{sales}.xlsx"
    write_book(book, sales)
    shutil.copyfile(book, bare)
    commands = {book: ["-m", "keyaccount"], bare: ["-c", UNRECORDED]}
    for path, command in commands.items():
        measure([sys.executable, *command, "advance", str(path), "2026-01"])
        _change_a_sale(path)
    found: dict[Path, list[Measured]] = {book: [], bare: []}
    for _ in range(rounds + 1):
        for path, command in commands.items():
            out = path.with_suffix(".out.xlsx")
            out.unlink(missing_ok=True)
            settle = [*command, "settle", str(path), "2026Q1", "--out", str(out)]
            found[path].append(measure([sys.executable, *settle]))
    seconds = [statistics.median(one.seconds for one in found[path][1:]) for path in (book, bare)]
    sizes = [path.with_suffix(".out.xlsx").stat().st_size for path in (book, bare)]
    shown = (f"{100 * (with_ / without - 1):.1f} %" for with_, without in (seconds, sizes))
    return f"| {sales:,} | {seconds[0]:.2f} s | {seconds[1]:.2f} s | {' | '.join(shown)} |"


def guard(folder: Path, sales: int, rounds: int) -> list[str]:
    """Measure what each guard costs in seconds of all processors: the command beside that without it."""
    book, out = folder / f"guards-{sales}.xlsx", folder / "out.xlsx"
    write_book(book, sales)
    found: dict[str, list[float]] = {name: [] for name in GUARDS}
    for number in range(rounds + 1):
        for name, words in GUARDS.items():
            out.unlink(missing_ok=True)
            settle = [sys.executable, *words, "settle", str(book), "2026Q1", "--out", str(out)]
            took = measure(settle).worked
            if number:
                found[name].append(took)
    lines = []
    for name, seconds in [*found.items()][1:]:
        ratio = statistics.median([a / b for a, b in zip(found[""], seconds, strict=True)])
        whole, without = statistics.median(found[""]), statistics.median(seconds)
        lines.append(f"| {sales:,} | {name} | {whole:.2f} s | {without:.2f} s | {100 * (ratio - 1):+.1f} % |")
    return lines


def _change_a_sale(book: Path) -> None:
    """Give the sale in row 3 another amount, as a user does between two runs."""
    with Package.open(book) as package:
        part = next(sheet.part for sheet in package.sheets if sheet.title == "Sales")
        changed = re.sub(rb'(<c r="D3"[^>]*><v>)[^<]*', rb"\g<1>1234.56", package.read(part), count=1)
        save(package, {part: changed}, book)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, nargs="*", default=[2_000, 100_000, 1_000_000])
    parser.add_argument("--maintenance", type=int, nargs="*", default=[0, 25_000, 50_000, 100_000])
    parser.add_argument("--changes", type=int, nargs="*", default=[100_000])
    parser.add_argument("--guards", type=int, nargs="*", default=[2_000, 100_000])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    say = partial(print, flush=True)
    say(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    say("| sales | settle, whole command | fastexcel reads Sales | ratio | peak, settle | peak, fastexcel |")
    say("|---:|---:|---:|---:|---:|---:|")
    folder = Path(tempfile.mkdtemp())
    try:
        for sales in options.sales:
            say(compare(folder, sales, options.rounds))
        say("| rows of Maintenance | settle, whole command (2,000 sales) | peak |")
        say("|---:|---:|---:|")
        for acts in options.maintenance:
            say(keep(folder, acts, options.rounds))
        say("| sales | settle | without the record of the inputs | more time | larger file |")
        say("|---:|---:|---:|---:|---:|")
        for sales in options.changes:
            say(record(folder, sales, options.rounds))
        say("| sales | guard | settle, processor time | without it | more |")
        say("|---:|---|---:|---:|---:|")
        for sales in options.guards:
            say("\n".join(guard(folder, sales, options.rounds)))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
