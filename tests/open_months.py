"""What the open months of a year hold, as the reference calculates it: E and P that are not booked yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from keyaccount.ledger import Entry
from keyaccount.periods import Period
from tests.company import Company
from tests.reference.books import Books
from tests.reference.earnings import Earnings
from tests.reference.lines import read
from tests.reference.plan import Plan
from tests.reference.rows import month_end, period_of
from tests.side_by_side import plain


def open_earnings(made: Company, ledger: Sequence[Entry], period: Period) -> dict[str, int]:
    """Calculated cells and P of the open months through the month that E reaches, a salesperson."""
    one, plan = period_of(str(period)), Plan(made.inputs())
    if plan.policy("advance_method", month_end(one.last)) == "instalments":
        return {}
    books = Books([plain(entry) for entry in ledger])
    earnings = Earnings(plan.inputs, plan, read(plan.inputs, plan, month_end(one.last)), books, one)
    reach = max(one.last, books.last_advanced if books.last_advanced // 12 == one.year else 0)
    return calculated(earnings, books.closed_through(one.year), reach)


def calculated(earnings: Earnings, closed: int, reach: int) -> Counter[str]:
    """Give what the months after ``closed`` through ``reach`` are worth by calculation, a salesperson."""
    found: Counter[str] = Counter()
    for key, earned in earnings.commissions.items():
        if closed < key.month <= reach and key.month // 12 == earnings.year:
            found[key.person] += earned if key.own_year else earnings.in_full(key, earned)
    return found
