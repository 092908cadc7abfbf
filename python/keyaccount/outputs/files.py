"""Files that are given away: safe names from IDs, written whole or not at all, several as one."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from keyaccount.problems import FileProblem
from keyaccount.workbook.lock import lock_folder
from keyaccount.workbook.openelsewhere import refuse_open_elsewhere, refuse_read_only
from keyaccount.workbook.putting import (
    Sink,
    flush_folder,
    put_in_place,
    removed_on_failure,
    told,
    write_beside,
)
from keyaccount.workbook.sidefiles import real_path, sweep, temporary_path

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
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for made in missing:  # the name of a folder has to reach the disk too
            flush_folder(made.parent)
    return folder


def write_file(target: Path, content: bytes, *keep: Path) -> None:
    """Write one file as ``write_files`` does, at the place that the user named: links are followed."""
    check_places([target], *keep)
    write_files({real_path(target): content}, *keep)


def write_files(contents: Mapping[Path, bytes], *keep: Path) -> None:
    """Write files whole: all beside their places first, then each is put there in one step.

    ``keep``: workbooks, which none of them may replace. A file that is there is replaced as a workbook is,
    its rights stay. A link of that name is replaced too, never followed: the names are ours, and what is
    written may be somebody's pay. Raises ``FileProblem`` (exit 5).
    """
    check_places(contents, *keep)
    places = {real_path(target.parent) / target.name: content for target, content in contents.items()}
    with contextlib.ExitStack() as stack:
        for folder in sorted({place.parent for place in places}):
            stack.enter_context(lock_folder(folder))
            sweep([place for place in places if place.parent == folder])
        made = {place: temporary_path(place) for place in places}
        for place, temporary in made.items():
            stack.enter_context(removed_on_failure(temporary))
            with told(place):
                write_beside(temporary, partial(_write, places[place]))
        for place, temporary in made.items():
            with told(place):
                like = place if place.exists() and not place.is_symlink() else None
                put_in_place(temporary, place, like=like, release=lambda: None)


def check_places(targets: Iterable[Path], *keep: Path) -> None:
    """Refuse places where no file can be written, before any work; raises ``FileProblem`` (exit 5)."""
    for target in targets:
        if target.is_dir():
            raise FileProblem("{path} is a folder, not a file.", "Name another file.", path=target)
        refuse_read_only(real_path(target))
        if target.exists() and any(target.samefile(each) for each in keep if each.exists()):
            raise FileProblem(
                "{file} is the workbook itself.", "Name another file or folder.", file=target.name
            )
        refuse_open_elsewhere(real_path(target))


def _write(content: bytes, out: Sink) -> None:
    out.write(content)
