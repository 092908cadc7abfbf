"""``keyaccount statements``: a PDF and a workbook for each salesperson."""

from __future__ import annotations

import argparse
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.money import yuan, yuan_grouped
from keyaccount.problems import N_
from keyaccount.subcommands.asked import wanted_day, wanted_period
from keyaccount.terminal import console, ended, spoken, table
from keyaccount.translation import localised

if TYPE_CHECKING:
    from keyaccount.outputs.statements import StatementsReport

HELP = N_("write each salesperson's statement: a PDF and a workbook with only their own data")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument("period", metavar=_("PERIOD"), help=_("such as {period}").format(period="2026Q1"))
    parser.add_argument("--out", type=Path, metavar=_("DIR"), required=True, help=_("the folder to write to"))
    parser.add_argument(
        "--issued",
        type=wanted_day,
        metavar=_("DAY"),
        help=_(
            "the day they are handed out, from which the time for objections counts (default: the booking's)"
        ),
    )
    parser.add_argument(
        "--passwords",
        type=Path,
        metavar=_("FILE"),
        help=_("a table of salesperson ID and opening password (CSV or .xlsx): the files are encrypted"),
    )


def run(options: argparse.Namespace) -> int:
    """Write the statements of a period into the folder ``--out``."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.outputs.statements import make_statements

    period = wanted_period(options.period)
    with printing.progress(spoken(options)), open_book(options.book) as book:
        report = make_statements(
            book,
            period,
            options.out,
            options.lang,
            issued=options.issued,
            passwords=options.passwords,
        )
    language = spoken(options, report.language)
    if options.json:
        as_json.print_json(_json(report))
    elif report.failed:
        printing.print_problems(report.problems, language)
    else:
        _print(report, options)
    return ended(report, options)


def _print(report: StatementsReport, options: argparse.Namespace) -> None:
    from rich.text import Text

    from keyaccount.outputs.looked import approval_said

    language = spoken(options, report.language)
    listed = table(
        localised("Statements {period} in {folder}", language, period=report.period, folder=report.folder),
        (
            (localised("ID", language), "left"),
            (localised("Name", language), "left"),
            (localised("Paid", language), "right"),
            (localised("Files", language), "left"),
        ),
    )
    for each in report.statements:
        files = f"{each.pdf.name}, {each.workbook.name}"
        listed.add_row(*map(Text, (each.salesperson_id, each.name, yuan_grouped(each.paid), files)))
    console().print(listed)
    if report.approval is not None:
        console().print(Text(approval_said(report.approval, language)))


def _json(report: StatementsReport) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    return {
        "period": report.period,
        "folder": str(report.folder),
        "approved": bool(report.approval and report.approval.given),
        "statements": [
            {
                "salesperson_id": each.salesperson_id,
                "paid": yuan(each.paid),
                "pdf": str(each.pdf),
                "workbook": str(each.workbook),
            }
            for each in report.statements
        ],
        "problems": findings_json(report.problems),
    }
