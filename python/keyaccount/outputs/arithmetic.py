"""Arithmetic that can be read and done again: each term knows its operands, its operator and its exact value.

A printed line is computed from the very numbers that stand in it, so that it cannot be wrong: what it comes
to is compared with the booked figure by whoever builds it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from keyaccount.money import number_text, round_fen, to_cell_precision, yuan, yuan_grouped
from keyaccount.problems import N_
from keyaccount.translation import Language, localised

_CALLED = {
    "round": N_("round({operands})"),
    "round down": N_("round down({operands})"),
    "max": N_("max({operands})"),
    "min": N_("min({operands})"),
}
FEW_TERMS = 12
"""Up to as many amounts are added up in one line; of more the line says that it is the sum of those below."""
_BETWEEN = {"×": " × ", "÷": " ÷ "}


@dataclass(frozen=True, slots=True)
class Term:
    """A number or a calculation; ``value`` is exact: yuan, or a bare number such as a rate.

    Operators: ``""`` a number as it is ``written``; ``+``, ``×``, ``÷``; ``round`` and ``round down`` to the
    fen, ``max``, ``min``; ``rows``: the sum of the rows listed below.
    """

    value: Fraction
    operator: str = ""
    operands: tuple[Term, ...] = ()
    written: str = ""

    @property
    def fen(self) -> int:
        """The value in fen; an equation's value is always whole fen, unless it is a rate."""
        return round_fen(self.value * 100)

    @property
    def is_rate(self) -> bool:
        """Whether this is a percentage, or a sum of such."""
        return self.written.endswith("%") or (self.operator == "+" and all(t.is_rate for t in self.operands))

    def text(self, language: Language) -> str:
        """Write the calculation without its result."""
        if not self.operator:
            return self.written
        if self.operator == "rows":
            return localised("sum of {count} rows", language, count=len(self.operands))
        if self.operator == "+":
            return _sum_text(self.operands, language)
        if self.operator in _BETWEEN:
            first, *others = self.operands
            texts = [_factor_text(first, language, self.operator)]
            texts += (_factor_text(each, language) for each in others)
            return _BETWEEN[self.operator].join(texts)
        inner = "; ".join(each.text(language) for each in self.operands)
        return localised(_CALLED[self.operator], language, operands=inner)

    def equation(self, language: Language) -> str:
        """Write the calculation with its result; a number that stands for itself is written once."""
        if not self.operator:
            return self.written
        result = _percent(self.value) if self.is_rate else yuan_grouped(self.fen)
        return f"{self.text(language)} = {result}"

    def as_json(self) -> object:
        """Give operator, operands and, in yuan, the result; a number as text without separators."""
        if not self.operator:
            return self.written.replace(",", "")
        operands = [each.as_json() for each in self.operands]
        return {"operator": self.operator, "operands": operands, "result": self._result()}

    def _result(self) -> str:
        exact = self.value * 100
        if exact.denominator == 1:
            return yuan(exact.numerator)
        return f"{exact.numerator}/{exact.denominator * 100}"


def _sum_text(operands: tuple[Term, ...], language: Language) -> str:
    text = operands[0].text(language)
    for each in operands[1:]:
        negative = each.written.startswith("-")
        text += f" − {each.written[1:]}" if negative else f" + {each.text(language)}"
    return text


def _factor_text(term: Term, language: Language, before: str = "") -> str:
    """Write a factor; ``before``: the operator behind it, which a product needs no brackets for."""
    text = term.text(language)
    return f"({text})" if term.operator in {"+", "×", "÷"} - ({"×"} if before else set()) else text


def amount(fen: int) -> Term:
    """Give an amount in fen."""
    return Term(Fraction(fen, 100), written=yuan_grouped(fen))


def percent(rate: Decimal) -> Term:
    """Give a rate, written as a percentage."""
    return Term(Fraction(rate), written=percent_text(rate))


def _percent(rate: Fraction) -> str:
    """Write the sum of rates, which ends like a decimal."""
    return percent_text(Decimal(rate.numerator) / Decimal(rate.denominator))


def percent_text(rate: Decimal) -> str:
    """Write a rate as a percentage: ``1.5%``."""
    return f"{number_text(rate * 100)}%"


def number(value: Decimal | int) -> Term:
    """Give a bare number: a coefficient, a count."""
    return Term(Fraction(value), written=number_text(Decimal(value)))


def plus(*terms: Term) -> Term:
    """Add up; one term stays as it is."""
    if len(terms) == 1:
        return terms[0]
    return Term(sum((each.value for each in terms), Fraction(0)), "+", terms)


def minus(term: Term, fen: int) -> Term:
    """Take an amount off."""
    return Term(term.value - Fraction(fen, 100), "+", (term, amount(-fen) if fen > 0 else _minus_of(fen)))


def _minus_of(fen: int) -> Term:
    """Write ``− 0.00`` and ``− (-5.00)``: the plan's formula says minus."""
    shown = "0.00" if fen == 0 else f"({yuan_grouped(fen)})"
    return Term(Fraction(-fen, 100), written=f"-{shown}")


def product(*terms: Term) -> Term:
    """Multiply."""
    return Term(math.prod((each.value for each in terms), start=Fraction(1)), "×", terms)


def quotient(term: Term, divisor: Term) -> Term:
    """Divide."""
    return Term(term.value / divisor.value, "÷", (term, divisor))


def rounded(term: Term) -> Term:
    """Round half away from zero to the fen, the plan's ``round``."""
    return Term(Fraction(round_fen(term.value * 100), 100), "round", (term,))


def rounded_down(term: Term) -> Term:
    """Round down to the fen."""
    return Term(Fraction(math.floor(term.value * 100), 100), "round down", (term,))


def larger(fen: int, term: Term) -> Term:
    """Give the larger of an amount and a term."""
    return Term(max(Fraction(fen, 100), term.value), "max", (amount(fen), term))


def smaller(fen: int, term: Term) -> Term:
    """Give the smaller of an amount and a term."""
    return Term(min(Fraction(fen, 100), term.value), "min", (amount(fen), term))


def total(amounts: Iterable[int]) -> Term:
    """Add up the lines below: in the line itself where they are few."""
    terms = [amount(each) for each in amounts]
    if len(terms) > FEW_TERMS:
        return rows(each.fen for each in terms)
    return plus(*terms) if terms else amount(0)


def rows(amounts: Iterable[int]) -> Term:
    """Add up the rows listed below."""
    terms = tuple(map(amount, amounts))
    return Term(sum((each.value for each in terms), Fraction(0)), "rows", terms)


def rate_of(text: str) -> Decimal:
    """Read a rate as a cell holds it, to a cell's 15 significant digits."""
    return to_cell_precision(Decimal(text))
