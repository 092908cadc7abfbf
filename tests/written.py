"""Every workbook that the program writes while a test runs is looked at when the test ends.

The program's two ways to put a finished file in its place are wrapped once a session (``watch``); what other
processes wrote into the test's folder is known by the date of its parts. Faults that a file brought
along from its predecessor do not count.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from keyaccount.workbook import create, putting, save
from tests.soundness import Opened, Shape, faults, findings, shapes, written_parts

_BOOKS = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class Written:
    """A workbook as it was written, and the one that it was made from."""

    name: str
    after: bytes
    before: bytes | None = None
    parts: frozenset[str] = frozenset()  # those that count; none: all of them


class Watcher:
    """What was written and has not been looked at yet; what has been found sound."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.waiting: list[Written] = []
        self._sound: set[bytes] = set()
        self._shapes: set[Shape] = set()

    def note(self, path: Path, before: bytes | None = None) -> None:
        """Keep a workbook that has just been written."""
        after = path.read_bytes()
        if path.suffix in _BOOKS and zipfile.is_zipfile(io.BytesIO(after)):
            self.waiting.append(Written(path.name, after, before))

    def note_folder(self, folder: Path) -> None:
        """Keep the workbooks of a folder that the program has written in another process."""
        known = self._sound | {sha256(each.after).digest() for each in self.waiting}
        for path in sorted(each for ending in _BOOKS for each in folder.rglob(f"*{ending}")):
            content = path.read_bytes() if path.is_file() else b""
            if sha256(content).digest() in known or not zipfile.is_zipfile(io.BytesIO(content)):
                continue
            ours = frozenset(written_parts(path))
            if ours:
                self.waiting.append(Written(path.name, content, parts=ours))

    def complaints(self) -> list[str]:
        """Look at what is waiting: what is wrong with it and was not so before."""
        waiting, self.waiting = self.waiting, []
        return list(dict.fromkeys(said for each in waiting for said in self._complaints_about(each)))

    def _complaints_about(self, written: Written) -> Iterator[str]:
        digest = sha256(written.after).digest()
        if digest in self._sound:
            return
        book = Opened(written.after)
        before = Opened(written.before) if written.before else None
        new = shapes(book) - self._shapes - (shapes(before) if before else set())
        wrong = faults(book)
        if new:
            found = _findings(written.after)
            if found and written.before:
                found -= _findings(written.before)
            if not found:
                self._shapes |= new
            ours = {(part, said) for part, said in found if not written.parts or part[1:] in written.parts}
            wrong |= {f"{part}: {said}" for part, said in ours}
        if wrong and before:
            wrong -= faults(before)
        if not wrong:
            self._sound.add(digest)
        yield from (f"{written.name}: {each}" for each in sorted(wrong))


def _findings(content: bytes) -> set[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        return findings(path)


WATCHER = Watcher()


def watch() -> None:
    """Have the program tell of every workbook that it puts in its place; before its modules are imported."""
    put_in_place, put_new = putting.put_in_place, putting.put_new

    def replacing(temporary: Path, target: Path, *, like: Path | None, release: Callable[[], None]) -> None:
        before = like.read_bytes() if like else b""
        put_in_place(temporary, target, like=like, release=release)
        WATCHER.note(target, before if zipfile.is_zipfile(io.BytesIO(before)) else None)

    def creating(temporary: Path, target: Path) -> None:
        put_new(temporary, target)
        WATCHER.note(target)

    for module, name, watched in ((save, "put_in_place", replacing), (create, "put_new", creating)):
        assert hasattr(module, name)
        setattr(module, name, watched)
