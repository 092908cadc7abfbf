"""``what-if``: today's plan beside changed ones, over the same sales; books nothing."""

from keyaccount.outputs.what_if.book import write_comparison
from keyaccount.outputs.what_if.compare import what_if
from keyaccount.outputs.what_if.comparison import Comparison
from keyaccount.outputs.what_if.plan_workbook import read_plan
from keyaccount.outputs.what_if.scenario import Change, Scenario, parse_change, parse_changes

__all__ = [
    "Change",
    "Comparison",
    "Scenario",
    "parse_change",
    "parse_changes",
    "read_plan",
    "what_if",
    "write_comparison",
]
