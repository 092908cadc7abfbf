"""From reviews, scores and recognition to the rows of their result sheets (§2.1, §2.2, §3.4.3, §4, §5).

They are calculated anew from the inputs each time, earlier years' too: nothing of them is booked, and
nothing of them pays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from keyaccount.clauses.account_review import AccountReviews, Reviewed
from keyaccount.clauses.cells import Cell
from keyaccount.clauses.maintenance import PROFILE_FIELDS, AccountScore, PersonScore, Value, filled_fields
from keyaccount.clauses.payouts import Figures
from keyaccount.clauses.recognition import Recognised, Standing, recognised
from keyaccount.clauses.scorecard import MEASURES
from keyaccount.company import Company
from keyaccount.ledger import Balances, CellKey, Entry
from keyaccount.money import ratio, shown_number
from keyaccount.past import past_runs
from keyaccount.periods import last_day, month_text
from keyaccount.tables import ACCOUNTS, SEVERAL, ReviewRow, SalespersonRow

Row = tuple[object, ...]
LONGEST_ROWS = 400
"""Characters of row numbers in a cell of Score Detail; more are counted."""
_MONTHS = 12


class Keeping:
    """The rows of Key Account Review, Maintenance Scores, Score Detail and Recognition, through a month."""

    def __init__(
        self,
        company: Company,
        ledger: Sequence[Entry],
        balances: Balances,
        through: int,
        cells: Mapping[CellKey, Cell],
    ) -> None:
        """Take the checked inputs, the ledger and its balances, the latest run's month, and the cells."""
        self._company, self._inputs = company, company.inputs
        self._balances, self._ledger, self._through = balances, ledger, through
        self._cells = cells
        self.years = sorted({period.year for period, _ in self._balances.runs})
        self._people = {row.salesperson_id: row for row in self._inputs.salespeople}
        self._accounts = {row.account_id: row for row in self._inputs.accounts}
        self._approved = {(row.salesperson_id, row.year): row for row in self._inputs.year_end_review}

    def _until(self, year: int) -> date:
        """Give the day through which a year is looked at: 31 December, or the latest run's last day."""
        return min(date(year, 12, 31), last_day(self._through))

    def _scores(self, year: int) -> Mapping[str, PersonScore]:
        return self._company.scores.of_year(year, self._until(year))

    def key_account_review(self) -> Iterator[Row]:
        """One row an account and plan year (§2.1, §2.2)."""
        company = self._company
        reviews = AccountReviews(
            self._inputs, company.lines, company.credits, company.scores, company.policies
        )
        for year in self.years:
            for reviewed in reviews.of_year(year, self._until(year)):
                yield _review_row(year, reviewed)

    def maintenance_scores(self) -> Iterator[Row]:
        """One row a salesperson and plan year (§4, §5)."""
        for year in self.years:
            scores = self._scores(year)
            for person in sorted(self._people):
                approved = self._approved.get((person, year))
                if approved or scores[person].accounts or _employed(self._people[person], year):
                    yield self._score_row(year, scores[person], approved)

    def _score_row(self, year: int, found: PersonScore, approved: ReviewRow | None) -> Row:
        person = found.salesperson_id
        log = self._company.scores.year(year, self._until(year))
        values = found.values or {}
        return (
            str(year),
            person,
            self._people[person].name,
            *(_number(values.get(measure)) for measure in MEASURES),
            _number(found.score),
            found.proposed,
            approved.coefficient if approved else None,
            _standing(found.proposed, approved.coefficient if approved else None),
            approved.reason if approved else None,
            approved.approved_by if approved else None,
            self._balances.coefficients.get((person, year)),
            len(found.accounts),
            sum(log.rows(one.account_id, one.months) for one in found.accounts),
        )

    def score_detail(self) -> Iterator[Row]:
        """One row a measure, account, salesperson and plan year: what was reached, and the log's rows."""
        for year in self.years:
            for found in self._scores(year).values():
                if found.score is not None:
                    for account in found.accounts:
                        yield from self._detail_rows(year, found, account)

    def _detail_rows(self, year: int, found: PersonScore, account: AccountScore) -> Iterator[Row]:
        file = self._accounts.get(account.account_id)
        rules = self._company.scores.rules(year)
        log = self._company.scores.year(year, self._until(year))
        for measure in MEASURES:
            value = account.values[measure]
            weight = rules[measure].weight
            counted, late = log.behind(measure, account.account_id, account.months)
            points = account.weight / found.weight * Fraction(weight) * value.value
            yield (
                str(year),
                found.salesperson_id,
                self._people[found.salesperson_id].name,
                account.account_id,
                file.name if file else "",
                len(account.months),
                _number(account.weight),
                measure,
                value.reached,
                _number(value.out_of),
                _number(value.value),
                weight,
                _number(points),
                row_numbers(counted) or None,
                self._missed(measure, value, account, year) or row_numbers(late) or None,
            )

    def _missed(self, measure: str, value: Value, account: AccountScore, year: int) -> str:
        """Say which fields are blank or which months have no review."""
        if measure == "profile":
            filled = filled_fields(self._accounts.get(account.account_id))
            blank = [ACCOUNTS.column(name).en for name in PROFILE_FIELDS if name not in filled]
            return SEVERAL.join([*blank, *(["not updated in time"] if value.halved else [])])
        if measure == "monthly review":
            log = self._company.scores.year(year, self._until(year))
            missed = (m for m in account.months if not log.months_with(measure, account.account_id, [m]))
            return SEVERAL.join(map(month_text, missed))
        return ""

    def recognition(self) -> Iterator[Row]:
        """One row a salesperson who is proposed for recognition, by plan year and rank (§3.4.3)."""
        in_a_row: dict[str, int] = {}
        for year in self._years_of_scores():
            day = date(year, 12, 31)
            found = self._recognised(year)
            in_a_row = {one.salesperson_id: in_a_row.get(one.salesperson_id, 0) + 1 for one in found}
            asked = self._company.policies.whole("promotion_years", day)
            for one in found if year in self.years else ():
                years = in_a_row[one.salesperson_id]
                over = self._until(year) == day
                finding = "promotion proposed" if years >= asked else "recognition proposed"
                yield (
                    str(year),
                    one.rank,
                    one.salesperson_id,
                    self._people[one.salesperson_id].name,
                    _attainment(one.standing),
                    _number(one.score),
                    finding if over else "on course",
                    years,
                )

    def _years_of_scores(self) -> Iterable[int]:
        """Give the years from the log's first on: recognition in earlier years counts as years in a row."""
        if not self.years or not len(self._inputs.maintenance):
            return ()
        first = int(self._company.scores.log.month.min()) // _MONTHS
        return range(first, self.years[-1] + 1)

    def _recognised(self, year: int) -> list[Recognised]:
        scores = self._scores(year)
        standings = {person: self._standing(person, year) for person in scores}
        return recognised(scores, standings, self._company.policies, year)

    def _standing(self, person: str, year: int) -> Standing:
        """Give net sales and target of a year: as it was paid, else through the latest run (§3.4.1)."""
        paid = self._year_ends.get((person, year))
        if paid is not None:
            return Standing(paid.net_sales, paid.target)
        return Standing(self._credited[person, year], self._targets.get((person, year)))

    @cached_property
    def _targets(self) -> dict[tuple[str, int], int]:
        return {(row.salesperson_id, row.year): row.target for row in self._inputs.targets}

    @cached_property
    def _year_ends(self) -> dict[tuple[str, int], Figures]:
        past = past_runs(self._ledger, "year_end_payment")
        return {(one.figures.salesperson_id, one.period.year): one.figures for one in past}

    @cached_property
    def _credited(self) -> dict[tuple[str, int], int]:
        """The credited net sales by salesperson and year, any origin; calculated of years never run here."""
        sums: dict[tuple[str, int], int] = defaultdict(int)
        for key, cell in self._cells.items():
            sums[key.salesperson_id, key.year] += cell.net
        for key, cell in self._company.cells(self._through).items():
            if key.year not in self.years:
                sums[key.salesperson_id, key.year] += cell.net
        return sums


