"""Coverage-guided fuzzing of the workbook reader: what reaches new code is kept and mutated further.

A trial is a round of libFuzzer (atheris) over the instrumented reader, with a corpus that grows from round to
round in the campaign's folder. Each input is refused, or read the same by pattern and exactly, and as a
second reader sees it (``guiding.oracles``). An input that is wrong is kept, and judged again by ``--input``.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.campaigns.frame import Outcome

RUNS = 2_000
"""Inputs a round, those of the corpus included."""
OPTIONS = ("-timeout=15", "-rss_limit_mb=1536", "-max_len=120000", "-len_control=0", "-print_final_stats=1")
_TOLD = re.compile(r"[\w.]*(?:Wrong|Error|Exception)\b|==\d+==\s*ERROR: libFuzzer: (?!fuzz target exited)")
ROOT = Path(__file__).parents[2]


class Rounds:
    """The rounds of a seed, without end."""

    total: int | None = None

    def __init__(self, seed: int, folder: Path) -> None:
        """Make the place where what is found is kept; raises SystemExit where there is no guide."""
        if importlib.util.find_spec("atheris") is None:
            raise SystemExit(
                "Coverage-guided fuzzing needs the extra fuzz (atheris), which is for Linux only."
            )
        self._seed, self._kept, self._found = seed, folder / "corpus", folder / "found"
        for each in (self._kept, self._found):
            each.mkdir(parents=True, exist_ok=True)

    def one(self, number: int) -> Outcome:
        """Go a round."""
        scratch = self._found.with_name(f"scratch-{number}")
        scratch.mkdir(exist_ok=True)
        words = [
            sys.executable,
            "-m",
            "tests.campaigns.guiding.target",
            str(scratch),
            str(self._kept),
            *OPTIONS,
        ]
        words += [f"-runs={RUNS}", f"-seed={self._seed * 1_000_003 + number + 1}"]
        before = {*self._found.iterdir()}
        done = subprocess.run(
            [*words, f"-artifact_prefix={self._found}/{number}-"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        shutil.rmtree(scratch)
        return outcome(done.returncode, done.stderr, sorted({*self._found.iterdir()} - before))


def outcome(code: int, said: str, found: list[Path]) -> Outcome:
    """Put what libFuzzer said into counts, and name the inputs that it found."""
    counted = {
        "inputs": _number(r"number_of_executed_units:\s*(\d+)", said) or _last_count(said),
        "inputs that reached new code": _number(r"new_units_added:\s*(\d+)", said),
        "rounds": 1,
    }
    if not code:
        return Outcome(counted)
    lines = [each for each in said.splitlines() if _TOLD.match(each)]
    why = lines[-1] if lines else said[-800:]
    again = "".join(f"\n    again: dev.py campaign guided --input {each}" for each in found)
    return Outcome(counted, f"{why.strip()[:1500]}{again}")


def _number(pattern: str, said: str) -> int:
    found = re.search(pattern, said)
    return int(found[1]) if found else 0


def _last_count(said: str) -> int:
    """Give the last count of a round that ended before its end."""
    counts = re.findall(r"^#(\d+)\t", said, re.MULTILINE)
    return int(counts[-1]) if counts else 0


class Guided:
    """The campaign."""

    title = "Inputs of the workbook reader, guided by what they reach"
    unit = "rounds"
    default_count = 50
    block = 1  # a round takes minutes, and the frame asks for news every ten

    def prepare(self, seed: int, folder: Path) -> Rounds:
        """Make the corpus's place."""
        return Rounds(seed, folder)


campaign = Guided()
