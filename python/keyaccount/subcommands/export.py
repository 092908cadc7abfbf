"""``keyaccount export``: the payroll file of a period, or its journal lines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from keyaccount.money import yuan, yuan_grouped
from keyaccount.problems import N_
from keyaccount.subcommands.asked import wanted_period
from keyaccount.terminal import ended, harmless, spoken
from keyaccount.translation import Language, localised

if TYPE_CHECKING:
    from keyaccount.outputs.export import ExportReport

HELP = N_("write what a period pays, for the payroll system, or its journal lines: .csv or .xlsx")


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("book", type=Path, metavar=_("BOOK"))
    parser.add_argument("period", metavar=_("PERIOD"), help=_("such as {period}").format(period="2026-01"))
    parser.add_argument("--out", type=Path, metavar=_("FILE"), required=True, help=_("the file to write"))
    parser.add_argument(
        "--columns",
        type=Path,
        metavar=_("FILE"),
        help=_("a table of two columns: your heading, and which column it holds; in your order"),
    )
    parser.add_argument(
        "--run",
        type=int,
        dest="run_number",
        metavar=_("NUMBER"),
        help=_("only what this run paid (default: all runs of the period)"),
    )
    parser.add_argument(
        "--gl", action="store_true", help=_("journal lines instead of payments; debits = credits")
    )
    parser.add_argument(
        "--accounts",
        type=Path,
        metavar=_("FILE"),
        help=_("a table of journal line (expense, payable, withheld, carried), account code, account name"),
    )


def run(options: argparse.Namespace) -> int:
    """Write the payroll file or the journal lines of a period into the file ``--out``."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.outputs.export import Wanted, check_wanted, export

    period = wanted_period(options.period)
    wanted = Wanted(options.gl, options.run_number, options.columns, options.accounts)
    check_wanted(options.out, wanted)
    with printing.progress(spoken(options)), open_book(options.book) as book:
        report = export(book, period, options.out, options.lang, wanted)
    language = spoken(options, report.language)
    if options.json:
        as_json.print_json(_json(report))
    elif report.failed:
        printing.print_problems(report.problems, language)
    else:
        for line in _lines(report, language):
            print(harmless(line))  # noqa: T201 what was written, and its control total
    return ended(report, options)


def _lines(report: ExportReport, language: Language) -> Iterator[str]:
    from keyaccount.outputs.looked import approval_said

    yield from _written(report, language)
    if report.approval is not None:
        yield approval_said(report.approval, language)


def _written(report: ExportReport, language: Language) -> Iterator[str]:
    count, total = report.rows, yuan_grouped(report.total)
    if report.gl:
        yield localised(
            "{file}: {count} journal lines, debit {total} = credit {total} yuan.",
            language,
            file=report.file,
            count=count,
            total=total,
        )
        return
    yield localised(
        "{file}: {count} payments, {total} yuan before tax.",
        language,
        file=report.file,
        count=count,
        total=total,
    )
    if report.nothing:
        yield localised("Payments of 0.00 left out: {count}.", language, count=report.nothing)
    if len(report.runs) > 1:
        runs = ", ".join(map(str, report.runs))
        yield localised(
            "{period} was paid by runs {runs}: pay each once; --run N exports one of them.",
            language,
            period=report.period,
            runs=runs,
        )


def _json(report: ExportReport) -> dict[str, object]:
    from keyaccount.as_json import findings_json

    totals: dict[str, object] = {"total": yuan(report.total), "left_out": report.nothing}
    if report.gl:
        totals = {"debit": yuan(report.total), "credit": yuan(report.total)}
    return {
        "period": report.period,
        "file": str(report.file),
        "rows": report.rows,
        **totals,
        "runs": list(report.runs),
        "approved": bool(report.approval and report.approval.given),
        "problems": findings_json(report.problems),
    }
