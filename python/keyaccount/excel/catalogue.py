"""The cell functions as Excel shows them: names, arguments and help in English and Chinese.

Declared once: functions.py takes its help from here, the add-in's VBA wrappers are generated from it, and
the reference pages list it.

How a cell error gets into a cell: COM hands back texts and numbers, so an error is a text that begins with
ERROR_MARK, a private character that no cell's own text has: ``ERROR_MARK + "#N/A"``. The wrapper replaces
each such element, in a scalar and in every element of an array, by ``CVErr(ERRORS["#N/A"])``.
"""

from __future__ import annotations

from dataclasses import dataclass

MODULE = "keyaccount.excel.functions"
"""Where the functions are; each bears the name that it has in a cell."""
CATEGORY = ("Key Accounts", "大客户提成")
"""The category in the function wizard, in English and Chinese."""
ERROR_MARK = "\ue000"
ERRORS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
"""The errors that a function can return, with the number that VBA's CVErr takes."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a cell function: its name, help in English and Chinese, whether it may be left out."""

    name: str
    en: str
    zh: str
    optional: bool = False

    @property
    def vba_name(self) -> str:
        """The wrapper's parameter, as the function wizard shows it; VBA keeps some words for itself."""
        return {"date": "on_date", "commission": "commission_yuan"}.get(self.name, self.name)


@dataclass(frozen=True, slots=True)
class CellFunction:
    """A cell function: its name in a cell and in functions.py, its help in both languages, its clause."""

    name: str
    en: str
    zh: str
    clause: str
    arguments: tuple[Argument, ...]

    @property
    def usage(self) -> str:
        """The call as the specification writes it: ``=ADVANCE(commission, [rate])``."""
        names = (f"[{each.name}]" if each.optional else each.name for each in self.arguments)
        return f"={self.name}({', '.join(names)})"


def _left_out(name: str, en: str, zh: str) -> Argument:
    return Argument(name, en, zh, optional=True)


_TIER = Argument(
    "tier",
    "Tier, in English or Chinese: strategic, core, important, or a name of your own.",
    "等级,中英文均可:战略客户、核心客户、重要客户或自定义名称。",
)
_DATE = _left_out(
    "date",
    "Date of the sale: a date, or the text 2026-01-31. Left out: the tier's latest rate.",
    "销售日期:日期或文本 2026-01-31。省略:取该等级最新一行的比例。",
)
_TIERS = _left_out(
    "tiers",
    "The Tiers table as a range (Tier, Rate, Effective From). Left out: this workbook's Tiers sheet.",
    "等级提成比例表区域(等级、提成比例、生效日期)。省略:本工作簿的等级提成比例表。",
)
_UPLIFT = _left_out(
    "uplift",
    "Points that raise the rate, 0.005 for half a point (§3.4.2). Left out: none.",
    "上浮百分点,0.5 个百分点填 0.005(§3.4.2)。省略:不上浮。",
)
_ADVANCE_RATE = _left_out(
    "rate", "Part paid in advance, from 0 to 1. Left out: 80 %.", "预发比例,0 至 1。省略:80%。"
)

