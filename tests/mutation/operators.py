"""What may be changed in a piece of source: the operators of mutation testing, over ``ast``.

Not changed: annotations, decorators, docstrings, assertions, and texts for people (they hold ``{names}`` or
end with a full stop).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Pow: ast.Mult,
}
NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "floor": "ceil",
    "minimum": "maximum",
    "maximum": "minimum",
    "first_day": "last_day",
    "last_day": "first_day",
    "first_month": "last_month",
    "last_month": "first_month",
    "numerator": "denominator",
    "startswith": "endswith",
    "ROUND_HALF_UP": "ROUND_HALF_EVEN",
}
NEUTRAL: dict[str, int | str] = {"int": 0, "str": "", "Decimal": 0, "Fraction": 0}
EMPTY: dict[str, ast.expr] = {
    "list": ast.List([], ast.Load()),
    "dict": ast.Dict([], []),
    "tuple": ast.Tuple([], ast.Load()),
}
IN_ORDER = {"min": 0, "max": 0, "error": 4, "warning": 4, "Refused": 0, "UsageError": 0, "FileProblem": 0}
"""How many arguments of these can change places: behind a problem's place and value are texts for people."""
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Raise, ast.Delete)


class Change(NamedTuple):
    """One change: the operator, and the node that takes the old one's place."""

    operator: str
    node: ast.AST


def changes_of(node: ast.AST, returns: str = "", known: frozenset[str] = frozenset()) -> Iterator[Change]:
    """Give the changes of one node itself; its children have their own.

    ``returns``: what the function around it returns; ``known``: names that have a value before it.
    """
    if isinstance(node, ast.Slice | ast.comprehension):
        yield from _of_part(node)
    elif isinstance(node, ast.expr):
        yield from _of_expression(node)
    elif isinstance(node, ast.stmt):
        yield from _of_statement(node, returns, known)


def _of_expression(node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Compare():
            yield from _comparison(node)
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield Change("and ↔ or", ast.BoolOp(other, node.values))
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert()):
            yield Change("sign or not removed", node.operand)
        case ast.BinOp() if (swapped := ARITHMETIC.get(type(node.op))) and not _text(node):
            yield Change("arithmetic", ast.BinOp(node.left, swapped(), node.right))
        case ast.Constant():
            yield from _constant(node)
        case ast.IfExp():
            yield from _condition(node)
        case ast.Call():
            yield from _call(node)
        case _:
            yield from _of_name_or_collection(node)


