"""The result sheets of keeping the accounts: review, scores and their detail, recognition (§2–§5)."""

from __future__ import annotations

from keyaccount.tables.columns import WORDS
from keyaccount.tables.result_sheets import ResultColumn, ResultKind, ResultSheet


def _c(en: str, zh: str, kind: ResultKind = "text", width: float = 12, *, words: str = "") -> ResultColumn:
    return ResultColumn(en, zh, kind, width, words=words)


def _yes_no(en: str, zh: str) -> ResultColumn:
    return _c(en, zh, width=10, words="yes_no")


_YEAR = _c("Year", "年度", width=8)
_PERSON = (_c("Salesperson ID", "销售员编号"), _c("Name", "姓名", width=14))
_SCORE = ResultColumn("Score", "评分", "score", 10, main=True)
_MEASURES = tuple(_c(name.title(), chinese, "score", 10) for name, (chinese, *_) in WORDS["measure"].items())

KEY_ACCOUNT_REVIEW = ResultSheet(
    "Key Account Review",
    ("大客户认定",),
    (
        _YEAR,
        _c("Account ID", "客户编号"),
        _c("Name", "客户名称", width=24),
        _c("Industry", "行业", width=14),
        _c("Net Sales", "净销售额", "amount", 14),
        _c("Company Net Sales", "公司净销售总额", "amount", 15),
        _c("Share", "占比", "share", 10),
        _yes_no("Stable", "合作稳定"),
        _yes_no("Influence", "市场影响力"),
        _yes_no("Potential", "发展潜力"),
        _c("Traits Met", "符合特征数", "integer", 10),
        _c("Profit Contribution", "利润贡献", width=14),
        _c("Tier", "等级", words="tier"),
        _c("Suggested Tier", "建议等级", words="tier"),
        ResultColumn("Finding", "认定结果", "text", 18, words="finding", main=True),
        _c("Above Threshold", "超出门槛金额", "amount", 14),
        _c("Share A Year Before", "再上年占比", "share", 10),
        _c("Tier A Year Before", "上年末等级", words="tier"),
        _c("Changed", "较上年变化", width=16, words="changed"),
        _c("Last Review", "最近回顾", "day", 11),
        _c("File Updated", "档案更新日期", "day", 11),
        _c("Issues Overdue", "逾期问题数", "integer", 10),
        _c("Neglected", "疏于维护", width=24, words="neglected"),
    ),
    ("Key account review (§2.1, §2.2)", "大客户认定表(§2.1、§2.2)"),
    apart="Year",
    about=(
        "Share test on the year before, in yuan. The finding changes no pay: the tier history does (§2.2).",
        "按上一自然年净销售额占比认定。单位:元。认定结果不影响提成,提成按等级记录计算(§2.2)。",
    ),
)
MAINTENANCE_SCORES = ResultSheet(
    "Maintenance Scores",
    ("维护评分",),
    (
        _YEAR,
        *_PERSON,
        *_MEASURES,
        _SCORE,
        _c("Proposed Coefficient", "建议系数", "coefficient", 13),
        _c("Approved Coefficient", "批准系数", "coefficient", 13),
        _c("Standing", "评定状态", width=22, words="standing"),
        _c("Reason", "理由", width=24),
        _c("Approved By", "批准人", width=14),
        _c("Paid Coefficient", "已执行系数", "coefficient", 12),
        _c("Accounts", "客户数", "integer", 10),
        _c("Log Rows", "维护记录数", "integer", 10),
    ),
    ("Maintenance scores (§4, §5)", "客户维护评分(§4、§5)"),
    apart="Year",
    about=(
        "Measures 0–1, score 0–100. A proposal pays nothing: only an approved coefficient does (§3.3.4).",
        "各指标0–1,评分0–100。建议系数不影响发放,只按批准系数发放(§3.3.4)。",
    ),
)
SCORE_DETAIL = ResultSheet(
    "Score Detail",
    ("评分明细",),
    (
        _YEAR,
        *_PERSON,
        _c("Account ID", "客户编号"),
        _c("Account Name", "客户名称", width=24),
        _c("Months", "归属月数", "integer", 10),
        _c("Account Weight", "客户权重", "score", 10),
        _c("Measure", "指标", width=16, words="measure"),
        _c("Reached", "达成", "integer", 10),
        _c("Out Of", "应达", "score", 10),
        _c("Value", "得分率", "score", 10),
        _c("Measure Weight", "指标权重", "score", 10),
        ResultColumn("Points", "得分", "score", 10, main=True),
        _c("Log Rows", "维护记录行", width=24),
        _c("Missed", "未得分原因", width=40, words="missed"),
    ),
    ("Where each score comes from (§4, §5)", "评分明细(§4、§5)"),
    apart="Salesperson ID",
    about=(
        "Points = account weight ÷ all of the person's × measure weight × value; they add up to the score.",
        "得分 = 客户权重 ÷ 该销售员全部客户权重 × 指标权重 × 得分率,合计即评分。",
    ),
)
RECOGNITION = ResultSheet(
    "Recognition",
    ("表彰建议名单", "表彰名单"),
    (
        _YEAR,
        _c("Rank", "名次", "integer", 8),
        *_PERSON,
        _c("Attainment", "目标达成率", "share", 12),
        _SCORE,
        _c("Finding", "建议", width=24, words="recognition"),
        _c("Years In A Row", "连续年数", "integer", 10),
    ),
    ("Proposed for recognition (§3.4.3)", "表彰和晋升建议名单(§3.4.3)"),
    apart="Year",
    about=("Listed, not paid (§3.4.3).", "仅列名单,不涉及发放(§3.4.3)。"),
)
