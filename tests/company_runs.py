"""What happens to a random company: edits of every kind, and runs in sensible and in odd orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from keyaccount import tables
from tests import companies
from tests.company import Adjustment, Company, Sale

Run = tuple[str, str]
"""(command, period), such as ("settle", "2026Q1")."""


def runs(random: Random, made: Company) -> Iterator[Run]:
    """Go through the company's years, skipping, delaying and repeating some runs."""
    planned = [run for index in range(made.years) for run in calendar(made.first_year + index)]
    thirds = any(row.value == "instalments" and row.effective_from is None for row in made.policies)
    skip = random.choice([0.0, 0.2] if thirds else [0.0, 0.6, 0.9, 1.0, 1.0])
    planned = [run for run in planned if run[0] != "advance" or random.random() >= skip]
    for _ in range(random.choice([0, 0, 1, 2])):
        at = random.randrange(len(planned))
        planned.insert(min(len(planned), at + random.randrange(1, 6)), planned.pop(at))
    start = random.choice([0, 0, 0, random.randrange(len(planned))])
    planned = planned[start : start + random.choice([5, 6, 10, 18])]
    done: list[Run] = []
    for run in planned:
        done.append(run)
        yield run
        if random.randrange(7) == 0:
            yield "settle-leaver", random.choice(made.people)
        chance = random.randrange(12)
        if chance < 2:
            yield run
        elif chance < 4:
            yield random.choice([one for one in done if one[0] != "advance"] or done)
        elif chance == 4:
            yield random.choice(planned)


def calendar(year: int) -> list[Run]:
    """The usual order of a year: each quarter's three months, the quarter; at last the year end."""
    usual = []
    for quarter in range(4):
        usual += [("advance", f"{year}-{3 * quarter + i:02d}") for i in (1, 2, 3)]
        usual.append(("settle", f"{year}Q{quarter + 1}"))
    return [*usual, ("year-end", f"{year}")]


def edit(random: Random, made: Company) -> str:
    """Change one thing of a company and say what it was."""
    change = random.choice(EDITS)
    change(random, made)
    return change.__name__.replace("_", " ")


def add_a_sale(random: Random, made: Company) -> None:
    made.sales.append(companies.sale(random, made, f"L{len(made.sales)}"))


def add_a_reversal(random: Random, made: Company) -> None:
    made.adjustments += companies.adjustment(random, made, f"L{len(made.adjustments)}")


def change_an_amount(random: Random, made: Company) -> None:
    at = random.randrange(len(made.sales))
    sale = made.sales[at]
    made.sales[at] = replace(sale, gross=sale.gross + random.choice([1, -1, 100_000, 3_333]))
    if made.sales[at].gross < sale.discount:
        made.sales[at] = replace(sale, discount=0)


def change_a_date(random: Random, made: Company) -> None:
    at = random.randrange(len(made.sales))
    made.sales[at] = replace(made.sales[at], day=companies.a_day(random, made))


def remove_a_line(random: Random, made: Company) -> None:
    if made.adjustments and random.randrange(2):
        made.adjustments.pop(random.randrange(len(made.adjustments)))
    elif len(made.sales) > 1:
        made.sales.pop(random.randrange(len(made.sales)))


def move_to_another_account(random: Random, made: Company) -> None:
    at = random.randrange(len(made.sales))
    account = random.choice(made.accounts).account_id
    made.sales[at] = replace(made.sales[at], account_id=account)


def change_a_rate(random: Random, made: Company) -> None:
    at = random.randrange(len(made.tiers))
    made.tiers[at] = replace(made.tiers[at], rate=companies.a_rate(random))


def date_a_rate(random: Random, made: Company) -> None:
    row = random.choice(made.tiers)
    day = companies.a_day(random, made)
    if all((other.tier, other.effective_from) != (row.tier, day) for other in made.tiers):
        made.tiers.append(replace(row, rate=companies.a_rate(random), effective_from=day))


def change_a_tier(random: Random, made: Company) -> None:
    if made.account_tiers:
        at = random.randrange(len(made.account_tiers))
        made.account_tiers[at] = replace(made.account_tiers[at], tier=random.choice(companies.TIERS))


def add_a_tier_row(random: Random, made: Company) -> None:
    account, day = random.choice(made.accounts).account_id, companies.a_day(random, made)
    if all((row.account_id, row.effective_from) != (account, day) for row in made.account_tiers):
        event = random.choice(["", "", "new", "upgrade"])
        tier = random.choice(companies.TIERS)
        made.account_tiers.append(tables.AccountTierRow(0, account, tier, day, event))


def change_the_shares(random: Random, made: Company) -> None:
    one = random.choice(made.assignments)
    span = (one.account_id, one.start, one.end)
    made.assignments = [row for row in made.assignments if (row.account_id, row.start, row.end) != span]
    made.assignments += companies.segment(random, made, *span)


