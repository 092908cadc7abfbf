"""What the templates colour before the program is asked: red would stop a run, amber is worth a look.

A formula is written for the row below the header, with columns by field name: ``{share}`` is that
row's cell, ``{share:all}`` the whole column, ``{share:next}`` the rows below. No formula is volatile, and
none of Sales looks through all of its rows. Excel's own rule for duplicates is not used, nor COUNTIF for IDs:
they take texts of digits for numbers, and 20-digit invoice numbers for equal after 15 digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from keyaccount.tables import WORDS, Table
from workbook_templates.places import area, last_row, letter_of

Severity = Literal["error", "look"]
_NEXT_ROWS = 2_000
"""How far below a sale's number is looked for again: all rows for each row would take minutes."""


@dataclass(frozen=True)
class Highlight:
    """The cells (sqref), the formula for their first row, and the colour."""

    cells: str
    formula: str
    severity: Severity


@dataclass(frozen=True)
class _Place:
    table: Table
    field: str

    def __format__(self, what: str) -> str:
        letter = letter_of(self.table, self.field)
        if what == "next":
            return f"${letter}3:${letter}{2 + _NEXT_ROWS}"
        return area(self.table, self.field) if what == "all" else f"${letter}2"


def _unlisted(*names: str, allowed: str = "") -> str:
    found = "+".join(f'SUMPRODUCT(--({name}&""={{cell}}&""))' for name in names)
    return f'AND({{cell}}<>"",{found}=0{allowed})'


_ANYWHERE = ("AccountIDs", "TieredAccountIDs", "AssignedAccountIDs")
_UNKNOWN_PERSON = _unlisted("SalespersonIDs")
_NOT_IGNORED = ',COUNTIFS(PolicyRows,"unknown_accounts",PolicyRowValues,"ignore")=0'
_NEGATIVE = ("Sales", "Adjustments", "Targets")
_PARTS = (("Assignments", "share"), ("Tiers", "rate"), ("Adjustments", "vat_rate"))
_MANY_FENS = "ABS({cell}-ROUND({cell},2))>0.000001"

_IN_FORCE = (  # begun by the day, less those that ended before it
    'ROUND(SUMIFS({{share:all}},{{account_id:all}},{{account_id}},{{start:all}},"<="&{0})'
    '-SUMIFS({{share:all}},{{account_id:all}},{{account_id}},{{start:all}},"<="&{0},{{end:all}},"<"&{0}),6)'
)
_ON_START, _AFTER_END = _IN_FORCE.format("{start}"), _IN_FORCE.format("({end}+1)")
_POLICY = "MATCH({policy},PolicyNames,0)"
_SALE = 'IFERROR(MATCH({sale_id}&"",SaleIDs,0),MATCH(--{sale_id},SaleIDs,0))'
_BOUND = 'INDEX(PolicyRowValues,MATCH("{0}",PolicyRows,0))'


def _once(*fields: str) -> str:
    """Say that no two rows have the same values in these columns (blank: blank)."""
    same = "*".join(f"({{{field}:all}}={{{field}}})" for field in fields)
    return f'AND({{{fields[0]}}}<>"",SUMPRODUCT({same})>1)'


def _lacks(kind: str, field: str) -> str:
    """Say that a row of the maintenance log lacks what its kind needs."""
    return f'AND(OR({{kind}}="{kind}",{{kind}}="{WORDS["maintenance"][kind][0]}"),{{{field}}}="")'


