"""Every command on a workbook whose lines are in Parquet, called from another folder than the workbook's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import openpyxl
import pytest

from keyaccount import cli
from keyaccount.book import open_book
from keyaccount.outputs.explain import Explaining
from keyaccount.workbook.package import Package
from keyaccount.workbook.save import changed_package
from tests.benchmarks.lines import write_lines
from tests.outputs.asking import check_arithmetic

pytestmark = pytest.mark.xdist_group("sources")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("books")
    book = write_lines(folder / "plan", 20_000)
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
    assert cli.main(["check", str(settled)]) == 0
    assert cli.main(["what-if", str(settled), "2026Q1", "--set", "tiers.core=0.02"]) == 0
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
        assert len(book.read.columns["Sales"]["sale_id"]) < 20_000


def test_a_workbook_in_memory_finds_its_lines_where_its_file_is(
    settled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Package.open(settled) as package, changed_package(package, {}) as copy:
        assert copy.folder == settled.parent
    names = ["--prepared", "A", "--reviewed", "B", "--approved", "C"]
    assert cli.main(["approve", str(settled), "2026Q1", *names]) == 0


def test_a_copy_without_names_is_refused(
    settled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["anonymise", str(settled), "--out", str(tmp_path / "copy.xlsx")]) == 5
    assert "it takes them from" in capsys.readouterr().err
    assert not (tmp_path / "copy.xlsx").exists()


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8-sig", ""), ("gb18030", "GB18030"), ("utf-16", "UTF-16")]
)
def test_a_csv_says_its_encoding_where_it_is_no_utf_8(
    encoding: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = write_lines(tmp_path / "plan", 200)
    rows = '单号,日期,客户编号,销售额,折扣\nX1,2026-01-31,A0001,"1,000.00",\nX2,2026-02-01,深圳华强,5,\n'
    (book.parent / "sales").rename(book.parent / "other")
    (book.parent / "returns.parquet").unlink()
    table = openpyxl.load_workbook(book)
    for row in table["Policies"].iter_rows(min_row=1):
        if row[0].value in {"sales_source", "adjustments_source"}:
            row[1].value = "sales.csv" if row[0].value == "sales_source" else None
    table.save(book)
    (book.parent / "sales.csv").write_text(rows, encoding=encoding)
    assert cli.main(["check", str(book), "--json"]) == 0
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [p["problem"] for p in problems if "encoding" in p["problem"]] == (
        [f"sales.csv is read in the encoding {said}, which was found out."] if said else []
    )
    assert [p["value"] for p in problems if "no key accounts" in p["problem"]] == ["深圳华强"]