FUNCTIONS: tuple[CellFunction, ...] = (
    CellFunction(
        "COMMISSION",
        "Commission on net sales: net sales × rate of the tier, rounded to the fen.",
        "按净销售额计算提成:净销售额 × 等级提成比例,四舍五入到分。",
        "§3.2",
        (
            Argument("net_sales", "Net sales in yuan, without VAT.", "净销售额(元,不含税)。"),
            _TIER,
            _DATE,
            _TIERS,
            _UPLIFT,
        ),
    ),
    CellFunction(
        "COMMISSIONRATE",
        "The rate of a tier in force on a date, with uplift.",
        "某日有效的等级提成比例(含上浮)。",
        "§3.2",
        (_TIER, _DATE, _TIERS, _UPLIFT),
    ),
    CellFunction(
        "NETSALES",
        "Net sales: gross − discount − returns − bad debts + recoveries.",
        "净销售额 = 销售额 − 折扣 − 退货 − 坏账核销 + 坏账收回。",
        "§3.1",
        (
            Argument("gross", "Gross sales in yuan, without VAT.", "销售额(元,不含税)。"),
            _left_out("discount", "Discounts, later ones too.", "折扣额(含事后折让)。"),
            _left_out("returns", "Returns.", "销售退货。"),
            _left_out("bad_debts", "Bad debts written off.", "已核销坏账。"),
            _left_out("recoveries", "Bad debts recovered.", "已核销坏账收回。"),
        ),
    ),
    CellFunction(
        "ADVANCE",
        "The part of a commission that is paid in advance, 80 %, to the fen.",
        "提成中每月预发的部分(80%),四舍五入到分。",
        "§3.3.2",
        (Argument("commission", "Commission in yuan.", "提成(元)。"), _ADVANCE_RATE),
    ),
    CellFunction(
        "WITHHELD",
        "The part of a commission that waits for the year end: commission − advance.",
        "年终待补发:提成 − 预发。",
        "§3.3.2",
        (Argument("commission", "Commission in yuan.", "提成(元)。"), _ADVANCE_RATE),
    ),
    CellFunction(
        "CLAWBACK",
        "The part of a reversed commission to take from pay: paid share × (amount × rate), both to the fen.",
        "扣回:从已发提成中扣回的部分 = 已发比例 × (金额 × 原提成比例),均四舍五入到分。",
        "§3.3.3",
        (
            Argument(
                "amount", "Amount of the return or bad debt, without VAT.", "退货或坏账金额(元,不含税)。"
            ),
            Argument("origin_rate", "Rate of the sale that is undone.", "原销售的提成比例。"),
            _left_out(
                "paid_share", "Part already paid, from 0 to 1. Left out: 80 %.", "已发比例,0 至 1。省略:80%。"
            ),
        ),
    ),
    CellFunction(
        "TARGETBONUS",
        "The target bonus of a year: 10 % of the final commission when net sales reach the target, else 0.",
        "目标达成奖:全年净销售额达到目标时为最终提成的 10%,否则为 0。",
        "§3.4.1",
        (
            Argument("net_sales", "Net sales of the year in yuan.", "全年净销售额(元)。"),
            Argument(
                "target", "Target of the year; blank: none, no bonus.", "年度目标;空白:无目标,不发奖金。"
            ),
            Argument("final_commission", "Final commission of the year.", "年终调整后的全年提成(元)。"),
            _left_out("rate", "Rate of the bonus. Left out: 10 %.", "奖金比例。省略:10%。"),
        ),
    ),
    CellFunction(
        "KEYACCOUNTSHARE",
        "An account's share of the company's net sales, not rounded.",
        "客户净销售额占公司净销售总额的比例(不舍入)。",
        "§2.1",
        (
            Argument(
                "account_net", "Net sales of the account, previous year.", "该客户上一年度净销售额(元)。"
            ),
            Argument("company_net", "Net sales of the company, that year.", "公司该年度净销售总额(元)。"),
        ),
    ),
    CellFunction(
        "ISKEYACCOUNT",
        "Whether an account's share reaches the threshold, 5 % included; compared exactly.",
        "是否达到大客户标准(含 5%),精确比较。",
        "§2.1",
        (
            Argument(
                "account_net", "Net sales of the account, previous year.", "该客户上一年度净销售额(元)。"
            ),
            Argument("company_net", "Net sales of the company, that year.", "公司该年度净销售总额(元)。"),
            _left_out("threshold", "Threshold, from 0 to 1. Left out: 5 %.", "认定比例,0 至 1。省略:5%。"),
        ),
    ),
    CellFunction(
        "SETTLEMENT",
        "The ledger's lines of a salesperson and a period, with headers, spilled.",
        "某销售员某期间的台账明细(含标题,自动溢出)。",
        "§3.3",
        (
            Argument("salesperson", "Salesperson ID.", "销售员编号。"),
            Argument("period", "Period: 2026-01, 2026Q1 or 2026.", "期间:2026-01、2026Q1 或 2026。"),
        ),
    ),
)
FUNCTION = {function.name: function for function in FUNCTIONS}
"""The cell functions by name."""
