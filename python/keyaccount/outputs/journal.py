"""``export --gl``: a period's journal lines, by salesperson; debits equal credits.

What was earned in the period is the expense. Against it stand what the period pays, what it adds to (or takes
from) the withheld part, and what it adds to the balance to be deducted: §3.3, conservation. A balance that
comes from an earlier year is in the books already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from keyaccount.clauses.payouts import Figures
from keyaccount.ledger import PAYMENTS, Entry
from keyaccount.outputs.side_files import side_rows
from keyaccount.outputs.tabular import TableColumn, TableFile
from keyaccount.periods import Period
from keyaccount.problems import FileProblem, Listed
from keyaccount.tables import Inputs
from keyaccount.translation import Language, localised

JOURNAL_COLUMNS = (
    TableColumn("Period", "期间"),
    TableColumn("Summary", "摘要"),
    TableColumn("Account Code", "科目编码", exact=True),
    TableColumn("Account Name", "科目名称"),
    TableColumn("Department", "部门"),
    TableColumn("Salesperson ID", "销售员编号", exact=True),
    TableColumn("Name", "姓名"),
    TableColumn("Debit", "借方金额", amount=True),
    TableColumn("Credit", "贷方金额", amount=True),
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the general ledger."""

    code: str
    name: str


LINES = ("expense", "payable", "withheld", "carried")
ACCOUNTS: dict[Language, dict[str, Account]] = {
    "en": {
        "expense": Account("6601", "Selling expenses - commission"),
        "payable": Account("2211", "Employee benefits payable - commission"),
        "withheld": Account("2211", "Employee benefits payable - commission withheld until year end"),
        "carried": Account("1221", "Other receivables - commission to be deducted"),
    },
    "zh": {
        "expense": Account("6601", "销售费用—提成"),
        "payable": Account("2211", "应付职工薪酬—提成"),
        "withheld": Account("2211", "应付职工薪酬—年终待补发提成"),
        "carried": Account("1221", "其他应收款—提成结转待扣"),
    },
}
"""The accounts of the journal's lines, by the Chinese standard chart; ``--accounts`` gives others."""
_NAMES = {"费用": "expense", "应付": "payable", "待补发": "withheld", "待扣": "carried"}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a period moved for one salesperson, in fen: credits positive; the expense is their sum."""

    payable: int = 0
    withheld: int = 0
    carried: int = 0

    @property
    def expense(self) -> int:
        """What was earned: paid, withheld and carried together."""
        return self.payable + self.withheld + self.carried


@dataclass(slots=True)
class _State:
    """Where a salesperson stands in a plan year after a run."""

    paid: int = 0
    withheld: int = 0
    carried: int = 0


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal's table, and what is debited (and credited) in all, in fen."""

    table: TableFile
    debit: int
    credit: int


def moved(ledger: Sequence[Entry], period: Period) -> dict[str, Moved]:
    """Give what the runs of a period moved, by salesperson ID."""
    states: dict[tuple[str, int], _State] = defaultdict(_State)
    found: dict[str, Moved] = {}
    paid: dict[tuple[str, int], int] = defaultdict(int)
    for entry in ledger:
        key = (entry.salesperson_id, entry.year)
        if entry.kind == "opening_balance":
            _open(states[key], entry.amount)
        if entry.kind in PAYMENTS:
            paid[key] += entry.amount
        if not entry.marks_run:
            continue
        before, now = states[key], Figures.kept(entry, 0)
        if entry.period == str(period):
            had = found.get(entry.salesperson_id, Moved())
            found[entry.salesperson_id] = Moved(
                had.payable + paid[key] - before.paid,
                had.withheld + now.withheld - before.withheld,
                had.carried + now.carried - before.carried,
            )
        states[key] = _State(paid[key], now.withheld, now.carried)
    return dict(sorted(found.items()))


def _open(state: _State, amount: int) -> None:
    """Begin with what an earlier year left: a balance to be deducted, or one still to be paid."""
    if amount < 0:
        state.carried += amount
    else:
        state.withheld += amount


def journal(
    inputs: Inputs,
    ledger: Sequence[Entry],
    period: Period,
    language: Language,
    accounts: Mapping[str, Account] | None = None,
) -> Journal:
    """Give a period's journal lines; the debits equal the credits, salesperson by salesperson."""
    chart = accounts or ACCOUNTS[language]
    people = {row.salesperson_id: row for row in inputs.salespeople}
    summary = localised("Commission on key accounts {period}", language, period=period)
    rows: list[tuple[object, ...]] = []
    for person, movement in moved(ledger, period).items():
        row = people.get(person)
        who = (row.department if row else "", person, row.name if row else "")
        for line, debit in _lines(movement):
            account = chart[line]
            sides = (debit, None) if debit > 0 else (None, -debit)
            rows.append((str(period), summary, account.code, account.name, *who, *sides))
    debits = sum(row[-2] for row in rows if isinstance(row[-2], int))
    credits_ = sum(row[-1] for row in rows if isinstance(row[-1], int))
    assert debits == credits_  # noqa: S101 conservation: each person's lines add up to nothing
    return Journal(TableFile(JOURNAL_COLUMNS, tuple(rows), str(period)), debits, credits_)


def _lines(movement: Moved) -> Iterator[tuple[str, int]]:
    """Give (line, debit) that are not 0.00: what is credited is a negative debit."""
    amounts: Iterable[tuple[str, int]] = (
        ("expense", movement.expense),
        ("payable", -movement.payable),
        ("withheld", -movement.withheld),
        ("carried", -movement.carried),
    )
    return ((line, debit) for line, debit in amounts if debit)


def accounts_from(path: Path, language: Language) -> dict[str, Account]:
    """Read account codes: line (expense, payable, withheld, carried), code, name; others stay as shipped.

    Raises ``FileProblem`` (exit 5) for a line of another name.
    """
    chart = dict(ACCOUNTS[language])
    for row in side_rows(path, 3):
        word, code, name = (text.strip() for text in row.texts)
        line = _NAMES.get(word, word.lower())
        if line not in LINES or not code:
            raise FileProblem(
                "{file}, row {row}: expected a journal line and its account code ≠ found {found}.",
                "The lines are: {lines}.",
                file=path.name,
                row=row.number,
                found=f"{word}, {code}",
                lines=Listed(_NAMES if language == "zh" else LINES),
            )
        chart[line] = Account(code, name or chart[line].name)
    return chart
