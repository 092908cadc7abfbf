"""How long =COMMISSION takes over a range beside a bare numpy multiply-and-round, and what its import adds.

The calls run in turn over the same lists, as COM hands them over; printed are medians and ratios. Once as a
plain call, once through xlwings' own Windows code (``CallUDF``), which is all of the Python side.
``python3 python/dev.py bench functions -- --cells 10000``
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from tests.excel import win_stub

RATES = {"strategic": 0.02, "core": 0.015, "important": 0.01}
TIERS = (("Tier", "Rate", "Effective From"), *((name, rate, None) for name, rate in RATES.items()))
MODULE = "keyaccount.excel.functions"
IMPORT = """
import time
import xlwings
started = time.perf_counter()
import {module}
print(time.perf_counter() - started)
"""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
Column = Sequence[Sequence[Any]]
say = partial(print, flush=True)


class Given(win_stub.Range):
    """A range whose values stand ready: what Excel takes to give them is not measured."""

    def __init__(self, sheet: win_stub.Worksheet, values: Column) -> None:
        """Take the values."""
        super().__init__(sheet, 1, 1, len(values), 1)
        self._values = values

    @property
    def Value(self) -> Column:  # noqa: N802 COM's name
        """Give the values."""
        return self._values


def bare(net: Column, rates: Column) -> list[list[float]]:
    """Multiply and round as anybody would."""
    rounded: list[list[float]] = np.round(np.array(net) * np.array(rates), 2).tolist()
    return rounded


def medians(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Time the calls in turn; gives each one's median in seconds."""
    seconds: list[list[float]] = [[] for _ in calls]
    for number in range(rounds + 1):
        for call, times in zip(calls, seconds, strict=True):
            started = time.perf_counter()
            call()
            if number:  # the first round imports the rules
                times.append(time.perf_counter() - started)
    return [statistics.median(times) for times in seconds]


def compare(cells: int, rounds: int) -> None:
    """Print the table."""
    server = win_stub.install()
    from keyaccount.excel import functions

    chance = random.Random(cells)
    net = tuple((chance.randrange(1, 10**9) / 100,) for _ in range(cells))
    tiers = tuple((chance.choice(list(RATES)),) for _ in range(cells))
    rates = tuple((RATES[tier],) for (tier,) in tiers)
    first = datetime(2026, 1, 1)  # noqa: DTZ001 a cell's date has no zone
    days = tuple((first + timedelta(days=chance.randrange(365)),) for _ in range(cells))
    book = win_stub.Workbook({"Data": [], "Tiers": TIERS})
    sheet, tier_sheet = book.Worksheets("Data"), book.Worksheets("Tiers")
    table = win_stub.Range(tier_sheet, 1, 1, len(TIERS), 3)
    caller = win_stub.PyIDispatch(sheet.Cells(1, 1))

    def in_excel(*columns: Column | None) -> Any:  # noqa: ANN401 what a cell shows
        given = (Given(sheet, each) if each else None for each in columns)
        arguments = [
            win_stub.PyIDispatch(each) if each else win_stub.MISSING for each in (*given, table, None)
        ]
        return server.CallUDF(MODULE, "COMMISSION", arguments, win_stub.PyIDispatch(book), caller)

    row = [tuple(value for (value,) in each) for each in (net, rates, tiers)]
    assert np.allclose(bare(net, rates), in_excel(net, tiers, None), atol=0.011)
    calls: dict[str, Callable[[], object]] = {
        "a column: numpy multiply and round": partial(bare, net, rates),
        "=COMMISSION(net_sales, tier, , tiers)": lambda: functions.COMMISSION(net, tiers, None, TIERS),
        "the same through xlwings": lambda: in_excel(net, tiers, None),
        "=COMMISSION(net_sales, tier, date, tiers)": lambda: functions.COMMISSION(net, tiers, days, TIERS),
        "the same through xlwings, with date": lambda: in_excel(net, tiers, days),
        "a row: numpy multiply and round": partial(bare, row[:1], row[1:2]),
        "=COMMISSION(net_sales, tier, , tiers), a row": lambda: functions.COMMISSION(
            row[:1], row[2:], None, TIERS
        ),
    }
    seconds = medians(list(calls.values()), rounds)
    yardstick = 0.0
    for name, took in zip(calls, seconds, strict=True):
        yardstick = took if "numpy" in name else yardstick
        say(f"| {name} | {cells:,} | {took * 1000:.2f} ms | {took / yardstick:.2f} |")


def added(module: str, rounds: int) -> float:
    """Measure what importing a module adds to importing xlwings, in processes of their own; milliseconds."""
    took = []
    for _ in range(rounds + 1):
        command = [sys.executable, "-c", IMPORT.format(module=module)]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
        took.append(float(done.stdout) * 1000)
    return statistics.median(took[1:])  # the first writes the compiled modules


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=31)
    options = parser.parse_args()
    say(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} processors")
    say("| call | cells | median | ratio |")
    say("|---|---:|---:|---:|")
    compare(options.cells, options.rounds)
    say(f"importing the functions adds {added(MODULE, 5):.0f} ms to importing xlwings")
    say(f"with the rules, imported at the first call: {added('keyaccount.excel.calculations', 5):.0f} ms")


if __name__ == "__main__":
    main()
