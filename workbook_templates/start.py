"""What the first sheet of a template says, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """The Start sheet's text.

    ``steps``: (English sheet name, what belongs there, when it is needed); ``runs``: (button, what it does,
    command); ``legend``: (what is shown as a sample, what it means).
    """

    title: str
    subtitle: str
    year: str
    fill: str
    headings: tuple[str, str, str, str]
    steps: tuple[tuple[str, str, str], ...]
    colours: str
    legend: tuple[tuple[str, str], ...]
    run: str
    run_headings: tuple[str, str, str, str]
    runs: tuple[tuple[str, str, str], ...]
    sign: str
    readings: tuple[str, ...]
    signature: tuple[str, str, str]


ENGLISH = Guide(
    title="Key account commissions",
    subtitle="Fill in the green sheets, run a period, read the blue ones.",
    year="Plan year",
    fill="1. Fill in these sheets, in this order",
    headings=("No.", "Sheet", "What belongs there", "Needed"),
    steps=(
        ("Salespeople", "Everybody who is paid: ID, name, department, joined, left", "always"),
        ("Accounts", "One row a key account: ID, name, and its file", "recommended"),
        ("Tiers", "The rate of each tier; shipped as the plan has it", "filled in"),
        ("Account Tiers", "Which tier an account has from which day on; a blank tier ends it", "always"),
        (
            "Assignments",
            "Who keeps which account from when to when; shares of an account add up to 1",
            "always",
        ),
        ("Sales", "Each invoice: amount without VAT, and its discount", "always"),
        (
            "Adjustments",
            "Returns, bad debts, their recoveries, later discounts; amounts positive, without VAT",
            "as they occur",
        ),
        ("Targets", "The year's target of each salesperson", "for the bonus"),
        ("Company Sales", "The company's net sales a month", "for the 5 % test"),
        (
            "Policies",
            "Your company's name, and what the plan leaves open (+ at the left margin: advanced ones)",
            "filled in",
        ),
        ("Year-End Review", "The approved coefficient, with reason and approver", "at year end"),
        (
            "Maintenance",
            "The log of what was done for an account (sheets Scorecard and Bands are hidden)",
            "for the score",
        ),
        ("Opening Balances", "What is still to be deducted from an earlier year (negative)", "first year"),
        ("Prior Years", "Coefficient and bonus of years that were finished elsewhere", "first year"),
        ("Payments Made", "What was paid for this plan outside the program", "starting in mid-year"),
        ("Approvals", "Who prepared, reviewed and approved a period", "for control"),
        ("Objections", "What salespeople objected to, and the answer", "as they occur"),
    ),
    colours="2. Mind the colours",
    legend=(
        ("Must be filled in", "A dark heading: a row needs this column."),
        ("May stay blank", "A light heading. What belongs in a column appears when you select a cell."),
        (
            "Would stop a run",
            "Unknown, twice, missing, shares that do not add up to 100 %, discount above gross …",
        ),
        ("Worth a look", "Counts as it is, but is perhaps not meant: an account without a row on Accounts …"),
        ("Yours", "Green tabs are filled in by you."),
        ("The program's", "Blue tabs are results: locked, and written anew by each run."),
    ),
    run="3. Run: with the buttons of the tab Key Accounts, or save, close and use the command",
    run_headings=("", "Button", "What it does", "Command (BOOK: this file)"),
    runs=(
        ("Check data", "Lists what is wrong on sheet Problems; books nothing", "keyaccount check BOOK"),
        (
            "Run monthly advance",
            "Each month: books the month and pays its advance",
            "keyaccount advance BOOK 2026-01",
        ),
        ("Run quarterly settlement", "After a quarter: books and closes it", "keyaccount settle BOOK 2026Q1"),
        (
            "Run year end",
            "After the fourth quarter and the Year-End Review",
            "keyaccount year-end BOOK 2026",
        ),
        ("Preview", "Calculates and shows a run; books nothing", "the run with --preview"),
        ("Verify", "Is everything still as it was booked?", "keyaccount verify BOOK"),
    ),
    sign="4. Before the first payment, have these three readings of the plan signed",
    readings=(
        "The uplift of a new or upgraded account lasts 12 months (§3.4.2; policy uplift_months).",
        "The 10 % target bonus is taken of the year's final commission (§3.4.1; policy target_bonus_base).",
        "A reversal of an earlier year's sale carries that year's coefficient and target bonus (§3.3.3).",
    ),
    signature=("Name", "Signature", "Date"),
)

CHINESE = Guide(
    title="大客户销售提成",
    subtitle="填写绿色工作表，运行期间，查看蓝色结果表。",
    year="方案年度",
    fill="一、按以下顺序填写各表",
    headings=("序号", "工作表", "填写内容", "何时需要"),
    steps=(
        ("Salespeople", "参与提成的全部销售员：编号、姓名、部门、入职与离职日期", "必填"),
        ("Accounts", "每个大客户一行：编号、名称及档案", "建议填写"),
        ("Tiers", "各等级提成比例，已按方案预置", "已预置"),
        ("Account Tiers", "客户自何日起属何等级；等级留空表示终止", "必填"),
        ("Assignments", "客户由谁维护、起止日期；同一客户的分成比例合计为 1", "必填"),
        ("Sales", "每张销售单：不含税金额及折扣", "必填"),
        ("Adjustments", "退货、坏账核销、坏账收回、销售折让；金额填正数、不含税", "发生时"),
        ("Targets", "每名销售员的年度目标", "计算目标奖时"),
        ("Company Sales", "公司每月净销售总额", "5% 认定时"),
        ("Policies", "公司名称（company）及方案未定事项；点左侧 + 展开高级参数", "已预置"),
        ("Year-End Review", "批准的年终调整系数、理由及批准人", "年终"),
        ("Maintenance", "客户维护记录（评分规则、评分档位两表已隐藏）", "评分时"),
        ("Opening Balances", "以前年度结转待扣的金额（负数）", "首年"),
        ("Prior Years", "在别处结算的年度的系数与目标奖", "首年"),
        ("Payments Made", "在本程序以外已发的提成", "年中启用时"),
        ("Approvals", "各期间的制表、审核、批准", "内部控制"),
        ("Objections", "销售员的异议及答复", "发生时"),
    ),
    colours="二、认识颜色",
    legend=(
        ("必填", "深色表头：每行必须填写该列。"),
        ("可留空", "浅色表头。选中单元格即显示该列应填内容。"),
        ("会使运行中止", "编号不存在或重复、必填项为空、分成比例合计不为 100%、折扣大于销售额等。"),
        ("请留意", "可以计算，但未必是本意：如客户未登记在大客户档案。"),
        ("由您填写", "绿色标签的工作表由财务填写。"),
        ("由程序生成", "蓝色标签的工作表为结果表：已锁定，每次运行重新生成。"),
    ),
    run="三、运行：使用「大客户提成」选项卡的按钮，或保存并关闭工作簿后使用命令",
    run_headings=("", "按钮", "作用", "命令（BOOK 为本文件）"),
    runs=(
        ("检查数据", "在「数据检查结果」表列出问题，不记账", "keyaccount check BOOK"),
        ("月度预发", "每月：记账并预发当月提成", "keyaccount advance BOOK 2026-01"),
        ("季度核算", "每季度结束后：记账并关闭该季度", "keyaccount settle BOOK 2026Q1"),
        ("年终结算", "第四季度核算及年终考核评定之后", "keyaccount year-end BOOK 2026"),
        ("预览", "只计算并显示，不记账", "上述命令加 --preview"),
        ("校验", "检查账目是否仍与记账时一致", "keyaccount verify BOOK"),
    ),
    sign="四、首次发放前，请公司签字确认以下三项解释",
    readings=(
        "新开发或升级客户的上浮自生效日起持续 12 个月（§3.4.2；参数 uplift_months）。",
        "10% 目标达成奖以调整后的全年提成为基数（§3.4.1；参数 target_bonus_base）。",
        "以前年度销售的冲回按该年度的年终调整系数及目标奖一并计算（§3.3.3）。",
    ),
    signature=("姓名", "签字", "日期"),
)
GUIDES = {"en": ENGLISH, "zh": CHINESE}
