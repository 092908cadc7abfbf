"""What the cell functions calculate, over whole columns at once, with the settlement's own rules.

Amounts are taken to the fen first, so that the binary dust of a formula such as =B2-C2 never moves a result;
each result is then rounded as the plan says, once. An error in an argument's cell is the result's; of
several, the first argument's.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from keyaccount.clauses.incentives import bonus_of
from keyaccount.clauses.key_accounts import is_key_account
from keyaccount.clauses.net_sales import EFFECT
from keyaccount.excel.arrays import (
    NA,
    NO_DIVISOR,
    NOT_A_NUMBER,
    TOO_LARGE,
    Amounts,
    CellError,
    Codes,
    Integers,
    Kinds,
    Reads,
    amounts_of,
    cell_of,
    day_of,
    error_numbers,
    error_text,
    extent,
    kinds_of,
    rate_within,
    spilled,
    spread,
    yuan_of,
)
from keyaccount.excel.callingbook import date1904, ledger_lines
from keyaccount.excel.cells import Cells
from keyaccount.excel.tierrates import LATEST, TierRates, tier_of, tier_rates
from keyaccount.money import LARGEST_FEN, times_each
from keyaccount.periods import Period, month_of
from keyaccount.policies import POLICIES
from keyaccount.tables import OPENING_BALANCES, PAYMENTS_MADE
from keyaccount.workbook.texts import Fault
from keyaccount.workbook.values import parse

Value = TypeVar("Value")
Argument = Any
"""What a cell function is given: a value, a row, rows, or Cells; None when it is left out."""
_NO_POINTS = rate_within(Decimal(0), Decimal(1), blank=Decimal(0))
_SHARE = rate_within(Decimal(0), Decimal(1))
_LARGEST_INT64 = 2**63 - 1


class Call:
    """The arguments of one call, laid out over its result, and the errors met on the way."""

    def __init__(self, *arguments: Argument) -> None:
        """Take the arguments that were given; the result is as high and as wide as the largest."""
        given = [Cells.of(argument) for argument in arguments]
        self.shape = extent(given)
        self.given = [cells.filled(*self.shape) for cells in given]
        self.errors: Codes = np.zeros(self.shape[0] * self.shape[1], np.int16)

    def amounts(self, place: int) -> Amounts:
        """Read an argument as amounts."""
        cells = self.given[place]
        fen, errors, blank = amounts_of(cells)
        errors = spread(errors, cells, self.shape, NA)
        self.note(errors)
        return Amounts(spread(fen, cells, self.shape), errors, spread(blank, cells, self.shape))

    def kinds(self, place: int, read: Reads[Value]) -> Kinds[Value]:
        """Read an argument whose cells hold few different values."""
        cells = self.given[place]
        values, codes, errors, blank = kinds_of(cells, read)
        errors = spread(errors, cells, self.shape, NA)
        self.note(errors)
        return Kinds(values, spread(codes, cells, self.shape), errors, spread(blank, cells, self.shape))

    def note(self, errors: Codes) -> None:
        """Keep each cell's first error."""
        if errors.any():
            self.errors = np.where(self.errors == 0, errors, self.errors)

    def clear(self, blank: NDArray[np.bool_]) -> None:
        """Let the empty rows of a longer range be 0, not an error."""
        if blank.any():
            self.errors = np.where(blank, 0, self.errors).astype(np.int16)

    def result(self, values: NDArray[Any]) -> Any:
        """Give the result as Excel takes it."""
        return spilled(values, self.errors, self.shape, self.given)

    def amounts_result(self, fen: NDArray[Any]) -> Any:
        """Give amounts in fen as Excel takes them."""
        beyond = np.abs(fen) > LARGEST_FEN
        if beyond.any():
            self.note(np.where(beyond, TOO_LARGE, 0).astype(np.int16))
        return self.result(yuan_of(fen))


