"""The journal of a campaign: a line a block, appended and synced, so that a kill loses one block at most."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tests.campaigns.frame import Block, Failure


class Journal:
    """The blocks that were tried with one seed; a last line cut by a kill is dropped."""

    def __init__(self, path: Path) -> None:
        """Read the journal at this path, if there is one."""
        self.path = path
        self._blocks: list[Block] = []
        self.numbers: set[int] = set()
        whole = 0
        for line in path.read_bytes().splitlines(keepends=True) if path.exists() else []:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            self._take(_block(line))
        if path.exists():
            os.truncate(path, whole)

    def _take(self, block: Block) -> None:
        self._blocks.append(block)
        self.numbers.update(block.numbers)

    def blocks(self) -> Iterator[Block]:
        """Give the blocks that were tried."""
        return iter(self._blocks)

    def add(self, block: Block) -> None:
        """Append a block, durably."""
        line = {
            "numbers": _runs(block.numbers),
            "counted": dict(block.counted),
            "failures": [list(failure) for failure in block.failures],
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._take(block)


def _block(line: bytes) -> Block:
    """Read a line."""
    read = json.loads(line)
    numbers = tuple(number for first, last in read["numbers"] for number in range(first, last + 1))
    failures = tuple(Failure(number, why) for number, why in read["failures"])
    return Block(numbers, read["counted"], failures)


def _runs(numbers: tuple[int, ...]) -> list[list[int]]:
    """Give numbers as runs [first, last]."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs
