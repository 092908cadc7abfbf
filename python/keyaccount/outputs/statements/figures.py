"""A salesperson's statement of a period as figures: what it says, before it is set in any language.

Every figure is the ledger's, or follows from the lines behind it; amounts in fen (§3.1 to §3.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import attrgetter

from keyaccount.booking import PAYMENT_KIND
from keyaccount.clauses.clawbacks import Clawback, Clawbacks
from keyaccount.clauses.mid_life import gone
from keyaccount.clauses.objections import corrected_by, object_until
from keyaccount.clauses.payouts import Figures, PriorYearRule
from keyaccount.ledger import CELL_KINDS, PAYMENTS, CellKey, Entry
from keyaccount.money import ratio, times
from keyaccount.outputs.statements.detail import DetailRow, Details, Reason, corrections
from keyaccount.past import PastRun, past_runs
from keyaccount.periods import Period, last_day, month_of, to_number
from keyaccount.results import Results
from keyaccount.tables import ObjectionRow


@dataclass(frozen=True, slots=True)
class Deduction:
    """A reversal line's part for the person, its sale; ``corrected``: of another period."""

    line: Clawback
    sale_id: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class YearEnd:
    """What a year end adds (§3.3.4, §3.4.1): fen, but the coefficient and the attainment."""

    target: int | None
    attainment: Decimal | None
    coefficient: Decimal
    adjustment: int
    final: int
    bonus: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one salesperson is told of one period; amounts in fen."""

    salesperson_id: str
    name: str
    department: str
    period: Period
    company: str
    run: int
    booked_on: date
    object_until: date
    objection_days: int
    digest: str
    figures: Figures
    paid_before: int
    payment_entries: tuple[int, ...]
    rows: list[DetailRow]
    earlier_years: list[DetailRow]
    prior: int
    corrections: list[Entry]
    reasons: list[Reason]
    deductions: list[Deduction]
    months: list[tuple[int, int]]
    advance_rate: Decimal | None
    paid_outside: int = 0
    left: bool = False
    year_end: YearEnd | None = None
    objections: list[tuple[ObjectionRow, list[Entry]]] = field(default_factory=list)
    account_names: dict[str, str] = field(default_factory=dict)

    @property
    def changed_net(self) -> int:
        """What the rows' base lacks of the run's net sales: the data changed since the run."""
        listed = sum(row.base for row in (*self.rows, *self.earlier_years))
        return self.figures.net_sales - listed

    @property
    def changed_commission(self) -> int:
        """What the rows lack of the run's commission: the data changed since the run."""
        return self.figures.commission - sum(row.commission for row in self.rows)

    @property
    def advanced(self) -> int:
        """The part of what was earned that is advanced: due to date less P and opening balance (§3.3.2)."""
        return self.figures.due - self.figures.prior - self.figures.opening

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell: no figure, no row, no objection."""
        now = self.figures
        told = (now.net_sales, now.commission, now.paid, now.withheld, now.carried, now.earned, now.prior)
        listed = (self.rows, self.earlier_years, self.corrections, self.deductions, self.objections)
        return not any(told) and not now.opening and not any(listed)


def statements_of(results: Results, period: Period, issued: date | None = None) -> list[Statement]:
    """Give the statements of a period that was run, by salesperson ID; none where there is nothing to tell.

    ``issued``: the day from which the time for objections counts; ``None``: the day of the booking.
    """
    made = _Statements(results, period, issued)
    return [statement for statement in map(made.of, made.past) if not statement.empty]


class _Statements:
    """What all statements of a period share."""

    def __init__(self, results: Results, period: Period, issued: date | None) -> None:
        self.results, self.period, self.issued = results, period, issued
        company = results.company
        self.policies = company.policies
        kinds = ("advance", "exit_payment") if period.kind == "month" else (PAYMENT_KIND[period.kind],)
        found = [past for kind in kinds for past in past_runs(results.ledger, kind) if past.period == period]
        self.past: dict[str, PastRun] = {
            past.figures.salesperson_id: past for past in sorted(found, key=attrgetter("run"))
        }
        self.gone = gone(results.balances, company.inputs.salespeople)
        self.advances: dict[str, list[PastRun]] = defaultdict(list)
        for past in past_runs(results.ledger, "advance"):
            self.advances[past.figures.salesperson_id].append(past)
        self.rule = PriorYearRule(results.balances, company.inputs.prior_years, company.policies)
        self.details = Details(results, period, self.rule) if self.past else None
        self.corrections = corrections(results.ledger, period)
        self.deductions = self._deductions() if self.past else {}
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        self.digests: dict[int, str] = {}
        self.advanced: dict[int, int] = {}
        for entry in results.ledger:
            self.entries[entry.salesperson_id].append(entry)
            self.digests[entry.run] = entry.digest
            if entry.kind == "advance" and entry.marks_run and entry.year == period.year:
                self.advanced[entry.run] = Period.parse(entry.period).last_month

    def of(self, person: str) -> Statement:
        """Put one person's statement together."""
        assert self.details is not None  # noqa: S101 there is a run, or nobody is asked for
        past, results = self.past[person], self.results
        payments = [e for e in self.entries[person] if e.kind in PAYMENTS and e.period == str(self.period)]
        latest = next(entry for entry in reversed(payments) if entry.marks_run)
        booked_on = date.fromisoformat(latest.booked_at[:10]) if latest.booked_at else self.period.last_day
        advanced = (month for run, month in self.advanced.items() if run < latest.run)
        reach = max(
            [self.period.last_month, *advanced]
        )  # a quarter's E and P reach to the last month advanced
        return Statement(
            salesperson_id=person,
            name=results.names.get(person, ""),
            department=results.departments.get(person, ""),
            period=self.period,
            company=self.policies.word("company", self.period.last_day),
            run=latest.run,
            booked_on=booked_on,
            object_until=object_until(latest, self.policies, self.issued) or booked_on,
            objection_days=self.policies.whole("objection_days", booked_on),
            digest=self.digests[latest.run],
            figures=past.figures,
            paid_before=past.paid_before,
            payment_entries=tuple(entry.entry for entry in payments),
            rows=self.details.own_year(person),
            earlier_years=self.details.earlier_years(person),
            prior=self.details.prior(person),
            corrections=self.corrections.get(person, []),
            reasons=self.details.reasons(person),
            deductions=self.deductions.get(person, []),
            months=self._months(person, latest.run),
            advance_rate=self._advance_rate(past.figures, reach),
            paid_outside=sum(each.amount for each in payments if not each.marks_run),
            left=person in self.gone and past.run >= self.gone[person].run,
            year_end=self._year_end(person, past) if self.period.kind == "year" else None,
            objections=self._objections(person, latest),
            account_names=results.account_names,
        )

    def _advance_rate(self, figures: Figures, reach: int) -> Decimal | None:
        """Give the advance rate if one rate makes the advanced part of E; months may differ in theirs."""
        first = self.period.year * 12
        rates = {self.policies.number("advance_rate", last_day(month)) for month in range(first, reach + 1)}
        part = figures.due - figures.prior - figures.opening
        only = next(iter(rates)) if len(rates) == 1 else None
        return only if only is not None and times(figures.earned, only) == part else None

    def _year_end(self, person: str, past: PastRun) -> YearEnd:
        now, balances, year = past.figures, self.results.balances, self.period.year
        adjustment = balances.earned(person, year, "adjustment")
        earned = (person, year) in balances.bonus_rates
        bonus = balances.earned(person, year, "target_bonus") if earned else None
        return YearEnd(
            target=now.target,
            attainment=ratio(now.net_sales, now.target) if now.target else None,
            coefficient=balances.coefficients.get((person, year), Decimal(1)),
            adjustment=adjustment,
            final=now.earned + adjustment,
            bonus=bonus,
            total=now.earned + adjustment + (bonus or 0) + now.prior + now.opening,
        )

    def _deductions(self) -> dict[str, list[Deduction]]:
        """List the reversals dated in the period, and those of the cells that it corrected (§3.3.3)."""
        company, adjustments = self.results.company, self.results.company.inputs.adjustments
        sale = dict(zip(adjustments.adjustment_id.tolist(), adjustments.sale_id.tolist(), strict=True))
        corrected = {entry.cell for entries in self.corrections.values() for entry in entries}
        through = to_number(last_day(max(self.results.through, self.period.last_month)))
        found: dict[str, list[Deduction]] = defaultdict(list)
        lines = Clawbacks(company.reversals, company.credits, company.policies, self.rule, through).lines
        for line in lines:
            month = month_of(line.day)
            key = CellKey(month, month_of(line.origin), line.account_id, line.salesperson_id, line.rate)
            now = self.period.first_month <= month <= self.period.last_month
            if now or key in corrected:
                sale_id = sale.get(line.adjustment_id, "")
                found[line.salesperson_id].append(Deduction(line, sale_id, corrected=not now))
        return found

    def _months(self, person: str, run: int) -> list[tuple[int, int]]:
        """Give (commission, paid) of each month of the year so far, as the run of the statement knew them.

        A settled quarter's payment stands in its last month, a year end's in December; corrections in the
        month that they correct.
        """
        first, count = self.period.year * 12, self.period.last_month - self.period.year * 12 + 1
        earned, paid = [0] * count, [0] * count
        closed = first - 1
        for entry in self._own(person, run):
            period = Period.parse(entry.period)
            if entry.kind in PAYMENTS:
                paid[min(period.last_month, first + count - 1) - first] += entry.amount
                if entry.kind == "quarter_payment" and entry.marks_run:
                    closed = max(closed, period.last_month)
            elif entry.cell.own_year and 0 <= entry.cell.month - first < count:
                earned[entry.cell.month - first] += entry.amount
        for past in self.advances[person]:
            month = past.period.last_month
            if closed < month < first + count:
                earned[month - first] = past.figures.commission
        return list(zip(earned, paid, strict=True))

    def _own(self, person: str, run: int) -> Iterator[Entry]:
        shown = PAYMENTS | CELL_KINDS - {"prior_year"}
        for entry in self.entries[person]:
            if entry.year == self.period.year and entry.run <= run and entry.kind in shown:
                yield entry

    def _objections(self, person: str, latest: Entry) -> list[tuple[ObjectionRow, list[Entry]]]:
        """List what the person objected to: unanswered, of this period, or raised since the run before.

        Beside each stand the corrections that followed it.
        """
        before = max(
            (
                entry.booked_at[:10]
                for entry in self.entries[person]
                if entry.marks_run and entry.run < latest.run
            ),
            default="",
        )
        own = {entry.entry for entry in self.entries[person] if entry.period == str(self.period)}
        return [
            (row, corrected_by(row, self.entries[person]))
            for row in self.results.company.inputs.objections
            if row.salesperson_id == person
            and (row.open or row.entry in own or (before and row.raised.isoformat() >= before))
        ]