_Rule = tuple[tuple[str, ...], str, Severity]
_RULES: dict[str, tuple[_Rule, ...]] = {
    "Policies": (
        (("policy",), f'AND({{policy}}<>"",ISNA({_POLICY}))', "error"),
        (("policy", "effective_from"), _once("policy", "effective_from"), "error"),
        (("value",), f'AND({{value}}="",IFERROR(INDEX(PolicyCounts,{_POLICY}),0)>0)', "error"),
        (
            ("value",),
            (
                f'AND({{value}}<>"",IFERROR(INDEX(PolicyCounts,{_POLICY}),0)>1,'
                f"ISNA(MATCH({{value}},INDEX(PolicyChoices,{_POLICY},0),0)))"
            ),
            "error",
        ),
        (
            ("value",),
            (
                f"AND(ISNUMBER({{value}}),IFERROR(INDEX(PolicyCounts,{_POLICY}),0)=1,"
                f"IFERROR(OR({{value}}<INDEX(PolicyLows,{_POLICY}),{{value}}>INDEX(PolicyHighs,{_POLICY})),FALSE))"
            ),
            "error",
        ),
    ),
    "Tiers": ((("tier", "effective_from"), _once("tier", "effective_from"), "error"),),
    "Accounts": ((("account_id",), _once("account_id"), "error"),),
    "Account Tiers": (
        (("tier",), _unlisted("TierNames").replace("{cell}", "{tier}"), "error"),
        (("account_id", "effective_from"), _once("account_id", "effective_from"), "error"),
        (("account_id",), _unlisted("AccountIDs").replace("{cell}", "{account_id}"), "look"),
    ),
    "Salespeople": (
        (("salesperson_id",), _once("salesperson_id"), "error"),
        (("left",), 'AND({left}<>"",{joined}<>"",{left}<{joined})', "error"),
    ),
    "Assignments": (
        (("end",), 'AND({end}<>"",{end}<{start})', "error"),
        (
            ("account_id", "salesperson_id", "start", "end"),
            (
                "SUMPRODUCT(({account_id:all}={account_id})*({salesperson_id:all}={salesperson_id})"
                '*({start:all}<=IF({end}="",99999,{end}))*((({end:all}="")+({end:all}>={start}))>0))>1'
            ),
            "error",
        ),
        (
            ("share",),
            f"AND(ISNUMBER({{start}}),ISNUMBER({{share}}),ROUND(ABS({_ON_START}-1),6)>0.0001)",
            "error",
        ),
        (
            ("end",),
            f"AND(ISNUMBER({{end}}),{_AFTER_END}<>0,ROUND(ABS({_AFTER_END}-1),6)>0.0001)",
            "look",
        ),
        (
            ("account_id",),
            _unlisted("AccountIDs", "TieredAccountIDs").replace("{cell}", "{account_id}"),
            "look",
        ),
    ),
    "Sales": (
        (("sale_id",), "ISNUMBER(MATCH({sale_id},{sale_id:next},0))", "error"),
        (("gross", "discount"), "AND(ISNUMBER({discount}),{discount}>N({gross}))", "error"),
    ),
    "Adjustments": (
        (("adjustment_id",), "ISNUMBER(MATCH({adjustment_id},{adjustment_id:next},0))", "error"),
        (
            ("original_date",),
            "AND(ISNUMBER({original_date}),ISNUMBER({date}),{original_date}>{date})",
            "error",
        ),
        (("sale_id",), f'AND({{sale_id}}<>"",{{original_date}}="",ISERROR({_SALE}))', "error"),
        (("sale_id",), f'AND({{sale_id}}<>"",{{original_date}}<>"",ISERROR({_SALE}))', "look"),
        (
            ("sale_id",),
            (
                f'IFERROR(OR(INDEX(SaleAccountIDs,{_SALE})&""<>{{account_id}}&"",INDEX(SaleDates,{_SALE})>{{date}}),'
                "FALSE)"
            ),
            "error",
        ),
        (
            ("sale_id", "original_date"),
            'AND({adjustment_id}<>"",{sale_id}="",{original_date}="")',
            "look",
        ),
    ),
    "Targets": ((("salesperson_id", "year"), _once("salesperson_id", "year"), "error"),),
    "Company Sales": ((("month",), _once("month"), "error"),),
    "Maintenance": (
        (("first_response",), "AND(ISNUMBER({first_response}),{first_response}<{opened})", "error"),
        (("closed",), "AND(ISNUMBER({closed}),{closed}<{opened})", "error"),
        (("closed",), "AND(ISNUMBER({closed}),{closed}<{first_response})", "look"),
        (("opened",), _lacks("issue", "opened"), "look"),
        (("satisfaction",), _lacks("feedback", "satisfaction"), "look"),
    ),
    "Scorecard": (
        (
            ("weight",),
            (
                'AND({effective_from}="",ISNUMBER({weight}),'
                'ROUND(SUMPRODUCT(({effective_from:all}="")*{weight:all}),6)<>100)'
            ),
            "error",
        ),
    ),
    "Year-End Review": (
        (("salesperson_id", "year"), _once("salesperson_id", "year"), "error"),
        (("reason",), 'AND({coefficient}<>"",LEN(TRIM({reason}))=0)', "error"),
        (("approved_by",), 'AND({coefficient}<>"",LEN(TRIM({approved_by}))=0)', "error"),
        (
            ("coefficient",),
            (
                f"AND(ISNUMBER({{coefficient}}),IFERROR(OR({{coefficient}}<{_BOUND.format('coefficient_min')},"
                f"{{coefficient}}>{_BOUND.format('coefficient_max')}),FALSE))"
            ),
            "error",
        ),
    ),
    "Opening Balances": (
        (("salesperson_id", "year"), _once("salesperson_id", "year"), "error"),
        (("amount",), "AND(ISNUMBER({amount}),{amount}>0)", "look"),
    ),
    "Prior Years": ((("salesperson_id", "year"), _once("salesperson_id", "year"), "error"),),
    "Approvals": (
        (
            ("prepared_by", "reviewed_by", "approved_by"),
            (
                'OR(AND({prepared_by}<>"",OR({prepared_by}={reviewed_by},{prepared_by}={approved_by})),'
                'AND({reviewed_by}<>"",{reviewed_by}={approved_by}))'
            ),
            "error",
        ),
    ),
}


