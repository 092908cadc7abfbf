"""Which machine this is, where Excel's add-ins lie on it, and whether Excel runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keyaccount.addin import machine
from keyaccount.addin.machine import Machine, this_machine
from keyaccount.problems import FileProblem
from tests.addin.machines import OPTIONS, MemoryRegistry, Winreg


@pytest.mark.parametrize(
    ("platform", "kind"),
    [("win32", "windows"), ("darwin", "mac"), ("linux", "other"), ("freebsd14", "other")],
)
def test_the_kind_of_machine(platform: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setitem(sys.modules, "winreg", Winreg(MemoryRegistry({OPTIONS: {"OPEN": "a"}})))
    monkeypatch.delitem(sys.modules, "keyaccount.addin.winregistry", raising=False)
    found = this_machine()
    assert found.kind == kind
    assert (found.registry is not None) is (kind == "windows")
    if found.registry is not None:
        assert found.registry.values(OPTIONS) == {"OPEN": "a"}


def test_the_folder_of_addins_on_windows_follows_the_users_profile(tmp_path: Path) -> None:
    roaming = tmp_path / "server" / "profile"
    assert (
        Machine("windows", tmp_path, {"APPDATA": str(roaming)}).addins_folder()
        == roaming / "Microsoft/AddIns"
    )
    assert Machine("windows", tmp_path).addins_folder() == tmp_path / "AppData/Roaming/Microsoft/AddIns"


def test_elsewhere_there_is_no_folder_of_addins(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no Excel"):
        Machine("other", tmp_path).addins_folder()


@pytest.mark.skipif(sys.platform == "win32", reason="the real tasklist answers there")
@pytest.mark.parametrize(
    ("answer", "runs"),
    [
        ('echo \'"EXCEL.EXE","4711","Console","1","120.000 K"\'', True),
        ("echo 'INFO: No tasks are running which match the specified criteria.'", False),
        ("echo 'Zugriff verweigert' >&2; exit 1", False),
    ],
)
def test_windows_list_of_programs_is_asked_for_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, *, runs: bool
) -> None:
    tasklist = tmp_path / "tasklist"
    tasklist.write_text(f"#!/bin/sh\n{answer}\n")
    tasklist.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert machine._excel_runs_on_windows() is runs


def test_where_the_list_of_programs_cannot_be_had_excel_does_not_stand_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine._excel_runs_on_windows() is False
