"""Writes the reference (sheets, columns, cell functions, words, policies) in both languages.

``python3 python/dev.py docs`` writes docs/reference.md and docs/reference.zh-CN.md from the declarations; a
test compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from keyaccount.excel.catalogue import FUNCTIONS, CellFunction
from keyaccount.policies import POLICIES, Policy
from keyaccount.tables import (
    CHARTS,
    DASHBOARD,
    INPUT_TABLES,
    RESULT_SHEETS,
    WORDS,
    Chart,
    Column,
    InputKind,
    ResultKind,
    ResultSheet,
    Table,
)

FOLDER = Path(__file__).resolve().parent
PAGES = {"en": FOLDER / "reference.md", "zh": FOLDER / "reference.zh-CN.md"}
Said = tuple[str, str]

TITLE: Said = (
    "Reference: sheets, columns, cell functions, words, policies",
    "参考:工作表、列、单元格函数、用词、参数",
)
GENERATED: Said = (
    "Written by `python3 python/dev.py docs` from the declarations in python/keyaccount; do not edit.",
    "由 `python3 python/dev.py docs` 根据 python/keyaccount 中的声明生成,请勿手改。",
)
INPUTS: Said = ("Input sheets (yours)", "输入表(由财务填写)")
FOUND: Said = (
    """
A table is found by its Excel table name, else by its sheet name in either language with the header row within
the first ten rows. Headers match in either language, in any order, without regard to case and outer spaces;
other columns are kept and ignored. **Bold**: the column must be there.
""".strip(),
    """
先按 Excel 表名查找,其次按任一语言的工作表名查找,标题行须在前十行内。
列名中英文均可,次序不限,不分大小写及首尾空格;其他列保留并忽略。**粗体**:必须有的列。
""".strip(),
)
MUST: Said = ("this sheet must be there", "必须有此表")
RESULTS: Said = ("Result sheets (the program's, locked)", "结果表(由程序生成并锁定)")
CELL_FUNCTIONS: Said = (
    "Cell functions (Excel on Windows, with the add-in)",
    "单元格函数(Windows 版 Excel,需加载项)",
)
HOW_THEY_BEHAVE: Said = (
    """
Each argument is a cell, a row, a column or a block; the result spills. A single cell stands beside every cell
of the others, a row beside a column gives a table, and where a range ends before another the missing cells
are #N/A. Of a whole column only what its sheet uses is read.

- Amounts are numbers in yuan. They are taken to the fen before anything else, so that the binary dust of a
  formula such as `=B2-C2` moves no result; each result is rounded as the plan says. A text, a date or TRUE is
  #VALUE!.
- A blank cell counts as 0 where an amount or an uplift belongs, and as no target. A blank or unknown tier, or
  no rate on the date, is #N/A; a blank rate or date #VALUE!. A row blank in amount and tier (or rate) is 0.
- A rate outside its bounds, or an amount of more than 15 digits, is #NUM!. An error in a cell is passed on.
- Dates are date cells, serial numbers (also of 1904 workbooks) or texts such as 2026-01-31.
- `tiers` left out: the Excel table or sheet Tiers of the formula's workbook. Excel does not watch it:
  recalculate (Ctrl+Alt+F9) after a change, or give the range. A tier whose row cannot be read is #VALUE!.
- `rate`, `paid_share` and `threshold` left out are the plan's own 80 %, 10 % and 5 %, whatever the sheet
  Policies says.
- SETTLEMENT gives the lines whose Period is exactly this one: `2026Q1` has the quarter's lines, not those of
  its months' advances. Excel does not watch the Ledger either.
""".strip(),
    """
每个参数可以是单元格、行、列或区域,结果自动溢出。单个单元格与其他参数的每个单元格配对,行与列配对成表;
某区域先结束时,缺少的单元格为 #N/A。引用整列时只读取该表已使用的部分。

- 金额为数值(元),先取到分再计算,`=B2-C2` 等公式的二进制误差不影响结果;结果按方案舍入。
  文本、日期或 TRUE 为 #VALUE!。
