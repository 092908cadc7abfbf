"""What was changed behind the program's back, and how ``verify`` says it: entry, cell, run, head, key."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from keyaccount.book import open_book
from keyaccount.cli import main
from keyaccount.ledger import FIRST_DIGEST, digest_of
from keyaccount.ledger_rows import ledger_entry
from tests.campaigns import frame
from tests.campaigns.cells import campaign
from tests.plain_books import write_inputs
from tests.test_cli import EXAMPLE_1, rows
from tests.workbook.books import rewrite
from tests.workbook.demo_books import needs_office, part_of, saved_by_office, year_of_runs

OTHER = EXAMPLE_1 | {"Sales": ["N1 2026-01-10 A1 520000.01 20000.00", *EXAMPLE_1["Sales"][1:]]}
Verify = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    def call(book: Path, *options: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main(["verify", str(book), "--json", *options])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Worked example 1, its three months advanced and the quarter settled; nothing is signed."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    path = tmp_path / "book.xlsx"
    write_inputs(path, rows(EXAMPLE_1))
    return path


@pytest.fixture
def settled(book: Path) -> Path:
    return run(book, "advance 2026-01", "advance 2026-02", "advance 2026-03", "settle 2026Q1")


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key that signs every run from now on."""
    path = tmp_path / "keys" / "signing.pem"
    monkeypatch.setenv("KEYACCOUNT_KEY", str(path))
    assert main(["key", "new", str(path)]) == 0
    return path


def run(book: Path, *runs: str) -> Path:
    for words in runs:
        command, period = words.split()
        assert main([command, str(book), period]) == 0
    return book


def head_of(book: Path) -> str:
    with open_book(book) as opened:
        return opened.ledger[-1].digest


def cells(findings: list[dict[str, str]]) -> list[str]:
    return [f"{each['sheet']}!{each['cell']}" for each in findings]


def edited(book: Path, sheet: str, cell: str, content: str, kind: str = "") -> Path:
    """Change a cell in the file itself, as somebody without the program would."""
    found = re.compile(f'<c r="{cell}"([^>]*)>.*?</c>')

    def change(text: str) -> str:
        old = found.search(text)
        assert old is not None, f"{sheet}!{cell} is not there"
        attributes = re.sub(r' t="\w+"', "", old[1]) + kind
        return found.sub(lambda _: f'<c r="{cell}"{attributes}>{content}</c>', text, count=1)

    rewrite(book, {part_of(book, sheet): change})
    return book


def number(text: str) -> tuple[str, str]:
    return f"<v>{text}</v>", ""


def words(text: str) -> tuple[str, str]:
    return f"<is><t>{text}</t></is>", ' t="inlineStr"'


def place(book: Path, sheet: str, header: str, row: int) -> str:
    """Give the address of a column's cell, the header found anywhere in the sheet."""
    for line in openpyxl.load_workbook(book)[sheet].iter_rows(max_row=10):
        for cell in line:
            if cell.value == header:
                return f"{cell.column_letter}{row or cell.row + 1}"
    raise AssertionError(header)


# --- the ledger ------------------------------------------------------------------------------------


def test_a_changed_amount_is_named_with_what_was_booked(settled: Path, verify: Verify) -> None:
    assert verify(settled) == (0, verify(settled)[1] | {"ok": True, "findings": []})
    cell = place(settled, "Ledger", "Amount", 2)
    code, said = verify(edited(settled, "Ledger", cell, *number("9000")))
    assert code == 4
    assert [(f["sheet"], f["cell"], f["expected"], f["found"]) for f in said["findings"]] == [
        ("Ledger", cell, "8000.00", "9000.00")
    ]


