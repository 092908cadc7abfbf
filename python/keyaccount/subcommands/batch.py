"""``keyaccount batch``: a month, quarter or year end run on many workbooks, in parallel."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_
from keyaccount.subcommands.asked import declare_backup, wanted_period
from keyaccount.terminal import DONE, UNREADABLE, amount, console, say_why, spoken, table
from keyaccount.translation import Language, localised, sentences

if TYPE_CHECKING:
    from rich.table import Table

    from keyaccount.outputs.batch import Batch, Ran, Told

HELP = N_("run a month, quarter or year end on many workbooks, in parallel")
_STATES = {
    "booked": N_("booked"),
    "done before": N_("done before"),
    "preview": N_("preview"),
    "problems": N_("has problems"),
    "stopped": N_("not run"),
}
_COLOURS = {"booked": "green", "problems": "red", "stopped": "red"}


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("books", type=Path, nargs="+", metavar=_("BOOK-OR-FOLDER"))
    parser.add_argument(
        "period", metavar=_("PERIOD"), help=_("a month, quarter or year: its kind says what is run")
    )
    parser.add_argument(
        "-j",
        "--jobs",
        type=_jobs,
        default=0,
        metavar=_("N"),
        help=_("so many at a time (default: processors)"),
    )
    parser.add_argument("--preview", action="store_true", help=_("calculate and print; book nothing"))
    declare_backup(parser)
    parser.add_argument("--report", type=Path, metavar=_("FILE"), help=_("write the report as JSON too"))


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 61):  # noqa: PLR2004 the most that Windows waits for
        said = _("expected a number from 1 to 61 ≠ found {text}").format(text=text)
        raise argparse.ArgumentTypeError(said)
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Run the workbooks, and say what became of each."""
    from keyaccount.clock import stamp
    from keyaccount.outputs.batch import Job, books_of, command_of, run_batch
    from keyaccount.outputs.files import check_places, write_file
    from keyaccount.workbook.encryption import password_given

    period = wanted_period(options.period)
    job = Job(
        command_of(period),
        period,
        stamp(),
        preview=options.preview,
        language=options.lang,
        backups=options.backup,
        password=password_given(),
    )
    books = books_of(options.books)
    if options.report is not None:
        check_places([options.report], *books)
    language = spoken(options)
    processes = options.jobs or min(os.cpu_count() or 1, 61)
    with _bar(len(books), language) as told:
        batch = run_batch(books, job, processes, told)
    report = json.dumps(batch.as_json(), ensure_ascii=False, indent=2)
    if options.report is not None:
        write_file(options.report, f"{report}\n".encode(), *books)
    if options.json:
        print(report)  # noqa: T201 this is what prints
    else:
        _print(batch, language)
    if batch.waiting:
        said = N_("Stopped by the user: {waiting} of {count} workbooks were not begun.")
        resume = N_("Give the same command again: what has been booked is left as it is.")
        told_why = localised(said, language, waiting=batch.waiting, count=len(books))
        say_why(sentences(language, told_why, localised(resume, language)))
        return UNREADABLE
    if batch.code != DONE:
        stopped = sum(each.code != DONE for each in batch.ran)
        said = N_("{stopped} of {count} workbooks were not run; each is named with what is to be done.")
        say_why(localised(said, language, stopped=stopped, count=len(books)))
    return batch.code


@contextmanager
def _bar(count: int, language: Language) -> Iterator[Told]:
    """Show on a terminal how many are done."""
    if not sys.stderr.isatty():
        yield lambda _ran: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(localised("Working …", language), total=count)
        yield lambda ran: progress.update(task, advance=1, description=ran.path.name)


def _print(batch: Batch, language: Language) -> None:
    if batch.ran:
        console().print(_summary(batch, language))


def _summary(batch: Batch, language: Language) -> Table:
    from rich.text import Text

    texts = (N_("Workbook"), N_("Result"))
    numbers = (N_("Entries"), N_("Net sales"), N_("Commission"), N_("Paid"), N_("Withheld"), N_("Carried"))
    title = localised(
        "{period} on {count} workbooks", language, period=batch.job.period, count=len(batch.ran)
    )
    made = table(
        title,
        [
            *((localised(heading, language), "left") for heading in texts),
            *((localised(heading, language), "right") for heading in numbers),
            (localised("Note", language), "left"),
        ],
    )
    folder = _common_folder(batch)
    for ran in batch.ran:
        state = Text(localised(_STATES[ran.state], language), style=_COLOURS.get(ran.state, ""))
        figures = [str(ran.entries), *map(amount, ran.sums)] if ran.code == DONE else [""] * 6
        made.add_row(Text(_shown(ran, folder)), state, *figures, Text(_note(ran, language)))
    made.add_section()
    entries = sum(ran.entries for ran in batch.ran)
    made.add_row(Text(localised("Total", language)), "", str(entries), *map(amount, batch.sums), style="bold")
    return made


def _common_folder(batch: Batch) -> Path:
    folders = [str(ran.path.parent) for ran in batch.ran]
    return Path(os.path.commonpath(folders)) if len({Path(each).anchor for each in folders}) == 1 else Path()


def _shown(ran: Ran, folder: Path) -> str:
    return str(ran.path.relative_to(folder)) if ran.path.is_relative_to(folder) else str(ran.path)


def _note(ran: Ran, language: Language) -> str:
    warnings = sum(problem.severity == "warning" for problem in ran.problems)
    if ran.note or not warnings:
        return ran.note
    return localised("{count} warnings", language, count=warnings)
