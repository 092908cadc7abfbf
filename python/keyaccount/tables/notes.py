"""What each result column holds, in one sentence with its clause: shown when its header is selected.

A note belongs to a header, or to one sheet's header where that says something of its own ("Sheet/Header").
"""

from __future__ import annotations

from collections.abc import Mapping

from keyaccount.tables import keeping_notes
from keyaccount.tables.result_sheets import ResultColumn, ResultSheet

Note = tuple[str, str]

LONGEST_NOTE = 255
"""What Excel shows of an input message."""

_PLACES: dict[str, Note] = {
    "No.": ("Running number within the period.", "本期内的序号。"),
    "Month": ("Month of the line's own date (§3.1).", "业务发生月份(§3.1)。"),
    "Monthly Advances/Month": ("Month whose advance was run (§3.3.2).", "预发所属月份(§3.3.2)。"),
    "Origin Month": (
        "Month of the sale that the line belongs to: it decides rate, shares and uplift (§3.2).",
        "原销售所在月份,决定提成比例、分成比例和上浮(§3.2)。",
    ),
    "Quarter": ("Quarter that was settled (§3.3.1).", "已核算的季度(§3.3.1)。"),
    "Year": ("Plan year that was settled (§3.3.2, §3.3.4).", "已结算的年度(§3.3.2、§3.3.4)。"),
    "Period": ("Month, quarter or year of the run.", "该批次所属的月份、季度或年度。"),
    "Account ID": ("The account as on your input sheets.", "客户编号,与输入表一致。"),
    "Account Name": ("Name on sheet Accounts.", "「大客户档案」中的客户名称。"),
    "Department": ("Department on sheet Salespeople.", "「销售员」表中的部门。"),
    "Salesperson ID": ("The salesperson as on your input sheets.", "销售员编号,与输入表一致。"),
    "Name": ("Name on sheet Salespeople.", "「销售员」表中的姓名。"),
    "Tier": ("The account's tier at the origin (§2.2).", "原销售当日的客户等级(§2.2)。"),
    "Signature": (
        "For the salesperson's signature on paper.",
        "打印后由本人签字。",
    ),
    "Remarks": (
        "Whom the exit run settled, and whether something is to be recovered; else filled in on paper.",
        "离职结清人员;其结转待扣须追回。其余供打印后填写备注。",
    ),
}
_SALES: dict[str, Note] = {
    "Gross": (
        "Sales of the month before discount, without VAT (§3.1).",
        "当月销售额(不含税,未减折扣)(§3.1)。",
    ),
    "Discount": ("Discount given with the sales, without VAT (§3.1).", "随销售给予的折扣额(不含税)(§3.1)。"),
    "Returns": ("Goods returned in the month, without VAT (§3.1).", "当月销售退货(不含税)(§3.1)。"),
    "Bad Debts": ("Approved write-offs of the month (§3.1).", "当月经批准核销的坏账(§3.1)。"),
    "Recoveries": (
        "Written-off debts that were paid after all (§3.1).",
        "已核销坏账在当月收回的金额(§3.1)。",
    ),
    "Later Discounts": (
        "Discounts and rebates given after the sale (§3.1).",
        "销售之后给予的折让、返利(§3.1)。",
    ),
    "Net Sales": (
        "Gross − discount − returns − bad debts + recoveries − later discounts (§3.1).",
        "净销售额 = 销售额 − 折扣 − 退货 − 坏账核销 + 坏账收回 − 折让(§3.1)。",
    ),
    "Commission Detail/Net Sales": (
        "The part of the account's net sales that is credited to this salesperson (§3.2).",
        "按分成比例计入该销售员的净销售额(§3.2)。",
    ),
    "Ledger/Net Sales": ("Credited net sales of the entry (§3.2).", "该分录计入的净销售额(§3.2)。"),
    "Rate": (
        "Rate of the tier on the day of the original sale, uplift included (§3.2, §3.4.2).",
        "原销售当日的等级提成比例,含上浮(§3.2、§3.4.2)。",
    ),
    "Ledger/Rate": (
        "Rate, coefficient, bonus rate or advance rate of the entry.",
        "该分录的提成比例、年终调整系数、奖励比例或预发比例。",
    ),
    "Commission Detail/Commission": (
        "Net sales × rate, rounded once to the fen (§3.2).",
        "提成基数 × 提成比例,四舍五入到分(§3.2)。",
    ),
}
_PERIOD_SALES: Note = (
    "Credited net sales of the period: what its commission is taken of (§3.1, §3.2).",
    "本期计入的净销售额,即提成的计算基数(§3.1、§3.2)。",
)
_PAYING: dict[str, Note] = {
    "Commission": (
        "Commission on the period's net sales, before the year-end adjustment (§3.2).",
        "本期净销售额的提成,未作年终调整(§3.2)。",
    ),
    "Corrections": (
        "Later changes to quarters that were closed, booked in this quarter (§3.3.1).",
        "对已关账季度的更正,计入本季度(§3.3.1)。",
    ),
    "Prior-Year": (
        "Returns and the like of earlier years' sales, with that year's coefficient and bonus (§3.3.3).",
        "以前年度销售的退货等,按原年度系数和奖励追溯调整(§3.3.3)。",
    ),
    "Opening": (
        "Balance brought forward from the year before; negative: still to be deducted (§3.3).",
        "上年结转余额,负数为待扣(§3.3)。",
    ),
    "Earned To Date": (
        "Commission earned from 1 January through the period (§3.3.1).",
        "年初至本期末累计应计的提成(§3.3.1)。",
    ),
    "Due To Date": (
        "Advance rate (80 %, policy advance_rate) × earned to date + prior-year + opening (§3.3.2).",
        "累计应计提成 × 预发比例(80%,参数 advance_rate)+ 以前年度调整 + 期初结转(§3.3.2)。",
    ),
    "Paid Before": (
        "Paid this year before this period's payment (§3.3.2).",
        "本年在本期之前已发的提成(§3.3.2)。",
    ),
    "Paid": (
        "Now due: due to date − paid before, at least 0.00 (§3.3.2); before tax.",
        "累计应预发 − 此前已发,不小于0.00(§3.3.2);税前。",
    ),
    "Withheld": (
        "Earned but kept back until the year end (§3.3.2).",
        "已计提、留待年终补发的部分(§3.3.2)。",
    ),
    "Carried": (
        "Paid too much so far: deducted from the next payments (§3.3.3).",
        "多发部分,从以后各期应发中扣回(§3.3.3)。",
    ),
    "Target": ("The year's target on sheet Targets (§3.4.1).", "「年度目标」表中的目标(§3.4.1)。"),
    "Attainment": ("Net sales ÷ target (§3.4.1).", "净销售额 ÷ 年度目标(§3.4.1)。"),
    "Coefficient": (
        "Coefficient approved on sheet Year-End Review, else 1.00 (§3.3.4).",
        "「年终考核评定」批准的系数,未评定为1.00(§3.3.4)。",
    ),
    "Adjustment": ("Final − commission (§3.3.4).", "年终调整 = 调整后提成 − 年度提成(§3.3.4)。"),
    "Final": ("Commission × coefficient (§3.3.4).", "调整后提成 = 年度提成 × 年终调整系数(§3.3.4)。"),
    "Bonus": (
        "Target met: 10 % of the final commission (policy target_bonus_rate) as a bonus (§3.4.1).",
        "完成年度目标的奖励:调整后提成的10%(参数 target_bonus_rate)(§3.4.1)。",
    ),
    "Year-End Settlement/Paid": (
        "Now due: final + bonus + prior-year + opening − paid before, at least 0.00 (§3.3.2); before tax.",
        "调整后提成 + 目标达成奖 + 以前年度调整 + 期初结转 − 此前已发,不小于0.00(§3.3.2);税前。",
    ),
    "Year-End Settlement/Commission": (
        "Commission booked for the year (§3.2).",
        "本年度已记账的提成(§3.2)。",
    ),
    "Year-End Settlement/Carried": (
        "Negative balance: the opening balance of the next year (§3.3).",
        "负余额,结转为下年期初(§3.3)。",
    ),
}
_REVERSALS: dict[str, Note] = {
    "Adjustment ID": ("The line on sheet Adjustments.", "「退货坏账及折让」表中的调整单号。"),
    "Type": (
        "Return, bad debt, recovery or later discount (§3.3.3).",
        "退货、坏账核销、坏账收回或折让(§3.3.3)。",
    ),
    "Date": ("Day on which the reversal was posted (§3.1).", "冲减入账日期(§3.1)。"),
    "Original Date": ("Day of the sale that is undone (§3.2).", "被冲减的原销售日期(§3.2)。"),
    "Clawbacks/Amount": (
        "This salesperson's share of the amount (§3.3.3).",
        "按分成比例计入该销售员的金额(§3.3.3)。",
    ),
    "Commission Reversed": ("Amount × the original rate (§3.3.3).", "扣回提成 = 金额 × 原提成比例(§3.3.3)。"),
    "From Pay": (
        "The part that had been paid and is taken from pay (§3.3.3).",
        "其中已发、从应发中扣回的部分(§3.3.3)。",
    ),
    "From Withheld": (
        "The part that was still withheld (§3.3.3).",
        "其中未发、冲减年终待补发的部分(§3.3.3)。",
    ),
}
_BOOKED: dict[str, Note] = {
    "Entry": ("Number of the entry; entries are only ever added.", "台账行号,只增不改。"),
    "Run": ("Number of the run that booked it.", "记账批次号。"),
    "Booked At": ("When it was booked (UTC).", "记账时间(UTC)。"),
    "Kind": ("Kind of earning or payment (§3.3).", "收入或发放的类别(§3.3)。"),
    "Amount": ("Amount of the entry, before tax.", "该分录的金额(税前)。"),
    "Clause": ("Clause of the plan that it rests on.", "所依据的方案条款。"),
    "Reference": ("Voucher, or the figures that the run keeps.", "凭证号,或该批次留存的数据。"),
    "Digest": ("Check value over this entry and the one before it.", "本行与上一行的校验码。"),
    "User": ("Who ran it.", "操作人。"),
    "Computer": ("Where it was run.", "操作的计算机。"),
    "Command": ("What was run.", "执行的命令。"),
    "Program Version": ("Version of the program.", "程序版本。"),
    "Input Digest": ("Check value over the input sheets.", "输入表的校验码。"),
    "Ledger Digest": (
        "Check value of the ledger after the run; an approval names it.",
        "该批次后的台账校验码,审批时引用。",
    ),
    "Run Log/Signature": ("Digital signature of the run.", "该批次的数字签名。"),
    "Changes/Run": ("The booking run before which this changed.", "变更后的首个核算批次。"),
    "Changes/Sheet": ("The input sheet.", "所在输入表。"),
    "Key": ("What tells the row: its ID, or what it is about.", "行的标识:编号或关键内容。"),
    "Column": ("What changed of it.", "变更的列。"),
    "Old": ("The value at the run before.", "上一批次时的值。"),
    "New": ("The value at this run.", "本批次时的值。"),
    "Part": ("What the row is a part of.", "所属部分。"),
    "Content": (
        "The inputs as the latest run read them, compressed; the program compares the next run with them.",
        "最近批次读取的输入数据(压缩),供下一批次比对。",
    ),
    "Check": ("What is added up again and compared.", "重新汇总并核对的项目。"),
    "By Formula": ("Added up by the workbook's own formulas.", "由工作簿公式重新汇总的金额或笔数。"),
    "By the Program": ("What the program wrote.", "程序写入的金额或笔数。"),
    "Difference": ("By formula − by the program: 0.00 where all is well.", "公式计算 − 程序结果,应为0.00。"),
    "Agrees": ("Whether the two agree to the fen.", "两者是否一致(精确到分)。"),
    "Note": ("Why the two may differ.", "差异说明。"),
    "Severity": ("Errors stop a run, warnings do not.", "错误会中止运行,警告不会。"),
    "Sheet": ("Sheet on which it was found.", "所在工作表。"),
    "Cell": ("Click to go there.", "单击可跳转。"),
    "Value": ("What stands there.", "单元格现有内容。"),
    "Problem": ("What is wrong.", "问题说明。"),
    "Remedy": ("What to do about it.", "处理办法。"),
}
NOTES: Mapping[str, Note] = {
    **keeping_notes.NOTES,
    **_PLACES,
    **_SALES,
    **_PAYING,
    **_REVERSALS,
    **_BOOKED,
    **{f"{name}/Net Sales": _PERIOD_SALES for name in ("Monthly Advances", "Quarterly Settlement")},
    "Year-End Settlement/Net Sales": _PERIOD_SALES,
}


def note_of(sheet: ResultSheet, column: ResultColumn) -> Note | None:
    """Give the note of a result column; ``None`` where it has none."""
    return NOTES.get(f"{sheet.name}/{column.en}") or NOTES.get(column.en)
