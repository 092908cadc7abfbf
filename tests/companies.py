"""Random companies: the input tables of a small company, full of interesting days, shares and reversals.

One seeded generator serves the comparison and hypothesis, which draws the seed and how many lines at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from keyaccount import tables
from tests.company import Adjustment, Company, Sale

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TIERS = ("strategic", "core", "important")
VECTORS = (
    ("1",),
    ("1",),
    ("0.5", "0.5"),
    ("0.7", "0.3"),
    ("0.3333", "0.3333", "0.3333"),
    ("0.333333", "0.333333", "0.333334"),
    ("0.125", "0.375", "0.5"),
    ("0.1111111", "0.8888889"),
)


def companies() -> SearchStrategy[Company]:
    """Random companies without errors, for hypothesis: fewer lines first when it looks for a small one."""
    seeds, most = st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 8, 15, 25])
    return st.builds(lambda seed, lines: company(Random(seed), errors=False, most=lines), seeds, most)


def company(random: Random, *, errors: bool = True, most: int = 40) -> Company:
    """Make a random company of one to three years; ``most`` sales at most; with ``errors`` a few hold one."""
    made = Company(random.choice([2023, 2024, 2025]), random.choice([1, 1, 1, 2, 2, 3]))
    people = [f"S{number}" for number in random.sample([1, 2, 3, 10], random.randint(2, 4))]
    made.salespeople = [person(random, made, name) for name in people]
    accounts = [f"A{number:02d}" for number in range(1, random.randint(2, 5) + 1)]
    made.accounts = [tables.AccountRow(0, name, f"Sample Account {name}") for name in accounts]
    made.tiers = tiers(random, made)
    for account in accounts:
        made.account_tiers += tier_history(random, made, account)
        made.assignments += assignments(random, made, account)
    lines = min(most, random.choice([1, 3, 8, 15, 25, 40]))
    made.sales = [sale(random, made, f"N{i}") for i in range(1, lines + 1)]
    for i in range(1, min(most, random.choice([0, 1, 3, 6, 10])) + 1):
        made.adjustments += adjustment(random, made, f"R{i}")
    for _ in range(random.choice([0, 1, 3, 6])):
        made.policies.append(policy(random, made))
    if random.randrange(10) == 0:  # an export of all the company's sales
        made.policies = [row for row in made.policies if row.policy != "unknown_accounts"]
        made.policies.append(tables.PolicyRow(0, "unknown_accounts", "ignore"))
        made.sales += [replace(sale(random, made, f"U{i}"), account_id="A99") for i in range(3)]
        made.adjustments += adjustment(random, made, "U")
    if random.randrange(6) == 0:
        made.policies = [row for row in made.policies if row.policy != "advance_method"]
        made.policies.append(tables.PolicyRow(0, "advance_method", "instalments"))
    for year in range(made.first_year - 1, made.first_year + made.years):
        made.targets += [tables.TargetRow(0, p, year, target(random)) for p in some(random, people)]
        made.year_end_review += [review(random, p, year) for p in some(random, people)]
        made.opening_balances += [
            tables.OpeningRow(0, p, year, random.choice([-123_456, -1, 5_000]))
            for p in some(random, people, 4)
        ]
        made.prior_years += [prior_year(random, p, year) for p in some(random, people)]
    if random.randrange(5) == 0:
        made.policies = [row for row in made.policies if row.policy != "plan_start"]
        made.policies.append(tables.PolicyRow(0, "plan_start", a_day(random, made).isoformat()))
    made.payments_made = [payment_made(random, made) for _ in range(random.choice([0, 0, 0, 1, 3]))]
    if errors and random.random() < 0.08:
        break_something(random, made)
    return made


def some(random: Random, values: Sequence[str], one_in: int = 2) -> list[str]:
    """Pick each value with a chance of one in so many."""
    return [value for value in values if random.randrange(one_in) == 0]


def a_day(random: Random, made: Company) -> date:
    """Pick a day of the company's years, now and then of the year before; half of them are interesting."""
    year = made.first_year + random.randrange(made.years)
    if random.randrange(8) == 0:
        year = made.first_year - 1
    if random.randrange(2):
        return date(year, 1, 1) + timedelta(days=random.randrange(365))
    known = [row.effective_from for row in made.account_tiers]
    known += [row.start for row in made.assignments if row.start.year >= made.first_year]
    if known and random.randrange(2):
        return random.choice(known) + timedelta(days=random.choice([-1, 0, 0, 1]))
    month = random.randrange(1, 13)
    end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return random.choice([end, end + timedelta(days=1), end.replace(day=1), date(year, 8, 31)])


def person(random: Random, made: Company, name: str) -> tables.SalespersonRow:
    """Make a salesperson, who may leave."""
    year = made.first_year + random.randrange(made.years)
    left = random.choice([None, None, None, date(year, 6, 30), date(year, 12, 31), date(year, 12, 30)])
    return tables.SalespersonRow(0, name, f"Salesperson {name}", left=left)


