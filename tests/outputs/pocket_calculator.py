"""Does the arithmetic of printed lines again, from their text alone: own parser, exact fractions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d,]*(?:\.\d+)?)(?P<percent>%?)|(?P<sign>[+−×÷();-])|(?P<name>round down|round"
    r"|max|min|四舍五入|舍去尾数|取大|取小))"
)
_EQUATION = re.compile(r"(?:^|: |：)(?P<left>[^:：]*?) = (?P<right>-?[\d,.]+%?)(?:  \[.*)?$")
_ROWS = re.compile(r"(?:sum of (\d+) rows|下列(\d+)行合计)")
_LINE = re.compile(r"^(?P<indent>(?:│  |   )*(?:[├└]─ )?)(?P<text>.*)$")
_NAMES = {"四舍五入": "round", "舍去尾数": "round down", "取大": "max", "取小": "min"}
HUNDRED = 100


def half_away(value: Fraction) -> Fraction:
    """Round to the fen, half away from zero."""
    fen = math.floor(abs(value) * HUNDRED + Fraction(1, 2))
    return Fraction(fen if value >= 0 else -fen, HUNDRED)


class Calculator:
    """A recursive descent over one expression."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str | Fraction] = []
        position = 0
        while position < len(text.rstrip()):
            found = _TOKEN.match(text, position)
            assert found, f"no arithmetic: {text[position:]!r} in {text!r}"
            if found["number"]:
                number = Fraction(found["number"].replace(",", ""))
                self.tokens.append(number / HUNDRED if found["percent"] else number)
            else:
                name = found["sign"] or found["name"]
                self.tokens.append(_NAMES.get(name, name))
            position = found.end()

    def result(self) -> Fraction:
        value = self.sum()
        assert not self.tokens, self.tokens
        return value

    def take(self, *wanted: str) -> str:
        if self.tokens and self.tokens[0] in wanted:
            return str(self.tokens.pop(0))
        return ""

    def sum(self) -> Fraction:
        value = self.product()
        while sign := self.take("+", "−"):
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Fraction:
        value = self.one()
        while sign := self.take("×", "÷"):
            other = self.one()
            value = value * other if sign == "×" else value / other
        return value

    def one(self) -> Fraction:
        if self.take("-"):
            return -self.one()
        if self.take("("):
            value = self.sum()
            assert self.take(")")
            return value
        if name := self.take("round", "round down", "max", "min"):
            return self.called(name)
        number = self.tokens.pop(0)
        assert isinstance(number, Fraction), number
        return number

    def called(self, name: str) -> Fraction:
        assert self.take("(")
        values = [self.sum()]
        while self.take(";"):
            values.append(self.sum())
        assert self.take(")")
        if name in {"max", "min"}:
            return max(values) if name == "max" else min(values)
        (value,) = values
        return half_away(value) if name == "round" else Fraction(math.floor(value * HUNDRED), HUNDRED)


@dataclass
class Line:
    """A printed line, the lines below it, and the figure at its end."""

    text: str
    below: list[Line] = field(default_factory=list)

    @property
    def figure(self) -> Fraction:
        """The number at the line's end."""
        found = re.search(r"(?:^|[:： =])(-?[\d,]+\.\d\d)(?:  \[.*)?$", self.text)
        assert found, self.text
        return Fraction(found[1].replace(",", ""))


def lines(text: str) -> list[Line]:
    """Read a printed tree back."""
    found: list[Line] = []
    stack: list[tuple[int, Line]] = []
    for printed in text.split("\n"):
        match = _LINE.match(printed)
        assert match
        line, depth = Line(match["text"]), len(match["indent"])
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found.append(line)
        if stack:
            stack[-1][1].below.append(line)
        stack.append((depth, line))
    return found


def equations(text: str) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Give each printed equation: its line, what its left side comes to, what stands on its right."""
    for line in lines(text):
        found = _EQUATION.search(line.text)
        if found is None:
            continue
        right = Calculator(found["right"]).result()
        counted = _ROWS.fullmatch(found["left"].strip())
        if counted is None:
            yield line.text, Calculator(found["left"]).result(), right
            continue
        rows = [each for each in line.below if not each.text.startswith(("note", "说明"))]
        assert len(rows) == int(counted[1] or counted[2]), line.text
        yield line.text, sum((row.figure for row in rows), Fraction(0)), right
