"""The guided campaign, mostly without its guide: its oracles notice, its mutator keeps workbooks whole."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from keyaccount.workbook.rawrows import Batch, RawColumn
from keyaccount.workbook.rowpatterns import UsualRows
from tests.campaigns import frame
from tests.campaigns.__main__ import main
from tests.campaigns.fuzzing.books import Base, fresh
from tests.campaigns.fuzzing.packing import of_parts, pack
from tests.campaigns.fuzzing.rows import inputs
from tests.campaigns.guided import campaign, outcome
from tests.campaigns.guiding import oracles
from tests.campaigns.guiding.mutator import mutated


@pytest.fixture(name="base", scope="module")
def _base() -> Base:
    return fresh("zh")


def changed(base: Base, table: str, old: str, new: str) -> bytes:
    part = base.sheet_part(table)
    text = base.parts[part].decode()
    assert old in text
    return pack(of_parts(base.parts | {part: text.replace(old, new, 1).encode()}))


def test_a_sound_workbook_and_one_that_is_refused_are_right(base: Base, tmp_path: Path) -> None:
    data = pack(of_parts(base.parts))
    assert oracles.wrong_about(data, tmp_path) is None
    assert oracles.wrong_about(data[:-30], tmp_path) is None


def test_what_the_quick_way_alone_loses_is_noticed(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = UsualRows.read

    def loses(self: UsualRows, rows: bytes) -> tuple[Batch, bytes]:
        batch, left = sound(self, rows)
        batch.columns[-1] = RawColumn(b"", [None] * len(batch))
        return batch, left

    monkeypatch.setattr(UsualRows, "read", loses)
    assert "≠ exactly" in str(oracles.wrong_about(pack(of_parts(base.parts)), tmp_path))


def test_what_both_ways_see_otherwise_than_the_second_reader_is_noticed(
    base: Base, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.campaigns.guiding.oracles.inputs", lambda rows: inputs(rows | {"Tiers": rows["Tiers"][:-1]})
    )
    assert str(oracles.wrong_about(pack(of_parts(base.parts)), tmp_path)).startswith("tiers: ")


def test_mutations_are_the_same_again_and_mostly_whole_workbooks(base: Base, tmp_path: Path) -> None:
    data = pack(of_parts(base.parts))

    def noise(given: bytes, most: int) -> bytes:
        return given.replace(b"1", b"7", 1)[:most]

    made = [mutated(base, data, 200_000, seed, noise) for seed in range(24)]
    assert made == [mutated(base, data, 200_000, seed, noise) for seed in range(24)]
    assert len(set(made)) > 15
    read = 0
    for each in made:
        (tmp_path / "book.xlsx").write_bytes(each)
        read += not oracles._read(tmp_path / "book.xlsx", "exactly").refused
    assert read > 10


def test_a_round_is_put_into_counts_and_what_it_found_is_named(tmp_path: Path) -> None:
    said = "#512\tpulse  cov: 9\nstat::number_of_executed_units: 600\nstat::new_units_added: 7\n"
    counted = {"inputs": 600, "inputs that reached new code": 7, "rounds": 1}
    assert outcome(0, said, []) == frame.Outcome(counted)
    failed = outcome(77, "#512\tpulse\nWrong: tiers: 1 ≠ 2\n==1== ERROR\n", [tmp_path / "3-crash-ab"])
    assert failed.counted["inputs"] == 512
    assert failed.failed is not None
    assert failed.failed.startswith("Wrong: tiers: 1 ≠ 2")
    assert "guided --input" in failed.failed


def test_what_was_found_is_judged_again(
    base: Base, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found").write_bytes(pack(of_parts(base.parts)))
    assert main(["guided", "--input", str(tmp_path / "found")]) == 0
    monkeypatch.setattr(oracles, "wrong_about", lambda *_: "tiers")
    assert main(["guided", "--input", str(tmp_path / "found")]) == 1
    assert capsys.readouterr().out == "nothing failed\ntiers\n"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="the extra fuzz (atheris) is absent")
def test_a_short_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.campaigns.guided.RUNS", 10)
    report = frame.run(campaign, seed=1, count=1, folder=tmp_path)
    assert report.failures == ()
    assert report.counted["inputs"] == 10