def tiers(random: Random, made: Company) -> list[tables.TierRow]:
    """Make the rate table, in about a third of the companies with dated changes or own ranks."""
    rates = {"strategic": "0.02", "core": "0.015", "important": "0.01"}
    rows = [tables.TierRow(0, tier, Decimal(rate)) for tier, rate in rates.items()]
    if random.randrange(3) == 0:
        rows.append(tables.TierRow(0, random.choice(TIERS), a_rate(random), a_day(random, made)))
    if random.randrange(4) == 0:
        ranks = {"strategic": 3, "core": 1, "important": random.choice([1, 2])}
        rows = [replace(row, rank=ranks[row.tier]) for row in rows]
    if random.randrange(4) == 0:
        random.shuffle(rows)
    return rows


def a_rate(random: Random) -> Decimal:
    """Pick a commission rate."""
    return Decimal(random.choice(["0.018", "0.0125", "0.013333333", "0.02", "0.025", "0.03", "0"]))


def tier_history(random: Random, made: Company, account: str) -> list[tables.AccountTierRow]:
    """Make an account's tier history: up to four rows, some ending the tier, some with a given event."""
    days = {a_day(random, made) for _ in range(random.choice([0, 1, 1, 2, 3, 4]))}
    if random.randrange(3):
        days.add(date(made.first_year - 1, 1, 1))
    rows: list[tables.AccountTierRow] = []
    for day in sorted(days):
        tier = random.choice((*TIERS, *TIERS, "")) if rows else random.choice(TIERS)
        given = random.choice(["", "", "", "initial", "new", "upgrade", "downgrade"])
        people = some(random, made.people) if random.randrange(4) == 0 else []
        rows.append(tables.AccountTierRow(0, account, tier, day, given, tuple(people)))
    return rows


def assignments(random: Random, made: Company, account: str) -> list[tables.AssignmentRow]:
    """Make an account's assignments: one vector after the other, without gaps (rarely with one)."""
    start = date(made.first_year - 2, 1, 1)
    days = sorted({a_day(random, made) for _ in range(random.choice([0, 0, 1, 2]))})
    rows: list[tables.AssignmentRow] = []
    for first, after in zip([start, *days], [*days, None], strict=True):
        last = None if after is None else after - timedelta(days=1)
        rows += segment(random, made, account, first, last)
    return rows


def segment(
    random: Random, made: Company, account: str, first: date, last: date | None
) -> list[tables.AssignmentRow]:
    """Assign an account from a day on, to one or several salespeople."""
    vector = random.choice([v for v in VECTORS if len(v) <= len(made.salespeople)])
    people = random.sample(made.people, len(vector))
    return [
        tables.AssignmentRow(0, account, p, Decimal(share), first, last)
        for p, share in zip(people, vector, strict=True)
    ]


def an_amount(random: Random) -> int:
    """Pick an amount in fen: tiny, odd or large."""
    return random.choice(
        [1, 50, 3_350, 10_000, 8_888_888, random.randrange(1, 10**5), random.randrange(1, 10**8)]
    )


def sale(random: Random, made: Company, sale_id: str) -> Sale:
    """Make a sale."""
    gross = an_amount(random)
    discount = random.choice([0, 0, 0, random.randrange(gross + 1), gross])
    return Sale(sale_id, a_day(random, made), random.choice(made.accounts).account_id, gross, discount)


def adjustment(random: Random, made: Company, name: str) -> list[Adjustment]:
    """Make a reversal (with a recovery now and then): of a sale by ID, by original date, or of no sale."""
    origin = random.choice(made.sales)
    kind = random.choice(["return", "return", "bad_debt", "discount", "recovery"])
    day = origin.day + timedelta(days=random.choice([0, 1, 20, 40, 95, 200, 370]))
    if random.randrange(4) == 0:
        day = date(origin.day.year + 1, random.randrange(1, 7), 15)
    vat = Decimal("0.13") if random.randrange(5) == 0 else None
    if random.randrange(3) == 0:
        original = random.choice([None, None, origin.day, min(day, a_day(random, made))])
        row = Adjustment(name, day, kind, origin.account_id, an_amount(random), "", original, vat)
        return [row if random.randrange(6) else replace(row, sale_id="N999", original=origin.day)]
    undone = sum(a.amount for a in made.adjustments if a.sale_id == origin.sale_id and a.kind != "recovery")
    rest = origin.gross - origin.discount - undone
    if rest <= 0:
        return []
    kind = "bad_debt" if kind == "recovery" else kind
    amount = random.choice([rest, random.randrange(1, rest + 1)])
    row = Adjustment(name, day, kind, origin.account_id, amount, origin.sale_id, None, vat)
    if kind == "bad_debt" and random.randrange(2):
        part = random.choice([amount, random.randrange(1, amount + 1)])
        later = day + timedelta(days=random.choice([0, 30, 100, 300]))
        return [row, replace(row, adjustment_id=f"{name}b", day=later, kind="recovery", amount=part)]
    return [row]


