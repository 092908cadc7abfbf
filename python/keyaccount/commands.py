"""What each command does with a workbook file: lock, read, work, write back, or say why not.

The work itself is in ``work``, the plan in ``settlement``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from keyaccount import work
from keyaccount.book import Stamp, open_book
from keyaccount.periods import Period
from keyaccount.settlement import Command
from keyaccount.translation import Language
from keyaccount.work import Report
from keyaccount.workbook.lock import lock
from keyaccount.workbook.save import save

__all__ = ["Report", "check_book", "regenerate_book", "run_book"]


def check_book(path: Path, language: Language | None = None) -> Report:
    """Validate a workbook: everything that is wrong with it, in one pass; writes nothing.

    ``language`` is that of the problems' words; ``None``: the workbook's own.
    """
    with open_book(path) as book:
        return work.check(book, language).report


def run_book(  # noqa: PLR0913 a run's options
    path: Path,
    command: Command,
    what: Period | str,
    stamp: Stamp,
    *,
    out: Path | None = None,
    preview: bool = False,
    language: Language | None = None,
    backups: int = 0,
) -> Report:
    """Run a period, or a leaver's exit by ID, and write ledger and result sheets, in place or to ``out``.

    With errors nothing is booked; a copy ``out`` then holds the Problems sheet. ``preview`` writes
    nothing; ``backups``: so many versions are kept beside it. Raises ``Refused``, ``UsageError`` or
    ``FileProblem``; the workbook is then as before.
    """
    target = out or path
    if preview:
        with open_book(path) as book:
            return work.preview(book, command, what, stamp, language)
    with lock(target), open_book(path) as book:
        done = work.run_period(book, command, what, stamp, language, listed=out is not None)
        if done.report.failed:
            if out is not None:
                save(book.package, done.problem_sheet, out, backups)
            return done.report
        written = save(book.package, done.changes, target, backups)
        return replace(done.report, saved=target if written else None, booked=len(done.report.entries))


def regenerate_book(
    path: Path,
    *,
    check: bool = False,
    out: Path | None = None,
    language: Language | None = None,
    backups: int = 0,
) -> Report:
    """Rewrite the result sheets from inputs and ledger; books nothing; the same input gives the same bytes.

    With ``check`` nothing is written; ``saved`` then names the file that would have changed.
    """
    target = out or path
    if check:
        with open_book(path) as book:
            done = work.regenerate(book, language)
            return replace(done.report, saved=path if done.changes else None)
    with lock(target), open_book(path) as book:
        done = work.regenerate(book, language)
        if done.report.failed:
            return done.report
        written = save(book.package, done.changes, target, backups)
        return replace(done.report, saved=target if written else None)
