from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from keyaccount import cli, terminal

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_reference_is_what_the_declarations_say(language: str) -> None:
    builder: Any = _builder()
    written = builder.PAGES[language].read_text(encoding="utf-8")
    assert written == builder.page(language), "run: python3 python/dev.py docs"


def _commands() -> dict[str, argparse.ArgumentParser]:
    actions = cli._parser()._actions
    found = next(action for action in actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_command_and_option_stands_in_the_readme(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, parser in _commands().items():
        assert f"`{name} " in text, name
        for option in (option for action in parser._actions for option in action.option_strings):
            assert option in ("-h", "--help") or f"`{option}" in text or f"{option} " in text, option


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_exit_code_stands_in_the_readme(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    codes = (terminal.DONE, *sorted(terminal.PRECEDENCE))
    assert [code for code in codes if f"| {code} | " not in text] == []
