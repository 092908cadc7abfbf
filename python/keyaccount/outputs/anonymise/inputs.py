"""The input tables of an anonymised copy: each column by what it holds; other texts are removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from keyaccount import tables
from keyaccount.outputs.anonymise.aliases import IDS, Aliases, each
from keyaccount.policies import POLICIES
from keyaccount.problems import N_
from keyaccount.tables import Column, Table
from keyaccount.translation import localised

Digests = Mapping[str, str]
"""The ledger's digests after each run, and those of the copy."""
KEPT_KINDS = frozenset(
    {"word", "yes_no", "amount", "rate", "number", "integer", "day", "moment", "month", "period"}
)
"""What says nothing of a person: words of the plan, amounts, numbers and dates."""
_PERSONS = frozenset({"approved_by", "prepared_by", "reviewed_by", "answered_by"})
_NUMBERED = {
    "department": "department",
    "industry": "industry",
    "document_no": "document",
    "voucher": "document",
}
_STATES = frozenset({"open", "closed", "answered", "done", "处理中", "已答复", "已关闭", "已处理"})
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COMPANY = N_("Anonymised copy (the ledger's digests were made anew)")


def anonymous(
    table: Table, columns: Mapping[str, Sequence[object]], aliases: Aliases, digests: Digests
) -> dict[str, list[object]]:
    """Give a table's columns as the copy has them."""
    made = {}
    for column in table.columns:
        if column.field in columns:
            made[column.field] = _column(table, column, columns, aliases, digests)
    if table is tables.POLICIES:
        _policies(made, columns, aliases)
    return made


def _column(
    table: Table,
    column: Column,
    columns: Mapping[str, Sequence[object]],
    aliases: Aliases,
    digests: Digests,
) -> list[object]:
    values = columns[column.field]
    if column.kind in KEPT_KINDS:
        return list(values)
    if column.field in IDS:
        return [_id(IDS[column.field], value, aliases) for value in values]
    if column.field == "name":
        kind = "account" if table is tables.ACCOUNTS else "salesperson"
        ids = columns[f"{kind}_id"]
        return [aliases.name(kind, str(i)) if v else v for i, v in zip(ids, values, strict=True)]
    return each(values, _text(column, aliases, digests))


def _id(kind: str, value: object, aliases: Aliases) -> object:
    if isinstance(value, tuple):
        return tuple(aliases.id(kind, one) for one in value)
    return aliases.id(kind, value) if isinstance(value, str) else value


def _text(column: Column, aliases: Aliases, digests: Digests) -> Callable[[str], str]:
    """Give what a text of a column becomes."""
    if column.kind == "tier":
        return aliases.tier
    if column.field in _PERSONS:
        return lambda value: aliases.other("person", value)
    if column.field in _NUMBERED:
        return lambda value: aliases.other(_NUMBERED[column.field], value)
    if column.field == "ledger_digest":
        return lambda value: _digest(value, digests, aliases)
    if column.field == "status":
        return lambda value: value if value.casefold() in _STATES else aliases.removed
    return lambda _value: aliases.removed


def _digest(value: str, digests: Digests, aliases: Aliases) -> str:
    """Give the copy's digest for one that an approval names, all of it or its first digits."""
    made = next((new for old, new in digests.items() if old.startswith(value.lower())), "")
    return made[: len(value)] if made else aliases.removed


def _policies(
    made: dict[str, list[object]], columns: Mapping[str, Sequence[object]], aliases: Aliases
) -> None:
    """Keep policies and their values as far as they are the plan's; the company's name goes."""
    policies = list(map(str, columns["policy"]))
    made["policy"] = [name if name in POLICIES else aliases.other("policy", name) for name in policies]
    made["value"] = [
        _setting(name, value, aliases) for name, value in zip(policies, columns["value"], strict=True)
    ]
    if "company" not in policies:
        for name, values in made.items():
            values.append("company" if name == "policy" else None)
        policies.append("company")
    said = localised(COMPANY, aliases.language)
    made["value"] = [
        said if name == "company" else value for name, value in zip(policies, made["value"], strict=True)
    ]


def _setting(name: str, value: object, aliases: Aliases) -> object:
    text = str(value or "")
    policy = POLICIES.get(name)
    known = policy is not None and text.lower() in policy.words
    return value if not text or known or _NUMBER.fullmatch(text) or _DAY.fullmatch(text) else aliases.removed
