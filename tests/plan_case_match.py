"""What a case's line says of an entry or a problem, and whether one is it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from keyaccount.ledger import Entry
from keyaccount.money import fen, number_text, yuan
from keyaccount.problems import Problem
from tests.plan_case_rows import FORMS, CaseError, Tables, rate_of

CELLS = ("commission", "correction", "prior_year")


def entry_text(entry: Entry) -> str:
    """Write an entry as a case does: ``commission S01 A1 2026-03 of 2026-01 net -10.00 at 0.02 = -0.20``."""
    parts = [entry.kind, entry.salesperson_id, entry.account_id, entry.month]
    if entry.origin_month != entry.month and entry.kind in CELLS:
        parts.append(f"of {entry.origin_month}")
    if entry.net_sales is not None:
        parts.append(f"net {yuan(entry.net_sales)}")
    if entry.rate is not None:
        parts.append(f"at {number_text(entry.rate)}")
    return " ".join([*(part for part in parts if part), f"= {yuan(entry.amount)}"])


def nearest(text: str, entries: Iterable[Entry]) -> str:
    """Give the entry that looks most like a line."""
    words = set(text.split())
    texts = sorted(map(entry_text, entries), key=lambda found: -len(words & set(found.split())))
    return texts[0] if texts else "none"


_ENTRY = re.compile(
    r"(?P<kind>\w+) (?P<person>S\d+)(?: (?P<account>A\d+))?(?: (?P<month>\d{4}-\d\d))?"
    r"(?: of (?P<origin>\d{4}-\d\d))?(?: net (?P<net>\S+))?(?: at (?P<rate>\S+))? = (?P<amount>\S+)"
)


def entry_test(text: str) -> Callable[[Entry], bool]:
    """Make the test of a line: what it leaves out is not looked at, but for the origin month."""
    match = _ENTRY.fullmatch(text)
    if match is None:
        raise CaseError(f"expected 'kind S01 A1 2026-01 of 2026-01 net … at … = …' ≠ found {text}")
    said = match.groupdict()
    checks: list[Callable[[Entry], bool]] = [
        lambda e: (
            e.kind == said["kind"]
            and e.salesperson_id == said["person"]
            and e.amount == fen(said["amount"] or "")
        ),
        lambda e: said["account"] is None or e.account_id == said["account"],
        lambda e: said["month"] is None or e.month == said["month"],
        lambda e: e.kind not in CELLS or e.origin_month == (said["origin"] or e.month),
        lambda e: said["net"] is None or e.net_sales == fen(said["net"]),
        lambda e: said["rate"] is None or e.rate == rate_of(said["rate"]),
    ]
    return lambda entry: all(check(entry) for check in checks)


def problem_text(problem: Problem) -> str:
    """Write a problem as a case does."""
    place = " ".join(
        part for part in (problem.table, f"row {problem.row}" if problem.row else "", problem.column) if part
    )
    return f"{problem.severity} in {place}: {_words(problem)}"


def _words(problem: Problem) -> str:
    sentence = f"{problem.problem} {problem.remedy}".format(**problem.details)
    return f"{sentence} [{problem.value}]"


def says(message: str, words: str) -> bool:
    """Tell whether a message holds all words, parted by ``…``."""
    return all(word.strip().lower() in message.lower() for word in words.split("…"))


def listed(problems: Iterable[Problem]) -> str:
    """Write problems in a line."""
    return " | ".join(map(problem_text, problems)) or "no problem"


def item_text(item: object) -> str:
    """Give a line of ``problems`` as text, also where YAML made ``where: words`` a mapping of it."""
    return ": ".join(next(iter(item.items()))) if isinstance(item, dict) else str(item)


_PROBLEM = re.compile(
    r"(?P<severity>error|warning)(?: in (?P<table>.+?))?(?: row (?P<row>\S+)(?: (?P<column>.+))?)?"
)


def is_problem(item: object, tables: Tables, problem: Problem) -> bool:
    """Tell whether a problem is the one of ``error in Sales row S2 Discount: above``."""
    where, _, words = item_text(item).partition(": ")
    match = _PROBLEM.fullmatch(where)
    if match is None or (match["table"] and match["table"] not in FORMS):
        raise CaseError(f"expected 'error in Sales row S2 Discount: words' ≠ found {where}")
    return (
        problem.severity == match["severity"]
        and match["table"] in {None, problem.table}
        and (match["row"] is None or problem.row == _sheet_row(tables, problem.table, match["row"]))
        and match["column"] in {None, problem.column}
        and says(_words(problem), words)
    )


def _sheet_row(tables: Tables, table: str, key: str) -> int:
    """Find a row by its first column, else by its sheet row."""
    if table not in FORMS:
        return -1
    found = [i for i, row in enumerate(tables.get(table, []), 2) if next(iter(row.values())) == key]
    return found[0] if found else int(key) if key.isdigit() else -1
