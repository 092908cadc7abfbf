"""Files that must not be replaced: open in Excel or LibreOffice, write-protected, in a folder not ours."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from keyaccount.problems import N_, FileProblem


def refuse_read_only(target: Path) -> None:
    """Refuse a workbook or folder that must not be written, before any work; raises FileProblem.

    Replacing a file asks nothing of the file itself, so its mark and its owner are looked at here.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        found = target.stat()
        if not found.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise FileProblem(
                "{file} is write-protected.",
                "Take the read-only mark off (file properties), or write a copy with --out.",
                file=target.name,
            )
        if _owned_by_others(found, target.parent.stat()):
            raise FileProblem(
                "{file} belongs to another user, and its folder lets only the owner replace it.",
                "Ask the owner to run it, or write a copy with --out.",
                file=target.name,
            )
    if not target.parent.is_dir():
        raise FileProblem(
            "There is no folder {folder}.", "Check the path, or make the folder first.", folder=target.parent
        )
    if not os.access(target.parent, os.W_OK):
        raise FileProblem(
            "You may not write to the folder {folder}.",
            "Copy the workbook to a folder of your own, or write a copy there with --out.",
            folder=target.parent,
        )


def _owned_by_others(file: os.stat_result, folder: os.stat_result) -> bool:
    """Tell whether a folder such as /tmp keeps us from replacing a file of another user."""
    if not hasattr(os, "geteuid") or not folder.st_mode & stat.S_ISVTX:
        return False
    return os.geteuid() not in (0, file.st_uid, folder.st_uid)


def refuse_open_elsewhere(target: Path) -> None:
    """Refuse a workbook that Excel's or LibreOffice's owner file marks as open; raises FileProblem."""
    for owner, program, decode in (
        (target.with_name(f"~${target.name}"), "Excel", _excel_user),
        (target.with_name(f".~lock.{target.name}#"), "LibreOffice", _libreoffice_user),
    ):
        try:
            content = owner.read_bytes()[:1000]
        except FileNotFoundError:
            continue
        except OSError:
            content = b""
        user = decode(content)
        by_nobody, by = N_("{file} is open in {program}."), N_("{file} is open in {program} by {user}.")
        raise FileProblem(
            by if user else by_nobody,
            "Close it there and run again; if {program} is not running, delete the file {owner}.",
            file=target.name,
            program=program,
            user=user,
            owner=owner.name,
        )


def _excel_user(content: bytes) -> str:
    """Read the user's name: its length, then the name in the system's letters (and again in UTF-16)."""
    length = content[0] if content else 0
    wide = content[55 : 57 + 2 * length]
    if length and len(wide) == 2 * length + 2:
        return wide[2:].decode("utf-16-le", "ignore").strip("\0 ")
    return ""


def _libreoffice_user(content: bytes) -> str:
    """Read the user's name: the first filled field of a line of fields."""
    fields = content.decode("utf-8", "ignore").split(",")
    return next((field.strip() for field in fields[:2] if field.strip()), "")
