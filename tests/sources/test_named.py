"""What a policy may name, and that no password gets into a text (§3.1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyaccount.problems import FileProblem
from keyaccount.sources.named import named

HERE = Path("/books")
WITH_A_PASSWORD = [
    "postgresql://reader:hunter22@host/db#sales",
    "postgresql://reader:hun@ter22@host/db#sales",
    "postgresql://reader:hun/ter22@host/db#sales",
    "postgresql://reader:hun#ter22@host/db#sales",
    "postgresql://reader:hunter22@host/db",
    "postgresql://host/db?user=reader&password=hunter22#sales",
    "postgresql://host/db?sslpassword=hunter22#sales",
    "postgresql+psycopg://reader:hunter22@host/db#sales",
    "sc://host:15002/;token=hunter22#db.sales",
    "spark:s3a://key:hunter22@bucket/sales",
]


@pytest.mark.parametrize("value", WITH_A_PASSWORD)
def test_a_password_in_the_workbook_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(FileProblem) as refused:
        named(value, HERE)
    assert "password" in refused.value.message
    for part in ("hunter22", "ter22"):
        assert part not in refused.value.message


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ("postgresql://reader:${SECRET}@host/db#sales", "postgres://reader:s3%20cr%40t@host/db"),
        (
            "postgresql://host/db?user=reader&password=${SECRET}#s.sales",
            "postgres://host/db?user=reader&password=s3 cr@t",
        ),
    ],
)
def test_a_password_of_the_environment_reaches_the_driver_and_no_text(
    value: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "s3 cr@t")
    source = named(value, HERE)
    assert source.where == where
    said = [
        source.shown,
        repr(source.shown),
        source.safe(f"cannot connect to {source.where}"),
        source.safe("s3 cr@t?"),
    ]
    assert not [text for text in said if "s3" in text]


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(FileProblem, match="KEYACCOUNT_NO_SUCH"):
        named("postgresql://reader:${KEYACCOUNT_NO_SUCH}@host/db#sales", HERE)


@pytest.mark.parametrize(
    ("value", "kind", "where", "table", "cluster"),
    [
        ("sales", "parquet", "/books/sales", "", ""),
        ("../sales.parquet", "parquet", "/books/../sales.parquet", "", ""),
        ("/data/sales.CSV", "csv", "/data/sales.CSV", "", ""),
        ("duckdb://warehouse.db#mart.sales", "duckdb", "/books/warehouse.db", "mart.sales", ""),
        ("duckdb:///data/warehouse.db#sales", "duckdb", "/data/warehouse.db", "sales", ""),
        (
            "postgresql://host:5432/db?user=a@b#sales",
            "postgres",
            "postgres://host:5432/db?user=a@b",
            "sales",
            "",
        ),
        ("spark:sales", "spark", "/books/sales", "", ""),
        ("spark:s3a://bucket/sales", "spark", "s3a://bucket/sales", "", ""),
        ("spark:#mart.sales", "spark", "", "mart.sales", ""),
        ("sc://host:15002#mart.sales", "spark", "", "mart.sales", "sc://host:15002"),
        ("spark://host:7077#s3a://bucket/sales", "spark", "s3a://bucket/sales", "", "spark://host:7077"),
    ],
)
def test_what_is_named(value: str, kind: str, where: str, table: str, cluster: str) -> None:
    found = named(value, HERE)
    assert (found.kind, found.where, found.table, found.cluster) == (kind, where, table, cluster)


@pytest.mark.parametrize(
    "value", ["mysql://host/db#sales", "sqlite:///sales.db#sales", "oracle://host/db#sales"]
)
def test_a_database_without_proof_of_exact_amounts_is_refused(value: str) -> None:
    with pytest.raises(FileProblem, match="not read"):
        named(value, HERE)


def test_a_relative_path_needs_a_folder() -> None:
    assert named("/data/sales.parquet", None).where == "/data/sales.parquet"
    for value in ("sales.parquet", "duckdb://w.db#sales", "spark:sales"):
        with pytest.raises(FileProblem, match="on no disk"):
            named(value, None)