def commission(net_sales: Argument, tier: Argument, day: Argument, tiers: Argument, uplift: Argument) -> Any:
    """Give round(net × rate), the rate as ``commission_rate`` gives it."""
    call = Call(net_sales, tier, *_given(day, uplift))
    net = call.amounts(0)
    tier_kinds, rates = _rates(call, 1, day, tiers, uplift)
    call.clear(net.blank & tier_kinds.blank)
    return call.amounts_result(_times(net.fen, rates))


def commission_rate(tier: Argument, day: Argument, tiers: Argument, uplift: Argument) -> Any:
    """Give the rate in force on the date, with uplift."""
    call = Call(tier, *_given(day, uplift))
    _, rates = _rates(call, 0, day, tiers, uplift)
    numbers = np.array([0.0 if isinstance(each, CellError) else float(each) for each in rates.values])
    return call.result(numbers[rates.codes])


def net_sales(*parts: Argument) -> Any:
    """Give gross − discount − returns − bad debts + recoveries."""
    signs = [EFFECT[name] for name, part in zip(EFFECT, parts, strict=False) if part is not None]
    call = Call(*_given(*parts))
    total: Integers = sum(
        (sign * call.amounts(place).fen for place, sign in enumerate(signs)),
        start=np.zeros(len(call.errors), np.int64),
    )
    return call.amounts_result(total)


def advance(commission: Argument, rate: Argument, *, rest: bool) -> Any:
    """Give round(commission × rate), or what it leaves of the commission."""
    call = Call(commission, _or_shipped(rate, "advance_rate"))
    whole = call.amounts(0).fen
    paid = _times(whole, call.kinds(1, _policy("advance_rate")))
    return call.amounts_result(whole - paid if rest else paid)


def clawback(amount: Argument, origin_rate: Argument, paid_share: Argument) -> Any:
    """Give round(paid share × round(amount × rate))."""
    call = Call(amount, origin_rate, _or_shipped(paid_share, "advance_rate"))
    reversed_ = call.amounts(0)
    rates = call.kinds(1, _SHARE)
    call.clear(reversed_.blank & rates.blank)
    return call.amounts_result(_times(_times(reversed_.fen, rates), call.kinds(2, _policy("advance_rate"))))


def target_bonus(net: Argument, target: Argument, final: Argument, rate: Argument) -> Any:
    """Give the bonus where the net sales reach the target, else 0."""
    call = Call(net, target, final, _or_shipped(rate, "target_bonus_rate"))
    sold, wanted, base = (call.amounts(place) for place in (0, 1, 2))
    rates = call.kinds(3, _policy("target_bonus_rate"))
    targets = [None if blank else fen for fen, blank in zip(wanted.fen.tolist(), wanted.blank, strict=True)]
    columns = (sold.fen.tolist(), targets, base.fen.tolist(), rates.codes.tolist())
    bonuses = [
        0
        if isinstance(rates.values[code], CellError)
        else bonus_of(one, goal, earned, rates.values[code]) or 0
        for one, goal, earned, code in zip(*columns, strict=True)
    ]
    return call.amounts_result(np.array(bonuses))


def key_account_share(account_net: Argument, company_net: Argument) -> Any:
    """Give account ÷ company; a company without positive net sales has no share to take: #DIV/0!."""
    call = Call(account_net, company_net)
    account, company = call.amounts(0), call.amounts(1)
    without = company.fen <= 0
    call.note(np.where(without, NO_DIVISOR, 0).astype(np.int16))
    call.clear(account.blank & company.blank)
    return call.result(account.fen / np.where(without, 1, company.fen))


def key_account(account_net: Argument, company_net: Argument, threshold: Argument) -> Any:
    """Tell whether the share reaches the threshold."""
    call = Call(account_net, company_net, _or_shipped(threshold, "key_account_share"))
    account, company = call.amounts(0).fen.tolist(), call.amounts(1).fen.tolist()
    limits = call.kinds(2, _policy("key_account_share"))
    codes = limits.codes.tolist()
    found = [
        not isinstance(limits.values[code], CellError) and is_key_account(part, whole, limits.values[code])
        for part, whole, code in zip(account, company, codes, strict=True)
    ]
    return call.result(np.array(found))


