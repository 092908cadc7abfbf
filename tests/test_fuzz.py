"""The fuzzing campaign in short, and that it would notice: its judge, second reader and guarded child."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import openpyxl
import pytest

from keyaccount.workbook.decimals import Flags, Integers, fen_of
from tests.campaigns import frame
from tests.campaigns.fuzz import campaign
from tests.campaigns.fuzzing import cells, child, judge_reader
from tests.campaigns.fuzzing.books import Base, bases, cell
from tests.campaigns.fuzzing.editing import variant, with_cell, with_value
from tests.campaigns.fuzzing.judge import Ran, Variant, judge
from tests.campaigns.fuzzing.packing import of_parts, pack


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> list[Base]:
    return bases(tmp_path_factory.mktemp("bases"))


def unchanged(base: Base) -> Variant:
    return Variant(pack(of_parts(base.parts)), "as it is", "same")


def ran(base: Base, folder: Path, command: str = "preview") -> Ran:
    return child.Trial(1, [base], folder).run(base, unchanged(base), command)


def wrong(base: Base, variant: Variant, came_to: Ran) -> str:
    """Judge what came of the workbook as it is, as if it had come of a variant."""
    return judge(base, variant, came_to)[1] or ""


def test_no_variant_breaks_the_program_or_hides_an_amount(tmp_path: Path) -> None:
    report = frame.run(campaign, seed=20_260_101, count=80, folder=tmp_path)
    assert report.failures == ()
    assert report.tried == 80
    compared = sum(n for name, n in report.counted.items() if name.endswith("figures compared"))
    changed = sum(n for name, n in report.counted.items() if name.endswith("figures changed"))
    assert compared > 20
    assert changed > 2


def test_an_amount_that_does_not_show_in_the_figures_is_noticed(four: list[Base], tmp_path: Path) -> None:
    base = four[0]
    usual = ran(base, tmp_path)
    assert wrong(base, unchanged(base), usual) == ""
    sale = next(each for each in base.places if (each.table, each.field) == ("Sales", "gross"))
    parts = with_cell(base.parts, sale, cell(sale.address, sale.value + 1))
    another = variant(parts, "a yuan more", "edited", with_value(base.rows, sale, sale.value + 1))
    assert "≠ found" in wrong(base, another, usual._replace(after=another.data))


def test_what_must_be_an_error_and_is_taken_is_noticed(four: list[Base], tmp_path: Path) -> None:
    base = four[0]
    broken = cells.no_amount(Random(1), base)
    assert "must be an error" in wrong(base, broken, ran(base, tmp_path)._replace(after=broken.data))


def test_what_means_the_same_and_is_refused_is_noticed(four: list[Base], tmp_path: Path) -> None:
    base = four[0]
    broken = cells.no_amount(Random(1), base)
    refused = child.Trial(1, [base], tmp_path).run(base, broken, "preview")
    assert refused.code == 1
    assert wrong(base, broken, refused) == ""
    assert "means the same" in wrong(base, replace(broken, meaning="same"), refused)


def test_changed_bytes_a_traceback_and_odd_exit_codes_are_noticed(four: list[Base], tmp_path: Path) -> None:
    base = four[0]
    same, usual = unchanged(base), ran(base, tmp_path)
    assert "bytes changed" in wrong(base, same, usual._replace(after=b""))
    assert "nobody caught" in wrong(base, same, usual._replace(err="Traceback (most recent call last)"))
    assert "exit code 4" in wrong(base, same, usual._replace(code=4))
    assert "standard error" in wrong(base, same, usual._replace(code=5))


def test_an_edited_ledger_that_is_taken_is_noticed(four: list[Base], tmp_path: Path) -> None:
    base = four[1]
    part = next(name for name, data in base.parts.items() if b"Booked At" in data and b"Digest" in data)
    edited = base.parts | {part: base.parts[part].replace(b">1000", b">9000", 1).replace(b"S01", b"S02", 1)}
    variant = Variant(pack(of_parts(edited)), "the ledger", "open")
    assert "ledger" in wrong(base, variant, ran(base, tmp_path)._replace(after=variant.data))


def test_a_reader_that_reads_an_amount_a_fen_too_high_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = campaign.prepare(7, tmp_path)

    def unsound(contents: Sequence[bytes | None]) -> tuple[Integers, Flags]:
        fen, odd = fen_of(contents)
        return fen + (fen > 0), odd

    monkeypatch.setattr("keyaccount.workbook.columns.fen_of", unsound)
    failed = [outcome.failed for outcome in map(prepared.one, range(60)) if outcome.failed]
    assert len(failed) > 10
    assert any("≠ found" in each for each in failed)


@pytest.mark.parametrize("what", ["dies", "hangs"])
def test_a_child_that_dies_or_hangs_is_told_and_the_next_number_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    def one(_trial: child.Trial, number: int) -> child.Answer:
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL) if what == "dies" else time.sleep(60)
        return {"tried": 1}, None

    monkeypatch.setattr(child.Trial, "one", one)
    monkeypatch.setattr(child, "SECONDS", 1 if what == "hangs" else 60)
    monkeypatch.setattr(child, "GRACE", 0)
    watched = child.Child(child.Trial(1, [], tmp_path))
    told = watched.one(1)[1]
    monkeypatch.setattr(child, "SECONDS", 60)
    assert told == ("the process died (SIGKILL)" if what == "dies" else "more than 1 s: stopped (SIGKILL)")
    assert watched.one(2) == ({"tried": 1}, None)
    watched.stop()


def test_the_second_reader_sees_what_the_demo_was_made_of(four: list[Base]) -> None:
    for base in four:
        judged = judge_reader.read(pack(of_parts(base.parts)))
        assert judged.rows == base.rows
        assert (judged.ledger is None) is (base.ledger == [])


def test_the_second_reader_sees_what_openpyxl_sees(four: list[Base], tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(pack(of_parts(four[0].parts)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the small workbook has no default style
        book = openpyxl.load_workbook(path)
    for name, rows in judge_reader.read(path.read_bytes()).rows.items():
        seen = [[_plain(each) for each in row if each is not None] for row in [*book[name].values][1:]]
        assert seen == [[_plain(each) for each in row.values() if each is not None] for row in rows]


def _plain(value: object) -> str:
    """Write a value alike, whether it was a float or a decimal, a moment or a day."""
    text = str(value).removesuffix(" 00:00:00")
    return f"{float(text):.6f}" if text.replace(".", "", 1).removeprefix("-").isdigit() else text


def test_a_variant_is_the_same_each_time(four: list[Base], tmp_path: Path) -> None:
    again = bases(tmp_path)
    for number in range(30):
        one, other = (child.Trial(7, each, tmp_path).variant(number) for each in (four, again))
        assert one[3].data == other[3].data
