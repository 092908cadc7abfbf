"""The core beside the reference: both run the same steps, and every figure of both is put in one form."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from random import Random
from typing import Any

from keyaccount import money, settlement
from keyaccount.ledger import Entry
from keyaccount.periods import Period
from keyaccount.problems import Refused
from keyaccount.tables import Inputs
from tests import companies, company_runs, reference
from tests.company import Company

COMPARED = (
    "period",
    "kind",
    "salesperson_id",
    "amount",
    "account_id",
    "month",
    "origin_month",
    "net_sales",
    "rate",
    "figures",
)


@dataclass
class Outcome:
    """What a run gave, in the same form for both sides."""

    verdict: str
    entries: list[dict[str, Any]] = field(default_factory=list)
    figures: list[dict[str, Any]] = field(default_factory=list)
    why: str = ""


def by_core(inputs: Inputs, ledger: list[Entry], command: str, period: str) -> tuple[Outcome, list[Entry]]:
    """Run the core; gives its outcome in plain form and the entries themselves."""
    try:
        what = period if command == "settle-leaver" else Period.parse(period)
        outcome = settlement.run(inputs, ledger, command, what)  # type: ignore[arg-type]
    except Refused as refused:
        return Outcome("refused", why=refused.message), []
    errors = [problem for problem in outcome.problems if problem.severity == "error"]
    if errors:
        assert not outcome.entries
        assert not outcome.figures
        return Outcome("errors", why="; ".join(f"{p.table} {p.row}: {p.problem}" for p in errors)), []
    figures = [{name: getattr(one, name) for name in reference.SHOWN_FIGURES} for one in outcome.figures]
    return Outcome("done", [plain(e) for e in outcome.entries], figures), list(outcome.entries)


def by_reference(inputs: Inputs, ledger: list[dict[str, Any]], command: str, period: str) -> Outcome:
    """Run the reference."""
    result = reference.run(inputs, ledger, command, period)
    if result.errors:
        return Outcome("errors", why="; ".join(sorted(result.errors)))
    if result.refused is not None:
        return Outcome("refused", why=result.refused)
    return Outcome("done", result.entries, result.figures)


def plain(entry: Entry) -> dict[str, Any]:
    """Turn a ledger entry into the reference's form."""
    made: dict[str, Any] = {name: getattr(entry, name) for name in COMPARED[:-1]}
    made["rate"] = None if entry.rate is None else Fraction(entry.rate)
    made["figures"] = kept_figures(entry.reference) if entry.marks_run else None
    paid_outside = entry.kind == "advance" and not entry.marks_run
    made["voucher"] = entry.reference if paid_outside else ""
    if entry.kind == "year_end_payment":
        made["figures"].setdefault("target", None)  # without a target nothing is kept
    return made


def kept_figures(text: str) -> dict[str, int | None]:
    """Read the figures that a payment entry keeps in its Reference: ``E=1.00;P=0.00;…``."""
    pairs = [pair.split("=", 1) for pair in text.split(";")]
    return {name: money.fen(value) if value else None for name, value in pairs}


def differences(expected: Outcome, found: Outcome) -> list[str]:
    """Say where the core (found) differs from the reference (expected); nothing when they agree."""
    if expected.verdict != found.verdict:
        return [f"expected {expected.verdict} ({expected.why}) ≠ found {found.verdict} ({found.why})"]
    told = []
    for name in ("entries", "figures"):
        wanted, got = getattr(expected, name), getattr(found, name)
        missing = [one for one in wanted if one not in got]
        spare = [one for one in got if one not in wanted]
        told += [f"{name}: expected {short(one)}" for one in missing]
        told += [f"{name}: ≠ found {short(one)}" for one in spare]
        if not missing and not spare and wanted != got:
            told.append(f"{name}: the order is not the expected one: {[short(one) for one in got]}")
    return told


def short(row: dict[str, Any]) -> str:
    """Write an entry without its blank fields."""
    return ", ".join(f"{name} {value}" for name, value in row.items() if value not in ("", None))


def compare(seed: int) -> tuple[int, str]:
    """Run a random company step by step on both sides; gives the number of runs and the first difference."""
    random = Random(seed)
    made = companies.company(random)
    ours: list[dict[str, Any]] = []
    theirs: list[Entry] = []
    story, failed, count = [], 0, 0
    for command, period in company_runs.runs(random, made):
        draft: Company = made.copy()
        if random.random() < 0.35:
            story.append(company_runs.edit(random, draft))
        story.append(f"{command} {period}")
        inputs = draft.inputs()
        expected = by_reference(inputs, ours, command, period)
        found, booked = by_core(inputs, theirs, command, period)
        count += 1
        told = differences(expected, found)
        if told:
            where = f"seed {seed}, after: {', '.join(story)}"
            return count, "\n".join([where, *told, "company:", str(draft)])
        failed = failed + 1 if expected.verdict == "errors" else 0
        if failed == 2:
            break
        if not failed:
            made = draft
        ours += expected.entries
        theirs += booked
    return count, ""