- 金额或上浮为空白时按 0,目标为空白时视为无目标。等级空白或未知、当日无比例为 #N/A;
  比例或日期空白为 #VALUE!。金额和等级(或比例)都空白的行为 0。
- 比例超出范围或金额超过 15 位为 #NUM!。单元格中的错误原样传出。
- 日期可以是日期单元格、序列号(1904 日期系统亦可)或 2026-01-31 这样的文本。
- 省略 `tiers` 时取公式所在工作簿的 Tiers 表格或「等级提成比例」工作表。Excel 不跟踪其变化:
  修改后请按 Ctrl+Alt+F9 重算,或直接引用该区域。某一行无法读取的等级为 #VALUE!。
- 省略 `rate`、`paid_share`、`threshold` 时为方案的 80%、10%、5%,不取「方案参数」表。
- SETTLEMENT 只列期间完全相同的明细:`2026Q1` 为该季度的明细,不含各月预发。Excel 同样不跟踪台账的变化。
""".strip(),
)
FUNCTION_HEAD: Said = (
    "| argument | is | may be left out |\n|---|---|---|",
    "| 参数 | 含义 | 可省略 |\n|---|---|---|",
)
WORD_LISTS: Said = ("Words", "用词")
POLICY_LIST: Said = ("Policies", "方案参数")
POLICY_HEAD: Said = (
    "| policy | 中文 | clause | shipped | takes |\n|---|---|---|---|---|",
    "| 参数 | 中文 | 条款 | 默认值 | 可取值 |\n|---|---|---|---|---|",
)
INPUT_HEAD: Said = (
    "| column | 中文 | holds | blank |\n|---|---|---|---|",
    "| 列 | 中文 | 内容 | 可空 |\n|---|---|---|---|",
)
RESULT_HEAD: Said = (
    "| column | 中文 | holds | total |\n|---|---|---|---|",
    "| 列 | 中文 | 内容 | 合计 |\n|---|---|---|---|",
)
CHART_HEAD: Said = (
    "| chart (its figures stand below the charts) | across | measures |\n|---|---|---|",
    "| 图表(数据列于图表下方) | 分类 | 数值 |\n|---|---|---|",
)
WORD_HEAD: Said = ("| word | 中文 |\n|---|---|", "| 英文 | 中文 |\n|---|---|")
YES: Said = ("yes", "是")
NO: Said = ("no", "否")
FREE: Said = ("text or a date; may stay blank", "文字或日期,可空")
WHOLE: Said = (", whole", ",整数")

INPUT_KINDS: dict[InputKind, Said] = {
    "id": ("ID, as text", "编号(文本)"),
    "ids": ("IDs separated by `;`", "编号,以 `;` 分隔"),
    "text": ("text", "文字"),
    "word": ("a word", "词"),
    "tier": ("a tier's name", "等级名称"),
    "yes_no": ("yes or no", "是或否"),
    "amount": ("yuan, at most two decimals", "金额(元),至多两位小数"),
    "rate": ("a number such as 0.02 or `2%`", "数,如 0.02 或 `2%`"),
    "number": ("a number", "数"),
    "integer": ("a whole number", "整数"),
    "day": ("a date", "日期"),
    "moment": ("date and time", "日期和时间"),
    "month": ("a month: a date or `2026-01`", "月份:日期或 `2026-01`"),
    "period": ("`2026-01`, `2026Q1` or `2026`", "`2026-01`、`2026Q1` 或 `2026`"),
    "setting": ("a number, `80%`, a date or a word", "数、`80%`、日期或词"),
}
RESULT_KINDS: dict[ResultKind, Said] = {
    "text": ("text", "文字"),
    "integer": ("a whole number", "整数"),
    "amount": ("yuan, two decimals", "金额(元),两位小数"),
    "rate": ("a number, shown as a percentage", "数,显示为百分比"),
    "coefficient": ("a number", "数"),
    "score": ("a number, shown with two decimals", "数,显示两位小数"),
    "share": ("a number, shown as a percentage", "数,显示为百分比"),
    "day": ("a date", "日期"),
    "packed": ("compressed text, for the program", "压缩文本，供程序使用"),
    "digest": ("64 hex digits", "64 位十六进制"),
    "link": ("a link to the cell", "指向单元格的链接"),
    "formula": ("yuan, two decimals, by a formula", "金额(元),由公式计算"),
    "verdict": ("yes or no, by a formula", "是或否,由公式得出"),
}


def page(language: str) -> str:
    """Give the whole page in a language (``en`` or ``zh``)."""
    which = int(language == "zh")
    lines = [f"# {TITLE[which]}", "", GENERATED[which], "", f"## {INPUTS[which]}", "", FOUND[which], ""]
    for table in INPUT_TABLES:
        lines += [*_input_table(table, which), ""]
    lines += [f"## {RESULTS[which]}", ""]
    for sheet in RESULT_SHEETS:
        lines += [*_result_sheet(sheet, which), ""]
    lines += [f"## {CELL_FUNCTIONS[which]}", "", HOW_THEY_BEHAVE[which], ""]
    for function in FUNCTIONS:
        lines += [*_cell_function(function, which), ""]
    lines += [f"## {POLICY_LIST[which]}", "", POLICY_HEAD[which]]
    lines += [_policy(policy, which) for policy in POLICIES.values()]
    lines += ["", f"## {WORD_LISTS[which]}", ""]
    for vocabulary in WORDS:
        lines += [*_words(vocabulary, which), ""]
    return "\n".join(lines).rstrip() + "\n"


def _input_table(table: Table, which: int) -> Iterator[str]:
    must = f" ({MUST[which]})" if table.required else ""
    yield f"### {table.name} · {' / '.join(table.zh)}{must}"
    yield ""
    yield INPUT_HEAD[which]
    for column in table.columns:
        name = f"**{column.en}**" if column.required else column.en
        blank = NO[which] if column.filled else YES[which]
        yield f"| {name} | {' / '.join(column.zh)} | {_holds(column, which)} | {blank} |"


def _holds(column: Column, which: int) -> str:
    text = INPUT_KINDS[column.kind][which]
    words = f": {', '.join(WORDS[column.words])}" if column.words else ""
    note = f"; {column.note}" if column.note else ""
    return f"{text}{words}{note}"


def _result_sheet(sheet: ResultSheet, which: int) -> Iterator[str]:
    yield f"### {sheet.name} · {' / '.join(sheet.zh)}"
    yield ""
    if sheet.titled:
        yield f"{sheet.title[which]}"
        yield ""
    if sheet == DASHBOARD:
        yield CHART_HEAD[which]
        yield from (_chart(chart, which) for chart in CHARTS)
        return
    yield RESULT_HEAD[which]
    for column in sheet.columns:
        total = YES[which] if column.total else ""
        yield f"| {column.en} | {column.zh} | {RESULT_KINDS[column.kind][which]} | {total} |"


def _chart(chart: Chart, which: int) -> str:
    return f"| {chart.title[which]} | {chart.across[which]} | {chart.measure[which]} |"


def _cell_function(function: CellFunction, which: int) -> Iterator[str]:
    yield f"### `{function.usage}`"
    yield ""
    yield f"{function.clause}: {(function.en, function.zh)[which]}"
    yield ""
    yield FUNCTION_HEAD[which]
    for argument in function.arguments:
        left_out = YES[which] if argument.optional else ""
        yield f"| {argument.name} | {(argument.en, argument.zh)[which]} | {left_out} |"


def _policy(policy: Policy, which: int) -> str:
    if policy.words:
        takes = " / ".join(f"`{word}`" for word in policy.words)
    elif policy.free:
        takes = FREE[which]
    else:
        takes = f"{policy.low} – {policy.high}{WHOLE[which] if policy.whole else ''}"
    return f"| `{policy.name}` | {policy.zh} | {policy.clause} | {policy.shipped} | {takes} |"


def _words(vocabulary: str, which: int) -> Iterator[str]:
    yield f"### {vocabulary}"
    yield ""
    yield WORD_HEAD[which]
    for english, chinese in WORDS[vocabulary].items():
        yield f"| `{english}` | {' / '.join(chinese)} |"


def main() -> None:
    """Write both pages."""
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
