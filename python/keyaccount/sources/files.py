"""Parquet and CSV files, read by the embedded DuckDB within a bound of memory; the rest goes to disk."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyaccount.problems import FileProblem, Listed
from keyaccount.sources.named import Named
from keyaccount.sources.normal import Engine
from keyaccount.sources.texts import opened_text

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEMORY = "KEYACCOUNT_MEMORY"
"""The environment variable that bounds DuckDB's memory; what is beyond goes to a temporary folder."""
_SHIPPED_MEMORY = "2GB"
_SIGNS = "*?["


def parquet_table(named: Named) -> tuple[ir.Table, Engine]:
    """Open Parquet files as one table, columns by name, each of a type that holds every file's values."""
    files = [str(file) for file in _files(named)]
    connection = duckdb()
    table = connection.read_parquet(files, filename=True, file_row_number=True, union_by_name=True)
    names = connection.raw_sql(
        "SELECT DISTINCT name FROM parquet_schema($1) WHERE type = 'INT96'", parameters=[files]
    ).fetchall()
    return table, Engine(frozenset(name for (name,) in names))


def csv_table(named: Named) -> tuple[ir.Table, str]:
    """Open CSV files as one table of texts; gives their encoding; raises ``FileProblem``."""
    texts = [opened_text(file, Path(tempfile.mkdtemp(dir=_scratch().name))) for file in _files(named)]
    delimiters = sorted({text.delimiter for text in texts})
    if len(delimiters) > 1:
        raise FileProblem(
            "The files of {source} do not separate their fields alike: {signs}.",
            "Save them with one delimiter.",
            source=named.shown,
            signs=Listed(map(repr, delimiters)),
        )
    rows = duckdb().read_csv(
        [str(text.path) for text in texts],
        header=True,
        delim=delimiters[0],
        quote='"',
        escape='"',
        all_varchar=True,
        strict_mode=True,
        null_padding=False,
        union_by_name=True,
    )
    return rows, ", ".join(sorted({text.encoding for text in texts}))


def _files(named: Named) -> list[Path]:
    """Give a file, a folder's Parquet files (also in folders of it), or those of a pattern; in order."""
    path = Path(named.where)
    found = [path] if path.is_file() else []
    if path.is_dir():
        found = sorted(file for file in path.rglob("*.parquet") if not file.name.startswith((".", "_")))
    elif any(sign in path.name for sign in _SIGNS) and not found:
        found = sorted(path.parent.glob(path.name))
    if not found:
        raise FileProblem(
            "There is nothing at {source} to read (looked for {path}).",
            "Correct the path on sheet Policies; it starts at the folder of the workbook.",
            source=named.shown,
            path=named.where,
        )
    return found


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="keyaccount-")


@cache
def duckdb() -> Any:  # noqa: ANN401 Ibis's own class
    """Give the connection of this process."""
    import ibis

    connection = ibis.duckdb.connect(
        memory_limit=os.environ.get(MEMORY, _SHIPPED_MEMORY), temp_directory=_scratch().name
    )
    connection.raw_sql("SET preserve_insertion_order = false")
    connection.raw_sql("SET enable_progress_bar = false")
    return connection
