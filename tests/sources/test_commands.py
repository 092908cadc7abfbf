"""Every command on a workbook whose lines are in Parquet, called from another folder than the workbook's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import openpyxl
import pytest

from keyaccount import cli, tables
from keyaccount.book import open_book
from keyaccount.outputs.explain import Explaining
from keyaccount.problems import FileProblem
from keyaccount.sources.engines import open_source
from keyaccount.sources.named import named
from keyaccount.sources.table import SourceTable
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import changed_package
from tests.benchmarks.lines import write_lines
from tests.outputs.asking import check_arithmetic

pytestmark = pytest.mark.xdist_group("sources")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    book = write_lines(folder / "plan", 5_000)
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    try:
        assert cli.main(["settle", str(book), "2026Q1"]) == 0
    finally:
        os.chdir(before)
    return book


def test_what_was_settled_stands_and_adds_up(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify", str(settled), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "findings": []}
    assert cli.main(["regenerate", str(settled), "--check"]) == 0
    sums = (
        'SELECT sum("Gross Amount") FROM read_parquet($1) '
        "WHERE \"Account ID\" LIKE 'A%' AND \"Date\" < '2026-04-01'"
    )
    (gross,) = duckdb.execute(sums, [str(settled.parent / "sales" / "*.parquet")]).fetchone() or (None,)
    rows = openpyxl.load_workbook(settled, data_only=True)["Net Sales"].iter_rows(min_row=6, values_only=True)
    assert sum(round(row[3] * 100) for row in rows) == gross * 100


def test_an_entry_is_explained_by_its_lines(settled: Path) -> None:
    with open_book(settled) as book:
        explaining = Explaining(book, "en")
        entries = [entry for entry in book.ledger if entry.kind == "commission"][:5]
        for entry in entries:
            explanation = explaining.answer(str(entry.entry))
            assert explanation.roots[0].figure == entry.amount
            check_arithmetic(explanation)
        assert "part-" in str(explanation.roots)


def test_the_record_of_inputs_holds_sums_and_no_lines(settled: Path) -> None:
    with open_book(settled) as book:
        recorded = [row for row in book.read.snapshot_rows if "N00" in str(row)]
        assert not recorded
        assert len(book.read.columns["Sales"]["sale_id"]) < 5_000


def test_a_workbook_in_memory_finds_its_lines_where_its_file_is(
    settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Package.open(settled) as package, changed_package(package, {}) as copy:
        assert copy.folder() == settled.parent
    names = ["--prepared", "A", "--reviewed", "B", "--approved", "C"]
    assert cli.main(["approve", str(settled), "2026Q1", *names]) == 0


def test_a_copy_without_names_is_refused(
    settled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["anonymise", str(settled), "--out", str(tmp_path / "copy.xlsx")]) == 5
    assert "it takes them from" in capsys.readouterr().err
    assert not (tmp_path / "copy.xlsx").exists()


SOLD = '单号,日期,客户编号,销售额,折扣\nX1,2026-01-31,A0001,"1,000.00",\nX2,2026-02-01,深圳华强,5,\n'


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_the_encoding_of_a_csv_is_found(encoding: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SOLD, encoding=encoding)
    opened = open_source(named("sales.csv", tmp_path))
    assert opened.encoding == said
    source = SourceTable(opened, tables.SALES)
    assert sorted(source.opened.ask(source.lines)["account_id"].to_pylist()) == ["A0001", "深圳华强"]


def test_several_csv_files_are_one_table_and_say_their_encodings(tmp_path: Path) -> None:
    for name, encoding in (("a", "utf-8"), ("b", "gb18030")):
        text = SOLD.replace("X1", f"{name}1").replace("X2", f"{name}2")
        (tmp_path / f"sales-{name}.csv").write_text(text, encoding=encoding)
    opened = open_source(named("sales-*.csv", tmp_path))
    assert (opened.encoding, len(opened.ask(opened.table))) == ("GB18030, UTF-8", 4)
    (tmp_path / "sales-c.csv").write_text("Sale ID;Date;Account ID;Gross Amount\n1;2;3;4\n", encoding="utf-8")
    with pytest.raises(FileProblem, match="do not separate their fields alike"):
        open_source(named("sales-*.csv", tmp_path))


def test_a_run_says_an_encoding_that_is_not_utf_8(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    policies = {"sales_source": "sales.csv", "unknown_accounts": "ignore"}
    rows = {"Policies": [{"policy": name, "value": value} for name, value in policies.items()]}
    create_workbook(tmp_path / "book.xlsx", "en", 2026, rows)
    (tmp_path / "sales.csv").write_text(SOLD, encoding="gb18030")
    assert cli.main(["check", str(tmp_path / "book.xlsx"), "--json"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    said = "sales.csv is read in the encoding GB18030, which was found out."
    assert [p["problem"] for p in problems if "encoding" in p["problem"]] == [said]
