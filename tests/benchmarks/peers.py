"""The whole ``settle`` beside what else there is, in turn on one machine, and how each grows.

``python python/dev.py bench peers -- --sales 2000 100000 1000000 --chart docs/benchmark.svg``
Each is a process of its own, a round of all after another; medians, the peak memory (of its children too)
and, where a peer computes it, whether its commission of the quarter is the same to the fen. A peer that is
not installed, or that would take longer than --limit, is named with the reason.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.books import write_book

OURS = "keyaccount settle"
PEER = Path(__file__).with_name("peer.py")
HEADINGS = {
    OURS: "keyaccount `settle`: read, check, compute, book, write",
    "fastexcel": "fastexcel: read sheet Sales, no more",
    "pandas": "pandas (calamine): read, group",
    "duckdb": "DuckDB (fastexcel): read, group",
    "openpyxl": "openpyxl: load and save, nothing computed",
    "libreoffice": "LibreOffice: open, recalculate 600 SUMIFS cells",
    "tryton": "Tryton's commission module: arithmetic of the lines alone",
}
NEEDS = {"pandas": "python_calamine", "tryton": "trytond.modules.commission"}
GROWTH = 12  # times as long for ten times the lines: what the limit reckons with


@dataclass
class Series:
    """What was measured of one peer by number of sales: seconds, MiB, commission, or why it is missing."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    mebibytes: dict[int, float] = field(default_factory=dict)
    fen: dict[int, int | None] = field(default_factory=dict)
    missing: dict[int, str] = field(default_factory=dict)

    def median(self, sales: int) -> float:
        """Give the median seconds."""
        return statistics.median(self.seconds[sales])


def absent(name: str) -> str | None:
    """Say why a peer cannot be measured here."""
    if name == OURS:
        return None
    if name == "libreoffice":
        return None if shutil.which("soffice") else "not installed"
    try:
        found = importlib.util.find_spec(NEEDS.get(name, name))
    except ModuleNotFoundError:
        found = None
    return None if found else "not installed"


def command(name: str, book: Path, out: Path) -> list[str]:
    """Give the command of a peer."""
    if name == OURS:
        return [
            sys.executable,
            "-m",
            "keyaccount",
            "settle",
            str(book),
            "2026Q1",
            "--json",
            "--out",
            str(out),
        ]
    return [sys.executable, str(PEER), name, str(book)]


def measure(name: str, book: Path, out: Path) -> tuple[float, float, int | None]:
    """Run a peer once: seconds, MiB at the peak, commission in fen; raises RuntimeError when it fails."""
    out.unlink(missing_ok=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command(name, book, out), stdout=told, stderr=said, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = code = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said.seek(0)
        if code:
            raise RuntimeError(f"{name}: exit {code}: {said.read().decode(errors='replace')[-2000:]}")
        answer = json.loads(told.read())
    mebibytes = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    if name == OURS:
        commissions = [person["commission"] for person in answer["salespeople"]]
        return seconds, mebibytes, sum(int(text.replace(".", "")) for text in commissions)
    return answer["seconds"] if name == "tryton" else seconds, mebibytes, answer["fen"]


def play(folder: Path, sales: int, rounds: int, series: dict[str, Series], limit: float) -> None:
    """Measure every peer at this size, in turn; the first round warms the file cache."""
    book, out = folder / f"{sales}.xlsx", folder / "out.xlsx"
    formulas = folder / f"formulas-{sales}.xlsx"
    write_book(book, sales)
    write_book(formulas, sales, formulas=True)
    for name, one in series.items():
        if reason := absent(name) or too_long(one, sales, limit):
            one.missing[sales] = reason
    for number in range(rounds + 1):
        for name, one in series.items():
            slow = bool(one.seconds.get(sales)) and one.seconds[sales][0] > limit / 10
            if sales in one.missing or (slow and number > 1):
                continue  # what takes minutes is measured once
            seconds, mebibytes, fen = measure(name, formulas if name == "libreoffice" else book, out)
            if number or seconds > limit / 10:
                one.seconds.setdefault(sales, []).append(seconds)
            one.mebibytes[sales] = max(mebibytes, one.mebibytes.get(sales, 0.0))
            one.fen[sales] = fen
    book.unlink()
    formulas.unlink()


def too_long(one: Series, sales: int, limit: float) -> str | None:
    """Say that a peer would take longer than the limit, by its last measurement; None: it would not."""
    before = max((size for size in one.seconds if size < sales), default=None)
    if before is None:
        return None if not one.missing else [*one.missing.values()][-1]
    expected = one.median(before) * (sales / before) * GROWTH / 10
    return f"over {limit / 60:.0f} minutes expected" if expected > limit else None


def table(series: dict[str, Series], sizes: list[int]) -> list[str]:
    """Give the table: seconds (times ours), peak memory, and whether the figure is the same."""
    heads = " | ".join(f"{size:,} sales | peak" for size in sizes)
    lines = [f"| | {heads} |", "|---|" + "---:|---:|" * len(sizes)]
    ours = series[OURS]
    for name, one in series.items():
        cells = []
        for size in sizes:
            if size in one.missing:
                cells += [one.missing[size], ""]
                continue
            times = "" if one is ours else f" ({one.median(size) / ours.median(size):.2f} ×)"
            known = one.fen[size] is not None and one is not ours
            same = "" if not known else f", {one.fen[size] - ours.fen[size]:+,} fen"  # type: ignore[operator]
            cells += [f"{one.median(size):.2f} s{times}{same}", f"{one.mebibytes[size]:,.0f} MiB"]
        lines.append(f"| {HEADINGS[name]} | {' | '.join(cells)} |")
    return lines


def growth(series: dict[str, Series]) -> list[str]:
    """Say what a thousand lines more cost, from each size to the next."""
    lines = []
    for name, one in series.items():
        sizes = sorted(one.seconds)
        steps = [
            f"{(one.median(b) - one.median(a)) / (b - a) * 1e6:.2f} ms ({a:,} → {b:,})"
            for a, b in pairwise(sizes)
        ]
        if steps:
            lines.append(f"- {name}: a thousand sales more cost {', '.join(steps)}")
    return lines


def chart(series: dict[str, Series], path: Path) -> None:
    """Draw seconds over sales, both logarithmic."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "keyaccount"  # the same figures give the same file
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.6))
    for name, one in series.items():
        sizes = sorted(one.seconds)
        style = {"linewidth": 2.6, "color": "#1f4e79"} if name == OURS else {"linewidth": 1.3}
        axes.plot(sizes, [one.median(size) for size in sizes], marker="o", label=name, **style)
    axes.set(xscale="log", yscale="log", xlabel="sales lines", ylabel="seconds")
    axes.set_title("One quarter's settlement beside its peers", loc="left", fontsize=11)
    axes.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    """Print the tables, and draw the chart that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, nargs="+", default=[2_000, 100_000])
    parser.add_argument("--peers", nargs="+", choices=[*HEADINGS][1:], default=[*HEADINGS][1:])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=900, help="seconds that a peer may take at a size")
    parser.add_argument("--chart", type=Path, help="an SVG file to draw")
    options = parser.parse_args()
    say = partial(print, flush=True)
    say(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    series = {name: Series() for name in [OURS, *options.peers]}
    sizes = sorted(options.sales)
    with tempfile.TemporaryDirectory() as folder:
        for sales in sizes:
            play(Path(folder), sales, options.rounds, series, options.limit)
            say(f"{sales:,} sales measured")
    say("\n".join([*table(series, sizes), "", *growth(series)]))
    if options.chart:
        chart(series, options.chart)


if __name__ == "__main__":
    main()
