"""``addin doctor``: each thing that keeps Excel from the program is found, and said with its remedy."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from keyaccount.addin import bridge, doctor, install, interpreter, package
from keyaccount.addin.doctor import Check
from keyaccount.addin.machine import Machine
from keyaccount.cli import main
from tests.addin.machines import OPTIONS, MemoryRegistry, mac, windows

SECURITY = r"Software\Microsoft\Office\16.0\Excel\Security"
DISABLED = r"Software\Microsoft\Office\16.0\Excel\Resiliency\DisabledItems"


@pytest.fixture
def known() -> MemoryRegistry:
    return MemoryRegistry({OPTIONS: {}})


@pytest.fixture
def machine(tmp_path: Path, known: MemoryRegistry, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A Windows whose Python, a link to this one, has xlwings' DLL beside it."""
    monkeypatch.setattr(interpreter, "ask", _ask)
    python = tmp_path / "py" / "python.exe"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    (python.parent / f"xlwings64-{bridge.installed_version()}.dll").touch()
    made = windows(tmp_path, known)
    install.install(made)
    _set(made, INTERPRETER_WIN=str(python), PYTHONPATH=";".join(path for path in sys.path if path))
    return made


ASK = interpreter.ask


@cache
def _asked(folders: str) -> interpreter.Answer:
    return ASK(sys.executable, folders)


def _ask(python: str, folders: str, _environment: str) -> interpreter.Answer:
    """Ask this Python once, for it takes seconds; every other one each time."""
    same = Path(python).resolve() == Path(sys.executable).resolve()
    return _asked(folders) if same else ASK(python, folders)


def _path(machine: Machine) -> Path:
    return install.place(machine, None)


def _set(machine: Machine, **settings: str) -> None:
    path = _path(machine)
    there = package.read_settings(path.read_bytes())
    path.write_bytes(package.with_settings(path.read_bytes(), there | settings))


def _bad(machine: Machine) -> list[Check]:
    found = [check for check in doctor.examine(machine) if not check.ok]
    assert [check.name for check in found if not check.remedy] == []
    return found


def _said(check: Check) -> str:
    return check.found.format(**check.details)


def test_all_is_well_after_installing(machine: Machine) -> None:
    checks = doctor.examine(machine)
    assert [check.name for check in checks if not check.ok] == []
    assert [check.name for check in checks] == [
        "add-in", "version", "registration", "disabled items", "macros", "blocking", "interpreter",
        "its path", "Python version", "xlwings version", "call", "link",
    ]  # fmt: skip
    call = next(check for check in checks if check.name == "call")
    assert _said(call).startswith("a commission of 15.00 yuan was computed in ")


def test_nothing_installed(tmp_path: Path) -> None:
    (only,) = doctor.examine(windows(tmp_path))
    assert (only.ok, only.name) == (False, "add-in")
    assert "keyaccount addin install" in only.remedy


def test_a_damaged_file(machine: Machine) -> None:
    _path(machine).write_bytes(b"PK cut off")
    (only,) = _bad(machine)
    assert "damaged" in _said(only)


def test_an_addin_of_an_older_version(machine: Machine) -> None:
    _set(machine, KEYACCOUNT="0.0.1")
    (only,) = _bad(machine)
    assert _said(only).startswith("the add-in is of keyaccount 0.0.1, the program is ")


def test_an_addin_that_excel_does_not_load(machine: Machine, known: MemoryRegistry) -> None:
    known.content[OPTIONS] = {"OPEN": r'"D:\old\keyaccount.xlam"'}
    (only,) = _bad(machine)
    assert _said(only) == "Excel 16.0 does not load the add-in"


def test_an_addin_that_excel_switched_off(machine: Machine, known: MemoryRegistry) -> None:
    known.content[DISABLED] = {"1": str(_path(machine)).replace("/", "\\").encode("utf-16-le")}
    (only,) = _bad(machine)
    assert (only.name, "Disabled Items" in only.remedy) == ("disabled items", True)


def test_macros_that_are_not_allowed(machine: Machine, known: MemoryRegistry) -> None:
    known.content[SECURITY] = {"VBAWarnings": 4}
    (only,) = _bad(machine)
    assert _said(only) == "Excel refuses them (VBAWarnings = 4)"


@pytest.mark.parametrize(("zone", "blocked"), [("3", True), ("4", True), ("1", False), ("", False)])
def test_a_file_from_the_internet(machine: Machine, zone: str, *, blocked: bool) -> None:
    Path(f"{_path(machine)}:Zone.Identifier").write_text(f"[ZoneTransfer]\r\nZoneId={zone}\r\n")
    assert [check.name for check in _bad(machine)] == (["blocking"] if blocked else [])


def test_a_python_that_is_gone(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "py" / "python.exe").unlink()
    (only,) = _bad(machine)
    assert _said(only).startswith("there is no Python at ")


def test_a_python_without_keyaccount(machine: Machine, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "keyaccount"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('no such package')")
    _set(machine, PYTHONPATH=str(hidden.parent))
    (only,) = _bad(machine)
    assert _said(only) == "Python failed: ImportError: no such package"


def test_a_python_that_is_no_python(machine: Machine, tmp_path: Path) -> None:
    text = tmp_path / "py" / "text.exe"
    text.write_text("no program")
    _set(machine, INTERPRETER_WIN=str(text))
    (only,) = _bad(machine)
    assert _said(only).startswith("Python failed: ")


def test_a_python_with_another_xlwings(machine: Machine, tmp_path: Path) -> None:
    _set(machine, XLWINGS="0.33.0")
    (tmp_path / "py" / "xlwings64-0.33.0.dll").touch()
    (only,) = _bad(machine)
    assert _said(only) == f"Python has xlwings {bridge.installed_version()}, the add-in is made for 0.33.0"


def test_xlwings_dll_that_is_not_beside_python(machine: Machine, tmp_path: Path) -> None:
    dll = tmp_path / "py" / f"xlwings64-{bridge.installed_version()}.dll"
    dll.rename(tmp_path / dll.name)  # an environment has it one folder up
    assert _bad(machine) == []
    (tmp_path / dll.name).unlink()
    (only,) = _bad(machine)
    assert _said(only) == f"{dll.name} is missing"


def test_a_path_that_excel_cannot_pass_on(machine: Machine) -> None:
    (only,) = _bad(replace(machine, narrow=lambda path: path.upper()))
    assert _said(only) == "has characters that Excel cannot pass on"


def test_on_a_mac_a_space_in_the_path_is_in_the_way(tmp_path: Path) -> None:
    machine = mac(tmp_path)
    install.install(machine)
    python = tmp_path / "my python"
    python.symlink_to(sys.executable)
    _set(machine, INTERPRETER_MAC=str(python), PYTHONPATH=";".join(path for path in sys.path if path))
    (only,) = _bad(machine)
    assert only.name == "its path"


def test_a_conda_environment_is_asked_as_if_it_were_activated(tmp_path: Path) -> None:
    library = tmp_path / "Library" / "bin"
    path = interpreter._activated(str(tmp_path))["PATH"].split(os.pathsep)
    assert path[0] == str(tmp_path)
    assert str(library) in path
    assert interpreter._activated("")["PATH"].endswith(os.environ["PATH"])


def test_a_wrong_amount_and_a_slow_call_are_bad(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "EXPECTED_YUAN", 16.0)
    (only,) = _bad(machine)
    assert only.name == "call"
    monkeypatch.setattr(doctor, "EXPECTED_YUAN", 15.0)
    monkeypatch.setattr(doctor, "SLOW_SECONDS", 0.0)
    (only,) = _bad(machine)
    assert "virus scanner" in only.remedy


def test_on_a_mac_the_script_is_looked_for(tmp_path: Path) -> None:
    machine = mac(tmp_path)
    done = install.install(machine)
    assert [check.name for check in doctor.examine(machine) if not check.ok] == []
    done.files[1].unlink()
    (only,) = _bad(machine)
    assert _said(only) == f"{done.files[1].name} is missing"


def test_the_command_line_says_ok_or_bad_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main(["addin", "doctor", *folder]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"BAD  add-in: {tmp_path / 'keyaccount.xlam'} is not there",
        "    Close Excel and run: keyaccount addin install.",
    ]
    main(["addin", "install", *folder])
    capsys.readouterr()
    assert main(["addin", "doctor", *folder, "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {"正常"}
    assert main(["addin", "doctor", *folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is True
    assert told["checks"][0] == {
        "check": "add-in",
        "ok": True,
        "found": f"found: {tmp_path / 'keyaccount.xlam'}",
        "remedy": "",
    }