def settlement(salesperson: Argument, period: Argument) -> Any:
    """Give the ledger's lines with their header; #N/A when there are none."""
    call = Call(salesperson, period)
    people = call.kinds(0, _reads(OPENING_BALANCES.column("salesperson_id")))
    periods = call.kinds(1, _period)
    if call.errors.any():
        return error_text(int(call.errors[call.errors > 0][0]))
    wanted = {
        (str(people.values[person]), str(periods.values[one]))
        for person, one in zip(people.codes.tolist(), periods.codes.tolist(), strict=True)
    }
    lines = ledger_lines(wanted)
    return lines if len(lines) > 1 else error_text(NA)


def _rates(
    call: Call, first: int, day: Argument, tiers: Argument, uplift: Argument
) -> tuple[Kinds[str], Kinds[Decimal]]:
    """Give the tiers asked for, and the rate of each combination of tier, date and uplift."""
    names = call.kinds(first, tier_of)
    days = Kinds.one(LATEST) if day is None else call.kinds(first + 1, day_of(date1904))
    points = Kinds.one(Decimal(0)) if uplift is None else call.kinds(len(call.given) - 1, _NO_POINTS)
    sizes = len(days.values), len(points.values)
    combined = (names.codes * sizes[0] + days.codes) * sizes[1] + points.codes
    distinct, codes = combined, np.zeros(1, np.int64)
    if len(combined) > 1:
        distinct, codes = np.unique(combined, return_inverse=True)
    try:
        table: TierRates | CellError = tier_rates(None if tiers is None else Cells.of(tiers))
    except CellError as error:
        table = error
    values: list[Decimal | CellError] = []
    for code in distinct.tolist():
        rest, point = divmod(code, sizes[1])
        name, sold = divmod(rest, sizes[0])
        values.append(_rate(table, names.values[name], days.values[sold], points.values[point]))
    codes = codes.reshape(-1)
    errors = error_numbers(values)[codes]
    call.note(errors)
    return names, Kinds(values, codes, errors, names.blank)


def _rate(
    table: TierRates | CellError, tier: str | CellError, day: date | CellError, points: Decimal | CellError
) -> Decimal | CellError:
    """Give a rate, or the first error on the way to it."""
    try:
        asked = _value(tier), _value(day), _value(points)
        return _value(table).rate(*asked)
    except CellError as error:
        return error


def _value(found: Value | CellError) -> Value:
    if isinstance(found, CellError):
        raise found
    return found


def _times(fen: NDArray[Any], rates: Kinds[Decimal]) -> NDArray[Any]:
    """Multiply each amount by its rate, exactly, and round it once."""
    ratios = [(0, 1) if isinstance(each, CellError) else each.as_integer_ratio() for each in rates.values]
    fits = all(max(ratio) <= _LARGEST_INT64 for ratio in ratios)
    table = np.array(ratios, np.int64 if fits else object)
    return times_each(fen, table[rates.codes, 0], table[rates.codes, 1])


def _given(*arguments: Argument) -> list[Argument]:
    return [argument for argument in arguments if argument is not None]


def _or_shipped(argument: Argument, policy: str) -> Argument:
    return float(POLICIES[policy].shipped) if argument is None else argument


def _policy(name: str) -> Reads[Decimal]:
    """Make what reads a rate within the bounds of its policy."""
    low, high = POLICIES[name].low, POLICIES[name].high
    assert low is not None  # noqa: S101 a number policy has bounds
    assert high is not None  # noqa: S101
    return rate_within(low, high)


def _period(value: object) -> str:
    """Read a period; a date counts as its month."""
    if isinstance(value, date):
        return str(Period.of_month(month_of(value)))
    return _reads(PAYMENTS_MADE.column("period"))(value)


def _reads(column: Any) -> Reads[str]:
    """Make what reads a cell as the reader reads this column; a blank cell is #VALUE!."""

    def read(value: object) -> str:
        try:
            found = parse(column, cell_of(value), date1904=False)
        except Fault:
            found = None
        if found is None:
            raise CellError(NOT_A_NUMBER)
        return str(found)

    return read
