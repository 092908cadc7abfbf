"""The demo's standing data: accounts and their tiers, salespeople, who keeps what, targets, reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keyaccount.demo.words import MANAGER, Row, Said, Speaker


@dataclass(frozen=True)
class Account:
    """An account's first tier ("" = none), its file, and what shapes its sales."""

    account_id: str
    tier: str
    industry: Said
    traits: str  # stable, influence, potential, strategic impact; business, technology, market depth
    invoices: int  # a month
    typical_yuan: int  # an invoice
    first_month: int = 1
    updated: str = "01-15"  # the account file
    blank: tuple[str, ...] = ()  # what the file lacks


FILE: dict[str, Said] = {
    "contact": ("Purchasing desk", "采购部"),
    "preferences": ("Delivery in the morning", "上午送货"),
    "special_needs": ("Labels in both languages", "双语标签"),
    "business_needs": ("Shorter delivery times", "缩短交期"),
    "support_contact": ("Sales support desk", "销售支持组"),
    "profit_contribution": ("Average", "一般"),
}
"""What an account's file says (§2.1, §4.1.1), beside industry and phone."""
LITTLE = ("preferences", "special_needs", "business_needs")
ACCOUNTS = (
    Account("A01", "strategic", ("Home appliances", "家电"), "yyyyyyy", 4, 176_000, updated="09-20"),
    Account("A02", "strategic", ("Building materials", "建材"), "yynyyyy", 3, 148_000, updated="10-12"),
    Account("A03", "core", ("Machinery", "机械"), "ynyyyyy", 3, 92_000, updated="11-05"),
    Account(
        "A04", "core", ("Electronics", "电子"), "yynnyny", 4, 81_000, updated="07-04", blank=("preferences",)
    ),
    Account("A05", "core", ("Textiles", "纺织"), "ynnnynn", 3, 77_000, updated="08-03"),
    Account("A06", "important", ("Packaging", "包装"), "nnynynn", 3, 42_000, blank=LITTLE),
    Account("A07", "important", ("Logistics", "物流"), "nyynnny", 3, 58_000, 3, "03-01", LITTLE),
    Account(
        "A08", "important", ("Food", "食品"), "ynnnynn", 4, 46_000, updated="07-20", blank=("special_needs",)
    ),
    Account("A09", "", ("Retail", "零售"), "nnynnnn", 2, 23_000, 5, "05-10", LITTLE),
)
TRAITS = (
    "stable",
    "influence",
    "potential",
    "strategic_impact",
    "business_depth",
    "technology_depth",
    "market_depth",
)
RATES = {"strategic": "0.02", "core": "0.015", "important": "0.01"}
TIER_CHANGES: tuple[tuple[str, str, str, str, str, Said], ...] = (  # the fifth: credited to
    ("A07", "important", "03-01", "new", "S05", ("First contract", "首次签约")),
    (
        "A03",
        "strategic",
        "05-16",
        "upgrade",
        "",
        ("Deep in all three respects", "业务、技术、市场均深度合作"),
    ),
    ("A05", "important", "09-01", "downgrade", "", ("Business depth only", "仅业务深度合作")),
    ("A04", "strategic", "10-01", "upgrade", "", ("Framework contract", "签订框架协议")),
)
EAST: Said = ("East", "华东")
SOUTH: Said = ("South", "华南")
SALESPEOPLE: dict[str, tuple[Said, Said]] = {
    "S01": (("Salesperson S01", "销售员甲"), EAST),
    "S02": (("Salesperson S02", "销售员乙"), EAST),
    "S03": (("Salesperson S03", "销售员丙"), EAST),
    "S04": (("Salesperson S04", "销售员丁"), SOUTH),
    "S05": (("Salesperson S05", "销售员戊"), SOUTH),
    "S06": (("Salesperson S06", "销售员己"), SOUTH),
    "S07": (("Salesperson S07", "销售员庚"), SOUTH),
}
LEAVER = "S06"
LEFT = "08-31"
THIRD = "0.333333"
ASSIGNED = (  # account, salesperson, share, from and to in the demo's year ("" = open)
    ("A01", "S01", "1", "", ""),
    ("A02", "S01", THIRD, "", ""),
    ("A02", "S02", THIRD, "", ""),
    ("A02", "S03", THIRD, "", ""),
    ("A03", "S02", "1", "", ""),
    ("A04", "S03", "1", "", "06-30"),
    ("A04", "S04", "1", "07-01", ""),
    ("A05", "S04", "1", "", ""),
    ("A06", "S05", "1", "", ""),
    ("A07", "S05", "0.6", "03-01", ""),
    ("A07", LEAVER, "0.4", "03-01", LEFT),
    ("A07", "S07", "0.4", "09-01", ""),
    ("A08", LEAVER, "1", "", LEFT),
    ("A08", "S07", "1", "09-01", ""),
)
TARGETS_YUAN = {  # S07 has none: no bonus (§3.4.1)
    "S01": 9_000_000,
    "S02": 5_600_000,
    "S03": 3_900_000,
    "S04": 4_600_000,
    "S05": 2_400_000,
    "S06": 1_900_000,
}
# S02 is proposed 1.05 and not approved: 1.00 is paid; S07 has no log, so nothing is proposed (§3.3.4)
REVIEWS: tuple[tuple[str, str, Said], ...] = (
    ("S01", "1.05", ("Accounts kept in full, receivables in on time", "客户维护到位,回款及时")),
    ("S03", "0.95", ("Monthly reviews missed, issues answered late", "月度商务回顾有缺,售后响应超时")),
    ("S04", "1", ("As proposed", "同意建议")),
    ("S05", "0.9", ("Files out of date, reviews missed", "档案未更新,商务回顾有缺")),
    ("S06", "1", ("Left in August, handed over in good order", "八月离职,交接完整")),
)


