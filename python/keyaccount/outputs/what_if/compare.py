"""The comparison of plans: the same runs under today's plan and under each scenario's."""

from __future__ import annotations

from collections.abc import Sequence

from keyaccount.book import Book, Stamp
from keyaccount.outputs.what_if.comparison import Changed, Comparison, Plan
from keyaccount.outputs.what_if.replay import Outcome, Runs, paid_by_run, replayed, runs_for
from keyaccount.outputs.what_if.scenario import Scenario, canonical, changed, value_on
from keyaccount.periods import Period
from keyaccount.problems import ProblemsFound, UsageError
from keyaccount.tables import Inputs
from keyaccount.translation import Language, localised


def what_if(
    book: Book,
    period: Period,
    scenarios: Sequence[Scenario],
    stamp: Stamp | None = None,
    language: Language | None = None,
) -> Comparison:
    """Compare today's plan with changed ones over the same sales; books nothing and writes nothing.

    For a period that has not been run: what its run would pay on the ledger as it is, a change of closed
    quarters included as a correction. For one that has: the plan year is run once more from its beginning
    through the period, under each plan, from today's data. Amounts are of the year to date, but for what is
    paid in the period. Raises ``UsageError`` for an unknown name or a value that is not taken (with the
    nearest names, or the cell's remedy), ``ProblemsFound`` where a plan or the workbook holds errors, and
    ``Refused`` where the plan's order does not allow the period's run.
    """
    if not scenarios:
        raise UsageError("Nothing is changed.", "Name what to change, such as --set advance_rate=0.7.")
    inputs = book.read.inputs
    spoken = language or book.read.language
    if not book.readable:
        raise ProblemsFound(
            "The workbook holds errors: plans cannot be compared before they are corrected.",
            "`keyaccount check` lists each with its cell.",
        )
    named = _named_apart(scenarios, spoken)
    changed_inputs = [changed(inputs, each.changes, period.year) for each in scenarios]
    runs = runs_for(inputs, book.ledger, period)
    today = Plan("", (), _outcome(book, inputs, runs, period, "", spoken))
    plans = [
        Plan(
            each.name,
            _told(each, inputs, made, period),
            _outcome(book, made, runs, period, each.name, spoken),
        )
        for each, made in zip(named, changed_inputs, strict=True)
    ]
    return Comparison(
        period=period,
        language=spoken,
        again=runs.again,
        plans=(today, *plans),
        names={row.salesperson_id: row.name for row in inputs.salespeople},
        account_names={row.account_id: row.name for row in inputs.accounts},
        tier_order=tuple(dict.fromkeys(row.tier for row in inputs.tiers)),
        booked=paid_by_run(book.ledger, period) if runs.again else None,
        made_at=stamp.booked_at if stamp else "",
        book_name=book.package.path.name,
    )


def _outcome(
    book: Book, inputs: Inputs, runs: Runs, period: Period, scenario: str, language: Language
) -> Outcome:
    outcome = replayed(inputs, runs, period)
    if not outcome.failed:
        return outcome
    errors = [each for each in outcome.problems if each.severity == "error"]
    found = book.findings(errors, language)[0]
    if not scenario:
        raise ProblemsFound(
            "The workbook holds errors: plans cannot be compared before they are corrected.",
            "`keyaccount check` lists each with its cell.",
        )
    raise ProblemsFound(
        "Under scenario {scenario} the workbook has errors: {problem}",
        "What to do: {remedy}",
        scenario=scenario,
        problem=found.problem,
        remedy=found.remedy,
    )


def _named_apart(scenarios: Sequence[Scenario], language: Language) -> list[Scenario]:
    """Call a scenario without a name by its change or number; number those of one name."""
    names = [each.name or _called(each, place, language) for place, each in enumerate(scenarios, start=1)]
    scenarios = [Scenario(name, each.changes) for name, each in zip(names, scenarios, strict=True)]
    return [
        Scenario(f"{each.name} ({place + 1})", each.changes) if names.count(each.name) > 1 else each
        for place, each in enumerate(scenarios)
    ]


def _called(scenario: Scenario, place: int, language: Language) -> str:
    only = scenario.changes[0]
    if len(scenario.changes) == 1 and only.start is None:
        return f"{only.name}={only.value}"
    return localised("Scenario {number}", language, number=place)


def _told(scenario: Scenario, inputs: Inputs, made: Inputs, period: Period) -> tuple[Changed, ...]:
    """Tell what the scenario changes: today's value on its day, and the new one."""
    told = []
    for given in scenario.changes:
        change = canonical(given, inputs)
        start = change.start or Period("year", period.year).last_day.replace(month=1, day=1)
        before = value_on(inputs, change.name, start)
        told.append(Changed(change.name, before, value_on(made, change.name, start), start))
    return tuple(told)