def _review_row(year: int, found: Reviewed) -> Row:
    file, test = found.file, found.test
    return (
        str(year),
        found.account_id,
        file.name or None,
        file.industry or None,
        test.net,
        test.company_net,
        _number(test.share),
        _yes_no(file.stable),
        _yes_no(file.influence),
        _yes_no(file.potential),
        found.traits,
        file.profit_contribution or None,
        found.tier or None,
        found.suggested or None,
        found.finding,
        test.above,
        _number(found.before.share),
        found.tier_before or None,
        SEVERAL.join(found.changes) or None,
        found.last_review,
        file.last_updated,
        found.overdue_issues or None,
        SEVERAL.join(found.neglected) or None,
    )


def _standing(proposed: Decimal | None, approved: Decimal | None) -> str:
    """Say how a coefficient stands: only an approved one pays (§3.3.4)."""
    if approved is None:
        return "missing" if proposed is None else "proposed only"
    if proposed is None:
        return "approved without proposal"
    return "approved as proposed" if approved == proposed else "approved otherwise"


def _employed(row: SalespersonRow, year: int) -> bool:
    """Tell whether somebody was employed on any day of a year."""
    begun = row.joined is None or row.joined.year <= year
    return begun and (row.left is None or row.left.year >= year)


def _attainment(standing: Standing) -> Decimal | None:
    return ratio(standing.net_sales, standing.target) if standing.target else None


def _number(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else shown_number(exact)


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001 a cell's value
    return None if value is None else "yes" if value else "no"


def row_numbers(rows: tuple[int, ...]) -> str:
    """Write sheet rows in order, runs of them as ``5–9``; beyond some hundred characters how many more."""
    starts = [row for before, row in pairwise((-1, *rows)) if row != before + 1]
    ends = [row for row, after in pairwise((*rows, -1)) if after != row + 1]
    shown: list[str] = []
    length = 0
    for place, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = str(start) if start == end else f"{start}–{end}"
        length += len(text) + len(SEVERAL)
        if length > LONGEST_ROWS:
            left = sum(e - s + 1 for s, e in zip(starts[place:], ends[place:], strict=True))
            return SEVERAL.join([*shown, f"… (+{left})"])
        shown.append(text)
    return SEVERAL.join(shown)
