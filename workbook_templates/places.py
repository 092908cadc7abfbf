"""Where a table's columns stand in the templates, and the workbook's names for them.

Drop-downs and highlights refer to other sheets by these names only: every Excel since 2007 takes them so, and
LibreOffice too. The names are the same in both languages.
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from keyaccount.policies import POLICIES
from keyaccount.tables import TABLE, Column, Table
from keyaccount.workbook.shipped import EXTRAS, Language

LAST_ROW = 1_048_576
SMALL_LAST_ROW = 5_000
BIG = ("Sales", "Adjustments", "Maintenance")
"""Tables whose drop-downs and highlights reach to the end of the sheet."""
LISTS = {"en": "Lists", "zh": "列表"}
"""The hidden sheet of what policies take."""
MOST_CHOICES = max(len(policy.words) for policy in POLICIES.values())

_GROWING = {
    "AccountIDs": ("Accounts", "account_id"),
    "TieredAccountIDs": ("Account Tiers", "account_id"),
    "AssignedAccountIDs": ("Assignments", "account_id"),
    "SalespersonIDs": ("Salespeople", "salesperson_id"),
    "TierNames": ("Tiers", "tier"),
}
"""Lists as long as their table is filled."""
_WHOLE = {
    "SaleIDs": ("Sales", "sale_id"),
    "SaleDates": ("Sales", "date"),
    "SaleAccountIDs": ("Sales", "account_id"),
    "PolicyRows": ("Policies", "policy"),
    "PolicyRowValues": ("Policies", "value"),
}


def title_of(table: Table, language: Language) -> str:
    """Give an input sheet's title."""
    return table.zh[0] if language == "zh" else table.name


def header_of(column: Column, language: Language) -> str:
    """Give an input column's header."""
    return column.zh[0] if language == "zh" else column.en


def columns_of(table: Table) -> list[Column]:
    """Give a table's columns and, behind them, those that the template adds to explain."""
    added = (
        Column(name, english, (chinese,), "text") for name, english, chinese in EXTRAS.get(table.name, ())
    )
    return [*table.columns, *added]


def letter_of(table: Table, field: str) -> str:
    """Give a column's letter."""
    letter: str = get_column_letter([column.field for column in table.columns].index(field) + 1)
    return letter


def last_row(table: Table) -> int:
    """Give the last row that drop-downs and highlights reach."""
    return LAST_ROW if table.name in BIG else SMALL_LAST_ROW


def area(table: Table, field: str) -> str:
    """Give the range of a column below its header: ``$A$2:$A$5000``."""
    letter = letter_of(table, field)
    return f"${letter}$2:${letter}${last_row(table)}"


def names(language: Language) -> dict[str, str]:
    """Give the workbook's names and what they stand for."""
    result = {}
    for name, (table_name, field) in _GROWING.items():
        table = TABLE[table_name]
        sheet, whole = f"'{title_of(table, language)}'!", area(table, field)
        letter = letter_of(table, field)
        result[name] = f"{sheet}${letter}$2:INDEX({sheet}{whole},MAX(1,COUNTA({sheet}{whole})))"
    for name, (table_name, field) in _WHOLE.items():
        table = TABLE[table_name]
        result[name] = f"'{title_of(table, language)}'!{area(table, field)}"
    end, last = len(POLICIES) + 1, get_column_letter(MOST_CHOICES + 4)
    for name, columns in (
        ("PolicyNames", f"$A$2:$A${end}"),
        ("PolicyLows", f"$B$2:$B${end}"),
        ("PolicyHighs", f"$C$2:$C${end}"),
        ("PolicyCounts", f"$D$2:$D${end}"),
        ("PolicyChoices", f"$E$2:${last}${end}"),
    ):
        result[name] = f"'{LISTS[language]}'!{columns}"
    return dict(sorted(result.items()))


def lists_rows() -> list[list[object]]:
    """Give the rows of the hidden sheet: policy, lowest, highest, how many choices, choices."""
    rows: list[list[object]] = [["Policy", "Low", "High", "Choices"]]
    for policy in POLICIES.values():
        number = policy.low is not None and policy.high is not None
        choices = policy.words or ((float(policy.shipped),) if number else ())
        bounds = (
            [float(policy.low), float(policy.high)]
            if policy.low is not None and policy.high is not None
            else [None, None]
        )
        rows.append([policy.name, *bounds, len(choices), *choices])
    return rows
