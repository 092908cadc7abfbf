"""Opens a source as an Ibis table: DuckDB embedded for files, else the database or Spark that is named."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyaccount.problems import FileProblem
from keyaccount.sources.named import Named
from keyaccount.sources.texts import opened_text

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

MEMORY = "KEYACCOUNT_MEMORY"
"""The environment variable that bounds DuckDB's memory; what is beyond goes to a temporary folder."""
_SHIPPED_MEMORY = "2GB"
FILE, ROW = "filename", "file_row_number"
_MODULES = {"postgres": "psycopg", "spark": "pyspark"}


@dataclass(frozen=True)
class Opened:
    """A source that can be asked; ``note`` is what was found out about a text file's encoding."""

    named: Named
    table: ir.Table
    encoding: str = ""

    @property
    def has_rows(self) -> bool:
        """Whether the engine knows the file and the row of what it finds."""
        return FILE in self.table.columns and ROW in self.table.columns

    def ask(self, expression: ir.Table) -> pa.Table:
        """Carry out an expression where the data is; raises ``FileProblem``."""
        try:
            with _quiet():
                return expression.to_pyarrow()
        except Exception as reason:  # noqa: BLE001 each engine raises its own kinds
            raise _failed(self.named, reason) from None


def open_source(named: Named) -> Opened:
    """Open a source, read-only; raises ``FileProblem`` where it or Ibis is missing, or unreachable."""
    with _quiet():
        return _open(named)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to ourselves what the libraries tell their developers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _open(named: Named) -> Opened:
    try:
        import ibis  # noqa: F401 whether it is there
    except ImportError:
        raise _lacking(named, "sources") from None
    try:
        if named.kind == "database":
            return Opened(named, _database_table(named))
        if named.kind == "spark":
            return Opened(named, _spark_table(named))
        return _of_files(named)
    except ImportError as reason:
        extra = {"spark": "spark"}.get(named.kind, named.where.partition("://")[0])
        raise _lacking(named, f"sources,{extra}", reason) from None
    except FileProblem:
        raise
    except Exception as reason:  # noqa: BLE001 likewise
        raise _failed(named, reason) from None


def _of_files(named: Named) -> Opened:
    files = _files(Path(named.where))
    if not files:
        raise FileProblem(
            "There is nothing at {source} to read (looked for {path}).",
            "Correct the path on sheet Policies; it starts at the folder of the workbook.",
            source=named.shown,
            path=named.where,
        )
    connection = _duckdb()
    if named.kind == "parquet":
        listed = [str(file) for file in files]
        return Opened(named, connection.read_parquet(listed, filename=True, file_row_number=True))
    text = opened_text(Path(named.where), Path(_scratch().name))
    rows = connection.read_csv(
        str(text.path),
        header=True,
        delim=text.delimiter,
        quote='"',
        escape='"',
        all_varchar=True,
        strict_mode=True,
        null_padding=False,
        parallel=True,
    )
    return Opened(named, rows, text.encoding)


def _files(path: Path) -> list[Path]:
    """Give a file, a folder's Parquet files (also in folders of it), or those of a pattern; in order."""
    if path.is_dir():
        return sorted(file for file in path.rglob("*.parquet") if not file.name.startswith((".", "_")))
    if path.is_file():
        return [path]
    if any(sign in path.name for sign in "*?["):
        return sorted(path.parent.glob(path.name))
    return []


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="keyaccount-")


@cache
def _duckdb() -> Any:  # noqa: ANN401 Ibis's own class
    import ibis

    connection = ibis.duckdb.connect(
        memory_limit=os.environ.get(MEMORY, _SHIPPED_MEMORY), temp_directory=_scratch().name
    )
    connection.raw_sql("SET preserve_insertion_order = false")
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


@cache
def _connected(where: str) -> Any:  # noqa: ANN401 Ibis's own class
    import ibis

    if where.startswith("duckdb://"):
        return ibis.duckdb.connect(where.removeprefix("duckdb://"), read_only=True)
    return ibis.connect(where)


def _database_table(named: Named) -> ir.Table:
    schema, dot, table = named.table.rpartition(".")
    connection = _connected(named.where)
    return connection.table(table, database=schema) if dot else connection.table(named.table)


@cache
def _spark() -> Any:  # noqa: ANN401 Ibis's own class
    import ibis
    from pyspark.sql import SparkSession

    quiet = SparkSession.builder.appName("keyaccount").config("spark.ui.showConsoleProgress", "false")
    session = quiet.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.conf.set("spark.sql.session.timeZone", "UTC")
    return ibis.pyspark.connect(session)


def _spark_table(named: Named) -> ir.Table:
    connection = _spark()
    if named.table:
        schema, dot, table = named.table.rpartition(".")
        return connection.table(table, database=schema) if dot else connection.table(named.table)
    return connection.read_parquet(named.where)


def _lacking(named: Named, extra: str, reason: object = "") -> FileProblem:
    return FileProblem(
        "{source} cannot be read: a part of the program for it is not installed. {reason}",
        "Install it: pip install 'keyaccount[{extra}]'.",
        source=named.shown,
        extra=extra,
        reason=named.safe(reason),
    )


def _failed(named: Named, reason: Exception) -> FileProblem:
    return FileProblem(
        "{source} cannot be read: {reason}",
        "Look whether it is there, can be reached, and holds the table; then run again. Nothing was changed.",
        source=named.shown,
        reason=named.safe(reason),
    )
