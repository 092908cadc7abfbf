"""An explanation as a tree of lines: text that a person reads, and JSON of the same nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keyaccount.money import yuan, yuan_grouped
from keyaccount.outputs.arithmetic import Term
from keyaccount.translation import Language, localised

if TYPE_CHECKING:
    from rich.tree import Tree

LONG = 160
"""Above as many lines the cells of a payment are shown without their rows, unless those are asked for."""
FEW_ROWS = 40
"""Up to as many rows of one figure are listed even then."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the workbook, by its sheet's title; ``cell`` "" means the whole sheet."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        """Write the place as Excel's name box takes it."""
        plain = self.sheet.replace("_", "").isalnum() and not self.sheet[:1].isdigit()
        title = self.sheet if plain else "'{}'".format(self.sheet.replace("'", "''"))
        return f"{title}!{self.cell}" if self.cell else self.sheet


@dataclass(frozen=True, slots=True)
class Node:
    """One line of an explanation and what it rests on.

    ``term`` is the line's arithmetic; ``amount`` (fen) its figure where nothing is calculated. ``kind``:
    ``figure``, ``cell`` (a commission cell within a payment), ``rule`` (the plan in a sentence), ``reason``
    (why a rate), ``row`` (a row of an input sheet), ``note`` (what to know beside it), ``moved`` (today's
    data give another figure).
    """

    said: str
    kind: str = "figure"
    term: Term | None = None
    amount: int | None = None
    clause: str = ""
    places: tuple[Place, ...] = ()
    children: tuple[Node, ...] = ()

    @property
    def figure(self) -> int | None:
        """The line's figure in fen, if it has one."""
        if self.term is None:
            return self.amount
        return None if self.term.is_rate else self.term.fen

    def with_more(self, *children: Node) -> Node:
        """Give the node with more lines below it."""
        return replace(self, children=(*self.children, *children))

    def line(self, language: Language) -> str:
        """Write the line without its place in the tree."""
        parts = [self.said]
        if self.term is not None:
            parts.append(self.term.equation(language))
        elif self.amount is not None:
            parts.append(yuan_grouped(self.amount))
        text = ("：" if language == "zh" else ": ").join(filter(None, parts))
        behind = [each for each in (self.clause, *map(str, self.places)) if each]
        return f"{text}  [{' · '.join(behind)}]" if behind else text

    def as_json(self, language: Language) -> dict[str, object]:
        """Give the node as JSON: amounts as text in yuan, without separators."""
        told: dict[str, object] = {"kind": self.kind, "said": self.said}
        if self.figure is not None:
            told["figure"] = yuan(self.figure)
        if self.term is not None:
            told |= {"arithmetic": self.term.equation(language), "term": self.term.as_json()}
        if self.clause:
            told["clause"] = self.clause
        if self.places:
            told["places"] = [{"sheet": place.sheet, "cell": place.cell} for place in self.places]
        if self.children:
            told["because"] = [child.as_json(language) for child in self.children]
        return told

    def walk(self) -> Iterator[Node]:
        """Give the node and everything below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was asked for, and the trees that answer it."""

    wanted: str
    language: Language
    roots: tuple[Node, ...]

    @property
    def moved(self) -> bool:
        """Whether today's data give another figure than the ledger."""
        return any(node.kind == "moved" for node in self.walk())

    def text(self, *, rows: bool | None = None) -> str:
        """Write the tree as plain text.

        ``rows``: with the sales rows, or without; ``None``: with them while the whole is not ``LONG``.
        """
        return "\n".join(line for root in self.shown(rows=rows) for line in self._lines(root))

    def shown(self, *, rows: bool | None = None) -> tuple[Node, ...]:
        """Give the trees as they are to be shown: long ones without what is below a payment's cells."""
        if rows or (rows is None and sum(1 for _ in self.walk()) <= LONG):
            return self.roots
        said = localised(
            "shown without the rows below each cell: --rows lists them, as does explaining the cell's entry",
            self.language,
        )
        return (*(self._short(root) for root in self.roots), Node(said, "rule"))

    def _short(self, node: Node) -> Node:
        """Leave out what is below cells; where a figure has many rows of its own, count them."""
        if node.kind == "cell":
            return replace(node, children=())
        found = [child for child in node.children if child.kind == "row"]
        kept = [
            self._short(child) for child in node.children if child.kind != "row" or len(found) <= FEW_ROWS
        ]
        if len(found) > FEW_ROWS:
            kept.append(Node(localised("{count} rows", self.language, count=len(found)), "row"))
        return replace(node, children=tuple(kept))

    def _lines(self, root: Node) -> Iterator[str]:
        yield root.line(self.language)
        yield from _branches(root.children, "", self.language)

    def walk(self) -> Iterable[Node]:
        """Give every node."""
        for root in self.roots:
            yield from root.walk()

    def as_json(self) -> dict[str, object]:
        """Give the object that ``--json`` prints."""
        trees = [root.as_json(self.language) for root in self.roots]
        return {"wanted": self.wanted, "moved": self.moved, "explained": trees}

    def trees(self, *, rows: bool | None = None) -> list[Tree]:
        """Give the trees for a terminal (rich): rules soft, notes to be seen."""
        return [self._tree(root) for root in self.shown(rows=rows)]

    def _tree(self, root: Node) -> Tree:
        from rich.text import Text
        from rich.tree import Tree

        styles = {
            "rule": "italic",
            "row": "dim",
            "note": "yellow",
            "moved": "bold yellow",
            "figure": "",
            "cell": "",
            "reason": "",
        }
        tree = Tree(Text(root.line(self.language), style="bold"), guide_style="dim")
        todo = [(tree, root)]
        while todo:
            branch, node = todo.pop()
            for child in node.children:
                below = branch.add(Text(child.line(self.language), style=styles[child.kind]))
                todo.append((below, child))
        return tree


def _branches(nodes: tuple[Node, ...], indent: str, language: Language) -> Iterator[str]:
    for place, node in enumerate(nodes):
        last = place == len(nodes) - 1
        yield f"{indent}{'└─' if last else '├─'} {node.line(language)}"
        yield from _branches(node.children, f"{indent}{'   ' if last else '│  '}", language)
