"""Playing the plan's cases on the core, and a small table of what differs.

Beside what a case says, every run must keep the rules that README.md lists under "After every run".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from keyaccount.clauses import key_accounts
from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import Entry
from keyaccount.money import fen, yuan
from keyaccount.periods import Period
from keyaccount.problems import Problem, Refused
from keyaccount.settlement import Command, Outcome, run
from keyaccount.tables import Inputs
from tests.plan_case import Case, Step
from tests.plan_case_keeping import keeping_differences
from tests.plan_case_match import (
    CELLS,
    entry_test,
    entry_text,
    is_problem,
    item_text,
    listed,
    nearest,
    problem_text,
    says,
)
from tests.plan_case_rows import CaseError, Tables, inputs_of, rate_of

PAYMENTS = ("advance", "quarter_payment", "year_end_payment", "exit_payment")
CLAUSES = {
    "commission": "§3.2",
    "correction": "§3.2",
    "prior_year": "§3.3.3",
    "adjustment": "§3.3.4",
    "target_bonus": "§3.4.1",
    "opening_balance": "§3.3.2",
    "advance": "§3.3.2",
    "quarter_payment": "§3.3.1",
    "year_end_payment": "§3.3.2",
    "exit_payment": "§3.3.2",
}
FIGURES = {
    "net": "net_sales",
    "commission": "commission",
    "paid": "paid",
    "withheld": "withheld",
    "carried": "carried",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as the case says."""

    step: str
    what: str
    expected: str
    found: str