def target(random: Random) -> int:
    """Pick a target: nothing, easy, hard."""
    return random.choice([0, 10_000, 20_000_000, 100_000_000, random.randrange(10**8)])


def review(random: Random, name: str, year: int) -> tables.ReviewRow:
    """Approve a coefficient."""
    coefficient = random.choice(["0.8", "0.95", "1", "1.05", "1.1", "0.933333"])
    return tables.ReviewRow(0, name, year, Decimal(coefficient), "sample reason", "Sample Approver")


def prior_year(random: Random, name: str, year: int) -> tables.PriorYearRow:
    """Tell how a year was paid elsewhere."""
    coefficient = Decimal(random.choice(["0.95", "1", "1.1"]))
    return tables.PriorYearRow(0, name, year, coefficient, random.choice([True, False]))


def payment_made(random: Random, made: Company) -> tables.PaymentRow:
    """Tell what was paid outside the program, for a month, a quarter or a year."""
    year = made.first_year + random.randrange(made.years)
    month = random.randrange(1, 13)
    period = random.choice(
        [f"{year}-{month:02d}", f"{year}-{month:02d}", f"{year}Q{(month + 2) // 3}", str(year)]
    )
    voucher = random.choice(["V1", "V2", "", "记-7"])
    return tables.PaymentRow(
        0, random.choice(made.people), period, random.choice([1, -50, 7_777, 160_000]), voucher
    )


POLICY_VALUES = {
    "unlinked_origin": ("own_date", "latest_sale"),
    "advance_rate": ("0.7", "0.8", "0.333333", "1", "0"),
    "advance_method": ("instalments", "instalments", "monthly"),
    "negative_balance": ("collect", "collect", "carry"),
    "uplift_points": ("0.01", "0.0033", "0"),
    "uplift_months": ("6", "1", "24"),
    "target_bonus_rate": ("0.12", "0.05"),
    "target_bonus_base": ("commission", "year_end_payment", "year_end_payment"),
    "leaver_bonus": ("none", "none", "pay"),
    "unknown_accounts": ("ignore", "error"),
    "require_review": ("yes", "no", "no"),
}


def policy(random: Random, made: Company) -> tables.PolicyRow:
    """Make a policy row, dated half of the time."""
    name = random.choice([*POLICY_VALUES, "uplift_points", "target_bonus_base"])
    day = random.choice([None, a_day(random, made)])
    taken = {(row.policy, row.effective_from) for row in made.policies}
    while (name, day) in taken:  # two values on one day would leave open which one counts
        day = (day or date(made.first_year, 1, 1)) + timedelta(days=1)
    return tables.PolicyRow(0, name, random.choice(POLICY_VALUES[name]), day)


def break_something(random: Random, made: Company) -> None:
    """Put one error of the list into the workbook."""
    sale, assigned = made.sales[0], made.assignments[0]
    day = date(made.first_year, 2, 1)
    too_much = Adjustment("R900", sale.day, "return", sale.account_id, sale.gross + 1, sale.sale_id)
    rows: list[tuple[str, object]] = [
        ("sales", sale),
        ("sales", replace(sale, sale_id="N900", account_id="A99")),
        ("sales", replace(sale, sale_id="N901", discount=sale.gross + 1)),
        ("sales", replace(sale, sale_id="N902", day=date(2000, 1, 1))),
        ("assignments", replace(assigned, salesperson_id="S99")),
        ("assignments", assigned),
        ("assignments", replace(assigned, salesperson_id="S99", share=Decimal("0.1"))),
        ("assignments", tables.AssignmentRow(0, "A90", made.people[0], Decimal("0.9"), day)),
        ("account_tiers", tables.AccountTierRow(0, "A01", "golden", day)),
        ("account_tiers", tables.AccountTierRow(0, "A90", "core", date(1999, 1, 1))),
        ("account_tiers", tables.AccountTierRow(0, sale.account_id, "core", date(1999, 1, 1))),
        ("policies", tables.PolicyRow(0, "advance_ratio", "0.8")),
        ("adjustments", too_much),
        ("adjustments", replace(too_much, amount=1, day=sale.day - timedelta(days=1))),
        ("adjustments", replace(too_much, amount=1, sale_id="N999")),
        ("adjustments", replace(too_much, amount=1, account_id="A99")),
        ("adjustments", replace(too_much, amount=1, kind="recovery")),
        ("year_end_review", replace(review(random, made.people[0], 2020), coefficient=Decimal("1.2"))),
        ("year_end_review", replace(review(random, made.people[0], 2020), reason="")),
        ("targets", tables.TargetRow(0, "S99", 2024, 1)),
    ]
    table, row = random.choice(rows)
    getattr(made, table).append(row)
    if random.randrange(6) == 0:  # a tier, but for years nobody assigned
        made.sales.append(replace(sale, sale_id="N903", day=date(2000, 1, 1)))
        made.account_tiers.append(tables.AccountTierRow(0, sale.account_id, "core", date(1999, 1, 1)))