def hand_over(random: Random, made: Company) -> None:
    account = random.choice(made.accounts).account_id
    day = companies.a_day(random, made)
    kept = [row for row in made.assignments if row.account_id != account or row.start < day]
    made.assignments = [
        replace(row, end=day - timedelta(days=1))
        if row.account_id == account and (row.end is None or row.end >= day)
        else row
        for row in kept
    ]
    made.assignments += companies.segment(random, made, account, day, None)


def change_a_coefficient(random: Random, made: Company) -> None:
    person, year = random.choice(made.people), made.first_year + random.randrange(made.years)
    made.year_end_review = [
        row for row in made.year_end_review if (row.salesperson_id, row.year) != (person, year)
    ]
    made.year_end_review.append(companies.review(random, person, year))


def change_a_prior_year(random: Random, made: Company) -> None:
    person, year = random.choice(made.people), made.first_year - 1 + random.randrange(made.years)
    made.prior_years = [row for row in made.prior_years if (row.salesperson_id, row.year) != (person, year)]
    made.prior_years.append(companies.prior_year(random, person, year))


def change_an_opening_balance(random: Random, made: Company) -> None:
    person, year = random.choice(made.people), made.first_year + random.randrange(made.years)
    made.opening_balances = [
        row for row in made.opening_balances if (row.salesperson_id, row.year) != (person, year)
    ]
    if random.randrange(3):
        made.opening_balances.append(tables.OpeningRow(0, person, year, random.choice([-99_999, 700, -3])))


def change_a_target(random: Random, made: Company) -> None:
    if made.targets:
        at = random.randrange(len(made.targets))
        made.targets[at] = replace(made.targets[at], target=companies.target(random))


def add_a_policy(random: Random, made: Company) -> None:
    made.policies.append(companies.policy(random, made))


def remove_a_policy(random: Random, made: Company) -> None:
    if made.policies:
        made.policies.pop(random.randrange(len(made.policies)))


def reverse_a_whole_sale(random: Random, made: Company) -> None:
    sale = random.choice(made.sales)
    day = sale.day + timedelta(days=random.choice([0, 45, 120, 250, 366]))
    undone = sum(
        row.amount * (-1 if row.kind == "recovery" else 1)
        for row in made.adjustments
        if row.sale_id == sale.sale_id
    )
    rest = sale.gross - sale.discount - undone
    if rest > 0:
        name = f"W{len(made.adjustments)}"
        made.adjustments.append(Adjustment(name, day, "return", sale.account_id, rest, sale.sale_id))


def let_someone_leave(random: Random, made: Company) -> None:
    at = random.randrange(len(made.salespeople))
    day = random.choice([None, date(made.first_year, 12, 31), companies.a_day(random, made)])
    made.salespeople[at] = replace(made.salespeople[at], left=day)


def let_someone_return(random: Random, made: Company) -> None:
    at = random.randrange(len(made.salespeople))
    day = companies.a_day(random, made)
    made.salespeople[at] = replace(made.salespeople[at], joined=day, left=None)


def change_what_was_paid_outside(random: Random, made: Company) -> None:
    if made.payments_made and random.randrange(2):
        made.payments_made.pop(random.randrange(len(made.payments_made)))
    else:
        made.payments_made.append(companies.payment_made(random, made))


def move_the_start(random: Random, made: Company) -> None:
    made.policies = [row for row in made.policies if row.policy != "plan_start"]
    if random.randrange(2):
        made.policies.append(tables.PolicyRow(0, "plan_start", companies.a_day(random, made).isoformat()))


def hire_someone(random: Random, made: Company) -> None:
    name = f"S{random.choice([0, 4, 5, 11])}"
    if name not in made.people:
        made.salespeople.insert(0, tables.SalespersonRow(0, name, f"Salesperson {name}"))


def sell_something_large(random: Random, made: Company) -> None:
    account = random.choice(made.accounts).account_id
    day = companies.a_day(random, made)
    made.sales.append(Sale(f"X{len(made.sales)}", day, account, random.randrange(10**7, 10**9)))


EDITS: tuple[Callable[[Random, Company], None], ...] = (
    add_a_sale,
    add_a_sale,
    add_a_reversal,
    add_a_reversal,
    change_an_amount,
    change_an_amount,
    change_a_date,
    remove_a_line,
    move_to_another_account,
    change_a_rate,
    date_a_rate,
    change_a_tier,
    add_a_tier_row,
    change_the_shares,
    hand_over,
    change_a_coefficient,
    change_a_prior_year,
    change_an_opening_balance,
    change_a_target,
    add_a_policy,
    remove_a_policy,
    reverse_a_whole_sale,
    let_someone_leave,
    let_someone_return,
    change_what_was_paid_outside,
    change_what_was_paid_outside,
    move_the_start,
    hire_someone,
    sell_something_large,
)
