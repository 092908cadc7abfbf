"""Scores and reviews from the plan's text (§2.1, §2.2, §4, §5): row by row, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.reference.rows import adjustment_rows, day_of, month_end, month_of, sales_rows

if TYPE_CHECKING:
    from keyaccount.tables import AccountRow, Inputs
    from tests.reference.plan import Plan

BLANK_MOMENT = -(2**63)
LONG_AGO = date(1, 1, 1)
SHIPPED = {
    "profile": (15, 180),
    "monthly review": (20, 0),
    "response": (15, 24),
    "resolution": (10, 7),
    "events": (10, 2),
    "feedback": (15, 0),
    "service": (10, 2),
    "expansion": (5, 1),
}
BANDS = ((90, "1.05"), (75, "1.00"), (60, "0.95"), (0, "0.90"))
FIELDS = (
    "industry",
    "contact",
    "phone",
    "preferences",
    "special_needs",
    "business_needs",
    "support_contact",
)


@dataclass(frozen=True)
class Act:
    """A row of the log."""

    day: date
    account: str
    kind: str
    opened: datetime | None
    answered: datetime | None
    closed: datetime | None
    satisfaction: int | None


def acts(inputs: Inputs) -> list[Act]:
    """List the log row by row."""
    log = inputs.maintenance
    return [
        Act(
            day_of(log.date[i]),
            str(log.account_id[i]),
            str(log.kind[i]),
            moment(log.opened[i]),
            moment(log.first_response[i]),
            moment(log.closed[i]),
            int(log.satisfaction[i]) or None,
        )
        for i in range(len(log.row))
    ]


def moment(seconds: int) -> datetime | None:
    """Turn seconds since 1970 into a moment."""
    if int(seconds) == BLANK_MOMENT:
        return None
    return datetime(1970, 1, 1) + timedelta(seconds=int(seconds))  # noqa: DTZ001 a workbook's time has no zone


class Keeping:
    """The scores of one workbook."""

    def __init__(self, inputs: Inputs, plan: Plan) -> None:
        """Keep the tables."""
        self.inputs, self.plan = inputs, plan
        self.acts = acts(inputs)
        self.files = {row.account_id: row for row in inputs.accounts}
        self._shares: dict[tuple[str, date], dict[str, Fraction]] = {}

    # --- the scorecard on 31 December --------------------------------------------------------------

    def rule(self, measure: str, year: int) -> tuple[Fraction, Fraction]:
        """Weight and threshold: the latest row's on or before 31 December, else the shipped ones."""
        weight, threshold = SHIPPED[measure]
        rows = [row for row in self.inputs.scorecard if row.measure == measure]
        rows = [row for row in rows if (row.effective_from or LONG_AGO) <= date(year, 12, 31)]
        if not rows:
            return Fraction(weight), Fraction(threshold)
        row = max(rows, key=lambda row: row.effective_from or LONG_AGO)
        return Fraction(row.weight), Fraction(threshold if row.threshold is None else row.threshold)

    def proposed(self, score: Fraction, year: int) -> Fraction | None:
        """Give the coefficient of the highest band that the score reaches."""
        rows = [r for r in self.inputs.bands if (r.effective_from or LONG_AGO) <= date(year, 12, 31)]
        bands = {Fraction(start): Fraction(coefficient) for start, coefficient in BANDS}
        if rows:
            rows.sort(key=lambda row: row.effective_from or LONG_AGO)
            bands = {Fraction(row.score_from): Fraction(row.coefficient) for row in rows}
        reached = [start for start in bands if start <= score]
        return bands[max(reached)] if reached else None

    # --- who has an account in a month -------------------------------------------------------------

    def share(self, person: str, account: str, month: int) -> Fraction | None:
        """Give the share on the month's last assigned day, as its exact part; None: not assigned at all."""
        day = month_end(month)
        while month_of(day) == month:
            if (account, day) not in self._shares:
                self._shares[account, day] = self.plan.shares(account, day)
            shares = self._shares[account, day]
            if person in shares:
                return shares[person] / sum(shares.values())
            day -= timedelta(days=1)
        return None

    # --- the score ---------------------------------------------------------------------------------

    def score(self, person: str, year: int, until: date) -> dict[str, Any]:
        """Give a salesperson's measures, score and proposal; nothing but blanks without a log row."""
        weights: dict[str, Fraction] = {}
        values: dict[str, dict[str, Fraction]] = {}
        logged = False
        for account in sorted({row.account_id for row in self.inputs.assignments}):
            shares = {m: self.share(person, account, m) for m in range(12 * year, month_of(until) + 1)}
            months = [m for m, share in shares.items() if share is not None]
            if months:
                own = [
                    act
                    for act in self.acts
                    if act.account == account and month_of(act.day) in months and act.day <= until
                ]
                logged = logged or bool(own)
                weights[account] = sum((share for share in shares.values() if share), Fraction(0))
                values[account] = self.measures(account, months, own, year, until)
        total = sum(weights.values(), Fraction(0))
        if not logged or not total:
            return {"score": None, "proposed": None}
        mean = {
            measure: sum((weights[a] * values[a][measure] for a in weights), Fraction(0)) / total
            for measure in SHIPPED
        }
        score = sum((self.rule(measure, year)[0] * mean[measure] for measure in SHIPPED), Fraction(0))
        return {**mean, "score": score, "proposed": self.proposed(score, year)}

    def measures(
        self, account: str, months: list[int], own: list[Act], year: int, until: date
    ) -> dict[str, Fraction]:
        """Give the eight measures of an account in some months."""
        issues = [act for act in own if act.kind == "issue"]
        judged = [
            act.satisfaction - 1
            for act in own
            if act.kind in {"feedback", "issue", "custom_solution"} and act.satisfaction is not None
        ]
        reviewed = {month_of(act.day) for act in own if act.kind == "review"}
        hours, days = self.rule("response", year)[1], self.rule("resolution", year)[1]
        quick = [act for act in issues if within(act.opened, act.answered, hours * 3600)]
        done = [act for act in issues if within(act.opened, act.closed, days * 86_400)]
        found = {
            "profile": self.profile(self.files.get(account), year, until),
            "monthly review": Fraction(len(reviewed), len(months)),
            "response": Fraction(len(quick), len(issues)) if issues else Fraction(1),
            "resolution": Fraction(len(done), len(issues)) if issues else Fraction(1),
            "feedback": Fraction(sum(judged), 4 * len(judged)) if judged else Fraction(0),
        }
        for measure, kinds in (
            ("events", {"event", "joint_marketing"}),
            ("service", {"custom_solution", "training", "upgrade_service"}),
            ("expansion", {"bid", "opportunity", "joint_development"}),
        ):
            asked = self.rule(measure, year)[1] * len(months) / 12
            count = sum(act.kind in kinds for act in own)
            found[measure] = min(Fraction(1), count / asked) if asked else Fraction(1)
        return found

    def profile(self, row: AccountRow | None, year: int, until: date) -> Fraction:
        """Give the filled part of a file, half of it when it is too old or of no known age."""
        if row is None:
            return Fraction(0)
        part = Fraction(sum(bool(getattr(row, name)) for name in FIELDS), 7)
        days = self.rule("profile", year)[1]
        fresh = row.last_updated is not None and (until - row.last_updated).days <= days
        return part if fresh else part / 2

    # --- the review (§2.1, §2.2) ---------------------------------------------------------------------

    def net(self, account: str, year: int) -> int | None:
        """Add up an account's net sales of a calendar year; None without a line."""
        parts = [
            row.gross - row.discount
            for row in sales_rows(self.inputs)
            if row.account == account and row.day.year == year
        ]
        for row in adjustment_rows(self.inputs):
            if row.account == account and row.day.year == year:
                exact = Fraction(row.fen) / (1 + (row.vat or 0))
                fen = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
                parts.append(fen if row.kind == "recovery" else -fen)
        return sum(parts) if parts else None

    def finding(self, account: str, year: int, until: date) -> str:
        """Give the finding of the review of a year: the test is of the year before."""
        net = self.net(account, year - 1)
        months = [row.net_sales for row in self.inputs.company_sales if row.month // 12 == year - 1]
        if net is None or not months:
            return "no prior-year data"
        company = sum(months)
        least = self.plan.number("key_account_share", date(year - 1, 12, 31))
        if company <= 0 or net < least * company:
            return "below threshold"
        return "qualifies" if self.plan.tier(account, until) else "candidate"


def within(start: datetime | None, end: datetime | None, seconds: Fraction) -> bool:
    """Whether a moment lies at most so many seconds after another; a blank one does not."""
    if start is None or end is None:
        return False
    return Fraction(int((end - start).total_seconds())) <= seconds
