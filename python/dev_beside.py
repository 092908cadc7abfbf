"""A command of dev.py beside others, on the machine's second processor; standard library alone."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self


class Beside:
    """A command that runs while others do; at the end its output is shown, and ``code`` is its exit code."""

    def __init__(self, name: str, command: Sequence[str | Path], folder: Path) -> None:
        """Name the command and the folder that it runs in; it starts with the ``with`` block."""
        self._name, self._command, self._folder = name, [str(word) for word in command], folder
        self.code = 0

    def __enter__(self) -> Self:
        """Start it."""
        self._started = time.monotonic()
        self._output = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdout=self._output, stderr=subprocess.STDOUT
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for it, or stop it where the block was left by an exception."""
        with self._output:
            if kind is not None:
                self._process.kill()
            self.code = self._process.wait()
            self._output.seek(0)
            said = self._output.read().decode(errors="replace").rstrip()
        verdict = "passed" if self.code == 0 else f"FAILED (exit {self.code})"
        last = said.splitlines()[-1:] if self.code == 0 else [said]
        took = f"   {self._name}: {verdict}, {time.monotonic() - self._started:.0f} s"
        print("\n".join([f"== {self._name}", *last, took]), flush=True)
