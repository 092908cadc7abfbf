"""The Python that Excel is to start: this one, as it will be found without the environment of a console.

- An environment of conda must be activated first, or its libraries are not found.
- PYTHONPATH and PYTHONHOME of whoever starts Excel are ignored (-E), and so is the folder Excel is in (-P): a
  package that only they make known is told of in the settings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import keyaccount
from keyaccount import __version__
from keyaccount.addin import bridge
from keyaccount.addin.machine import Machine
from keyaccount.addin.package import BUILT_BY, BUILT_WITH, SHIPPED

_PATIENCE_SECONDS = 120
_CONDA_FOLDERS = ("", "Library mingw-w64 bin", "Library usr bin", "Library bin", "Scripts", "bin")
INTERPRETER = {"windows": "INTERPRETER_WIN", "mac": "INTERPRETER_MAC", "other": "INTERPRETER_WIN"}
"""The setting that names Python, by the kind of machine."""
_CALL = """
import json, sys, time
sys.path[:0] = {folders!r}
start = time.perf_counter()
from keyaccount import __version__
from keyaccount.excel.functions import COMMISSION
amount = COMMISSION(1000.0, "core", None, [["Tier", "Rate"], ["core", 0.015]], None)
seconds = time.perf_counter() - start
if sys.platform == "win32":
    import xlwings.com_server
from importlib.metadata import version
print(json.dumps({{
    "python": sys.version.split()[0], "keyaccount": __version__, "xlwings": version("xlwings"),
    "amount": amount, "seconds": round(seconds, 2),
}}))
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a fresh Python said when it was asked for a commission, or why it did not."""

    python: str = ""
    keyaccount: str = ""
    xlwings: str = ""
    amount: float = 0.0
    seconds: float = 0.0
    failure: str = ""


def settings(machine: Machine) -> dict[str, str]:
    """Give the settings with which Excel starts this Python."""
    found = {**SHIPPED, INTERPRETER[machine.kind]: machine.narrow(sys.executable)}
    package = Path(keyaccount.__file__).resolve().parents[1]
    if _found_by(sys.executable) != package:
        found["PYTHONPATH"] = machine.narrow(str(package))
    if base := conda_base(Path(sys.prefix), machine.environment):
        found |= {"CONDA PATH": machine.narrow(str(base)), "CONDA ENV": machine.narrow(sys.prefix)}
    return {**found, BUILT_BY: __version__, BUILT_WITH: bridge.installed_version()}


def conda_base(prefix: Path, environment: Mapping[str, str]) -> Path | None:
    """Give the folder of the conda whose environment ``prefix`` is; None where it is none."""
    if not (prefix / "conda-meta").is_dir():
        return None
    named = environment.get("CONDA_EXE", "")
    candidates = [Path(named).parents[1]] if named else []
    candidates += [prefix, *prefix.parents[:2]]
    return next((each for each in candidates if (each / "condabin").is_dir()), None)


def ask(interpreter: str, folders: str, environment: str = "") -> Answer:
    """Have a fresh Python, started as Excel does, compute a commission (1,000 yuan at 1.5 %).

    ``environment`` is the folder of a conda environment: its libraries are put where activating puts them.
    """
    code = _CALL.format(folders=[folder for folder in folders.split(";") if folder])
    try:
        done = subprocess.run(  # noqa: S603 the Python that Excel starts
            [interpreter, "-E", "-P", "-c", code],
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
            cwd=Path.home(),
            env=_activated(environment),
        )
    except (OSError, subprocess.TimeoutExpired) as cause:
        return Answer(failure=str(cause))
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return Answer(failure=lines[-1] if lines else f"exit code {done.returncode}")
    return Answer(**json.loads(done.stdout))


def _activated(environment: str) -> dict[str, str]:
    folders = [str(Path(environment, *each.split())) for each in _CONDA_FOLDERS] if environment else []
    return {**os.environ, "PATH": os.pathsep.join([*folders, os.environ.get("PATH", "")])}


def _found_by(interpreter: str) -> Path | None:
    """Give the folder in which a fresh Python finds keyaccount; None where it does not."""
    code = "import keyaccount;print(keyaccount.__file__)"
    done = subprocess.run(  # noqa: S603 this Python
        [interpreter, "-E", "-P", "-c", code], capture_output=True, check=False, cwd=Path.home()
    )
    found = done.stdout.decode(errors="surrogateescape").strip()
    return Path(found).resolve().parents[1] if done.returncode == 0 and found else None
