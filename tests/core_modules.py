"""The modules of the core: those that the layers' contract in pyproject.toml keeps from files and clocks."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

PYTHON = Path(__file__).resolve().parent.parent / "python"
CONTRACT = "The core knows no spreadsheet, no file and no clock"


@cache
def core_modules() -> tuple[str, ...]:
    """Name the modules of the core, those of its packages too, in order."""
    project = tomllib.loads((PYTHON.parent / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    named: list[str] = next(one["source_modules"] for one in contracts if one["name"] == CONTRACT)
    return tuple(sorted(module for name in named for module in _with_children(name)))


def _with_children(name: str) -> list[str]:
    folder = PYTHON.joinpath(*name.split("."))
    if not folder.is_dir():
        return [name]
    return [name, *(f"{name}.{path.stem}" for path in folder.glob("*.py") if path.stem != "__init__")]


def file_of(module: str) -> Path:
    """Give the file of a module or package."""
    path = PYTHON.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
