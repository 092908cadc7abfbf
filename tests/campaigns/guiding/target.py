"""The process that is guided: ``python -m tests.campaigns.guiding.target SCRATCH CORPUS [OPTIONS]``.

OPTIONS are libFuzzer's. SCRATCH is a folder for the workbook that is read, CORPUS one for what reached new
code.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")  # an extra of its own, for Linux only

with atheris.instrument_imports(include=["keyaccount.workbook", "zipfile"], enable_loader_override=False):
    from tests.campaigns.fuzzing.books import fresh
    from tests.campaigns.fuzzing.packing import of_parts, pack
    from tests.campaigns.guiding.mutator import mutated
    from tests.campaigns.guiding.oracles import wrong_about


class Wrong(Exception):
    """An oracle found something."""


def main() -> None:
    """Seed the folder where it is empty, and go."""
    scratch, folder = Path(sys.argv.pop(1)), Path(sys.argv[1])
    bases = [fresh("en"), fresh("zh")]
    for base in bases:
        (folder / f"base-{base.language}").write_bytes(pack(of_parts(base.parts)))
    os.environ |= {"LANGUAGE": "en"}

    def one(data: bytes) -> None:
        wrong = wrong_about(data, scratch)
        if wrong:
            raise Wrong(wrong)

    def mutate(data: bytes, most: int, seed: int) -> bytes:
        return mutated(bases[seed % 2], data, most, seed, atheris.Mutate)

    atheris.Setup(sys.argv, one, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
