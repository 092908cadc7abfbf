"""The contract: every sheet and column, English and Chinese, its type and whether it is required.

Input sheets are declared once here; reader, templates, checks and documents follow the declaration.
Source: spec "Input sheets" and "Result sheets". A small table's rows become frozen records
(``record``); the two tables that may be big, Sales and Adjustments, become columns (numpy).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray

    from keyaccount.problems import Problem

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
    "yes_no": {"yes": ("是",), "no": ("否",)},
    "severity": {"error": ("错误",), "warning": ("警告",)},
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

ACCOUNT_ID = Column("account_id", "Account ID", ("客户编号",), "id", required=True, filled=True)
SALESPERSON_ID = Column("salesperson_id", "Salesperson ID", ("销售员编号",), "id", required=True, filled=True)
YEAR = Column("year", "Year", ("年度",), "integer", required=True, filled=True)
EFFECTIVE_FROM = Column("effective_from", "Effective From", ("生效日期",), "day")
APPROVED_BY = Column("approved_by", "Approved By", ("批准人", "批准"), "text")
DOCUMENT_NO = Column("document_no", "Document No.", ("审批单号",), "text")
APPROVAL = (APPROVED_BY, DOCUMENT_NO)


def _yes_no(name: str, en: str, zh: str) -> Column:
    return Column(name, en, (zh,), "yes_no")


def _text(name: str, en: str, *zh: str) -> Column:
    return Column(name, en, zh, "text")


def _must(name: str, en: str, zh: tuple[str, ...], kind: InputKind, words: str = "") -> Column:
    return Column(name, en, zh, kind, required=True, filled=True, words=words)


POLICIES = Table(
    "Policies",
    ("方案参数",),
    (
        _must("policy", "Policy", ("参数",), "text"),
        Column("value", "Value", ("取值",), "setting", required=True),
        EFFECTIVE_FROM,
        _text("note", "Note", "说明"),
        *APPROVAL,
    ),
)
TIERS = Table(
    "Tiers",
    ("等级提成比例", "等级比例"),
    (
        _must("tier", "Tier", ("等级",), "tier"),
        _must("rate", "Rate", ("提成比例",), "rate"),
        Column("effective_from", "Effective From", ("生效日期",), "day", required=True),
        Column("rank", "Rank", ("等级排序", "级别"), "integer"),
        *APPROVAL,
    ),
    required=True,
)
ACCOUNTS = Table(
    "Accounts",
    ("大客户档案",),
    (
        ACCOUNT_ID,
        Column("name", "Account Name", ("客户名称",), "text", required=True),
        _text("industry", "Industry", "行业"),
        _text("contact", "Contact", "联系人"),
        _text("phone", "Phone", "电话"),
        _text("preferences", "Preferences", "偏好"),
        _text("special_needs", "Special Needs", "特殊需求"),
        _text("business_needs", "Business Needs", "业务需求"),
        _text("support_contact", "Support Contact", "专属服务人", "专属支持"),
        _yes_no("stable", "Stable", "合作稳定"),
        _yes_no("influence", "Influence", "市场影响力"),
        _yes_no("potential", "Potential", "发展潜力"),
        _yes_no("strategic_impact", "Strategic Impact", "战略影响"),
        _yes_no("business_depth", "Business Depth", "业务深度"),
        _yes_no("technology_depth", "Technology Depth", "技术深度"),
        _yes_no("market_depth", "Market Depth", "市场深度"),
        _text("profit_contribution", "Profit Contribution", "利润贡献"),
        Column("last_updated", "Last Updated", ("档案更新日期", "更新日期"), "day"),
    ),
)
ACCOUNT_TIERS = Table(
    "Account Tiers",
    ("客户等级记录", "等级变更"),
    (
        ACCOUNT_ID,
        Column("tier", "Tier", ("等级",), "tier", required=True),
        _must("effective_from", "Effective From", ("生效日期",), "day"),
        Column("event", "Event", ("事件",), "word", words="event"),
        Column("credited_to", "Credited To", ("责任人",), "ids"),
        _text("reason", "Reason", "原因"),
        *APPROVAL,
    ),
    required=True,
)
SALESPEOPLE = Table(
    "Salespeople",
    ("销售员",),
    (
        SALESPERSON_ID,
        Column("name", "Name", ("姓名",), "text", required=True),
        _text("department", "Department", "部门"),
        Column("joined", "Joined", ("入职日期",), "day"),
        Column("left", "Left", ("离职日期",), "day"),
    ),
    required=True,
)
ASSIGNMENTS = Table(
    "Assignments",
    ("客户归属",),
    (
        ACCOUNT_ID,
        SALESPERSON_ID,
        _must("share", "Share", ("分成比例",), "rate"),
        _must("start", "From", ("开始日期",), "day"),
        Column("end", "To", ("结束日期",), "day"),
        *APPROVAL,
    ),
    required=True,
)
SALES = Table(
    "Sales",
    ("销售明细",),
    (
        _must("sale_id", "Sale ID", ("单号", "销售单号"), "id"),
        _must("date", "Date", ("日期",), "day"),
        ACCOUNT_ID,
        _must("gross", "Gross Amount", ("销售额(不含税)", "销售额"), "amount"),
        Column("discount", "Discount", ("折扣额(不含税)", "折扣"), "amount"),
    ),
    required=True,
)
ADJUSTMENTS = Table(
    "Adjustments",
    ("退货坏账及折让", "退货坏账"),
    (
        _must("adjustment_id", "Adjustment ID", ("调整单号",), "id"),
        _must("date", "Date", ("日期",), "day"),
        _must("type", "Type", ("类型",), "word", words="adjustment"),
        ACCOUNT_ID,
        _must("amount", "Amount", ("金额(不含税)", "金额"), "amount"),
        Column("sale_id", "Sale ID", ("原销售单号", "单号"), "id"),
        Column("original_date", "Original Date", ("原销售日期", "原单日期"), "day"),
        Column("vat_rate", "VAT Rate", ("税率",), "rate"),
        *APPROVAL,
    ),
)
TARGETS = Table(
    "Targets",
    ("年度目标",),
    (SALESPERSON_ID, YEAR, _must("target", "Target", ("目标",), "amount"), *APPROVAL),
)
COMPANY_SALES = Table(
    "Company Sales",
    ("公司净销售总额", "公司销售额"),
    (
        _must("month", "Month", ("月份",), "month"),
        _must("net_sales", "Net Sales", ("净销售额",), "amount"),
    ),
)
MAINTENANCE = Table(
    "Maintenance",
    ("维护记录",),
    (
        _must("date", "Date", ("日期",), "day"),
        ACCOUNT_ID,
        SALESPERSON_ID,
        _must("kind", "Kind", ("类别",), "word", words="maintenance"),
        Column("opened", "Opened", ("提出时间",), "moment"),
        Column("first_response", "First Response", ("首次响应",), "moment"),
        Column("closed", "Closed", ("关闭时间",), "moment"),
        Column("satisfaction", "Satisfaction", ("满意度",), "integer"),
        _text("channel", "Channel", "沟通方式"),
        _text("priority", "Priority", "优先级"),
        _text("outcome", "Outcome", "结果"),
    ),
)
SCORECARD = Table(
    "Scorecard",
    ("评分规则",),
    (
        _must("measure", "Measure", ("指标",), "text"),
        _must("weight", "Weight", ("权重",), "number"),
        Column("threshold", "Threshold", ("阈值",), "number"),
        EFFECTIVE_FROM,
    ),
)
BANDS = Table(
    "Bands",
    ("评分档位",),
    (
        _must("score_from", "Score From", ("起始分",), "number"),
        _must("coefficient", "Coefficient", ("系数", "年终调整系数"), "rate"),
        EFFECTIVE_FROM,
    ),
)
YEAR_END_REVIEW = Table(
    "Year-End Review",
    ("年终考核评定", "年终评定"),
    (
        SALESPERSON_ID,
        YEAR,
        _must("coefficient", "Coefficient", ("系数", "年终调整系数"), "rate"),
        Column("reason", "Reason", ("理由",), "text", required=True),
        Column("approved_by", "Approved By", ("批准人", "批准"), "text", required=True),
    ),
)
OPENING_BALANCES = Table(
    "Opening Balances",
    ("期初结转", "期初余额"),
    (SALESPERSON_ID, YEAR, _must("amount", "Amount", ("金额",), "amount"), *APPROVAL),
)
PRIOR_YEARS = Table(
    "Prior Years",
    ("以前年度结算", "往年结算"),
    (
        SALESPERSON_ID,
        YEAR,
        _must("coefficient", "Coefficient", ("系数", "年终调整系数"), "rate"),
        _must("bonus_earned", "Bonus Earned", ("是否已发目标奖", "已得奖金"), "yes_no"),
        *APPROVAL,
    ),
)
PAYMENTS_MADE = Table(
    "Payments Made",
    ("已发提成",),
    (
        SALESPERSON_ID,
        _must("period", "Period", ("期间",), "period"),
        _must("amount", "Amount", ("金额",), "amount"),
        Column("voucher", "Voucher", ("凭证号",), "text", required=True),
    ),
)
APPROVALS = Table(
    "Approvals",
    ("审批记录",),
    (
        _must("period", "Period", ("期间",), "period"),
        _must("ledger_digest", "Ledger Digest", ("台账校验码",), "text"),
        Column("prepared_by", "Prepared By", ("制表",), "text", required=True),
        Column("reviewed_by", "Reviewed By", ("审核",), "text", required=True),
        Column("approved_by", "Approved By", ("批准", "批准人"), "text", required=True),
        Column("approved_on", "Approved On", ("批准日期",), "day", required=True),
        DOCUMENT_NO,
    ),
)
OBJECTIONS = Table(
    "Objections",
    ("异议登记",),
    (
        _must("entry", "Entry", ("台账行",), "integer"),
        SALESPERSON_ID,
        _must("raised", "Raised", ("提出日期",), "day"),
        Column("text", "Text", ("内容",), "text", required=True),
        _text("answer", "Answer", "答复"),
        _text("answered_by", "Answered By", "答复人"),
        _text("status", "Status", "状态"),
    ),
)

INPUT_TABLES: tuple[Table, ...] = (
    POLICIES,
    TIERS,
    ACCOUNTS,
    ACCOUNT_TIERS,
    SALESPEOPLE,
    ASSIGNMENTS,
    SALES,
    ADJUSTMENTS,
    TARGETS,
    COMPANY_SALES,
    MAINTENANCE,
    SCORECARD,
    BANDS,
    YEAR_END_REVIEW,
    OPENING_BALANCES,
    PRIOR_YEARS,
    PAYMENTS_MADE,
    APPROVALS,
    OBJECTIONS,
)
TABLE = {table.name: table for table in INPUT_TABLES}
REQUIRED = tuple(table.name for table in INPUT_TABLES if table.required)
"""The sheets that must be there."""
assert set(WORDS) >= {c.words for t in INPUT_TABLES for c in t.columns if c.words}  # noqa: S101 a declaration checks itself


# --- what the reader hands to the core -------------------------------------------------------


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
class PriorYearRow:
    """A row of Prior Years: how a year that was finished elsewhere was paid."""

    row: int
    salesperson_id: str
    year: int
    coefficient: Decimal
    bonus_earned: bool


@dataclass(frozen=True, slots=True)
class SalesColumns:
    """Sales as columns of one length; rows are sheet rows; days since 1970-01-01; fen."""

    row: NDArray[np.int32]
    sale_id: NDArray[np.object_]  # str
    date: NDArray[np.int32]
    account_id: NDArray[np.object_]  # str
    gross: NDArray[np.int64]
    discount: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the sales."""
        return len(self.row)


