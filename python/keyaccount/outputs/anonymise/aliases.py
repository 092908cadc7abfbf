"""What stands for whom in an anonymised copy: the same for the same everywhere, IDs in the same order.

The order of IDs as text decides where the last fen of a split goes (§3.2), so aliases keep it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from keyaccount.ledger import Entry
from keyaccount.problems import N_
from keyaccount.tables import TIERS, WORDS
from keyaccount.translation import Language, localised

Columns = Mapping[str, Mapping[str, Sequence[object]]]
"""Typed columns by English sheet name and field."""
IDS: Mapping[str, str] = {
    "account_id": "account",
    "salesperson_id": "salesperson",
    "credited_to": "salesperson",
    "sale_id": "sale",
    "adjustment_id": "adjustment",
}
"""The fields that hold IDs, and of what."""
_LETTERS = {"account": "A", "salesperson": "S", "sale": "N", "adjustment": "R"}
_NAMED = {
    "account": N_("Account {number}"),
    "salesperson": N_("Salesperson {number}"),
    "department": N_("Department {number}"),
    "industry": N_("Industry {number}"),
    "person": N_("Person {number}"),
    "document": N_("Document {number}"),
    "user": N_("User {number}"),
    "computer": N_("Computer {number}"),
    "tier": N_("Tier {number}"),
    "policy": N_("Policy {number}"),
}
REMOVED = N_("(removed)")
_LEAST_DIGITS = 3


@dataclass(slots=True)
class Aliases:
    """The aliases of a workbook, by what they stand for."""

    language: Language
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    others: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def removed(self) -> str:
        """What stands in the place of a text."""
        return localised(REMOVED, self.language)

    def id(self, kind: str, value: str) -> str:
        """Give an ID's alias; blank stays blank."""
        return self.ids[kind][value] if value else value

    def name(self, kind: str, value: str) -> str:
        """Give the name of an account or salesperson, by their ID."""
        return self.names[kind][value]

    def other(self, kind: str, value: str) -> str:
        """Give the alias of a person, department, document, … , numbered as they come."""
        if not value:
            return value
        known = self.others.setdefault(kind, {})
        return known.setdefault(value, self._named(kind, len(known) + 1))

    def _named(self, kind: str, number: int) -> str:
        return localised(_NAMED[kind], self.language, number=f"{number:0{_LEAST_DIGITS}}")

    def tier(self, value: str) -> str:
        """Give a tier: the plan's own as they are, a company's by number."""
        return value if value in WORDS["tier"] else self.other("tier", value)


def aliases_of(
    columns: Columns, ledger: Sequence[Entry], language: Language, *, keep_ids: bool = False
) -> Aliases:
    """Number all IDs that are in the inputs or the ledger, in their order as text."""
    found: dict[str, set[str]] = {kind: set() for kind in _LETTERS}
    for fields in columns.values():
        for name, kind in IDS.items():
            for value in fields.get(name, ()):
                found[kind].update(value if isinstance(value, tuple) else (str(value or ""),))
    found["account"].update(entry.account_id for entry in ledger)
    found["salesperson"].update(entry.salesperson_id for entry in ledger)
    made = Aliases(language)
    for kind, values in found.items():
        listed = sorted(values - {""})
        made.ids[kind] = dict(zip(listed, listed if keep_ids else _numbered(listed, kind), strict=True))
        if kind in _NAMED:
            names = (made._named(kind, number) for number in range(1, len(listed) + 1))  # noqa: SLF001
            made.names[kind] = dict(zip(listed, names, strict=True))
    _know_the_salespeople(made, columns)
    for tier in columns.get(TIERS.name, {}).get("tier", ()):
        made.tier(str(tier or ""))
    return made


def _know_the_salespeople(made: Aliases, columns: Columns) -> None:
    """Let whoever approves under a salesperson's name or ID be that salesperson in the copy too."""
    people = columns.get("Salespeople", {})
    persons = made.others.setdefault("person", {})
    ids = [str(each) for each in people.get("salesperson_id", ())]
    for person in ids:
        persons[person] = made.id("salesperson", person)
    for person, name in zip(ids, people.get("name", ()), strict=False):
        if name:
            persons.setdefault(str(name), made.name("salesperson", person))


def _numbered(values: Sequence[str], kind: str) -> list[str]:
    """Number values in their order; no alias is one of the values."""
    digits = max(_LEAST_DIGITS, len(str(len(values))))
    prefix = _LETTERS[kind]
    taken = set(values)
    while True:
        made = [f"{prefix}{number:0{digits}}" for number in range(1, len(values) + 1)]
        if taken.isdisjoint(made):
            return made
        prefix += _LETTERS[kind]


def each(values: Iterable[object], change: Callable[[str], str]) -> list[object]:
    """Change the texts of a column; blanks stay."""
    return [change(value) if isinstance(value, str) and value else value for value in values]
