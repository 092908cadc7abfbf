"""``keyaccount due`` as a user meets it: table, JSON, calendar, both languages."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from keyaccount.cli import main
from keyaccount.demo import demo_rows
from keyaccount.workbook.create import create_workbook
from keyaccount.workbook.shipped import Language

DAY = "2026-05-10"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2026, 5, 10, 8, tzinfo=UTC).timestamp())))


def book(folder: Path, language: Language = "en", **other: list[dict[str, object]]) -> Path:
    rows: dict[str, Any] = {**demo_rows(2026, language), **other}
    rows["Maintenance"] = [
        {
            "date": date(2026, 5, 8),
            "account_id": "A01",
            "salesperson_id": "S01",
            "kind": "issue",
            "opened": datetime(2026, 5, 8, 9, 30),  # noqa: DTZ001 a workbook's time has no zone
        }
    ]
    path = folder / f"book-{language}.xlsx"
    create_workbook(path, language, 2026, rows)
    return path


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code = main(["due", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_list_says_who_has_to_do_what_until_when(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = told(capsys, book(tmp_path), "--on", DAY)
    first = said["salespeople"][0]
    assert code == 0
    assert (said["day"], first["salesperson_id"], first["name"]) == (DAY, "S01", "Salesperson S01")
    assert first["reminders"][0] == {
        "kind": "response",
        "account_id": "A01",
        "account_name": first["reminders"][0]["account_name"],
        "due": "2026-05-09T09:30",
        "overdue": True,
        "since": "2026-05-08T09:30",
        "missing": [],
        "entry": None,
        "note": "The issue of 2026-05-08 09:30 has no first answer.",
        "sheet": "Maintenance",
        "cell": "A2",
    }


def test_without_a_day_it_is_the_clocks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path)
    assert told(capsys, path) == told(capsys, path, "--on", DAY)


def test_one_salesperson_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path)
    _, said = told(capsys, path, "--salesperson", "S02")
    assert [each["salesperson_id"] for each in said["salespeople"]] == ["S02"]
    assert main(["due", str(path), "--salesperson", "S99"]) == 2


def test_a_calendar_entry_keeps_its_uid_on_other_days_and_in_other_rows(tmp_path: Path) -> None:
    path, calendar = book(tmp_path), tmp_path / "due.ics"
    uids = []
    for day in (DAY, "2026-05-11"):
        assert main(["due", str(path), "--on", day, "--ics", str(calendar)]) == 0
        entries = Calendar.from_ical(calendar.read_bytes()).events
        uids.append({str(entry["uid"]) for entry in entries})
        assert len(uids[-1]) == len(entries)
        assert min(entry.start for entry in entries) == date.fromisoformat(day)
    assert uids[0] == uids[1]


def test_the_same_day_gives_the_same_calendar_byte_for_byte(tmp_path: Path) -> None:
    path, calendar = book(tmp_path), tmp_path / "due.ics"
    main(["due", str(path), "--on", DAY, "--ics", str(calendar)])
    first = calendar.read_bytes()
    main(["due", str(path), "--on", DAY, "--ics", str(calendar)])
    assert calendar.read_bytes() == first


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_contact_data_is_in_table_json_or_calendar(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: Language
) -> None:
    secrets = ("qx17", "qx27", "qx37", "qx47", "qx57", "qx67")
    fields = ("contact", "phone", "preferences", "special_needs", "business_needs", "support_contact")
    accounts = [
        {**row, **dict(zip(fields, secrets, strict=True)), "last_updated": date(2025, 1, 1)}
        for row in demo_rows(2026, language)["Accounts"]
    ]
    path, calendar = book(tmp_path, language, Accounts=accounts), tmp_path / "due.ics"
    for options in ([], ["--json"]):
        assert main(["due", str(path), "--on", DAY, "--ics", str(calendar), *options]) == 0
        printed = capsys.readouterr().out + calendar.read_text(encoding="utf-8")
        assert "A01" in printed
        assert [secret for secret in secrets if secret in printed] == []


def test_no_name_writes_lines_of_its_own_into_a_calendar(tmp_path: Path) -> None:
    hostile = "North\rATTENDEE:mailto:x@example.org\r\nEND:VCALENDAR\u2028BEGIN:VEVENT\x1b"
    accounts = [{**row, "name": hostile} for row in demo_rows(2026, "en")["Accounts"]]
    people = [{**row, "name": hostile} for row in demo_rows(2026, "en")["Salespeople"]]
    path = book(tmp_path, Accounts=accounts, Salespeople=people)
    calendar = tmp_path / "due.ics"
    assert main(["due", str(path), "--on", DAY, "--ics", str(calendar)]) == 0
    written = calendar.read_bytes()
    assert b"\r" not in written.replace(b"\r\n", b"")
    unfolded = written.replace(b"\r\n ", b"").decode()
    names = {line.partition(":")[0].partition(";")[0] for line in unfolded.splitlines()}
    assert names <= {
        *("BEGIN", "END", "PRODID", "VERSION", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID"),
        *("CATEGORIES", "DESCRIPTION", "TRANSP"),
    }
    assert unfolded.count("END:VCALENDAR\r\n") == 1


def test_a_chinese_workbook_is_answered_in_chinese(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["due", str(book(tmp_path, "zh")), "--on", DAY])
    printed = capsys.readouterr().out
    assert "2026-05-10 待办提醒" in printed
    assert "月度商务回顾" in printed
    assert "维护记录!A2" in printed


def test_a_wrong_sale_does_not_hide_the_reminders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sales: list[dict[str, object]] = [
        {"sale_id": "1", "date": date(2026, 1, 5), "account_id": "nobody", "gross": Decimal(1)}
    ]
    code, said = told(capsys, book(tmp_path, Sales=sales), "--on", DAY)
    assert (code, bool(said["salespeople"])) == (0, True)


def test_a_wrong_assignment_stands_in_the_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong: list[dict[str, object]] = [
        {"account_id": "A01", "salesperson_id": "S99", "share": Decimal(1), "start": date(2026, 1, 1)}
    ]
    code, said = told(capsys, book(tmp_path, Assignments=wrong), "--on", DAY)
    assert (code, said["salespeople"]) == (1, [])
    assert said["problems"][0]["cell"] == "B2"


def test_a_calendar_file_ends_in_ics(tmp_path: Path) -> None:
    path = book(tmp_path)
    before = path.read_bytes()
    assert main(["due", str(path), "--ics", str(path)]) == 2
    assert path.read_bytes() == before
