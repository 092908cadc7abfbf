"""The machine that Excel runs on, as far as the add-in knows it: folders, registry, running programs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from keyaccount.addin.registry import Registry
from keyaccount.problems import FileProblem

Kind = Literal["windows", "mac", "other"]
_OFFICE_ON_MAC = Path("Library/Group Containers/UBF8T346G9.Office")
_SCRIPTS_ON_MAC = Path("Library/Application Scripts/com.microsoft.Excel")


def _no() -> bool:
    return False


def _itself(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine: its kind, the user's folder and environment, and on Windows the registry.

    ``narrow`` gives a path that xlwings' DLL can read: it takes paths in the system's code page only.
    """

    kind: Kind
    home: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    registry: Registry | None = None
    excel_runs: Callable[[], bool] = _no
    narrow: Callable[[str], str] = _itself

    def addins_folder(self) -> Path:
        """Give the folder of the user's Excel add-ins; raises FileProblem where there is no Excel."""
        if self.kind == "windows":
            roaming = self.environment.get("APPDATA")
            data = Path(roaming) if roaming else self.home / "AppData" / "Roaming"
            return data / "Microsoft" / "AddIns"
        if self.kind == "mac" and (self.home / _OFFICE_ON_MAC).is_dir():
            return self.home / _OFFICE_ON_MAC / "User Content.localized" / "Add-Ins.localized"
        raise FileProblem(
            "There is no Excel on this machine.",
            "Run this on the Windows PC or Mac where Excel is, or name a folder: --folder FOLDER.",
        )

    def scripts_folder(self) -> Path | None:
        """Give the folder from which Excel for Mac may run the script that starts Python; None elsewhere."""
        return self.home / _SCRIPTS_ON_MAC if self.kind == "mac" else None


def this_machine() -> Machine:
    """Give the machine that this program runs on."""
    if sys.platform == "win32":
        from keyaccount.addin.winregistry import WindowsRegistry

        registry = WindowsRegistry()
        return Machine("windows", Path.home(), os.environ, registry, _excel_runs_on_windows, _narrow_path)
    if sys.platform == "darwin":
        return Machine("mac", Path.home(), os.environ)
    return Machine("other", Path.home(), os.environ)


def _excel_runs_on_windows() -> bool:
    """Ask Windows' own list of programs; where that is forbidden, take it that Excel does not run."""
    command = ["tasklist", "/FI", "IMAGENAME eq EXCEL.EXE", "/FO", "CSV", "/NH"]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=30)  # noqa: S603 Windows' own
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"EXCEL.EXE" in done.stdout.upper()


def _narrow_path(path: str) -> str:
    """Give Windows' short name for a path with characters beyond the system's code page."""
    if sys.platform == "win32":
        try:
            path.encode("mbcs")
        except UnicodeEncodeError:
            import ctypes

            buffer = ctypes.create_unicode_buffer(32768)
            if ctypes.windll.kernel32.GetShortPathNameW(path, buffer, len(buffer)):
                return buffer.value
    return path
