"""The mutants of the core: every change of every function, class and constant of the chosen modules."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.operators import changes_of

PACKAGE = Path(__file__).resolve().parent.parent.parent / "python" / "keyaccount"
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef
_SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "type_comment", "bases", "keywords"}


@dataclass(eq=False)
class Mutant:
    """One change: where it is, what it is, and how to make it; ``label`` does not hang on line numbers."""

    module: str  # "keyaccount.money"
    function: str  # "apportion", "Period.parse"; "" a constant of the module, "Period" a default of the class
    operator: str
    before: str
    after: str
    lines: tuple[int, int]
    parent: ast.AST
    field: str
    place: int | None
    old: ast.AST
    new: ast.AST
    number: int = 0  # among those of the same name

    @property
    def label(self) -> str:
        """What it is called in the list of survivors, whatever line it stands on."""
        again = f" #{self.number + 1}" if self.number else ""
        return f"{self.function}: {self.operator}: {self.before} → {self.after}{again}".removeprefix(": ")

    def swap(self, node: ast.AST) -> None:
        """Put a node into the mutant's place of its tree."""
        ast.copy_location(node, self.old)
        if self.place is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.place] = node

    def __str__(self) -> str:
        """Say where and what it is."""
        where = f"{self.module}.{self.function}".rstrip(".")
        return f"{where}, line {self.lines[0]}: {self.operator}: {self.before}  →  {self.after}"


@dataclass(frozen=True)
class Source:
    """A module's tree and its mutants."""

    module: str
    path: Path
    tree: ast.Module
    mutants: tuple[Mutant, ...]
    spans: Mapping[str, tuple[int, int]]


def source_of(module: str) -> Source:
    """Read a module and find its mutants, in the order of its text."""
    path = PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    mutants = [*_Finder(module, tree).all()]
    seen: Counter[str] = Counter()
    for mutant in mutants:
        same = mutant.label
        mutant.number = seen[same]
        seen[same] += 1
    return Source(module, path, tree, tuple(mutants), dict(_spans(tree, "")))


def _spans(owner: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for one in owner.body:
        if isinstance(one, FUNCTION):
            yield prefix + one.name, (one.body[0].lineno, one.end_lineno or one.lineno)
        elif isinstance(one, ast.ClassDef):
            yield from _spans(one, f"{prefix}{one.name}.")


class _Finder:
    """Walks a module's tree."""

    def __init__(self, module: str, tree: ast.Module) -> None:
        self._module, self._tree = module, tree
        self._literals_used = {
            call.args[0].id
            for call in ast.walk(tree)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id == "get_args"
            and isinstance(call.args[0], ast.Name)
        }

    def all(self) -> Iterator[Mutant]:
        yield from self._body(self._tree, "")

    def _body(self, owner: ast.Module | ast.ClassDef, prefix: str) -> Iterator[Mutant]:
        for at, one in enumerate(owner.body):
            if isinstance(one, FUNCTION):
                yield from self._function(one, prefix + one.name)
            elif isinstance(one, ast.ClassDef):
                if not any(isinstance(base, ast.Name) and base.id == "Protocol" for base in one.bases):
                    yield from self._body(one, f"{prefix}{one.name}.")
            elif isinstance(one, ast.Assign | ast.AnnAssign) and self._counts(one):
                yield from self._walk(owner, "body", at, one, prefix.rstrip("."), _Around())

    def _counts(self, one: ast.Assign | ast.AnnAssign) -> bool:
        """Whether an assignment of a module or class has a value that means something when it runs."""
        target = one.targets[0] if isinstance(one, ast.Assign) else one.target
        name = target.id if isinstance(target, ast.Name) else ""
        literal = isinstance(one.value, ast.Subscript)
        return one.value is not None and (not literal or name in self._literals_used)

    def _function(self, function: FUNCTION, name: str) -> Iterator[Mutant]:
        returns = ast.unparse(function.returns) if function.returns else ""
        arguments = function.args
        known = {one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
        around = _Around(returns, known)
        for field in ("defaults", "kw_defaults"):
            for at, node in enumerate(getattr(arguments, field)):
                if node is not None:
                    yield from self._walk(arguments, field, at, node, name, around)
        for at, node in enumerate(function.body):
            yield from self._walk(function, "body", at, node, name, around)

    def _walk(
        self, parent: ast.AST, field: str, place: int | None, node: ast.AST, name: str, around: _Around
    ) -> Iterator[Mutant]:
        if isinstance(node, ast.Assert) or _is_strict(node) or _is_docstring(node) or _is_for_people(node):
            return
        inner = around.inside(node)
        changes = [*changes_of(node, around.returns, frozenset(around.known))]
        words = _words(node) if changes else ""
        for change in changes:
            lines = (_line(node, parent), _end(node, parent))
            before, after = words, _words(change.node)
            statement = around.statement or before
            if statement != before:
                before, after = f"{statement} ⟨{before}⟩", f"⟨{after}⟩"
            yield Mutant(
                self._module,
                name,
                change.operator,
                before,
                after,
                lines,
                parent,
                field,
                place,
                node,
                change.node,
            )
        for child_field, value in ast.iter_fields(node):
            if child_field in _SKIPPED_FIELDS and not isinstance(node, ast.Call):
                continue
            children = enumerate(value) if isinstance(value, list) else [(None, value)]
            for at, child in children:
                text = isinstance(node, ast.JoinedStr) and isinstance(child, ast.Constant)
                if isinstance(child, ast.AST) and not text:
                    yield from self._walk(node, child_field, at, child, name, inner)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.For | ast.AugAssign):
            around.known |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


class _Around:
    """What is known where a node stands: what its function returns, names with a value, its statement."""

    def __init__(self, returns: str = "", known: set[str] | None = None, statement: str = "") -> None:
        self.returns, self.statement = returns, statement
        self.known = set() if known is None else known

    def inside(self, node: ast.AST) -> _Around:
        if not isinstance(node, ast.stmt):
            return self
        if isinstance(node, FUNCTION):
            return _Around(ast.unparse(node.returns) if node.returns else "", self.known)
        return _Around(self.returns, self.known, _words(node))


def _words(node: ast.AST) -> str:
    """Write a node on one line; of a statement with a body its head only."""
    if isinstance(node, ast.comprehension):
        return " ".join(f"if {ast.unparse(one)}" for one in node.ifs)
    if isinstance(node, ast.keyword | ast.expr | ast.stmt | ast.Slice):
        return (
            " ".join(ast.unparse(node).split("\n")[0].split())
            if isinstance(node, ast.stmt)
            else " ".join(ast.unparse(node).split())
        )
    return type(node).__name__


def _line(node: ast.AST, parent: ast.AST) -> int:
    if isinstance(node, ast.comprehension):
        return node.target.lineno
    return int(getattr(node, "lineno", getattr(parent, "lineno", 1)))


def _end(node: ast.AST, parent: ast.AST) -> int:
    if isinstance(node, ast.comprehension):
        return int(node.ifs[-1].end_lineno or node.target.lineno)
    if isinstance(node, ast.If | ast.While):
        return int(node.test.end_lineno or node.lineno)
    return int(getattr(node, "end_lineno", getattr(parent, "end_lineno", 1)))


def _is_strict(node: ast.AST) -> bool:
    """Whether it is zip's own assertion that both are of a length."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_for_people(node: ast.AST) -> bool:
    """Whether a call marks a text that people read."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"N_", "_"}
