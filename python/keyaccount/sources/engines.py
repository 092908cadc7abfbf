"""Opens a source as an Ibis table: DuckDB embedded for files, else the database or Spark that is named."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from keyaccount.problems import FileProblem
from keyaccount.sources.named import Named
from keyaccount.sources.normal import PLAIN, Engine

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

FILE, ROW = "filename", "file_row_number"
"""What DuckDB calls the file and the row in it, where it knows them."""


@dataclass(frozen=True)
class Opened:
    """A source that can be asked; ``encoding`` is what was found out about a text file."""

    named: Named
    table: ir.Table
    engine: Engine = PLAIN
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

    def hashed(self, ids: ir.StringColumn) -> ir.Column:
        """Give 64 bits for an ID where the engine can; else the ID."""
        if self.named.kind == "spark":
            from keyaccount.sources.spark import hashed

            return hashed(ids)
        return ids if self.named.kind == "postgres" else ids.hash()


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
        return _opened(named)
    except ImportError as reason:
        extra = {"spark": "sources,spark", "postgres": "sources,postgres"}.get(named.kind, "sources")
        raise _lacking(named, extra, reason) from None
    except FileProblem:
        raise
    except Exception as reason:  # noqa: BLE001 likewise
        raise _failed(named, reason) from None


def _opened(named: Named) -> Opened:
    if named.kind == "spark":
        from keyaccount.sources.spark import spark_table

        return Opened(named, *spark_table(named))
    if named.kind in {"postgres", "duckdb"}:
        from keyaccount.sources.databases import database_table

        return Opened(named, *database_table(named))
    from keyaccount.sources.files import csv_table, parquet_table

    if named.kind == "csv":
        table, encoding = csv_table(named)
        return Opened(named, table, encoding=encoding)
    return Opened(named, *parquet_table(named))


def _lacking(named: Named, extra: str, reason: object = "") -> FileProblem:
    return FileProblem(
        "{source} cannot be read: a part of the program for it is not installed. {reason}",
        'Install it: pip install "keyaccount[{extra}]".',
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
