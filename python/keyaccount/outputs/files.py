"""Files that are given away: safe names from IDs, written whole or not at all, several as one."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.workbook.lock import refuse_open_elsewhere, temporary_path
from keyaccount.workbook.save import told

_LONGEST_BYTES = 120
_DIGITS = 8
_ALLOWED = frozenset("-_")


def safe_names(ids: Iterable[str], others: Iterable[str] = ()) -> dict[str, str]:
    """Give each ID a piece of a file name, its own on every system: letters, digits, ``-`` and ``_`` only.

    An ID that had to be changed, or that another one (of ``others`` too) equals but for its case, gets the
    first digits of its digest behind it.
    """
    wanted = list(ids)
    kept = {each: _safe(each) for each in {*wanted, *others}}
    folded: dict[str, set[str]] = {}
    for each, name in kept.items():
        folded.setdefault(name.casefold(), set()).add(each)
    return {
        each: kept[each]
        if kept[each] == each and len(folded[each.casefold()]) == 1
        else f"{kept[each]}-{hashlib.sha256(each.encode()).hexdigest()[:_DIGITS]}"
        for each in wanted
    }


def _safe(text: str) -> str:
    letters = (each if each.isalnum() or each in _ALLOWED else "_" for each in text)
    return "".join(letters).encode()[:_LONGEST_BYTES].decode("utf-8", "ignore") or "_"


def made_folder(folder: Path) -> Path:
    """Make the folder that files go to; raises ``FileProblem`` (exit 5) where that cannot be."""
    if folder.exists() and not folder.is_dir():
        raise FileProblem("{path} is a file, not a folder.", "Name another folder.", path=folder)
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_files(contents: Mapping[Path, bytes], keep: Path) -> None:
    """Write files whole: all beside their places first, then each is put there in one step.

    ``keep``: the workbook, which none of them may replace. Raises ``FileProblem`` (exit 5).
    """
    for target in contents:
        if not target.parent.is_dir():
            raise FileProblem(
                "There is no folder {folder}.",
                "Check the path, or make the folder first.",
                folder=target.parent,
            )
        if target.exists() and target.samefile(keep):
            raise FileProblem(
                "{file} is the workbook itself.", "Name another file or folder.", file=target.name
            )
        if target.is_dir():
            raise FileProblem("{path} is a folder, not a file.", "Name another file.", path=target)
        refuse_open_elsewhere(target)
    made: list[tuple[Path, Path]] = []
    try:
        for target, content in contents.items():
            temporary = temporary_path(target)
            made.append((temporary, target))
            with told(target):
                _write(temporary, content)
        for temporary, target in made:
            with told(target):
                temporary.replace(target)
    finally:
        for temporary, _ in made:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with path.open("xb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
