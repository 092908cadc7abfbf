"""Control totals (§Controls): what each month's lines add up to, taken and left out, beside Company Sales.

A month's checks: lines, gross, discounts, reversals and net sales (§3.1) of the accounts here; the same of
lines that policy ``unknown_accounts`` leaves out; the company's net sales, and what of them is not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from keyaccount import tables
from keyaccount.clauses.net_sales import LINE_TYPES, Lines, months_of
from keyaccount.periods import month_text
from keyaccount.results import Results
from keyaccount.tables import ReadBook, ResultTable
from keyaccount.workbook.monthsums import MonthFormulas, MonthSums, Sums

FORMULA = "D"
"""The column of the formulas, which later rows of a month rest on."""
NOTES = {
    "en": {
        "text": "Not added up: dates or amounts of this month are written as text, which formulas pass over.",
        "alike": "Not added up: formulas cannot tell these IDs apart (capitals, leading zeros, wildcards).",
        "left_out": "Not on Accounts: left out by unknown_accounts.",
        "both": "Accounts and left-out lines together: a formula cannot tell them apart here.",
        "elsewhere": "Company Sales − net sales − left-out lines.",
        "source": "Not added up: these lines are not in this workbook (policies sales_source, "
        "adjustments_source), so no formula can see them.",
    },
    "zh": {
        "text": "未用公式核对:本月有日期或金额为文本,公式不予计入。",
        "alike": "未用公式核对:公式无法区分这些编号(大小写、前导零、通配符)。",
        "left_out": "客户不在档案中,按 unknown_accounts 不计入。",
        "both": "大客户与未计入明细合计:此处公式无法区分。",
        "elsewhere": "公司净销售总额 − 净销售额 − 未计入明细。",
        "source": "未用公式核对:明细不在本工作簿(参数 sales_source、adjustments_source),公式无法读取。",
    },
}
_TAKEN = ("Lines", "Gross", "Discounts", "Reversals", "Net sales")
_LEFT_OUT = (
    "Left-out lines",
    "Left-out gross",
    "Left-out discounts",
    "Left-out reversals",
    "Left-out net sales",
)
_TOGETHER = ("Lines and left-out lines", "Net sales and left-out lines")
COUNTS = frozenset({_TAKEN[0], _LEFT_OUT[0], _TOGETHER[0]})
"""The checks that count lines; all others are amounts."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row, in fen or lines: the program's figure, a formula (or why there is none), what it should give.

    ``{row}`` and ``{row-1}`` in a formula stand for the number of the check's row, and of the row above.
    """

    name: str
    period: str
    program: int
    formula: str = ""
    expected: int = 0
    person: str = ""
    note: str = ""


def control_totals(
    net_sales: ResultTable, results: Results, read: ReadBook, notes: Mapping[str, str]
) -> Iterator[Check]:
    """Give the checks of each month through the latest run; ``net_sales``: that sheet as it is written."""
    if not results.through:
        return
    sums = MonthSums.of(results.company.big, read.as_text, results.through)
    elsewhere = any(read.located[name].source for name in (tables.SALES.name, tables.ADJUSTMENTS.name))
    program = _program_by_month(net_sales, results.lines)
    months = _Months(MonthFormulas(read, sums), sums, notes, program, elsewhere)
    company = {row.month: row for row in read.inputs.company_sales}
    unclear = read.as_text.get(tables.COMPANY_SALES.name, frozenset())
    for month in range(min(sums.months, default=results.through), results.through + 1):
        yield from months.checks(month)
        if row := company.get(month):
            yield from months.company(month, row.net_sales, as_text=row.row in unclear)


@dataclass(frozen=True, slots=True)
class _Months:
    """The checks of months; ``program``: each month's sums as the program has them."""

    formulas: MonthFormulas
    sums: MonthSums
    notes: Mapping[str, str]
    program: Mapping[str, Sums]
    elsewhere: bool = False  # lines that are not in this workbook, where formulas cannot see them

    @property
    def _together(self) -> bool:
        return self.sums.left_out and not self.formulas.filtered

    def checks(self, month: int) -> Iterator[Check]:
        """Check a month's lines: those that are taken, those that are left out."""
        taken, left_out = self._found(month), self.sums.outside(month)
        everything = self.formulas.all_of(month, listed=False)
        if self._together:
            both, expected = taken.plus(left_out), self.sums.inside(month).plus(left_out)
            lines, gross, discounts, reversals = everything
            yield self._check(_TOGETHER[0], month, both.lines, lines, expected.lines, "both")
            net = f"{gross}-{discounts}-({reversals})"
            yield self._check(_TOGETHER[1], month, both.net, net, expected.net, "both")
            return
        texts = (*self.formulas.all_of(month), _net(1))
        yield from self._five(_TAKEN, month, taken, texts, self.sums.inside(month), "")
        if self.sums.left_out:
            less_taken = (*(f"{text}-{FORMULA}{{row-5}}" for text in everything), _net(1))
            yield from self._five(_LEFT_OUT, month, left_out, less_taken, left_out, "left_out")

    def company(self, month: int, net_fen: int, *, as_text: bool) -> Iterator[Check]:
        """Set the company's net sales beside the month's, and say what of them is not in this workbook."""
        note = "text" if as_text else ""
        formula = self.formulas.company_sales(month)
        name, text = "Company Sales", self.notes["text"]
        if as_text or month in self.sums.as_text:
            yield Check(name, month_text(month), net_fen, note=text)
        else:
            yield Check(name, month_text(month), net_fen, formula, net_fen)
        left_out = self.sums.outside(month).net
        here, expected = self._found(month).net + left_out, self.sums.inside(month).net + left_out
        split = self.sums.left_out and not self._together
        rest = f"{FORMULA}{{row-1}}-{FORMULA}{{row-2}}" + (f"-{FORMULA}{{row-7}}" if split else "")
        yield self._check(
            "Not in this workbook", month, net_fen - here, rest, net_fen - expected, note or "elsewhere"
        )

    def _found(self, month: int) -> Sums:
        return self.program.get(month_text(month), Sums(0, 0, 0, 0, 0))

    def _five(
        self, names: Iterable[str], month: int, program: Sums, texts: Iterable[str], sums: Sums, note: str
    ) -> Iterator[Check]:
        for name, figure, text, expected in zip(names, program, texts, sums, strict=True):
            yield self._check(name, month, figure, text, expected, note)

    def _check(self, name: str, month: int, program: int, formula: str, expected: int, note: str) -> Check:
        unseen = "source" if self.elsewhere else "text"
        if self.elsewhere or note == "text" or month in self.sums.as_text:
            return Check(name, month_text(month), program, note=self.notes[unseen])
        return Check(name, month_text(month), program, formula, expected, note=self.notes.get(note, ""))


