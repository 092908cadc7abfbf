"""Every input sheet and column, English and Chinese (spec, "Input sheets")."""

from __future__ import annotations

from keyaccount.tables.columns import WORDS, Column, InputKind, Table

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
        _must("measure", "Measure", ("指标",), "word", words="measure"),
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
