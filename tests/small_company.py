"""A company of two accounts for tests of single rules: tables to replace, problems as lines of text."""

from __future__ import annotations

from keyaccount.company import Company
from keyaccount.periods import Period
from keyaccount.problems import Problem
from keyaccount.tables import Inputs
from tests.plan_case_rows import inputs_of, row_of

ROWS = {
    "Tiers": ["strategic 2%", "core 1.5%", "important 1%"],
    "Accounts": ["A1", "A2"],
    "Account Tiers": ["A1 strategic from 2020-01-01", "A2 core from 2020-01-01"],
    "Salespeople": ["S01", "S02"],
    "Assignments": ["A1 S01 100% from 2020-01-01", "A2 S01 100% from 2020-01-01"],
    "Sales": ["S1 2026-01-10 A1 1000.00"],
}


def workbook(**other: list[str]) -> Inputs:
    named = {table.replace("_", " "): rows for table, rows in other.items()}
    return inputs_of(
        {table: [row_of(table, text) for text in rows] for table, rows in {**ROWS, **named}.items()}
    )


def said(problems: list[Problem]) -> list[str]:
    return [
        f"{one.severity} {one.table} {one.row} {one.column} {one.value}: {one.sentence}" for one in problems
    ]


def found(period: str = "2026Q1", **other: list[str]) -> list[str]:
    """Write what is wrong with a workbook as the run of a period sees it."""
    return said(Company(workbook(**other), Period.parse(period).last_day).problems)
