"""``explain``: any figure of a workbook, down to the rows that it comes from."""

from keyaccount.outputs.explain.asked import Explaining, explain
from keyaccount.outputs.explain.tree import Explanation, Node, Place

__all__ = ["Explaining", "Explanation", "Node", "Place", "explain"]
