"""A table or Parquet folder of Spark, local or of a cluster, for what one machine cannot hold."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from keyaccount.sources.named import Named
from keyaccount.sources.normal import Engine

if TYPE_CHECKING:
    import ibis.expr.types as ir

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, not another number
}


def spark_table(named: Named) -> tuple[ir.Table, Engine]:
    """Open a table of the catalogue, or Parquet files with the columns of all of them."""
    from pyspark.sql.types import TimestampType

    connection = _connected(named.cluster)
    schema, dot, table = named.table.rpartition(".")
    if dot:
        opened = connection.table(table, database=schema)
    elif named.table:
        opened = connection.table(named.table)
    else:
        opened = connection.read_parquet(named.where, mergeSchema=True)
    rows = connection._session.table(named.table or opened.get_name())  # noqa: SLF001 Ibis types both moments alike
    instants = (each.name for each in rows.schema.fields if isinstance(each.dataType, TimestampType))
    return opened, Engine(frozenset(instants))


def hashed(ids: ir.StringColumn) -> ir.IntegerColumn:
    """Give 64 bits for an ID."""
    return _xxhash64()(ids)


@cache
def _xxhash64() -> Any:  # noqa: ANN401 Ibis's own class
    import ibis

    def xxhash64(text: str) -> int:
        """Spark's own: what is said here is its name and its types."""
        raise NotImplementedError

    return ibis.udf.scalar.builtin(xxhash64, signature=(("string",), "int64"))


@cache
def _connected(cluster: str) -> Any:  # noqa: ANN401 likewise
    """Connect to a cluster's address, else to what Spark's settings name (SPARK_REMOTE, its defaults)."""
    import ibis
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("keyaccount").config("spark.ui.showConsoleProgress", "false")
    if cluster.startswith("sc://"):
        builder = builder.remote(cluster)
    elif cluster:
        builder = builder.master(cluster)
    session = builder.getOrCreate()
    if hasattr(session, "_jsc"):  # not with Spark Connect
        session.sparkContext.setLogLevel("ERROR")
    for name, value in _SETTINGS.items():
        session.conf.set(name, value)
    return ibis.pyspark.connect(session)
