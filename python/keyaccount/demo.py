"""A year of a plausible company as rows of the input tables, in which every rule of §3 happens at least once.

The names are made up, the figures come from an arithmetic of their own: the same year gives the same rows on
every machine. ``keyaccount new --demo`` fills a workbook with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from keyaccount.money import fen
from keyaccount.periods import month_from_text
from keyaccount.tables import WORDS

Language = Literal["en", "zh"]
Row = dict[str, object]
Said = tuple[str, str]
"""A text in English and in Chinese."""

SEASON = (104, 62, 108, 97, 95, 110, 92, 96, 108, 90, 104, 122)
"""Each month's sales in percent of an average month: low at the Spring Festival, high at year end."""
DIRECTOR: Said = ("Sales director", "销售总监")
MANAGER: Said = ("General manager", "总经理")
VAT = Decimal("0.13")


@dataclass(frozen=True)
class _Account:
    """What shapes an account's sales and its file."""

    account_id: str
    tier: str
    invoices: int  # a month
    typical_yuan: int  # an invoice
    industry: Said
    traits: str  # of: stable, influence, potential, strategic impact; then business, technology, market depth
    first_month: int = 1


ACCOUNTS = (
    _Account("A01", "strategic", 4, 176_000, ("Home appliances", "家电"), "yyyyyyy"),
    _Account("A02", "strategic", 3, 148_000, ("Building materials", "建材"), "yynyyny"),
    _Account("A03", "core", 3, 92_000, ("Machinery", "机械"), "ynyyyyy"),
    _Account("A04", "core", 4, 81_000, ("Electronics", "电子"), "yynnyny"),
    _Account("A05", "core", 3, 77_000, ("Textiles", "纺织"), "ynnnynn"),
    _Account("A06", "important", 3, 42_000, ("Packaging", "包装"), "nnynynn"),
    _Account("A07", "important", 3, 58_000, ("Logistics", "物流"), "nyynnny", 3),
    _Account("A08", "important", 4, 46_000, ("Food", "食品"), "ynnnynn"),
    _Account("A09", "", 2, 23_000, ("Retail", "零售"), "nnynnnn", 5),
)
DEPARTMENTS: tuple[Said, ...] = (("East", "华东"), ("East", "华东"), ("South", "华南"), ("South", "华南"))
SALESPEOPLE = ("S01", "S02", "S03", "S04", "S05", "S06", "S07")
ASSIGNED = (  # account, salesperson, share, from, to ("" = open); months and days of the demo's year
    ("A01", "S01", "1", "", ""),
    ("A02", "S01", "0.333333", "", ""),
    ("A02", "S02", "0.333333", "", ""),
    ("A02", "S03", "0.333333", "", ""),
    ("A03", "S02", "1", "", ""),
    ("A04", "S03", "1", "", "06-30"),
    ("A04", "S04", "1", "07-01", ""),
    ("A05", "S04", "1", "", ""),
    ("A06", "S05", "1", "", ""),
    ("A07", "S05", "0.6", "03-01", ""),
    ("A07", "S06", "0.4", "03-01", "08-31"),
    ("A07", "S07", "0.4", "09-01", ""),
    ("A08", "S06", "1", "", "08-31"),
    ("A08", "S07", "1", "09-01", ""),
)
TARGETS_YUAN = {  # S07 has none: no bonus (§3.4.1)
    "S01": 9_800_000,
    "S02": 5_600_000,
    "S03": 4_800_000,
    "S04": 4_600_000,
    "S05": 3_200_000,
    "S06": 1_900_000,
}
REVIEWS: tuple[tuple[str, str, Said], ...] = (
    ("S01", "1.05", ("Score 93, all receivables in on time", "评分93分,回款及时")),
    ("S02", "1.00", ("Score 84", "评分84分")),
    ("S03", "0.95", ("Score 71, monthly reviews missed", "评分71分,月度商务回顾有缺")),
    ("S04", "1.00", ("Score 80", "评分80分")),
    ("S05", "0.90", ("Score 58, issues answered late", "评分58分,售后响应超时")),
    ("S06", "1.00", ("Left in August, score 77", "八月离职,评分77分")),
    ("S07", "1.00", ("Took over in September, score 82", "九月接手,评分82分")),
)


