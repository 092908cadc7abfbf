"""What the Dashboard shows of the latest plan year: small tables with charts, from the result sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from keyaccount import tables
from keyaccount.money import ratio
from keyaccount.periods import Period
from keyaccount.tables import WORDS, Block, Chart, ResultColumn, ResultSheet, ResultTable, TargetRow

MOST_ACCOUNTS = 10
_CAUSES = {
    "return": "Returns",
    "bad_debt": "Bad debts",
    "discount": "Later discounts",
    "recovery": "Recoveries",
}


class Overview:
    """The Dashboard's blocks, from the tables of the other result sheets."""

    def __init__(
        self, made: Iterable[ResultTable], targets: Sequence[TargetRow], names: Mapping[str, str]
    ) -> None:
        """Take the result tables, the targets and the salespeople's names."""
        self._made = {table.sheet.name: table for table in made}
        self._targets, self._names = targets, names
        months = [str(month) for (month,) in self._of(tables.COMMISSION_DETAIL, "Month")]
        months += [str(month) for (month,) in self._of(tables.MONTHLY_ADVANCES, "Month")]
        months += [str(quarter) for (quarter,) in self._of(tables.QUARTERLY_SETTLEMENT, "Quarter")]
        self.year = max((month[:4] for month in months), default="")

    def blocks(self) -> tuple[Block, ...]:
        """Give a block for each chart; nothing before the first run."""
        if not self.year:
            return ()
        return (
            self._commission(),
            self._standing(),
            self._attainment(),
            self._scores(),
            self._clawbacks(),
            self._top_accounts(),
        )

    def _of(self, sheet: ResultSheet, *headers: str) -> Iterator[tuple[object, ...]]:
        """Give these columns of a result sheet's rows."""
        table = self._made[sheet.name]
        places = [next(i for i, column in enumerate(sheet.columns) if column.en == name) for name in headers]
        return (tuple(row[place] for place in places) for row in table.rows)

    def _commission(self) -> Block:
        """Commission by quarter and tier (§3.2), of own-year origin only, like Quarterly Settlement."""
        sums: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        columns = ("Month", "Origin Month", "Tier", "Commission")
        for month, origin, tier, commission in self._of(tables.COMMISSION_DETAIL, *columns):
            if str(month)[:4] == str(origin)[:4] == self.year:
                quarter = Period.quarter_of(Period.parse(str(month)).last_month)
                sums[str(quarter)][str(tier)] += _fen(commission)
        found = {tier for by_tier in sums.values() for tier, fen in by_tier.items() if fen}
        known = list(WORDS["tier"])
        tiers = sorted(found, key=lambda tier: (known.index(tier) if tier in known else len(known), tier))
        rows = [
            (quarter, *(by_tier.get(tier, 0) for tier in tiers), sum(by_tier.values()))
            for quarter, by_tier in sorted(sums.items())
        ]
        series = [_amount(*_tier(tier)) for tier in tiers]
        shown = [*series, _amount("Total", "合计")]
        quarter_column = _text("Quarter", "季度")
        return _block(tables.COMMISSION_BY_QUARTER, quarter_column, shown, rows, len(tiers))

    def _standing(self) -> Block:
        """What has been earned to date: paid, withheld, carried, after each settled quarter and later run."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        common = ("Paid Before", "Paid", "Carried")
        for period, before, paid, carried, withheld in self._of(
            tables.QUARTERLY_SETTLEMENT, "Quarter", *common, "Withheld"
        ):
            _add(sums[str(period)], _fen(before) + _fen(paid), withheld, carried)
        settled = [Period.parse(quarter).last_month for quarter in sums if self._shown(quarter)]
        closed = max(settled, default=0)
        for period, before, paid, carried, withheld in self._of(
            tables.MONTHLY_ADVANCES, "Month", *common, "Withheld"
        ):
            if Period.parse(str(period)).last_month > closed:
                _add(sums[str(period)], _fen(before) + _fen(paid), withheld, carried)
        for period, before, paid, carried in self._of(tables.YEAR_END_SETTLEMENT, "Year", *common):
            _add(sums[str(period)], _fen(before) + _fen(paid), 0, carried)
        shown = sorted(filter(self._shown, sums), key=lambda p: (Period.parse(p).last_month, p[4:] == "", p))
        rows = [(period, *sums[period], sum(sums[period])) for period in shown]
        series = [
            _amount("Paid", "已发"),
            _amount("Withheld", "年终待补发"),
            _amount("Carried", "结转待扣"),
            _amount("Earned", "应计"),
        ]
        return _block(tables.WHERE_IT_STANDS, _text("Period", "核算期间"), series, rows, 3)

    def _attainment(self) -> Block:
        """Net sales of the year to date against the target (§3.4.1), per salesperson who has one."""
        net: dict[str, int] = defaultdict(int)
        for month, person, credited in self._of(
            tables.COMMISSION_DETAIL, "Month", "Salesperson ID", "Net Sales"
        ):
            if self._shown(month):
                net[str(person)] += _fen(credited)
        for year, person, settled in self._of(
            tables.YEAR_END_SETTLEMENT, "Year", "Salesperson ID", "Net Sales"
        ):
            if self._shown(year):
                net[str(person)] = _fen(settled)
        targets = {row.salesperson_id: row.target for row in self._targets if str(row.year) == self.year}
        labels = _labels({person: self._names.get(person, "") for person in targets})
        rows = [
            (labels[person], net[person], target, ratio(net[person], target))
            for person, target in sorted(targets.items())
            if target > 0
        ]
        columns = [
            _amount("Net Sales", "净销售额"),
            _amount("Target", "年度目标"),
            ResultColumn("Attainment", "目标达成率", "share"),
        ]
        block = _block(tables.TARGET_ATTAINMENT, _text("Salesperson", "销售员"), columns, rows, 0)
        return Block(block.chart, block.columns, block.rows, (3,))

    def _scores(self) -> Block:
        """The maintenance scores of the year to date (§4, §5), of who has one."""
        columns = ("Year", "Salesperson ID", "Score", "Proposed Coefficient", "Approved Coefficient")
        rows = [
            (str(person), score, proposed, approved)
            for year, person, score, proposed, approved in self._of(tables.MAINTENANCE_SCORES, *columns)
            if self._shown(year) and score is not None
        ]
        labels = _labels({person: self._names.get(person, "") for person, *_ in rows})
        shown = [
            ResultColumn("Score", "评分", "score"),
            ResultColumn("Proposed Coefficient", "建议系数", "coefficient"),
            ResultColumn("Approved Coefficient", "批准系数", "coefficient"),
        ]
        named = [(labels[person], *values) for person, *values in rows]
        return _block(tables.MAINTENANCE_SCORE, _text("Salesperson", "销售员"), shown, named, 1)

    def _top_accounts(self) -> Block:
        """The accounts with the most net sales of the year, largest first (§3.1)."""
        net: dict[str, int] = defaultdict(int)
        names: dict[str, str] = {}
        for month, account, name, sold in self._of(
            tables.NET_SALES, "Month", "Account ID", "Account Name", "Net Sales"
        ):
            if self._shown(month):
                net[str(account)] += _fen(sold)
                names[str(account)] = str(name or "")
        first = sorted(net, key=lambda account: (-net[account], account))[:MOST_ACCOUNTS]
        labels = _labels({account: names[account] for account in first})
        rows = [(labels[account], net[account]) for account in first]
        return _block(
            tables.TOP_ACCOUNTS, _text("Account", "客户"), [_amount("Net Sales", "净销售额")], rows, 1
        )

    def _clawbacks(self) -> Block:
        """Commission taken back by cause, from pay and from withheld (§3.3.3); recoveries give some back."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        columns = ("Date", "Type", "From Pay", "From Withheld")
        shown: dict[object, bool] = {}
        for day, kind, from_pay, from_withheld in self._of(tables.CLAWBACKS, *columns):
            if day not in shown:
                shown[day] = self._shown(day)
            if shown[day]:
                _add(sums[str(kind)], -_fen(from_pay), -_fen(from_withheld))
        rows = [(cause, *sums[kind], sum(sums[kind])) for kind, cause in _CAUSES.items() if kind in sums]
        category = ResultColumn("Cause", "原因", "text", words="cause")
        series = [
            _amount("From pay", "扣回已发"),
            _amount("From withheld", "冲减待补发"),
            _amount("Total", "合计"),
        ]
        return _block(tables.CLAWBACKS_BY_CAUSE, category, series, rows, 2)

    def _shown(self, period: object) -> bool:
        return str(period)[:4] == self.year


