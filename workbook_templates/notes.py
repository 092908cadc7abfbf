"""What belongs in each input column, in a sentence: the input messages of the templates.

A sentence of a table's own goes before that of the field's name alone.
"""

from __future__ import annotations

from keyaccount.tables import Column, Table
from keyaccount.workbook.shipped import Language

Said = tuple[str, str]

_ACCOUNT: Said = ("Choose an account of sheet Accounts.", "从「大客户档案」中选择。")
_PERSON: Said = ("Choose somebody of sheet Salespeople.", "从「销售员」表中选择。")
_TRAIT: Said = ("Your judgement: yes or no (§2.1).", "由公司判断：是或否（§2.1）。")
_DEPTH: Said = (
    "Is the cooperation deep in this respect? It suggests the tier (§2.2).",
    "该方面合作是否深入，用于建议等级（§2.2）。",
)

FIELDS: dict[str, Said] = {
    "account_id": _ACCOUNT,
    "salesperson_id": _PERSON,
    "year": ("The year with four digits, such as 2026.", "四位年份，如 2026。"),
    "effective_from": ("From this day on, that day included.", "自该日起生效（含当日）。"),
    "approved_by": ("Who approved this row.", "批准本行的人员。"),
    "document_no": ("The number of the paper that approves it.", "批准文件或审批单的编号。"),
    "date": ("The day that decides the month, such as 2026-01-31.", "决定所属月份的日期，如 2026-01-31。"),
    "coefficient": ("A factor such as 1.05.", "系数，如 1.05。"),
    "period": (
        "A month 2026-01, a quarter 2026Q1 or a year 2026.",
        "月份 2026-01、季度 2026Q1 或年度 2026。",
    ),
}
COLUMNS: dict[tuple[str, str], Said] = {
    ("Policies", "policy"): (
        "One of the plan's policies; for a change within the year add a row with its Effective From.",
        "方案参数的名称；年中变更请另加一行并填写生效日期。",
    ),
    ("Policies", "value"): (
        "A number, a percentage, a date, or one of the words in the list.",
        "数字、百分比、日期，或列表中的词。",
    ),
    ("Policies", "effective_from"): (
        "Blank: always. Else from this day on.",
        "留空表示一直有效；否则自该日起生效。",
    ),
    ("Policies", "note"): ("For your own explanation; not read.", "说明文字，程序不读取。"),
    ("Tiers", "tier"): (
        "Strategic, core, important, or a tier of your own.",
        "战略客户、核心客户、重要客户，或自定等级。",
    ),
    ("Tiers", "rate"): ("Commission rate, such as 2% (§3.2).", "提成比例，如 2%（§3.2）。"),
    ("Tiers", "effective_from"): (
        "Blank: always. For a new rate add a row with its first day.",
        "留空表示一直有效；比例调整请另加一行并填写首日。",
    ),
    ("Tiers", "rank"): (
        "1 is the highest tier; it tells an upgrade from a downgrade.",
        "1 为最高级，用于判断升级或降级。",
    ),
    ("Accounts", "account_id"): ("A code of your own, each only once.", "自定编号，不可重复。"),
    ("Accounts", "name"): ("The name as it shall stand on statements.", "对账单上显示的名称。"),
    ("Accounts", "industry"): ("The account's line of business.", "客户所属行业。"),
    ("Accounts", "contact"): ("Whom you talk to there.", "客户方联系人。"),
    ("Accounts", "phone"): ("The contact's phone number.", "联系人电话。"),
    ("Accounts", "preferences"): ("What the account likes and avoids.", "客户偏好。"),
    ("Accounts", "special_needs"): ("What the account needs beyond the usual.", "客户的特殊需求。"),
    ("Accounts", "business_needs"): ("What the account buys, and for what.", "客户的业务需求。"),
    ("Accounts", "support_contact"): ("Who supports this account on our side.", "我方专属服务人员。"),
    ("Accounts", "stable"): _TRAIT,
    ("Accounts", "influence"): _TRAIT,
    ("Accounts", "potential"): _TRAIT,
    ("Accounts", "strategic_impact"): (
        "Does the account matter for our strategy? It suggests the tier (§2.2).",
        "对公司战略是否有影响，用于建议等级（§2.2）。",
    ),
    ("Accounts", "business_depth"): _DEPTH,
    ("Accounts", "technology_depth"): _DEPTH,
    ("Accounts", "market_depth"): _DEPTH,
    ("Accounts", "profit_contribution"): (
        "A remark on what the account earns us (§2.1).",
        "对利润贡献的说明（§2.1）。",
    ),
    ("Accounts", "last_updated"): (
        "When this file was last looked through (§4.1.1).",
        "档案最近一次更新的日期（§4.1.1）。",
    ),
    ("Account Tiers", "tier"): (
        "The tier from this day on; blank: no key account any more.",
        "自该日起的等级；留空表示不再是大客户。",
    ),
    ("Account Tiers", "event"): (
        "New and upgrade raise the rate for 12 months (§3.4.2); blank: derived.",
        "新开发、升级可上浮 12 个月（§3.4.2）；留空则自动判断。",
    ),
    ("Account Tiers", "credited_to"): (
        "Who gets the uplift: salesperson IDs separated by ; (blank: those assigned that day).",
        "享受上浮的销售员编号，用 ; 分隔；留空为当日归属人。",
    ),
    ("Account Tiers", "reason"): ("Why the tier was given or changed.", "认定或调整等级的原因。"),
    ("Salespeople", "salesperson_id"): ("A code of your own, each only once.", "自定编号，不可重复。"),
    ("Salespeople", "name"): ("The name as it shall stand on statements.", "对账单上显示的姓名。"),
    ("Salespeople", "department"): (
        "The department, for the settlement sheet and payroll.",
        "所属部门，用于结算表和工资。",
    ),
    ("Salespeople", "joined"): ("First day of employment.", "入职日期。"),
    ("Salespeople", "left"): ("Last day of employment; blank while employed.", "最后在职日；在职则留空。"),
    ("Assignments", "share"): (
        "The part of the credit; the shares of an account add up to 100 % on every day.",
        "分成比例；同一客户每天合计须为 100%。",
    ),
    ("Assignments", "start"): ("First day of this assignment.", "归属开始日期。"),
    ("Assignments", "end"): (
        "Last day, that day included; blank: still running.",
        "归属最后一天（含当日）；仍有效则留空。",
    ),
    ("Sales", "sale_id"): (
        "The number of the sale or invoice, each only once.",
        "销售单或发票号码，不可重复。",
    ),
    ("Sales", "date"): (
        "The invoice date: it decides month, rate and credit.",
        "开票日期：决定月份、比例和归属。",
    ),
    ("Sales", "gross"): ("Amount without VAT, before the discount.", "折扣前金额（不含税）。"),
    ("Sales", "discount"): (
        "Discount on the invoice, without VAT, as a positive amount.",
        "发票上的折扣（不含税），填正数。",
    ),
    ("Adjustments", "adjustment_id"): ("The number of the voucher, each only once.", "调整单号，不可重复。"),
    ("Adjustments", "date"): ("The posting date: the line counts in this month.", "入账日期：计入该月。"),
    ("Adjustments", "type"): (
        "Return, bad debt, its recovery, or a later discount.",
        "销售退货、坏账核销、坏账收回或销售折让。",
    ),
    ("Adjustments", "amount"): (
        "Always positive, without VAT (or give the VAT Rate).",
        "一律填正数，不含税（含税时请填税率）。",
    ),
    ("Adjustments", "sale_id"): (
        "The sale that it undoes: it decides rate and credit (§3.2).",
        "所冲减的销售单号：决定比例和归属（§3.2）。",
    ),
    ("Adjustments", "original_date"): (
        "The day of that sale where its number is unknown.",
        "单号不详时填写原销售日期。",
    ),
    ("Adjustments", "vat_rate"): (
        "Only where the amount includes VAT, such as 13%.",
        "仅当金额含税时填写，如 13%。",
    ),
    ("Targets", "target"): (
        "The year's net sales that earn the bonus, without VAT (§3.4.1).",
        "达成即可获奖的全年净销售额（不含税，§3.4.1）。",
    ),
    ("Company Sales", "month"): ("The month: a date in it, or 2026-01.", "月份：当月任一日期或 2026-01。"),
    ("Company Sales", "net_sales"): (
        "The whole company's net sales of the month, without VAT.",
        "全公司当月净销售额（不含税）。",
    ),
    ("Maintenance", "date"): ("When it was done (Ctrl+; enters today).", "维护日期（Ctrl+; 输入当天）。"),
    ("Maintenance", "kind"): (
        "What was done, as §4 names it. An issue needs Opened, feedback needs Satisfaction.",
        "维护类别（§4）。售后问题须填提出时间，客户反馈须填满意度。",
    ),
    ("Maintenance", "opened"): (
        "Only for an issue: date and time when it was raised, such as 2026-03-05 14:30.",
        "仅售后问题：提出的日期和时间，如 2026-03-05 14:30。",
    ),
    ("Maintenance", "first_response"): (
        "When it was first answered; scored within 24 hours (§4.2.3).",
        "首次响应的日期和时间；24 小时内计分（§4.2.3）。",
    ),
    ("Maintenance", "closed"): (
        "When it was settled; scored within 7 days (§5.2).",
        "问题关闭的日期和时间；7 天内计分（§5.2）。",
    ),
    ("Maintenance", "satisfaction"): (
        "1 (poor) to 5 (very good); for feedback, issues and solutions (§4.2.2).",
        "1（差）至 5（很好）；用于客户反馈、售后问题、定制化方案（§4.2.2）。",
    ),
    ("Maintenance", "channel"): ("How you talked; other words may be typed.", "沟通方式，可另行填写。"),
    ("Maintenance", "priority"): ("How urgent it was; other words may be typed.", "优先级，可另行填写。"),
    ("Maintenance", "outcome"): ("What came of it.", "结果。"),
    ("Scorecard", "measure"): ("One of the plan's measures (§4, §5).", "方案中的指标（§4、§5）。"),
    ("Scorecard", "weight"): ("Points of 100; all weights add up to 100.", "百分制权重，合计 100。"),
    ("Scorecard", "threshold"): (
        "Days, hours or times a year, as the note says.",
        "天数、小时数或每年次数，见说明。",
    ),
    ("Bands", "score_from"): ("From this score on.", "起始分（含）。"),
    ("Bands", "coefficient"): (
        "The year-end coefficient that the score proposes.",
        "该分数建议的年终调整系数。",
    ),
    ("Year-End Review", "coefficient"): (
        "The approved coefficient, such as 1.05 (§3.3.4).",
        "批准的年终调整系数，如 1.05（§3.3.4）。",
    ),
    ("Year-End Review", "reason"): ("Why: it must be given.", "评定理由，必填。"),
    ("Year-End Review", "approved_by"): ("Who approved it: it must be given.", "批准人，必填。"),
    ("Opening Balances", "amount"): (
        "What is still to be deducted, as a negative amount.",
        "以前年度待扣金额，填负数。",
    ),
    ("Prior Years", "year"): ("A year that was settled outside this workbook.", "在本工作簿以外结算的年度。"),
    ("Prior Years", "coefficient"): (
        "That year's coefficient, such as 1.00.",
        "该年度的年终调整系数，如 1.00。",
    ),
    ("Prior Years", "bonus_earned"): (
        "Was the target bonus paid for that year?",
        "该年度是否已发目标达成奖。",
    ),
    ("Payments Made", "amount"): (
        "What was paid for this plan outside the program.",
        "在本程序以外已发放的提成。",
    ),
    ("Payments Made", "voucher"): ("The voucher of that payment.", "发放凭证号。"),
    ("Approvals", "ledger_digest"): (
        "Copied from the Run Log's row of the period's last run.",
        "取自该期间最后一次运行的操作日志。",
    ),
    ("Approvals", "prepared_by"): (
        "Three different persons prepare, review and approve.",
        "制表、审核、批准须为三人。",
    ),
    ("Approvals", "reviewed_by"): (
        "Three different persons prepare, review and approve.",
        "制表、审核、批准须为三人。",
    ),
    ("Approvals", "approved_by"): (
        "Three different persons prepare, review and approve.",
        "制表、审核、批准须为三人。",
    ),
    ("Approvals", "approved_on"): ("The day of the approval.", "批准日期。"),
    ("Objections", "entry"): ("The number of the ledger entry objected to.", "所异议的台账行序号。"),
    ("Objections", "raised"): ("When the objection came in.", "异议提出日期。"),
    ("Objections", "text"): ("What is objected to.", "异议内容。"),
    ("Objections", "answer"): ("The answer that was given.", "答复内容。"),
    ("Objections", "answered_by"): ("Who answered.", "答复人。"),
    ("Objections", "status"): ("Where it stands; other words may be typed.", "处理状态，可另行填写。"),
}


def note_of(table: Table, column: Column, language: Language) -> str:
    """Give what belongs in a column."""
    said = COLUMNS.get((table.name, column.field)) or FIELDS[column.field]
    return said[language == "zh"]