def highlights(table: Table) -> Iterator[Highlight]:
    """Give a table's highlights, the most serious first."""
    rules = [*_RULES.get(table.name, ()), *_by_column(table)]
    fields = {column.field: _Place(table, column.field) for column in table.columns}
    for severity in ("error", "look"):
        for names, formula, found in rules:
            if found == severity:
                yield Highlight(_cells(table, names), formula.format(**fields), severity)
        if severity == "error":
            yield from _blanks(table)


def _by_column(table: Table) -> Iterator[_Rule]:
    """Give what a column's kind says: IDs are known, amounts have two decimals, shares are at most 1."""
    own = {"Accounts": "account_id", "Salespeople": "salesperson_id"}.get(table.name)
    for column in table.columns:
        cell = f"{{{column.field}}}"
        formula = ""
        if column.field == "account_id" and column.field != own:
            if table.name in ("Sales", "Adjustments", "Maintenance"):
                formula = _unlisted(*_ANYWHERE, allowed=_NOT_IGNORED)
        elif column.field == "salesperson_id" and column.field != own:
            formula = _UNKNOWN_PERSON
        elif column.kind == "amount":
            below = "{cell}<0," if table.name in _NEGATIVE else ""
            formula = f"AND(ISNUMBER({{cell}}),OR({below}{_MANY_FENS}))"
        elif (table.name, column.field) in _PARTS:
            formula = "AND(ISNUMBER({cell}),OR({cell}<0,{cell}>1))"
        if formula:
            yield (column.field,), formula.replace("{cell}", cell), "error"


def _blanks(table: Table) -> Iterator[Highlight]:
    """Colour what is blank and must not be, in rows that are not blank altogether."""
    last = letter_of(table, table.columns[-1].field)
    numbered = enumerate(table.columns)
    for filled, run in groupby(numbered, key=lambda pair: pair[1].filled):
        if filled:
            fields = [column.field for _, column in run]
            first, end = letter_of(table, fields[0]), letter_of(table, fields[-1])
            formula = f"AND(COUNTA($A2:${last}2)>0,LEN(TRIM({first}2))=0)"
            yield Highlight(f"{first}2:{end}{last_row(table)}", formula, "error")


def _cells(table: Table, fields: tuple[str, ...]) -> str:
    letters = (letter_of(table, field) for field in fields)
    return " ".join(f"{letter}2:{letter}{last_row(table)}" for letter in letters)
