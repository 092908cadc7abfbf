"""xlwings' VBA, taken from the installed package: the name of its DLL carries the version.

Its text and its BSD licence stay as they are, but for three things: the name under which it looks for
settings; GetConfig, XLPyCommand and CleanUp, which KeyAccountPython.bas and KeyAccountStart.bas have of their
own (the reasons stand there; what only these used goes too: it would not compile on a Mac without a further
class); and Option Private Module, which keeps its functions out of Excel's function wizard.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from keyaccount.problems import FileProblem

MODULE = "xlwings"
REPLACED = ("GetConfig", "XLPyCommand", "CleanUp")
"""The procedures that addin/vba has of its own."""
_DROPPED = (*REPLACED, "GetConfigFromSheet")
_VERSION = re.compile(r'^Public Const XLWINGS_VERSION As String = "([^"]+)"', re.MULTILINE)
_PROJECT = re.compile(r'^Public Const PROJECT_NAME As String = "[^"]*"', re.MULTILINE)


def package_folder() -> Path:
    """Give the folder of the installed xlwings, without importing it."""
    spec = find_spec("xlwings")
    if spec is None or spec.origin is None:
        raise FileProblem("xlwings is not installed.", "Install keyaccount again: pip install keyaccount.")
    return Path(spec.origin).parent


def installed_version() -> str:
    """Give the version of the installed xlwings."""
    return version("xlwings")


def bridge(source: str | None = None) -> str:
    """Give the module, its lines ending in LF; raises FileProblem where the source is not as expected."""
    if source is None:
        path = package_folder() / "xlwings_custom_addin.bas"
        try:
            source = path.read_text(encoding="ascii")
        except (OSError, UnicodeError) as cause:
            raise _unexpected(path.name) from cause
    text = source.replace("\r\n", "\n")
    for name in _DROPPED:
        text = _without(text, name)
    text = text.replace("\n", "\nOption Private Module\n", 1)
    text, named = _PROJECT.subn('Public Const PROJECT_NAME As String = "keyaccount"', text)
    if named != 1 or _VERSION.search(text) is None or "Copyright (C)" not in text:
        raise _unexpected("PROJECT_NAME")
    return text


def bridge_version(module: str) -> str:
    """Give the version of xlwings that a module was taken from; "" where it does not say."""
    found = _VERSION.search(module)
    return found[1] if found else ""


def _without(text: str, name: str) -> str:
    """Take a procedure out, from its heading to its end."""
    heading = rf"^(?:Public |Private )?(Function|Sub) {name}\(.*?^End \1\n"
    text, taken = re.subn(heading, "", text, flags=re.MULTILINE | re.DOTALL)
    if taken != 1:
        raise _unexpected(name)
    return text


def _unexpected(what: str) -> FileProblem:
    return FileProblem(
        "The installed xlwings {version} is not built as expected ({what}).",
        "Install a version that keyaccount was tested with: pip install 'xlwings<0.38'.",
        version=installed_version(),
        what=what,
    )