class _Numbers:
    """A small linear congruential generator: the same numbers everywhere and for ever."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def between(self, low: int, high: int) -> int:
        """Give the next number, both bounds included."""
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return low + (self.state >> 33) % (high - low + 1)


def demo_rows(year: int, language: Language) -> dict[str, list[Row]]:
    """Give the demo company's rows of a year: English sheet name -> rows by field name.

    Values are as a cell holds them: text, ``date``, ``Decimal`` yuan and rates, whole numbers; words are
    in the workbook's language.
    """
    return _Demo(year, language).rows()


class _Demo:
    """One year of the company in one language."""

    def __init__(self, year: int, language: Language) -> None:
        self.year = year
        self.zh = language == "zh"
        self.sold: dict[tuple[str, int], list[Row]] = {}

    def rows(self) -> dict[str, list[Row]]:
        """Give all tables; the sales come first, because adjustments point at them."""
        sales = self.sales()
        return {
            "Policies": self.policies(),
            "Tiers": self.tiers(),
            "Accounts": [self.account(account) for account in ACCOUNTS],
            "Account Tiers": list(self.account_tiers()),
            "Salespeople": [self.salesperson(person) for person in SALESPEOPLE],
            "Assignments": [self.assignment(*row) for row in ASSIGNED],
            "Sales": sales,
            "Adjustments": sorted(self.adjustments(), key=lambda row: str(row["adjustment_id"])),
            "Targets": [self.approved(salesperson_id=p, year=self.year, target=t) for p, t in TARGETS_YUAN.items()],
            "Company Sales": list(self.company_sales(sales)),
            "Year-End Review": [self.review(*row) for row in REVIEWS],
            "Opening Balances": [
                self.approved(salesperson_id="S03", year=self.year, amount=Decimal("-1250.00"))
            ],
            "Prior Years": [
                self.approved(
                    salesperson_id="S01",
                    year=self.year - 1,
                    coefficient=Decimal("0.95"),
                    bonus_earned=self.word("yes_no", "yes"),
                )
            ],
        }

    # --- words and days ---

    def say(self, text: Said) -> str:
        """Give a text in the workbook's language."""
        return text[self.zh]

    def word(self, vocabulary: str, english: str) -> str:
        """Give a word in the workbook's language."""
        return WORDS[vocabulary][english][0] if self.zh and english else english

    def day(self, month_and_day: str, years: int = 0) -> date:
        """Give a day of the demo's year, such as ``"05-16"``."""
        return date.fromisoformat(f"{self.year + years}-{month_and_day}")

    def approved(self, **values: object) -> Row:
        """Add who approved a row and on which paper."""
        document = f"DEMO-{self.year}-01"
        return {**values, "approved_by": self.say(DIRECTOR), "document_no": document}

    # --- the standing data ---

    def policies(self) -> list[Row]:
        """Give two common policies, and one that changes within the year."""
        half = ("From July on an uplift lasts half a year", "七月起上浮期为半年")
        rows: tuple[tuple[str, object, date | None, Said], ...] = (
            ("company", self.say(("Sample Company", "示例公司")), None, ("On every result sheet", "印在各结果表上")),
            ("advance_rate", Decimal("0.8"), self.day("01-01"), ("Monthly advance (§3.3.2)", "每月预发比例")),
            ("uplift_months", 12, self.day("01-01"), ("How long an uplift lasts (§3.4.2)", "上浮期月数")),
            ("uplift_months", 6, self.day("07-01"), half),
        )
        return [
            self.approved(policy=name, value=value, effective_from=start, note=self.say(note))
            for name, value, start, note in rows
        ]

    def tiers(self) -> list[Row]:
        """Give the plan's rates."""
        rates = {"strategic": "0.02", "core": "0.015", "important": "0.01"}
        start = self.day("01-01", years=-1)
        return [
            self.approved(
                tier=self.word("tier", tier), rate=Decimal(rate), effective_from=start, rank=position
            )
            for position, (tier, rate) in enumerate(rates.items(), start=1)
        ]

    def account(self, account: _Account) -> Row:
        """Give an account's file."""
        number = account.account_id
        traits = ("stable", "influence", "potential", "strategic_impact")
        depths = ("business_depth", "technology_depth", "market_depth")
        judged = {
            name: self.word("yes_no", "yes" if mark == "y" else "no")
            for name, mark in zip((*traits, *depths), account.traits, strict=True)
        }
        return {
            "account_id": number,
            "name": self.say((f"Sample Trading {number}", f"示例商贸{number}")),
            "industry": self.say(account.industry),
            "contact": self.say(("Purchasing desk", "采购部")),
            "phone": f"000-0000-0{number[1:]}",
            "support_contact": self.say(("Sales support desk", "销售支持组")),
            **judged,
            "last_updated": self.day("01-15"),
        }

    def account_tiers(self) -> Iterator[Row]:
        """Give the tier history: first tiers, a new account, an upgrade, a downgrade, a late new account."""
        before = self.day("01-01", years=-1)
        for account in ACCOUNTS:
            if account.tier and account.first_month == 1:
                yield self.tier_row(account.account_id, account.tier, before, "initial", ("", ""))
        yield self.tier_row("A07", "important", self.day("03-01"), "new", ("First contract", "首次签约"))
        grown = ("Deep in business, technology and market", "业务、技术、市场均深度合作")
        yield self.tier_row("A03", "strategic", self.day("05-16"), "upgrade", grown)
        yield self.tier_row("A05", "important", self.day("09-01"), "downgrade", ("Orders halved", "订单减半"))
        yield self.tier_row("A04", "strategic", self.day("10-01"), "upgrade", ("Framework contract", "签订框架协议"))

    def tier_row(self, account_id: str, tier: str, start: date, event: str, reason: Said) -> Row:
        """Give one row of the tier history."""
        return self.approved(
            account_id=account_id,
            tier=self.word("tier", tier),
            effective_from=start,
            event=self.word("event", event),
            reason=self.say(reason),
        )

    def salesperson(self, salesperson_id: str) -> Row:
        """Give a salesperson; S06 leaves at the end of August."""
        position = SALESPEOPLE.index(salesperson_id)
        name = (f"Salesperson {salesperson_id}", "销售员" + "甲乙丙丁戊己庚"[position])
        return {
            "salesperson_id": salesperson_id,
            "name": self.say(name),
            "department": self.say(DEPARTMENTS[position % len(DEPARTMENTS)]),
            "joined": self.day(f"0{position + 1}-15", years=-4),
            "left": self.day("08-31") if salesperson_id == "S06" else None,
        }

    def assignment(self, account_id: str, salesperson_id: str, share: str, start: str, end: str) -> Row:
        """Give one assignment; a blank start is the beginning of the year before."""
        return self.approved(
            account_id=account_id,
            salesperson_id=salesperson_id,
            share=Decimal(share),
            start=self.day(start) if start else self.day("01-01", years=-1),
            end=self.day(end) if end else None,
        )

    def review(self, salesperson_id: str, coefficient: str, reason: Said) -> Row:
        """Give an approved coefficient of the year end (§3.3.4)."""
        return {
            "salesperson_id": salesperson_id,
            "year": self.year,
            "coefficient": Decimal(coefficient),
            "reason": self.say(reason),
            "approved_by": self.say(MANAGER),
        }
