"""A loss of power: what may be on the disk when it comes, from the steps that ``tests.disk_steps`` has seen.

POSIX promises little, and the model no more. Until a file is flushed each write to it, and each change of its
mode, may be there or not, of a write the first half only, and what is missing before it reads as zeros. Until
a folder is flushed each new name, rename and removal in it may be there or not; a rename is never half there.
"""

from __future__ import annotations

import ast
import os
import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal, NamedTuple

from tests.disk_steps import Step

Fate = Literal["kept", "lost", "torn"]
Chosen = Callable[[Literal["name", "content"]], Fate]
"""Decides what becomes of what had not been flushed."""


class Found(NamedTuple):
    """A file as it is found after the loss."""

    content: bytes
    mode: int


@dataclass
class _File:
    """A file: what is certain to be on the disk, and what has been done to it since."""

    content: bytes = b""
    mode: int = 0o644
    pending: list[Step] = field(default_factory=list)

    def flushed(self) -> None:
        self.content, self.mode = self.found(lambda _what: "kept")
        self.pending = []

    def found(self, chosen: Chosen) -> Found:
        content, mode = bytearray(self.content), self.mode
        for step in self.pending:
            fate = chosen("content")
            if fate == "lost":
                continue
            if step.kind == "look":
                mode = ast.literal_eval(step.data.decode())[0] if step.call.endswith("chmod") else mode
            elif step.kind == "length":
                content[step.at :] = bytes(max(step.at - len(content), 0))
            else:
                data = step.data if fate == "kept" else step.data[: len(step.data) // 2]
                content.extend(bytes(max(step.at - len(content), 0)))
                content[step.at : step.at + len(data)] = data
        return Found(bytes(content), mode)


class _Folder:
    """A folder that was made: nothing in it is found where its own name is not."""


_Entry = _File | _Folder | None
_Names = dict[str, _Entry]


class Power:
    """The disk under a folder while steps are taken on it; ``lost`` gives what a loss of power leaves."""

    def __init__(self, before: Mapping[str, Found]) -> None:
        """Begin with files that have long been on the disk."""
        self._certain: _Names = {path: _File(*found) for path, found in before.items()}
        self._names: _Names = dict(self._certain)
        self._pending: list[tuple[str, _Names]] = []

    def after(self, steps: Iterable[Step]) -> Power:
        """Take steps."""
        for step in steps:
            self._take(step)
        return self

    def _take(self, step: Step) -> None:
        one = self._names.get(step.path)
        match step.kind:
            case "open":
                self._open(step)
            case "write" | "length" | "look" if isinstance(one, _File):
                one.pending.append(step)
            case "flush" if isinstance(one, _File):
                one.flushed()
            case "remove":
                self._name(step.path, {step.path: None})
            case "name" if step.call == "link":
                self._name(step.other, {step.other: one})
            case "name" if step.call in ("rename", "replace"):
                self._name(step.other, {step.other: one, step.path: None})
            case "folder" if step.call == "mkdir":
                self._name(step.path, {step.path: _Folder()})
            case "folder":
                self._flush_folder(step.path)

    def _open(self, step: Step) -> None:
        one = self._names.get(step.path)
        if isinstance(one, _File):
            if step.flags & os.O_TRUNC:
                one.pending.append(step._replace(kind="length", at=0))
            return
        given = ast.literal_eval(step.data.decode())
        self._name(step.path, {step.path: _File(mode=given[0] if given else 0o644)})

    def _name(self, path: str, names: _Names) -> None:
        self._names |= names
        self._pending.append((_folder_of(path), names))

    def _flush_folder(self, folder: str) -> None:
        for where, names in self._pending:
            if where == folder:
                self._certain |= names
        self._pending = [(where, names) for where, names in self._pending if where != folder]

    def lost(self, chosen: Chosen) -> dict[str, Found]:
        """Give the files that are found when the power is back."""
        names = dict(self._certain)
        for _, each in self._pending:
            if chosen("name") == "kept":
                names |= each
        gone = {path for path, one in self._names.items() if isinstance(one, _Folder)} - {
            path for path, one in names.items() if isinstance(one, _Folder)
        }
        return {
            path: one.found(chosen)
            for path, one in names.items()
            if isinstance(one, _File) and not any(path.startswith(f"{folder}/") for folder in gone)
        }


def _folder_of(path: str) -> str:
    return posixpath.dirname(path) or "."


def fates(number: int, seed: str) -> Chosen:
    """Give a way to decide: all lost, all kept, only the names, only the contents; then at random."""
    random = Random(f"{seed}-{number}")

    def chosen(what: Literal["name", "content"]) -> Fate:
        match number:
            case 0:
                return "lost"
            case 1:
                return "kept"
            case 2 | 3:
                return "kept" if (number == 2) == (what == "name") else "lost"
        return random.choice(("kept", "lost") if what == "name" else ("kept", "lost", "torn"))

    return chosen