def readable(case: Case, differences: Sequence[Difference]) -> str:
    """Write a case's differences as a small table under the case's name."""
    rows = [
        ("step", "what", "expected", "found"),
        *((d.step, d.what, d.expected, d.found) for d in differences),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    head = f"{case.file}.yaml · {case.clause} · {case.name}\nbecause: {case.because}"
    return "\n".join((head, "", lines[0], "-" * min(max(map(len, lines)), 120), *lines[1:]))


def differences_of(case: Case) -> list[Difference]:
    """Play a case on the core, step after step on one growing ledger."""
    ledger: list[Entry] = []
    found: list[Difference] = []
    for step in case.steps:
        found += _play(case, step, ledger)
    return found


def _play(case: Case, step: Step, ledger: list[Entry]) -> list[Difference]:
    tables = case.tables_at(step.number)
    report = _Report(step.title)
    if step.key_account:
        _check_key_account(report, step)
    if not step.run:
        return report.differences
    inputs = inputs_of(tables)
    try:
        outcome = _outcome(inputs, ledger, step.run)
    except Refused as refused:
        message = f"{refused.message} {refused.remedy}"
        wanted = step.expected.get("refused")
        report.add(
            "refused",
            "a run" if wanted is None else str(wanted),
            message,
            wanted is None or not says(message, str(wanted)),
        )
        return report.differences
    if "refused" in step.expected:
        report.add("refused", str(step.expected["refused"]), _told(outcome))
    _check_problems(report, step, tables, outcome.problems)
    if any(problem.severity == "error" for problem in outcome.problems):
        report.add("booked with errors", "nothing", _told(outcome), bool(outcome.entries or outcome.figures))
        return report.differences
    period = Period.parse(outcome.period)
    _check_house_rules(report, inputs, ledger, outcome, period)
    ledger += outcome.entries
    _check_figures(report, step, outcome)
    _check_entries(report, step, outcome.entries)
    _check_references(report, step, ledger, str(period))
    for what, expected, shown in keeping_differences(step, outcome.company, ledger, period.year):
        report.add(what, expected, shown)
    _check_again(report, inputs, ledger, step.run, outcome)
    return report.differences


def run_of(text: str) -> tuple[Command, Period | str]:
    """Read what a step runs: a command with its period, or with a salesperson's ID."""
    command, _, what = text.partition(" ")
    if command not in get_args(Command):
        raise CaseError(f"expected a run such as 'settle 2026Q1' ≠ found {text}")
    return cast("Command", command), what if command == "settle-leaver" else Period.parse(what)


def _outcome(inputs: Inputs, ledger: Sequence[Entry], text: str) -> Outcome:
    return run(inputs, ledger, *run_of(text), "2026-01-31T00:00:00Z")


def _check_key_account(report: _Report, step: Step) -> None:
    """The share test of §2.1: ``61728.39 of 1234567.80 at 5%``."""
    account, _, company, _, share = step.key_account.split()
    found = key_accounts.is_key_account(fen(account), fen(company), rate_of(share))
    report.add("key account", str(step.expected.get("is")), "yes" if found else "no")


class _Report:
    """The differences of one step."""

    def __init__(self, step: str) -> None:
        self.step = step
        self.differences: list[Difference] = []

    def add(self, what: str, expected: object, found: object, differs: bool | None = None) -> None:  # noqa: FBT001 reads as a sentence
        if expected != found if differs is None else differs:
            self.differences.append(Difference(self.step, what, str(expected), str(found)))


def _told(outcome: Outcome) -> str:
    if errors := [problem for problem in outcome.problems if problem.severity == "error"]:
        return f"errors: {'; '.join(map(problem_text, errors))}"
    return f"{len(outcome.entries)} entries"


# --- figures and entries ----------------------------------------------------------------------


def _check_figures(report: _Report, step: Step, outcome: Outcome) -> None:
    by_person = {figures.salesperson_id: figures for figures in outcome.figures}
    for person, text in step.people.items():
        for name, amount in _pairs(text, "figure"):
            if name not in FIGURES:
                raise CaseError(f"expected one of {', '.join(FIGURES)} ≠ found {name}")
            figures = by_person.get(person)
            value = "no figures" if figures is None else yuan(getattr(figures, FIGURES[name]))
            report.add(f"{person} {name}", yuan(fen(amount)), value)


def _pairs(text: str, what: str) -> list[tuple[str, str]]:
    pairs = [part.split() for part in text.split(",")]
    if any(len(pair) != 2 for pair in pairs):
        raise CaseError(f"expected '{what} amount, …' ≠ found {text}")
    return [(pair[0], pair[1]) for pair in pairs]


def _check_entries(report: _Report, step: Step, entries: Sequence[Entry]) -> None:
    if "entries" in step.expected:
        report.add("entries booked", str(step.expected["entries"]), str(len(entries)))
    if step.expected.get("books") == "nothing":
        report.add("booked", "nothing", "; ".join(map(entry_text, entries)) or "nothing")
    elif "books" in step.expected:
        _match(report, step.expected["books"], [entry for entry in entries if entry.kind not in PAYMENTS])
    if "pays" in step.expected:
        _match(report, step.expected["pays"], [entry for entry in entries if entry.kind in PAYMENTS])


def _match(report: _Report, expected: object, entries: list[Entry]) -> None:
    left = list(entries)
    wanted = [str(text) for text in expected] if isinstance(expected, list) else [str(expected)]
    for text in wanted:
        is_it = entry_test(text)
        match = next((entry for entry in left if is_it(entry)), None)
        if match is None:
            report.add("entry", text, nearest(text, left))
        else:
            left.remove(match)
    for entry in left:
        report.add("entry", "none", entry_text(entry))


def _check_references(report: _Report, step: Step, ledger: Sequence[Entry], period: str) -> None:
    keeps = step.expected.get("keeps", {})
    if not isinstance(keeps, dict):
        raise CaseError("keeps names salespeople")
    for person, text in keeps.items():
        entries = [
            e for e in ledger if e.period == period and e.salesperson_id == person and e.kind in PAYMENTS
        ]
        reference = (
            dict(part.partition("=")[::2] for part in entries[-1].reference.split(";")) if entries else {}
        )
        for name, amount in _pairs(str(text), "name"):
            report.add(f"{person} Reference {name}", amount, reference.get(name, "none"))


# --- problems ---------------------------------------------------------------------------------


def _check_problems(report: _Report, step: Step, tables: Tables, problems: Sequence[Problem]) -> None:
    """Every listed problem is there; an error that no line names is a difference, a warning is not."""
    raw = step.expected.get("problems", [])
    unnamed = list(problems)
    for item in raw if isinstance(raw, list) else [raw]:
        matches = [problem for problem in unnamed if is_problem(item, tables, problem)]
        for problem in matches[:1]:
            unnamed.remove(problem)
        report.add("problem", item_text(item), listed(problems), not matches)
    for problem in unnamed:
        report.add("problem", "no further error", problem_text(problem), problem.severity == "error")
    forbidden = step.expected.get("no problem", [])
    for item in forbidden if isinstance(forbidden, list) else [forbidden]:
        for problem in problems:
            report.add(
                "no problem", item_text(item), problem_text(problem), is_problem(item, tables, problem)
            )


# --- what holds after every run ---------------------------------------------------------------


def _check_house_rules(
    report: _Report, inputs: Inputs, ledger: Sequence[Entry], outcome: Outcome, period: Period
) -> None:
    entries = outcome.entries
    numbers = [entry.entry for entry in entries]
    report.add("entry numbers", list(range(len(ledger) + 1, len(ledger) + 1 + len(entries))), numbers)
    number = ledger[-1].run + 1 if ledger else 1
    report.add("run numbers", {number} if entries else set(), {entry.run for entry in entries})
    for entry in entries:
        outside = entry.kind == "advance" and not entry.marks_run  # sheet Payments Made gives its Period
        if not outside:
            report.add(f"Period of {entry_text(entry)}", str(period), entry.period)
        report.add(f"clause of {entry_text(entry)}", CLAUSES[entry.kind], entry.clause)
    for kind in CELLS:
        cells = [
            (e.month, e.origin_month, e.account_id, e.salesperson_id, e.rate)
            for e in entries
            if e.kind == kind
        ]
        report.add(f"order of {kind}", sorted(cells), cells)
    first = not any(e.period == str(period) and e.kind in PAYMENTS and e.marks_run for e in ledger)
    first = first and not any(entry.kind == "exit_payment" for entry in entries)
    payees = sorted(e.salesperson_id for e in entries if e.kind in PAYMENTS and e.marks_run)
    people = sorted(person.salesperson_id for person in inputs.salespeople)
    report.add("a payment entry for each", people, payees, first and bool(entries) and payees != people)
    for person in outcome.figures:
        _check_conservation(report, person, [*ledger, *entries], period)


def _check_conservation(report: _Report, figures: Figures, ledger: Sequence[Entry], period: Period) -> None:
    """Paid is the Period's payments; where no later run and no open month counts, what is left is kept."""
    person = figures.salesperson_id
    own = [e for e in ledger if e.salesperson_id == person and e.period.startswith(str(period.year))]
    paid = sum(e.amount for e in own if e.kind in PAYMENTS and e.period == str(period))
    report.add(f"{person} paid = the Period's payments", yuan(paid), yuan(figures.paid))
    if period.kind == "month" or any(_order(Period.parse(e.period)) > _order(period) for e in own):
        return
    left = sum(-e.amount if e.kind in PAYMENTS else e.amount for e in own)
    kept = figures.withheld + figures.carried
    report.add(f"{person} earned − paid = withheld + carried", yuan(left), yuan(kept))


def _order(period: Period) -> tuple[int, bool]:
    return period.last_month, period.kind == "year"


def _check_again(
    report: _Report, inputs: Inputs, ledger: Sequence[Entry], what: str, outcome: Outcome
) -> None:
    try:
        again = _outcome(inputs, ledger, what)
    except Refused as refused:
        report.add("the same run again", "nothing booked", f"refused: {refused.message}")
        return
    report.add(
        "the same run again", "nothing booked", "; ".join(map(entry_text, again.entries)) or "nothing booked"
    )
    report.add("the same run again", outcome.figures, again.figures)
