"""Which test reaches which line of the core: recorded once a test, kept on disk while neither changes."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from tests.mutation.checks import Check
from tests.mutation.live import forget_results
from tests.mutation.mutants import PACKAGE, Mutant

SUPPORT = Path(__file__).resolve().parent.parent


class Reach(NamedTuple):
    """The lines of each module that a test runs, and how much processor time it takes."""

    seconds: float
    lines: Mapping[str, frozenset[int]]


def recorded(check: Check, files: Mapping[str, str]) -> Reach:
    """Run a test with a tracer on the files of the core; an error of the unchanged test is raised."""
    found: dict[str, set[int]] = {module: set() for module in files.values()}

    def enter(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        module = files.get(frame.f_code.co_filename)
        if module is None or event != "call":
            return None
        lines = found[module]
        lines.add(frame.f_code.co_firstlineno)

        def local(frame: FrameType, event: str, _: object) -> Callable[..., Any]:
            if event == "line":
                lines.add(frame.f_lineno)
            return local

        return local

    forget_results()
    before = sys.gettrace()
    sys.settrace(enter)
    try:
        check.call()
    finally:
        sys.settrace(before)
    forget_results()
    started = time.process_time()
    check.call()
    seconds = time.process_time() - started
    return Reach(seconds, {module: frozenset(lines) for module, lines in found.items() if lines})


def reach_of(checks: Iterable[Check], files: Mapping[str, str], kept: Path | None) -> dict[str, Reach]:
    """Record every test, or take what is kept of it; ``files``: path and module of the core's sources."""
    state = hashlib.sha256(b"".join(Path(path).read_bytes() for path in sorted(files)))
    for path in sorted(SUPPORT.rglob("*.py")):
        if (
            not path.name.startswith("test_")
            and "campaigns" not in path.parts
            and "mutation" not in path.parts
        ):
            state.update(path.read_bytes())
    known = json.loads(kept.read_text("utf-8")) if kept is not None and kept.exists() else {}
    found: dict[str, Reach] = {}
    store: dict[str, Any] = {}
    for check in checks:
        key = hashlib.sha256(f"{state.hexdigest()} {check.name} {check.source}".encode()).hexdigest()
        if key in known:
            seconds, lines = known[key]
            reach = Reach(seconds, {module: frozenset(one) for module, one in lines.items()})
        else:
            reach = recorded(check, files)
        store[key] = [reach.seconds, {module: sorted(one) for module, one in reach.lines.items()}]
        found[check.name] = reach
    if kept is not None and store != known:
        kept.parent.mkdir(exist_ok=True)
        fresh = kept.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(store), encoding="utf-8")
        fresh.replace(kept)
    return found


class Reaching:
    """Which tests reach a mutant, quickest first."""

    def __init__(self, reach: Mapping[str, Reach]) -> None:
        """Turn what each test reaches around: module and line to tests."""
        self._tests: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(reach, key=lambda name: (reach[name].seconds, name)):
            for module, lines in reach[name].lines.items():
                for line in lines:
                    self._tests[module][line].append(name)
        self._place = {
            name: place for place, name in enumerate(sorted(reach, key=lambda n: reach[n].seconds))
        }

    def tests(self, mutant: Mutant, span: tuple[int, int] | None) -> list[str]:
        """Name those of the mutant's lines, else those of its function; a constant's are its module's."""
        lines = self._tests[mutant.module]
        for first, last in (mutant.lines, span) if span else ((0, max(lines, default=0)),):
            names = {name for line in range(first, last + 1) if line in lines for name in lines[line]}
            if names:
                return sorted(names, key=self._place.__getitem__)
        return []


def core_files(modules: Iterable[str]) -> dict[str, str]:
    """Give the source file of each module, and back."""
    return {str(PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")): module for module in modules}
