"""The add-in is put where Excel loads it, for this Python, and taken away again: that and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import keyaccount
from keyaccount.addin import bridge, install, interpreter, package, sources
from keyaccount.addin.machine import Machine
from keyaccount.cli import main
from keyaccount.problems import FileProblem
from tests.addin.machines import OPTIONS, MemoryRegistry, mac, windows

ADDINS_ON_WINDOWS = Path("AppData/Roaming/Microsoft/AddIns/keyaccount.xlam")
ADDINS_ON_MAC = Path(
    "Library/Group Containers/UBF8T346G9.Office/User Content.localized/Add-Ins.localized/keyaccount.xlam"
)
SCRIPTS = Path("Library/Application Scripts/com.microsoft.Excel")


def _files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def _settings(path: Path) -> dict[str, str]:
    return package.read_settings(path.read_bytes())


def test_on_windows_the_file_lies_among_the_addins_and_excel_is_told(tmp_path: Path) -> None:
    known = MemoryRegistry({OPTIONS: {"OPEN": "other.xlam"}})
    done = install.install(windows(tmp_path, known))
    assert _files(tmp_path) == {ADDINS_ON_WINDOWS}
    assert done == install.Installed((tmp_path / ADDINS_ON_WINDOWS,), ("16.0",))
    assert known.values(OPTIONS) == {"OPEN": "other.xlam", "OPEN1": f'"{tmp_path / ADDINS_ON_WINDOWS}"'}


def test_the_settings_name_this_python_and_keep_what_ships(tmp_path: Path) -> None:
    install.install(windows(tmp_path))
    settings = _settings(tmp_path / ADDINS_ON_WINDOWS)
    assert settings["INTERPRETER_WIN"] == sys.executable
    assert settings["KEYACCOUNT"] == keyaccount.__version__
    assert settings["XLWINGS"] == bridge.installed_version()
    assert package.SHIPPED.items() <= settings.items()


def test_all_but_the_settings_is_what_ships(tmp_path: Path) -> None:
    install.install(windows(tmp_path))
    there, shipped = (
        package.read_parts(each) for each in ((tmp_path / ADDINS_ON_WINDOWS).read_bytes(), sources.shipped())
    )
    changed = {name for name in shipped if shipped[name] != there[name]}
    assert changed <= {"xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"}


def test_installed_twice_nothing_changes(tmp_path: Path) -> None:
    known = MemoryRegistry({OPTIONS: {}})
    install.install(windows(tmp_path, known))
    first = (tmp_path / ADDINS_ON_WINDOWS).read_bytes()
    known.written.clear()
    install.install(windows(tmp_path, known))
    assert (tmp_path / ADDINS_ON_WINDOWS).read_bytes() == first
    assert known.written == []


def test_taken_away_all_is_as_before(tmp_path: Path) -> None:
    known = MemoryRegistry({OPTIONS: {"OPEN": "other.xlam"}})
    beside = tmp_path / ADDINS_ON_WINDOWS.with_name("other.xlam")
    beside.parent.mkdir(parents=True)
    beside.write_bytes(b"somebody else's")
    machine = windows(tmp_path, known)
    install.install(machine)
    done = install.uninstall(machine)
    assert done == install.Installed((tmp_path / ADDINS_ON_WINDOWS,), ("16.0",))
    assert _files(tmp_path) == {beside.relative_to(tmp_path)}
    assert known.values(OPTIONS) == {"OPEN": "other.xlam"}
    assert install.uninstall(machine) == install.Installed()


def test_an_addin_of_somebody_else_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / ADDINS_ON_WINDOWS
    path.parent.mkdir(parents=True)
    path.write_bytes(b"another program's keyaccount.xlam")
    with pytest.raises(FileProblem, match="another add-in"):
        install.uninstall(windows(tmp_path))
    assert path.exists()


@pytest.mark.parametrize("what", [install.install, install.uninstall])
def test_while_excel_runs_nothing_is_touched(tmp_path: Path, what: Callable[[Machine], object]) -> None:
    known = MemoryRegistry({OPTIONS: {}})
    with pytest.raises(FileProblem, match="Excel is running"):
        what(windows(tmp_path, known, running=True))
    assert (_files(tmp_path), known.written) == (set(), [])


def test_on_a_mac_the_script_that_starts_python_comes_along(tmp_path: Path) -> None:
    done = install.install(mac(tmp_path))
    script = SCRIPTS / f"xlwings-{bridge.installed_version()}.applescript"
    assert _files(tmp_path) == {ADDINS_ON_MAC, script}
    assert done.files == (tmp_path / ADDINS_ON_MAC, tmp_path / script)
    assert "on VbaHandler" in (tmp_path / script).read_text(encoding="utf-8")
    assert _settings(tmp_path / ADDINS_ON_MAC)["INTERPRETER_MAC"] == sys.executable
    install.install(mac(tmp_path))
    install.uninstall(mac(tmp_path))
    assert _files(tmp_path) == set()


def test_a_script_that_the_user_had_already_stays(tmp_path: Path) -> None:
    script = tmp_path / SCRIPTS / f"xlwings-{bridge.installed_version()}.applescript"
    script.parent.mkdir(parents=True)
    script.write_text("the user's own")
    install.install(mac(tmp_path))
    install.uninstall(mac(tmp_path))
    assert script.read_text() == "the user's own"


def test_the_script_of_an_older_xlwings_makes_room(tmp_path: Path) -> None:
    machine = mac(tmp_path)
    install.install(machine)
    addin = tmp_path / ADDINS_ON_MAC
    new = tmp_path / SCRIPTS / f"xlwings-{bridge.installed_version()}.applescript"
    old = new.rename(new.with_name("xlwings-0.33.0.applescript"))
    addin.write_bytes(
        package.with_settings(addin.read_bytes(), _settings(addin) | {install.SCRIPT: str(old)})
    )
    install.install(machine)
    assert _files(tmp_path / SCRIPTS) == {Path(new.name)}


def test_a_mac_without_excel_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no Excel"):
        install.install(Machine("mac", tmp_path))


def test_into_a_folder_of_ones_choice_excel_is_not_told(tmp_path: Path) -> None:
    known = MemoryRegistry({OPTIONS: {}})
    machine = windows(tmp_path, known, running=True)
    done = install.install(machine, tmp_path / "share" / "加载项")
    assert done.files == (tmp_path / "share" / "加载项" / "keyaccount.xlam",)
    assert known.written == []
    assert install.uninstall(machine, tmp_path / "share" / "加载项").files == done.files
    assert _files(tmp_path) == set()


def test_with_another_xlwings_the_addin_is_built_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = bridge.bridge().replace(bridge.installed_version(), "0.99.1")
    monkeypatch.setattr(bridge, "installed_version", lambda: "0.99.1")
    monkeypatch.setattr(bridge, "bridge", lambda: module)
    done = install.install(windows(tmp_path), tmp_path)
    addin = done.files[0].read_bytes()
    assert 'Lib "xlwings64-0.99.1.dll"' in package.read_modules(addin)["xlwings"]
    assert package.read_settings(addin)["XLWINGS"] == "0.99.1"


def test_a_folder_that_may_not_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FileProblem, match="cannot be written"):
        install.install(windows(tmp_path), tmp_path / "file")


def test_conda_is_activated_where_python_is_condas(tmp_path: Path) -> None:
    base, environment = tmp_path / "conda", tmp_path / "conda" / "envs" / "plan"
    for folder in (base / "condabin", base / "conda-meta", environment / "conda-meta"):
        folder.mkdir(parents=True)
    assert interpreter.conda_base(environment, {}) == base
    assert interpreter.conda_base(base, {}) == base
    assert interpreter.conda_base(tmp_path, {}) is None
    elsewhere = tmp_path / "users" / "envs" / "plan"
    (elsewhere / "conda-meta").mkdir(parents=True)
    assert interpreter.conda_base(elsewhere, {"CONDA_EXE": str(base / "Scripts" / "conda.exe")}) == base
    assert interpreter.conda_base(elsewhere, {}) is None


def test_the_conda_environment_stands_in_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("condabin", "conda-meta"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    settings = interpreter.settings(windows(tmp_path))
    assert (settings["CONDA PATH"], settings["CONDA ENV"]) == (str(tmp_path), str(tmp_path))


def test_a_path_that_excel_cannot_pass_on_is_given_by_its_short_name(tmp_path: Path) -> None:
    machine = Machine("windows", tmp_path, narrow=lambda path: path.replace("python", "PYTHO~1"))
    assert interpreter.settings(machine)["INTERPRETER_WIN"] == sys.executable.replace("python", "PYTHO~1")


def test_the_command_line_builds_installs_and_takes_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ["--folder", str(tmp_path)]
    assert main(["addin", "build", *folder]) == 0
    assert package.read_parts((tmp_path / "keyaccount.xlam").read_bytes()) == package.read_parts(
        package.build()
    )
    assert main(["addin", "install", *folder, "--lang", "zh"]) == 0
    assert "加载项" in capsys.readouterr().out
    assert main(["addin", "uninstall", *folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"files": [str(tmp_path / "keyaccount.xlam")], "excel_versions": [], "steps": []}
    assert main(["addin", "uninstall", *folder]) == 0
    assert "nothing to take away" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there may be an Excel")
@pytest.mark.parametrize("action", ["install", "uninstall", "doctor"])
def test_where_there_is_no_excel_the_command_says_so(action: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["addin", action]) == 5
    told = capsys.readouterr()
    assert told.out == ""
    assert "There is no Excel on this machine." in told.err
    assert "--folder" in told.err
