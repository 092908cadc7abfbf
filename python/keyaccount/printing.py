"""What the command line prints: tables that a person likes to read, and JSON for scripts."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from keyaccount.as_json import failure_json, problems_json
from keyaccount.money import yuan_grouped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from keyaccount.commands import Finding, Report
    from keyaccount.problems import KeyAccountError
    from keyaccount.verification import Verdict

Language = Literal["en", "zh"]
_LISTED = 20
"""How many problems are printed; all of them stand on the Problems sheet and in the JSON."""
_PATIENCE_SECONDS = 1.0

_TEXTS: dict[str, tuple[str, str]] = {
    "id": ("ID", "编号"),
    "name": ("Name", "姓名"),
    "net": ("Net sales", "提成基数"),
    "commission": ("Commission", "本期提成"),
    "paid": ("Paid", "本期应发"),
    "withheld": ("Withheld", "年终待补发"),
    "carried": ("Carried", "结转待扣"),
    "total": ("Total", "合计"),
    "advance": ("Monthly advance", "月度预发"),
    "settle": ("Quarterly settlement", "季度核算"),
    "year-end": ("Year-end settlement", "年终结算"),
    "unit": ("yuan, before tax", "单位:元(税前)"),
    "booked": ("{count} entries booked in run {run}.", "已记账 {count} 笔,批次号 {run}。"),
    "done": ("This was done before; nothing had to be booked.", "此前已办理,无需记账。"),
    "preview": ("Preview: {count} entries would be booked; nothing was.", "预览:将记账 {count} 笔,未记账。"),
    "saved": ("Saved: {path}", "已保存:{path}"),
    "same": ("Unchanged: {path}", "未变动:{path}"),
    "none": ("No problems found.", "未发现问题。"),
    "problems": ("{errors} errors, {warnings} warnings", "错误 {errors} 个,警告 {warnings} 个"),
    "more": (
        "… and {count} more (sheet Problems, or --json)",
        "……另有 {count} 个(见数据检查结果表或 --json)",
    ),
    "nothing": ("Nothing was calculated or booked.", "未计算,未记账。"),
    "severity": ("Severity", "严重程度"),
    "cell": ("Cell", "单元格"),
    "value": ("Value", "值"),
    "problem": ("Problem", "问题"),
    "remedy": ("Remedy", "处理办法"),
    "error": ("error", "错误"),
    "warning": ("warning", "警告"),
    "expected": ("Expected", "应为"),
    "found": ("Found", "实为"),
    "verified": (
        "Verified: the ledger is whole, its sums agree, the result sheets follow from it.",
        "核验通过:台账完整,金额勾稽一致,结果表与台账相符。",
    ),
    "new": ("Made: {path} (plan year {year}).", "已新建:{path}(方案年度 {year})。"),
    "new demo": (
        "Made: {path} with a sample year {year}. Try: keyaccount advance {path} {year}-01",
        "已新建:{path}(示例年度 {year})。可试:keyaccount advance {path} {year}-01",
    ),
    "changed": ("{path}: result sheets rewritten", "{path}:结果表已重写"),
    "would change": ("{path}: would change", "{path}:将有变动"),
    "unchanged": ("{path}: unchanged", "{path}:无变动"),
    "has problems": ("{path}: has problems, left as it is", "{path}:有数据问题,未改动"),
}


def _text(key: str, language: Language, **values: object) -> str:
    return _TEXTS[key][language == "zh"].format(**values)


@contextmanager
def progress() -> Iterator[None]:
    """Show on a terminal that the program is at work when that takes more than a second."""
    if not sys.stderr.isatty():
        yield
        return
    over = threading.Event()
    shown = threading.Thread(target=_spin, args=(over,), daemon=True)
    shown.start()
    try:
        yield
    finally:
        over.set()
        shown.join()


def _spin(over: threading.Event) -> None:
    if over.wait(_PATIENCE_SECONDS):
        return
    from rich.console import Console

    with Console(stderr=True).status("keyaccount …"):
        over.wait()


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160, highlight=False, soft_wrap=False)


def _table(title: str, columns: Sequence[tuple[str, Literal["left", "right"]]]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for heading, side in columns:
        table.add_column(heading, justify=side, overflow="fold", no_wrap=side == "right")
    return table


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

    title = f"{_text(command, language)} {report.period} ({_text('unit', language)})"
    amounts = ("net", "commission", "paid", "withheld", "carried")
    table = _table(
        title,
        [
            *((_text(key, language), "left") for key in ("id", "name")),
            *((_text(key, language), "right") for key in amounts),
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
    totals = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(amounts)
    label = (Text(_text("total", language)), Text(""))
    table.add_row(*label, *(_amount(amount) for amount in totals), style="bold")
    return table


def _amount(fen: int) -> str:
    return f"[red]{yuan_grouped(fen)}[/red]" if fen < 0 else yuan_grouped(fen)


def _outcome(report: Report, language: Language, *, preview: bool) -> str:
    if report.failed:
        return _text("nothing", language)
    if preview:
        return _text("preview", language, count=len(report.entries))
    if not report.entries:
        first = _text("done", language)
    else:
        first = _text("booked", language, count=len(report.entries), run=report.entries[-1].run)
    key = "saved" if report.saved else "same"
    return f"{first} {_text(key, language, path=report.saved or report.path)}"


def print_check(report: Report, wished: Language | None) -> None:
    """Print every problem found."""
    language = wished or report.language
    console = _console()
    if not report.problems:
        console.print(_text("none", language), style="green")
    _print_problems(console, report.problems, language, limit=None)


def _print_problems(
    console: Console, problems: Sequence[Finding], language: Language, limit: int | None = _LISTED
) -> None:
    from rich.text import Text

    if not problems:
        return
    errors = sum(problem.severity == "error" for problem in problems)
    title = _text("problems", language, errors=errors, warnings=len(problems) - errors)
    headings = ("severity", "cell", "value", "problem", "remedy")
    table = _table(title, [(_text(key, language), "left") for key in headings])
    shown = problems[:limit]
    for problem in shown:
        style = "red" if problem.severity == "error" else "yellow"
        place = f"{problem.sheet}!{problem.cell}" if problem.cell else problem.sheet
        severity = Text(_text(problem.severity, language), style=style)
        table.add_row(severity, *map(Text, (place, problem.value, problem.problem, problem.remedy)))
    console.print(table)
    if len(shown) < len(problems):
        console.print(_text("more", language, count=len(problems) - len(shown)))


def print_verdict(book: Path, verdict: Verdict, wished: Language | None) -> None:
    """Print what a verification found."""
    from rich.text import Text

    language = wished or verdict.language
    console = _console()
    _print_problems(console, verdict.problems, language)
    if not verdict.findings:
        if not verdict.failed:
            console.print(_text("verified", language), style="green")
        return
    headings = ("cell", "expected", "found")
    table = _table(book.name, [(_text(key, language), "left") for key in headings])
    for finding in verdict.findings[:_LISTED]:
        place = f"{finding.sheet}!{finding.cell}" if finding.cell else finding.sheet
        table.add_row(*map(Text, (place, finding.expected, finding.found)))
    console.print(table)
    if len(verdict.findings) > _LISTED:
        console.print(_text("more", language, count=len(verdict.findings) - _LISTED))


def say_new(book: Path, year: int, language: Language, *, demo: bool) -> None:
    """Say where the new workbook lies."""
    print(_text("new demo" if demo else "new", language, path=book, year=year))  # noqa: T201 this is what prints


def regenerated(
    book: Path, report: Report | None, problem: KeyAccountError | None, options: argparse.Namespace
) -> dict[str, object]:
    """Say what became of one workbook, in a line or as its part of the JSON object."""
    language: Language = options.lang or (report.language if report else "en")
    changed = report is not None and report.saved is not None
    if report is not None and report.failed:
        line = _text("has problems", language, path=book)
    elif problem is not None:
        line = f"{book}: {problem.message} {problem.remedy}"
    else:
        key = ("would change" if options.check else "changed") if changed else "unchanged"
        line = _text(key, language, path=book)
    trouble = problem is not None or (report is not None and report.failed)
    if not options.json or trouble:
        print(line, file=sys.stderr if trouble else sys.stdout)
    found = problems_json(report) if report else []
    if problem is not None:
        found = failure_json(problem)
    return {"book": str(book), "changed": changed, "problems": found}
