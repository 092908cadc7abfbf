"""Puts the add-in where Excel loads it, and takes exactly that away again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keyaccount.addin import bridge, interpreter, registry, sources
from keyaccount.addin.machine import Machine
from keyaccount.addin.package import BUILT_WITH, build, read_settings, with_settings
from keyaccount.problems import FileProblem
from keyaccount.workbook.putting import put_in_place, removed_on_failure, write_beside
from keyaccount.workbook.sidefiles import real_path, temporary_path

SCRIPT = "SCRIPT"
"""The setting that remembers a script which was not there before: on a Mac it starts Python for Excel."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What was installed, or taken away: the files, and the versions of Excel that were told."""

    files: tuple[Path, ...] = ()
    versions: tuple[str, ...] = ()


def place(machine: Machine, folder: Path | None) -> Path:
    """Give the path of the add-in: in a folder of one's choice, else in Excel's own."""
    return (folder or machine.addins_folder()) / sources.ADDIN


def install(machine: Machine, folder: Path | None = None) -> Installed:
    """Install the add-in for this Python.

    It is built anew where the installed xlwings is not the one it ships with. With ``folder`` Excel is not
    told. Raises FileProblem where there is no Excel, where it runs, or where a file cannot be written.
    """
    path = place(machine, folder)
    addin = sources.shipped()
    if read_settings(addin).get(BUILT_WITH) != bridge.installed_version():
        addin = build()
    settings = interpreter.settings(machine)
    if folder is not None:
        _write(path, with_settings(addin, settings))
        return Installed((path,))
    _needs_closed_excel(machine)
    scripts = _install_script(machine, path, settings)
    _write(path, with_settings(addin, settings))
    versions = registry.register(machine.registry, str(path)) if machine.registry else []
    return Installed((path, *scripts), tuple(versions))


def write_built(folder: Path) -> Path:
    """Build the add-in from its sources and the installed xlwings into a folder; gives its path."""
    path = folder / sources.ADDIN
    _write(path, build())
    return path


def uninstall(machine: Machine, folder: Path | None = None) -> Installed:
    """Take the add-in away; what was not there is not in what is given back.

    Raises FileProblem where Excel runs, or where the file is somebody else's add-in.
    """
    path = place(machine, folder)
    if folder is None:
        _needs_closed_excel(machine)
    files = [path] if path.exists() else []
    script = read_settings(read_file(path)).get(SCRIPT) if files else None
    if script and folder is None and Path(script).exists():
        files.append(Path(script))
    for file in files:
        _remove(file)
    if folder is not None or machine.registry is None:
        return Installed(tuple(files))
    versions = registry.unregister(machine.registry, str(path))
    return Installed(tuple(files), tuple(versions))


def read_file(path: Path) -> bytes:
    """Read a file; raises FileProblem."""
    try:
        return path.read_bytes()
    except OSError as cause:
        raise FileProblem(
            "{file} cannot be read ({cause}).", "Close Excel and try again.", file=path, cause=cause.strerror
        ) from cause


def _install_script(machine: Machine, path: Path, settings: dict[str, str]) -> list[Path]:
    """Put the script of xlwings where Excel for Mac may run it, unless the user has put it there."""
    folder = machine.scripts_folder()
    if folder is None:
        return []
    script = folder / f"xlwings-{bridge.installed_version()}.applescript"
    before = read_settings(read_file(path)).get(SCRIPT, "") if path.exists() else ""
    if before and Path(before) != script and Path(before).exists():
        _remove(Path(before))
    if script.exists() and before != str(script):
        return []
    _write(script, read_file(bridge.package_folder() / script.name))
    settings[SCRIPT] = str(script)
    return [script]


def _needs_closed_excel(machine: Machine) -> None:
    if machine.excel_runs():
        raise FileProblem(
            "Excel is running: it holds the add-in's file, and forgets what it is told now.",
            "Close all windows of Excel, then run this again.",
        )


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        place = real_path(path)
        temporary = temporary_path(place)
        with removed_on_failure(temporary):
            write_beside(temporary, lambda out: out.write(content))
            like = place if place.exists() else None
            put_in_place(temporary, place, like=like, release=lambda: None)
    except OSError as cause:
        raise _unwritable(path, cause) from cause


def _remove(path: Path) -> None:
    try:
        path.unlink()
    except OSError as cause:
        raise _unwritable(path, cause) from cause


def _unwritable(path: Path, cause: OSError) -> FileProblem:
    return FileProblem(
        "{file} cannot be written ({cause}).",
        "Close Excel, or choose a folder that you may write to: --folder FOLDER.",
        file=path,
        cause=cause.strerror,
    )
