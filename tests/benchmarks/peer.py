"""One peer as a process of its own: ``peer.py NAME BOOK``; prints the year's commission in fen and seconds.

Each computes §3.1 and §3.2 over the benchmark's workbook with what a finance person's IT could take instead:
net sales by account and month (gross less discount and return), times the tier's rate, rounded a cell.
``seconds`` is the part named by the peer's heading; the driver (peers.py) takes the wall time of the process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

timed: list[float] = []
"""Seconds that a peer took for its own part, where its process does more than that."""


def _frames(book: Path) -> tuple[Any, Any]:
    """Read both big sheets with pandas over calamine."""
    import pandas as pd

    sheets = pd.read_excel(book, sheet_name=["Sales", "Adjustments"], engine="calamine")
    return sheets["Sales"], sheets["Adjustments"]


def _fen(yuan: Any) -> Any:
    """Turn a column of yuan into whole fen."""
    return (yuan.fillna(0) * 100).round().astype("int64")


def with_pandas(book: Path) -> int:
    """Read with calamine, group with pandas."""
    import pandas as pd

    sales, returns = _frames(book)
    lines = pd.concat(
        [
            pd.DataFrame(
                {
                    "account": sales["Account ID"],
                    "month": sales["Date"].dt.month,
                    "fen": _fen(sales["Gross Amount"]) - _fen(sales["Discount"]),
                }
            ),
            pd.DataFrame(
                {
                    "account": returns["Account ID"],
                    "month": returns["Date"].dt.month,
                    "fen": -_fen(returns["Amount"]),
                }
            ),
        ]
    )
    net = lines.groupby(["account", "month"], as_index=False)["fen"].sum()
    thousandths = net["account"].str[1:].astype("int64").mod(2).map({0: 20, 1: 15})
    rounded = (net["fen"].abs() * thousandths + 500) // 1000
    return int(rounded.where(net["fen"] >= 0, -rounded).sum())


def with_duckdb(book: Path) -> int:
    """Read with fastexcel into Arrow, compute in DuckDB's DECIMALs."""
    import duckdb
    import fastexcel

    reader = fastexcel.read_excel(book)
    connection = duckdb.connect()
    for name in ("Sales", "Adjustments"):
        connection.register(name.lower(), reader.load_sheet(name).to_arrow())
    (total,) = connection.execute(
        """
        with lines as (
          select "Account ID" account, month("Date") "month",
                 "Gross Amount"::decimal(18, 2) - coalesce("Discount", 0)::decimal(18, 2) net from sales
          union all
          select "Account ID", month("Date"), -"Amount"::decimal(18, 2) from adjustments
        ), cells as (select account, "month", sum(net) net from lines group by all)
        select sum(round(net * case when account[2:]::int % 2 = 0 then 0.020 else 0.015 end, 2)) from cells
        """
    ).fetchone() or (None,)
    return int(Decimal(total) * 100)


def with_openpyxl(book: Path) -> None:
    """Load the workbook and save it again: what every tool pays that writes through openpyxl."""
    import openpyxl

    with tempfile.TemporaryDirectory() as folder:
        openpyxl.load_workbook(book).save(Path(folder) / "out.xlsx")


def with_fastexcel(book: Path) -> None:
    """Read the Sales sheet to Arrow: the yardstick."""
    import fastexcel

    fastexcel.read_excel(book).load_sheet("Sales").to_arrow()


def with_libreoffice(book: Path) -> int:
    """Recalculate the same cells as SUMIFS formulas (the workbook has a sheet Formulas) in LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        profile = (Path(folder) / "profile").as_uri()
        csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
        words = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", csv]
        subprocess.run([*words, "--outdir", folder, str(book)], check=True, stdout=subprocess.DEVNULL)
        rows = next(Path(folder).glob("*Formulas.csv")).read_text(encoding="utf-8").splitlines()
    return sum(int(Decimal(row.split(",")[-1]) * 100) for row in rows[1:])


def with_tryton(book: Path) -> int:
    """Compute each line's commission with Tryton's module; only that is timed (no posting, no settling)."""
    os.environ |= {"TRYTOND_DATABASE_URI": "sqlite://", "DB_NAME": ":memory:"}
    from tests.benchmarks import tryton_lines

    fen = tryton_lines.commission(_lines(book))
    timed.extend(tryton_lines.spent)
    return fen


def _lines(book: Path) -> list[tuple[int, Decimal]]:
    """Give (tier's number, net of the line) of every line."""
    sales, returns = _frames(book)

    def tiers(frame: Any) -> list[int]:
        return [int(account[1:]) % 2 for account in frame["Account ID"]]

    net = (_fen(sales["Gross Amount"]) - _fen(sales["Discount"])).tolist()
    back = (-_fen(returns["Amount"])).tolist()
    pairs = [*zip(tiers(sales), net, strict=True), *zip(tiers(returns), back, strict=True)]
    return [(tier, Decimal(fen) / 100) for tier, fen in pairs]


PEERS: dict[str, Callable[[Path], int | None]] = {
    "fastexcel": with_fastexcel,
    "pandas": with_pandas,
    "duckdb": with_duckdb,
    "openpyxl": with_openpyxl,
    "libreoffice": with_libreoffice,
    "tryton": with_tryton,
}


def main() -> None:
    """Run the peer that was asked for."""
    name, book = sys.argv[1], Path(sys.argv[2])
    started = time.perf_counter()
    fen = PEERS[name](book)
    seconds = timed[0] if timed else time.perf_counter() - started
    sys.stdout.write(json.dumps({"fen": fen, "seconds": seconds}) + "\n")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
