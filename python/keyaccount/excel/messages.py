"""What a macro's last message says, in the workbook's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keyaccount.book import Finding
from keyaccount.money import yuan_grouped
from keyaccount.outputs.approving import Approved
from keyaccount.outputs.looked import approval_said
from keyaccount.printing import TITLES
from keyaccount.settlement import Command
from keyaccount.translation import Language, localised, sentences, translated
from keyaccount.verdicts import GOOD, known
from keyaccount.verification import Verdict, Wanted
from keyaccount.work import Report

_PEOPLE, _PROBLEMS = 12, 3


def of_run(report: Report, command: Command, problems_sheet: str, *, changed: bool) -> str:
    """Say what a run booked: how many entries, who gets how much, what stays withheld and carried."""
    language = report.language
    count = len(report.entries)
    first = localised("This was done before; nothing had to be booked.", language)
    if count:
        run = report.entries[-1].run
        first = localised("{count} entries booked in run {run}.", language, count=count, run=run)
    elif changed:
        again = localised("The result sheets were put right.", language)
        first = sentences(language, first, again)
    last = localised("Save the workbook to keep it.", language) if changed else ""
    return _paragraphs(
        _title(report, command), first, *_figures(report), _warnings(report, problems_sheet), last
    )


def of_approval(done: Approved) -> str:
    """Say who approved a period when, and where the paper's number may be added."""
    assert done.approval is not None  # noqa: S101 it did not fail
    language = done.language
    said = localised("{sentence}.", language, sentence=approval_said(done.approval, language))
    if done.row is None:
        return _paragraphs(said, localised("It was approved so before; nothing was added.", language))
    paper = localised("The paper's number may be entered on sheet {sheet}.", language, sheet=done.sheet)
    return _paragraphs(said, paper, localised("Save the workbook to keep it.", language))


def of_preview(report: Report, command: Command) -> str:
    """Say what a run would book."""
    said = localised(
        "Preview: {count} entries would be booked; nothing was.", report.language, count=len(report.entries)
    )
    return _paragraphs(
        _title(report, command), said, *_figures(report), *_listed(report.problems, report.language)
    )


def of_errors(problems: Sequence[Finding], language: Language, problems_sheet: str = "") -> str:
    """Say that errors stand in the way: how many, the first ones, and where all are listed."""
    errors = [problem for problem in problems if problem.severity == "error"]
    said = localised("Nothing was calculated or booked.", language)
    return _paragraphs(
        localised("Errors in the workbook: {count}.", language, count=len(errors)) + f" {said}",
        *_listed(errors, language),
        localised("All are listed on sheet {sheet}.", language, sheet=problems_sheet)
        if problems_sheet
        else "",
    )


def of_check(report: Report, problems_sheet: str) -> str:
    """Say what a check found, or that there is nothing."""
    language = report.language
    if report.failed:
        return of_errors(report.problems, language, problems_sheet)
    if not report.problems:
        return localised("No problems found.", language)
    return _paragraphs(
        localised("No errors. Warnings, which stop nothing: {count}.", language, count=len(report.problems)),
        *_listed(report.problems, language),
        localised("All are listed on sheet {sheet}.", language, sheet=problems_sheet),
    )


def of_verdict(verdict: Verdict) -> str:
    """Say what a verification found."""
    language = verdict.language
    if verdict.failed:
        return of_errors(verdict.problems, language)
    told = "\n".join(known(verdict, Wanted(), language))
    if not verdict.findings:
        return _paragraphs(localised(GOOD, language), told)
    lines = [
        localised(
            "{place}: expected {expected}, found {found}",
            language,
            place=_place(finding.sheet, finding.cell),
            expected=finding.expected or "–",
            found=finding.found or "–",
        )
        for finding in verdict.findings[:_PROBLEMS]
    ]
    return _paragraphs(
        localised(
            "Cells that are not as the program wrote them: {count}.", language, count=len(verdict.findings)
        ),
        "\n".join(lines),
        localised("Compare with a copy, or run the period again.", language),
        told,
    )


def _title(report: Report, command: Command) -> str:
    return f"{translated(TITLES[command], report.language)} {report.period}"


def _figures(report: Report) -> Iterator[str]:
    """Give the amounts: who is paid how much in this period, and what all have withheld and carried."""
    language = report.language
    paid = [each for each in report.figures if each.paid]
    lines = [
        f"{each.salesperson_id} {report.names.get(each.salesperson_id, '')}: {yuan_grouped(each.paid)}"
        for each in paid[:_PEOPLE]
    ]
    if len(paid) > _PEOPLE:
        lines.append(localised("… and {count} more", language, count=len(paid) - _PEOPLE))
    amounts = {
        "paid": sum(each.paid for each in report.figures),
        "withheld": sum(each.withheld for each in report.figures),
        "carried": sum(each.carried for each in report.figures),
    }
    total = localised(
        "Paid {paid}, withheld {withheld}, carried {carried} (yuan, before tax).",
        language,
        **{name: yuan_grouped(amount) for name, amount in amounts.items()},
    )
    yield "\n".join([total, *lines])


def _warnings(report: Report, problems_sheet: str) -> str:
    count = len(report.problems)
    if not count:
        return ""
    return localised(
        "Warnings: {count}; see sheet {sheet}.", report.language, count=count, sheet=problems_sheet
    )


def _listed(problems: Sequence[Finding], language: Language) -> Iterator[str]:
    for problem in problems[:_PROBLEMS]:
        said = sentences(language, problem.problem, problem.remedy)
        yield f"{_place(problem.sheet, problem.cell)}: {said}"
    if len(problems) > _PROBLEMS:
        yield localised("… and {count} more", language, count=len(problems) - _PROBLEMS)


def _place(sheet: str, cell: str) -> str:
    return f"{sheet}!{cell}" if cell else sheet


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