def _net(above: int) -> str:
    gross, discounts, reversals = (f"{FORMULA}{{row-{above + back}}}" for back in (2, 1, 0))
    return f"{gross}-{discounts}-{reversals}"


def _program_by_month(net_sales: ResultTable, lines: Lines) -> dict[str, Sums]:
    """Give each month's sums: the amounts of the sheet Net Sales, the lines as they were calculated."""
    found: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    kept = lines.type != LINE_TYPES.index("discount")  # a sale's discount is no line of its own
    months, place = np.unique(months_of(lines.date[kept]), return_inverse=True)
    counts = np.zeros(len(months), np.int64)
    np.add.at(counts, place, lines.counted(kept))
    for month, count in zip(months.tolist(), counts.tolist(), strict=True):
        found[month_text(month)][0] = count
    names = [column.en for column in net_sales.sheet.columns]
    for row in net_sales.rows:
        fen = {name: value for name, value in zip(names, row, strict=True) if isinstance(value, int)}
        reversals = fen["Returns"] + fen["Bad Debts"] + fen["Later Discounts"] - fen["Recoveries"]
        of_month = found[str(row[names.index("Month")])]
        parts = (0, fen["Gross"], fen["Discount"], reversals, fen["Net Sales"])
        of_month[:] = [before + part for before, part in zip(of_month, parts, strict=True)]
    return {month: Sums(*values) for month, values in found.items()}
