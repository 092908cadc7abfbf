"""Windows' registry, as far as Excel keeps add-ins and trust there; and how Excel is told to load one.

Excel loads what the values OPEN, OPEN1, OPEN2 … of its Options key name, in this order, up to the first gap.
It reads them when it starts and writes them again when it ends: they are to be changed while it is closed.
A copy in XLSTART would be opened too, but Excel would not list it among the add-ins, where it can be
switched off, and formulas would carry its path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count, islice, takewhile
from typing import Protocol

OFFICE = r"Software\Microsoft\Office"
POLICIES = r"Software\Policies\Microsoft\Office"
_VERSION = re.compile(r"\d\d\.0")
_LATEST = "16.0"
_FILE = re.compile(r'^(?:/\w+\s+)?"?(.*?)"?$', re.IGNORECASE)


class Registry(Protocol):
    """The current user's part of the registry (HKEY_CURRENT_USER)."""

    def keys(self, key: str) -> list[str]:
        """Give the names of the keys below a key; none where it does not exist."""

    def values(self, key: str) -> dict[str, object]:
        """Give a key's values by name; none where it does not exist."""

    def write(self, key: str, name: str, text: str) -> None:
        """Write a text value; makes the key."""

    def remove(self, key: str, name: str) -> None:
        """Remove a value; none is no error."""


def excel_versions(registry: Registry) -> list[str]:
    """Give the versions of Excel that the user has started, such as 16.0; the latest where none is known."""
    found = [
        version
        for version in registry.keys(OFFICE)
        if _VERSION.fullmatch(version) and "Excel" in registry.keys(rf"{OFFICE}\{version}")
    ]
    return sorted(found) or [_LATEST]


def register(registry: Registry, file: str) -> list[str]:
    """Have every Excel load the file, once, and no older copy of it; gives the versions."""
    versions = excel_versions(registry)
    for version in versions:
        ours = f'"{file}"'
        wanted = [ours if _is(text, file) else text for text in _loaded(registry, version)]
        _rewrite(registry, version, list(dict.fromkeys([*wanted, ours])), file)
    return versions


def unregister(registry: Registry, file: str) -> list[str]:
    """Have no Excel load the file; gives the versions that did."""
    loading = []
    for version in excel_versions(registry):
        loaded = _loaded(registry, version)
        kept = [text for text in loaded if not _is(text, file)]
        if kept != loaded:
            loading.append(version)
        _rewrite(registry, version, kept, file)
    return loading


def registered(registry: Registry, file: str) -> list[str]:
    """Give the versions of Excel that load the file, and not a copy elsewhere."""
    places = {file.lower(), _name(file)}
    return [
        version
        for version in excel_versions(registry)
        if any(_path(text).lower() in places for text in _loaded(registry, version))
    ]


def switched_off(registry: Registry, file: str) -> bool:
    """Whether Excel, after a crash, put the add-in on its list of disabled items."""
    needle = _name(file).encode("utf-16-le")
    return any(
        isinstance(value, bytes) and needle in _lowered(value)
        for version in excel_versions(registry)
        for value in registry.values(rf"{OFFICE}\{version}\Excel\Resiliency\DisabledItems").values()
    )


def macros_refused(registry: Registry) -> str:
    """Give the setting that keeps macros from running, as "name = number"; "" where they run."""
    refusing: dict[str, tuple[object, ...]] = {
        "VBAWarnings": (3, 4),  # signed ones alone; none
        "RequireAddinSig": (1,),
        "DisableAllAddins": (1,),
    }
    for version in excel_versions(registry):
        for root in (POLICIES, OFFICE):
            values = registry.values(rf"{root}\{version}\Excel\Security")
            for name, numbers in refusing.items():
                if values.get(name) in numbers:
                    return f"{name} = {values[name]}"
    return ""


def _lowered(value: bytes) -> bytes:
    return value.decode("utf-16-le", "replace").lower().encode("utf-16-le", "replace")


def _options(version: str) -> str:
    return rf"{OFFICE}\{version}\Excel\Options"


def _manager(version: str) -> str:
    """The key of the add-ins that Excel knows and does not load."""
    return rf"{OFFICE}\{version}\Excel\Add-in Manager"


def _loaded(registry: Registry, version: str) -> list[str]:
    """The texts of OPEN, OPEN1 … up to the first gap."""
    values = registry.values(_options(version))
    return [str(values[name]) for name in takewhile(values.__contains__, _names())]


def _rewrite(registry: Registry, version: str, texts: list[str], file: str) -> None:
    """Write what is to be loaded; what is as it should be, and what lies beyond a gap, is left alone."""
    options = _options(version)
    before = registry.values(options)
    loaded = len(_loaded(registry, version))
    for name, text in zip(_names(), texts, strict=False):
        if before.get(name) != text:
            registry.write(options, name, text)
    for name in islice(_names(), len(texts), loaded):
        registry.remove(options, name)
    for name in registry.values(_manager(version)):
        if _is(name, file):
            registry.remove(_manager(version), name)


def _is(text: str, file: str) -> bool:
    """Whether a value names the add-in, wherever a copy lies; Excel may leave the folder out."""
    return _name(_path(text)) == _name(file)


def _path(text: str) -> str:
    found = _FILE.match(text.strip())
    return found[1] if found else ""


def _name(path: str) -> str:
    return path.replace("/", "\\").rpartition("\\")[2].lower()


def _names() -> Iterator[str]:
    yield "OPEN"
    for number in count(1):
        yield f"OPEN{number}"
