"""The registry port of registry.py, on Windows' own winreg."""

from __future__ import annotations

import sys

if sys.platform == "win32":  # so that the checks of other systems leave it out
    import winreg

    class WindowsRegistry:
        """HKEY_CURRENT_USER of this Windows."""

        def keys(self, key: str) -> list[str]:
            """Give the names of the keys below a key."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    return [winreg.EnumKey(opened, index) for index in range(winreg.QueryInfoKey(opened)[0])]
            except FileNotFoundError:
                return []

        def values(self, key: str) -> dict[str, object]:
            """Give a key's values by name."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    found = [
                        winreg.EnumValue(opened, index) for index in range(winreg.QueryInfoKey(opened)[1])
                    ]
            except FileNotFoundError:
                return {}
            return {name: value for name, value, _ in found}

        def write(self, key: str, name: str, text: str) -> None:
            """Write a text value; makes the key."""
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

        def remove(self, key: str, name: str) -> None:
            """Remove a value; none is no error."""
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, access=winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
            except FileNotFoundError:
                return
