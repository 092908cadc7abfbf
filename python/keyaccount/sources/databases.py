"""A table of a database: PostgreSQL, or a file of DuckDB; nothing is ever written to them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from keyaccount.sources.named import Named
from keyaccount.sources.normal import Engine

if TYPE_CHECKING:
    import ibis.expr.types as ir


def database_table(named: Named) -> tuple[ir.Table, Engine]:
    """Open a table or view, with its schema where that is named."""
    connection = _duckdb_file(named.where) if named.kind == "duckdb" else _postgres(named.where)
    schema, dot, table = named.table.rpartition(".")
    opened = connection.table(table, database=schema) if dot else connection.table(named.table)
    return opened, Engine(nan_decimals=named.kind == "postgres")


@cache
def _duckdb_file(path: str) -> Any:  # noqa: ANN401 Ibis's own class
    import ibis

    return ibis.duckdb.connect(path, read_only=True)


def _postgres(address: str) -> Any:  # noqa: ANN401 likewise
    """Connect anew where the server has closed what was open; refuse to write whatever the user may."""
    connection = _connected(address)
    if connection.con.closed or connection.con.broken:
        _connected.cache_clear()
        connection = _connected(address)
    return connection


@cache
def _connected(address: str) -> Any:  # noqa: ANN401 likewise
    import ibis

    connection = ibis.connect(address)
    connection.con.execute("SET default_transaction_read_only = on")
    return connection
