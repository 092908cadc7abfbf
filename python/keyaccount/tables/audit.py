"""The sheets that show and prove: Reconciliation, whose formulas add up again, and Dashboard, with charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keyaccount.tables.result_sheets import ResultColumn, ResultSheet, ResultTable

ChartKind = Literal["columns", "stacked", "bars"]
"""Columns side by side or on each other, or lying bars with the largest on top."""


ChartValues = Literal["yuan", "percent", "score"]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the Dashboard, its texts in English and Chinese.

    ``nothing``: what stands in the place of an empty one.
    """

    name: str
    kind: ChartKind
    title: tuple[str, str]
    across: tuple[str, str]  # the title of the axis of categories
    measure: tuple[str, str]  # the title of the axis of values
    nothing: tuple[str, str]
    values: ChartValues = "yuan"
    colours: tuple[str, ...] = ()  # of the series, in their order; the usual ones where this ends


@dataclass(frozen=True, slots=True)
class Block:
    """A small table of the Dashboard and the chart over it; the first column holds the categories.

    ``drawn``: the places of the columns that the chart shows as series.
    """

    chart: Chart
    columns: tuple[ResultColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    drawn: tuple[int, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(row[place] for row in self.rows for place in self.drawn)


@dataclass(frozen=True, slots=True)
class Charted(ResultTable):
    """The Dashboard: no rows of its own, but blocks."""

    blocks: tuple[Block, ...] = ()


_YUAN = ("Yuan", "元")
COMMISSION_BY_QUARTER = Chart(
    "Commission by quarter and tier",
    "stacked",
    ("Commission by quarter and tier", "各季度提成(按客户等级)"),
    ("Quarter", "季度"),
    _YUAN,
    ("No commission yet.", "暂无提成。"),
)
WHERE_IT_STANDS = Chart(
    "Paid, withheld and carried",
    "stacked",
    ("Earned to date: paid, withheld, carried", "累计应计提成:已发、待补发、结转待扣"),
    ("After the run of", "核算期间"),
    _YUAN,
    ("Nothing has been paid or withheld yet.", "暂无已发或待补发提成。"),
    colours=("2F75B5", "9DC3E6", "C00000"),
)
TARGET_ATTAINMENT = Chart(
    "Target attainment",
    "columns",
    ("Target attainment", "年度目标达成率"),
    ("Salesperson", "销售员"),
    ("Net sales ÷ target", "净销售额 ÷ 年度目标"),
    ("No targets of this year, or no sales yet.", "本年度未设目标,或暂无销售。"),
    values="percent",
)
MAINTENANCE_SCORE = Chart(
    "Maintenance score",
    "columns",
    ("Maintenance score", "客户维护评分"),
    ("Salesperson", "销售员"),
    ("Score (0–100)", "评分(0–100)"),
    ("No maintenance log of this year, so no scores.", "本年度无维护记录,未评分。"),
    values="score",
)
TOP_ACCOUNTS = Chart(
    "Top accounts by net sales",
    "bars",
    ("Top accounts by net sales", "净销售额居前的客户"),
    ("Account", "客户"),
    _YUAN,
    ("No sales yet.", "暂无销售。"),
)
CLAWBACKS_BY_CAUSE = Chart(
    "Clawbacks by cause",
    "stacked",
    ("Commission taken back, by cause", "扣回提成(按原因)"),
    ("Cause", "原因"),
    _YUAN,
    (
        "Nothing has been taken back: no returns, bad debts or later discounts.",
        "暂无退货、坏账或折让,未扣回提成。",
    ),
)
CHARTS = (
    COMMISSION_BY_QUARTER,
    WHERE_IT_STANDS,
    TARGET_ATTAINMENT,
    MAINTENANCE_SCORE,
    CLAWBACKS_BY_CAUSE,
    TOP_ACCOUNTS,
)
"""The charts, in their order on the sheet."""

DASHBOARD = ResultSheet("Dashboard", ("看板",), (), ("Commission dashboard", "大客户销售提成看板"))
RECONCILIATION = ResultSheet(
    "Reconciliation",
    ("核对",),
    (
        ResultColumn("Check", "核对项目", "text", 26, words="check"),
        ResultColumn("Period", "期间", "text", 10),
        ResultColumn("Salesperson ID", "销售员编号", "text"),
        ResultColumn("By Formula", "公式计算", "formula", 16),
        ResultColumn("By the Program", "程序结果", "formula", 16),
        ResultColumn("Difference", "差额", "formula", 13, main=True),
        ResultColumn("Agrees", "是否一致", "verdict", 11),
        ResultColumn("Note", "说明", "text", 50),
    ),
    ("Reconciliation: formulas of the workbook against the program", "核对:工作簿公式与程序结果"),
    apart="Period",
)
CHANGES = ResultSheet(
    "Changes",
    ("数据变更记录",),
    (
        ResultColumn("Run", "批次号", "integer", 8),
        ResultColumn("Sheet", "工作表", "text", 18),
        ResultColumn("Key", "行", "text", 30),
        ResultColumn("Column", "列", "text", 18),
        ResultColumn("Old", "原值", "text", 28),
        ResultColumn("New", "新值", "text", 28),
    ),
    ("Changes of the input sheets between runs", "输入数据变更记录"),
    apart="Run",
    about=(
        "What changed in the inputs between a run and the one before; a new period's new rows are counted.",
        "各批次运行前,输入表相对上一批次的变更;新期间新增的行只计行数。",
    ),
)
SNAPSHOT = ResultSheet(
    "Input Snapshot",
    ("输入数据快照",),
    (
        ResultColumn("Part", "部分", "text", 12),
        ResultColumn("Content", "内容", "packed", 60),
    ),
    titled=False,
    unseen=True,
)