@dataclass(frozen=True, slots=True)
class AdjustmentColumns:
    """Adjustments as columns; blank: ``original_date`` NO_DAY, ``vat_rate`` None, ``sale_id`` ""."""

    row: NDArray[np.int32]
    adjustment_id: NDArray[np.object_]  # str
    date: NDArray[np.int32]
    type: NDArray[np.object_]  # str: return, bad_debt, recovery, discount
    account_id: NDArray[np.object_]  # str
    amount: NDArray[np.int64]
    sale_id: NDArray[np.object_]  # str
    original_date: NDArray[np.int32]
    vat_rate: NDArray[np.object_]  # Decimal | None

    def __len__(self) -> int:
        """Count the adjustments."""
        return len(self.row)


NO_DAY = -(2**31)
"""A blank day in a column of days."""


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


# --- result sheets ----------------------------------------------------------------------------

ResultKind = Literal["text", "integer", "amount", "rate", "coefficient", "share", "day", "digest", "link"]


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """One result column: English header, Chinese header, how its values are written.

    Values: ``amount`` int fen (written as yuan), ``rate``/``share``/``coefficient`` Decimal (a number: 0.02;
    the first two shown as percentages), ``day`` date, ``integer`` int, others text; ``None`` is empty.
    """

    en: str
    zh: str
    kind: ResultKind
    width: float = 12
    total: bool = False  # summed in the totals above the table
    hidden: bool = False
    words: str = ""  # the vocabulary whose words are shown in the workbook's language, a key of WORDS


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """One result sheet's declaration; ``titled``: title block above, header in row 5 (else row 1)."""

    name: str
    zh: tuple[str, ...]
    columns: tuple[ResultColumn, ...]
    title: tuple[str, str] = ("", "")
    titled: bool = True


