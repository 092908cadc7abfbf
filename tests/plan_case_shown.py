"""All that the plan's cases show, written out (plan_cases/shown/*.txt): messages, entries, result sheets.

A case says what matters to its sentence; here stands the rest, to be read once and then kept:
``python -m tests.plan_case_shown`` writes the files anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal

from keyaccount import tables
from keyaccount.clauses.payouts import Figures
from keyaccount.company import Company
from keyaccount.ledger import Entry
from keyaccount.money import number_text, yuan
from keyaccount.problems import Problem, Refused
from keyaccount.results import Results, problems_in_order
from keyaccount.settlement import run
from tests.plan_case import CASES, Case, all_cases, inputs_of
from tests.plan_case_match import entry_text
from tests.plan_case_run import run_of

SHOWN = CASES / "shown"
SHEETS = {
    tables.NET_SALES.name: {"commission_base", "origins", "figures"},
    tables.COMMISSION_DETAIL.name: {"tiers", "uplift", "commission_cells", "controls"},
    tables.CLAWBACKS.name: set[str](),
    tables.YEAR_END_SETTLEMENT.name: set[str](),
    tables.KEY_ACCOUNT_REVIEW.name: {"account_review", "tiers"},
    tables.MAINTENANCE_SCORES.name: {"maintenance", "recognition", "year_end"},
    tables.RECOGNITION.name: set[str](),
}
"""The sheets that are written out, and the files whose cases are about them (none: all)."""


def shown(case: Case) -> str:
    """Write what a case shows, step by step, and the result sheets after its last run."""
    return "\n".join([f"## {case.name}", *_lines(case), ""])


def _lines(case: Case) -> Iterator[str]:
    ledger: list[Entry] = []
    company: Company | None = None
    for step in case.steps:
        if not step.run:
            continue
        yield f"{step.number}. {step.run}"
        try:
            outcome = run(inputs_of(case.tables_at(step.number)), ledger, *run_of(step.run), "2026-01-31")
        except Refused as refused:
            yield f"   refused: {refused.message} {refused.remedy}"
            continue
        for problem in problems_in_order(outcome.problems):
            yield f"   {_problem(problem)}"
        for entry in outcome.entries:
            yield f"   {entry.entry} {_entry(entry)}"
        if not outcome.entries:
            yield from map(_figures, outcome.figures)
        ledger += outcome.entries
        if not outcome.failed:
            company = outcome.company
    if company is not None and ledger:
        yield from _sheets(case.file, Results(company, ledger))


def _problem(problem: Problem) -> str:
    place = f"{problem.table} {problem.row or '–'} {problem.column or '–'}".strip()
    rests = f" [rests on {', '.join(problem.rests_on)}]" if problem.rests_on else ""
    found = f" ({problem.value})" if problem.value else ""
    return f"{problem.severity} in {place}{found}: {problem.sentence} {problem.advice}{rests}"


def _entry(entry: Entry) -> str:
    where = "" if entry.period == entry.month else f" in {entry.period}"
    reference = f" [{entry.reference}]" if entry.reference else ""
    return f"{entry_text(entry)}{where}{reference}"


def _figures(figures: Figures) -> str:
    """Write the figures of a run that booked nothing; those of one that books stand in its entries."""
    shown = [
        f"{field.name.replace('_', ' ')} {_value(getattr(figures, field.name), 'amount')}"
        for field in fields(figures)
        if field.name != "salesperson_id"
    ]
    return f"   {figures.salesperson_id}: {', '.join(shown)}"


def _sheets(file: str, results: Results) -> Iterator[str]:
    made = results.tables(tables.ResultTable(tables.PROBLEMS, []), [])
    for table in made:
        about = SHEETS.get(table.sheet.name, {""})
        if table.rows and (not about or file in about):
            yield f"   {table.sheet.name}"
            headers = [column.en for column in table.sheet.columns]
            for row in table.rows:
                filled = [
                    f"{header}: {_value(value, column.kind)}"
                    for header, value, column in zip(headers, row, table.sheet.columns, strict=True)
                    if value not in (None, "")
                ]
                yield f"   - {'; '.join(filled)}"


def _value(value: object, kind: str) -> str:
    if kind == "amount" and isinstance(value, int):
        return yuan(value)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def written(file: str) -> dict[str, str]:
    """Read what is kept of a file's cases, by the case's name."""
    text = (SHOWN / f"{file}.txt").read_text("utf-8")
    sections = text.split("\n## ")[1:]
    return {section.partition("\n")[0]: f"## {section.rstrip()}\n" for section in sections}


def main() -> None:
    """Write the files anew."""
    SHOWN.mkdir(exist_ok=True)
    by_file: dict[str, list[Case]] = {}
    for case in all_cases():
        by_file.setdefault(case.file, []).append(case)
    for file, cases in by_file.items():
        head = f"What the cases of {file}.yaml show. Written by `python -m tests.plan_case_shown`.\n"
        (SHOWN / f"{file}.txt").write_text("\n".join([head, *_sections(cases)]), encoding="utf-8")


def _sections(cases: Sequence[Case]) -> Iterator[str]:
    for case in cases:
        yield shown(case)


if __name__ == "__main__":
    main()
