"""Sales that no sheet holds: lines in Parquet, made by DuckDB from a seed, and a whole ``settle`` of them.

``python python/dev.py bench lines -- --lines 1000000 10000000 100000000``
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import duckdb

from keyaccount.workbook.create import create_workbook
from tests.benchmarks.run import ENVIRONMENT, Measured, measure

ACCOUNTS, PEOPLE, OTHERS = 400, 80, 2_000
SHARE_OF_KEY_ACCOUNTS = 60  # of 100 lines; the others are of customers that are no key accounts
FILES = 8
_NUMBER = "hash(n * 7919 + {seed} + {salt})"
_LINES = """
COPY (
  SELECT 'N' || lpad(n::VARCHAR, 10, '0') AS "Sale ID",
         DATE '2026-01-01' + ({day} % 181)::INTEGER AS "Date",
         CASE WHEN {kind} % 100 < {share} THEN 'A' || lpad(({account} % {accounts})::VARCHAR, 4, '0')
              ELSE 'C' || lpad(({account} % {others})::VARCHAR, 6, '0') END AS "Account ID",
         ((10000 + {gross} % 4990000) / 100)::DECIMAL(18, 2) AS "Gross Amount",
         CASE WHEN {discount} % 3 = 0 THEN 12.50::DECIMAL(18, 2) END AS "Discount"
  FROM range({first}, {last}) AS numbers(n)
) TO '{file}' (FORMAT parquet, COMPRESSION zstd)
"""
_RETURNS = """
COPY (
  SELECT 'R' || substr("Sale ID", 2) AS "Adjustment ID", "Date" + 5 AS "Date", 'return' AS "Type",
         "Account ID", ("Gross Amount" / 2)::DECIMAL(18, 2) AS "Amount", "Sale ID"
  FROM read_parquet('{sales}')
  WHERE "Account ID" LIKE 'A%' AND substr("Sale ID", 2)::BIGINT % {step} = 0
) TO '{file}' (FORMAT parquet)
"""


def write_lines(folder: Path, lines: int, seed: int = 1) -> Path:
    """Write so many sales in files of a folder, a return for some, and the workbook that names them."""
    sales = folder / "sales"
    sales.mkdir(parents=True)
    connection = duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(folder / "spill")})
    salts = enumerate(("day", "kind", "account", "gross", "discount"))
    numbers = {name: f"({_NUMBER.format(seed=seed, salt=salt)})" for salt, name in salts}
    for part in range(FILES):
        first, last = lines * part // FILES, lines * (part + 1) // FILES
        file = sales / f"part-{part}.parquet"
        counts = {"accounts": ACCOUNTS, "others": OTHERS, "share": SHARE_OF_KEY_ACCOUNTS}
        connection.execute(_LINES.format(first=first, last=last, file=file, **counts, **numbers))
    returns = {"sales": sales / "*.parquet", "file": folder / "returns.parquet"}
    connection.execute(_RETURNS.format(step=max(50, lines // 100_000), **returns))
    connection.close()
    book = folder / "book.xlsx"
    create_workbook(book, "en", 2026, _rows())
    return book


def _rows() -> dict[str, list[dict[str, object]]]:
    """Give the plan's small tables: accounts of two tiers, one salesperson each."""
    accounts = [f"A{number:04d}" for number in range(ACCOUNTS)]
    people = [f"S{number:02d}" for number in range(PEOPLE)]
    start = "2026-01-01"
    policies = {
        "sales_source": "sales",
        "adjustments_source": "returns.parquet",
        "unknown_accounts": "ignore",
    }
    return {
        "Policies": [{"policy": name, "value": value} for name, value in policies.items()],
        "Accounts": [{"account_id": each, "name": f"Sample account {each}"} for each in accounts],
        "Account Tiers": [
            {"account_id": each, "tier": ("strategic", "core")[place % 2], "effective_from": start}
            for place, each in enumerate(accounts)
        ],
        "Salespeople": [{"salesperson_id": each, "name": f"Salesperson {each}"} for each in people],
        "Assignments": [
            {"account_id": each, "salesperson_id": people[place % PEOPLE], "share": 1, "start": start}
            for place, each in enumerate(accounts)
        ],
    }


def compare(folder: Path, lines: int, rounds: int, seed: int) -> str:
    """Make the lines, settle the first quarter of them several times, delete them; gives the table's row."""
    own = folder / f"lines-{lines}"
    book = write_lines(own, lines, seed)
    size = sum(file.stat().st_size for file in (own / "sales").iterdir()) / 1024**2
    settle = [
        sys.executable,
        "-m",
        "keyaccount",
        "settle",
        str(book),
        "2026Q1",
        "--out",
        str(own / "out.xlsx"),
    ]
    found: list[Measured] = []
    for _ in range(rounds):
        (own / "out.xlsx").unlink(missing_ok=True)
        found.append(measure(settle))
    shutil.rmtree(own)
    seconds, memory = statistics.median(one.seconds for one in found), max(one.mebibytes for one in found)
    processor = statistics.median(one.worked for one in found)
    return f"| {lines:,} | {size:,.0f} MiB | {seconds:.1f} s | {processor:.1f} s | {memory:,.0f} MiB |"


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, nargs="+", default=[1_000_000, 10_000_000])
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument(
        "--folder", help="where the lines are made (100 million: 2 GB), else a temporary one"
    )
    options.add_argument("--memory", default="", help="DuckDB's bound, else the program's own")
    asked = options.parse_args()
    if asked.memory:
        ENVIRONMENT["KEYACCOUNT_MEMORY"] = asked.memory
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")  # noqa: T201
    print("\n| lines | Parquet | settle | of processors | memory |\n|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for lines in asked.lines:
            print(compare(Path(folder), lines, asked.rounds, asked.seed), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
