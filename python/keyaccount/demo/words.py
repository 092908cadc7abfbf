"""What the demo's tables share: the two languages, days of the year, who approved a row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Language = Literal["en", "zh"]
Row = dict[str, object]
Said = tuple[str, str]
"""A text in English and in Chinese."""

DIRECTOR: Said = ("Sales director", "销售总监")
MANAGER: Said = ("General manager", "总经理")


def working_day(day: date) -> date:
    """Move a Saturday or Sunday to the Friday before."""
    return day - timedelta(days=max(0, day.weekday() - 4))


@dataclass(frozen=True)
class Speaker:
    """The demo's year and language."""

    year: int
    language: Language

    def say(self, text: Said) -> str:
        """Give a text in the workbook's language."""
        return text[self.language == "zh"]

    def day(self, month_and_day: str, years: int = 0) -> date:
        """Give a day of the demo's year, such as ``05-16``; ``years`` moves it to another one."""
        return date.fromisoformat(f"{self.year + years}-{month_and_day}")

    def approved(self, **values: object) -> Row:
        """Add to a row who approved it and on which paper."""
        return {**values, "approved_by": self.say(DIRECTOR), "document_no": f"DEMO-{self.year}-01"}
