"""What the reader hands to the core: records of the small tables, columns of the three that may be big."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from keyaccount.tables.big_columns import AdjustmentColumns, MaintenanceColumns, SalesColumns

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from keyaccount.problems import Problem


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A row of Policies; ``value`` is canonical text: ``0.8``, ``2026-05-01`` or a lower-case word."""

    row: int
    policy: str
    value: str
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class TierRow:
    """A row of Tiers: the tier's rate from a day on."""

    row: int
    tier: str
    rate: Decimal
    effective_from: date | None = None
    rank: int | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of Accounts, of which the core needs the name (the file itself: §4, §5)."""

    row: int
    account_id: str
    name: str = ""
    industry: str = ""
    contact: str = ""
    phone: str = ""
    preferences: str = ""
    special_needs: str = ""
    business_needs: str = ""
    support_contact: str = ""
    stable: bool | None = None
    influence: bool | None = None
    potential: bool | None = None
    strategic_impact: bool | None = None
    business_depth: bool | None = None
    technology_depth: bool | None = None
    market_depth: bool | None = None
    profit_contribution: str = ""
    last_updated: date | None = None


@dataclass(frozen=True, slots=True)
class AccountTierRow:
    """A row of Account Tiers; a blank ``tier`` ends the tier."""

    row: int
    account_id: str
    tier: str
    effective_from: date
    event: str = ""
    credited_to: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SalespersonRow:
    """A row of Salespeople."""

    row: int
    salesperson_id: str
    name: str = ""
    department: str = ""
    joined: date | None = None
    left: date | None = None


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A row of Assignments: a salesperson's share of an account, both days included."""

    row: int
    account_id: str
    salesperson_id: str
    share: Decimal
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A row of Targets, in fen."""

    row: int
    salesperson_id: str
    year: int
    target: int


@dataclass(frozen=True, slots=True)
class CompanySalesRow:
    """A row of Company Sales: a month's net sales of the whole company, in fen."""

    row: int
    month: int
    net_sales: int


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A row of Year-End Review: the approved coefficient."""

    row: int
    salesperson_id: str
    year: int
    coefficient: Decimal
    reason: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A row of Opening Balances, in fen (negative: to be deducted)."""

    row: int
    salesperson_id: str
    year: int
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row of Payments Made, in fen: what was paid outside the program for a period (``2026-01``)."""

    row: int
    salesperson_id: str
    period: str
    amount: int
    voucher: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A row of Approvals: who stands for a period's figures, by the ledger digest."""

    row: int
    period: str
    ledger_digest: str
    prepared_by: str = ""
    reviewed_by: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    document_no: str = ""


@dataclass(frozen=True, slots=True)
class PriorYearRow:
    """A row of Prior Years: how a year that was finished elsewhere was paid."""

    row: int
    salesperson_id: str
    year: int
    coefficient: Decimal
    bonus_earned: bool


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """A row of Scorecard: a measure's weight, and what it is measured by."""

    row: int
    measure: str
    weight: Decimal
    threshold: Decimal | None = None
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class BandRow:
    """A row of Bands: the coefficient that a score from here on proposes."""

    row: int
    score_from: Decimal
    coefficient: Decimal
    effective_from: date | None = None


@dataclass(frozen=True, slots=True)
class ObjectionRow:
    """A row of Objections: what a salesperson objects to in a ledger entry, and the answer."""

    row: int
    entry: int
    salesperson_id: str
    raised: date
    text: str = ""
    answer: str = ""
    answered_by: str = ""
    status: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for its answer: none is there, or Status still says so."""
        return not self.answer or self.status.casefold() in {"open", "处理中"}


@dataclass(frozen=True, slots=True)
class Inputs:
    """All input tables of a workbook, read and typed: what the core starts from."""

    sales: SalesColumns
    adjustments: AdjustmentColumns
    policies: tuple[PolicyRow, ...] = ()
    tiers: tuple[TierRow, ...] = ()
    accounts: tuple[AccountRow, ...] = ()
    account_tiers: tuple[AccountTierRow, ...] = ()
    salespeople: tuple[SalespersonRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    company_sales: tuple[CompanySalesRow, ...] = ()
    year_end_review: tuple[ReviewRow, ...] = ()
    opening_balances: tuple[OpeningRow, ...] = ()
    prior_years: tuple[PriorYearRow, ...] = ()
    payments_made: tuple[PaymentRow, ...] = ()
    approvals: tuple[ApprovalRow, ...] = ()
    maintenance: MaintenanceColumns = field(default_factory=MaintenanceColumns.empty)
    scorecard: tuple[ScorecardRow, ...] = ()
    bands: tuple[BandRow, ...] = ()
    objections: tuple[ObjectionRow, ...] = ()
    sales_behind: Callable[[str, int], SalesColumns] | None = field(default=None, compare=False)
    """Asks the source of sales from elsewhere for the single sales of an account's month (index)."""


@dataclass(frozen=True, slots=True)
class Located:
    """Where a table stood: the sheet's title as found, and each column's letters by English header."""

    title: str
    header_row: int
    letters: dict[str, str] = field(default_factory=dict)
    source: str = ""  # where the rows come from instead, without credentials
    places: Mapping[int, str] = field(default_factory=dict)  # of a source's rows

    def cell(self, row: int, column: str) -> str:
        """Give the address of a row's cell (``B7``), or ``""`` for the whole sheet."""
        if row <= 0:
            return ""
        if self.source:
            return self.places.get(row, "")
        return f"{self.letters.get(column, 'A')}{row}"


@dataclass(frozen=True, slots=True)
class ReadBook:
    """What reading a workbook gives: tables, ledger and run-log rows, problems, where all of it stood."""

    inputs: Inputs
    ledger_rows: list[tuple[object, ...]]  # in the order of LEDGER's columns, typed as ResultColumn says
    ledger_first_row: int  # sheet row of the first ledger entry (2, or 3 in a Chinese workbook)
    run_log_rows: list[tuple[object, ...]]
    located: dict[str, Located]
    problems: list[Problem]
    language: Literal["en", "zh"]
    result_titles: dict[str, str]  # English result sheet name -> sheet title in this workbook
    input_digest: str  # 64 hex digits over the typed input values
    as_text: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """By table: the rows whose dates, amounts or rates are texts, which formulas pass over."""
    columns: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Every input table's columns by field, as read; those that the records do not carry too."""
    snapshot_rows: list[tuple[object, ...]] = field(default_factory=list)
