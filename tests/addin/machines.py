"""Machines for tests: made-up folders with real files in them, and a registry in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from keyaccount.addin.machine import Machine

OPTIONS = r"Software\Microsoft\Office\16.0\Excel\Options"
MANAGER = r"Software\Microsoft\Office\16.0\Excel\Add-in Manager"


@dataclass
class MemoryRegistry:
    """HKEY_CURRENT_USER as keys with values; keys above a key that was given exist too."""

    content: dict[str, dict[str, object]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def keys(self, key: str) -> list[str]:
        below = [
            path.removeprefix(key + "\\").split("\\")[0]
            for path in self.content
            if path.startswith(key + "\\")
        ]
        return sorted(set(below))

    def values(self, key: str) -> dict[str, object]:
        return dict(self.content.get(key, {}))

    def write(self, key: str, name: str, text: str) -> None:
        self.content.setdefault(key, {})[name] = text
        self.written.append(f"{key}\\{name}")

    def remove(self, key: str, name: str) -> None:
        if self.content.get(key, {}).pop(name, None) is not None:
            self.written.append(f"{key}\\{name}")


def windows(folder: Path, registry: MemoryRegistry | None = None, *, running: bool = False) -> Machine:
    roaming = folder / "AppData" / "Roaming"
    known = registry or MemoryRegistry({OPTIONS: {}})
    return Machine("windows", folder, {"APPDATA": str(roaming)}, known, lambda: running)


def mac(folder: Path) -> Machine:
    (folder / "Library" / "Group Containers" / "UBF8T346G9.Office").mkdir(parents=True, exist_ok=True)
    return Machine("mac", folder)
