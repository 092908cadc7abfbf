"""The two checks that every small table needs: a row for somebody unknown, a row that is there twice."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator

from keyaccount.problems import Problem, error


def unknown_salespeople(
    table: str, named: Iterable[tuple[int, str]], people: Collection[str], column: str = "Salesperson ID"
) -> Iterator[Problem]:
    """List (row, salesperson ID) that is not on sheet Salespeople."""
    for row, person in named:
        if person not in people:
            yield error(
                table,
                row,
                column,
                person,
                "Salesperson {person} is not on sheet Salespeople.",
                "Correct the ID, or add the salesperson; several IDs are separated by a semicolon.",
                rests_on=("Salespeople",),
                person=person,
            )


def repeated(
    table: str, column: str, keys: Iterable[tuple[int, Hashable, str]], problem: str, remedy: str
) -> Iterator[Problem]:
    """List (row, key, value shown) whose key an earlier row has; details: ``{key}``, ``{first}``."""
    seen: dict[Hashable, int] = {}
    for row, key, shown in keys:
        first = seen.setdefault(key, row)
        if first != row:
            yield error(table, row, column, shown, problem, remedy, key=shown, first=first)
