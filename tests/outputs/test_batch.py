"""``keyaccount batch``: many workbooks, one report; one bad workbook stops only itself."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keyaccount.book import Stamp, open_book
from keyaccount.cli import main
from keyaccount.outputs import batch as batching
from keyaccount.outputs.batch import Job, Ran, run_batch
from keyaccount.periods import Period
from keyaccount.workbook.create import create_workbook
from tests.workbook.demo_books import COMPANY

Run = Callable[..., tuple[int, dict[str, Any]]]
JOB = Job("advance", Period.parse("2026-01"), Stamp("2026-02-01T00:00:00Z"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three good workbooks, at different depths."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    made = tmp_path / "books"
    (made / "sub").mkdir(parents=True)
    for name in ("a.xlsx", "b.xlsx", "sub/c.xlsx"):
        create_workbook(made / name, "en", 2026, COMPANY)
    return made


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, dict[str, Any]]:
        capfd.readouterr()
        code = main(["batch", *map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)

    return call


def states(said: dict[str, Any]) -> dict[str, str]:
    return {Path(each["book"]).name: each["state"] for each in said["workbooks"]}


def test_all_workbooks_are_run_and_added_up(folder: Path, run: Run) -> None:
    code, said = run(folder, "2026-01", "-j", "2")
    assert (code, said["command"], said["waiting"]) == (0, "advance", 0)
    assert states(said) == {"a.xlsx": "booked", "b.xlsx": "booked", "c.xlsx": "booked"}
    assert said["totals"] == {
        "net_sales": "3000.30",
        "commission": "45.00",
        "paid": "36.00",
        "withheld": "9.00",
        "carried": "0.00",
    }


def test_the_files_are_those_of_a_run_alone_byte_for_byte(folder: Path, run: Run, tmp_path: Path) -> None:
    alone = tmp_path / "a.xlsx"
    shutil.copyfile(folder / "a.xlsx", alone)
    assert main(["advance", str(alone), "2026-01"]) == 0
    run(folder, "2026-01", "-j", "2")
    assert (folder / "a.xlsx").read_bytes() == alone.read_bytes()


def test_the_kind_of_the_period_says_what_is_run(folder: Path, run: Run) -> None:
    assert run(folder, "2026Q1")[1]["command"] == "settle"
    code, said = run(folder, "2026")
    assert (code, said["command"]) == (3, "year-end")
    assert set(states(said).values()) == {"stopped"}


def test_a_second_time_nothing_is_booked(folder: Path, run: Run) -> None:
    first = run(folder, "2026Q1", "-j", "2")[1]
    before = {book: book.read_bytes() for book in folder.rglob("*.xlsx")}
    code, said = run(folder, "2026Q1", "-j", "2")
    assert (code, set(states(said).values())) == (0, {"done before"})
    assert {book: book.read_bytes() for book in folder.rglob("*.xlsx")} == before
    assert said["totals"] == first["totals"]


def test_a_bad_workbook_stops_only_itself(folder: Path, run: Run) -> None:
    sales = [{**COMPANY["Sales"][0], "account_id": "NOBODY"}]
    (folder / "b.xlsx").unlink()
    create_workbook(folder / "b.xlsx", "en", 2026, {**COMPANY, "Sales": sales})
    (folder / "broken.xlsx").write_bytes(b"no workbook")
    code, said = run(folder, "2026-01", "-j", "2")
    assert code == 5  # 5 goes before 1
    assert states(said) == {
        "a.xlsx": "booked",
        "b.xlsx": "problems",
        "broken.xlsx": "stopped",
        "c.xlsx": "booked",
    }
    by_name = {Path(each["book"]).name: each for each in said["workbooks"]}
    assert by_name["b.xlsx"]["exit_code"] == 1
    assert by_name["b.xlsx"]["problems"][0]["cell"] == "C2"
    (folder / "broken.xlsx").unlink()
    assert run(folder, "2026-01", "-j", "2")[0] == 1


def test_a_preview_books_nothing(folder: Path, run: Run) -> None:
    before = (folder / "a.xlsx").read_bytes()
    code, said = run(folder, "2026-01", "--preview", "-j", "1")
    assert (code, set(states(said).values())) == (0, {"preview"})
    assert said["workbooks"][0]["entries"] > 0
    assert (folder / "a.xlsx").read_bytes() == before


def test_the_report_is_written_as_json_too(folder: Path, run: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    _, said = run(folder, "2026-01", "-j", "1", "--report", report)
    assert json.loads(report.read_text(encoding="utf-8")) == said


def test_a_workbook_that_is_named_twice_is_run_once(folder: Path, run: Run) -> None:
    _, said = run(folder / "a.xlsx", folder, folder / "a.xlsx", "2026-01", "-j", "1")
    assert list(states(said)) == ["a.xlsx", "b.xlsx", "c.xlsx"]


def test_a_folder_without_workbooks_and_a_wrong_period_are_said(tmp_path: Path) -> None:
    assert main(["batch", str(tmp_path), "2026-01"]) == 5
    assert main(["batch", str(tmp_path), "January"]) == 2


def test_the_summary_is_printed_in_both_languages(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["batch", str(folder), "2026-01", "-j", "1"]) == 0
    printed = capfd.readouterr().out
    assert "2026-01 on 3 workbooks" in printed
    assert "sub/c.xlsx" in printed
    assert "3,000.30" in printed
    assert main(["batch", str(folder), "2026-01", "-j", "1", "--lang", "zh"]) == 0
    assert "此前已完成" in capfd.readouterr().out


def test_ctrl_c_ends_the_workbook_at_hand_and_leaves_the_others_waiting(folder: Path) -> None:
    books = sorted(folder.rglob("*.xlsx"))

    def interrupt(_ran: Ran) -> None:
        raise KeyboardInterrupt

    stopped = run_batch(books, JOB, 1, interrupt)
    assert ([each.state for each in stopped.ran], stopped.waiting) == (["booked"], 2)
    resumed = run_batch(books, JOB, 1, lambda _ran: None)
    assert [each.state for each in resumed.ran] == ["done before", "booked", "booked"]
    for book in books:
        with open_book(book) as opened:
            assert len({entry.run for entry in opened.ledger}) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_an_interrupted_command_resumes_without_booking_anything_twice(folder: Path) -> None:
    for number in range(13):
        shutil.copyfile(folder / "a.xlsx", folder / f"n{number:02d}.xlsx")
    code = (  # SIGINT may be ignored here, as by whatever & has started
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from keyaccount.cli import main\nsys.exit(main())"
    )
    command = [sys.executable, "-c", code, "batch", str(folder), "2026-01", "-j", "2", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(batching.__file__).parents[2])}
    started = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    before = (folder / "n12.xlsx").read_bytes()
    limit = time.monotonic() + 60
    while (folder / "a.xlsx").read_bytes() == before and time.monotonic() < limit:
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    out, error = started.communicate(timeout=120)
    said = json.loads(out)
    assert started.returncode == 5, error
    assert said["waiting"] > 0
    assert {each["state"] for each in said["workbooks"]} == {"booked"}
    resumed = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=300)
    assert resumed.returncode == 0, resumed.stderr
    assert len(json.loads(resumed.stdout)["workbooks"]) == 16
    for book in folder.rglob("*.xlsx"):
        with open_book(book) as opened:
            assert len({entry.run for entry in opened.ledger}) == 1


def test_a_process_that_dies_takes_only_its_own_workbook_with_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "run_one", die_on_b)
    ran = run_batch(sorted(folder.rglob("*.xlsx")), JOB, 2, lambda _ran: None).ran
    states = {each.path.name: each.state for each in ran}
    assert states.pop("b.xlsx") == "stopped"
    # What was saved at the moment when its neighbour died, and not yet told, is found as done.
    assert set(states) == {"a.xlsx", "c.xlsx"}
    assert set(states.values()) <= {"booked", "done before"}
    for each in ran:
        with open_book(each.path) as opened:
            assert len({entry.run for entry in opened.ledger}) == (each.path.name != "b.xlsx")


def die_on_b(path: Path, job: Job) -> Ran:
    """Run a workbook; at one of them the process ends as the system ends one that takes too much memory."""
    from keyaccount.outputs.batch import run_one

    if path.name == "b.xlsx":
        os._exit(137)
    return run_one(path, job)
