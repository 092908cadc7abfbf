"""What only PostgreSQL holds: numbers that are none, days without end, moments; nothing is written."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from keyaccount import tables
from keyaccount.problems import FileProblem
from keyaccount.sources.databases import database_table
from keyaccount.sources.engines import open_source
from keyaccount.sources.named import named
from keyaccount.sources.sales import SalesOf
from keyaccount.sources.table import SourceTable

pytestmark = pytest.mark.xdist_group("sources")
ROWS = """
DROP TABLE IF EXISTS odd, moments;
CREATE TABLE odd
  ("Sale ID" text, "Date" date, "Account ID" text, "Gross Amount" numeric(18, 2), "Discount" float8);
INSERT INTO odd VALUES
  ('N1', '2026-01-31', 'A1', 12.34, 0.1::float8 + 0.2::float8),
  ('N2', '2026-01-31', 'A1', 'NaN', NULL),
  ('N3', 'infinity', 'A1', 1, NULL),
  ('N4', '2026-01-31', 'A1', 1, 'NaN'),
  ('N5', '0044-03-15 BC', 'A1', 1, NULL),
  ('N6', '2026-01-31', 'A1', 1, 0.005),
  (U&'\\3000N7', '2026-01-31', U&'A1\\00A0', 9999999999999999.99, NULL);
CREATE TABLE moments AS
  SELECT "Sale ID", "Date"::timestamptz AS "Date", "Account ID", "Gross Amount" FROM odd LIMIT 1;
"""


@pytest.fixture
def address(server: str) -> str:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(ROWS)
    return server


def wrong(value: str) -> list[tuple[str, str]]:
    source = SourceTable(open_source(named(value, Path())), tables.SALES)
    sales, problems = SalesOf(source, ["A1"]).columns(set())
    assert sales.gross.sum() == (1234 if value.endswith("odd") else 0)
    assert sales.discount.sum() == (30 if value.endswith("odd") else 0)
    return sorted(
        (source.places.shown[problem.row].rsplit(" ", 1)[-1], problem.column) for problem in problems
    )


def test_what_is_no_number_and_no_day_is_listed(address: str) -> None:
    amounts = [("N2", "Gross Amount"), ("N4", "Discount"), ("N6", "Discount"), ("N7", "Gross Amount")]
    assert wrong(f"{address}#public.odd") == sorted([*amounts, ("N3", "Date"), ("N5", "Date")])
    assert wrong(f"{address}#moments") == [("N1", "Date")]


def test_nothing_can_be_written(address: str) -> None:
    table, _ = database_table(named(f"{address}#odd", Path()))
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        table.get_backend().con.execute("DELETE FROM odd")


def test_a_table_that_is_missing_is_said_without_the_password(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hunter22")
    value = address.replace("keyaccount@", "keyaccount:${SECRET}@") + "#no_such_table"
    with pytest.raises(FileProblem) as missing:
        open_source(named(value, Path()))
    assert "no_such_table" in missing.value.message
    assert "hunter22" not in missing.value.message
