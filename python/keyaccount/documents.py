"""The commands that write documents beside the workbook: run, print what was written, or give it as JSON."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from keyaccount.arguments import wanted_period
from keyaccount.money import yuan, yuan_grouped
from keyaccount.translation import Language, environment_language, localised

if TYPE_CHECKING:
    from keyaccount.outputs.export import ExportReport
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
        report = make_statements(
            book,
            period,
            options.out,
            options.lang,
            issued=options.issued,
            passwords=options.passwords,
        )
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
    else:
        printing.print_problems(report.problems, options.lang or report.language)
    return report


def export(options: argparse.Namespace) -> ExportReport:
    """Write the payroll file or the journal lines of a period into the file ``--out``."""
    from keyaccount import as_json, printing
    from keyaccount.book import open_book
    from keyaccount.outputs.export import Wanted, check_wanted
    from keyaccount.outputs.export import export as write

    period = wanted_period(options.period)
    wanted = Wanted(options.gl, options.run_number, options.columns, options.accounts)
    check_wanted(options.out, wanted)
    spoken = options.lang or environment_language()
    with printing.progress(spoken), open_book(options.book) as book:
        report = write(book, period, options.out, options.lang, wanted)
    if options.json:
        as_json.print_json(_export_json(report))
        return report
    language = options.lang or report.language
    if not report.failed:
        for line in _export_lines(report, language):
            print(line)  # noqa: T201 what was written, and its control total
    else:
        printing.print_problems(report.problems, language)
    return report


def _export_lines(report: ExportReport, language: Language) -> Iterator[str]:
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


def _export_json(report: ExportReport) -> dict[str, object]:
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
        "problems": findings_json(report.problems),
    }


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
