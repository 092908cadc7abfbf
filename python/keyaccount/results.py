"""From ledger and cells to the rows of the result sheets (spec, "Result sheets").

A past run's figures are rebuilt from its payment entries, so that they never move; months that are
still open are shown as calculated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import numpy as np

from keyaccount import tables
from keyaccount.clauses.approvals import approval_of
from keyaccount.clauses.cells import Cell
from keyaccount.clauses.clawbacks import Clawbacks
from keyaccount.clauses.mid_life import gone
from keyaccount.clauses.net_sales import Lines, months_of
from keyaccount.clauses.payouts import PriorYearRule
from keyaccount.clauses.sums import sums_by
from keyaccount.company import Company
from keyaccount.keeping import Keeping
from keyaccount.ledger import Balances, CellKey, Entry
from keyaccount.ledger_rows import ledger_row
from keyaccount.money import ratio, times
from keyaccount.past import PastRun, past_runs
from keyaccount.periods import Period, last_day, month_text
from keyaccount.problems import Problem
from keyaccount.tables import ApprovalRow, ResultSheet, ResultTable
from keyaccount.ties import ties

Row = tuple[object, ...]


class Results:
    """The result sheets' rows, through the latest run in the ledger."""

    def __init__(self, company: Company, ledger: Sequence[Entry]) -> None:
        """Take the checked inputs and the ledger, this run's entries included."""
        self.company, self.ledger = company, ledger
        self.balances = Balances(ledger)
        self._gone = gone(self.balances, company.inputs.salespeople)
        runs = [period.last_month for period, _ in self.balances.runs]
        self.through = max(runs, default=0)
        self.years = {period.year for period, _ in self.balances.runs}
        self.lines = company.lines.until(_last_day_number(self.through)) if runs else _no_lines(company.lines)
        self.calculated = company.cells(self.through) if runs else {}
        self.names = {row.salesperson_id: row.name for row in company.inputs.salespeople}
        self.departments = {row.salesperson_id: row.department for row in company.inputs.salespeople}
        self.account_names = {row.account_id: row.name for row in company.inputs.accounts}

    def tables(self, problems: ResultTable, run_log: Sequence[Row]) -> list[ResultTable]:
        """Give every result sheet's table, in the order of ``tables.RESULT_SHEETS``."""
        keeping = Keeping(self.company, self.ledger, self.balances, self.through, self.cells())
        rows: list[tuple[ResultSheet, Iterable[Row]]] = [
            (tables.NET_SALES, self._net_sales()),
            (tables.COMMISSION_DETAIL, self._commission_detail()),
            (tables.MONTHLY_ADVANCES, _numbered(self._monthly_advances())),
            (tables.QUARTERLY_SETTLEMENT, _numbered(self._quarterly_settlement())),
            (tables.CLAWBACKS, self._clawbacks()),
            (tables.YEAR_END_SETTLEMENT, _numbered(self._year_end_settlement())),
            (tables.LEDGER, map(ledger_row, self.ledger)),
            (tables.KEY_ACCOUNT_REVIEW, keeping.key_account_review()),
            (tables.MAINTENANCE_SCORES, keeping.maintenance_scores()),
            (tables.SCORE_DETAIL, keeping.score_detail()),
            (tables.RECOGNITION, keeping.recognition()),
        ]
        made = [self._table(sheet, list(sheet_rows)) for sheet, sheet_rows in rows]
        return [*made, problems, self._table(tables.RUN_LOG, list(run_log))]

    def _table(self, sheet: ResultSheet, rows: list[Row]) -> ResultTable:
        latest = self._latest(sheet, rows)
        return ResultTable(
            sheet,
            rows,
            latest.period if latest else "",
            latest.run if latest else 0,
            self.company_name,
            ties=ties(sheet, rows, self.ledger),
            digest=latest.digest if latest else "",
            approval=self._approval(latest.period) if latest and sheet.signed else None,
        )

    def _approval(self, period: str) -> ApprovalRow | None:
        return approval_of(self.company.inputs, self.ledger, period).row

    def _latest(self, sheet: ResultSheet, rows: list[Row]) -> Entry | None:
        """Give the ledger's last entry that a sheet shows: its period, run and digest stand on the sheet.

        A document that people sign names its own latest period and the last run that booked it, as its
        approval does (§Controls); one without rows names none. Other sheets are as of the last run of all.
        """
        if not sheet.signed:
            return self.ledger[-1] if self.ledger else None
        place = next(i for i, column in enumerate(sheet.columns) if column.en == sheet.apart)
        period = str(rows[-1][place]) if rows else ""
        return next((entry for entry in reversed(self.ledger) if entry.period == period), None)

    @property
    def company_name(self) -> str:
        """The company's name on the last day that is shown (policy ``company``)."""
        return self.company.policies.word("company", last_day(self.through)) if self.through else ""

    def _net_sales(self) -> Iterator[Row]:
        """One row an account and month: the parts of net sales (§3.1), each as a positive amount."""
        lines = self.lines
        sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0] * 6)
        keys, totals = sums_by([months_of(lines.date), lines.account, lines.type], lines.fen)
        for month, code, kind, total in zip(*(each.tolist() for each in (*keys, totals)), strict=True):
            sums[month, code][kind] += total
        for (month, code), (gross, discount, returns, bad_debts, recoveries, later) in sorted(sums.items()):
            account = lines.accounts[code]
            net = gross + discount + returns + bad_debts + recoveries + later
            parts = (gross, -discount, -returns, -bad_debts, recoveries, -later, net)
            yield (month_text(month), account, self.account_names.get(account, ""), *parts)

    def cells(self) -> dict[CellKey, Cell]:
        """Give the cells through the latest run: booked of closed quarters, calculated of open months.

        Years that were never run here are left out: their sales only stand beside later ones (§2.1).
        """
        shown = {
            key: cell
            for key, cell in self.calculated.items()
            if key.year in self.years and key.month > self.balances.closed_through(key.year)
        }
        for key, booked in self.balances.cells.items():
            tier = self.calculated[key].tier if key in self.calculated else self._tier(key)
            shown[key] = Cell(booked.net, times(booked.net, key.rate), tier)
        return {key: shown[key] for key in sorted(shown) if shown[key].net or shown[key].commission}

    def _tier(self, key: CellKey) -> str:
        if key.account_id not in self.company.credits.accounts:
            return ""
        return self.company.credits.on(key.account_id, last_day(key.origin)).tier

    def _commission_detail(self) -> Iterator[Row]:
        for key, cell in self.cells().items():
            yield (
                month_text(key.month),
                month_text(key.origin),
                key.account_id,
                self.account_names.get(key.account_id, ""),
                key.salesperson_id,
                self.names.get(key.salesperson_id, ""),
                cell.tier,
                cell.net,
                key.rate,
                cell.commission,
            )

    def _first_columns(self, past: PastRun) -> Row:
        """Period, person, net sales and commission: what advances and settlements begin with."""
        now = past.figures
        return (*self._person(past), now.net_sales, now.commission)

    def _person(self, past: PastRun) -> Row:
        """Period, department, ID and name."""
        person = past.figures.salesperson_id
        return (str(past.period), self.departments.get(person, ""), person, self.names.get(person, ""))

    def _remark(self, past: PastRun) -> str | None:
        """Say of whom the exit run has settled, and what is to be recovered from them (§Controls)."""
        left = self._gone.get(past.figures.salesperson_id)
        if left is None or (past.run < left.run and str(past.period) != left.period):
            return None
        return "left, to be recovered" if past.figures.carried < 0 else "left, settled"

    def _monthly_advances(self) -> Iterator[Row]:
        for past in past_runs(self.ledger, "advance"):
            yield (*self._first_columns(past), *past.last_columns, self._remark(past))

    def _quarterly_settlement(self) -> Iterator[Row]:
        corrections: dict[tuple[str, str], int] = defaultdict(int)
        for entry in self.ledger:
            if entry.kind == "correction":
                period = Period.parse(entry.period)
                if period.kind != "year":
                    quarter = Period.quarter_of(period.last_month)
                    corrections[str(quarter), entry.salesperson_id] += entry.amount
        for past in past_runs(self.ledger, "quarter_payment"):
            now = past.figures
            corrected = corrections[str(past.period), now.salesperson_id]
            added = (corrected, now.prior, now.opening)
            yield (*self._first_columns(past), *added, *past.last_columns, self._remark(past))

    def _clawbacks(self) -> Iterator[Row]:
        rule = PriorYearRule(self.balances, self.company.inputs.prior_years, self.company.policies)
        through = _last_day_number(self.through) if self.through else -(2**31)
        company = self.company
        for claw in Clawbacks(company.reversals, company.credits, company.policies, rule, through).lines:
            yield (
                claw.adjustment_id,
                claw.type,
                claw.day,
                claw.origin,
                claw.account_id,
                claw.salesperson_id,
                claw.amount,
                claw.rate,
                claw.commission,
                claw.from_pay,
                claw.commission - claw.from_pay,
            )

    def _year_end_settlement(self) -> Iterator[Row]:
        for past in past_runs(self.ledger, "year_end_payment"):
            now, year = past.figures, past.period.year
            person = now.salesperson_id
            adjustment = self.balances.earned(person, year, "adjustment")
            yield (
                *self._person(past),
                now.net_sales,
                now.target,
                ratio(now.net_sales, now.target) if now.target else None,
                now.earned,
                self.balances.coefficients.get((person, year), Decimal(1)),
                adjustment,
                now.earned + adjustment,
                self.balances.earned(person, year, "target_bonus"),
                now.prior,
                now.opening,
                past.paid_before,
                now.paid,
                now.carried,
                self._remark(past),
            )


def _numbered(rows: Iterable[Row]) -> Iterator[Row]:
    """Number a document's rows within each period; Signature, before the remark, is filled in on paper."""
    for _, of_period in groupby(rows, key=itemgetter(0)):
        for number, row in enumerate(of_period, start=1):
            yield (number, *row[:-1], None, row[-1])


def _last_day_number(month: int) -> int:
    return int(np.datetime64(last_day(month), "D").astype(np.int64))


def _no_lines(lines: Lines) -> Lines:
    return lines.until(-(2**31))


def problems_in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems: errors first, then by sheet as declared, row and column; each once."""
    place = {table.name: index for index, table in enumerate(tables.INPUT_TABLES)}
    unique = {
        (p.severity, p.table, p.row, p.column, p.value, p.problem, tuple(sorted(p.details.items()))): p
        for p in problems
    }
    return sorted(
        unique.values(), key=lambda p: (p.severity, place.get(p.table, len(place)), p.row, p.column)
    )
