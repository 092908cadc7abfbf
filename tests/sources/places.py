"""The same rows on every engine: Parquet, CSV, a PostgreSQL server of the test's own, Spark."""

from __future__ import annotations

import csv
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from keyaccount import tables
from keyaccount.periods import from_number
from keyaccount.sources.reading import with_sources
from keyaccount.tables import NO_DAY, Inputs, Located, PolicyRow, ReadBook

Row = Mapping[str, object]
_TYPES = {
    "id": pa.string(),
    "day": pa.date32(),
    "amount": pa.decimal128(18, 2),
    "rate": pa.decimal128(18, 9),
}


@dataclass(frozen=True)
class Place:
    """Where one test's rows are put: the engine's name, a folder, and the address of a PostgreSQL server."""

    engine: str
    folder: Path
    server: str = ""

    def put(self, table: tables.Table, rows: Sequence[Row], name: str) -> str:
        """Write rows and give what the policy names."""
        return getattr(self, f"_{self.engine}")(table, rows, name)  # type: ignore[no-any-return]

    def _parquet(self, table: tables.Table, rows: Sequence[Row], name: str) -> str:
        pq.write_table(arrow(table, rows), self.folder / f"{name}.parquet")
        return f"{name}.parquet"

    def _csv(self, table: tables.Table, rows: Sequence[Row], name: str) -> str:
        with (self.folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([column.en for column in columns_of(table)])
            writer.writerows([row.get(column.field) for column in columns_of(table)] for row in rows)
        return f"{name}.csv"

    def _spark(self, table: tables.Table, rows: Sequence[Row], name: str) -> str:
        return "spark:" + self._parquet(table, rows, name)

    def _postgres(self, table: tables.Table, rows: Sequence[Row], name: str) -> str:
        import psycopg
        from psycopg import sql

        kinds = {"day": "date", "amount": "numeric(18,2)", "rate": "numeric"}
        columns = [
            sql.SQL("{} " + kinds.get(column.kind, "text")).format(sql.Identifier(column.en))
            for column in columns_of(table)
        ]
        into = sql.Identifier(name)
        with psycopg.connect(self.server, autocommit=True) as connection, connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(into))
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(into, sql.SQL(", ").join(columns)))
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(into)) as copy:
                for row in rows:
                    copy.write_row([row.get(column.field) for column in columns_of(table)])
        return f"{self.server}#{name}"


def columns_of(table: tables.Table) -> list[tables.Column]:
    """Give a table's columns without those that say who approved a row: the core does not know them."""
    return [column for column in table.columns if column not in tables.APPROVAL]


def arrow(table: tables.Table, rows: Sequence[Row]) -> pa.Table:
    """Lay rows into typed columns under the English headers."""
    return pa.table(
        {
            column.en: pa.array([row.get(column.field) for row in rows], _TYPES.get(column.kind, pa.string()))
            for column in columns_of(table)
        }
    )


def sales_rows(inputs: Inputs) -> list[Row]:
    """Give the sales as a source holds them."""
    sales = inputs.sales
    return [
        {"sale_id": i, "date": from_number(d), "account_id": a, "gross": yuan(g), "discount": yuan(c)}
        for i, d, a, g, c in zip(
            sales.sale_id.tolist(),
            sales.date.tolist(),
            sales.account_id.tolist(),
            sales.gross.tolist(),
            sales.discount.tolist(),
            strict=True,
        )
    ]


def adjustment_rows(inputs: Inputs) -> list[Row]:
    """Give the adjustments as a source holds them."""
    of = inputs.adjustments
    return [
        {
            "adjustment_id": of.adjustment_id[place],
            "date": from_number(int(of.date[place])),
            "type": of.type[place],
            "account_id": of.account_id[place],
            "amount": yuan(int(of.amount[place])),
            "sale_id": of.sale_id[place] or None,
            "original_date": _day(int(of.original_date[place])),
            "vat_rate": of.vat_rate[place],
        }
        for place in range(len(of))
    ]


def yuan(fen: int) -> Decimal:
    """Give an amount as a decimal number of two places."""
    return Decimal(fen).scaleb(-2)


def _day(number: int) -> date | None:
    return None if number == NO_DAY else from_number(number)


def elsewhere(inputs: Inputs, place: Place) -> ReadBook:
    """Put a company's sales and adjustments where the place says, and read them from there."""
    sales = place.put(tables.SALES, sales_rows(inputs), "sales")
    adjustments = place.put(tables.ADJUSTMENTS, adjustment_rows(inputs), "adjustments")
    return read_from(inputs, place.folder, sales, adjustments)


def read_from(inputs: Inputs, folder: Path, sales: str, adjustments: str = "") -> ReadBook:
    """Read a company whose sheets are empty, with these sources."""
    rows = [PolicyRow(0, "sales_source", sales)] if sales else []
    rows += [PolicyRow(0, "adjustments_source", adjustments)] if adjustments else []
    emptied = replace(
        inputs,
        policies=(*(row for row in inputs.policies if not row.policy.endswith("_source")), *rows),
        sales=inputs.sales.only(inputs.sales.row < 0) if sales else inputs.sales,
        adjustments=inputs.adjustments.only(inputs.adjustments.row < 0)
        if adjustments
        else inputs.adjustments,
    )
    located = {table.name: Located(table.name, 1) for table in tables.INPUT_TABLES}
    read = ReadBook(emptied, [], 2, [], located, [], "en", {}, "0" * 64)
    return with_sources(read, lambda: folder)


# --- a PostgreSQL server and Java --------------------------------------------------------------------


def postgres_programs() -> Path | None:
    """Give the folder of PostgreSQL's programs: Debian's, else wherever pg_ctl is."""
    debian = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"))  # noqa: PTH207 absolute
    found = debian[-1] if debian else shutil.which("pg_ctl")
    return Path(found).parent if found else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a server of the test's own in a temporary folder; gives its address."""
    programs = postgres_programs()
    assert programs is not None
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        as_user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            as_user = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]

        def call(*words: str) -> None:
            subprocess.run([*as_user, *words], check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=60)

        data = f"{folder}/data"
        call(str(programs / "initdb"), "-D", data, "-A", "trust", "-U", "keyaccount", "-E", "UTF8", "-N")
        options = f"-F -k {folder} -c listen_addresses= -c max_connections=10"
        call(str(programs / "pg_ctl"), "-D", data, "-o", options, "-w", "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql://keyaccount@/postgres?host={folder}"
        finally:
            call(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def spark_lacks() -> str:
    """Say what Spark lacks here; nothing where it can run."""
    if shutil.which("java") is None:
        return "Java is not on this machine"
    try:
        import pyspark  # noqa: F401 whether it is there
    except ImportError:
        return "pyspark is not installed (pip install 'keyaccount[spark]')"
    return ""
