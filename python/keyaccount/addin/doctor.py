"""Examines an installed add-in: what Excel needs to load it and to reach Python, each with its remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from keyaccount import __version__
from keyaccount.addin import interpreter, registry
from keyaccount.addin.install import place, read_file
from keyaccount.addin.interpreter import INTERPRETER, Answer
from keyaccount.addin.machine import Machine
from keyaccount.addin.package import BUILT_BY, BUILT_WITH, read_settings
from keyaccount.problems import N_, KeyAccountError

EXPECTED_YUAN = 15.0
"""The commission that the timed call asks for: 1,000 yuan at 1.5 %."""
SLOW_SECONDS = 10.0
_INTERNET_ZONE = 3
_AGAIN = N_("Close Excel and run: keyaccount addin install.")


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, whether it is as it should be, what was found, and what to do if not.

    Texts are English templates, their fields in ``details``.
    """

    name: str
    ok: bool
    found: str
    remedy: str = ""
    details: dict[str, str] = field(default_factory=dict)


def examine(machine: Machine, folder: Path | None = None) -> list[Check]:
    """Examine the add-in; with ``folder`` the one that lies there, which Excel was not told of."""
    path = place(machine, folder)
    if not path.exists():
        return [_check(N_("add-in"), N_("{file} is not there"), _AGAIN, ok=False, file=path)]
    try:
        settings = read_settings(read_file(path))
    except KeyAccountError as problem:
        return [_check(N_("add-in"), *problem.templates, ok=False, **problem.details)]
    checks = [_check(N_("add-in"), N_("found: {path}"), ok=True, path=path), _version(settings)]
    if machine.registry is not None and folder is None:
        checks += _told(machine.registry, path)
    checks.append(_unblocked(path))
    return [*checks, *_python(machine, settings)]


def _version(settings: dict[str, str]) -> Check:
    built = settings.get(BUILT_BY, "")
    return _check(
        N_("version"),
        N_("the add-in is of keyaccount {built}, the program is {version}"),
        _AGAIN,
        ok=built == __version__,
        built=built or "?",
        version=__version__,
    )


def _told(known: registry.Registry, path: Path) -> Iterator[Check]:
    """What the registry says: registration, a list of disabled items, and trust."""
    versions = registry.registered(known, str(path))
    missing = [each for each in registry.excel_versions(known) if each not in versions]
    yield _check(
        N_("registration"),
        N_("Excel {versions} does not load the add-in") if missing else N_("loaded by Excel {versions}"),
        _AGAIN,
        ok=not missing,
        versions=", ".join(missing or versions),
    )
    off = registry.switched_off(known, str(path))
    yield _check(
        N_("disabled items"),
        N_("Excel switched the add-in off after a crash") if off else N_("not among them"),
        N_("In Excel: File > Options > Add-ins > Manage: Disabled Items > Go; enable it, and restart Excel."),
        ok=not off,
    )
    refusal = registry.macros_refused(known)
    yield _check(
        N_("macros"),
        N_("Excel refuses them ({setting})") if refusal else N_("allowed"),
        N_(
            "In Excel: File > Options > Trust Center > Trust Center Settings > Macro Settings or Add-ins;"
            " where that is grey, your administrator decides."
        ),
        ok=not refusal,
        setting=refusal,
    )


def _unblocked(path: Path) -> Check:
    """Windows marks what came from the internet beside the file; Excel runs no macros of such a file."""
    try:
        mark = Path(f"{path}:Zone.Identifier").read_text(encoding="ascii", errors="replace")
    except OSError:
        mark = ""
    zones = [line.partition("=")[2].strip() for line in mark.splitlines() if line.startswith("ZoneId")]
    blocked = any(zone.isdigit() and int(zone) >= _INTERNET_ZONE for zone in zones)
    return _check(
        N_("blocking"),
        N_("Windows blocks the file: it came from the internet")
        if blocked
        else N_("the file is not blocked"),
        N_("Right-click the file > Properties > Unblock; or run: keyaccount addin install."),
        ok=not blocked,
    )


def _python(machine: Machine, settings: dict[str, str]) -> Iterator[Check]:
    """The interpreter, what it has installed, and a commission that it computes as Excel would have it."""
    python = settings.get(INTERPRETER[machine.kind], "")
    there = bool(python) and Path(python).exists()
    yield _check(
        N_("interpreter"),
        N_("found: {path}") if there else N_("there is no Python at {path}"),
        _AGAIN,
        ok=there,
        path=python or "?",
    )
    if not there:
        return
    spaced = machine.kind == "mac" and " " in python  # xlwings' script for the Mac does not quote it
    plain = python == machine.narrow(python) and not spaced
    yield _check(
        N_("its path"),
        N_("readable for Excel") if plain else N_("has characters that Excel cannot pass on"),
        N_("Install Python in a folder with a plain name, such as C:\\Python or ~/python."),
        ok=plain,
    )
    answer = interpreter.ask(python, settings.get("PYTHONPATH", ""), settings.get("CONDA ENV", ""))
    yield from _answer(answer, settings)
    if not answer.failure:
        yield from _link(machine, Path(python), settings)


def _answer(answer: Answer, settings: dict[str, str]) -> Iterator[Check]:
    again = N_("Install keyaccount for this Python, then run with it: keyaccount addin install.")
    if answer.failure:
        yield _check(N_("call"), N_("Python failed: {failure}"), again, ok=False, failure=answer.failure)
        return
    yield _check(
        N_("Python version"),
        N_("Python {python} with keyaccount {version}"),
        again,
        ok=answer.keyaccount == __version__,
        python=answer.python,
        version=answer.keyaccount,
    )
    built = settings.get(BUILT_WITH, "")
    yield _check(
        N_("xlwings version"),
        N_("Python has xlwings {installed}, the add-in is made for {built}"),
        _AGAIN,
        ok=answer.xlwings == built,
        installed=answer.xlwings,
        built=built or "?",
    )
    slow = answer.seconds > SLOW_SECONDS
    yield _check(
        N_("call"),
        N_("a commission of {amount} yuan was computed in {seconds} s, imports included"),
        N_("Have the virus scanner leave out the folder of this Python.") if slow else again,
        ok=answer.amount == EXPECTED_YUAN and not slow,
        amount=f"{answer.amount:.2f}",
        seconds=f"{answer.seconds:.2f}",
    )


def _link(machine: Machine, python: Path, settings: dict[str, str]) -> Iterator[Check]:
    """What leads from Excel to Python: xlwings' DLL on Windows, its script on a Mac."""
    version = settings.get(BUILT_WITH, "")
    if machine.kind == "windows":
        name = f"xlwings64-{version}.dll"
        there = any((folder / name).exists() for folder in (python.parent, python.parent.parent))
        remedy = N_(
            "Install Python packages without --user: make an environment (python -m venv) for keyaccount."
        )
    elif machine.kind == "mac":
        name = f"xlwings-{version}.applescript"
        there = (machine.scripts_folder() or Path()).joinpath(name).exists()
        remedy = _AGAIN
    else:
        return
    said = N_("{name} is there") if there else N_("{name} is missing")
    yield _check(N_("link"), said, remedy, ok=there, name=name)


def _check(name: str, found: str, remedy: str = "", /, *, ok: bool, **details: object) -> Check:
    return Check(name, ok, found, remedy, {key: str(value) for key, value in details.items()})
