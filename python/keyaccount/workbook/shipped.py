"""The rows that every new workbook starts with: policies, tier rates, scorecard and bands."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from keyaccount.clauses.scorecard import MEASURES, SHIPPED_BANDS
from keyaccount.policies import POLICIES, Policy
from keyaccount.tables import WORDS

Language = Literal["en", "zh"]
Row = Mapping[str, object]
"""A row of an input sheet: the column's field name -> its value as a cell holds it (yuan, not fen)."""
Said = tuple[str, str]
"""A text in English and in Chinese."""

EXTRAS = {
    "Policies": (("group", "Group", "分组"),),
    "Scorecard": (("note", "Note", "说明"),),
}
"""Columns that the template adds behind a table's own, to explain: field, English and Chinese header."""
COMMON: Said = ("common", "常用参数")
ADVANCED: Said = ("advanced", "高级参数")
NOTES: dict[str, Said] = {
    "company": ("Your company's name, printed above every result", "印在各结果表上方"),
    "key_account_share": (
        "Share of last year's company net sales from which an account qualifies",
        "上年净销售额占全公司的比例达到该值即为大客户",
    ),
    "unknown_accounts": (
        "A sale of an account on no sheet: error, or ignore (left out and counted)",
        "各表均无此客户的销售：error 报错，ignore 不计（仅计数）",
    ),
    "advance_rate": ("Part of what was earned that is paid each month", "每月预发占应计提成的比例"),
    "advance_method": (
        "monthly: as earned; instalments: in three parts after the quarter is settled",
        "monthly 每月按应计预发，instalments 季度核算后分三次发放",
    ),
    "uplift_points": (
        "Percentage points added for a new or upgraded account",
        "新开发或升级客户提成比例上浮的百分点",
    ),
    "uplift_months": ("How many months the uplift lasts", "上浮持续的月数"),
    "target_bonus_rate": ("Bonus for a target that was met", "达成年度目标的奖励比例"),
    "target_bonus_base": (
        "What the bonus is taken of: adjusted commission, commission, or year-end payment",
        "final_commission 调整后，commission 调整前，year_end_payment 年终发放",
    ),
    "coefficient_min": ("Smallest year-end coefficient", "年终调整系数的最小值"),
    "coefficient_max": ("Largest year-end coefficient", "年终调整系数的最大值"),
    "unlinked_origin": (
        "A return without sale or date belongs to the latest sale, or to its own date",
        "latest_sale 归最近一笔销售，own_date 归其本身日期",
    ),
    "negative_balance": (
        "A negative balance is carried to the next months, or collected at once",
        "负数余额：carry 结转以后扣，collect 当期收回",
    ),
    "require_review": (
        "yes: the year end needs a Year-End Review row for each salesperson",
        "yes 时年终结算须每人有年终考核评定",
    ),
    "leaver_bonus": (
        "pay: whoever left before 31 December still gets the target bonus",
        "12月31日前离职者：pay 仍发目标奖，none 不发",
    ),
    "recognition_score": (
        "Maintenance score from which recognition is proposed",
        "维护评分达到该值即建议表彰",
    ),
    "recognition_needs_target": ("yes: recognition also needs the target", "yes 时表彰还须达成目标"),
    "promotion_years": (
        "Recognised years in a row from which promotion is proposed",
        "连续表彰达到该年数即建议晋升",
    ),
    "plan_start": (
        "Sales before this day earn nothing and take nothing back; blank: none",
        "该日以前的销售不计提、不扣回；留空为无",
    ),
    "approval_required": (
        "yes: payroll export and statements refuse what is not approved",
        "yes 时未经批准不得导出工资及对账单",
    ),
    "objection_days": (
        "Days in which a salesperson may object to a statement",
        "销售员对对账单提出异议的天数",
    ),
    "sales_source": (
        "Sales elsewhere: a Parquet file or folder, a CSV, a database table; blank: this workbook",
        "销售明细不在本表时：Parquet 文件或文件夹、CSV 或数据库表；留空为本工作簿",
    ),
    "adjustments_source": (
        "Returns, bad debts and later discounts elsewhere, likewise",
        "退货、坏账及折让明细不在本表时，同上",
    ),
}
"""What each policy says, in the order in which the template shows them."""
COMMON_POLICIES = tuple(NOTES)[: tuple(NOTES).index("unlinked_origin")]
"""What a newcomer needs; the others are hidden rows."""

MEASURE_NOTES: dict[str, Said] = {
    "profile": (
        "Account files complete, updated within this many days (§4.1.1)",
        "客户档案完整且按期更新（天）（§4.1.1）",
    ),
    "monthly review": ("Months with a business review (§4.1.2)", "月度商务回顾（§4.1.2）"),
    "response": ("Issues answered within this many hours (§4.2.3)", "问题首次响应时限（小时）（§4.2.3）"),
    "resolution": ("Issues closed within this many days (§5.2)", "问题关闭时限（天）（§5.2）"),
    "events": ("Events and joint marketing a year (§4.1.3)", "每年客户活动、共同营销次数（§4.1.3）"),
    "feedback": ("Mean satisfaction (§4.2.2)", "客户满意度（§4.2.2）"),
    "service": (
        "Solutions, trainings and upgrades a year (§4.2.1)",
        "每年定制方案、培训、升级次数（§4.2.1）",
    ),
    "expansion": (
        "Bids, opportunities and joint developments a year (§4.3)",
        "每年招投标、商机、联合开发次数（§4.3）",
    ),
}
"""What each measure says on sheet Scorecard."""
TIERS = (("strategic", "0.02"), ("core", "0.015"), ("important", "0.01"))


def shipped_rows(language: Language) -> dict[str, list[Row]]:
    """Give the rows of a new workbook by English sheet name."""
    return {
        "Policies": [
            {
                "policy": name,
                "value": POLICIES[name].shipped,
                "note": _note(POLICIES[name], language),
                "group": (COMMON if name in COMMON_POLICIES else ADVANCED)[language == "zh"],
            }
            for name in NOTES
        ],
        "Tiers": [
            {"tier": tier, "rate": Decimal(rate), "rank": rank}
            for rank, (tier, rate) in enumerate(TIERS, start=1)
        ],
        "Scorecard": [
            {
                "measure": measure.name,
                "weight": Decimal(measure.weight),
                "threshold": Decimal(measure.threshold) if measure.threshold else None,
                "note": MEASURE_NOTES[measure.name][language == "zh"],
            }
            for measure in MEASURES.values()
        ],
        "Bands": [
            {"score_from": Decimal(score), "coefficient": Decimal(coefficient)}
            for score, coefficient in SHIPPED_BANDS
        ],
    }


def merged(shipped: list[Row], given: list[Row], key: str) -> list[Row]:
    """Put given rows beside the shipped ones; one of the same name without a date takes its place."""
    result = [dict(row) for row in shipped]
    places = {row[key]: index for index, row in enumerate(result)}
    places |= {
        word: places[tier] for tier, words in WORDS["tier"].items() if tier in places for word in words
    }
    for row in given:
        place = places.get(row.get(key))
        if place is None or row.get("effective_from"):
            result.append(dict(row))
        else:
            result[place] |= row
    return [*result]


def _note(policy: Policy, language: Language) -> str:
    """Say what a policy decides, after its Chinese name in a Chinese workbook."""
    clause = policy.clause if policy.clause.startswith("§") else ""
    if language == "zh":
        return f"{policy.zh}：{NOTES[policy.name][1]}" + (f"（{clause}）" if clause else "")
    return NOTES[policy.name][0] + (f" ({clause})" if clause else "")
