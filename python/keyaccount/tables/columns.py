"""What declares an input sheet: its columns, their kinds, and the words that a column takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

InputKind = Literal[
    "id",  # text ID: trimmed, case-sensitive; a number is its text without a trailing .0
    "ids",  # IDs separated by ";" -> tuple[str, ...]
    "text",  # free text
    "word",  # one of a vocabulary, in either language -> its English word
    "tier",  # a tier's name: strategic/core/important in either language, or an own name
    "yes_no",  # yes/no, 是/否 -> bool
    "amount",  # yuan with at most two decimals -> int fen
    "rate",  # exact number, "80%" allowed -> Decimal (15 significant digits)
    "number",  # exact number -> Decimal
    "integer",  # whole number -> int
    "day",  # date without time -> date (columns: int32 days since 1970-01-01)
    "moment",  # date with time -> datetime
    "month",  # date or 2026-01 -> month index
    "period",  # 2026-01, 2026Q1 or 2026 -> its text
    "setting",  # a policy's value: number, 80%, date or lower-case word -> its canonical text
]


@dataclass(frozen=True, slots=True)
class Column:
    """One input column: attribute name, English header, Chinese headers (first: shown), type."""

    field: str
    en: str
    zh: tuple[str, ...]
    kind: InputKind
    required: bool = False  # the header must be there
    filled: bool = False  # a cell of a row that is not blank must not be blank
    words: str = ""  # the vocabulary of a "word" column, a key of WORDS
    note: str = ""  # what belongs in it, for input messages and documents


@dataclass(frozen=True, slots=True)
class Table:
    """One input sheet: English sheet name, Chinese names (first: shown), columns."""

    name: str
    zh: tuple[str, ...]
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def table_name(self) -> str:
        """The Excel table name: the English sheet name without spaces and hyphens."""
        return self.name.replace(" ", "").replace("-", "")

    def column(self, name: str) -> Column:
        """Give the column with this field name."""
        return next(column for column in self.columns if column.field == name)


SEVERAL = "; "
"""Stands between several words of one cell."""
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "tier": {
        "strategic": ("战略客户",),
        "core": ("核心客户",),
        "important": ("重要客户",),
    },
    "event": {
        "initial": ("初始",),
        "new": ("新开发",),
        "upgrade": ("升级",),
        "downgrade": ("降级",),
    },
    "adjustment": {
        "return": ("销售退货", "退货"),
        "bad_debt": ("坏账核销", "坏账"),
        "recovery": ("已核销坏账收回", "坏账收回"),
        "discount": ("销售折让", "折让", "返利"),
    },
    "maintenance": {
        "review": ("月度商务回顾",),
        "visit": ("客户拜访",),
        "event": ("客户活动", "客户答谢", "行业研讨会", "企业参观"),
        "joint_marketing": ("共同营销",),
        "feedback": ("客户反馈",),
        "issue": ("售后问题",),
        "training": ("客户培训",),
        "upgrade_service": ("升级维护",),
        "custom_solution": ("定制化方案",),
        "bid": ("招投标",),
        "opportunity": ("商机挖掘",),
        "joint_development": ("联合开发",),
    },
    "measure": {
        "profile": ("客户档案",),
        "monthly review": ("月度回顾",),
        "response": ("响应及时",),
        "resolution": ("解决及时",),
        "events": ("客户活动",),
        "feedback": ("客户满意",),
        "service": ("增值服务",),
        "expansion": ("业务拓展",),
    },
    "yes_no": {"yes": ("是",), "no": ("否",)},
    "finding": {
        "qualifies": ("达标",),
        "below threshold": ("未达标",),
        "candidate": ("候选",),
        "no prior-year data": ("无上年数据",),
    },
    "changed": {
        "new tier": ("新增等级",),
        "higher tier": ("等级上升",),
        "lower tier": ("等级下降",),
        "tier ended": ("等级终止",),
        "qualifies now": ("新达标",),
        "qualifies no more": ("不再达标",),
    },
    "neglected": {
        "no review for two months": ("两个月未回顾",),
        "file out of date": ("档案未按期更新",),
        "issue open too long": ("问题逾期未关闭",),
    },
    "standing": {
        "approved as proposed": ("已批准(与建议一致)",),
        "approved otherwise": ("已批准(与建议不同)",),
        "approved without proposal": ("已批准(无建议)",),
        "proposed only": ("有建议,未批准",),
        "missing": ("无建议,未批准",),
    },
    "recognition": {
        "on course": ("暂达表彰标准",),
        "recognition proposed": ("建议表彰",),
        "promotion proposed": ("建议表彰并晋升",),
    },
    "missed": {
        "Industry": ("行业",),
        "Contact": ("联系人",),
        "Phone": ("电话",),
        "Preferences": ("偏好",),
        "Special Needs": ("特殊需求",),
        "Business Needs": ("业务需求",),
        "Support Contact": ("专属服务人",),
        "not updated in time": ("未按期更新",),
    },
    "remark": {
        "left, settled": ("离职已结清",),
        "left, to be recovered": ("离职待追回",),
    },
    "severity": {"error": ("错误",), "warning": ("警告",)},
    "check": {
        "Lines": ("明细(笔数)",),
        "Gross": ("销售额",),
        "Discounts": ("折扣",),
        "Reversals": ("退货坏账及折让(净额)",),
        "Net sales": ("净销售额",),
        "Left-out lines": ("未计入明细(笔数)",),
        "Left-out gross": ("未计入明细:销售额",),
        "Left-out discounts": ("未计入明细:折扣",),
        "Left-out reversals": ("未计入明细:退货坏账及折让",),
        "Left-out net sales": ("未计入明细:净销售额",),
        "Lines and left-out lines": ("明细及未计入明细(笔数)",),
        "Net sales and left-out lines": ("净销售额及未计入明细",),
        "Company Sales": ("公司净销售总额",),
        "Not in this workbook": ("本工作簿未列",),
        "Commission": ("本期提成",),
        "Corrections": ("更正",),
        "Paid + withheld + carried = earned": ("已发+待补发+结转=应计",),
        "Earned, as booked": ("应计(台账)",),
    },
    "cause": {
        "Returns": ("退货",),
        "Bad debts": ("坏账核销",),
        "Later discounts": ("折让",),
        "Recoveries": ("坏账收回",),
    },
    "entry": {
        "commission": ("提成",),
        "correction": ("更正",),
        "prior_year": ("以前年度调整",),
        "adjustment": ("年终调整",),
        "target_bonus": ("目标达成奖",),
        "opening_balance": ("期初结转",),
        "advance": ("月度预发",),
        "quarter_payment": ("季度发放",),
        "year_end_payment": ("年终发放",),
        "exit_payment": ("离职结清",),
    },
}
"""Vocabularies: English word -> Chinese words (the first is shown)."""
