"""The demo's trade: some hundred invoices of a year, and what came back, was written off or rebated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keyaccount.demo.company import ACCOUNTS, Account
from keyaccount.demo.words import Row, Speaker, working_day

SEASON = (104, 62, 108, 97, 95, 110, 92, 96, 108, 90, 104, 122)
"""Each month's sales in percent of an average month: low at the Spring Festival, high at year end."""
LARGE_ORDER = ("A06", 1, 0)
"""The account, month and position of an order that mostly comes back in February."""
LARGE_ORDER_FEN = 386_400_00
COMPANY_PERCENT = 185
"""The company's net sales, in percent of what the key accounts bought."""
VAT_PERCENT = 13
BEFORE_YUAN = {  # each account's invoice of a quarter of the year before: what the share test rests on (§2.1)
    "A01": 2_060_000,
    "A02": 1_290_000,
    "A03": 790_000,
    "A04": 940_000,
    "A05": 655_000,  # just above 5 %
    "A06": 370_000,
    "A08": 540_000,
    "A09": 690_000,  # above 5 %, and no tier: a candidate
}
COMPANY_BEFORE_YUAN = 52_000_000


@dataclass(frozen=True)
class _Sale:
    """One invoice before it has a number."""

    day: date
    account_id: str
    gross_fen: int
    discount_fen: int

    @property
    def net_fen(self) -> int:
        return self.gross_fen - self.discount_fen


@dataclass(frozen=True)
class _Undone:
    """One adjustment: which sale (account, month, position), when, and how much of its net."""

    kind: str
    sale: tuple[str, int, int]
    posted: str
    percent: int
    with_vat: bool = False


UNDONE = (
    _Undone("return", ("A04", 1, 1), "01-30", 12),  # in the month of the sale
    _Undone("return", LARGE_ORDER, "02-20", 84),  # more than the month earns: carried, offset in March
    _Undone("discount", ("A01", 1, 0), "03-31", 15),
    _Undone("bad_debt", ("A08", 1, 2), "04-22", 60, with_vat=True),
    _Undone("return", ("A01", 2, 0), "05-12", 25),  # across a quarter
    _Undone("return", ("A03", 4, 1), "06-30", 10),  # at the rate before the upgrade
    _Undone("bad_debt", ("A05", 3, 1), "06-25", 30),
    _Undone("recovery", ("A08", 1, 2), "07-15", 20, with_vat=True),
    _Undone("discount", ("A02", 4, 1), "07-20", 5),
    _Undone("recovery", ("A05", 3, 1), "09-10", 10),
    _Undone("return", ("A05", 6, 0), "09-22", 15),  # at the rate before the downgrade
    _Undone("return", ("A08", 8, 0), "10-14", 40),  # of a salesperson who has left
    _Undone("return", ("A02", 10, 2), "11-26", 8),  # split in thirds
)


