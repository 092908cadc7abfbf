"""A command in its folder, as a child runs it: warm, on a fixed clock, its calculation done once.

What is calculated follows from the workbook's bytes and the command alone, so that a trial need not do it
again: what was read of a workbook, and what a run came to, is kept by the bytes' digest. Every step on the
disk, from the lock to its removal, is taken by the program itself.
"""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest import mock

from msoffcrypto.method import ecma376_agile
from msoffcrypto.method.container import ecma376_encrypted

from keyaccount import book, cli, work
from keyaccount.outputs import approving, batch
from keyaccount.outputs.statements import making, pdf
from keyaccount.workbook import encryption
from keyaccount.workbook.package import Package
from tests.campaigns.crashing.scenes import Scene

ENVIRONMENT = {"SOURCE_DATE_EPOCH": "1767225600", "LANGUAGE": "en", "KEYACCOUNT_DEBUG": "1"}
FEW_ROUNDS = 100
SILENT = ("new", "key")
"""Commands that know no ``--json``."""


class Recall:
    """What was calculated, by the digest of the workbook and the arguments."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[tuple[object, ...], Any] = {}

    @contextmanager
    def used(self) -> Iterator[None]:
        """Calculate once."""
        with ExitStack() as stack:
            for module, name in (
                (book, "read_workbook"),
                (work, "run_period"),
                (work, "regenerate"),
                (approving, "approve"),
                (making, "_contents"),
            ):
                stack.enter_context(mock.patch.object(module, name, self._once(getattr(module, name))))
            stack.enter_context(mock.patch.object(making, "Typesetter", _TYPESETTER))
            yield

    def _once(self, real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def given(of: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401 as the function has it
            key = (real.__name__, _digest(of), *map(repr, rest if real.__name__ != "_contents" else rest[:1]))
            key += tuple(map(repr, named.items()))
            if key not in self._kept:
                self._kept[key] = real(of, *rest, **named)
            return self._kept[key]

        return given


def _digest(of: Any) -> bytes:  # noqa: ANN401 a package, a book, or a statement
    """Tell a workbook by its bytes and name, anything else by all that it says."""
    package = of if isinstance(of, Package) else getattr(of, "package", None)
    if package is None:
        return sha256(repr(of).encode()).digest()
    with package.content() as content:
        return sha256(str(package.path).encode() + content.read()).digest()


def acting(scene: Scene, folder: Path, recall: Recall) -> Callable[[], int]:
    """Give what runs a scene's command in a folder, warm."""
    words = [*scene.command, *([] if scene.command[0] in SILENT else ["--json"])]

    def act() -> int:
        os.chdir(folder)
        with _prepared(scene), recall.used():
            return cli.main(words)

    return act


def warmed(scene: Scene, folder: Path, recall: Recall) -> int:
    """Run it in this process, so that what follows finds everything loaded and calculated; gives its code."""
    before = Path.cwd()
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return acting(scene, folder, recall)()
    finally:
        os.chdir(before)


@contextmanager
def _prepared(scene: Scene) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, ENVIRONMENT))
        stack.enter_context(mock.patch.object(cli, "_parser", _PARSER))
        stack.enter_context(mock.patch.object(batch, "_run_side_by_side", one_after_another))
        if scene.password:
            stack.enter_context(mock.patch.object(sys, "stdin", io.StringIO(f"{scene.password}\n")))
            stack.enter_context(encrypting_alike())
        yield


_PARSER = functools.cache(cli._parser)
_TYPESETTER = functools.cache(pdf.Typesetter)
"""Sets type by threads of its own, which a forked child has not: what it has set is recalled there."""


def one_after_another(books: list[Path], job: batch.Job, _processes: int, note: batch.Told) -> None:
    """Run a batch's workbooks in this process, where their steps are seen."""
    for each in books:
        note(batch.run_one(each, job))


@contextmanager
def encrypting_alike() -> Iterator[None]:
    """Encrypt the same content to the same bytes, quickly: without chance and clock."""
    with (
        mock.patch.object(ecma376_agile, "_random_buffer", lambda size: b"7" * size),
        mock.patch.object(ecma376_encrypted, "datetime2filetime", return_value=0),
        mock.patch.object(encryption, "ROUNDS", FEW_ROUNDS),
    ):
        yield
