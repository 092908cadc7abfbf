"""Machines for tests: made-up folders with real files in them, and a registry in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

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


class Winreg(ModuleType):
    """Windows' winreg, over the registry in memory."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = object(), 1, 2

    def __init__(self, known: MemoryRegistry) -> None:
        super().__init__("winreg")
        self.known = known

    class _Key:
        def __init__(self, path: str) -> None:
            self.path = path

        def __enter__(self) -> Winreg._Key:
            return self

        def __exit__(self, *_: object) -> None:
            return

    def OpenKey(self, _root: object, path: str, access: int = 0) -> _Key:  # noqa: ARG002, N802 as Windows has it
        if path not in self.known.content and not self.known.keys(path):
            raise FileNotFoundError(path)
        return self._Key(path)

    def CreateKey(self, _root: object, path: str) -> _Key:  # noqa: N802
        return self._Key(path)

    def QueryInfoKey(self, key: _Key) -> tuple[int, int, int]:  # noqa: N802
        return len(self.known.keys(key.path)), len(self.known.values(key.path)), 0

    def EnumKey(self, key: _Key, index: int) -> str:  # noqa: N802
        return self.known.keys(key.path)[index]

    def EnumValue(self, key: _Key, index: int) -> tuple[str, object, int]:  # noqa: N802
        return (*list(self.known.values(key.path).items())[index], 1)

    def SetValueEx(self, key: _Key, name: str, _reserved: int, kind: int, text: str) -> None:  # noqa: N802
        assert kind == self.REG_SZ
        self.known.write(key.path, name, text)

    def DeleteValue(self, key: _Key, name: str) -> None:  # noqa: N802
        if name not in self.known.values(key.path):
            raise FileNotFoundError(name)
        self.known.remove(key.path, name)


def windows(folder: Path, registry: MemoryRegistry | None = None, *, running: bool = False) -> Machine:
    roaming = folder / "AppData" / "Roaming"
    known = registry or MemoryRegistry({OPTIONS: {}})
    return Machine("windows", folder, {"APPDATA": str(roaming)}, known, lambda: running)


def mac(folder: Path) -> Machine:
    (folder / "Library" / "Group Containers" / "UBF8T346G9.Office").mkdir(parents=True, exist_ok=True)
    return Machine("mac", folder)
