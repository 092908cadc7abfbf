"""What the first sheet of a template says, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Guide:
    """The Start sheet's text; ``steps``: (English sheet name, what belongs there, when it is needed)."""

    title: str
    year: str
    fill: str
    headings: tuple[str, str, str, str]
    steps: tuple[tuple[str, str, str], ...]
    run: str
    runs: tuple[tuple[str, str], ...]
    sign: str
    readings: tuple[str, ...]
    signature: tuple[str, str, str]
    colours: str


ENGLISH = Guide(
    title="Key account commissions",
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
            "What the plan leaves open; shipped values. Add a row company with your company's name",
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
    run="2. Save, close, and run",
    runs=(
        ("keyaccount check BOOK", "lists what is wrong, writes nothing"),
        ("keyaccount advance BOOK 2026-01", "each month"),
        ("keyaccount settle BOOK 2026Q1", "after each quarter"),
        ("keyaccount year-end BOOK 2026", "after the fourth quarter and the year-end review"),
    ),
    sign="3. Before the first payment, have these three readings of the plan signed",
    readings=(
        "The uplift of a new or upgraded account lasts 12 months (§3.4.2; policy uplift_months).",
        "The 10 % target bonus is taken of the year's final commission (§3.4.1; policy target_bonus_base).",
        "A reversal of an earlier year's sale carries that year's coefficient and target bonus (§3.3.3).",
    ),
    signature=("Name", "Signature", "Date"),
    colours="Dark headers must be filled in, light ones may stay blank. Sheets with a blue tab are results: "
    "locked, and written anew by each run.",
)

CHINESE = Guide(
    title="大客户销售提成",
    year="方案年度",
    fill="一、按以下顺序填写各表",
    headings=("序号", "工作表", "填写内容", "何时需要"),
    steps=(
        ("Salespeople", "参与提成的全部销售员:编号、姓名、部门、入职与离职日期", "必填"),
        ("Accounts", "每个大客户一行:编号、名称及档案", "建议填写"),
        ("Tiers", "各等级提成比例,已按方案预置", "已预置"),
        ("Account Tiers", "客户自何日起属何等级;等级留空表示终止", "必填"),
        ("Assignments", "客户由谁维护、起止日期;同一客户的分成比例合计为 1", "必填"),
        ("Sales", "每张销售单:不含税金额及折扣", "必填"),
        ("Adjustments", "退货、坏账核销、坏账收回、销售折让;金额填正数、不含税", "发生时"),
        ("Targets", "每名销售员的年度目标", "计算目标奖时"),
        ("Company Sales", "公司每月净销售总额", "5% 认定时"),
        ("Policies", "方案未定事项,已预置;可增加一行 company 填写公司名称", "已预置"),
        ("Year-End Review", "批准的年终调整系数、理由及批准人", "年终"),
        ("Maintenance", "客户维护记录(评分规则、评分档位两表已隐藏)", "评分时"),
        ("Opening Balances", "以前年度结转待扣的金额(负数)", "首年"),
        ("Prior Years", "在别处结算的年度的系数与目标奖", "首年"),
        ("Payments Made", "在本程序以外已发的提成", "年中启用时"),
        ("Approvals", "各期间的制表、审核、批准", "内部控制"),
        ("Objections", "销售员的异议及答复", "发生时"),
    ),
    run="二、保存并关闭工作簿,然后运行",
    runs=(
        ("keyaccount check 工作簿", "检查数据,不写入"),
        ("keyaccount advance 工作簿 2026-01", "每月预发"),
        ("keyaccount settle 工作簿 2026Q1", "每季度核算"),
        ("keyaccount year-end 工作簿 2026", "第四季度核算及年终评定之后"),
    ),
    sign="三、首次发放前,请公司签字确认以下三项解释",
    readings=(
        "新开发或升级客户的上浮自生效日起持续 12 个月(§3.4.2;参数 uplift_months)。",
        "10% 目标达成奖以调整后的全年提成为基数(§3.4.1;参数 target_bonus_base)。",
        "以前年度销售的冲回按该年度的年终调整系数及目标奖一并计算(§3.3.3)。",
    ),
    signature=("姓名", "签字", "日期"),
    colours="深色表头为必填,浅色表头可留空。蓝色标签的工作表为结果表:已锁定,每次运行重新生成。",
)
GUIDES = {"en": ENGLISH, "zh": CHINESE}
