"""``explain``: every printed line of arithmetic is done again, and the figures are the ledger's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest

from keyaccount.book import Book, open_book
from keyaccount.outputs.explain import Explaining, Explanation, Node
from tests.outputs.pocket_calculator import equations
from tests.workbook.demo_books import demo_book, year_of_runs

pytestmark = pytest.mark.xdist_group("explain")

Language = Literal["en", "zh"]
Answer = Callable[[str], Explanation]


@pytest.fixture(scope="module", params=["en", "zh"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    language: Language = request.param
    book = tmp_path_factory.mktemp("explain") / f"demo-{language}.xlsx"
    return demo_book(book, language, year_of_runs())


@contextmanager
def asked(path: Path, language: Language | None = None) -> Iterator[tuple[Book, Answer]]:
    with open_book(path) as book:
        yield book, Explaining(book, language or book.read.language).answer


def check_arithmetic(explanation: Explanation) -> int:
    """Do every printed equation again; none of the tree's may be missing from the print."""
    done = list(equations(explanation.text(rows=True)))
    assert [line for line, left, right in done if left != right] == []
    calculated = [node for node in explanation.walk() if node.term is not None and node.term.operator]
    assert len(done) == len(calculated)
    return len(done)


def check_sums(node: Node) -> None:
    """What is added up stands below: a sum's numbers are the figures of the lines that it rests on."""
    for each in node.walk():
        figures = [child.figure for child in each.children if child.kind in {"figure", "cell", "row"}]
        if each.term is not None and each.term.operator == "rows":
            assert [term.fen for term in each.term.operands] == figures


def test_redoing_the_printed_arithmetic_gives_every_entry_of_the_demo_to_the_fen(demo: Path) -> None:
    with asked(demo) as (book, answer):
        assert len(book.ledger) > 250
        for entry in book.ledger:
            explanation = answer(str(entry.entry))
            (root,) = explanation.roots
            assert root.figure == entry.amount, entry
            assert not explanation.moved, entry
            check_arithmetic(explanation)
            check_sums(root)