def test_a_run_on_an_edited_ledger_books_nothing(settled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edited(settled, "Ledger", place(settled, "Ledger", "Amount", 2), *number("9000"))
    before = settled.read_bytes()
    assert main(["advance", str(settled), "2026-04"]) == 1
    assert settled.read_bytes() == before
    assert "entry 1 is not as it was booked" in capsys.readouterr().out


def test_a_ledger_made_anew_with_fitting_digests_is_found_by_the_run_log(
    settled: Path, verify: Verify
) -> None:
    made_anew(settled, 2, "amount", 700_000)
    code, said = verify(settled)
    assert code == 4
    found = cells(said["findings"])
    assert place(settled, "Ledger", "Amount", 2) in [each.removeprefix("Ledger!") for each in found]
    assert any(each.startswith("Ledger!") for each in found)


def made_anew(book: Path, row: int, field: str, value: int) -> None:
    """Rewrite an entry and every digest behind it, as somebody who knows the program could."""
    with open_book(book) as opened:
        entries, digest = [], FIRST_DIGEST
        for at, raw in enumerate(opened.read.ledger_rows, start=2):
            entry = ledger_entry(raw)
            if at == row:
                entry = type(entry)(
                    **{name: getattr(entry, name) for name in entry.__slots__} | {field: value}
                )
            digest = digest_of(entry, digest)
            entries.append(digest)
    amount = place(book, "Ledger", "Amount", row)
    edited(book, "Ledger", amount, *number(f"{value / 100:.2f}"))
    column = place(book, "Ledger", "Digest", 2)[:-1]
    for at, made in enumerate(entries, start=2):
        edited(book, "Ledger", f"{column}{at}", *words(made))


def test_a_workbook_in_which_nothing_was_run_is_no_alarm(
    book: Path, verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(book) == (0, {"ok": True, "findings": []})
    assert main(["verify", str(book)]) == 0
    said = capsys.readouterr().out
    assert "nothing has been run in this workbook yet" in said
    assert "Verified" not in said


def test_where_all_sheets_of_the_program_were_deleted_a_kept_head_and_a_signed_runs_properties_tell(
    book: Path, key: Path, verify: Verify
) -> None:
    kept = head_of(run(book, "advance 2026-01"))
    assert key.is_file()
    with open_book(book) as opened:
        titles = list(opened.read.result_titles.values())
    made = openpyxl.load_workbook(book)
    for title in titles:
        del made[title]
    made.save(book)
    code, said = verify(book)
    assert (code, {each["sheet"] for each in said["findings"]}) == (4, {"document properties"})
    code, said = verify(book, "--head", kept)
    assert (code, kept in {each["expected"] for each in said["findings"]}) == (4, True)


# --- the chain's head, kept elsewhere --------------------------------------------------------------


def test_a_head_that_was_kept_elsewhere_is_found_again_with_what_came_after(
    book: Path, verify: Verify, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = head_of(run(book, "advance 2026-01"))
    assert verify(book, "--head", kept)[0] == 0
    run(book, "advance 2026-02", "advance 2026-03")
    assert main(["verify", str(book), "--head", kept[:12]]) == 0
    assert "the ledger at entry 1, run 1; 2 entries have been booked since" in capsys.readouterr().out


def test_a_ledger_that_was_begun_anew_does_not_have_the_head_that_was_kept(
    settled: Path, tmp_path: Path, verify: Verify
) -> None:
    kept = head_of(settled)
    other = tmp_path / "other.xlsx"
    write_inputs(other, rows(OTHER))
    run(other, "advance 2026-01")
    code, said = verify(other, "--head", kept)
    assert (code, said["findings"][0]["sheet"], said["findings"][0]["expected"]) == (4, "Ledger", kept)


@pytest.mark.parametrize("head", ["123", "g" * 12, "a" * 65])
def test_what_is_no_head_is_refused(settled: Path, head: str) -> None:
    assert main(["verify", str(settled), "--head", head]) == 2


# --- signatures ------------------------------------------------------------------------------------


def test_a_signed_run_is_told_from_an_unsigned_one_and_trusted_by_its_key(
    book: Path, key: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEYACCOUNT_KEY", "")
    run(book, "advance 2026-01")
    monkeypatch.setenv("KEYACCOUNT_KEY", str(key))
    run(book, "advance 2026-02")
    code, said = verify(book, "--key", str(key.with_name("signing.pub.pem")))
    assert (code, [each["state"] for each in said["signatures"]]) == (0, ["unsigned", "signed"])
    fingerprint = said["signatures"][1]["key"]
    assert verify(book, "--key", fingerprint)[0] == 0


def test_runs_of_a_key_that_is_not_trusted_are_named(
    book: Path, key: Path, tmp_path: Path, verify: Verify
) -> None:
    run(book, "advance 2026-01")
    other = tmp_path / "other.pem"
    assert main(["key", "new", str(other)]) == 0
    code, said = verify(book, "--key", str(tmp_path / "other.pub.pem"))
    assert (code, len(said["findings"])) == (4, 1)
    assert said["findings"][0]["sheet"] == "Run Log"
    assert key.is_file()


def test_an_unsigned_last_run_is_not_trusted_where_a_key_is_asked_for(
    settled: Path, key: Path, verify: Verify
) -> None:
    code, said = verify(settled, "--key", str(key.with_name("signing.pub.pem")))
    assert code == 4
    assert said["findings"][0]["found"] == "not signed"


@pytest.mark.parametrize(
    "header", ["Booked At", "User", "Command", "Period", "Input Digest", "Ledger Digest"]
)
def test_a_changed_cell_of_a_signed_run_breaks_its_signature_and_is_named(
    book: Path, key: Path, verify: Verify, header: str
) -> None:
    run(book, "advance 2026-01")
    assert key.is_file()
    cell = place(book, "Run Log", header, 0)
    code, said = verify(edited(book, "Run Log", cell, *words("something else")))
    assert code == 4
    assert f"Run Log!{cell}" in cells(said["findings"])
    assert said["signatures"][0]["state"] == "broken"


def test_a_seal_copied_from_another_workbook_is_broken(
    settled: Path, key: Path, tmp_path: Path, verify: Verify
) -> None:
    other = tmp_path / "other.xlsx"
    write_inputs(other, rows(OTHER))
    run(other, "advance 2026-01")
    assert key.is_file()
    with open_book(other) as opened:
        seal = str(opened.read.run_log_rows[0][-1])
    edited(settled, "Run Log", place(settled, "Run Log", "Signature", 0), *words(seal))
    code, said = verify(settled)
    assert (code, said["signatures"][0]["state"]) == (4, "broken")


def test_a_deleted_run_log_comes_back_with_its_signatures_marked_as_missing(
    book: Path, key: Path, verify: Verify
) -> None:
    run(book, "advance 2026-01", "advance 2026-02")
    assert key.is_file()
    made = openpyxl.load_workbook(book)
    del made["Run Log"]
    made.save(book)
    assert main(["regenerate", str(book)]) == 0
    assert [each["state"] for each in verify(book)[1]["signatures"]] == ["missing", "missing"]


@needs_office
def test_signatures_survive_a_save_by_another_program(
    book: Path, key: Path, tmp_path: Path, verify: Verify
) -> None:
    run(book, "advance 2026-01", "advance 2026-02", "advance 2026-03", "settle 2026Q1")
    saved = saved_by_office(book, tmp_path / "office")
    code, said = verify(saved, "--key", str(key.with_name("signing.pub.pem")))
    assert (code, said["findings"]) == (0, [])
    assert {each["state"] for each in said["signatures"]} == {"signed"}


# --- the key ---------------------------------------------------------------------------------------


def test_a_key_is_for_its_owner_alone_and_never_overwritten(
    key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = key.read_bytes()
    if sys.platform != "win32":
        assert key.stat().st_mode & 0o777 == 0o600
    assert main(["key", "new", str(key)]) == 5
    assert "never overwritten" in capsys.readouterr().err
    assert key.read_bytes() == before
    assert b"PRIVATE" not in key.with_name("signing.pub.pem").read_bytes()


def test_the_public_half_is_shown_the_secret_never(key: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["key", "show"]) == 0
    out = capsys.readouterr().out
    assert "SHA256:" in out
    assert not any(line and line in out for line in key.read_text().splitlines())


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"nothing", "holds no signing key"), (None, "cannot be read")],
)
def test_a_run_that_cannot_sign_as_configured_books_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    content: bytes | None, said: str,
) -> None:  # fmt: skip
    path = tmp_path / "no-key.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("KEYACCOUNT_KEY", str(path))
    before = book.read_bytes()
    assert main(["advance", str(book), "2026-01"]) == 5
    assert said in capsys.readouterr().err
    assert book.read_bytes() == before


def test_a_key_with_a_password_signs_only_with_it(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "locked.pem"
    made = subprocess.run(
        [sys.executable, "-m", "keyaccount", "key", "new", str(key), "--password-stdin"],
        input=b"correct horse\n", capture_output=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    monkeypatch.setenv("KEYACCOUNT_KEY", str(key))
    monkeypatch.setenv("KEYACCOUNT_KEY_PASSWORD", "wrong")
    assert main(["advance", str(book), "2026-01"]) == 5
    assert "does not open the signing key" in capsys.readouterr().err
    monkeypatch.setenv("KEYACCOUNT_KEY_PASSWORD", "correct horse")
    run(book, "advance 2026-01")
    assert main(["verify", str(book), "--key", str(tmp_path / "locked.pub.pem")]) == 0


def test_a_preview_signs_nothing_and_a_copy_is_signed_alike(book: Path, key: Path, tmp_path: Path) -> None:
    before = book.read_bytes()
    assert main(["advance", str(book), "2026-01", "--preview"]) == 0
    assert book.read_bytes() == before
    assert main(["advance", str(book), "2026-01", "--out", str(tmp_path / "copy.xlsx")]) == 0
    public = str(key.with_name("signing.pub.pem"))
    assert main(["verify", str(tmp_path / "copy.xlsx"), "--key", public]) == 0


def test_the_same_run_signs_the_same_bytes(book: Path, key: Path, tmp_path: Path) -> None:
    again = shutil.copy(book, tmp_path / "again.xlsx")
    run(book, "advance 2026-01")
    run(Path(again), "advance 2026-01")
    assert key.is_file()
    assert book.read_bytes() == Path(again).read_bytes()


# --- every cell ------------------------------------------------------------------------------------


def test_any_changed_cell_of_result_sheets_and_ledger_is_named(tmp_path: Path) -> None:
    first_quarter = tuple(year_of_runs(3))
    short = campaign._replace(languages=("zh",), runs=first_quarter)
    report = frame.run(short, seed=1, count=150, folder=tmp_path)
    assert report.failures == ()
    assert report.tried == 150