def _of_name_or_collection(node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Name(ctx=ast.Load()) if node.id in NAMES:
            yield Change("name", ast.Name(NAMES[node.id], ast.Load()))
        case ast.Attribute(ctx=ast.Load()) if node.attr in NAMES:
            yield Change("name", ast.Attribute(node.value, NAMES[node.attr], ast.Load()))
        case ast.Dict() if len(node.keys) > 1:
            for at in range(len(node.keys)):
                keys, values = [*node.keys], [*node.values]
                del keys[at], values[at]
                yield Change("entry removed", ast.Dict(keys, values))
        case ast.Set() if len(node.elts) > 1:
            for at in range(len(node.elts)):
                yield Change("element removed", ast.Set([*node.elts[:at], *node.elts[at + 1 :]]))


def _of_part(node: ast.Slice | ast.comprehension) -> Iterator[Change]:
    if isinstance(node, ast.Slice):
        if node.lower is not None:
            yield Change("slice", ast.Slice(None, node.upper, node.step))
        if node.upper is not None:
            yield Change("slice", ast.Slice(node.lower, None, node.step))
    elif node.ifs:
        for value in (True, False):
            changed = ast.comprehension(node.target, node.iter, [ast.Constant(value)], node.is_async)
            yield Change("condition always " + str(value).lower(), changed)


def _of_statement(node: ast.stmt, returns: str, known: frozenset[str]) -> Iterator[Change]:
    match node:
        case ast.Return() if node.value is not None:
            yield from _returned(node.value, returns)
        case ast.If() | ast.While():
            yield from _condition(node)
        case ast.Break():
            yield Change("break → continue", ast.Continue())
        case ast.Continue():
            yield Change("continue → break", ast.Break())
            yield Change("statement deleted", ast.Pass())
        case ast.AugAssign() if swapped := ARITHMETIC.get(type(node.op)):
            yield Change("arithmetic", ast.AugAssign(node.target, swapped(), node.value))
    if isinstance(node, _STATEMENTS) and _may_go(node, known):
        yield Change("statement deleted", ast.Pass())


def _comparison(node: ast.Compare) -> Iterator[Change]:
    for at, op in enumerate(node.ops):
        for swapped in COMPARISONS[type(op)]:
            ops = [*node.ops[:at], swapped(), *node.ops[at + 1 :]]
            yield Change("comparison", ast.Compare(node.left, ops, node.comparators))


def _constant(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield Change("constant", ast.Constant(not node.value))
    elif isinstance(node.value, int):
        yield Change("constant + 1", ast.Constant(node.value + 1))
        yield Change("constant − 1", ast.Constant(node.value - 1))
    elif isinstance(node.value, str) and not for_people(node.value):
        yield Change("constant", ast.Constant(node.value + "?"))


def for_people(text: str) -> bool:
    """Tell a text that people read from a word that the program compares."""
    return "{" in text or text.rstrip().endswith((".", "?", ",", ":")) or text.count(" ") > 3


def _text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides)


def _returned(value: ast.expr, returns: str) -> Iterator[Change]:
    """Give what a function of this type might return that does nothing."""
    if returns == "bool":
        made: list[ast.expr] = [ast.Constant(True), ast.Constant(False)]  # noqa: FBT003 the source's own
    elif returns.endswith("| None"):
        made = [ast.Constant(None)]
    elif returns in NEUTRAL:
        made = [ast.Constant(NEUTRAL[returns])]
    else:
        made = [empty for name, empty in EMPTY.items() if returns.startswith(f"{name}[")]
    for node in made:
        if ast.dump(node) != ast.dump(value):
            yield Change("return of nothing", ast.Return(node))


def _condition(node: ast.If | ast.While | ast.IfExp) -> Iterator[Change]:
    for value in (True, False):
        if isinstance(node, ast.While) and value:
            continue
        name = "condition always " + str(value).lower()
        test = ast.Constant(value)
        if isinstance(node, ast.IfExp):
            yield Change(name, ast.IfExp(test, node.body, node.orelse))
        elif isinstance(node, ast.If):
            yield Change(name, ast.If(test, node.body, node.orelse))
        else:
            yield Change(name, ast.While(test, node.body, node.orelse))


def _call(node: ast.Call) -> Iterator[Change]:
    for at in range(_in_order(node) - 1):
        first, second = node.args[at : at + 2]
        if ast.dump(first) != ast.dump(second):
            args = [*node.args[:at], second, first, *node.args[at + 2 :]]
            yield Change("arguments swapped", ast.Call(node.func, args, node.keywords))
    for at, keyword in enumerate(node.keywords):
        if keyword.arg not in {None, "strict"}:  # zip's own assertion
            left = [*node.keywords[:at], *node.keywords[at + 1 :]]
            yield Change("keyword removed", ast.Call(node.func, node.args, left))


def _in_order(node: ast.Call) -> int:
    """How many arguments of a call have an order that means something."""
    if any(isinstance(one, ast.Starred) for one in node.args):
        return 0
    return min(len(node.args), IN_ORDER.get(node.func.id, 9) if isinstance(node.func, ast.Name) else 9)


def _may_go(node: ast.stmt, known: frozenset[str]) -> bool:
    """Tell a statement whose deletion leaves a program that runs."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return False
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in known
        case ast.AnnAssign():
            return False
    return True