class Company:
    """The standing data of one year in one language."""

    def __init__(self, speaker: Speaker) -> None:
        """Keep year and language; everything began the year before."""
        self.speaker = speaker
        self.began = speaker.day("01-01", years=-1)

    def rows(self) -> dict[str, list[Row]]:
        """Give every table but Sales, Adjustments and Company Sales."""
        speaker = self.speaker
        before = speaker.year - 1
        return {
            "Policies": list(self.policies()),
            "Tiers": list(self.tiers()),
            "Accounts": [self.account(account) for account in ACCOUNTS],
            "Account Tiers": list(self.account_tiers()),
            "Salespeople": [self.salesperson(person) for person in SALESPEOPLE],
            "Assignments": [self.assignment(*row) for row in ASSIGNED],
            "Targets": [
                speaker.approved(salesperson_id=person, year=speaker.year, target=Decimal(target))
                for person, target in TARGETS_YUAN.items()
            ],
            "Year-End Review": [self.review(*row) for row in REVIEWS],
            "Opening Balances": [
                speaker.approved(salesperson_id="S03", year=speaker.year, amount=Decimal("-1250.00"))
            ],
            "Prior Years": [
                speaker.approved(
                    salesperson_id="S01",
                    year=before,
                    coefficient=Decimal("0.95"),
                    bonus_earned="yes",
                )
            ],
        }

    def policies(self) -> Iterator[Row]:
        """Give what differs from the shipped policies: the company's name, and a smaller uplift from July."""
        speaker = self.speaker
        name, july = speaker.say(("Sample Company", "示例公司")), speaker.day("07-01")
        printed: Said = ("Printed above the result sheets", "印在结果表上方")
        changed: Said = ("For events from July on (§3.4.2)", "七月起的事件适用(§3.4.2)")
        yield speaker.approved(policy="company", value=name, note=speaker.say(printed))
        yield speaker.approved(
            policy="uplift_points", value=Decimal("0.003"), effective_from=july, note=speaker.say(changed)
        )

    def tiers(self) -> Iterator[Row]:
        """Give the plan's rates (§3.2), in force from the beginning."""
        for position, (tier, rate) in enumerate(RATES.items(), start=1):
            yield self.speaker.approved(tier=tier, rate=Decimal(rate), rank=position)

    def account(self, account: Account) -> Row:
        """Give an account's file (§2.1)."""
        speaker, number = self.speaker, account.account_id
        judged = {
            trait: "yes" if mark == "y" else "no" for trait, mark in zip(TRAITS, account.traits, strict=True)
        }
        return {
            "account_id": number,
            "name": speaker.say((f"Sample Trading {number}", f"示例商贸{number}")),
            "industry": speaker.say(account.industry),
            "phone": f"000-0000-0{number[1:]}",
            **{name: speaker.say(said) for name, said in FILE.items() if name not in account.blank},
            **judged,
            "last_updated": speaker.day(account.updated),
        }

    def account_tiers(self) -> Iterator[Row]:
        """Give the tier history (§2.2): first tiers, a new account, two upgrades, a downgrade."""
        for account in ACCOUNTS:
            if account.tier and account.first_month == 1:
                yield self.tier_row(account.account_id, account.tier, self.began, "initial", ("", ""))
        for account_id, tier, start, event, credited_to, reason in TIER_CHANGES:
            row = self.tier_row(account_id, tier, self.speaker.day(start), event, reason)
            yield row | {"credited_to": credited_to or None}

    def tier_row(self, account_id: str, tier: str, start: date, event: str, reason: Said) -> Row:
        """Give one row of the tier history."""
        return self.speaker.approved(
            account_id=account_id,
            tier=tier,
            effective_from=start,
            event=event,
            reason=self.speaker.say(reason) or None,
        )

    def salesperson(self, salesperson_id: str) -> Row:
        """Give a salesperson; one leaves within the year."""
        name, department = SALESPEOPLE[salesperson_id]
        return {
            "salesperson_id": salesperson_id,
            "name": self.speaker.say(name),
            "department": self.speaker.say(department),
            "joined": self.speaker.day("03-01", years=-4),
            "left": self.speaker.day(LEFT) if salesperson_id == LEAVER else None,
        }

    def assignment(self, account_id: str, salesperson_id: str, share: str, start: str, end: str) -> Row:
        """Give one assignment; an open start is the first day of the year before."""
        return self.speaker.approved(
            account_id=account_id,
            salesperson_id=salesperson_id,
            share=Decimal(share),
            start=self.speaker.day(start) if start else self.began,
            end=self.speaker.day(end) if end else None,
        )

    def review(self, salesperson_id: str, coefficient: str, reason: Said) -> Row:
        """Give an approved coefficient of the year end (§3.3.4)."""
        return {
            "salesperson_id": salesperson_id,
            "year": self.speaker.year,
            "coefficient": Decimal(coefficient),
            "reason": self.speaker.say(reason),
            "approved_by": self.speaker.say(MANAGER),
        }
