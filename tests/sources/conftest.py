"""A PostgreSQL server and a Spark session for the tests that ask for them: each once, small, of their own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.places import Place, postgres_programs, postgres_server, spark_lacks


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if postgres_programs() is None:
        pytest.skip("PostgreSQL is not on this machine")
    with postgres_server() as address:
        yield address


@pytest.fixture(scope="session")
def spark() -> Iterator[None]:
    if lacks := spark_lacks():
        pytest.skip(lacks)
    os.environ["PYSPARK_SUBMIT_ARGS"] = (
        "--master local[1] --driver-memory 512m --conf spark.ui.enabled=false "
        "--conf spark.sql.shuffle.partitions=1 --conf spark.driver.host=127.0.0.1 "
        "--conf spark.driver.bindAddress=127.0.0.1 --conf spark.sql.codegen.wholeStage=false "
        "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' pyspark-shell"
    )
    yield
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is not None:
        session.stop()


@pytest.fixture(params=["parquet", "csv", "postgres", "spark"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "spark":
        request.getfixturevalue("spark")
    address = request.getfixturevalue("server") if request.param == "postgres" else ""
    return Place(request.param, tmp_path, address)