@dataclass(frozen=True, slots=True)
class ResultTable:
    """The rows of a result sheet, values in the order of its columns; ``period`` and ``run`` for the head.

    ``links`` of Problems: per row the (table, row, column) that its Cell points to, or nothing.
    """

    sheet: ResultSheet
    rows: list[tuple[object, ...]]
    period: str = ""
    run: int = 0
    company: str = ""
    links: tuple[tuple[str, int, str], ...] = ()


def _c(
    en: str, zh: str, kind: ResultKind, width: float = 12, *, hidden: bool = False, words: str = ""
) -> ResultColumn:
    return ResultColumn(en, zh, kind, width, hidden=hidden, words=words)


_MONTH = _c("Month", "月份", "text", 10)
_ACCOUNT = (_c("Account ID", "客户编号", "text"), _c("Account Name", "客户名称", "text", 24))
_PERSON = (_c("Salesperson ID", "销售员编号", "text"), _c("Name", "姓名", "text", 14))


def _amount(en: str, zh: str, *, total: bool = True, width: float = 13) -> ResultColumn:
    return ResultColumn(en, zh, "amount", width, total=total)


NET_SALES = ResultSheet(
    "Net Sales",
    ("净销售额",),
    (
        _MONTH,
        *_ACCOUNT,
        _amount("Gross", "销售额"),
        _amount("Discount", "折扣"),
        _amount("Returns", "退货"),
        _amount("Bad Debts", "坏账核销"),
        _amount("Recoveries", "坏账收回"),
        _amount("Later Discounts", "折让"),
        _amount("Net Sales", "净销售额"),
    ),
    ("Net sales by account and month (§3.1)", "大客户净销售额(§3.1)"),
)
COMMISSION_DETAIL = ResultSheet(
    "Commission Detail",
    ("提成明细",),
    (
        _MONTH,
        _c("Origin Month", "原销售月份", "text", 13),
        *_ACCOUNT,
        *_PERSON,
        _c("Tier", "等级", "text", words="tier"),
        _amount("Net Sales", "提成基数"),
        _c("Rate", "提成比例", "rate", 10),
        _amount("Commission", "提成"),
    ),
    ("Commission by cell (§3.2)", "提成明细(§3.2)"),
)
MONTHLY_ADVANCES = ResultSheet(
    "Monthly Advances",
    ("月度预发",),
    (
        _MONTH,
        *_PERSON,
        _amount("Net Sales", "提成基数(净销售额)"),
        _amount("Commission", "本期提成"),
        _amount("Earned To Date", "累计应计提成", total=False),
        _amount("Due To Date", "累计应预发", total=False),
        _amount("Paid Before", "此前已发", total=False),
        _amount("Paid", "本期应发"),
        _amount("Withheld", "年终待补发", total=False),
        _amount("Carried", "结转待扣", total=False),
    ),
    ("Monthly advances (§3.3.2)", "大客户销售提成月度预发表(§3.3.2)"),
)
QUARTERLY_SETTLEMENT = ResultSheet(
    "Quarterly Settlement",
    ("季度核算",),
    (
        _c("Quarter", "核算期间", "text", 10),
        *_PERSON,
        _amount("Net Sales", "提成基数(净销售额)"),
        _amount("Commission", "本期提成"),
        _amount("Corrections", "更正"),
        _amount("Prior-Year", "以前年度调整", total=False),
        _amount("Opening", "期初结转", total=False),
        _amount("Earned To Date", "累计应计提成", total=False),
        _amount("Due To Date", "累计应预发", total=False),
        _amount("Paid Before", "此前已发", total=False),
        _amount("Paid", "本期应发"),
        _amount("Withheld", "年终待补发", total=False),
        _amount("Carried", "结转待扣", total=False),
    ),
    ("Quarterly settlement (§3.3.1)", "大客户销售提成结算表(§3.3.1)"),
)
CLAWBACKS = ResultSheet(
    "Clawbacks",
    ("提成扣回",),
    (
        _c("Adjustment ID", "调整单号", "text", 14),
        _c("Type", "类型", "text", 14, words="adjustment"),
        _c("Date", "日期", "day", 11),
        _c("Original Date", "原销售日期", "day", 13),
        _c("Account ID", "客户编号", "text"),
        _c("Salesperson ID", "销售员编号", "text"),
        _amount("Amount", "金额"),
        _c("Rate", "原提成比例", "rate", 10),
        _amount("Commission Reversed", "扣回提成", width=19),
        _amount("From Pay", "其中:扣回已发"),
        _amount("From Withheld", "其中:冲减待补发"),
    ),
    ("Clawbacks (§3.3.3)", "提成扣回明细(§3.3.3)"),
)
YEAR_END_SETTLEMENT = ResultSheet(
    "Year-End Settlement",
    ("年终结算",),
    (
        _c("Year", "年度", "text", 8),
        *_PERSON,
        _amount("Net Sales", "提成基数(净销售额)"),
        _amount("Target", "年度目标"),
        _c("Attainment", "目标达成率", "share", 11),
        _amount("Commission", "年度提成"),
        _c("Coefficient", "年终调整系数", "coefficient", 12),
        _amount("Adjustment", "年终调整"),
        _amount("Final", "调整后提成"),
        _amount("Bonus", "目标达成奖"),
        _amount("Prior-Year", "以前年度调整"),
        _amount("Opening", "期初结转"),
        _amount("Paid Before", "此前已发"),
        _amount("Paid", "本期应发"),
        _amount("Carried", "结转待扣"),
    ),
    ("Year-end settlement (§3.3.2, §3.3.4, §3.4.1)", "大客户销售提成年终结算表(§3.3.2、§3.3.4、§3.4.1)"),
)
LEDGER = ResultSheet(
    "Ledger",
    ("提成台账",),
    (
        _c("Entry", "序号", "integer", 8),
        _c("Run", "批次号", "integer", 8),
        _c("Booked At", "记账时间", "text", 21),
        _c("Period", "期间", "text", 10),
        _c("Kind", "类别代码", "text", 17),
        _c("Salesperson ID", "销售员编号", "text"),
        _c("Account ID", "客户编号", "text"),
        _c("Month", "月份", "text", 10),
        _c("Origin Month", "原销售月份", "text", 13),
        _amount("Net Sales", "净销售额", total=False),
        _c("Rate", "比例", "rate", 10),
        _amount("Amount", "金额", total=False),
        _c("Clause", "条款", "text", 10),
        _c("Reference", "备注", "text", 30, hidden=True),
        _c("Digest", "校验码", "digest", 30, hidden=True),
    ),
    titled=False,
)
PROBLEMS = ResultSheet(
    "Problems",
    ("数据检查结果", "数据问题"),
    (
        _c("Severity", "严重程度", "text", 10, words="severity"),
        _c("Sheet", "工作表", "text", 16),
        _c("Cell", "单元格", "link", 10),
        _c("Value", "值", "text", 18),
        _c("Problem", "问题", "text", 60),
        _c("Remedy", "处理办法", "text", 60),
    ),
    ("Problems", "数据检查结果"),
)
RUN_LOG = ResultSheet(
    "Run Log",
    ("操作日志", "运行记录"),
    (
        _c("Run", "批次号", "integer", 8),
        _c("Booked At", "记账时间", "text", 21),
        _c("User", "用户", "text", 14),
        _c("Computer", "计算机", "text", 16),
        _c("Command", "命令", "text", 24),
        _c("Period", "期间", "text", 10),
        _c("Program Version", "程序版本", "text", 16),
        _c("Input Digest", "数据校验码", "digest", 30, hidden=True),
        _c("Ledger Digest", "台账校验码", "digest", 30, hidden=True),
        _c("Signature", "签名", "digest", 30, hidden=True),
    ),
    titled=False,
)
RESULT_SHEETS: tuple[ResultSheet, ...] = (
    NET_SALES,
    COMMISSION_DETAIL,
    MONTHLY_ADVANCES,
    QUARTERLY_SETTLEMENT,
    CLAWBACKS,
    YEAR_END_SETTLEMENT,
    LEDGER,
    PROBLEMS,
    RUN_LOG,
)
"""The result sheets that the program writes, in the order in which they stand in the workbook."""
RESULT_SHEET = {sheet.name: sheet for sheet in RESULT_SHEETS}


@dataclass(frozen=True, slots=True)
class Located:
    """Where a table stood: the sheet's title as found, and each column's letters by English header."""

    title: str
    header_row: int
    letters: dict[str, str] = field(default_factory=dict)

    def cell(self, row: int, column: str) -> str:
        """Give the address of a row's cell (``B7``), or ``""`` for the whole sheet."""
        if row <= 0:
            return ""
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


assert set(get_args(ResultKind)) >= {c.kind for s in RESULT_SHEETS for c in s.columns}  # noqa: S101 a declaration checks itself