class _Numbers:
    """A small linear congruential generator: the same numbers everywhere and for ever."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def between(self, low: int, high: int) -> int:
        """Give the next number, both bounds included."""
        self.state = (self.state * 6_364_136_223_846_793_005 + 1_442_695_040_888_963_407) % 2**64
        return low + (self.state >> 33) % (high - low + 1)


def _yuan(amount_fen: int) -> Decimal:
    return Decimal(amount_fen).scaleb(-2)


class Trade:
    """The sales and adjustments of one year."""

    def __init__(self, speaker: Speaker) -> None:
        """Invoice the year: the amounts are the same in every year, the days avoid weekends."""
        self.speaker = speaker
        self.sold: dict[tuple[str, int, int], _Sale] = dict(self.invoiced())
        by_day = sorted(self.sold, key=lambda key: (self.sold[key].day, key))
        self.number = {key: f"INV-{speaker.year}-{i:04d}" for i, key in enumerate(by_day, start=1)}

    def rows(self) -> dict[str, list[Row]]:
        """Give Sales, Adjustments and Company Sales."""
        return {
            "Sales": [*self.sold_before(), *(self.sale(key) for key in self.number)],
            "Adjustments": list(self.adjustments()),
            "Company Sales": list(self.company_sales()),
        }

    def invoiced(self) -> Iterator[tuple[tuple[str, int, int], _Sale]]:
        """Draw every invoice of the year: (account, month, position) and what was sold."""
        numbers = _Numbers(20_260_101)
        for month in range(1, 13):
            for account in ACCOUNTS:
                for position in range(account.invoices if month >= account.first_month else 0):
                    yield (account.account_id, month, position), self.draw(numbers, account, month, position)

    def draw(self, numbers: _Numbers, account: Account, month: int, position: int) -> _Sale:
        """Draw one invoice: around the account's typical amount, one in four with a discount."""
        gross = account.typical_yuan * SEASON[month - 1] * numbers.between(55, 145) // 100
        gross += numbers.between(0, 99)
        percent = numbers.between(2, 6) if numbers.between(1, 4) == 1 else 0
        if (account.account_id, month, position) == LARGE_ORDER:
            gross, percent = LARGE_ORDER_FEN, 0
        day = working_day(date(self.speaker.year, month, numbers.between(3, 28)))
        return _Sale(day, account.account_id, gross, gross * percent // 10_000 * 100)

    def sale(self, key: tuple[str, int, int]) -> Row:
        """Give one row of Sales."""
        sale = self.sold[key]
        return {
            "sale_id": self.number[key],
            "date": sale.day,
            "account_id": sale.account_id,
            "gross": _yuan(sale.gross_fen),
            "discount": _yuan(sale.discount_fen) if sale.discount_fen else None,
        }

    def adjustments(self) -> Iterator[Row]:
        """Give Adjustments by date, the ones that name a sale and the ones that name a day or nothing."""
        rows = [self.undone(item) for item in UNDONE]
        before = self.speaker.day("11-18", years=-1)
        rows += [
            self.adjustment("return", "A01", "02-18", 48_000_00, original_date=before),
            self.adjustment("discount", "A03", "09-15", 12_000_00, original_date=self.speaker.day("06-18")),
            self.adjustment("return", "A05", "08-19", 6_400_00),  # nobody knows of which sale: a warning
        ]
        rows.sort(key=lambda row: str(row["date"]))
        for position, row in enumerate(rows, start=1):
            yield {"adjustment_id": f"ADJ-{self.speaker.year}-{position:03d}", **row}

    def undone(self, item: _Undone) -> Row:
        """Give an adjustment that names its sale; written-off receivables include VAT."""
        amount_fen = self.sold[item.sale].net_fen * item.percent // 10_000 * 100
        if item.with_vat:
            amount_fen = amount_fen * (100 + VAT_PERCENT) // 100
        row = self.adjustment(item.kind, item.sale[0], item.posted, amount_fen)
        return row | {
            "sale_id": self.number[item.sale],
            "vat_rate": Decimal(VAT_PERCENT).scaleb(-2) if item.with_vat else None,
        }

    def adjustment(self, kind: str, account_id: str, posted: str, amount_fen: int, **more: object) -> Row:
        """Give an adjustment without its number."""
        return self.speaker.approved(
            date=working_day(self.speaker.day(posted)),
            type=kind,
            account_id=account_id,
            amount=_yuan(amount_fen),
            **more,
        )

    def sold_before(self) -> Iterator[Row]:
        """Give an invoice a quarter and account of the year before, in turn in its three months."""
        accounts = list(BEFORE_YUAN)
        number = 0
        for month in range(1, 13):
            for account in accounts[(month - 1) % 3 :: 3]:
                number += 1
                yield {
                    "sale_id": f"INV-{self.speaker.year - 1}-{number:04d}",
                    "date": working_day(self.speaker.day(f"{month:02d}-15", years=-1)),
                    "account_id": account,
                    "gross": Decimal(BEFORE_YUAN[account]),
                    "discount": None,
                }

    def company_sales(self) -> Iterator[Row]:
        """Give the company's net sales of each month of two years, in whole thousands."""
        for month, percent in enumerate(SEASON, start=1):
            thousands = COMPANY_BEFORE_YUAN * percent // sum(SEASON) // 1000
            yield {
                "month": f"{self.speaker.year - 1}-{month:02d}",
                "net_sales": Decimal(thousands * 1000),
            }
        months: dict[int, int] = defaultdict(int)
        for sale in self.sold.values():
            months[sale.day.month] += sale.net_fen
        for month, net_fen in sorted(months.items()):
            thousands = net_fen * COMPANY_PERCENT // 100 // 1_000_00
            yield {
                "month": f"{self.speaker.year}-{month:02d}",
                "net_sales": Decimal(thousands * 1000),
            }
