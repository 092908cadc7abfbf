"""What may be typed into an input column: drop-downs, limits, and a message that says what belongs there."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation

from keyaccount.tables import WORDS, Column, Table
from keyaccount.workbook.shipped import Language
from workbook_templates.notes import Said, note_of
from workbook_templates.places import area, header_of, last_row, letter_of

_TITLE, _TEXT = 32, 255
"""The most that Excel shows of a message."""
_FIRST_DAY, _LAST_DAY = "18264", "73050"
"""1950-01-01 and 2099-12-31, as a sheet counts days."""
_SUGGESTED: dict[tuple[str, str], tuple[str, str]] = {  # other words may be typed
    ("Maintenance", "channel"): ("visit,phone,video call,e-mail,message", "拜访,电话,视频会议,邮件,微信"),
    ("Maintenance", "priority"): ("high,normal,low", "高,中,低"),
    ("Objections", "status"): ("open,accepted,rejected", "处理中,已采纳,不采纳"),
}
_NOT_NEGATIVE = ("Sales", "Adjustments", "Targets")
_WHOLE = {
    "year": ("2000", "2100"),
    "rank": ("1", "100"),
    "satisfaction": ("1", "5"),
    "entry": ("1", "999999999"),
}
_PERIOD = (
    'OR(AND(LEN({cell})=4,ISNUMBER(VALUE({cell}))),AND(LEN({cell})=6,UPPER(MID({cell},5,1))="Q"),'
    'AND(LEN({cell})=7,MID({cell},5,1)="-"))'
)

_DAY: Said = ("Enter a date, such as 2026-01-31.", "请输入日期，如 2026-01-31。")
_MONTH: Said = ("Enter a month, such as 2026-01.", "请输入月份，如 2026-01。")
_AMOUNT: Said = ("Enter an amount of at most two decimals.", "请输入金额，至多两位小数。")
_POSITIVE: Said = (
    "Enter an amount of 0 or more, of at most two decimals.",
    "请输入不小于 0 的金额，至多两位小数。",
)
_PART: Said = ("Enter a share between 0 % and 100 %.", "请输入 0% 至 100% 之间的比例。")
_NUMBER: Said = ("Enter a number between {} and {}.", "请输入 {} 至 {} 之间的数。")
_INTEGER: Said = ("Enter a whole number between {} and {}.", "请输入 {} 至 {} 之间的整数。")
_LIST: Said = ("Choose one of the list.", "请从列表中选择。")
_TWICE: Said = ("This number is there already.", "该编号已存在。")
_PERIODS: Said = ("Enter 2026-01, 2026Q1 or 2026.", "请输入 2026-01、2026Q1 或 2026。")
_UNLISTED: Said = ("This is not on the list. Keep it?", "列表中没有该项，是否保留？")


def entry(table: Table, column: Column, language: Language) -> DataValidation:
    """Give what a column takes: drop-down or limits, with a message; applied to the column's rows."""
    chinese = language == "zh"
    limits, fault, style = _limits(table, column, language)
    if fault is not None:
        limits |= {"error": fault[chinese], "errorStyle": style, "showErrorMessage": True}
        limits |= {"errorTitle": header_of(column, language)[:_TITLE]}
    validation = DataValidation(
        allow_blank=True,
        showInputMessage=True,
        promptTitle=header_of(column, language)[:_TITLE],
        prompt=note_of(table, column, language)[:_TEXT],
        **limits,
    )
    letter = letter_of(table, column.field)
    validation.add(f"{letter}2:{letter}{last_row(table)}")
    return validation


_Limits = tuple[dict[str, Any], Said | None, str]


def _limits(table: Table, column: Column, language: Language) -> _Limits:
    """Give the limits, what is said when they are passed (nothing: not at all), and how strictly."""
    chosen = _chosen(table, column, language)
    if chosen is not None:
        return chosen
    cell = f"{letter_of(table, column.field)}2"
    if column.kind in ("day", "moment"):
        return _between("date", _FIRST_DAY, _LAST_DAY), _DAY, "stop"
    if column.kind == "month":
        return _formula(f'OR(ISNUMBER({cell}),AND(LEN({cell})=7,MID({cell},5,1)="-"))'), _MONTH, "stop"
    if column.kind == "amount":
        below = f"{cell}>=0," if table.name in _NOT_NEGATIVE else ""
        fault = _POSITIVE if below else _AMOUNT
        return _formula(f"AND(ISNUMBER({cell}),{below}ABS({cell}-ROUND({cell},2))<0.000001)"), fault, "stop"
    if column.kind == "period":
        return _formula(_PERIOD.format(cell=cell)), _PERIODS, "stop"
    return _numbers(column)


def _numbers(column: Column) -> _Limits:
    if column.kind == "rate" and column.field != "coefficient":
        return _between("decimal", "0", "1"), _PART, "stop"
    if column.kind == "integer":
        return _bounded("whole", *_WHOLE[column.field], _INTEGER)
    if column.kind in ("rate", "number"):
        high = {"coefficient": "10", "threshold": "3650"}.get(column.field, "100")
        return _bounded("decimal", "0", high, _NUMBER)
    return {}, None, ""


def _chosen(table: Table, column: Column, language: Language) -> _Limits | None:
    """Give a drop-down, or the rule that a key stands only once."""
    here = table.name, column.field
    if table.name in _KEYED and column == table.columns[0]:
        cell = f"{letter_of(table, column.field)}2"
        return _formula(f"SUMPRODUCT(--EXACT({area(table, column.field)},{cell}))<2"), _TWICE, "stop"
    listed = {("Policies", "policy"): "PolicyNames", ("Account Tiers", "tier"): "TierNames"}.get(here)
    listed = listed or {"account_id": "AccountIDs", "salesperson_id": "SalespersonIDs"}.get(column.field)
    if listed:
        return _list(listed), _UNLISTED, "warning"
    if column.kind in ("ids", "setting") or here in _SUGGESTED:
        suggested = (
            f'"{_SUGGESTED[here][language == "zh"]}"' if here in _SUGGESTED else _SUGGESTED_OF[column.kind]
        )
        return _list(suggested), None, ""
    if column.kind in ("word", "tier", "yes_no"):
        words = ",".join(words_of(column, language))
        return _list(f'"{words}"'), None if column.kind == "tier" else _LIST, "stop"
    return None


_POLICY = "MATCH($A2,PolicyNames,0)"
_SUGGESTED_OF = {
    "ids": "SalespersonIDs",
    "setting": f"OFFSET(INDEX(PolicyChoices,1,1),{_POLICY}-1,0,1,INDEX(PolicyCounts,{_POLICY}))",
}
_KEYED = ("Accounts", "Salespeople", "Sales", "Adjustments")


def words_of(column: Column, language: Language) -> list[str]:
    """Give the words that a column takes, in a language."""
    vocabulary = WORDS[column.words or column.kind]
    return [chinese[0] for chinese in vocabulary.values()] if language == "zh" else list(vocabulary)


def _list(formula: str) -> dict[str, Any]:
    return {"type": "list", "formula1": formula}


def _formula(formula: str) -> dict[str, Any]:
    return {"type": "custom", "formula1": formula}


def _between(kind: str, low: str, high: str) -> dict[str, Any]:
    return {"type": kind, "operator": "between", "formula1": low, "formula2": high}


def _bounded(kind: str, low: str, high: str, said: Said) -> _Limits:
    return _between(kind, low, high), (said[0].format(low, high), said[1].format(low, high)), "stop"
