"""Every result sheet and column, English and Chinese (spec, "Result sheets")."""

from __future__ import annotations

from keyaccount.tables.result_sheets import ResultColumn, ResultKind, ResultSheet


def _c(
    en: str, zh: str, kind: ResultKind, width: float = 12, *, hidden: bool = False, words: str = ""
) -> ResultColumn:
    return ResultColumn(en, zh, kind, width, hidden=hidden, words=words)


_MONTH = _c("Month", "月份", "text", 10)
_ACCOUNT = (_c("Account ID", "客户编号", "text"), _c("Account Name", "客户名称", "text", 24))
_PERSON = (_c("Salesperson ID", "销售员编号", "text"), _c("Name", "姓名", "text", 14))
_NUMBER = _c("No.", "序号", "integer", 8)
_PERSON_ON_PAPER = (_c("Department", "部门", "text", 12), *_PERSON)
_ON_PAPER = (_c("Signature", "签字", "text", 14), _c("Remarks", "备注", "text", 14, words="remark"))


def _amount(en: str, zh: str, *, total: bool = True, width: float = 13) -> ResultColumn:
    return ResultColumn(en, zh, "amount", width, total=total)


_PAID = ResultColumn("Paid", "本期应发", "amount", 14, total=True, main=True)


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
        _NUMBER,
        _MONTH,
        *_PERSON_ON_PAPER,
        _amount("Net Sales", "提成基数(净销售额)"),
        _amount("Commission", "本期提成"),
        _amount("Earned To Date", "累计应计提成", total=False),
        _amount("Due To Date", "累计应预发", total=False),
        _amount("Paid Before", "此前已发", total=False),
        _PAID,
        _amount("Withheld", "年终待补发", total=False),
        _amount("Carried", "结转待扣", total=False),
        *_ON_PAPER,
    ),
    ("Monthly advances (§3.3.2)", "大客户销售提成月度预发表(§3.3.2)"),
    apart="Month",
    signed=True,
)
QUARTERLY_SETTLEMENT = ResultSheet(
    "Quarterly Settlement",
    ("季度核算",),
    (
        _NUMBER,
        _c("Quarter", "核算期间", "text", 10),
        *_PERSON_ON_PAPER,
        _amount("Net Sales", "提成基数(净销售额)"),
        _amount("Commission", "本期提成"),
        _amount("Corrections", "更正"),
        _amount("Prior-Year", "以前年度调整", total=False),
        _amount("Opening", "期初结转", total=False),
        _amount("Earned To Date", "累计应计提成", total=False),
        _amount("Due To Date", "累计应预发", total=False),
        _amount("Paid Before", "此前已发", total=False),
        _PAID,
        _amount("Withheld", "年终待补发", total=False),
        _amount("Carried", "结转待扣", total=False),
        *_ON_PAPER,
    ),
    ("Quarterly settlement (§3.3.1)", "大客户销售提成结算表(§3.3.1)"),
    apart="Quarter",
    signed=True,
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
        _NUMBER,
        _c("Year", "年度", "text", 8),
        *_PERSON_ON_PAPER,
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
        _PAID,
        _amount("Carried", "结转待扣"),
        *_ON_PAPER,
    ),
    ("Year-end settlement (§3.3.2, §3.3.4, §3.4.1)", "大客户销售提成年终结算表(§3.3.2、§3.3.4、§3.4.1)"),
    apart="Year",
    signed=True,
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
    apart="Severity",
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
