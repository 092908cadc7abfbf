"""What the command line prints: tables that a person likes to read, and JSON for scripts."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.as_json import failure_json, problems_json
from keyaccount.problems import N_
from keyaccount.terminal import amount as _amount
from keyaccount.terminal import console as _console
from keyaccount.terminal import harmless
from keyaccount.terminal import table as _table
from keyaccount.translation import Language, environment_language, localised, sentences, translated
from keyaccount.wording import failure

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from keyaccount.book import Finding
    from keyaccount.commands import Report
    from keyaccount.problems import KeyAccountError

_LISTED = 20
"""How many problems are printed; all of them stand on the Problems sheet and in the JSON."""
_PATIENCE_SECONDS = 1.0

TITLES = {
    "advance": N_("Monthly advance"),
    "settle": N_("Quarterly settlement"),
    "year-end": N_("Year-end settlement"),
    "settle-leaver": N_("Exit settlement"),
}
_SEVERITIES = {"error": N_("error"), "warning": N_("warning")}


@contextmanager
def progress(language: Language) -> Iterator[None]:
    """Show on a terminal that the program is at work when that takes more than a second."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    shown = threading.Thread(target=_spin, args=(over, localised("Working …", language)), daemon=True)
    shown.start()
    try:
        yield
    finally:
        over.set()
        shown.join()


def _spin(over: threading.Event, text: str) -> None:
    if over.wait(_PATIENCE_SECONDS):
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        over.wait()


def print_run(report: Report, command: str, wished: Language | None, *, preview: bool) -> None:
    """Print each salesperson's figures, the totals, the warnings, and what was booked where."""
    language = wished or report.language
    console = _console()
    if not report.failed:
        console.print(_figures_table(report, command, language))
    _print_problems(console, report.problems, language)
    console.print(_outcome(report, language, preview=preview), soft_wrap=True, markup=False)


def _figures_table(report: Report, command: str, language: Language) -> Table:
    from rich.text import Text

    table = _table(
        localised(
            "{command} {period} (yuan, before tax)",
            language,
            command=translated(TITLES[command], language),
            period=report.period,
        ),
        [
            (localised("ID", language), "left"),
            (localised("Name", language), "left"),
            (localised("Net sales", language), "right"),
            (localised("Commission", language), "right"),
            (localised("Paid", language), "right"),
            (localised("Withheld", language), "right"),
            (localised("Carried", language), "right"),
        ],
    )
    rows = [
        (figures.net_sales, figures.commission, figures.paid, figures.withheld, figures.carried)
        for figures in report.figures
    ]
    for figures, row in zip(report.figures, rows, strict=True):
        person = (figures.salesperson_id, report.names.get(figures.salesperson_id, ""))
        table.add_row(*map(Text, person), *(_amount(amount) for amount in row))
    table.add_section()
    totals = [sum(column) for column in zip(*rows, strict=True)] or [0] * 5
    label = (Text(localised("Total", language)), Text(""))
    table.add_row(*label, *(_amount(amount) for amount in totals), style="bold")
    return table


def _outcome(report: Report, language: Language, *, preview: bool) -> str:
    if report.failed:
        return localised("Nothing was calculated or booked.", language)
    count = len(report.entries)
    if preview:
        return localised("Preview: {count} entries would be booked; nothing was.", language, count=count)
    first = localised("This was done before; nothing had to be booked.", language)
    if count:
        run = report.entries[-1].run
        first = localised("{count} entries booked in run {run}.", language, count=count, run=run)
    second = localised("Unchanged: {path}", language, path=report.path)
    if report.saved:
        second = localised("Saved: {path}", language, path=report.saved)
    return sentences(language, first, second)


def print_check(report: Report, wished: Language | None) -> None:
    """Print every problem found."""
    language = wished or report.language
    console = _console()
    if not report.problems:
        console.print(localised("No problems found.", language), style="green")
    _print_problems(console, report.problems, language, limit=None)


def print_problems(problems: Sequence[Finding], language: Language) -> None:
    """Print the first problems that were found."""
    _print_problems(_console(), problems, language)


def _print_problems(
    console: Console, problems: Sequence[Finding], language: Language, limit: int | None = _LISTED
) -> None:
    """Print a table of problems, the first ones where there are many."""
    from rich.text import Text

    if not problems:
        return
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    table = _table(
        localised("{errors} errors, {warnings} warnings", language, errors=errors, warnings=warnings),
        [
            (localised("Severity", language), "left"),
            (localised("Cell", language), "left"),
            (localised("Value", language), "left"),
            (localised("Problem", language), "left"),
            (localised("Remedy", language), "left"),
        ],
    )
    shown = problems[:limit]
    for problem in shown:
        style = "red" if problem.severity == "error" else "yellow"
        place = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
        severity = Text(translated(_SEVERITIES[problem.severity], language), style=style)
        table.add_row(severity, *map(Text, (place, problem.value, problem.problem, problem.remedy)))
    console.print(table)
    if len(shown) < len(problems):
        console.print(_more(len(problems) - len(shown), language))


def _more(count: int, language: Language) -> str:
    return localised("… and {count} more (sheet Problems, or --json)", language, count=count)


def say_new(book: Path, year: int, language: Language, *, demo: bool) -> None:
    """Say where the new workbook lies."""
    made = localised("Made: {path} (plan year {year}).", language, path=book, year=year)
    if demo:
        made = localised(
            "Made: {path} with a sample year {year}. Try: keyaccount advance {path} {year}-01",
            language,
            path=book,
            year=year,
        )
    print(made)  # noqa: T201 this is what prints


def regenerated(
    book: Path, report: Report | None, problem: KeyAccountError | None, options: argparse.Namespace
) -> dict[str, object]:
    """Say what became of one workbook, in a line or as its part of the JSON object."""
    language: Language = options.lang or _spoken(report, problem)
    changed = report is not None and report.saved is not None
    found = problems_json(report) if report else []
    if problem is not None:
        sentence, remedy = failure(problem, language)
        found = failure_json(sentence, remedy)
        line = f"{book}: {sentences(language, sentence, remedy)}"
    elif report is not None and report.failed:
        line = localised(
            "{path}: has problems, left as it is; `keyaccount check` lists them.", language, path=book
        )
    elif not changed:
        line = localised("{path}: unchanged", language, path=book)
    elif options.check:
        line = localised("{path}: would change", language, path=book)
    else:
        line = localised("{path}: result sheets rewritten", language, path=book)
    trouble = problem is not None or (report is not None and report.failed)
    if not options.json or trouble:
        print(harmless(line), file=sys.stderr if trouble else sys.stdout)
    return {"book": str(book), "changed": changed, "problems": found}


def _spoken(report: Report | None, problem: KeyAccountError | None) -> Language:
    """Give the workbook's language, or the environment's where it could not be read."""
    known = report.language if report else problem.language if problem else None
    return known or environment_language()
