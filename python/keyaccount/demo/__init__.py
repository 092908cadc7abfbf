"""A year of a plausible company as rows of the input tables, in which every rule of §3 to §5 happens once.

The names are made up and the figures come from an arithmetic of their own: the same year gives the same rows
on every machine. ``keyaccount new --demo`` fills a workbook with them.
"""

from __future__ import annotations

from keyaccount.demo.care import Care
from keyaccount.demo.company import Company
from keyaccount.demo.trade import Trade
from keyaccount.demo.words import Language, Row, Speaker

__all__ = ["demo_rows"]


def demo_rows(year: int, language: Language) -> dict[str, list[Row]]:
    """Give the demo company's rows of a year: English sheet name -> rows by field name.

    Values are as a cell holds them: text, ``date``, ``Decimal`` yuan and rates, whole numbers, ``None`` for
    blank. Texts are in the workbook's language; words stay English, the workbook's maker translates them.
    """
    speaker = Speaker(year, language)
    return Company(speaker).rows() | Trade(speaker).rows() | Care(speaker).rows()
