"""``keyaccount due``: what the salespeople still have to do for their accounts, as of a day."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.problems import N_, UsageError
from keyaccount.subcommands.asked import wanted_day
from keyaccount.terminal import console, ended, spoken, table
from keyaccount.translation import localised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keyaccount.outputs.due import Due, Line

HELP = N_("list each salesperson's reminders: reviews, account files, issues, feedback (§4, §5)")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument(
        "--on",
        type=wanted_day,
        metavar=_("DAY"),
        help=_("as of this day, such as 2026-05-10 (default: today)"),
    )
    parser.add_argument("--salesperson", default="", metavar=_("ID"), help=_("of this salesperson only"))
    parser.add_argument("--ics", type=Path, metavar=_("FILE"), help=_("write calendar entries (.ics) too"))


def run(options: argparse.Namespace) -> int:
    """List the reminders; writes nothing but the calendar file."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.clock import now
    from keyaccount.outputs.due import due
    from keyaccount.outputs.files import write_file

    if options.ics is not None and options.ics.suffix.lower() != ".ics":
        raise UsageError(
            "{file} does not end in .ics.",
            "Name the calendar file {better}.",
            file=options.ics.name,
            better=f"{options.ics.stem}.ics",
        )
    made = now()
    with printing.progress(spoken(options)), open_book(options.book) as book:
        found = due(book, options.on or made.date(), options.lang, options.salesperson)
    if not found.failed and options.ics is not None:
        write_file(options.ics, found.calendar(made), options.book)
    if options.json:
        as_json.print_json(found.as_json())
    else:
        _print(found, options.ics)
    return ended(found, options)


def _print(found: Due, calendar: Path | None) -> None:
    from keyaccount import printing

    screen, language = console(), found.language
    if found.failed:
        printing.print_problems(found.problems, language)
        return
    if not found.lines:
        screen.print(localised("Nothing is due as of {day}.", language, day=found.day), style="green")
    else:
        screen.print(_table(found))
    if calendar is not None:
        screen.print(localised("Saved: {path}", language, path=calendar), soft_wrap=True, markup=False)


def _table(found: Due) -> object:
    language = found.language
    headings = (N_("Due"), N_("What"), N_("Account ID"), N_("Account"), N_("Note"), N_("Cell"))
    made = table(
        localised("Reminders as of {day}", language, day=found.day),
        [(localised(heading, language), "left") for heading in headings],
    )
    for person in dict.fromkeys(line.reminder.salesperson_id for line in found.lines):
        own = [line for line in found.lines if line.reminder.salesperson_id == person]
        _add_person(made, found, person, own)
    return made


def _add_person(made: object, found: Due, person: str, lines: Sequence[Line]) -> None:
    from rich.table import Table
    from rich.text import Text

    from keyaccount.outputs.due import counts

    assert isinstance(made, Table)  # noqa: S101 as it was made
    count, late = counts(lines)
    told = N_("{count} reminders, {late} of them late") if late else N_("{count} reminders")
    name = " ".join(filter(None, (person, found.names.get(person))))
    said = localised(told, found.language, count=count, late=late)
    made.add_row(Text(name, style="bold"), Text(said, style="bold"), *[""] * 4)
    for line in lines:
        until = line.reminder.due
        shown = f"{until:%Y-%m-%d %H:%M}" if line.reminder.to_the_hour else f"{until:%Y-%m-%d}"
        day = Text(shown, style="red" if line.reminder.overdue else "")
        cell = f"{line.sheet}!{line.cell}" if line.cell else ""
        texts = (line.what, line.reminder.account_id, line.account_name, line.note, cell)
        made.add_row(day, *map(Text, texts))
    made.add_section()
