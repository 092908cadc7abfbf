"""The commands that write documents beside the workbook: run, print what was written, or give it as JSON."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from keyaccount.arguments import wanted_period
from keyaccount.money import yuan, yuan_grouped
from keyaccount.translation import environment_language, localised

if TYPE_CHECKING:
    from keyaccount.outputs.statements import StatementsReport
    from keyaccount.terminal import Heading


def statements(options: argparse.Namespace) -> StatementsReport:
    """Write each salesperson's statement of a period into the folder ``--out``."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.outputs.statements import make_statements

    period = wanted_period(options.period)
    spoken = options.lang or environment_language()
    with printing.progress(spoken), open_book(options.book) as book:
        report = make_statements(book, period, options.out, options.lang, issued=options.issued)
    if options.json:
        as_json.print_json(_statements_json(report))
        return report
    if not report.failed:
        rows = [
            (
                each.salesperson_id,
                each.name,
                yuan_grouped(each.paid),
                f"{each.pdf.name}, {each.workbook.name}",
            )
            for each in report.statements
        ]
        language = options.lang or report.language
        title = localised("Statements {period} in {folder}", language, period=period, folder=options.out)
        headings: tuple[Heading, ...] = (
            (localised("ID", language), "left"),
            (localised("Name", language), "left"),
            (localised("Paid", language), "right"),
            (localised("Files", language), "left"),
        )
        printing.print_listed(title, headings, rows)
    printing.print_problems(report.problems, options.lang or report.language)
    return report


def _statements_json(report: StatementsReport) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    return {
        "period": report.period,
        "folder": str(report.folder),
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