def _block(
    chart: Chart,
    category: ResultColumn,
    columns: Sequence[ResultColumn],
    rows: Sequence[tuple[object, ...]],
    drawn: int,
) -> Block:
    return Block(chart, (category, *columns), tuple(rows), tuple(range(1, drawn + 1)))


def _tier(tier: str) -> tuple[str, str]:
    """Name a tier in English and Chinese; two tiers at one rate are joined (spec, "Result sheets")."""
    words = WORDS["tier"]
    parts = [
        (one.capitalize() if one in words else one, words.get(one, (one,))[0]) for one in tier.split("/")
    ]
    return "/".join(part[0] for part in parts) or "–", "/".join(part[1] for part in parts) or "–"


def _fen(value: object) -> int:
    return value if isinstance(value, int) else 0


def _add(sums: list[int], *values: object) -> None:
    for place, value in enumerate(values):
        sums[place] += _fen(value)


def _labels(names: Mapping[str, str]) -> dict[str, str]:
    """Call each by its name; by name and ID where two have one name, by ID where there is none."""
    shared = [name for name in names.values() if name]
    return {
        key: (f"{name} ({key})" if shared.count(name) > 1 else name) if name else key
        for key, name in names.items()
    }


def _text(en: str, zh: str) -> ResultColumn:
    return ResultColumn(en, zh, "text")


def _amount(en: str, zh: str) -> ResultColumn:
    return ResultColumn(en, zh, "amount")
