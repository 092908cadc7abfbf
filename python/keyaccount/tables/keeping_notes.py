"""The notes of the result sheets of keeping the accounts (§2.1, §3.4.3, §4, §5)."""

from __future__ import annotations

from collections.abc import Mapping

Note = tuple[str, str]

_REVIEW: Mapping[str, Note] = {
    "Year": (
        "Plan year that is reviewed; the share test is of the year before (§2.1).",
        "认定年度;占比按上一自然年计算(§2.1)。",
    ),
    "Name": ("Name on sheet Accounts.", "「大客户档案」中的客户名称。"),
    "Industry": ("Industry on sheet Accounts.", "「大客户档案」中的行业。"),
    "Net Sales": (
        "The account's net sales of the year before (§2.1, §3.1).",
        "该客户上一自然年的净销售额(§2.1、§3.1)。",
    ),
    "Company Net Sales": (
        "The whole company's net sales of the year before, from sheet Company Sales (§2.1).",
        "全公司上一自然年净销售总额,取自「公司净销售总额」表(§2.1)。",
    ),
    "Share": (
        "Net sales ÷ company net sales; the test itself compares whole fen (§2.1).",
        "净销售额 ÷ 公司净销售总额;认定时按分精确比较(§2.1)。",
    ),
    "Stable": ("Stable cooperation, as judged on sheet Accounts (§2.1).", "合作关系是否稳定(§2.1)。"),
    "Influence": ("Market influence, as judged on sheet Accounts (§2.1).", "是否有市场影响力(§2.1)。"),
    "Potential": ("Growth potential, as judged on sheet Accounts (§2.1).", "是否有发展潜力(§2.1)。"),
    "Traits Met": (
        "How many of the three traits are met; they indicate, they do not decide (§2.1).",
        "三项特征中符合的项数,仅供参考,不作决定(§2.1)。",
    ),
    "Profit Contribution": ("Note on sheet Accounts (§2.1).", "「大客户档案」中的利润贡献说明(§2.1)。"),
    "Tier": (
        "The tier on the last day shown of the year (§2.2).",
        "该年度末(或截至最近期间末)的客户等级(§2.2)。",
    ),
    "Suggested Tier": (
        "Deep in business, technology, market: strategic (core without impact); two: core; one: important.",
        "业务、技术、市场三方面深度合作为战略客户(无战略影响为核心客户),两方面为核心客户,一方面为重要客户(§2.2)。",
    ),
    "Finding": (
        "Share of at least 5 % (policy key_account_share): qualifies, or candidate without a tier (§2.1).",
        "占比达到5%(参数 key_account_share)为达标,尚无等级为候选(§2.1)。",
    ),
    "Above Threshold": (
        "Net sales − the threshold's amount; negative: what is missing (§2.1).",
        "净销售额 − 门槛金额;负数为差额(§2.1)。",
    ),
    "Share A Year Before": (
        "The share that the review of the year before rested on (§2.1).",
        "上一年度认定所依据的占比(§2.1)。",
    ),
    "Tier A Year Before": (
        "The tier on 31 December of the year before (§2.2).",
        "上年12月31日的等级(§2.2)。",
    ),
    "Changed": ("What is other than a year before (§2.1, §2.2).", "与上一年度相比的变化(§2.1、§2.2)。"),
    "Last Review": ("Last business review in the log (§4.1.2).", "维护记录中最近一次商务回顾(§4.1.2)。"),
    "File Updated": ("Last Updated on sheet Accounts (§4.1.1).", "「大客户档案」中的更新日期(§4.1.1)。"),
    "Issues Overdue": (
        "Issues that have been open for more than 7 days (§5.2).",
        "超过7天未关闭的售后问题数(§5.2)。",
    ),
    "Neglected": (
        "No review in the last two months, file older than 180 days, issue open for over 7 days (§4, §5).",
        "最近两个月无商务回顾、档案超过180天未更新、问题超过7天未关闭(§4、§5)。",
    ),
}
_SCORES: Mapping[str, Note] = {
    "Year": (
        "Plan year; one that is not over yet is scored through the latest run (§4, §5).",
        "方案年度;未结束的年度评分至最近期间(§4、§5)。",
    ),
    "Profile": (
        "Filled fields of the account file ÷ 7; half if not updated within 180 days (§4.1.1, §5.1).",
        "客户档案已填项 ÷ 7;180天内未更新减半(§4.1.1、§5.1)。",
    ),
    "Monthly Review": (
        "Assigned months with a business review ÷ assigned months (§4.1.2, §5.1).",
        "有商务回顾的归属月数 ÷ 归属月数(§4.1.2、§5.1)。",
    ),
    "Response": (
        "Issues first answered within 24 h ÷ issues; 1 without issues (§4.2.3, §5.2).",
        "24小时内首次响应的问题 ÷ 问题总数;无问题为1(§4.2.3、§5.2)。",
    ),
    "Resolution": (
        "Issues closed within 7 days ÷ issues; 1 without issues (§5.2).",
        "7天内关闭的问题 ÷ 问题总数;无问题为1(§5.2)。",
    ),
    "Events": (
        "Events and joint marketing ÷ 2 a year, at most 1 (§4.1.3, §5.1).",
        "客户活动和共同营销次数 ÷ 每年2次,最多为1(§4.1.3、§5.1)。",
    ),
    "Feedback": (
        "Mean of (satisfaction − 1) ÷ 4; 0 without any (§4.2.2, §5.2).",
        "(满意度 − 1)÷ 4 的平均值;无记录为0(§4.2.2、§5.2)。",
    ),
    "Service": (
        "Solutions, trainings and upgrades ÷ 2 a year, at most 1 (§4.2.1, §5.2).",
        "定制化方案、培训、升级维护次数 ÷ 每年2次,最多为1(§4.2.1、§5.2)。",
    ),
    "Expansion": (
        "Bids, opportunities and joint developments ÷ 1 a year, at most 1 (§4.3).",
        "招投标、商机挖掘、联合开发次数 ÷ 每年1次,最多为1(§4.3)。",
    ),
    "Score": (
        "Measures × weights of sheet Scorecard, exact; blank without any log row (§4, §5).",
        "各指标 × 「评分规则」权重,精确计算;无维护记录则空(§4、§5)。",
    ),
    "Proposed Coefficient": (
        "From the score, by sheet Bands; it pays nothing (§3.3.4).",
        "按「评分档位」由评分得出,不影响发放(§3.3.4)。",
    ),
    "Approved Coefficient": (
        "Approved on sheet Year-End Review: the only one that pays (§3.3.4).",
        "「年终考核评定」批准的系数,仅按此发放(§3.3.4)。",
    ),
    "Standing": (
        "Whether a coefficient is proposed and approved (§3.3.4).",
        "系数是否已建议、已批准(§3.3.4)。",
    ),
    "Reason": ("Reason on sheet Year-End Review (§3.3.4).", "「年终考核评定」中的理由(§3.3.4)。"),
    "Approved By": ("Who approved it (§3.3.4).", "批准人(§3.3.4)。"),
    "Paid Coefficient": (
        "The coefficient by which the year end was paid; blank before it (§3.3.4).",
        "年终结算实际执行的系数;未结算为空(§3.3.4)。",
    ),
    "Accounts": (
        "Accounts assigned in the year; each with its months on sheet Score Detail.",
        "本年度归属客户数,明细见「评分明细」。",
    ),
    "Log Rows": ("Rows of sheet Maintenance that count.", "计入的维护记录行数。"),
}
_DETAIL: Mapping[str, Note] = {
    "Year": ("Plan year of the score (§4, §5).", "评分年度(§4、§5)。"),
    "Months": (
        "Months of which any day was assigned (§4).",
        "归属月数:当月有一天归属即计(§4)。",
    ),
    "Account Weight": ("Months assigned × share (§4).", "客户权重 = 归属月数 × 分成比例(§4)。"),
    "Measure": ("One of the eight measures (§4, §5).", "八项指标之一(§4、§5)。"),
    "Reached": (
        "What was found: fields, months, issues in time, acts; of feedback satisfaction − 1, added up.",
        "实际达成:已填项、月数、及时问题数、次数;客户满意为(满意度 − 1)之和。",
    ),
    "Out Of": (
        "What is asked: 7 fields, months, issues, times a year × months ÷ 12; of feedback 4 each.",
        "应达:7项、归属月数、问题数、每年次数 × 月数 ÷ 12;客户满意每条4分。",
    ),
    "Value": (
        "Reached ÷ out of, at most 1; profile half if not updated in time (§4.1.1).",
        "得分率 = 达成 ÷ 应达,最多为1;档案未按期更新减半(§4.1.1)。",
    ),
    "Measure Weight": ("Weight on sheet Scorecard.", "「评分规则」中的权重。"),
    "Points": (
        "What this line adds to the score (§4, §5).",
        "本行计入评分的分数(§4、§5)。",
    ),
    "Log Rows": ("The rows of sheet Maintenance that count here.", "计入的「维护记录」行号。"),
    "Missed": (
        "Fields that are blank, months without a review, rows of issues that were late.",
        "未填的档案项、未回顾的月份、超时问题的行号。",
    ),
}
_RECOGNISED: Mapping[str, Note] = {
    "Year": ("Plan year of the recognition (§3.4.3).", "表彰年度(§3.4.3)。"),
    "Rank": ("By score, then by attainment (§3.4.3).", "按评分、再按目标达成率排名(§3.4.3)。"),
    "Score": (
        "Maintenance score: at least 85 (policy recognition_score) (§3.4.3).",
        "维护评分,不低于85(参数 recognition_score)(§3.4.3)。",
    ),
    "Finding": (
        "Promotion is proposed after 2 recognised years in a row (policy promotion_years) (§3.4.3).",
        "连续2年(参数 promotion_years)获建议表彰的,建议晋升(§3.4.3)。",
    ),
    "Years In A Row": (
        "Recognised years in a row, calculated again from this workbook's years (§3.4.3).",
        "连续获建议表彰的年数,按本工作簿各年度重新计算(§3.4.3)。",
    ),
}
NOTES: Mapping[str, Note] = {
    f"{sheet}/{header}": note
    for sheet, notes in (
        ("Key Account Review", _REVIEW),
        ("Maintenance Scores", _SCORES),
        ("Score Detail", _DETAIL),
        ("Recognition", _RECOGNISED),
    )
    for header, note in notes.items()
}
